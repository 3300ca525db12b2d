"""Reading a rule pack: what it inherits, what may be overridden, and faults with file, line and column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.errors import ConfigError, UsageError
from ppc_tuner.judge import load_pack
from ppc_tuner.judge.pack import read_pack

EXTENDING = "pack: mine\nextends: common\n"


def rule(name="r", when="clicks > 1", action="keep", more="", zh="因", en="why"):
    reason = f"{{zh: '{zh}', en: '{en}'}}"
    return f"  - id: {name}\n    when: {when}\n    action: {action}\n    reason: {reason}\n{more}"


@pytest.fixture
def fault_of(packed):
    def run(text, kind=ConfigError, **options):
        with pytest.raises(kind) as caught:
            packed(text, **options)
        return caught.value

    return run


@pytest.mark.parametrize("name", ["common", "zhitongche"])
def test_the_packs_of_the_product_load(rules_folder, name):
    pack = load_pack(name, rules_folder)
    assert pack.name == name
    assert all(clause.declared.why for clause in (*pack.rules, *pack.gates))
    assert all(setting.why for setting in pack.declared.values())


def test_the_last_rule_for_words_and_terms_always_matches(rules_folder):
    for name in ("common", "zhitongche"):
        rules = load_pack(name, rules_folder).rules
        for level in ("keyword", "search_term"):
            last = [one for one in rules if level in one.level][-1]
            assert (last.declared.when, last.action) == ("true", "keep")


class TestExtends:
    def test_settings_are_inherited_and_a_bare_value_keeps_unit_and_range(self, packed):
        pack = packed(EXTENDING + "settings:\n  max_step: 0.15\n  act: {value: 0.8}\n")
        assert (pack.settings["max_step"], pack.settings["act"], pack.settings["band"]) == (0.15, 0.8, 0.1)
        assert pack.declared["max_step"].range == (0.02, 0.9)
        assert pack.declared["act"].why is not None

    def test_own_rules_come_first_and_the_ones_marked_first_before_them(self, packed):
        ids = [one.id for one in packed(EXTENDING + "rules:\n" + rule("mine")).rules]
        assert ids.index("not-live") < ids.index("not-biddable") < ids.index("mine") < ids.index("too-dear")

    def test_an_inherited_id_is_replaced_in_its_place(self, packed):
        plain, changed = packed(EXTENDING), packed(EXTENDING + "rules:\n" + rule("too-dear", action="watch"))
        assert [one.id for one in plain.rules] == [one.id for one in changed.rules]
        assert next(one for one in changed.rules if one.id == "too-dear").declared.action == "watch"

    def test_a_rule_of_an_inherited_id_may_give_only_what_it_changes(self, packed):
        text = EXTENDING + "rules:\n  - id: too-dear\n    max_step: 0.1\n"
        plain, changed = packed(EXTENDING), packed(text)
        assert [one.id for one in plain.rules] == [one.id for one in changed.rules]
        before, after = (next(one for one in pack.rules if one.id == "too-dear") for pack in (plain, changed))
        assert after.max_step == 0.1 != before.max_step
        same = ("when", "action", "reason", "why", "level")
        assert all(getattr(after.declared, name) == getattr(before.declared, name) for name in same)

    def test_a_gate_of_an_inherited_id_may_give_only_what_it_changes(self, packed):
        base = (
            "pack: base\ngates:\n"
            "  - id: g\n    when: clicks > 1\n    forbids: [raise]\n    reason: {zh: a, en: b}\n"
        )
        changed = packed("pack: mine\nextends: base\ngates:\n  - id: g\n    when: clicks > 9\n", base=base)
        [gate] = changed.gates
        assert (gate.declared.when, gate.declared.forbids) == ("clicks > 9", ["raise"])

    def test_a_circle_is_refused(self, fault_of):
        fault = fault_of("pack: given\nextends: other\n", other="pack: other\nextends: given\n")
        assert "circle" in str(fault)
        assert "yaml" in fault.where

    def test_an_unknown_pack_names_the_known_ones(self, fault_of):
        assert "common" in str(fault_of("pack: mine\nextends: comon\n"))

    def test_a_pack_alone_needs_no_other(self, packed):
        pack = packed(
            "pack: mine\nsettings:\n  few: {value: 3, unit: clicks}\nrules:\n"
            + rule(when="clicks > settings.few")
        )
        assert (pack.settings, [one.id for one in pack.rules]) == ({"few": 3}, ["r", "otherwise"])


class TestGrammar:
    def test_a_group_is_used_by_its_name_and_may_be_changed_alone(self, packed):
        base = (
            "pack: base\ngroups:\n  poor: roas < 1\n  small_and_poor: poor and clicks < 10\nrules:\n"
            + rule(when="not small_and_poor")
        )
        rows = pd.DataFrame({"roas": [0.5, 0.5, 1.5, np.nan], "clicks": [5.0, 50.0, 5.0, 50.0]})
        plain = packed(base)
        assert plain.rules[0].condition.columns == {"roas", "clicks"}
        assert plain.rules[0].condition.run(rows).yes.tolist() == [False, True, True, True]
        changed = packed("pack: mine\nextends: base\ngroups:\n  poor: {when: roas < 2}\n", base=base)
        assert changed.rules[0].condition.run(rows).yes.tolist() == [False, True, False, True]

    def test_what_is_switched_off_is_not_there(self, packed):
        text = (
            EXTENDING
            + "gates:\n  - {id: low-margin, enabled: false}\nrules:\n  - {id: too-dear, enabled: false}\n"
        )
        pack = packed(text)
        assert "low-margin" not in [gate.id for gate in pack.gates]
        assert "too-dear" not in [one.id for one in pack.rules]
        assert len(pack.rules) == len(packed(EXTENDING).rules) - 1

    def test_otherwise_speaks_last_and_of_every_word(self, packed):
        text = "pack: mine\nrules:\n" + rule() + "otherwise: {action: watch, reason: {zh: 看, en: look}}\n"
        pack = packed(text)
        assert [(one.id, one.action) for one in pack.rules] == [("r", "keep"), ("otherwise", "watch")]
        bare = packed("pack: mine\n").rules
        assert [(one.id, one.action) for one in bare] == [("otherwise", "keep")]

    def test_otherwise_takes_no_condition(self, fault_of):
        text = "pack: mine\notherwise: {when: clicks > 1, action: keep, reason: {zh: a, en: b}}\n"
        assert "'otherwise.when' is not known" in str(fault_of(text))

    def test_several_bases_are_laid_over_each_other_each_once(self, packed):
        first = "pack: first\nextends: common\nsettings: {max_step: 0.2, act: 0.8}\n"
        second = "pack: second\nextends: common\nsettings: {act: 0.95}\n"
        pack = packed("pack: mine\nextends: [first, second]\n", first=first, second=second)
        # The second leaves max_step alone: what it does not say itself does not come back from common.
        assert (pack.settings["max_step"], pack.settings["act"]) == (0.2, 0.95)

    def test_platform_stands_for_the_pack_of_the_reports_platform(self, rules_folder):
        over = {name: load_pack("cautious", rules_folder, platform=name) for name in ("common", "zhitongche")}
        assert all(pack.settings["act"] == 0.85 for pack in over.values())
        has_head_words = {
            name: "head-word-dear" in [one.id for one in pack.rules] for name, pack in over.items()
        }
        assert has_head_words == {"common": False, "zhitongche": True}

    def test_a_setting_is_still_named_where_its_value_is_wrong(self, rules_folder, tmp_path):
        path = tmp_path / "given.yaml"
        text = (
            EXTENDING
            + "settings:\n  few: {value: 3, range: [0, 9]}\nrules:\n"
            + rule(when="clicks > settings.few")
        )
        path.write_text(text, encoding="utf-8")
        _, faults, _ = read_pack(path, rules_folder)
        assert [fault.place.line for fault in faults] == [4]


class TestOverrides:
    def test_a_text_from_the_command_line_becomes_a_number(self, packed):
        assert packed(EXTENDING, {"max_step": "0.25"}).settings["max_step"] == 0.25

    @pytest.mark.parametrize("written", ["35%", " 35 %", "３５％"])
    def test_a_share_may_be_written_in_per_cent(self, packed, written):
        assert packed(EXTENDING, {"margin": written}).settings["margin"] == 0.35
        pack = packed(EXTENDING + f"settings:\n  margin: '{written}'\n")
        assert pack.settings["margin"] == pack.declared["margin"].value == 0.35
        assert packed(EXTENDING + f"rules:\n  - id: too-dear\n    max_step: {written}\n").rules

    def test_per_cent_of_what_is_no_share_is_refused(self, fault_of):
        assert "a number" in str(fault_of(EXTENDING, UsageError, overrides={"target_cpa": "35%"}))

    def test_rules_see_the_overriding_value(self, packed):
        text = EXTENDING + "rules:\n" + rule(action="raise", more="    max_step: settings.band\n")
        rules = {clause.id: clause for clause in packed(text, {"band": "0.2"}).rules}
        assert rules["r"].max_step == 0.2

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("max_stp", 1, "did you mean 'max_step'?"),
            ("max_step", "5", "0.02 … 0.9"),
            ("max_step", "much", "a number"),
            ("margin", "2", "0.35 or 35% for 35 %"),
            ("margin", "200%", "0.01 … 1"),
            ("objective", "proft", "did you mean 'profit'?"),
            ("max_step", "nan", ""),
            ("max_step", None, ""),
            ("max_step", True, ""),
            ("objective", "proft", "profit | sales | target_roas | target_cpa"),
        ],
    )
    def test_a_wrong_one_is_a_usage_error(self, fault_of, name, value, said):
        assert said in str(fault_of(EXTENDING, UsageError, overrides={name: value}))

    def test_empty_is_allowed_only_where_it_means_something(self, packed):
        assert packed(EXTENDING, {"target_cpa": None}).settings["target_cpa"] is None


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "place", "said"),
        [
            ("pack: mine\nextnds: common\n", "2:1", "did you mean 'extends'?"),
            (EXTENDING + "settings:\n  max_step: 5\n", "4:13", "0.02 … 0.9"),
            (EXTENDING + "settings:\n  max_step: {value: lots}\n", "4:21", "a number"),
            (EXTENDING + "settings:\n  max_step:\n", "4:3", "a number"),
            (EXTENDING + "settings:\n  objective: win\n", "4:14", "profit | sales | target_roas"),
            (EXTENDING + "settings:\n  foo: 3\n", "4:3", "no unit"),
            (EXTENDING + "settings:\n  max_stepp: 0.1\n", "4:3", "did you mean 'max_step'?"),
            (EXTENDING + "settings:\n  max_step：0.1\n", "4:3", "half-width ':'"),
            (EXTENDING + "settings: {max_step：0.1}\n", "3:12", "half-width ':'"),
            (EXTENDING + "settings:\n  max_step: 0.1，\n", "4:13", "half-width ','"),
            (EXTENDING + "rules:\n  - id: mine\n    action: keep\n    reason: {zh: a, en: b}\n", "4:5",
             "'when' is missing in 'mine'"),
            (EXTENDING + "gates:\n  - id: g\n    when: clicks > 1\n"
             "    forbids: [rais]\n    reason: {zh: a, en: b}\n", "6:15", "did you mean 'raise'?"),
            (EXTENDING + "gates:\n  - id: g\n    when: clicks > 1\n"
             "    forbids: 【raise】\n    reason: {zh: a, en: b}\n", "6:14", "half-width '['"),
            (EXTENDING + "rules:\n  - id: too-dear\n    max_step: 200%\n", "5:15", "between 0 and 1"),
            (EXTENDING + "settings:\n  max_step: {vlaue: 0.1}\n", "4:14", "did you mean 'value'?"),
            ("pack: mine\nrules:\n" + rule(when="clikcs > 1"), "4:11", "did you mean 'clicks'?"),
            ("pack: mine\nrules:\n" + rule(en="{clcks}"), "6:28", "did you mean 'clicks'?"),
            ("pack: mine\nrules:\n" + rule(action="raze"), "5:13", "'raise'"),
            ("pack: mine\nrules:\n  - id: r\n    wen: clicks > 1\n    action: keep\n", "4:5",
             "did you mean 'when'?"),
            ("pack: mine\nrules:\n" + rule() + rule(), "7:9", "twice"),
            ("pack: mine\nrules:\n" + rule(action="raise", more="    max_step: -0.5\n"), "7:15", "max_step"),
            ("pack: mine\nrules:\n" + rule(action="raise", more="    max_step: 0\n"), "7:15", "max_step"),
            ("pack: mine\nrules:\n" + rule(action="raise", more="    max_step: settings.nothing\n"), "7:15",
             "max_step"),
            ("pack: mine\nrules:\n" + rule(action="raise", more="    level: [item]\n"), "7:12",
             "level: [keyword"),
            ("pack: mine\nrules:\n" + rule(action="exclude", more="    level: [keyword, search_term]\n"),
             "7:12", "with level keyword"),
            ("pack: mine\nrules:\n" + rule(when="cvr_score > 1", action="fix_picture"), "4:11",
             "items have no 'cvr_score'"),
            ("pack: mine\notherwise: {action: raise, reason: {zh: a, en: b}}\n", "2:21", "keep | watch"),
            ("pack: mine\notherwise: {action: keep, level: [item], reason: {zh: a, en: b}}\n", "2:27",
             "not known here"),
            ("pack: mine\ngates:\n  - id: g\n    when: clicks > 1\n"
             "    forbids: [raise, keep]\n    reason: {zh: a, en: b}\n", "5:22", "raise | lower"),
            ("pack: mine\ngates:\n  - id: g\n    when: clicks > 1\n"
             "    forbids: []\n    reason: {zh: a, en: b}\n", "5:14", "forbids"),
            ("", "1:1", "name: value"),
            ("- a\n", "1:1", "name: value"),
        ],
    )  # fmt: skip
    def test_a_fault_says_where_and_what(self, fault_of, text, place, said):
        fault = fault_of(text)
        assert f"given.yaml:{place}" in fault.where
        assert said in str(fault)

    def test_the_caret_stands_under_the_fault_in_both_languages(self, fault_of):
        fault = fault_of("pack: mine\nrules:\n" + rule(when="clicks > 1 and clikcs > 2"))
        for lang in ("zh", "en"):
            lines = fault.render(lang).splitlines()
            number = next(i for i, line in enumerate(lines) if set(line.strip()) == {"^"})
            excerpt = lines[number - 1]
            shown = sum(2 if ord(letter) > 0x2E80 else 1 for letter in excerpt[: excerpt.index("clikcs")])
            assert len(lines[number]) - len("^^^^^^") == shown

    def test_a_missing_file(self, rules_folder, tmp_path):
        with pytest.raises(ConfigError, match=r"mine\.yaml"):
            load_pack(tmp_path / "mine.yaml", rules_folder)
