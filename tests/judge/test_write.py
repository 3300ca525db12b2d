"""Action, rule and reason are written once: from what rules permit, what bids made of it, and the pack."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.columns import VERDICTS
from ppc_tuner.judge import Judgement, write


@pytest.fixture
def decided_by(pack):
    """decided_by(ids, following=…, held=…): a judgement by these rules of the pack, a row each."""

    def build(ids, following=None, held=()):
        numbers = {rule.id: number for number, rule in enumerate(pack.rules)}
        decided = np.array([numbers[name] for name in ids], dtype=np.intp)
        after = np.array([numbers[name] for name in following or ids], dtype=np.intp)
        nothing = np.zeros((len(ids), len(pack.rules)), dtype=bool)
        matched = nothing.copy()
        matched[np.arange(len(ids)), decided] = True
        gates = np.zeros((len(ids), len(pack.gates)), dtype=bool)
        for number, gate in enumerate(pack.gates):
            gates[:, number] = gate.id in held
        return Judgement(pack.rules, pack.gates, decided, after, matched, nothing, gates)

    return build


# A figure for every column that the texts of the rules below name.
WORD = {
    "level": "keyword", "currency": "CNY", "clicks": 400.0, "impressions": 9000.0, "conversions": 4.0,
    "cost": 900.0,
    "cvr_even": 0.03, "cvr_lowest": 0.006, "clicks_needed": np.nan, "learn_cost": np.nan,
}  # fmt: skip


def by_action(pack, action):
    """The first rule for keywords with this action behind which it is said what would change it."""
    silent = pack.rules_without("what_would_change")
    rules = (rule for rule in pack.rules if rule.action == action and "keyword" in rule.level)
    return next(rule.id for rule in rules if rule.id not in silent)


@pytest.fixture
def written(pack, decided_by):
    """written({...}, rule=… or action=…, outcomes=(…), …): the verdict of one word."""

    def run(figures=None, rule=None, action="keep", outcomes=(), without_removal=None, held=()):
        rows = pd.DataFrame([WORD | (figures or {})])
        name = rule or by_action(pack, action)
        after = None if without_removal is None else [by_action(pack, without_removal)]
        said = {one: np.array([True]) for one in outcomes}
        return write(rows, decided_by([name], after, held), pack, said).iloc[0]

    return run


class TestOutcomes:
    """What the engine did otherwise than permitted, or more, is said in the texts of the pack."""

    @pytest.mark.parametrize("action", ["raise", "lower"])
    def test_a_change_below_one_increment_becomes_keep_and_says_so(self, pack, written, action):
        row = written(action=action, outcomes=["below-increment"])
        assert (row["action"], row["rule"]) == ("keep", "below-increment")
        assert row["reason_en"] == "The change would be below one increment: the bid stays"
        assert row["reason_zh"] == "可动幅度不足一个最小加价单位，保持"
        # The advice of the rule that was to move it is not its own.
        assert row["advice"] == pack.outcomes["below-increment"].advice == ""
        # Nothing held it back but its own smallness.
        assert row["gated_by"] == ""

    def test_a_raise_that_the_budget_stops_says_so(self, written):
        row = written(action="raise", outcomes=["budget-spent"])
        assert (row["action"], row["rule"], row["gated_by"]) == ("keep", "budget-spent", "budget-spent")
        assert row["reason_en"].startswith("The budget goes to words that earn more with it")
        assert row["reason_zh"].startswith("预算只够更值的词")

    def test_a_watched_word_that_the_budget_keeps_from_learning_is_still_watched(self, written):
        row = written(action="watch", outcomes=["budget-spent"])
        assert (row["action"], row["rule"]) == ("watch", "budget-spent")

    def test_a_refused_delete_takes_its_next_verdict_whole(self, pack, written):
        row = written(action="delete", without_removal="lower", outcomes=["wrong-deletes"])
        lowers = next(rule for rule in pack.rules if rule.id == by_action(pack, "lower"))
        assert row[["action", "rule", "advice"]].tolist() == ["lower", lowers.id, lowers.advice]
        plain = written(action="lower")
        assert row[["reason_zh", "reason_en"]].tolist() == plain[["reason_zh", "reason_en"]].tolist()
        assert row["gated_by"] == "wrong-deletes"

    def test_a_refused_delete_may_become_too_small_a_cut(self, written):
        row = written(action="delete", without_removal="lower", outcomes=["wrong-deletes", "below-increment"])
        assert (row["action"], row["rule"], row["gated_by"]) == ("keep", "below-increment", "wrong-deletes")

    def test_a_word_moved_to_learn_says_why_behind_its_reason(self, written):
        figures = {"clicks_needed": 500.0, "learn_cost": 0.042}
        plain, row = (written(figures, action="watch", outcomes=said) for said in ((), ["learning"]))
        assert row["action"] == "watch"
        assert row["rule"] == plain["rule"]
        assert row["reason_en"] == plain["reason_en"] + "; raised only to learn, ¥0.04 a week"
        assert row["reason_zh"] == plain["reason_zh"] + "；为学习小幅提，每周多花 ¥0.04"

    def test_a_reason_takes_one_because_and_the_next_stands_in_the_details(self, written):
        figures = {"clicks_needed": 500.0, "learn_cost": 0.042, "clicks_change": 3.0}
        row = written(figures, action="watch", outcomes=["same-money", "learning"])
        assert row["reason_en"].endswith("; the same money buys 3 more clicks")
        assert row["details_en"] == "raised only to learn, ¥0.04 a week"
        assert row["details_zh"] == "为学习小幅提，每周多花 ¥0.04"

    def test_an_outcome_that_did_not_happen_leaves_no_trace(self, pack, decided_by):
        rows = pd.DataFrame([WORD, WORD])
        judgement = decided_by([by_action(pack, "raise")] * 2)
        said = {name: np.array([True, False]) for name in ("below-increment", "budget-spent")}
        pd.testing.assert_series_equal(
            write(rows, judgement, pack, said).iloc[1], write(rows, judgement, pack).iloc[1]
        )


class TestDetails:
    """Estimates, chances and what context tables told stand in the details, not in the reason."""

    TOLD: ClassVar = {"event_days": 3.0, "margin_given": 0.3}

    def test_they_leave_the_reason_alone(self, written):
        plain, row = written(action="lower"), written(self.TOLD, action="lower")
        assert row[["reason_en", "reason_zh"]].tolist() == plain[["reason_en", "reason_zh"]].tolist()
        assert row["details_en"] == "3 event days left out; margin 30.0% as given"
        assert row["details_zh"] == "不计活动日 3 天；毛利率 30.0%（给定）"

    def test_estimates_and_chances_are_said_where_they_are_known(self, written):
        row = written({"worth": 1.2, "p_raise": 0.04, "p_lower": 0.96}, action="lower")
        assert row["details_en"] == (
            "a click is worth about ¥1.20; 4.0% sure that the bid is too low, 96.0% that it is too high"
        )
        assert row["details_zh"] == "一次点击估计值 ¥1.20；应提的把握 4.0%、应降的把握 96.0%"

    def test_not_where_no_figure_could_change_the_verdict(self, written):
        assert written(self.TOLD, rule="not-live")["details_en"] == ""

    @pytest.mark.parametrize("outcome", ["below-increment", "budget-spent"])
    def test_not_where_the_engine_says_something_else(self, written, outcome):
        row = written(self.TOLD, action="raise", outcomes=[outcome])
        assert row["details_en"] == ""


class TestWhatWouldChange:
    """What would change a verdict, in one sentence."""

    @pytest.mark.parametrize("action", ["raise", "lower", "keep"])
    def test_the_conversion_rate_at_which_a_click_is_worth_its_price(self, written, action):
        row = written(action=action)
        assert "3.00%" in row["would_change_en"]
        assert "3.00%" in row["would_change_zh"]

    def test_a_delete_looks_at_the_lowest_bid_worth_running(self, written):
        assert "0.60%" in written(action="delete")["would_change_en"]
        assert "1.50%" in written({"cvr_lowest": 0.015}, action="delete")["would_change_en"]

    def test_a_watched_word_says_how_many_clicks(self, written):
        row = written({"clicks_needed": 1200.0}, action="watch")
        assert "1,200" in row["would_change_zh"]
        assert "look again" not in row["would_change_en"]

    def test_a_watched_word_that_no_number_of_clicks_would_turn_says_so(self, written):
        assert written(action="watch")["would_change_en"].startswith("more clicks alone will not tell")

    def test_a_watched_word_says_when_to_look_again_and_at_what_bid(self, written):
        plan = {"clicks_needed": 40.0, "watch_bid": 1.5, "look_again": pd.Timestamp("2026-11-30")}
        row = written(plan, action="watch")
        assert row["would_change_en"].endswith("; runs on at ¥1.50; look again about 2026-11-30")
        assert row["would_change_zh"].endswith("；出价保持 ¥1.50；约 2026-11-30 再看")

    def test_it_is_said_of_what_is_done_not_of_what_was_permitted(self, written):
        row = written(action="raise", outcomes=["below-increment"])
        assert row["would_change_en"] == "moves once the conversion rate is surely off 3.00%"

    @pytest.mark.parametrize(("figures", "rule"), [({}, "not-live"), ({"cvr_even": np.nan}, None)])
    def test_nothing_is_said_where_no_figure_could_change_it(self, written, figures, rule):
        row = written(figures, rule=rule)
        assert (row["would_change_zh"], row["would_change_en"]) == ("", "")


def test_nothing_but_the_columns_of_the_verdict_is_written(pack, decided_by):
    rows = pd.DataFrame([WORD] * 2, index=[7, 3])
    found = write(rows, decided_by([by_action(pack, "keep")] * 2), pack)
    assert set(found) == set(VERDICTS)
    assert found.index.tolist() == [7, 3]
