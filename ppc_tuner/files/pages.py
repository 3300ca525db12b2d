"""Web pages that carry a table: what some platforms call an Excel file.

Only rows and cells are looked at. Nothing is fetched, run or expanded: a page is read as the text it is.
"""

from __future__ import annotations

import html
import re
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.tables import FrameTable, HeadRow, check_columns
from ppc_tuner.text import Text

# Attributes end at the next bracket, so that no page takes longer than its length.
TABLE: Final = re.compile(r"<table\b", re.IGNORECASE)
ROW: Final = re.compile(r"<tr\b[^<>]*>", re.IGNORECASE)
CELL: Final = re.compile(r"<t[dh]\b([^<>]*)>", re.IGNORECASE)
CELL_END: Final = re.compile(r"</t[drhabf]", re.IGNORECASE)
BREAK: Final = re.compile(r"<br\b[^<>]*>", re.IGNORECASE)
TAG: Final = re.compile(r"<[!/?a-zA-Z][^<>]*>")
SILENT: Final = re.compile(r"<(?:script|style)\b[^<]*</(?:script|style)\s*>", re.IGNORECASE)
SPAN: Final = re.compile(r"""\bcolspan\s*=\s*["']?(\d{1,4})""", re.IGNORECASE)
ROW_BYTES: Final = re.compile(rb"<tr\b", re.IGNORECASE)


def holds_table(page: bytes) -> bool:
    """True where a page has rows of a table."""
    return ROW_BYTES.search(page) is not None


def page_tables(label: str, encoding: str, page: str) -> list[FrameTable]:
    """The tables of a page, each with its rows numbered from 1; texts without mark-up, blanks are empty texts.

    A cell that spans several columns fills the first of them. Raises InputError for a page beyond the limits.
    """
    if len(page) > limits.PAGE_CHARACTERS:
        raise _too_large(label, f"{len(page):,}", f"<= {limits.PAGE_CHARACTERS:,}")
    tables: list[list[list[str]]] = []
    held = 0
    for part in TABLE.split(page):
        rows = [_cells(row) for row in ROW.split(part)[1:]]
        held += len(rows) * max(map(len, rows), default=0)
        if held > limits.PAGE_CELLS:
            raise _too_large(label, Text(f"{held:,} 格", f"{held:,} cells"), f"<= {limits.PAGE_CELLS:,}")
        tables.append(rows)
    return [_table(label, encoding, rows) for rows in tables if any(len(row) > 1 for row in rows)]


def _too_large(label: str, found: Text | str, expected: str) -> InputError:
    return InputError(
        Text("网页里的表格太大", "the table in the page is too large"),
        where=label,
        found=found,
        expected=expected,
        to_do=limits.IN_PARTS,
    )


def _cells(row: str) -> list[str]:
    cells: list[str] = []
    _, *parts = CELL.split(row)
    for attributes, content in zip(parts[::2], parts[1::2], strict=True):
        span = SPAN.search(attributes)
        cells.append(_words(CELL_END.split(content, maxsplit=1)[0]))
        cells += [""] * (min(int(span[1]), limits.COLUMNS) - 1 if span else 0)
        if len(cells) > limits.COLUMNS:
            break
    return cells


def _words(content: str) -> str:
    plain = TAG.sub("", BREAK.sub(" ", SILENT.sub("", content)))
    return " ".join(html.unescape(plain).split())


def _table(label: str, encoding: str, rows: list[list[str]]) -> FrameTable:
    width = max(map(len, rows))
    check_columns(width, label)
    even = [row + [""] * (width - len(row)) for row in rows]
    head = tuple(HeadRow(at, at, tuple(row)) for at, row in enumerate(even[: limits.HEAD_ROWS], 1))
    dtype = pd.StringDtype(na_value=np.nan)
    columns = {at: pd.Series(column, dtype=dtype) for at, column in enumerate(zip(*even, strict=True))}
    frame = pd.DataFrame(columns).set_axis(pd.RangeIndex(1, len(even) + 1))
    return FrameTable(label, "", encoding, head, frame)
