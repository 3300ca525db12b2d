"""A table of text as a file holds it: its first rows to look for a header in, and the rows below a header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.text import Text

TEXT: Final = pd.StringDtype(na_value=np.nan)
# Among the attributes of a body: source row with fewer cells than most → how many it has. Those it lacks are
# blank.
SHORT: Final = "short"


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A row among the first ones: its 1-based number in the file, the line it ends on, its cells."""

    row: int
    end: int
    cells: tuple[str, ...]


class Merged(NamedTuple):
    """Cells of a column merged over several rows: its position, the first and the last row in the file."""

    at: int
    first: int
    last: int


class Table(Protocol):
    """label: file (and zip member); sheet and encoding: empty where there is none; head: the first rows;
    hidden: the names of hidden sheets in the same workbook; merged: cells that stand for those below them."""

    @property
    def label(self) -> str: ...
    @property
    def sheet(self) -> str: ...
    @property
    def encoding(self) -> str: ...
    @property
    def head(self) -> tuple[HeadRow, ...]: ...
    @property
    def hidden(self) -> tuple[str, ...]: ...
    @property
    def merged(self) -> tuple[Merged, ...]: ...

    def body(self, header: HeadRow, columns: Sequence[int] | None = None) -> pd.DataFrame:
        """The rows below `header`: `columns` (default: all), named by their positions; index = source row."""
        ...

    def fault(self) -> InputError | None:
        """Why the table cannot be read to its end; None where it can."""
        ...


@dataclass(frozen=True, slots=True)
class FrameTable:
    """A sheet or Parquet file that is in memory. `frame`: index = source row, columns by position."""

    label: str
    sheet: str
    encoding: str
    head: tuple[HeadRow, ...]
    frame: pd.DataFrame
    hidden: tuple[str, ...] = ()
    merged: tuple[Merged, ...] = ()

    def body(self, header: HeadRow, columns: Sequence[int] | None = None) -> pd.DataFrame:
        """The rows below `header` (rows × columns of the sheet), index = source row."""
        # Rows are numbered one by one, so the rows below are a slice, which copies nothing.
        below = self.frame.iloc[max(0, header.end - self.frame.index[0] + 1) if len(self.frame) else 0 :]
        return below if columns is None else below[sorted(columns)]

    def fault(self) -> InputError | None:
        """None: it has been read."""
        return None


def categories(table: pa.Table, first_row: int) -> pd.DataFrame:
    """Columns of dictionaries (texts) as categories, missing cells as empty texts.

    The columns are named by their names as numbers, the rows numbered from `first_row`. Every text is held
    once, a row holds its number.
    """
    names, columns = [int(name) for name in table.column_names], table.columns
    del table
    made = {}
    for name in names:
        made[name] = _category(columns.pop(0))
    frame = pd.DataFrame(made, copy=False)
    frame.index = pd.RangeIndex(first_row, first_row + len(frame))
    return frame


def _category(column: pa.ChunkedArray) -> pd.Categorical:
    if not column.num_chunks:
        return pd.Categorical.from_codes([], pd.Index([], dtype=TEXT))
    chunks = column.unify_dictionaries().chunks
    codes = np.concatenate([chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in chunks])
    distinct = pd.Index(pd.array(chunks[-1].dictionary, dtype=TEXT))
    missing = codes < 0
    if missing.any():
        distinct = distinct if "" in distinct else distinct.append(pd.Index([""], dtype=TEXT))
        codes = np.where(missing, distinct.get_loc(""), codes)
    return pd.Categorical.from_codes(codes, distinct, validate=False)


def check_columns(count: int, where: str) -> None:
    """InputError where a table is wider than any report."""
    if count > limits.COLUMNS:
        raise InputError(
            Text("列太多，不像报表", "too many columns for a report"),
            where=where,
            found=str(count),
            expected=Text(f"不超过 {limits.COLUMNS} 列", f"at most {limits.COLUMNS} columns"),
            to_do=Text("检查分隔符，或重新下载报表", "check the separator, or download the report again"),
        )
