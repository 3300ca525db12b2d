"""The days a report speaks of: from its date columns, its preamble, or the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError, UsageError
from ppc_tuner.files import Days, HeadRow, to_days
from ppc_tuner.files.dates import BETWEEN
from ppc_tuner.reports.cells import DATE, refuse_wrong
from ppc_tuner.reports.formats import Conventions
from ppc_tuner.reports.results import TimeUnit
from ppc_tuner.text import Text

Day = date | str | pd.Timestamp
Period = tuple[Day, Day]
Span = tuple[pd.Timestamp, pd.Timestamp]
# A range of days within a sentence, such as `报表（2026-07-01至2026-07-07）` or `за период 01.08.2026 - 07.08.2026`.
DAY: Final = r"(?:20\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]20\d{2}|20\d{6})"
RANGE: Final = rf"(?<!\d)({DAY}{BETWEEN}{DAY})(?!\d)"
PERIOD_LABEL: Final = r"(?i)范围|期间|期間|period|range|report time"
DATES: Final[tuple[str, ...]] = ("date", "period_start", "period_end")


def day_of(day: Day, option: str) -> pd.Timestamp:
    """A day given by the caller. Raises UsageError where it is none."""
    days = to_days(pd.Series([str(day)[:10]], dtype="str"))
    if days.start.isna().any():
        raise UsageError(
            Text(f"{option} 不是日期", f"{option} is no date"),
            found=str(day),
            expected="2026-07-04",
            to_do=Text("写成 年-月-日", "write it as year-month-day"),
        )
    return pd.Timestamp(days.start.iloc[0])


def span_of(period: Period) -> Span:
    """First and last day given by the caller. Raises UsageError where they are none, or the wrong way round."""
    first, last = day_of(period[0], "--period"), day_of(period[1], "--period")
    if last < first:
        raise UsageError(
            Text("--period 的结束早于开始", "--period ends before it starts"),
            found=f"{first:%Y-%m-%d}..{last:%Y-%m-%d}",
            expected="2026-07-01..2026-07-07",
            to_do=Text("把两个日期对调", "swap the two dates"),
        )
    return first, last


def row_days(
    cells: Mapping[str, pd.Series[str]], headers: Mapping[str, str], where: str, ways: Conventions
) -> Days | None:
    """First and last day of every row from its date columns; None where there are none or all are blank.

    `cells`: the raw date, period_start and period_end columns the report has. Raises InputError at file:row.
    """
    read = {name: to_days(column, ways.date_formats, ways.date_order) for name, column in cells.items()}
    for name, days in read.items():
        refuse_wrong(days.wrong, cells[name], headers[name], where, DATE)
    if not read:
        return None
    first = read.get("date") or read.get("period_start") or read["period_end"]
    last = read.get("date") or read.get("period_end") or read["period_start"]
    if "date" in read and "period_start" in read:
        return _either(read)
    if first.start.isna().all():
        return None
    _refuse_blank(first.start, where, headers)
    return Days(first.start, last.end.fillna(first.end), first.wrong)


def preamble_days(
    rows: Sequence[HeadRow], header: HeadRow, ways: Conventions
) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """The dates written above the header, if any: a range, else a day that stands alone or is called a period.

    A label before them (`Report Time: `, `1. 时间范围：`) is no part of them; a single day behind another label, such as
    the time of writing, is no period. Where no line is a range, one within a line is looked for.
    """
    above = [cell for row in rows if row.row < header.row for cell in (*row.cells, ", ".join(row.cells))]
    if not above:
        return None
    text = pd.Series(above, dtype="str").str.normalize("NFKC").str.strip(" ,")
    label = text.str.extract(r"^(?P<label>[^:]*:)?\s*(?P<rest>.*)$")
    days = to_days(label["rest"], ways.date_formats, ways.date_order)
    known = days.start.notna() & ~days.wrong
    alone = label["label"].isna() | label["label"].str.contains(PERIOD_LABEL, regex=True).fillna(False)
    for found in (known & label["rest"].str.contains(BETWEEN), known & alone.astype(bool)):
        if found.any():
            return pd.Timestamp(days.start[found].iloc[0]), pd.Timestamp(days.end[found].iloc[0])
    within = to_days(text.str.extract(RANGE)[0].dropna(), ways.date_formats, ways.date_order)
    known = within.start.notna() & ~within.wrong
    return (within.start[known].iloc[0], within.end[known].iloc[0]) if known.any() else None


def activity_to_period(days: Days, unique: bool) -> Days:
    """Rows that say only their first and last active day: one period for all, if rows are unique without it."""
    if not unique:
        return days
    every = (
        pd.Series(days.start.min(), index=days.start.index),
        pd.Series(days.end.max(), index=days.end.index),
    )
    return Days(every[0], every[1], days.wrong)


def date_columns(days: Days | None) -> tuple[dict[str, pd.Series], TimeUnit]:
    """The canonical date columns: `date` where every row is one day, else the period's ends."""
    if days is None:
        return {}, "undated"
    if (days.start == days.end).all():
        return {"date": days.start}, "day"
    return {"period_start": days.start, "period_end": days.end}, "summary"


def refuse_future(days: Days, limit: pd.Timestamp, where: str) -> None:
    """InputError where a day lies after `limit`."""
    late = (days.end > limit) | (days.start > limit)
    if not late.any():
        return
    row = late.index[late.to_numpy()][0]
    raise InputError(
        Text("日期在未来", "a date lies in the future"),
        where=f"{where}:{row}",
        found=f"{days.end.loc[row]:%Y-%m-%d}",
        expected=Text(f"不晚于 {limit:%Y-%m-%d}", f"not after {limit:%Y-%m-%d}"),
        to_do=Text("检查日期列和电脑的时钟；若要按过去的某天算，用 --as-of", "check the date column and this computer's clock; to judge as of another day use --as-of"),
    )  # fmt: skip


def _either(read: Mapping[str, Days]) -> Days:
    day, start, end = read["date"], read["period_start"], read.get("period_end", read["period_start"])
    return Days(day.start.fillna(start.start), day.end.fillna(end.end), day.wrong)


def _refuse_blank(start: pd.Series[pd.Timestamp], where: str, headers: Mapping[str, str]) -> None:
    header = next(iter(headers.values()), "")
    blank = start.isna()
    if blank.any():
        refuse_wrong(blank, pd.Series("", index=start.index, dtype="str"), header, where, DATE)
