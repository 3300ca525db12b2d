"""From paths, or a frame, to a Reading: every file recognised, made canonical, checked, and settled with the
others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from ppc_tuner.columns import COLUMNS
from ppc_tuner.errors import InputError, NoRowsError, UsageError
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
from ppc_tuner.identity import SPACED, one_spelling
from ppc_tuner.reports import checks
from ppc_tuner.reports.bid_joins import BidList, join_bids
from ppc_tuner.reports.checks import FilesSeen, Options
from ppc_tuner.reports.checks.check import MoneyUnit
from ppc_tuner.reports.negatives import standing_negatives
from ppc_tuner.reports.overlap import days_of_one_export, parts_of, settle
from ppc_tuner.reports.periods import Day, Period, day_of, span_of
from ppc_tuner.reports.recognise import (
    CANONICAL,
    KEPT,
    OWN_LIST,
    TO_ADD,
    Format,
    NoReport,
    Platform,
    Recognised,
    all_formats,
    holds_own_list,
    kept_for_context,
    list_of_candidates,
    only_one,
    own_list,
    recognise,
    refusal_of,
    unrecognised,
    without_words,
)
from ppc_tuner.reports.recognise.not_a_report import wrong_encoding
from ppc_tuner.reports.results import FileReading, Reading, together
from ppc_tuner.reports.stacked import Waiting, may_wait, read_waiting
from ppc_tuner.reports.table import Read, read_table, stated_download
from ppc_tuner.text import Text

FRAME: Final = "frame"
OTHER_SHEET: Final = Text("工作表不是认识的报表", "sheet is no known report")
OTHER_COUNTS: Final = Text("另有搜索词报表，以它为准", "the search term report beside it counts")
NO_ROWS_OF_IT: Final = Text("没有这类报表的数据行", "holds no rows of this kind of report")
FIGURES: Final = ("impressions", "clicks", "cost")
HIDDEN_SHEET: Final = Text("隐藏的工作表", "hidden sheet")
# Most rows of a table are of one width, those of prose are not.
EVEN_SHARE: Final = 0.8
SHOWN_SKIPPED: Final = 5


@dataclass(frozen=True, slots=True)
class Undecided:
    """A table of bids and figures: which of them count depends on what else is given. others: as for
    read_table."""

    found: Recognised
    others: Sequence[Table]

    @property
    def words(self) -> tuple[str, str]:
        """The platform, and what the table is about: keywords or search terms."""
        return self.found.form.id, self.found.layout.level


Opened = Read | Undecided | Waiting


def read_reports(
    paths: str | Path | Iterable[str | Path],
    *,
    formats: Iterable[str | Path | Format] = (),
    period: Period | None = None,
    exported_on: Day | None = None,
    as_of: Day | None = None,
    decimal: Decimal | None = None,
    date_order: DateOrder | None = None,
    money_unit: MoneyUnit | None = None,
) -> Reading:
    """Facts of all reports under `paths` (files, folders, zips), every day and word counted once.

    formats: a user's own format files. period: first and last day of files that carry no date. exported_on:
    day of download of all files. as_of: the latest day that is not the future (default: tomorrow). decimal,
    date_order: how figures and dates are written, where the files do not prove it. money_unit: what money is
    in that looks like millionths ("whole": it is not). Raises InputError (a file that cannot be read or
    understood), NoRowsError (understood, but empty), ConfigError (a format file) and UsageError (a date that
    is none).
    """
    several = [paths] if isinstance(paths, str | Path) else list(paths)
    options = _options(formats, period, exported_on, as_of, decimal, date_order, money_unit)
    found_tables: list[Opened] = []
    skipped: list[Skipped] = []
    held = 0
    for found in walk(several):
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        new, passed = _read_document(found, options, held)
        held += len(found.data) if any(isinstance(one, Waiting) for one in new) else 0
        found_tables += new
        skipped += passed
    reads, passed = _decided(_without_waiting(found_tables, options), options)
    skipped += passed
    if not reads:
        raise _nothing_found(several, skipped)
    if options.period and all(read.own_days for read in reads if len(read.facts) and not read.bids):
        raise _period_not_needed([read.file for read in reads])
    return _reading(reads, skipped, options)


def facts_from_frame(frame: pd.DataFrame, *, as_of: Day | None = None) -> Reading:
    """A Reading of canonical facts held in a DataFrame (rows × columns of columns.FACTS; at least platform,
    keyword, impressions, clicks, cost). Dtypes are brought to the canonical ones; the frame is not changed.

    Raises InputError for missing columns and wrong cells (rows counted from 1), NoRowsError for an empty
    frame.
    """
    options = _options((), None, None, as_of)
    canonical = tuple(form for form in options.formats if form.id == CANONICAL)
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
            to_do=Text(
                "补上这些列；列名见 ppc_tuner.columns.FACTS",
                "add these columns; their names are those of ppc_tuner.columns.FACTS",
            ),
        )
    return _reading([read_table(only_one(found), options)], [], options)


def with_window(facts: pd.DataFrame, days: float | None) -> pd.DataFrame:
    """Facts whose window the report does not state are taken to be of `days`, the setting attribution_days.

    Raises InputError where the facts of one level are then of several windows.
    """
    if days is None:
        return facts
    unknown = pd.Series(float("nan"), facts.index)
    stated = facts.get("attribution_days", unknown)
    filled = facts.assign(attribution_days=stated.fillna(float(days)))
    checks.run((checks.WINDOWS_DIFFER,), FilesSeen((), filled, filled))
    return filled


def refuse_without_orders(reading: Reading) -> None:
    """InputError where the facts of a platform, account and level tell nothing of orders: no word can be
    judged."""
    checks.run(checks.OF_DECISIONS, FilesSeen(reading.files, reading.facts, reading.facts))


def _options(
    formats: Iterable[str | Path | Format],
    period: Period | None,
    exported_on: Day | None,
    as_of: Day | None,
    decimal: Decimal | None = None,
    date_order: DateOrder | None = None,
    money_unit: MoneyUnit | None = None,
) -> Options:
    # A report of an eastern time zone may be a day ahead of this computer.
    limit = day_of(as_of, "--as-of") if as_of else pd.Timestamp(date.today()) + pd.Timedelta(days=1)
    given = day_of(exported_on, "--exported-on") if exported_on else None
    span = span_of(period) if period else None
    tomorrow = max(limit, pd.Timestamp(date.today()) + pd.Timedelta(days=1))
    if given is not None and given > tomorrow:
        raise UsageError(
            Text("--exported-on 在未来", "--exported-on lies in the future"),
            found=f"{given:%Y-%m-%d}",
            expected=Text(f"不晚于 {tomorrow:%Y-%m-%d}", f"not after {tomorrow:%Y-%m-%d}"),
            to_do=Text("写报表真正下载的日期", "give the day on which the report was downloaded"),
        )
    return Options(all_formats(formats), span, given, limit, decimal, date_order, money_unit)


def _read_document(document: Document, options: Options, held: int) -> tuple[list[Opened], list[Skipped]]:
    tables = tables_of(document, options.encodings())
    first = [readings[0] for readings in tables]
    if holds_own_list(document, first):
        return _no_report(document, OWN_LIST)
    found = [_recognised(readings, document.data, options.formats) for readings in tables]
    others = [readings[0] for readings, one in zip(tables, found, strict=True) if one is None]
    reads = [_read_or_wait(one, options, others, document, held) for one in found if one is not None]
    if reads:
        hidden = dict.fromkeys(name for readings in tables for name in readings[0].hidden)
        return reads, [
            *(Skipped(f"{table.label} [{table.sheet}]", OTHER_SHEET) for table in others),
            *(Skipped(f"{document.label} [{name}]", HIDDEN_SHEET) for name in hidden),
        ]
    if kept_for_context(document, first, options.encodings()):
        return _no_report(document, KEPT)
    every = [table for readings in tables for table in readings]
    lists = (list_of_candidates(table, options.formats) for table in every)
    if any(found is not None and found.form.id != CANONICAL for found in lists):
        return _no_report(document, TO_ADD)
    other = without_words(every, options.formats)
    if other is not None:
        if document.named:
            raise other.error()
        return [], [Skipped(document.label, other.skipped)]
    if not document.named and not any(_looks_even(table) for table in every):
        return [], [Skipped(document.label, NO_TABLE)]
    raise wrong_encoding(document, options.formats) or unrecognised(every, document.label, options.formats)


def _read_or_wait(
    found: Recognised, options: Options, others: Sequence[Table], document: Document, held: int
) -> Opened:
    if found.layout.role == "either":
        return Undecided(found, others)
    if not others and may_wait(found, document, held):
        return Waiting(found)
    return read_table(found, options, others)


def _without_waiting(opened: Sequence[Opened], options: Options) -> list[Read | Undecided]:
    """The tables in their order, those that waited read."""
    read = iter(read_waiting([one for one in opened if isinstance(one, Waiting)], options))
    return [next(read) if isinstance(one, Waiting) else one for one in opened]


def _decided(tables: Sequence[Read | Undecided], options: Options) -> tuple[list[Read], list[Skipped]]:
    """All tables read. One of bids and figures gives its bids only where another report of the same words is
    given, or where it holds no figures; search terms, which bear no bid, are then passed over."""
    reported = {
        (read.file.platform, read.file.level)
        for read in tables
        if isinstance(read, Read) and not read.bids and read.file.rows
    }
    reads: list[Read] = []
    skipped: list[Skipped] = []
    for one in tables:
        if isinstance(one, Read):
            reads.append(one)
        elif one.words in reported and one.found.layout.level != "keyword":
            skipped.append(Skipped(f"{one.found.table.label} [{one.found.table.sheet}]", OTHER_COUNTS))
        elif one.words in reported:
            reads.append(read_table(one.found.as_role("bids"), options, one.others))
        else:
            reads.append(_report_or_bids(one, options))
    return _without_empty_sheets(reads, skipped)


def _report_or_bids(one: Undecided, options: Options) -> Read:
    """The table as a report; as a list of bids where it holds no figures at all."""
    read = read_table(one.found.as_role("report"), options, one.others)
    figures = [name for name in FIGURES if name in read.facts]
    if read.facts[figures].notna().any(axis=None) or one.found.layout.level != "keyword":
        return read
    return read_table(one.found.as_role("bids"), options, one.others)


def _without_empty_sheets(reads: list[Read], skipped: list[Skipped]) -> tuple[list[Read], list[Skipped]]:
    """The tables without sheets of no row, where another sheet of the workbook has some: a workbook of
    several kinds of advertising has a sheet for each."""
    filled = {read.file.path for read in reads if read.file.rows}
    kept = [read for read in reads if read.file.rows or read.file.path not in filled]
    empty = [read.file for read in reads if not read.file.rows and read.file.path in filled]
    return kept, [
        *skipped,
        *(Skipped(f"{file.path.as_posix()} [{file.sheet}]", NO_ROWS_OF_IT) for file in empty),
    ]


def _no_report(document: Document, known: NoReport) -> tuple[list[Opened], list[Skipped]]:
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
    if table.encoding.startswith("utf") or table.encoding in ("", "parquet"):
        return recognise(table, formats)
    return recognise(
        table, [form for form in formats if table.encoding in {family(name) for name in form.encodings}]
    )


def _looks_even(table: Table) -> bool:
    """True where most rows have one width, as tables have and prose has not."""
    widths = pd.Series([len(row.cells) for row in table.head if any(cell.strip() for cell in row.cells)])
    if widths.empty:
        return False
    counts = widths.value_counts()
    return bool(counts.index[0] >= 3 and counts.iloc[0] >= EVEN_SHARE * len(widths))


def _reading(reads: Sequence[Read], skipped: Sequence[Skipped], options: Options) -> Reading:
    reads, unified = _spelled_alike(reads)
    reads = _downloaded_together(reads)
    files = tuple(read.file for read in reads)
    reports = [(read.file, read.facts) for read in reads if not read.bids]
    if all(facts.empty for _, facts in reports):
        raise _no_rows(files, options.formats)
    facts: list[pd.DataFrame] = []
    superseded: list[pd.DataFrame] = []
    notes: list[Text] = [note for read in reads for note in (*read.file.doubts, *read.notes)]
    notes += unified
    for parts in parts_of(reports).values():
        settled = settle(parts)
        facts += settled.facts
        superseded += settled.superseded
        notes += checks.run(checks.OF_EXPORTS, settled.overlaps).notes
    lists = [one for read in reads if read.bids for one in _bid_lists(read)]
    assumed = frozenset(file.path.as_posix() for file in files if file.assumed_download)
    joined = join_bids(together([frame for frame in facts if len(frame)]), lists, assumed)
    counted = joined.facts
    older = together(superseded) if superseded else counted.iloc[:0]
    every = pd.concat([counted, older], ignore_index=True) if len(older) else counted
    by_device = frozenset(form.id for form in options.formats if form.bid.by_device)
    negatives = standing_negatives(
        [read.negatives for read in reads if read.negatives is not None and len(read.negatives)], every
    )
    told = checks.run(
        checks.OF_FILES,
        FilesSeen(files, counted, every, lists, joined.contradictions, joined.outdated, by_device),
    )
    items = counted["level"] == "item"
    words = counted[~items] if items.any() else counted
    return Reading(
        facts=words.reset_index(drop=True),
        superseded=older[older["level"] != "item"]
        .reindex(columns=counted.columns)
        .astype(counted.dtypes.to_dict()),
        files=files,
        skipped=tuple(skipped),
        notes=(*told.on_top, *told.notes, *notes, *_standing(negatives)),
        platforms=_platforms(counted["platform"].dropna().unique(), options.formats),
        lang="zh" if any(file.chinese for file in files) else "en",
        items=counted[items].reset_index(drop=True),
        bids=joined.joins,
        placements=pd.concat([read.placements for read in reads], ignore_index=True),
        together=told.on_top,
        negatives=negatives,
    )


def _standing(negatives: pd.DataFrame) -> list[Text]:
    """That negatives were found; nothing where there are none."""
    if negatives.empty:
        return []
    count = len(negatives)
    return [
        Text(
            f"文件里列着 {count:,} 条在用的否词，按已有的否词算：它们挡住的词不加、不提、不再否",
            f"the files list {count:,} {'negative that stands' if count == 1 else 'negatives that stand'} "
            "already: what "
            f"{'it blocks' if count == 1 else 'they block'} is neither added, raised nor excluded once more",
        )
    ]


def _spelled_alike(reads: Sequence[Read]) -> tuple[list[Read], list[Text]]:
    """The same tables, words and names in the commonest of spellings that look alike; and a note of them."""
    notes: list[Text] = []
    spelled = list(reads)
    for name in (*SPACED, "item", "keyword"):
        texts = [read.facts[name] for read in spelled if name in read.facts]
        new = one_spelling(pd.concat(texts, ignore_index=True)) if texts else pd.Series(dtype="str")
        if new.empty:
            continue
        spelled = [
            replace(read, facts=read.facts.assign(**{name: read.facts[name].replace(new.to_dict())}))
            if name in read.facts and read.facts[name].isin(new.index).any()
            else read
            for read in spelled
        ]
        label = COLUMNS[name].label
        notes.append(
            Text(
                f"“{label.zh}”有 {len(new):,} 种写法只差看不见的字符（空格、全半角、零宽字符），"
                f"按同一个算，如“{new.iloc[0]}”",
                f"{label.en}: {len(new):,} {'spelling' if len(new) == 1 else 'spellings'} differing only in "
                "what nobody sees (spaces, widths, signs of no width) from a commoner one: read as "
                f"that one, such as “{new.iloc[0]}”",
            )
        )
    return spelled, notes


def _downloaded_together(reads: Sequence[Read]) -> list[Read]:
    """The same tables; those of one download share its day, where it is only assumed.

    One download are the sheets of a workbook, and files that continue each other: an export cut into days or
    campaigns was not downloaded on as many days.
    """
    newest: dict[Path, pd.Timestamp] = {}
    for read in reads:
        day, path = read.file.exported_on, read.file.path
        if day is not None:
            newest[path] = max(day, newest.get(path, day))
    reads = [
        _downloaded_on(read, newest[read.file.path]) if read.file.assumed_download else read for read in reads
    ]
    assumed = [read for read in reads if read.file.assumed_download and not read.bids and len(read.facts)]
    if len(assumed) < 2:
        return reads
    days = {id(read): day for read, day in zip(assumed, days_of_one_export(_dated(assumed)), strict=True)}
    return [_downloaded_on(read, days.get(id(read), read.file.exported_on)) for read in reads]


def _dated(reads: Sequence[Read]) -> list[tuple[pd.Timestamp, pd.DataFrame]]:
    return [(read.file.exported_on, read.facts) for read in reads if read.file.exported_on is not None]


def _downloaded_on(read: Read, day: pd.Timestamp | None) -> Read:
    if day is None or day == read.file.exported_on:
        return read
    return replace(read, file=replace(read.file, exported_on=day), facts=read.facts.assign(exported_on=day))


def _bid_lists(read: Read) -> list[BidList]:
    """The rows of a list of bids that a bid can reach: a list for each platform in it."""
    return [_bid_list(read.file, rows) for _, rows in read.facts.groupby("platform", sort=False)]


def _bid_list(file: FileReading, facts: pd.DataFrame) -> BidList:
    rows = facts[facts["biddable"].fillna(True).astype(bool)] if "biddable" in facts else facts
    platform, negatives = str(facts["platform"].iloc[0]), len(facts) - len(rows)
    return BidList(
        file.path, file.name, platform, stated_download(facts), rows.reset_index(drop=True), negatives
    )


def _platforms(ids: Iterable[str], formats: Sequence[Format]) -> dict[str, Platform]:
    """Each platform id with its declaration; one that nobody has declared bids and waits as the canonical
    format says."""
    known = {form.id: form.platform() for form in formats}
    general = known[CANONICAL]
    return {
        name: known.get(name) or general.model_copy(update={"id": name, "name": Text(name, name)})
        for name in sorted(set(ids))
    }


def _no_rows(files: Sequence[FileReading], formats: Sequence[Format]) -> NoRowsError:
    """The message where nothing is left to decide on: no rows at all, or lists of bids only."""
    file = files[0]
    where = f"{file.path.as_posix()}:{file.header_row}"
    if file.role == "bids":
        form = next((form for form in formats if form.id == file.platform and form.found_at), None)
        place = form.found_at if form and form.found_at else Text("", "")
        at = Text(f"（{place.zh}）", f" ({place.en})") if place.en else place
        return NoRowsError(
            Text("只有出价，没有数据", "there are bids, but no figures"),
            where=where,
            found=file.name,
            expected=Text("一起给出关键词报表", "a keyword report beside it"),
            to_do=Text(
                f"下载关键词报表{at.zh}，和这个文件一起交给程序",
                f"download the keyword report{at.en} and give it together with this file",
            ),
        )
    return NoRowsError(
        Text("报表读懂了，但里面没有数据行", "the report was understood, but holds no rows"),
        where=where,
        found=file.name,
        expected=Text("至少一行关键词数据", "at least one row of keyword figures"),
        to_do=Text("放宽筛选条件或日期范围，重新下载", "widen the filter or the dates and download again"),
    )


def no_words(files: Sequence[FileReading]) -> NoRowsError:
    """The message where reports hold items only, so that there is no word to decide on."""
    file = next((file for file in files if file.role == "report"), files[0])
    return NoRowsError(
        Text("这是宝贝报表，没有关键词", "this is a report of items: it holds no keywords"),
        where=f"{file.path.as_posix()}:{file.header_row}",
        found=file.name,
        expected=Text("关键词报表", "a keyword report"),
        to_do=Text("在后台下载关键词报表", "download the keyword report from the ad platform"),
    )


def _period_not_needed(files: Sequence[FileReading]) -> UsageError:
    """The message for a --period that dates nothing, because every file holds its own dates."""
    dated = next(file for file in files if file.first_day is not None)
    held = f"{dated.first_day:%Y-%m-%d}..{dated.last_day:%Y-%m-%d}"
    return UsageError(
        Text("--period 用不上：报表自己有日期", "--period has no use here: the report holds its own dates"),
        where=dated.path.as_posix(),
        found=held,
        expected=Text("没有日期的报表", "a report without dates"),
        to_do=Text(
            "去掉 --period；若只看其中几天，在后台按那几天下载",
            "leave out --period; to judge some of the days only, download a report of those days",
        ),
    )


def _nothing_found(paths: Sequence[str | Path], skipped: Sequence[Skipped]) -> InputError:
    """The message where no file holds a report: what each of the first ones is instead."""
    seen = skipped[:SHOWN_SKIPPED]
    more = f" … ({len(skipped)})" if len(skipped) > len(seen) else ""
    return InputError(
        Text("没有找到报表", "no report was found"),
        where=", ".join(str(path) for path in paths),
        found=Text(
            "；".join(f"{one.label}：{one.reason.zh}" for one in seen) + more or "没有文件",
            "; ".join(f"{one.label}: {one.reason.en}" for one in seen) + more or "no file",
        ),
        expected=Text("关键词报表", "keyword reports"),
        to_do=Text("指定报表文件，或放报表的文件夹", "name report files, or a folder that holds them"),
    )
