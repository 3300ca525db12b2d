"""How many orders pools of search terms bring, measured by what their terms suggest.

With D orders due and o sold in a pool,

    m ~ Gamma(a, a), or with chance q Gamma(1, 10)
    m | o orders ~ Gamma(a + o, a + D), or Gamma(1 + o, 10 + D)

Most phrases ("blue", "large") sell much as their terms suggest; some ("free", "manual") say that nothing is
to be bought, and sell next to nothing. How alike the former are (a) and how many are of the latter kind (q)
is read off all phrases of the account by marginal likelihood. Gamma-Poisson pooling: Rutz & Bucklin 2007.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammainc, gammaln

from ppc_tuner.bids.targets import chance

Floats = NDArray[np.float64]

# How alike phrases may be: from wholly unlike what their terms suggest to hardly unlike.
STRENGTHS: Final = np.geomspace(0.5, 50.0, 25)
# The multiplier of phrases that say nothing is to be bought: Gamma, one tenth on average.
DUD_SHAPE, DUD_RATE = 1.0, 10.0
# How many phrases may be such. One in fifty is what is taken before an account's own say so: as sure as so
# many phrases.
DUDS: Final = np.geomspace(0.002, 0.2, 15)
USUAL_DUDS, SURE_AS = 0.02, 50.0
# Pools that differ by less in the orders due are fitted as one.
ALIKE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Multiplier:
    """What is known of m before a pool is looked at: a (`strength`), q (`duds`), and what all words of the
    account err by together (`doubt`), which does not average out."""

    strength: float
    duds: float
    doubt: float

    @classmethod
    def fitted(cls, sold: Floats, due: Floats, doubt: float) -> Self:
        """From the orders sold and due of all pools."""
        sold, due, pools = _alike(sold[due > 0], due[due > 0])
        dud = _log_evidence(DUD_SHAPE, DUD_RATE, sold, due)
        usual = np.array([_log_evidence(strength, strength, sold, due) for strength in STRENGTHS])
        mixed = [np.logaddexp(np.log(share) + dud, np.log1p(-share) + usual) @ pools for share in DUDS]
        before = SURE_AS * (USUAL_DUDS * np.log(DUDS) + (1 - USUAL_DUDS) * np.log1p(-DUDS))
        fit = np.array(mixed).T + before
        strength, share = np.unravel_index(np.argmax(fit), fit.shape)
        return cls(float(STRENGTHS[strength]), float(DUDS[share]), doubt)

    def of(self, sold: Floats, due: Floats, even: Floats) -> tuple[Floats, Floats, Floats]:
        """Of pools with so many orders sold and due: P(m < even), the mean of m, and the shape of the Gamma
        with its mean and variance."""
        kinds = [(DUD_SHAPE, DUD_RATE, self.duds), (self.strength, self.strength, 1 - self.duds)]
        logs = np.array(
            [np.log(share) + _log_evidence(shape, rate, sold, due) for shape, rate, share in kinds]
        )
        weight = np.exp(logs - np.logaddexp(*logs))
        below, mean, square = np.zeros(len(sold)), np.zeros(len(sold)), np.zeros(len(sold))
        for (shape, rate, _), part in zip(kinds, weight, strict=True):
            own = 1 / (1 / (shape + sold) + self.doubt)
            at = (shape + sold) / (rate + due)
            below += part * gammainc(own, own * even / at)
            mean += part * at
            square += part * at**2 * (1 + 1 / own)
        return chance(below), mean, mean**2 / (square - mean**2)


def _alike(sold: Floats, due: Floats) -> tuple[Floats, Floats, Floats]:
    """Pools put together that are nearly alike: their orders sold and due, and how many they are."""
    by_sold, by_due = (pd.factorize(np.round(part / ALIKE))[0] for part in (sold, np.log(due)))
    number = pd.factorize(by_sold.astype(np.int64) * (len(due) + 1) + by_due)[0]
    count = np.bincount(number).astype(float)
    return np.bincount(number, sold) / count, np.bincount(number, due) / count, count


def _log_evidence(shape: float, rate: float, sold: Floats, due: Floats) -> Floats:
    """Log likelihood of the orders of each pool where its multiplier is Gamma; without what depends on the
    orders alone."""
    return np.asarray(
        gammaln(shape + sold) - gammaln(shape) + shape * np.log(rate) - (shape + sold) * np.log(rate + due)
    )
