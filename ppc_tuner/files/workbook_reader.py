"""Opens one workbook in a process of its own: a damaged file can end or exhaust that process and no other.

    python -m ppc_tuner.files.workbook_reader BYTES SECONDS WORKBOOK whole > sheets
    python -m ppc_tuner.files.workbook_reader BYTES SECONDS WORKBOOK whole SHEET > numbers

The first writes one Arrow stream (dictionaries of texts, one column per sheet column) for each sheet that
holds something; its schema holds the name and the cells merged over several rows. For a hidden sheet it
writes the name alone, with `whole,hidden` all of it. The second writes one stream for that sheet, filled
where a cell holds a number. `filled` instead of `whole` first removes cells of white space, which stand far
from a table and would make the sheet huge. Nothing of the product is imported, so that the process starts
quickly.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import posixpath
import re
import struct
import sys
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

UNREADABLE = 3
FAULTS = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!",
}  # fmt: skip
UNKNOWN_FAULT = "#FAULT!"
UNCALCULATED = "#UNCALCULATED!"
BLOCK = 4 * 1024**2
# What a pattern below may reach back over, at the border of two blocks.
OVERLAP = 200
WITHOUT_VALUE = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]*/>)\s*(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
MERGED = re.compile(rb"""mergeCell ref=["']([A-Z]+)(\d+):[A-Z]+(\d+)""")
FIRST_COLUMN = re.compile(rb"""<(?:\w+:)?c r=["']A\d+["'](?:[^<>]*[^<>/])?><""")
# A formula record of BIFF: row, column, style, and as its value none.
OLD_FORMULA = re.compile(rb"\x06\x00.\x00(..)(..)..\x03.....\xff\xff", re.DOTALL)
# The number of the BIFF record that names merged cells.
OLD_MERGED = b"\xe5\x00"
WHITE = rb"(?:\s|\xc2\xa0|\xe3\x80\x80)*"
BLANK_TEXT = rb"<c [^<>]*><is><t(?: [^<>]*)?>" + WHITE + rb"</t></is></c>"


class UnreadableError(Exception):
    """python-calamine refuses the workbook."""


class Part(NamedTuple):
    """What a sheet tells beyond its values. Rows and columns count from 0, as in the columns of fastexcel.

    uncalculated: (row, column) of formulas without a value. merged: column, first and last row of merged
    cells of several rows; where they span several columns, the first, as that one holds the value. faulty:
    whether a formula may have come to a fault.
    """

    uncalculated: tuple[tuple[int, int], ...] = ()
    merged: tuple[tuple[int, int, int], ...] = ()
    faulty: bool = False


class Sheet(NamedTuple):
    """A sheet that holds something: Arrow columns, none where it is hidden and not asked for."""

    name: str
    hidden: bool
    columns: list[Any]
    part: Part


def main() -> None:
    """Read the workbook, write standard output; a fault is one line of standard error and exit code 3."""
    limit(memory=int(sys.argv[1]), seconds=int(sys.argv[2]))
    import fastexcel

    workbook = Path(sys.argv[3])
    cells, names = sys.argv[4].split(","), sys.argv[5:]
    try:
        if "filled" in cells and is_zip(workbook):
            workbook.write_bytes(without_blank_cells(workbook))
        reader = fastexcel.read_excel(workbook)
        for name in names:
            sheet = reader.load_sheet(name, dtypes=NUMBERS, **FROM_ROW_1)
            write(Sheet(name, False, list(sheet.to_arrow().columns), Part()))
        for name in () if names else reader.sheet_names:
            found = quickly(reader, name, workbook) or by_cells(reader, name, workbook, "hidden" in cells)
            if found:
                write(found)
    except (fastexcel.FastExcelError, UnreadableError, ElementTree.ParseError, zipfile.BadZipFile) as fault:
        print(str(fault).split("\n")[0], file=sys.stderr)
        sys.exit(UNREADABLE)
    sys.stdout.flush()
    # To give millions of cells back one by one takes as long as to write them.
    os._exit(0)


