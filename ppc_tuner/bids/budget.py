"""Bids under a budget: one multiplier on all profit-maximal bids.

With x* = worth / price the best multiplier of each bid if money were no object, the bids that earn most for a budget B are

    x = m x*,  0 < m ≤ 1,  with  Σ K (m x*)^(ε+1) = B

(K cost a week, ε and η elasticities of clicks and CPC; see response). Where the next click costs in proportion to the bid
this is exactly the Lagrangian optimum: with η = 1 profit v C (x^ε − 1) − (1 + λ) K (x^(ε+1) − 1) is best at x* / (1 + λ), so
that m = 1 / (1 + λ), and the last money spent earns 1 / m in margin. On other landscapes it was measured to reach 98.6–99.8 % of that optimum; "best return first until the
money is gone" 65–85 %. Source: Varian 2009; Feldman, Muthukrishnan, Pál, Stein 2007 (budget optimisation). For ratio
objectives x* is the multiplier that meets the target, and m scales it likewise.

A campaign's budget is solved first (m_c); the account's multiplier m_a then binds the campaigns that are not bound
tighter by themselves: each word has min(m_c, m_a). The sum rises with m, so each is one root (Brent). Units: money a week,
x and m without unit. Valid for x up to 3, as far as response claims anything: beyond that x counts as 3. What bids
cannot reach (smart bidding, words without a price) goes on spending what it does. m stays ≥ .05.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from ppc_tuner.bids import response
from ppc_tuner.bids.limits import Budget
from ppc_tuner.columns import REMOVALS
from ppc_tuner.text import Text

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WIDEST = 3.0
# A multiplier below LEAST is no plan; one of MOST leaves every move as it is.
LEAST, MOST = 0.05, 20.0
# Less of a change than this is none.
HAIR = 1e-9
SPENT = "budget-spent"
SPENT_SAID = Text(
    "预算只够更值的词：这个词这周不提",
    "the budget goes to words that earn more with it: not raised this week",
)


@dataclass(frozen=True, slots=True)
class Spend:
    """Cost a week of bids x = m × best, held between low and high (multiples of today's bid); growth: ε + η, cost
    grows as x^growth. Arrays of one length."""

    cost: Floats
    growth: Floats
    best: Floats
    low: Floats
    high: Floats

    def bids(self, m: Floats | float) -> Floats:
        return np.clip(m * self.best, self.low, self.high)

    def total(self, m: Floats | float) -> float:
        return float(np.sum(self.cost * self.bids(m) ** self.growth))

    def part(self, at: NDArray[np.intp]) -> Spend:
        return Spend(self.cost[at], self.growth[at], self.best[at], self.low[at], self.high[at])


def spend_of(rows: pd.DataFrame, growth: Floats, best: Floats, low: Floats, high: Floats) -> Spend:
    """The spend of these rows; one whose best bid is unknown stays at today's."""
    known = np.isfinite(best) & np.isfinite(growth)
    cost = np.nan_to_num(rows["weekly_cost"].to_numpy(dtype=float))
    held = known | (low == high)
    # Never below LEAST, so that MOST × best is above today's bid.
    return Spend(
        cost, np.where(known, growth, 1.0), np.where(known, np.maximum(best, LEAST), 1.0),
        np.where(held, low, 1.0), np.where(held, high, 1.0),
    )  # fmt: skip


def multipliers(spend: Spend, rows: pd.DataFrame, budget: Budget, most: float) -> Floats:
    """For each row the largest multiplier ≤ `most` at which its campaign and the account keep within their budgets."""
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
    if total(most) <= limit:
        return most
    if total(LEAST) >= limit:
        return LEAST
    root = brentq(lambda log: total(np.exp(log)) - limit, np.log(LEAST), np.log(most), xtol=1e-10)
    return float(np.exp(root))


def movable(rows: pd.DataFrame, basis: NDArray[Any] | pd.Series) -> Flags:
    """Where a bid can be changed: its price is known, the word is live and bears a bid of its own."""
    live = np.asarray(basis != "none")
    if "status" in rows:
        live = live & rows["status"].ne("paused").to_numpy()
    if "biddable" in rows:
        live = live & rows["biddable"].astype("boolean").fillna(True).to_numpy(dtype=bool)
    return np.asarray(live, dtype=bool)


def budget_multipliers(
    rows: pd.DataFrame, basis: NDArray[Any], best: Floats, growth: Floats, budget: Budget
) -> Floats:
    """m of each row (shape (rows,)); 1 where no budget binds. `best`: x* of each row, `growth`: ε + η, `basis`: its bid_basis."""
    if not budget:
        return np.ones(len(rows))
    free = movable(rows, basis)
    spend = spend_of(rows, growth, best, np.where(free, 0.0, 1.0), np.where(free, WIDEST, 1.0))
    return multipliers(spend, rows, budget, 1.0)


def with_needed_cuts(
    rows: pd.DataFrame, multiplier: Floats, budget: Budget, settings: Mapping[str, Any]
) -> pd.DataFrame:
    """Where the evidence's own cuts leave more spent than the budget, further cuts down to it: the worst bids first.

    `rows`: with targets and proposals; raises do not count yet, they follow only as far as the cuts make room. A cut
    that only the budget asks for goes no further than the target and max_cut and sets `budget_cut`; nothing is removed
    for the budget's sake. Rows as they are where the budget is kept without it.
    """
    if not budget:
        return rows
    proposal, step = rows["proposal"].to_numpy(), rows["step_down"].to_numpy(dtype=float)
    high = np.select([proposal == "delete", proposal == "lower"], [0.0, 1 + step], default=1.0)
    free = movable(rows, rows["bid_basis"]) & np.isin(proposal, ("none", "lower"))
    target = 1 + rows["target_change"].to_numpy(dtype=float)
    epsilon, eta = (rows[name].to_numpy(dtype=float) for name in ("click_elasticity", "cpc_elasticity"))
    furthest = np.minimum(np.maximum(target, 1 - settings["max_cut"]), high)
    spend = spend_of(rows, epsilon + eta, target / multiplier, np.where(free, furthest, high), high)
    x = spend.bids(multipliers(spend, rows, budget, MOST))
    bound = np.where(multiplier < 1, multiplier, np.nan)
    marked = rows if np.isnan(bound).all() else rows.assign(budget_multiplier=bound)
    cut = free & (x < high - HAIR)
    if not cut.any():
        return marked
    clicks, value = (rows[name].to_numpy(dtype=float) for name in ("weekly_clicks", "value_per_click"))
    gain = (
        value * response.clicks_change(clicks, x, epsilon)
        - response.cost_change(spend.cost, x, epsilon, eta) / multiplier
    )
    return marked.assign(
        proposal=np.where(cut, "lower", proposal), step_down=np.where(cut, x - 1, step),
        gain_down=np.where(cut, gain, rows["gain_down"]), budget_cut=pd.array(cut, dtype="boolean"),
    )  # fmt: skip


def within_budget(
    rows: pd.DataFrame, rounded: Callable[[pd.DataFrame], pd.DataFrame], budget: Budget
) -> pd.DataFrame:
    """The rows with their changes, raises held back so that the list is not expected to spend more than the budget.

    `rounded` makes changes of verdicts and never passes a row's `rule_cap`. Raises share what cuts and removals leave:
    each goes to m x* at most, m by the same rule as the targets. Where that leaves nothing of a raise the budget is the
    reason. Where today's spend is above the budget nothing is raised until the cuts have made room.
    """
    stepped = rounded(rows)
    if not budget:
        return stepped
    x = np.where(stepped["action"].isin(REMOVALS), 0.0, 1 + stepped["bid_change"].to_numpy(dtype=float))
    multiplier = rows["budget_multiplier"].fillna(1.0) if "budget_multiplier" in rows else 1.0
    best = ((1 + rows["target_change"]) / multiplier).to_numpy(dtype=float)
    growth = (rows["click_elasticity"] + rows["cpc_elasticity"]).to_numpy(dtype=float)
    spend = spend_of(rows, growth, best, np.where(x > 1, 1.0, x), x)
    allowed = spend.bids(multipliers(spend, rows, budget, MOST))
    trimmed = (x > 1) & (allowed < x - HAIR)
    if not trimmed.any():
        return stepped
    cap = np.where(trimmed, np.fmin(rows["rule_cap"], allowed - 1), rows["rule_cap"])
    again = rounded(rows.assign(rule_cap=cap))
    stopped = trimmed & (again["bid_change"] == 0)
    return again.assign(
        rule=again["rule"].mask(stopped, SPENT),
        advice=again["advice"].mask(stopped, ""),
        reason_zh=again["reason_zh"].mask(stopped, SPENT_SAID.zh),
        reason_en=again["reason_en"].mask(stopped, SPENT_SAID.en),
        gated_by=again["gated_by"].mask(stopped, (again["gated_by"].fillna("") + " " + SPENT).str.strip()),
    )
