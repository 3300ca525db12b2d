"""Context of an item: what all its words share."""

from __future__ import annotations

import pandas as pd

from ppc_tuner.columns import CONTEXT


def item_context(given: pd.DataFrame, ad_key: pd.Series) -> pd.DataFrame:
    """The columns of columns.CONTEXT in `given` that hold something, one row for each ad.

    `given`: decision rows or their context; `ad_key`: the ad of each, on the same index. The index of the
    result is ad_key; a value is empty where the words of the ad do not agree on it.
    """
    names = [name for name in CONTEXT if name in given and given[name].notna().any()]
    if not names:
        return pd.DataFrame(index=pd.Index(ad_key.dropna().unique(), name="ad_key"))
    grouped = given[names].groupby(ad_key, sort=False)
    return grouped.first().where(grouped.nunique(dropna=True).le(1))


def with_item_context(items: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Item rows with the context columns that they lack and that the words of the item share."""
    shared = item_context(rows, rows["ad_key"])
    return items.join(shared[[name for name in shared if name not in items]], on="ad_key")
