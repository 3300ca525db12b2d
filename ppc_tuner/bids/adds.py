"""Search terms to buy by themselves: those that surely earn, and that nobody buys as exact yet.

With w the worth of a click, Gamma with the term's own shape, and p what it pays once its keyword is moved, a
term earns with the chance P(w > p). It is proposed where that is at least add_sure, where it has add_least
orders of its own, from as many clicks, and where these alone pay for its clicks: peers may confirm an order,
never stand in for it. One text is added once, where it earns most; the terms that earn most come first
(advice A2, A25).

It starts at the bid that its worth supports, (1 − shade) × w ÷ adjustment, in steps of the increment and no
further from the bid it was bought with than one week's step (bids.targets): what the same searches cost so
far is all that is known of their market.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincc

from ppc_tuner.account import Account
from ppc_tuner.arrays import floats
from ppc_tuner.bids.targets import chance
from ppc_tuner.bids.worth import earned_per_click
from ppc_tuner.identity import AD_GROUP, CAMPAIGN, any_told, folded, row_numbers
from ppc_tuner.live import is_live
from ppc_tuner.settings import Settings
from ppc_tuner.targeting import is_automatic, is_target

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

# Where a word goes or is blocked: columns.MOVES, new_place.
IN_AD_GROUP, ELSEWHERE = "ad_group", "other"
# How it is bought: columns.MOVES, new_match.
EXACT, PRODUCT_TARGET = "exact", "target"
PRODUCT: Final = r"b0[0-9a-z]{8}"


@dataclass(frozen=True, slots=True)
class SourceBids:
    """Of the keyword that each of n terms was bought by: its `bid` after this list (money), and `adjustment`,
    what placements and audiences multiply it by; NaN where not known."""

    bid: Floats
    adjustment: Floats


@dataclass(frozen=True, slots=True)
class Adds:
    """`chosen` (n,): the terms to add; `frame`: of columns.TARGETS what is known of each term as a word."""

    chosen: Flags
    frame: pd.DataFrame


def propose_adds(
    rows: pd.DataFrame,
    text: Codes,
    targets: pd.DataFrame,
    paid: Floats,
    bought: Flags,
    source: SourceBids,
    account: Account,
    settings: Settings,
) -> Adds:
    """Which of n search terms to buy by themselves.

    `rows`: terms with figures and worth; `text`: the number of each one's text; `targets`: what bids.targets
    says of them; `paid`: what a click of each pays (money); `bought`: those that must stay as they are, as
    they are bought or excluded already.
    """
    worth = floats(targets, "worth")
    with np.errstate(divide="ignore", invalid="ignore"):
        earns = chance(gammaincc(floats(rows, "value_shape"), floats(rows, "value_shape") * paid / worth))
    orders = floats(rows, "conversions")
    # One click buys once, however many pieces the report counts.
    buyers = np.fmin(orders, floats(rows, "clicks"))
    pays = orders * floats(targets, "order_worth") >= floats(rows, "cost")
    open_to_us = is_live(rows) & ~bought & (earns >= settings.add_sure) & pays
    able = open_to_us & (buyers >= max(settings.add_least, 1e-9))
    earned = earned_per_click(rows, targets["worth"], targets["gain_unit"])
    surplus = np.nan_to_num(floats(targets, "now_clicks") * (earned - paid))
    chosen = _best_of_each(text, surplus, able & (surplus > 0), settings.add_most)
    place = _places(rows)
    start, change = _start_bids(rows, targets, source, account, settings)
    frame = pd.DataFrame(
        {
            "p_earns": earns,
            "start_bid": start,
            "start_change": change,
            "add_place": pd.Series(place, rows.index, dtype="str"),
            "block_places": _places_to_block(rows, text, place),
        },
        index=rows.index,
    )
    return Adds(chosen, frame)


def is_product(texts: pd.Series) -> Flags:
    """Where a search term is Amazon's number of a product (n,): it is a target, and no word."""
    return np.asarray(folded(texts.astype("str")).str.fullmatch(PRODUCT).fillna(False).to_numpy(dtype=bool))


def _best_of_each(text: Codes, surplus: Floats, able: Flags, most: float) -> Flags:
    """Of the able rows (n,) the one that earns most of each text, and of these the first `most`."""
    rows = pd.DataFrame({"text": text, "surplus": surplus})[able]
    best = rows.sort_values("surplus", ascending=False, kind="stable").drop_duplicates("text")
    chosen = np.zeros(len(able), dtype=bool)
    chosen[best.index[: int(most)]] = True
    return chosen


def _places(rows: pd.DataFrame) -> NDArray[Any]:
    """Where each term is to be added (n,): its ad group, unless that is not known or can hold no such word.

    An ad group of automatic targeting holds no words and no products, one of products no words.
    """
    known = any_told(rows, AD_GROUP)
    target, product = is_target(rows), is_product(rows["search_term"])
    fits = np.where(product, target & ~is_automatic(rows), ~target)
    return np.where(known & fits, IN_AD_GROUP, ELSEWHERE)


def _places_to_block(rows: pd.DataFrame, text: Codes, place: NDArray[Any]) -> Floats:
    """In how many ad groups each term is to be blocked once it is added (n,): one place an auction. NaN for
    none."""
    names = [name for name in (*CAMPAIGN, *AD_GROUP) if name in rows]
    if not names:
        return np.full(len(rows), np.nan)
    group = row_numbers(rows, names)
    # Each text in each ad group once; where there are none, as in Performance Max, nothing can be blocked.
    named = any_told(rows, AD_GROUP)
    pair = np.unique((text * (int(group.max(initial=0)) + 1) + group)[is_live(rows) & named])
    count = np.bincount(pair // (int(group.max(initial=0)) + 1), minlength=int(text.max(initial=0)) + 1)
    held = count[text].astype(float) - (place == IN_AD_GROUP)
    return np.where(held > 0, held, np.nan)


def _start_bids(
    rows: pd.DataFrame, targets: pd.DataFrame, source: SourceBids, account: Account, settings: Settings
) -> tuple[Floats, Floats]:
    """The bid at which each term starts as a word of its own (money, n), and by how much it differs from that
    it is bought with (share); NaN where the platform bids."""
    adjustment = np.fmax(np.nan_to_num(source.adjustment, nan=1.0), 1.0)
    usual = floats(rows, "cpc") / adjustment
    usual = np.where(source.bid > 0, source.bid, usual / settings.cpc_per_bid)
    worth = floats(targets, "worth")
    if account.goal.by_profit:
        full = worth * (1 - account.response.shade) / adjustment
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            full = usual * worth / floats(rows, "cpc")
    full = full * np.nan_to_num(floats(targets, "budget_multiplier"), nan=1.0)
    bid = np.clip(full, (1 - settings.max_cut) * usual, (1 + settings.max_step) * usual)
    steps = np.floor(bid / account.increment + 1e-6) * account.increment
    bid = np.asarray(np.round(np.maximum(steps, account.floor), 6), dtype=np.float64)
    smart = rows["unbiddable_as"].eq("smart_bidding").fillna(False) if "unbiddable_as" in rows else False
    bid = np.where(np.isfinite(full) & ~np.asarray(smart, dtype=bool), bid, np.nan)
    return bid, bid / usual - 1
