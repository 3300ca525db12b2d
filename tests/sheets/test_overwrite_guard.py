"""What a person has filled in is never written over; a list nobody touched is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ppc_tuner.errors import OutputError
from ppc_tuner.sheets import check_output, save

Build = Callable[..., pd.DataFrame]
ACTIONS = {"zh": "操作清单", "en": "Actions"}


def fill(path: Path, sheet: str, header: str, row: int, value: object) -> None:
    """What a person does in Excel: one cell below the header, saved."""
    book = openpyxl.load_workbook(path)
    column = next(cell.column for cell in book[sheet][2] if cell.value == header)
    book[sheet].cell(row, column, value)
    book.save(path)


@pytest.mark.parametrize(
    ("lang", "sheet", "header", "value"),
    [
        ("zh", "操作清单", "决定", "采纳"),
        ("zh", "操作清单", "最终出价", 0),
        ("en", "Actions", "Decision", "reject"),
        ("en", "Actions", "Final bid", 1.25),
        ("zh", "按计划操作", "完成", "✓"),
    ],
)
def test_a_list_that_was_filled_in_is_kept(
    tmp_path: Path, build_actions: Build, lang: Any, sheet: str, header: str, value: object
) -> None:
    path = tmp_path / "a.xlsx"
    save(build_actions(), {}, path, lang)
    fill(path, sheet, header, 7, value)
    before = path.read_bytes()
    with pytest.raises(OutputError) as fault:
        check_output(path)
    assert f"{sheet} · {header}: {value}" in fault.value.render("zh")
    assert "换一个文件名" in fault.value.render("zh")
    assert "move or rename" in fault.value.render("en")
    with pytest.raises(OutputError):
        save(build_actions(), {}, path, lang)
    assert path.read_bytes() == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_list_nobody_filled_in_is_replaced(tmp_path: Path, build_actions: Build, lang: Any) -> None:
    path = tmp_path / "a.xlsx"
    save(build_actions(), {}, path, lang)
    fill(path, ACTIONS[lang], "决定" if lang == "zh" else "Decision", 4, "  ")
    check_output(path)
    assert save(build_actions().head(3), {}, path, lang) == [path]
    assert openpyxl.load_workbook(path)[ACTIONS[lang]].max_row == 5


def test_columns_moved_and_rows_added_by_hand_are_still_found(tmp_path: Path, build_actions: Build) -> None:
    path = tmp_path / "a.xlsx"
    save(build_actions(), {}, path, "zh")
    book = openpyxl.load_workbook(path)
    book["操作清单"].insert_cols(1, 2)
    book["操作清单"].insert_rows(1)
    book.save(path)
    check_output(path)
    book["操作清单"].cell(8, next(c.column for c in book["操作清单"][3] if c.value == "决定"), "拒绝")
    book.save(path)
    with pytest.raises(OutputError, match="filled in"):
        check_output(path)


def test_a_foreign_workbook_is_not_replaced(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "操作清单"
    book.active.append(["我的计划", "决定"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(OutputError) as fault:
        check_output(tmp_path / "a.xlsx")
    assert "不是操作清单" in fault.value.render("zh")
    assert "换一个文件名" in fault.value.render("zh")


def test_a_report_named_like_a_workbook_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_text("日期\t关键词\t花费\n")
    with pytest.raises(OutputError, match="not replaced"):
        check_output(path)
    assert path.read_text() == "日期\t关键词\t花费\n"


def test_an_empty_file_holds_nothing_to_keep(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").touch()
    check_output(tmp_path / "a.xlsx")


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".json"])
def test_other_endings_are_replaced(tmp_path: Path, build_actions: Build, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text("last week's")
    check_output(path)
    save(build_actions(), {}, path, "zh")
    assert path.stat().st_size > 20
