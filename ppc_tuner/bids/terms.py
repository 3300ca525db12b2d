"""Search terms: bought with the bid of a keyword, so there is no bid to move. A term stays, is excluded, or
becomes a word of its own (bids.adds).

A term loses money where a click of it is worth less than it costs. With w the worth of a click under the
objective, Gamma with the term's own shape, and p the CPC that the term pays once its keyword is moved,

    P(w < p),    p = CPC × (1 + change of the keyword's bid)^η

It is proposed for exclusion where that chance is at least exclude_sure and the money saved a week is worth
the work; all terms of a run together keep the same bound on wrong removals as keywords do (bids.steps). That
some lower bid would pay is no reason to keep a term: nobody can set it. No text is both added and excluded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammainc

from ppc_tuner.account import Account
from ppc_tuner.arrays import floats
from ppc_tuner.bids.adds import PRODUCT_TARGET, SourceBids, is_product, propose_adds
from ppc_tuner.bids.effects import effects_of
from ppc_tuner.bids.targets import chance
from ppc_tuner.bids.worth import earned_per_click
from ppc_tuner.identity import AD_GROUP, CAMPAIGN, NAME_OF, folded, without_match_syntax
from ppc_tuner.live import is_live
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# What the platform says of a term that needs no negative any more: it is one, or it is a keyword.
SETTLED: Final = ("added", "excluded")
# How a bracket or the match type tells that a keyword is bought for exactly its own text.
EXACT: Final = "exact"
# What changes for a term that a fragment stops, and what stands in the fragment's row alone.
CHANGES: Final = ("clicks_change", "cost_change", "conversions_change", "revenue_change")
OF_THE_FRAGMENT: Final = ("confidence", "money_at_stake", "expected_gain", "gain_low", "gain_high")
# A product that is a target by its own number.
OWN_NUMBER: Final = r"(?i)^asin\s*=\s*\W*(b0[0-9a-z]{8})\W*$"


def propose_terms(
    rows: pd.DataFrame,
    targets: pd.DataFrame,
    keywords: pd.DataFrame,
    account: Account,
    settings: Settings,
) -> pd.DataFrame:
    """Targets of n search terms: which of them are proposed for exclusion (`proposal` delete) or to be bought
    by themselves (add), how surely.

    `rows`: n terms with figures and worth; `targets`: what bids.targets says of them; `keywords`: the decided
    keywords of the same account, none where only terms were given. Sets `keyword_change` (share, −1: the
    keyword goes), `own_keyword`, in terms of what the term pays: price_now, lowest_share, cvr_even,
    cvr_lowest, p_not_worth, gain_delete, and of the term as a word of its own: p_earns, start_bid, add_place,
    block_places.
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
    stays = own | _bought_exactly(rows, keywords) | _in_its_place(rows, keywords)
    adds = propose_adds(rows, targets, paid, stays, bought.source, account, settings)
    # A term that is added is blocked elsewhere for that, and not for losing there.
    text = folded(rows["search_term"].astype("str"))
    excluded &= ~text.isin(text[adds.chosen]).to_numpy(dtype=bool)
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
            "proposal": np.select([adds.chosen, excluded], ["add", "delete"], "none"),
            "blocked_by": pd.Series(np.nan, rows.index, dtype="str"),
        },
        index=rows.index,
    )
    found = pd.concat([found, adds.frame], axis=1)
    return pd.concat([targets.drop(columns=list(found), errors="ignore"), found], axis=1)


