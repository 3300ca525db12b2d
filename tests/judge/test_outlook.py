"""What would change a verdict, in one sentence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.judge import with_outlook


@pytest.fixture
def outlook(settings):
    def run(**figures):
        usual = {
            "action": "lower", "rule": "too-dear", "cvr": 0.02, "price_now": 3.0, "worth": 2.0, "next_click_cost": 3.0,
            "value_per_click": 2.0, "order_worth": 100.0, "lowest_share": 0.2, "clicks_needed": np.nan, "currency": "CNY",
        }  # fmt: skip
        return with_outlook(pd.DataFrame([usual | figures]), settings | {"traffic_worth": 0.0}).iloc[0]

    return run


@pytest.mark.parametrize("action", ["raise", "lower", "keep"])
def test_the_conversion_rate_at_which_a_click_is_worth_its_price(outlook, action):
    # At 2 % a click is worth 2.00; it costs 3.00: 3 % would be even.
    row = outlook(action=action)
    assert "3.00%" in row["would_change_en"]
    assert "3.00%" in row["would_change_zh"]


def test_a_delete_looks_at_the_lowest_bid_worth_running(outlook):
    assert "0.60%" in outlook(action="delete")["would_change_en"]
    assert "1.50%" in outlook(action="delete", lowest_share=0.5)["would_change_en"]


def test_a_watched_word_says_how_many_clicks(outlook):
    row = outlook(action="watch", clicks_needed=1200.0)
    assert "1,200" in row["would_change_zh"]
    assert "look again" not in row["would_change_en"]


def test_a_watched_word_says_when_to_look_again_and_at_what_bid(outlook):
    day = pd.Timestamp("2026-11-30")
    row = outlook(action="watch", clicks_needed=40.0, watch_bid=1.5, look_again=day)
    assert row["would_change_en"].endswith("; runs on at ¥1.50; look again about 2026-11-30")
    assert row["would_change_zh"].endswith("；出价保持 ¥1.50；约 2026-11-30 再看")


@pytest.mark.parametrize(
    "figures", [{"rule": "not-live", "action": "keep"}, {"price_now": np.nan}, {"worth": 0.0}]
)
def test_nothing_is_said_where_no_figure_could_change_it(outlook, figures):
    row = outlook(**figures)
    assert (row["would_change_zh"], row["would_change_en"]) == ("", "")
