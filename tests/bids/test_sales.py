"""The same money, more sales: the bar that holds the spend, what goes from item to item, and the steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from accounts import account, word, words
from scipy.special import gammainc

from ppc_tuner import tune
from ppc_tuner.bids.limits import NO_BUDGET
from ppc_tuner.bids.sales import Market, bars
from ppc_tuner.errors import UsageError

NOTHING = np.zeros(4)


@pytest.fixture
def bar(settings):
    """bar(sold, ratio, least): λ of four words of two items, price 1, cost 100 a week, ε + η = 1."""

    def run(sold, ratio=2.0, least=0.0, item=("a", "a", "b", "b"), counts=(True,) * 4, **figures):
        rows = pd.DataFrame({"item_id": list(item), "weekly_cost": 100.0} | figures)
        ones = np.ones(4)
        market = Market(ones, 100 * ones, ones, np.array(counts))
        known = replace(settings, margin_ratio=ratio)
        return bars(rows, np.array(sold), market, NO_BUDGET, NOTHING + least, known)

    return run


def test_within_an_item_money_sells_as_much_everywhere_at_the_same_spend(bar):
    # Bids s / λ of 3 / 2 and 1 / 2 cost 150 and 50, in all what both cost today.
    assert bar([3.0, 1.0, 3.0, 1.0]) == pytest.approx([2.0] * 4)


def test_between_items_only_what_helps_at_any_ratio_of_their_margins(bar):
    # The items' own bars are 2 and 3, apart by less than 2: each keeps its spend.
    assert bar([3.0, 1.0, 4.5, 1.5]) == pytest.approx([2.0, 2.0, 3.0, 3.0])
    # 2 and 8: they come to lie 2 apart where 400 / λ + 1600 / (2 λ) = 400, λ = 3.
    assert bar([3.0, 1.0, 12.0, 4.0]) == pytest.approx([3.0, 3.0, 6.0, 6.0])
    # Were all margins equal, 400 / λ + 1600 / λ = 400.
    assert bar([3.0, 1.0, 12.0, 4.0], ratio=1.0) == pytest.approx([5.0] * 4)


def test_nothing_is_bought_that_sells_for_less_than_it_costs(bar):
    assert bar([0.6, 0.2, 0.6, 0.2], least=1.0) == pytest.approx([1.0] * 4)


def test_a_word_whose_spend_does_not_count_follows_its_item(bar):
    assert bar([3.0, 1.0, 50.0, 4.0], counts=(True, True, False, True))[2:] == pytest.approx([4.0, 4.0])
    assert np.isnan(bar([3.0] * 4, counts=(False,) * 4)).all()


def test_words_that_receive_no_money_leave_it_to_the_others(bar):
    # The winners stay at their bid, so the losers must cost what they do today: at the bar of 1.
    mine = [True, False, True, False]
    assert bar([3.0, 1.0, 3.0, 1.0], own_brand=mine) == pytest.approx([1.0] * 4)
    assert bar([3.0, 1.0, 3.0, 1.0], impression_share=[0.9, 0.2, 0.95, np.nan]) == pytest.approx([1.0] * 4)
    # Below full_share all is as before.
    assert bar([3.0, 1.0, 3.0, 1.0], impression_share=0.89) == pytest.approx([2.0] * 4)


def test_an_item_of_words_that_receive_no_money_has_the_bar_of_the_worst_of_them(bar):
    own = [True, True, False, False]
    assert bar([3.0, 2.5, 3.0, 1.0], own_brand=own)[:2] == pytest.approx([2.5, 2.5])


def selling(name, orders, **figures):
    """A word of 20 clicks of 1.00 a day and so many orders of 100 a day."""
    return word(name, conversions=orders, revenue=orders * 100, **figures)


@pytest.fixture(scope="module")
def shop():
    """Winners and losers of one item, and words between them."""
    return account(
        words(20, conversions=1.43, revenue=143.0),
        *(selling(f"winner{number}", 3.5) for number in range(4)),
        *(selling(f"loser{number}", 0.4) for number in range(4)),
    )


@pytest.fixture(scope="module")
def held(shop):
    return tune(shop, "common").actions.set_index("keyword")


class TestTheList:
    def test_money_goes_from_where_it_sells_little_to_where_it_sells_much(self, held):
        assert set(held.loc[[f"winner{number}" for number in range(4)], "action"]) == {"raise"}
        assert set(held.loc[[f"loser{number}" for number in range(4)], "action"]) == {"lower"}
        assert held["revenue_change"].sum() > 0

    def test_the_spend_is_held(self, held):
        assert abs(held["cost_change"].sum()) < 0.01 * held["now_cost"].sum()
        # Without that the raises alone would add several times as much.
        raised = held.loc[held["action"] == "raise", "cost_change"].sum()
        assert raised > 0.03 * held["now_cost"].sum()

    def test_the_gain_is_what_is_sold_beyond_the_bar(self, held):
        row = held.loc["winner0"]
        assert row["gain_unit"] == "revenue"
        expected = row["revenue_change"] - row["bar_roas"] * row["cost_change"]
        assert row["expected_gain"] == pytest.approx(expected)
        assert row["gain_low"] < row["expected_gain"] < row["gain_high"]

    def test_what_rests_on_a_margin_stays_empty_and_the_scores_do_not(self, held):
        assert (
            held[["margin", "break_even_roas", "p_profitable", "value_per_click", "roi"]]
            .isna()
            .all(axis=None)
        )
        assert held[["ctr_score", "cpc_score", "cvr_score", "roi_score"]].notna().all(axis=None)
        assert held.loc["winner0", "roi_score"] > held.loc["loser0", "roi_score"]

    def test_a_raise_that_gates_hold_back_shrinks_the_cuts(self, shop, tmp_path):
        items = tmp_path / "items.csv"
        items.write_text("item_id,stock_days\n" + f"{shop['item_id'].iloc[0]},3\n", "utf-8")
        rows = tune(shop, "common", items).actions.set_index("keyword")
        assert not rows["action"].eq("raise").any()
        losers = rows.loc[[f"loser{number}" for number in range(4)]]
        # Each still sells .4 × 100 for 20: what no margin would pay for is cut, no more.
        assert set(losers["rule"]) == {"spend-held"}
        assert rows["cost_change"].sum() == 0

    def test_no_money_goes_to_words_of_the_own_brand(self, shop, tmp_path):
        (tmp_path / "own.csv").write_text("own_brand_word\nwinner0\nwinner1\nloser0\n", "utf-8")
        rows = tune(shop, "common", tmp_path).actions.set_index("keyword")
        assert set(rows.loc[["winner0", "winner1"], "rule"]) == {"own-brand"}
        assert set(rows.loc[["winner2", "winner3"], "action"]) == {"raise"}
        assert rows.loc["loser0", "action"] == "lower"
        assert abs(rows["cost_change"].sum()) < 0.01 * rows["now_cost"].sum()
        # Where its margin is known a word of the own brand is tuned like any other.
        told = tune(shop, "common", tmp_path, {"margin": 0.5}).actions.set_index("keyword")
        assert told.loc["winner0", "action"] == "raise"

    def test_no_money_goes_where_nearly_every_impression_is_won(self, shop):
        share = np.where(shop["keyword"].isin(["winner0", "winner1"]), 0.93, 0.4)
        rows = tune(shop.assign(impression_share=share), "common").actions.set_index("keyword")
        assert set(rows.loc[["winner0", "winner1"], "rule"]) == {"share-full"}
        assert "93%" in rows.loc["winner0", "reason_en"]
        assert set(rows.loc[["winner2", "winner3"], "action"]) == {"raise"}
        assert abs(rows["cost_change"].sum()) < 0.01 * rows["now_cost"].sum()

    @pytest.mark.parametrize("rules", ["common", "zhitongche"])
    def test_words_are_raised_to_learn_where_no_margin_is_known(self, shop, rules):
        few = word("unseen", clicks=0.05, cost=0.05, impressions=2.0, conversions=0.0, revenue=0.0, bid=1.2)
        given = {"learn_budget": 0.05, "patience_weeks": 1}
        rows = tune(account(shop, few), rules, settings=given).actions.set_index("keyword")
        assert rows.loc["unseen", "rule"] == "to-learn"
        assert rows.loc["unseen", "bid_change"] > 0

    def test_nothing_is_deleted_that_a_generous_margin_would_keep(self, shop):
        hopeless = account(shop, selling("hopeless", 0.0))
        found = {
            margin: tune(hopeless, "common", settings={"generous_margin": margin, "wrong_deletes": 0.2})
            .actions.set_index("keyword").loc["hopeless"]
            for margin in (0.6, 1.0)
        }  # fmt: skip
        assert [found[margin]["action"] for margin in (0.6, 1.0)] == ["delete", "lower"]
        # By hand: at a margin of .6 it must lose where a fifth of its bid buys the next click for .50.
        row = found[0.6]
        doubt = row["value_shape"] ** -1 + row["price_doubt"] ** 2
        best = 0.6 * row["rpc"] / row["next_click_cost"] * np.exp(row["price_doubt"] ** 2 / 2)
        assert row["p_not_worth"] == pytest.approx(gammainc(1 / doubt, 0.2 / doubt / best))

    def test_where_margins_are_known_for_most_of_the_cost_words_of_theirs_are_on_profit(self, shop, tmp_path):
        told = tmp_path / "words.csv"
        lines = [f"{name},0.35" for name in sorted(set(shop["keyword"])) if name != "loser0"]
        told.write_text("keyword,margin\n" + "\n".join(lines) + "\n", "utf-8")
        result = tune(shop, "common", told)
        units = result.actions.set_index("keyword")["gain_unit"]
        assert units.drop("loser0").eq("profit").all()
        assert units["loser0"] == "revenue"
        half = tune(shop, "common", told, {"margins_known": 0.99})
        assert half.runs[0].pack.settings["objective"] == "sales"
        assert result.runs[0].pack.settings["objective"] == "profit"

    def test_orders_where_there_is_no_revenue(self, shop):
        rows = tune(shop.drop(columns="revenue"), "common").actions.set_index("keyword")
        assert set(rows["gain_unit"]) == {"orders"}
        assert rows.loc["winner0", "action"] == "raise"
        assert abs(rows["cost_change"].sum()) < 0.01 * rows["now_cost"].sum()
        row = rows.loc["winner0"]
        expected = row["conversions_change"] - row["cost_change"] / row["bar_cpa"]
        assert row["expected_gain"] == pytest.approx(expected)

    def test_a_shop_that_sells_for_less_than_it_spends_is_not_held(self, shop):
        rows = tune(shop.assign(revenue=shop["revenue"] / 12), "common").actions
        assert rows["cost_change"].sum() < -0.05 * rows["now_cost"].sum()

    def test_a_target_without_anything_to_go_by_is_refused(self, shop):
        with pytest.raises(UsageError, match="target ROAS"):
            tune(shop, "common", settings={"objective": "target_roas"})


class TestWhatIsSaid:
    def test_first_what_it_means_that_no_margin_is_known(self, shop):
        said = tune(shop, "common").summary["headline"]
        assert "没有给毛利率：总花费不变" in said["text_zh"].iloc[0]
        assert "No margin is given: the spend is held" in said["text_en"].iloc[0]
        assert "of revenue a week" in said["text_en"].str.cat()

    def test_that_it_pays_at_no_margin(self, shop):
        said = tune(shop.assign(revenue=shop["revenue"] / 12), "common").summary["headline"]
        assert "which pays at no margin" in said["text_en"].iloc[0]
        assert "the spend is held" not in said["text_en"].str.cat()

    def test_nothing_where_it_is_known(self, shop):
        said = tune(shop, "common", settings={"margin": 0.3}).summary["headline"]["text_en"].str.cat()
        assert "margin is given" not in said
        assert "the spend is held" not in said
        assert "of profit a week" in said
