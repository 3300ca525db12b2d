"""Search terms: bought with the bid of a keyword, so there is no bid to move. A term stays or is excluded.

A term loses money where a click of it is worth less than it costs. With w the worth of a click under the
objective, Gamma with the term's own shape, and p the CPC that the term pays once its keyword is moved,

    P(w < p),    p = CPC × (1 + change of the keyword's bid)^η

It is proposed for exclusion where that chance is at least exclude_sure and the money saved a week is worth
the work; all terms of a run together keep the same bound on wrong removals as keywords do (bids.steps). That
some lower bid would pay is no reason to keep a term: nobody can set it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammainc

from ppc_tuner.account import Account
from ppc_tuner.arrays import floats
from ppc_tuner.bids.targets import chance
from ppc_tuner.bids.worth import earned_per_click
from ppc_tuner.identity import NAME_OF, folded, without_match_syntax
from ppc_tuner.live import is_live
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# What the platform says of a term that needs no negative any more: it is one, or it is a keyword.
SETTLED: Final = ("added", "excluded")
# How a bracket or the match type tells that a keyword is bought for exactly its own text.
EXACT: Final = "exact"


def propose_terms(
    rows: pd.DataFrame,
    targets: pd.DataFrame,
    keywords: pd.DataFrame,
    account: Account,
    settings: Settings,
) -> pd.DataFrame:
    """Targets of n search terms: which of them are proposed for exclusion (`proposal` delete), how surely.

    `rows`: n terms with figures and worth; `targets`: what bids.targets says of them; `keywords`: the decided
    keywords of the same account, none where only terms were given. Sets `keyword_change` (share, −1: the
    keyword goes), `own_keyword`, and in terms of what the term pays: price_now, lowest_share, cvr_even,
    cvr_lowest, p_not_worth, gain_delete.
    """
    bought = _bought_by(rows, keywords)
    paid = floats(rows, "cpc") * bought.dearer
    # A term whose worth nobody told must lose at a generous one.
    worth = floats(targets, "generous_worth")
    loses = chance_of_loss(worth, floats(rows, "value_shape"), paid)
    earned = earned_per_click(rows, targets["generous_worth"], targets["gain_unit"])
    saved = floats(targets, "now_clicks") * (paid - earned)
    own = _own_keyword(rows, keywords)
    open_to_us = is_live(rows) & ~own & ~_settled(rows) & (bought.change > -1)
    at_stake = saved if account.goal.by_profit else floats(targets, "now_cost")
    excluded = open_to_us & (loses >= settings.exclude_sure) & _worth_the_work(at_stake, account)
    with np.errstate(divide="ignore", invalid="ignore"):
        even = floats(rows, "cvr") * paid / worth
    even = np.where(np.isfinite(even), even, np.nan)
    found = pd.DataFrame(
        {
            "keyword_change": np.where(bought.known, bought.change, np.nan),
            "own_keyword": pd.array(own, dtype="boolean"),
            "price_now": paid,
            "lowest_share": 1.0,
            "cvr_even": even,
            "cvr_lowest": even,
            "p_not_worth": loses,
            "gain_delete": saved,
            "proposal": np.where(excluded, "delete", "none"),
        },
        index=rows.index,
    )
    return pd.concat([targets.drop(columns=list(found), errors="ignore"), found], axis=1)


def chance_of_loss(worth: Floats, shape: Floats, paid: Floats) -> Floats:
    """P(a click is worth less than `paid`) of each term (n,), its worth being Gamma with this mean and shape;
    NaN where the worth or the price is not known."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return chance(gammainc(shape, shape * paid / worth))


def _worth_the_work(saved: Floats, account: Account) -> Flags:
    return np.asarray((saved > 0) & (saved >= account.least_gain))


@dataclass(frozen=True, slots=True)
class _Bought:
    """What becomes of the keyword that each of n terms was bought by.

    `known`: it is among the keywords; `change` of its bid (share; −1: it goes; 0 where not known); `dearer`:
    what that multiplies the CPC by.
    """

    known: Flags
    change: Floats
    dearer: Floats


def _bought_by(rows: pd.DataFrame, keywords: pd.DataFrame) -> _Bought:
    nothing = np.zeros(len(rows))
    if keywords.empty or "keyword" not in rows:
        return _Bought(nothing > 0, nothing, nothing + 1)
    keys = _keys(rows, keywords, ("keyword", "match_type"))
    moves = _texts(keywords, keys).assign(
        change=keywords["bid_change"].to_numpy(dtype=float),
        log=keywords["cpc_elasticity"].to_numpy(dtype=float),
    )
    # A keyword that goes takes no price with it; one of several places or items stands for its text.
    moves["log"] = moves["log"].fillna(0.0) * np.log1p(moves["change"].fillna(0.0).clip(lower=-0.99))
    moves = moves.groupby(keys, dropna=False, sort=False)[["change", "log"]].max().reset_index()
    found = _texts(rows, keys).merge(moves, on=keys, how="left")
    change = found["change"].to_numpy(dtype=float)
    gone = change <= -1
    dearer = np.where(gone, 1.0, np.exp(found["log"].fillna(0.0).to_numpy(dtype=float)))
    return _Bought(~np.isnan(change), np.nan_to_num(change), dearer)


def _own_keyword(rows: pd.DataFrame, keywords: pd.DataFrame) -> Flags:
    """Where a term is bought in its ad group for exactly its own text (n,), by the keywords given or by what
    the report of terms itself says of their keywords."""
    terms = rows.assign(keyword=rows["search_term"])
    told = [exact for exact in (_exact(keywords), _exact(rows)) if len(exact)]
    own = np.zeros(len(rows), dtype=bool)
    for exact in told:
        keys = _keys(terms, exact, ("keyword",))
        known = _texts(exact, keys).drop_duplicates()
        found = _texts(terms, keys).merge(known.assign(own=True), on=keys, how="left")["own"]
        own |= found.eq(True).to_numpy(dtype=bool)
    return own


def _exact(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of keywords bought for exactly their own text; negatives are not bought."""
    if "keyword" not in rows:
        return rows.iloc[:0]
    bracketed = rows["keyword"].astype("str").str.startswith("[").fillna(False)
    exact = rows["match_type"].eq(EXACT).fillna(False) if "match_type" in rows else False
    if "unbiddable_as" in rows:
        bracketed &= rows["unbiddable_as"].ne("negative").fillna(True)
        exact &= rows["unbiddable_as"].ne("negative").fillna(True)
    return rows[bracketed | exact]


def _settled(rows: pd.DataFrame) -> Flags:
    if "term_status" not in rows:
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(rows["term_status"].isin(SETTLED).to_numpy(dtype=bool))


def _keys(rows: pd.DataFrame, others: pd.DataFrame, names: tuple[str, ...]) -> list[str]:
    """The columns by which rows of two levels are the same: the place by its id where both tell it, else by
    its name, and `names`; only what both tell."""
    keys = []
    for number, name in NAME_OF.items():
        wanted = (one for one in (number, name) if _told(rows, one) and _told(others, one))
        keys += list(wanted)[:1]
    return [*keys, *(name for name in names if _told(rows, name) and _told(others, name))]


def _told(rows: pd.DataFrame, name: str) -> bool:
    return name in rows and bool(rows[name].notna().any())


def _texts(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The keys as they are compared, without the signs of match types."""
    texts = {name: folded(rows[name].astype("str")) for name in keys}
    if "keyword" in texts:
        texts["keyword"] = without_match_syntax(texts["keyword"])
    return pd.DataFrame(texts).fillna("").reset_index(drop=True)
