"""The packs that come with the product: right, tested, and documented rule by rule."""

from __future__ import annotations

import pytest

from ppc_tuner.judge import load_pack
from ppc_tuner.locations import rules_folder
from ppc_tuner.reports import all_formats
from ppc_tuner.rulebook import check_pack, run_cases, shipped_packs

NAMES = shipped_packs(rules_folder())


def test_they_are_all_here():
    assert set(NAMES) >= {"common", "zhitongche", "google_ads", "amazon_ads", "baidu", "cautious", "growth"}
    assert {form.pack for form in all_formats()} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_with_them(name):
    assert [fault.render("en") for fault in check_pack(name, rules_folder())] == []


@pytest.mark.parametrize("name", NAMES)
def test_their_own_tests_pass_and_every_rule_has_its_two_cases(name):
    run = run_cases(name, rules_folder())
    assert [fault.render("en") for fault in run.faults] == []
    assert run.rows > 0


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_says_why_where_it_comes_from_and_when_it_would_be_wrong(name):
    pack = load_pack(name, rules_folder())
    for clause in (*pack.gates, *pack.rules):
        why = clause.declared.why
        assert why is not None, clause.id
        assert clause.advice or clause.declared.source, clause.id
        assert "rong" in why.en, clause.id
        assert any(word in why.zh for word in ("错", "慢", "只需", "漏", "引流", "兜底", "图的问题")), (
            clause.id
        )
    assert all(setting.why for setting in pack.declared.values())


@pytest.mark.parametrize("page", ["rules.md", "rules.zh.md"])
def test_the_pack_shown_in_the_docs_is_right(page, tmp_path):
    text = (rules_folder().parent / "docs" / page).read_text("utf-8")
    shown = text[text.index("# yaml-language-server") :].split("```")[0]
    path = tmp_path / "my-shop.yaml"
    path.write_text(shown, "utf-8")
    assert [fault.render("en") for fault in check_pack(path, rules_folder())] == []


# +1: a larger value leans towards doing less; −1: towards doing more.
LEANS = {
    "act": 1, "act_on_target": 1, "watch": 1, "delete_sure": 1,
    "wrong_deletes": -1, "fair_chance": 1,
}  # fmt: skip
# Growing keeps traffic as well: what cuts or deletes does less there than in the usual packs too.
KEPT_WHILE_GROWING = ("max_cut", "delete_sure")
PACE = {"cautious": "careful", "growth": "fast"}


@pytest.mark.parametrize("name", ["cautious", "growth"])
@pytest.mark.parametrize("platform", ["zhitongche", "google_ads", "amazon_ads", "baidu"])
def test_how_far_to_lean_goes_with_every_platform(name, platform):
    plain = load_pack(platform, rules_folder())
    leaning = load_pack(name, rules_folder(), platform=platform)
    now, usual = leaning.settings, plain.settings
    for setting, careful in LEANS.items():
        towards = careful if name == "cautious" or setting in KEPT_WHILE_GROWING else -careful
        assert (now[setting] - usual[setting]) * towards >= 0, setting
    assert now["act"] != usual["act"]
    assert now["act_on_target"] != usual["act_on_target"]
    assert (usual["pace"], now["pace"]) == ("steady", PACE[name])
    assert (now["max_cut"] < usual["max_cut"]) == (name == "growth")
    assert now["watch"] < now["act"] < now["act_on_target"]
    assert {rule.id for rule in plain.rules} == {rule.id for rule in leaning.rules}
