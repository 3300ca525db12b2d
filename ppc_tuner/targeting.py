"""Which rows are automatic or product targets: a basket of searches and pages, and no word that a buyer
types."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.identity import folded

# The match type of what is bought without a word, in whatever language its name is.
NO_MATCH_TYPE: Final = "-"
# As Amazon's reports and bulk files name the groups of automatic targeting, and `*` where they are one.
AUTOMATIC: Final = (
    "*", "close-match", "loose-match", "substitutes", "complements", "queryhighrelmatches",
    "querybroadrelmatches", "asinsubstituterelated", "asinaccessoryrelated",
)  # fmt: skip
# asin="…", category="…" brand="…" price<…, asin-expanded="…" and the like.
EXPRESSION: Final = (
    r"^(?:asin(?:-expanded)?|category|keyword-group|views|purchases|lookback|similar-product)\s*[=(]"
)


def is_automatic(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Where what is bought is chosen by the platform (n,): automatic targeting holds no words of one's
    own."""
    if "keyword" not in rows:
        return np.zeros(len(rows), dtype=bool)
    texts = pd.Series(rows["keyword"].dropna().astype("str").unique(), dtype="str")
    return rows["keyword"].isin(texts[folded(texts).isin(AUTOMATIC)]).to_numpy(dtype=bool)


def is_target(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Where what is bought is an automatic or product target (n,); by its match type and its text."""
    found = np.zeros(len(rows), dtype=bool)
    if "match_type" in rows:
        found |= rows["match_type"].eq(NO_MATCH_TYPE).fillna(False).to_numpy(dtype=bool)
    if "keyword" not in rows:
        return found
    # Few texts of many rows: each is looked at once.
    texts = pd.Series(rows["keyword"].dropna().astype("str").unique(), dtype="str")
    plain = folded(texts)
    hit = plain.isin(AUTOMATIC) | plain.str.contains(EXPRESSION, regex=True)
    return found | rows["keyword"].isin(texts[hit]).to_numpy(dtype=bool)
