"""Words of a word list that the report does not hold: live, bid on, and never shown."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.context.tables import Context, keys_of

# Where a word stands; it takes these names from the other words bought there.
PLACES: Final = ("campaign", "ad_group", "item_id")
OF_THE_PLACE: Final = (
    "level", "platform", "account", "currency", "channel", "campaign_id", "campaign", "ad_group_id", "ad_group", "item_id",
    "item", "device", "last_day", "net_basis",
)  # fmt: skip
NOT_COUNTED: Final = (
    "event_days", "bid", "quality_score", "position", "days", "completeness", "attribution_days", "market_cpc", "market_ctr", "market_cvr",
)  # fmt: skip


def place_keys(table: pd.DataFrame) -> list[str]:
    """The columns that say where the words of a word list stand; empty for tables that are no word list."""
    keys = keys_of(table)
    if "keyword" not in keys or "bid" not in table:
        return []
    return [name for name in PLACES if name in keys]


def with_missing_words(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Rows plus one of zeros for each listed word that the report does not hold where the list says it stands.

    Adds `never_shown`: a listed word without a single impression. Lists that do not name a place (campaign, ad group or
    item) known in these rows add nothing. Without a word list the rows are returned as they are.
    """
    lists = [(table, place_keys(table)) for table in context.tables if place_keys(table)]
    if not lists or "level" not in rows or not rows["level"].eq("keyword").any():
        return rows
    added = [_missing(rows, table, places) for table, places in lists if set(places) <= set(rows)]
    extra = pd.concat(added, ignore_index=True) if added else rows.iloc[:0]
    extra = extra.drop_duplicates([name for name in (*PLACES, "keyword") if name in extra])
    listed = pd.concat(
        [_listed(rows, table, places) for table, places in lists if set(places) <= set(rows)], axis=1
    )
    unseen = listed.any(axis=1) & rows["impressions"].fillna(0).eq(0)
    together = pd.concat([rows, extra.reindex(columns=rows.columns)], ignore_index=True)
    together = together.astype({name: rows[name].dtype for name in rows})
    shown = np.concatenate([unseen.to_numpy(dtype=bool), np.ones(len(extra), dtype=bool)])
    return together.assign(never_shown=pd.array(shown, dtype="boolean"))


def _listed(rows: pd.DataFrame, table: pd.DataFrame, places: list[str]) -> pd.Series:
    keys = [*places, "keyword"]
    found = rows[keys].merge(table[keys].assign(_listed=True), on=keys, how="left")["_listed"]
    return found.eq(True).set_axis(rows.index)


def _missing(rows: pd.DataFrame, table: pd.DataFrame, places: list[str]) -> pd.DataFrame:
    """A row of zeros for each word of the list that stands in a known place and not in the rows."""
    keys = [*places, "keyword"]
    held = (
        table[keys].merge(rows[keys].drop_duplicates(), on=keys, how="left", indicator=True)["_merge"]
        == "both"
    )
    words = table.loc[~held.to_numpy(), keys]
    known = rows.drop_duplicates(places)[[name for name in OF_THE_PLACE if name in rows]]
    new = words.merge(known, on=places, how="inner")
    numeric = [name for name in map(str, rows.select_dtypes("number")) if name not in NOT_COUNTED]
    # A figure that the report does not hold at all stays unknown.
    zeros = {name: np.where(rows[name].notna().any(), 0.0, np.nan) for name in numeric}
    return new.assign(**{name: float(value) for name, value in zeros.items()})
