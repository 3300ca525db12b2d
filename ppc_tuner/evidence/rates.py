"""Hierarchical Gamma-Poisson estimates of a rate: clicks per impression, orders per click, money per order.

From the account down to the word rate_child = rate_parent × ε with ε ~ Gamma(shape α, mean 1), one α per
level; at the word events ~ Poisson(exposure × rate). Gamma rather than Beta, because reports hold more orders
than clicks. The posterior is found by message passing, up the tree and then down, so that a unit's prior
comes from its parent without the unit's own data and carries the parent's uncertainty:

    up    a child with E events in exposure X sends its parent w E events in w X,  w = 1 / (1 + X m / α)
          (the variance of E / X about the parent's mean m is m² (1 / (X m) + 1 / α))
    down  with (A, B) the parent's own prior and the sums over siblings,
          prior mean of a child = (A + Σ w E) / (B + Σ w X);  prior shape = 1 / (1 / α + 1 / (A + Σ w E))

α is fitted level by level to the marginal (negative binomial) likelihood, in rounds, as w depends on it.
After Rutz & Bucklin 2007 (hierarchical keyword conversion) and Agarwal et al., KDD 2010 (level-wise fit);
message passing as in Pearl 1988, with each message reduced to its first two moments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import betainc, gammaincc, gammaincinv, gammaln

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

# How much words differ before any data: log α ~ N(log 2, 1), "by some 70 %". Some twenty events overrule it.
USUAL_SHAPE = 2.0
SHAPE_CENTRE, SHAPE_SPREAD = np.log(USUAL_SHAPE), 1.0
# α above e^7 is a difference between words of under 3 %, which no report could show.
SHAPE_BOUNDS = (np.log(0.05), np.log(1100.0))
# Bounds of the classes of units by expected events, and the sd of a class's log α about that of its level.
CLASSES, CLASS_SPREAD = np.array([0.3, 3.0, 30.0]), 0.5
ROUNDS = 3
TABLE_POINTS = 20_000
# The fit of a level gains nothing from more units than this.
FIT_ON_AT_MOST = 20_000
# Weight of what is usual in an account's own mean, in events.
ACCOUNT_EVENTS = 0.5
# From so many events on an account's own rate is what is usual in it.
ENOUGH_EVENTS = 3.0
# The field's usual rates.
TYPICAL_CTR, TYPICAL_CVR = 0.02, 0.02


@dataclass(frozen=True, slots=True)
class Rate:
    """Gamma posteriors of a rate (n rows), beside the prior from which each started.

    shape / per_unit is the posterior mean in events per unit of exposure; prior_shape / prior_per_unit that
    of peers.
    """

    shape: Floats
    per_unit: Floats
    prior_shape: Floats
    prior_per_unit: Floats

    @property
    def mean(self) -> Floats:
        """Posterior mean (n,)."""
        return self.shape / self.per_unit

    @property
    def prior_mean(self) -> Floats:
        """Prior mean (n,), the peers' rate."""
        return self.prior_shape / self.prior_per_unit

    def widened(self, doubt: float) -> Rate:
        """The same means, posteriors widened by a squared coefficient of variation that all rows share."""
        shape = self.shape / (1 + self.shape * doubt)
        return Rate(shape, self.per_unit * shape / self.shape, self.prior_shape, self.prior_per_unit)

    def over(self, unit: Floats) -> Rate:
        """The same quantity in units of `unit` (n,)."""
        return Rate(self.shape, self.per_unit * unit, self.prior_shape, self.prior_per_unit * unit)

    def quantile(self, share: float) -> Floats:
        """The value (n,) below which the rate lies with probability `share`."""
        return gamma_quantile(self.shape, share) / self.per_unit

    def chance_above(self, level: Floats | float) -> Floats:
        """P(rate > level), (n,)."""
        return np.asarray(gammaincc(self.shape, self.per_unit * level))

    def chance_above_peer(self) -> Floats:
        """P(rate > the rate of a random peer), a peer being a draw from the prior; one half without data
        (n,).

        For independent Gammas X (shape a, rate b) and Y (a0, b0): P(X > Y) = I_{b0 / (b0 + b)}(a0, a).
        """
        return np.asarray(
            betainc(self.prior_shape, self.shape, self.prior_per_unit / (self.prior_per_unit + self.per_unit))
        )


