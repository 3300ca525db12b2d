"""Budgets and learning through the whole pass: the list, its gate, its summary."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from accounts import account, words

from ppc_tuner import tune

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "zhitongche"
REPORT, ITEMS = SAMPLE / "关键词报表_20261102_091500.csv", SAMPLE / "items.csv"


@pytest.fixture(scope="module")
def free():
    return tune(REPORT, context=ITEMS, lang="en")


def test_a_budget_that_does_not_bind_changes_nothing(free):
    ample = tune(REPORT, context=ITEMS, settings={"weekly_budget": 1e8}, lang="en")
    pd.testing.assert_frame_equal(ample.actions, free.actions)
    pd.testing.assert_frame_equal(ample.summary["headline"], free.summary["headline"])
    assert free.summary["budgets"].empty
    [line] = ample.summary["budgets"].to_dict("records")
    now = free.actions["weekly_cost"].sum()
    assert line["now"] == pytest.approx(now)
    assert line["expected"] == pytest.approx(now + free.actions["cost_change"].sum())
    assert (line["budget"], line["multiplier"], line["last_earns"]) == (1e8, 1.0, 1.0)


def test_account_and_campaign_budgets_and_what_the_summary_shows(free, tmp_path):
    rows = free.actions
    spends = rows.groupby("campaign")["weekly_cost"].sum()
    name, now = spends.idxmax(), rows["weekly_cost"].sum()
    table = tmp_path / "budgets.csv"
    table.write_text(f"campaign,weekly_budget\n{name},{spends.max() * 0.8:.2f}\n", encoding="utf-8")
    account = {"weekly_budget": round(now * 0.9, 2)}
    result = tune(REPORT, context=[ITEMS, table], settings=account, lang="en")
    actions, lines = result.actions, result.summary["budgets"].set_index("campaign")
    ours = actions["campaign"] == name
    for campaign, chosen in (("", ours | True), (name, ours)):
        line, part = lines.loc[campaign], actions[chosen]
        assert line["now"] == pytest.approx(part["weekly_cost"].sum())
        assert line["expected"] == pytest.approx((part["weekly_cost"] + part["cost_change"]).sum())
        assert line["expected"] < line["now"]
        assert line["last_earns"] == pytest.approx(1 / line["multiplier"])
    assert actions.loc[ours, "budget_multiplier"].unique() == pytest.approx([lines.loc[name, "multiplier"]])
    assert lines.loc[name, "multiplier"] < lines.loc["", "multiplier"] < 1
    key = ["campaign", "item_id", "keyword", "match_type"]
    both = actions.merge(rows[[*key, "target_change"]], on=key, suffixes=("", "_free")).dropna(
        subset="target_change"
    )
    assert len(both) > 300
    assert (both["target_change"] < both["target_change_free"]).all()
    assert any("budget" in text for text in result.summary["headline"]["text_en"])
    result.save(tmp_path / "list.xlsx")
    cells = [
        row[0]
        for row in openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0].iter_rows(values_only=True)
    ]
    assert "Budgets" in cells
    assert "the whole account" in cells


def test_nothing_is_raised_where_the_daily_limit_is_hit(free, tmp_path):
    raised = free.actions[free.actions["action"] == "raise"]
    name = raised["campaign"].value_counts().idxmax()
    table = tmp_path / "budgets.csv"
    table.write_text(f"计划,撞线\n{name},是\n", encoding="utf-8")
    actions = tune(REPORT, context=[ITEMS, table], lang="en").actions
    ours = actions[actions["campaign"] == name]
    assert not (ours["action"] == "raise").any()
    stopped = ours[ours["rule"] == "budget-limited"]
    assert len(stopped) > 0
    assert "daily limit" in stopped["reason_en"].iloc[0]
    assert "限额" in stopped["reason_zh"].iloc[0]
    others = free.actions["campaign"] != name
    assert (actions.loc[actions["campaign"] != name, "action"] == "raise").sum() == (
        free.actions.loc[others, "action"] == "raise"
    ).sum()


def test_moves_made_to_learn_are_watched_counted_and_bounded(free):
    result = tune(REPORT, context=ITEMS, settings={"learn_budget": 0.002}, lang="en")
    actions = result.actions
    moved = actions[(actions["action"] == "watch") & (actions["bid_change"] != 0)]
    assert len(moved) > 0
    assert moved["bid_change"].between(0.01, 0.1).all()
    assert moved["reason_en"].str.contains("only to learn").all()
    assert moved["cost_change"].sum() <= 0.002 * actions["weekly_cost"].sum()
    acted = (~actions["action"].isin(["keep", "watch"])).sum() + len(moved)
    assert f"{acted} to act on" in result.summary["headline"]["text_en"].iloc[0]
    assert not ((free.actions["action"] == "watch") & (free.actions["bid_change"] != 0)).any()


def test_moves_made_to_learn_keep_within_the_budget_too(free):
    costs = free.actions["weekly_cost"].sum() + free.actions["cost_change"].sum()
    given = {"learn_budget": 0.01, "weekly_budget": costs}
    actions = tune(REPORT, context=ITEMS, settings=given, lang="en").actions
    assert (actions["weekly_cost"] + actions["cost_change"]).sum() <= costs + 1e-6


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The words of one item, half of them in a campaign that spends its limit every day."""
    table = tmp_path_factory.mktemp("budgets") / "budgets.csv"
    table.write_text("campaign,limited\nfull,yes\n", encoding="utf-8")
    facts = account(
        words(20, conversions=1.43, revenue=143.0),
        words(4, "winner", conversions=3.5, revenue=350.0),
        words(10, "beside", campaign="full", conversions=1.43, revenue=143.0),
        words(4, "loser", campaign="full", conversions=0.4, revenue=40.0),
    )
    return tune(facts, "common", table)


