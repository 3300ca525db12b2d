"""Clicks, cost and profit when a bid is multiplied by x.

Clicks grow with the bid as x^ε and their price as x^η, so that over one week

    Δclicks = C (x^ε − 1)          Δcost = K (x^(ε+η) − 1)          Δprofit = v Δclicks − Δcost

with C clicks and cost K a week and v the value of a click. The next click then costs p = cpc (ε + η) / ε, and
profit is greatest where that is what a click is worth (Varian 2009). In a second-price auction p is the bid;
where several slots are sold at the next price it is bid / (1 − shade). That gives ε, with η from the
account's own bid changes or else usual (CPC ~ bid^.85). Units: clicks and money a week; x, ε and η have none.
Valid for moderate x: nothing is claimed outside .2–3. Arrays of n rows throughout.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Elasticities in the field run from .16 to 1.5: a ratio of CPC to price that implies others is mostly noise.
LOWEST_ELASTICITY, HIGHEST_ELASTICITY = 0.2, 1.5
# Far above its rivals a word gains next to nothing from a higher bid, far below them a lot.
ELASTICITY_BOUNDS, CPC_BOUNDS = (0.03, 2.0), (0.05, 1.0)


def elasticity(cpc: Floats, price: Floats, eta: Floats | float) -> Floats:
    """ε from what clicks cost on average and what the next one costs, price = cpc (ε + η) / ε."""
    with np.errstate(divide="ignore", invalid="ignore"):
        implied = np.where(price > cpc, eta * cpc / (price - cpc), HIGHEST_ELASTICITY)
    bounded = np.clip(implied, LOWEST_ELASTICITY, HIGHEST_ELASTICITY)
    return np.asarray(np.where(np.isnan(cpc), np.nan, bounded))


def elasticities(
    bid: Floats, cpc: Floats, price: Floats, usual: float, fall: float, usual_lead: float
) -> tuple[Floats, Floats]:
    """ε and η of each word from how far its bid lies above what it pays, lead = log(bid / cpc).

    ε = usual × exp(fall × (lead − usual_lead)), fall < 0: in second-price and in next-price auctions alike ε
    falls as the bid rises above its rivals' and the lead grows. η then follows from the price of the next
    click, p = cpc (ε + η) / ε. `bid`, `cpc`, `price`: money.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        lead = np.log(bid / cpc)
        epsilon = np.clip(usual * np.exp(fall * (lead - usual_lead)), *ELASTICITY_BOUNDS)
        eta = np.clip(epsilon * (price / cpc - 1), *CPC_BOUNDS)
    return epsilon, eta


def over_step(epsilon: Floats, eta: Floats, x: Floats, fall: float) -> Floats:
    """ε over a step from today's bid to x times it: that of the middle, as the lead moves by (1 − η) log
    x."""
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = epsilon * np.exp(fall * (1 - eta) * np.log(x) / 2)
    return np.asarray(np.where(x > 0, np.clip(middle, *ELASTICITY_BOUNDS), epsilon))


def clicks_change(clicks: Floats, x: Floats, epsilon: Floats) -> Floats:
    """Change in clicks a week at x times today's bid."""
    return clicks * (x**epsilon - 1)


def cost_change(cost: Floats, x: Floats, epsilon: Floats, eta: Floats | float) -> Floats:
    """Change in cost (money a week) at x times today's bid."""
    return cost * (x ** (epsilon + eta) - 1)


def cost_after(cost: Floats, x: Floats, epsilon: Floats, eta: Floats, fall: float) -> Floats:
    """Cost (money a week) at x times today's bid, ε being that of the whole step (over_step)."""
    return np.asarray(cost * x ** (over_step(epsilon, eta, x, fall) + eta))


def even_value(cpc: Floats, x: Floats, epsilon: Floats, eta: Floats | float) -> Floats:
    """The value per click (money) at which a bid times x breaks even, Δcost / Δclicks; at x = 1 its limit."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = cpc * (x ** (epsilon + eta) - 1) / (x**epsilon - 1)
    return np.asarray(np.where(x == 1, cpc * (epsilon + eta) / epsilon, value))
