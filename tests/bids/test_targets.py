"""The bid worth paying, how sure that is, and what the evidence alone proposes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppc_tuner.bids import propose
from ppc_tuner.columns import TARGETS

FLOOR = 0.05
# Clicks ~ bid^ε; with bid 2 and CPC 1 the next click costs 2 / .7, so cost ~ bid^(ε × 2 / .7).
EPSILON = 0.5
TOTAL = EPSILON * 2 / 0.7


@pytest.fixture
def targets(weighed, account_of, settings):
    """What evidence proposes, the price of the next click taken as exact so that a hand can follow."""
    exact = replace(settings, bid_doubt=0.0, cpc_doubt=0.0, cpc_per_bid=0.5, max_step=0.3)

    def run(*given, floor=FLOOR, **changed):
        rows, chosen = weighed(*given), replace(exact, **changed)
        return propose(rows, account_of(rows, chosen, floor), chosen)

    return run


class TestTarget:
    def test_the_bid_follows_value_times_one_minus_shade(self, targets):
        row = targets({"bid": 2.0, "value_per_click": 3.0}).iloc[0]
        assert row["target_bid"] == pytest.approx(3.0 * 0.7)
        assert row["next_click_cost"] == pytest.approx(2.0 / 0.7)
        assert row["target_change"] == pytest.approx(2.1 / 2 - 1)
        assert row["bid_basis"] == "given"
        assert np.isnan(row["cpc_target"])

    def test_without_a_bid_the_click_cost_stands_in_and_no_bid_is_named(self, targets):
        row = targets({"bid": np.nan, "cpc_raw": 1.1, "cpc": 1.0}).iloc[0]
        # The next click costs 1 / (.5 × .7) = 2.857, a click is worth 3: 5 % more.
        assert row["bid_basis"] == "cpc"
        assert row["target_change"] == pytest.approx(0.05)
        assert (row["cpc_now"], row["cpc_target"]) == (1.1, pytest.approx(1.1 * 1.05))
        assert np.isnan(row["target_bid"])

    def test_neither_bid_nor_click_proposes_nothing(self, targets):
        row = targets({"bid": np.nan, "clicks": 0.0, "cpc_raw": np.nan}).iloc[0]
        assert (row["bid_basis"], row["proposal"]) == ("none", "none")
        assert np.isnan(row["target_change"])

    def test_objectives_of_a_ratio(self, targets):
        cpa = targets({}, objective="target_cpa", target_cpa=30.0).iloc[0]
        assert (cpa["worth"], cpa["price_now"], cpa["target_bid"]) == pytest.approx((1.5, 1.0, 3.0))
        roas = targets({}, objective="target_roas", target_roas=4.0).iloc[0]
        assert (roas["worth"], roas["target_bid"]) == pytest.approx((2.0, 4.0))
        even = targets({}, objective="target_roas", target_roas=None).iloc[0]
        assert even["worth"] == pytest.approx(3.0)

    def test_no_columns_but_those_promised_and_those_of_a_budget_only_with_one(self, targets):
        of_a_budget = {"budget_limited", "budget_multiplier", "budget_cut"}
        of_terms = {
            "own_keyword", "keyword_change", "blocked_by", "p_earns", "start_bid", "start_change",
            "add_place", "block_places",
        }  # fmt: skip
        assert set(targets({})) == set(TARGETS) - of_a_budget - of_terms

    def test_the_conversion_rates_at_which_a_click_is_worth_its_price(self, targets):
        # At 5 % a click is worth 3.00; the next one costs 2 / .7, a fifth of that at the lowest bid.
        row = targets({}, min_bid_share=0.2, min_weekly_clicks=1).iloc[0]
        assert row["cvr_even"] == pytest.approx(0.05 * 2 / 0.7 / 3)
        assert row["cvr_lowest"] == pytest.approx(0.2 * row["cvr_even"])

    @pytest.mark.filterwarnings("ignore::RuntimeWarning")
    def test_no_conversion_rate_makes_up_for_a_click_without_worth_or_price(self, targets):
        rows = targets({"value_per_click": 0.0}, {"bid": np.nan, "clicks": 0.0, "cpc_raw": np.nan})
        assert rows["cvr_even"].isna().all()


class TestChances:
    @pytest.mark.parametrize("value", [0.5, 2.0, 3.0, 9.0])
    def test_they_are_the_tails_of_the_value(self, targets, value):
        row = targets({"value_per_click": value}).iloc[0]
        worth = stats.gamma(20, scale=value / 20)
        price = 2.0 / 0.7
        # Never 0 and never 1, however far the tail.
        assert row["p_raise"] == pytest.approx(np.clip(worth.sf(price), 0.001, 0.999))
        assert row["p_raise"] + row["p_lower"] == pytest.approx(1.0)
        assert row["p_in_band"] == pytest.approx(worth.cdf(price * 1.1) - worth.cdf(price / 1.1))

    def test_doubt_of_the_price_makes_less_sure(self, targets):
        sure, unsure = (targets({"value_per_click": 1.5}, bid_doubt=doubt).iloc[0] for doubt in (0.0, 0.4))
        assert 0.5 < unsure["p_lower"] < sure["p_lower"]
        assert unsure["step_down"] >= sure["step_down"]

    def test_not_worth_running_is_judged_at_the_lowest_bid_worth_running(self, targets):
        # Lowest: .2 of today's bid (settings), far above the floor and above the bid for one click a week.
        row = targets(
            {"value_per_click": 0.5, "value_shape": 4.0}, min_bid_share=0.2, min_weekly_clicks=1
        ).iloc[0]
        assert row["p_not_worth"] == pytest.approx(stats.gamma(4, scale=0.5 / 4).cdf(0.2 * 2.0 / 0.7))

    def test_a_floor_near_the_bid_makes_the_word_less_worth_running(self, targets):
        low, high = (
            targets({"value_per_click": 1.0}, floor=floor).iloc[0]["p_not_worth"] for floor in (0.05, 1.6)
        )
        assert high > low
        assert high == pytest.approx(min(stats.gamma(20, scale=1 / 20).cdf(1.6 / 0.7), 0.999))

    def test_a_rare_word_is_not_bad_for_being_rare(self, targets):
        rare, busy = (
            targets({"weekly_clicks": clicks, "weekly_cost": clicks, "value_per_click": 2.5}).iloc[0][
                "p_not_worth"
            ]
            for clicks in (0.5, 100.0)
        )
        assert rare == pytest.approx(busy)


class TestSteps:
    def test_they_grow_with_evidence_up_to_the_cap(self, targets):
        shapes = [2.0, 5.0, 10.0, 20.0, 50.0, 200.0, 5000.0]
        up, down = (
            targets(*({"value_per_click": value, "value_shape": shape} for shape in shapes), pace="careful")
            for value in (4.0, 1.9)
        )
        # The target of the raise lies beyond its cap (max_step .3); that of the cut, 1.9 / 2.857,
        # within its own (max_cut .5).
        for steps, furthest in ((up["step_up"], 0.3), (-down["step_down"], 1 - 1.9 * 0.7 / 2.0)):
            assert steps.iloc[0] < 0.15
            assert steps.is_monotonic_increasing
            assert steps.max() == pytest.approx(furthest, abs=0.01)
            assert steps.max() <= furthest + 1e-9

    def test_they_never_pass_the_target(self, targets):
        rows = targets(*({"value_per_click": value, "value_shape": 1e6} for value in (2.0, 2.8, 2.9, 3.2)))
        assert (rows["step_up"] <= rows["target_change"].clip(lower=0) + 1e-3).all()
        assert (rows["step_down"] >= rows["target_change"].clip(upper=0) - 1e-3).all()

    def test_the_chance_that_a_step_helps_counts_from_the_middle_of_the_step(self, targets):
        row = targets({"value_per_click": 6.0}).iloc[0]
        # x = 1.3: the even value lies between the prices of the first and the last click gained.
        even = (1.3**TOTAL - 1) / (1.3**EPSILON - 1)
        assert 2 / 0.7 < even < 1.3 * 2 / 0.7
        assert row["p_step_up"] == pytest.approx(stats.gamma(20, scale=6 / 20).sf(even))

    def test_gains_by_hand(self, targets):
        row = targets({"value_per_click": 6.0}).iloc[0]
        assert row["gain_up"] == pytest.approx(6 * 100 * (1.3**EPSILON - 1) - 100 * (1.3**TOTAL - 1))
        assert row["gain_delete"] == pytest.approx(100.0 - 6 * 100)


class TestProposal:
    def test_winners_up_losers_down_hopeless_out_and_the_rest_left(self, targets):
        rows = targets(
            {"value_per_click": 6.0, "value_shape": 60.0}, {"value_per_click": 1.4, "value_shape": 60.0},
            {"value_per_click": 0.1, "value_shape": 5.0}, {"value_per_click": 2.9},
            {"value_per_click": 4.0, "value_shape": 2.0},
        )  # fmt: skip
        assert rows["proposal"].tolist() == ["raise", "lower", "delete", "none", "none"]

    def test_paused_and_unbiddable_words_are_never_proposed(self, targets):
        rows = targets(
            {"value_per_click": 0.1, "status": "paused"}, {"value_per_click": 9.0, "biddable": False},
            {"value_per_click": 9.0, "status": np.nan, "biddable": pd.NA},
        )  # fmt: skip
        assert rows["proposal"].tolist() == ["none", "none", "raise"]

    def test_what_earns_too_little_is_left(self, targets):
        small = {"value_per_click": 6.0, "weekly_clicks": 0.1, "weekly_cost": 0.1}
        big = {"weekly_clicks": 1e4, "weekly_cost": 1e4}
        assert targets(small, big, min_gain=0.01)["proposal"].iloc[0] == "none"
        assert targets(small, big, min_gain=0.0)["proposal"].iloc[0] == "raise"

    def test_a_higher_threshold_proposes_less(self, targets):
        values = [{"value_per_click": value} for value in np.linspace(0.5, 9, 60)]
        touched = [(targets(*values, act=act)["proposal"] != "none").sum() for act in (0.6, 0.9, 0.99)]
        assert touched[0] > touched[1] > touched[2] > 0

    def test_whatever_is_proposed_helps_with_the_chance_asked_for(self, targets):
        rows = targets(
            *({"value_per_click": value, "value_shape": 8.0} for value in np.linspace(0.3, 12, 100)), act=0.9
        )
        assert rows.loc[rows["proposal"] == "raise", "p_step_up"].min() >= 0.9
        assert rows.loc[rows["proposal"] == "lower", "p_step_down"].min() >= 0.9
        assert (rows.loc[rows["proposal"] == "raise", "gain_up"] > 0).all()
