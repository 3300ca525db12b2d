"""From an account's figures to the bid worth paying: price, doubt, chances, steps and gains by hand.

All goes through the whole pass with the common pack, doubts included: shade .2, shade_spread .3,
bid_doubt .15, cpc_doubt .3, cpc_per_bid .54, and the caution of pace `steady`, .4. No bid has changed, so
that the account tells nothing of its market.
"""

from __future__ import annotations

from math import exp, hypot, log

import numpy as np
import pytest
from accounts import account, by_week, decided, word, words
from scipy.stats import gamma

from ppc_tuner.bids.pace import PACES, Pace

BID_DOUBT, CPC_DOUBT, SHADE, SHADE_SPREAD, CPC_PER_BID = 0.15, 0.3, 0.2, 0.3, 0.54
CAUTION = PACES["steady"].caution
MARGIN = 0.35


def selling(name: str, orders: float, **figures):
    """A word of 20 clicks of 1.00 a day and so many orders of 100 a day."""
    return word(name, conversions=orders, revenue=orders * 100, **figures)


@pytest.fixture(scope="module")
def rows():
    """Bids of 2.00, of which the next click costs 2.50, are right at 1.43 orders of 35.00 for 20 clicks."""
    facts = account(
        words(20, conversions=1.43, revenue=143.0),
        selling("winner", 3.5),
        selling("loser", 0.2),
        selling("far", 1.43, bid=10.0),
        selling("bidless", 1.43, bid=np.nan),
    )
    free = Pace(0.9, 0.9, 0.9, 0.9, half=1.0, caution=CAUTION)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PACES, "steady", free)
        return decided(facts, "common", max_cut=0.9, most_spend_change=10.0, prior="groups")


class TestPriceOfTheNextClick:
    def test_a_known_bid_stands_one_minus_shade_below_it(self, rows):
        assert rows.loc["winner", "next_click_cost"] == pytest.approx(2.0 / (1 - SHADE))
        assert rows.loc["winner", "price_doubt"] == pytest.approx(hypot(BID_DOUBT, SHADE_SPREAD))

    def test_without_a_bid_the_click_stands_in_and_doubt_is_larger(self, rows):
        row = rows.loc["bidless"]
        assert row["bid_basis"] == "cpc"
        assert row["next_click_cost"] == pytest.approx(1.0 / (CPC_PER_BID * (1 - SHADE)))
        assert row["price_doubt"] == pytest.approx(hypot(CPC_DOUBT, SHADE_SPREAD))

    def test_a_bid_far_above_what_is_paid_is_believed_less_and_doubted_more(self, rows):
        # CPC 1.00 at a bid of 10.00 is 1 / 5.4 of its usual share; beyond a half the bid is not believed.
        beyond = log(10.0 * CPC_PER_BID / 1.0) - log(2.0)
        row = rows.loc["far"]
        assert row["next_click_cost"] == pytest.approx(10.0 / (1 - SHADE) * exp(-beyond))
        assert row["price_doubt"] == pytest.approx(hypot(BID_DOUBT, beyond / 2, SHADE_SPREAD))


class TestChances:
    @pytest.mark.parametrize("name", ["winner", "loser", "other0", "bidless"])
    def test_they_are_tails_of_the_best_multiplier_whose_mean_lies_above_its_median(self, rows, name):
        """The present guess is the median of the best multiplier. Doubt s of the log of the price lifts its
        mean by exp(s² / 2)."""
        row = rows.loc[name]
        doubt = row["price_doubt"]
        shape = 1 / (1 / row["value_shape"] + doubt**2)
        mean = row["worth"] / row["price_now"] * exp(doubt**2 / 2)
        best = gamma(shape, scale=mean / shape)
        assert row["target_change"] == pytest.approx(row["worth"] / row["price_now"] - 1)
        # Never surer than .999, whatever the tail says.
        assert row["p_raise"] == pytest.approx(np.clip(best.sf(1), 0.001, 0.999))
        assert row["p_lower"] == pytest.approx(np.clip(best.cdf(1), 0.001, 0.999))
        assert row["p_in_band"] == pytest.approx(best.cdf(1.1) - best.cdf(1 / 1.1))


