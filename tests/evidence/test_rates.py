"""Hierarchical Gamma-Poisson rates: closed forms, no data, and whether intervals hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ppc_tuner.evidence.rates import Rate, fitted_shape, gamma_quantile, hierarchical_rate, usual_rate

TYPICAL = 0.02


def rate_of(events, exposure, levels=()):
    return hierarchical_rate(
        np.array(events, float), np.array(exposure, float), [np.array(c) for c in levels], TYPICAL
    )


def simulated(seed, group_sizes, group_shape, word_shape, mean_exposure, rate=0.03):
    """Words drawn from the model itself: rates of groups, of words in them, orders; shape None: alike."""
    random = np.random.default_rng(seed)
    group = np.repeat(np.arange(len(group_sizes)), group_sizes)
    of_groups = (
        random.gamma(group_shape, 1 / group_shape, len(group_sizes))
        if group_shape
        else np.ones(len(group_sizes))
    )
    of_words = random.gamma(word_shape, 1 / word_shape, len(group)) if word_shape else np.ones(len(group))
    truth = rate * of_groups[group] * of_words
    exposure = mean_exposure * random.lognormal(-0.5, 1, len(group))
    return truth, random.poisson(truth * exposure).astype(float), exposure, group


class TestClosedForm:
    def test_a_posterior_is_the_prior_plus_what_was_seen(self):
        events, exposure = np.array([0, 3, 12, 1]), np.array([50, 100, 150, 0.5])
        seen = rate_of(events, exposure)
        prior = stats.gamma(seen.prior_shape, scale=1 / seen.prior_per_unit)
        posterior = stats.gamma(seen.prior_shape + events, scale=1 / (seen.prior_per_unit + exposure))
        assert seen.mean == pytest.approx(posterior.mean())
        assert seen.prior_mean == pytest.approx(prior.mean())
        for share in (0.05, 0.5, 0.9):
            assert seen.quantile(share) == pytest.approx(posterior.ppf(share))
        assert seen.chance_above(0.04) == pytest.approx(posterior.sf(0.04))

    def test_chance_above_a_peer_agrees_with_drawing_both(self):
        rate = Rate(*(np.array([figure]) for figure in (7.0, 150.0, 2.0, 60.0)))
        random = np.random.default_rng(2)
        own, peer = random.gamma(7, 1 / 150, 400_000), random.gamma(2, 1 / 60, 400_000)
        assert rate.chance_above_peer()[0] == pytest.approx((own > peer).mean(), abs=0.003)

    def test_a_large_account_starts_from_its_own_mean(self):
        random = np.random.default_rng(3)
        exposure = np.full(500, 200.0)
        events = random.poisson(0.05 * exposure)
        seen = rate_of(events, exposure)
        assert seen.prior_mean == pytest.approx(np.full(500, events.sum() / exposure.sum()), rel=0.02)


class TestStrength:
    @pytest.mark.parametrize("true", [0.7, 3.0, 20.0])
    def test_it_is_recovered(self, true):
        random = np.random.default_rng(4)
        mean, exposure = np.full(4000, 0.03), np.full(4000, 1000.0)
        events = random.poisson(random.gamma(true, 0.03 / true, 4000) * exposure).astype(float)
        assert fitted_shape(events, exposure, mean, np.zeros(4000)) == pytest.approx(true, rel=0.12)

    def test_words_that_do_not_differ_are_pooled_hard(self):
        random = np.random.default_rng(5)
        mean, exposure = np.full(4000, 0.03), np.full(4000, 1000.0)
        events = random.poisson(mean * exposure).astype(float)
        assert fitted_shape(events, exposure, mean, np.zeros(4000)) > 200


class TestWhatDataSays:
    def test_no_data_scores_one_half(self):
        seen = rate_of([0, 5, 9, 0], [0, 100, 100, 0], [[0, 0, 1, 1]])
        assert seen.chance_above_peer()[[0, 3]] == pytest.approx([0.5, 0.5], abs=1e-9)

    def test_more_events_say_more_and_more_empty_clicks_say_less(self):
        events = rate_of([0, 1, 2, 5, 10], [100] * 5)
        assert np.all(np.diff(events.mean) > 0)
        assert np.all(np.diff(events.chance_above_peer()) > 0)
        empty = rate_of([0, 0, 0, 0, 20], [1, 10, 100, 1000, 1000])
        assert np.all(np.diff(empty.mean[:4]) < 0)
        assert np.all(np.diff(empty.chance_above_peer()[:4]) < 0)

    def test_one_lucky_click_is_not_a_hundred_percent(self):
        seen = rate_of([1, *[2] * 50], [1, *[100] * 50])
        assert seen.mean[0] < 0.05
        assert seen.chance_above_peer()[0] < 0.9

    def test_a_word_is_drawn_to_its_own_group(self):
        events, exposure = [0, *[10] * 20, *[1] * 20], [0, *[100] * 20, *[100] * 20]
        good = rate_of(events, exposure, [[0] + [0] * 20 + [1] * 20]).mean[0]
        bad = rate_of(events, exposure, [[1] + [0] * 20 + [1] * 20]).mean[0]
        assert good == pytest.approx(0.1, rel=0.15)
        assert bad == pytest.approx(0.01, rel=0.6)

    def test_one_giant_does_not_speak_for_its_group(self):
        # Words differ (1 % to 6 %); group 0 holds a giant at 15 % and a newcomer without data.
        usual = [(rate * 1000, 1000) for rate in (0.01, 0.02, 0.03, 0.045, 0.06)]
        words = [(0, 0), (15_000, 100_000), *usual, *usual * 9]
        group = [0, 0, *[0] * 5, *np.repeat(np.arange(1, 10), 5)]
        newcomer = rate_of([events for events, _ in words], [seen for _, seen in words], [group]).mean[0]
        # One word among six: nearer to the mean of words, .0525, than to the mean of clicks, .144.
        assert 0.03 < newcomer < 0.07

    def test_order_of_rows_does_not_matter(self):
        _, events, exposure, group = simulated(6, [5] * 10, 3, 3, 100)
        turned = np.random.default_rng(0).permutation(50)
        straight = hierarchical_rate(events, exposure, [group], TYPICAL)
        other = hierarchical_rate(events[turned], exposure[turned], [group[turned]], TYPICAL)
        assert other.mean == pytest.approx(straight.mean[turned], rel=1e-6)


class TestOddAccounts:
    def test_nothing_ever_happened(self):
        seen = rate_of([0, 0, 0], [10, 200, 0])
        assert np.all((seen.mean > 0) & (seen.mean < TYPICAL * 1.01))
        assert seen.mean[1] < seen.mean[0] < seen.mean[2]

    def test_nothing_at_all(self):
        assert rate_of([0], [0]).mean == pytest.approx([TYPICAL])

    @pytest.mark.parametrize(("events", "exposure"), [([3], [100]), ([150], [100]), ([2.5], [90.5])])
    def test_one_word(self, events, exposure):
        seen = rate_of(events, exposure, [[0]])
        assert np.isfinite(seen.mean).all()
        assert seen.quantile(0.05)[0] < events[0] / exposure[0] < seen.quantile(0.95)[0]

    def test_more_orders_than_clicks(self):
        seen = rate_of([30, 1, 2], [10, 100, 100])
        assert seen.mean[0] > 1

    def test_no_rows(self):
        assert len(hierarchical_rate(np.array([]), np.array([]), [], TYPICAL).mean) == 0

    def test_unknown_figures_are_no_data(self):
        assert rate_of([np.nan, 5], [np.nan, 100]).chance_above_peer()[0] == pytest.approx(0.5, abs=1e-9)


# Coverage over n words scatters by √(share (1 − share) / n), three of which are allowed; fitted strengths are
# shared by all words of one run, for which .015 more is allowed.
@pytest.mark.parametrize(
    ("group_sizes", "group_shape", "word_shape", "mean_exposure"),
    [
        pytest.param([400], None, 3, 80, id="one flat account"),
        pytest.param([80] * 5, 2, 3, 80, id="few large groups"),
        pytest.param([10] * 40, 4, 4, 160, id="forty groups of ten"),
        pytest.param([2] * 200, 2, 2, 160, id="pairs"),
        pytest.param([1] * 300 + [10] * 10, 2, 2, 300, id="mostly one word a group"),
        pytest.param([1] * 300 + [10] * 10, 2, 2, 30, id="mostly one word a group, few orders"),
    ],
)
def test_intervals_hold_what_they_promise(group_sizes, group_shape, word_shape, mean_exposure):
    inside = {0.8: [], 0.9: []}
    for seed in range(10):
        truth, events, exposure, group = simulated(seed, group_sizes, group_shape, word_shape, mean_exposure)
        levels = [group] if len(group_sizes) > 1 else []
        rate = hierarchical_rate(events, exposure, levels, TYPICAL)
        for share, hits in inside.items():
            low, high = rate.quantile((1 - share) / 2), rate.quantile((1 + share) / 2)
            hits.append((truth > low) & (truth < high))
    for share, hits in inside.items():
        covered = np.concatenate(hits)
        allowed = 3 * np.sqrt(share * (1 - share) / len(covered)) + 0.015
        assert covered.mean() == pytest.approx(share, abs=allowed)


def test_words_of_large_groups_beside_many_small_ones_are_not_promised_too_much():
    inside = []
    for seed in range(10):
        truth, events, exposure, group = simulated(seed, [1] * 300 + [10] * 10, 2, 2, 300)
        rate = hierarchical_rate(events, exposure, [group], TYPICAL)
        inside.append(((truth > rate.quantile(0.1)) & (truth < rate.quantile(0.9)))[group >= 300])
    # 1,000 words: three standard deviations are .038; sharing a group's rate makes some 200 independent ones.
    assert np.concatenate(inside).mean() == pytest.approx(0.8, abs=0.06)


def test_quantiles_of_many_rows_are_read_off_a_table():
    shape = np.exp(np.random.default_rng(0).uniform(np.log(0.05), np.log(1e4), 50_000))
    for share in (0.05, 0.1, 0.9, 0.95):
        assert gamma_quantile(shape, share) == pytest.approx(stats.gamma.ppf(share, shape), rel=1e-4)
    odd = np.array([1.0, np.nan, 4.0])
    assert gamma_quantile(odd, 0.5)[[0, 2]] == pytest.approx(stats.gamma.ppf(0.5, [1.0, 4.0]))


def test_a_rows_doubt_and_drift_loosen_its_prior():
    events, exposure = np.array([0.0, 5.0] * 200), np.full(400, 100.0)
    plain = hierarchical_rate(events, exposure, [], 0.02)
    drifted = hierarchical_rate(events, exposure, [], 0.02, drift=0.25)
    # Variances add: 1 / shape of the prior grows by the drift, and one's own orders count for more.
    assert 1 / drifted.prior_shape == pytest.approx(1 / plain.prior_shape + 0.25, rel=1e-3)
    assert drifted.mean[0] < plain.mean[0] < plain.mean[1] < drifted.mean[1]


def test_rare_words_may_differ_more_than_common_ones():
    random = np.random.default_rng(8)
    common = np.repeat([True, False], 600)
    exposure = np.where(common, 4000.0, 60.0)
    truth = 0.03 * np.where(common, random.gamma(50, 1 / 50, 1200), random.gamma(1.5, 1 / 1.5, 1200))
    rate = hierarchical_rate(random.poisson(truth * exposure).astype(float), exposure, [], 0.02)
    assert np.median(rate.prior_shape[common]) == pytest.approx(50, rel=0.5)
    assert np.median(rate.prior_shape[~common]) == pytest.approx(1.5, rel=0.5)
    inside = (truth > rate.quantile(0.1)) & (truth < rate.quantile(0.9))
    assert inside[common].mean() == pytest.approx(0.8, abs=0.06)
    assert inside[~common].mean() == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(
    ("events", "usual"),
    # With one event a third of the way, in logs, from .02 to 1 / 20; from three on the account's own.
    [(0.0, 0.02), (1.0, 0.02 ** (2 / 3) * 0.05 ** (1 / 3)), (3.0, 0.15), (5.0, 0.25)],
)
def test_what_is_usual_in_an_account_comes_to_be_its_own_rate(events, usual):
    assert usual_rate(events, 20.0, 0.02) == pytest.approx(usual)


def test_a_tiny_account_s_estimates_sum_to_its_orders():
    events, exposure = np.array([3.0, 1, 0, 1, 0, 0]), np.array([12.0, 2, 1, 2, 2, 1])
    rate = hierarchical_rate(events, exposure, [], 0.02)
    assert 0.9 < (exposure * rate.mean).sum() / events.sum() < 1.1
