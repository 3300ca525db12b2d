"""What a number in a cell is, and what only reads like one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, decimal_signs, excel, tables_of, to_ids, to_numbers
from ppc_tuner.reports import read_reports

HEADER = (
    "Keyword",
    "Campaign",
    "Ad group",
    "Status",
    "Impr.",
    "Clicks",
    "Cost",
    "Conversions",
    "Conv. value",
)
ROW = ("shoes", "c", "g", "Eligible", 1000, 10)


def workbook(rows: Sequence[Sequence[str | float]]) -> bytes:
    """Texts as texts and numbers as numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            (sheet.write_string if isinstance(cell, str) else sheet.write_number)(at, place, cell)
    book.close()
    return out.getvalue()


def body(*rows: Sequence[str | float]) -> pd.DataFrame:
    ((table,),) = tables_of(Document("f.xlsx", "xlsx", workbook(rows), True), [])
    return table.body(table.head[0])


def costs(path: Path, *rows: Sequence[str | float]) -> list[float]:
    path.write_bytes(
        workbook([["Search keyword report"], ["May 1, 2026 - May 8, 2026"], HEADER,
                  *([*ROW, *row] for row in rows)])
    )  # fmt: skip
    return read_reports(path).facts["cost"].tolist()


def test_numbers_and_texts_of_one_look_are_told_apart() -> None:
    read = body(["a", "b"], [1.234, "1.234"], ["2.345", 500])
    assert read.to_numpy().tolist() == [[1.234, "1.234"], ["2.345", 500]]


def test_a_workbook_is_read_once_where_nothing_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "_holds_number", lambda *_: pytest.fail("read twice"))
    read = body(
        ["a", "b", "c"], [1.25, "1,234.50", "0012345678901234567"], [1.234, "5%", "12345678901234567"]
    )
    assert read[0].tolist() == ["1.25", "1.234"]


def test_numbers_of_a_workbook_have_a_point(tmp_path: Path) -> None:
    assert costs(tmp_path / "r.xlsx", [1.234, 2, 2.345], [12, 1, 9]) == [1.234, 12]


def test_texts_of_a_workbook_may_group_by_a_point(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"r\.xlsx:4: decimals and thousands cannot be told apart"):
        costs(tmp_path / "r.xlsx", ["1.234", 2, 2.5])
    assert costs(tmp_path / "r.xlsx", ["1.234", 2, 2.5], ["1.234,50", 2, 2.5]) == [1234, 1234.5]


def test_numbers_prove_nothing_of_the_texts_beside_them(tmp_path: Path) -> None:
    assert costs(tmp_path / "r.xlsx", ["12,50", 2, 2.5], [12.5, 2, 1.125]) == [12.5, 12.5]


@pytest.mark.parametrize(
    ("ids", "ruined"),
    [
        ([12345678901234567, 12345678901234999], True), ([1234567890123450, 1234567890123500], True),
        ([1234567890123456, 1234567890123500], False),
        (["12345678901234570", "12345678901235000"], False), ([818314041440, "0012345678901234567"], False),
        ([2**53], False), ([2**53 + 2], True),
    ],
)  # fmt: skip
def test_ids_that_a_workbook_keeps_as_numbers(ids: list[str | float], ruined: bool) -> None:
    assert to_ids(body(["id"], *([one] for one in ids))[0])[1] == ruined


def test_a_fault_of_a_formula_is_no_blank_cell() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(2, 0, ["a", "b"])
    for at, fault in enumerate(["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"], 3):
        sheet.write_row(at, 0, [1, ""])
        sheet.write_formula(at, 1, "=1", None, fault)
    book.close()
    ((table,),) = tables_of(Document("f.xlsx", "xlsx", out.getvalue(), True), [])
    cells = table.body(table.head[2])[1]
    assert cells.to_dict() == {
        4: "#DIV/0!", 5: "#N/A", 6: "#NAME?", 7: "#NULL!", 8: "#NUM!", 9: "#REF!", 10: "#VALUE!",
    }  # fmt: skip
    assert to_numbers(cells).wrong.all()


def test_ids_of_a_frame() -> None:
    assert to_ids(pd.Series([1e16, 3.0]))[1]
    assert to_ids(pd.Series([12.5, np.nan, 7]))[0].fillna("?").tolist() == ["12.5", "?", "7"]
    whole = to_ids(pd.Series([12345678901234567, None], dtype="Int64"))
    assert (whole[0].fillna("?").tolist(), whole[1]) == (["12345678901234567", "?"], False)


def test_numbers_among_texts_are_read_as_they_are() -> None:
    cells = pd.Series([1.5, "1.234,5", Decimal("2.50"), None, True], dtype=object)
    read = to_numbers(cells, decimal=",")
    assert read.values.fillna(-1).tolist() == [1.5, 1234.5, 2.5, -1, -1]
    assert read.wrong.tolist() == [False, False, False, False, True]
    assert decimal_signs([], [pd.Series([1.5, "1.234,5"], dtype=object)]).point == ""


def test_per_cent_of_numbers() -> None:
    read = to_numbers(pd.Series([2.35, np.nan]), share=True, percent="percent")
    assert read.values.fillna(-1).tolist() == pytest.approx([0.0235, -1])


def test_parquet_keeps_long_ids_and_decimals() -> None:
    out = io.BytesIO()
    pq.write_table(
        pa.table({"id": [12345678901234567, None], "cost": [Decimal("1.230"), Decimal("4.560")]}), out
    )
    ((table,),) = tables_of(Document("f.parquet", "parquet", out.getvalue(), True), [])
    read = table.body(table.head[0])
    assert to_ids(read[0])[0].fillna("?").tolist() == ["12345678901234567", "?"]
    assert to_numbers(read[1], decimal=",").values.tolist() == [1.23, 4.56]


def test_hidden_sheets_are_told_as_skipped(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    costs(path, [1.5, 2, 2.5])
    book = openpyxl.load_workbook(path)
    hidden = book.create_sheet("Old")
    hidden.append([1])
    hidden.sheet_state = "hidden"
    book.save(path)
    (skipped,) = read_reports(path).skipped
    assert (skipped.label, skipped.reason.en) == (f"{path.as_posix()} [Old]", "hidden sheet")
