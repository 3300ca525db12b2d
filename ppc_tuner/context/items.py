"""What is told of an item's words, told of the item."""

from __future__ import annotations

import pandas as pd

from ppc_tuner.columns import CONTEXT


def with_item_context(items: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Item rows plus the context columns that are the same for all words of the item, where any is known."""
    names = [name for name in CONTEXT if name in rows and name not in items and rows[name].notna().any()]
    if not names:
        return items
    grouped = rows.groupby("ad_key", sort=False)[names]
    shared = grouped.first().where(grouped.nunique(dropna=True).le(1))
    return items.join(shared, on="ad_key")
