"""The past in today's terms: weeks in which the whole account sold unusually, and how fast words change.

In an event week every word sells better at once. Let y_t be the orders of week t, E_t those expected at each
word's usual rate, and μ_t = E_t × median(y / E) those of an ordinary week. A week is unusual when y_t lies
more than UNUSUAL standard deviations from μ_t, sd² = μ + (ORDINARY_SPREAD μ)² + ¼; then its level is y_t /
E_t. Ordinary weeks differ by little and by chance:

    y_t ~ Poisson(E_t g_t),  g_t ~ Gamma(shape a, mean m)       ĝ_t = (a + y_t) / (a / m + E_t)

with m their mean and a fitted by marginal likelihood. A click of week t counts as ĝ_t / ĝ_now clicks of
today, ĝ_now being orders ÷ expected orders of the latest ordinary weeks; all words share its uncertainty.

Each word also changes on its own. After T weeks of a random walk with variance q a week, today's log rate
differs from the mean of the past by a variance of v = q T / 3, so E expected orders of the past say as much
about today as E / (1 + E v), and words differ more today than the means of their past by a variance of
q T − v. q is fitted to how far each word's rate moved between the two halves of the time beyond chance,
shrunk to USUAL_DRIFT². Random-walk level: West & Harrison 1997, chapter 2; discounting as a power prior:
Ibrahim & Chen 2000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.evidence.rates import Codes, Floats, fitted_shape

DAYS = 7
# Weeks that make up today's level, and the fewest weeks from which anything is concluded.
LATEST, LEAST_WEEKS = 8, 4
# A week this many standard deviations off is unusual; ordinary weeks differ by about this share.
UNUSUAL, ORDINARY_SPREAD = 2.5, 0.05
# The weight, in orders, of the account's rate in a word's own when a week's orders are expected from it.
USUAL_ORDERS = 5.0
# Prior of a word's weekly drift (sd of log conversion rate), and its weight in words.
USUAL_DRIFT, DRIFT_WORDS = 0.04, 20.0
# A word with fewer orders in either half of the time says nothing about drift.
LEAST_HALF = 10.0


@dataclass(frozen=True, slots=True)
class Present:
    """The past in today's terms.

    `clicks`, `orders`: of n decision rows. `doubt`: squared coefficient of variation of today's level, which
    all words share. `drift`: variance by which words differ more today than over their past.
    """

    clicks: Floats
    orders: Floats
    doubt: float
    drift: float


def present_of(evidence: pd.DataFrame, size: int) -> Present:
    """Past clicks and orders of each of `size` decision rows, weighted by what they say about today.

    `evidence`: a row for each fact with row (number of its decision row), exposure (clicks whose orders are
    known), orders and date. All facts count alike where they are not daily or span fewer than LEAST_WEEKS
    weeks.
    """
    words, exposure, orders = (evidence[name].to_numpy() for name in ("row", "exposure", "orders"))
    weights = _weights(evidence, words, exposure, orders)
    clicks, kept = exposure * weights.pace * weights.kept, orders * weights.kept
    return Present(
        np.bincount(words, clicks, size).astype(float),
        np.bincount(words, kept, size).astype(float),
        weights.doubt,
        weights.drift,
    )


@dataclass(frozen=True, slots=True)
class _Weights:
    """Of n facts: `pace`, the clicks of today that a click stands for; `kept`, the share that counts."""

    pace: Floats | float
    kept: Floats | float
    doubt: float = 0.0
    drift: float = 0.0


def _weights(evidence: pd.DataFrame, words: Codes, exposure: Floats, orders: Floats) -> _Weights:
    if "date" not in evidence or evidence["date"].isna().all():
        return _Weights(1.0, 1.0)
    dates = evidence["date"]
    week: NDArray[np.intp] = (dates.max() - dates).dt.days.floordiv(DAYS).fillna(0).to_numpy(dtype=np.intp)
    if week.max(initial=0) + 1 < LEAST_WEEKS or not (orders.sum() > 0 and exposure.sum() > 0):
        return _Weights(1.0, 1.0)
    pace, doubt = week_pace(words, week, exposure, orders)
    present = exposure * pace[week]
    expected = np.bincount(words, present) * orders.sum() / present.sum()
    walked = drift(words, week, present, orders) * (week.max() + 1)
    return _Weights(pace[week], 1 / (1 + expected * walked / 3)[words], doubt, walked * 2 / 3)


def drift(words: Codes, week: NDArray[np.intp], exposure: Floats, orders: Floats) -> float:
    """q, the variance a week of the log of a word's rate.

    `words` (number of the decision row), `week` (age in weeks), `exposure` (clicks), `orders`: n facts.
    """
    size, weeks = int(words.max()) + 1, int(week.max()) + 1
    late = week < weeks // 2
    y1, y2 = (np.bincount(words[part], orders[part], size) for part in (~late, late))
    x1, x2 = (np.bincount(words[part], exposure[part], size) for part in (~late, late))
    enough = (y1 >= LEAST_HALF) & (y2 >= LEAST_HALF) & (x1 > 0) & (x2 > 0)
    y1, y2, x1, x2 = y1[enough], y2[enough], x1[enough], x2[enough]
    moved = np.log(y2 / x2) - np.log(y1 / x1)
    chance = 1 / y1 + 1 / y2
    # The means of the two halves of a random walk over T weeks differ by a variance of q T / 3.
    weight = 1 / (1 + chance / (USUAL_DRIFT**2 * weeks / 3)) ** 2
    beyond = float((weight * (moved**2 - chance)).sum()) / (weeks / 3)
    q = (beyond + DRIFT_WORDS * USUAL_DRIFT**2) / (float(weight.sum()) + DRIFT_WORDS)
    return float(np.clip(q, 0.0, 0.2**2))


def week_pace(words: Codes, week: NDArray[np.intp], exposure: Floats, orders: Floats) -> tuple[Floats, float]:
    """ĝ_t / ĝ_now of each week, newest first (weeks,), and the squared coefficient of variation of ĝ_now.

    `words` (number of the decision row), `week` (age in weeks), `exposure` (clicks), `orders`: n facts, with
    at least one order in all.
    """
    usual = orders.sum() / exposure.sum()
    total, known = np.bincount(words, orders), np.bincount(words, exposure)
    rate = (total + USUAL_ORDERS) / (known + USUAL_ORDERS / usual)
    expected = np.bincount(week, exposure * rate[words]).astype(float)
    seen = np.bincount(week, orders).astype(float)
    some = expected > 0
    middle = np.median(seen[some] / expected[some]) * expected
    scatter = np.sqrt(middle + (ORDINARY_SPREAD * middle) ** 2 + 0.25)
    ordinary = some & (np.abs(seen - middle) <= UNUSUAL * scatter)
    y, e = seen[ordinary], expected[ordinary]
    if not y.sum() > 0:
        return np.ones(len(seen)), 0.0
    mean = y.sum() / e.sum()
    usual_shape = -2 * np.log(ORDINARY_SPREAD)
    shape = fitted_shape(y, e, np.full(len(y), mean), np.zeros(len(y)), usual_shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.where(ordinary, (shape + seen) / (shape / mean + expected), seen / expected)
    now = y[:LATEST].sum() / max(e[:LATEST].sum(), 1e-9)
    doubt = 1 / max(y[:LATEST].sum(), 1.0) + 1 / shape / len(y[:LATEST])
    return np.where(some & (now > 0), np.maximum(level / now, 1e-3), 1.0), float(doubt)
