"""Cells that hold numbers, not texts: which they are, and what is left of an id that was kept as one."""

from __future__ import annotations

from numbers import Number
from typing import Final

import numpy as np
import pandas as pd

# Whole numbers above are no longer told apart by a number of 64 bits, which spreadsheets keep all numbers in.
EXACT: Final = 2.0**53
# Excel keeps 15 digits of what is typed, and fills the rest with noughts.
SIXTEEN_DIGITS: Final = 1e15


def is_number(cells: pd.Series) -> pd.Series[bool]:
    """True where a cell of a column holds a number; texts that read like one are texts. Same index."""
    if cells.dtype != object:
        return pd.Series(pd.api.types.is_numeric_dtype(cells.dtype), index=cells.index)
    return cells.map(lambda cell: isinstance(cell, Number) and not isinstance(cell, bool)).astype(bool)


def id_texts(cells: pd.Series) -> pd.Series[str]:
    """Ids as texts, same index. Numbers whose last digits are lost come as `1.23456789012346E+16`."""
    if cells.dtype != object and not pd.api.types.is_float_dtype(cells.dtype):
        return cells.astype("string").astype("str")
    numbers = pd.to_numeric(cells.where(is_number(cells)), errors="coerce").astype("float64")
    long = numbers >= SIXTEEN_DIGITS
    rounded = long & bool((numbers[long] % 10 == 0).all())
    inexact = cells.map(lambda cell: isinstance(cell, float)).astype(bool) & (numbers > EXACT)
    return pd.Series(
        [_id_text(cell, ruined) for cell, ruined in zip(cells, rounded | inexact, strict=True)],
        index=cells.index, dtype="str",
    )  # fmt: skip


def _id_text(cell: object, ruined: bool) -> str:
    if ruined:
        return f"{cell:.14E}"
    return np.format_float_positional(cell, trim="-") if isinstance(cell, float) else str(cell)
