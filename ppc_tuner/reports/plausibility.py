"""Figures that contradict each other: kept and told where they are few, refused where columns look swapped."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.columns import FACTS
from ppc_tuner.errors import InputError
from ppc_tuner.reports.results import Implausible
from ppc_tuner.text import Text

SHARE: Final = 0.05
# Orders counted on their own day stand beside other days' clicks: of many words with few clicks these are many rows.
SHARE_OF_ORDERS_ALONE: Final = 0.5
# One row that costs more than so many median rows, and more than all others together, is likely a slip.
OUTLIER: Final = 1000
# No currency has clicks dearer than this on average; bids lie within so many times the cost of a click.
DEAREST_CLICK, BID_TIMES = 100_000, 10_000
CLICKS_ABOVE: Final = Text("点击多于展现", "more clicks than impressions")
ORDERS_ALONE: Final = Text("没有点击却有成交", "orders without a click")
COST_ALONE: Final = Text("没有点击却有花费", "cost without a click")
NEGATIVE: Final = Text("负数", "a negative figure")
COST_BLANK: Final = Text("有点击而花费为空", "clicks and a blank cost")
SWAPPED_TO_DO: Final = Text(
    "多半是列名和内容错了位；核对表头与各列，或重新下载报表",
    "columns look swapped: compare header and columns, or download the report again",
)
TOTAL_TO_DO: Final = Text(
    "先核对这一行；若别的行也不对，多半是列错了位，重新下载报表",
    "check that row first; if others are wrong too, columns are likely swapped: download the report again",
)


def implausible_rows(facts: pd.DataFrame, where: str) -> tuple[Implausible, ...]:
    """Rows (index = source row) whose figures contradict each other.

    Raises InputError if more than 5 % of the rows (and more than one; of orders without a click more than half) or the
    totals break a rule.
    """
    rules = [(reason, mask) for reason, mask in _rules(facts) if mask.any()]
    odd = [(reason, mask) for reason, mask in (*rules, *_told_only(facts)) if mask.any()]
    for reason, mask in rules:
        broken = int(mask.sum())
        if broken > 1 and broken > _share_allowed(reason) * len(facts):
            raise _refused(reason, mask, facts, where)
    for reason, mask in rules:
        if _total_breaks(reason, facts):
            raise _refused(reason, mask, facts, where, in_total=True)
    found = [Implausible(int(row), reason) for reason, mask in odd for row in facts.index[mask.to_numpy()]]
    return tuple(sorted(found, key=lambda one: one.source_row))


def money_of_another_unit(facts: pd.DataFrame, where: str) -> tuple[Text, ...]:
    """A note where a click costs what none does in any currency, or bids are of another size than what clicks cost: micros."""
    clicks = float(facts["clicks"].sum()) if "clicks" in facts else 0.0
    cost = float(facts["cost"].sum()) if "cost" in facts else 0.0
    if clicks <= 0 or cost <= 0:
        return ()
    cpc, bid = cost / clicks, float(facts["bid"].median()) if "bid" in facts else float("nan")
    if cpc <= DEAREST_CLICK and not (bid > BID_TIMES * cpc or 0 < bid < cpc / BID_TIMES):
        return ()
    bids = Text(f"，出价中位数 {bid:,.2f}", f", the median bid is {bid:,.2f}") if bid > 0 else Text("", "")
    return (
        Text(
            f"{where}：平均点击花费 {cpc:,.2f}{bids.zh}；金额单位可能不是元（如百万分之一），请核对",
            f"{where}: a click costs {cpc:,.2f} on average{bids.en}; the money may be in another unit, such as millionths: check it",
        ),
    )


def _share_allowed(reason: Text) -> float:
    return SHARE_OF_ORDERS_ALONE if reason is ORDERS_ALONE else SHARE


def _rules(facts: pd.DataFrame) -> list[tuple[Text, pd.Series[bool]]]:
    rules: list[tuple[Text, pd.Series[bool]]] = []
    if {"clicks", "impressions"} <= set(facts.columns):
        rules.append((CLICKS_ABOVE, facts["clicks"] > facts["impressions"]))
    if {"clicks", "conversions"} <= set(facts.columns):
        rules.append((ORDERS_ALONE, (facts["conversions"] > 0) & (facts["clicks"] == 0)))
    if {"clicks", "cost"} <= set(facts.columns):
        rules.append((COST_BLANK, (facts["clicks"] > 0) & facts["cost"].isna()))
    sums = _sum_columns(facts)
    if sums:
        rules.append((NEGATIVE, (facts[sums] < 0).any(axis=1)))
    return rules


def _told_only(facts: pd.DataFrame) -> list[tuple[Text, pd.Series[bool]]]:
    """What is odd without saying that columns are swapped: some campaigns pay for impressions, one cell may be mistyped."""
    if "cost" not in facts:
        return []
    rules = [(COST_ALONE, (facts["cost"] > 0) & (facts["clicks"] == 0))] if "clicks" in facts else []
    paid = facts.loc[facts["cost"] > 0, "cost"]
    if len(paid) > 2:
        typical, largest = paid.median(), paid.max()
        if largest > OUTLIER * typical and largest > paid.sum() / 2:
            rules.append((_outlier(largest / typical, largest / paid.sum()), facts["cost"] == largest))
    return rules


def _outlier(times: float, share: float) -> Text:
    return Text(
        f"这一行花费是其他行中位数的 {times:,.0f} 倍，占全部花费的 {share:.1%}，请核对",
        f"this row's cost is {times:,.0f} times the median and {share:.1%} of all cost: check it",
    )


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


def _refused(
    reason: Text, mask: pd.Series[bool], facts: pd.DataFrame, where: str, in_total: bool = False
) -> InputError:
    row = facts.index[mask.to_numpy()][0]
    shown = ", ".join(
        f"{name} {facts.loc[row, name]:g}"
        for name in ("impressions", "clicks", "cost", "conversions")
        if name in facts
    )
    broken, rows = int(mask.sum()), len(facts)
    many = Text(f"{reason.zh}的行太多，列像是错位了", f"too many rows with {reason.en}: columns look swapped")
    total = Text(f"合计里{reason.zh}", f"the totals show {reason.en}")
    return InputError(
        total if in_total else many,
        where=f"{where}:{row}",
        found=Text(
            f"{rows} 行中有 {broken} 行；第一处 {shown}", f"{broken} of {rows} rows; the first: {shown}"
        ),
        expected=Text(
            f"不超过 {_share_allowed(reason):.0%} 的行，合计也不违反",
            f"at most {_share_allowed(reason):.0%} of the rows, and totals that agree",
        ),
        to_do=TOTAL_TO_DO if in_total else SWAPPED_TO_DO,
    )
