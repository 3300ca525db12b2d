"""Which keyword bought a search term, and which terms are bought already.

Texts are compared without case, width and the signs of match types. Each is looked at once and goes by a
number from there on: a million terms are compared as fast as so many integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.arrays import floats
from ppc_tuner.bids.adds import SourceBids
from ppc_tuner.identity import NAME_OF, folded, without_match_syntax

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

# What the platform says of a term that needs no negative any more: it is one, or it is a keyword.
SETTLED: Final = ("added", "excluded")
# What of a keyword is asked for here and in bids.fragments.
TELLING: Final = (*NAME_OF, *NAME_OF.values(), "keyword", "match_type", "status")
# How a bracket or the match type tells that a keyword is bought for exactly its own text.
EXACT: Final = "exact"
# A product that is a target by its own number.
OWN_NUMBER: Final = r"(?i)^asin\s*=\s*\W*(b0[0-9a-z]{8})\W*$"
# Texts that may hold a sign of a match type or be such a target.
SIGNED: Final = r'["\[\]+]|asin'


@dataclass(frozen=True, slots=True)
class Bought:
    """What becomes of the keyword that each of n terms was bought by.

    `known`: it is among the keywords; `change` of its bid (share; −1: it goes; 0 where not known); `dearer`:
    what that multiplies the CPC by; `source`: with which bid.
    """

    known: Flags
    change: Floats
    dearer: Floats
    source: SourceBids


class Typed:
    """n search terms and the keywords of their account: which of them are the same text in the same place.

    `rows`: the terms; `keywords`: those decided, none where only terms were given. What the report of terms
    itself says of their keywords counts too.
    """

    def __init__(self, rows: pd.DataFrame, keywords: pd.DataFrame) -> None:
        self.rows, self.keywords = rows, keywords
        number, self._names = _numbered(rows["search_term"])
        self.text: Codes = number
        self._told = [bought for bought in (bought_of(keywords), bought_of(rows)) if len(bought)]

    @cached_property
    def settled(self) -> Flags:
        """Terms of which the report says that they are keywords or negatives (n,)."""
        if "term_status" not in self.rows:
            return np.zeros(len(self.rows), dtype=bool)
        return np.asarray(self.rows["term_status"].isin(SETTLED).to_numpy(dtype=bool))

    @cached_property
    def own_keyword(self) -> Flags:
        """Where a term is bought in its ad group for exactly its own text (n,)."""
        return self._in_place([_exact(told) for told in self._told])

    @cached_property
    def in_its_place(self) -> Flags:
        """Where the ad group of a term has a keyword of its text, bought as exact or not (n,)."""
        return self._in_place(self._told)

    @cached_property
    def bought_exactly(self) -> Flags:
        """Where a term is bought as exact anywhere in the account, paused or not, if only as a close variant
        of an exact keyword, or where the report says of any row of it that it is a keyword or a negative
        (n,)."""
        taken = np.zeros(len(self._names) + 1, dtype=bool)
        taken[self.text[self.settled]] = True
        for told in self._told:
            taken[self._numbers(_exact(told)["keyword"])] = True
        # The last stands for texts that no term has.
        taken[-1] = False
        variant = self.rows["match_type"].eq(EXACT).fillna(False) if "match_type" in self.rows else False
        return np.asarray(taken[self.text] | np.asarray(variant, dtype=bool))

    def same_text(self, chosen: Flags) -> Flags:
        """Where a term has the text of a chosen one (n,)."""
        taken = np.zeros(len(self._names), dtype=bool)
        taken[self.text[chosen]] = True
        return np.asarray(taken[self.text])

    def _in_place(self, told: Sequence[pd.DataFrame]) -> Flags:
        """Where a term has the text of one of these keywords of its place (n,)."""
        own = np.zeros(len(self.rows), dtype=bool)
        for bought in (one for one in told if len(one)):
            text = self._numbers(bought["keyword"])
            bought, text = bought[text >= 0], text[text >= 0]
            here, there = _joined(self.rows, bought, places_told(self.rows, bought))
            size = len(self._names)
            own |= np.isin(here * size + self.text, np.unique(there * size + text))
        return own

    def _numbers(self, texts: pd.Series) -> Codes:
        """The numbers of keywords, −1 for those whose text no term has."""
        number, names = _numbered(texts)
        return np.asarray(self._names.get_indexer(names), dtype=np.int64)[number]


def bought_by(rows: pd.DataFrame, keywords: pd.DataFrame) -> Bought:
    """What becomes of the keyword that each of n terms was bought by."""
    nothing = np.zeros(len(rows))
    if keywords.empty or "keyword" not in rows:
        return Bought(nothing > 0, nothing, nothing + 1, SourceBids(nothing + np.nan, nothing + np.nan))
    blank = pd.Series(np.nan, index=keywords.index)
    moves = pd.DataFrame(
        {
            "change": keywords["bid_change"].to_numpy(dtype=float),
            "log": keywords["cpc_elasticity"].to_numpy(dtype=float),
            "bid": keywords.get("new_bid", blank).fillna(keywords.get("bid", blank)).to_numpy(dtype=float),
            "adjustment": floats(keywords, "bid_adjustment"),
        }
    )
    # A keyword that goes takes no price with it; one of several places or items stands for its text.
    moves["log"] = moves["log"].fillna(0.0) * np.log1p(moves["change"].fillna(0.0).clip(lower=-0.99))
    told = [name for name in ("keyword", "match_type") if _told(rows, name) and _told(keywords, name)]
    here, there = _joined(rows, keywords, [*places_told(rows, keywords), *told])
    found = moves.groupby(there).max().reindex(here)
    change = found["change"].to_numpy(dtype=float)
    gone = change <= -1
    dearer = np.where(gone, 1.0, np.exp(found["log"].fillna(0.0).to_numpy(dtype=float)))
    source = SourceBids(floats(found, "bid"), floats(found, "adjustment"))
    return Bought(~np.isnan(change), np.nan_to_num(change), dearer, source)


def bought_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that tell of a keyword; negatives are not bought."""
    if "keyword" not in rows:
        return rows.iloc[:0]
    bought = rows["keyword"].notna()
    if "unbiddable_as" in rows:
        bought &= rows["unbiddable_as"].ne("negative").fillna(True)
    names = [name for name in TELLING if name in rows]
    return rows.loc[bought, names]


