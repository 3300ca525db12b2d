"""From paths, or a frame, to a Reading: every file recognised, made canonical, checked, and settled with the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import (
    DateOrder,
    Decimal,
    Document,
    HeadRow,
    Skipped,
    Table,
    tables_of,
    walk,
    whole_ones,
)
from ppc_tuner.files.decoding import family, likeliest
from ppc_tuner.files.opening import NO_TABLE
from ppc_tuner.files.table import FrameTable
from ppc_tuner.reports.attribution import refuse_mixed_windows
from ppc_tuner.reports.bid_joins import join_bids
from ppc_tuner.reports.continuations import refuse_continuations
from ppc_tuner.reports.detection import Recognised, only_one, recognise, unrecognised
from ppc_tuner.reports.formats import CANONICAL, Format, all_formats
from ppc_tuner.reports.kinds import together
from ppc_tuner.reports.meaning import Told
from ppc_tuner.reports.no_reports import (
    KEPT,
    OWN_LIST,
    NoReport,
    holds_own_list,
    kept_for_context,
    nothing_found,
    own_list,
    refusal_of,
)
from ppc_tuner.reports.notes import lists_without_place, notes_on
from ppc_tuner.reports.one_table import Choices, Read, bid_lists, downloaded_together, read_table
from ppc_tuner.reports.overlap import Part, settle
from ppc_tuner.reports.periods import Day, Period, day_of, span_of
from ppc_tuner.reports.platforms import platforms_of
from ppc_tuner.reports.refusals import no_rows, period_not_needed
from ppc_tuner.reports.results import Reading
from ppc_tuner.text import Text

FRAME: Final = "frame"
OTHER_SHEET: Final = Text("工作表不是认识的报表", "sheet is no known report")
HIDDEN_SHEET: Final = Text("隐藏的工作表", "hidden sheet")
EVEN_SHARE: Final = 0.8


def read_reports(
    paths: str | Path | Iterable[str | Path],
    *,
    formats: Iterable[str | Path | Format] = (),
    period: Period | None = None,
    exported_on: Day | None = None,
    as_of: Day | None = None,
    decimal: Decimal | None = None,
    date_order: DateOrder | None = None,
) -> Reading:
    """Facts of all reports under `paths` (files, folders, zips), every day and word counted once.

    formats: a user's own format files. period: first and last day of files that carry no date. exported_on: day of
    download of all files. as_of: the latest day that is not the future (default: tomorrow). decimal, date_order: how
    figures and dates are written, where the files do not prove it.
    Raises InputError (a file that cannot be read or understood), NoRowsError (understood, but empty), ConfigError
    (a format file) and UsageError (a date that is none).
    """
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    choices = _choices(formats, period, exported_on, as_of, Told(decimal, date_order))
    reads: list[Read] = []
    skipped: list[Skipped] = []
    for found in walk(several):
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        new, passed = _read_document(found, choices)
        reads += new
        skipped += passed
    if not reads:
        raise nothing_found(several, skipped)
    if choices.period and all(read.own_days for read in reads if len(read.facts) and not read.bids):
        raise period_not_needed([read.file for read in reads])
    return _reading(reads, skipped, choices)


def facts_from_frame(frame: pd.DataFrame, *, as_of: Day | None = None) -> Reading:
    """A Reading of canonical facts held in a DataFrame (rows × columns of columns.FACTS; at least platform,
    keyword, impressions, clicks, cost). Dtypes are brought to the canonical ones; the frame is not changed.

    Raises InputError for missing columns and wrong cells (rows counted from 1), NoRowsError for an empty frame.
    """
    choices = _choices((), None, None, as_of, Told())
    canonical = tuple(form for form in choices.formats if form.id == CANONICAL)
    names = tuple(str(name) for name in frame.columns)
    if own_list(names):
        raise refusal_of(FRAME, OWN_LIST)
    body = frame.set_axis(range(len(names)), axis=1)
    body.index = pd.RangeIndex(1, len(body) + 1)
    table = FrameTable(FRAME, "", "", (HeadRow(0, 0, names),), body)
    found = recognise(table, canonical)
    if not found:
        required = canonical[0].layouts[0].required
        missing = ", ".join(name for name in required if name not in names and name != "level")
        raise InputError(
            Text("表里缺少必需的列", "the frame lacks required columns"),
            where=FRAME,
            found=", ".join(names)[:300],
            expected=missing,
            to_do=Text("补上这些列；列名见 ppc_tuner.columns.FACTS", "add these columns; their names are those of ppc_tuner.columns.FACTS"),
        )  # fmt: skip
    return _reading([read_table(only_one(found), choices)], [], choices)


def _choices(
    formats: Iterable[str | Path | Format],
    period: Period | None,
    exported_on: Day | None,
    as_of: Day | None,
    told: Told,
) -> Choices:
    # A report of an eastern time zone may be a day ahead of this computer.
    limit = day_of(as_of, "--as-of") if as_of else pd.Timestamp(date.today()) + pd.Timedelta(days=1)
    given = day_of(exported_on, "--exported-on") if exported_on else None
    return Choices(all_formats(formats), span_of(period) if period else None, given, limit, told)


def _read_document(document: Document, choices: Choices) -> tuple[list[Read], list[Skipped]]:
    tables = tables_of(document, choices.encodings())
    first = [readings[0] for readings in tables]
    if holds_own_list(document, first):
        return _no_report(document, OWN_LIST)
    found = [_recognised(readings, document.data, choices.formats) for readings in tables]
    reads = [read_table(one, choices) for one in found if one is not None]
    if reads:
        others = [readings[0] for readings, one in zip(tables, found, strict=True) if one is None]
        refuse_continuations(others, [one for one in found if one is not None])
        hidden = dict.fromkeys(name for readings in tables for name in readings[0].hidden)
        return reads, [
            *(Skipped(f"{table.label} [{table.sheet}]", OTHER_SHEET) for table in others),
            *(Skipped(f"{document.label} [{name}]", HIDDEN_SHEET) for name in hidden),
        ]
    if kept_for_context(document, first, choices.encodings()):
        return _no_report(document, KEPT)
    every = [table for readings in tables for table in readings]
    if not document.named and not any(_looks_even(table) for table in every):
        return [], [Skipped(document.label, NO_TABLE)]
    raise unrecognised(every, document.label, choices.formats)


def _no_report(document: Document, known: NoReport) -> tuple[list[Read], list[Skipped]]:
    """A file known to be something else: refused where it was named, passed over where it lay in a folder."""
    if document.named:
        raise refusal_of(document.label, known)
    reason = Text(f"{known.what.zh}：{known.to_do.zh}", f"{known.what.en}: {known.to_do.en}")
    return [], [Skipped(document.label, reason)]


def _recognised(readings: Sequence[Table], data: bytes, formats: Sequence[Format]) -> Recognised | None:
    """The table under the encoding that shows most columns of a known header; the detector breaks ties."""
    recognised = {
        table.encoding: (table, found) for table in readings if (found := _in_its_encoding(table, formats))
    }
    sound = whole_ones([table for table, _ in recognised.values()])
    if not sound:
        return None
    shown = {table.encoding: len(recognised[table.encoding][1][0].match.columns) for table in sound}
    most = max(shown.values())
    hits = {encoding: recognised[encoding][1] for encoding in shown if shown[encoding] == most}
    encoding = next(iter(hits)) if len(hits) == 1 else likeliest(data, list(hits))
    return replace(only_one(hits[encoding]), encodings=tuple(hits))


def _in_its_encoding(table: Table, formats: Sequence[Format]) -> list[Recognised]:
    """The layouts that recognise the table, of platforms that write in its encoding."""
    known = table.encoding.startswith("utf") or table.encoding in ("", "parquet")
    return [
        hit
        for hit in recognise(table, formats)
        if known or table.encoding in {family(name) for name in hit.form.encodings}
    ]


def _looks_even(table: Table) -> bool:
    """True where most rows have one width, as tables have and prose has not."""
    widths = pd.Series([len(row.cells) for row in table.head if any(cell.strip() for cell in row.cells)])
    if widths.empty:
        return False
    counts = widths.value_counts()
    return bool(counts.index[0] >= 3 and counts.iloc[0] >= EVEN_SHARE * len(widths))


def _reading(reads: Sequence[Read], skipped: Sequence[Skipped], choices: Choices) -> Reading:
    reads = downloaded_together(reads)
    reports = [read for read in reads if not read.bids]
    if all(read.facts.empty for read in reports):
        raise no_rows([read.file for read in reads])
    facts: list[pd.DataFrame] = []
    superseded: list[pd.DataFrame] = []
    notes: list[Text] = [note for read in reads for note in (*read.file.doubts, *read.notes)]
    for parts in _parts(reports).values():
        settled = settle(parts)
        facts += settled.facts
        superseded += settled.superseded
        notes += settled.notes
    every = together([frame for frame in facts if len(frame)])
    lists = [one for read in reads if read.bids for one in bid_lists(read)]
    every, joins = join_bids(every, lists)
    older = together(superseded) if superseded else every.iloc[:0]
    refuse_mixed_windows(pd.concat([every, older], ignore_index=True) if len(older) else every)
    files = tuple(read.file for read in reads)
    items = every["level"] == "item"
    return Reading(
        facts=_where(every, ~items).reset_index(drop=True),
        superseded=older[older["level"] != "item"]
        .reindex(columns=every.columns)
        .astype(every.dtypes.to_dict()),
        files=files,
        skipped=tuple(skipped),
        notes=(*notes_on(files, every), *lists_without_place(lists), *notes),
        platforms=platforms_of(every["platform"].dropna().unique(), choices.formats),
        lang="zh" if any(file.chinese for file in files) else "en",
        items=every[items].reset_index(drop=True),
        bids=joins,
    )


def _parts(reads: Sequence[Read]) -> dict[tuple[str, str], list[Part]]:
    """The facts by platform and level: only these can overlap. A file with days and summaries gives two parts."""
    parts: dict[tuple[str, str], list[Part]] = {}
    sheets = Counter(read.file.path for read in reads)
    for read in reads:
        label = read.file.path.as_posix()
        if sheets[read.file.path] > 1 and read.file.sheet:
            label += f" [{read.file.sheet}]"
        for facts in _alike(read.facts):
            platform, level = facts[["platform", "level"]].iloc[0]
            daily = facts["date"].notna() if "date" in facts.columns else pd.Series(False, index=facts.index)
            part = Part(label, facts, False, _downloaded(facts), read.file.assumed_download)
            both = [replace(part, facts=_where(facts, daily), daily=True), replace(part, facts=_where(facts, ~daily).drop(columns="date", errors="ignore"))]  # fmt: skip
            parts.setdefault((platform, level), []).extend(one for one in both if len(one.facts))
    return parts


def _alike(facts: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each platform, level and day of download: a canonical table may hold several."""
    if facts.empty:
        return []
    names = [name for name in ("platform", "level", "exported_on") if name in facts.columns]
    group = facts.groupby(names, dropna=False, sort=True).ngroup()
    return [_where(facts, group == number) for number in range(group.max() + 1)]


def _downloaded(facts: pd.DataFrame) -> pd.Timestamp | None:
    """The day of download that all rows share."""
    day = facts["exported_on"].iloc[0] if "exported_on" in facts.columns else None
    return None if day is None or pd.isna(day) else pd.Timestamp(day)


def _where(facts: pd.DataFrame, mask: pd.Series[bool]) -> pd.DataFrame:
    """The rows where `mask`; the frame itself, uncopied, where that is all of them."""
    return facts if mask.all() else facts[mask]
