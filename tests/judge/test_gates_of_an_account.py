"""What the list says of rules and gates: which gate held what, what was decided instead, and why.

Packs of a few clauses stand on the common one, all of whose gates are open: the words have figures enough.
"""

from __future__ import annotations

import pytest
from accounts import account, decided, word, words

WINNER = {"clicks": 40.0, "cost": 40.0, "conversions": 7.0, "revenue": 700.0}
HOPELESS = {"clicks": 60.0, "cost": 90.0, "conversions": 0.0, "revenue": 0.0}


def clause(name: str, when: str, what: str) -> str:
    reason = f"{{zh: '{name}因 {{clicks}}', en: '{name} for {{clicks}}'}}"
    return f"  - {{id: {name}, advice: A2, when: '{when}', {what}, reason: {reason}}}\n"


def gate(name: str, *forbidden: str, when: str = "clicks > 0") -> str:
    return clause(name, when, f"forbids: [{', '.join(forbidden)}]")


def rule(name: str, action: str, when: str = "clicks > 0") -> str:
    return clause(name, when, f"action: {action}")


@pytest.fixture
def by_pack(tmp_path):
    """by_pack(gates, rules): the words of an account, decided by a pack of these over the common one."""
    facts = account(words(20), word("winner", **WINNER), word("hopeless", **HOPELESS))

    def run(gates=(), rules=(), **settings):
        text = "pack: mine\nextends: common\n"
        text += "gates:\n" + "".join(gates) if gates else ""
        text += "rules:\n" + "".join(rules) if rules else ""
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return decided(facts, path, prior="groups", **settings)

    return run


def test_without_gates_the_winner_is_raised_and_the_hopeless_one_deleted(by_pack):
    rows = by_pack()
    assert rows.loc[["winner", "hopeless"], "action"].tolist() == ["raise", "delete"]
    assert rows.loc[["winner", "hopeless"], "gated_by"].tolist() == ["", ""]


def test_the_first_gate_that_holds_gives_the_reason_and_all_are_named(by_pack):
    """Where several gates hold back an action the list says why once, by the first of them."""
    row = by_pack([gate("one", "raise"), gate("two", "raise"), gate("three", "raise")]).loc["winner"]
    assert (row["action"], row["bid_change"]) == ("keep", 0)
    assert row["gated_by"] == "one two three"
    assert (row["rule"], row["reason_en"]) == ("one", "one for 1,120")


def test_a_gate_that_came_too_late_held_nothing_back(by_pack):
    """The first rule has decided; that a later one would have been held back is of no account."""
    rules = [rule("decides", "lower"), rule("too-late", "delete")]
    row = by_pack([gate("no-delete", "delete")], rules).loc["hopeless"]
    assert (row["action"], row["rule"], row["gated_by"]) == ("lower", "decides", "")
    assert "no-delete" not in row["reason_en"]
    # The other way round it held back the delete, and what is done instead says so.
    row = by_pack([gate("no-delete", "delete")], rules[::-1]).loc["hopeless"]
    assert (row["action"], row["rule"], row["gated_by"]) == ("lower", "decides", "no-delete")
    assert row["reason_en"].startswith("decides for 1,680; no-delete for 1,680")


def test_only_rules_before_the_deciding_one_are_named_as_not_judged(by_pack):
    """Nobody has told the stock: a rule on it cannot be judged, which matters only if its turn has come."""
    stock, decides = rule("stock", "watch", "stock_days < 3"), rule("decides", "keep")
    for rules, named in (([stock, decides], True), ([decides, stock], False)):
        row = by_pack(rules=rules).loc["winner"]
        assert row["rule"] == "decides"
        assert ("stock" in row["unjudged"].split()) == named


class TestDeleteThatIsTooMuch:
    """wrong_deletes 0 allows no delete at all: the next rule whose action no gate forbids decides instead."""

    RULES = (rule("gone", "delete"), rule("less", "lower"), rule("seen", "watch"))

    def test_the_next_rule_decides(self, by_pack):
        row = by_pack(rules=self.RULES, wrong_deletes=0).loc["hopeless"]
        assert (row["action"], row["rule"]) == ("lower", "less")
        assert row["gated_by"] == "wrong-deletes"

    def test_a_gate_holds_for_what_is_done_instead_too(self, by_pack):
        row = by_pack([gate("no-cuts", "lower")], self.RULES, wrong_deletes=0).loc["hopeless"]
        assert (row["action"], row["rule"], row["bid_change"]) == ("watch", "seen", 0)
