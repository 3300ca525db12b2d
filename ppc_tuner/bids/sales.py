"""The same money, more sales: what the last money must sell where nobody knows what a sale leaves.

Under the objective `sales` the spend is held and moved to where the last of it sells most. Revenue is
greatest at a given spend where the last money spent sells equally much everywhere (Lagrange), so each word's
best bid is that of profit at a margin of 1 / λ,

    x* = s / λ,   s = revenue per click ÷ price of the next click,   Σ K (s / λ)^(ε+η) = Σ K

with K the cost a week at today's bids, and λ, the bar, the revenue that the last money brings. Margins that
nobody gave can differ between items, by up to a ratio ρ (margin_ratio). λ_i, the bar at which an item keeps
its own spend, is therefore kept, as far as it lies within λ / √ρ and λ √ρ: money goes from one item to
another only where that helps at any ratio of their margins up to ρ. Where the item is unknown its campaign
stands for it. Words of the own brand, whose buyers would come anyway, and words that already get nearly all
impressions receive no money: their x stays ≤ 1. Without revenue all this is in orders. λ ≥ 1 in revenue, as
an order that costs more than it brings pays at no margin. Varian 2009; Feldman, Muthukrishnan, Pál & Stein
2007. Units: money a week; x has none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from ppc_tuner.account import PAYS_AT_NO_MARGIN, expected_roas
from ppc_tuner.arrays import floats
from ppc_tuner.bids import response
from ppc_tuner.bids.limits import Budget, at_limit
from ppc_tuner.columns import REMOVALS
from ppc_tuner.identity import what_is_sold
from ppc_tuner.live import takes_bids
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.intp]

# Units of a gain.
PROFIT, REVENUE, ORDERS = "profit", "revenue", "orders"
# Nothing is claimed of bids further from today's.
LOWEST, HIGHEST = 0.2, 3.0
HALVINGS: Final = 50
# A step that shrinks below this share is not made.
LEAST_MOVE: Final = 0.02
# Of a bid, in place of none.
LEAST_X: Final = 1e-9
# The spend is held within this share.
HELD_WITHIN: Final = 0.005


@dataclass(frozen=True, slots=True)
class Market:
    """What the clicks of n words cost. `price`: of the next click (money); `cost`: money a week at today's
    bid; `growth`: ε + η, as cost grows as x^growth; `free`: whose spend can be moved."""

    price: Floats
    cost: Floats
    growth: Floats
    free: Flags


def bars(
    rows: pd.DataFrame, sold: Floats, market: Market, budget: Budget, least: Floats, settings: Settings
) -> Floats:
    """λ of each of n rows: the revenue (orders) that the last money spent on it must bring; ≥ `least` (n,).

    `rows`: n decision rows; `sold`: revenue (orders) per click, NaN for words that are not on sales. NaN
    where no row's spend is held.
    """
    counts = market.free & (sold > 0) & (market.price > 0) & (market.cost > 0) & np.isfinite(market.growth)
    if not counts.any():
        return np.full(len(rows), np.nan)
    item = _renumbered(pd.factorize(what_is_sold(rows))[0], counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_s = np.log(sold / market.price)
    some, of_item = np.flatnonzero(counts), item[counts]
    most = np.where(closed_to_money(rows, settings), 0.0, np.log(HIGHEST))
    words = _Words(log_s[some], market.cost[some], market.growth[some], most[some], of_item)
    own = words.own_bars()
    span = np.log(settings.margin_ratio) / 2
    held = words.cost.sum() + _room(rows, budget)
    middle = _root(lambda log: words.spend(np.clip(own, log - span, log + span)) - held, words.range())
    found = np.clip(own, middle - span, middle + span)
    # Words whose spend does not count (limited campaigns) follow their item, else the account.
    log_bar = np.where(item >= 0, found[np.maximum(item, 0)], middle)
    return np.asarray(np.maximum(np.exp(log_bar), least))


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of items: `log_s`, log of what money sells at the margin; `cost` (money a week); `growth`: ε + η;
    `most`: log of the largest multiple of its bid; `item`: number of each one's item."""

    log_s: Floats
    cost: Floats
    growth: Floats
    most: Floats
    item: Codes

    def by_item(self, log_bar: Floats) -> Floats:
        """Cost of each item (money a week) at its bar (log, items)."""
        x = np.clip(self.log_s - log_bar[self.item], np.log(LOWEST), self.most)
        return np.bincount(self.item, self.cost * np.exp(x * self.growth), len(log_bar)).astype(float)

    def spend(self, log_bar: Floats) -> float:
        """Cost of all (money a week) at the bars of their items (log, items)."""
        return float(self.by_item(log_bar).sum())

    def own_bars(self) -> Floats:
        """The bar (log) of each item at which it costs what it costs today, by bisection; the highest where
        none of its words may receive money."""
        size = int(self.item.max()) + 1
        today = np.bincount(self.item, self.cost, size)
        low, high = (np.full(size, end) for end in self.range())
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            dearer = self.by_item(middle) >= today
            low, high = np.where(dearer, middle, low), np.where(dearer, high, middle)
        return np.asarray((low + high) / 2)

    def range(self) -> tuple[float, float]:
        """Bars (log) at which all bids are at their highest, and at their lowest."""
        return float(self.log_s.min() - np.log(HIGHEST)) - 1, float(self.log_s.max() - np.log(LOWEST)) + 1


