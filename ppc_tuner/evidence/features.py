"""Conversion rates predicted from a word's own features by Poisson regression.

Features: runs of one to three words of the keyword (for Chinese, of characters; a target has none); kind,
match type and device; price, click-through rate, quality score, first bid, and favourites and add-to-carts
per click, which foretell orders. A ridge penalty holds all of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.evidence.rates import TYPICAL_CTR, TYPICAL_CVR, Codes, Rate, hierarchical_rate
from ppc_tuner.identity import fingerprints
from ppc_tuner.targeting import is_target
from ppc_tuner.text import TOKEN

Floats = NDArray[np.float64]

CATEGORIES: Final = ("kind", "match_type", "device")
# Prior elasticity of the conversion rate with respect to each figure, and its standard deviation.
USUAL_SLOPES: Final = {"price": 0.5, "wanted": 0.4, "bid": 0.1}
SLOPE_SPREAD: Final = 0.15
# What features leave unexplained has a squared coefficient of variation of about one half.
WORDS_SHAPE: Final = 2.0
QUALITY_UNIT: Final = 3.0
# The figures overlap in what they say: this share of a figure's own variance reaches the rate.
OVERLAP: Final = 0.5
FOLDS: Final = 3
# With fewer orders features cannot be told from luck; with more rows the fit is on a sample.
LEAST_ORDERS, FIT_ON_AT_MOST = 20, 30_000
TEXT_FEATURES: Final = 4000
BOUND: Final = 20.0


def cross_fitted_factor(
    rows: pd.DataFrame, events: Floats, exposure: Floats, price: Rate, levels: Sequence[Codes]
) -> tuple[Floats, Floats] | None:
    """Expected rate of each row over the account's, by a regression on other rows, and its uncertainty.

    `rows`: n decision rows with keyword, `order_value` (money) and what other features they have. `events`
    (orders), `exposure` (clicks): n each; `price`: CPC over what an order leaves (n); `levels`: as for
    hierarchical_rate. Returns two arrays (n,): the factor, within 1 / BOUND … BOUND, and its squared
    coefficient of variation. None with too few orders or rows.

        log factor = Σ usual_k z_k + Σ δ_k z_k,  δ_k ~ N(0, spread²)

    The usual slopes hold until the account's own orders say otherwise (MAP; the ridge penalty per order is 1
    / (spread² × orders)). As words differ beyond their features, a word with expected orders μ has variance μ
    + μ² / shape, and each of its orders counts as 1 / (1 + μ / WORDS_SHAPE) (quasi-likelihood, McCullagh &
    Nelder 1989).
    """
    seen = np.flatnonzero(exposure > 0)
    if events.sum() < LEAST_ORDERS or len(seen) < 10 * FOLDS:
        return None
    from sklearn.linear_model import PoissonRegressor
    from threadpoolctl import threadpool_limits

    known, variance = signals(rows, price, levels, seen)
    centred = {name: values - np.average(values[seen]) for name, values in known.items()}
    usual = np.exp(sum(USUAL_SLOPES.get(name, 0.0) * values for name, values in centred.items()))
    figures = np.column_stack(list(centred.values()))
    unsure = np.column_stack([variance[name] for name in centred])
    matrix = feature_matrix(rows, figures, seen)
    expected = exposure * usual
    fold = folds_of(rows)
    factor, doubt = np.ones(len(rows)), np.zeros(len(rows))
    for number in range(FOLDS):
        fit = seen[fold[seen] != number]
        fit = fit[:: len(fit) // FIT_ON_AT_MOST + 1]
        if not events[fit].sum() > 0:
            return None
        rate = events[fit].sum() / expected[fit].sum()
        mean = rate * expected[fit]
        weight = mean / (1 + mean / WORDS_SHAPE)
        model = PoissonRegressor(alpha=1 / (SLOPE_SPREAD**2 * weight.sum()), max_iter=200, tol=1e-3)
        # On small matrices threads wait for each other longer than they compute.
        with threadpool_limits(1):
            model.fit(matrix[fit], events[fit] / mean, sample_weight=weight)
        out = fold == number
        factor[out] = model.predict(matrix[out]) * usual[out]
        slopes = model.coef_[: figures.shape[1]] + [USUAL_SLOPES.get(name, 0.0) for name in centred]
        doubt[out] = OVERLAP * unsure[out] @ slopes**2 + _leverage(figures[fit], weight, figures[out])
    return np.clip(factor, 1 / BOUND, BOUND), doubt


def folds_of(rows: pd.DataFrame) -> NDArray[np.intp]:
    """The fold of each row (n,), 0 … FOLDS − 1: by what the word and its place are called, so that no other
    row, and no order of rows, has a say in it.

    Rows called alike (a report may tell ids only) are told apart by what they were shown and clicked.
    """
    names = fingerprints(rows)
    alike = pd.Series(names).duplicated(keep=False).to_numpy()
    counts = [np.asarray(pd.util.hash_array(_column(rows, name))) for name in ("impressions", "clicks")]
    told = np.where(alike, names + counts[0] + 3 * counts[1], names)
    return np.asarray((told >> np.uint64(32)) % np.uint64(FOLDS), dtype=np.intp)


def _leverage(known: Floats, weight: Floats, asked: Floats) -> Floats:
    """Variance of the log factor due to the fitted slopes, z' (Z' W Z + I / spread²)⁻¹ z (n,).

    `known`: Z (m, k); `weight`: the orders that each of its rows counts for, the diagonal of W (m,); `asked`:
    z (n, k).
    """
    information = (known * weight[:, None]).T @ known + np.eye(known.shape[1]) / SLOPE_SPREAD**2
    return np.asarray(np.einsum("ij,jk,ik->i", asked, np.linalg.inv(information), asked))


def feature_matrix(rows: pd.DataFrame, figures: Floats, seen: NDArray[np.intp]) -> Any:
    """Features of n rows, sparse (n, features): figures as they are, categories, frequent runs of words.

    `figures`: (n, k); `seen`: positions of the rows from which categories and vocabulary are learned.
    """
    from scipy import sparse
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import OneHotEncoder

    parts = [figures]
    names = [name for name in CATEGORIES if name in rows]
    if names:
        categories = rows[names].astype("str").fillna("")
        encoder = OneHotEncoder(min_frequency=3, handle_unknown="infrequent_if_exist").fit(
            categories.iloc[seen]
        )
        parts.append(encoder.transform(categories))
    # Many ad groups hold the same keywords: each distinct text is transformed once.
    words = rows["keyword"].astype("str").fillna("").mask(is_target(rows), "")
    number, text = pd.factorize(words)
    sample = text[number[seen[:: len(seen) // FIT_ON_AT_MOST + 1]]]
    reader = TfidfVectorizer(
        token_pattern=TOKEN, ngram_range=(1, 3), min_df=3, max_features=TEXT_FEATURES, dtype=np.float32
    )
    # ValueError: no word occurs three times, so the text has nothing to say.
    with contextlib.suppress(ValueError):
        parts.append(reader.fit(sample).transform(text)[number])
    # Single precision halves the memory; features need no more digits.
    return sparse.hstack([sparse.csr_matrix(part, dtype=np.float32) for part in parts]).tocsr()


def signals(
    rows: pd.DataFrame, price: Rate, levels: Sequence[Codes], seen: NDArray[np.intp]
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Numeric features and their variances: two mappings of name → n values.

    `seen`: positions of the rows with clicks, whose mean stands for what is unknown.

    Logs of price, click-through rate, favourites and add-to-carts per click and the first bid, and the
    quality score, each where known. Price and bid are in orders, that is over the rows' `order_value`: a word
    whose click costs a fiftieth of what an order leaves is taken to sell once in fifty clicks, whatever the
    item costs.

    Rates of few events enter as their shrunken estimates (regression calibration, Carroll et al. 2006), so
    that one slope serves rare and common words.
    """
    clicks = _column(rows, "clicks")
    rates = {"price": price} if not np.isnan(price.mean).any() else {}
    rates["ctr"] = hierarchical_rate(clicks, _column(rows, "impressions"), levels, TYPICAL_CTR)
    wanted = [_column(rows, name) for name in ("favourites", "add_to_carts") if name in rows]
    if wanted and sum(column.sum() for column in wanted) > 0:
        rates["wanted"] = hierarchical_rate(np.sum(wanted, axis=0), clicks, levels, TYPICAL_CVR)
    found = {name: np.log(rate.mean) for name, rate in rates.items()}
    variance = {name: 1 / rate.shape for name, rate in rates.items()}
    exact = {}
    if "quality_score" in rows and rows["quality_score"].notna().any():
        score = rows["quality_score"].to_numpy(dtype=float, na_value=np.nan)
        exact["quality"] = _filled(score, seen) / QUALITY_UNIT
    if "bid_before" in rows and rows["bid_before"].gt(0).any():
        bid = (rows["bid_before"] / rows["order_value"]).to_numpy(dtype=float, na_value=np.nan)
        logs = np.log(np.where(bid > 0, bid, np.nan))
        exact["bid"] = _filled(logs, seen)
    return found | exact, variance | {name: np.zeros(len(rows)) for name in exact}


def _filled(values: Floats, seen: NDArray[np.intp]) -> Floats:
    """The values (n,), unknown ones at the mean of the known ones among `seen`; 0 where none is known."""
    known = values[seen][~np.isnan(values[seen])]
    return np.where(np.isnan(values), known.mean() if len(known) else 0.0, values)


def _column(rows: pd.DataFrame, name: str) -> Floats:
    return np.asarray(np.nan_to_num(rows[name].to_numpy(dtype=float, na_value=np.nan)))
