"""Budgets: what they are, what is spent against them, and what the last money spent earns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ppc_tuner.bids.limits import at_limit
from ppc_tuner.live import is_live
from ppc_tuner.summary.run import Run
from ppc_tuner.text import Text


def budgets(run: Run) -> pd.DataFrame:
    """One row per budget: campaign (empty: the account), budget, now, expected, multiplier, last_earns.

    budget, now, expected: money a week; `expected` assumes that every recommendation is accepted.
    `multiplier`: what the targets of the words bound by this budget alone are multiplied by; for the account
    these are the words of campaigns without a budget of their own, where there are any, and the largest
    multiplier among them counts. `last_earns`: margin earned by the last unit of money spent on these words
    at their targets, 1 / multiplier; empty unless the objective is profit.
    """
    rows = run.spending
    campaign = rows["campaign"] if "campaign" in rows else pd.Series("", index=rows.index)
    own = campaign.isin(list(run.budget.campaigns))
    parts = [("", run.budget.account, pd.Series(True, index=rows.index), ~own if (~own).any() else own)]
    parts += [
        (name, limit, campaign.eq(name), campaign.eq(name)) for name, limit in run.budget.campaigns.items()
    ]
    lines = [
        {"campaign": name, "budget": limit, **_figures(rows[spent], rows[bound])}
        for name, limit, spent, bound in parts
        if np.isfinite(limit) and spent.any()
    ]
    frame = pd.DataFrame(lines)
    if frame.empty:
        return frame
    by_profit = run.pack.settings["objective"] == "profit" and rows["value_per_click"].notna().any()
    return frame.assign(last_earns=1 / frame["multiplier"] if by_profit else np.nan, **run.key)


def budget_said(run: Run) -> list[Text]:
    """A sentence if any budget binds or is overspent: about the first, and how many more there are."""
    frame = budgets(run)
    if frame.empty:
        return []
    bound = frame[(frame["multiplier"] < 1) | (frame["expected"] > frame["budget"])]
    if bound.empty:
        return []
    first = bound.iloc[0]
    who = Text(f"“{first['campaign']}”的预算", f"the budget of {first['campaign']}")
    if not first["campaign"]:
        who = Text("账户预算", "the account's budget")
    more = (
        Text(f"；另有 {len(bound) - 1} 个预算也不够", f"; budgets that bind besides: {len(bound) - 1}")
        if len(bound) > 1
        else Text("", "")
    )
    over = (
        Text("，一周降不到，下周接着降", ", which one week's steps do not reach")
        if first["expected"] > first["budget"]
        else Text("", "")
    )
    return [
        Text(
            f"{who.zh}每周 {first['budget']:,.0f}，现在约花 {first['now']:,.0f}，"
            f"全部采纳后约 {first['expected']:,.0f}{over.zh}；"
            f"目标价乘 {first['multiplier']:.2f}，为预算少赚的部分已计入预计收益{more.zh}",
            f"{who.en} is {first['budget']:,.0f} a week; some {first['now']:,.0f} is spent now, "
            f"{first['expected']:,.0f} if all is accepted{over.en}; targets are multiplied by "
            f"{first['multiplier']:.2f}, and what that costs in profit is in the expected gain{more.en}",
        )
    ]


def limited_said(run: Run) -> list[Text]:
    """Campaigns that hit their daily limit: what lower bids buy there for the same money."""
    rows = run.spending
    limited = rows[at_limit(rows) & is_live(rows)]
    if limited.empty:
        return []
    names = limited["campaign"].fillna("").unique().tolist() if "campaign" in limited else [""]
    named = Text(f"计划“{names[0]}”", f"{names[0]} hits its daily limit")
    if len(names) > 1:
        named = Text(f"{len(names):,} 个计划", f"{len(names):,} campaigns hit their daily limits")
    elif not names[0]:
        named = Text("账户", "the account hits its daily limit")
    cuts = limited[limited["bid_change"] < 0]
    clicks, orders = cuts["clicks_change"].sum(), cuts["conversions_change"].sum()
    what = Text("提价只会更早花完", "a raise would only spend it sooner")
    if len(cuts):
        span = Text("每周", "a week") if run.words["days"].notna().any() else Text("每期", "a period")
        what = Text(
            f"这里降价的 {len(cuts):,} 个词不省钱，也不给别处腾钱："
            f"同样的花费{span.zh}点击 {clicks:+,.0f}、成交 {orders:+,.1f} 笔",
            f"the {len(cuts):,} {'cut' if len(cuts) == 1 else 'cuts'} there save no money and fund nothing "
            f"else: for the same they bring {clicks:+,.0f} clicks and {orders:+,.1f} orders {span.en}",
        )
    return [Text(f"{named.zh}每天花到限额：{what.zh}", f"{named.en}: {what.en}")]


def _figures(spent: pd.DataFrame, bound: pd.DataFrame) -> dict[str, float]:
    now = float(spent["weekly_cost"].sum())
    multiplier = bound["budget_multiplier"].fillna(1.0).max() if "budget_multiplier" in bound else 1.0
    return {"now": now, "expected": now + float(spent["cost_change"].sum()), "multiplier": float(multiplier)}
