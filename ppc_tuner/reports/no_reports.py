"""Tables that are no exports though they lie beside them: the program's own lists, and the tables people keep for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ppc_tuner.columns import COLUMNS, CONTEXT, VERDICTS
from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, Skipped, Table, tables_of, walk
from ppc_tuner.reports.header import same_name
from ppc_tuner.text import Text

# The sheets of the workbook this program writes.
OWN_SHEETS: Final = (
    Text("总览", "Summary"),
    Text("操作清单", "Actions"),
    Text("按计划操作", "By plan"),
    Text("店铺诊断", "Shop"),
    Text("全部关键词", "All keywords"),
    Text("说明", "Guide"),
)
# No export has columns of these names; two of them beside `action` are enough to know the list by.
VERDICT_NAMES: Final = 2
FIGURES: Final = ("impressions", "clicks", "cost")
KEPT_KEYS: Final = ("campaign", "item_id", "ad_group", "keyword")
KEPT_VALUES: Final = ("margin", "refund_rate", "value_per_conversion", "main_word", "kind", *CONTEXT)
# Columns that only tables kept for this program have.
KEPT_ALONE: Final = (
    "brand_word", "品牌词", "protected_word", "保护词", "creative", "创意", "target_revenue", "目标成交金额", "target_orders",
    "目标成交笔数", "weekly_budget", "周预算", "daily_budget", "日限额",
)  # fmt: skip
SHOWN_SKIPPED: Final = 5
OWN_JSON: Final = b'{"summary":'


@dataclass(frozen=True, slots=True)
class NoReport:
    """What a table is, and what to do with it."""

    what: Text
    to_do: Text


OWN_LIST: Final = NoReport(
    Text("本程序输出的操作清单，不是报表", "a list written by this program, no report"),
    Text("改给广告后台下载的报表", "give the report downloaded from the ad platform instead"),
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
    """True for a document of these tables, none of them a report, that is a table people keep for the context."""
    if not tables and document.kind == "text":
        # A list of brand words has one column only, and so is not taken for a table.
        tables = [one for choices in tables_of(document, encodings, one_column=True) for one in choices[:1]]
    return any(_first_row_is_kept(table) for table in tables)


def own_list(cells: Sequence[str]) -> bool:
    """True for the header of a list of this program, under the names of its columns or their labels."""
    names = _canonical(cells)
    return "action" in names and len(names & VERDICTS.keys()) > VERDICT_NAMES


def is_own_list(path: Path) -> bool:
    """True where the file at `path` is a list written by this program. False too where it cannot be read."""
    if path.suffix.lower() == ".json":
        with path.open("rb") as file:
            return file.read(80).lstrip(b"\xef\xbb\xbf \r\n").startswith(OWN_JSON)
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


def nothing_found(paths: Sequence[str | Path], skipped: Sequence[Skipped]) -> InputError:
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
    return {
        name
        for name, column in COLUMNS.items()
        if found & {same_name(name), same_name(column.label.zh), same_name(column.label.en)}
    }
