"""Clicks, cost and profit when a bid is multiplied: against numerical integration and a search for the best."""

from __future__ import annotations

import numpy as np
import pytest

from ppc_tuner.bids import response

CLICKS, CPC, EPSILON = 100.0, 1.5, 0.6
NEXT = CPC * (EPSILON + 1) / EPSILON  # 4.0
COST = CLICKS * CPC


def one(figure):
    return np.array([float(figure)])


@pytest.mark.parametrize("x", [0.5, 0.8, 0.95, 1.05, 1.3, 2.0])
def test_changes_are_the_integrals_over_the_clicks_gained_or_lost(x):
    t = np.linspace(1, x, 200_001)
    more_clicks = CLICKS * EPSILON * t ** (EPSILON - 1)
    assert response.clicks_change(one(CLICKS), one(x), one(EPSILON))[0] == pytest.approx(
        np.trapezoid(more_clicks, t)
    )
    # The click bought at multiplier t costs t times what the next one costs today.
    cost = np.trapezoid(more_clicks * NEXT * t, t)
    assert response.cost_change(one(COST), one(x), one(EPSILON))[0] == pytest.approx(cost, rel=1e-6)


@pytest.mark.parametrize("value", [2.5, 4.0, 6.0])
def test_profit_is_best_where_the_next_click_costs_what_it_is_worth(value):
    x = np.linspace(0.3, 2.5, 22_001)
    profit = value * response.clicks_change(CLICKS, x, EPSILON) - response.cost_change(COST, x, EPSILON)
    assert x[profit.argmax()] == pytest.approx(value / NEXT, abs=1e-3)


@pytest.mark.parametrize("x", [0.6, 0.9, 1.1, 1.5])
def test_at_the_even_value_a_move_neither_gains_nor_loses(x):
    value = response.even_value(one(CPC), one(x), one(EPSILON))
    profit = value * response.clicks_change(one(CLICKS), one(x), one(EPSILON)) - response.cost_change(
        one(COST), one(x), one(EPSILON)
    )
    assert profit[0] == pytest.approx(0, abs=1e-9)


def test_the_even_value_of_no_move_is_the_price_of_the_next_click():
    assert response.even_value(one(CPC), one(1), one(EPSILON))[0] == pytest.approx(NEXT)
    assert response.even_value(one(CPC), one(1.0001), one(EPSILON))[0] == pytest.approx(NEXT, rel=1e-3)


def test_elasticity_from_average_and_next_price_and_its_bounds():
    got = response.elasticity(np.array([CPC, 1.0, 2.0, 0.1, np.nan]), np.array([NEXT, 2.0, 1.0, 9.0, 1.0]))
    assert got[:4].tolist() == pytest.approx(
        [EPSILON, 1.0, response.HIGHEST_ELASTICITY, response.LOWEST_ELASTICITY]
    )
    assert np.isnan(got[4])
