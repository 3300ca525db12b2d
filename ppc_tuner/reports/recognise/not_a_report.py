"""Why a file that looks like a report gives no words: its letters are wrong (the encoding it is in, or the
wrong one in which it was saved), or it is a report without words (campaigns, placements, audiences)."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, HeadRow, Table
from ppc_tuner.files.text_stream import undecodable
from ppc_tuner.files.text_tables import text_table
from ppc_tuner.reports.recognise.formats import Format
from ppc_tuner.reports.recognise.header import has_columns, positions
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
FIGURES: Final = ("impressions", "clicks", "cost", "conversions", "revenue")
WORDS: Final = ("keyword", "search_term", "keyword_id", "match_type")
# With fewer any table of two numbers would be a report.
LEAST_FIGURES: Final = 2
SHOWN_CELLS: Final = 14


@dataclass(frozen=True, slots=True)
class WithoutWords:
    """A report without words: its name and where to find one with words, for each platform that it may be of;
    its file and header."""

    kinds: Sequence[tuple[Format, Text]]
    label: str
    header: HeadRow

    def error(self) -> InputError:
        """The message for such a report given by name."""
        cells = [cell.strip()[:30] for cell in self.header.cells]
        return InputError(
            Text(f"{self._name.zh}，里面没有关键词", f"a report without keywords: {self._name.en}"),
            where=f"{self.label}:{self.header.row}",
            found=",".join(cells[:SHOWN_CELLS]) + (" …" if len(cells) > SHOWN_CELLS else ""),
            expected=Text("关键词报表或搜索词报表", "a report of keywords or of search terms"),
            to_do=self._instead,
        )

    @property
    def skipped(self) -> Text:
        """Why it is passed over where it lay in a folder."""
        return Text(
            f"{self._name.zh}，没有关键词；{self._instead.zh}",
            f"{self._name.en}, without keywords; {self._instead.en}",
        )

    @property
    def _name(self) -> Text:
        return Text(
            "或".join(f"{form.name.zh}的{name.zh}" for form, name in self.kinds),
            " or ".join(f"{form.name.en} {name.en}" for form, name in self.kinds),
        )

    @property
    def _instead(self) -> Text:
        places = [(form.name, form.found_at) for form, _ in self.kinds if form.found_at]
        return Text(
            "；".join(["改下载关键词报表", *(f"{name.zh}：{place.zh}" for name, place in places)]),
            "; ".join(
                ["download the keyword report instead", *(f"{name.en}: {place.en}" for name, place in places)]
            ),
        )


def without_words(tables: Sequence[Table], formats: Sequence[Format]) -> WithoutWords | None:
    """What report without words the first such table is; None where none is."""
    rows = ((table, row) for table in tables for row in table.head)
    return next((found for table, row in rows if (found := _found(table, row, formats))), None)


def _found(table: Table, row: HeadRow, formats: Sequence[Format]) -> WithoutWords | None:
    """The report that a row is the header of, of the platforms that know most of its figures."""
    if any(_has(row.cells, form, name) for form in formats for name in WORDS):
        return None
    figures = {form.id: _count(row.cells, form) for form in formats if form.others}
    # Of one platform the kind named first: a placement has its campaign beside it.
    kinds = [(form, kind) for form in formats if (kind := _kind(row.cells, form, figures.get(form.id, 0)))]
    if not kinds:
        return None
    most = max(figures[form.id] for form, _ in kinds)
    likely = [(form, kind) for form, kind in kinds if figures[form.id] == most]
    first = min(_place(form, kind) for form, kind in likely)
    return WithoutWords([one for one in likely if _place(*one) == first], table.label, row)


def _kind(cells: Sequence[str], form: Format, figures: int) -> Text | None:
    for other in form.others:
        if figures >= (0 if other.without_figures else LEAST_FIGURES) and positions(cells, other.by):
            return other.name
    return None


def _place(form: Format, kind: Text) -> int:
    """0 for a kind that its own columns tell, 1 for the last of a platform, which any figures may be."""
    return int(kind == form.others[-1].name)


def _count(cells: Sequence[str], form: Format) -> int:
    """How many figures of the platform a header has."""
    return sum(_has(cells, form, name) for name in FIGURES)


def _has(cells: Sequence[str], form: Format, name: str) -> bool:
    """True where the header has the column under a name that it goes by in a layout of the platform."""
    every = [ways.columns for _, ways in form.layouts_read]
    return any(name in columns and has_columns(cells, columns, (name,)) for columns in every)


def wrong_encoding(document: Document, formats: Sequence[Format]) -> InputError | None:
    """The message for a text in which a header is recognised under another encoding, or whose letters are
    lost; None for any other document."""
    if document.kind != "text":
        return None
    head, declared = document.data[:HEAD_BYTES], {name for form in formats for name in form.encodings}
    for encoding, text in _readings(head):
        if _shows_header(document.label, text, formats):
            if encoding not in declared:
                return _other_encoding(document.label, encoding, text)
            if NO_LETTER in text:
                line = text[: text.find(NO_LETTER)].count("\n") + 1
                return undecodable(document.label, line, encoding)
            # Its letters are read; what is wrong with it is something else.
            return None
    text = head.decode("utf-8", "ignore").removeprefix("\ufeff")
    before = _most_columns(document.label, text, formats)
    for opened, true in SAVED_WRONGLY:
        rightly = text.encode(opened, "replace").decode(true, "replace")
        if _most_columns(document.label, rightly, formats) >= before + LEAST_GAINED:
            return _saved_wrongly(document.label, opened, true, text, rightly)
    return _lost(document.label, head)


def _other_encoding(label: str, encoding: str, text: str) -> InputError:
    return InputError(
        Text(f"文字编码是 {encoding}，不能直接读", f"the text is in {encoding}, which is not read here"),
        where=label,
        found=text.partition("\n")[0].strip()[:100],
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
        has_columns(cells, ways.columns, layout.required)
        for form in formats
        for layout, ways in form.layouts_read
        for cells in rows
    )


def _most_columns(label: str, text: str, formats: Sequence[Format]) -> int:
    """The largest number of a layout's required columns that a row of the text has."""
    rows = _rows(label, text)
    return max(
        (
            sum(has_columns(cells, ways.columns, (name,)) for name in layout.required)
            for form in formats
            for layout, ways in form.layouts_read
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
