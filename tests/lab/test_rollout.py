from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from toy import PROFIT, ToyWorld

from ppc_tuner.lab.players import Perfect, Seen, Untouched
from ppc_tuner.lab.rollout import Ledger, flips, loses_at_any_bid, play, worth_running

FLOOR = 0.05


def measures(player, weeks=4):
    ledger = Ledger(FLOOR)
    for step in play(ToyWorld(1), player, PROFIT, weeks):
        ledger.add(step)
    return ledger.measures()


class Script:
    """Bids of the good word, week by week."""

    def __init__(self, *bids: float) -> None:
        self.bids = list(bids)

    def __call__(self, seen: Seen) -> pd.Series:  # noqa: ARG002
        return pd.Series({"good": self.bids.pop(0)})


def test_shares_are_of_the_perfect_players_expected_profit() -> None:
    # At bid 1 the good word earns 20 − 5 of the best 20, the bad one loses 5; the best is 20.
    held = measures(Untouched())
    assert held["share_all"] == pytest.approx(10 / 20)
    assert held["waste_left"] == 1.0
    assert (held["changed"], held["deleted"], held["flips"]) == (0.0, 0, 0)
    # At bid 2 the good word earns its 20 in the last half.
    raised = measures(Script(1.0, 1.0, 2.0, 2.0))
    assert raised["share_last"] == pytest.approx(15 / 20)
    assert raised["share_all"] == pytest.approx((10 + 10 + 15 + 15) / 80)
    assert raised["changes"] == 1
    assert raised["changed"] == pytest.approx(1 / 8)


def test_the_perfect_player_earns_all_there_is_and_pauses_only_what_loses() -> None:
    best = measures(Perfect())
    assert best["share_all"] == pytest.approx(1.0)
    assert (best["deleted"], best["wrongly_deleted"], best["waste_left"]) == (1, 0, 0.0)
    capped = measures(Perfect(0.3))
    assert capped["share_last"] == pytest.approx(1.0)
    # 1.3, 1.69, then 2: profit 20·b − 5·b².
    wanted = [20 * bid - 5 * bid**2 for bid in (1.3, 1.69, 2.0, 2.0)]
    assert capped["share_all"] == pytest.approx(sum(wanted) / 80)


def test_pausing_a_word_that_pays_is_a_wrong_delete() -> None:
    lost = measures(Script(np.nan, np.nan, np.nan, np.nan))
    assert (lost["deleted"], lost["wrongly_deleted"]) == (1, 1)
    assert lost["share_all"] == pytest.approx(-5 / 20)


def test_a_change_turned_back_within_two_weeks_is_a_flip() -> None:
    bids = np.array(
        [
            [1.0, 1.0, 1.0, 1.0],
            [1.2, 1.2, 1.2, 1.0],
            [1.1, 1.2, 1.2, np.nan],
            [1.1, 1.1, 1.2, 1.0],
            [1.1, 1.1, 1.1, 1.0],
        ]
    )
    # Down the week after up; down two weeks after up; three weeks after (no flip); paused and started again.
    assert flips(bids[:, :1]) == 1
    assert flips(bids[:, 1:2]) == 1
    assert flips(bids[:, 2:3]) == 0
    assert flips(bids[:, 3:]) == 1
    assert flips(bids) == 3


def test_worth_running_needs_a_bid_the_platform_takes_and_some_clicks() -> None:
    truth = pd.DataFrame({"best_bid": [1.0, 0.04, 1.0, 0.05], "best_clicks": [5.0, 5.0, 0.05, 0.1]})
    assert worth_running(truth, FLOOR).tolist() == [True, False, False, True]
    assert loses_at_any_bid(truth, FLOOR).tolist() == [False, True, False, False]


def test_a_player_sees_the_week_it_bids_for_and_the_world_plays_its_bids() -> None:
    steps = list(play(ToyWorld(1), Script(2.0, 0.5), PROFIT, 2))
    assert [step.before["good"] for step in steps] == [1.0, 2.0]
    assert [step.then.loc["good", "clicks"] for step in steps] == [20.0, 5.0]
    assert [step.now.loc["good", "clicks"] for step in steps] == [10.0, 20.0]
    assert steps[0].moved.tolist() == [True, False]
