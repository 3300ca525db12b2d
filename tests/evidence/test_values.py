"""Average amounts (order value, CPC) from sums and counts."""

from __future__ import annotations

import numpy as np
import pytest

from ppc_tuner.evidence.values import hierarchical_average, within_variance


def average_of(amount, count, levels=()):
    return hierarchical_average(
        np.array(amount, float), np.array(count, float), [np.array(c) for c in levels]
    )


def simulated(seed, group_sizes, between, within, orders=3.0):
    """Words whose averages scatter by `between` (about their group's, likewise), amounts by `within`."""
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(group_sizes)), group_sizes)
    of_groups = 1 + (between * random.normal(size=len(group_sizes)) if len(group_sizes) > 1 else np.zeros(1))
    truth = 200 * of_groups[group] * (1 + between * random.normal(size=len(group)))
    count = random.poisson(orders, len(group)).astype(float)
    noise = 1 + within * random.normal(size=len(group)) / np.sqrt(np.maximum(count, 1))
    return truth, truth * count * noise, count, group


def test_no_count_gets_the_mean_of_its_peers():
    seen = average_of([0, 300, 500], [0, 3, 5])
    assert seen.mean[0] == pytest.approx(100.0, rel=0.01)
    assert (seen.shape[0], seen.per_unit[0]) == (seen.prior_shape[0], seen.prior_per_unit[0])


def test_few_orders_are_drawn_to_the_mean_more_than_many():
    amount, count = [150, 150 * 200, *[100 * 50] * 30], [1, 200, *[50] * 30]
    one, many = average_of(amount, count).mean[:2]
    assert 100 < one < many < 150
    assert many > 140


def test_the_spread_of_single_amounts_is_recovered():
    _, amount, count, _ = simulated(1, [8000], 0.25, 0.4, orders=4)
    # Noise was relative to each word's own average, hence a little more than .4 relative to the common one.
    assert np.sqrt(within_variance(amount, count, 200.0)) == pytest.approx(0.41, rel=0.1)


def test_money_in_another_currency_unit_changes_nothing_else():
    _, amount, count, group = simulated(2, [5] * 8, 0.2, 0.5)
    yuan = hierarchical_average(amount, count, [group])
    cents = hierarchical_average(amount * 100, count, [group])
    assert cents.mean == pytest.approx(yuan.mean * 100, rel=1e-6)
    assert cents.shape == pytest.approx(yuan.shape, rel=1e-6)


def test_all_is_empty_where_nothing_was_counted():
    assert np.isnan(average_of([0, 0], [0, 0]).mean).all()
    assert np.isnan(average_of([np.nan], [5]).mean).all()
    assert len(average_of([], []).mean) == 0


def test_one_row():
    seen = average_of([900], [4], [[0]])
    assert seen.mean[0] == pytest.approx(225.0, rel=0.01)
    assert seen.quantile(0.1)[0] < 200 < 250 < seen.quantile(0.9)[0]


@pytest.mark.parametrize(
    "group_sizes",
    [
        pytest.param([400], id="one flat account"),
        pytest.param([10] * 40, id="forty groups of ten"),
        pytest.param([2] * 200, id="pairs"),
        pytest.param([1] * 300 + [10] * 10, id="mostly one word a group"),
    ],
)
def test_intervals_hold_what_they_promise(group_sizes):
    inside = []
    for seed in range(20):
        truth, amount, count, group = simulated(seed, group_sizes, 0.2, 0.5)
        seen = hierarchical_average(amount, count, [group] if len(group_sizes) > 1 else [])
        inside.append((truth > seen.quantile(0.1)) & (truth < seen.quantile(0.9)))
    # The spreads are fitted once a run, so coverage scatters by .06 from run to run; over 20 runs by .014.
    assert np.concatenate(inside).mean() == pytest.approx(0.8, abs=0.045)
