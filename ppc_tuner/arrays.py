"""Columns of frames as arrays of floats, and their ratios, with NaN for what is unknown."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def floats(rows: pd.DataFrame, name: str) -> Floats:
    """A column as float64 (n rows); all NaN if the frame lacks it."""
    if name not in rows:
        return np.full(len(rows), np.nan)
    return np.asarray(rows[name].to_numpy(dtype=float, na_value=np.nan))


def ratio(top: Floats, bottom: Floats) -> Floats:
    """top / bottom, elementwise; NaN where bottom is not above zero."""
    return np.asarray(np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0))
