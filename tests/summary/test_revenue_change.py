"""Why revenue changed: the shares add up, and are right where they can be computed by hand (advice A10)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppc_tuner.summary.revenue_change import FACTORS, revenue_change


def rows(*sides):
    """Each side: (clicks, mature clicks, orders, revenue) before and now."""
    names = [
        f"{side}_{name}"
        for side in ("before", "period")
        for name in ("clicks", "exposure", "conversions", "revenue")
    ]
    return pd.DataFrame([[*before, *now] for before, now in sides], columns=names, dtype=float)


def change(*sides):
    frame = rows(*sides)
    return revenue_change(frame, pd.Series([f"s{number}" for number in range(len(frame))])).set_index(
        "source"
    )


def test_one_factor_alone_gets_the_whole_change():
    assert change(((100, 100, 4, 400), (150, 150, 6, 600))).loc[
        "s0", list(FACTORS)
    ].tolist() == pytest.approx([200, 0, 0, 0])
    assert change(((100, 100, 4, 400), (100, 100, 2, 200))).loc[
        "s0", list(FACTORS)
    ].tolist() == pytest.approx([0, 0, -200, 0])
    assert change(((100, 100, 4, 400), (100, 100, 4, 440))).loc[
        "s0", list(FACTORS)
    ].tolist() == pytest.approx([0, 0, 0, 40])
    # Half the clicks' orders are still to come: no loss of conversion.
    assert change(((100, 100, 4, 400), (100, 50, 2, 200))).loc["s0", list(FACTORS)].tolist() == pytest.approx(
        [0, -200, 0, 0]
    )


def test_two_factors_share_by_the_logarithmic_mean():
    # Visitors doubled, conversion halved, order value fell to 3/4: V 400 → 300, L = 100 / ln(4/3) = 347.61.
    found = change(((100, 100, 4, 400), (200, 200, 4, 300))).loc["s0", list(FACTORS)]
    mean = 100 / np.log(4 / 3)
    assert found.tolist() == pytest.approx([mean * np.log(2), 0, mean * np.log(0.5), mean * np.log(0.75)])


@pytest.mark.parametrize(
    ("before", "now", "factor"),
    [
        ((0, 0, 0, 0), (50, 50, 2, 200), "by_visitors"), ((50, 50, 2, 200), (0, 0, 0, 0), "by_visitors"),
        ((50, 50, 0, 0), (50, 50, 2, 200), "by_conversion"),
        ((50, 50, 2, 200), (60, 60, 2, 0), "by_order_value"),
    ],
)  # fmt: skip
def test_what_was_nothing_gets_the_whole_change(before, now, factor):
    found = change((before, now)).loc["s0"]
    assert found[factor] == pytest.approx(now[3] - before[3])
    assert found[list(FACTORS)].sum() == pytest.approx(now[3] - before[3])


amount = st.floats(0, 1e6) | st.just(0.0)
side = st.tuples(amount, amount, amount, amount)


@settings(deadline=None)
@given(st.lists(st.tuples(side, side), min_size=1, max_size=6))
def test_the_shares_always_add_up(sides):
    found = change(*sides)
    assert np.allclose(found[list(FACTORS)].sum(axis=1), found["change"], rtol=1e-9, atol=1e-6)
    whole = sum(now[3] - before[3] for before, now in sides)
    assert found[list(FACTORS)].to_numpy().sum() == pytest.approx(whole, rel=1e-9, abs=1e-4)


def test_no_period_before_no_table():
    assert revenue_change(pd.DataFrame({"period_revenue": [1.0]}), pd.Series(["x"])).empty