@dataclass(slots=True)
class _Level:
    """Units of one level: the number of each one's parent a level up, its data, and its current estimates."""

    parent: Codes
    events: Floats
    exposure: Floats
    mean: Floats
    shape: Floats | float = float(np.exp(SHAPE_CENTRE))
    doubt: Floats | float = 0.0
    drift: Floats | float = 0.0

    def messages(self) -> tuple[Floats, Floats]:
        """Events and exposure that each unit sends its parent."""
        weight = 1 / (1 + self.exposure * self.mean / self.shape)
        return weight * self.events, weight * self.exposure


def gamma_quantile(shape: Floats, share: float) -> Floats:
    """The `share` quantile of Gamma distributions of these shapes and scale 1 (n,).

    For many rows it is interpolated in a fine table of log shape, exact to 1e-5 of its value: the inverse
    itself takes a second per million.
    """
    known = shape[shape > 0]
    if len(known) <= TABLE_POINTS or not np.isfinite(known).all():
        return np.asarray(gammaincinv(shape, share))
    points = np.linspace(np.log(known.min()), np.log(known.max()), TABLE_POINTS)
    with np.errstate(divide="ignore", invalid="ignore"):
        table = np.log(np.maximum(gammaincinv(np.exp(points), share), np.finfo(float).tiny))
        return np.asarray(np.exp(np.interp(np.log(shape), points, table)))


def usual_rate(events: float, exposure: float, typical: float) -> float:
    """The rate expected in an account before its parts are looked at: the field's `typical` one without an
    event, the account's own from ENOUGH_EVENTS on, geometrically between the two before."""
    if not (events > 0 and exposure > 0):
        return typical
    weight = min(events / ENOUGH_EVENTS, 1.0)
    return float(typical ** (1 - weight) * (events / exposure) ** weight)


def hierarchical_rate(
    events: Floats,
    exposure: Floats,
    levels: Sequence[Codes],
    typical: float,
    doubt: Floats | float = 0.0,
    drift: Floats | float = 0.0,
    usual_shape: float = USUAL_SHAPE,
) -> Rate:
    """Posterior of each row's rate, shrunk through nested groups.

    `events`, `exposure`: n each, ≥ 0; rows without exposure get their prior. `levels`: group number of each
    row (n,) at each level, widest first. `typical`: the field's usual rate; that of the account (usual_rate)
    counts as half an event.
    `doubt`: squared coefficient of variation of a row's prior mean beyond the differences between rows (n, or
    one for all). `drift`: variance by which rows differ more today than their past events can show
    (likewise). `usual_shape`: α before any data. Valid where exposure is the same kind of opportunity
    throughout.
    """
    events, exposure = np.nan_to_num(events), np.nan_to_num(exposure)
    if not len(events):
        return Rate(events, exposure, events, exposure)
    typical = usual_rate(float(events.sum()), float(exposure.sum()), typical)
    start = (events.sum() + ACCOUNT_EVENTS) / (exposure.sum() + ACCOUNT_EVENTS / typical)
    tree = _tree(events, exposure, levels, start)
    tree[-1].doubt, tree[-1].drift = doubt, drift
    for _ in range(ROUNDS):
        _pass_up(tree)
        shape, per_unit = _pass_down(tree, typical, np.log(usual_shape))
    return Rate(shape + events, per_unit + exposure, shape, per_unit)


def _tree(events: Floats, exposure: Floats, levels: Sequence[Codes], start: float) -> list[_Level]:
    """Levels of units from the widest down to the rows themselves."""
    tree = []
    above = np.zeros(len(events), dtype=np.intp)
    for codes in [*levels, np.arange(len(events))]:
        size = int(codes.max()) + 1
        parent = np.zeros(size, dtype=np.intp)
        parent[codes] = above
        tree.append(_Level(parent, np.zeros(size), np.zeros(size), np.full(size, start)))
        above = codes
    tree[-1].events, tree[-1].exposure = events, exposure
    return tree


