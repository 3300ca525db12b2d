"""Every number in a sentence of the summary is one of the list's, and nothing is said over nothing."""

from __future__ import annotations

from typing import Any

import hypothesis
import numpy as np
import pandas as pd
import pytest
from accounts import ALL_IN, account, word, words
from hypothesis import strategies as st

from ppc_tuner import tune
from ppc_tuner.errors import InputError
from ppc_tuner.listing import Result
from ppc_tuner.sheets.summary_tables import burners_said
from ppc_tuner.summary import acted_on

SCALES = (1e-3, 1.0, 1e6)


@st.composite
def accounts_drawn(draw: st.DrawFn) -> pd.DataFrame:
    """Accounts of a few words: tiny, huge, undated, without revenue or orders, paused, too new."""
    scale = draw(st.sampled_from(SCALES))
    parts = []
    for number in range(draw(st.integers(1, 5))):
        clicks = draw(st.sampled_from([0.0, 1.0, 20.0, 400.0]))
        orders = draw(st.sampled_from([0.0, 0.02, 0.1])) * clicks
        figures: dict[str, Any] = {
            "clicks": clicks, "impressions": clicks * 30 + 1, "cost": clicks * scale, "conversions": orders,
            "revenue": orders * 90 * scale, "bid": 2 * scale,
            "status": draw(st.sampled_from(["live", "live", "paused"])),
        }  # fmt: skip
        parts.append(word(f"word{number}", draw(st.sampled_from([1, 9])), **figures))
    facts = account(*parts)
    if draw(st.booleans()):
        facts = facts.drop(columns="revenue")
    if draw(st.booleans()):
        facts = facts.groupby("keyword", as_index=False).last().drop(columns="date")
    if draw(st.booleans()):
        facts = facts.assign(status="paused")
    return facts


def headline(result: Result) -> list[str]:
    return result.summary["headline"]["text_en"].tolist()


def said(result: Result, part: str) -> list[str]:
    return [line for line in headline(result) if part in line]


@hypothesis.settings(max_examples=20, deadline=None)
@hypothesis.given(accounts_drawn())
def test_the_numbers_of_the_sentences_are_those_of_the_frames(facts: pd.DataFrame) -> None:
    try:
        result = tune(facts, settings={"margin": 0.35})
    except InputError:
        # Money that looks like millionths is refused.
        hypothesis.reject()
    moved = result.actions[acted_on(result.actions)]
    in_profit = moved["gain_unit"].eq("profit")
    profit, others = moved.loc[in_profit, "expected_gain"], moved[~in_profit]
    rows = result.actions[result.actions["level"] == "keyword"]
    acted = acted_on(rows)
    [counts] = said(result, " to act on")
    assert f" {len(rows):,} word" in counts
    assert f" {acted.sum():,} to act on" in counts
    assert ("of profit" in counts) == bool(profit.notna().any())
    if profit.notna().any():
        assert f"{profit.sum():+,.0f} CNY of profit" in counts
    # Without revenue a margin cannot be applied: what is expected is said in cost and orders.
    assert ("of cost, " in counts) == bool(others["expected_gain"].notna().any())
    if others["expected_gain"].notna().any():
        assert f"{others['cost_change'].sum():+,.0f} CNY of cost" in counts
        assert f"{others['conversions_change'].sum():+,.1f} orders" in counts
    no_order = bool(said(result, "there is not one order on the rows"))
    assert no_order == (facts["conversions"].sum() == 0)
    paused = rows[(rows["status"] == "paused") & (rows["cost"] > 0)]
    told = said(result, "paused")
    assert bool(told) == bool(len(paused))
    if told:
        assert f"of the cost of {rows['cost'].sum():,.2f}, {paused['cost'].sum():,.2f} is" in told[0]
    total, shown = result.summary["burners_total"], result.summary["burners"]
    wasted = rows[(rows["conversions"] == 0) & (rows["cost"] > 0) & (rows["status"] != "paused")]
    assert len(total) == bool(len(wasted))
    assert len(shown) == len(wasted)
    if len(wasted):
        sentence = burners_said(shown, total, "CNY").en
        assert f"{len(wasted):,} word" in sentence
        assert f"spent {wasted['cost'].sum():,.2f} without" in sentence
    assert not any("nan" in line or "NaT" in line or "inf " in line for line in headline(result))
    assert not said(result, "as a whole") or rows["orders_usual"].sum() >= 10


