"""The two market forms against brute force: auctions played out one by one, and profit on a grid of bids."""

from __future__ import annotations

import numpy as np
import pytest

from ppc_tuner.lab.auction import FAMILIES, Family, NextPrice, SecondPrice, best_bid, profit
from ppc_tuner.lab.menswear import make_market


def test_second_price_outcome_equals_auctions_played_out() -> None:
    rivals = 0.9 * np.exp(0.8 * np.random.default_rng(1).normal(size=400_000))
    won = rivals < 1.3
    outcome = SecondPrice(spread=0.8).outcome(np.array([1.3]), np.array([0.9]))
    assert outcome.shown[0] == pytest.approx(won.mean(), rel=0.01)
    assert outcome.cost[0] == pytest.approx((rivals * won).mean(), rel=0.01)
    assert outcome.position[0] == 1.0


def test_next_price_outcome_equals_auctions_played_out() -> None:
    """Three rivals, two slots: rank ours among them, pay the next one below."""
    form = NextPrice(rivals=3, spread=0.7, slots=2, decay=0.6)
    scores = 0.8 * np.exp(0.7 * np.random.default_rng(2).normal(size=(400_000, 3)))
    bid = 1.1
    above = (scores > bid).sum(axis=1)
    pays = np.where(scores < bid, scores, 0.0).max(axis=1)
    clicks = np.select([above == 0, above == 1], [1.0, 0.6], 0.0)
    outcome = form.outcome(np.array([bid]), np.array([0.8]))
    assert outcome.shown[0] == pytest.approx((above < 2).mean(), rel=0.01)
    assert outcome.clicks[0] == pytest.approx(clicks.mean(), rel=0.01)
    assert outcome.cost[0] == pytest.approx((clicks * pays).mean(), rel=0.01)
    assert outcome.position[0] == pytest.approx((above[above < 2] + 1).mean(), rel=0.01)


@pytest.mark.parametrize("family", ["second_price", "next_price"])
def test_a_word_that_does_not_run_buys_nothing(family: Family) -> None:
    outcome = FAMILIES[family].outcome(np.array([np.nan, 0.0]), np.array([1.0, 1.0]))
    assert outcome.shown.tolist() == [0.0, 0.0]
    assert outcome.clicks.tolist() == [0.0, 0.0]
    assert outcome.cost.tolist() == [0.0, 0.0]
    assert np.isnan(outcome.position).all()


@pytest.mark.parametrize("family", ["second_price", "next_price"])
def test_a_click_never_costs_more_than_the_bid_and_clicks_rise_with_it(family: Family) -> None:
    bids = np.geomspace(0.05, 20, 60)
    outcome = FAMILIES[family].outcome(bids, np.ones(60))
    assert (outcome.cost <= bids * outcome.clicks).all()
    assert (np.diff(outcome.clicks) > 0).all()


@pytest.mark.parametrize("family", ["second_price", "next_price"])
def test_best_bid_is_the_best_of_a_fine_grid(family: Family) -> None:
    auction = FAMILIES[family]
    value, rival = np.array([0.6, 2.0, 9.0]), np.array([0.5, 0.5, 1.0])
    best = best_bid(auction, rival, value)
    earned = profit(auction, best, rival, value)
    for place in range(3):
        grid = np.linspace(0.001, 1.5 * value[place], 20_000)
        tried = profit(auction, grid, rival[place], value[place])
        assert earned[place] >= tried.max() - 1e-6 * tried.max()
        assert best[place] == pytest.approx(grid[tried.argmax()], rel=0.005)


def test_best_bid_is_the_value_itself_in_second_price() -> None:
    truth = make_market(3, family="second_price").truth()
    assert (truth["best_bid"] / truth["value_per_click"]).between(0.999, 1.001).all()


def test_best_bid_lies_between_half_and_seven_tenths_of_the_value_in_next_price() -> None:
    truth = make_market(3, family="next_price").truth()
    assert (truth["best_bid"] / truth["value_per_click"]).between(0.5, 0.7).all()


def test_a_worthless_word_has_the_best_bid_zero() -> None:
    assert best_bid(FAMILIES["next_price"], np.array([1.0]), np.array([0.0])).tolist() == [0.0]
