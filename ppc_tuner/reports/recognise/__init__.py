"""Which layout a table is: exactly one must recognise it, and none or two is told with what was seen. Or what
else it is: a list of this program, a table people keep for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from ppc_tuner.columns import COLUMNS, CONTEXT, DECIDED
from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, HeadRow, Table, tables_of, walk
from ppc_tuner.reports.recognise.formats import (
    CANONICAL,
    Conventions,
    Format,
    Layout,
    Platform,
    Role,
    RowKinds,
    TotalRows,
    all_formats,
    built_in,
    conventions,
)
from ppc_tuner.reports.recognise.header import (
    DOLLAR_CODES,
    DOLLARS,
    HeaderMatch,
    by_first_names,
    chinese_header,
    currency_code,
    currency_of_unit,
    currency_told_by,
    has_columns,
    match_header,
    names_of,
    positions,
    same_name,
)
from ppc_tuner.reports.recognise.not_a_report import without_words
from ppc_tuner.text import Text

__all__ = [
    "CANONICAL",
    "DOLLARS",
    "DOLLAR_CODES",
    "KEPT",
    "OWN_LIST",
    "OWN_SHEETS",
    "TO_ADD",
    "Conventions",
    "Format",
    "HeaderMatch",
    "Layout",
    "NoReport",
    "Platform",
    "Recognised",
    "Role",
    "RowKinds",
    "TotalRows",
    "all_formats",
    "asks_for_columns",
    "built_in",
    "chinese_header",
    "currency_code",
    "currency_of_unit",
    "currency_told_by",
    "holds_own_list",
    "is_confirmed",
    "is_own_list",
    "kept_for_context",
    "list_of_candidates",
    "only_one",
    "own_list",
    "positions",
    "recognise",
    "refusal_of",
    "same_name",
    "unrecognised",
    "without_words",
]

SHOWN_CELLS: Final = 14
# Below this share of a layout's columns a row only shares a word with it by chance.
NEAR: Final = 0.5
OTHER_HEADERS: Final = Text(
    "表头若是别的语言，先把后台语言改成中文或英文再下载；别的平台请写格式文件，用 --format 指定（见 "
    "docs/formats.md）",
    "if its header is in another language, set the platform to English or Chinese first; for another "
    "platform declare a format "
    "file and name it with --format (docs/formats.md)",
)

# The sheets of the workbook this program writes.
OWN_SHEETS: Final = (
    Text("总览", "Summary"),
    Text("操作清单", "Actions"),
    Text("加词", "Add"),
    Text("否词", "Exclude"),
    Text("冲突", "Conflicts"),
    Text("按计划操作", "By plan"),
    Text("店铺诊断", "Shop"),
    Text("全部关键词", "All keywords"),
    Text("说明", "Guide"),
    Text("数据核对", "Data check"),
)
# No export has columns of these names; two of them beside `action` are enough to know the list by.
VERDICT_NAMES: Final = 2
FIGURES: Final = ("impressions", "clicks", "cost")
KEPT_KEYS: Final = ("campaign", "item_id", "ad_group", "keyword")
KEPT_VALUES: Final = ("margin", "refund_rate", "value_per_conversion", "main_word", "kind", *CONTEXT)
# Columns that only tables kept for this program have.
KEPT_ALONE: Final = (
    "brand_word", "品牌词", "protected_word", "保护词", "creative", "创意", "target_revenue", "目标成交金额",
    "target_orders", "目标成交笔数", "weekly_budget", "周预算", "daily_budget", "日限额",
)  # fmt: skip
OWN_JSON: Final = b'{"summary":'
OWN_PAGE: Final = b'<meta name="generator" content="ppc_tuner report">'
OWN_PAGE_WITHIN: Final = 400


@dataclass(frozen=True, slots=True)
class Recognised:
    """A table, the one layout that recognised it, and where its header and columns are.

    encodings: all under which a header was recognised; with more than one, the table's own is a guess. lacks:
    required columns of the place that a download from within one place leaves out (Layout.within); `required`
    of the layout does not name them then.
    """

    table: Table
    form: Format
    layout: Layout
    ways: Conventions
    header: HeadRow
    match: HeaderMatch
    encodings: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def as_role(self, role: Role) -> Recognised:
        """The same as a report, or as a list of bids."""
        return replace(self, layout=self.layout.model_copy(update={"role": role}))


@dataclass(frozen=True, slots=True)
class _Near:
    share: float
    hits: int
    form: Format
    layout: Layout
    header: HeadRow
    missing: tuple[str, ...]
    forbidden: tuple[str, ...]


def recognise(table: Table, formats: Sequence[Format]) -> list[Recognised]:
    """All layouts that recognise the table, each with its first matching header row; those that miss a column
    of the place only where none has them all."""
    names = [names_of(row.cells) for row in table.head]
    every = frozenset().union(*names)
    found = [
        hit
        for form in formats
        if form.telling is None or not form.telling.isdisjoint(every)
        for hit in _of_platform(table, form, names)
    ]
    return [hit for hit in found if not hit.lacks] or found


def list_of_candidates(table: Table, formats: Sequence[Format]) -> Recognised | None:
    """The list of words to add that the table is, the one of which it has most columns; None where it is
    none."""
    found = (
        _find(table, form, layout, ways, table.head)
        for form in formats
        for layout, ways in form.candidates_read
    )
    hits = [hit for hit in found if hit is not None]
    return max(hits, key=lambda hit: (len(hit.layout.required), len(hit.match.columns)), default=None)


def only_one(found: Sequence[Recognised]) -> Recognised:
    """The single layout, or InputError naming all that recognised the table."""
    if len(found) == 1:
        return found[0]
    where = f"{found[0].table.label}:{found[0].header.row}"
    zh = "、".join(f"{hit.form.name.zh} {hit.layout.name.zh}" for hit in found)
    en = ", ".join(f"{hit.form.name.en} {hit.layout.name.en}" for hit in found)
    raise InputError(
        Text(
            "两种以上格式都认得这个文件，不能猜",
            "more than one format recognises this file, and none may be guessed",
        ),
        where=where,
        found=Text(zh, en),
        expected=Text("只有一种格式认得", "exactly one format"),
        to_do=Text(
            "若其中有自己的格式文件：写上更多 required 或 forbidden 列，或用内置格式的 id 来代替它",
            "in your own format file name more required or forbidden columns, or give it the built-in "
            "format's id to replace that",
        ),
    )


def is_confirmed(found: Recognised) -> bool:
    """True where a real file with these very header names was seen; of other languages and variants none
    was."""
    required = found.layout.required
    return found.layout.confirmed and by_first_names(found.header.cells, found.ways.columns, required)


def asks_for_columns(found: Recognised) -> InputError:
    """The message for a report whose names for some columns nobody has seen yet: a format file that names
    them."""
    form, layout = found.form, found.layout
    used = set(found.match.columns.values())
    left = [cell.strip() for at, cell in enumerate(found.header.cells) if at not in used and cell.strip()]
    named = "\n".join(f"      {name}: [?]" for name in layout.asks)
    lines = (
        f"id: {form.id}\nextends: {form.id}\nlayouts:\n  - id: {layout.id}\n    name: {layout.id}\n    "
        f"level: {layout.level}\n    confirmed: false\n"
        f"    required: [{', '.join((*layout.asks, *layout.required))}]\n    columns:\n{named}"
    )
    return InputError(
        Text(
            f"认出是{form.name.zh}{layout.name.zh}，但还没人见过它怎样写这些列：{', '.join(layout.asks)}",
            f"this is a {form.name.en} {layout.name.en}, but nobody has seen yet how it names "
            f"{', '.join(layout.asks)}",
        ),
        where=f"{found.table.label}:{found.header.row}",
        found=", ".join(left)[:300],
        expected=", ".join(layout.asks),
        to_do=Text(
            f"把下面存为 {form.id}.yaml，填上列名，用 --format {form.id}.yaml 指定；也请告诉我们\n{lines}",
            f"save this as {form.id}.yaml with the names filled in, and give --format {form.id}.yaml; "
            f"please tell us too\n{lines}",
        ),
    )


def unrecognised(tables: Sequence[Table], label: str, formats: Sequence[Format]) -> InputError:
    """The message for a document in which no layout recognises any table: the likeliest header, and what it
    lacks."""
    nearest = max((near for table in tables for near in _nears(table, formats)), key=_likeness, default=None)
    if nearest is None or nearest.share < NEAR or nearest.hits < 2:
        return _no_header(tables, label, formats)
    ways = conventions(nearest.form, nearest.layout)
    lacks = "; ".join(_lacking(name, ways.columns[name], nearest.header.cells) for name in nearest.missing)
    unwanted = ", ".join(nearest.forbidden)
    name = nearest.form.name, nearest.layout.name
    place = nearest.form.found_at
    found_at = Text(f"（{place.zh}）", f" ({place.en})") if place else Text("", "")
    return InputError(
        Text("认不出这种报表", "no known report layout"),
        where=f"{label}:{nearest.header.row}",
        found=Text(
            f"最像表头的一行：{_shown(nearest.header)}；最接近 {name[0].zh} {name[1].zh}，但"
            + (f"缺少列 {lacks}" if lacks else f"不该有列 {unwanted}"),
            f"likeliest header: {_shown(nearest.header)}; nearest is {name[0].en} {name[1].en}, but "
            + (f"it lacks {lacks}" if lacks else f"it should not have {unwanted}"),
        ),
        expected=_known(formats),
        to_do=Text(
            f"下载报表时勾上缺少的列{found_at.zh}；{OTHER_HEADERS.zh}",
            f"add the missing columns to the download{found_at.en}; {OTHER_HEADERS.en}",
        ),
    )


def _no_header(tables: Sequence[Table], label: str, formats: Sequence[Format]) -> InputError:
    rows = [row for table in tables for row in table.head if len([c for c in row.cells if c.strip()]) > 1]
    widest = max(rows, key=lambda row: len([c for c in row.cells if c.strip()]), default=None)
    return InputError(
        Text("找不到认识的表头", "no known header was found"),
        where=f"{label}:{widest.row}" if widest else label,
        found=Text(f"最像表头的一行：{_shown(widest)}", f"likeliest header: {_shown(widest)}")
        if widest
        else Text("没有表格", "no table"),
        expected=_known(formats),
        to_do=Text(f"下载关键词报表；{OTHER_HEADERS.zh}", f"download a keyword report; {OTHER_HEADERS.en}"),
    )


def _of_platform(table: Table, form: Format, names: Sequence[Collection[str]]) -> list[Recognised]:
    """names: those in each of the first rows of the table."""
    # Nearly all rows are no header, which one look at their names tells of all layouts.
    rows = [
        row
        for row, cells in zip(table.head, names, strict=True)
        if form.telling is None or not form.telling.isdisjoint(cells)
    ]
    every = (_find(table, form, layout, ways, rows) for layout, ways in form.layouts_read)
    return [hit for hit in every if hit is not None]


def _find(
    table: Table, form: Format, layout: Layout, ways: Conventions, rows: Sequence[HeadRow]
) -> Recognised | None:
    for row in rows:
        if not has_columns(row.cells, ways.columns, layout.always):
            continue
        match = match_header(row.cells, ways.columns)
        if not match.columns.keys().isdisjoint(layout.forbidden):
            continue
        absent = [name for name in layout.within if name not in match.columns]
        lacks = tuple(name for name in absent if f"{name}_id" not in match.columns)
        if lacks != layout.within[: len(lacks)]:
            # The campaign without its ad group: a column was left out, and words of several would be one.
            continue
        needed = tuple(name for name in layout.required if name not in absent)
        layout = layout.model_copy(update={"required": needed}) if absent else layout
        return Recognised(table, form, layout, ways, row, match, lacks=lacks)
    return None


def _nears(table: Table, formats: Sequence[Format]) -> list[_Near]:
    return [
        _near(row, form, layout, ways)
        for form in formats
        if form.id != CANONICAL
        for layout, ways in form.layouts_read
        for row in table.head
    ]


def _near(row: HeadRow, form: Format, layout: Layout, ways: Conventions) -> _Near:
    columns = match_header(row.cells, ways.columns).columns
    missing = tuple(name for name in layout.always if name not in columns)
    forbidden = tuple(name for name in layout.forbidden if name in columns)
    share = 1 - (len(missing) + len(forbidden)) / (len(layout.required) + len(layout.forbidden))
    return _Near(share, len(columns), form, layout, row, missing, forbidden)


def _lacking(name: str, declared: Sequence[str], cells: Sequence[str]) -> str:
    """A column that is missing, by its names; and a cell that has one of them with a unit that is not
    understood."""
    begun = tuple(same_name(one) + "(" for one in declared)
    strange = [cell.strip() for cell in cells if same_name(cell).replace(" (", "(").startswith(begun)]
    return f"{name} ({' / '.join(declared[:4])}" + (f" ≠ {strange[0]})" if strange else ")")


def _likeness(near: _Near) -> tuple[float, int, int]:
    return near.share, near.hits, -len(near.forbidden)


def _shown(row: HeadRow) -> str:
    cells = [cell.strip()[:30] for cell in row.cells]
    return ",".join(cells[:SHOWN_CELLS]) + (f" … ({len(cells)})" if len(cells) > SHOWN_CELLS else "")


def _known(formats: Sequence[Format]) -> Text:
    names = [form.name for form in formats]
    return Text(
        f"这些平台的关键词报表：{'、'.join(name.zh for name in names)}",
        f"a keyword report of one of: {', '.join(name.en for name in names)}",
    )


@dataclass(frozen=True, slots=True)
class NoReport:
    """What a table is, and what to do with it."""

    what: Text
    to_do: Text


OWN_LIST: Final = NoReport(
    Text("本程序输出的操作清单，不是报表", "a list written by this program, no report"),
    Text("改给广告后台下载的报表", "give the report downloaded from the ad platform instead"),
)
TO_ADD: Final = NoReport(
    Text("可加的词的表，不是报表", "a list of words to add, no report"),
    Text("用 --candidates 给出", "give it with --candidates"),
)
KEPT: Final = NoReport(
    Text("毛利率、品牌词之类的表，不是报表", "a table of margins, brand words or the like, no report"),
    Text(
        "用 --context 给出，例如 --context items.csv", "give it with --context, such as --context items.csv"
    ),
)


def holds_own_list(document: Document, tables: Sequence[Table]) -> bool:
    """True for a document of these tables where it is a list that this program wrote, in any of its forms."""
    if document.data.removeprefix(b"\xef\xbb\xbf")[:80].lstrip().startswith(OWN_JSON):
        return True
    return _own_workbook([table.sheet for table in tables]) or any(
        own_list(row.cells) for table in tables for row in table.head
    )


def kept_for_context(document: Document, tables: Sequence[Table], encodings: Sequence[str]) -> bool:
    """True for a document of these tables, none of them a report, that is a table people keep for the
    context."""
    if not tables and document.kind == "text":
        # A list of brand words has one column only, and so is not taken for a table.
        tables = [one for choices in tables_of(document, encodings, one_column=True) for one in choices[:1]]
    return any(_first_row_is_kept(table) for table in tables)


def own_list(cells: Sequence[str]) -> bool:
    """True for the header of a list of this program, under the names of its columns or their labels."""
    names = _canonical(cells)
    return "action" in names and len(names & DECIDED.keys()) > VERDICT_NAMES


def is_own_list(path: Path) -> bool:
    """True where the file at `path` is a list written by this program. False too where it cannot be read."""
    if path.suffix.lower() == ".json":
        with path.open("rb") as file:
            return file.read(80).lstrip(b"\xef\xbb\xbf \r\n").startswith(OWN_JSON)
    if path.suffix.lower() == ".html":
        with path.open("rb") as file:
            return OWN_PAGE in file.read(OWN_PAGE_WITHIN)
    try:
        for document in walk([path]):
            if isinstance(document, Document):
                tables = [choices[0] for choices in tables_of(document, ())]
                return holds_own_list(document, tables)
    except InputError:
        return False
    return False


def refusal_of(label: str, known: NoReport) -> InputError:
    """The message for such a file given as a report."""
    return InputError(
        Text("这个文件不是报表", "this file is no report"),
        where=label,
        found=known.what,
        expected=Text("广告后台下载的关键词报表", "a keyword report downloaded from the ad platform"),
        to_do=known.to_do,
    )


def _own_workbook(sheets: Sequence[str]) -> bool:
    ours = [{name.zh for name in OWN_SHEETS}, {name.en for name in OWN_SHEETS}]
    return any(len(names & set(sheets)) >= 2 for names in ours)


def _first_row_is_kept(table: Table) -> bool:
    header = next((row.cells for row in table.head if any(cell.strip() for cell in row.cells)), ())
    if {same_name(cell) for cell in header} & set(KEPT_ALONE):
        return True
    names = _canonical(header)
    return bool(names & set(KEPT_KEYS)) and bool(names & set(KEPT_VALUES)) and not names & set(FIGURES)


def _canonical(cells: Sequence[str]) -> set[str]:
    # The template writes the Chinese term above the canonical name.
    found = {same_name(part) for cell in cells for part in (cell, *cell.split("\n"))}
    names = _names_of_columns()
    return {name for one in found & names.keys() for name in names[one]}


@cache
def _names_of_columns() -> dict[str, list[str]]:
    """The canonical columns that go by a name or label."""
    names: dict[str, list[str]] = {}
    for name, column in COLUMNS.items():
        for one in {same_name(name), same_name(column.label.zh), same_name(column.label.en)}:
            names.setdefault(one, []).append(name)
    return names
