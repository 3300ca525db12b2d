"""What reading hands on: the frame of facts, its dtypes and sums; and for every file how it was
understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from ppc_tuner.columns import FACTS
from ppc_tuner.files import Skipped
from ppc_tuner.files.table import TEXT
from ppc_tuner.reports.recognise import Platform
from ppc_tuner.text import Lang, Text

TimeUnit = Literal["day", "summary", "undated"]
Span = tuple[pd.Timestamp, pd.Timestamp]
DATES: Final[tuple[str, ...]] = ("date", "period_start", "period_end")
SUMS: Final = ("impressions", "clicks", "cost", "conversions", "revenue")
# No money is smaller: a sum of many cents is off by the last bits of a float.
SMALLEST: Final = 6
# A platform rounds the cost of every row and of the sum.
COST_ROUNDED: Final = 0.01
GROUPS: Final = ("platform", "level", "currency")
MONEY: Final = ("cost", "revenue")
# Text that tells rows and accounts apart is never missing, or grouping by it would lose rows.
NEVER_MISSING: Final = ("account", "campaign", "ad_group", "keyword", "match_type", "currency")
ORDER: Final = ("level", *FACTS)
DAY: Final = np.dtype("datetime64[us]")


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows left out for one reason. first_row: where the first of them stands in the file; sums: what they
    add up to, by canonical column."""

    reason: Text
    rows: int
    first_row: int
    sums: dict[str, float]


@dataclass(frozen=True, slots=True)
class BidJoin:
    """How far the bids of one list reached. words: words of the reports on its platform; by_id, by_text:
    those that got a bid so; targets: those of them without a match type (automatic and product targets),
    where others have one; several: those of which the list says several things; unclear: those of which it
    may not speak, because it leaves out what tells them from others (account, ad group, match type);
    negatives: rows of the list that no bid reaches; unused: its words, each once, that no report has."""

    path: Path
    name: Text
    platform: str
    rows: int
    words: int
    by_id: int
    by_text: int
    targets: int
    several: int
    unclear: int
    negatives: int
    unused: int
    campaigns: int
    shared_campaigns: int


@dataclass(frozen=True, slots=True)
class Implausible:
    """A row that is kept and counted although its figures contradict each other."""

    source_row: int
    reason: Text


