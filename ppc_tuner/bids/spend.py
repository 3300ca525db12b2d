"""What all moves of a week together may do to the account's spend.

Words are moved one by one, each on its own evidence; but that bids stand too low or too high as a whole
rests for all of them on one guess, how the market prices the next click. Many raises at once are one bet on
it, and so are many cuts. Where the moves would change the spend by more than most_spend_change, those on the
heavier side shrink, all by one power,

    Σ K (y^(ε+η) − 1) = ± most_spend_change Σ K,    y = x^p,  0 < p ≤ 1

(K: cost a week; x: multiple of today's bid; ε, η: see response), so that what remains goes on next week with
what this week has shown. Removals rest on each word's own record and are no bet on the market: they are
made whole, and take no room from the others. Units: money a week.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from ppc_tuner.arrays import floats
from ppc_tuner.bids import response
from ppc_tuner.columns import REMOVALS
from ppc_tuner.live import takes_bids

Floats = NDArray[np.float64]

# Of a bid, in place of none.
LEAST_X = 1e-9


def caps_on_spend(
    rows: pd.DataFrame, action: NDArray[Any], change: Floats, most: float, fall: float
) -> Floats:
    """The largest change of each row (share, (n,)) at which the spend changes by `most` (share) at the most;
    infinite: any.

    `rows`: n decision rows with targets; `action`: permitted; `change`: that of the bid (share, −1: removed);
    `fall`: of the account's Response.
    """
    free = np.full(len(rows), np.inf)
    cost = np.nan_to_num(floats(rows, "now_cost"))
    epsilon, eta = (np.nan_to_num(floats(rows, name)) for name in ("click_elasticity", "cpc_elasticity"))
    x = np.where(np.isin(action, REMOVALS), 1.0, 1 + change)
    log_x = np.log(np.maximum(x, LEAST_X))

    def spent(power: float) -> float:
        """Change of the spend (money) where the moves of the heavier side are made to this power."""
        log = np.where(shrinks, power * log_x, log_x)
        return float((response.cost_after(cost, np.exp(log), epsilon, eta, fall) - cost).sum())

    shrinks = np.zeros(len(rows), dtype=bool)
    net, bound = spent(1.0), most * float(cost.sum())
    if abs(net) <= bound:
        return free
    shrinks = takes_bids(rows) & (x > 1 if net > 0 else x < 1)
    allowed = np.sign(net) * bound
    power = float(brentq(lambda part: spent(part) - allowed, 0.0, 1.0, xtol=1e-6))
    return np.where(shrinks, np.abs(np.exp(power * log_x) - 1), free)