# skip_rows=0 keeps leading empty rows, so that row numbers are those of Excel.
FROM_ROW_1: dict[str, Any] = {"header_row": None, "skip_rows": 0}
# Of all types of a column only booleans are made from numbers and never from texts or dates.
NUMBERS: Any = "boolean"
TEXTS: Any = "string"


def quickly(reader: Any, name: str, workbook: Path) -> Sheet | None:
    """The sheet, cells as texts, in a tenth less time; None where fastexcel does not tell enough that way:
    of hidden sheets, of faults of formulas, and of workbooks laid out in another way."""
    if name not in shown_sheets(workbook):
        return None
    columns = list(reader.load_sheet_eager(name, dtypes=TEXTS, **FROM_ROW_1).columns)
    if not columns or not len(columns[0]):
        return None
    part = part_of(name, columns, workbook)
    shown = dict.fromkeys(part.uncalculated, UNCALCULATED)
    return None if part.faulty else filled(Sheet(name, False, with_texts(columns, shown), part))


def by_cells(reader: Any, name: str, workbook: Path, hidden_too: bool) -> Sheet | None:
    """The sheet, cells as texts; a fault of a formula as Excel shows it, lest it pass for a blank cell. None
    where it holds nothing."""
    sheet = reader.load_sheet(name, dtypes=TEXTS, **FROM_ROW_1)
    if not sheet.height or not sheet.width:
        return None
    hidden = sheet.visible != "visible"
    if hidden and not hidden_too:
        return Sheet(name, hidden, [], Part())
    batch, faults = sheet.to_arrow_with_errors()
    columns = list(batch.columns)
    part = part_of(name, columns, workbook)
    shown = {
        fault.position: FAULTS.get(fault.detail.partition("Error(")[2].rstrip(")'"), UNKNOWN_FAULT)
        for fault in (faults.errors if faults else ())
    }
    shown |= dict.fromkeys(part.uncalculated, UNCALCULATED)
    return filled(Sheet(name, hidden, with_texts(columns, shown), part))


def filled(sheet: Sheet) -> Sheet | None:
    """The sheet without blank rows and columns at its end; None where nothing is left."""
    columns = without_blank_end(sheet.columns)
    return sheet._replace(columns=columns) if columns else None


def with_texts(columns: list[Any], shown: dict[tuple[int, int], str]) -> list[Any]:
    """The columns with other texts in the cells (row, column) named."""
    import pyarrow as pa

    others: dict[int, dict[int, str]] = {}
    for (row, at), text in shown.items():
        others.setdefault(at, {})[row] = text
    changed = list(columns)
    for at, texts in others.items():
        given = enumerate(columns[at].to_pylist())
        changed[at] = pa.array([texts.get(row, text) for row, text in given], pa.string())
    return changed


def part_of(name: str, columns: list[Any], workbook: Path) -> Part:
    """What the file tells beyond the values. Only sheets with blank cells are searched."""
    if not is_zip(workbook):
        return part_of_old(name, columns, workbook)
    if not any(column.null_count for column in columns):
        return Part()
    with zipfile.ZipFile(workbook) as package:
        path = sheet_paths(package).get(name)
        if path not in package.namelist():
            return Part()
        found = searched(package, path)
        if not found.uncalculated and not found.merged:
            return Part(faulty=found.faulty)
        cells = uncalculated_cells(package, path) if found.uncalculated else ()
    # A formula without a value does not count as a cell.
    at_a = found.starts_at_a and not found.uncalculated
    first = 0 if at_a else first_column(by_calamine(workbook, name))
    return placed(cells, found.merged, first)._replace(faulty=found.faulty)


