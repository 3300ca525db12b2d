"""Word lists: which of their words the report lacks, and which of its rows they name."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.context.context import Context
from ppc_tuner.context.keyed import keys_of
from ppc_tuner.identity import ACCOUNT, ITEM, NAMED_ITEM, PLACE, PLACE_NAMES, SPLIT

# The columns by which a word list may say where a word stands.
STANDS_IN: Final = (*PLACE_NAMES, *ITEM)
# What a word missing from the report takes over from others in its place.
OF_THE_PLACE: Final = ("level", *ACCOUNT, *SPLIT, *PLACE, *NAMED_ITEM, "last_day", "net_basis")


def place_keys(table: pd.DataFrame) -> list[str]:
    """The columns that say where the words of a word list stand; none for tables that are no word list."""
    keys = keys_of(table)
    if "keyword" not in keys or "bid" not in table:
        return []
    return [name for name in STANDS_IN if name in keys]


def unreported_words(figures: pd.DataFrame, context: Context) -> pd.DataFrame:
    """The listed words that the report lacks: keyword and OF_THE_PLACE, a row each, possibly none.

    `figures`: n decision rows. Lists whose place (campaign, ad group or item) these rows do not know add
    nothing.
    """
    missing = [_missing(figures, table, places) for table, places in _lists(figures, context)]
    if not missing:
        return figures.iloc[:0]
    words = pd.concat(missing, ignore_index=True)
    return words.drop_duplicates([name for name in (*STANDS_IN, "keyword") if name in words])


def protected_words(context: Context) -> list[str]:
    """The words that must never be deleted or excluded, of all tables."""
    told = [table for table in context.tables if {"keyword", "protected"} <= set(table)]
    return [
        word for table in told for word in table.loc[table["protected"].eq(True).fillna(False), "keyword"]
    ]


def listed_words(figures: pd.DataFrame, context: Context) -> NDArray[np.bool_] | None:
    """Whether a word list names each decision row (n flags); None where no word list applies."""
    lists = _lists(figures, context)
    if not lists:
        return None
    listed = np.zeros(len(figures), dtype=bool)
    for table, places in lists:
        keys = [*places, "keyword"]
        found = figures[keys].merge(table[keys].assign(listed=True), on=keys, how="left")["listed"]
        listed |= found.eq(True).to_numpy()
    return listed


def _lists(figures: pd.DataFrame, context: Context) -> list[tuple[pd.DataFrame, list[str]]]:
    """The word lists whose places are columns of these rows, and those columns."""
    if "level" not in figures or not figures["level"].eq("keyword").any():
        return []
    lists = [(table, place_keys(table)) for table in context.tables]
    return [(table, places) for table, places in lists if places and set(places) <= set(figures)]


def _missing(figures: pd.DataFrame, table: pd.DataFrame, places: list[str]) -> pd.DataFrame:
    """The words of the list whose place is known and that the rows lack, with what is known of the place."""
    keys = [*places, "keyword"]
    known = figures[keys].drop_duplicates()
    both = table[keys].merge(known, on=keys, how="left", indicator="found")
    words = table.loc[(both["found"] != "both").to_numpy(), keys]
    place = figures.drop_duplicates(places)[[name for name in OF_THE_PLACE if name in figures]]
    return words.merge(place, on=places, how="inner")
