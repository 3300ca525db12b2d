"""Hierarchical estimates of an average amount (revenue per order, cost per click) from sums and counts.

An average of n amounts that scatter with the coefficient of variation s is known as precisely as a Poisson
rate with n / s² events. So amounts are turned into such events and the hierarchy of rates does the rest: with
m the account's average, events = amount / (m s²), exposure = count / (m s²). s is fitted by marginal
likelihood, with a weak prior for small accounts (normal model of the words' averages: variance between² + s²
/ n, Efron & Morris 1975).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ppc_tuner.evidence.rates import USUAL_SHAPE, Codes, Rate, hierarchical_rate

Floats = NDArray[np.float64]

# Weak prior: averages of words differ by some 20 %, single amounts by some 50 %; log variances ± 1.5 and ± 1.
BETWEEN_CENTRE, BETWEEN_SPREAD = np.log(0.04), 1.5
WITHIN_CENTRE, WITHIN_SPREAD = np.log(0.25), 1.0
LOG_BOUNDS = ((np.log(1e-4), np.log(4.0)), (np.log(1e-3), np.log(9.0)))
FIT_ON_AT_MOST = 20_000


def hierarchical_average(
    amount: Floats, count: Floats, levels: Sequence[Codes], usual_shape: float = USUAL_SHAPE
) -> Rate:
    """Posterior of each row's amount per count (money), shrunk through `levels`.

    `amount` (money), `count`: n each; rows without a count get their prior. `levels`, `usual_shape`: as for
    hierarchical_rate. All NaN where nothing was counted.
    """
    known = (count > 0) & (amount > 0)
    amount, count = np.where(known, amount, 0.0), np.where(known, count, 0.0)
    if not known.any():
        empty = np.full(len(amount), np.nan)
        return Rate(empty, empty, empty, empty)
    usual = amount.sum() / count.sum()
    unit = usual * within_variance(amount, count, usual)
    return hierarchical_rate(amount / unit, count / unit, levels, usual, usual_shape=usual_shape)


def within_variance(amount: Floats, count: Floats, usual: float) -> float:
    """Squared coefficient of variation of single amounts, fitted together with that of the rows' true
    averages.

    `amount` (money), `count`: n each; `usual`: the account's average (money).
    """
    seen = np.flatnonzero(count > 0)
    seen = seen[:: len(seen) // FIT_ON_AT_MOST + 1]
    n = count[seen]
    deviation = (amount[seen] / n / usual - 1) ** 2

    def loss(logs: Floats) -> float:
        variance = np.exp(logs[0]) + np.exp(logs[1]) / n
        fit = 0.5 * (np.log(variance) + deviation / variance).sum()
        prior = ((logs[0] - BETWEEN_CENTRE) / BETWEEN_SPREAD) ** 2 + (
            (logs[1] - WITHIN_CENTRE) / WITHIN_SPREAD
        ) ** 2
        return float(fit + 0.5 * prior)

    found = minimize(loss, x0=[BETWEEN_CENTRE, WITHIN_CENTRE], method="L-BFGS-B", bounds=LOG_BOUNDS)
    return float(np.exp(found.x[1]))
