"""What a bid buys: two families of auction, and the bid that earns most in each.

Prices are in the units of the bid; `rival` is the median of one rival's price to beat, as this word's own
bid would have to be (the rival's score divided by the word's quality score). All functions are vectorised
and broadcast. A bid of NaN or 0 is a word that does not run.

- second_price: one slot; the ad is shown when it beats the strongest rival and pays that rival's price.
  Known result: profit is largest at bid = value per click, whatever the rivals are (Vickrey 1961).
- next_price: several slots in the order of bid × quality; a click costs what the next score below would
  have had to bid (Edelman, Ostrovsky, Schwarz 2007; Varian 2007). Rivals' scores are independent log-normal
  draws. Profit is largest below value per click, at about .55–.7 of it for the rivals used here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import comb
from typing import Final, Literal, Protocol

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from ppc_tuner.lab.arrays import Floats

# Revenue that the last money brings lies between these.
LOWEST_BAR, HIGHEST_BAR = 1e-3, 1e4

Family = Literal["second_price", "next_price"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Per search, in the shape of the bids: share of searches in which the ad is shown; clicks and cost for
    a word whose click-through rate in the first slot is 1; average position when shown (NaN when never
    shown)."""

    shown: Floats
    clicks: Floats
    cost: Floats
    position: Floats


class Auction(Protocol):
    """A market form: `value_to_rival` is the usual value per click over `rival`, so that most words find a
    rank."""

    @property
    def value_to_rival(self) -> float:
        """The usual value per click ÷ rival."""
        ...

    def outcome(self, bid: Floats, rival: Floats) -> Outcome:
        """What `bid` buys per search against `rival`; both broadcast."""
        ...

    def __hash__(self) -> int:
        """Equal auctions have equal hashes."""
        ...


@dataclass(frozen=True, slots=True)
class SecondPrice:
    """One slot, the second price. spread: standard deviation of the log of the strongest rival's price."""

    spread: float = 0.8
    value_to_rival: float = 1.5

    def outcome(self, bid: Floats, rival: Floats) -> Outcome:
        """shown = Φ(z), cost = E[R; R < bid] = rival·exp(s²/2)·Φ(z − s), z = ln(bid / rival) / s, s =
        spread."""
        z = _log_ratio(bid, rival) / self.spread
        shown = np.asarray(ndtr(z), dtype=np.float64)
        cost = rival * np.exp(self.spread**2 / 2) * np.asarray(ndtr(z - self.spread), dtype=np.float64)
        return Outcome(shown, shown, cost, np.where(shown > 0, 1.0, np.nan))


@dataclass(frozen=True, slots=True)
class NextPrice:
    """Slots at the next price. rivals: number of rivals (≥ slots, so that a shown ad has one below it);
    spread: standard deviation of the log of a rival's score; decay: a slot's click-through rate over the
    one above."""

    rivals: int = 5
    spread: float = 1.0
    slots: int = 5
    decay: float = 0.65
    value_to_rival: float = 4.0

    def outcome(self, bid: Floats, rival: Floats) -> Outcome:
        """Interpolated from a table of bids against rivals of median 1; cost scales with `rival`."""
        table = _next_price_table(self.rivals, self.spread, self.slots, self.decay)
        x = _log_ratio(bid, rival)
        shown = np.interp(x, table.log_bid, table.shown, left=0.0)
        clicks = np.interp(x, table.log_bid, table.clicks, left=0.0)
        cost = rival * np.interp(x, table.log_bid, table.cost, left=0.0)
        position = np.interp(x, table.log_bid, table.position_sum) / np.where(shown > 0, shown, np.nan)
        return Outcome(shown, clicks, cost, position)


@dataclass(frozen=True, slots=True)
class _Table:
    log_bid: Floats
    shown: Floats
    clicks: Floats
    cost: Floats
    position_sum: Floats