class TestSteps:
    """A step must help even if the market's form lies one standard deviation, SHADE_SPREAD, on the wrong
    side: a raise starts from a lower guess of the best bid, a cut from a higher one."""

    @pytest.mark.parametrize(("name", "side", "action"), [("winner", 1, "raise"), ("loser", -1, "lower")])
    def test_they_stop_short_by_the_doubt_that_all_words_share(self, rows, name, side, action):
        row = rows.loc[name]
        shape = 1 / (1 / row["value_shape"] + BID_DOUBT**2)
        mean = row["worth"] / row["price_now"] * exp(BID_DOUBT**2 / 2) * exp(-side * SHADE_SPREAD)
        best = gamma(shape, scale=mean / shape)
        step = best.ppf(CAUTION if side > 0 else 1 - CAUTION) - 1
        assert row["step_up" if side > 0 else "step_down"] == pytest.approx(step)
        assert row["action"] == action
        # Whole cents of a bid of 2.00, rounded towards it.
        assert 0 <= side * (step - row["bid_change"]) < 0.005 + 1e-9
        assert 0.1 < side * step < side * row["target_change"]


def test_a_step_of_exactly_so_many_cents_is_not_cut_by_one():
    """A fifth more than 1.00 is 1.20, though 1.2 − 1 is a hair less than .2 in a computer."""
    row = decided(account(words(20), selling("best", 9.0, bid=1.0)), "common", max_step=0.2).loc["best"]
    assert 1.2 - 1 < 0.2
    assert (row["action"], row["new_bid"], row["bid_change"]) == ("raise", 1.2, pytest.approx(0.2))


class TestWeekToCome:
    """Clicks and cost if nothing is done: the pace, brought from the bids of the pace to today's."""

    def test_a_bid_that_was_raised_brings_more_than_the_pace(self):
        row = decided(word("a", bid=by_week(1, 1, 4, 4), clicks=50.0, cost=60.0), "common").loc["a"]
        # Bids of 1.00 and 4.00 over as many clicks: a mean of 2.00, and today's is twice that.
        assert row["cpc"] == pytest.approx(1.2 * 2**0.85)
        # Clicks grow as the root of the bid (usual); the next costs cpc × (ε + η) / ε = 4 / .8.
        epsilon = 0.5
        eta = epsilon * (4 / (1 - SHADE) / row["cpc"] - 1)
        assert row["now_clicks"] == pytest.approx(7 * 50 * 2**epsilon)
        assert row["now_cost"] == pytest.approx(7 * 60 * 2 ** (epsilon + eta))

    def test_a_bid_that_was_lowered_brings_less(self):
        row = decided(word("a", bid=by_week(4, 4, 1, 1), clicks=50.0, cost=25.0), "common").loc["a"]
        assert row["now_clicks"] == pytest.approx(7 * 50 * 0.5**0.5)
        assert row["now_cost"] < 7 * 25 * 0.5**0.5


def test_the_least_gain_is_a_share_of_what_the_whole_account_spends():
    """A change must earn min_gain of the weekly cost of all words, 21 × 140.00, not of one word's."""
    facts = account(words(20, conversions=1.43, revenue=143.0), selling("winner", 3.5))
    spent = 21 * 7 * 20.0
    gain = decided(facts, "common").loc["winner", "gain_up"]
    assert 0 < gain < 0.1 * spent
    below, above = (decided(facts, "common", min_gain=times * gain / spent) for times in (0.95, 1.05))
    assert below.loc["winner", "action"] == "raise"
    assert above.loc["winner", ["action", "rule"]].tolist() == ["keep", "too-little-to-gain"]
    assert f"would not earn ¥{1.05 * gain:,.2f}" in above.loc["winner", "reason_en"]


def test_a_word_near_its_target_is_left_alone_unless_much_is_sure():
    """36 a piece where 20 is aimed at, from 15 orders: surer than act, less than act_on_target."""
    facts = account(words(10), selling("near", 0.55), selling("far", 0.3))
    rows = decided(facts, objective="target_cpa", target_cpa=20.0)
    assert 0.7 < rows.loc["near", "p_step_down"] < 0.9 < rows.loc["far", "p_step_down"]
    assert rows.loc[["near", "far"], "action"].tolist() == ["watch", "lower"]
    bolder = decided(facts, objective="target_cpa", target_cpa=20.0, act_on_target=0.7)
    assert bolder.loc["near", "action"] == "lower"


@pytest.mark.parametrize("objective", ["profit", "sales"])
def test_what_spends_nothing_any_more_is_neither_cut_nor_deleted(objective):
    """Three weeks of clicks that never sold, then one without a click."""
    loser = word(
        "gone", clicks=by_week(60, 60, 60, 0), cost=by_week(90, 90, 90, 0), conversions=0.0, revenue=0.0
    )
    still = word("on", clicks=60.0, cost=90.0, conversions=0.0, revenue=0.0)
    rows = decided(account(words(10), loser, still), "common", objective=objective, pace_days=7)
    assert rows.loc["on", "action"] in ("lower", "delete")
    assert rows.loc["gone", "weekly_cost"] == 0
    assert rows.loc["gone", ["action", "rule"]].tolist() == ["keep", "nothing-to-save"]
