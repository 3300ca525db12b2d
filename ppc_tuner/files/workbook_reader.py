"""Opens one workbook in a process of its own: a damaged file can end that process, or ask it for too much, and no other.

    python -m ppc_tuner.files.workbook_reader BYTES SECONDS < workbook > sheets

writes one Arrow stream (dictionaries of texts, one column per sheet column) for each visible sheet that holds something, its name in the
schema. Nothing of the product is imported, so that it starts in a moment.
"""

from __future__ import annotations

import contextlib
import sys

UNREADABLE = 3


def main() -> None:
    """Read standard input, write standard output; a fault is one line of standard error and exit code 3."""
    limit(memory=int(sys.argv[1]), seconds=int(sys.argv[2]))
    import fastexcel

    try:
        reader = fastexcel.read_excel(sys.stdin.buffer.read())
        for name in reader.sheet_names:
            # skip_rows=0 keeps leading empty rows, so that row numbers are those of Excel.
            sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            if sheet.visible == "visible" and sheet.height and sheet.width:
                write(name, sheet)
    except fastexcel.FastExcelError as fault:
        print(str(fault).split("\n")[0], file=sys.stderr)
        sys.exit(UNREADABLE)


def write(name: str, sheet: object) -> None:
    """One sheet as an Arrow stream; every text of a column is written once."""
    import pyarrow as pa

    batch = pa.record_batch(sheet)
    columns = [column.dictionary_encode() for column in batch.columns]
    names = [str(at) for at in range(len(columns))]
    texts = pa.RecordBatch.from_arrays(columns, names).replace_schema_metadata({"sheet": name})
    with pa.ipc.new_stream(sys.stdout.buffer, texts.schema) as stream:
        stream.write(texts)


def limit(memory: int, seconds: int) -> None:
    """Bound this process's memory and processor time, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
