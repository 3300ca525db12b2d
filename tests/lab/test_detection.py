from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.lab.detection import bound, first_decision, found, planted_words
from ppc_tuner.lab.players import Untouched
from ppc_tuner.lab.rollout import Step, play
from ppc_tuner.lab.worlds import DELAY, TABLE_SEEDS, TUNING_SEEDS, honesty_cases

CASES = {case.name: case for case in honesty_cases()}


def test_seeds_for_tuning_and_for_tables_differ() -> None:
    assert not set(TUNING_SEEDS) & set(TABLE_SEEDS)
    assert len(TUNING_SEEDS) >= 10
    assert len(TABLE_SEEDS) >= 10


@pytest.mark.parametrize("name", ["on_target", "planted"])
def test_words_on_target_return_exactly_the_target(name: str) -> None:
    case = CASES[name]
    truth = case.make(5).truth()
    refunds = truth["item_id"].map(case.terms.items.set_index("item_id")["refund_rate"])
    times = truth["revenue"] * (1 - refunds) / truth["cost"] / case.terms.target_roas
    if name == "on_target":
        assert times.to_numpy() == pytest.approx(1.0)
        assert truth["cvr"].std() > 0.005
    else:
        assert times.round(6).value_counts().to_dict() == {1.0: 240, 2.2: 60, 0.35: 60, 0.0: 40}
        assert truth.loc[times.round(6) == 1, "cvr"].to_numpy() == pytest.approx(0.03)


@pytest.mark.parametrize("family", ["second_price", "next_price"])
def test_bids_of_the_optimum_account_earn_most(family: str) -> None:
    truth = CASES[f"optimum_{family}"].make(5).truth()
    assert (truth["bid"] - truth["best_bid"]).abs().max() <= 0.005 + 1e-9
    assert truth["profit"].sum() == pytest.approx(truth["best_profit"].sum(), rel=1e-4)


def test_orders_expected_at_target_are_those_an_export_could_show() -> None:
    case = CASES["planted"]
    world = case.make(5)
    step = next(play(case.make(5), Untouched(), case.terms, 1))
    words = planted_words(world, step)
    facts = world.facts()
    one = facts[facts["keyword_id"] == words.index[7]]
    age = (pd.Timestamp("2026-03-30") - one["date"]).dt.days.to_numpy(dtype=float)
    assert words["expected"].iloc[7] == pytest.approx(
        0.03 * (one["clicks"].to_numpy() * DELAY.known(age)).sum()
    )
    counts = pd.cut(words["expected"], [0, 12, 30, 100, np.inf]).value_counts()
    assert (counts >= 5).all()
    seen = facts.groupby("keyword_id")["conversions"].sum().reindex(words.index).fillna(0)
    on_target = words["times"] == 1
    assert seen[on_target].sum() == pytest.approx(words.loc[on_target, "expected"].sum(), rel=0.05)
    assert seen[words["times"] == 0].sum() == 0


def test_what_a_player_did_at_once_is_told_by_word() -> None:
    index = pd.Index(list("abcd"))
    step = Step(
        0,
        pd.Series([1.0] * 4, index),
        pd.Series([1.1, 0.9, np.nan, 1.0], index),
        pd.DataFrame(),
        pd.DataFrame(),
    )
    done = first_decision(step)
    assert done["moved"].tolist() == [True, True, True, False]
    assert done["up"].tolist() == [True, False, False, False]
    assert done["down"].tolist() == [False, True, True, False]
    assert done["deleted"].tolist() == [False, False, True, False]


def test_the_bound_of_one_word_is_the_poisson_test() -> None:
    # Never sells: called when no order came of 3 expected. Alarms of exp(−3) find all, half of them half.
    one = np.full(4, 3.0)
    assert bound(one, 0.0, math.exp(-3)) == pytest.approx(1.0, abs=1e-6)
    assert bound(one, 0.0, math.exp(-3) / 2) == pytest.approx(0.5, abs=1e-6)
    # Twice the rate: with alarms P(K ≥ 6 | 3) all words of six orders and more are called.
    tail = {
        rate: 1 - sum(math.exp(-rate) * rate**k / math.factorial(k) for k in range(6)) for rate in (3.0, 6.0)
    }
    assert bound(one, 2.0, tail[3.0]) == pytest.approx(tail[6.0], abs=1e-6)
    assert bound(one, 2.0, 1.0) == pytest.approx(1.0, abs=1e-6)
    assert bound(one, 2.0, 0.0) == 0.0
    assert np.isnan(bound(one[:0], 2.0, 0.1))


def test_words_with_more_orders_to_go_by_carry_the_bound() -> None:
    mixed = np.array([1.0] * 50 + [60.0] * 50)
    assert bound(mixed, 0.35, 0.01) == pytest.approx(0.5, abs=0.08)
    assert bound(mixed[50:], 0.35, 0.01) > 0.99


def test_found_is_by_bucket_and_group_at_the_players_own_false_alarms() -> None:
    words = pd.DataFrame(
        {
            "times": [1.0] * 10 + [2.2, 2.2, 0.35, 0.0] + [2.2],
            "expected": [40.0] * 14 + [15.0],
            "up": [True] + [False] * 9 + [True, False, True, False] + [True],
            "down": [False] * 13 + [True, False],
        }
    )  # fmt: skip
    shown = found(words).set_index(["bucket", "group"])
    assert shown.loc[("≥30", "winners"), ["words", "found", "wrong_way"]].to_list() == [2, 0.5, 0.0]
    assert shown.loc[("≥30", "losers"), ["found", "wrong_way"]].to_list() == [0.0, 1.0]
    assert shown.loc[("≥30", "never"), "found"] == 1.0
    assert shown.loc[("12–30", "winners"), "found"] == 1.0
    assert shown.loc[("12–30", "losers"), "words"] == 0
    assert shown.loc[("≥30", "winners"), "bound"] == pytest.approx(bound(np.full(14, 40.0), 2.2, 0.1))
