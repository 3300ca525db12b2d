"""A table of text as a file holds it: its first rows to look for a header in, and the rows below a header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.text import Text


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A row among the first ones: its 1-based number in the file, the line it ends on, its cells."""

    row: int
    end: int
    cells: tuple[str, ...]


class Table(Protocol):
    """label: file (and zip member); sheet and encoding: empty where there is none; head: the first rows."""

    @property
    def label(self) -> str: ...
    @property
    def sheet(self) -> str: ...
    @property
    def encoding(self) -> str: ...
    @property
    def head(self) -> tuple[HeadRow, ...]: ...

    def body(self, header: HeadRow) -> pd.DataFrame:
        """The rows below `header`: one column per header cell, named by position; index = source row."""
        ...


@dataclass(frozen=True, slots=True)
class FrameTable:
    """A sheet (or a Parquet file) that is in memory already. `frame`: index = source row, columns by position."""

    label: str
    sheet: str
    encoding: str
    head: tuple[HeadRow, ...]
    frame: pd.DataFrame

    def body(self, header: HeadRow) -> pd.DataFrame:
        """The rows below `header` (rows × columns of the sheet), index = source row."""
        return self.frame.loc[self.frame.index > header.end]


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
