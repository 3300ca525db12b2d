from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from toy import PROFIT, TARGET

from ppc_tuner.lab import calibration
from ppc_tuner.lab.calibration import (
    NEVER,
    by_own_weight,
    coverage,
    deletes,
    gains,
    late_orders,
    matched,
    of_groups,
    reliability,
)
from ppc_tuner.lab.rollout import Step
from ppc_tuner.lab.worlds import DELAY, honesty_cases, market_cases, sales_cases

FLOOR, BAND = 0.05, 0.1


def words(**columns: list[object]) -> pd.DataFrame:
    size = len(next(iter(columns.values())))
    ends = {f"{name}_{end}": [1.0 + (end.startswith("high"))] * size for name in ("cvr", "value")
            for end in ("low80", "low90", "high80", "high90")}  # fmt: skip
    default = {
        "true_kind": ["core"] * size, "clicks": [5.0] * size, "true_cvr": [1.5] * size,
        "true_value_per_click": [1.5] * size, "true_best_bid": [1.0] * size, "true_best_clicks": [9.0] * size,
        "true_clicks": [10.0] * size, "true_cost": [10.0] * size, "true_profit": [0.0] * size,
        "bid": [1.0] * size,
        "then_profit": [0.0] * size, "p_profitable": [0.55] * size, "confidence": [0.95] * size,
        "action": ["keep"] * size,
        "p_raise": [0.5] * size, "p_lower": [0.5] * size, "expected_gain": [0.0] * size,
        "gain_low": [-1.0] * size,
        "gain_high": [1.0] * size,
    }  # fmt: skip
    return pd.DataFrame(
        default | ends | columns, index=pd.Index([f"w{n}" for n in range(size)], name="keyword_id")
    )


def test_coverage_counts_truths_inside_by_clicks_and_kind() -> None:
    counted = coverage(
        words(
            clicks=[0.0, 1.0, 9.0, 10.0, 400.0],
            true_cvr=[1.5, 0.9, 1.5, 2.0, 0.0],
            true_value_per_click=[3.0, 1.5, 1.5, 1.5, 0.0],
        ),
        first=True,
    ).set_index(["bucket", "kind"])
    assert counted["cases"].to_dict() == {
        ("0", "core"): 1, ("1–9", "core"): 2, ("10–99", "core"): 1, ("≥400", NEVER): 1,
    }  # fmt: skip
    assert counted["cvr80"].to_dict() == {
        ("0", "core"): 1, ("1–9", "core"): 1, ("10–99", "core"): 1, ("≥400", NEVER): 0,
    }  # fmt: skip
    assert counted.loc[("0", "core"), "value90"] == 0
    assert counted["first"].all()


def test_a_verdict_holds_when_the_best_bid_lies_where_it_says() -> None:
    told = words(
        action=["raise", "raise", "lower", "keep", "keep", "delete", "delete", "watch", "watch"],
        true_best_bid=[1.2, 0.8, 0.8, 1.09, 1.2, 0.01, 0.9, 1.2, 1.2],
        p_raise=[0.5] * 7 + [0.8, 0.2],
        p_lower=[0.5] * 7 + [0.2, 0.8],
        confidence=[0.95, 0.95, 0.91, 0.35, 0.31, 1.0, 0.98, 0.85, 0.85],
    )
    sure = reliability(told, FLOOR, BAND).query("figure == 'confidence'").set_index("decile")
    assert sure["cases"].to_dict() == {3: 2, 8: 2, 9: 5}
    assert sure["came_true"].to_dict() == {3: 1, 8: 1, 9: 3}
    assert sure.loc[3, "promised"] == pytest.approx(0.66)


def test_profitable_means_that_a_click_is_worth_more_than_it_costs() -> None:
    told = words(true_cost=[10.0, 20.0], p_profitable=[0.55, np.nan], true_value_per_click=[1.1, 1.1])
    found = reliability(told, FLOOR, BAND).query("figure == 'p_profitable'")
    assert found[["decile", "cases", "came_true"]].to_numpy().tolist() == [[5, 1, 1.0]]


def test_gains_are_summed_over_changed_words_and_deletes_held_against_the_truth() -> None:
    told = words(
        expected_gain=[3.0, 9.0], then_profit=[1.0, 5.0], true_profit=[-1.0, 0.0], gain_low=[2.5, 0.0],
        gain_high=[4.0, 9.0],
        action=["delete", "delete"], confidence=[0.98, 0.9], true_best_bid=[0.01, 1.0],
    )  # fmt: skip
    bids = pd.Series(1.0, index=told.index)
    step = Step(0, bids, bids.mask([True, False]), told, told)
    assert gains(told, step) == {"acted": 1, "expected": 3.0, "true": 2.0, "inside": 0}
    assert deletes(told, FLOOR) == {"deleted": 2, "promised": pytest.approx(0.12), "wrong": 1}


