"""Share of a click's orders known by its age: fitted to overlapping exports, else the platform's default.

The same days exported twice show how orders arrive in between (chain ladder): of the orders known at age B,
the share already known at age A < B is c(A) / c(B), so known_A ~ Binomial(known_B, c(A) / c(B)). The curve is

    c(a) = 1 − (1 − p) exp(−((a − 1) / τ)^k),  divided by its value at the end of the attribution window

where p is the share known on the first day and the other delays follow a Weibull distribution. p, τ and k are
fitted by penalised likelihood, shrunk towards those of the default curve as if by a few dozen orders. After
Chapelle 2014 (delayed feedback) and Mack 1993 (chain ladder).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

from ppc_tuner.account import Completeness
from ppc_tuner.identity import ROW

Floats = NDArray[np.float64]

KEYS = ("level", *ROW, "date")
# Prior standard deviations about the platform's default: logit p, log τ, log k.
SPREADS = np.array([0.7, 0.7, 0.3])
# Attribution windows (days) tried beside the platform's own; what a longer one must gain in log likelihood.
WINDOWS, WINDOW_COST = (30, 60, 90), 3.0
# With fewer orders in days exported twice the default is the better guess.
LEAST_ORDERS = 20


def completeness_curve(
    facts: pd.DataFrame, superseded: pd.DataFrame, default: Sequence[float]
) -> Completeness:
    """Share of a click's final orders known by age, for one account.

    `facts`, `superseded`: canonical daily facts with exported_on, the latter from older exports of days in
    `facts`. `default`: the platform's share known 1, 2, 3 … days after the click. The curve is fitted where
    days exported twice hold at least LEAST_ORDERS orders; otherwise it is the default. Its length is the
    attribution window in days: the default's, or longer where orders are seen to arrive after it.
    """
    pairs = developments(facts, superseded)
    orders = float(pairs["later"].sum())
    if len(default) < 2 or orders < LEAST_ORDERS:
        return Completeness(tuple(default), 0.0)
    start = _fitted(np.arange(1, len(default) + 1), np.asarray(default, dtype=float))
    fits = [
        _fit(pairs, start, window) for window in (len(default), *(w for w in WINDOWS if w > len(default)))
    ]
    # Chance alone favours a longer window a little; only clear evidence should.
    losses = [loss + (WINDOW_COST if number else 0.0) for number, (loss, _) in enumerate(fits)]
    return Completeness(tuple(fits[int(np.argmin(losses))][1].tolist()), orders)


def _fit(pairs: pd.DataFrame, start: Floats, window: int) -> tuple[float, Floats]:
    """Penalised loss at the optimum, and its curve (shape (window,)), for an attribution window in days."""
    early, late = (np.minimum(pairs[name].to_numpy(), window) for name in ("age_before", "age_after"))
    known, later = pairs["known"].to_numpy(dtype=float), pairs["later"].to_numpy(dtype=float)

    def loss(point: Floats) -> float:
        share = np.clip(curve_of(point, early, window) / curve_of(point, late, window), 1e-6, 1 - 1e-6)
        fit = (known * np.log(share) + (later - known) * np.log1p(-share)).sum()
        return float(-fit + 0.5 * (((point - start) / SPREADS) ** 2).sum())

    best = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-3, "maxiter": 600})
    return float(best.fun), np.minimum(curve_of(best.x, np.arange(1, window + 1), window), 1.0)


def developments(facts: pd.DataFrame, superseded: pd.DataFrame) -> pd.DataFrame:
    """Orders of the same days and words in an older export and in the newest, summed by their ages.

    Returns a row for each pair of ages: age_before, age_after (days), known (orders in the older export,
    capped at `later`) and later (orders in the newest); no rows where nothing overlaps.
    """
    empty = pd.DataFrame(
        {name: pd.Series(dtype=float) for name in ("age_before", "age_after", "known", "later")}
    )
    if superseded.empty or "date" not in superseded or "conversions" not in superseded:
        return empty
    keys = [name for name in KEYS if name in facts and name in superseded]
    columns = [*keys, "exported_on", "conversions"]
    daily = facts.loc[facts["date"].notna(), columns]
    newest = (
        daily.groupby([*keys, "exported_on"], dropna=False, sort=False)["conversions"].sum().reset_index()
    )
    older = (
        superseded[columns]
        .groupby([*keys, "exported_on"], dropna=False, sort=False)["conversions"]
        .sum()
        .reset_index()
    )
    both = older.merge(newest, on=keys, suffixes=("_before", "_after"))
    for side in ("before", "after"):
        both[f"age_{side}"] = (both[f"exported_on_{side}"] - both["date"]).dt.days.clip(lower=1)
    both = both[both["age_before"] < both["age_after"]]
    both["known"] = np.minimum(both["conversions_before"], both["conversions_after"])
    summed = both.groupby(["age_before", "age_after"])[["known", "conversions_after"]].sum().reset_index()
    return summed.rename(columns={"conversions_after": "later"}) if len(summed) else empty


def curve_of(point: Floats, ages: NDArray[np.int64] | Floats, window: int) -> Floats:
    """c at these ages (days); `point`: (logit p, log τ, log k); `window`: attribution window (days)."""

    def known(age: Floats) -> Floats:
        return np.asarray(
            1 - (1 - expit(point[0])) * np.exp(-(((age - 1) / np.exp(point[1])) ** np.exp(point[2])))
        )

    return np.asarray(known(np.asarray(ages, dtype=float)) / known(np.array([float(window)])))


def _fitted(ages: NDArray[np.int64], curve: Floats) -> Floats:
    """The point whose curve is nearest to a given one (least squares)."""

    def loss(point: Floats) -> float:
        return float(((curve_of(point, ages, len(ages)) - curve) ** 2).sum() * 1e4 + 1e-3 * (point**2).sum())

    start = np.array([logit(np.clip(curve[0], 0.02, 0.98)), np.log(max(len(curve) / 4, 1.0)), 0.0])
    return np.asarray(minimize(loss, start, method="Nelder-Mead", options={"maxiter": 2000}).x)
