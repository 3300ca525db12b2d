"""What today's spend pays for, a tenth more and less of it, and the list under margins that nobody gave."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from accounts import account, word, words
from scipy.optimize import brentq

from ppc_tuner import tune
from ppc_tuner.bids import response
from ppc_tuner.listing import Result


def shop() -> pd.DataFrame:
    """Words that sell well, badly and as usual."""
    return account(
        words(20, conversions=1.43, revenue=143.0),
        words(4, "winner", conversions=3.5, revenue=350.0),
        words(4, "loser", conversions=0.4, revenue=40.0),
    )


@pytest.fixture(scope="module")
def held() -> Result:
    return tune(shop(), "common")


def sides(result: Result) -> pd.DataFrame:
    return result.summary["spend"].set_index("spend")


def said(result: Result, part: str) -> list[str]:
    return [line for line in result.summary["headline"]["text_en"] if part in line]


def at(rows: pd.DataFrame, x: float, fall: float) -> tuple[float, float]:
    """Cost and revenue a week at x times the bids of the rows."""
    over = response.over_step(
        rows["click_elasticity"].to_numpy(), rows["cpc_elasticity"].to_numpy(), np.full(len(rows), x), fall
    )
    cost = rows["now_cost"] * x ** (over + rows["cpc_elasticity"])
    return float(cost.sum()), float((rows["now_clicks"] * x**over * rows["rpc"]).sum())


class TestATenthOfTheSpend:
    def test_it_is_what_bids_moved_alike_would_sell(self, held: Result) -> None:
        rows, fall = held.actions[held.actions["level"] == "keyword"], held.runs[0].settled.response.fall
        cost, sold = at(rows, 1.0, fall)
        for side, share in (("less", 0.9), ("more", 1.1)):
            x = brentq(lambda x, share=share: at(rows, x, fall)[0] - share * cost, 0.5, 2.0)
            row = sides(held).loc[side]
            assert row["bids"] == pytest.approx(x - 1)
            assert row["cost"] == pytest.approx(share * cost)
            assert row["revenue"] == pytest.approx(at(rows, x, fall)[1])
            assert row["pays_from"] == pytest.approx(0.1 * cost / abs(sold - at(rows, x, fall)[1]))
        assert sides(held).loc["now", "pays_from"] == pytest.approx(cost / sold)

    def test_the_last_tenth_needs_a_larger_margin_than_the_average(self, held: Result) -> None:
        pays = sides(held)["pays_from"]
        assert pays["now"] < pays["less"] < pays["more"]

    def test_it_is_said_with_known_margins_too(self, held: Result) -> None:
        known = tune(shop(), "common", settings={"margin": 0.3})
        assert said(held, "from a margin of") == said(known, "from a margin of") != []
        assert known.summary["what_if"].empty

    def test_without_revenue_it_is_in_orders(self) -> None:
        result = tune(shop().drop(columns="revenue"), "common")
        rows = sides(result)
        assert rows["pays_from"].isna().all()
        assert rows.loc["now", "order_costs"] == pytest.approx(rows.loc["now", "cpa"])
        assert rows.loc["less", "order_costs"] > rows.loc["now", "order_costs"]
        [line] = said(result, "an order costs")
        assert f"{rows.loc['now', 'order_costs']:,.2f}, in the last 10%" in line
        assert f"{rows.loc['less', 'order_costs']:,.2f}; 10% more" in line

    def test_spend_that_pays_at_no_margin_is_said_to(self) -> None:
        [line] = said(tune(shop().assign(revenue=shop()["revenue"] / 12), "common"), "Words whose bids")
        assert "they pay at no margin in all, the last 10% of the money at none" in line

    def test_only_money_that_follows_bids(self, tmp_path: Any) -> None:
        limited = shop().assign(campaign=np.where(shop()["keyword"].str[:5] == "loser", "limited", "plan"))
        (tmp_path / "budgets.csv").write_text("campaign,weekly_budget,limited\nlimited,,yes\n", "utf-8")
        free = account(words(20), words(4, "winner", conversions=3.5, revenue=350.0))
        assert sides(tune(limited, "common", tmp_path)).loc["now", "cost"] == pytest.approx(
            sides(tune(free, "common")).loc["now", "cost"]
        )

    @pytest.mark.parametrize(
        "facts", [words(5, status="paused"), words(5, conversions=0.0, revenue=0.0), words(5, biddable=False)]
    )
    def test_where_no_bid_moves_money_or_nothing_was_sold_nothing_is_said(self, facts: pd.DataFrame) -> None:
        result = tune(facts)
        assert result.summary["spend"].empty
        assert not said(result, "Words whose bids")


class TestSpendThatIsNotHeld:
    def test_what_loses_at_any_margin_is_cut_and_told(self) -> None:
        """Words that sell for half of what they cost, and nothing to take up their money."""
        facts = account(
            words(20, conversions=1.43, revenue=143.0),
            words(8, "loser", conversions=0.1, revenue=10.0, clicks=60.0, cost=60.0),
        )
        result = tune(facts, "common")
        rows = result.actions[result.actions["level"] == "keyword"]
        assert rows["cost_change"].sum() < -0.02 * rows["now_cost"].sum()
        [line] = said(result, "not held in full")
        assert f"changes by {rows['cost_change'].sum():+,.0f} a week" in line
        assert "even at a margin of 60%" in line

    def test_without_revenue_only_deletes_are_made_whatever_the_spend(self) -> None:
        hopeless = words(4, "hopeless", conversions=0.0, clicks=60.0, cost=60.0)
        facts = account(words(20, conversions=1.43), hopeless).drop(columns="revenue")
        result = tune(facts, "common")
        assert result.actions["action"].eq("delete").any()
        [line] = said(result, "not held in full")
        assert "even at 3 times the usual cost per order" in line

    def test_nothing_where_it_is_held_or_profit_is_the_goal(self, held: Result) -> None:
        assert not said(held, "not held in full")
        assert not said(tune(shop(), "common", settings={"margin": 0.2}), "not held in full")


def test_search_terms_have_no_bids_of_their_own_and_are_excluded() -> None:
    """Where only terms are given the sentences speak of terms."""
    terms = account(
        *(word("kettle", search_term=f"term{n}", level="search_term") for n in range(8)),
        word("kettle", search_term="waste", level="search_term", conversions=0.0, revenue=0.0, cost=60.0),
    )
    result = tune(terms)
    assert not said(result, "the spend is held")
    assert len(said(result, "only where they would lose even at a generous one")) == 1
    [line] = said(result, "These search terms cost about")
    assert line.endswith("in all")
    assert sides(result)["bids"].isna().tolist() == [True, False, True]
    assert not said(result, "Words whose bids")
    [lists] = said(result, "Were the margin")
    assert f"20%: {result.summary['what_if']['removed'].iloc[0]:.0f} excluded, cost" in lists
    assert result.summary["what_if"]["removed"].iloc[0] == 1


class TestTheListUnderOtherMargins:
    def test_it_is_the_list_that_the_margin_makes(self, held: Result) -> None:
        frame = held.summary["what_if"].set_index("margin")
        assert list(frame.index) == [0.2, 0.35, 0.5]
        for margin, row in frame.iterrows():
            actions = tune(shop(), "common", settings={"margin": margin}).actions
            change = actions["bid_change"]
            counts = [(change > 0).sum(), ((change < 0) & (change > -1)).sum(), (change == -1).sum()]
            assert row[["raised", "lowered", "removed"]].tolist() == counts
            assert row["cost_change"] == pytest.approx(actions["cost_change"].sum())
            assert row["revenue_change"] == pytest.approx(actions["revenue_change"].sum())
            assert row["expected_gain"] == pytest.approx(actions["expected_gain"].sum())

    def test_groups_and_deletes_are_in_it(self) -> None:
        facts = account(
            shop(),
            word("hopeless", conversions=0.0, revenue=0.0, clicks=40.0, cost=40.0),
            words(50, "small", ad_group="small", clicks=0.1, cost=0.3, conversions=0, revenue=0, bid=4.0),
        )
        row = tune(facts, "common").summary["what_if"].iloc[0]
        actions = tune(facts, "common", settings={"margin": 0.2}).actions
        alone, groups = actions[actions["level"] == "keyword"], actions[actions["level"] == "group"]
        assert len(groups)
        assert row["removed"] == (alone["action"] == "delete").sum() > 0
        assert row["lowered"] == (alone["action"] == "lower").sum()
        assert row["expected_gain"] == pytest.approx(actions["expected_gain"].sum())

    def test_it_is_said(self, held: Result) -> None:
        [line] = said(held, "Were the margin")
        row = held.summary["what_if"].iloc[0]
        up, down, gone = (int(row[name]) for name in ("raised", "lowered", "removed"))
        assert f"20%: {up} up, {down} down, {gone} deleted, cost {row['cost_change']:+,.0f};" in line

    def test_without_revenue_orders_are_worth_what_they_cost_and_more(self) -> None:
        facts = shop().drop(columns="revenue")
        frame = tune(facts, "common").summary["what_if"]
        usual = facts["cost"].sum() / facts["conversions"].sum()
        assert frame["order_worth"].tolist() == pytest.approx([usual, 1.5 * usual, 2 * usual])
        actions = tune(facts, "common", settings={"value_per_conversion": 2 * usual}).actions
        assert frame["raised"].iloc[2] == (actions["bid_change"] > 0).sum()
        assert frame["revenue_change"].isna().all()

    def test_margins_that_are_told_stay(self, tmp_path: Any) -> None:
        (tmp_path / "told.csv").write_text("keyword,margin\nloser0,90%\nloser1,90%\n", "utf-8")
        bare, told = (tune(shop(), "common", given).summary["what_if"].iloc[0] for given in ([], tmp_path))
        assert told["lowered"] == bare["lowered"] - 2
