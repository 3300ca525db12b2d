"""Every distinct cell of a column is read once, and what it says is spread back over the rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

# What a report writes where it has nothing to say.
BLANKS: Final = ("", "-", "--", "－", "－－", "—", "——", "–", "n/a", "N/A", "N/a", "n/A")


@dataclass(frozen=True, slots=True)
class Distinct:
    """A column as its distinct cells.

    cells: the filled cells, each once. codes: for every row the place of its cell in `cells`, -1 where it is
    missing. index, name: those of the column.
    """

    cells: pd.Series
    codes: npt.NDArray[np.int64]
    index: pd.Index
    name: Any

    def spread(self, values: pd.Series, missing: Any = None) -> pd.Series:
        """What was read of `cells` (same length and order), for every row of the column.

        `missing` (default: the missing value of the dtype) stands where there is no cell.
        """
        rows = values.array.take(self.codes, allow_fill=True, fill_value=missing)
        return pd.Series(rows, index=self.index, name=self.name)


def distinct(cells: pd.Series) -> Distinct:
    """The distinct cells of a column and where each stands. Cells of categories come as their texts."""
    if isinstance(cells.array, pd.Categorical):
        found, codes = _categories_in_use(cells.array)
    else:
        codes, found = pd.factorize(cells, use_na_sentinel=True)
    return Distinct(pd.Series(found), codes.astype(np.int64, copy=False), cells.index, cells.name)


def _categories_in_use(cells: pd.Categorical) -> tuple[pd.Index, npt.NDArray[Any]]:
    # Categories number their texts already; only those of rows that were left out are too many.
    categories, codes = cells.categories, cells.codes.astype(np.int64)
    # Code -1 (missing cell) falls on an extra last place.
    used = np.zeros(len(categories) + 1, dtype=bool)
    used[codes] = True
    if used[:-1].all():
        return categories, codes
    place = np.where(used, np.cumsum(used) - 1, -1)
    place[-1] = -1
    return categories[used[:-1]], place[codes]


def is_blank(text: pd.Series[str]) -> pd.Series[bool]:
    """True where a text, without surrounding white space, says nothing."""
    return text.isin(BLANKS)
