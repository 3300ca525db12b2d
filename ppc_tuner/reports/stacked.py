"""Small tables with one header, read as one: three hundred daily files cost what their rows cost.

Each is settled as if it stood alone: wherever something of one of them would have to be told, left out or
settled by the others, they are read one by one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from ppc_tuner.errors import InputError
from ppc_tuner.files import Days, Document
from ppc_tuner.files.table import SHORT, TEXT, FrameTable
from ppc_tuner.reports.cells import stands_alone
from ppc_tuner.reports.checks import Options, TableSeen, Told
from ppc_tuner.reports.negatives import negative_rows
from ppc_tuner.reports.recognise import Recognised, currency_of_unit
from ppc_tuner.reports.results import with_kinds
from ppc_tuner.reports.rows import placement_increases
from ppc_tuner.reports.table import Read, columns_needed, file_reading, read_table, understood, with_source

# Of larger ones what each file costs by itself hardly counts.
SMALL_BYTES: Final = 256 * 1024
SMALL_ROWS: Final = 2_000
# Held in memory until all files have been opened.
HELD_BYTES: Final = 64 * 1024 * 1024
# One odd file must not make all others be read one by one, nor many odd ones be tried together for ever.
HALVINGS: Final = 4
# A column counted in another unit (millionths, cents) is told of its own file; among others it would hide.
OTHER_UNIT: Final = 20.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """A small table that may be read together with others of its kind."""

    found: Recognised

    @property
    def kind(self) -> Hashable:
        """The same for tables that may be read as one."""
        found = self.found
        told = (found.table.encoding, found.encodings, found.header.row, found.header.cells)
        return (found.form.id, found.layout.id, found.lacks, *told)


def may_wait(found: Recognised, document: Document, held: int) -> bool:
    """Whether the table is small, says its days in its rows, and has nothing above or beside its rows that
    would have to be read with them; `held`: bytes of those that wait already."""
    table, ways = found.table, found.ways
    if isinstance(table, FrameTable):
        small = len(table.frame) <= SMALL_ROWS
    else:
        small = len(document.data) <= SMALL_BYTES
    plain = not table.merged and ways.rows is None and ways.period not in ("name", "activity")
    above = any(cell.strip() for row in table.head if row.row < found.header.row for cell in row.cells)
    return small and plain and not above and found.layout.role == "report" and held < HELD_BYTES


def read_waiting(waiting: Sequence[Waiting], options: Options) -> list[Read]:
    """One Read for each, in their order. Raises what read_table raises."""
    reads: dict[int, Read] = {}
    kinds: dict[Hashable, list[int]] = {}
    for at, one in enumerate(waiting):
        kinds.setdefault(one.kind, []).append(at)
    for places in kinds.values():
        found = [waiting[at].found for at in places]
        reads |= zip(places, _read_alike(found, options, HALVINGS), strict=True)
    return [reads[at] for at in range(len(waiting))]


def _read_alike(several: Sequence[Recognised], options: Options, halvings: int) -> list[Read]:
    together = _read_together(several, options) if len(several) > 1 else None
    if together is not None:
        return together
    if len(several) < 2 or not halvings:
        return [read_table(one, options) for one in several]
    middle = len(several) // 2
    return [
        *_read_alike(several[:middle], options, halvings - 1),
        *_read_alike(several[middle:], options, halvings - 1),
    ]


def _read_together(several: Sequence[Recognised], options: Options) -> list[Read] | None:
    """The tables read as one and told apart again; None where they must be read one by one."""
    first = several[0]
    try:
        bodies = [one.table.body(one.header, columns_needed(one)) for one in several]
        if any(SHORT in body.attrs or body.empty for body in bodies):
            return None
        frame = _below_each_other(bodies)
        frame.index = pd.RangeIndex(first.header.end + 1, first.header.end + 1 + len(frame))
        table = FrameTable(first.table.label, "", first.table.encoding, first.table.head, frame)
        seen, headers, told = understood(replace(first, table=table), options)
    except InputError:
        # Said of the one file it is about.
        return None
    sizes = np.array([len(body) for body in bodies])
    if not _plain(seen, told, len(frame)) or not _of_one_scale(seen.facts, sizes):
        return None
    ends = np.cumsum(sizes)
    parts = [
        _part(seen, one, body.index, slice(end - len(body), end))
        for one, body, end in zip(several, bodies, ends, strict=True)
    ]
    files = [file_reading(part, headers, told) for part in parts]
    rows = np.concatenate([body.index.to_numpy() for body in bodies])
    facts = with_kinds(with_source(seen.facts.set_axis(rows), files, sizes))
    none = placement_increases(seen.raw, seen.found)
    reads = [
        Read(file, facts.iloc[end - size : end].reset_index(drop=True), (), True, none)
        for file, size, end in zip(files, sizes, ends, strict=True)
    ]
    return [replace(reads[0], negatives=negative_rows(seen.raw, seen.found, seen.facts)), *reads[1:]]


def _below_each_other(bodies: Sequence[pd.DataFrame]) -> pd.DataFrame:
    columns = {}
    for name in bodies[0].columns:
        parts = [body[name] for body in bodies]
        if all(isinstance(part.dtype, pd.CategoricalDtype) for part in parts):
            columns[name] = pd.Series(union_categoricals(parts))
        else:
            columns[name] = pd.concat([part.astype(TEXT) for part in parts], ignore_index=True)
    return pd.DataFrame(columns, copy=False)


def _plain(seen: TableSeen, told: Told, rows: int) -> bool:
    """Whether every row is a fact, and nothing is told of any, or proven by other rows than its own."""
    nothing_told = not (told.on_top or told.notes or told.implausible)
    all_kept = len(seen.facts) == rows and not (seen.left_out or len(seen.held) or len(seen.placeless))
    money = seen.money is None
    if "cost" in seen.cells and isinstance(seen.money, str):
        money = currency_of_unit(seen.header_of("cost")) == seen.money
    own_days = seen.stated is not None and not seen.ruined
    return nothing_told and all_kept and money and own_days and stands_alone(seen.cells)


def _of_one_scale(facts: pd.DataFrame, sizes: NDArray[np.int64]) -> bool:
    """Whether the files count in the same units: clicks cost alike, and views are clicked alike."""
    part = np.repeat(np.arange(len(sizes)), sizes)
    # A format of a user's own may know none of these.
    sums = facts.reindex(columns=["impressions", "clicks", "cost"]).astype("float64").groupby(part).sum()
    for above, below in (("cost", "clicks"), ("clicks", "impressions")):
        ratio = (sums[above] / sums[below].where(sums[below] > 0)).replace(0.0, np.nan).dropna()
        if len(ratio) and ratio.max() > OTHER_UNIT * ratio.min():
            return False
    return True


def _part(seen: TableSeen, one: Recognised, rows: pd.Index, own: slice) -> TableSeen:
    days = seen.days
    return replace(
        seen,
        found=replace(seen.found, table=one.table, header=one.header),
        body=seen.body.iloc[own].set_axis(rows),
        facts=seen.facts.iloc[own].set_axis(rows),
        days=None if days is None else Days(days.start.iloc[own], days.end.iloc[own], days.wrong.iloc[own]),
    )
