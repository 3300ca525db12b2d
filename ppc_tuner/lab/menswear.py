"""Markets made of the menswear catalogue: bids that begin around the best ones, or as the market's price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ppc_tuner.lab.auction import FAMILIES, Auction, Family, best_bid
from ppc_tuner.lab.catalogue import stock
from ppc_tuner.lab.delay import Delay
from ppc_tuner.lab.market import Market
from ppc_tuner.lab.shop import CLICKS_PER_WORD, Shop, Traffic, draw_shop
from ppc_tuner.lab.week import Conditions, week_truth
from ppc_tuner.lab.wordlists import MENSWEAR


def make_market(
    seed: int,
    *,
    family: Family = "next_price",
    traffic: Traffic = "usual",
    words: int = 400,
    items: int = 8,
    event_week: int | None = None,
    drift: float = 0.0,
    failing_page: bool = False,
    history_weeks: int = 4,
    never_sell: float = 0.0,
    delay: Delay | None = None,
    margins: Sequence[float] = (),
) -> Market:
    """A menswear account with `history_weeks` of history behind it.

    Bids of the history are log-normal around the best bid of the first week, .3 to 3 times it, in cents.
    event_week counts from the first week of history; failing_page: the page of the third item fails
    throughout; never_sell: share of the words other than head and main ones that are clicked and priced like
    their peers but never bought; delay: how late orders arrive (default: `Delay()`); margins: one for each
    item, in place of the catalogue's (shares).
    """
    auction = FAMILIES[family]
    shop = _menswear(seed, auction, traffic, words, items, margins)
    conditions = _conditions(shop, family, history_weeks, event_week, drift, failing_page, delay)
    state = week_truth(shop, conditions, 0, np.zeros((2, words)))
    rng = np.random.default_rng([seed, 505])
    off = np.clip(np.exp(rng.normal(0, 0.55, words)), 0.3, 3.0)
    bids = np.maximum(np.round(best_bid(auction, state.rival, state.value) * off, 2), 0.01)
    return Market(_with_unsold(shop, never_sell, seed), conditions, bids, seed=seed)


def make_priced_market(
    seed: int,
    *,
    margins: Sequence[float],
    adjustments: Sequence[float],
    family: Family = "second_price",
    traffic: Traffic = "usual",
    words: int = 400,
    items: int = 8,
    event_week: int | None = None,
    drift: float = 0.0,
    failing_page: bool = False,
    history_weeks: int = 4,
    never_sell: float = 0.0,
    delay: Delay | None = None,
) -> Market:
    """A menswear account whose bids are the market's price, for clicks that cost more than the bid.

    Arguments as for make_market. Rivals price words as if every item had the mean of the `margins` (one for
    each item, shares), and so does whoever set the bids: each is the rivals' price, give or take 30 %. The
    platform multiplies the bids of each campaign by one of the `adjustments` (in turn, an order drawn with
    the seed), so that in the account's own bids the price is as much lower.
    """
    auction = FAMILIES[family]
    shop = _menswear(seed, auction, traffic, words, items, [float(np.mean(margins))] * items)
    shop = replace(shop, items=shop.items.assign(margin=list(margins[:items])))
    conditions = _conditions(shop, family, history_weeks, event_week, drift, failing_page, delay)
    rng = np.random.default_rng([seed, 909])
    campaign = pd.factorize(shop.words["campaign"])[0]
    times = np.resize(rng.permutation(np.asarray(adjustments, dtype=float)), campaign.max() + 1)[campaign]
    off = np.exp(rng.normal(0, 0.3, words))
    bids = np.maximum(np.round(shop.column("rival") * off / times, 2), 0.01)
    sold = _with_unsold(shop, never_sell, seed)
    return Market(sold, conditions, bids, seed=seed, adjustment=times)


def _conditions(
    shop: Shop,
    family: Family,
    history_weeks: int,
    event_week: int | None,
    drift: float,
    failing_page: bool,
    delay: Delay | None,
) -> Conditions:
    third = shop.items["item_id"].iloc[min(2, len(shop.items) - 1)]
    return Conditions(
        family=family,
        history_weeks=history_weeks,
        event_week=event_week,
        drift=drift,
        failing_item=str(third) if failing_page else None,
        delay=delay or Delay(),
    )


def _menswear(
    seed: int, auction: Auction, traffic: Traffic, words: int, items: int, margins: Sequence[float]
) -> Shop:
    """The menswear shop, its items with these margins where any are given."""
    lines = MENSWEAR.lines[:items]
    if margins:
        lines = tuple(replace(line, margin=margin) for line, margin in zip(lines, margins, strict=True))
    catalogue = replace(MENSWEAR, lines=lines) if margins else MENSWEAR
    laid_out = stock(catalogue, words=words, items=items, seed=seed)
    return draw_shop(catalogue, laid_out, auction, clicks_per_word=CLICKS_PER_WORD[traffic], seed=seed)


def _with_unsold(shop: Shop, share: float, seed: int) -> Shop:
    """The shop with a random `share` of its words other than head and main ones never bought."""
    if share == 0:
        return shop
    drawn = np.random.default_rng([seed, 707]).random(len(shop.words)) < share
    unsold = drawn & ~shop.words["kind"].isin(["head", "core"]).to_numpy()
    return shop.with_cvr(np.where(unsold, 0.0, 1.0))
