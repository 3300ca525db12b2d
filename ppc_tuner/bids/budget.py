"""Bids under a budget: one multiplier on all profit-maximising bids.

With x* = worth / price the best multiplier of each bid if money were no object, the bids that earn most on a
budget B are

    x = m x*,  0 < m ≤ 1,  with  Σ K (m x*)^(ε+η) = B

(K: cost a week; ε and η: elasticities of clicks and CPC, see response). Where the next click costs in
proportion to the bid this is exactly the Lagrangian optimum: with η = 1 the profit v C (x^ε − 1) − (1 + λ) K
(x^(ε+1) − 1) is greatest at x* / (1 + λ), so that m = 1 / (1 + λ) and the last money spent earns 1 / m in
margin. On other landscapes it was measured to reach 98.6–99.8 % of that optimum; "best return first until the
money is gone" 65–85 %. For ratio objectives x* is the multiplier that meets the target, and m scales it
likewise. Varian 2009; Feldman, Muthukrishnan, Pál & Stein 2007 (budget optimisation).

A campaign's budget is solved first (m_c); the account's multiplier m_a then binds the campaigns that their
own budgets do not bind tighter: each word has min(m_c, m_a). The sum rises with m, so each is one root
(Brent). Units: money a week; x and m have none. Valid for x up to 3, the range of response: beyond that x
counts as 3. What bids cannot reach (smart bidding, words without a price) goes on spending what it does. m
stays ≥ .05.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from ppc_tuner.arrays import floats
from ppc_tuner.bids import response
from ppc_tuner.bids.limits import Budget, at_limit
from ppc_tuner.bids.worth import earned_per_click
from ppc_tuner.live import takes_bids

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WIDEST = 3.0
# Multipliers: below LEAST there is no plan worth the name; MOST leaves every move as it is.
LEAST, MOST = 0.05, 20.0
# Smaller differences are rounding.
HAIR = 1e-9


@dataclass(frozen=True, slots=True)
class Spend:
    """Cost a week of n bids x = m × best, each held between low and high (multiples of today's bid).

    `cost`: money a week at today's bid; `growth`: ε + η, as cost grows as x^growth; n each.
    """

    cost: Floats
    growth: Floats
    best: Floats
    low: Floats
    high: Floats

    def bids(self, m: Floats | float) -> Floats:
        """x of each bid at the multiplier m (n,)."""
        return np.clip(m * self.best, self.low, self.high)

    def total(self, m: Floats | float) -> float:
        """Cost of all bids at the multiplier m (money a week)."""
        return float(np.sum(self.cost * self.bids(m) ** self.growth))

    def part(self, at: NDArray[np.intp]) -> Spend:
        """The spend of the rows at these positions."""
        return Spend(self.cost[at], self.growth[at], self.best[at], self.low[at], self.high[at])


def spend_of(rows: pd.DataFrame, growth: Floats, best: Floats, low: Floats, high: Floats) -> Spend:
    """The spend of n rows; one whose best bid is unknown stays at today's.

    `growth`: ε + η; `best`: x*; `low`, `high`: multiples of today's bid; n each.
    """
    known = np.isfinite(best) & np.isfinite(growth)
    cost = np.nan_to_num(rows["weekly_cost"].to_numpy(dtype=float))
    held = known | (low == high)
    # From LEAST on, MOST × best reaches today's bid.
    return Spend(
        cost,
        np.where(known, growth, 1.0),
        np.where(known, np.maximum(best, LEAST), 1.0),
        np.where(held, low, 1.0),
        np.where(held, high, 1.0),
    )


def multipliers(spend: Spend, rows: pd.DataFrame, budget: Budget, most: float) -> Floats:
    """Largest multiplier ≤ `most` of each row (n,) at which its campaign and account keep their budgets."""
    result = np.full(len(rows), most)
    places = rows.groupby("campaign").indices if "campaign" in rows and budget.campaigns else {}
    for name, limit in budget.campaigns.items():
        if name in places:
            at = np.asarray(places[name], dtype=np.intp)
            result[at] = _largest(spend.part(at).total, limit, most)
    if np.isfinite(budget.account):
        whole = _largest(lambda m: spend.total(np.minimum(result, m)), budget.account, most)
        result = np.minimum(result, whole)
    return result


def _largest(total: Callable[[float], float], limit: float, most: float) -> float:
    """The largest m ≤ `most` with total(m) ≤ limit (money a week); LEAST where even that costs more."""
    if total(most) <= limit:
        return most
    if total(LEAST) >= limit:
        return LEAST
    root = brentq(lambda log: total(np.exp(log)) - limit, np.log(LEAST), np.log(most), xtol=1e-10)
    return float(np.exp(root))


def movable(rows: pd.DataFrame, basis: NDArray[Any] | pd.Series) -> Flags:
    """Where a bid can be changed (n,): its price is known, the word is live and has a bid of its own."""
    priced: Flags = np.asarray(basis != "none", dtype=bool)
    return takes_bids(rows) & priced


def budget_multipliers(
    rows: pd.DataFrame, basis: NDArray[Any], best: Floats, growth: Floats, budget: Budget
) -> Floats:
    """m of each row (n,); 1 where no budget binds.

    `basis`: bid_basis of each row; `best`: x*; `growth`: ε + η; n each.
    """
    if not budget:
        return np.ones(len(rows))
    free = movable(rows, basis)
    spend = spend_of(rows, growth, best, np.where(free, 0.0, 1.0), np.where(free, WIDEST, 1.0))
    return multipliers(spend, rows, budget, 1.0)


def with_needed_cuts(
    rows: pd.DataFrame, targets: pd.DataFrame, multiplier: Floats, budget: Budget, max_cut: Floats
) -> pd.DataFrame:
    """Targets with further cuts, the worst bids first, where the evidence's own still overspend the budget.

    `rows`: n decision rows; `targets`: theirs, with proposals; `multiplier`: m of each (n,); `max_cut`: the
    largest of each (shares, n). Raises do not count yet, as they get only what the cuts leave. A cut that
    only the budget asks for goes no further than the target and max_cut, and sets `budget_cut`; nothing is
    removed for the budget's sake. `budget_multiplier` is set where a budget binds; otherwise targets stay as
    they are where the budget is kept anyway.
    """
    if not budget:
        return targets
    proposal, step = targets["proposal"].to_numpy(), targets["step_down"].to_numpy(dtype=float)
    high = np.select([proposal == "delete", proposal == "lower"], [0.0, 1 + step], default=1.0)
    free = movable(rows, targets["bid_basis"]) & np.isin(proposal, ("none", "lower"))
    target = 1 + targets["target_change"].to_numpy(dtype=float)
    epsilon, eta = (targets[name].to_numpy(dtype=float) for name in ("click_elasticity", "cpc_elasticity"))
    furthest = np.minimum(np.maximum(target, 1 - max_cut), high)
    spend = spend_of(rows, epsilon + eta, target / multiplier, np.where(free, furthest, high), high)
    x = spend.bids(multipliers(spend, rows, budget, MOST))
    bound = np.where(multiplier < 1, multiplier, np.nan)
    marked = targets if np.isnan(bound).all() else targets.assign(budget_multiplier=bound)
    cut = free & (x < high - HAIR)
    if not cut.any():
        return marked
    clicks, value = (
        floats(rows, "weekly_clicks"),
        earned_per_click(rows, targets["worth"], targets["gain_unit"]),
    )
    gain = (
        value * response.clicks_change(clicks, x, epsilon)
        - response.cost_change(spend.cost, x, epsilon, eta) / multiplier
    )
    return marked.assign(
        proposal=np.where(cut, "lower", proposal),
        step_down=np.where(cut, x - 1, step),
        gain_down=np.where(cut, gain, targets["gain_down"]),
        budget_cut=pd.array(cut, dtype="boolean"),
    )


def caps_within_budget(rows: pd.DataFrame, x: Floats, budget: Budget) -> Floats:
    """The largest raise of each row (share, (n,)) that keeps the list within budget; infinite: no cap.

    `rows`: n decision rows with targets; `x`: multiplier of each bid after the permitted moves, 0 for
    removals. Raises share what cuts and removals free, but for those in campaigns at their daily limit, which
    go on spending it: each goes to m x* at most, with m found as for the targets. While today's spend is
    above the budget nothing is raised until the cuts have made room.
    """
    free = np.full(len(rows), np.inf)
    if not budget:
        return free
    multiplier = rows["budget_multiplier"].fillna(1.0) if "budget_multiplier" in rows else 1.0
    best = ((1 + rows["target_change"]) / multiplier).to_numpy(dtype=float)
    growth = (rows["click_elasticity"] + rows["cpc_elasticity"]).to_numpy(dtype=float)
    x = np.where((x < 1) & at_limit(rows), 1.0, x)
    spend = spend_of(rows, growth, best, np.where(x > 1, 1.0, x), x)
    allowed = spend.bids(multipliers(spend, rows, budget, MOST))
    return np.where((x > 1) & (allowed < x - HAIR), allowed - 1, free)
