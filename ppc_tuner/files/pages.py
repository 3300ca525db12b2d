"""Tables in web pages: many back offices name such a page .xls. Text only: no link, script or formula is carried over."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.tables import FrameTable, HeadRow, check_columns
from ppc_tuner.text import Text

CELLS: Final = ("td", "th")
SILENT: Final = ("script", "style", "template")
LARGEST_SPAN: Final = 100
# A back office writes no larger page; a longer one takes minutes.
CHARACTERS: Final = 50_000_000


def page_tables(label: str, encoding: str, text: str) -> list[FrameTable]:
    """Every table of the page that has more than one column, cells as text, rows counted from 1 within the table.

    A cell over several columns fills the first of them. Raises InputError for pages and tables beyond the limits.
    """
    if len(text) > CHARACTERS:
        raise InputError(
            Text("网页太大", "the page is too large"),
            where=label,
            found=Text(f"{len(text):,} 个字", f"{len(text):,} characters"),
            expected=Text(f"不超过 {CHARACTERS:,} 个字", f"at most {CHARACTERS:,} characters"),
            to_do=Text(
                "在 Excel 里打开，另存为 .xlsx 或 .csv", "open it in Excel and save it as .xlsx or .csv"
            ),
        )
    reader = _Tables(label)
    reader.feed(text)
    reader.close()
    return [_table(label, encoding, rows) for rows in reader.tables if max(map(len, rows), default=0) > 1]


def _table(label: str, encoding: str, rows: list[list[str]]) -> FrameTable:
    width = max(map(len, rows))
    frame = pd.DataFrame([row + [""] * (width - len(row)) for row in rows], dtype="str")
    frame.index = pd.RangeIndex(1, len(rows) + 1)
    head = tuple(HeadRow(at, at, tuple(row)) for at, row in enumerate(rows[: limits.HEAD_ROWS], 1))
    return FrameTable(label, "", encoding, head, frame)


class _Tables(HTMLParser):
    """Rows of cells; a table within a cell is text of that cell."""

    def __init__(self, label: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self._label = label
        self._depth = self._silent = 0
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        elif tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")
        elif self._depth == 1:
            self._start(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "table":
            if self._depth == 1:
                self._finish_cell()
            self._depth = max(0, self._depth - 1)
        elif self._depth == 1 and tag in (*CELLS, "tr"):
            self._finish_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _start(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "tr":
            self._finish_cell()
            self.tables[-1].append([])
        elif tag in CELLS:
            self._finish_cell()
            span = attributes.get("colspan") or "1"
            self._span = min(int(span), LARGEST_SPAN) if span.isdecimal() else 1
            self._cell = []

    def _finish_cell(self) -> None:
        if self._cell is None:
            return
        if not self.tables[-1]:
            self.tables[-1].append([])
        row = self.tables[-1][-1]
        row += [" ".join("".join(self._cell).split()), *[""] * (self._span - 1)]
        self._cell = None
        check_columns(len(row), self._label)
