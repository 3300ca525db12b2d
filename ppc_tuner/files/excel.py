"""Excel workbooks: visible sheets as tables of text, with the rows numbered as Excel shows them."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa

from ppc_tuner.errors import InputError
from ppc_tuner.files import archives, limits
from ppc_tuner.files.content import SAVE_AGAIN, refusal
from ppc_tuner.files.sheet_table import SheetTable
from ppc_tuner.files.table import HeadRow, Merged, categories, check_columns
from ppc_tuner.temporary import no_room, temporary_folder
from ppc_tuner.text import Text

READER: Final = Path(__file__).with_name("workbook_reader.py")
UNREADABLE: Final = 3
# Room and time for a workbook of no size, and for each byte of it unpacked. A cell takes 20 bytes in the file
# at least, 32 in the reader and 16 or so on the way out.
BASE_BYTES: Final = 960 * 1024**2
BYTES_A_BYTE: Final = 12
BASE_SECONDS: Final = 8
SECONDS_A_MEGABYTE: Final = 1
# The seconds are those of the processor, and on a busy machine the clock goes on meanwhile; without them the
# clock counts.
TIME_IS_UP: Final = -getattr(signal, "SIGXCPU", 0)
PATIENCE: Final = 10 if TIME_IS_UP else 1


def sheet_tables(label: str, data: bytes, *, hidden_too: bool = False) -> list[SheetTable]:
    """One table per visible (with `hidden_too`: every), non-empty sheet, each with the names of the hidden
    ones.

    Cells are categories (texts): dates as `2026-07-04 00:00:00`, blanks as empty texts.

    Macros, links and formulas are not looked at: a cell is the value that was saved with it. Raises
    InputError for a damaged or protected workbook, for one beyond the limits and for one whose sheets are all
    hidden.
    """
    sheets = list(_sheets(label, _read(label, data, hidden_too=hidden_too)))
    hidden = tuple(_name(sheet) for sheet in sheets if _is_hidden(sheet))
    if sheets and len(hidden) == len(sheets):
        raise _all_hidden(label, hidden)
    return [_table(label, data, sheet, hidden) for sheet in sheets if hidden_too or not _is_hidden(sheet)]


def _unpacked(label: str, data: bytes) -> int:
    """Bytes of the workbook's parts, after the checks that every zip must pass."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
    except archives.FAULTS as fault:
        raise _unreadable(label, str(fault)) from None
    archives.check_unpacked(infos, label, len(data))
    return sum(info.file_size for info in infos)


def _read(label: str, data: bytes, *sheet: str, hidden_too: bool = False) -> bytes:
    """What the reader writes, of all sheets or of the numbers of one.

    Cells of white space far from the table can take all the room there is: without them it is tried again.
    """
    try:
        return _read_once(label, data, "whole,hidden" if hidden_too else "whole", *sheet)
    except MemoryError:
        pass
    try:
        return _read_once(label, data, "filled,hidden" if hidden_too else "filled", *sheet)
    except MemoryError:
        raise _too_large(label, Text("内存", "memory")) from None


def _read_once(label: str, data: bytes, cells: str, *sheet: str) -> bytes:
    """What the reader writes. MemoryError where it lacks room."""
    size = _unpacked(label, data) if data[:2] == b"PK" else len(data)
    seconds = BASE_SECONDS + SECONDS_A_MEGABYTE * size // 1024**2
    limited = [str(BASE_BYTES + BYTES_A_BYTE * size), str(seconds)]
    # Files, as a pipe takes a workbook in pieces of a page each.
    with temporary_folder() as folder, (folder / "sheets").open("w+b") as sheets:
        workbook = folder / "workbook"
        try:
            workbook.write_bytes(data)
        except OSError as fault:
            raise no_room(fault) from None
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(READER), *limited, str(workbook), cells, *sheet],
                stdin=subprocess.DEVNULL,
                stdout=sheets,
                stderr=subprocess.PIPE,
                timeout=PATIENCE * seconds,
                check=False,
                env=os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"},
            )
        except subprocess.TimeoutExpired:
            raise _too_large(label, Text("时间", "time")) from None
        _refuse_failed(label, done)
        sheets.seek(0)
        return sheets.read()


