"""The workbook, read back by another library: names, order, texts, drop-downs, filters, frozen heads."""

from __future__ import annotations

import gc
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from ppc_tuner.decisions import read_decisions
from ppc_tuner.sheets import save, workbook

Build = Callable[..., pd.DataFrame]
# A link into the workbook itself: the sheet that it leads to.
LINK = re.compile(r"<hyperlink [^>]*location=\"([^\"!]*)![A-Z]+\d+\"")
NAMES = {
    "zh": ["总览", "操作清单", "按计划操作", "全部关键词", "说明", "数据核对"],
    "en": ["Summary", "Actions", "By plan", "All keywords", "Guide", "Data check"],
}


def write(path: Path, actions: pd.DataFrame, summary: Any = None, lang: Any = "zh") -> Any:
    save(actions, summary or {}, path, lang)
    return openpyxl.load_workbook(path)


def table(sheet: Any) -> pd.DataFrame:
    """The rows of a list sheet below its second row, which names the columns."""
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    return pd.DataFrame(rows[1:], columns=list(rows[0]), dtype=object)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("bids", [True, False])
@pytest.mark.parametrize("currencies", [("CNY",), ("CNY", "USD")])
def test_six_sheets_without_formula_or_link(
    tmp_path: Path,
    build_actions: Build,
    build_summary: Any,
    lang: Any,
    bids: bool,
    currencies: tuple[str, ...],
) -> None:
    actions = build_actions(bids=bids, currencies=currencies)
    book = write(tmp_path / "a.xlsx", actions, build_summary(actions), lang)
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == NAMES[lang]
    assert [sheet.title for sheet in book if sheet.sheet_state == "veryHidden"] == ["ppc_tuner"]
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "inlineStr", "d"), (sheet.title, cell.coordinate)
                assert cell.hyperlink is None or not cell.hyperlink.target
                assert not str(cell.value).startswith("#")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 6 + 1
        for name in sheets:
            text = parts.read(name).decode()
            assert "<f>" not in text
            assert set(LINK.findall(text)) <= {f"'{NAMES[lang][1]}'"}


# What cannot be seen, as the sheets show it.
SPELT_OUT = {
    "a\x01b\x1fc": "a<U+0001>b<U+001F>c",
    "\r=1": "<U+000D>=1",
    "羽绒服\u202e男": "羽绒服<U+202E>男",
    "a\x1b[2Jb": "a<U+001B>[2Jb",
}


def test_nothing_in_the_workbook_can_run_or_lead_away(
    tmp_path: Path, build_actions: Build, hostile: tuple[str, ...]
) -> None:
    actions = build_actions().iloc[[1] * len(hostile)].assign(keyword=list(hostile), campaign=list(hostile))
    write(tmp_path / "a.xlsx", actions)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        parts = {name: package.read(name) for name in package.namelist()}
    assert not [name for name in parts if "vba" in name.lower() or "externalLink" in name]
    for name, content in parts.items():
        links = LINK.findall(content.decode("utf-8", errors="replace"))
        assert len(links) == content.count(b"<hyperlink ") == content.count(b"location="), name
        assert set(links) <= {"'操作清单'"}, name
        assert b'TargetMode="External"' not in content, name
        assert b"<f>" not in content or name.startswith("xl/charts/"), name


def test_texts_come_back_exactly(tmp_path: Path, build_actions: Build, hostile: tuple[str, ...]) -> None:
    actions = build_actions().iloc[[1] * len(hostile)].assign(keyword=list(hostile), campaign=list(hostile))
    book = write(tmp_path / "a.xlsx", actions)
    for name in ("操作清单", "全部关键词"):
        shown = table(book[name])
        assert [unescape(text) for text in shown["关键词"]] == [SPELT_OUT.get(text, text) for text in hostile]
        assert [unescape(text) for text in shown["计划"]] == [SPELT_OUT.get(text, text) for text in hostile]
    save(actions, {}, tmp_path / "a.csv", "zh")
    assert pd.read_csv(tmp_path / "a.csv", dtype=str)["item_id"].unique().tolist() == ["0012345678901234567"]


