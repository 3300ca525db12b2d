"""Clicks, cost and profit when a bid is multiplied: against numerical integration and a search."""

from __future__ import annotations

import numpy as np
import pytest

from ppc_tuner.bids import response

CLICKS, CPC, EPSILON, ETA = 100.0, 1.5, 0.6, 0.85
NEXT = CPC * (EPSILON + ETA) / EPSILON  # 3.625
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
    # The click bought at multiplier t costs t^η times what the next one costs today.
    cost = np.trapezoid(more_clicks * NEXT * t**ETA, t)
    assert response.cost_change(one(COST), one(x), one(EPSILON), ETA)[0] == pytest.approx(cost, rel=1e-6)


@pytest.mark.parametrize("value", [2.5, 4.0, 6.0])
def test_profit_is_best_where_the_next_click_costs_what_it_is_worth(value):
    x = np.linspace(0.3, 2.5, 22_001)
    profit = value * response.clicks_change(CLICKS, x, EPSILON) - response.cost_change(COST, x, EPSILON, ETA)
    assert x[profit.argmax()] == pytest.approx((value / NEXT) ** (1 / ETA), abs=1e-3)


@pytest.mark.parametrize("x", [0.6, 0.9, 1.1, 1.5])
def test_at_the_even_value_a_move_neither_gains_nor_loses(x):
    value = response.even_value(one(CPC), one(x), one(EPSILON), ETA)
    profit = value * response.clicks_change(one(CLICKS), one(x), one(EPSILON)) - response.cost_change(
        one(COST), one(x), one(EPSILON), ETA
    )
    assert profit[0] == pytest.approx(0, abs=1e-9)


def test_the_even_value_of_no_move_is_the_price_of_the_next_click():
    assert response.even_value(one(CPC), one(1), one(EPSILON), ETA)[0] == pytest.approx(NEXT)
    assert response.even_value(one(CPC), one(1.0001), one(EPSILON), ETA)[0] == pytest.approx(NEXT, rel=1e-3)


def test_elasticity_from_average_and_next_price_and_its_bounds():
    got = response.elasticity(
        np.array([CPC, 1.0, 2.0, 0.1, np.nan]), np.array([NEXT, 2.0, 1.0, 9.0, 1.0]), ETA
    )
    assert got[:4].tolist() == pytest.approx(
        [EPSILON, 0.85, response.HIGHEST_ELASTICITY, response.LOWEST_ELASTICITY]
    )
    assert np.isnan(got[4])


def test_clicks_answer_less_the_further_a_bid_leads():
    bid, cpc = np.array([1.0, 2.0, 4.0, np.nan]), np.ones(4)
    epsilon, eta = response.elasticities(bid, cpc, bid, 0.5, -1.0, np.log(2))
    # At the usual lead the usual ε; at half (twice) the bid the lead is log 2 less (more): ε twice (half).
    assert epsilon[:3].tolist() == pytest.approx([1.0, 0.5, 0.25])
    assert np.isnan(epsilon[3])
    # p = cpc (ε + η) / ε with p = bid: η = ε (bid − 1), within its bounds.
    assert eta[:3].tolist() == pytest.approx([response.CPC_BOUNDS[0], 0.5, 0.75])


def test_over_a_step_it_is_the_elasticity_of_its_middle():
    x = np.array([4.0, 1.0, 0.25, 0.0])
    got = response.over_step(np.full(4, 0.5), np.full(4, 0.5), x, -1.0)
    # The lead grows by (1 − η) log x, half of it to the middle: ε · x^(−1/4).
    assert got.tolist() == pytest.approx([0.5 / 2**0.5, 0.5, 0.5 * 2**0.5, 0.5])
