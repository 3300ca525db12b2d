"""Numbers as the platforms print them; a missing or undefined number becomes the empty text."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Floats


def share_of(part: Floats, whole: Floats) -> Floats:
    """part / whole; NaN where whole is 0 or unknown."""
    share: Floats = np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
    return share


def printed(numbers: Floats, form: str, missing: str = "") -> pd.Series:
    """Each number in a %-format such as "%.2f"; `missing` where it is NaN."""
    text = pd.Series(np.char.mod(form, np.nan_to_num(numbers)), dtype="str")
    return text.mask(np.isnan(numbers), missing)


def trimmed(numbers: Floats) -> pd.Series:
    """Five decimals without trailing zeros, as 万相台 prints shares: 0.024, 0.08486, 0, 1."""
    return printed(numbers, "%.5f").str.replace(r"\.?0+$", "", regex=True)


def thousands(numbers: Floats) -> pd.Series:
    """Whole numbers with commas, as Google prints counts."""
    text = printed(np.round(numbers), "%.0f")
    return text.str.replace(r"(?<=\d)(?=(?:\d{3})+$)", ",", regex=True)