def test_text_stays_text_when_its_cell_is_edited(tmp_path: Path, build_actions: Build) -> None:
    sheet = write(tmp_path / "a.xlsx", build_actions())["操作清单"]
    cells = [cell for row in sheet.iter_rows(min_row=3) for cell in row if cell.value == "=1+1"]
    # What is read at a glance, and the keyword itself among what is folded away.
    assert len(cells) == 2
    assert all(cell.number_format == "@" or cell.quotePrefix for cell in cells)


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark_in_the_workbook_alone(
    tmp_path: Path, build_actions: Build
) -> None:
    long = "词" * 32_766 + "😀"
    just = "词" * 32_767
    actions = build_actions()
    actions["keyword"] = [np.nan, long, just, *["w"] * 6]
    shown = table(write(tmp_path / "a.xlsx", actions)["操作清单"])["关键词"].tolist()
    assert shown[1].startswith("词" * 30_000)
    assert shown[1].endswith("…（过长，已截断）")
    assert len(shown[1].encode("utf-16-le")) / 2 <= 32_767
    assert shown[2] == just
    save(actions, {}, tmp_path / "a.csv", "zh")
    assert pd.read_csv(tmp_path / "a.csv")["keyword"][1] == long


def test_the_list_holds_only_rows_to_act_on_and_keeps_their_order(
    tmp_path: Path, build_actions: Build
) -> None:
    shown = table(write(tmp_path / "a.xlsx", build_actions())["操作清单"])
    assert shown["动作"].tolist() == ["换图", "提价", "降价", "删词", "观察"]
    assert shown["关键词"].tolist() == [None, "=1+1", "+鞋 +女", "-10an", "@x"]
    assert shown["涉及金额"].tolist() == [50, 30, 20, 10, 5]
    assert shown["新出价"].tolist() == [None, 1.1, 1.8, None, 1.55]


def test_the_columns_stand_as_a_specialist_reads_them(tmp_path: Path, build_actions: Build) -> None:
    shown = list(table(write(tmp_path / "a.xlsx", build_actions())["操作清单"]).columns)
    seen = [
        "决定", "最终出价", "动作", "词（搜索词、宝贝、组）", "计划 › 单元", "出价 → 新出价",
        "点击", "成交笔数", "花费",
        "投产 / 保本", "点击率分", "点击花费分", "转化率分", "回报分", "周增利（80% 区间）", "理由",
    ]  # fmt: skip
    folded = [
        "备注", "关键词", "计划", "单元", "宝贝", "词类", "出价", "新出价", "调幅", "把握", "预计周增利",
        "增利下限", "增利上限", "涉及金额", "本期花费", "上期花费", "环比", "规则", "依据",
    ]  # fmt: skip
    assert shown == [*seen, *folded, "行标识（勿删）"]


def test_every_row_to_decide_on_carries_a_hidden_key_that_sorting_takes_along(
    tmp_path: Path, build_actions: Build
) -> None:
    book = write(tmp_path / "a.xlsx", build_actions())
    sheet = book["操作清单"]
    last = sheet.max_column
    keys = [sheet.cell(row, last).value for row in range(3, 8)]
    assert len(set(keys)) == 5
    assert all(re.fullmatch(r"r[0-9a-f]{10}\.[0-9a-f]{16}", key) for key in keys)
    assert sheet.column_dimensions[get_column_letter(last)].hidden
    assert sheet.auto_filter.ref.endswith(f"{get_column_letter(last)}7")
    assert keys == [row[0] for row in book["ppc_tuner"].iter_rows(min_row=2, values_only=True)]


def test_without_bids_the_percentage_leads_and_no_bid_is_shown(tmp_path: Path, build_actions: Build) -> None:
    shown = list(table(write(tmp_path / "a.xlsx", build_actions(bids=False), lang="en")["Actions"]).columns)
    assert shown[4:7] == ["Campaign › group", "Change (apply to the bid)", "Clicks"]
    assert {"CPC now", "Target CPC"} <= set(shown)
    assert "New bid" not in shown
    assert "Bid" not in shown


def test_accounts_and_currencies_are_told_where_there_are_several(
    tmp_path: Path, build_actions: Build
) -> None:
    one = table(write(tmp_path / "a.xlsx", build_actions())["操作清单"])
    two = table(write(tmp_path / "b.xlsx", build_actions(currencies=("CNY", "USD")))["操作清单"])
    assert "货币" not in one
    assert two["货币"].tolist() == ["CNY"] * 5 + ["USD"] * 5


