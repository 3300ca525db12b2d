"""What is seen at once fits on a screen, and each sheet on a page, however large the figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from ppc_tuner.sheets import save

SCREEN = 1_480
USUAL = 9.14
A4, A3 = 9, 8


def seen(sheet: Worksheet) -> dict[str, int]:
    """The columns that are neither folded away nor hidden: header → pixels on the screen."""
    widths: dict[int, tuple[float, bool]] = {}
    for one in sheet.column_dimensions.values():
        for at in range(one.min, one.max + 1):
            widths[at] = (one.width, one.hidden)
    shown = {}
    for at in range(1, sheet.max_column + 1):
        width, hidden = widths.get(at, (USUAL, False))
        if not hidden:
            shown[f"{at}:{sheet.cell(2, at).value}"] = round(width * 7)
    return shown


@pytest.fixture
def rows(build_actions: Any) -> Any:
    """rows(times): the list with every column that a full one has, its figures that many times as large."""

    def build(times: float) -> pd.DataFrame:
        actions = build_actions()
        given = {
            "clicks": 492.0, "conversions": 31.0, "cost": 957.97, "bar_roas": 1.79, "match_type": "exact",
            "search_term": "羽绒服男短款加厚冬季新款", "channel": np.nan, "device": "mobile",
            "expected_gain": 12.5, "gain_low": 3.0, "gain_high": 30.0, "details_zh": "一次点击估计值 ¥1.20",
        }  # fmt: skip
        actions = actions.assign(**given)
        figures = ["clicks", "conversions", "cost", "expected_gain", "gain_low", "gain_high"]
        return actions.assign(**{name: actions[name] * times for name in figures})

    return build


@pytest.mark.parametrize("times", [1, 100, 100_000])
@pytest.mark.parametrize(
    ("lang", "names"), [("zh", ("操作清单", "全部关键词")), ("en", ("Actions", "All keywords"))]
)
def test_actions_fit_on_a_screen_and_all_keywords_keep_to_25_columns(
    tmp_path: Path, rows: Any, lang: Any, names: tuple[str, str], times: float
) -> None:
    save(rows(times), {}, tmp_path / "a.xlsx", lang)
    book = load_workbook(tmp_path / "a.xlsx")
    shown = seen(book[names[0]])
    assert len(shown) <= 18
    assert sum(shown.values()) <= SCREEN
    reason = next(width for name, width in shown.items() if name.split(":")[1] in ("理由", "Reason"))
    assert reason >= 250
    assert len(seen(book[names[1]])) <= 25
    # The key is hidden, never only folded away.
    assert all("key" not in name and "标识" not in name for name in shown)


@pytest.mark.parametrize("times", [1, 100_000])
def test_no_figure_that_is_seen_is_wider_than_its_column(tmp_path: Path, rows: Any, times: float) -> None:
    save(rows(times), {}, tmp_path / "a.xlsx", "zh")
    sheet = load_workbook(tmp_path / "a.xlsx")["操作清单"]
    widths = seen(sheet)
    for header, places in (("点击", 0), ("成交笔数", 0), ("花费", 0)):
        at = next(int(name.split(":")[0]) for name in widths if name.endswith(f":{header}"))
        values = [cell for cell in (sheet.cell(row, at).value for row in range(3, sheet.max_row + 1)) if cell]
        longest = max(len(f"{value:,.{places}f}") for value in values)
        # Seven pixels a digit in the usual font.
        assert widths[f"{at}:{header}"] >= 7 * longest + 5


def test_every_sheet_prints_one_page_wide_in_landscape(tmp_path: Path, rows: Any) -> None:
    save(rows(1), {}, tmp_path / "a.xlsx", "zh")
    for sheet in load_workbook(tmp_path / "a.xlsx").worksheets:
        if sheet.sheet_state != "visible":
            continue
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize in (A4, A3)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_what_is_folded_away_is_closed_and_opens_with_a_plus(tmp_path: Path, rows: Any) -> None:
    save(rows(1), {}, tmp_path / "a.xlsx", "zh")
    sheet = load_workbook(tmp_path / "a.xlsx")["操作清单"]
    folded = [one for one in sheet.column_dimensions.values() if one.outlineLevel]
    assert folded
    assert all(one.hidden for one in folded)
    headers = {sheet.cell(2, at).value for one in folded for at in range(one.min, one.max + 1)}
    assert {"备注", "预计周增利", "细节", "新出价"} <= headers