@dataclass(frozen=True, slots=True)
class FileReading:
    """How one table was understood. rows: facts read from it; totals: one row per currency; samples: three
    cells of every used column, by its header; style: how figures and dates are written; role: report or bids;
    assumed_download: whether the day of download is but the day after the last, as nothing tells it; doubts:
    what a person has to look at before trusting the figures."""

    path: Path
    platform: str
    layout: str
    name: Text
    confirmed: bool
    level: str
    encoding: str
    sheet: str
    header_row: int
    rows: int
    used: dict[str, str]
    ignored: list[str]
    dropped: tuple[Dropped, ...]
    implausible: tuple[Implausible, ...]
    first_day: pd.Timestamp | None
    last_day: pd.Timestamp | None
    exported_on: pd.Timestamp | None
    assumed_download: bool
    time_unit: TimeUnit
    totals: pd.DataFrame
    chinese: bool
    role: str
    samples: dict[str, tuple[str, ...]]
    style: dict[str, str]
    attribution_days: tuple[float, ...]
    doubts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """facts: the rows that count. superseded: older exports of days that a newer one covers, same columns.
    items: rows of item reports, which hold no word and decide nothing. bids: how far lists of bids reached.
    placements: by how much campaigns raise their bids on placements (rows.PLACEMENTS). together: what a
    person has to look at of all files taken together; among the notes too. negatives: those that stand
    already, from bulk files and exports (negatives.NEGATIVES)."""

    facts: pd.DataFrame
    superseded: pd.DataFrame
    files: tuple[FileReading, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[Text, ...]
    platforms: dict[str, Platform]
    lang: Lang
    items: pd.DataFrame
    bids: tuple[BidJoin, ...]
    placements: pd.DataFrame = field(default_factory=pd.DataFrame)
    together: tuple[Text, ...] = ()
    negatives: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def doubts(self) -> tuple[Text, ...]:
        """What a person has to look at before trusting the figures, of all files; among the notes too."""
        return (*(doubt for file in self.files for doubt in file.doubts), *self.together)


def with_kinds(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame (rows × facts columns) in canonical order and dtypes: str, float64, datetime64[us],
    boolean."""
    columns = {name: _of_kind(name, frame[name]) for name in ORDER if name in frame.columns}
    for name in NEVER_MISSING:
        if name in columns:
            columns[name] = columns[name].fillna("") if columns[name].hasnans else columns[name]
        else:
            columns[name] = pd.Series("", index=frame.index, dtype=TEXT)
    # Shared, not copied: a frame of millions of rows is put together once.
    return pd.DataFrame(
        {name: columns[name] for name in ORDER if name in columns}, index=frame.index, copy=False
    )


def together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of facts below each other, columns of all of them, a fresh index."""
    if len(frames) == 1:
        return with_kinds(frames[0].reset_index(drop=True))
    return with_kinds(pd.concat(frames, ignore_index=True) if frames else pd.DataFrame())


def _of_kind(name: str, column: pd.Series) -> pd.Series:
    dtype = _dtype(name)
    if column.dtype == dtype:
        return column
    return pd.to_datetime(column).astype(dtype) if dtype == DAY else column.astype(dtype)


@cache
def _dtype(name: str) -> Any:
    kind = "text" if name == "level" else FACTS[name].kind
    if kind in ("text", "id"):
        return TEXT
    return {"date": DAY, "flag": pd.BooleanDtype()}.get(kind, np.dtype("float64"))


def facts_totals(facts: pd.DataFrame) -> pd.DataFrame:
    """One row per currency: currency, rows, impressions, clicks, cost, conversions, revenue (NaN where not
    reported)."""
    names = [name for name in SUMS if name in facts.columns]
    currencies = sorted(facts["currency"].dropna().unique())
    parts = [facts[facts["currency"] == one] if len(currencies) > 1 else facts for one in currencies]
    figures = [np.nansum(part[names].to_numpy(np.float64), axis=0).round(SMALLEST) + 0.0 for part in parts]
    sums = pd.DataFrame(figures, columns=names).reindex(columns=list(SUMS))
    sums.insert(0, "rows", [len(part) for part in parts])
    sums.insert(0, "currency", pd.Series(currencies, dtype=TEXT))
    return sums


def rows_below_header(file: FileReading) -> int:
    """How many rows stand below the header: those kept and those left out."""
    return file.rows + sum(one.rows for one in file.dropped)


def sums_before(file: FileReading) -> dict[str, float]:
    """What all rows below the header add up to, total rows among them; no money where there are several
    currencies."""
    kept = file.totals[list(SUMS)].sum(min_count=1)
    several = len(file.totals) > 1
    names = [name for name in SUMS if pd.notna(kept[name]) and not (several and name in MONEY)]
    return {
        name: round(float(kept[name]) + sum(_known(one.sums.get(name)) for one in file.dropped), SMALLEST)
        for name in names
    }


def sums_by_level(facts: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows and sums of facts by platform, level and currency."""
    if facts.empty:
        return []
    grouped = facts.groupby(list(GROUPS), sort=True)
    sums = grouped[[name for name in SUMS if name in facts]].sum(min_count=1).round(SMALLEST)
    rows = grouped.size()
    return [
        dict(zip(GROUPS, map(str, key), strict=True))
        | {"rows": int(rows[key]), "sums": plain_sums(sums.loc[key].to_dict())}
        for key in rows.index
    ]


def plain_sums(sums: dict[Any, Any]) -> dict[str, float]:
    """Sums that are known, as plain numbers."""
    return {str(name): float(value) for name, value in sums.items() if pd.notna(value)}


def _known(value: float | None) -> float:
    return 0.0 if value is None or pd.isna(value) else value
