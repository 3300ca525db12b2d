"""Titles or pictures compared at any week (A11): few false alarms whenever one looks, real ones found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.stats import binom, norm

from ppc_tuner.evidence.creatives import TAU, compared_creatives, log_mixture_ratio


def test_the_mixture_is_the_integral_it_is_said_to_be():
    clicks, shown = np.array([[40.0, 55.0], [30.0, 44.0]]), np.array([[1000.0, 1000.0], [900.0, 1100.0]])

    def ratio(log_theta):
        theta, product = np.exp(log_theta), 1.0
        for (a, b), (shown_a, shown_b) in zip(clicks, shown, strict=True):
            p, p0 = theta * shown_b / (shown_a + theta * shown_b), shown_b / (shown_a + shown_b)
            product *= binom.pmf(b, a + b, p) / binom.pmf(b, a + b, p0)
        return product * norm.pdf(log_theta, 0, TAU)

    expected = quad(ratio, -2, 2)[0]
    assert np.exp(log_mixture_ratio(clicks, shown)) == pytest.approx(expected, rel=1e-6)


def test_looking_every_week_raises_no_more_false_alarms_than_promised():
    """1,000 shops without a difference, looked at in 26 weeks until the first alarm; promised ≤ 5 %."""
    rng = np.random.default_rng(11)
    alarms = 0
    for _ in range(1000):
        shown = rng.integers(2000, 8000, (26, 2)).astype(float)
        clicks = rng.binomial(shown.astype(int), 0.05).astype(float)
        alarms += any(log_mixture_ratio(clicks[:week], shown[:week]) >= np.log(20) for week in range(1, 27))
    # Three standard deviations of 1,000 draws at 5 % are 2.1 points.
    assert alarms / 1000 <= 0.05 + 0.021


def test_a_real_difference_is_found_in_time():
    rng = np.random.default_rng(12)
    shown = np.full((12, 2), 6000.0)
    found = [
        log_mixture_ratio(
            np.column_stack([rng.binomial(6000, 0.05, 12), rng.binomial(6000, 0.06, 12)]).astype(float), shown
        )
        >= np.log(20)
        for _ in range(100)
    ]
    assert np.mean(found) > 0.95


def creatives(*rows):
    frame = pd.DataFrame(rows, columns=["item_id", "creative", "impressions", "clicks"])
    return frame.assign(campaign=np.nan, ad_group=np.nan, creative_kind="picture", date=pd.NaT)


def test_verdicts():
    table = creatives(
        ("1", "A", 50_000.0, 2500.0), ("1", "B", 50_000.0, 2000.0), ("2", "A", 500.0, 26.0),
        ("2", "B", 500.0, 20.0), ("3", "A", 9.0, 1.0),
    )  # fmt: skip
    found = compared_creatives(table, 0.95).set_index(["item_id", "creative"])["verdict"]
    assert found.to_dict() == {
        ("1", "A"): "keep", ("1", "B"): "drop", ("2", "A"): "wait", ("2", "B"): "wait", ("3", "A"): "alone",
    }  # fmt: skip


def test_three_share_the_promise():
    two = compared_creatives(creatives(("1", "A", 9000.0, 520.0), ("1", "B", 9000.0, 430.0)), 0.95)
    three = compared_creatives(
        creatives(("1", "A", 9000.0, 520.0), ("1", "B", 9000.0, 430.0), ("1", "C", 9000.0, 400.0)), 0.95
    )
    assert three.loc[three["creative"] == "B", "p_value"].item() == pytest.approx(3 * two["p_value"].max())
