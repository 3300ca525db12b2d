"""Opens one workbook in a process of its own: a damaged file can end that process, or ask it for too much, and no other.

    python -m ppc_tuner.files.workbook_reader BYTES SECONDS < workbook > sheets
    python -m ppc_tuner.files.workbook_reader BYTES SECONDS SHEET < workbook > numbers

The first writes one Arrow stream (dictionaries of texts, one column per sheet column) for each sheet that holds something, its
name in the schema; of a hidden sheet the name alone. The second writes one for that sheet, filled where a cell holds a number. Nothing of the product is imported, so that it starts in a moment.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import Any

UNREADABLE = 3
FAULTS = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!", "Value": "#VALUE!",
}  # fmt: skip
UNKNOWN_FAULT = "#FAULT!"


def main() -> None:
    """Read standard input, write standard output; a fault is one line of standard error and exit code 3."""
    limit(memory=int(sys.argv[1]), seconds=int(sys.argv[2]))
    import fastexcel

    try:
        reader = fastexcel.read_excel(sys.stdin.buffer.read())
        for name in sys.argv[3:] or reader.sheet_names:
            read = numbers if sys.argv[3:] else texts
            # skip_rows=0 keeps leading empty rows, so that row numbers are those of Excel.
            sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes=TYPES[read])
            if sheet.height and sheet.width:
                write(name, sheet, read)
    except fastexcel.FastExcelError as fault:
        print(str(fault).split("\n")[0], file=sys.stderr)
        sys.exit(UNREADABLE)


def texts(sheet: Any) -> list[Any]:
    """The columns, cells as texts; a fault of a formula as Excel shows it, so that it does not pass for a blank cell."""
    import pyarrow as pa

    batch, faults = sheet.to_arrow_with_errors()
    columns = list(batch.columns)
    shown: dict[int, dict[int, str]] = {}
    for fault in faults.errors if faults else ():
        row, at = fault.position
        shown.setdefault(at, {})[row] = FAULTS.get(
            fault.detail.partition("Error(")[2].rstrip(")'"), UNKNOWN_FAULT
        )
    for at, cells in shown.items():
        columns[at] = pa.array(
            [cells.get(row, text) for row, text in enumerate(columns[at].to_pylist())], pa.string()
        )
    return columns


def numbers(sheet: Any) -> list[Any]:
    """The columns, filled where a cell holds a number."""
    return list(sheet.to_arrow().columns)


# Of all types of a column only booleans are made from numbers and never from texts or dates.
TYPES: dict[Any, Any] = {texts: "string", numbers: "boolean"}


def write(name: str, sheet: Any, read: Callable[[Any], list[Any]]) -> None:
    """One sheet as an Arrow stream; every text of a column is written once."""
    import pyarrow as pa

    hidden = sheet.visible != "visible"
    columns = [] if hidden else [column.dictionary_encode() for column in read(sheet)]
    names = [str(at) for at in range(len(columns))]
    about = {"sheet": name, "hidden": "yes" if hidden else ""}
    batch = pa.RecordBatch.from_arrays(columns, names).replace_schema_metadata(about)
    with pa.ipc.new_stream(sys.stdout.buffer, batch.schema) as stream:
        stream.write(batch)


def limit(memory: int, seconds: int) -> None:
    """Bound this process's memory and processor time, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
