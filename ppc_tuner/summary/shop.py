"""店铺诊断 / Shop: targets, why revenue changed, pages, items to check, creatives, words that compete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.evidence import compared_creatives
from ppc_tuner.summary.revenue_change import revenue_change
from ppc_tuner.summary.run import Run
from ppc_tuner.text import Text

PAGE: Final = ("bounce_rate", "visit_depth", "page_grade", "page_aov", "shop_aov", "returning_share")
CHECKED: Final = ("bad_review", "copycat", "stock_days", "role", "season")
COMPETING: Final = (
    "keyword",
    "campaign",
    "ad_group",
    "clicks",
    "cost",
    "ctr",
    "cvr",
    "impression_profit",
    "p_beaten",
    "action",
)
MOST_WORDS: Final = 15


def shop(runs: Sequence[Run]) -> dict[str, pd.DataFrame]:
    """The frames of the sheet by name, each with platform, account and currency; empty if not known."""
    parts = {
        "shop_target": _target,
        "shop_change": _change,
        "shop_sources": _sources,
        "shop_pages": _pages,
        "shop_check": _check,
        "shop_creatives": _creatives,
        "shop_competing": _competing,
    }
    return {
        name: pd.concat([make(run).assign(**run.key) for run in runs], ignore_index=True)
        for name, make in parts.items()
    }


def shop_warnings(runs: Sequence[Run]) -> list[Text]:
    """What to know before reading the list: event days, targets, flattered pages, too many main items."""
    return [
        text
        for run in runs
        for text in (*_events_said(run), *_target_said(run), *_flattered(run), *_main_items(run))
    ]


def _days(run: Run) -> pd.DatetimeIndex:
    """The days of this period, those of events left out; none where the report holds no dates."""
    _, first, last, _, skipped = run.periods
    days = pd.DatetimeIndex([]) if pd.isna(last) else pd.date_range(first, last)
    usual: pd.DatetimeIndex = days[~days.isin(skipped)]
    return usual


def _target(run: Run) -> pd.DataFrame:
    """Revenue and orders against their targets: measure, days, target, actual, done (share), missing.

    One row each, only where a target covers days of this period.
    """
    targets = run.known.targets
    targets = targets[targets["date"].isin(_days(run))] if len(targets) else targets
    rows = run.spending
    found = []
    for name, column in (("target_revenue", "period_revenue"), ("target_orders", "period_conversions")):
        given = targets[name].notna() if len(targets) else pd.Series(dtype=bool)
        if given.any() and column in rows and rows[column].notna().any():
            share = float(given.sum()) / max(len(_days(run)), 1)
            # Only days that have a target are compared with it.
            wanted, actual = float(targets.loc[given, name].sum()), float(rows[column].sum()) * share
            found.append({"measure": name, "days": float(given.sum()), "target": wanted, "actual": actual})
    table = pd.DataFrame(found, columns=["measure", "days", "target", "actual"])
    return table.assign(
        done=table["actual"] / table["target"].where(table["target"] > 0),
        missing=table["actual"] - table["target"],
    )


def _source(rows: pd.DataFrame) -> pd.Series:
    """Channels where there are several, else campaigns."""
    several = "channel" in rows and len(rows["channel"].dropna().unique()) > 1
    name = "channel" if several else "campaign"
    return rows[name].fillna("") if name in rows else pd.Series("", index=rows.index)


def _change(run: Run) -> pd.DataFrame:
    rows = run.spending
    change = revenue_change(_without_unlearnt_delay(rows, run), _source(rows))
    return change if run.settled.delay.orders else change.assign(by_reporting=np.nan)


def _without_unlearnt_delay(rows: pd.DataFrame, run: Run) -> pd.DataFrame:
    """The rows as if all orders were known, where the account has not shown how they arrive.

    The platform's usual curve is right on average; times a shop's revenue it makes large sums of orders
    "still to come" out of nothing that the account has shown. They stay part of the change of conversion.
    """
    if run.settled.delay.orders or not {"period_exposure", "before_exposure"} <= set(rows):
        return rows
    return rows.assign(period_exposure=rows["period_clicks"], before_exposure=rows["before_clicks"])


def _sources(run: Run) -> pd.DataFrame:
    """What a visitor from each source is worth (A18, A29) and what a new customer costs (A24)."""
    rows = run.spending
    names = [
        name
        for name in ("clicks", "cost", "conversions", "revenue", "new_customers", "exposure")
        if name in rows
    ]
    sums = (
        rows.groupby(_source(rows).to_numpy(), sort=False)[names]
        .sum(min_count=1)
        .rename_axis("source")
        .reset_index()
    )
    if {"conversions", "exposure"} <= set(sums):
        sums["cvr_mature"] = sums["conversions"] / sums["exposure"].where(sums["exposure"] > 0)
    if "revenue" in sums:
        sums["rpc_raw"] = sums["revenue"] / sums["clicks"].where(sums["clicks"] > 0)
        sums["roas"] = sums["revenue"] / sums["cost"].where(sums["cost"] > 0)
    if "new_customers" in sums:
        sums["new_customer_cost"] = sums["cost"] / sums["new_customers"].where(sums["new_customers"] > 0)
    return sums.drop(columns=["exposure"], errors="ignore").sort_values(
        "cost", ascending=False, kind="stable", ignore_index=True
    )


def _by_item(run: Run, names: Sequence[str]) -> pd.DataFrame:
    """One row per item, the dearest first: those of `names` that are known, weekly_cost, weekly_clicks."""
    rows = run.spending
    keys = [name for name in ("item_id", "item") if name in rows and rows[name].notna().any()]
    known = [name for name in names if name in rows and rows[name].notna().any()]
    if not keys or not known:
        return pd.DataFrame(columns=["item", *names])
    grouped = rows.dropna(subset=keys[:1]).groupby(keys[0], sort=False)
    frame = grouped[[*keys[1:], *known]].first().join(grouped[["weekly_cost", "weekly_clicks"]].sum())
    return frame.reset_index().sort_values("weekly_cost", ascending=False, kind="stable", ignore_index=True)


def _pages(run: Run) -> pd.DataFrame:
    pages = _by_item(run, PAGE)
    if "page_grade" not in pages and "shop_aov" not in pages:
        return pages.iloc[:0]
    return pages[pages[[name for name in PAGE if name in pages]].notna().any(axis=1)]


def _check(run: Run) -> pd.DataFrame:
    """The items with most paid traffic, to be checked for bad reviews and copies (A21) and stock (A26)."""
    return _by_item(run, CHECKED).head(int(run.pack.settings["check_items"]))


def _creatives(run: Run) -> pd.DataFrame:
    creatives = run.known.creatives
    for name in ("campaign", "ad_group", "item_id"):
        known = set(run.facts[name].dropna()) if name in run.facts else set()
        creatives = creatives[creatives[name].isna() | creatives[name].isin(known)]
    return compared_creatives(creatives, float(run.pack.settings["creative_sure"]))


def _competing(run: Run) -> pd.DataFrame:
    """Words bought in several places, the dearest first; within a word, first the place that should win."""
    rows = run.spending
    if "places" not in rows or rows["places"].isna().all():
        return pd.DataFrame(columns=list(COMPETING))
    some = rows[rows["places"].notna()]
    spent = some.groupby("keyword")["cost"].transform("sum")
    order = some.assign(_spent=-spent, _profit=-some["impression_profit"]).sort_values(
        ["_spent", "keyword", "_profit"], kind="stable"
    )
    dearest = order["keyword"].drop_duplicates().head(MOST_WORDS)
    return order.loc[
        order["keyword"].isin(dearest), [name for name in COMPETING if name in order]
    ].reset_index(drop=True)


def _events_said(run: Run) -> list[Text]:
    events = run.events
    days = run.facts.loc[events, "date"].drop_duplicates().sort_values() if events.any() else []
    if not len(days):
        return []
    stepped = len(run.periods.skipped) > 0
    over = Text("，本期和上期都跳过", ", and are stepped over in both periods") if stepped else Text("", "")
    dates, more = [f"{day:%m-%d}" for day in list(days)[:10]], "…" if len(days) > 10 else ""
    return [
        Text(
            f"活动日 {len(days)} 天不作依据{over.zh}（{'、'.join(dates)}{more}）",
            f"{len(days)} event days count for nothing{over.en} ({', '.join(dates)}{more})",
        )
    ]


def _target_said(run: Run) -> list[Text]:
    lines = []
    for row in _target(run).to_dict("records"):
        noun = (
            Text("成交金额", "revenue") if row["measure"] == "target_revenue" else Text("成交笔数", "orders")
        )
        met = Text("达成", "met") if row["actual"] >= row["target"] else Text("没达成", "missed")
        actual, target, days = (f"{row[name]:,.0f}" for name in ("actual", "target", "days"))
        done = f"{row['done']:.0%}"
        lines.append(
            Text(
                f"{noun.zh}目标{met.zh}：{days} 天 {actual}，目标 {target}（{done}）；原因见“店铺诊断”",
                f"target of {noun.en} {met.en}: {actual} in {days} days against {target} ({done}); "
                "why, see Shop",
            )
        )
    return lines


def _flattered(run: Run) -> list[Text]:
    """Shops with many returning visitors pass the page marks by themselves (A15)."""
    pages, settings = _pages(run), run.pack.settings
    if not {"returning_share", "page_grade"} <= set(pages):
        return []
    many = pages["returning_share"] >= settings["returning_many"]
    bounce = pages.get("bounce_rate", pd.Series(np.nan, index=pages.index)) >= settings["returning_bounce"]
    depth = pages.get("visit_depth", pd.Series(np.nan, index=pages.index)) < settings["returning_depth"]
    weak = pages[many & (bounce | depth) & pages["page_grade"].ne("fail")]
    if weak.empty:
        return []
    first, share = str(weak.iloc[0]["item" if "item" in weak else "item_id"]), weak["returning_share"].iloc[0]
    return [
        Text(
            f"回头客占 {share:.0%}：及格线对这样的店偏松。{len(weak)} 个宝贝及格，"
            f"却不到回头客多的店通常的水平（跳失率低于 {settings['returning_bounce']:.0%}、"
            f"深度 {settings['returning_depth']:.1f}），先看“{first}”",
            f"{share:.0%} of visitors have been here before: the pass marks flatter such a shop. "
            f"{len(weak)} pages pass but miss what such shops show by themselves "
            f"(bounce below {settings['returning_bounce']:.0%}, depth {settings['returning_depth']:.1f}); "
            f"look at “{first}” first",
        )
    ]


def _main_items(run: Run) -> list[Text]:
    """One main item per category, two in a large shop (A9)."""
    rows, most = run.spending, int(run.pack.settings["main_items"])
    if not {"role", "item_id"} <= set(rows) or not rows["role"].eq("main").any():
        return []
    main = rows[rows["role"] == "main"]
    category = main["category"].fillna("") if "category" in main else pd.Series("", index=main.index)
    counted = main["item_id"].groupby(category).nunique()
    many = counted[counted > most]
    return [
        Text(
            f"类目“{name or '未写'}”有 {count} 个主推宝贝，一个类目推 {most} 个就够，流量会分散",
            f"category “{name or 'not given'}” has {count} main items; {most} is enough, "
            "or the traffic is scattered",
        )
        for name, count in many.items()
    ]
