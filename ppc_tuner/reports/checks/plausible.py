"""Figures and days that cannot be: more clicks than impressions, money in another unit, days in the future,
weeks that look like days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
# No currency has clicks dearer than this on average; bids lie within so many times the cost of a click.
DEAREST_CLICK, BID_TIMES = 100_000, 10_000
# Of these a click may cost 100,000: one unit is worth less than a thousandth of a dollar.
SMALL_MONEY: Final = ("VND", "IDR", "IRR", "LAK", "UZS", "GNF", "PYG", "KHR", "LBP", "SLL", "COP", "STN")
# Interfaces write these in millionths as they do cost; revenue comes in whole units beside it.
PRICES_OF_CLICKS: Final = ("bid", "market_cpc")
# Rates rounded to five decimals are off by less than this share, in rows with so many clicks.
CTR_TOLERANCE, CTR_CLICKS = 0.05, 5
# Days so far from so many others, in so small a share of the rows, are likely mistyped.
FAR_DAYS, FAR_ROWS, FAR_FROM = 100, 0.01, 7
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


def _backwards(seen: TableSeen) -> Iterator[Finding]:
    days = seen.row_days
    if days is None:
        return
    backwards = days.end < days.start
    if backwards.any():
        row = first_true(backwards)
        yield Finding(
            Text("一行的结束日期早于开始日期", "a row ends before it starts"),
            where=f"{seen.where}:{row}",
            found=f"{days.start.loc[row]:%Y-%m-%d}..{days.end.loc[row]:%Y-%m-%d}",
            expected=Text("开始不晚于结束", "a start not after the end"),
            to_do=Text(
                "检查两列日期是否写反，或重新下载报表",
                "check whether the two columns are swapped, or download again",
            ),
        )


PERIOD_BACKWARDS: Final = Check(
    "row-ends-before-it-starts",
    "refuse",
    Text(
        "这样的时间段里没有一天：花费和成交无法算到任何日子",
        "such a period holds no day, so its cost and orders could be given to none",
    ),
    _backwards,
)


def _future(seen: TableSeen) -> Iterator[Finding]:
    days, limit = seen.days, seen.options.limit
    if days is None:
        return
    late = (days.end > limit) | (days.start > limit)
    if late.any():
        row = first_true(late)
        yield Finding(
            Text("日期在未来", "a date lies in the future"),
            where=f"{seen.where}:{row}",
            found=f"{days.end.loc[row]:%Y-%m-%d}",
            expected=Text(f"不晚于 {limit:%Y-%m-%d}", f"not after {limit:%Y-%m-%d}"),
            to_do=Text(
                "检查日期列和电脑的时钟；若要按过去的某天算，用 --as-of",
                "check the date column and this computer's clock; to judge as of another day use --as-of",
            ),
        )


DAY_IN_FUTURE: Final = Check(
    "day-in-future",
    "refuse",
    Text(
        "“最近几天”从最后一天往回数：一个写错的未来日期会让真正最近的数据全被当成旧的",
        "recent days are counted back from the last one: a mistyped day in the future would make all real "
        "data look old",
    ),
    _future,
)


def _after_download(seen: TableSeen) -> Iterator[Finding]:
    given, last = seen.options.exported_on, seen.last_day
    if given is None or last is None or last <= given:
        return
    yield Finding(
        Text("报表里有下载日之后的数据", "the report holds days after its download"),
        where=seen.where,
        found=Text(f"数据到 {last:%Y-%m-%d}", f"figures until {last:%Y-%m-%d}"),
        expected=Text(f"不晚于 --exported-on {given:%Y-%m-%d}", f"none after --exported-on {given:%Y-%m-%d}"),
        to_do=Text("改正 --exported-on，或去掉它", "correct --exported-on, or leave it out"),
    )


DAYS_AFTER_DOWNLOAD: Final = Check(
    "days-after-download",
    "refuse",
    Text(
        "下载日决定最近几天的成交还差多少：写早了，成交会被当成已经齐了",
        "the day of download says how many orders of the last days are still to come, and which of two "
        "exports is newer: "
        "a wrong one makes late orders look complete",
    ),
    _after_download,
)


def _far_days(seen: TableSeen) -> tuple[pd.Series[bool], bool] | None:
    """The few rows whose days lie far from all others, and whether they are the latest; None without such."""
    days = seen.days
    if days is None or not seen.is_report or not len(seen.facts):
        return None
    ends = days.end.loc[seen.facts.index]
    held = ends.value_counts().sort_index()
    gaps = held.index.to_series().diff().dt.days
    if not gaps.max() >= FAR_DAYS:
        return None
    after = ends >= gaps.idxmax()
    most = held.index[(held.index >= gaps.idxmax()) == (after.sum() > (~after).sum())]
    # Days that lie scattered have no rest from which one could be far.
    if len(most) < FAR_FROM or (most.max() - most.min()).days >= gaps.max():
        return None
    few = max(1.0, FAR_ROWS * len(ends))
    if after.sum() <= few < (~after).sum():
        return after, True
    return (~after, False) if (~after).sum() <= few < after.sum() else None


def _days_far_before(seen: TableSeen) -> Iterator[Finding]:
    far = _far_days(seen)
    if far is not None and seen.days is not None and not far[1]:
        row = first_true(far[0])
        day = f"{seen.days.end.loc[row]:%Y-%m-%d}"
        yield Finding(
            Text(
                f"第 {row} 行是 {day}，比其余的日期早得多，像是写错的日期；超出回看天数的不作判断依据",
                f"row {row} is of {day}, long before all other days: likely a mistyped date; days beyond "
                "the look-back are no evidence",
            ),
            where=seen.where,
        )


def _days_far_after(seen: TableSeen) -> Iterator[Finding]:
    far = _far_days(seen)
    if far is not None and seen.days is not None and far[1]:
        row = first_true(far[0])
        others = far[0].index[~far[0].to_numpy(dtype=bool)]
        last = f"{seen.days.end.loc[others].max():%Y-%m-%d}"
        yield Finding(
            Text("个别行的日期比其余的晚得多", "a few rows are dated long after all others"),
            where=f"{seen.where}:{row}",
            found=f"{seen.days.end.loc[row]:%Y-%m-%d}",
            expected=Text(f"接近其余的日期（到 {last}）", f"a day near the others (to {last})"),
            to_do=Text(
                "改正或删掉这一行；若日期没错，只下载最近一段再读",
                "correct or remove that row; if the date is right, download the latest days alone",
            ),
        )


DAYS_FAR_BEFORE: Final = Check(
    "days-far-before",
    "tell",
    Text(
        "Excel 把空格子变成 1900 年；写错的老日期若算进时间跨度，近期的成交就显得又旧又少",
        "Excel turns an empty cell into the year 1900; a mistyped old day would stretch the time in view",
    ),
    _days_far_before,
    on_top=True,
)
DAYS_FAR_AFTER: Final = Check(
    "days-far-after",
    "refuse",
    Text(
        "“最近几天”从最后一天往回数：一个写错的晚日期会让其余的数据都不再算数",
        "recent days are counted back from the last: one mistyped late day would leave all the others out",
    ),
    _days_far_after,
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
