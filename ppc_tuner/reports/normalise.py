"""A recognised table to canonical facts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import Days, to_numbers
from ppc_tuner.reports.bid_lists import with_parent_bids
from ppc_tuner.reports.cells import contains_any, is_blank, read_column, read_ids, where_text
from ppc_tuner.reports.ctr import ctr_that_differs
from ppc_tuner.reports.currency import (
    DOLLAR_CODES,
    DOLLARS,
    currency_told,
    refuse_other_currency,
    with_those_of_accounts,
)
from ppc_tuner.reports.cut_rows import refuse_cut_rows
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.doubtful_days import refuse_coarse_days
from ppc_tuner.reports.formats import CANONICAL
from ppc_tuner.reports.header import positions
from ppc_tuner.reports.kinds import TEXT, with_kinds
from ppc_tuner.reports.meaning import Told, with_meaning
from ppc_tuner.reports.overlap import KEY
from ppc_tuner.reports.periods import (
    DATES,
    Span,
    activity_to_period,
    date_columns,
    preamble_days,
    refuse_future,
    row_days,
)
from ppc_tuner.reports.placeless import half_told_places, placeless_totals
from ppc_tuner.reports.repeated_headers import refuse_tables_put_together
from ppc_tuner.reports.results import Dropped, TimeUnit
from ppc_tuner.reports.rivals import one_window, refuse_rivals
from ppc_tuner.reports.rows import PLANLESS, drop_rows
from ppc_tuner.reports.spreadsheets import refuse_without_value, with_merged, without_divisions
from ppc_tuner.reports.stated_totals import totals_that_differ
from ppc_tuner.reports.status import add_status, unknown_status
from ppc_tuner.reports.summing import SMALLEST, SUMS
from ppc_tuner.text import Text

SAMPLED_ROWS: Final = 1_000
SHOWN_CELL: Final = 60


@dataclass(frozen=True, slots=True)
class Normalised:
    """facts: rows × canonical columns, index = source row; the rest tells how they came about."""

    facts: pd.DataFrame
    dropped: tuple[Dropped, ...]
    time_unit: TimeUnit
    notes: tuple[Text, ...]
    # What may make the list wrong: a person has to look at it.
    doubts: tuple[Text, ...]
    extra_used: dict[str, str]
    # False where the days are those of `period`, or there are none.
    own_days: bool
    samples: dict[str, tuple[str, ...]]
    style: dict[str, str]


def normalise(found: Recognised, *, period: Span | None, limit: pd.Timestamp, told: Told) -> Normalised:
    """Canonical facts of one table. limit: the latest day that is not the future. Raises InputError at file:row."""
    where, header, columns = found.table.label, found.header.cells, found.match.columns
    raw = with_merged(found.table.body(found.header, _columns_needed(found)), found)
    body, left_out = drop_rows(raw, header, columns, found.ways, found.layout)
    refuse_cut_rows(raw, body, found)
    refuse_rivals(found, body)
    cells = without_divisions({name: body[at] for name, at in columns.items()})
    refuse_without_value(cells, found)
    found = replace(found, ways=with_meaning(found, cells, told))
    read = {name: read_ids(column) for name, column in cells.items() if name.endswith("_id")}
    ids = {name for name, (_, ruined) in read.items() if ruined}
    facts = pd.DataFrame(index=body.index)
    for name, column in cells.items():
        if name in read and name not in ids:
            facts[name] = read[name][0]
        elif name not in DATES and name not in ids:
            facts[name] = read_column(name, column, header[columns[name]], where, found.ways)
    extra_used = (
        _add_parts(facts, body, found) | add_status(facts, body, found) | _add_biddable(facts, body, found)
    )
    _add_currency(facts, cells, found)
    _add_constants(facts, found)
    if found.layout.role == "bids":
        facts = with_parent_bids(facts, raw, found)
    stated = _days(found, cells, facts, period)
    days = stated or _all_of(period, facts.index)
    if days is not None and len(facts):
        refuse_future(days, limit, where)
    if stated is not None:
        refuse_coarse_days(stated, found.table.head, found.header, where)
    dates, time_unit = date_columns(days, both="date" in cells and "period_start" in cells)
    totals = placeless_totals(cells, facts, days.start if days else None, found.layout, where)
    if totals.any():
        left_out.append((PLANLESS, body[totals]))
    facts = with_kinds(facts.assign(**dates)[~totals])
    refuse_tables_put_together(left_out, facts, found)
    return Normalised(
        facts,
        tuple(_dropped(reason, rows, found) for reason, rows in left_out),
        time_unit,
        (*_ruined(ids, found), *ctr_that_differs(found, body, facts)),
        (
            *totals_that_differ(left_out, facts, found),
            *unknown_status(body, found),
            *half_told_places(cells, facts, found.layout, where),
        ),
        extra_used,
        stated is not None,
        _samples(body, found, extra_used),
        {"decimal": found.ways.decimal or ".", "date_order": found.ways.date_order or ""},
    )


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
        column = body[at].iloc[:SAMPLED_ROWS]
        filled = [str(cell) for cell in column.dropna().unique() if str(cell).strip()]
        shown[found.header.cells[at]] = tuple(cell[:SHOWN_CELL] for cell in filled[:3])
    return shown


def _columns_needed(found: Recognised) -> list[int]:
    """Positions of the columns that are read: of a wide report about half."""
    header, ways = found.header.cells, found.ways
    rules = [rule for rule in (ways.status, ways.rows, *ways.unbiddable) if rule is not None]
    lent = positions(header, ways.rows.parent_bid) if ways.rows else ()
    told = {at for names in (ways.ctr, *(rule.columns for rule in rules)) for at in positions(header, names)}
    first = range(min(ways.totals.within, len(header))) if ways.totals else ()
    rivals = (at for places in found.match.rivals.values() for at in places)
    parts = (at for _, at in _parts(found))
    return sorted({*found.match.columns.values(), *rivals, *parts, *told, *lent, *first})


def _days(
    found: Recognised, cells: dict[str, pd.Series], facts: pd.DataFrame, period: Span | None
) -> Days | None:
    """The days that the report itself states; None where it states none, or none clearly and `period` is told."""
    dates = {name: cells[name] for name in DATES if name in cells}
    headers = {name: found.header.cells[found.match.columns[name]] for name in dates}
    days = row_days(dates, headers, found.table.label, found.ways) if len(facts) else None
    if days is not None:
        is_activity = found.ways.period == "activity" and "period_start" in dates
        return activity_to_period(days, _rows_of(facts)) if is_activity else days
    if found.ways.period != "preamble":
        return None
    try:
        span = preamble_days(found.table.head, found.header, found.ways, found.table.label)
    except InputError:
        if period is None:
            raise
        return None
    return _all_of(span, facts.index)


def _all_of(span: Span | None, rows: pd.Index) -> Days | None:
    if span is None:
        return None
    start, end = (pd.Series(day, index=rows, dtype="datetime64[us]") for day in span)
    return Days(start, end, pd.Series(False, index=rows))


def _rows_of(facts: pd.DataFrame) -> pd.Series[int]:
    """A number for each word in its place: the same in all its rows."""
    names = [name for name in ("platform", *KEY) if name in facts.columns]
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
        facts["attribution_days"] = float(one_window(found))


def _add_currency(facts: pd.DataFrame, cells: dict[str, pd.Series], found: Recognised) -> None:
    """What the money itself says goes before what is usual on the platform, and may not contradict the report's column."""
    if "cost" not in cells:
        return
    header = found.header.cells[found.match.columns["cost"]]
    told = currency_told(header, cells["cost"], found.table.label)
    if isinstance(told, str) and told == DOLLARS:
        # Which dollar is not told, but it is none of the money that other platforms count in.
        told = None if found.ways.constants.get("currency") in (None, *DOLLAR_CODES) else ""
    if told is None:
        return
    if not isinstance(told, str) and "account" in facts:
        told = with_those_of_accounts(told, facts["account"])
    if "currency" in cells:
        refuse_other_currency(facts["currency"], told, found.table.label)
    else:
        facts["currency"] = told


def _ruined(ids: set[str], found: Recognised) -> tuple[Text, ...]:
    names = "、".join(found.header.cells[found.match.columns[name]].strip() for name in sorted(ids))
    if not ids:
        return ()
    return (
        Text(
            f"{found.table.label}：{names} 被 Excel 改成了 8.18E+11 这样的数，已不可靠，未采用；请直接用下载的原文件",
            f"{found.table.label}: {names} were turned into numbers like 8.18E+11 by a spreadsheet and are not used; "
            "give the file as downloaded",
        ),
    )
