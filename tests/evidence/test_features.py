"""What a word's own features foretell, and how unsure that is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.evidence.features import (
    OVERLAP,
    SLOPE_SPREAD,
    _leverage,
    cross_fitted_factor,
    feature_matrix,
    signals,
)
from ppc_tuner.evidence.rates import Rate


def known(price, shape=1e9):
    sure = np.full(len(price), float(shape))
    return Rate(sure, sure / price, sure, sure / price)


def rows_of(size, **given):
    rows = {
        "keyword": pd.Series([f"w{n}" for n in range(size)], dtype="str"),
        "clicks": 100.0,
        "impressions": 2000.0,
        "order_value": 1.0,
    }
    return pd.DataFrame(rows | given)


def test_leverage_is_the_variance_of_a_ridge_regression():
    random = np.random.default_rng(0)
    z, weight, asked = random.normal(size=(50, 2)), random.uniform(0.1, 2, 50), random.normal(size=(7, 2))
    # Slopes are known as well as from 50 weighted words and their prior: by simulation.
    precision = z.T @ np.diag(weight) @ z + np.eye(2) / SLOPE_SPREAD**2
    slopes = random.multivariate_normal(np.zeros(2), np.linalg.inv(precision), 200_000)
    assert _leverage(z, weight, asked) == pytest.approx((slopes @ asked.T).var(axis=0), rel=0.03)


def test_a_rate_of_few_events_is_shrunk_and_says_how_unsure_it_is():
    rows = rows_of(3, clicks=[0.0, 100.0, 10_000.0], add_to_carts=[0.0, 30.0, 1000.0])
    found, variance = signals(rows, known(np.ones(3), 25.0), [], np.arange(3))
    assert variance["price"] == pytest.approx(np.full(3, 1 / 25))
    assert variance["wanted"][0] > variance["wanted"][1] > variance["wanted"][2]
    assert np.isfinite(found["wanted"]).all()
    assert np.exp(found["wanted"][2]) == pytest.approx(0.1, rel=0.05)


def test_the_first_bid_and_the_quality_score_are_taken_as_they_are():
    rows = rows_of(3, bid_before=[1.0, 4.0, np.nan], quality_score=[6.0, np.nan, 9.0])
    found, variance = signals(rows, known(np.ones(3)), [], np.arange(3))
    assert np.exp(found["bid"]) == pytest.approx([1.0, 4.0, 2.0])
    assert found["quality"] == pytest.approx([2.0, 2.5, 3.0])
    assert not variance["bid"].any()
    assert not variance["quality"].any()


def test_a_bid_is_seen_against_what_an_order_leaves():
    rows = rows_of(2, bid_before=[1.0, 4.0], order_value=[50.0, 200.0])
    found, _ = signals(rows, known(np.ones(2)), [], np.arange(2))
    assert found["bid"][0] == pytest.approx(found["bid"][1])


def test_before_the_account_has_spoken_the_usual_slopes_hold():
    random = np.random.default_rng(1)
    price = random.lognormal(0, 0.8, 300)
    rows = rows_of(300)
    # Thirty orders, scattered at random.
    events, exposure = np.zeros(300), np.full(300, 20.0)
    events[random.choice(300, 30, replace=False)] = 1.0
    factor, doubt = cross_fitted_factor(rows, events, exposure, known(price, 4.0), [])
    slope = np.polyfit(np.log(price), np.log(factor), 1)[0]
    assert slope == pytest.approx(0.5, abs=0.15)
    # The price is known to one half (shape 4), of which the slope passes its square.
    assert (doubt > 0.5 * OVERLAP * slope**2 / 4).all()


def test_orders_overrule_the_usual_slopes():
    random = np.random.default_rng(2)
    price = random.lognormal(0, 0.8, 600)
    exposure = np.full(600, 2000.0)
    events = random.poisson(exposure * 0.03 * price**-0.2).astype(float)
    factor, _ = cross_fitted_factor(rows_of(600), events, exposure, known(price), [])
    assert np.polyfit(np.log(price), np.log(factor), 1)[0] == pytest.approx(-0.2, abs=0.1)


@pytest.mark.parametrize(("orders", "words"), [(19, 300), (50, 29)])
def test_too_little_says_nothing(orders, words):
    events = np.zeros(words)
    events[0] = orders
    assert (
        cross_fitted_factor(rows_of(words), events, np.full(words, 50.0), known(np.ones(words)), []) is None
    )


def test_the_same_text_is_the_same_features_and_formulas_are_text():
    rows = rows_of(6, keyword=["=1+1 红 靴", "红 靴", "红 靴", "红 靴", "", np.nan], kind="长尾词")
    matrix = feature_matrix(rows, np.zeros((6, 1)), np.arange(6)).toarray()
    assert (matrix[1] == matrix[2]).all()
    assert (matrix[4] == matrix[5]).all()
    assert matrix.dtype == np.float32
