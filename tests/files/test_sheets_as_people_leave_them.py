"""Workbooks that people have worked in: formulas, merged cells, and cells of nothing far from the table."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, tables_of
from ppc_tuner.files.content import content_kind
from ppc_tuner.files.formulas import UNCALCULATED
from ppc_tuner.files.table import Table
from ppc_tuner.reports import read_reports

HEADER: list[str | float | None] = [
    "关键词",
    "推广计划",
    "推广单元",
    "展现",
    "点击",
    "消费",
    "转化",
    "平均点击价格",
]
ROWS: list[list[str | float | None]] = [
    ["鞋", "甲", "乙", 100, 10, 5, 1, 0.5],
    ["帽", "甲", "乙", 50, 0, 0, 0, None],
    ["袜", "甲", "丙", 30, 3, 2.5, 0, 0.8],
]


def written(change: Callable[[Worksheet], object], *, right: int = 0) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in [HEADER, *ROWS]:
        sheet.append([*[None] * right, *row])
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def facts(folder: Path, data: bytes, name: str = "report.xlsx") -> pd.DataFrame:
    path = folder / name
    path.write_bytes(data)
    return read_reports(path).facts


def table(data: bytes) -> Table:
    ((only,),) = tables_of(Document("f.xlsx", content_kind(data), data, True), [])
    return only


def setting(**cells: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        for place, value in cells.items():
            sheet[place] = value

    return change


@pytest.mark.parametrize(("place", "row"), [("F4", 4), ("B2", 2)])
def test_a_formula_that_was_never_calculated_is_refused(tmp_path: Path, place: str, row: int) -> None:
    with pytest.raises(InputError, match="never calculated") as caught:
        facts(tmp_path, written(setting(**{place: "=1+1"})))
    assert caught.value.where.endswith(f"report.xlsx:{row}")
    assert "WPS" in caught.value.render("en")


def test_formulas_of_unused_columns_and_totals_do_no_harm(tmp_path: Path) -> None:
    data = written(setting(H4="=F4/E4", A5="合计", F5="=SUM(F2:F4)"))
    assert facts(tmp_path, data)["cost"].tolist() == [5, 0, 2.5]


def test_a_formula_with_its_value_is_that_value() -> None:
    data = written(setting(F4="=5/2", A4="=B9", B4="=C9"))
    values = {b"F4": b'<c r="F4"><f>5/2</f><v>2.5</v></c>', b"A4": b'<c r="A4" t="str"><f>B9</f><v></v></c>'}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            for place, cell in values.items():
                content = re.sub(rb'<c r="' + place + rb'".*?</c>', cell, content)
            copy.writestr(name, content)
    only = table(out.getvalue())
    assert only.body(only.head[0]).loc[4].tolist()[:6] == ["", UNCALCULATED, "丙", "30", "3", "2.5"]


def test_the_columns_of_a_sheet_that_begins_further_right_are_counted_from_there() -> None:
    only = table(written(setting(H4="=1+1"), right=2))
    assert only.body(only.head[0]).loc[4].tolist()[5] == UNCALCULATED


def test_a_formula_of_an_old_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for at, row in enumerate([HEADER, *ROWS]):
        for column, cell in enumerate(row):
            sheet.write(at, column, xlwt.Formula("1+1") if (at, column) == (3, 5) else cell)
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(InputError, match="never calculated") as caught:
        facts(tmp_path, out.getvalue(), "report.xls")
    assert caught.value.where.endswith("report.xls:4")


@pytest.mark.parametrize(("place", "fault"), [("F4", "#REF!"), ("A4", "#NAME?"), ("F4", "#DIV/0!")])
def test_a_fault_in_a_used_column_is_refused(tmp_path: Path, place: str, fault: str) -> None:
    with pytest.raises(InputError, match=re.escape(fault)) as caught:
        facts(tmp_path, written(setting(**{place: fault})))
    assert caught.value.where.endswith("report.xlsx:4")


def test_what_was_divided_by_no_clicks_is_blank(tmp_path: Path) -> None:
    data = written(setting(F3="#DIV/0!", H4="#N/A"))
    assert facts(tmp_path, data)["cost"].fillna(0).tolist() == [5, 0, 2.5]


@pytest.mark.parametrize("right", [0, 2])
def test_a_text_merged_downwards_stands_in_each_row(tmp_path: Path, right: int) -> None:
    def merge(sheet: Worksheet) -> None:
        for column, last in (("B", 4), ("C", 3), ("F", 3)):
            moved = chr(ord(column) + right)
            sheet.merge_cells(f"{moved}2:{moved}{last}")

    read = facts(tmp_path, written(merge, right=right))
    assert read[["campaign", "ad_group"]].to_numpy().tolist() == [["甲", "乙"], ["甲", "乙"], ["甲", "丙"]]
    assert read["cost"].fillna(0).tolist() == [5, 0, 2.5]


@pytest.mark.parametrize("place", ["A1048576", "XFD1048576", "XFD1", "BZZ3"])
def test_a_blank_far_from_the_table_counts_for_nothing(tmp_path: Path, place: str) -> None:
    assert facts(tmp_path, written(setting(**{place: " "})))["clicks"].tolist() == [10, 0, 3]


def test_the_end_of_a_sheet_is_where_its_last_filled_cell_is() -> None:
    only = table(written(setting(A90000=" ", AZ2="\u3000")))
    assert only.body(only.head[0]).shape == (3, 8)


def old(change: Callable[[xlwt.Worksheet], object], *, right: int = 0) -> bytes:
    """The same rows as .xls; `change` writes what it likes over them."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("s", cell_overwrite_ok=True)
    for at, row in enumerate([HEADER, *ROWS]):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet.write(at, column + right, cell)
    change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("right", [0, 2])
