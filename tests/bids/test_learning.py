"""Words moved only to learn: which, how far, at what cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppc_tuner.bids.learning import expected_clicks, raises_to_learn, value_of_learning
from ppc_tuner.permission import Permission


@pytest.fixture
def quiet(settings):
    """quiet({...}, ..., needed=[...], learn_budget=...): the raises of watched words and what they cost.

    Beside them stands a word that spends 1,000 a week.
    """

    def run(*given, needed=None, increment=0.01, **changed):
        default = {
            "action": "watch", "learns": True, "bid_basis": "given", "bid": 2.0, "cpc": 1.0, "ctr": 0.04,
            "cvr": 0.05, "weekly_clicks": 0.2, "weekly_impressions": 5.0, "weekly_cost": 0.2,
            "value_shape": 2.0, "target_change": 0.5, "click_elasticity": 1.0, "cpc_elasticity": 1.0,
            "status": "live", "biddable": True,
        }  # fmt: skip
        busy = {"action": "keep", "learns": False, "weekly_cost": 1000.0, "weekly_clicks": 1000.0}
        rows = pd.DataFrame([default | row for row in (*given, busy)])
        action, learns = (rows.pop(name).to_numpy() for name in ("action", "learns"))
        permitted = Permission(action.astype(object), np.full(len(rows), np.inf), learns)
        wanted = np.array([*(needed or [500.0] * len(given)), np.nan])
        chosen = replace(settings, **({"learn_budget": 0.01} | changed))
        found = raises_to_learn(rows, permitted, wanted, increment, chosen)
        assert found.up[-1] == 0
        return pd.DataFrame({"up": found.up, "cost": found.cost}).iloc[: len(given)]

    return run


def test_off_by_default(quiet, settings):
    assert settings.learn_budget == 0
    assert quiet({}, learn_budget=0)["up"].tolist() == [0.0]


def test_a_quiet_hopeful_word_is_raised_by_the_step_and_costs_what_it_costs(quiet):
    row = quiet({}).iloc[0]
    assert row["up"] == 0.1
    # .2 clicks at 1 each: .2 × (1.1² − 1) = .042 more a week.
    assert row["cost"] == pytest.approx(0.042)


@pytest.mark.parametrize(
    "row",
    [
        {"action": "keep"}, {"learns": False}, {"status": "paused"}, {"biddable": False},
        {"bid_basis": "none", "bid": np.nan}, {"target_change": -0.1}, {"bid": 0.05},
    ],
)  # fmt: skip
def test_no_others(quiet, row):
    kept = quiet(row).iloc[0]
    assert kept["up"] == 0
    assert np.isnan(kept["cost"])


def test_a_word_that_will_know_by_itself_waits(quiet):
    # .2 clicks a week make 5.2 in 26 weeks.
    assert quiet({}, needed=[5.0])["up"].tolist() == [0.0]
    assert quiet({}, needed=[6.0])["up"].tolist() == [0.1]
    # No number of clicks would tell: there is nothing to learn.
    assert quiet({}, needed=[np.nan])["up"].tolist() == [0.0]


def test_all_moves_together_stay_within_the_learning_budget(quiet):
    words = [{"target_change": lead} for lead in np.linspace(0.1, 0.9, 40)]
    # 1,008 a week, .00052 of it: .524; each move costs .042: 12 of them.
    rows = quiet(*words, learn_budget=0.00052)
    assert (rows["up"] > 0).sum() == 12
    # Of equal words those with more to hope for come first.
    assert (rows["up"] > 0).tolist() == [False] * 28 + [True] * 12


def test_less_sure_words_teach_more(quiet):
    rows = quiet({"value_shape": 1.0}, {"value_shape": 50.0}, learn_budget=0.00005)
    assert rows["up"].tolist() == [0.1, 0.0]


def test_expected_clicks_are_never_free():
    rows = pd.DataFrame(
        {"weekly_clicks": [3.0, 0.0, 0.0], "weekly_impressions": [10.0, 50.0, 0.0], "ctr": 0.04}
    )
    assert expected_clicks(rows, 0.1).tolist() == [3.0, 2.0, 0.1]


def test_value_of_learning_by_hand():
    rows = pd.DataFrame(
        {"target_change": [np.expm1(0.3)], "value_shape": [2.0], "cvr": [0.05], "click_elasticity": [1.0]}
    )
    # 26 × 2 × 1.1 = 57.2 clicks bring 2.86 orders: s² = 1/2 − 1/4.86.
    spread = np.sqrt(1 / 2 - 1 / 4.86)
    hope = stats.norm.expect(lambda lead: max(lead, 0), loc=0.3, scale=spread)
    worth = value_of_learning(rows, np.array([10.0]), np.array([2.0]), step=0.1, weeks=26)
    assert worth[0] == pytest.approx(10 * hope, rel=1e-6)
