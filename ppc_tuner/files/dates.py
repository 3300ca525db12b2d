"""Text to days: single days and ranges, in the forms that reports use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

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
    "%B %d, %Y",
    "%b %d, %Y",
    "%d %B %Y",
    "%d %b %Y",
)
BETWEEN: Final = r"\s*(?:至|到|~|—|–|\s-\s|\sto\s)\s*"


@dataclass(frozen=True, slots=True)
class Days:
    """start, end: datetime64 at midnight (equal for a single day), NaT where blank. wrong: filled, but no date."""

    start: pd.Series[pd.Timestamp]
    end: pd.Series[pd.Timestamp]
    wrong: pd.Series[bool]


def to_days(cells: pd.Series[str], extra_formats: Sequence[str] = ()) -> Days:
    """Days of a column of text (or of dates already): `2026-07-04`, `2026/7/4`, `20260701至20260707`, …

    `extra_formats` (strptime) are tried first: what a platform declares goes before what is usual.
    """
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        days = _midnight(cells)
        return Days(days, days, days.isna() & False)
    codes, distinct = pd.factorize(cells, use_na_sentinel=True)
    text = pd.Series(np.asarray(distinct, dtype=object)).astype("str").str.normalize("NFKC").str.strip()
    blank = text.isin(["", "-", "--"])
    ends = text.str.split(BETWEEN, n=1, expand=True, regex=True).reindex(columns=[0, 1]).astype("str")
    formats = tuple(dict.fromkeys([*extra_formats, *FORMATS]))
    start = _parse(ends[0].mask(blank), formats)
    end = _parse(ends[1], formats).where(ends[1].notna(), start)
    wrong = ~blank & (start.isna() | end.isna() | (end < start))
    return Days(
        _spread(start, codes, cells),
        _spread(end, codes, cells),
        pd.Series(np.append(wrong.to_numpy(dtype=bool), False)[codes], index=cells.index),
    )


def _midnight(cells: pd.Series[Any]) -> pd.Series[pd.Timestamp]:
    naive = cells.dt.tz_localize(None) if cells.dt.tz is not None else cells
    days: pd.Series[pd.Timestamp] = naive.dt.normalize().astype("datetime64[us]")
    return days


def _parse(text: pd.Series[str], formats: Sequence[str]) -> pd.Series[pd.Timestamp]:
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[us]")
    # British exports write `Sept`, which no strptime knows.
    rest = text.dropna().str.replace(r"\bSept\b", "Sep", regex=True)
    for form in formats:
        if rest.empty:
            break
        parsed = pd.to_datetime(rest, format=form, errors="coerce").dropna()
        found.loc[parsed.index] = parsed.dt.normalize().astype("datetime64[us]")
        rest = rest.drop(parsed.index)
    return found


def _spread(
    days: pd.Series[pd.Timestamp], codes: npt.NDArray[np.int64], cells: pd.Series[str]
) -> pd.Series[pd.Timestamp]:
    every = np.append(days.to_numpy(dtype="datetime64[us]"), np.datetime64("NaT"))
    return pd.Series(every[codes], index=cells.index, dtype="datetime64[us]")
