"""csv, tsv and txt: separator told from the content, rows numbered by their line in the file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.separated import Shape, open_quote, read_separated, too_many_cells
from ppc_tuner.files.table import SHORT, TEXT, HeadRow, Merged, categories, check_columns
from ppc_tuner.files.text_stream import Open, Utf8Stream, check_whole

SEPARATORS: Final = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class TextTable:
    """A text file that is read a block at a time, every time anew."""

    label: str
    encoding: str
    source: Open
    separator: str
    head: tuple[HeadRow, ...]
    sheet: str = ""
    hidden: tuple[str, ...] = ()
    merged: tuple[Merged, ...] = ()

    def body(self, header: HeadRow, columns: Sequence[int] | None = None) -> pd.DataFrame:
        """The lines below `header`, index = 1-based line in the file.

        A column of categories (texts), named by its position, for each of `columns` (positions in the header;
        default: all).

        Raises InputError for an unclosed quote, a row with more cells than the header, and bytes of no
        encoding.
        """
        check_columns(len(header.cells), self.label)
        shape = Shape(self.label, self.separator, header.end, self._usual_width(header), len(header.cells))
        wanted = list(range(shape.width)) if columns is None else sorted(columns)
        beyond = range(shape.width, shape.usual)
        read = read_separated(self._stream, shape, [*wanted, *beyond])
        table, lines = read.table, read.lines
        if 0 < len(table) != lines:
            # Cells of several lines: to number the rows the lines in all columns must be known.
            table = read_separated(self._stream, shape, range(max(shape.width, shape.usual))).table
        frame = categories(table, first_row=header.end + 1)
        if 0 < len(frame) != lines:
            frame.index = _line_numbers(frame)
            swallowed = [str(cell) for cell in frame.iloc[-1] if "\n" in str(cell)]
            if read.quotes % 2 and swallowed:
                raise open_quote(f"{self.label}:{frame.index[-1]}", swallowed[0])
        _refuse_filled(frame, beyond, shape)
        body = frame[wanted]
        if read.short:
            # Every step copies what stands here: nothing does where nothing is short.
            body.attrs[SHORT] = {int(body.index[at]): cells for at, cells in read.short.items()}
        return body

    def fault(self) -> InputError | None:
        """Why the text cannot be read to its end in this encoding; None where it can."""
        return check_whole(self.source, self.encoding, self.label)

    def _stream(self) -> Utf8Stream:
        return Utf8Stream(self.source(), self.encoding, self.label)

    def _usual_width(self, header: HeadRow) -> int:
        """How many cells most rows have: some files end each with a separator or leave blank ends out."""
        below = Counter(len(row.cells) for row in self.head if row.row > header.row and any(row.cells))
        usual = below.most_common(1)[0][0] if below else len(header.cells)
        check_columns(usual, self.label)
        return usual if usual > 1 else len(header.cells)


def text_table(
    label: str, encoding: str, source: Open, head: str, *, whole: bool = True, one_column: bool = False
) -> TextTable | None:
    """The text as a table, or None where no separator gives rows of more than one cell (unless `one_column`).

    `head`: how the text begins, or all of it (`whole`).
    """
    plain = head.replace("\r\n", "\n").replace("\r", "\n") if "\r" in head else head
    heads = _heads(plain, whole)
    best = max(heads, key=lambda separator: _evenness(heads[separator]))
    if not _evenness(heads[best]) and not one_column:
        return None
    return TextTable(label, encoding, source, best, heads[best])


# Most of the encodings tried read the same text.
@lru_cache(maxsize=4)
def _heads(text: str, whole: bool) -> dict[str, tuple[HeadRow, ...]]:
    begin = text[: limits.HEAD_CHARACTERS]
    used = [separator for separator in SEPARATORS if separator in begin] or SEPARATORS[:1]
    return {separator: _head(text, separator, whole) for separator in used}


def _head(text: str, separator: str, whole: bool) -> tuple[HeadRow, ...]:
    whole = whole and len(text) <= limits.HEAD_CHARACTERS
    reader = csv.reader(io.StringIO(text[: limits.HEAD_CHARACTERS]), delimiter=separator)
    rows: list[HeadRow] = []
    before = 0
    try:
        for cells in reader:
            rows.append(HeadRow(before + 1, reader.line_num, tuple(cells)))
            before = reader.line_num
            if len(rows) > limits.HEAD_ROWS:
                break
    except csv.Error:
        return tuple(rows)
    # The last row of a cut text may be cut itself.
    return tuple(rows if whole else rows[:-1])


def _evenness(rows: tuple[HeadRow, ...]) -> int:
    widths = Counter(len(row.cells) for row in rows if len(row.cells) > 1)
    return max((width * count for width, count in widths.items()), default=0)


def _line_numbers(frame: pd.DataFrame) -> pd.Index:
    inside = np.zeros(len(frame), dtype=np.int64)
    for name in frame.columns:
        column = frame[name].cat
        inside += column.categories.str.count("\n").to_numpy(dtype=np.int64)[column.codes]
    return frame.index + np.cumsum(inside) - inside


def _refuse_filled(frame: pd.DataFrame, beyond: Sequence[int], shape: Shape) -> None:
    """Cells beyond the header are blank, or the columns do not line up."""
    for at in beyond:
        filled = (frame[at].astype(TEXT).str.strip() != "").to_numpy(dtype=bool)
        if filled.any():
            row = frame.index[filled][0]
            raise too_many_cells(f"{shape.label}:{row}", str(frame.loc[row, at]), shape.width)