def part_of_old(name: str, columns: list[Any], workbook: Path) -> Part:
    """The same of a BIFF file. There fastexcel gives an empty text for a formula without a value."""
    data = workbook.read_bytes()
    formulas = [tuple(struct.unpack("<HH", b"".join(one.groups()))) for one in OLD_FORMULA.finditer(data)]
    if not formulas and OLD_MERGED not in data:
        return Part()
    sheet = by_calamine(workbook, name)
    merged = [(top[1], top[0], bottom[0]) for top, bottom in sheet.merged_cell_ranges or ()]
    part = placed(formulas, merged, first_column(sheet))
    empty = [(row, at) for row, at in part.uncalculated if is_empty_text(columns, row, at)]
    return Part(tuple(empty), part.merged)


def is_empty_text(columns: list[Any], row: int, at: int) -> bool:
    """True where the cell is a text of no characters; False where there is no such cell."""
    return at < len(columns) and row < len(columns[at]) and columns[at][row].as_py() == ""


def placed(cells: Iterable[tuple[int, int]], merged: Iterable[tuple[int, int, int]], first: int) -> Part:
    """Both with columns counted from the first that holds a value, as fastexcel counts them."""
    return Part(
        tuple((row, at - first) for row, at in cells),
        tuple((at - first, top, bottom) for at, top, bottom in merged if at >= first and top < bottom),
    )


@cache
def by_calamine(workbook: Path, name: str) -> Any:
    """The sheet as python-calamine reads it, which takes longer than fastexcel and tells where it starts."""
    import python_calamine

    try:
        return python_calamine.load_workbook(workbook).get_sheet_by_name(name)
    except python_calamine.CalamineError as fault:
        raise UnreadableError(str(fault)) from None


def first_column(sheet: Any) -> int:
    """The first column that holds a value."""
    return int(sheet.start[1]) if sheet.start else 0


@cache
def shown_sheets(workbook: Path) -> frozenset[str]:
    """The sheets of a usual .xlsx that are not hidden; none where the workbook is laid out in another way."""
    if not is_zip(workbook):
        return frozenset()
    with zipfile.ZipFile(workbook) as package:
        paths, parts = sheet_paths(package, shown=True), set(package.namelist())
    return frozenset(name for name, path in paths.items() if path in parts)


def sheet_paths(package: zipfile.ZipFile, *, shown: bool = False) -> dict[str, str]:
    """Where in the zip each sheet lies, by its name, or each that is `shown`; empty where the workbook is
    laid out in another way."""
    try:
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {link.get("Id"): posixpath.join("/xl", link.get("Target", "")).lstrip("/") for link in links}
    return {
        sheet.get("name", ""): targets.get(value, "")
        for sheet in book.iterfind("{*}sheets/{*}sheet")
        if not shown or sheet.get("state", "visible") == "visible"
        for key, value in sheet.attrib.items()
        if key.endswith("}id")
    }


class Found(NamedTuple):
    """What the bytes of a sheet show.

    merged: column, first and last row of merged cells of several rows; uncalculated: whether a formula has no
    value; starts_at_a: whether some cell of column A is filled; faulty: whether a cell may hold a fault.
    """

    merged: tuple[tuple[int, int, int], ...]
    uncalculated: bool
    starts_at_a: bool
    faulty: bool


def searched(package: zipfile.ZipFile, path: str) -> Found:
    """One pass over the bytes: a seventh of the time in which python-calamine tells the same."""
    merged: dict[bytes, tuple[int, int, int]] = {}
    uncalculated = starts_at_a = faulty = False
    for block in blocks(package, path):
        starts_at_a = starts_at_a or FIRST_COLUMN.search(block) is not None
        uncalculated = uncalculated or (b"f>" in block and WITHOUT_VALUE.search(block) is not None)
        faulty = faulty or b't="e"' in block or b"t='e'" in block
        for one in MERGED.finditer(block) if b"mergeCell" in block else ():
            column, first, last = one.groups()
            if first != last:
                merged[one[0]] = (column_number(column.decode()), int(first) - 1, int(last) - 1)
    return Found(tuple(merged.values()), uncalculated, starts_at_a, faulty)


