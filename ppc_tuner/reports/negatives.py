"""Negatives that bulk files and exports list between their keywords: they are no facts, and stand already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.files.table import TEXT
from ppc_tuner.reports.cells import contains_any, read_column
from ppc_tuner.reports.recognise import Recognised, positions
from ppc_tuner.reports.rows import is_kind, status_columns

# As context reads its lists of negatives, with where each stands.
NEGATIVES: Final = ("platform", "account", "negative_keyword", "negative_match", "campaign", "ad_group")
PLACES: Final = {"campaign": "campaign_id", "ad_group": "ad_group_id"}
READ: Final = ("account", "keyword", "match_type", *PLACES, *PLACES.values())
# A product that is excluded by its number.
PRODUCT: Final = r"(?i)^asin\s*=\s*\W*(b0[0-9a-z]{8})\W*$"
EXPRESSION: Final = r"(?i)^(?:category|brand)\s*="


def negative_rows(raw: pd.DataFrame, found: Recognised, facts: pd.DataFrame) -> pd.DataFrame:
    """The negatives of a table: NEGATIVES and the ids of their places, a row each.

    `raw`: all its rows; `facts`: those that are facts, among which a layout may leave its negatives
    (unbiddable as such). Negatives that are paused, archived or removed stand no more.
    """
    parts = [_of_kinds(raw, found)]
    if "unbiddable_as" in facts:
        left = facts[facts["unbiddable_as"].eq("negative").fillna(False)]
        if "status" in left:
            left = left[left["status"].ne("paused").fillna(True)]
        parts.append(left[[name for name in READ if name in left]])
    rows = pd.concat([part for part in parts if len(part)] or [parts[0]], ignore_index=True)
    rows = rows.rename(columns={"keyword": "negative_keyword", "match_type": "negative_match"})
    rows = rows.reindex(columns=[*NEGATIVES, *PLACES.values()]).astype(TEXT)
    text = rows["negative_keyword"].fillna("")
    product = text.str.extract(PRODUCT)[0]
    # A product is one search term, and blocks that alone.
    rows["negative_match"] = rows["negative_match"].mask(product.notna(), "exact")
    rows["negative_keyword"] = product.fillna(text)
    rows["platform"] = found.form.id
    # One of a campaign holds in all its ad groups, whatever its row says of them.
    wide = rows["negative_match"].str.contains("campaign", case=False).fillna(False).astype(bool)
    rows.loc[wide, ["ad_group", "ad_group_id"]] = np.nan
    kept = rows["negative_keyword"].ne("") & ~text.str.contains(EXPRESSION).to_numpy(dtype=bool)
    return rows[kept].reset_index(drop=True)


def standing_negatives(parts: Sequence[pd.DataFrame], facts: pd.DataFrame) -> pd.DataFrame:
    """The negatives of all tables, each once: NEGATIVES; their places under the names that the facts have.

    A negative whose place is told by an id that no fact has stands somewhere else, and is left out; one
    without any place holds for the whole account.
    """
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    if rows.empty:
        return pd.DataFrame({name: pd.Series(dtype=TEXT) for name in NEGATIVES})
    for name, number in PLACES.items():
        told = rows[number].fillna("").ne("")
        if {name, number} <= set(facts):
            names = facts.dropna(subset=[number]).drop_duplicates(number).set_index(number)[name]
            rows[name] = rows[number].map(names).fillna(rows[name]).astype(TEXT)
        rows = rows[~told | rows[name].fillna("").ne("")]
    return rows[list(NEGATIVES)].drop_duplicates(ignore_index=True)


def _of_kinds(raw: pd.DataFrame, found: Recognised) -> pd.DataFrame:
    """The rows whose kind says that they are negatives, as far as their columns are read."""
    kinds, header = found.ways.rows, found.header.cells
    none = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in READ})
    if kinds is None or not kinds.negatives:
        return none
    rows = raw[is_kind(raw, header, kinds, kinds.negatives)]
    for name, wanted in kinds.only.items():
        for at in positions(header, (name,)):
            rows = rows[contains_any(rows[at], wanted).to_numpy(dtype=bool)]
    if found.ways.status is not None and len(rows):
        paused = np.zeros(len(rows), dtype=bool)
        for at in status_columns(found):
            paused |= contains_any(rows[at], found.ways.status.paused).to_numpy(dtype=bool)
        rows = rows[~paused]
    if rows.empty:
        return none
    columns = found.match.columns
    read = {
        name: read_column(name, rows[columns[name]], header[columns[name]], found.table.label, found.ways)
        for name in READ
        if name in columns
    }
    told = pd.DataFrame(read, index=rows.index)
    # Its parent is the campaign, whatever the column is that names it.
    wide = is_kind(rows, header, kinds, [kind for kind in kinds.negatives if "campaign" in kind.casefold()])
    told.loc[wide, [name for name in ("ad_group", "ad_group_id") if name in told]] = np.nan
    return told