class TestACampaignAtItsDailyLimit:
    """What cuts there save is spent there again: it buys clicks and funds nothing else."""

    def test_a_cut_buys_more_clicks_for_the_same_money(self, found):
        rows = found.actions[found.actions["campaign"] == "full"]
        cut = rows[rows["bid_change"] < 0]
        assert set(cut["keyword"]) == {f"loser{number}" for number in range(4)}
        assert rows["cost_change"].abs().max() < 1e-9
        # By hand: the campaign goes on spending its money, at what its clicks cost after the cuts.
        x, eta = 1 + cut["bid_change"], cut["cpc_elasticity"]
        fall, lead = found.runs[0].settled.response.fall, (1 - eta) * np.log(x) / 2
        over = cut["click_elasticity"] * np.exp(fall * lead)
        others = rows[rows["bid_change"] == 0]
        clicks = others["now_clicks"].sum() + (cut["now_clicks"] * x**over).sum()
        cost = others["now_cost"].sum() + (cut["now_cost"] * x ** (over + eta)).sum()
        after = rows["now_cost"].sum() * clicks / cost
        assert cut["clicks_change"].sum() == pytest.approx(after - rows["now_clicks"].sum())
        assert cut["clicks_change"].sum() > 0
        # The bids below sell less, the words beside them more: in all the campaign sells more.
        assert cut["revenue_change"].sum() > 0
        gain = cut["revenue_change"] - cut["bar_roas"] * cut["cost_change"]
        assert cut["expected_gain"].sum() == pytest.approx(gain.sum())
        assert (cut["gain_low"] < cut["expected_gain"]).all()

    def test_it_says_so(self, found):
        row = found.actions.set_index("keyword").loc["loser0"]
        assert f"the same money buys {row['clicks_change']:,.0f} more clicks" in row["reason_en"]
        assert f"同样的钱多 {row['clicks_change']:,.0f} 个点击" in row["reason_zh"]
        cut = found.actions[found.actions["bid_change"] < 0]
        [line] = [text for text in found.summary["headline"]["text_en"] if "daily limit" in text]
        told = f"bring {cut['clicks_change'].sum():+,.0f} clicks and {cut['conversions_change'].sum():+,.1f}"
        assert line.startswith("full hits its daily limit: the 4 cuts there save no money")
        assert told in line

    def test_it_funds_nothing_else(self, found):
        """No cut is left in the other campaign, so nothing pays for raises there."""
        rows = found.actions[found.actions["campaign"] == "plan"]
        assert not (rows["bid_change"] > 0).any()
        assert set(rows.set_index("keyword").loc[[f"winner{n}" for n in range(4)], "rule"]) == {"spend-held"}

    def test_under_a_budget_neither(self, found, tmp_path):
        table = tmp_path / "budgets.csv"
        table.write_text("campaign,limited\nfull,yes\n", encoding="utf-8")
        facts = found.reading.facts
        spent = float(found.actions["weekly_cost"].sum())
        given = {"margin": 0.35, "weekly_budget": spent}
        rows = tune(facts, "common", table, given).actions
        assert (rows.loc[rows["campaign"] == "full", "bid_change"] < 0).any()
        assert (rows["weekly_cost"] + rows["cost_change"]).sum() <= spent + 1e-6
