"""Words that nobody has bought yet, from the lists of word tools: where each would go, and whether it pays.

A candidate has no clicks. All that is known of it is its text, what similar words of the account are worth
(the prior that the account's own data selected), and the price that the list names. With w the predicted
worth of a click and p that price, or that of its peers where none is named, it is proposed where

    P(w > p) >= candidate_sure    and    (1 − shade) E[w] >= p,

so that the bid which its worth supports reaches the market. A cheap word is mostly cheap for a reason: where
the price tells of worth (evidence.prior), a price below that of its peers takes (p / usual)^β from w; a dear
one adds nothing. It starts at the market price at the most (advice A4–A7, A25).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincc, gammaincinv

from ppc_tuner.account import Account
from ppc_tuner.arrays import floats
from ppc_tuner.bids.adds import ELSEWHERE, EXACT, IN_AD_GROUP
from ppc_tuner.bids.bought import as_words
from ppc_tuner.bids.targets import chance
from ppc_tuner.bids.worth import gain_scale
from ppc_tuner.columns import MOVES
from ppc_tuner.identity import (
    ACCOUNT,
    AD_GROUP,
    CAMPAIGN,
    NAMED_ITEM,
    PLACE,
    SPLIT,
    any_told,
    folded,
    row_numbers,
)
from ppc_tuner.live import is_live
from ppc_tuner.phrases import phrases_of
from ppc_tuner.settings import Settings
from ppc_tuner.targeting import is_target

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

# What a candidate takes over from the words of its place.
OF_THE_PLACE: Final = ("level", *ACCOUNT, *SPLIT, *PLACE, *NAMED_ITEM, "last_day", "net_basis")
# β where a regression on features was selected: the prior elasticity of its price (evidence.features).
USUAL_LEAN: Final = 0.5
# Kinds that hold the main word of the item: they belong there whatever else they say.
OF_THE_ITEM: Final = ("core", "long_tail")
# From so many listed words that are bought already it can be told how many clicks a listed search brings.
LEAST_SHARED: Final = 5


def placed(candidates: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """The candidates (m) with the place each would go to: OF_THE_PLACE, `likeness` and `smart`.

    `words`: n decision rows of one level. A place is an ad group (and item) of live words; a candidate goes
    where most of the words hold the same words as it, rare ones counting more. `likeness` (share): of its
    words (pairs of Chinese characters) that any word there holds, or of the words there that hold one of
    its, whichever is more; candidates that share none with any place are left out. `smart`: whether the
    platform bids there.
    """
    able = is_live(words) & ~is_target(words) & words_of(words).notna().to_numpy()
    theirs = words[able]
    if theirs.empty or candidates.empty:
        return candidates.iloc[:0].assign(likeness=0.0, smart=False)
    names = [name for name in (*SPLIT, *CAMPAIGN, *AD_GROUP, *NAMED_ITEM) if name in theirs]
    place = row_numbers(theirs, names)
    best = _best_places(candidates["search_term"], words_of(theirs), place, floats(theirs, "clicks"))
    at = best["place"].to_numpy()
    first = theirs.assign(_place=place).drop_duplicates("_place").set_index("_place")
    smart = pd.Series(False, index=first.index)
    if "unbiddable_as" in theirs:
        smart = theirs["unbiddable_as"].eq("smart_bidding").fillna(False).astype(bool).groupby(place).all()
    kept = candidates.iloc[best.index.to_numpy()].reset_index(drop=True)
    there = first.reindex(at)[[name for name in OF_THE_PLACE if name in first]].reset_index(drop=True)
    both = pd.concat([kept.drop(columns=list(there), errors="ignore"), there], axis=1)
    return both.assign(likeness=best["likeness"].to_numpy(), smart=smart.reindex(at).to_numpy(dtype=bool))


def words_of(rows: pd.DataFrame) -> pd.Series:
    """What n decision rows of one level are of: keywords, or search terms."""
    terms = "search_term" in rows and rows["level"].eq("search_term").any()
    return rows["search_term" if terms else "keyword"]


def _best_places(texts: pd.Series, bought: pd.Series, place: Codes, clicks: Floats) -> pd.DataFrame:
    """Of each text that shares a word with any place (index: its number) the best place and likeness."""
    size = len(bought)
    every = pd.concat([bought, texts], ignore_index=True)
    held = phrases_of(as_words(folded(every.astype("str"))), 1)
    # Single words, and pairs of characters: a pair of spaced words says nothing new.
    single = np.array(
        [" " not in name and (name.isascii() or len(name) < 4) for name in held.names], dtype=bool
    )
    pairs = held.only(single)
    theirs = pairs.text < size
    known = pd.DataFrame({"place": place[pairs.text[theirs]], "phrase": pairs.phrase[theirs]})
    asked = pd.DataFrame({"row": pairs.text[~theirs] - size, "phrase": pairs.phrase[~theirs]})
    # Only what is asked for is counted: of many words few phrases are.
    known = known[known["phrase"].isin(asked["phrase"])]
    held_by = known.groupby(["place", "phrase"]).size().rename("words").reset_index()
    often = known.groupby("phrase").size().reindex(held_by["phrase"]).to_numpy(dtype=float)
    words_there = np.bincount(place)[held_by["place"]]
    held_by["weight"] = held_by["words"] / words_there * np.log1p(size / often)
    # A place of one word has no theme yet.
    held_by["theme"] = held_by["words"] / (words_there + 1)
    met = asked.merge(held_by, on="phrase").groupby(["row", "place"])
    found = met.agg(weight=("weight", "sum"), shared=("weight", "size"), theme=("theme", "max")).reset_index()
    found["clicks"] = np.bincount(place, np.nan_to_num(clicks))[found["place"]]
    order = found.sort_values(["row", "weight", "clicks", "place"], ascending=[True, False, False, True])
    best = order.drop_duplicates("row").set_index("row")
    of_all = best["shared"] / asked.groupby("row").size().reindex(best.index)
    return best.assign(likeness=np.fmax(of_all, best["theme"]))


def propose_candidates(
    rows: pd.DataFrame,
    targets: pd.DataFrame,
    words: pd.DataFrame,
    account: Account,
    settings: Settings,
) -> pd.DataFrame:
    """Targets of m candidates: `proposal` add or none, p_earns, start_bid, add_place, market_price; and
    word_rank where ages are known.

    `rows`: candidates with figures, worth, `likeness` and `smart`; `targets`: what bids.targets says of them;
    `words`: the account's words, of which those bought tell how many run in a campaign (A7).
    """
    usual = floats(rows, "cpc")
    named = floats(rows, "market_cpc")
    price = np.where(named > 0, named, usual)
    worth = floats(targets, "worth") * _of_the_price(price / usual, account)
    shape = floats(rows, "value_shape")
    with np.errstate(divide="ignore", invalid="ignore"):
        earns = chance(gammaincc(shape, shape * price / worth))
    belongs = rows["kind"].isin(OF_THE_ITEM).to_numpy() | (
        floats(rows, "likeness") >= settings.candidate_like
    )
    shade = account.response.shade if account.goal.by_profit else 0.0
    able = belongs & (earns >= settings.candidate_sure) & ((1 - shade) * worth >= price)
    surplus = (worth - price) * np.nan_to_num(floats(rows, "searches"), nan=1.0)
    order = pd.DataFrame({"able": ~able, "later": rows["kind"].ne("core"), "surplus": -surplus})
    order = order.set_axis(rows.index).sort_values(["able", "later", "surplus"], kind="stable")
    chosen = able & np.isin(rows.index, order.index[: int(settings.candidate_most)])
    found = targets.assign(
        proposal=np.where(chosen, "add", "none"),
        worth=worth,
        p_earns=earns,
        market_price=price,
        start_bid=_start_bids(rows, worth * (1 - shade), price, named, account, settings),
        start_change=np.nan,
        add_place=pd.Series(
            np.where(any_told(rows, AD_GROUP), IN_AD_GROUP, ELSEWHERE), rows.index, dtype="str"
        ),
        block_places=np.nan,
        keyword_change=np.nan,
        own_keyword=pd.array(np.zeros(len(rows), dtype=bool), dtype="boolean"),
        blocked_by=pd.Series(np.nan, rows.index, dtype="str"),
        price_now=price,
    )
    if "age" in rows:
        found["word_rank"] = _ranks(rows, words, order.index[: int(able.sum())])
    return found


def moves_of_candidates(rows: pd.DataFrame, action: NDArray[np.object_], clicks: Floats) -> pd.DataFrame:
    """columns.MOVES of m candidates. `action`: what rules permit; `clicks`: those expected a week (m), NaN
    where nothing tells: then nothing is said of money either.

    The gain is (w − p) × clicks, in the unit of the list's gain; its interval that of w.
    """
    added = action == "add"
    worth, price, shape = floats(rows, "worth"), floats(rows, "market_price"), floats(rows, "value_shape")
    scale = gain_scale(rows)
    low, high = (gammaincinv(shape, share) / shape * worth for share in (0.1, 0.9))
    said = {
        "new_bid": floats(rows, "start_bid"),
        "confidence": floats(rows, "p_earns"),
        "money_at_stake": clicks * price,
        "expected_gain": (worth - price) * clicks * scale,
        "gain_low": (low - price) * clicks * scale,
        "gain_high": (high - price) * clicks * scale,
        "clicks_change": clicks,
        "cost_change": clicks * price,
        "conversions_change": clicks * floats(rows, "cvr"),
        "revenue_change": clicks * floats(rows, "rpc"),
    }
    moves = pd.DataFrame(dict.fromkeys(MOVES, np.nan), index=rows.index).astype("float64")
    moves = moves.assign(**{name: np.where(added, value, np.nan) for name, value in said.items()})
    blank = pd.Series(np.nan, rows.index, dtype="str")
    return moves.assign(
        new_match=blank.mask(added, EXACT),
        new_place=rows["add_place"].where(added),
        moved_with=blank,
        look_again=pd.Series(pd.NaT, rows.index, dtype="datetime64[us]"),
    )


def clicks_of_searches(listed: pd.DataFrame, words: pd.DataFrame) -> float:
    """Clicks a week for each search that a list names; NaN where too few of its words are bought to tell.

    `listed`: candidates with searches, those bought already too; `words`: the account's words. One share for
    the whole list: a guess that the words not bought yet will do as those that are.
    """
    bought = words.assign(text=as_words(folded(words_of(words).astype("str"))))
    clicks = bought[is_live(words) & ~is_target(words)].groupby("text")["weekly_clicks"].sum()
    texts = as_words(folded(listed["search_term"].astype("str")))
    shared = pd.DataFrame({"searches": floats(listed, "searches"), "clicks": texts.map(clicks).to_numpy()})
    shared = shared[shared["searches"].gt(0) & shared["clicks"].notna()]
    if len(shared) < LEAST_SHARED or not shared["clicks"].sum() > 0:
        return float("nan")
    return float(shared["clicks"].sum() / shared["searches"].sum())


def _of_the_price(relative: Floats, account: Account) -> Floats:
    """What a price below that of its peers leaves of the predicted worth (m,), at most 1."""
    prior = account.prior
    lean = {"price": prior.lean, "features": USUAL_LEAN}.get(prior.source, 0.0)
    return np.asarray(np.minimum(np.nan_to_num(relative, nan=1.0), 1.0) ** lean)


def _start_bids(
    rows: pd.DataFrame, full: Floats, price: Floats, named: Floats, account: Account, settings: Settings
) -> Floats:
    """The bid at which each starts (money, m): what its worth supports, and no more than the market price, or
    than peers bid for such a click; NaN where the platform bids."""
    adjustment = np.fmax(np.nan_to_num(floats(rows, "bid_adjustment"), nan=1.0), 1.0)
    most = np.where(named > 0, price, price / settings.cpc_per_bid)
    bid = np.minimum(full, most) / adjustment
    steps = np.floor(bid / account.increment + 1e-6) * account.increment
    bid = np.asarray(np.round(np.maximum(steps, account.floor), 6), dtype=np.float64)
    return np.where(np.isfinite(full) & ~rows["smart"].to_numpy(dtype=bool), bid, np.nan)


def _ranks(rows: pd.DataFrame, words: pd.DataFrame, best_first: pd.Index) -> Floats:
    """The place of each in its campaign behind the words that run there (m,); the others come after the
    `best_first`."""
    names = [name for name in CAMPAIGN if name in rows]
    running = words[is_live(words)]
    number = row_numbers(pd.concat([running[names], rows[names]]), names)
    there, here = number[: len(running)], pd.Series(number[len(running) :], index=rows.index)
    order = best_first.append(rows.index.difference(best_first))
    behind = here.loc[order].groupby(here.loc[order]).cumcount().reindex(rows.index) + 1.0
    held = np.bincount(there, minlength=int(number.max(initial=0)) + 1)
    return np.asarray(held[here] + behind, dtype=np.float64)
