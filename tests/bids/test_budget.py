"""Bids under a budget: the multiplier, cuts down to it, raises within it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.bids import allocate, propose, response
from ppc_tuner.bids.budget import LEAST, Spend, budget_multipliers, multipliers
from ppc_tuner.bids.limits import NO_BUDGET, Budget

# Clicks ~ bid^.5; the next click costs 2 / .7 = 2.857 times the usual one, so cost ~ bid^(.5 × 2.857).
GROWTH = 0.5 * 2 / 0.7
EXACT = {"bid_doubt": 0.0, "cpc_doubt": 0.0, "act": 0.9, "max_step": 0.3, "max_cut": 0.4}


def spend(cost, best, growth=2.0, low=0.0, high=3.0):
    arrays = np.broadcast_arrays(*(np.asarray(part, dtype=float) for part in (cost, growth, best, low, high)))
    return Spend(*arrays)


def in_campaigns(*names):
    return pd.DataFrame({"campaign": list(names)})


class TestMultiplier:
    def test_by_hand(self):
        # Clicks grow with the bid, cost with its square: 100 × (2 m)² = 100 at m = ½.
        assert multipliers(spend([100], [2]), in_campaigns("a"), Budget(100.0), 1.0) == pytest.approx([0.5])

    def test_a_budget_that_does_not_bind_is_exactly_one(self):
        for limit in (400.0, 1e9):
            assert multipliers(spend([100], [2]), in_campaigns("a"), Budget(limit), 1.0).tolist() == [1.0]

    def test_what_bids_cannot_reach_goes_on_spending(self):
        # 60 is spent whatever the bids are; 40 are left for 100 × (2 m)²: m = √.4 / 2.
        both = spend([100, 60], [2, 1], low=[0, 1], high=[3, 1])
        assert multipliers(both, in_campaigns("a", "a"), Budget(100.0), 1.0)[0] == pytest.approx(
            np.sqrt(0.4) / 2
        )

    def test_no_bid_can_meet_it(self):
        fixed = spend([100, 60], [2, 1], low=[0, 1], high=[3, 1])
        assert multipliers(fixed, in_campaigns("a", "a"), Budget(50.0), 1.0)[0] == LEAST

    def test_a_campaign_first_then_the_account_over_the_others(self):
        # All cost 100 × (2 m)². Campaign a holds at 25: m = ¼. The account's 125 leave 100 for b: m = ½.
        rows = in_campaigns("a", "b")
        both = spend([100, 100], [2, 2])
        assert multipliers(both, rows, Budget(125.0, {"a": 25.0}), 1.0) == pytest.approx([0.25, 0.5])
        # A looser campaign budget is no leave to spend more than the account: 50 for each at m = √½ / 2.
        loose = multipliers(both, rows, Budget(100.0, {"a": 300.0, "z": 1.0}), 1.0)
        assert loose == pytest.approx([np.sqrt(0.5) / 2] * 2)
        # Without a budget of the account the other campaign is not touched.
        assert multipliers(both, rows, Budget(campaigns={"a": 25.0}), 1.0) == pytest.approx([0.25, 1.0])

    @pytest.mark.parametrize("seed", range(6))
    def test_it_earns_what_the_lagrangian_optimum_earns(self, seed):
        random = np.random.default_rng(seed)
        words = 60
        clicks, cpc = random.pareto(1.2, words) * 20 + 1, random.lognormal(0, 0.5, words)
        epsilon, cost = random.uniform(0.2, 1.5, words), clicks * cpc
        next_price = cpc * (epsilon + 1) / epsilon
        best = random.lognormal(0, 0.4, words).clip(0.3, 2.5)
        value = best * next_price
        limit = random.uniform(0.3, 0.9) * np.sum(cost * best ** (epsilon + 1))
        x = best * multipliers(
            spend(cost, best, epsilon + 1), in_campaigns(*["a"] * words), Budget(limit), 1.0
        )

        def profit(bids):
            gained = value * response.clicks_change(clicks, bids, epsilon)
            return np.sum(value * clicks - cost + gained - response.cost_change(cost, bids, epsilon, 1.0))

        # Brute force: for each price of money the best of 600 bids of each word; the price by halving.
        grid = np.linspace(0.01, 3, 600)[:, None]
        earned = value * clicks * grid**epsilon
        spent = cost * grid ** (epsilon + 1)
        low, high = 1.0, 100.0
        for _ in range(60):
            middle = (low + high) / 2
            chosen = (earned - middle * spent).argmax(axis=0)
            low, high = (
                (middle, high) if np.take_along_axis(spent, chosen[None], 0).sum() > limit else (low, middle)
            )
        brute = grid[:, 0][(earned - high * spent).argmax(axis=0)]
        assert np.sum(cost * x ** (epsilon + 1)) == pytest.approx(limit, rel=1e-6)
        assert profit(x) >= 0.98 * profit(brute)


@pytest.fixture
def proposed(weighed, account_of, settings):
    """proposed({...}, ..., budget=Budget(...)): rows, their targets, their account and its settings.

    100 clicks a week at 1 each, next click 2 / .7, worth 3, as in test_targets.
    """

    def run(*given, budget=NO_BUDGET, **changed):
        rows = weighed(*given, **({} if "campaign" in given[0] else {"campaign": "甲"}))
        chosen = replace(settings, **(EXACT | changed))
        account = account_of(rows, chosen)
        return rows, propose(rows, account, chosen, budget), account, chosen

    return run


@pytest.fixture
def targets(proposed):
    """targets({...}, ..., budget=Budget(...)): what evidence proposes under the budget."""
    return lambda *given, **changed: proposed(*given, **changed)[1]


class TestTargets:
    def test_they_fall_by_the_multiplier_until_they_cost_the_budget(self, targets):
        words = [{"value_per_click": value} for value in (2.0, 3.0, 4.0)]
        free, bound = targets(*words), targets(*words, budget=Budget(200.0))
        m = bound["budget_multiplier"].to_numpy()
        assert (m == m[0]).all()
        assert m[0] < 1
        assert bound["target_bid"].to_numpy() == pytest.approx(free["target_bid"] * m)
        assert (100 * (1 + bound["target_change"]) ** GROWTH).sum() == pytest.approx(200.0)
        assert (bound["worth"] == free["worth"]).all()
        assert (bound["p_raise"] < free["p_raise"]).all()

    @pytest.mark.parametrize(
        "budget", [NO_BUDGET, Budget(1e6), Budget(1e6, {"甲": 1e6}), Budget(campaigns={"乙": 1.0})]
    )
    def test_without_a_binding_budget_nothing_changes_at_all(self, targets, budget):
        words = [{"value_per_click": value, "value_shape": 60.0} for value in (0.2, 1.4, 3.0, 9.0)]
        pd.testing.assert_frame_equal(targets(*words, budget=budget), targets(*words))

    def test_a_word_is_not_deleted_for_the_budgets_sake(self, targets):
        words = [{"value_per_click": 1.5, "value_shape": 40.0} for _ in range(3)]
        free, bound = targets(*words), targets(*words, budget=Budget(20.0))
        assert bound["p_not_worth"].to_numpy() == pytest.approx(free["p_not_worth"])
        assert (bound["gain_delete"] == free["gain_delete"]).all()
        assert set(bound["proposal"]) == {"lower"}

    def test_paused_and_unbiddable_words_are_left_out_of_the_sum(self, targets):
        rows = targets(
            {}, {"biddable": False, "weekly_cost": 150.0, "value_per_click": 9.0}, budget=Budget(200.0)
        )
        # 50 are left for the first word.
        assert 100 * (1 + rows["target_change"].iloc[0]) ** GROWTH == pytest.approx(50.0)

    def test_the_multiplier_serves_ratio_objectives_too(self, targets):
        given = {"objective": "target_roas", "target_roas": 4.0}
        free, bound = targets({}, **given), targets({}, **given, budget=Budget(90.0))
        ratio = bound["target_bid"].iloc[0] / free["target_bid"].iloc[0]
        assert ratio == pytest.approx(bound["budget_multiplier"].iloc[0])
        assert ratio < 1


class TestCutsDownToIt:
    def test_the_worst_bids_first_and_only_as_far_as_needed(self, targets):
        # Too unsure to act on by evidence (Gamma shape 3); 300 spent, 280 to spend.
        words = [{"value_per_click": value, "value_shape": 3.0} for value in (2.0, 2.4, 3.5)]
        rows = targets(*words, budget=Budget(280.0))
        assert targets(*words)["proposal"].tolist() == ["none"] * 3
        assert rows["proposal"].tolist() == ["lower", "none", "none"]
        assert rows["budget_cut"].tolist() == [True, False, False]
        # 100 + 100 + 100 x^growth = 280.
        assert 1 + rows["step_down"].iloc[0] == pytest.approx(0.8 ** (1 / GROWTH))

    def test_no_further_than_the_target_and_max_cut(self, targets):
        words = [{"value_per_click": value, "value_shape": 3.0} for value in (0.9, 2.4, 3.5)]
        for limit in (30.0, 150.0, 250.0):
            rows = targets(*words, budget=Budget(limit))
            assert (rows["step_down"] >= np.maximum(rows["target_change"], -0.4).clip(upper=0) - 1e-9).all()
            assert (rows["proposal"] == "lower").any()


@pytest.fixture
def listed(proposed, permitted):
    """listed({...}, ..., budget=...): what is done where every proposal is permitted, outcomes as flags."""

    def run(*given, budget=NO_BUDGET, **changed):
        rows, targets, account, chosen = proposed(*given, budget=budget, **changed)
        whole = rows.join(targets)
        allowed = permitted(targets["proposal"].replace("none", "keep").to_numpy(dtype=object))
        done = allocate(whole, allowed, account, chosen, budget)
        return whole.join(done.frame).assign(**done.outcomes)

    return run


def spent(rows):
    return float((rows["weekly_cost"] + rows["cost_change"]).sum())


class TestTheList:
    winners = ({"value_per_click": 6.0, "value_shape": 60.0}, {"value_per_click": 9.0, "value_shape": 60.0})
    # Worth less than they cost, but nothing is known surely enough to cut them: they go on spending 400.
    unsure = ({"value_per_click": 2.2, "value_shape": 2.0},) * 4

    def test_raises_stay_within_what_is_left(self, listed):
        for limit in (601.0, 620.0, 660.0):
            rows = listed(*self.winners, *self.unsure, budget=Budget(limit))
            assert 600.0 < spent(rows) <= limit + 1e-6
            assert spent(rows) > limit - 3.0  # whole increments
        assert spent(listed(*self.winners, *self.unsure)) > 660.0

    def test_the_word_that_earns_more_goes_first(self, listed):
        rows = listed(*self.winners, *self.unsure, budget=Budget(615.0))
        assert (rows["bid_change"] > 0).tolist() == [False, True, *[False] * 4]
        assert (rows["bid_change"] >= 0).all()

    def test_a_raise_that_the_budget_stops_is_marked(self, listed):
        rows = listed(*self.winners, *self.unsure, budget=Budget(600.0))
        assert rows["bid_change"].tolist() == [0.0] * 6
        assert rows["budget-spent"].tolist() == [True] * 2 + [False] * 4
        # It was large enough: the budget alone kept it from being made.
        assert not rows["below-increment"].any()
        assert spent(rows) == 600.0

    def test_above_the_budget_it_moves_towards_it_and_raises_nothing(self, listed):
        losers = [
            {"value_per_click": value, "value_shape": shape}
            for value, shape in ((1.2, 60.0), (2.2, 4.0), (2.5, 4.0))
        ]
        rows = listed(*self.winners, *losers, budget=Budget(300.0))
        assert 300.0 - 3.0 < spent(rows) < 500.0
        assert not (rows["bid_change"] > 0).any() or spent(rows) <= 300.0 + 1e-6

    @pytest.mark.parametrize("seed", range(5))
    def test_no_account_is_led_over_its_budgets(self, listed, seed):
        random = np.random.default_rng(seed)
        words = [
            {
                "value_per_click": value, "value_shape": shape, "weekly_cost": cost, "weekly_clicks": cost,
                "campaign": name,
            }
            for value, shape, cost, name in zip(
                random.lognormal(1, 0.7, 40), random.uniform(2, 80, 40), random.pareto(1.5, 40) * 50,
                random.choice(["甲", "乙"], 40), strict=True,
            )
        ]  # fmt: skip
        rows = listed(*words)
        now = rows["weekly_cost"].sum()
        first = rows.loc[rows["campaign"] == "甲", "weekly_cost"].sum()
        budget = Budget(now * 1.01, {"甲": first * 1.005})
        kept = listed(*words, budget=budget)
        assert spent(kept) <= budget.account + 1e-6
        assert spent(kept[kept["campaign"] == "甲"]) <= budget.campaigns["甲"] + 1e-6

    def test_nothing_changes_where_the_budget_does_not_bind(self, listed):
        words = (*self.winners, {"value_per_click": 1.0, "value_shape": 60.0}, {})
        pd.testing.assert_frame_equal(listed(*words, budget=Budget(1e5, {"甲": 1e5})), listed(*words))


def test_a_word_without_a_price_counts_with_what_it_spends():
    rows = pd.DataFrame({"weekly_cost": [100.0, 20.0]})
    m = budget_multipliers(
        rows, np.array(["given", "none"]), np.array([2.0, np.nan]), np.array([1.0, np.nan]), Budget(120.0)
    )
    assert m == pytest.approx([0.5, 0.5])
