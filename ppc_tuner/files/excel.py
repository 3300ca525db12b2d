"""Excel workbooks: visible sheets as tables of text, with the rows numbered as Excel shows them."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

import fastexcel
import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import archives, limits
from ppc_tuner.files.content import SAVE_AGAIN, refusal
from ppc_tuner.files.legacy import trial_fault
from ppc_tuner.files.tables import FrameTable, HeadRow, check_columns
from ppc_tuner.text import Text

CELL_PLACE: Final = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})?(\d{1,8})["']""")


def sheet_tables(label: str, data: bytes) -> list[FrameTable]:
    """One table per visible, non-empty sheet; cells as text, dates as `2026-07-04 00:00:00`, blanks as NaN.

    Raises InputError for a damaged or protected workbook and for sheets beyond the limits.
    """
    if data[:2] == b"PK":
        _check_workbook(label, data)
    elif fault := trial_fault(data):
        raise _unreadable(label, fault)
    try:
        reader = fastexcel.read_excel(data)
        sheets = [_load(reader, name) for name in reader.sheet_names]
    except fastexcel.FastExcelError as fault:
        raise _unreadable(label, str(fault)) from None
    return [_table(label, name, frame) for name, frame in sheets if frame is not None and len(frame)]


def _load(reader: Any, name: str) -> tuple[str, pd.DataFrame | None]:
    # skip_rows=0 keeps leading empty rows, so that row numbers are those of Excel.
    sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    if sheet.visible != "visible" or not sheet.height or not sheet.width:
        return name, None
    return name, sheet.to_pandas()


def _table(label: str, name: str, frame: pd.DataFrame) -> FrameTable:
    check_columns(frame.shape[1], label)
    text = frame.set_axis(range(frame.shape[1]), axis=1).astype("str")
    text.index = pd.RangeIndex(1, len(text) + 1)
    first = text.iloc[: limits.HEAD_ROWS].fillna("")
    head = tuple(HeadRow(int(row[0]), int(row[0]), tuple(row[1:])) for row in first.itertuples())
    return FrameTable(label, name, "", head, text)


def _check_workbook(label: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            archives.check_unpacked(infos, label)
            for info in infos:
                if info.filename.startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                    _check_extent(label, package.read(info))
    except archives.FAULTS as fault:
        raise _unreadable(label, str(fault)) from None


def _check_extent(label: str, sheet: bytes) -> None:
    """A sheet is held as a full rectangle: two cells far apart would ask for all memory there is."""
    places = CELL_PLACE.findall(sheet)
    columns = {_column_number(letters) for letters in {letters for letters, _ in places} if letters}
    rows = max((int(number) for number in {number for _, number in places}), default=0)
    width = max(columns, default=0)
    check_columns(width, label)
    if rows * width > limits.SHEET_CELLS:
        raise InputError(
            Text("工作表太大", "the sheet is too large"),
            where=label,
            found=Text(f"{rows} 行 × {width} 列", f"{rows} rows × {width} columns"),
            expected=Text(f"不超过 {limits.SHEET_CELLS:,} 格", f"at most {limits.SHEET_CELLS:,} cells"),
            to_do=Text(
                "删掉远处的空格子，或下载为 csv", "delete stray cells far from the table, or download as csv"
            ),
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unreadable(label: str, fault: str) -> InputError:
    if "assword" in fault or "ncrypt" in fault:
        return refusal("locked", label)
    return InputError(
        Text("Excel 文件损坏或不完整", "the Excel file is damaged or incomplete"),
        where=label,
        found=fault.splitlines()[0][:200] if fault else "",
        expected=Text("完整的 .xlsx 或 .xls", "a complete .xlsx or .xls"),
        to_do=SAVE_AGAIN,
    )
