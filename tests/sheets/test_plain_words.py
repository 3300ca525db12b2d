"""What the sheets claim: of how many words, of which time, and whether in one step or in several."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ppc_tuner.sheets import save
from ppc_tuner.sheets.actions_sheet import target_is_further
from ppc_tuner.sheets.labels import per_period
from ppc_tuner.sheets.summary_tables import burners_said

Build = Callable[..., pd.DataFrame]
UNDATED = pd.DataFrame({"unit": ["period"]})


def book_of(path: Path, actions: pd.DataFrame, summary: Any, lang: Any = "zh") -> Any:
    save(actions, summary, path, lang)
    return openpyxl.load_workbook(path)


def first_cells(sheet: Any) -> list[Any]:
    return [row[0] for row in sheet.iter_rows(values_only=True)]


def texts(sheet: Any) -> set[Any]:
    return {cell for row in sheet.iter_rows(values_only=True) for cell in row}


def two_burners() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "currency": "CNY",
            "keyword": ["a", "b"],
            "match_type": "",
            "clicks": [9.0, 4.0],
            "cost": [20.0, 5.5],
        }
    )


def total_of(words: float, cost: float) -> pd.DataFrame:
    return pd.DataFrame({"currency": ["CNY", "USD"], "words": [words, 99.0], "cost": [cost, 999.0]})


def test_all_words_without_an_order_are_counted_not_those_shown(tmp_path: Path, build_actions: Build) -> None:
    summary = {"burners": two_burners(), "burners_total": total_of(226.0, 2962.84)}
    sheet = book_of(tmp_path / "a.xlsx", build_actions(), summary).worksheets[0]
    lines = first_cells(sheet)
    start = lines.index("花了钱没有成交的词")
    assert lines[start + 1].startswith("226 个词共花费 2,962.84，没有成交")
    assert lines[start + 1].endswith("其中花费最高的 2 个：")
    assert lines[start + 2 : start + 6] == ["关键词", "a", "b", "所列合计"]
    assert "匹配方式" not in [cell.value for cell in sheet[start + 3]]


def test_where_all_of_them_are_shown_the_total_is_the_total(tmp_path: Path, build_actions: Build) -> None:
    summary = {"burners": two_burners(), "burners_total": total_of(2.0, 25.5)}
    lines = first_cells(book_of(tmp_path / "a.xlsx", build_actions(), summary, "en").worksheets[0])
    start = lines.index("Money spent without an order")
    assert lines[start + 1] == "2 words spent 25.50 without an order (amounts in Chinese yuan (CNY)):"
    assert lines[start + 5] == "Total"


def test_without_the_total_only_those_shown_are_spoken_of() -> None:
    said = burners_said(two_burners(), total_of(226.0, 2962.84).head(0), "CNY")
    assert said.en == "The 2 words shown spent 25.50 without an order (amounts in Chinese yuan (CNY))."
    assert said.zh.startswith("所列 2 个词共花费 25.50，没有成交")


def test_paused_words_among_them_are_marked(tmp_path: Path, build_actions: Build) -> None:
    burners = two_burners().assign(
        match_type="exact", status=["paused", "live"], campaign="c", ad_group="g", item="i",
        p_profitable=0.5, action="keep",
    )  # fmt: skip
    sheet = book_of(tmp_path / "a.xlsx", build_actions(), {"burners": burners}).worksheets[0]
    row = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "a")
    told = [cell for cell in row if cell is not None]
    assert told == ["a", "精确", "暂停", "c", "g", "i", 9, 20, 0.5, "保持"]


@pytest.mark.parametrize(
    ("lang", "weekly", "gain", "of_a_week", "heading"),
    [
        (
            "zh",
            "报表期花费",
            "预计报表期增利",
            ("每周", "一周", "周增利", "下周"),
            "如果全部采纳：一个报表期",
        ),
        (
            "en",
            "Cost per reported period",
            "Expected gain per reported period",
            ("a week", "next week", "weekly cost"),
            "If you accept all: per reported period",
        ),
    ],
)
def test_without_dates_nothing_is_said_of_weeks(
    tmp_path: Path,
    build_actions: Build,
    build_summary: Any,
    lang: Any,
    weekly: str,
    gain: str,
    of_a_week: tuple[str, ...],
    heading: str,
) -> None:
    actions = build_actions().assign(weekly_cost=2.0, gain_up=1.0)
    summary = build_summary(actions) | {"period_unit": UNDATED}
    summary["by_action"]["weekly_cost"] = 2.0
    book = book_of(tmp_path / "a.xlsx", actions, summary, lang)
    assert heading in first_cells(book.worksheets[0])
    assert {weekly, gain} <= texts(book.worksheets[0])
    assert gain in [cell.value for cell in book.worksheets[1][2]]
    assert gain in {cell.value for cell in book.worksheets[3][2]}
    for sheet in book:
        said = [text for text in texts(sheet) if any(words in str(text) for words in of_a_week)]
        assert said == [], sheet.title


def test_with_dates_it_is_a_week(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions()
    summary = build_summary(actions) | {"period_unit": pd.DataFrame({"unit": ["week"]})}
    summary["by_action"]["weekly_cost"] = 2.0
    book = book_of(tmp_path / "a.xlsx", actions, summary)
    assert "如果全部采纳：下周" in first_cells(book.worksheets[0])
    assert "现在（估计，含未回传的成交）" in first_cells(book.worksheets[0])
    assert {"每周花费", "预计周增利"} <= texts(book.worksheets[0])


def test_a_sentence_of_a_week_becomes_one_of_a_period() -> None:
    assert (
        per_period("expected change of profit a week", "en")
        == "expected change of profit per reported period"
    )
    assert per_period("按此幅度提价，一周预计多赚", "zh") == "按此幅度提价，一个报表期预计多赚"


def test_clicks_to_come_are_whole(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions()
    summary = build_summary(actions)
    summary["forecast"].loc[summary["forecast"]["measure"] == "clicks", "now"] = 11880.8
    sheet = book_of(tmp_path / "a.xlsx", actions, summary).worksheets[0]
    now = next(row for row in sheet.iter_rows() if str(row[0].value).startswith("现在"))
    told = [cell for cell in now if cell.value is not None]
    assert [cell.value for cell in told[1:]] == [11881, 100]
    assert told[1].number_format == "#,##0"


def test_a_total_that_cannot_be_taken_is_a_dash(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions()
    summary = build_summary(actions)
    summary["by_campaign"]["break_even_roas"] = 2.5
    rows = list(book_of(tmp_path / "a.xlsx", actions, summary).worksheets[0].iter_rows(values_only=True))
    start = next(number for number, row in enumerate(rows) if row[0] == "按计划小计")
    at = rows[start + 1].index("保本投产比")
    assert [row[at] for row in rows[start + 2 : start + 5]] == [2.5, 2.5, "—"]


def with_targets(actions: pd.DataFrame, change: float) -> pd.DataFrame:
    rows = actions.assign(target_bid=3.0, target_change=actions["bid_change"])
    rows.loc[1, "target_change"] = change
    return rows


def test_a_target_beyond_this_step_is_said_to_take_weeks(tmp_path: Path, build_actions: Build) -> None:
    # The second row goes up by 10 %; its target lies 13 % away, then 11 % (as near as the bid's steps allow).
    far = with_targets(build_actions(bids=False), 0.13)
    near = with_targets(build_actions(bids=False), 0.11)
    heads = [
        [cell.value for cell in book_of(tmp_path / f"{number}.xlsx", frame, {}).worksheets[1][2]]
        for number, frame in enumerate((far, near))
    ]
    assert "目标点击花费（分几周走到）" in heads[0]
    assert "目标点击花费" in heads[1]
    folded = book_of(tmp_path / "c.xlsx", far, {}, "en").worksheets[1]
    assert "Target bid (over several weeks)" in [cell.value for cell in folded[2]]


def test_a_target_that_is_not_known_is_not_further(build_actions: Build) -> None:
    assert not target_is_further(build_actions())
    assert not target_is_further(with_targets(build_actions(), float("nan")))
    assert target_is_further(with_targets(build_actions(), -0.5))


def test_ids_are_shown_by_their_names(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    platform = ["zhitongche"] * 8 + ["google_ads"]
    actions = build_actions().assign(match_type="exact", platform=platform)
    platforms = pd.DataFrame(
        {"platform": ["zhitongche"], "name_zh": ["直通车/万相台"], "name_en": ["Zhitongche"]}
    )
    summary = build_summary(actions) | {"platforms": platforms}
    for lang, number, told in (
        ("zh", 0, {"直通车/万相台", "精确"}),
        ("en", 1, {"Zhitongche", "exact"}),
    ):
        book = book_of(tmp_path / f"{number}.xlsx", actions, summary, lang)
        assert told <= texts(book.worksheets[3])
        shown = [sheet for sheet in book if sheet.sheet_state == "visible"]
        assert all("zhitongche" not in str(text) for sheet in shown for text in texts(sheet))


def test_an_unknown_platform_keeps_its_id(tmp_path: Path, build_actions: Build) -> None:
    summary = {"platforms": pd.DataFrame({"platform": ["other"], "name_zh": ["别家"], "name_en": ["Other"]})}
    actions = build_actions().assign(platform=["zhitongche"] * 8 + ["other"])
    assert {"zhitongche", "别家"} <= texts(book_of(tmp_path / "a.xlsx", actions, summary).worksheets[3])
