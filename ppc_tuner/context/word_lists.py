"""Word lists: keyed tables with bids of keywords, which may name words that the report does not hold."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.context.context import Context
from ppc_tuner.context.keyed import keys_of

# Where a word stands. A word that only the list holds takes these names from the other words bought there.
PLACES: Final = ("campaign", "ad_group", "item_id")
OF_THE_PLACE: Final = (
    "level", "platform", "account", "currency", "channel", "campaign_id", "campaign", "ad_group_id",
    "ad_group",
    "item_id", "item", "device", "last_day", "net_basis",
)  # fmt: skip
# Numbers that do not add up over days: unknown, not zero, for a word that was never shown.
NOT_SUMMED: Final = (
    "event_days", "bid", "quality_score", "position", "days", "completeness", "attribution_days",
    "market_cpc",
    "market_ctr", "market_cvr",
)  # fmt: skip


def place_keys(table: pd.DataFrame) -> list[str]:
    """The columns that say where the words of a word list stand; empty for a table that is no word list."""
    keys = keys_of(table)
    if "keyword" not in keys or "bid" not in table:
        return []
    return [name for name in PLACES if name in keys]


def with_missing_words(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Decision rows, and below them one row of zeros for each listed word that the report lacks.

    A listed word is added where its list names a place (campaign, ad group or item) that `rows` hold; a list
    that names no place adds nothing. The result has the columns and dtypes of `rows`, and a new index where a
    word list applies.
    """
    lists = _word_lists(rows, context)
    if not lists:
        return rows
    extra = pd.concat([_missing(rows, table, keys) for table, keys in lists], ignore_index=True)
    extra = extra.drop_duplicates([name for name in (*PLACES, "keyword") if name in extra])
    together = pd.concat([rows, extra.reindex(columns=rows.columns)], ignore_index=True)
    return together.astype({name: rows[name].dtype for name in rows})


def never_shown(rows: pd.DataFrame, context: Context) -> pd.Series | None:
    """Whether each row is a listed word without an impression (boolean); None where no word list applies."""
    lists = _word_lists(rows, context)
    if not lists:
        return None
    listed = pd.concat([_is_listed(rows, table, keys) for table, keys in lists], axis=1).any(axis=1)
    return (listed & rows["impressions"].fillna(0).eq(0)).astype("boolean")


def _word_lists(rows: pd.DataFrame, context: Context) -> list[tuple[pd.DataFrame, list[str]]]:
    """The word lists whose places the rows know, each with its keys (places, then keyword)."""
    if "level" not in rows or not rows["level"].eq("keyword").any():
        return []
    lists = [(table, place_keys(table)) for table in context.tables]
    return [(table, [*places, "keyword"]) for table, places in lists if places and set(places) <= set(rows)]


def _is_listed(rows: pd.DataFrame, table: pd.DataFrame, keys: list[str]) -> pd.Series:
    found = rows[keys].merge(table[keys].assign(listed=True), on=keys, how="left")["listed"]
    return found.eq(True).set_axis(rows.index)


def _missing(rows: pd.DataFrame, table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """A row of zeros for each word of the list that stands in a known place and is not among the rows."""
    held = table[keys].merge(rows[keys].drop_duplicates(), on=keys, how="left", indicator=True)["_merge"]
    words = table.loc[held.ne("both").to_numpy(), keys]
    places = keys[:-1]
    known = rows.drop_duplicates(places)[[name for name in OF_THE_PLACE if name in rows]]
    new = words.merge(known, on=places, how="inner")
    summed = [name for name in map(str, rows.select_dtypes("number")) if name not in NOT_SUMMED]
    # A figure that the report holds for no word stays unknown.
    return new.assign(**{name: 0.0 if rows[name].notna().any() else np.nan for name in summed})
