"""Texts whose letters are wrong: the encoding they are in, or the wrong one in which they were saved."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from typing import Final

from ppc_tuner.errors import InputError
from ppc_tuner.files import Document
from ppc_tuner.files.text_stream import undecodable
from ppc_tuner.files.text_tables import text_table
from ppc_tuner.reports.recognise.formats import Format, conventions
from ppc_tuner.reports.recognise.header import has_columns, match_header
from ppc_tuner.text import Text

HEAD_BYTES: Final = 64 * 1024
# Encodings in which exports and spreadsheets of the world are written, widest of each family.
KNOWN: Final = (
    "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1250", "cp1251", "cp1252", "cp1254", "koi8-r",
    "mac_roman", "iso2022_jp", "hz", "utf-7",
)  # fmt: skip
# A text of the second was opened as one of the first, and saved as UTF-8.
SAVED_WRONGLY: Final = tuple(
    (opened, true)
    for opened in ("cp1252", "latin-1", "cp1251", "gb18030", "mac_roman")
    for true in ("utf-8", "gb18030", "big5hkscs", "cp1251", "cp932")
    if opened != true
)
# So many names of a header must come right again; the letters of others may be gone for good.
LEAST_GAINED: Final = 2
HEADER_WITHIN: Final = 10
# How many letters may be damaged, where the encoding can still be told.
DAMAGED: Final = 0.05
NO_LETTER: Final = "\ufffd"
LOST: Final = NO_LETTER + "?"
# So many of a row's letters gone, and no header can be known.
LOST_SHARE: Final = 0.3
AGAIN: Final = Text(
    "重新下载，不要用别的软件打开再保存；或在 Excel 里另存为 .xlsx",
    "download it again and do not save it from another program, or save it as .xlsx in Excel",
)


def wrong_encoding(document: Document, formats: Sequence[Format]) -> InputError | None:
    """The message for a text in which a header is recognised under another encoding, or whose letters are
    lost; None for any other document."""
    if document.kind != "text":
        return None
    head, declared = document.data[:HEAD_BYTES], {name for form in formats for name in form.encodings}
    for encoding, text in _readings(head):
        if encoding in declared and NO_LETTER not in text:
            # Then it is another fault for which it was not recognised.
            continue
        if _shows_header(document.label, text, formats):
            if encoding not in declared:
                return _other_encoding(document.label, encoding)
            line = text[: text.find(NO_LETTER)].count("\n") + 1
            return undecodable(document.label, line, encoding)
    text = head.decode("utf-8", "ignore").removeprefix("\ufeff")
    before = _most_columns(document.label, text, formats)
    for opened, true in SAVED_WRONGLY:
        rightly = text.encode(opened, "replace").decode(true, "replace")
        if _most_columns(document.label, rightly, formats) >= before + LEAST_GAINED:
            return _saved_wrongly(document.label, opened, true, text, rightly)
    return _lost(document.label, head)


def _other_encoding(label: str, encoding: str) -> InputError:
    return InputError(
        Text(f"文字编码是 {encoding}，不能直接读", f"the text is in {encoding}, which is not read here"),
        where=label,
        found=encoding,
        expected="UTF-8",
        to_do=Text("另存为 .xlsx 或 CSV UTF-8", "save it as .xlsx or as CSV UTF-8"),
    )


def _saved_wrongly(label: str, opened: str, true: str, text: str, rightly: str) -> InputError:
    return InputError(
        Text(
            f"文字已是乱码：{true} 的文件被当作 {opened} 打开并保存过",
            f"the letters are garbled: a file in {true} was opened as {opened} and saved",
        ),
        where=label,
        found=text.partition("\n")[0][:100],
        expected=rightly.partition("\n")[0][:100],
        to_do=AGAIN,
    )


def _readings(head: bytes) -> Iterator[tuple[str, str]]:
    """The beginning of the text under each encoding that reads it, but for a few damaged bytes."""
    for encoding in KNOWN:
        text = head.decode(encoding, "replace")
        if text.count(NO_LETTER) <= DAMAGED * len(text):
            yield encoding, text


def _rows(label: str, text: str) -> list[tuple[str, ...]]:
    table = text_table(label, "", io.BytesIO, text)
    return [row.cells for row in table.head[:HEADER_WITHIN]] if table else []


def _shows_header(label: str, text: str, formats: Sequence[Format]) -> bool:
    rows = _rows(label, text)
    return any(
        has_columns(cells, columns, layout.required)
        and match_header(cells, columns).columns.keys().isdisjoint(layout.forbidden)
        for form in formats
        for layout in form.layouts
        for columns in (conventions(form, layout).columns,)
        for cells in rows
    )


def _most_columns(label: str, text: str, formats: Sequence[Format]) -> int:
    """The largest number of a layout's required columns that a row of the text has."""
    rows = _rows(label, text)
    return max(
        (
            sum(has_columns(cells, conventions(form, layout).columns, (name,)) for name in layout.required)
            for form in formats
            for layout in form.layouts
            for cells in rows
        ),
        default=0,
    )


def _lost(label: str, head: bytes) -> InputError | None:
    """The message where a program has put a question mark in the place of every letter that it lacked."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return None
    first = next((line for line in text.splitlines() if line.strip()), "")
    letters = [sign for sign in first if sign.isalpha() or sign in LOST]
    if len(letters) < 10 or sum(sign in LOST for sign in letters) < LOST_SHARE * len(letters):
        return None
    return InputError(
        Text(
            "文字丢了：存成了没有这些字的编码", "letters are lost: it was saved in an encoding without them"
        ),
        where=f"{label}:1",
        found=first[:100],
        to_do=AGAIN,
    )
