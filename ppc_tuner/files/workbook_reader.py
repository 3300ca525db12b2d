"""Opens one workbook in a process of its own: a damaged file can end that process, or ask it for too much, and no other.

    python -m ppc_tuner.files.workbook_reader BYTES SECONDS WORKBOOK whole > sheets
    python -m ppc_tuner.files.workbook_reader BYTES SECONDS WORKBOOK whole SHEET > numbers

The first writes one Arrow stream (dictionaries of texts, one column per sheet column) for each sheet that holds something; in
its schema the name and the cells merged downwards; of a hidden sheet the name alone. The second writes one for that sheet,
filled where a cell holds a number. `filled` in the place of `whole` leaves out cells that hold white space alone, before
room is made for all rows and columns up to them. Nothing of the product is imported, so that it starts in a moment.
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
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

UNREADABLE = 3
FAULTS = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!",
}  # fmt: skip
UNKNOWN_FAULT = "#FAULT!"
UNCALCULATED = "#UNCALCULATED!"
BLOCK = 4 * 1024**2
# What a pattern below may reach back over, at the border of two blocks.
OVERLAP = 200
WITHOUT_VALUE = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^<>]*/>)\s*(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>))?\s*</(?:\w+:)?c>"
)
MERGED = re.compile(rb"""mergeCell ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)""")
FIRST_COLUMN = re.compile(rb"""<(?:\w+:)?c r=["']A\d+["'][^<>]*[^<>/]><""")
# A formula record of BIFF: row, column, style, and as its value none.
OLD_FORMULA = re.compile(rb"\x06\x00.\x00(..)(..)..\x03.....\xff\xff", re.DOTALL)
WHITE = rb"(?:\s|\xc2\xa0|\xe3\x80\x80)*"
BLANK_TEXT = rb"<c [^<>]*><is><t(?: [^<>]*)?>" + WHITE + rb"</t></is></c>"


class Part(NamedTuple):
    """What the XML of a sheet tells beyond its values: uncalculated: places of formulas without a value; merged: columns of
    cells merged downwards, with their first and last row. Rows and columns count from 0, as fastexcel has them.
    """

    uncalculated: tuple[tuple[int, int], ...] = ()
    merged: tuple[tuple[int, int, int], ...] = ()


def main() -> None:
    """Read the workbook, write standard output; a fault is one line of standard error and exit code 3."""
    limit(memory=int(sys.argv[1]), seconds=int(sys.argv[2]))
    import fastexcel

    workbook = Path(sys.argv[3])
    names, read = sys.argv[5:], numbers if sys.argv[5:] else texts
    try:
        if sys.argv[4] == "filled" and is_zip(workbook):
            workbook.write_bytes(without_blank_cells(workbook))
        reader = fastexcel.read_excel(workbook)
        for name in names or reader.sheet_names:
            # skip_rows=0 keeps leading empty rows, so that row numbers are those of Excel.
            sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes=TYPES[read])
            if sheet.height and sheet.width:
                write(workbook, sheet, read)
    except (fastexcel.FastExcelError, ElementTree.ParseError, zipfile.BadZipFile) as fault:
        print(str(fault).split("\n")[0], file=sys.stderr)
        sys.exit(UNREADABLE)
    sys.stdout.flush()
    # To give millions of cells back one by one takes as long as to write them.
    os._exit(0)


def texts(sheet: Any, workbook: Path) -> tuple[list[Any], Part]:
    """The columns, cells as texts; a fault of a formula as Excel shows it, so that it does not pass for a blank cell."""
    batch, faults = sheet.to_arrow_with_errors()
    columns = list(batch.columns)
    part = part_of(sheet.name, columns, workbook)
    shown: dict[int, dict[int, str]] = {}
    for fault in faults.errors if faults else ():
        row, at = fault.position
        shown.setdefault(at, {})[row] = FAULTS.get(
            fault.detail.partition("Error(")[2].rstrip(")'"), UNKNOWN_FAULT
        )
    for row, at in part.uncalculated:
        shown.setdefault(at, {})[row] = UNCALCULATED
    return [with_texts(column, shown.get(at, {})) for at, column in enumerate(columns)], part


def with_texts(column: Any, shown: dict[int, str]) -> Any:
    """The column with other texts in the rows named."""
    import pyarrow as pa

    if not shown:
        return column
    return pa.array([shown.get(row, text) for row, text in enumerate(column.to_pylist())], pa.string())


def numbers(sheet: Any, _: Path) -> tuple[list[Any], Part]:
    """The columns, filled where a cell holds a number."""
    return list(sheet.to_arrow().columns), Part()


# Of all types of a column only booleans are made from numbers and never from texts or dates.
TYPES: dict[Any, Any] = {texts: "string", numbers: "boolean"}


