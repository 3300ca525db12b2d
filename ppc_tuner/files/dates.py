"""Text to days: single days and ranges, in the forms that reports use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import pandas as pd

from ppc_tuner.files.distinct import distinct, is_blank
from ppc_tuner.files.month_names import with_english_months

DateOrder = Literal["dmy", "mdy"]

# Where the year stands first the month is always next; with dots the day always comes first.
FORMATS: Final = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%dT%H:%M:%S",
    "%Y%m%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    # Korean, as Google and Naver write it.
    "%Y년 %m월 %d일",
    "%Y.%m.%d.",
    "%Y. %m. %d.",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M:%S",
    "%b %d, %Y",
    "%b %d %Y",
    "%d %b %Y",
    "%Y %b %d",
)
ORDERED: Final[dict[DateOrder, tuple[str, ...]]] = {
    "dmy": ("%d/%m/%Y", "%d-%m-%Y", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%y"),
    "mdy": ("%m/%d/%Y", "%m-%d-%Y", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%y"),
}
FEW: Final = 50
BETWEEN: Final = (
    r"\s*(?:至|到|~|—|–|\s-\s|\sto\s|(?<=\d{4}),\s*(?=\d)|(?<=\d{8})-(?=\d{8})"
    r"|(?<=[./]\d{4})-(?=\d)|(?<=\d)-(?=20\d\d[./]))\s*"
)
# Eight digits are a day; of fewer nobody can say where the month ends: 2026111, 202611.
TOO_FEW_DIGITS: Final = r"\d{1,7}"
ISO_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
NUMERIC: Final = (
    r"(?<!\d)(?P<first>\d{1,2})(?P<sign>[/-])(?P<second>\d{1,2})(?P=sign)(?P<year>\d{4}|(?<=/)\d{2})(?![\d/])"
)
# What may stand around a day and tells nothing of it: the day of the week, fractions of a second, a time
# zone, the hour.
AROUND: Final = (
    r"(?i)^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+(?=\S)"
    r"|(?<=:\d\d)(?:\.\d+)?(?:z|[+-]\d\d:?\d\d)$|(?<=\d)\|\d{1,2}$"
)


# The days that can be told to the nanosecond, and with room to count on from them, end in 2262.
FIRST_DAY: Final = pd.Timestamp("1800-01-01")
LAST_DAY: Final = pd.Timestamp("2199-12-31")


@dataclass(frozen=True, slots=True)
class Days:
    """start, end: midnight (datetime64), equal for a single day, NaT where blank. wrong: filled, no date."""

    start: pd.Series[pd.Timestamp]
    end: pd.Series[pd.Timestamp]
    wrong: pd.Series[bool]


@dataclass(frozen=True, slots=True)
class DateOrders:
    """What dates like `3/4/2026` prove: a day above 12 stands first, or second, or the order stays open.

    A number above 12 before a year of two digits may be the year itself: 25/7/26 proves nothing. Each is an
    example, empty where there is none. seen: whether there are such dates at all.
    """

    day_first: str
    month_first: str
    either: str
    seen: bool


def to_days(cells: pd.Series[str], extra_formats: Sequence[str] = (), order: DateOrder | None = None) -> Days:
    """Days of a column of text (or of dates already): `2026-07-04`, `2026/7/4`, `20260701至20260707`, …

    `extra_formats` (strptime) are tried first: what a platform declares goes before what is usual. Dates like
    `3/4/2026` are read in the `order` given, and are wrong without one.
    """
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        days = _midnight(cells)
        return Days(days, days, _beyond(days))
    found = distinct(cells)
    iso = None if extra_formats else _iso_days(found.cells)
    if iso is not None:
        days = found.spread(iso)
        return Days(days, days, found.spread(_beyond(iso), missing=False))
    text = found.cells.astype("str").str.normalize("NFKC").str.strip(" \ufeff")
    blank = is_blank(text)
    ends = text.str.split(BETWEEN, n=1, expand=True, regex=True).reindex(columns=[0, 1]).astype("str")
    formats = tuple(dict.fromkeys([*extra_formats, *FORMATS, *(ORDERED[order] if order else ())]))
    ends = ends.apply(lambda end: end.str.replace(AROUND, "", regex=True).astype("str"))
    ends = ends.mask(
        ends.apply(lambda end: end.str.fullmatch(TOO_FEW_DIGITS).fillna(False).astype(bool)), "?"
    )
    start = _parse(ends[0].mask(blank), formats)
    end = _parse(ends[1], formats).where(ends[1].notna(), start)
    wrong = ~blank & (start.isna() | end.isna() | (end < start) | _beyond(start) | _beyond(end))
    return Days(found.spread(start), found.spread(end), found.spread(wrong.astype(bool), missing=False))


def _iso_days(cells: pd.Series[str]) -> pd.Series[pd.Timestamp] | None:
    """The days of cells all written as 2026-07-04, which most reports do; None of any others."""
    if not isinstance(cells.dtype, pd.StringDtype) or not cells.str.fullmatch(ISO_DAY).all():
        return None
    days = pd.to_datetime(cells, format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")
    return None if days.isna().any() else days


def _beyond(days: pd.Series[pd.Timestamp]) -> pd.Series[bool]:
    """True for days of no report, such as 9999-12-31, by which some say that there is no end."""
    return (days < FIRST_DAY) | (days > LAST_DAY)


def date_orders(columns: Iterable[pd.Series[str]]) -> DateOrders:
    """What the dates of a table prove about the order of day and month. Columns of dates prove nothing."""
    parts = [
        distinct(column).cells.astype("str")
        for column in columns
        if not pd.api.types.is_datetime64_any_dtype(column.dtype)
        and not pd.api.types.is_numeric_dtype(column.dtype)
    ]
    text = pd.concat(parts, ignore_index=True) if parts else pd.Series(dtype="str")
    plain = text.str.normalize("NFKC")
    if not any(map(re.compile(NUMERIC).search, plain)):
        return DateOrders("", "", "", False)
    found = plain.str.extractall(NUMERIC)
    first, second = found["first"].astype(int), found["second"].astype(int)
    short = found["year"].str.len() == 2
    high = (first > 12) & (second <= 12)
    return DateOrders(
        _example(text, high & ~short),
        _example(text, (second > 12) & (first <= 12)),
        _example(text, ((first <= 12) & (second <= 12) & (first != second)) | (high & short)),
        len(found) > 0,
    )


def _example(text: pd.Series[str], mask: pd.Series[bool]) -> str:
    hits = mask.index[mask.to_numpy(dtype=bool)]
    return str(text.loc[hits[0][0]]) if len(hits) else ""


def _midnight(cells: pd.Series[Any]) -> pd.Series[pd.Timestamp]:
    naive = cells.dt.tz_localize(None) if cells.dt.tz is not None else cells
    days: pd.Series[pd.Timestamp] = naive.dt.normalize().astype("datetime64[us]")
    return days


def _parse(text: pd.Series[str], formats: Sequence[str]) -> pd.Series[pd.Timestamp]:
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    # pandas takes `now` and `today` for days whatever the form: a day is written in digits.
    rest = with_english_months(text[text.str.contains(r"\d", regex=True).fillna(False).astype(bool)])
    # Most columns are written in one way, and one cell tells which.
    likely = [form for form in formats if _fits(str(rest.iloc[0]), form)][:1] if len(rest) else []
    for form in dict.fromkeys([*likely, *formats]):
        if rest.empty:
            break
        # Of a few texts one by one is quicker than a column of each form.
        if len(rest) <= FEW and not any(_fits(one, form) for one in rest):
            continue
        parsed = pd.to_datetime(rest, format=form, errors="coerce").dropna()
        found.loc[parsed.index] = parsed.dt.normalize().astype("datetime64[us]")
        rest = rest.drop(parsed.index)
    return found


def _fits(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True
