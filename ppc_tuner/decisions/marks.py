"""What people write into the columns of decisions."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.files import to_numbers
from ppc_tuner.identity import folded

ACCEPTED: Final = "accepted"
REJECTED: Final = "rejected"
CHANGED: Final = "changed"
# A mark that cannot be followed: neither accepted nor free to be accepted with all the others.
UNCLEAR: Final = "unclear"

# Those of the drop-down first, then what is typed or pasted over it. Signs that some take for yes and others
# for no (x, 1, 0) are in none.
WRITTEN: Final = {
    ACCEPTED: ("采纳", "accept", "accepted", "接受", "同意", "是", "好", "yes", "y", "ok", "✓", "√", "✔"),
    REJECTED: ("拒绝", "reject", "rejected", "不采纳", "不同意", "否", "不", "no", "n", "✗", "✘", "×"),
    CHANGED: ("改价", "change", "changed", "修改"),
}
_MARKS: Final = {word: mark for mark, words in WRITTEN.items() for word in words}


def marks_of(cells: pd.Series[str]) -> pd.Series[str]:
    """The mark of each cell (n,): "" where it is blank, UNCLEAR where it says something unknown."""
    plain = folded(cells.astype("str").fillna(""))
    return plain.map({"": "", **_MARKS}).fillna(UNCLEAR).astype("str")


def bids_of(cells: pd.Series[str]) -> tuple[pd.Series[float], pd.Series[bool]]:
    """The bid of each cell (n,), NaN where it is blank; True where what stands there is no bid: a word, a
    percentage, a day into which a spreadsheet has turned a figure."""
    figures = to_numbers(cells.astype("str").fillna(""))
    values = figures.values.astype("float64")
    wrong = figures.wrong.astype(bool) | ~np.isfinite(values.fillna(0.0)) | values.lt(0)
    return values.mask(wrong), wrong
