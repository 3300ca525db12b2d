"""One recognised table to canonical facts: its rows, its cells, its days, and how it was understood."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.errors import InputError
from ppc_tuner.files import Days, Table, to_numbers
from ppc_tuner.files.table import TEXT
from ppc_tuner.identity import ROW
from ppc_tuner.reports import checks
from ppc_tuner.reports.bid_joins import only_bids, with_parent_bids
from ppc_tuner.reports.cells import (
    contains_any,
    currency_told,
    is_blank,
    read_column,
    read_ids,
    where_text,
    with_number_style,
    with_those_of_accounts,
)
from ppc_tuner.reports.checks import Options, TableSeen
from ppc_tuner.reports.checks.money_units import in_millionths
from ppc_tuner.reports.negatives import negative_rows
from ppc_tuner.reports.periods import (
    activity_to_period,
    assumed_day,
    date_columns,
    first_and_last,
    named_days,
    preamble_days,
    row_days,
    stamped_day,
)
from ppc_tuner.reports.recognise import (
    CANONICAL,
    DOLLAR_CODES,
    DOLLARS,
    Recognised,
    asks_for_columns,
    chinese_header,
    is_confirmed,
    positions,
)
from ppc_tuner.reports.results import (
    DATES,
    SMALLEST,
    SUMS,
    Dropped,
    FileReading,
    Span,
    TimeUnit,
    facts_totals,
    together,
    with_kinds,
)
from ppc_tuner.reports.rows import (
    PLANLESS,
    add_status,
    drop_rows,
    held_back,
    placeless_totals,
    placement_increases,
    rows_beyond_belief,
    with_filled,
    with_merged,
    without_divisions,
)
from ppc_tuner.text import Text

SAMPLED_ROWS: Final = 1_000
SHOWN_CELL: Final = 60
SHOWN_CELLS: Final = 3


@dataclass(frozen=True, slots=True)
class Read:
    """facts: rows × canonical columns; bids: whether they are a list of bids; own_days: whether the days are
    those of the table itself, not those the caller gave; placements: placement_increases; negatives:
    negative_rows."""

    file: FileReading
    facts: pd.DataFrame
    notes: tuple[Text, ...]
    own_days: bool
    placements: pd.DataFrame
    bids: bool = False
    negatives: pd.DataFrame | None = None


def read_table(found: Recognised, options: Options, others: Sequence[Table] = ()) -> Read:
    """The table's facts (or bids). others: sheets of the same workbook that are no report.

    Raises InputError at file:row, of a cell that cannot be read or of a check that refuses.
    """
    seen, headers, told = understood(found, options, others)
    file, facts = file_reading(seen, headers, told), seen.facts
    own_days, bids = seen.stated is not None, not seen.is_report
    placements = placement_increases(seen.raw, seen.found)
    negatives = negative_rows(seen.raw, seen.found, facts)
    # Of a large report the cells as written take more room than the facts: they go before the facts are put
    # together.
    del seen
    read = together([with_source(facts, [file], np.array([len(facts)]))])
    return Read(file, read, told.notes, own_days, placements, bids, negatives)


def understood(
    found: Recognised, options: Options, others: Sequence[Table] = ()
) -> tuple[TableSeen, dict[str, str], checks.Told]:
    """The table with its facts, the headers of columns that are used without being a canonical column, and
    what the checks tell. Arguments and errors as for read_table."""
    if not found.match.columns.keys() >= set(found.layout.asks):
        raise asks_for_columns(found)
    found = only_bids(found) if found.layout.role == "bids" else found
    seen = _rows(found, options, others)
    checks.run(checks.OF_ROWS, seen)
    seen, headers = _facts(seen)
    return seen, headers, checks.run(checks.OF_FACTS, seen)


def _rows(found: Recognised, options: Options, others: Sequence[Table]) -> TableSeen:
    """The rows that are facts, and how the table writes its figures, before any cell is read."""
    columns = found.match.columns
    raw = with_merged(found.table.body(found.header, columns_needed(found)), found)
    raw = with_filled(raw, found)
    body, left_out = drop_rows(raw, found.header.cells, columns, found.ways, found.layout)
    cells = without_divisions({name: body[at] for name, at in columns.items()})
    return TableSeen(found, options, raw, body, left_out, cells, others)


def _facts(seen: TableSeen) -> tuple[TableSeen, dict[str, str]]:
    """The table with its facts, and the headers beside its columns."""
    options, body, cells = seen.options, seen.body, seen.cells
    ways = with_number_style(seen.found, cells, options.decimal, options.date_order)
    found = replace(seen.found, ways=ways)
    facts, ruined = _read_cells(found, body, cells)
    headers = _filling(found) | _add_parts(facts, body, found)
    headers |= add_status(facts, body, found) | _add_biddable(facts, body, found)
    money = _add_currency(facts, cells, found)
    _add_constants(facts, found)
    if "bid" in facts:
        facts = with_parent_bids(facts, seen.raw, found)
    by_row, stated = _days(found, cells, facts, options.period)
    days = stated or _all_of(options.period, facts.index)
    dates, _ = date_columns(days, _mixed_days(cells))
    totals, placeless = placeless_totals(cells, facts, days.start if days else None, found.layout)
    left_out = [*seen.left_out, *([(PLANLESS, body[totals])] if totals.any() else [])]
    facts = with_kinds(facts.assign(**dates)[~totals])
    wanted = options.money_unit == "millionths" and seen.is_report
    divided = in_millionths(facts) if wanted else ()
    facts = facts.assign(**{name: facts[name] / 1e6 for name in divided})
    held = rows_beyond_belief(facts) if seen.is_report else seen.held
    facts = held_back(facts, held.index) if len(held) else facts
    seen = replace(
        seen, found=found, left_out=left_out, facts=facts, row_days=by_row, stated=stated, days=days,
        last_day=first_and_last(facts)[1], held=held, placeless=placeless, divided=divided, ruined=ruined,
        money=money,
    )  # fmt: skip
    return seen, headers


def file_reading(seen: TableSeen, headers: dict[str, str], told: checks.Told) -> FileReading:
    """How the table was understood; arguments as `understood` returns them."""
    found, facts, options = seen.found, seen.facts, seen.options
    first, last = first_and_last(facts)
    downloaded = (
        stated_download(facts)
        or options.exported_on
        or stamped_day(found.table.label, (first, last), options.limit)
    )
    return FileReading(
        path=Path(found.table.label),
        platform=_only_platform(found, facts),
        layout=found.layout.id,
        name=Text(
            f"{found.form.name.zh} {found.layout.name.zh}", f"{found.form.name.en} {found.layout.name.en}"
        ),
        confirmed=is_confirmed(found),
        level=found.layout.level,
        encoding=found.table.encoding,
        sheet=found.table.sheet,
        header_row=found.header.row,
        rows=len(facts),
        used=_used(found, headers),
        ignored=_ignored(found, headers),
        dropped=tuple(_dropped(reason, rows, found) for reason, rows in seen.left_out),
        implausible=told.implausible,
        first_day=first,
        last_day=last,
        exported_on=downloaded or assumed_day(last),
        assumed_download=downloaded is None and last is not None,
        time_unit=_time_unit(seen),
        totals=facts_totals(facts),
        chinese=chinese_header([found.header.cells[at] for at in found.match.columns.values()]),
        role=found.layout.role,
        samples=_samples(seen.body, found, headers),
        style={"decimal": found.ways.decimal or ".", "date_order": found.ways.date_order or ""},
        attribution_days=_windows(facts),
        doubts=told.on_top,
    )


def columns_needed(found: Recognised) -> list[int]:
    """Positions of the columns that are read: of a wide report about half."""
    header, ways = found.header.cells, found.ways
    rules = [rule for rule in (ways.status, ways.rows, *ways.unbiddable) if rule is not None]
    lent = positions(header, ways.rows.parent_bid) if ways.rows else ()
    names = (ways.ctr, *(rule.columns for rule in rules), *ways.filled_from.values())
    told = {at for each in names for at in positions(header, each)}
    if ways.rows:
        told |= set(positions(header, (*ways.rows.only, *ways.rows.placement, *ways.rows.increase)))
    first = range(min(ways.totals.within, len(header))) if ways.totals else ()
    ambiguous = (at for places in found.match.ambiguous.values() for at in places)
    parts = (at for _, at in _parts(found))
    return sorted({*found.match.columns.values(), *ambiguous, *parts, *told, *lent, *first})


def _read_cells(
    found: Recognised, body: pd.DataFrame, cells: Mapping[str, pd.Series]
) -> tuple[pd.DataFrame, frozenset[str]]:
    """The canonical columns of the cells, without days; and the ids that a spreadsheet has rounded, which are
    left out."""
    read = {name: read_ids(column) for name, column in cells.items() if name.endswith("_id")}
    ruined = frozenset(name for name, (_, wrong) in read.items() if wrong)
    facts = pd.DataFrame(index=body.index)
    for name, column in cells.items():
        if name in read and name not in ruined:
            facts[name] = read[name][0]
        elif name not in DATES and name not in ruined:
            header = found.header.cells[found.match.columns[name]]
            facts[name] = read_column(name, column, header, found.table.label, found.ways)
    return facts, ruined


def _days(
    found: Recognised, cells: Mapping[str, pd.Series], facts: pd.DataFrame, period: Span | None
) -> tuple[Days | None, Days | None]:
    """The days that each row states, and those that the report states for it.

    Neither where it states none, or none clearly and the caller says `period`.
    """
    dates = {name: cells[name] for name in DATES if name in cells}
    headers = {name: found.header.cells[found.match.columns[name]] for name in dates}
    days = row_days(dates, headers, found.table.label, found.ways) if len(facts) else None
    if days is not None:
        is_activity = found.ways.period == "activity" and "period_start" in dates
        return days, activity_to_period(days, _words_of(facts)) if is_activity else days
    if found.ways.period == "name":
        return None, _all_of(named_days(found.table.label), facts.index)
    if found.ways.period != "preamble":
        return None, None
    try:
        span = preamble_days(found.table.head, found.header, found.ways, found.table.label)
    except InputError:
        if period is None:
            raise
        return None, None
    return None, _all_of(span, facts.index)


def _all_of(span: Span | None, rows: pd.Index) -> Days | None:
    if span is None:
        return None
    start, end = (pd.Series(day, index=rows, dtype="datetime64[us]") for day in span)
    return Days(start, end, pd.Series(False, index=rows))


def _mixed_days(cells: Mapping[str, pd.Series]) -> bool:
    """True where a report has a column of days and others of periods."""
    return "date" in cells and "period_start" in cells


def _time_unit(seen: TableSeen) -> TimeUnit:
    if seen.days is None:
        return "undated"
    return "day" if (seen.days.start == seen.days.end).all() else "summary"


def _words_of(facts: pd.DataFrame) -> pd.Series[int]:
    """A number for each word in its place: the same in all its rows."""
    names = [name for name in ROW if name in facts.columns]
    return facts.groupby(names, dropna=False, sort=False).ngroup()


def _add_parts(facts: pd.DataFrame, body: pd.DataFrame, found: Recognised) -> dict[str, str]:
    """The columns that no cell of the header names, as sums of the parts that are there."""
    used: dict[str, str] = {}
    for name, at in _parts(found):
        header = found.header.cells[at]
        part = read_column(name, body[at], header, found.table.label, found.ways)
        facts[name] = facts[name].add(part, fill_value=0) if name in facts else part
        used[header] = name
    return used


def _filling(found: Recognised) -> dict[str, str]:
    """The headers of the columns that fill the blank cells of others."""
    header, filled = found.header.cells, found.ways.filled_from
    names = [name for name in filled if name in found.match.columns]
    return {header[at]: name for name in names for at in positions(header, filled[name])}


def _parts(found: Recognised) -> list[tuple[str, int]]:
    """Columns not in the header and the positions of their parts."""
    missing = {name: parts for name, parts in found.ways.parts.items() if name not in found.match.columns}
    return [(name, at) for name, parts in missing.items() for at in positions(found.header.cells, parts)]


def _add_biddable(facts: pd.DataFrame, body: pd.DataFrame, found: Recognised) -> dict[str, str]:
    used: dict[str, str] = {}
    for rule in found.ways.unbiddable:
        for at in positions(found.header.cells, rule.columns):
            hit = contains_any(body[at], rule.when) if rule.when else ~contains_any(body[at], rule.unless)
            known = ~where_text(body[at], is_blank)
            _mark(facts, hit & known, known, rule.reason)
            used[found.header.cells[at]] = "biddable"
    return used


def _mark(facts: pd.DataFrame, hit: pd.Series[bool], known: pd.Series[bool], reason: str) -> None:
    if "biddable" not in facts.columns:
        facts["biddable"] = pd.Series(pd.NA, index=facts.index, dtype="boolean")
        facts["unbiddable_as"] = pd.Series(pd.NA, index=facts.index, dtype=TEXT)
    flag = facts["biddable"].mask(known & facts["biddable"].isna(), True).mask(hit, False)
    # The first rule that hits gives the reason.
    facts["unbiddable_as"] = facts["unbiddable_as"].mask(hit & facts["unbiddable_as"].isna(), reason)
    facts["biddable"] = flag


def _add_constants(facts: pd.DataFrame, found: Recognised) -> None:
    layout_level = {"level": found.layout.level}
    platform = {} if found.form.id == CANONICAL else {"platform": found.form.id}
    for name, value in (layout_level | platform | found.ways.constants).items():
        if name in facts.columns:
            facts[name] = facts[name].fillna(value)
        else:
            facts[name] = pd.Series(value, index=facts.index, dtype=TEXT)
    if found.match.days and "attribution_days" not in facts.columns:
        facts["attribution_days"] = float(next(iter(found.match.days.values())))


def _add_currency(
    facts: pd.DataFrame, cells: Mapping[str, pd.Series], found: Recognised
) -> pd.Series[str] | str | None:
    """Sets `currency` where no column names it, and returns what the cost itself tells of it, which goes
    before what is usual on the platform."""
    if "cost" not in cells:
        return None
    header = found.header.cells[found.match.columns["cost"]]
    told = currency_told(header, cells["cost"], found.table.label)
    if isinstance(told, str) and told == DOLLARS:
        # Which dollar is not told, but it is none of the money that other platforms count in.
        told = None if found.ways.constants.get("currency") in (None, *DOLLAR_CODES) else ""
    if told is not None and not isinstance(told, str) and "account" in facts:
        told = with_those_of_accounts(told, facts["account"])
    if told is not None and "currency" not in cells:
        facts["currency"] = told
    return told


def _dropped(reason: Text, rows: pd.DataFrame, found: Recognised) -> Dropped:
    sums: dict[str, float] = {name: 0.0 for name in SUMS if name in found.match.columns}
    for name, at in (*found.match.columns.items(), *_parts(found)):
        if name in SUMS:
            figures = to_numbers(rows[at], decimal=found.ways.decimal or ".").values
            sums[name] = round(sums.get(name, 0.0) + float(figures.sum()), SMALLEST)
    return Dropped(reason, len(rows), int(rows.index[0]), sums)


def _samples(body: pd.DataFrame, found: Recognised, extra: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """The first three filled cells of every used column, as the file writes them."""
    used = set(found.match.columns.values()) | {
        at for at, cell in enumerate(found.header.cells) if cell in extra
    }
    shown = {}
    for at in sorted(used):
        filled = (str(cell) for cell in _distinct(body[at]) if pd.notna(cell) and str(cell).strip())
        shown[found.header.cells[at]] = tuple(cell[:SHOWN_CELL] for cell in islice(filled, SHOWN_CELLS))
    return shown


def _distinct(column: pd.Series) -> Iterator[Any]:
    """The different cells among the first of a column, in their order."""
    first = column.array[:SAMPLED_ROWS]
    if not isinstance(first, pd.Categorical):
        return iter(pd.unique(first))
    # Of a file read together with others the categories are those of all: only those asked for are looked up.
    return (first.categories[int(code)] for code in pd.unique(first.codes) if code >= 0)


def with_source(facts: pd.DataFrame, files: Sequence[FileReading], sizes: NDArray[np.int64]) -> pd.DataFrame:
    """The facts (n, index = source row) with the file and row of each and the day of download, where the row
    states none that of its file. sizes: how many rows, one after the other, are of each of the files."""
    days = pd.to_datetime(pd.Series([file.exported_on for file in files], dtype=object)).to_numpy()
    downloaded = pd.Series(np.repeat(days, sizes), index=facts.index, dtype="datetime64[us]")
    return facts.assign(
        exported_on=pd.to_datetime(facts.get("exported_on", downloaded)).fillna(downloaded),
        source_file=np.repeat([file.path.as_posix() for file in files], sizes),
        source_row=facts.index.to_numpy(dtype=float),
    )


def stated_download(facts: pd.DataFrame) -> pd.Timestamp | None:
    """The newest day of download that the rows themselves state (canonical files do)."""
    stated = facts["exported_on"].max() if "exported_on" in facts.columns else None
    return None if stated is None or pd.isna(stated) else pd.Timestamp(stated)


def _windows(facts: pd.DataFrame) -> tuple[float, ...]:
    """The attribution windows (days) that the facts state, shortest first."""
    if "attribution_days" not in facts:
        return ()
    return tuple(float(days) for days in sorted(facts["attribution_days"].dropna().unique()))


def _only_platform(found: Recognised, facts: pd.DataFrame) -> str:
    named = facts["platform"].dropna().unique()
    return str(named[0]) if len(named) == 1 else found.form.id


def _used(found: Recognised, extra: dict[str, str]) -> dict[str, str]:
    """Header → canonical column of all columns in use."""
    own = {found.header.cells[at]: name for name, at in found.match.columns.items()}
    return own | {header: name for header, name in extra.items() if header not in own}


def _ignored(found: Recognised, extra: dict[str, str]) -> list[str]:
    taken = set(found.match.columns.values())
    return [
        cell
        for at, cell in enumerate(found.header.cells)
        if at not in taken and cell.strip() and cell not in extra
    ]
