"""What is known of a word before it has sold: used where it predicts better, left out where it does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.evidence.features import cross_fitted_factor
from ppc_tuner.evidence.prior import informed_rate, relative_price
from ppc_tuner.evidence.rates import Rate, hierarchical_rate

TYPICAL = 0.02


def rows_of(exposure, **given):
    figures = {"clicks": exposure, "impressions": np.asarray(exposure) * 20.0}
    keyword = [f"w{number}" for number in range(len(exposure))]
    return pd.DataFrame({"keyword": pd.Series(keyword, dtype="str"), **figures, **given})


def exactly(price):
    """The price of a click, known beyond doubt."""
    sure = np.full(len(price), 1e9)
    return Rate(sure, sure / price, sure, sure / price)


def account(seed, lean, size=400):
    """Words whose rate follows their price to the power of `lean`, times what is their own."""
    random = np.random.default_rng(seed)
    price = random.lognormal(0, 0.6, size)
    price /= np.exp(np.log(price).mean())
    truth = 0.03 * price**lean * random.gamma(6, 1 / 6, size)
    exposure = 200 * random.lognormal(-0.5, 1, size)
    return truth, random.poisson(truth * exposure).astype(float), exposure, price


def informed(events, exposure, price, **given):
    return informed_rate(events, exposure, exactly(price), rows_of(exposure, **given), [], TYPICAL)


def slope(prior_mean, price):
    return np.polyfit(np.log(price), np.log(prior_mean), 1)[0]


@pytest.mark.parametrize("seed", range(4))
def test_price_is_used_as_far_as_it_tells(seed):
    _, events, exposure, price = account(seed, 1.0)
    known = informed(events, exposure, price)
    assert known.source in ("price", "features")
    assert known.gain > 0
    assert slope(known.rate.prior_mean, price) == pytest.approx(1.0, abs=0.35)


def test_what_tells_nothing_changes_nothing():
    _, events, exposure, price = account(1, 0.0)
    known = informed(events, exposure, price)
    assert (known.source, known.lean, known.gain) == ("none", 0.0, 0.0)
    assert known.rate.mean == pytest.approx(hierarchical_rate(events, exposure, [], TYPICAL).mean)


def test_intervals_hold_what_they_promise_and_estimates_are_nearer():
    inside, plain_error, informed_error = [], 0.0, 0.0
    for seed in range(8):
        truth, events, exposure, price = account(seed, 0.8)
        rate = informed(events, exposure, price).rate
        inside.append((truth > rate.quantile(0.1)) & (truth < rate.quantile(0.9)))
        informed_error += np.abs(np.log(rate.mean / truth)).mean()
        plain_error += np.abs(np.log(hierarchical_rate(events, exposure, [], TYPICAL).mean / truth)).mean()
    # 3,200 words: three standard deviations are .021, .015 more for what is fitted once for all.
    assert np.concatenate(inside).mean() == pytest.approx(0.8, abs=0.036)
    assert informed_error < 0.95 * plain_error


def test_carts_foretell_orders():
    random = np.random.default_rng(5)
    truth, events, exposure, price = account(5, 0.0)
    carts = random.poisson(exposure * truth * 3.0).astype(float)
    known = informed(events, exposure, price, add_to_carts=carts)
    assert known.source == "features"
    plain = hierarchical_rate(events, exposure, [], TYPICAL)
    error, before = (np.abs(np.log(rate.mean / truth)).mean() for rate in (known.rate, plain))
    assert error < 0.95 * before


def test_words_in_the_text_tell():
    random = np.random.default_rng(6)
    size = 600
    good = np.arange(size) % 3 == 0
    keyword = pd.Series(
        [f"{'羽绒服加厚' if hit else '羽绒服'}{number}" for number, hit in enumerate(good)], dtype="str"
    )
    exposure = np.full(size, 60.0)
    events = random.poisson(exposure * np.where(good, 0.08, 0.02)).astype(float)
    rows = rows_of(exposure).assign(keyword=keyword)
    known = informed_rate(events, exposure, exactly(np.ones(size)), rows, [], TYPICAL)
    assert known.source == "features"
    prior = known.rate.prior_mean
    assert prior[good].mean() > 2 * prior[~good].mean()


def test_the_factor_of_a_word_does_not_know_its_own_orders():
    _, events, exposure, price = account(3, 1.0)
    rows = rows_of(exposure)
    before, _ = cross_fitted_factor(rows, events, exposure, exactly(price), [])
    changed = events.copy()
    changed[7] += 50
    after, _ = cross_fitted_factor(rows, changed, exposure, exactly(price), [])
    assert after[7] == pytest.approx(before[7])
    assert not np.allclose(after, before)


def test_before_it_has_sold_a_word_scores_one_half():
    _, events, exposure, price = account(2, 1.0)
    events, exposure = np.append(events, [0, 0]), np.append(exposure, [0, 0])
    rate = informed(events, exposure, np.append(price, [1.0, 3.0])).rate
    assert rate.mean[-1] > 2 * rate.mean[-2]
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
def test_too_little_to_tell_leaves_the_groups_alone(events, exposure, price):
    known = informed(*(np.array(figures, float) for figures in (events, exposure, price)))
    assert known.source == "none"
    assert np.isfinite(known.rate.mean).all()


def test_the_price_is_the_click_cost_over_its_geometric_mean():
    price = np.array([1.0, 1.0, 8.0, np.nan])
    assert relative_price(price, np.arange(3)) == pytest.approx([0.5, 0.5, 4.0, 1.0])
    # A word without a click has no say in what is usual.
    assert relative_price(price, np.arange(2)) == pytest.approx([1.0, 1.0, 8.0, 1.0])
    assert relative_price(np.full(2, np.nan), np.arange(0)).tolist() == [1.0, 1.0]
