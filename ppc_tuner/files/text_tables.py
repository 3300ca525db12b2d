"""csv, tsv and txt: separator told from the content, rows numbered by their line in the file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.tables import HeadRow, check_columns
from ppc_tuner.text import Text

SEPARATORS: Final = (",", "\t", ";", "|")
QUOTE_TO_DO: Final = Text(
    "重新下载报表；若在别的软件里改过，请另存为 .xlsx",
    "download the report again; if it was edited elsewhere, save it as .xlsx",
)


@dataclass(frozen=True, slots=True)
class TextTable:
    """A decoded text file. `text` has one kind of line end (\\n)."""

    label: str
    encoding: str
    text: str
    separator: str
    head: tuple[HeadRow, ...]
    sheet: str = ""

    def body(self, header: HeadRow) -> pd.DataFrame:
        """The lines below `header`: one text column per header cell, index = 1-based line in the file.

        Raises InputError for an unclosed quote and for a row with more cells than the header.
        """
        rest = self.text[_offset(self.text, header.end) :].rstrip("\n")
        width = len(header.cells)
        check_columns(width, self.label)
        if not rest:
            return pd.DataFrame({i: pd.Series(dtype="str") for i in range(width)})
        frame = _read_even(rest, self.separator, width)
        if frame is None:
            frame = _read_ragged(rest, self, header)
        frame.index = pd.Index(_lines(frame, rest, header.end + 1))
        return _cut_to(frame, width, self.label)


def text_table(label: str, encoding: str, text: str, *, one_column: bool = False) -> TextTable | None:
    """The text as a table, or None where no separator gives rows of more than one cell (unless `one_column`)."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    heads = {separator: _head(plain, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: _evenness(heads[separator]))
    if not _evenness(heads[best]) and not one_column:
        return None
    return TextTable(label, encoding, plain, best, heads[best])


def _head(text: str, separator: str) -> tuple[HeadRow, ...]:
    whole = len(text) <= limits.HEAD_CHARACTERS
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


def _offset(text: str, lines: int) -> int:
    at = 0
    for _ in range(lines):
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        at = end + 1
    return at


def _read_even(rest: str, separator: str, width: int) -> pd.DataFrame | None:
    """The fast way, for rows that all have as many cells as the header; None where they have not."""
    names = [str(i) for i in range(width)]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(rest.encode("utf-8", "surrogatepass")),
            read_options=pa_csv.ReadOptions(column_names=names),
            parse_options=pa_csv.ParseOptions(
                delimiter=separator, newlines_in_values='"' in rest, ignore_empty_lines=False
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types={name: pa.string() for name in names}, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    text_type = pd.StringDtype(na_value=np.nan)
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.string(): text_type}.get)
    return frame.set_axis(range(width), axis=1)


def _read_ragged(rest: str, table: TextTable, header: HeadRow) -> pd.DataFrame:
    widest = max(line.count(table.separator) for line in rest.split("\n")) + 1
    check_columns(widest, table.label)
    names = range(max(widest, len(header.cells)))
    try:
        return pd.read_csv(
            io.StringIO(rest),
            sep=table.separator,
            header=None,
            names=list(names),
            index_col=False,
            dtype="str",
            na_filter=False,
            skip_blank_lines=False,
            low_memory=False,
        )
    except pd.errors.ParserError as fault:
        raise InputError(
            Text(
                "表格的引号不成对，读不完整", "a quotation mark is never closed, so rows run into each other"
            ),
            where=table.label,
            found=str(fault),
            expected=Text("每个引号都成对", "every quotation mark closed"),
            to_do=QUOTE_TO_DO,
        ) from None


def _lines(frame: pd.DataFrame, rest: str, first: int) -> npt.NDArray[np.int64]:
    count = len(frame)
    if rest.count("\n") + 1 == count:
        return np.arange(first, first + count)
    inside = np.zeros(count, dtype=np.int64)
    for column in frame.columns:
        inside += frame[column].str.count("\n").fillna(0).to_numpy(dtype=np.int64)
    before = np.cumsum(inside) - inside
    return np.arange(first, first + count) + before


def _cut_to(frame: pd.DataFrame, width: int, label: str) -> pd.DataFrame:
    for column in frame.columns[width:]:
        filled = frame[column].fillna("").str.strip() != ""
        if filled.any():
            row = frame.index[filled][0]
            raise InputError(
                Text("这一行的格子比表头多，列对不上", "this row has more cells than the header, so columns do not line up"),
                where=f"{label}:{row}",
                found=str(frame.loc[row, column])[:100],
                expected=Text(f"{width} 列", f"{width} columns"),
                to_do=Text(
                    "多半是词或名称里有未加引号的分隔符；重新下载报表，或另存为 .xlsx",
                    "most likely an unquoted separator inside a word or a name; download again or save as .xlsx",
                ),
            )  # fmt: skip
    return frame[frame.columns[:width]]
