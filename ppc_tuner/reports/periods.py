"""The days a report speaks of: from its date columns, its preamble, or the person; and the day it was
downloaded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError, UsageError
from ppc_tuner.files import Days, HeadRow, to_days
from ppc_tuner.files.dates import BETWEEN
from ppc_tuner.reports.cells import DATE, refuse_wrong
from ppc_tuner.reports.recognise import Conventions
from ppc_tuner.reports.results import Span, TimeUnit
from ppc_tuner.text import Text

Day = date | str | pd.Timestamp
Period = tuple[Day, Day]
# A range of days within a sentence, such as `报表（2026-07-01至2026-07-07）` or `за период 01.08.2026 -
# 07.08.2026`.
DAY: Final = r"(?:20\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}[日.]?|\d{1,2}[-/.]\d{1,2}[-/.]20\d{2}|20\d{6})"
RANGE: Final = rf"(?<!\d)({DAY}{BETWEEN}{DAY})(?!\d)"
# Labels of two lines, the first and the last day each on its own.
FIRST_LABEL: Final = r"(?i)\bstart|\bfrom\b|开始|起始"
LAST_LABEL: Final = r"(?i)\bend\b|\bto\b|\buntil\b|结束|截止|终止"
PERIOD_LABEL: Final = r"(?i)范围|期间|期間|period|range|report time"
# A day, and perhaps a time, in the name of a file.
STAMP: Final = re.compile(r"(?<!\d)(20\d{6})(?:[_-]?\d{6})?(?!\d)")
# First and last day in the name of a file.
NAMED_RANGE: Final = re.compile(r"(?<!\d)(20\d{6})[-_ ~至]{1,3}(20\d{6})(?!\d)")
# What a line above the header calls days that the report is held against.
COMPARED: Final = r"(?i)对比|环比|同比|compar|previous|比較|сравн"
# All else that a line holds whose two days are first and last.
ENDS: Final = (
    r"(?i)(?:[\s,:;~|()-]|开始|起始|结束|截止|终止|统计|日期|时间|范围|期间|周期|start|end|from|until|to|date|period|"
    r"range|дата|начала|окончания|期間|日)*"
)


def day_of(day: Day, option: str) -> pd.Timestamp:
    """A day given by the caller. Raises UsageError where it is none."""
    days = to_days(pd.Series([str(day)[:10]], dtype="str"))
    if days.start.isna().any() or days.wrong.any():
        raise UsageError(
            Text(f"{option} 不是日期", f"{option} is no date"),
            found=str(day),
            expected="2026-07-04",
            to_do=Text("写成 年-月-日", "write it as year-month-day"),
        )
    return pd.Timestamp(days.start.iloc[0])


def span_of(period: Period) -> Span:
    """First and last day given by the caller. Raises UsageError where they are none, or the wrong way
    round."""
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
    days = (
        _either(read)
        if {"date", "period_start"} <= set(read)
        else Days(first.start, last.end.fillna(first.end), first.wrong)
    )
    if days.start.isna().all():
        return None
    _refuse_blank(days.start, where, headers)
    return days


def preamble_days(rows: Sequence[HeadRow], header: HeadRow, ways: Conventions, where: str) -> Span | None:
    """The days written above the header, if any: a range, two days in one line, two lines that are called
    start and end, else a day called the period, else one that stands alone.

    A label before them (`Report Time: `, `1. 时间范围：`) is no part of them; a single day behind another
    label, such as the time of writing, is no period. Raises InputError where several days may be it.
    """
    above = [row for row in rows if row.row < header.row and not re.search(COMPARED, " ".join(row.cells))]
    cells = pd.Series([cell for row in above for cell in row.cells], dtype="str")
    lines = pd.Series([", ".join(row.cells) for row in above], dtype="str")
    lines.index += len(cells)
    text = pd.concat([cells, lines]).str.normalize("NFKC").str.strip(" ,")
    if text.empty:
        return None
    label = text.str.extract(r"^(?P<label>[^:]*:)?\s*(?P<rest>.*)$")
    days = to_days(label["rest"], ways.date_formats, ways.date_order)
    known = days.start.notna() & ~days.wrong
    called = label["label"].str.contains(PERIOD_LABEL, regex=True).fillna(False).astype(bool)
    within = to_days(text.str.extract(RANGE)[0], ways.date_formats, ways.date_order)
    for range_, found in (
        (days, known & label["rest"].str.contains(BETWEEN)),
        (within, within.start.notna() & ~within.wrong),
        (pair := _two_days(lines, ways), pair.start.notna() & ~pair.wrong),
    ):
        if found.any():
            return _one_range(range_, found, called, f"{where}:{header.row}")
    ends = _two_lines(days, known, label["label"])
    if ends is not None:
        return ends
    for found in (known & called, known & label["label"].isna()):
        named = [pd.Timestamp(day) for day in days.start[found].drop_duplicates()]
        if len(named) > 1:
            raise _several_days(named, f"{where}:{header.row}")
        if len(named):
            return named[0], named[0]
    return None


def _two_lines(days: Days, known: pd.Series[bool], label: pd.Series[str]) -> Span | None:
    """The days of a line called start and of one called end, where there is one of each."""
    first, last = (
        days.start[known & label.str.contains(words).fillna(False).astype(bool)].drop_duplicates()
        for words in (FIRST_LABEL, LAST_LABEL)
    )
    if len(first) != 1 or len(last) != 1 or last.iloc[0] < first.iloc[0]:
        return None
    return pd.Timestamp(first.iloc[0]), pd.Timestamp(last.iloc[0])


def named_days(label: str) -> Span | None:
    """The range of days in the name of a file, or of the folder or zip around it: `bulk-x-20260601-20260628`;
    None where there is none, or one that ends before it starts."""
    for part in reversed(PurePosixPath(label).parts):
        for first, last in NAMED_RANGE.findall(part):
            days = to_days(pd.Series([first, last], dtype="str")).start
            if days.notna().all() and days.iloc[0] <= days.iloc[1]:
                return days.iloc[0], days.iloc[1]
    return None


def _one_range(days: Days, found: pd.Series[bool], called: pd.Series[bool], where: str) -> Span:
    """The only range of days among those found, or the only one that is called the period."""
    spans = pd.DataFrame({"start": days.start[found], "end": days.end[found]}).drop_duplicates()
    if len(spans) > 1:
        spans = spans[called.reindex(spans.index, fill_value=False)]
    if len(spans) != 1:
        ends = pd.concat([days.start[found], days.end[found]]).drop_duplicates().sort_values()
        raise _several_days([pd.Timestamp(day) for day in ends], where)
    return spans["start"].iloc[0], spans["end"].iloc[0]


def _two_days(lines: pd.Series[str], ways: Conventions) -> Days:
    """The two days of lines that hold nothing else but words such as `开始日期` and `End date`."""
    plain = lines.str.normalize("NFKC")
    only = plain.str.replace(DAY, "", regex=True).str.fullmatch(ENDS) & (plain.str.count(DAY) == 2)
    two = plain.where(only).str.extract(rf"({DAY}).*?({DAY})")
    start, end = (to_days(two[at], ways.date_formats, ways.date_order) for at in (0, 1))
    return Days(start.start, end.end, start.wrong | end.wrong | (end.end < start.start))


def _several_days(days: Sequence[pd.Timestamp], where: str) -> InputError:
    return InputError(
        Text(
            "表头上方有几个日期，分不清哪个是报表的时间",
            "several days stand above the header, and none is called the report's",
        ),
        where=where,
        found=", ".join(f"{day:%Y-%m-%d}" for day in days),
        expected=Text("一个时间范围，如 2026-07-01至2026-07-07", "one range such as 2026-07-01 - 2026-07-07"),
        to_do=Text("用 --period 起..止 说明报表的时间", "say the report's days with --period START..END"),
    )


def activity_to_period(days: Days, word: pd.Series[int]) -> Days:
    """Rows that say only their first and last active day: one period for all, unless they are a series in
    time: words (`word`: the same number in all rows of one) that have rows of several spans, none of which
    meets another."""
    order = pd.DataFrame({"word": word, "start": days.start, "end": days.end}).sort_values(["word", "start"])
    again = order["word"].eq(order["word"].shift())
    if again.any() and (order["start"] > order["end"].shift())[again].all():
        return days
    every = (
        pd.Series(days.start.min(), index=days.start.index),
        pd.Series(days.end.max(), index=days.end.index),
    )
    return Days(every[0], every[1], days.wrong)


def date_columns(days: Days | None, both: bool) -> tuple[dict[str, pd.Series], TimeUnit]:
    """The canonical date columns: `date` where every row is one day, else the period's ends.

    both: whether the report has a column of days and others of periods: then each row keeps its own kind.
    """
    if days is None:
        return {}, "undated"
    single = days.start == days.end
    if single.all():
        return {"date": days.start}, "day"
    daily = single if both else single & False
    dates = {"date": days.start.where(daily)} if daily.any() else {}
    return dates | {"period_start": days.start.mask(daily), "period_end": days.end.mask(daily)}, "summary"


def first_and_last(facts: pd.DataFrame) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """First and last day of facts; None where undated."""
    firsts = [facts[name].min() for name in ("date", "period_start") if name in facts.columns]
    lasts = [facts[name].max() for name in ("date", "period_end") if name in facts.columns]
    first = min((pd.Timestamp(day) for day in firsts if not pd.isna(day)), default=None)
    last = max((pd.Timestamp(day) for day in lasts if not pd.isna(day)), default=None)
    return first, last


def stamped_day(
    label: str, days: tuple[pd.Timestamp | None, pd.Timestamp | None], limit: pd.Timestamp
) -> pd.Timestamp | None:
    """The day of download in the name of a file of these first and last days.

    A stamp before the last day or in the future is some other date and is passed over, and so is the range of
    the days themselves: `_20260701_20260707` of a file that holds them.
    """
    first_day, last_day = days
    for part in reversed(PurePosixPath(label).parts):
        stamps = _stamps(part)
        if len(stamps) > 1 and first_day in stamps and first_day != last_day:
            stamps = [stamp for stamp in stamps if stamp not in days]
        for stamp in stamps:
            if stamp <= limit and (last_day is None or stamp >= last_day):
                return stamp
    return None


def assumed_day(last_day: pd.Timestamp | None) -> pd.Timestamp | None:
    """The day of download of a file that does not tell it: that after its last."""
    return None if last_day is None else last_day + pd.Timedelta(days=1)


def _stamps(name: str) -> list[pd.Timestamp]:
    days = pd.to_datetime(
        pd.Series(STAMP.findall(name), dtype="str"), format="%Y%m%d", errors="coerce"
    ).dropna()
    return [pd.Timestamp(day) for day in reversed(days.tolist())]


def _either(read: Mapping[str, Days]) -> Days:
    day, start, end = read["date"], read["period_start"], read.get("period_end", read["period_start"])
    return Days(day.start.fillna(start.start), day.end.fillna(end.end), day.wrong)


def _refuse_blank(start: pd.Series[pd.Timestamp], where: str, headers: Mapping[str, str]) -> None:
    header = next(iter(headers.values()), "")
    blank = start.isna()
    if blank.any():
        refuse_wrong(blank, pd.Series("", index=start.index, dtype="str"), header, where, DATE)
