"""A word's own features, and what a Poisson regression makes of them.

Features: words and runs of up to three of them in the keyword (for Chinese, characters); kind, match type and device; price,
click-through, quality score, and favourites and add-to-carts per click, which foretell orders. Ridge on all of them.
"""

from __future__ import annotations

import contextlib
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.text import TOKEN

Floats = NDArray[np.float64]

CATEGORIES: Final = ("kind", "match_type", "device")
# Ridge penalty per unit of weight: of .001–.03 the choice moves held-out deviance by less than .004 (benchmarks/held_out_deviance.py).
PENALTY: Final = 0.003
FOLDS: Final = 3
# Below this an account cannot tell features from luck; above the other the fit is on a sample.
LEAST_ORDERS, FIT_ON_AT_MOST = 50, 30_000
TEXT_FEATURES: Final = 4000
# A small number of clicks of the account's usual behaviour, so that a rate of three clicks is no rate of 0 or 1.
USUAL_CLICKS: Final = 20.0
BOUND: Final = 20.0


def cross_fitted_factor(rows: pd.DataFrame, events: Floats, exposure: Floats, price: Floats) -> Floats | None:
    """Expected rate of each row over the account's, from a regression on the other rows; None with too few orders.

    rows: decision rows (keyword and what else they have); events, exposure, price: n rows. Within 1 / BOUND … BOUND.
    """
    seen = np.flatnonzero(exposure > 0)
    if events.sum() < LEAST_ORDERS or len(seen) < 10 * FOLDS:
        return None
    from sklearn.linear_model import PoissonRegressor
    from threadpoolctl import threadpool_limits

    matrix = feature_matrix(rows, price, seen)
    fold = np.random.default_rng(0).permutation(len(rows)) % FOLDS
    factor = np.ones(len(rows))
    for number in range(FOLDS):
        known = seen[fold[seen] != number]
        known = known[:: len(known) // FIT_ON_AT_MOST + 1]
        weight = exposure[known]
        usual = events[known].sum() / weight.sum()
        if not usual > 0:
            return None
        model = PoissonRegressor(alpha=PENALTY, max_iter=100, tol=1e-3)
        # On small matrices several threads wait for each other longer than they compute.
        with threadpool_limits(1):
            model.fit(matrix[known], events[known] / weight / usual, sample_weight=weight)
        factor[fold == number] = model.predict(matrix[fold == number])
    return np.clip(factor, 1 / BOUND, BOUND)


def feature_matrix(rows: pd.DataFrame, price: Floats, seen: NDArray[np.intp]) -> Any:
    """n rows × features, sparse; scales and the words worth a feature are those of the rows seen."""
    from scipy import sparse
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    parts = [StandardScaler().fit(figures(rows, price)[seen]).transform(figures(rows, price))]
    names = [name for name in CATEGORIES if name in rows]
    if names:
        categories = rows[names].astype("str").fillna("")
        encoder = OneHotEncoder(min_frequency=3, handle_unknown="infrequent_if_exist").fit(
            categories.iloc[seen]
        )
        parts.append(encoder.transform(categories))
    text = rows["keyword"].astype("str").fillna("")
    sample = text.iloc[seen[:: len(seen) // FIT_ON_AT_MOST + 1]]
    reader = TfidfVectorizer(token_pattern=TOKEN, ngram_range=(1, 3), min_df=3, max_features=TEXT_FEATURES)
    # ValueError: no word occurs three times, so the text tells nothing.
    with contextlib.suppress(ValueError):
        parts.append(reader.fit(sample).transform(text))
    return sparse.hstack([sparse.csr_matrix(part) for part in parts]).tocsr()


def figures(rows: pd.DataFrame, price: Floats) -> Floats:
    """n rows × figures: logs of price and of smoothed rates, quality score where there is one."""
    clicks = _column(rows, "counted_clicks")
    columns = [np.log(price), _smoothed(clicks, _column(rows, "counted_impressions"))]
    columns += [
        _smoothed(_column(rows, name), clicks) for name in ("favourites", "add_to_carts") if name in rows
    ]
    if "quality_score" in rows and rows["quality_score"].notna().any():
        score = rows["quality_score"]
        columns.append(score.fillna(score.mean()).to_numpy(dtype=float))
    return np.column_stack(columns)


def _column(rows: pd.DataFrame, name: str) -> Floats:
    return np.asarray(np.nan_to_num(rows[name].to_numpy(dtype=float, na_value=np.nan)))


def _smoothed(top: Floats, bottom: Floats) -> Floats:
    """Log of top / bottom, drawn towards the account's by a few clicks' worth (in events of the usual rate: one)."""
    usual = (top.sum() + 0.5) / (bottom.sum() + USUAL_CLICKS)
    return np.asarray(np.log((top + 1.0) / (bottom + 1.0 / usual)))
