"""What all moves of a week together may do to the spend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.bids import allocate, propose
from ppc_tuner.bids.spend import caps_on_spend

EPSILON, ETA = 0.5, 0.5


def rows_of(cost, live=True):
    return pd.DataFrame(
        {
            "now_cost": cost,
            "click_elasticity": EPSILON,
            "cpc_elasticity": ETA,
            "status": "live",
            "biddable": live,
        }
    )


def after(change, cap):
    """The changes, no further than the caps."""
    return np.sign(change) * np.minimum(np.abs(change), cap)


def caps_of(cost, action, change, most):
    return caps_on_spend(rows_of(cost), np.array(action), np.array(change), most, fall=0.0)


def test_below_the_bound_every_step_is_made():
    assert np.isinf(caps_of([100.0, 100.0], ["raise", "lower"], [0.3, -0.3], 0.2)).all()
    assert np.isinf(caps_of([100.0, 100.0], ["raise", "keep"], [0.39, 0.0], 0.2)).all()


@pytest.mark.parametrize("sign", [1, -1])
def test_beyond_it_the_steps_of_the_heavier_side_shrink_by_one_power(sign):
    change = np.array([0.6, 0.3, -0.1]) if sign > 0 else np.array([-0.6, -0.3, 0.1])
    cap = caps_of([100.0, 100.0, 50.0], ["raise", "raise", "lower"], change, 0.1)
    moved = after(change, cap)
    # ε + η = 1: cost grows as the bid.
    assert float(moved @ [100.0, 100.0, 50.0]) == pytest.approx(sign * 25.0, rel=1e-4)
    assert np.isinf(cap[2])
    powers = np.log1p(moved[:2]) / np.log1p(change[:2])
    assert powers[0] == pytest.approx(powers[1])
    assert 0 < powers[0] < 1


def test_removals_are_made_whole_and_take_no_room():
    """A word of 100 goes; the cut of the other, .4, lowers its spend by less than .3 of both."""
    assert np.isinf(caps_of([100.0, 100.0], ["delete", "lower"], [-1.0, -0.4], 0.3)).all()
    # Nor does what a removal frees leave room for raises.
    with_it = caps_of([50.0, 100.0], ["delete", "raise"], [-1.0, 0.6], 0.1)
    without = caps_of([50.0, 100.0], ["keep", "raise"], [0.0, 0.6], 0.1)
    assert with_it[1] == without[1] < 0.6


def test_the_list_keeps_the_bound(weighed, account_of, permitted, settings):
    words = weighed(*[{"value_per_click": 30.0}] * 6, {"value_per_click": 3.0})
    changes = {}
    for most in (0.1, 10.0):
        chosen = replace(settings, bid_doubt=0.0, cpc_doubt=0.0, most_spend_change=most)
        account = account_of(words, chosen)
        rows = words.join(propose(words, account, chosen))
        done = allocate(rows, permitted(["raise"] * 6 + ["keep"]), account, chosen)
        changes[most] = float(done.frame["cost_change"].sum() / rows["now_cost"].sum())
        assert (done.frame["bid_change"].iloc[:6] > 0).all()
    assert 0.07 < changes[0.1] <= 0.1 + 1e-6
    assert changes[10.0] > 0.3