def with_places(
    moves: pd.DataFrame, rows: pd.DataFrame, action: NDArray[Any], account: Account, settings: Settings
) -> pd.DataFrame:
    """The moves of n search terms (columns.MOVES) with what is to be typed in: new_match, new_place, and for
    terms to add the bid they start with and what that brings.

    `rows`: terms with targets; `action`: what rules permit of each. A term to add keeps its searches: its
    gain is that of a bid of its own instead of its keyword's. What a fragment stops changes with it; chance,
    money and gain of that stand in the fragment's row alone. Removals are those that `moves` make.
    """
    added, removed = action == "add", floats(moves, "bid_change") <= -1
    product = is_product(rows["search_term"])
    known = [_named_in(rows, AD_GROUP), _named_in(rows, CAMPAIGN)]
    place = np.select(known, ["ad_group", "campaign"], "account")
    match = pd.Series(np.where(added & product, PRODUCT_TARGET, EXACT), rows.index, dtype="str")
    where = rows["add_place"].where(added, pd.Series(place, rows.index, dtype="str"))
    done = moves.assign(new_match=match.where(added | removed), new_place=where.where(added | removed))
    stopped = rows["blocked_by"].notna().to_numpy()
    if not (added | stopped).any():
        return done
    x = np.where(stopped, 0.0, np.where(added, 1 + np.nan_to_num(floats(rows, "start_change")), 1.0))
    changes = effects_of(rows, x, account.response.fall, settings)
    for name in CHANGES:
        done[name] = np.where(stopped, changes[name], floats(done, name))
    done.loc[stopped, list(OF_THE_FRAGMENT)] = np.nan
    said: dict[str, Floats | float] = {
        **changes,
        "new_bid": floats(rows, "start_bid"),
        "bid_change": np.nan,
        "confidence": floats(rows, "p_earns"),
        "money_at_stake": floats(rows, "weekly_cost"),
    }
    return done.assign(**{name: np.where(added, value, floats(done, name)) for name, value in said.items()})


def _named_in(rows: pd.DataFrame, names: tuple[str, ...]) -> Flags:
    known = np.zeros(len(rows), dtype=bool)
    for name in names:
        known |= rows[name].fillna("").ne("").to_numpy(dtype=bool) if name in rows else False
    return known


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
    what that multiplies the CPC by; `source`: with which bid.
    """

    known: Flags
    change: Floats
    dearer: Floats
    source: SourceBids


def _bought_by(rows: pd.DataFrame, keywords: pd.DataFrame) -> _Bought:
    nothing = np.zeros(len(rows))
    if keywords.empty or "keyword" not in rows:
        return _Bought(nothing > 0, nothing, nothing + 1, SourceBids(nothing + np.nan, nothing + np.nan))
    keys = _keys(rows, keywords, ("keyword", "match_type"))
    blank = pd.Series(np.nan, index=keywords.index)
    moves = _texts(keywords, keys).assign(
        change=keywords["bid_change"].to_numpy(dtype=float),
        log=keywords["cpc_elasticity"].to_numpy(dtype=float),
        bid=keywords.get("new_bid", blank).fillna(keywords.get("bid", blank)).to_numpy(dtype=float),
        adjustment=floats(keywords, "bid_adjustment"),
    )
    # A keyword that goes takes no price with it; one of several places or items stands for its text.
    moves["log"] = moves["log"].fillna(0.0) * np.log1p(moves["change"].fillna(0.0).clip(lower=-0.99))
    said = ["change", "log", "bid", "adjustment"]
    moves = moves.groupby(keys, dropna=False, sort=False)[said].max().reset_index()
    found = _texts(rows, keys).merge(moves, on=keys, how="left")
    change = found["change"].to_numpy(dtype=float)
    gone = change <= -1
    dearer = np.where(gone, 1.0, np.exp(found["log"].fillna(0.0).to_numpy(dtype=float)))
    source = SourceBids(floats(found, "bid"), floats(found, "adjustment"))
    return _Bought(~np.isnan(change), np.nan_to_num(change), dearer, source)


def _own_keyword(rows: pd.DataFrame, keywords: pd.DataFrame) -> Flags:
    """Where a term is bought in its ad group for exactly its own text (n,), by the keywords given or by what
    the report of terms itself says of their keywords."""
    return _same_text_in_place(rows, [_exact(keywords), _exact(rows)])


def _in_its_place(rows: pd.DataFrame, keywords: pd.DataFrame) -> Flags:
    """Where the ad group of a term has a keyword of its text, bought as exact or not (n,)."""
    return _same_text_in_place(rows, [bought_of(keywords), bought_of(rows)])


def _same_text_in_place(rows: pd.DataFrame, told: list[pd.DataFrame]) -> Flags:
    """Where a term has the text of one of these keywords of its place (n,)."""
    terms = rows.assign(keyword=rows["search_term"])
    own = np.zeros(len(rows), dtype=bool)
    for bought in (one for one in told if len(one)):
        keys = _keys(terms, bought, ("keyword",))
        known = _texts(bought, keys).drop_duplicates()
        found = _texts(terms, keys).merge(known.assign(own=True), on=keys, how="left")["own"]
        own |= found.eq(True).to_numpy(dtype=bool)
    return own


def _bought_exactly(rows: pd.DataFrame, keywords: pd.DataFrame) -> Flags:
    """Where a term is bought as exact anywhere in the account, paused or not, if only as a close variant of
    an exact keyword, or where the report says of any row of it that it is a keyword or a negative (n,)."""
    text = folded(rows["search_term"].astype("str"))
    variant = (
        rows["match_type"].eq(EXACT).fillna(False) if "match_type" in rows else pd.Series(False, rows.index)
    )
    known = [text[_settled(rows)]]
    bought = [exact for exact in (_exact(keywords), _exact(rows)) if len(exact)]
    known += [_texts(exact, ["keyword"])["keyword"] for exact in bought]
    return (text.isin(pd.concat(known)) | variant).to_numpy(dtype=bool)


def _exact(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of keywords bought for exactly their own text."""
    bought = bought_of(rows)
    if bought.empty:
        return bought
    product = bought["keyword"].astype("str").str.extract(OWN_NUMBER)[0].notna()
    bracketed = bought["keyword"].astype("str").str.startswith("[").fillna(False)
    exact = bought["match_type"].eq(EXACT).fillna(False) if "match_type" in bought else False
    return bought[bracketed | exact | product]