def part_of(name: str, columns: list[Any], workbook: Path) -> Part:
    """What the file tells beyond the values. Only a sheet with blank cells is looked into, as nothing else depends on it."""
    if not is_zip(workbook):
        return Part(uncalculated=tuple(old_formulas(columns, workbook.read_bytes())))
    if not any(column.null_count for column in columns):
        return Part()
    with zipfile.ZipFile(workbook) as package:
        path = sheet_paths(package).get(name)
        return looked_into(package, path) if path in package.namelist() else Part()


def old_formulas(columns: list[Any], data: bytes) -> Iterator[tuple[int, int]]:
    """Formulas of a BIFF file that come without a value: the reader takes it for an empty text, not for a blank cell."""
    for found in OLD_FORMULA.finditer(data):
        row, at = (struct.unpack("<H", one)[0] for one in found.groups())
        if at < len(columns) and row < len(columns[at]) and columns[at][row].as_py() == "":
            yield row, at


def sheet_paths(package: zipfile.ZipFile) -> dict[str, str]:
    """Where in the zip each sheet lies, by its name; nothing where the workbook is laid out in another way."""
    try:
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))
        links = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {link.get("Id"): posixpath.join("/xl", link.get("Target", "")).lstrip("/") for link in links}
    return {
        sheet.get("name", ""): targets.get(value, "")
        for sheet in book.iterfind("{*}sheets/{*}sheet")
        for key, value in sheet.attrib.items()
        if key.endswith("}id")
    }


def looked_into(package: zipfile.ZipFile, path: str) -> Part:
    """One pass over the bytes; cells are taken apart only where a formula has no value or the columns begin after A."""
    merged: dict[bytes, tuple[int, int, int]] = {}
    uncalculated = starts_at_a = False
    for block in blocks(package, path):
        starts_at_a = starts_at_a or FIRST_COLUMN.search(block) is not None
        uncalculated = uncalculated or (b"f>" in block and WITHOUT_VALUE.search(block) is not None)
        for found in MERGED.finditer(block) if b"mergeCell" in block else ():
            column, first, last_column, last = found.groups()
            if column == last_column and first != last:
                merged[found[0]] = (column_number(column), int(first) - 1, int(last) - 1)
    if not uncalculated and not merged:
        return Part()
    first_column, cells = taken_apart(package, path) if uncalculated or not starts_at_a else (0, [])
    return Part(
        tuple((row, at - first_column) for row, at in cells),
        tuple((at - first_column, first, last) for at, first, last in merged.values() if at >= first_column),
    )


def blocks(package: zipfile.ZipFile, path: str) -> Iterator[bytes]:
    """The content in pieces, each with the end of the one before it."""
    with package.open(path) as source:
        before = b""
        while block := source.read(BLOCK):
            yield before + block
            before = block[-OVERLAP:]


def taken_apart(package: zipfile.ZipFile, path: str) -> tuple[int, list[tuple[int, int]]]:
    """The first column that holds a value, and the places of formulas that hold none."""
    first_column, found = sys.maxsize, []
    with package.open(path) as source:
        for _, element in ElementTree.iterparse(source):
            kind = element.tag.rpartition("}")[2]
            if kind == "c" and len(element):
                letters, row = re.findall(r"[A-Z]+|\d+", element.get("r", "")) or ("XFD", "0")
                at = column_number(letters.encode())
                if (
                    element.find("{*}f") is not None
                    and not element.findtext("{*}v")
                    and element.get("t") != "str"
                ):
                    found.append((int(row) - 1, at))
                else:
                    first_column = min(first_column, at)
            if kind == "row":
                element.clear()
    return first_column, found


def column_number(letters: bytes) -> int:
    """0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def is_zip(workbook: Path) -> bool:
    """True for .xlsx, False for BIFF."""
    with workbook.open("rb") as file:
        return file.read(2) == b"PK"


def without_blank_cells(workbook: Path) -> bytes:
    """The zip without cells that hold white space alone. They stand far from a table when somebody has typed there."""
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


def write(workbook: Path, sheet: Any, read: Callable[[Any, Path], tuple[list[Any], Part]]) -> None:
    """One sheet as an Arrow stream, without blank rows and columns at its end; every text of a column is written once."""
    import pyarrow as pa

    hidden = sheet.visible != "visible"
    columns, part = ([], Part()) if hidden else read(sheet, workbook)
    columns = columns if hidden or read is numbers else without_blank_end(columns)
    if not columns and not hidden:
        return
    names = [str(at) for at in range(len(columns))]
    about = {"sheet": sheet.name, "hidden": "yes" if hidden else "", "merged": json.dumps(part.merged)}
    with ThreadPoolExecutor() as pool:
        coded = list(pool.map(lambda column: column.dictionary_encode(), columns))
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
