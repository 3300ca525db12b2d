"""The top of the first sheet: what was found, tiles, five moves that lead to their rows, leaks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ppc_tuner.sheets import save


def texts(*lines: str) -> pd.DataFrame:
    return pd.DataFrame({"text_zh": lines, "text_en": lines}, dtype="str")


def first_sheet(path: Path, actions: pd.DataFrame, summary: Any, lang: Any = "zh") -> Any:
    save(actions, summary, path, lang)
    return openpyxl.load_workbook(path)


def column_a(sheet: Any) -> list[Any]:
    return [row[0].value for row in sheet.iter_rows(max_col=1)]


def test_what_was_found_stands_first_and_what_to_give_in_red(
    tmp_path: Path, build_actions: Any, build_summary: Any
) -> None:
    actions = build_actions()
    front = {"found": texts("9 words, 4 to act on"), "to_give": texts("give the margins")}
    sheet = first_sheet(tmp_path / "a.xlsx", actions, build_summary(actions) | front).worksheets[0]
    assert column_a(sheet)[1:3] == ["9 words, 4 to act on", "give the margins"]
    assert sheet["A3"].font.color.rgb == "FF9B1C1C"


def test_tiles_show_this_period_against_the_one_before(
    tmp_path: Path, build_actions: Any, build_summary: Any
) -> None:
    actions = build_actions()
    sheet = first_sheet(tmp_path / "a.xlsx", actions, build_summary(actions), "en").worksheets[0]
    rows = [[cell for cell in row if cell] for row in sheet.iter_rows(max_row=8, values_only=True)]
    at = rows.index(["Cost", "ROAS"])
    assert rows[at + 1 : at + 3] == [["110", "3.00"], ["100 before · +10%", "4.00 before · -25%"]]


@pytest.mark.parametrize(("lang", "name"), [("zh", "操作清单"), ("en", "Actions")])
def test_the_moves_lead_to_their_rows_and_the_best_comes_first(
    tmp_path: Path, build_actions: Any, build_summary: Any, lang: Any, name: str
) -> None:
    actions = build_actions()
    actions["expected_gain"] = [None, 1.0, 30.0, 20.0, *[5.0] * (len(actions) - 4)]
    book = first_sheet(tmp_path / "a.xlsx", actions, build_summary(actions), lang)
    links = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    assert 1 < len(links) <= 5
    gains = []
    for cell in links:
        sheet, at = re.fullmatch(r"'(.+)'!(D\d+)", cell.hyperlink.location).groups()  # type: ignore[union-attr]
        assert sheet == name
        assert f" · {book[name][at].value} · " in f"{cell.value} · "
        heads = [head.value for head in book[name][2]]
        gain = heads.index("预计周增利" if lang == "zh" else "Expected gain a week") + 1
        gains.append(book[name].cell(book[name][at].row, gain).value or -1)
    assert gains == sorted(gains, reverse=True)
    assert gains[0] == 30


def test_leaks_are_listed_with_what_is_done_about_them(
    tmp_path: Path, build_actions: Any, build_summary: Any
) -> None:
    actions = build_actions()
    figures = {"cost": 957.97, "roas": 0.26, "bar_roas": 1.79, "lost": 820.15}
    said = {"action": "lower", "reason_zh": "降 40%", "reason_en": "cut 40%"}
    leaks = pd.DataFrame([{"keyword": "羽绒服男冬季", "campaign": "主推"} | figures | said])
    summary = build_summary(actions) | {"leaks": leaks}
    sheet = first_sheet(tmp_path / "a.xlsx", actions, summary).worksheets[0]
    at = column_a(sheet).index("钱漏在哪里：投产没到保本的词") + 1
    told = [cell.value for cell in sheet[at + 2] if cell.value is not None]
    assert told == ["羽绒服男冬季", "主推", 957.97, 0.26, 1.79, 820.15, "降价", "降 40%"]


def test_a_summary_without_these_frames_has_no_front(tmp_path: Path, build_actions: Any) -> None:
    sheet = first_sheet(tmp_path / "a.xlsx", build_actions().head(0), {}).worksheets[0]
    assert column_a(sheet) == ["关键词操作 · 总览"]
