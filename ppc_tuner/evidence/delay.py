"""How complete the orders of a click are, by its age: fitted to overlapping exports, else the platform's default curve.

The same days pulled twice show how orders came in between (chain ladder): of the orders known at age B, the share that was
known at age A < B is c(A) / c(B), so known_A ~ Binomial(known_B, c(A) / c(B)). The curve is

    c(a) = 1 − (1 − p) exp(−((a − 1) / τ)^k),  divided by its value at the end of the attribution window

with p known on the first day and the rest spread like a Weibull time. p, τ, k are fitted by penalised likelihood, drawn to
those of the default curve as by a few dozen orders. After Chapelle 2014 (delayed feedback) and Mack 1993 (chain ladder).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

Floats = NDArray[np.float64]

KEYS = (
    "level", "platform", "account", "currency", "channel", "campaign_id", "campaign", "ad_group_id", "ad_group", "item_id",
    "keyword_id", "keyword", "match_type", "search_term", "device", "date",
)  # fmt: skip
# How far an account's curve may lie from its platform's default: logit of p, log τ, log k.
SPREADS = np.array([0.7, 0.7, 0.3])
# Attribution windows tried beside the platform's usual one, in days, and what a longer one must gain in log likelihood.
WINDOWS, WINDOW_COST = (30, 60, 90), 3.0
# Fewer orders than this in days seen twice say less than the default.
LEAST_ORDERS = 20


@dataclass(frozen=True, slots=True)
class Completeness:
    """`curve`: share of final orders known 1, 2, 3 … days after the day of the click; `orders` seen twice it was fitted to."""

    curve: tuple[float, ...]
    orders: float


def completeness_curve(
    facts: pd.DataFrame, superseded: pd.DataFrame, default: Sequence[float]
) -> Completeness:
    """The account's curve where `superseded` (older exports of days in `facts`) hold enough orders, else the default.

    facts, superseded: canonical daily facts with exported_on. The curve is as long as the default one (the attribution
    window), or longer where orders are seen to come in beyond it.
    """
    pairs = developments(facts, superseded)
    orders = float(pairs["later"].sum())
    if len(default) < 2 or orders < LEAST_ORDERS:
        return Completeness(tuple(default), 0.0)
    start = _fitted(np.arange(1, len(default) + 1), np.asarray(default, dtype=float))
    fits = [
        _fit(pairs, start, window) for window in (len(default), *(w for w in WINDOWS if w > len(default)))
    ]
    # A longer window than the platform's usual one must show in the data.
    losses = [loss + (WINDOW_COST if number else 0.0) for number, (loss, _) in enumerate(fits)]
    return Completeness(tuple(fits[int(np.argmin(losses))][1].tolist()), orders)


def _fit(pairs: pd.DataFrame, start: Floats, window: int) -> tuple[float, Floats]:
    """Penalised loss and curve of the best point for this attribution window (days)."""
    early, late = (np.minimum(pairs[name].to_numpy(), window) for name in ("age_before", "age_after"))
    known, later = pairs["known"].to_numpy(dtype=float), pairs["later"].to_numpy(dtype=float)

    def loss(point: Floats) -> float:
        share = np.clip(curve_of(point, early, window) / curve_of(point, late, window), 1e-6, 1 - 1e-6)
        fit = (known * np.log(share) + (later - known) * np.log1p(-share)).sum()
        return float(-fit + 0.5 * (((point - start) / SPREADS) ** 2).sum())

    best = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-3, "maxiter": 600})
    return float(best.fun), np.minimum(curve_of(best.x, np.arange(1, window + 1), window), 1.0)


def developments(facts: pd.DataFrame, superseded: pd.DataFrame) -> pd.DataFrame:
    """Orders of the same days and words in an older and the newest export, summed by their ages in days.

    Columns age_before, age_after, known (orders in the older export), later (in the newest; never fewer).
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
    """c at these ages; point = logit p, log τ, log k."""

    def known(age: Floats) -> Floats:
        return np.asarray(
            1 - (1 - expit(point[0])) * np.exp(-(((age - 1) / np.exp(point[1])) ** np.exp(point[2])))
        )

    return np.asarray(known(np.asarray(ages, dtype=float)) / known(np.array([float(window)])))


def _fitted(ages: NDArray[np.int64], curve: Floats) -> Floats:
    """The point of the family nearest to a given curve (least squares)."""

    def loss(point: Floats) -> float:
        return float(((curve_of(point, ages, len(ages)) - curve) ** 2).sum() * 1e4 + 1e-3 * (point**2).sum())

    start = np.array([logit(np.clip(curve[0], 0.02, 0.98)), np.log(max(len(curve) / 4, 1.0)), 0.0])
    return np.asarray(minimize(loss, start, method="Nelder-Mead", options={"maxiter": 2000}).x)
