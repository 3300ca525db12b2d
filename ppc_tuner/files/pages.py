"""Web pages that carry a table: what some platforms call an Excel file.

Only rows and cells are looked at. Nothing is fetched, run or expanded: a page is read as the text it is.
"""

from __future__ import annotations

import html
import re
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.tables import TEXT, FrameTable, HeadRow, check_columns
from ppc_tuner.text import Text

# Attributes end at the next bracket, so that no page takes longer than its length.
TABLE: Final = re.compile(r"<table\b", re.IGNORECASE)
ROW: Final = re.compile(r"<tr\b[^<>]*>", re.IGNORECASE)
CELL: Final = re.compile(r"<t[dh]\b([^<>]*)>", re.IGNORECASE)
CELL_END: Final = re.compile(r"</t[drhabf]", re.IGNORECASE)
BREAK: Final = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
TAG: Final = re.compile(r"<[!/?a-zA-Z][^<>]*>")
SILENT: Final = re.compile(r"<(?:script|style)\b[^<]*</(?:script|style)\s*>", re.IGNORECASE)
GROUP: Final = re.compile(r"<t(?:head|body|foot)\b", re.IGNORECASE)
COLUMN_SPAN: Final = re.compile(r"""(?<![\w-])colspan\s*=\s*["']?(\d{1,9})""", re.IGNORECASE)
ROW_SPAN: Final = re.compile(r"""(?<![\w-])rowspan\s*=\s*["']?(\d{1,9})""", re.IGNORECASE)
ROW_BYTES: Final = re.compile(rb"<tr\b", re.IGNORECASE)

# Column → text of a cell from above, and into how many more rows it reaches.
Reaching = dict[int, tuple[str, int]]


def holds_table(page: bytes) -> bool:
    """True where a page has rows of a table."""
    return ROW_BYTES.search(page) is not None


def page_tables(label: str, encoding: str, page: str) -> dict[int, FrameTable]:
    """The tables of a page by their number on it, each with its rows numbered from 1; texts without mark-up, blanks are
    empty texts.

    A cell that spans several columns fills the first of them, one that spans several rows stands in each. Raises
    InputError for a page beyond the limits.
    """
    if len(page) > limits.PAGE_CHARACTERS:
        raise _too_large(label, f"{len(page):,}", f"<= {limits.PAGE_CHARACTERS:,}")
    tables: dict[int, FrameTable] = {}
    room = limits.PAGE_CELLS
    for number, part in enumerate(TABLE.split(page)):
        rows = _rows(label, part, room)
        room -= len(rows) * max(map(len, rows), default=0)
        if room < 0:
            raise _too_many_cells(label)
        if any(len(row) > 1 for row in rows):
            tables[number] = _table(label, encoding, rows)
    return tables


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


def _rows(label: str, table: str, room: int) -> list[list[str]]:
    rows: list[list[str]] = []
    for group in GROUP.split(table):
        # No cell reaches beyond its head, body or foot of the table.
        reaching: Reaching = {}
        for row in ROW.split(group)[1:]:
            cells, reaching = _laid_out(row, reaching)
            rows.append(cells)
            room -= len(cells)
            if room < 0:
                raise _too_many_cells(label)
    return rows


def _laid_out(row: str, reaching: Reaching) -> tuple[list[str], Reaching]:
    """The texts of a row in their columns, and what reaches from it and from above into the row below."""
    cells = {at: text for at, (text, _) in reaching.items()}
    below = {at: (text, rows - 1) for at, (text, rows) in reaching.items() if rows > 1}
    at = 0
    _, *parts = CELL.split(row)
    for attributes, content in zip(parts[::2], parts[1::2], strict=True):
        while at in reaching:
            at += 1
        if at > limits.COLUMNS:
            break
        words = _words(CELL_END.split(content, maxsplit=1)[0])
        columns, rows = (
            _span(COLUMN_SPAN, attributes, limits.COLUMNS),
            _span(ROW_SPAN, attributes, limits.ROWS),
        )
        filled = dict(zip(range(at, at + columns), [words, *[""] * (columns - 1)], strict=True))
        cells |= filled
        below |= {place: (text, rows - 1) for place, text in filled.items() if rows > 1}
        at += columns
    return [cells.get(place, "") for place in range(max(cells, default=-1) + 1)], below


def _span(pattern: re.Pattern[str], attributes: str, most: int) -> int:
    found = pattern.search(attributes)
    return min(max(int(found[1]), 1), most) if found else 1


def _words(content: str) -> str:
    plain = TAG.sub("", BREAK.sub(" ", SILENT.sub("", content)))
    return " ".join(html.unescape(plain).split())


def _table(label: str, encoding: str, rows: list[list[str]]) -> FrameTable:
    width = max(map(len, rows))
    check_columns(width, label)
    even = [row + [""] * (width - len(row)) for row in rows]
    head = tuple(HeadRow(at, at, tuple(row)) for at, row in enumerate(even[: limits.HEAD_ROWS], 1))
    columns = {at: pd.Series(column, dtype=TEXT) for at, column in enumerate(zip(*even, strict=True))}
    frame = pd.DataFrame(columns).set_axis(pd.RangeIndex(1, len(even) + 1))
    return FrameTable(label, "", encoding, head, frame)
