"""Writes the files. What a platform reads holds the exact texts; what people read is safe to open.

A word may begin with `+`, `=`, `-` or `@`, and a report may hold one that somebody has made up to run as a
formula. A csv for a platform cannot mark it as text: an apostrophe in front would make it another word, or
one that the platform does not have. So such a file is exact, and is for the platform alone, not to be opened
in a spreadsheet. In a workbook every cell says what it is, and all texts are written as texts: there the
exact word is harmless too. The list of rows left out is a csv for people, and there the apostrophe is right.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
from xlsxwriter import Workbook

from ppc_tuner.errors import OutputError
from ppc_tuner.text import Lang, Text, visible
from ppc_tuner.uploads.preparing import Prepared, UploadFile
from ppc_tuner.uploads.refusals import LeftOut
from ppc_tuner.writing import LEFT_OUT_NAME, written_whole

BATCH_SHEET: Final = "批量文本 Batch text"
BATCH_HEAD: Final = ("计划 Campaign", "单元 Ad group", "每行一个 One a line")
# A word with a comma would be two columns of the line.
BATCH_SEPARATOR: Final = ","
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WIDEST: Final = 48


def write_files(
    prepared: Prepared, folder: Path, lang: Lang, *, undo_only: bool = False, overwrite: bool = False
) -> list[Path]:
    """Write the files into the folder, which is made if it is not there, and return their paths.

    Each appears whole or not at all. `undo_only`: those that restore alone. Raises OutputError where one
    cannot be written, or is there and is not this program's, unless `overwrite`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(
            Text("输出文件夹建不了", "the output folder cannot be made"),
            where=str(folder),
            found=fault.strerror or str(fault),
            to_do=Text("用 -o 换一个位置", "choose another place with -o"),
        ) from None
    wanted: list[tuple[Path, UploadFile, pd.DataFrame]] = []
    for one in prepared.files:
        if not undo_only:
            wanted.append((folder / one.name, one, one.lines))
        if len(one.undo):
            wanted.append((folder / one.undo_name, one, one.undo))
    paths = [path for path, _, _ in wanted]
    rows_left = [*prepared.left_out, *prepared.not_undone]
    more = [folder / LEFT_OUT_NAME] if rows_left else []
    with written_whole([*paths, *more], overwrite=overwrite) as asides:
        for aside, (_, one, lines) in zip(asides, wanted, strict=False):
            _write(one, lines, aside)
        if more:
            asides[-1].write_bytes(_left_out(rows_left, lang))
    return [*paths, *more]


def _write(one: UploadFile, lines: pd.DataFrame, path: Path) -> None:
    if one.upload.file == "csv":
        path.write_bytes(_csv(one, lines))
    else:
        _workbook(one, lines, path)


def _csv(one: UploadFile, lines: pd.DataFrame) -> bytes:
    upload = one.upload
    text = io.StringIO()
    writer = csv.writer(text, delimiter=upload.separator, lineterminator="\r\n")
    writer.writerow(upload.columns)
    writer.writerows([first.get(name, "") for name in upload.columns] for first in upload.first)
    writer.writerows(lines.itertuples(index=False, name=None))
    return text.getvalue().encode(upload.encoding)


def _workbook(one: UploadFile, lines: pd.DataFrame, path: Path) -> None:
    upload = one.upload
    book = Workbook(
        str(path), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    head, text = book.add_format({"bold": True, "bg_color": "#E8ECF1"}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet(upload.sheet)
    rows = [dict.fromkeys(upload.columns, "") | first for first in upload.first]
    listed = [*([first[name] for name in upload.columns] for first in rows), *lines.itertuples(index=False)]
    _fill(sheet, upload.columns, listed, head, text, set(upload.numbers))
    batch = _batch(one, lines) if upload.batch else []
    if batch:
        _fill(book.add_worksheet(BATCH_SHEET), BATCH_HEAD, batch, head, text, set())
    book.close()


def _fill(
    sheet: Any, columns: Sequence[str], rows: Sequence[Sequence[str]], head: Any, text: Any, numbers: set[str]
) -> None:
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name, head)
        longest = max((len(str(row[at])) for row in rows[:1000]), default=0)
        sheet.set_column(at, at, min(max(len(name) * 1.6, longest * 1.2) + 2, WIDEST), text)
    for number, row in enumerate(rows, start=1):
        for at, (name, cell) in enumerate(zip(columns, row, strict=True)):
            if not cell:
                continue
            if name in numbers:
                sheet.write_number(number, at, float(cell))
            elif cell.startswith("<r>") and cell.endswith("</r>"):
                # XlsxWriter would take this for its own rich text and write it unescaped.
                sheet.write_rich_string(number, at, text, cell[:1], text, cell[1:], text)
            else:
                sheet.write_string(number, at, cell, text)
    sheet.freeze_panes(1, 0)
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _batch(one: UploadFile, lines: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Campaign, ad group and line of text for each bid, a blank line between ad groups. Each line has a cell:
    copied out of one cell with several lines, a text gets quotes around it."""
    changes = one.changes.reindex(lines.index)
    bids = lines[_column_of(one, "{bid?}")]
    takes = (
        changes["op"].eq("bid") & bids.ne("") & ~changes["text"].str.contains(BATCH_SEPARATOR, regex=False)
    )
    out: list[tuple[str, str, str]] = []
    places = [changes[name].fillna("") for name in ("campaign", "ad_group")]
    for (campaign, ad_group), part in changes[takes].groupby([place[takes] for place in places], sort=False):
        listed = part["text"].astype("str") + BATCH_SEPARATOR + bids[part.index]
        out += [("", "", "")] if out else []
        out += [(str(campaign), str(ad_group), line) for line in listed]
    return out


def _column_of(one: UploadFile, mark: str) -> str:
    return next(name for row in one.upload.rows.values() for name, cell in row.cells.items() if cell == mark)


def _left_out(rows: Sequence[LeftOut], lang: Lang) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(Text("行 词 原因 实际内容", "row word reason found")[lang].split())
    for row in rows:
        writer.writerow([_harmless(cell) for cell in (row.where, row.name, row.reason[lang], row.found)])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    shown = visible(cell)
    return "'" + shown if shown.lstrip("'").startswith(FORMULA) else shown