def test_the_list_is_matched_with_the_truth_by_word_and_paused_words_are_left_out() -> None:
    truth = words(clicks=[0.0] * 3).rename(columns=lambda name: name.removeprefix("true_"))
    truth = truth.loc[:, ~truth.columns.duplicated(keep="last")].assign(cvr=[0.1, 0.2, 0.3])
    decided = pd.DataFrame({"keyword_id": ["w2", "w0", "w1"], "action": ["raise", "keep", "keep"]})
    step = Step(
        0, pd.Series([1.0, np.nan, 1.0], index=truth.index), truth["bid"], truth, truth.assign(profit=7.0)
    )
    joined = matched(decided, step)
    assert joined["true_cvr"].to_dict() == {"w2": 0.3, "w0": 0.1}
    assert joined["then_profit"].to_list() == [7.0, 7.0]


def test_an_early_export_is_compared_with_a_late_one_over_the_same_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = next(case for case in market_cases() if case.name == "next_price_usual")
    raw = {}

    def decide(facts: pd.DataFrame, *_: object) -> pd.DataFrame:
        rows = facts.groupby("keyword_id")[["clicks", "conversions"]].sum().reset_index()
        raw[facts["exported_on"].iloc[0]] = rows["conversions"].sum()
        return rows.assign(cvr=rows["conversions"] / rows["clicks"].clip(lower=1))

    monkeypatch.setattr(calibration, "decide", decide)
    sums = late_orders(case.make(0), case.terms)
    assert sums == {"early": pytest.approx(raw[min(raw)]), "late": pytest.approx(raw[max(raw)])}
    # Nothing made up for the orders still to come: 72 % of them are known on day 7, all on day 28.
    assert sums["early"] / sums["late"] == pytest.approx(DELAY.known(np.arange(1.0, 8.0)).mean(), abs=0.05)


def test_every_case_tells_its_players_margins_and_objective() -> None:
    for case in [*market_cases(), *sales_cases(), *honesty_cases()]:
        margin = [] if case.sales else ["margin"]
        assert case.terms.items.columns.to_list() == ["item_id", *margin, "refund_rate"]
        assert case.terms.settings["objective"] in ("profit", "target_roas")
    assert PROFIT.target_roas is None
    assert TARGET.target_roas == 4.0


def test_what_is_said_to_be_sure_is_counted_by_own_weight() -> None:
    told = words(
        own_weight=[0.1, 0.1, 0.3, 0.9, 0.9],
        p_raise=[0.9, 0.1, 0.7, 0.95, 0.5],
        p_lower=[0.1, 0.9, 0.3, 0.05, 0.5],
        p_not_worth=[0.0, 0.0, 0.0, 0.0, 0.9],
        true_best_bid=[1.2, 1.2, 1.2, 0.8, 0.01],
        bid_change=[0.0, -0.2, 0.1, 0.2, -1.0],
        p_step_up=[0.9, 0.1, 0.9, 0.85, 0.1],
        p_step_down=[0.1, 0.85, 0.1, 0.1, 0.9],
        then_profit=[0.0, -1.0, 1.0, 1.0, 0.0],
        moved_with=[None, None, "plan +10%", None, None],
    )
    counted = by_own_weight(told, FLOOR).set_index(["figure", "weight"])[["cases", "promised", "came_true"]]
    assert counted.T.to_dict("list") == {
        # One best bid lies above today's as said, the other does not; unsure words are left out.
        ("direction", "0–20%"): [2, pytest.approx(1.8), 1],
        ("direction", "80–100%"): [1, 0.95, 0],
        # Words that moved alone, by what the move earned; a removal is no step.
        ("step", "0–20%"): [1, 0.85, 0],
        ("step", "80–100%"): [1, 0.85, 1],
        ("not worth", "80–100%"): [1, 0.9, 1],
    }


def test_groups_are_right_when_their_words_gain_together() -> None:
    told = words(moved_with=["a -15%", "a -15%", "b +10%", None], then_profit=[3.0, -1.0, -2.0, 4.0])
    bids = pd.Series(1.0, index=told.index)
    groups = pd.DataFrame({"moved_with": ["a -15%", "b +10%"], "confidence": [0.9, 0.75]})
    step = Step(0, bids, bids * 1.1, pd.DataFrame(), pd.DataFrame())
    assert of_groups(told, step, groups) == {
        "groups": 2, "words": 3, "promised": pytest.approx(1.65), "right": 1, "sure": 1, "sure_right": 1,
        "gained": 0.0, "gained_all": 4.0, "live": 4,
    }  # fmt: skip
    still = Step(0, bids, bids, pd.DataFrame(), pd.DataFrame())
    assert of_groups(told, still, groups.iloc[:0])["groups"] == 0


def test_a_group_is_one_case_with_what_its_words_gain_together() -> None:
    told = words(
        expected_gain=[1.0, np.nan, np.nan],
        gain_low=[0.0, np.nan, np.nan],
        gain_high=[2.0, np.nan, np.nan],
        then_profit=[1.5, 2.0, -0.5],
        moved_with=[None, "plan -15%", "plan -15%"],
    )
    bids = pd.Series([1.0, 1.0, 1.0], index=told.index)
    groups = pd.DataFrame(
        {"moved_with": ["plan -15%"], "expected_gain": [3.0], "gain_low": [1.0], "gain_high": [4.0]}
    )
    step = Step(0, bids, bids * 0.85, pd.DataFrame(), pd.DataFrame())
    assert gains(told, step, groups) == {"acted": 2.0, "expected": 4.0, "true": 3.0, "inside": 2.0}
