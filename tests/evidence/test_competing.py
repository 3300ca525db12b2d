"""The same word in several places, where nobody told the margin: judged by what the last money must bring."""

from __future__ import annotations

import pandas as pd
import pytest
from accounts import account, word, words

from ppc_tuner import tune


def in_two_places(better: float, worse: float, **figures: float | None) -> pd.DataFrame:
    """A word of two ad groups with so many orders a day each, among words alike."""
    places = [
        word("twice", ad_group=name, conversions=orders, revenue=orders * 100)
        for name, orders in (("better", better), ("worse", worse))
    ]
    return account(*places, words(12)).drop(columns=[name for name in figures if figures[name] is None])


def places_of(facts: pd.DataFrame) -> pd.DataFrame:
    actions = tune(facts).actions
    return actions[actions["keyword"] == "twice"].set_index("ad_group")


class TestWithoutAMargin:
    def test_the_place_that_sells_more_has_it(self) -> None:
        pair = places_of(in_two_places(3.0, 0.5))
        assert pair["value_per_click"].isna().all()
        assert set(pair["best_place"]) == {"plan / better"}
        assert pair.loc["better", "p_beaten"] < 0.05
        assert pair.loc["worse", "p_beaten"] > 0.95

    def test_an_impression_earns_what_it_sells_over_the_bar_less_its_cost(self) -> None:
        pair = places_of(in_two_places(1.2, 1.0))
        earned = pair["ctr"] * (pair["rpc"] / pair["bar_roas"] - pair["cpc"])
        assert pair["impression_profit"].to_numpy() == pytest.approx(1000 * earned.to_numpy())

    def test_without_revenue_orders_are_compared(self) -> None:
        pair = places_of(in_two_places(3.0, 0.5, revenue=None))
        assert pair["gain_unit"].eq("orders").all()
        assert pair.loc["worse", "p_beaten"] > 0.95
