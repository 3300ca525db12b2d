"""Tests beside a pack: what passes, and what each failure says."""

from __future__ import annotations

import pytest

from ppc_tuner.rulebook import run_cases

PACK = """pack: mine
extends: common
rules:
  - id: many-no-order
    when: clicks > 100 and conversions == 0
    action: watch
    reason: {zh: "点击 {clicks}", en: "clicks {clicks}"}
"""
RIGHT = """pack: mine
cases:
  - fires: many-no-order
    row: {点击: 101, conversions: 0}
    action: watch
    zh: 点击 101
    en: clicks 101
    near_miss:
      - {but: {clicks: 100}, speaks: not-sure, action: keep}
      - {but: {conversions: 1}, speaks: not-sure}
"""


@pytest.fixture
def failures(written, rules_folder):
    def run(tests, pack=PACK):
        return [fault.render("en") for fault in run_cases(written(pack, tests), rules_folder).faults]

    return run


def test_a_right_one_passes(written, rules_folder):
    run = run_cases(written(PACK, RIGHT), rules_folder)
    assert (run.pack, run.rows, run.faults) == ("mine", 3, [])


@pytest.mark.parametrize(
    ("change", "to", "place", "said"),
    [
        ("点击: 101", "点击: 99", "mine.yaml:3:5",
         "'many-no-order' should speak, but did not; 'not-sure' spoke (keep)"),
        ("but: {clicks: 100}", "but: {clicks: 102}", "mine.yaml:9:9", "should be silent, but matched"),
        ("action: watch", "action: keep", "mine.yaml:3:5", "the action should be keep, it is watch"),
        ("speaks: not-sure, action: keep", "speaks: on-target", "mine.yaml:9:9",
         "'on-target' should decide, but 'not-sure' spoke"),
        ("speaks: not-sure, action: keep", "speaks: not-sure, action: watch", "mine.yaml:9:9",
         "the action should be watch, it is keep"),
        ("zh: 点击 101", "zh: 点击 102", "mine.yaml:3:5",
         "the reason should be '点击 102', it is '点击 101'"),
        ("en: clicks 101", "en: click 101", "mine.yaml:3:5", "the reason should be 'click 101'"),
        ("conversions: 0}", "conversion: 0}", "mine.yaml:4:20", "did you mean 'conversions'?"),
        ("conversions: 0}", "conversions: many}", "mine.yaml:4:33", "a number"),
        ("fires: many-no-order", "fires: many", "mine.yaml:3:12", "the pack has no 'many'"),
        ("    zh: 点击 101\n", "", "mine.yaml:3:5", "'zh' is missing"),
        ("near_miss", "near_mis", "mine.yaml:8:5", "did you mean 'near_miss'?"),
    ],
)  # fmt: skip
def test_a_failure_says_where_and_which_rule_spoke_instead(failures, change, to, place, said):
    assert change in RIGHT
    [told, *_] = failures(RIGHT.replace(change, to, 1))
    assert place in told
    assert said in told


def test_a_failure_shows_the_figures_that_the_rule_looked_at(failures):
    [told] = failures(
        RIGHT.replace("点击: 101", "点击: 99").replace("but: {clicks: 100}", "but: {clicks: 98}")
    )
    assert "clicks > 100 and conversions == 0 → does not hold (Clicks 99, Orders 0)" in told


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        (None, "lacks a case that fires and a near miss"),
        ("pack: mine\n", "lacks a case that fires and a near miss"),
        (RIGHT[: RIGHT.index("    near_miss")], "lacks a near miss"),
    ],
)
def test_a_rule_without_its_two_cases_fails(failures, tests, said):
    [told] = failures(tests)
    assert "mine.yaml:4:9" in told
    assert said in told


def test_a_changed_rule_needs_its_own_cases_and_an_untouched_one_does_not(failures):
    [told] = failures(None, "pack: mine\nextends: common\nrules:\n  - {id: too-dear, max_step: 0.1}\n")
    assert "'too-dear' lacks" in told


def test_a_gate_is_heard_where_the_next_rule_decides(failures):
    pack = (
        "pack: mine\nextends: common\ngates:\n  - id: no-delete\n    when: clicks > 5\n"
        "    forbids: [delete]\n    reason: {zh: a, en: b}\n"
    )
    tests = """pack: mine
defaults: {proposal: delete, bid_basis: given, conversions: 9, cost: 100, order_worth: 50}
cases:
  - fires: no-delete
    row: {clicks: 6, step_down: 0}
    action: keep
    zh: a
    en: b
    near_miss:
      - {but: {clicks: 5}, speaks: not-worth-running, action: delete}
"""
    assert failures(tests, pack) == []