def _refuse_failed(label: str, done: subprocess.CompletedProcess[bytes]) -> None:
    """InputError for a workbook the reader refuses, MemoryError where it lacks room."""
    if done.returncode and done.returncode == TIME_IS_UP:
        raise _too_large(label, Text("时间", "time"))
    if done.returncode == UNREADABLE:
        raise _unreadable(label, done.stderr.decode("utf-8", "replace").strip())
    if done.returncode:
        raise MemoryError


def _sheets(label: str, written: bytes) -> Iterator[pa.Table]:
    stream = pa.BufferReader(written)
    while stream.tell() < len(written):
        reader = pa.ipc.open_stream(stream)
        check_columns(len(reader.schema), label)
        yield reader.read_all()


def _name(sheet: pa.Table) -> str:
    name: str = sheet.schema.metadata[b"sheet"].decode()
    return name


def _is_hidden(sheet: pa.Table) -> bool:
    return bool(sheet.schema.metadata[b"hidden"])


def _holds_number(label: str, data: bytes, name: str) -> pd.DataFrame:
    (sheet,) = _sheets(label, _read(label, data, name))
    frame = pd.DataFrame({int(at): sheet[at].is_valid().to_numpy() for at in sheet.column_names})
    return frame.set_axis(pd.RangeIndex(1, len(frame) + 1))


def _table(label: str, data: bytes, sheet: pa.Table, hidden: tuple[str, ...]) -> SheetTable:
    name, numbers = _name(sheet), cache(partial(_holds_number, label, data, _name(sheet)))
    text = categories(sheet, first_row=1)
    first = text.iloc[: limits.HEAD_ROWS].astype(object)
    head = tuple(HeadRow(int(row[0]), int(row[0]), tuple(row[1:])) for row in first.itertuples())
    merged = tuple(
        Merged(at, first + 1, last + 1) for at, first, last in json.loads(sheet.schema.metadata[b"merged"])
    )
    return SheetTable(label, name, "", head, text, hidden, merged, holds_number=numbers)


def _unreadable(label: str, fault: str) -> InputError:
    if "assword" in fault or "ncrypt" in fault:
        return refusal("locked", label)
    return InputError(
        Text("Excel 文件损坏或不完整", "the Excel file is damaged or incomplete"),
        where=label,
        found=archives.BROKEN_OFF if archives.NOT_A_ZIP in fault else fault.partition("\n")[0][:200],
        expected=Text("完整的 .xlsx 或 .xls", "a complete .xlsx or .xls"),
        to_do=SAVE_AGAIN,
    )


def _all_hidden(label: str, hidden: tuple[str, ...]) -> InputError:
    return InputError(
        Text("工作表都隐藏着", "every sheet is hidden"),
        where=label,
        found=", ".join(hidden)[:200],
        expected=Text("看得见的工作表", "a sheet that is shown"),
        to_do=Text("在 Excel 里取消隐藏报表所在的工作表，再保存",
                   "unhide the sheet of the report in Excel and save the file"),
    )  # fmt: skip


def _too_large(label: str, spent: Text) -> InputError:
    return InputError(
        Text("工作表太大，或单元格的位置不对",
             "the sheet is too large, or its cells point to places far outside"),
        where=label,
        found=Text(f"读它要的{spent.zh}超过这样大小的文件应有的",
                   f"reading it takes more {spent.en} than a file of its size should"),
        expected=Text("只有一张报表的工作簿", "a workbook that holds a report"),
        to_do=Text("删掉远处的空格子，或下载为 csv",
                   "delete stray cells far from the table, or download as csv"),
    )  # fmt: skip
