"""Thinned clicks and their deviance, by hand and in expectation."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.lab.held_out import boosted, deviance, halves


def rows(clicks: list[float], orders: list[float]) -> pd.DataFrame:
    figures = {"clicks": clicks, "conversions": orders, "cost": clicks, "counted_cost": clicks}
    return pd.DataFrame(
        figures | {"impressions": 100.0, "counted_impressions": 100.0, "add_to_carts": clicks}
    )


def test_deviance_by_hand() -> None:
    # 2 (2 log(2 / 1) − 1) + 2 (0 + 3)
    assert deviance(np.array([2.0, 0.0]), np.array([1.0, 3.0])) == pytest.approx(4 * np.log(2) - 2 + 6)
    assert np.isfinite(deviance(np.array([1.0]), np.array([0.0])))


def test_both_halves_together_are_the_whole() -> None:
    whole = rows([10.0, 0.0, 3.0, 2.0], [2.0, 0.0, 3.0, 9.0])
    known, clicks, orders = halves(whole, np.random.default_rng(1))
    assert (known["clicks"] + clicks).to_list() == [10, 0, 3, 2]
    # No click carries two orders: of nine orders of two clicks two are left.
    assert (known["conversions"] + orders).to_list() == [2, 0, 3, 2]
    assert (orders <= clicks).all()
    assert (known["cost"] <= whole["cost"]).all()
    assert (known["add_to_carts"] <= whole["add_to_carts"]).all()


def test_the_coin_is_fair() -> None:
    whole = rows([1000.0] * 200, [100.0] * 200)
    known, _, _ = halves(whole, np.random.default_rng(2))
    assert known["clicks"].sum() == pytest.approx(100_000, rel=0.01)
    assert known["conversions"].sum() == pytest.approx(10_000, rel=0.02)


def test_boosting_finds_what_the_campaign_tells() -> None:
    campaign = np.repeat(["good", "poor"], 200)
    clicks = np.full(400, 50.0)
    told = rows(list(clicks), list(np.where(campaign == "good", 5.0, 1.0))).assign(campaign=campaign)
    rates = boosted(told, 0.06)
    assert rates[:200].mean() == pytest.approx(0.1, rel=0.05)
    assert rates[200:].mean() == pytest.approx(0.02, rel=0.1)
    # Without any order among the others nothing is learnt.
    assert (boosted(told.assign(conversions=0.0), 0.06) == 0.06).all()
