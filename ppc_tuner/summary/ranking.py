"""The order of the list."""

from __future__ import annotations

import pandas as pd

from ppc_tuner.columns import ITEM_ACTIONS, LIST_FIRST
from ppc_tuner.summary.totals import acted_on


def ranked(actions: pd.DataFrame) -> pd.DataFrame:
    """The list in its order: what is to be done (items, then by money at stake), then the rest by cost.

    Currencies are never ranked against each other: their blocks follow one another.
    """
    moved = acted_on(actions)
    order = pd.DataFrame(
        {
            "currency": actions["currency"].fillna("") if "currency" in actions else "",
            "later": ~moved,
            "word": ~actions["action"].isin(ITEM_ACTIONS),
            "stake": -actions["money_at_stake"].fillna(0),
            "cost": -actions["cost"].fillna(0),
        },
        index=actions.index,
    )
    first = [name for name in LIST_FIRST if name in actions]
    columns = first + [name for name in map(str, actions) if name not in first]
    sequence = order.sort_values(list(map(str, order)), kind="stable").index
    return actions.loc[sequence, columns].reset_index(drop=True)
