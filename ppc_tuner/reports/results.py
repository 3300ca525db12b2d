"""What reading hands on: the facts, and for every file how it was understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from ppc_tuner.files import Skipped
from ppc_tuner.reports.formats import Platform
from ppc_tuner.text import Lang, Text

TimeUnit = Literal["day", "summary", "undated"]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Rows left out for one reason. first_row: where the first of them stands in the file; sums: what they add up to,
    by canonical column."""

    reason: Text
    rows: int
    first_row: int
    sums: dict[str, float]


@dataclass(frozen=True, slots=True)
class BidJoin:
    """How far the bids of one list reached. words: words of the reports on its platform; by_id, by_text: those that got a
    bid so; targets: those of them without a match type (automatic and product targets), where others have one; several:
    those of which the list says several things; unclear: those of which it may not speak, because it leaves out what
    tells them from others (account, ad group, match type); negatives: rows of the list that no bid reaches; unused: its
    words, each once, that no report has."""

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
    """How one table was understood. rows: facts read from it; totals: one row per currency; samples: three cells of every
    used column, by its header; style: how figures and dates are written; role: report or bids; assumed_download: whether the
    day of download is but the day after the last, as nothing tells it; doubts: what a person has to look at before
    trusting the figures."""

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
    """facts: the rows that count. superseded: older exports of days that a newer one covers, same columns. items: rows of
    item reports, which hold no word and decide nothing. bids: how far lists of bids reached."""

    facts: pd.DataFrame
    superseded: pd.DataFrame
    files: tuple[FileReading, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[Text, ...]
    platforms: dict[str, Platform]
    lang: Lang
    items: pd.DataFrame
    bids: tuple[BidJoin, ...]

    @property
    def doubts(self) -> tuple[Text, ...]:
        """What a person has to look at before trusting the figures, of all files; among the notes too."""
        return tuple(doubt for file in self.files for doubt in file.doubts)
