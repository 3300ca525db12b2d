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
    """Rows left out for one reason. first_row: where the first of them stands in the file."""

    reason: Text
    rows: int
    first_row: int


@dataclass(frozen=True, slots=True)
class Implausible:
    """A row that is kept and counted although its figures contradict each other."""

    source_row: int
    reason: Text


@dataclass(frozen=True, slots=True)
class FileReading:
    """How one table was understood. rows: facts read from it; totals: one row per currency."""

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
    time_unit: TimeUnit
    totals: pd.DataFrame
    chinese: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """facts: the rows that count. superseded: older exports of days that a newer one covers, same columns."""

    facts: pd.DataFrame
    superseded: pd.DataFrame
    files: tuple[FileReading, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[Text, ...]
    platforms: dict[str, Platform]
    lang: Lang