def blocks(package: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """The content in pieces, each with the end of the one before it."""
    with package.open(path) as source:
        before = b""
        while block := source.read(BLOCK):
            yield before + block
            before = block[-OVERLAP:]


def uncalculated_cells(package: zipfile.ZipFile, path: str) -> list[tuple[int, int]]:
    """Row and column of each formula without a value. What does not say where it is follows the last."""
    found, row, at = [], -1, -1
    with package.open(path) as source:
        for event, element in ElementTree.iterparse(source, ("start", "end")):
            kind = element.tag.rpartition("}")[2]
            if kind == "row" and event == "start":
                number = element.get("r", "")
                row, at = int(number) - 1 if number.isdecimal() else row + 1, -1
            elif kind == "row":
                element.clear()
            elif kind == "c" and event == "start":
                letters = element.get("r", "").rstrip("0123456789")
                at = column_number(letters) if letters else at + 1
            elif kind == "c" and is_uncalculated(element):
                found.append((row, at))
    return found


def is_uncalculated(cell: ElementTree.Element) -> bool:
    """True for a formula without a value; the value of a text may be empty."""
    return cell.find("{*}f") is not None and not cell.findtext("{*}v") and cell.get("t") != "str"


def column_number(letters: str) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def is_zip(workbook: Path) -> bool:
    """True for .xlsx, False for BIFF."""
    with workbook.open("rb") as file:
        return file.read(2) == b"PK"


def without_blank_cells(workbook: Path) -> bytes:
    """The zip without cells of white space, which stand far from a table when somebody has typed there."""
    out = io.BytesIO()
    with zipfile.ZipFile(workbook) as package, zipfile.ZipFile(out, "w") as copy:
        shared = "|".join(blank_strings(package)) or "none"
        blank = re.compile(
            BLANK_TEXT + rb"|<c [^<>]*t=[\"']s[\"'][^<>]*><v>(?:" + shared.encode() + rb")</v></c>"
        )
        for name in package.namelist():
            content = package.read(name)
            copy.writestr(name, blank.sub(b"", content) if name.startswith("xl/worksheets/") else content)
    return out.getvalue()


def blank_strings(package: zipfile.ZipFile) -> Iterator[str]:
    """The numbers of the texts of the workbook that are white space alone."""
    name = "xl/sharedStrings.xml"
    if name in package.namelist():
        for number, text in enumerate(ElementTree.fromstring(package.read(name)).iterfind("{*}si")):
            if not "".join(text.itertext()).strip():
                yield str(number)


def write(sheet: Sheet) -> None:
    """One sheet as an Arrow stream, each text of a column once."""
    import pyarrow as pa

    names = [str(at) for at in range(len(sheet.columns))]
    hidden, merged = "yes" if sheet.hidden else "", json.dumps(sheet.part.merged)
    about = {"sheet": sheet.name, "hidden": hidden, "merged": merged}
    with ThreadPoolExecutor() as pool:
        coded = list(pool.map(lambda column: column.dictionary_encode(), sheet.columns))
    batch = pa.RecordBatch.from_arrays(coded, names).replace_schema_metadata(about)
    with pa.ipc.new_stream(sys.stdout.buffer, batch.schema) as stream:
        stream.write(batch)


def without_blank_end(columns: list[Any]) -> list[Any]:
    """The columns up to the last that holds more than white space, and their rows likewise."""
    while columns and not is_filled(columns[-1][0]) and not filled_rows(columns[-1]):
        columns = columns[:-1]
    if any(is_filled(column[-1]) for column in columns):
        return columns
    rows = max((filled_rows(column) for column in columns), default=0)
    return [column.slice(0, rows) for column in columns]


def is_filled(cell: Any) -> bool:
    """True where a cell holds more than white space."""
    return bool((cell.as_py() or "").strip())


def filled_rows(column: Any) -> int:
    """How many rows there are up to the last filled one."""
    import pyarrow.compute as pc

    filled = pc.indices_nonzero(pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(column), ""), False))
    return filled[-1].as_py() + 1 if len(filled) else 0


def limit(memory: int, seconds: int) -> None:
    """Bound this process's memory and processor time, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