def test_the_change_against_the_period_before(tmp_path: Path, build_actions: Build) -> None:
    shown = table(write(tmp_path / "a.xlsx", build_actions())["操作清单"])
    # 6 / 5 - 1; before was 0: unknown; 6 / 6 - 1.
    assert shown["环比"].tolist()[1:4] == [pytest.approx(0.2), None, 0]


def test_an_infinite_number_is_left_blank(tmp_path: Path, build_actions: Build) -> None:
    shown = table(write(tmp_path / "a.xlsx", build_actions())["全部关键词"])
    assert shown["投入产出比"].tolist() == [None, *[2] * 7]


@pytest.mark.parametrize(("lang", "choice"), [("zh", '"采纳,拒绝,改价"'), ("en", '"accept,reject,change"')])
def test_the_decision_is_chosen_from_a_list(
    tmp_path: Path, build_actions: Build, lang: Any, choice: str
) -> None:
    sheet = write(tmp_path / "a.xlsx", build_actions(), lang=lang)[NAMES[lang][1]]
    place = {cell.value: cell.column_letter for cell in sheet[2]}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    decision = place["决定" if lang == "zh" else "Decision"]
    bid = place["最终出价" if lang == "zh" else "Final bid"]
    assert rules[f"{decision}3:{decision}7"].formula1 == choice
    assert rules[f"{bid}3:{bid}7"].type == "decimal"
    filled = [sheet[f"{decision}{row}"].value for row in range(3, 8)]
    assert filled == [None] * 5
    assert sheet[f"{decision}3"].fill.fgColor.rgb == sheet[f"{bid}7"].fill.fgColor.rgb != "00000000"


