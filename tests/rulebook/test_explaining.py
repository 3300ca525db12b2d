"""How often each rule spoke, one word's path to its verdict, and what changes between two packs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner import tune
from ppc_tuner.errors import UsageError
from ppc_tuner.judge import load_pack, permit, write
from ppc_tuner.judge.outcomes import concerned
from ppc_tuner.listing import pack_for
from ppc_tuner.locations import sample_folder
from ppc_tuner.rulebook import difference, explain
from ppc_tuner.rulebook.explaining import path_of, word_rows
from ppc_tuner.rulebook.verdict_path import rule_steps

PACK = """pack: mine
gates:
  - {id: thin, when: margin < 20%, forbids: [raise], reason: {zh: 薄, en: thin}}
rules:
  - {id: rare, when: clicks < 10, action: watch, reason: {zh: 少, en: rare}}
  - {id: good, when: roas > 2, action: raise, reason: {zh: 好, en: "good {roas}"}}
  - {id: better, when: roas > 3, action: raise, reason: {zh: 更好, en: better}}
otherwise: {action: keep, reason: {zh: 留, en: stays}}
"""
ROWS = pd.DataFrame(
    {
        "level": "keyword", "platform": "zhitongche", "currency": "CNY", "campaign": "c", "ad_group": "g",
        "keyword": ["甲", "乙", "丙", "丁"], "clicks": [5.0, 50.0, 60.0, 70.0],
        "roas": [4.0, 4.0, 4.0, np.nan],
        "margin": [0.5, 0.5, 0.1, 0.5], "proposal": "raise", "step_down": -0.1,
        "weekly_cost": [1.0, 20.0, 300.0, 4000.0], "p_raise": 0.9, "p_lower": 0.1, "p_not_worth": 0.0,
        "bid_change": [0.0, 0.1, 0.0, 0.0], "expected_gain": [0.0, 5.0, 0.0, 0.0],
    }
)  # fmt: skip


def listed(rows, pack):
    """The rows with their verdicts by a pack."""
    return rows.join(write(rows, permit(rows, pack), pack))


@pytest.fixture
def pack(written, rules_folder):
    return load_pack(written(PACK), rules_folder)


@pytest.fixture
def actions(pack):
    return listed(ROWS, pack)


def test_counts_and_money(actions, pack):
    assert actions["rule"].tolist() == ["rare", "good", "thin", "otherwise"]
    table = explain(actions, pack).set_index("clause")
    columns = ["matched", "decided", "shadowed", "gated", "unjudged", "weekly_cost"]
    assert table.loc["rare", columns].tolist() == [1, 1, 0, 0, 0, 1]
    # Three match: one decided, one held by the gate, one behind `rare`; the fourth has no ROAS.
    assert table.loc["good", columns].tolist() == [3, 1, 1, 1, 1, 20]
    assert table.loc["better", columns].tolist() == [3, 0, 2, 1, 1, 0]
    assert table.loc["thin", columns].tolist() == [1, 1, 0, 1, 0, 300]
    # Of the word that the gate stopped it says keep as well; there the gate is the reason.
    assert table.loc["otherwise", columns].tolist() == [2, 1, 1, 0, 0, 4000]


def test_the_whole_path_of_one_word(actions, pack):
    [evidence, gate, rare, good, better, last, verdict] = path_of(word_rows(actions, "丙"), pack, "en")
    assert "proposes Raise" in evidence
    assert gate == "gate thin: margin < 20% → holds (Margin 10.0%): forbids Raise"
    assert rare == "1. rare: clicks < 10 → does not hold (Clicks 60)"
    assert good == "2. good: roas > 2 → holds (ROAS 4.00) ; held back by thin"
    assert "held back by thin" in better
    assert last == "4. otherwise: true → holds"
    assert verdict == "→ Keep [thin] thin"


def test_what_could_not_be_judged_is_said(actions, pack):
    lines = path_of(word_rows(actions, "丁"), pack, "zh")
    assert any("good: roas > 2 → 无法判断，缺少数据" in line for line in lines)


def test_a_word_that_is_not_there(actions):
    with pytest.raises(UsageError, match="甲"):
        word_rows(actions, "甲乙")


def test_the_difference_between_two_packs(actions, written, rules_folder):
    other = load_pack(written(PACK.replace("margin < 20%", "margin < 5%")), rules_folder)
    after = listed(ROWS.assign(bid_change=[0.0, 0.2, 0.1, 0.0], expected_gain=[0.0, 7.0, 30.0, 0.0]), other)
    found = difference(actions, after)
    assert found.words["keyword"].tolist() == ["丙", "乙"]
    assert found.words[["before_action", "after_action"]].values.tolist() == [
        ["keep", "raise"],
        ["raise", "raise"],
    ]
    assert found.words["weekly_cost"].tolist() == [300, 20]
    assert found.moves[["before_action", "after_action", "words", "weekly_cost", "gain"]].values.tolist() == [
        ["keep", "raise", 1, 300.0, 30.0],
        ["raise", "raise", 1, 20.0, 2.0],
    ]


def test_no_difference(actions):
    found = difference(actions, actions.iloc[::-1])
    assert (len(found.words), len(found.moves)) == (0, 0)


@pytest.mark.parametrize(("budget", "spoken"), [(12_250, "budget-spent"), (12_280, "learning")])
def test_every_word_is_accounted_for_under_a_budget_with_learning_and_bounded_deletes(budget, spoken):
    # Deletes come easily and are held back as a whole; a little more budget leaves room for raises to learn.
    settings = {
        "weekly_budget": budget, "learn_budget": 0.05, "act": 0.6,
        "wrong_deletes": 0.01, "delete_sure": 0.5, "fair_chance": 0, "wanted_sure": 0.5, "min_bid_share": 0.8,
    }  # fmt: skip
    folder = sample_folder() / "zhitongche"
    result = tune(next(folder.glob("关键词*.csv")), context=folder / "items.csv", settings=settings)
    table = explain(result.actions, pack_for(None, result.reading, "zhitongche", settings))
    assert table["decided"].sum() == len(result.actions)
    outcomes = table[table["kind"] == "outcome"].set_index("clause")
    assert (outcomes.loc[[spoken, "wrong-deletes"], "matched"] > 0).all()
    # What is said beside another reason decides nothing.
    assert outcomes.loc[["wrong-deletes", "learning"], "decided"].sum() == 0
    assert outcomes.loc["budget-spent", "decided"] == outcomes.loc["budget-spent", "matched"]
    # The Guide sheet lists them beside the rules, with the same counts.
    listed = result.summary["rules"].set_index("rule")
    assert listed.loc[outcomes.index, "words"].tolist() == outcomes["matched"].tolist()
    assert listed.loc[outcomes.index, ["text_zh", "text_en"]].ne("").all(axis=None)


def test_the_rows_that_an_outcome_speaks_of():
    actions = pd.DataFrame(
        {
            "rule": ["budget-spent", "mine", "mine", "to-learn", "to-learn", "to-learn", np.nan],
            "gated_by": ["thin budget-spent", "thin wrong-deletes", "", np.nan, "", "", ""],
            "learn_cost": [np.nan, np.nan, np.nan, 0.4, np.nan, np.nan, np.nan],
        }
    )
    rows = {
        name: np.flatnonzero(concerned(name, actions)).tolist()
        for name in ("budget-spent", "wrong-deletes", "below-increment", "learning")
    }
    assert rows == {"budget-spent": [0], "wrong-deletes": [1], "below-increment": [], "learning": [3]}


def test_a_words_path_ends_where_the_list_says():
    """What holds for the account stands in no row of the list: the path must know it all the same."""
    [report] = (sample_folder() / "zhitongche").glob("关键词报表*.csv")
    result = tune(report, settings={"min_gain": 0.001})
    [run] = result.runs
    seen = run.seen_by_rules(result.actions[result.actions["level"] == "keyword"])
    ids = {outcome.id for outcome in run.pack.outcomes.values()} | {gate.id for gate in run.pack.gates}
    plain = seen[~seen["rule"].isin(ids) & ~seen["gated_by"].str.contains("wrong-deletes")]
    watched = plain[plain["rule"].isin(["wait-for-clicks", "too-little-to-gain"])]
    assert len(watched) > 5
    for _, row in watched.groupby(level=0):
        assert rule_steps(row, run.pack)[-1].clause.id == row["rule"].iloc[0]
