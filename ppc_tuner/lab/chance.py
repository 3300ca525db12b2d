"""Draws what happens in one week under given bids; the mean of every draw is the week's truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ppc_tuner.lab.arrays import Floats, Ints
from ppc_tuner.lab.auction import Outcome
from ppc_tuner.lab.delay import Delay
from ppc_tuner.lab.week import WeekTruth

# Coefficients of variation of the shocks beyond Poisson and binomial chance.
DAY_DEMAND, WORD_DEMAND, WORD_CTR, ITEM_CVR, WORD_CVR = 0.08, 0.30, 0.10, 0.12, 0.20
PRICE_DRAWS = 6.0  # how evenly single clicks are priced (concentration of the Beta)
ORDER_VALUE_SPREAD = 0.25
DIRECT, NEW_CUSTOMER, UNPAID, FAVOURITES_TO_CARTS = 0.86, 0.70, 0.12, 0.4


@dataclass(frozen=True, slots=True)
class Traffic:
    """Days × words: what is known on the same evening."""

    impressions: Floats
    clicks: Floats
    cost: Floats
    position: Floats
    add_to_carts: Floats
    favourites: Floats


@dataclass(frozen=True, slots=True)
class Orders:
    """One entry per order placed: cell = day × words + word of the click, day of arrival after the click's
    day, value (money), whether paid, of the item clicked, by a new customer."""

    cell: Ints
    delay: Floats
    value: Floats
    paid: Floats
    direct: Floats
    new: Floats


@dataclass(frozen=True, slots=True)
class Odds:
    """What play needs to know of the words beyond the week's truth, (words,)."""

    item_number: Ints
    carts_per_order: Floats


def play_week(
    truth: WeekTruth, outcome: Outcome, bid: Floats, odds: Odds, delay: Delay, rng: np.random.Generator
) -> tuple[Traffic, Orders]:
    """Draw seven days. outcome: what `bid` (words,) buys per search; impressions Poisson with Gamma shocks,
    clicks and orders binomial, prices between 0 and the bid with the auction's mean."""
    shape = truth.demand.shape
    demand = truth.demand * _shock(rng, DAY_DEMAND, (shape[0], 1)) * _shock(rng, WORD_DEMAND, shape)
    impressions = rng.poisson(demand * outcome.shown).astype(np.float64)
    per_impression = outcome.clicks / np.where(outcome.shown > 0, outcome.shown, 1.0) * truth.ctr
    ctr = np.minimum(per_impression * _shock(rng, WORD_CTR, shape), 1.0)
    clicks = rng.binomial(impressions.astype(np.int64), ctr).astype(np.float64)
    cost = _cost(clicks, outcome, bid, rng)
    items = int(odds.item_number.max()) + 1
    item_shock = _shock(rng, ITEM_CVR, (shape[0], items))[:, odds.item_number]
    cvr = np.minimum(truth.cvr * item_shock * _shock(rng, WORD_CVR, shape), 1.0)
    carts = rng.poisson(clicks * cvr * odds.carts_per_order).astype(np.float64)
    favourites = rng.poisson(clicks * cvr * odds.carts_per_order * FAVOURITES_TO_CARTS).astype(np.float64)
    position = np.where(
        impressions > 0, np.maximum(outcome.position + rng.normal(0, 0.25, shape), 1.0), np.nan
    )
    traffic = Traffic(impressions, clicks, cost, position, carts, favourites)
    return traffic, _orders(clicks, cvr, truth.aov, delay, rng)


def _cost(clicks: Floats, outcome: Outcome, bid: Floats, rng: np.random.Generator) -> Floats:
    """Money, cents: each day's mean price is bid × Beta with the auction's mean; never above the bid."""
    top = np.nan_to_num(bid, nan=0.0)
    mean_price = outcome.cost / np.where(outcome.clicks > 0, outcome.clicks, 1.0)
    share = np.clip(mean_price / np.where(top > 0, top, 1.0), 1e-3, 1 - 1e-3)
    weight = PRICE_DRAWS * np.maximum(clicks, 1.0)
    price = top * rng.beta(share * weight, (1 - share) * weight)
    return np.where(clicks > 0, np.maximum(np.round(price * clicks, 2), 0.01), 0.0)


def _orders(clicks: Floats, cvr: Floats, aov: Floats, delay: Delay, rng: np.random.Generator) -> Orders:
    words = clicks.shape[1]
    paid = rng.binomial(clicks.astype(np.int64), cvr).ravel()
    unpaid = rng.poisson(clicks * cvr * UNPAID).ravel()
    cell = np.concatenate([np.repeat(np.arange(paid.size), paid), np.repeat(np.arange(unpaid.size), unpaid)])
    count, bought = len(cell), int(paid.sum())
    spread = np.exp(rng.normal(-(ORDER_VALUE_SPREAD**2) / 2, ORDER_VALUE_SPREAD, count))
    is_paid = (np.arange(count) < bought).astype(np.float64)
    return Orders(
        cell=cell.astype(np.int64),
        delay=delay.draw(rng, count),
        value=np.round(aov[cell % words] * spread, 2),
        paid=is_paid,
        direct=is_paid * (rng.random(count) < DIRECT),
        new=is_paid * (rng.random(count) < NEW_CUSTOMER),
    )


def _shock(rng: np.random.Generator, variation: float, shape: tuple[int, ...]) -> Floats:
    """Gamma with mean 1 and the given coefficient of variation."""
    return rng.gamma(1 / variation**2, variation**2, shape)
