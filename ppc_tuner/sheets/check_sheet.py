"""数据核对 / Data check: the files that were read, and whether the list adds up to them."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.sheets import summary_tables as tables
from ppc_tuner.sheets.labels import with_platform_names
from ppc_tuner.sheets.list_sheet import Book
from ppc_tuner.sheets.page_sheet import Page, Table
from ppc_tuner.text import Lang, Text

TAB: Final = "#4A5568"
GRID: Final = (34, *(11.5,) * 13)
FILE_COLUMNS: Final = (
    "source_file", "layout", "encoding", "rows", "first_day", "last_day",
    "dropped", "implausible", "note",
)  # fmt: skip
MOST_FILES: Final = 30

TITLE: Final = Text("数据核对", "Data check")
FILES: Final = Text("读到的文件", "What was read")
TOTALS: Final = Text("数据核对：报表与清单", "Totals: files against list")

Summary = dict[str, pd.DataFrame]


def write_check(book: Book, summary: Summary) -> None:
    """Write the sheet. A section whose frame is empty or missing is left out."""
    platforms = summary.get("platforms")
    page = Page(book, book.sheet("check", tab=TAB), GRID)
    page.title(TITLE[book.lang])
    for name, write in (("files", _files), ("totals", _totals)):
        frame = summary.get(name)
        if frame is not None and len(frame):
            write(page, with_platform_names(frame, platforms, book.lang), book.lang)
    page.close()


def _files(page: Page, files: pd.DataFrame, lang: Lang) -> None:
    page.section(FILES[lang])
    shown = files.rename(columns={f"layout_{lang}": "layout", f"note_{lang}": "note"})
    if len(shown) > MOST_FILES and "note" in shown:
        # Files with a note come first; beyond the limit files are only counted.
        shown = shown.sort_values("note", key=lambda notes: notes.fillna("") == "", kind="stable")
    top, rest = shown.head(MOST_FILES), shown.iloc[MOST_FILES:]
    tones = [""] * len(top) + ["others"] * bool(len(rest))
    if len(rest):
        top = pd.concat([top, _other_files(rest, lang)], ignore_index=True)
    fields = tables.columns_at(top, FILE_COLUMNS, lang, start=0, spans={"layout": 3, "note": 4})
    page.table(Table(fields, top, tuple(tones)))


def _other_files(rest: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    name = Text(f"另外 {len(rest):,} 个文件", f"{len(rest):,} more files")[lang]
    row: dict[str, object] = {"source_file": name}
    row |= {column: rest[column].sum() for column in ("rows", "dropped", "implausible") if column in rest}
    row |= {column: rest[column].min() for column in ("first_day",) if column in rest}
    row |= {column: rest[column].max() for column in ("last_day",) if column in rest}
    return pd.DataFrame([row])


def _totals(page: Page, totals: pd.DataFrame, lang: Lang) -> None:
    page.section(TOTALS[lang])
    page.table(tables.reconciled(totals, lang))
