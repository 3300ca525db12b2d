"""Accounts in which the right decision for every word is known: all words, or nearly all, should be left
alone.

They are markets like any other (late orders, random shocks to days, items and words, favourites and
add-to-carts), but without drift, event or failing page, so that what holds in the history also holds in the
coming week.

- on target: every word's true return is exactly the target, whatever its bid, click price and conversion.
- at the optimum: every bid is exactly the one that earns most.
- planted: words on target with one conversion rate and click price, and among them winners, losers and words
  that never sell.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from ppc_tuner.lab.arrays import Floats, floats
from ppc_tuner.lab.auction import FAMILIES, Family, best_bid
from ppc_tuner.lab.catalogue import stock
from ppc_tuner.lab.delay import Delay
from ppc_tuner.lab.market import Market
from ppc_tuner.lab.shop import CLICKS_PER_WORD, Shop, draw_shop
from ppc_tuner.lab.week import Conditions, week_truth
from ppc_tuner.lab.wordlists import MENSWEAR

WORDS: Final = 400
ITEMS: Final = 8
TARGET: Final = 3.0  # net revenue ÷ cost; the items break even at 1.7 to 1.9

PLANTED_CVR: Final = 0.03
WINNER, LOSER, NEVER = 2.2, 0.35, 0.0  # times the return of the target
PLANTED: Final = ((WINNER, 60), (LOSER, 60), (NEVER, 40))  # how many words of each
# Clicks of a word in the history are log-normal; at a CVR of 3 % that is a few orders to more than 100.
MIDDLE_CLICKS, CLICKS_SPREAD = 450.0, 1.1
PLANTED_PRICE = 1.2  # money, the mean price of a click
BID_OVER_RIVAL = 1.5


def on_target(seed: int, delay: Delay) -> Market:
    """A menswear account of usual traffic in which every word's return is exactly `TARGET`.

    Bids are as in any market; conversion is set to fit: cvr = TARGET × click price / order value after
    refunds.
    """
    shop, conditions = _usual_shop(seed, "next_price"), Conditions(delay=delay)
    best, rival = _best(shop, conditions)
    off = np.clip(np.exp(np.random.default_rng([seed, 505]).normal(0, 0.55, WORDS)), 0.3, 3.0)
    bids = np.maximum(np.round(best * off, 2), 0.01)
    exact = shop.words.assign(cvr=TARGET * _click_price(bids, rival) / _net_order_value(shop))
    return Market(replace(shop, words=exact), conditions, bids, seed=seed)


def at_optimum(seed: int, family: Family, delay: Delay) -> Market:
    """A menswear account of usual traffic in which every bid is the one that earns most, in whole cents."""
    shop, conditions = _usual_shop(seed, family), Conditions(family=family, delay=delay)
    bids = np.maximum(np.round(_best(shop, conditions)[0], 2), 0.01)
    return Market(shop, conditions, bids, seed=seed)


def planted(seed: int, delay: Delay) -> Market:
    """400 words of one click price: 240 at `TARGET` with a CVR of 3 %, 60 at 2.2 times and 60 at .35 times
    that, 40 at 0.

    Which words these are is independent of their clicks, kinds and items.
    """
    shop = _usual_shop(seed, "next_price")
    rng = np.random.default_rng([seed, 808])
    rival = np.ones(WORDS)
    price = float(_click_price(np.array([BID_OVER_RIVAL]), rival[:1])[0])
    rival = rival * PLANTED_PRICE / price
    bids = np.round(rival * BID_OVER_RIVAL, 2)
    outcome = FAMILIES["next_price"].outcome(bids, rival)
    clicks = MIDDLE_CLICKS * np.exp(CLICKS_SPREAD * rng.normal(size=WORDS))
    ctr = 0.05
    times = rng.permutation(np.concatenate([np.full(count, share) for share, count in _parts()]))
    alike = shop.words.assign(
        ctr=ctr,
        cvr=PLANTED_CVR,
        aov=TARGET * _click_price(bids, rival) / PLANTED_CVR / (1 - _refunds(shop)),
        rival=rival,
        quality_score=7.0,
        searches=clicks / (28 * ctr * outcome.clicks),
    )
    return Market(replace(shop, words=alike).with_cvr(times), Conditions(delay=delay), bids, seed=seed)


def planted_times(market_cvr: Floats) -> Floats:
    """Return of a planted account's words as a multiple of the target, (words,), from their true CVR
    (words,).
    """
    return np.asarray(np.round(market_cvr / PLANTED_CVR, 6))


def _parts() -> list[tuple[float, int]]:
    return [*PLANTED, (1.0, WORDS - sum(count for _, count in PLANTED))]


def _usual_shop(seed: int, family: Family) -> Shop:
    laid_out = stock(MENSWEAR, words=WORDS, items=ITEMS, seed=seed)
    clicks = CLICKS_PER_WORD["usual"]
    return draw_shop(MENSWEAR, laid_out, FAMILIES[family], clicks_per_word=clicks, seed=seed)


def _best(shop: Shop, conditions: Conditions) -> tuple[Floats, Floats]:
    """Best bids and rivals' prices, (words,), the same in every week of a market without drift."""
    state = week_truth(shop, conditions, 0, np.zeros((2, len(shop.words))))
    return best_bid(FAMILIES[conditions.family], state.rival, state.value), state.rival


def _click_price(bids: Floats, rival: Floats) -> Floats:
    """Expected money per click in the market of several slots, (words,)."""
    outcome = FAMILIES["next_price"].outcome(bids, rival)
    return outcome.cost / outcome.clicks


def _refunds(shop: Shop) -> Floats:
    return shop.of_item(floats(shop.items["refund_rate"]))


def _net_order_value(shop: Shop) -> Floats:
    return shop.column("aov") * (1 - _refunds(shop))
