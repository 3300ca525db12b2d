"""Words that are bid on and never shown: what the evidence of their peers proposes for them.

They cost nothing until they are shown, and nothing is learned until they are: a raise towards the bid worth
paying is a cheap question (value of learning; Li, Mahdian & McAfee 2010). Where the bid is already at its
worth and still buys nothing, the word is to be replaced.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ppc_tuner.bids.pace import first_caps
from ppc_tuner.live import takes_bids
from ppc_tuner.settings import Settings


def with_unseen(rows: pd.DataFrame, targets: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Targets in which live `never_shown` words with a known bid propose a raise if it is below their target.

    `rows`, `targets`: n each. The step goes to the target, no further than the pace lets a word without data
    go; within `band` there is nothing to raise. Unchanged where no word list applies.
    """
    if "never_shown" not in rows:
        return targets
    unseen = rows["never_shown"].fillna(False).to_numpy(dtype=bool) & takes_bids(rows)
    unseen &= (targets["bid_basis"] == "given").to_numpy()
    change = targets["target_change"].to_numpy(dtype=float)
    worth_it = unseen & (change > settings.band)
    return targets.assign(
        proposal=np.where(worth_it, "raise", np.where(unseen, "none", targets["proposal"])),
        step_up=np.where(
            worth_it, np.minimum(change, first_caps(len(rows), settings)[0]), targets["step_up"]
        ),
    )
