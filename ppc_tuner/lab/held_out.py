"""How well conversion rates are predicted on held-out clicks, beside simpler ways to estimate them.

Each click of an export goes to one of two halves at random, and its order with it (at most one per click;
orders beyond a word's clicks are left out). Rates are estimated on one half and judged on the other by the

    reduction = 1 − deviance(rates) / deviance(the pooled rate)
    deviance = 2 Σ (y log(y / μ) − (y − μ)),  μ = clicks × rate

(Poisson deviance, McCullagh & Nelder 1989; thinning keeps both halves Poisson). 1 would be foreknowledge, 0
is no better than one rate for all words, below 0 is worse.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from scipy.special import xlogy

from ppc_tuner.context import Context, given_context, orders_that_count
from ppc_tuner.evidence import Present, usual_response, worth_of
from ppc_tuner.evidence.rates import TYPICAL_CVR, hierarchical_rate
from ppc_tuner.kinds import kinds_of
from ppc_tuner.lab.arrays import Floats, floats
from ppc_tuner.reports import Platform
from ppc_tuner.settings import Settings
from ppc_tuner.windows import look_back

OURS: Final = "ppc_tuner"
CATEGORIES: Final = ("campaign", "ad_group", "match_type", "channel")
FOLDS: Final = 5
# Expected orders of a word are at least this, so that a rate of zero can be judged.
LEAST_EXPECTED: Final = 1e-3


def word_rows(facts: pd.DataFrame, platform: Platform, context: Context, settings: Settings) -> pd.DataFrame:
    """Decision rows of one account as the estimates take them, every day counting alike."""
    counted = orders_that_count(facts, context, settings)
    found = look_back(counted, [], 0, platform.bid.by_device, settings)
    given, _ = given_context(found.figures, found.reported, context, settings)
    kinds = kinds_of(found.figures, given, context.brand_words, settings)
    return pd.concat([found.figures, given, kinds], axis=1)


def reductions(rows: pd.DataFrame, settings: Settings, seed: int) -> dict[str, float]:
    """Reduction of the held-out deviance by way of estimating.

    rows: decision rows with clicks and conversions; seed: of the split. Empty if one half has no order.
    """
    known, clicks, orders = halves(rows, np.random.default_rng(seed))
    n, y = floats(known["clicks"]), floats(known["conversions"])
    if not (y.sum() > 0 and orders.sum() > 0):
        return {}
    pooled = y.sum() / n.sum()
    response = usual_response(settings)
    rates = {
        "raw": np.divide(y, n, out=np.full(len(n), pooled), where=n > 0),
        "shrunk": hierarchical_rate(y, n, [], TYPICAL_CVR).mean,
        "boosting": boosted(known, pooled),
        OURS: floats(worth_of(known, Present(n, y, 0.0, 0.0), response, settings).frame["cvr"]),
    }
    base = deviance(orders, clicks * pooled)
    return {name: 1 - deviance(orders, clicks * rate) / base for name, rate in rates.items()}


def halves(rows: pd.DataFrame, random: np.random.Generator) -> tuple[pd.DataFrame, Floats, Floats]:
    """The rows with one half of their clicks and orders, and clicks and orders (rows,) of the other."""
    clicks = np.round(floats(rows["clicks"])).astype(np.int64)
    orders = np.minimum(np.round(floats(rows["conversions"].fillna(0))).astype(np.int64), clicks)
    kept = random.binomial(clicks, 0.5)
    sold = random.hypergeometric(orders, clicks - orders, kept)
    share = np.divide(kept, clicks, out=np.zeros(len(clicks)), where=clicks > 0)
    wanted = ("cost", "counted_cost", "revenue", "counted_revenue")
    scaled: dict[str, Any] = {name: rows[name] * share for name in wanted if name in rows}
    for name in ("favourites", "add_to_carts"):
        if name in rows:
            # Favourites and carts of the other half would give its orders away.
            scaled[name] = random.binomial(np.round(floats(rows[name].fillna(0))).astype(np.int64), share)
    shown = {name: rows[name] / 2 for name in ("impressions", "counted_impressions")}
    counts = dict.fromkeys(("clicks", "counted_clicks", "exposure"), kept.astype(np.float64))
    counts |= dict.fromkeys(("conversions", "counted_conversions"), sold.astype(np.float64))
    other = (clicks - kept).astype(np.float64), (orders - sold).astype(np.float64)
    return rows.assign(**scaled, **shown, **counts), *other


def deviance(orders: Floats, expected: Floats) -> float:
    """Poisson deviance of orders (n,) under expected orders (n,)."""
    expected = np.maximum(expected, LEAST_EXPECTED)
    return float(2 * (xlogy(orders, orders / expected) - (orders - expected)).sum())


def boosted(rows: pd.DataFrame, pooled: float) -> Floats:
    """Rates (rows,) by gradient boosting on the words' categories and figures, never their own orders
    (cross-fitted).

    `pooled` where the other words tell nothing.
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    impressions, clicks, cost = (floats(rows[name].fillna(0)) for name in ("impressions", "clicks", "cost"))
    bid = floats(rows["bid"]) if "bid" in rows else np.full(len(rows), np.nan)
    figures = [
        np.log((cost + 0.1) / (clicks + 0.1)),
        np.log((clicks + 0.5) / (impressions + 20)),
        np.log1p(impressions),
        bid,
    ]
    codes = [pd.factorize(rows[name])[0] for name in CATEGORIES if name in rows]
    varied = [column for column in (*figures, *codes) if len(np.unique(column[~np.isnan(column)])) > 1]
    if not varied:
        return np.full(len(rows), pooled)
    features = np.column_stack(varied)
    orders = floats(rows["conversions"])
    fold = np.random.default_rng(0).permutation(len(rows)) % FOLDS
    rates = np.full(len(rows), pooled)
    for number in range(FOLDS):
        known, asked = (fold != number) & (clicks > 0), fold == number
        if not orders[known].sum() > 0 or not asked.any():
            continue
        model = HistGradientBoostingRegressor(
            loss="poisson", max_iter=150, learning_rate=0.05, min_samples_leaf=min(50, int(known.sum()))
        )
        model.fit(features[known], orders[known] / clicks[known], sample_weight=clicks[known])
        rates[asked] = model.predict(features[asked])
    return rates