def closed_to_money(rows: pd.DataFrame, settings: Settings) -> Flags:
    """Words that receive no money (n flags): of the own brand, or shown nearly whenever they can be."""
    closed = floats(rows, "impression_share") >= settings.full_share
    if "own_brand" in rows:
        closed |= rows["own_brand"].fillna(False).to_numpy(dtype=bool)
    return np.asarray(closed)


def _root(excess: Callable[[float], float], ends: tuple[float, float]) -> float:
    """Where a falling function is 0, else the nearer end."""
    if excess(ends[0]) <= 0:
        return ends[0]
    if excess(ends[1]) >= 0:
        return ends[1]
    return float(brentq(excess, *ends, xtol=1e-10))


def _renumbered(item: Codes, counts: Flags) -> Codes:
    """Items numbered by those with a word that counts; −1 for the others."""
    kept = np.unique(item[counts])
    place = np.searchsorted(kept, item).clip(max=len(kept) - 1)
    return np.where(kept[place] == item, place, -1)


def _room(rows: pd.DataFrame, budget: Budget) -> float:
    """What a budget leaves above today's spend (money a week)."""
    if not np.isfinite(budget.account):
        return 0.0
    return max(0.0, budget.account - float(np.nansum(floats(rows, "weekly_cost"))))


def caps_that_hold(rows: pd.DataFrame, action: NDArray[Any], change: Floats, fall: float) -> Floats:
    """The largest change of each row (share, (n,)) at which the spend of words on sales stays; infinite: any.

    `rows`: n decision rows with targets; `action`: permitted; `change`: that of the bid (share, −1: removed);
    `fall`: of the account's Response. Where more is raised than cut the raises shrink, and the other way
    round, all steps by one power. A campaign at its daily limit frees no money. What sells for less than it
    costs is cut all the same, and where the words together do, no spend is held.
    """
    free = np.full(len(rows), np.inf)
    on = (rows["gain_unit"] != PROFIT).to_numpy() & takes_bids(rows)
    if not on.any():
        return free
    cost = np.where(on, np.nan_to_num(floats(rows, "now_cost")), 0.0)
    epsilon, eta = (np.nan_to_num(floats(rows, name)) for name in ("click_elasticity", "cpc_elasticity"))
    x = np.where(np.isin(action, REMOVALS), 0.0, 1 + change)
    cost = np.where((x < 1) & at_limit(rows), 0.0, cost)
    log_x = np.log(np.maximum(x, LEAST_X))

    def spent(log_x: Floats) -> float:
        return float((response.cost_after(cost, np.exp(log_x), epsilon, eta, fall) - cost).sum())

    net = spent(log_x)
    if abs(net) <= HELD_WITHIN * cost.sum():
        return free
    shrinks = on & (x > 1 if net > 0 else (x < 1) & (x > 0))
    in_revenue = (rows["gain_unit"] == REVENUE).to_numpy()
    if net < 0 and expected_roas(rows[on & in_revenue]) < PAYS_AT_NO_MARGIN:
        return free
    sure = np.where(in_revenue, floats(rows, "sold_at_margin") / PAYS_AT_NO_MARGIN, 1.0)
    bound = np.log(np.clip(np.nan_to_num(sure, nan=1.0), LEAST_X, 1.0))

    def scaled(power: float) -> Floats:
        towards = np.where(shrinks, log_x * power, log_x)
        # A cut that pays at every margin is made whatever the spend.
        return np.where(shrinks & (net < 0), np.minimum(towards, np.maximum(bound, log_x)), towards)

    excess = np.sign(net)
    power = 0.0
    if excess * spent(scaled(0.0)) < 0:
        power = float(brentq(lambda part: spent(scaled(part)), 0.0, 1.0, xtol=1e-6))
    caps = np.abs(np.exp(scaled(power)) - 1)
    return np.where(shrinks, np.where(caps < LEAST_MOVE, 0.0, caps), free)
