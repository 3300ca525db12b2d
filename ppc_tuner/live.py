"""Which words take part in auctions, and which of those have a bid of their own; one answer for all."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Flags = NDArray[np.bool_]


def is_live(rows: pd.DataFrame) -> Flags:
    """Where a row is not paused (n,); live where the report does not say."""
    if "status" not in rows:
        return np.ones(len(rows), dtype=bool)
    return np.asarray(rows["status"].ne("paused").fillna(True).to_numpy(dtype=bool))


def takes_bids(rows: pd.DataFrame) -> Flags:
    """Where a row is live and has a bid of its own (n,): no package, no smart bidding."""
    live = is_live(rows)
    if "biddable" not in rows:
        return live
    return live & rows["biddable"].astype("boolean").fillna(True).to_numpy(dtype=bool)


def was_shown(rows: pd.DataFrame) -> Flags:
    """Where a row has any figure above zero (n,): what was never shown says nothing about the others.

    All of them where there are no figures to tell by.
    """
    names = [name for name in ("impressions", "clicks", "cost", "conversions") if name in rows]
    if not names:
        return np.ones(len(rows), dtype=bool)
    return np.asarray(rows[names].gt(0).any(axis=1).to_numpy(dtype=bool))
