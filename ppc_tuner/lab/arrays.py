"""Columns as NumPy arrays, and names for the array types."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def floats(column: pd.Series) -> Floats:
    """A column of numbers as float64; unknown becomes NaN."""
    array: Floats = column.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    return array


def flags(column: pd.Series) -> Flags:
    """A column of true and false without unknowns."""
    array: Flags = column.to_numpy(dtype=np.bool_)
    return array
