"""What a person has filled in is never written over; a list nobody touched is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from ppc_tuner.errors import OutputError
from ppc_tuner.sheets import ENDINGS, check_output, save, saving

Build = Callable[..., pd.DataFrame]


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


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_list_nobody_touched_is_replaced(
    tmp_path: Path, build_actions: Build, build_summary: Any, lang: Any, ending: str
) -> None:
    path, actions = tmp_path / f"a{ending}", build_actions()
    save(actions, build_summary(actions), path, lang)
    before = path.read_bytes()
    check_output(path)
    assert save(actions.head(3), {}, path, lang) == [path]
    assert path.read_bytes() != before
    assert save(actions, {}, path, lang) == [path]


def renamed_sheet(book: Any) -> None:
    book["操作清单"].title = "本周"


def renamed_header(book: Any) -> None:
    next(cell for cell in book["操作清单"][2] if cell.value == "决定").value = "老板的决定"


def rows_above(book: Any) -> None:
    book["操作清单"].insert_rows(1, 9)


def note_beside(book: Any) -> None:
    book["全部关键词"]["IZ40"] = "周三再看"


def comment_on_a_cell(book: Any) -> None:
    book["操作清单"]["B6"].comment = Comment("先别动", "小王")


def sheet_of_ones_own(book: Any) -> None:
    book.create_sheet("我的笔记")["A1"] = "大促后再降"


def colour(book: Any) -> None:
    book["操作清单"]["B6"].fill = PatternFill("solid", fgColor="FFFF00")


EDITS = (renamed_sheet, renamed_header, rows_above, note_beside, comment_on_a_cell, sheet_of_ones_own, colour)


@pytest.mark.parametrize("edit", EDITS)
def test_whatever_somebody_did_to_a_workbook_is_kept(
    tmp_path: Path, build_actions: Build, edit: Callable[[Any], None]
) -> None:
    path = tmp_path / "a.xlsx"
    save(build_actions(), {}, path, "zh")
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    before = path.read_bytes()
    for refused in (lambda: check_output(path), lambda: save(build_actions(), {}, path, "zh")):
        with pytest.raises(OutputError, match="changed since") as fault:
            refused()
        assert "--overwrite" in fault.value.render("zh")
    assert path.read_bytes() == before
    check_output(path, overwrite=True)
    assert save(build_actions(), {}, path, "zh", overwrite=True) == [path]
    check_output(path)


@pytest.mark.parametrize("ending", [".csv", ".json", ".parquet", ".xlsx"])
@pytest.mark.parametrize("share", [0, 0.3, 0.7, 0.999])
def test_one_byte_changed_anywhere_is_seen(
    tmp_path: Path, build_actions: Build, ending: str, share: float
) -> None:
    path = tmp_path / f"a{ending}"
    save(build_actions(), {}, path, "zh")
    data = bytearray(path.read_bytes())
    data[int(share * len(data))] ^= 1
    path.write_bytes(data)
    with pytest.raises(OutputError, match="not replaced"):
        save(build_actions(), {}, path, "zh")
    assert path.read_bytes() == data


def test_a_csv_that_was_filled_in_or_saved_anew_is_kept(tmp_path: Path, build_actions: Build) -> None:
    path = tmp_path / "a.csv"
    save(build_actions(), {}, path, "zh")
    written = path.read_text(encoding="utf-8-sig")
    for touched in (written.replace("watch", "raise", 1), written + "note\r\n", written.replace('"', "")):
        assert touched != written
        path.write_text(touched, encoding="utf-8-sig", newline="")
        with pytest.raises(OutputError, match="not replaced"):
            check_output(path)


@pytest.mark.parametrize("left_out", [0, 1])
@pytest.mark.parametrize("rows", range(1, 9))
def test_a_csv_of_any_width_is_known_again(
    tmp_path: Path, build_actions: Build, rows: int, left_out: int
) -> None:
    # Each number of rows gives another fingerprint, in which the last bit is 0 or 1.
    actions = build_actions().iloc[:rows, left_out:]
    save(actions, {}, tmp_path / "a.csv", "zh")
    check_output(tmp_path / "a.csv")
    assert list(pd.read_csv(tmp_path / "a.csv").columns) == list(actions.columns)


def test_what_is_filled_in_while_the_list_is_written_is_kept(
    tmp_path: Path, build_actions: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.csv"
    save(build_actions(), {}, path, "zh")

    def meanwhile(_: object, aside: Path) -> None:
        aside.write_text("this week's")
        path.write_text("filled in")

    monkeypatch.setattr(saving, "write_csv", meanwhile)
    with pytest.raises(OutputError, match="not replaced"):
        save(build_actions(), {}, path, "zh")
    assert path.read_text() == "filled in"
    assert list(tmp_path.iterdir()) == [path]


def test_a_foreign_workbook_is_not_replaced(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "操作清单"
    book.active.append(["我的计划", "决定"])
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(OutputError) as fault:
        check_output(tmp_path / "a.xlsx")
    assert "不是本程序写的" in fault.value.render("zh")
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


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_of_others_is_kept_whatever_its_ending(
    tmp_path: Path, build_actions: Build, ending: str
) -> None:
    path = tmp_path / f"a{ending}"
    path.write_text("last week's")
    with pytest.raises(OutputError, match="not replaced"):
        check_output(path)
    with pytest.raises(OutputError, match="not replaced"):
        save(build_actions(), {}, path, "zh")
    assert path.read_text() == "last week's"
    save(build_actions(), {}, path, "zh", overwrite=True)
    check_output(path)


def test_the_csv_beside_a_workbook_is_kept_where_somebody_touched_it(
    tmp_path: Path, build_actions: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ppc_tuner.sheets.list_sheet.ROW_LIMIT", 8)
    (tmp_path / "a.all.csv").write_text("mine")
    with pytest.raises(OutputError, match=r"a\.all\.csv.*not replaced"):
        save(build_actions(), {}, tmp_path / "a.xlsx", "en")
    assert (tmp_path / "a.all.csv").read_text() == "mine"
    assert not (tmp_path / "a.xlsx").exists()
