"""Paths to documents, documents to tables: files, folders and zips are walked alike."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.archives import members, unzipped
from ppc_tuner.files.content import TABLE_KINDS, ContentKind, content_kind, refusal
from ppc_tuner.files.decoding import decodings, first_fault, whole_text
from ppc_tuner.files.excel import sheet_tables
from ppc_tuner.files.pages import holds_table, page_tables
from ppc_tuner.files.parquet import parquet_table
from ppc_tuner.files.table import Table
from ppc_tuner.files.text_stream import undecodable
from ppc_tuner.files.text_tables import text_table
from ppc_tuner.text import Text
from ppc_tuner.writing import LEFT_OUT_NAME, UNDO

TABLE_ENDINGS: Final = (
    ".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".parquet", ".zip", ".gz", ".html", ".htm", "",
)  # fmt: skip
# A path has lost one of the two slashes.
ADDRESS: Final = re.compile(r"(?i)(https?|ftp|s3|gs):/")
NO_TABLE: Final = Text("不是表格", "no table")
HIDDEN: Final = Text("隐藏或临时文件", "hidden or temporary file")
EMPTY: Final = Text("空文件", "empty file")
LINK: Final = Text(
    "链接，没有跟进；需要时直接给出那个文件", "a link, not followed; name the file itself if it is wanted"
)
FOR_UPLOAD: Final = Text(
    "upload 写给平台的文件，不是报表", "a file that `upload` wrote for the platform, not a report"
)
NOT_OPEN: Final[dict[type[OSError], Text]] = {
    FileNotFoundError: Text("没有这个文件", "no such file"),
    PermissionError: Text("没有读它的权限", "no permission to read it"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A file that may hold tables. label: path as given, plus /member inside a zip.

    data: all of it; of a long text on disk the beginning, and `path` is where the whole is.
    """

    label: str
    kind: ContentKind
    data: bytes
    named: bool
    path: Path | None = None

    def source(self) -> BinaryIO:
        """The whole content, from its beginning."""
        return self.path.open("rb") if self.path else io.BytesIO(self.data)


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
        if _is_folder(path):
            yield from _folder(path)
        elif ADDRESS.match(path.as_posix()):
            raise _address(path.as_posix())
        else:
            yield from _file(path, named=True)


def tables_of(
    document: Document, encodings: Sequence[str], *, one_column: bool = False, hidden_sheets: bool = False
) -> list[list[Table]]:
    """The document's tables, for each the ways to read it: one, or one per encoding that reads all bytes.

    Raises InputError where a workbook is damaged or a text is in none of the encodings. An empty list: no
    table. A text whose lines hold one cell each is a table only if `one_column`, a hidden sheet only if
    `hidden_sheets`.
    """
    if document.kind in ("xlsx", "xls"):
        return [[table] for table in sheet_tables(document.label, document.data, hidden_too=hidden_sheets)]
    if document.kind == "parquet":
        return [[parquet_table(document.label, document.data)]]
    decoded = list(decodings(document.source, encodings))
    if not decoded:
        tried = ", ".join(dict.fromkeys(["utf-8", *encodings]))
        raise undecodable(document.label, first_fault(document.source) or 1, tried)
    if document.kind == "page":
        return _page_tables(document, [encoding for encoding, _, _ in decoded])
    readings = [
        text_table(document.label, encoding, document.source, head, whole=whole, one_column=one_column)
        for encoding, head, whole in decoded
    ]
    choices: list[Table] = [table for table in readings if table is not None]
    return [choices] if choices else []


def whole_ones(readings: Sequence[Table]) -> list[Table]:
    """Those of several readings of a table that reach its end; the first one's InputError where none does."""
    if len(readings) < 2:
        return list(readings)
    faults = [table.fault() for table in readings]
    if all(faults) and faults[0]:
        raise faults[0]
    return [table for table, fault in zip(readings, faults, strict=True) if fault is None]


def _page_tables(document: Document, encodings: Sequence[str]) -> list[list[Table]]:
    """The tables of a page, each under every encoding that reads the page."""
    texts = {encoding: text for encoding in encodings if (text := whole_text(document.data, encoding))}
    if not texts:
        line = first_fault(document.source) or 1
        raise undecodable(document.label, line, ", ".join(encodings))
    pages = [page_tables(document.label, encoding, text) for encoding, text in texts.items()]
    numbers = sorted({number for tables in pages for number in tables})
    if not numbers:
        raise refusal("page", document.label)
    return [[tables[number] for tables in pages if number in tables] for number in numbers]


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
    files, closed = _inside(folder)
    yield from (Skipped(path.as_posix(), NOT_OPEN[PermissionError]) for path in sorted(closed))
    if len(files) > limits.FOLDER_FILES:
        raise InputError(
            Text("文件夹里文件太多", "the folder holds too many files"),
            where=folder.as_posix(),
            found=f"{len(files):,}",
            expected=f"<= {limits.FOLDER_FILES:,}",
            to_do=Text("只把放报表的文件夹交给程序", "give the folder that holds the reports only"),
        )
    uploads = _for_upload(files)
    for path in files:
        label = path.as_posix()
        passed_over = FOR_UPLOAD if path in uploads else _passed_over(path.relative_to(folder).as_posix())
        if passed_over or path.is_symlink():
            yield Skipped(label, passed_over or LINK)
        else:
            yield from _file(path, named=False)