def bought_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that tell of a keyword; negatives are not bought."""
    if "keyword" not in rows:
        return rows.iloc[:0]
    bought = rows["keyword"].notna()
    if "unbiddable_as" in rows:
        bought &= rows["unbiddable_as"].ne("negative").fillna(True)
    return rows[bought]


def _settled(rows: pd.DataFrame) -> Flags:
    if "term_status" not in rows:
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(rows["term_status"].isin(SETTLED).to_numpy(dtype=bool))


def _keys(rows: pd.DataFrame, others: pd.DataFrame, names: tuple[str, ...]) -> list[str]:
    """The columns by which rows of two levels are the same: the place by its id where both tell it, else by
    its name, and `names`; only what both tell."""
    return [
        *places_told(rows, others),
        *(name for name in names if _told(rows, name) and _told(others, name)),
    ]


def places_told(rows: pd.DataFrame, others: pd.DataFrame) -> list[str]:
    """The columns by which both tell campaign and ad group: ids, else names."""
    keys = []
    for number, name in NAME_OF.items():
        wanted = (one for one in (number, name) if _told(rows, one) and _told(others, one))
        keys += list(wanted)[:1]
    return keys


def _told(rows: pd.DataFrame, name: str) -> bool:
    return name in rows and bool(rows[name].notna().any())


def _texts(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The keys as they are compared, without the signs of match types."""
    texts = {name: folded(rows[name].astype("str")) for name in keys}
    if "keyword" in texts:
        product = texts["keyword"].str.extract(OWN_NUMBER)[0]
        texts["keyword"] = without_match_syntax(texts["keyword"]).where(product.isna(), product)
    return pd.DataFrame(texts).fillna("").reset_index(drop=True)
