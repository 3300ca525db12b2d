"""What the past is worth today: weeks in which the whole account sold better or worse, and how fast words change.

An event week sells better on every word at once. Of the orders y_t of week t, E_t would be expected at each word's usual
rate. A week is unusual when y_t lies more than UNUSUAL standard deviations from what ordinary weeks (the median of y / E) let
expect, sd² = E + (ORDINARY_SPREAD E)²; its level is y_t / E_t. The others differ by little and by chance:

    y_t ~ Poisson(E_t g_t),  g_t ~ Gamma(shape a, mean m)       ĝ_t = (a + y_t) / (a / m + E_t)

with m their mean and a fitted by marginal likelihood. The clicks of week t count as ĝ_t / ĝ_now clicks of the present, ĝ_now being
orders ÷ expected orders of the latest ordinary weeks; how unsure ĝ_now is, all words share.

Words change too, each in its own way. Over T weeks of a random walk with variance q a week, today's rate lies from the mean of
the past by a variance of v = q T / 3; so E expected orders of the past tell as much of today as E / (1 + E v); and words differ more today than the
means of their past by a variance of q T - q T / 3. q is fitted to how far each word's rate moved between the halves of the
time beyond chance, drawn to USUAL_DRIFT². Random-walk level:
West & Harrison 1997, chapter 2; discounting as a power prior: Ibrahim & Chen 2000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.evidence.rates import Codes, Floats, fitted_shape

DAYS = 7
# Weeks whose mean is the present level, and the fewest from which anything is said.
LATEST, LEAST_WEEKS = 8, 4
# An unusual week lies this many standard deviations off, and ordinary weeks differ by about this share.
UNUSUAL, ORDINARY_SPREAD = 2.5, 0.05
# A word's own rate is drawn to the account's by this many orders when a week's orders are expected from it.
USUAL_ORDERS = 5.0
# How far a word's conversion moves in a week, until the data say otherwise (sd of its log), and what that guess is worth in words.
USUAL_DRIFT, DRIFT_WORDS = 0.04, 20.0
# A word with fewer orders in either half of the time tells nothing of drift.
LEAST_HALF = 10.0


@dataclass(frozen=True, slots=True)
class Present:
    """Of n facts: `pace` clicks of the present that a click stands for, `kept` how much the fact counts at all. `doubt`:
    squared coefficient of variation of the present level, which all words share. `drift`: the variance by which words differ
    more today than over their past."""

    pace: Floats
    kept: Floats
    doubt: float
    drift: float


def present_worth(facts: pd.DataFrame, words: Codes, exposure: Floats, orders: Floats) -> Present:
    """What clicks and orders of the past are worth today.

    facts: n rows with `date`; words: number of each fact's decision row; exposure: clicks whose orders are known; orders:
    n each. All count alike where the facts are not daily, or of less than LEAST_WEEKS weeks.
    """
    ones = np.ones(len(facts))
    if "date" not in facts or facts["date"].isna().all():
        return Present(ones, ones, 0.0, 0.0)
    week: NDArray[np.intp] = (
        (facts["date"].max() - facts["date"]).dt.days.floordiv(DAYS).fillna(0).to_numpy(dtype=np.intp)
    )
    if week.max(initial=0) + 1 < LEAST_WEEKS or not (orders.sum() > 0 and exposure.sum() > 0):
        return Present(ones, ones, 0.0, 0.0)
    pace, doubt = week_pace(words, week, exposure, orders)
    present = exposure * pace[week]
    expected = np.bincount(words, present) * orders.sum() / present.sum()
    walked = drift(words, week, present, orders) * (week.max() + 1)
    return Present(pace[week], 1 / (1 + expected * walked / 3)[words], doubt, walked * 2 / 3)


def drift(words: Codes, week: NDArray[np.intp], exposure: Floats, orders: Floats) -> float:
    """q: variance a week of the log of a word's rate; words, week (age), exposure (clicks), orders: n facts."""
    size, weeks = int(words.max()) + 1, int(week.max()) + 1
    late = week < weeks // 2
    y1, y2 = (np.bincount(words[part], orders[part], size) for part in (~late, late))
    x1, x2 = (np.bincount(words[part], exposure[part], size) for part in (~late, late))
    told = (y1 >= LEAST_HALF) & (y2 >= LEAST_HALF) & (x1 > 0) & (x2 > 0)
    y1, y2, x1, x2 = y1[told], y2[told], x1[told], x2[told]
    moved = np.log(y2 / x2) - np.log(y1 / x1)
    chance = 1 / y1 + 1 / y2
    # Means of two halves of a random walk over T weeks differ by a variance of q T / 3.
    weight = 1 / (1 + chance / (USUAL_DRIFT**2 * weeks / 3)) ** 2
    beyond = float((weight * (moved**2 - chance)).sum()) / (weeks / 3)
    q = (beyond + DRIFT_WORDS * USUAL_DRIFT**2) / (float(weight.sum()) + DRIFT_WORDS)
    return float(np.clip(q, 0.0, 0.2**2))


def week_pace(words: Codes, week: NDArray[np.intp], exposure: Floats, orders: Floats) -> tuple[Floats, float]:
    """ĝ_t / ĝ_now of each week, newest first (weeks,), and the squared coefficient of variation of ĝ_now.

    words, week (age in weeks), exposure (clicks), orders: n facts, with at least one order.
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
