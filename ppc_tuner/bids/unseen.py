"""Words that are bid on and never shown: what the evidence of their peers proposes for them.

They cost nothing until they are shown, and nothing is learnt until they are: a raise towards the bid worth paying is a cheap
question (value of learning; Li, Mahdian & McAfee 2010). A bid that is worth paying already and buys nothing is for replacing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def with_unseen(rows: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """Rows in which live words with `never_shown` and a known bid propose a raise where their target lies above it.

    The step goes to the target, no further than settings["max_step"]; below settings["band"] there is nothing to raise.
    """
    if "never_shown" not in rows:
        return rows
    unseen = (
        rows["never_shown"].fillna(False).to_numpy(dtype=bool) & (rows["bid_basis"] == "given").to_numpy()
    )
    for name, fine in (("status", "paused"), ("biddable", False)):
        if name in rows:
            unseen &= ~rows[name].eq(fine).fillna(False).to_numpy(dtype=bool)
    change = rows["target_change"].to_numpy(dtype=float)
    worth_it = unseen & (change > settings["band"])
    return rows.assign(
        proposal=np.where(worth_it, "raise", np.where(unseen, "none", rows["proposal"])),
        step_up=np.where(worth_it, np.minimum(change, settings["max_step"]), rows["step_up"]),
    )
