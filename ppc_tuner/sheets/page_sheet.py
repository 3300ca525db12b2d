"""A sheet that reads like a page: titles, paragraphs and small tables below each other, on one grid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from xlsxwriter.worksheet import Worksheet

from ppc_tuner.columns import COLUMNS
from ppc_tuner.sheets.fields import Field, lines_of, text_width
from ppc_tuner.sheets.list_sheet import Book
from ppc_tuner.sheets.row_writer import RowWriter, write_text
from ppc_tuner.sheets.style import HEADER_PIXELS_A_LINE, LINE_PIXELS, ROW_PIXELS
from ppc_tuner.text import visible

MOST_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Table:
    """A small table ready to be written: `fields` with their grid columns, and a tone for each row."""

    fields: tuple[Field, ...]
    frame: pd.DataFrame
    tones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure in large print, what it is and what it was before."""

    label: str
    value: str
    said: str


# Where tiles stand on the grid: first and last column of each.
TILES_AT: Final = ((0, 0), (1, 4), (5, 8), (9, 12))


class Page:
    """Writes a page from top to bottom; `grid`: the least width of each column in characters."""

    def __init__(self, book: Book, sheet: Worksheet, grid: Sequence[float]) -> None:
        self._book, self._sheet = book, sheet
        self._least, self._widths = tuple(grid), list(grid)
        self._heights: list[int] = []
        self._writer = RowWriter(sheet, book.style, book.lang)
        sheet.hide_gridlines(2)

    @property
    def row(self) -> int:
        """The next row to write, from 0."""
        return len(self._heights)

    def title(self, text: str) -> None:
        """The title of the page."""
        self._line(text, "title", 36)

    def bar(self, text: str) -> None:
        """The heading of a block, across the page."""
        self._line(text, "bar", 28)

    def section(self, text: str, *, columns: int | None = None) -> None:
        """The heading of a table, underlined over the first `columns` columns (all by default)."""
        self._line(text, "section", 30, columns=columns)

    def paragraph(self, text: str, look: str = "paragraph", *, columns: int | None = None) -> None:
        """A paragraph across the first `columns` columns (all by default), as high as its text needs."""
        lines = math.ceil(text_width(text) * 0.95 / sum(self._least[:columns])) + text.count("\n")
        self._line(text, look, max(lines, 1) * LINE_PIXELS + 4, columns=columns)

    def gap(self, pixels: int = 12) -> None:
        """An empty row of this height."""
        self._next(pixels)

    def tiles(self, tiles: Sequence[Tile]) -> None:
        """A row of tiles, at most as many as TILES_AT."""
        lines = (("label", "tile_label", 20), ("value", "tile", 32), ("said", "tile_said", 20))
        for part, look, pixels in lines:
            row, style = self._next(pixels), self._book.style.named(look)
            for (first, last), tile in zip(TILES_AT, tiles, strict=False):
                if last > first:
                    self._sheet.merge_range(row, first, row, last, "", style)
                write_text(self._sheet, row, first, getattr(tile, part), style)

    def link(self, text: str, target: str, said: str) -> None:
        """A line that leads to a place in the workbook, and beneath it what is said of it."""
        row, style = self._next(ROW_PIXELS), self._book.style.named("link")
        self._sheet.write_url(row, 0, target, style, visible(text))
        self.paragraph(said)

    def table(self, table: Table) -> int:
        """Write header and rows; returns the first data row (from 0)."""
        known = {field.name for field in table.fields if self._is_known(field)}
        table = replace(table, fields=tuple(map(self._book.named, table.fields)))
        self._book.show(field for field in table.fields if field.name in known)
        head = self._next(max(map(self._head_lines, table.fields), default=1) * HEADER_PIXELS_A_LINE + 8)
        for field in table.fields:
            look = self._book.style.named(_header(field))
            if field.span > 1:
                self._sheet.merge_range(head, field.at, head, field.at + field.span - 1, "", look)
            else:
                self._widths[field.at] = max(self._widths[field.at], field.width if not field.wrap else 0)
            if field.label:
                self._sheet.write_string(head, field.at, field.label, look)
            else:
                self._sheet.write_blank(head, field.at, None, look)
        pixels = self._row_pixels(table)
        looks = [(tone, False) for tone in table.tones]
        first = self.row
        self._writer.rows(table.frame, table.fields, first, looks=looks, pixels=pixels)
        self._heights += pixels
        return first

    def reach(self, row: int, pixels: int) -> None:
        """Add empty rows until `pixels` have been used since `row`, so that nothing lies under a chart."""
        missing = pixels - sum(self._heights[row:])
        while missing > 0:
            self._next(min(missing, 400))
            missing -= 400

    def width_pixels(self, first: int) -> int:
        """How wide the page is from column `first` on, in pixels."""
        return sum(int(width * 7 + 5) for width in self._widths[first:])

    def close(self) -> None:
        """Set the widths; to be called once, when all is written."""
        for at, width in enumerate(self._widths):
            self._sheet.set_column(at, at, width)

    def _line(self, text: str, look: str, pixels: int, *, columns: int | None = None) -> None:
        row, style = self._next(pixels), self._book.style.named(look)
        last = (columns or len(self._least)) - 1
        if last:
            self._sheet.merge_range(row, 0, row, last, "", style)
        write_text(self._sheet, row, 0, text, style)

    def _next(self, pixels: int) -> int:
        row = self.row
        self._sheet.set_row_pixels(row, pixels)
        self._heights.append(pixels)
        return row

    def _is_known(self, field: Field) -> bool:
        """Whether the lists have this column too, with the same label."""
        column = COLUMNS.get(field.name)
        return column is not None and field.label == column.label[self._book.lang]

    def _room(self, field: Field) -> float:
        return sum(self._least[field.at : field.at + field.span])

    def _head_lines(self, field: Field) -> int:
        return min(3, math.ceil(text_width(field.label) * 1.15 / max(self._room(field) - 1, 1)))

    def _row_pixels(self, table: Table) -> list[int]:
        lines = np.ones(len(table.frame))
        for field in table.fields:
            if field.wrap:
                lines = np.maximum(lines, lines_of(table.frame[field.name], self._room(field)).to_numpy())
        return [ROW_PIXELS + LINE_PIXELS * (int(count) - 1) for count in np.minimum(lines, MOST_LINES)]


def _header(field: Field) -> str:
    """Headers are aligned like their values."""
    if field.name == "action" or field.kind == "date":
        return "header"
    return "header_left" if field.is_text else "header_right"
