"""Web pages that carry a table: what some platforms call an Excel file.

A page is read as a browser reads it, by lxml, and only its rows and cells are kept. Nothing is fetched, run
or expanded; no tree is built, so that the room a page takes is that of its cells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.table import TEXT, FrameTable, HeadRow, check_columns
from ppc_tuner.text import Text

ROW: Final = re.compile(rb"<tr\b", re.IGNORECASE)
CELLS: Final = ("td", "th")
# No cell reaches beyond its head, body or foot of the table.
GROUPS: Final = ("thead", "tbody", "tfoot")
SILENT: Final = ("script", "style")
SPAN: Final = re.compile(r"\s*(\d{1,9})")
PIECE: Final = 1024**2


class Cell(NamedTuple):
    """The pieces of a cell's text, and how many columns and rows it spans."""

    pieces: list[str]
    columns: int
    rows: int


# Column → text of a cell from above, and into how many more rows it reaches.
Reaching = dict[int, tuple[str, int]]


@dataclass(slots=True)
class OpenTable:
    """A table as far as it has been read, with its open row and the pieces of its open cell's text."""

    rows: list[list[str]] = field(default_factory=list)
    reaching: Reaching = field(default_factory=dict)
    row: list[Cell] | None = None
    cell: list[str] | None = None

    def close_row(self) -> int:
        """Puts the cells of the open row into their columns; how many that makes."""
        self.cell = None
        if self.row is None:
            return 0
        cells, self.reaching = _laid_out(self.row, self.reaching)
        self.rows.append(cells)
        self.row = None
        return len(cells)


class Target:
    """Collects what lxml finds on a page; close() gives the rows of each table by its number on the page.

    Number 0 is for rows outside of any table. A table within a cell is a table of its own. Raises InputError
    as soon as there are more cells than the limit.
    """

    def __init__(self, label: str) -> None:
        self.label = label
        self.room = limits.PAGE_CELLS
        self.tables = [OpenTable()]
        self.open = [self.tables[0]]
        self.silent = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        table = self.open[-1]
        if tag in CELLS:
            table.row = [] if table.row is None else table.row
            table.cell = []
            # One column more than the limit is enough to refuse the table.
            if len(table.row) <= limits.COLUMNS:
                columns = _span(attributes.get("colspan"), limits.COLUMNS)
                table.row.append(Cell(table.cell, columns, _span(attributes.get("rowspan"), limits.ROWS)))
        elif tag == "br" and table.cell is not None:
            table.cell.append(" ")
        elif tag == "tr":
            self._close_row(table)
            table.row = []
        elif tag in GROUPS:
            self._close_row(table)
            table.reaching = {}
        elif tag == "table":
            self.tables.append(OpenTable())
            self.open.append(self.tables[-1])
        self.silent += tag in SILENT

    def end(self, tag: str) -> None:
        table = self.open[-1]
        if tag in CELLS:
            table.cell = None
        elif tag == "tr":
            self._close_row(table)
        elif tag == "table" and len(self.open) > 1:
            self._close_row(self.open.pop())
        self.silent -= tag in SILENT

    def data(self, text: str) -> None:
        cell = self.open[-1].cell
        if cell is not None and not self.silent:
            cell.append(text)

    def close(self) -> dict[int, list[list[str]]]:
        for table in self.open:
            self._close_row(table)
        sizes = [len(table.rows) * max(map(len, table.rows), default=0) for table in self.tables]
        if sum(sizes) > limits.PAGE_CELLS:
            raise _too_many_cells(self.label)
        return {number: table.rows for number, table in enumerate(self.tables)}

    def _close_row(self, table: OpenTable) -> None:
        self.room -= table.close_row()
        if self.room < 0:
            raise _too_many_cells(self.label)


def holds_table(page: bytes) -> bool:
    """True where a page has rows of a table."""
    return ROW.search(page) is not None


def page_tables(label: str, encoding: str, page: str) -> dict[int, FrameTable]:
    """The tables of a page by their number on it, each with its rows numbered from 1.

    Cells are texts without mark-up. A cell that spans several columns fills the first of them, one that spans
    several rows stands in each; blank cells are empty texts. Tables of one column are left out. Raises
    InputError for a page beyond the limits.
    """
    if len(page) > limits.PAGE_CHARACTERS:
        raise _too_large(label, f"{len(page):,}", f"<= {limits.PAGE_CHARACTERS:,}")
    tables = _rows_by_table(label, page)
    return {
        number: _table(label, encoding, rows)
        for number, rows in tables.items()
        if any(len(row) > 1 for row in rows)
    }


def _rows_by_table(label: str, page: str) -> dict[int, list[list[str]]]:
    from lxml import etree

    # huge_tree: deep nesting must not end the reading before the page does.
    parser: Any = etree.HTMLParser(target=Target(label), encoding="utf-8", huge_tree=True)
    for start in range(0, max(len(page), 1), PIECE):
        parser.feed(page[start : start + PIECE].encode("utf-8", "replace") or b" ")
    tables: dict[int, list[list[str]]] = parser.close()
    return tables


def _span(written: str | None, most: int) -> int:
    found = SPAN.match(written or "")
    return min(max(int(found[1]), 1), most) if found else 1


def _laid_out(row: list[Cell], reaching: Reaching) -> tuple[list[str], Reaching]:
    """The texts of a row in their columns, and what reaches from it and from above into the row below."""
    cells = {at: text for at, (text, _) in reaching.items()}
    below = {at: (text, rows - 1) for at, (text, rows) in reaching.items() if rows > 1}
    at = 0
    for pieces, columns, rows in row:
        while at in reaching:
            at += 1
        if at > limits.COLUMNS:
            break
        words = " ".join("".join(pieces).split())
        filled = dict(zip(range(at, at + columns), [words, *[""] * (columns - 1)], strict=True))
        cells |= filled
        below |= {place: (text, rows - 1) for place, text in filled.items() if rows > 1}
        at += columns
    return [cells.get(place, "") for place in range(max(cells, default=-1) + 1)], below


def _table(label: str, encoding: str, rows: list[list[str]]) -> FrameTable:
    width = max(map(len, rows))
    check_columns(width, label)
    even = [row + [""] * (width - len(row)) for row in rows]
    head = tuple(HeadRow(at, at, tuple(row)) for at, row in enumerate(even[: limits.HEAD_ROWS], 1))
    columns = {at: pd.Series(column, dtype=TEXT) for at, column in enumerate(zip(*even, strict=True))}
    frame = pd.DataFrame(columns).set_axis(pd.RangeIndex(1, len(even) + 1))
    return FrameTable(label, "", encoding, head, frame)


def _too_many_cells(label: str) -> InputError:
    most = limits.PAGE_CELLS
    return _too_large(label, Text(f"超过 {most:,} 格", f"more than {most:,} cells"), f"<= {most:,}")


def _too_large(label: str, found: Text | str, expected: str) -> InputError:
    return InputError(
        Text("网页里的表格太大", "the table in the page is too large"),
        where=label,
        found=found,
        expected=expected,
        to_do=limits.IN_PARTS,
    )
