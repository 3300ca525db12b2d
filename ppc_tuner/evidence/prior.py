"""The price of a click as evidence of what it is worth.

Markets, and those who set bids, price words by what they are worth; so before a word has sold anything its price says
something. The prior mean of its rate is taken proportional to price^β: with f = (price / geometric mean price)^β the rate of
a word is f × the rate of its group. β is the one of a grid under which the hierarchy predicts each word's orders best from
all the other words (leave-one-out negative binomial likelihood); where price tells nothing β is 0 and nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from ppc_tuner.evidence.rates import Codes, Rate, hierarchical_rate

Floats = NDArray[np.float64]

LEANS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
# A lean must predict better by this much (log likelihood) than none: about what chance alone would give once in twenty.
LEAST_GAIN: Final = 2.0
CHOOSE_ON_AT_MOST: Final = 50_000


def relative_price(bid: Floats, cpc: Floats) -> Floats:
    """Price over its geometric mean, from the bid where known, else from the CPC; 1 where neither is known."""
    by_bid, by_cpc = _over_mean(bid), _over_mean(cpc)
    relative = np.where(np.isnan(by_bid), by_cpc, by_bid)
    return np.asarray(np.where(np.isnan(relative), 1.0, relative))


def _over_mean(price: Floats) -> Floats:
    known = price > 0
    if not known.any():
        return np.full(len(price), np.nan)
    logs = np.log(price, out=np.full(len(price), np.nan), where=known)
    return np.asarray(np.exp(logs - logs[known].mean()))


def priced_rate(
    events: Floats, exposure: Floats, price: Floats, levels: Sequence[Codes], typical: float
) -> tuple[Rate, float]:
    """The hierarchical rate whose prior follows the relative price, and the lean β that was chosen.

    price: positive, 1 = usual. The posterior is per unit of true exposure. See hierarchical_rate for the rest.
    """
    lean = chosen_lean(np.nan_to_num(events), np.nan_to_num(exposure), price, levels, typical)
    factor = price**lean
    rate = hierarchical_rate(events, exposure * factor, levels, typical)
    return Rate(rate.shape, rate.per_unit / factor, rate.prior_shape, rate.prior_per_unit / factor), lean


def chosen_lean(
    events: Floats, exposure: Floats, price: Floats, levels: Sequence[Codes], typical: float
) -> float:
    """The β of LEANS with the highest leave-one-out likelihood; 0 where none is clearly better than that."""
    seen = np.flatnonzero(exposure > 0)
    if len(seen) > CHOOSE_ON_AT_MOST:
        seen = seen[np.linspace(0, len(seen) - 1, CHOOSE_ON_AT_MOST).astype(int)]
    if not len(seen) or np.ptp(price[seen]) == 0:
        return 0.0
    groups = [np.unique(codes[seen], return_inverse=True)[1] for codes in levels]
    fits = [
        _likelihood(events[seen], exposure[seen] * price[seen] ** lean, groups, typical) for lean in LEANS
    ]
    best = int(np.argmax(fits))
    return LEANS[best] if fits[best] - fits[0] >= LEAST_GAIN else 0.0


def _likelihood(events: Floats, exposure: Floats, levels: Sequence[Codes], typical: float) -> float:
    """Log likelihood of each row's events given its prior, which comes from all the other rows; up to a constant."""
    prior = hierarchical_rate(events, exposure, levels, typical)
    a, b = prior.prior_shape, prior.prior_per_unit
    terms = (
        gammaln(a + events)
        - gammaln(a)
        + events * np.log(exposure / (b + exposure))
        - a * np.log1p(exposure / b)
    )
    return float(terms.sum())
