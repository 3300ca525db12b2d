"""Paths to documents, documents to tables: files, folders and zips are walked alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.archives import members
from ppc_tuner.files.content import TABLE_KINDS, ContentKind, content_kind, refusal
from ppc_tuner.files.decoding import broken_line, decodings
from ppc_tuner.files.excel import sheet_tables
from ppc_tuner.files.pages import page_tables
from ppc_tuner.files.parquet import parquet_table
from ppc_tuner.files.tables import Table
from ppc_tuner.files.text_tables import text_table
from ppc_tuner.text import Text

TABLE_ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".parquet", ".zip", "")
# A path has lost one of the two slashes.
ADDRESS: Final = re.compile(r"(?i)(https?|ftp|s3|gs):/")
NO_TABLE: Final = Text("不是表格", "no table")
HIDDEN: Final = Text("隐藏或临时文件", "hidden or temporary file")
EMPTY: Final = Text("空文件", "empty file")


@dataclass(frozen=True, slots=True)
class Document:
    """A file that may hold tables. label: path as given, plus /member inside a zip."""

    label: str
    kind: ContentKind
    data: bytes
    named: bool


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in a folder, zip or workbook that was passed over, and why."""

    label: str
    reason: Text


def walk(paths: Iterable[str | Path]) -> Iterator[Document | Skipped]:
    """Every document under `paths` (files, folders, zips), one at a time, so that one is held in memory.

    A path named by the caller that is no table raises InputError; inside a folder or zip it is a Skipped.
    """
    for path in map(Path, paths):
        if path.is_dir():
            yield from _folder(path)
        elif ADDRESS.match(path.as_posix()):
            raise _address(path.as_posix())
        else:
            yield from _document(path.as_posix(), _read(path), named=True, depth=0)


def tables_of(document: Document, encodings: Sequence[str], *, one_column: bool = False) -> list[list[Table]]:
    """The document's tables; for each the ways to read it (one, or one per encoding that reads all its bytes).

    Raises InputError where a workbook is damaged or a text is in none of the encodings. An empty list: no table.
    A text whose lines hold one cell each is a table only if `one_column`.
    """
    if document.kind in ("xlsx", "xls"):
        return [[table] for table in sheet_tables(document.label, document.data)]
    if document.kind == "parquet":
        return [[parquet_table(document.label, document.data)]]
    decoded = list(decodings(document.data, encodings))
    if not decoded:
        raise _undecodable(document, encodings)
    if document.kind == "html":
        pages = [page_tables(document.label, encoding, text) for encoding, text in decoded]
        # The same tables under every encoding.
        return [list(choices) for choices in zip(*pages, strict=False)]
    readings = [
        text_table(document.label, encoding, text, one_column=one_column) for encoding, text in decoded
    ]
    choices: list[Table] = [table for table in readings if table is not None]
    return [choices] if choices else []


def first_table(path: str | Path, encodings: Sequence[str] = ("gb18030",)) -> pd.DataFrame:
    """A plain table whose header is its first filled row: text columns named by it, index = source row.

    For tables that people keep themselves. Raises InputError where the file holds no table.
    """
    for document in walk([path]):
        if isinstance(document, Document):
            for choices in tables_of(document, encodings, one_column=True):
                header = next(row for row in choices[0].head if any(cell.strip() for cell in row.cells))
                body = choices[0].body(header)
                return body.set_axis([cell.strip() for cell in header.cells], axis=1)
    raise refusal("empty", str(path))


def _folder(folder: Path) -> Iterator[Document | Skipped]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    if len(files) > limits.FOLDER_FILES:
        raise InputError(
            Text("文件夹里文件太多", "the folder holds too many files"),
            where=folder.as_posix(),
            found=f"{len(files):,}",
            expected=f"<= {limits.FOLDER_FILES:,}",
            to_do=Text("只把放报表的文件夹交给程序", "give the folder that holds the reports only"),
        )
    for path in files:
        label = path.as_posix()
        passed_over = _passed_over(path.relative_to(folder).as_posix())
        if passed_over:
            yield Skipped(label, passed_over)
        else:
            yield from _document(label, _read(path), named=False, depth=0)


def _passed_over(name: str) -> Text | None:
    parts = PurePosixPath(name).parts
    if any(part.startswith((".", "~$", "__MACOSX")) for part in parts):
        return HIDDEN
    return None if PurePosixPath(name).suffix.lower() in TABLE_ENDINGS else NO_TABLE


def _document(label: str, data: bytes, *, named: bool, depth: int) -> Iterator[Document | Skipped]:
    kind = content_kind(data)
    if kind == "zip":
        yield from _zip(label, data, depth)
    elif kind in TABLE_KINDS:
        yield Document(label, kind, data, named)
    elif named or kind == "locked":
        raise refusal(kind, label)
    else:
        yield Skipped(label, EMPTY if kind == "empty" else NO_TABLE)


def _zip(label: str, data: bytes, depth: int) -> Iterator[Document | Skipped]:
    if depth >= limits.ZIP_DEPTH:
        raise InputError(
            Text("zip 里又有 zip，层数太多", "zips inside zips, too deep"),
            where=label,
            expected=Text(f"不超过 {limits.ZIP_DEPTH} 层", f"at most {limits.ZIP_DEPTH} levels"),
            to_do=Text("解压后把里面的报表交给程序", "unpack it and give the reports"),
        )
    for name, content in members(label, data):
        inner = f"{label}/{name}"
        passed_over = _passed_over(name)
        if passed_over:
            yield Skipped(inner, passed_over)
        else:
            yield from _document(inner, content, named=False, depth=depth + 1)


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size <= limits.FILE_BYTES:
            return path.read_bytes()
    except OSError as fault:
        raise InputError(
            Text("文件读不了", "the file cannot be read"),
            where=path.as_posix(),
            found=fault.strerror or str(fault),
            to_do=Text("检查路径、文件名和权限", "check the path, the name and the permissions"),
        ) from None
    raise InputError(
        Text("文件太大", "the file is too large"),
        where=path.as_posix(),
        found=f"{size / 1024**2:,.0f} MB",
        expected=f"<= {limits.FILE_BYTES // 1024**2} MB",
        to_do=Text(
            "分时间段或分计划下载，一起交给程序",
            "download it in parts, by period or campaign, and give all parts",
        ),
    )


def _address(label: str) -> InputError:
    return InputError(
        Text("这是网址，不是文件", "this is a web address, not a file"),
        where=label,
        expected=Text("电脑上的报表文件", "a report file on this computer"),
        to_do=Text("先下载报表，再给出下载的文件", "download it first, then give the downloaded file"),
    )


def _undecodable(document: Document, encodings: Sequence[str]) -> InputError:
    line = broken_line(document.data)
    tried = ", ".join(dict.fromkeys(["utf-8", *encodings]))
    return InputError(
        Text("文字编码认不出", "the text is in no known encoding"),
        where=f"{document.label}:{line}",
        found=Text("有不合编码的字节", "bytes that fit no encoding"),
        expected=tried,
        to_do=Text(
            "在 Excel 里打开，另存为 .xlsx 或“CSV UTF-8”",
            "open it in Excel and save it as .xlsx or as CSV UTF-8",
        ),
    )