def _for_upload(files: Iterable[Path]) -> set[Path]:
    """Those that `upload` wrote, by their names: they hold bids that may never have been carried out."""
    undo = {path for path in files if path.stem.endswith(UNDO)}
    taken_back = {path.with_name(path.stem.removesuffix(UNDO) + path.suffix) for path in undo}
    return undo | taken_back | {path for path in files if path.name == LEFT_OUT_NAME}


def _is_folder(path: Path) -> bool:
    """False too for what cannot be looked at: opening it says why."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _inside(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files in a folder and below it, and the folders that may not be read; links are not followed."""
    closed: list[Path] = []
    files: list[Path] = []

    def note(fault: OSError) -> None:
        closed.append(Path(fault.filename))

    for parent, _, names in os.walk(folder, onerror=note):
        files += [path for name in names if _is_file(path := Path(parent, name))]
        if len(files) > limits.FOLDER_FILES:
            break
    if folder in closed:
        raise InputError(
            Text("文件夹打不开", "the folder cannot be opened"),
            where=folder.as_posix(),
            found=NOT_OPEN[PermissionError],
            to_do=Text("检查路径、文件名和权限", "check the path, the name and the permissions"),
        )
    return sorted(files), closed


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def _file(path: Path, *, named: bool) -> Iterator[Document | Skipped]:
    label = path.as_posix()
    data, size = _read(path)
    if len(data) == size:
        yield from _document(label, data, named=named, depth=0)
    else:
        yield Document(label, "text", data, named, path)


def _passed_over(name: str) -> Text | None:
    parts = PurePosixPath(name).parts
    if any(part.startswith((".", "~$", "__MACOSX")) for part in parts):
        return HIDDEN
    return None if PurePosixPath(name).suffix.lower() in TABLE_ENDINGS else NO_TABLE


def _document(label: str, data: bytes, *, named: bool, depth: int) -> Iterator[Document | Skipped]:
    kind = content_kind(data)
    if kind in ("zip", "gzip"):
        yield from _packed(label, data, depth, named=named)
    elif kind in TABLE_KINDS and (kind != "page" or holds_table(data)):
        yield Document(label, kind, data, named)
    elif named or kind == "locked":
        raise refusal(kind, label)
    else:
        yield Skipped(label, EMPTY if kind == "empty" else NO_TABLE)


def _packed(label: str, data: bytes, depth: int, *, named: bool) -> Iterator[Document | Skipped]:
    if depth >= limits.ZIP_DEPTH:
        raise InputError(
            Text("压缩包里又有压缩包，层数太多", "packed files inside packed files, too deep"),
            where=label,
            found=Text(f"第 {depth + 1} 层", f"level {depth + 1}"),
            expected=Text(f"不超过 {limits.ZIP_DEPTH} 层", f"at most {limits.ZIP_DEPTH} levels"),
            to_do=Text("解压后把里面的报表交给程序", "unpack it and give the reports"),
        )
    if content_kind(data) == "gzip":
        # The one file in it is as much named as its packing.
        yield from _document(label, unzipped(label, data), named=named, depth=depth + 1)
        return
    for name, content in members(label, data):
        inner = f"{label}/{name}"
        passed_over = _passed_over(name)
        if passed_over:
            yield Skipped(inner, passed_over)
        else:
            yield from _document(inner, content, named=False, depth=depth + 1)


def _read(path: Path) -> tuple[bytes, int]:
    """The content and its size; of a text beyond HELD_TEXT_BYTES the beginning alone."""
    try:
        known = path.stat()
        if not stat.S_ISREG(known.st_mode):
            raise _no_file(path)
        with path.open("rb") as file:
            data = file.read(limits.HELD_TEXT_BYTES)
            if len(data) < limits.HELD_TEXT_BYTES:
                return data, len(data)
            is_text = content_kind(data) == "text"
            if known.st_size <= limits.FILE_BYTES and not is_text:
                data += file.read(limits.FILE_BYTES)
                return data, len(data)
    except OSError as fault:
        raise InputError(
            Text("文件读不了", "the file cannot be read"),
            where=path.as_posix(),
            found=NOT_OPEN.get(type(fault)) or fault.strerror or str(fault),
            to_do=Text("检查路径、文件名和权限", "check the path, the name and the permissions"),
        ) from None
    if is_text and known.st_size <= limits.TEXT_BYTES:
        return data, known.st_size
    most = limits.TEXT_BYTES if is_text else limits.FILE_BYTES
    raise InputError(
        Text("文件太大", "the file is too large"),
        where=path.as_posix(),
        found=f"{known.st_size / 1024**2:,.0f} MB",
        expected=f"<= {most // 1024**2:,} MB",
        to_do=limits.IN_PARTS,
    )


def _no_file(path: Path) -> InputError:
    return InputError(
        Text("这不是普通文件", "this is no ordinary file"),
        where=path.as_posix(),
        found=Text("设备或管道", "a device or a pipe"),
        expected=Text("磁盘上的文件", "a file on disk"),
        to_do=Text("先把内容存成文件", "save its content to a file first"),
    )


def _address(label: str) -> InputError:
    return InputError(
        Text("这是网址，不是文件", "this is a web address, not a file"),
        where=label.replace(":/", "://", 1),
        expected=Text("电脑上的报表文件", "a report file on this computer"),
        to_do=Text("先下载报表，再给出下载的文件", "download it first, then give the downloaded file"),
    )
