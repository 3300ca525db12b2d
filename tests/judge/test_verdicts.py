"""The first rule that matches and is not held back decides; rules never turn the evidence round."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.judge import load_pack, permit, write


def word(proposal="none", **figures):
    usual = {
        "level": "keyword",
        "proposal": proposal,
        "step_up": 0.2,
        "step_down": -0.2,
        "clicks": 10.0,
        "margin": 0.4,
        "currency": "CNY",
    }
    return usual | figures


def clause(name, when, what, advice="A2"):
    reason = f"{{zh: '{name}因 {{clicks}}', en: '{name} for {{clicks}}'}}"
    return f"  - {{id: {name}, advice: {advice}, when: '{when}', {what}, reason: {reason}}}\n"


@pytest.fixture
def permitted(packed):
    """permitted(rows, rules, gates): rows, what these clauses say of them (a keep at the end), the pack."""

    def run(rows, rules, gates=()):
        text = "pack: mine\nrules:\n" + "".join(rules) + clause("rest", "true", "action: keep", "A8")
        text += "gates:\n" + "".join(gates) if gates else ""
        frame, pack = pd.DataFrame(rows), packed(text)
        return frame, permit(frame, pack), pack

    return run


@pytest.fixture
def judged(permitted):
    """judged(rows, rules, gates, outcomes): verdicts by these clauses alone, with a keep at the end."""

    def run(rows, rules, gates=(), outcomes=None):
        return write(*permitted(rows, rules, gates), outcomes)

    return run


# The last word is to watch, and a gate forbids it.
SHUT = (
    "pack: mine\notherwise: {action: watch, reason: {zh: 看, en: see}}\n"
    "gates:\n  - {id: shut, when: clicks > 5, forbids: [watch], reason: {zh: 关, en: 'shut {clicks}'}}\n"
)
RAISE, LOWER, DELETE = (
    clause(action, "true", f"action: {action}") for action in ("raise", "lower", "delete")
)


def test_the_first_match_decides_and_the_others_are_named(judged):
    few, many = clause("few", "clicks < 5", "action: watch"), clause("many", "clicks > 3", "action: keep")
    rows = judged([word(clicks=4.0), word(clicks=9.0), word(clicks=np.nan)], [few, many])
    assert rows["rule"].tolist() == ["few", "many", "rest"]
    assert rows["action"].tolist() == ["watch", "keep", "keep"]
    assert rows["matched"].tolist() == ["few many rest", "many rest", "rest"]
    assert rows["unjudged"].tolist() == ["", "", "few many"]
    assert rows["advice"].tolist() == ["A2", "A2", "A8"]


def test_reasons_have_their_figures_in_both_languages(judged):
    row = judged([word("raise", clicks=1234.0)], [RAISE]).iloc[0]
    assert (row["reason_zh"], row["reason_en"]) == ("raise因 1,234", "raise for 1,234")


class TestTheEvidenceProposes:
    @pytest.mark.parametrize("proposal", ["none", "raise", "lower", "delete"])
    @pytest.mark.parametrize("order", [[RAISE, LOWER, DELETE], [DELETE, LOWER, RAISE]])
    def test_no_rule_reverses_or_invents(self, judged, proposal, order):
        action = judged([word(proposal)], order).iloc[0]["action"]
        allowed = {"none": {"keep"}, "raise": {"raise"}, "lower": {"lower"}, "delete": {"delete", "lower"}}
        assert action in allowed[proposal]

    def test_a_rule_may_only_lower_what_could_be_deleted(self, judged):
        assert judged([word("delete")], [LOWER, DELETE]).iloc[0]["action"] == "lower"

    def test_what_cannot_be_lowered_is_not_lowered(self, judged):
        assert judged([word("delete", step_down=0.0)], [LOWER]).iloc[0]["action"] == "keep"


class TestGates:
    LOW_MARGIN = clause("low-margin", "margin < 0.2", "forbids: [raise]", "A20")

    def test_a_gated_rule_is_passed_over_and_the_gate_is_the_reason(self, judged):
        row = judged([word("raise", margin=0.1)], [RAISE], [self.LOW_MARGIN]).iloc[0]
        assert row[["action", "rule", "advice", "gated_by", "reason_en"]].tolist() == [
            "keep", "low-margin", "A20", "low-margin", "low-margin for 10",
        ]  # fmt: skip

    def test_the_next_rule_decides(self, judged):
        keep_core = clause("core-stays", "clicks > 5", "forbids: [delete]")
        row = judged([word("delete")], [DELETE, LOWER], [keep_core]).iloc[0]
        assert row[["action", "rule", "gated_by", "reason_en"]].tolist() == [
            "lower",
            "lower",
            "core-stays",
            "lower for 10; core-stays for 10",
        ]

    def test_an_open_gate_leaves_no_trace(self, judged):
        row = judged([word("raise", margin=0.4)], [RAISE], [self.LOW_MARGIN]).iloc[0]
        assert row[["action", "rule", "gated_by"]].tolist() == ["raise", "raise", ""]

    def test_a_gate_on_something_unknown_does_not_fire(self, judged):
        assert judged([word("raise", margin=np.nan)], [RAISE], [self.LOW_MARGIN]).iloc[0]["action"] == "raise"

    def test_a_gate_is_not_named_where_nothing_was_held_back(self, judged):
        rows = judged(
            [word("none", margin=0.1), word("lower", margin=0.1)], [RAISE, LOWER], [self.LOW_MARGIN]
        )
        assert rows["gated_by"].tolist() == ["", ""]
        assert rows["rule"].tolist() == ["rest", "lower"]

    def test_all_gates_that_held_are_named(self, judged):
        other = clause("too-many", "clicks > 5", "forbids: [raise]")
        row = judged([word("raise", margin=0.1)], [RAISE], [self.LOW_MARGIN, other]).iloc[0]
        assert row["gated_by"].split() == ["low-margin", "too-many"]


class TestJudgement:
    """What each clause said of each row, before a word is written."""

    def test_whole(self, permitted):
        """Two gates and five rules over a hopeless word, a good one and one of unknown clicks."""
        rules = [clause("few", "clicks < 5", "action: watch"), DELETE, RAISE]
        gates = [
            clause("poor", "margin < 0.2", "forbids: [raise, delete]"),
            clause("free", "true", "forbids: [lower]"),
        ]
        words = [word("delete", margin=0.1), word("raise"), word("delete", clicks=np.nan)]
        _, said, _ = permitted(words, rules, gates)
        assert [rule.id for rule in said.rules] == ["few", "delete", "raise", "rest", "otherwise"]
        assert [gate.id for gate in said.gates] == ["poor", "free"]
        # "poor" kept the first word from being deleted: it stays by the last rule, the third is deleted.
        assert said.decided.tolist() == [3, 2, 1]
        # If nothing may be removed the third falls to the last rule too.
        assert said.following.tolist() == [3, 2, 3]
        # Rules that came too late are named too, but for the last, which holds otherwise.
        assert said.matched.tolist() == [
            [False, True, False, True, False],
            [False, False, True, True, False],
            [False, True, False, True, False],
        ]
        # Without clicks nobody knows whether they are few.
        assert said.unjudged.tolist() == [[False] * 5, [False] * 5, [True, *[False] * 4]]
        assert said.held.tolist() == [[True, False], [False, False], [False, False]]

    def test_no_action_and_no_text_stands_in_it(self, permitted):
        _, said, _ = permitted([word("raise")], [RAISE])
        for part in (said.decided, said.following, said.matched, said.unjudged, said.held):
            assert part.dtype.kind in "bi"


class TestPermissions:
    def test_a_removal_comes_with_what_holds_if_it_is_refused(self, permitted):
        rows, said, pack = permitted([word("delete"), word("raise")], [DELETE, LOWER])
        allowed = said.permissions()
        assert allowed.first.action.tolist() == ["delete", "keep"]
        assert allowed.without_removal.action.tolist() == ["lower", "keep"]
        refused = {"wrong-deletes": np.array([True, False])}
        row = write(rows, said, pack, refused).iloc[0]
        assert row[["action", "rule", "reason_en"]].tolist() == ["lower", "lower", "lower for 10"]
        assert allowed.settled(np.array([True, False])).action.tolist() == ["lower", "keep"]
        assert allowed.settled(np.array([False, True])).action.tolist() == ["delete", "keep"]

    def test_a_rules_cap_is_handed_on(self, permitted):
        capped = clause("capped", "true", "action: raise, max_step: 0.05")
        _, said, _ = permitted([word("raise"), word("none")], [capped])
        assert said.permissions().first.cap.tolist() == [0.05, np.inf]

    def test_each_verdict_has_a_cap_of_its_own(self, permitted):
        rules = [DELETE, clause("capped", "true", "action: lower, max_step: 0.1")]
        allowed = permitted([word("delete")], rules)[1].permissions()
        assert (allowed.first.cap.tolist(), allowed.without_removal.cap.tolist()) == ([np.inf], [0.1])
        assert allowed.settled(np.array([True])).cap.tolist() == [0.1]

    def test_whether_a_watched_word_may_be_moved_to_learn_is_handed_on(self, permitted):
        rules = [
            clause("wait", "clicks < 5", "action: watch"),
            clause("learn", "clicks < 50", "action: watch, learn: true"),
        ]
        words = [word(clicks=1.0), word(clicks=9.0), word(clicks=99.0)]
        assert permitted(words, rules)[1].permissions().first.learns.tolist() == [False, True, False]

    def test_where_gates_leave_nothing_the_word_is_kept(self, packed):
        pack = packed(SHUT)
        allowed = permit(pd.DataFrame([word(clicks=9.0)]), pack).permissions()
        assert allowed.first.action.tolist() == allowed.without_removal.action.tolist() == ["keep"]
        assert allowed.first.cap.tolist() == [np.inf]
        assert not allowed.first.learns.any()


def test_rules_of_another_level_do_not_speak(judged):
    terms = clause("terms", "true", "level: [search_term], action: exclude")
    assert judged([word("delete")], [terms]).iloc[0]["rule"] == "rest"
    assert judged([word("delete", level="search_term")], [terms]).iloc[0]["action"] == "exclude"


@pytest.mark.parametrize("name", ["common", "zhitongche", "google_ads", "amazon_ads", "baidu"])
def test_a_search_term_has_no_bid_and_is_excluded_or_stays(rules_folder, name):
    figures = {
        "kind": "head",
        "match_type": "broad",
        "keyword": "close-match",
        "bid_basis": "cpc",
        "clicks": 900.0,
        "orders_usual": 9.0,
    }
    terms = [
        word(proposal, level="search_term", **figures) for proposal in ("raise", "lower", "delete", "none")
    ]
    rows, pack = pd.DataFrame(terms).assign(p_needed=0.7, least_gain=0.0), load_pack(name, rules_folder)
    decided = write(rows, permit(rows, pack), pack)
    assert decided["action"].tolist() == ["keep", "keep", "exclude", "keep"]


def test_an_action_speaks_of_the_rows_it_goes_with(judged):
    exclude = clause("negative", "true", "action: exclude")
    rows = judged([word("delete"), word("delete", level="keyword", clicks=3.0)], [exclude])
    assert rows["rule"].tolist() == ["rest", "rest"]
    assert judged([word("delete", level="search_term")], [exclude]).iloc[0]["action"] == "exclude"


def test_where_gates_leave_nothing_the_word_stays_and_the_gate_is_the_reason(packed):
    pack, words = packed(SHUT), pd.DataFrame([word(clicks=9.0), word(clicks=1.0)])
    rows = write(words, permit(words, pack), pack)
    assert rows["action"].tolist() == ["keep", "watch"]
    assert rows["rule"].tolist() == ["shut", "otherwise"]
    assert rows["reason_en"].tolist() == ["shut 9", "see"]


def test_items_without_a_rule_have_no_verdict(judged):
    rows = judged([{"level": "item", "item_ctr_low": True, "currency": "CNY"}], [RAISE])
    assert rows["action"].isna().all()


def test_no_rows(pack):
    none = pd.DataFrame([word()]).iloc[:0]
    assert {"action", "rule", "reason_zh", "gated_by"} <= set(write(none, permit(none, pack), pack))


def test_the_packs_of_the_product_never_reverse_the_evidence(decide):
    random = np.random.default_rng(8)
    clicks = random.integers(5, 3000, 300).astype(float)
    cpc, orders = random.uniform(0.3, 4, 300), random.poisson(20, 300).astype(float)
    kinds = random.choice(["head", "core", "long_tail", "brand", "other"], 300)
    words = [
        {
            "keyword": f"词{n}", "item_id": str(n % 4), "clicks": clicks[n], "impressions": clicks[n] * 30,
            "cost": clicks[n] * cpc[n], "conversions": orders[n], "revenue": orders[n] * 199.0,
            "bid": round(cpc[n] * 1.6, 2), "margin": [0.1, 0.35, 0.5, 0.35][n % 4], "kind": kinds[n],
            "main_word": "词",
        }
        for n in range(300)
    ]  # fmt: skip
    decided, _ = decide(words)
    assert set(decided["action"]) >= {"raise", "lower", "keep"}
    for action, allowed in (("raise", ["raise"]), ("lower", ["lower", "delete"]), ("delete", ["delete"])):
        assert decided.loc[decided["action"] == action, "proposal"].isin(allowed).all()
    change = np.sign(decided["bid_change"])
    assert (change == decided["action"].map({"raise": 1, "lower": -1, "delete": -1}).fillna(0)).all()