@lru_cache(maxsize=16)
def _next_price_table(rivals: int, spread: float, slots: int, decay: float) -> _Table:
    """Outcome against rivals of median 1 on a grid of bids.

    With F the share of rivals below the bid, the ad stands in slot k + 1 with chance C(n, k)(1 − F)^k F^(n
    − k) and then pays the largest of m = n − k draws below the bid: F^m · E[max] = ∫ x dF(x)^m, summed by
    trapezoids.
    """
    log_bid = np.linspace(np.log(1e-3), np.log(1e3), 6_000)
    price = np.exp(log_bid)
    below = np.asarray(ndtr(log_bid / spread), dtype=np.float64)
    shown, clicks, cost, position = (np.zeros_like(price) for _ in range(4))
    for above in range(slots):
        left = rivals - above
        all_below = below**left
        middle = (price[1:] + price[:-1]) / 2
        paid = np.concatenate([[0.0], np.cumsum(middle * np.diff(all_below))])
        ways = comb(rivals, above) * (1 - below) ** above
        shown += ways * all_below
        clicks += ways * all_below * decay**above
        cost += ways * paid * decay**above
        position += ways * all_below * (above + 1)
    return _Table(log_bid, shown, clicks, cost, position)


FAMILIES: Final[dict[Family, Auction]] = {"second_price": SecondPrice(), "next_price": NextPrice()}


def profit(auction: Auction, bid: Floats, rival: Floats, value: Floats) -> Floats:
    """Expected profit per search of a word with CTR 1: value × clicks − cost, money."""
    outcome = auction.outcome(bid, rival)
    return value * outcome.clicks - outcome.cost


def best_bid(auction: Auction, rival: Floats, value: Floats) -> Floats:
    """The bid (words,) that earns most; value: money a click is worth (words,), 0 where it is worth
    nothing.

    A search on a log grid of shares of value from .05 to 1.25, then on a finer grid around the best: exact
    to .01 %.
    """
    shares = np.geomspace(0.05, 1.25, 161)
    step = np.log(shares[1] / shares[0])
    coarse = _best_share(auction, rival, value, np.broadcast_to(shares, (len(value), len(shares))))
    fine = coarse[:, None] * np.exp(np.linspace(-step, step, 161))
    return value * _best_share(auction, rival, value, fine)


def _best_share(auction: Auction, rival: Floats, value: Floats, shares: Floats) -> Floats:
    earned = profit(auction, value[:, None] * shares, rival[:, None], value[:, None])
    return np.take_along_axis(shares, earned.argmax(axis=1)[:, None], axis=1)[:, 0]


def most_sold(auction: Auction, rival: Floats, exposure: Floats, sold: Floats, spend: float) -> float:
    """The most revenue a week for that spend (money).

    It is reached where the last money spent sells equally much everywhere: each bid is the one that earns
    most if a click were worth its revenue ÷ λ, with λ such that the spend comes out (Lagrange). Of each word
    (n,): `rival`, the rivals' price (money); `exposure`, clicks a week if always in the first
    slot; `sold`, revenue per click (money).
    """

    def bought(log_bar: float) -> tuple[float, float]:
        bid = _best_bids(auction, rival, sold / np.exp(log_bar))
        outcome = auction.outcome(bid, rival)
        return float((exposure * outcome.cost).sum()), float((exposure * outcome.clicks * sold).sum())

    ends = np.log(LOWEST_BAR), np.log(HIGHEST_BAR)
    if bought(ends[0])[0] <= spend:
        return bought(ends[0])[1]
    if bought(ends[1])[0] >= spend:
        return bought(ends[1])[1]
    return bought(brentq(lambda bar: bought(bar)[0] - spend, *ends, xtol=1e-7))[1]


def _best_bids(auction: Auction, rival: Floats, worth: Floats) -> Floats:
    """The bids that earn most (n,) where a click is worth `worth` (money, n)."""
    log_worth, bid = _best_of_ratio(auction)
    with np.errstate(divide="ignore"):
        at = np.log(worth / rival)
    return np.where(worth > 0, rival * np.exp(np.interp(at, log_worth, np.log(bid))), 0.0)


@lru_cache(maxsize=4)
def _best_of_ratio(auction: Auction) -> tuple[Floats, Floats]:
    """Log of worth ÷ rival's price, and the best bid ÷ rival's price there: auctions have no scale."""
    log_worth = np.linspace(np.log(1e-2), np.log(1e2), 600)
    return log_worth, best_bid(auction, np.ones(len(log_worth)), np.exp(log_worth))


def _log_ratio(bid: Floats, rival: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.log(np.nan_to_num(bid, nan=0.0) / rival)
