"""What is given of an item, gathered from its words."""

from __future__ import annotations

import pandas as pd

from ppc_tuner.columns import CONTEXT


def item_context(given: pd.DataFrame, ad_key: pd.Series) -> pd.DataFrame:
    """The columns of columns.CONTEXT on which all words of an item agree; a row for each ad, indexed by
    `ad_key`.

    `given`: of given_context, n rows; `ad_key`: the ad of each (n,). Columns that are empty throughout are
    left out.
    """
    names = [name for name in CONTEXT if name in given and given[name].notna().any()]
    grouped = given[names].groupby(ad_key, sort=False)
    return grouped.first().where(grouped.nunique(dropna=True).le(1))