def test_a_text_merged_downwards_in_an_old_workbook(tmp_path: Path, right: int) -> None:
    def merge(sheet: xlwt.Worksheet) -> None:
        sheet.write_merge(1, 3, 1 + right, 1 + right, "甲")
        sheet.write_merge(1, 2, 2 + right, 2 + right, "乙")

    read = facts(tmp_path, old(merge, right=right), "report.xls")
    assert read[["campaign", "ad_group"]].to_numpy().tolist() == [["甲", "乙"], ["甲", "乙"], ["甲", "丙"]]


@pytest.mark.parametrize("right", [0, 2])
def test_a_formula_without_a_value_in_an_old_workbook_that_begins_further_right(right: int) -> None:
    only = table(old(lambda sheet: sheet.write(3, 5 + right, xlwt.Formula("1+1")), right=right))
    assert only.body(only.head[0]).loc[4].tolist()[5] == UNCALCULATED


def test_cells_merged_over_rows_and_columns_stand_in_the_first_column_of_each_row(tmp_path: Path) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.insert_cols(3)
        sheet["C1"] = "备注"
        sheet.merge_cells("B2:C4")

    data = written(merge)
    assert facts(tmp_path, data)["campaign"].tolist() == ["甲", "甲", "甲"]
    assert [(one.at, one.first, one.last) for one in table(data).merged] == [(1, 2, 4)]
    book = old(lambda sheet: sheet.write_merge(1, 3, 8, 9, "x"))
    assert [(one.at, one.first, one.last) for one in table(book).merged] == [(8, 2, 4)]


@pytest.mark.parametrize("sheet", [written, old])
def test_merged_cells_of_one_row_or_beside_the_table_are_none(sheet: Callable[..., bytes]) -> None:
    def merge(new: Worksheet | xlwt.Worksheet) -> None:
        if isinstance(new, xlwt.Worksheet):
            new.write_merge(4, 4, 2, 5, "合计")
            new.write_merge(1, 3, 0, 0, None)
        else:
            new.merge_cells("C5:F5")
            new.merge_cells("A2:A4")

    assert table(sheet(merge, right=2)).merged == ()


def without_places(data: bytes) -> bytes:
    """The workbook, none of whose rows and cells says where it stands."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            if name.startswith("xl/worksheets/"):
                content = re.sub(rb'(<(?:row|c)\b[^<>]*?) r="[A-Z]*\d+"', rb"\1", content)
            copy.writestr(name, content)
    return out.getvalue()


def test_a_formula_in_cells_that_do_not_say_where_they_stand(tmp_path: Path) -> None:
    data = without_places(written(setting(H3="0.1", F4="=1+1")))
    assert b' r="A1"' not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    with pytest.raises(InputError, match="never calculated") as caught:
        facts(tmp_path, data)
    assert caught.value.where.endswith("report.xlsx:4")
    only = table(data)
    assert [at for at, cell in enumerate(only.body(only.head[0]).loc[4]) if cell == UNCALCULATED] == [5]


def test_a_formula_in_the_first_column_alone_does_not_move_the_others() -> None:
    only = table(written(setting(A3="=1+1", H4="=1+1"), right=1))
    assert only.body(only.head[0]).loc[4].tolist()[6] == UNCALCULATED
    assert only.body(only.head[0]).loc[3].tolist()[:2] == ["帽", "甲"]


def test_merged_rows_of_cells_that_do_not_say_where_they_stand() -> None:
    only = table(without_places(written(lambda sheet: sheet.merge_cells("B2:B4"))))
    assert [(one.at, one.first, one.last) for one in only.merged] == [(1, 2, 4)]
