"""One recognised table: its facts, and how it was understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ppc_tuner.reports.attribution import windows_of
from ppc_tuner.reports.bid_lists import BidList, only_bids
from ppc_tuner.reports.detection import Recognised, asks_for_columns, is_confirmed
from ppc_tuner.reports.exported import assumed_day, refuse_after_download, stamped_day
from ppc_tuner.reports.formats import Format
from ppc_tuner.reports.header import chinese_header
from ppc_tuner.reports.kinds import together
from ppc_tuner.reports.meaning import Told
from ppc_tuner.reports.normalise import Normalised, normalise
from ppc_tuner.reports.notes import guessed_encoding
from ppc_tuner.reports.periods import Span, first_and_last
from ppc_tuner.reports.periods_that_meet import refuse_periods_that_meet
from ppc_tuner.reports.plausibility import implausible_rows, money_of_another_unit
from ppc_tuner.reports.refusals import refuse_unknown_values
from ppc_tuner.reports.results import FileReading
from ppc_tuner.reports.summing import facts_totals
from ppc_tuner.reports.sums_of_others import refuse_sums_of_others
from ppc_tuner.text import Text


@dataclass(frozen=True, slots=True)
class Choices:
    """What the caller wants: how reports are recognised and dated."""

    formats: tuple[Format, ...]
    period: Span | None
    exported_on: pd.Timestamp | None
    limit: pd.Timestamp
    told: Told

    def encodings(self) -> list[str]:
        return list(dict.fromkeys(name for form in self.formats for name in form.encodings))


@dataclass(frozen=True, slots=True)
class Read:
    """bids: whether the facts are a list of bids. own_days: whether the days are those of the table itself."""

    file: FileReading
    facts: pd.DataFrame
    notes: tuple[Text, ...]
    own_days: bool
    bids: bool = False


def read_table(found: Recognised, choices: Choices) -> Read:
    """The table's facts (or bids). Raises InputError at file:row."""
    if not found.match.columns.keys() >= set(found.layout.asks):
        raise asks_for_columns(found)
    bids = found.layout.role == "bids"
    found = only_bids(found) if bids else found
    table = found.table
    made = normalise(found, period=choices.period, limit=choices.limit, told=choices.told)
    refuse_unknown_values(made.facts, table.label)
    if not bids:
        refuse_periods_that_meet(made.facts, table.label)
        refuse_sums_of_others(made.facts, table.label)
    first, last = first_and_last(made.facts)
    refuse_after_download(last, choices.exported_on, table.label)
    told = (
        _stated(made.facts) or choices.exported_on or stamped_day(table.label, (first, last), choices.limit)
    )
    file = FileReading(
        path=Path(table.label),
        platform=_only_platform(found, made.facts),
        layout=found.layout.id,
        name=_name(found),
        confirmed=is_confirmed(found),
        level=found.layout.level,
        encoding=table.encoding,
        sheet=table.sheet,
        header_row=found.header.row,
        rows=len(made.facts),
        used=_used(found, made),
        ignored=_ignored(found, made),
        dropped=made.dropped,
        implausible=implausible_rows(made.facts, table.label) if len(made.facts) and not bids else (),
        first_day=first,
        last_day=last,
        exported_on=told or assumed_day(last),
        assumed_download=told is None and last is not None,
        time_unit=made.time_unit,
        totals=facts_totals(made.facts),
        chinese=chinese_header([found.header.cells[at] for at in found.match.columns.values()]),
        role=found.layout.role,
        samples=made.samples,
        style=made.style,
        attribution_days=windows_of(made.facts),
        doubts=(*made.doubts, *money_of_another_unit(made.facts, table.label)),
    )
    notes = (*made.notes, *guessed_encoding(found))
    return Read(file, _with_source(made.facts, file), notes, made.own_days, bids)


def _with_source(facts: pd.DataFrame, file: FileReading) -> pd.DataFrame:
    given = facts["exported_on"] if "exported_on" in facts.columns else pd.Series(pd.NaT, index=facts.index)
    filled = pd.to_datetime(given).fillna(file.exported_on) if file.exported_on is not None else given
    return together(
        [
            facts.assign(
                exported_on=filled,
                source_file=file.path.as_posix(),
                source_row=facts.index.to_numpy(dtype=float),
            )
        ]
    )


def downloaded_together(reads: Sequence[Read]) -> list[Read]:
    """The same tables; the sheets of one workbook share the day of download, where it is only assumed."""
    newest: dict[Path, pd.Timestamp] = {}
    for read in reads:
        day, path = read.file.exported_on, read.file.path
        if day is not None:
            newest[path] = max(day, newest.get(path, day))
    return [
        _downloaded_on(read, newest[read.file.path]) if read.file.assumed_download else read for read in reads
    ]


def _downloaded_on(read: Read, day: pd.Timestamp) -> Read:
    if day == read.file.exported_on:
        return read
    return replace(read, file=replace(read.file, exported_on=day), facts=read.facts.assign(exported_on=day))


def _stated(facts: pd.DataFrame) -> pd.Timestamp | None:
    """The newest day of download that the rows themselves state (canonical files do)."""
    stated = facts["exported_on"].max() if "exported_on" in facts.columns else None
    return None if stated is None or pd.isna(stated) else pd.Timestamp(stated)


def _name(found: Recognised) -> Text:
    platform, layout = found.form.name, found.layout.name
    return Text(f"{platform.zh} {layout.zh}", f"{platform.en} {layout.en}")


def _only_platform(found: Recognised, facts: pd.DataFrame) -> str:
    named = facts["platform"].dropna().unique()
    return str(named[0]) if len(named) == 1 else found.form.id


def _used(found: Recognised, made: Normalised) -> dict[str, str]:
    return {found.header.cells[at]: name for name, at in found.match.columns.items()} | {
        header: name for header, name in made.extra_used.items()
        if header not in {found.header.cells[at] for at in found.match.columns.values()}
    }  # fmt: skip


def _ignored(found: Recognised, made: Normalised) -> list[str]:
    taken = set(found.match.columns.values())
    return [
        cell
        for at, cell in enumerate(found.header.cells)
        if at not in taken and cell.strip() and cell not in made.extra_used
    ]


def bid_lists(read: Read) -> list[BidList]:
    """The rows of a list of bids that a bid can reach: a list for each platform in it."""
    return [_bid_list(read.file, rows) for _, rows in read.facts.groupby("platform", sort=False)]


def _bid_list(file: FileReading, facts: pd.DataFrame) -> BidList:
    rows = facts[facts["biddable"].fillna(True).astype(bool)] if "biddable" in facts else facts
    platform, negatives = str(facts["platform"].iloc[0]), len(facts) - len(rows)
    return BidList(file.path, file.name, platform, _stated(facts), rows.reset_index(drop=True), negatives)