def places_told(rows: pd.DataFrame, others: pd.DataFrame) -> list[str]:
    """The columns by which both tell campaign and ad group: ids, else names."""
    keys = []
    for number, name in NAME_OF.items():
        wanted = (one for one in (number, name) if _told(rows, one) and _told(others, one))
        keys += list(wanted)[:1]
    return keys


def _exact(bought: pd.DataFrame) -> pd.DataFrame:
    """Of keywords those bought for exactly their own text."""
    text, different = pd.factorize(bought["keyword"].astype("str"))
    words = pd.Series(different, dtype="str")
    itself = words.str.startswith("[") | words.str.contains(OWN_NUMBER.replace("(b0", "(?:b0"))
    exact = bought["match_type"].eq(EXACT).fillna(False) if "match_type" in bought else False
    return bought[exact | itself.to_numpy(dtype=bool)[text]]


def _told(rows: pd.DataFrame, name: str) -> bool:
    return name in rows and bool(rows[name].notna().any())


def _joined(rows: pd.DataFrame, others: pd.DataFrame, names: Sequence[str]) -> tuple[Codes, Codes]:
    """The number of what each row of both says in these columns: the same where all of it is."""
    number = np.zeros(len(rows) + len(others), dtype=np.int64)
    for name in names:
        more, different = _numbered(pd.concat([rows[name], others[name]]), word=name == "keyword")
        # Numbered anew each time, so that products stay small.
        number = pd.factorize(number * len(different) + more)[0].astype(np.int64)
    return number[: len(rows)], number[len(rows) :]


def _numbered(texts: pd.Series, *, word: bool = True) -> tuple[Codes, pd.Index]:
    """The number of each text (n,), and the texts as they are compared; `word`: without the signs of match
    types."""
    number, different = pd.factorize(texts.astype("str").fillna(""))
    plain = folded(pd.Series(different, dtype="str"))
    if word:
        plain = as_words(plain)
    same, names = pd.factorize(plain)
    return same[number].astype(np.int64), pd.Index(names)


def as_words(texts: pd.Series) -> pd.Series:
    """Texts without the signs of match types; a target by the number of a product is that number."""
    signed = texts.str.contains(SIGNED, regex=True).to_numpy(dtype=bool)
    if not signed.any():
        return texts
    some = texts[signed]
    product = some.str.extract(OWN_NUMBER)[0]
    plain = texts.copy()
    plain[signed] = without_match_syntax(some).where(product.isna(), product)
    return plain
