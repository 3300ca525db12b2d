"""What the figures of an account are worth: price, own data, shared doubts, places of one word, pictures."""

from __future__ import annotations

import numpy as np
import pytest
from accounts import account, by_week, decided, word, words
from scipy.stats import norm

from ppc_tuner import tune

# Half the width of an 80 % interval in standard deviations.
HALF_WIDTH = norm.ppf(0.9)
EACH_CLICK = {"clicks": 1.0, "cost": 0.5, "conversions": 0.05, "revenue": 5.0}


@pytest.fixture(scope="module")
def rows():
    """Six words alike that pay 2.00 a click at a bid of 3.00, and three that differ."""
    none = {"clicks": 0.0, "cost": 0.0, "conversions": 0.0, "revenue": 0.0}
    ten_clicks = {
        "clicks": [0.0] * 27 + [10.0],
        "cost": [0.0] * 27 + [20.0],
        "conversions": 0.0,
        "revenue": 0.0,
    }
    many = {
        "impressions": 90_000.0,
        "clicks": 2000.0,
        "cost": 4000.0,
        "conversions": 100.0,
        "revenue": 10_000.0,
    }
    facts = account(
        words(6, bid=3.0, cost=40.0),
        word("unseen", bid=0.4, **none),
        word("few", bid=3.0, **ten_clicks),
        word("many", bid=3.0, **many),
    )
    return decided(facts, prior="groups")


def test_no_click_is_expected_to_cost_more_than_the_bid(rows):
    """A word without clicks is expected to pay what its peers pay, 2.00, but no more than its bid of .40."""
    assert rows.loc["other0", "cpc"] == pytest.approx(2.0)
    assert rows.loc["unseen", "cpc"] == pytest.approx(0.4)


def test_own_weight_is_what_the_word_s_own_clicks_tell(rows):
    """Ten clicks carry next to nothing of the estimate beside thousands of peers', 56,000 nearly all."""
    few, usual, many = rows.loc[["few", "other0", "many"], "own_weight"]
    assert few < 0.1 < usual < 0.9 < many
    # With ten clicks the estimate is that of the peers, one order in twenty clicks, though none was sold.
    assert rows.loc["few", "cvr"] == pytest.approx(0.05, rel=0.1)


def relative_variance(row):
    """Variance of the conversion rate ÷ its square, from the 80 % interval."""
    return ((row["cvr_high80"] - row["cvr_low80"]) / (2 * HALF_WIDTH) / row["cvr"]) ** 2


def test_doubt_of_the_account_s_level_is_part_of_every_word_s_interval():
    """Weeks in which all words sell 12 % more or less leave open which of them is the level of today."""
    variances = []
    for weeks in ((1000, 1000, 1000, 1000), (1120, 880, 1120, 880)):
        orders = by_week(*weeks)
        busy = {"impressions": 1e6, "clicks": 20_000.0, "cost": 20_000.0, "conversions": orders}
        both = account(*(word(name, revenue=[100 * order for order in orders], **busy) for name in "ab"))
        variances.append(relative_variance(decided(both).loc["a"]))
    steady, swinging = variances
    # The mean of four weeks is unsure by .12² / 4 = .0036 at most, by .05² / 4 as weeks usually swing.
    assert 0.05**2 / 4 < swinging - steady < 0.12**2 / 4


class TestPriceBeforeTheBidsMoved:
    """Dear words sell better, so the price tells of a word without orders. Whoever raises a bid makes its
    clicks dearer: that must not come back as evidence that the word is good."""

    @pytest.fixture(scope="class")
    @staticmethod
    def rows():
        random = np.random.default_rng(5)
        market = []
        for number in range(60):
            price = float(np.exp(random.normal(0, 0.7)))
            clicks = random.poisson(8, 28).astype(float)
            orders = random.poisson(clicks * 0.03 * price).astype(float)
            told = {"clicks": clicks, "cost": clicks * price, "conversions": orders, "revenue": orders * 100}
            market.append(word(f"w{number}", bid=round(2 * price, 2), **told))
        clicks = np.array([0.0] + [2.0] * 27)
        none = {"clicks": clicks, "conversions": 0.0, "revenue": 0.0}
        # At three times the bid a click costs 3^.85 times as much (the usual elasticity).
        dear = clicks * 3**0.85
        facts = account(
            *market,
            word("same", bid=2.0, cost=clicks, **none),
            word("raised", bid=[2.0] + [6.0] * 27, cost=dear, **none),
            word("dear", bid=6.0, cost=dear, **none),
        )
        return decided(facts)

    def test_a_dear_word_is_expected_to_sell_better(self, rows):
        assert rows.loc["dear", "cvr"] > 1.5 * rows.loc["same", "cvr"]

    def test_a_word_that_was_made_dear_is_not(self, rows):
        assert rows.loc["raised", "cvr"] == pytest.approx(rows.loc["same", "cvr"], rel=0.05)


def test_how_surely_a_word_is_beaten_counts_the_doubt_of_its_value():
    """One word in two campaigns, shown so often that CTR is known: in doubt is what a click is worth."""
    shown = {"impressions": 100_000.0, "clicks": 200.0, "cost": 200.0}
    facts = account(
        word("x", campaign="A", conversions=11.0, revenue=1100.0, **shown),
        word("x", campaign="B", conversions=10.0, revenue=1000.0, **shown),
    )
    a, b = decided(facts, prior="groups").sort_values("campaign").to_dict("records")
    assert (a["places"], a["best_place"], b["best_place"]) == (2, "A / unit", "A / unit")
    # Profit of an impression c (v − p), of variance (v − p)² s²(c) + c² v² / shape.
    profit, variance = [], []
    for row in (a, b):
        spread = (row["ctr_high80"] - row["ctr_low80"]) / (2 * HALF_WIDTH)
        earned = row["value_per_click"] - row["cpc"]
        profit.append(row["ctr"] * earned)
        variance.append(
            (earned * spread) ** 2 + (row["ctr"] * row["value_per_click"]) ** 2 / row["value_shape"]
        )
    beaten = norm.cdf((profit[0] - profit[1]) / sum(variance) ** 0.5)
    assert (a["p_beaten"], b["p_beaten"]) == pytest.approx((1 - beaten, beaten))
    # A tenth more orders from some 300 is no proof.
    assert 0.6 < b["p_beaten"] < 0.9


def item(number: str, *ctrs: float):
    """Four words of an item, all shown alike."""
    shown = {"item_id": number, "item": f"item {number}", "impressions": 3000.0}
    clicked = [{name: 3000 * ctr * each for name, each in EACH_CLICK.items()} for ctr in ctrs]
    return account(*(word(f"w{number}{at}", **shown, **figures) for at, figures in enumerate(clicked)))


def test_a_word_is_low_halfway_to_the_ratio_of_a_low_item():
    """An item is low at .8 of its peers' CTR, a word at .9: half the words of a fine item lie below 1."""
    result = tune(
        account(item("1", 0.026, 0.026, 0.034, 0.034), item("2", *[0.04] * 4), item("3", *[0.04] * 4))
    )
    items = result.actions[result.actions["level"] == "item"]
    # Words at .65 and at .85 of their peers, .75 in all: every one below .9, so it is the picture.
    assert items[["item_id", "action", "rule"]].to_numpy().tolist() == [["1", "fix_picture", "picture-first"]]
    assert items["item_ctr_ratio"].iloc[0] == pytest.approx(0.75)
    assert items["item_low_share"].iloc[0] == pytest.approx(1.0)
