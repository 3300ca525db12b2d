"""What the engine itself decides or says: declared in packs, its ids closed, its texts checked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.judge import load_pack
from ppc_tuner.judge.outcomes import ENGINE
from ppc_tuner.judge.pack import LANGS, read_pack
from ppc_tuner.judge.packfile import CHANGE_IDS, OUTCOME_IDS
from ppc_tuner.judge.reasons import compile_reason, said_behind

EXTENDING = "pack: mine\nextends: common\n"
SEPARATOR = {"zh": "；", "en": "; "}


@pytest.fixture
def faults_of(tmp_path, rules_folder):
    """faults_of(text): the messages of a pack of that text, each with line:column."""

    def run(text):
        path = tmp_path / "given.yaml"
        path.write_text(text, encoding="utf-8")
        _, faults, _ = read_pack(path, rules_folder)
        return [f"{one.place.line}:{one.place.column} {one.render('en')}" for one in faults]

    return run


class TestWhatIsDeclared:
    def test_every_outcome_of_the_engine_has_its_texts_and_its_source(self, rules_folder):
        outcomes = load_pack("common", rules_folder).outcomes
        assert tuple(outcomes) == OUTCOME_IDS == tuple(ENGINE)
        for one in outcomes.values():
            assert set(one.reason) == set(LANGS)
            assert one.declared.why is not None
            assert one.advice or one.declared.source
            assert "rong" in one.declared.why.en
            assert "错" in one.declared.why.zh

    def test_what_takes_the_place_of_a_verdict_keeps_the_bid(self, rules_folder):
        outcomes = load_pack("common", rules_folder).outcomes
        said = {name: (one.kind, one.action) for name, one in outcomes.items()}
        assert said == {
            "below-increment": ("replaces", "keep"),
            "budget-spent": ("replaces", "keep"),
            "spend-held": ("replaces", "keep"),
            "moved-with-group": ("replaces", None),
            "same-money": ("beside", None),
            "wrong-deletes": ("beside", None),
            "learning": ("beside", None),
        }

    def test_every_action_says_what_would_change_it(self, rules_folder):
        pack = load_pack("common", rules_folder)
        assert tuple(pack.what_would_change) == CHANGE_IDS

    def test_the_rules_that_learn_and_those_that_no_figure_could_change(self, rules_folder):
        pack = load_pack("zhitongche", rules_folder)
        assert {rule.id for rule in pack.rules if rule.learns} == {"to-learn"}
        settled = {"term-own-keyword", "term-excluded", "term-added", "term-keyword-goes", "term-blocked"}
        still = {"not-live", "not-biddable", "no-figures", *settled}
        assert pack.rules_without("details") == still
        assert pack.rules_without("what_would_change") >= still | {"term"}

    def test_a_pack_alone_says_nothing_of_the_engine(self, packed):
        pack = packed("pack: mine\n")
        assert (pack.outcomes, pack.details, pack.what_would_change) == ({}, {}, {})


class TestTexts:
    def test_learning_says_its_money(self, rules_folder):
        row = pd.DataFrame({"learn_cost": [3.5], "currency": "CNY"})
        said = load_pack("common", rules_folder).outcomes["learning"].reason
        assert said["zh"].render(row, "zh").iloc[0] == "为学习小幅提，每周多花 ¥3.50"
        assert said["en"].render(row, "en").iloc[0] == "raised only to learn, ¥3.50 a week"

    def test_figures_of_the_context_are_said_where_they_are_known(self, rules_folder):
        rows = pd.DataFrame(
            {"event_days": [3.0, np.nan, np.nan], "margin_given": [0.3, 0.25, np.nan], "currency": "CNY"}
        )
        reasons = load_pack("common", rules_folder).details.values()
        said = {
            lang: said_behind([one.reason[lang] for one in reasons], SEPARATOR[lang])
            .render(rows, lang)
            .tolist()
            for lang in LANGS
        }
        assert said["zh"] == ["；不计活动日 3 天；毛利率 30.0%（给定）", "；毛利率 25.0%（给定）", ""]
        assert said["en"] == ["; 3 event days left out; margin 30.0% as given", "; margin 25.0% as given", ""]

    def test_nothing_is_said_behind_where_there_are_no_texts(self):
        assert said_behind([], "; ").render(pd.DataFrame({"clicks": [1.0]}), "en").tolist() == [""]

    def test_one_text_that_is_unknown_does_not_take_the_next_with_it(self):
        texts = [compile_reason("{clicks}", {}), compile_reason("cost {cost}", {})]
        rows = pd.DataFrame({"clicks": [np.nan, 2.0], "cost": [5.0, np.nan]})
        assert said_behind(texts, ", ").render(rows, "en").tolist() == [", cost 5.00", ", 2"]


class TestChangingThem:
    def test_a_text_of_ones_own_stands_over_the_inherited_one(self, packed):
        text = EXTENDING + "outcomes:\n  - {id: budget-spent, reason: {zh: 没钱了, en: no money left}}\n"
        plain, changed = packed(EXTENDING).outcomes, packed(text).outcomes
        assert list(plain) == list(changed)
        row = pd.DataFrame({"clicks": [1.0]})
        assert changed["budget-spent"].reason["zh"].render(row, "zh").tolist() == ["没钱了"]
        # What is not given stays as inherited.
        assert changed["budget-spent"].declared.why == plain["budget-spent"].declared.why
        assert changed["learning"].declared == plain["learning"].declared

    def test_a_further_figure_of_the_context_may_be_said(self, packed):
        reason = "{zh: '库存 {stock_days} 天', en: 'stock {stock_days}'}"
        more = f"details:\n  - {{id: stock, reason: {reason}}}\n"
        pack = packed(EXTENDING + more)
        assert list(pack.details)[-1] == "stock"

    def test_a_rule_of_ones_own_may_leave_them_out_or_learn(self, packed):
        text = EXTENDING + (
            "rules:\n  - {id: mine, when: clicks > 3, action: watch, learn: true,"
            " leaves_out: [what_would_change], reason: {zh: 因, en: why}}\n"
        )
        pack = packed(text)
        assert {rule.id for rule in pack.rules if rule.learns} == {"mine", "to-learn"}
        assert "mine" in pack.rules_without("what_would_change") - pack.rules_without("details")


class TestFaults:
    def test_an_id_that_the_engine_does_not_have(self, faults_of):
        [said] = faults_of(EXTENDING + "outcomes:\n  - {id: budget-spend, reason: {zh: 因, en: why}}\n")
        assert said.startswith("4:10 ")
        assert "the engine has no 'budget-spend'" in said
        assert "did you mean 'budget-spent'?" in said
        assert "expected: below-increment | budget-spent | spend-held | moved-with-group | same-money" in said

    def test_an_action_of_which_nothing_is_said(self, faults_of):
        [said] = faults_of(EXTENDING + "what_would_change:\n  - {id: rise, reason: {zh: 因, en: why}}\n")
        assert "4:10 " in said
        assert "did you mean 'raise'?" in said

    def test_a_text_that_the_engine_needs_and_nobody_gives(self, faults_of):
        [said] = faults_of("pack: mine\noutcomes:\n  - {id: learning, reason: {zh: 因, en: why}}\n")
        assert said.startswith("2:1 ")
        assert (
            "'outcomes' lacks: below-increment, budget-spent, spend-held, moved-with-group, same-money"
            in said
        )
        assert "add them with id and reason, or extend common" in said

    @pytest.mark.parametrize(
        ("reason", "place", "problem"),
        [
            ("{zh: '{clikcs}', en: why}", "4:34 ", "did you mean 'clicks'?"),
            ("{zh: 因}", "4:20 ", "'en' is missing in 'learning.reason'"),
            ("{zh: '{learn_cost:percnt}', en: why}", "4:34 ", "cannot be written as 'percnt'"),
            # Only its own figures of the verdict are there by the time it is written.
            ("{zh: '{confidence}', en: why}", "4:34 ", "only known after the rules have decided"),
        ],
    )
    def test_a_text_is_checked_where_it_stands(self, faults_of, reason, place, problem):
        [said] = faults_of(EXTENDING + f"outcomes:\n  - {{id: learning, reason: {reason}}}\n")
        assert said.startswith(place)
        assert problem in said

    def test_figures_of_what_would_change_are_no_figures_of_the_context(self, faults_of):
        text = "details:\n  - {id: mine, reason: {zh: '{look_again}', en: why}}\n"
        [said] = faults_of(EXTENDING + text)
        assert "'look_again' is only known after the rules have decided" in said

    def test_an_id_twice(self, faults_of):
        one = "  - {id: learning, reason: {zh: 因, en: why}}\n"
        [said] = faults_of(EXTENDING + "outcomes:\n" + one + one)
        assert said.startswith("5:10 ")
        assert "stands twice" in said

    def test_a_part_without_an_id_is_one_fault(self, faults_of):
        [said] = faults_of(EXTENDING + "outcomes:\n  - {reason: {zh: 因, en: why}}\n")
        assert "'id' is missing" in said
