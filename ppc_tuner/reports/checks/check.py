"""What a check is: a doubt about a file, declared once, with what would go wrong if the file were read in
silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeVar

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import DateOrder, Days, Decimal, Table
from ppc_tuner.reports.bid_joins import BidList, Contradiction, Outdated
from ppc_tuner.reports.recognise import Format, Recognised
from ppc_tuner.reports.results import FileReading, Span
from ppc_tuner.text import Text

Severity = Literal["refuse", "tell"]
MoneyUnit = Literal["whole", "millionths"]
# Orders are counted over one window of days for all of these together.
ONE_WINDOW: Final = ("platform", "account", "level")


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller says of the files. limit: the latest day that is not the future. money_unit: what money
    is in that looks like millionths."""

    formats: tuple[Format, ...]
    period: Span | None
    exported_on: pd.Timestamp | None
    limit: pd.Timestamp
    decimal: Decimal | None = None
    date_order: DateOrder | None = None
    money_unit: MoneyUnit | None = None

    def encodings(self) -> list[str]:
        return list(dict.fromkeys(name for form in self.formats for name in form.encodings))


@dataclass(frozen=True, slots=True)
class TableSeen:
    """One table, for its checks. Rows are indexed by their row in the file.

    raw, body: all rows below the header, and those that are facts (rows × positions in the header); left_out:
    the others, by reason; cells: the columns in use as the file writes them, by canonical name; others:
    sheets of the same workbook that are no report. Known only once the cells are read: facts (rows ×
    canonical columns), row_days and days (the days that each row states, and those it is taken to stand for),
    last_day, placeless (rows of facts in no campaign that are not the sum of the others), divided (the
    columns that were in millionths), ruined (ids that a spreadsheet has rounded), money (the currency that
    the cost itself tells), held (by row, why its orders are not believed; they are unknown in the facts).
    """

    found: Recognised
    options: Options
    raw: pd.DataFrame
    body: pd.DataFrame
    left_out: Sequence[tuple[Text, pd.DataFrame]]
    cells: Mapping[str, pd.Series]
    others: Sequence[Table] = ()
    facts: pd.DataFrame = field(default_factory=pd.DataFrame)
    row_days: Days | None = None
    stated: Days | None = None
    days: Days | None = None
    last_day: pd.Timestamp | None = None
    placeless: Sequence[int] = ()
    divided: tuple[str, ...] = ()
    ruined: frozenset[str] = frozenset()
    money: pd.Series[str] | str | None = None
    held: pd.Series[Any] = field(default_factory=lambda: pd.Series(dtype=object))

    @property
    def where(self) -> str:
        return self.found.table.label

    @property
    def is_report(self) -> bool:
        """False for a list of bids."""
        return self.found.layout.role == "report"

    def header_of(self, column: str) -> str:
        """The header of a canonical column, as the file writes it."""
        return self.found.header.cells[self.found.match.columns[column]].strip()


@dataclass(frozen=True, slots=True)
class FilesSeen:
    """All files together. facts: the rows that count; every: with those that a newer export covers;
    by_device: the platforms that bid on each device apart."""

    files: Sequence[FileReading]
    facts: pd.DataFrame
    every: pd.DataFrame
    lists: Sequence[BidList] = ()
    contradictions: Sequence[Contradiction] = ()
    outdated: Sequence[Outdated] = ()
    by_device: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check has found. row: the row of the file, where the finding is of that row alone and the
    row still counts: it is then listed with the file, not among the notes."""

    problem: Text
    where: str = ""
    found: Text | str = ""
    expected: Text | str = ""
    to_do: Text | str = ""
    row: int | None = None

    def error(self) -> InputError:
        return InputError(
            self.problem, where=self.where, found=self.found, expected=self.expected, to_do=self.to_do
        )

    def note(self) -> Text:
        if not self.where:
            return self.problem
        return Text(f"{self.where}：{self.problem.zh}", f"{self.where}: {self.problem.en}")


# What a check sees: TableSeen, FilesSeen, or overlap.Overlaps.
Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Check(Generic[Seen]):
    """A doubt about what has been read.

    severity: `refuse` stops the run with the first finding as its message; `tell` reads on and says it. why:
    what would go wrong if the file were read in silence. run: from all that is known at this point to what is
    wrong, nothing where all is well. on_top: told at the top of the list too, because the figures may be
    wrong.
    """

    id: str
    severity: Severity
    why: Text
    run: Callable[[Seen], Iterable[Finding]]
    on_top: bool = False


AnyCheck = Check[Any]


def first_true(mask: pd.Series[bool]) -> int:
    """The row at which a mask, in which something is true, first is."""
    return int(mask.index[mask.to_numpy(dtype=bool)][0])
