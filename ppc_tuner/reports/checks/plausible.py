"""Figures that cannot be: more clicks than impressions, orders without clicks, rates that contradict them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import FACTS
from ppc_tuner.files import to_numbers
from ppc_tuner.reports.checks.check import Check, Finding, TableSeen, first_true
from ppc_tuner.reports.recognise import positions
from ppc_tuner.text import Text

SHARE: Final = 0.05
# Orders counted on their own day stand beside other days' clicks: with few clicks a word these are many rows.
SHARE_OF_ORDERS_ALONE: Final = 0.5
# One row that costs more than so many median rows, and more than all others together, is likely a slip.
OUTLIER: Final = 1000
# Rates rounded to five decimals are off by less than this share, in rows with so many clicks.
CTR_TOLERANCE, CTR_CLICKS = 0.05, 5
CLICKS_ABOVE: Final = Text("点击多于展现", "more clicks than impressions")
ORDERS_ALONE: Final = Text("没有点击却有成交", "orders without a click")
COST_ALONE: Final = Text("没有点击却有花费", "cost without a click")
NEGATIVE: Final = Text("负数", "a negative figure")
COST_BLANK: Final = Text("有点击而花费为空", "clicks and a blank cost")

Rules = list[tuple[Text, "pd.Series[bool]"]]


def _many_rows(seen: TableSeen) -> Iterator[Finding]:
    facts = seen.facts
    for reason, mask in _rules(seen):
        broken = int(mask.sum())
        if broken > 1 and broken > _share_allowed(reason) * len(facts):
            yield _contradiction(
                seen,
                reason,
                mask,
                Text(
                    f"{reason.zh}的行太多，列像是错位了",
                    f"too many rows with {reason.en}: columns look swapped",
                ),
                Text(
                    "多半是列名和内容错了位；核对表头与各列，或重新下载报表",
                    "columns look swapped: compare header and columns, or download the report again",
                ),
            )


def _totals(seen: TableSeen) -> Iterator[Finding]:
    for reason, mask in _rules(seen):
        if _total_breaks(reason, seen.facts):
            yield _contradiction(
                seen,
                reason,
                mask,
                Text(f"合计里{reason.zh}", f"the totals show {reason.en}"),
                Text(
                    "先核对这一行；若别的行也不对，多半是列错了位，重新下载报表",
                    "check that row first; if others are wrong too, columns are likely swapped: download "
                    "the report again",
                ),
            )


def _odd_rows(seen: TableSeen) -> Iterator[Finding]:
    odd = [
        Finding(reason, row=int(row))
        for reason, mask in (*_rules(seen), *_told_only(seen))
        for row in seen.facts.index[mask.to_numpy(dtype=bool)]
    ]
    yield from sorted(odd, key=lambda one: one.row or 0)


FIGURES_CONTRADICT: Final = Check(
    "figures-contradict",
    "refuse",
    Text(
        "列错位的报表，点击会被当作展现、花费当作成交，每个词的判断都不对",
        "in a report with swapped columns clicks would count as impressions or cost as orders: every word "
        "is misjudged",
    ),
    _many_rows,
)
TOTALS_CONTRADICT: Final = Check(
    "totals-contradict",
    "refuse",
    Text(
        "合计都不合常理，说明有一行写错得很大或列错了位，账户的平均值全被它带偏",
        "totals that cannot be show one badly mistyped row or swapped columns, and bend every average of "
        "the account",
    ),
    _totals,
)
ODD_ROW: Final = Check(
    "odd-row",
    "tell",
    Text(
        "真实报表里也有少数这样的行（退款、跨天成交），照样计入；但若是录入错误，那个词会判错",
        "real reports hold a few such rows (refunds, orders of another day), so they count; but if one is a "
        "slip, its "
        "word is misjudged",
    ),
    _odd_rows,
)


def _share_allowed(reason: Text) -> float:
    return SHARE_OF_ORDERS_ALONE if reason is ORDERS_ALONE else SHARE


def _rules(seen: TableSeen) -> Rules:
    """What contradicts itself, and in which rows; nothing of lists of bids, which hold no figures that
    count."""
    facts = seen.facts
    rules: Rules = []
    if facts.empty or not seen.is_report:
        return rules
    if {"clicks", "impressions"} <= set(facts.columns):
        rules.append((CLICKS_ABOVE, facts["clicks"] > facts["impressions"]))
    if {"clicks", "conversions"} <= set(facts.columns):
        rules.append((ORDERS_ALONE, (facts["conversions"] > 0) & (facts["clicks"] == 0)))
    if {"clicks", "cost"} <= set(facts.columns):
        rules.append((COST_BLANK, (facts["clicks"] > 0) & facts["cost"].isna()))
    negative = pd.Series(False, index=facts.index)
    for name in _sum_columns(facts):
        negative |= facts[name] < 0
    rules.append((NEGATIVE, negative))
    return [(reason, mask) for reason, mask in rules if mask.any()]


def _told_only(seen: TableSeen) -> Rules:
    """What is odd without saying that columns are swapped: campaigns may pay for impressions, a cell may be
    mistyped."""
    facts = seen.facts
    if facts.empty or not seen.is_report or "cost" not in facts:
        return []
    rules = [(COST_ALONE, (facts["cost"] > 0) & (facts["clicks"] == 0))] if "clicks" in facts else []
    paid = facts.loc[facts["cost"] > 0, "cost"]
    if len(paid) > 2:
        typical, largest = paid.median(), paid.max()
        if largest > OUTLIER * typical and largest > paid.sum() / 2:
            times, share = largest / typical, largest / paid.sum()
            slip = Text(
                f"这一行花费是其他行中位数的 {times:,.0f} 倍，占全部花费的 {share:.1%}，请核对",
                f"this row's cost is {times:,.0f} times the median and {share:.1%} of all cost: check it",
            )
            rules.append((slip, facts["cost"] == largest))
    return [(reason, mask) for reason, mask in rules if mask.any()]


def _sum_columns(facts: pd.DataFrame) -> list[str]:
    return [name for name in facts.columns if name in FACTS and FACTS[name].kind in ("count", "money")]


def _total_breaks(reason: Text, facts: pd.DataFrame) -> bool:
    sums = facts[_sum_columns(facts)].sum()
    if reason is CLICKS_ABOVE:
        return bool(sums["clicks"] > sums["impressions"])
    if reason is ORDERS_ALONE:
        return bool(sums["conversions"] > 0 and sums["clicks"] == 0)
    if reason is COST_BLANK:
        return bool(facts["cost"].isna().all())
    return bool((sums < 0).any())


def _contradiction(
    seen: TableSeen, reason: Text, mask: pd.Series[bool], problem: Text, to_do: Text
) -> Finding:
    facts, row = seen.facts, first_true(mask)
    shown = ", ".join(
        f"{name} {float(facts[name].loc[row]):g}"
        for name in ("impressions", "clicks", "cost", "conversions")
        if name in facts
    )
    broken, rows, allowed = int(mask.sum()), len(facts), _share_allowed(reason)
    return Finding(
        problem,
        where=f"{seen.where}:{row}",
        found=Text(
            f"{rows} 行中有 {broken} 行；第一处 {shown}", f"{broken} of {rows} rows; the first: {shown}"
        ),
        expected=Text(
            f"不超过 {allowed:.0%} 的行，合计也不违反",
            f"at most {allowed:.0%} of the rows, and totals that agree",
        ),
        to_do=to_do,
    )


def _stated_ctr(seen: TableSeen) -> Iterator[Finding]:
    # The rate itself is never used: it is computed anew from its sums.
    places = positions(seen.found.header.cells, seen.found.ways.ctr)
    facts = seen.facts
    if not places or not {"clicks", "impressions"} <= set(facts.columns):
        return
    stated = to_numbers(seen.body[places[0]], share=True, decimal=seen.found.ways.decimal or ".").values
    known = (facts["clicks"] >= CTR_CLICKS) & (facts["impressions"] > 0) & (stated > 0)
    if not known.any():
        return
    times = (stated * facts["impressions"] / facts["clicks"])[known].to_numpy(dtype=float)
    # As a fraction, or in per cent.
    rows = int(max((np.abs(times / unit - 1) < CTR_TOLERANCE).sum() for unit in (1.0, 100.0)))
    if rows * 2 < len(times):
        header = seen.found.header.cells[places[0]].strip()
        yield Finding(
            Text(
                f"“{header}”与 点击 ÷ 展现 对不上（{len(times):,} 行中只有 {rows:,} 行一致），"
                "核对各列是否错位",
                f"“{header}” is not clicks / impressions (it agrees in {rows:,} of {len(times):,} rows "
                "only): "
                "check that no columns are swapped",
            ),
            where=seen.where,
        )


CTR_DIFFERS: Final = Check(
    "ctr-differs",
    "tell",
    Text(
        "报表自己的点击率与点击、展现对不上，多半有一列读错了",
        "the report's own click-through rate does not follow from its clicks and impressions, so one of the "
        "columns is "
        "likely another than it seems",
    ),
    _stated_ctr,
)


def _orders_above_clicks(seen: TableSeen) -> Iterator[Finding]:
    facts = seen.facts
    if not seen.is_report or not {"clicks", "conversions"} <= set(facts.columns):
        return
    sold = facts[(facts["conversions"] > 0) & (facts["clicks"] > 0)]
    orders, clicks = float(facts["conversions"].sum()), float(facts["clicks"].sum())
    above = sold["conversions"] > sold["clicks"]
    if orders > clicks and above.mean() > 0.5:
        row = first_true(above)
        yield Finding(
            Text("成交比点击还多", "more orders than clicks"),
            where=f"{seen.where}:{row}",
            found=Text(
                f"合计成交 {orders:,.0f}、点击 {clicks:,.0f}；{above.mean():.0%} 的成交行都如此",
                f"{orders:,.0f} orders of {clicks:,.0f} clicks; so in {above.mean():.0%} of rows that sold",
            ),
            expected=Text("一次点击至多一笔成交", "at most about one order a click"),
            to_do=Text(
                "核对成交列是否是别的数（展现、加购、浏览）；只计购买这一种转化再下载",
                "check that the column is no other count (views, add-to-carts); download with "
                "purchases as the only conversion",
            ),
        )


ORDERS_ABOVE_CLICKS: Final = Check(
    "orders-above-clicks",
    "refuse",
    Text(
        "把别的数当成交，每个词看起来都值得加价",
        "with another count taken for orders every word looks worth a higher bid",
    ),
    _orders_above_clicks,
)


def _held(seen: TableSeen) -> Iterator[Finding]:
    for row, reason in seen.held.items():
        yield Finding(reason, where=f"{seen.where}:{row}")


BEYOND_BELIEF: Final = Check(
    "beyond-belief",
    "tell",
    Text(
        "一格多写几个零的成交金额就能让整份清单的收益和加价都变成假的",
        "one revenue with a few zeros too many would make every gain and raise of the list untrue",
    ),
    _held,
    on_top=True,
)
