"""How far a bid may move: small steps where little is known, large ones where own orders are many."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.bids.pace import PACES, SURE_OF_FORM, caps, first_caps

ORDERS = [np.nan, 0.0, 1.0, 10.0, 100.0, 1e9]


def of(orders, settings, form_doubt=0.0):
    up, down = caps(pd.DataFrame({"orders_usual": orders}), settings, form_doubt)
    return up, down


@pytest.mark.parametrize("name", PACES)
def test_caps_grow_with_own_orders_from_the_first_step_to_the_largest(settings, name):
    pace = PACES[name]
    for cap, first, most in zip(
        of(ORDERS, replace(settings, pace=name)),
        (pace.first_raise, pace.first_cut),
        (pace.most_raise, pace.most_cut),
        strict=True,
    ):
        assert (cap[0], cap[1], cap[-1]) == pytest.approx((first, first, most))
        assert (np.diff(cap[1:]) > 0).all()
        halfway = of([pace.half], replace(settings, pace=name))
        assert min(halfway[0] - pace.first_raise) == pytest.approx((pace.most_raise - pace.first_raise) / 2)


def test_careful_moves_less_than_steady_and_steady_less_than_fast(settings):
    up, down = (
        np.stack([of(ORDERS, replace(settings, pace=name))[side] for name in ("careful", "steady", "fast")])
        for side in (0, 1)
    )
    assert (np.diff(up, axis=0) > 0).all()
    assert (np.diff(down, axis=0) > 0).all()


def test_what_the_pack_says_is_the_most_holds_whatever_the_evidence(settings):
    up, down = of(ORDERS, replace(settings, max_step=0.1, max_cut=0.05))
    assert up.tolist() == [0.1] * len(ORDERS)
    assert down.tolist() == [0.05] * len(ORDERS)


def test_a_market_whose_form_is_guessed_at_holds_all_steps_back(settings):
    pace = PACES["steady"]
    sure, half, guessed = (of([1e9], settings, doubt)[0][0] for doubt in (0.0, SURE_OF_FORM, 0.3))
    assert half - pace.first_raise == pytest.approx((sure - pace.first_raise) / 2)
    assert guessed - pace.first_raise == pytest.approx((sure - pace.first_raise) / 10)


def test_groups_and_words_without_data_move_by_first_steps(settings):
    pace = PACES["steady"]
    assert [cap.tolist() for cap in first_caps(2, settings)] == [[pace.first_raise] * 2, [pace.first_cut] * 2]
    small = first_caps(1, replace(settings, max_step=0.05, max_cut=0.1))
    assert [cap.tolist() for cap in small] == [[0.05], [0.1]]