def _pass_up(tree: list[_Level]) -> None:
    for upper, lower in zip(tree[-2::-1], tree[:0:-1], strict=True):
        events, exposure = lower.messages()
        size = len(upper.parent)
        upper.events = np.bincount(lower.parent, events, size).astype(float)
        upper.exposure = np.bincount(lower.parent, exposure, size).astype(float)


def _pass_down(tree: list[_Level], typical: float, usual: float) -> tuple[Floats, Floats]:
    """Prior (shape, per unit) of each row; fits the shape of each level on the way."""
    shape, per_unit = np.array([ACCOUNT_EVENTS]), np.array([ACCOUNT_EVENTS / typical])
    for level in tree:
        events, exposure = level.messages()
        others_events = np.bincount(level.parent, events, len(shape))[level.parent] - events
        others_exposure = np.bincount(level.parent, exposure, len(shape))[level.parent] - exposure
        # Rounding can leave a difference of sums just below zero.
        known = shape[level.parent] + np.maximum(others_events, 0)
        level.mean = known / (per_unit[level.parent] + np.maximum(others_exposure, 0))
        between = fitted_shapes(level.events, level.exposure, level.mean, 1 / known + level.doubt, usual)
        level.shape = 1 / (1 / between + level.doubt + level.drift)
        shape = 1 / (1 / level.shape + 1 / known)
        per_unit = shape / level.mean
    return shape, per_unit


def fitted_shapes(
    events: Floats, exposure: Floats, mean: Floats, unsure: Floats, usual: float = SHAPE_CENTRE
) -> Floats:
    """α of each unit (units,), fitted to the units of its class of expected events and shrunk to the level's.

    Rare words differ more from what is expected of them than common ones, which average over many searches.
    The log of a class's α lies within a standard deviation CLASS_SPREAD of the level's. `usual`: log α before
    any data; the others as for fitted_shape.
    """
    level = np.log(fitted_shape(events, exposure, mean, unsure, usual))
    classes = np.searchsorted(CLASSES, exposure * mean)
    shapes = np.full(len(events), np.exp(level))
    for number in range(len(CLASSES) + 1):
        units = classes == number
        if len(units) > 1 and units.any():
            shapes[units] = fitted_shape(
                events[units], exposure[units], mean[units], unsure[units], level, CLASS_SPREAD
            )
    return shapes


def fitted_shape(
    events: Floats,
    exposure: Floats,
    mean: Floats,
    unsure: Floats,
    centre: float = SHAPE_CENTRE,
    spread: float = SHAPE_SPREAD,
) -> float:
    """The α that maximises the penalised marginal likelihood of its units' events (1-D search).

    `events`, `exposure`: n units; `mean`: their prior means; `unsure`: squared coefficients of variation of
    those means; `centre`, `spread`: of the normal prior of log α. The marginal of a unit is negative binomial
    with mean exposure × mean and shape 1 / (1 / α + unsure).
    """
    seen = np.flatnonzero(exposure > 0)
    scale = 1.0
    if len(seen) > FIT_ON_AT_MOST:
        kept = seen[np.linspace(0, len(seen) - 1, FIT_ON_AT_MOST).astype(int)]
        scale, seen = len(seen) / len(kept), kept
    y, expected, doubt = events[seen], exposure[seen] * mean[seen], unsure[seen]
    some = y > 0

    def loss(log_shape: float) -> float:
        a = 1 / (np.exp(-log_shape) + doubt)
        gain = (gammaln(y[some] + a[some]) - gammaln(a[some])).sum()
        gain += (y[some] * (np.log(expected[some]) - np.log(a[some] + expected[some]))).sum()
        gain -= (a * np.log1p(expected / a)).sum()
        return float(-gain * scale + 0.5 * ((log_shape - centre) / spread) ** 2)

    found = minimize_scalar(loss, bounds=SHAPE_BOUNDS, method="bounded", options={"xatol": 0.02})
    return float(np.exp(found.x))
