"""Money in another unit than it seems: millionths, as interfaces write them, and clicks dearer than any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd

from ppc_tuner.reports.checks.check import Check, Finding, TableSeen
from ppc_tuner.text import Text

# No currency has clicks dearer than this on average; bids lie within so many times the cost of a click.
DEAREST_CLICK, BID_TIMES = 100_000, 10_000
# Of these a click may cost 100,000: one unit is worth less than a thousandth of a dollar.
SMALL_MONEY: Final = ("VND", "IDR", "IRR", "LAK", "UZS", "GNF", "PYG", "KHR", "LBP", "SLL", "COP", "STN")
# Interfaces write these in millionths as they do cost; revenue comes in whole units beside it.
PRICES_OF_CLICKS: Final = ("bid", "market_cpc")


def _money_unit(seen: TableSeen) -> Iterator[Finding]:
    facts = seen.facts
    clicks = float(facts["clicks"].sum()) if "clicks" in facts else 0.0
    cost = float(facts["cost"].sum()) if "cost" in facts else 0.0
    if clicks <= 0 or cost <= 0:
        return
    cpc, bid = cost / clicks, float(facts["bid"].median()) if "bid" in facts else float("nan")
    if cpc <= DEAREST_CLICK and not (bid > BID_TIMES * cpc or 0 < bid < cpc / BID_TIMES):
        return
    bids = Text(f"，出价中位数 {bid:,.2f}", f", the median bid is {bid:,.2f}") if bid > 0 else Text("", "")
    yield Finding(
        Text(
            f"平均点击花费 {cpc:,.2f}{bids.zh}；金额单位可能不是元（如百万分之一），请核对",
            f"a click costs {cpc:,.2f} on average{bids.en}; the money may be in another unit, such as "
            "millionths: check it",
        ),
        where=seen.where,
    )


def usual_click_cost(facts: pd.DataFrame) -> float:
    """Median cost of a click over the rows, a single one of which may be a slip; NaN where none tells it."""
    if not {"clicks", "cost"} <= set(facts.columns) or not len(facts):
        return float("nan")
    return float((facts["cost"] / facts["clicks"].where(facts["clicks"] > 0)).median())


def in_millionths(facts: pd.DataFrame) -> tuple[str, ...]:
    """The columns of money that look like millionths; none where clicks cost no more than they may in some
    currency of these rows."""
    small = facts["currency"].isin(SMALL_MONEY).all() if "currency" in facts else False
    if small or not usual_click_cost(facts) > DEAREST_CLICK:
        return ()
    dear = [name for name in PRICES_OF_CLICKS if name in facts and facts[name].median() > DEAREST_CLICK / 10]
    return ("cost", *dear)


def _headers(seen: TableSeen, columns: Sequence[str]) -> Text:
    headers = [seen.header_of(name) for name in columns if name in seen.found.match.columns]
    return Text("和".join(f"“{one}”" for one in headers), " and ".join(f"“{one}”" for one in headers))


def _millionths(seen: TableSeen) -> Iterator[Finding]:
    columns = in_millionths(seen.facts) if seen.is_report else ()
    if not columns or seen.options.money_unit is not None:
        return
    cpc, headers = usual_click_cost(seen.facts), _headers(seen, columns)
    yield Finding(
        Text("金额像是百万分之一", "the money looks like millionths"),
        where=f"{seen.where}:{seen.found.header.row}",
        found=Text(f"一次点击花费 {cpc:,.2f}（中位数）", f"a click costs {cpc:,.2f} (median)"),
        expected=Text("以元等货币单位写的花费", "cost in whole units of the currency"),
        to_do=Text(
            f"若是，加 --money-unit millionths，{headers.zh}就除以 1,000,000 再用；"
            "若一次点击真这么贵，加 --money-unit whole",
            f"if so give --money-unit millionths, and {headers.en} will be divided by 1,000,000; if clicks "
            "do cost that much, --money-unit whole",
        ),
    )


def _divided(seen: TableSeen) -> Iterator[Finding]:
    if seen.divided:
        cpc, headers = usual_click_cost(seen.facts), _headers(seen, seen.divided)
        yield Finding(
            Text(
                f"{headers.zh}按百万分之一读：除以 1,000,000 后一次点击花费 {cpc:,.2f}（中位数）",
                f"{headers.en} taken as millionths: divided by 1,000,000, so that a click costs {cpc:,.2f} "
                "(median)",
            ),
            where=seen.where,
        )


MONEY_DIVIDED: Final = Check(
    "money-divided",
    "tell",
    Text(
        "金额是百万分之一是用户说的：说错了，花费和出价就小了一百万倍",
        "that the money is in millionths is what the user says: if it is not, cost and bids are a million "
        "times too small",
    ),
    _divided,
    on_top=True,
)


MILLIONTHS: Final = Check(
    "money-in-millionths",
    "refuse",
    Text(
        "按元读的百万分之一会把每个词都判成亏损百万，全部删掉",
        "millionths read as whole units make every word lose millions, and all would be deleted",
    ),
    _millionths,
)
MONEY_UNIT: Final = Check(
    "money-unit",
    "tell",
    Text(
        "接口导出的金额常以百万分之一或分为单位，按元读会把花费和出价放大许多倍",
        "exports of an interface often hold millionths or cents; taken for whole units they make cost and "
        "bids many "
        "times too large",
    ),
    _money_unit,
    on_top=True,
)
