"""The guide: what is needed on Monday first, and only what can occur."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ppc_tuner.sheets import save

Build = Callable[..., pd.DataFrame]


def guide(path: Path, actions: pd.DataFrame, summary: Any, lang: Any = "zh") -> list[list[Any]]:
    save(actions, summary, path, lang)
    sheet = openpyxl.load_workbook(path).worksheets[4]
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def firsts(rows: list[list[Any]], start: str, end: str) -> list[Any]:
    """First cells between two headings, without the table's header and blank lines."""
    heads = [row[0] if row else None for row in rows]
    return [head for head in heads[heads.index(start) + 2 : heads.index(end)] if head]


@pytest.mark.parametrize(
    ("lang", "order"),
    [
        (
            "zh",
            [
                "动作的含义",
                "前几张表的各列",
                "数字能信到什么程度",
                "规则",
                "设置",
                "“全部关键词”里的其他各列",
            ],
        ),
        (
            "en",
            [
                "What the actions mean",
                "The columns of the first sheets",
                "How far to trust a figure",
                "Rules",
                "Settings",
                "The other columns, on All keywords",
            ],
        ),
    ],
)
def test_what_is_needed_on_monday_stands_first(
    tmp_path: Path, build_actions: Build, build_summary: Any, lang: Any, order: list[str]
) -> None:
    actions = build_actions().assign(cpc_raw=1.5)
    rows = guide(tmp_path / "a.xlsx", actions, build_summary(actions), lang)
    assert [row[0] for row in rows if len(row) == 1 and row[0] in order] == order


def test_columns_of_the_first_sheets_are_told_apart_from_the_others(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions().assign(cpc_raw=1.5)
    rows = guide(tmp_path / "a.xlsx", actions, build_summary(actions))
    first = firsts(rows, "前几张表的各列", "数字能信到什么程度")
    others = [row[0] for row in rows[[row[:1] for row in rows].index(["“全部关键词”里的其他各列"]) + 2 :]]
    assert first[:3] == ["决定", "最终出价", "动作"]
    assert first.count("环比") == 1
    # On Summary, Actions and By plan; then on All keywords alone.
    assert {"展现", "动作", "把握", "决定", "环比", "完成"} <= set(first)
    assert "平均点击花费" in others
    assert not set(first) & set(others)


def test_only_actions_that_can_occur_are_explained(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions().query("action != 'fix_picture'")
    summary = build_summary(actions)
    summary["rules"] = summary["rules"].assign(action="exclude")
    told = firsts(guide(tmp_path / "a.xlsx", actions, summary), "动作的含义", "前几张表的各列")
    assert told == ["提价", "降价", "删词", "加否词", "观察", "保持"]
    kept = firsts(
        guide(tmp_path / "b.xlsx", actions.query("action == 'keep'"), {}), "动作的含义", "前几张表的各列"
    )
    assert kept == ["观察", "保持"]


@pytest.mark.parametrize(("lang", "word"), [("zh", "拦截"), ("en", "holds back")])
def test_a_gate_holds_back(
    tmp_path: Path, build_actions: Build, build_summary: Any, lang: Any, word: str
) -> None:
    actions = build_actions()
    summary = build_summary(actions)
    summary["rules"] = summary["rules"].assign(action="gate")
    rows = guide(tmp_path / "a.xlsx", actions, summary, lang)
    assert next(row for row in rows if row[:1] == ["some-rule"])[1] == word
