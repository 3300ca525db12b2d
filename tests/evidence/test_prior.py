"""The price of a click as evidence of its worth: used where it tells, switched off where it does not."""

from __future__ import annotations

import numpy as np
import pytest

from ppc_tuner.evidence.prior import LEANS, chosen_lean, priced_rate, relative_price
from ppc_tuner.evidence.rates import hierarchical_rate

TYPICAL = 0.02


def account(seed, lean, size=400):
    """Words whose rate follows their price to the power of `lean`, times what is their own."""
    random = np.random.default_rng(seed)
    price = random.lognormal(0, 0.6, size)
    price /= np.exp(np.log(price).mean())
    truth = 0.03 * price**lean * random.gamma(6, 1 / 6, size)
    exposure = 200 * random.lognormal(-0.5, 1, size)
    return truth, random.poisson(truth * exposure).astype(float), exposure, price


@pytest.mark.parametrize("seed", range(4))
def test_the_lean_is_found(seed):
    _, events, exposure, price = account(seed, 1.0)
    assert chosen_lean(events, exposure, price, [], TYPICAL) >= 0.75
    _, events, exposure, price = account(seed, 0.0)
    assert chosen_lean(events, exposure, price, [], TYPICAL) == 0.0


def test_a_price_that_tells_nothing_changes_nothing():
    _, events, exposure, price = account(1, 0.0)
    plain = hierarchical_rate(events, exposure, [], TYPICAL)
    priced, lean = priced_rate(events, exposure, price, [], TYPICAL)
    assert lean == 0.0
    assert priced.mean == pytest.approx(plain.mean)


def test_intervals_hold_what_they_promise_and_estimates_are_nearer():
    inside, plain_error, priced_error = [], 0.0, 0.0
    for seed in range(8):
        truth, events, exposure, price = account(seed, 0.8)
        rate, _ = priced_rate(events, exposure, price, [], TYPICAL)
        inside.append((truth > rate.quantile(0.1)) & (truth < rate.quantile(0.9)))
        priced_error += np.abs(np.log(rate.mean / truth)).mean()
        plain_error += np.abs(np.log(hierarchical_rate(events, exposure, [], TYPICAL).mean / truth)).mean()
    # 3,200 words: three standard deviations are .021, .015 more for what is fitted once for all.
    assert np.concatenate(inside).mean() == pytest.approx(0.8, abs=0.036)
    assert priced_error < 0.95 * plain_error


def test_before_it_has_sold_a_word_is_worth_what_its_price_says():
    _, events, exposure, price = account(2, 1.0)
    events, exposure = np.append(events, [0, 0]), np.append(exposure, [0, 0])
    rate, lean = priced_rate(events, exposure, np.append(price, [1.0, 3.0]), [], TYPICAL)
    assert rate.mean[-1] / rate.mean[-2] == pytest.approx(3**lean)
    assert rate.chance_above_peer()[-2:] == pytest.approx([0.5, 0.5], abs=1e-9)


@pytest.mark.parametrize(
    ("events", "exposure", "price"),
    [
        ([0, 0], [10, 10], [1, 2]),
        ([3], [100], [1]),
        ([], [], []),
        ([1, 2], [50, 60], [1, 1]),
        ([0, 0], [0, 0], [1, 2]),
    ],
)
def test_too_little_to_tell_leaves_price_out(events, exposure, price):
    given = (np.array(figures, float) for figures in (events, exposure, price))
    rate, lean = priced_rate(*given, [], TYPICAL)
    assert lean == 0.0
    assert np.isfinite(rate.mean).all()


def test_the_price_is_the_bid_else_the_click_cost_each_over_its_own_mean():
    bid, cpc = np.array([1.0, 4.0, np.nan, np.nan]), np.array([1.0, 1.0, 2.0, np.nan])
    # Geometric means: of bids 2, of CPCs 2^(1/3).
    assert relative_price(bid, cpc) == pytest.approx([0.5, 2.0, 2 / 2 ** (1 / 3), 1.0])
    assert relative_price(np.full(2, np.nan), np.full(2, np.nan)).tolist() == [1.0, 1.0]
    assert LEANS[0] == 0.0
