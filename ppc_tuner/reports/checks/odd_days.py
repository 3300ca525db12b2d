"""Days that cannot be or are likely mistyped: backwards, in the future, far from all others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from ppc_tuner.reports.checks.check import Check, Finding, TableSeen, first_true
from ppc_tuner.text import Text

# Days so far from so many others, in so small a share of the rows, are likely mistyped.
FAR_DAYS, FAR_ROWS, FAR_FROM = 100, 0.01, 7


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
