"""What cells show instead of a value: faults of formulas, and formulas that were never calculated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ppc_tuner.text import Text

# As the reader of workbooks writes them.
UNCALCULATED: Final = "#UNCALCULATED!"
DIVIDED_BY_ZERO: Final = "#DIV/0!"
FAULTS: Final = (
    DIVIDED_BY_ZERO, "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#FAULT!",
)  # fmt: skip
NO_VALUE: Final = Text("没有值的公式", "a formula without a value")


def where_shown(cells: pd.Series, texts: Sequence[str]) -> pd.Series[bool]:
    """True where a cell of a column is one of the texts. Same index."""
    every = cells.cat.categories if isinstance(cells.dtype, pd.CategoricalDtype) else cells
    is_text = every.dtype == object or isinstance(every.dtype, pd.StringDtype)
    if not is_text or not every.isin(texts).any():
        return pd.Series(False, index=cells.index)
    return cells.isin(texts)
