"""Separated lines to columns: even rows in Arrow, the few uneven ones (footers, totals) one by one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.text_stream import BLOCK, Utf8Stream
from ppc_tuner.text import Text

# Every text is held once and a row holds its number: figures and names repeat.
CELLS: Final = pa.dictionary(pa.int32(), pa.string())
QUOTE_TO_DO: Final = Text(
    "重新下载报表；若在别的软件里改过，请另存为 .xlsx",
    "download the report again; if it was edited elsewhere, save it as .xlsx",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a text is laid out: `skip` lines first; most rows have `usual` cells, the header `width`."""

    label: str
    separator: str
    skip: int
    usual: int
    width: int


@dataclass(frozen=True, slots=True)
class Uneven:
    """A row that has not `usual` cells: its number among the rows of the file from 1, and its text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Separated:
    """What was read.

    table: rows × columns (named by position, texts as dictionaries). lines: those below `skip`. quotes:
    quotation marks. short: position of a row with fewer cells than most → how many it has.
    """

    table: pa.Table
    lines: int
    quotes: int
    short: dict[int, int]


def read_separated(opened: Callable[[], Utf8Stream], shape: Shape, columns: Sequence[int]) -> Separated:
    """The rows below `skip`, with `columns` (positions).

    Raises InputError for rows that do not line up, unclosed quotes and all that the stream raises.
    """
    uneven: list[Uneven] = []
    with opened() as stream:
        table = _parsed(stream, shape, columns, None)
    if table is None:
        with opened() as stream:
            table = _parsed(stream, shape, columns, uneven)
        if table is None:
            raise _unparsable(shape, stream, uneven)
    cells = [_cells(row, shape) for row in uneven]
    places = [row.number - shape.skip - 1 for row in uneven]
    return Separated(
        _merged(table, cells, places, shape, columns),
        stream.lines + 1 - shape.skip,
        stream.quotes,
        {
            at: len(row)
            for at, row in zip(places, cells, strict=True)
            if len(row) < min(shape.usual, shape.width)
        },
    )


def open_quote(where: str, found: Text | str) -> InputError:
    """The message for a quotation mark without its partner."""
    return InputError(
        Text("表格的引号不成对，读不完整", "a quotation mark is never closed, so rows run into each other"),
        where=where,
        found=found if isinstance(found, Text) else found[:60].replace("\n", "⏎"),
        expected=Text("每个引号都成对", "every quotation mark closed"),
        to_do=QUOTE_TO_DO,
    )


def too_many_cells(where: str, found: str, width: int) -> InputError:
    """The message for a filled cell to which no header belongs."""
    return InputError(
        Text(
            "这一行的格子比表头多，列对不上",
            "this row has more cells than the header, so columns do not line up",
        ),
        where=where,
        found=Text(f"多出的格子“{found[:100]}”", f"the extra cell “{found[:100]}”"),
        expected=Text(f"{width} 列", f"{width} columns"),
        to_do=Text(
            "多半是词或名称里有未加引号的分隔符；重新下载报表，或另存为 .xlsx",
            "most likely an unquoted separator inside a word or a name; download again or save as .xlsx",
        ),
    )  # fmt: skip


def _parsed(
    stream: Utf8Stream, shape: Shape, columns: Sequence[int], uneven: list[Uneven] | None
) -> pa.Table | None:
    """The even rows, and into `uneven` the others; None where there are others and no list for them."""
    names = [str(at) for at in range(shape.usual)]
    kept = [str(at) for at in columns if at < shape.usual]
    handler = {} if uneven is None else {"invalid_row_handler": _keeper(uneven)}
    try:
        return pa_csv.read_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pa_csv.ReadOptions(
                # Only a single thread knows the numbers of uneven rows.
                column_names=names, skip_rows=shape.skip, block_size=BLOCK, use_threads=uneven is None,
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=shape.separator, newlines_in_values=True, ignore_empty_lines=False, **handler
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, CELLS),
                include_columns=kept or names[:1],
                strings_can_be_null=False,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as fault:
        # Nothing below the header is no fault.
        if "Empty CSV" not in str(fault) and stream.lines >= shape.skip:
            return None
    return pa.table({name: pa.array([], CELLS) for name in kept})


def _keeper(uneven: list[Uneven]) -> Callable[[pa_csv.InvalidRow], str]:
    def keep(row: pa_csv.InvalidRow) -> str:
        uneven.append(Uneven(row.number, row.text))
        return "skip" if len(uneven) <= limits.UNEVEN_ROWS else "error"

    return keep


def _merged(
    even: pa.Table, uneven: list[list[str]], places: list[int], shape: Shape, columns: Sequence[int]
) -> pa.Table:
    """All rows in the order of the file, with all `columns`: those beyond `usual` are blank in even rows."""
    blank = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(even), dtype=np.int32)), pa.array([""]))
    every = pa.table(
        {str(at): even[str(at)] if at < shape.usual else pa.chunked_array([blank]) for at in columns}
    )
    if not uneven:
        return every
    others = pa.table(
        {
            str(at): pa.array([row[at] if at < len(row) else "" for row in uneven]).cast(CELLS)
            for at in columns
        }
    )
    place = np.zeros(len(even) + len(uneven), dtype=bool)
    place[places] = True
    source = np.empty(len(place), dtype=np.int64)
    source[~place] = np.arange(len(even))
    source[place] = np.arange(len(even), len(place))
    return pa.concat_tables([every, others]).unify_dictionaries().take(pa.array(source))


def _cells(row: Uneven, shape: Shape) -> list[str]:
    """The cells of an uneven row, at most as many as the widest rows have."""
    where = f"{shape.label}:{row.number}"
    try:
        (cells,) = csv.reader(io.StringIO(row.text), delimiter=shape.separator, strict="\n" in row.text)
    except (csv.Error, ValueError):
        raise open_quote(where, row.text) from None
    if "\n" in row.text and len(cells) > 1:
        raise open_quote(where, row.text)
    room = max(shape.usual, shape.width)
    filled = next((cell for cell in cells[room:] if cell.strip()), None)
    if filled is not None:
        raise too_many_cells(where, filled, shape.width)
    return cells[:room]


def _unparsable(shape: Shape, stream: Utf8Stream, uneven: Sequence[Uneven]) -> InputError:
    if len(uneven) > limits.UNEVEN_ROWS:
        first = uneven[0]
        return InputError(
            Text("各行的格子数不一样", "rows have different numbers of cells"),
            where=f"{shape.label}:{first.number}",
            found=first.text[:60],
            expected=Text(f"{shape.usual} 列", f"{shape.usual} columns"),
            to_do=QUOTE_TO_DO,
        )
    where = f"{shape.label}:{stream.lines + 1}"
    if stream.quotes % 2:
        return open_quote(
            where, Text(f"到这里共 {stream.quotes:,} 个引号", f"{stream.quotes:,} quotation marks up to here")
        )
    return InputError(
        Text("这一行太长，不像报表", "a row is too long for a report"),
        where=where,
        found=Text(f"超过 {BLOCK:,} 字节", f"more than {BLOCK:,} bytes"),
        expected=Text("一行一个词", "one row for each word"),
        to_do=QUOTE_TO_DO,
    )