@hypothesis.settings(max_examples=12, deadline=None)
@hypothesis.given(accounts_drawn())
def test_so_are_those_of_more_and_less_spend_and_of_other_margins(facts: pd.DataFrame) -> None:
    try:
        result = tune(facts)
    except InputError:
        hypothesis.reject()
    frame, lists = result.summary["spend"], result.summary["what_if"]
    lines, others = said(result, "Words whose bids"), said(result, "Were ")
    assert len(lines) == bool(len(frame))
    assert len(others) == bool(len(lists))
    if lines:
        side = frame.set_index("spend")
        now, name = side.loc["now"], "revenue" if side["revenue"].notna().any() else "conversions"
        assert f"cost about {now['cost']:,.0f} " in lines[0]
        for words_of, row in (("10% more", side.loc["more"]), ("10% less", side.loc["less"])):
            told = f"{row[name] - now[name]:+,.{0 if name == 'revenue' else 1}f}"
            assert (f"{words_of} (all bids {row['bids']:+.0%}) would bring {told}" in lines[0]) == bool(
                np.isfinite(row["bids"])
            )
        assert ("they pay at no margin in all" in lines[0]) == bool(now["pays_from"] >= 1)
    for line in lists.to_dict("records"):
        moved = (line["raised"], line["lowered"], line["removed"])
        assert f": {moved[0]:.0f} up, {moved[1]:.0f} down, {moved[2]:.0f} deleted" in others[0]
        assert f"cost {line['cost_change']:+,.0f}" in others[0]
    rows = result.actions[result.actions["level"] == "keyword"]
    fall = rows["cost_change"].sum()
    for line in said(result, "not held in full"):
        assert fall < -0.02 * rows["now_cost"].sum()
        assert f"changes by {fall:+,.0f} " in line
    if said(result, "the spend is held") and not said(result, "not held in full"):
        assert abs(fall) <= 0.02 * rows["now_cost"].sum() + 1e-9
    shown = [*headline(result), *result.summary["headline"]["text_zh"]]
    assert not any("nan" in line or "inf " in line for line in shown)
    # What nobody bids on next week pays from no margin, and no list would change it.
    if (result.actions["status"] == "paused").all():
        assert not lines
        assert not others


class TestOrdersOfDaysThatDoNotCountYet:
    def test_they_are_told_and_when_they_will_count(self) -> None:
        """Amazon's newest two days are no evidence: 29 March counts three days later."""
        facts = word("a", days=1, platform="amazon_ads", conversions=5.0, clicks=40.0, revenue=500.0)
        result = tune(facts.assign(exported_on=pd.Timestamp("2026-03-30")))
        [line] = said(result, "no evidence yet")
        assert line.startswith("the 5 orders of this report")
        assert "2026-04-01 or later" in line
        assert not said(result, "not one order")

    def test_nothing_is_said_of_what_ads_sell(self) -> None:
        facts = word("a", days=1, platform="amazon_ads", conversions=5.0, clicks=40.0, revenue=500.0)
        result = tune(facts.assign(exported_on=pd.Timestamp("2026-03-30")))
        assert not said(result, "sell for less")
        assert not said(result, "Words whose bids")

    def test_where_they_count_nothing_is_said(self) -> None:
        facts = word("a", days=1, platform="amazon_ads", conversions=5.0, clicks=40.0, revenue=500.0)
        assert facts["exported_on"].eq(ALL_IN).all()
        assert not said(tune(facts), "no evidence yet")


def test_one_click_is_no_reason_to_move_all_bids() -> None:
    one = word("a", days=1, clicks=1.0, cost=40.0, conversions=0.0, revenue=0.0, bid=50.0)
    assert not said(tune(account(one, words(1, days=1, clicks=1.0))), "as a whole")


@pytest.mark.parametrize("word_count", [2, 12])
def test_words_with_orders_are_no_burners(word_count: int) -> None:
    summary = tune(words(word_count)).summary
    assert summary["burners"].empty
    assert summary["burners_total"].empty


def test_orders_still_to_come_are_left_out_where_their_curve_was_not_learnt() -> None:
    """The newest week's orders are not all in; no other export has shown how many come later."""
    facts = words(8).assign(exported_on=pd.Timestamp("2026-03-30"))
    change = tune(facts).summary["shop_change"]
    assert len(change)
    assert change["by_reporting"].isna().all()
    parts = change[["by_visitors", "by_conversion", "by_order_value"]].sum(axis=1)
    assert np.allclose(parts, change["change"])