def test_heads_stay_rows_filter_and_pages_repeat(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions()
    book = write(tmp_path / "a.xlsx", actions, build_summary(actions))
    assert book["操作清单"].freeze_panes == "E3"
    assert book["操作清单"].auto_filter.ref == "A2:AJ7"
    assert book["全部关键词"].freeze_panes == "C3"
    assert book["全部关键词"].auto_filter.ref.startswith("A2:")
    assert book["全部关键词"].auto_filter.ref.endswith("10")
    for name in ("操作清单", "按计划操作"):
        sheet = book[name]
        assert sheet.print_title_rows == "$1:$2"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_scores_are_shaded_and_actions_coloured(tmp_path: Path, build_actions: Build) -> None:
    sheet = write(tmp_path / "a.xlsx", build_actions())["操作清单"]
    shaded = {str(area.sqref) for area in sheet.conditional_formatting}
    place = {cell.value: cell.column_letter for cell in sheet[2]}
    assert f"{place['点击率分']}3:{place['点击率分']}7" in shaded
    assert len(shaded) == 4
    colours = [sheet.cell(row, 3).fill.fgColor.rgb for row in (4, 5, 6, 7)]
    assert len(set(colours)) == 4


def test_every_action_has_its_colour_among_all_keywords(tmp_path: Path, build_actions: Build) -> None:
    sheet = write(tmp_path / "a.xlsx", build_actions())["全部关键词"]
    rules = [
        rule for area in sheet.conditional_formatting for rule in area.rules if str(area.sqref) == "A3:A10"
    ]
    assert {'"提价"', '"降价"', '"删词"'} <= {rule.formula[0] for rule in rules}


def test_number_formats(tmp_path: Path, build_actions: Build) -> None:
    sheet = write(tmp_path / "a.xlsx", build_actions())["操作清单"]
    shown = {head.value: cell.number_format for head, cell in zip(sheet[2], sheet[4], strict=True)}
    assert shown["出价"] == "#,##0.00"
    assert shown["调幅"] == "+0.0%;-0.0%;0.0%"
    assert shown["把握"] == "0.0%"
    assert shown["回报分"] == "0"
    everything = write(tmp_path / "a.xlsx", build_actions())["全部关键词"]
    shown = {head.value: cell.number_format for head, cell in zip(everything[2], everything[4], strict=True)}
    assert shown["点击"] == "#,##0"
    assert shown["成交笔数"] == "#,##0.0"


def test_long_reasons_get_the_height_they_need(tmp_path: Path, build_actions: Build) -> None:
    actions = build_actions()
    actions["reason_zh"] = ["短", "很长的理由" * 40, *["短"] * 7]
    sheet = write(tmp_path / "a.xlsx", actions)["操作清单"]
    # 200 signs, 400 wide, in what the other columns leave of the screen: lines of 18 pixels (13.5 points).
    at = next(cell.column_letter for cell in sheet[2] if cell.value == "理由")
    lines = np.ceil(400 / sheet.column_dimensions[at].width)
    assert sheet.row_dimensions[4].height >= lines * 13.5
    # The item's title takes two lines.
    assert sheet.row_dimensions[3].height <= 3 * 13.5


def test_by_plan_is_in_the_order_of_the_back_office(tmp_path: Path, build_actions: Build) -> None:
    sheet = write(tmp_path / "a.xlsx", build_actions())["按计划操作"]
    shown = table(sheet)
    assert shown[["计划", "单元", "关键词", "动作"]].to_numpy().tolist() == [
        ["计划乙", None, None, "换图"],
        ["计划乙", "单元1", "-10an", "删词"],
        ["计划乙", "单元2", "=1+1", "提价"],
        ["计划甲", "单元1", "+鞋 +女", "降价"],
        ["计划甲", "单元2", "@x", "观察"],
    ]
    assert shown.columns[0] == "完成"
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"✓"']
    # A line above the first row of each plan.
    tops = [sheet.cell(row, 2).border.top.style for row in range(3, 8)]
    assert tops == ["thin", None, None, "thin", None]


def test_all_keywords_has_every_decision_row_and_what_a_person_looks_up(
    tmp_path: Path, build_actions: Build
) -> None:
    actions = build_actions().assign(nonsense=7.5, action="keep")
    sheet = write(tmp_path / "a.xlsx", actions)["全部关键词"]
    shown = table(sheet)
    assert len(shown) == 8
    assert shown["关键词"].notna().all()
    assert {"动作", "理由", "点击率分", "点击花费分", "转化率分", "回报分"} <= set(shown)
    # What is for programs stands in csv and Parquet alone.
    assert not {"nonsense", "可出价", "规则"} & set(shown)
    bands = [cell.value for cell in sheet[1] if cell.value]
    assert bands == ["词", "出价", "数据", "投产", "得分（0–100）", "结论"]


def test_the_guide_explains_every_column_rule_and_setting(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions()
    book = write(tmp_path / "a.xlsx", actions, build_summary(actions))
    told = {cell for row in book["说明"].iter_rows(values_only=True) for cell in row}
    for name in ("操作清单", "按计划操作", "全部关键词"):
        assert {cell.value for cell in book[name][2]} - {"行标识（勿删）"} <= told
    assert {
        "some-rule",
        "大词不值高价",
        'kind == "head"',
        "margin",
        "0.35",
        "毛利率",
        "profit",
        "A20",
    } <= told
    assert "建议的新出价；删词和出价未知时为空" in told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_to_do_is_said(tmp_path: Path, build_actions: Build, lang: Any) -> None:
    actions = build_actions().query("action == 'keep'")
    book = write(tmp_path / "a.xlsx", actions, lang=lang)
    said = {"zh": "没有需要调整的词", "en": "nothing to change"}[lang]
    shown = book[NAMES[lang][1]]
    # Not among what people fill in, where it would be read as a decision.
    assert said in next(cell.value for cell in shown[3] if cell.value)
    assert shown["A3"].value is None
    assert said in book[NAMES[lang][2]]["A3"].value
    assert read_decisions(tmp_path / "a.xlsx").unread == ()


def test_the_other_language_is_not_shown(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions().assign(campaign="C", ad_group="G", item="I", account="A", main_word="m")
    actions["keyword"] = actions["keyword"].where(actions["keyword"].isna(), "word")
    book = write(tmp_path / "a.xlsx", actions, build_summary(actions), "en")
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            for value in row:
                assert not any("\u4e00" <= sign <= "\u9fff" for sign in str(value)), value


def test_a_list_with_nothing_to_do_may_be_written_again(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions().assign(action="keep", bid_change=0.0)
    for _ in range(2):
        save(actions, build_summary(actions), tmp_path / "a.xlsx", "zh")
    assert (tmp_path / "a.xlsx").exists()


def test_the_zip_of_an_interrupted_workbook_says_nothing_when_it_is_collected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unraisable: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", unraisable.append)
    with workbook._Target(tmp_path / "half.zip") as target:
        package = zipfile.ZipFile(target, "w")
        package.writestr("sheet.xml", "<row/>" * 100)
    del package
    gc.collect()
    assert target.closed
    assert unraisable == []
