"""What is known of a word before it has sold: its price, its text and kind, what buyers put into carts.

The prior mean of a word's conversion rate is its group's rate × f, with f from one of two models raised to β:
the relative price alone (markets, and those who set bids, price words by what they are worth; the price is in
orders, CPC ÷ what an order leaves), or a Poisson regression on the word's own features. The regression is
cross-fitted: a word's f comes from a fit without that word. Model and β are those under which the hierarchy
predicts each word's orders best from all other words (leave-one-out negative binomial likelihood); f is 1
where none predicts better than the groups alone. After Rutz & Bucklin 2007 (keyword covariates in a
hierarchical model).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaln

from ppc_tuner.evidence.features import cross_fitted_factor
from ppc_tuner.evidence.rates import Codes, Rate, hierarchical_rate

Floats = NDArray[np.float64]

LEANS: Final = (0.25, 0.5, 0.75, 1.0)
# Log likelihood by which a prior must predict better: what one idle parameter gains by chance, E[χ²₁] / 2.
LEAST_GAIN: Final = 0.5
CHOOSE_ON_AT_MOST: Final = 30_000


@dataclass(frozen=True, slots=True)
class Informed:
    """A rate under the selected prior.

    `source`: none, price or features; `lean`: its β; `gain`: log likelihood per word over the groups alone.
    """

    rate: Rate
    source: str
    lean: float
    gain: float


def relative_price(cpc: Floats, seen: NDArray[np.intp]) -> Floats:
    """CPC over its geometric mean among the rows `seen` (n,); 1 where unknown.

    The market's price, not the bid: bids that follow the estimates would soon confirm them.
    """
    known = cpc > 0
    if not known.any():
        return np.ones(len(cpc))
    logs = np.log(cpc, out=np.full(len(cpc), np.nan), where=known)
    clicked = known & np.isin(np.arange(len(cpc)), seen)
    mean = logs[clicked if clicked.any() else known].mean()
    return np.asarray(np.exp(np.nan_to_num(logs - mean)))


def informed_rate(
    events: Floats,
    exposure: Floats,
    price: Rate,
    rows: pd.DataFrame,
    levels: Sequence[Codes],
    typical: float,
    choice: str = "auto",
    drift: Floats | float = 0.0,
) -> Informed:
    """The hierarchical rate of each row under the prior that predicts best.

    `events`, `exposure`: n each; `price`: CPC over what an order leaves (n); `rows`: the n decision rows with
    `order_value` (money), for their features; `levels`, `typical`, `drift`: as for hierarchical_rate.
    `choice`: "auto", or "groups" for neither model. The posterior is per unit of exposure as given, whatever
    f.
    """
    events, exposure = np.nan_to_num(events), np.nan_to_num(exposure)
    seen = np.flatnonzero(exposure > 0)
    if len(seen) > CHOOSE_ON_AT_MOST:
        seen = seen[np.linspace(0, len(seen) - 1, CHOOSE_ON_AT_MOST).astype(int)]
    factors = _factors(rows, events, exposure, price, levels) if choice == "auto" else {}
    groups = [np.unique(codes[seen], return_inverse=True)[1] for codes in levels]
    without = log_likelihood(events[seen], exposure[seen], groups, typical)
    source, lean, best = "none", 0.0, without + LEAST_GAIN
    for name, (factor, doubt) in factors.items():
        for power in LEANS if len(seen) and np.ptp(factor[seen]) > 0 else ():
            fit = log_likelihood(
                events[seen], exposure[seen] * factor[seen] ** power, groups, typical, doubt[seen] * power**2
            )
            if fit > best:
                source, lean, best = name, power, fit
    ones = np.ones(len(events))
    factor, doubt = factors.get(source, (ones, ones))
    factor, doubt = factor**lean, doubt * lean**2
    rate = hierarchical_rate(events, exposure * factor, levels, typical, doubt, drift)
    scaled = Rate(rate.shape, rate.per_unit / factor, rate.prior_shape, rate.prior_per_unit / factor)
    gain = (best - without) / max(len(seen), 1) if source != "none" else 0.0
    return Informed(scaled, source, lean, gain)


def _factors(
    rows: pd.DataFrame, events: Floats, exposure: Floats, price: Rate, levels: Sequence[Codes]
) -> dict[str, tuple[Floats, Floats]]:
    """Name of each model → f and its squared coefficient of variation, n each."""
    relative = relative_price(price.mean, np.flatnonzero(exposure > 0))
    factors = {"price": (relative, np.nan_to_num(1 / price.shape))}
    features = cross_fitted_factor(rows, events, exposure, price, levels)
    return factors if features is None else factors | {"features": features}


def log_likelihood(
    events: Floats, exposure: Floats, levels: Sequence[Codes], typical: float, doubt: Floats | float = 0.0
) -> float:
    """Log likelihood of the events, each row's prior coming from all other rows; up to a constant.

    Arguments as for hierarchical_rate.
    """
    prior = hierarchical_rate(events, exposure, levels, typical, doubt)
    a, b = prior.prior_shape, prior.prior_per_unit
    terms = gammaln(a + events) - gammaln(a) - a * np.log1p(exposure / b)
    sold = events > 0
    return float(terms.sum() + (events[sold] * np.log(exposure[sold] / (b[sold] + exposure[sold]))).sum())
