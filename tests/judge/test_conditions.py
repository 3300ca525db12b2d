"""The rule language: what it means, and everything it refuses with its place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.judge.conditions import ConditionError, compile_condition, read_condition

SETTINGS = {"act": 0.9, "objective": "profit", "target_cpa": None, "max_step": 0.3}
YES, NO, UNKNOWN = "yes", "no", "unknown"
FRAME = pd.DataFrame(
    {
        "clicks": [1.0, 20.0, np.nan], "cost": [0.0, 5.0, 5.0], "keyword": ["羽绒服男", "NIKE (x)", np.nan],
        "kind": ["head", "core", np.nan], "biddable": pd.array([True, False, pd.NA], dtype="boolean"),
        "item_ctr_low": pd.array([True, False, pd.NA], dtype="boolean"),
    }
)  # fmt: skip


def truth_of(source, frame=FRAME):
    truth = compile_condition(source, SETTINGS).run(frame)
    yes, no = (np.broadcast_to(np.asarray(part), len(frame)) for part in (truth.yes, truth.no))
    assert not (yes & no).any()
    return [YES if y else NO if n else UNKNOWN for y, n in zip(yes, no, strict=True)]


def refusal(source):
    with pytest.raises(ConditionError) as caught:
        compile_condition(source, SETTINGS)
    return caught.value


T, F, U = "true", "false", "known_nothing > 1"


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (T, T, YES, YES), (T, F, NO, YES), (F, T, NO, YES), (F, F, NO, NO),
        (T, U, UNKNOWN, YES), (U, T, UNKNOWN, YES), (F, U, NO, UNKNOWN), (U, F, NO, UNKNOWN),
        (U, U, UNKNOWN, UNKNOWN),
    ],
)  # fmt: skip
def test_three_valued_logic(left, right, both, either):
    left, right = (part.replace("known_nothing", "position") for part in (left, right))
    assert truth_of(f"{left} and {right}") == [both] * 3
    assert truth_of(f"{left} or {right}") == [either] * 3
    turned = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}
    assert truth_of(f"not ({left} and {right})") == [turned[both]] * 3


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("clicks > 10", [NO, YES, UNKNOWN]),
        ("not clicks > 10", [YES, NO, UNKNOWN]),
        ("clicks >= 1 and clicks <= 1", [YES, NO, UNKNOWN]),
        ("0 < clicks < 10", [YES, NO, UNKNOWN]),
        ("clicks == 20", [NO, YES, UNKNOWN]),
        ("clicks != 20", [YES, NO, UNKNOWN]),
        ("cost / clicks < 0.3", [YES, YES, UNKNOWN]),
        ("clicks / cost > 1", [UNKNOWN, YES, UNKNOWN]),
        ("clicks * 2 + 1 - cost == 36", [NO, YES, UNKNOWN]),
        ("abs(-clicks) == 1", [YES, NO, UNKNOWN]),
        ("min(clicks, 5) == 5", [NO, YES, UNKNOWN]),
        ("max(clicks, 5) == 5", [YES, NO, UNKNOWN]),
        ('kind == "head"', [YES, NO, UNKNOWN]),
        ('kind != "head"', [NO, YES, UNKNOWN]),
        ('kind in ["head", "brand"]', [YES, NO, UNKNOWN]),
        ('kind not in ("head", "brand")', [NO, YES, UNKNOWN]),
        ("clicks in [1, 2]", [YES, NO, UNKNOWN]),
        ('contains(keyword, "(")', [NO, YES, UNKNOWN]),
        ('contains(keyword, "羽绒")', [YES, NO, UNKNOWN]),
        ("biddable", [YES, NO, UNKNOWN]),
        ("biddable == false", [NO, YES, UNKNOWN]),
        ("not item.ctr_low", [NO, YES, UNKNOWN]),
        ("known(clicks)", [YES, YES, NO]),
        ("known(keyword)", [YES, YES, NO]),
        ("known(biddable)", [YES, YES, NO]),
        ("known(clicks > 5)", [YES, YES, NO]),
        ("clicks > 20 * settings.act", [NO, YES, UNKNOWN]),
        ('settings.objective == "profit"', [YES, YES, YES]),
        ("clicks > settings.target_cpa", [UNKNOWN, UNKNOWN, UNKNOWN]),
        ("position < 5", [UNKNOWN, UNKNOWN, UNKNOWN]),
        ("known(position)", [NO, NO, NO]),
        ("true", [YES, YES, YES]),
        ("1 / 0 > 0", [UNKNOWN, UNKNOWN, UNKNOWN]),
    ],
)
def test_what_a_condition_means(source, expected):
    assert truth_of(source) == expected


def test_the_columns_it_looks_at_are_known():
    condition = compile_condition('clicks > 1 and item.ctr_low or kind == "head"', SETTINGS)
    assert condition.columns == {"clicks", "item_ctr_low", "kind"}


def test_no_rows():
    assert truth_of('clicks > 1 and kind == "head" and contains(keyword, "x")', FRAME.iloc[:0]) == []


@pytest.mark.parametrize(
    ("source", "offset"),
    [
        ("clicks.sum() > 1", 0),
        ('clicks > 1 and cost.to_csv("x") > 1', 15),
        ("clicks.values > 1", 0),
        ("settings.act.real > 1", 0),
        ("print(clicks) > 1", 0),
        ('__import__("os") == 1', 0),
        ("clicks > 1 and (lambda: 1)()", 22),
        ("[c for c in clicks] == 1", 0),
        ("{1: 2} == 1", 0),
        ("clicks ** 99 > 1", 0),
        ("clicks // 2 > 1", 0),
        ("clicks % 2 > 1", 7),
        ("clicks > 10 % 3", None),
        ("clicks | 2 > 1", None),
        ('f"{clicks}" == kind', 0),
        ('kind == f"{clicks}"', 8),
        ("(y := 3) > 1", 3),
        ("clicks[0] > 1", 0),
        ("clicks if true else cost", 0),
        ("await clicks", 0),
        ("clicks is 1", None),
        ("clicks > None", 9),
        ("clicks > 1j", 10),
        ('clicks > b"1"', 9),
        ("clicks > ...", 9),
        ("+clicks > 1", 0),
        ("~clicks > 1", 0),
        ("known(clicks=1)", None),
        ("known(*clicks)", None),
        ("min(clicks) > 1", 0),
        ("contains(1, 2)", 9),
        ('contains("abc", keyword)', None),
        ("contains(keyword, main_word)", None),
        ("date > 1", 0),
        ("clicks", 0),
        ("1", 0),
        ('"head"', 0),
        ("clicks + 1", 0),
        ("clicks > " + "9" * 400, None),
        ("", 0),
        ("clicks >", None),
        ("clicks > 1; cost > 2", None),
        ("x = 1", None),
        ("import os", None),
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_its_place(source, offset):
    fault = refusal(source)
    assert fault.problem.zh
    assert fault.problem.en
    if offset is not None:
        assert fault.offset == offset


@pytest.mark.parametrize(
    "source",
    [
        "clicks > 1 or " * 100 + "true",
        "not " * 100 + "true",
        "(" * 300 + "true" + ")" * 300,
        "1" + " + 1" * 200 + " > 0",
        "-" * 300 + "1 > 0",
    ],
)
def test_very_long_and_very_deep_ones_are_refused(source):
    refusal(source)


@pytest.mark.parametrize(
    ("source", "offset", "meant"),
    [
        ("clikcs > 10", 0, "did you mean 'clicks'?"),
        ('keyword == "羽绒服" and clikcs > 10', 21, "did you mean 'clicks'?"),
        ("clicks > settings.atc", 9, "did you mean 'settings.act'?"),
        ("item.ctr_lwo", 0, "did you mean 'item.ctr_low'?"),
        ("knwon(clicks)", 0, "did you mean 'known'?"),
    ],
)
def test_an_unknown_name_is_told_what_may_be_meant(source, offset, meant):
    fault = refusal(source)
    assert fault.offset == offset
    assert fault.to_do["en"] == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("clicks ＞ 10", "clicks > 10"),
        ("kind == “head”", 'kind == "head"'),
        ("known（clicks）", "known(clicks)"),
        ("clicks ＞＝ １０", "clicks >= 10"),
        ("clicks≥10", "clicks >= 10"),
        ("clicks ≠ 20", "clicks != 20"),
        ("cost × 2 ÷ clicks < 1", "cost * 2 / clicks < 1"),
        ("kind in 【“head”，‘core’】", 'kind in ["head", "core"]'),
        ("点击 >= 10", "clicks >= 10"),
        ("点击量>=10且花费<8", "clicks >= 10 and cost < 8"),
        ("点击>10或者花费>1", "clicks > 10 or cost > 1"),
        ("非 (点击 > 10)", "not (clicks > 10)"),
        ('词类 == "大词"', 'kind == "head"'),
        ('kind in ["主词", "head"]', 'kind in ["core", "head"]'),
        ("整体点击率低", "item.ctr_low"),
        ("CTR_RAW", None),
        ("clicks > 10 AND cost > 1", "clicks > 10 and cost > 1"),
        ("cost / clicks < 30%", "cost / clicks < 0.3"),
        ("cost / clicks < ３０％", "cost / clicks < 0.3"),
        ("cost / clicks < 30% and clicks > 1", "cost / clicks < 0.3 and clicks > 1"),
        ("cost / clicks < 30%且点击>1", "cost / clicks < 0.3 and clicks > 1"),
        ("clicks > 10\n  and cost > 1", "clicks > 10 and cost > 1"),
    ],
)
def test_what_a_chinese_keyboard_types_means_the_same(typed, meant):
    if meant is None:
        assert refusal(typed)
    else:
        assert truth_of(typed) == truth_of(meant)
        assert compile_condition(typed, SETTINGS).tree == compile_condition(meant, SETTINGS).tree


def test_texts_in_quotes_are_left_as_they_are():
    frame = pd.DataFrame({"keyword": ["羽绒服（男）", "羽绒服(男)", "且"]})
    assert truth_of('contains(keyword, "（男）")', frame) == [YES, NO, NO]
    assert truth_of("keyword == “且”", frame) == [NO, NO, YES]


@pytest.mark.parametrize(
    ("source", "offset", "meant"),
    [
        ("clicks = 10", 7, "write =="),
        ("clicks => 10", 7, "write >="),
        ("clicks ＝ 10", 7, "write =="),
        ("clicks <> 10", 7, "write !="),
        ("clicks > 10；cost > 1", 11, "write and"),
        ("clicks > 10 && cost > 1", 12, "write and"),
        ("clicks > 1。5", 10, "write ."),
        ("点击 > 10 and (花费 > 1", 12, "partner"),
        ("kind == “head", 8, "quotes on both sides"),
        ("clicks > 10 and", 14, "clicks >= 10"),
        ("ctr_raw > 3", 10, "write 3%"),
        ("kind == 'haed'", 8, "did you mean 'head'?"),
        ("act > 1", 0, "settings.act"),
        ('clicks > "10"', 9, "without the quotes: 10"),
        ("花费 > 1,000", 5, "write 1000"),
        ("花费 > 1，000，000 且 点击 > 1", 5, "write 1000000"),
        ("花费 > ¥100", 5, "the number alone"),
        ("花费＞１００元", 3, "write 100"),
        ("花费 > 1.5万 且 点击 > 1", 5, "write 15000"),
        ("投产比 > 2 倍", 6, "write 2"),
        ("词类 == 大词", 6, 'write "大词"'),
        ("bid_basis == none", 13, 'write "none"'),
        ("词类 in [大词, “主词”]", 7, 'write "大词"'),
        ("keyword == 羽绒服男", 11, 'write "羽绒服男"'),
    ],
)
def test_what_cannot_be_meant_is_told_what_to_type(source, offset, meant):
    fault = refusal(source)
    assert fault.offset == offset
    assert meant in (fault.to_do if isinstance(fault.to_do, str) else fault.to_do["en"])


def test_numbers_of_a_list_need_no_blanks():
    frame = pd.DataFrame({"clicks": [100.0, 200.0, 100200.0]})
    assert truth_of("clicks in [100,200]", frame) == [YES, YES, NO]


def test_text_compared_by_size_is_one_fault():
    assert len(read_condition("keyword > 3", SETTINGS, {})[1]) == 1


def test_all_that_is_wrong_is_found_at_once():
    condition, faults = read_condition('clikcs > 1 and kind == "haed" or costt > 2', SETTINGS, {})
    assert condition is None
    assert [(fault.offset, fault.length) for fault in faults] == [(0, 6), (23, 6), (33, 5)]


@pytest.mark.parametrize(
    ("source", "offset", "needed"),
    [
        ('clicks > "10"', 9, "a number"),
        ("kind == 3", 8, "text"),
        ("kind > 3", None, ""),
        ('kind < "b"', None, "numbers"),
        ("kind + 1 > 2", 0, "a number"),
        ("clicks and true", 0, "true or false"),
        ("not clicks", 4, "true or false"),
        ("biddable > true", None, "numbers"),
        ("kind in [1, 2]", 9, "text"),
        ('kind in "head"', 8, "a list"),
        ("kind in kind", 8, "a list"),
    ],
)
def test_kinds_do_not_mix(source, offset, needed):
    fault = refusal(source)
    assert needed in fault.problem["en"]
    if offset is not None:
        assert fault.offset == offset
