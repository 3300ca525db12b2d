"""The list as csv, parquet or json: every row, canonical names and values; csv rounds to six decimals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from ppc_tuner.fingerprint import UNSEALED, csv_header

CHUNK: Final = 50_000
DECIMALS: Final = 6
# Under this name json and parquet tell whether somebody has touched the file.
NOTE: Final = "fingerprint"
# How a formula begins in a spreadsheet, full-width signs included, with any apostrophes before it.
FORMULA: Final = r"^'*[=+\-@\t\r\n＝＋－＠]"


def write_csv(actions: pd.DataFrame, path: Path) -> None:
    """One line per row, in UTF-8 with a byte order mark so that Excel shows Chinese; dates are ISO.

    Text that a spreadsheet would take for a formula gets an apostrophe in front, also if it begins with
    apostrophes already: a program that reads the file strips one from each text that matches FORMULA. Other
    text is exact.
    """
    texts = [name for name in actions.columns if pd.api.types.infer_dtype(actions[name]) == "string"]
    actions = actions.assign(**{name: _as_text(actions[name]) for name in texts})
    # With \r\n between lines, text that holds either character is quoted and so comes back whole.
    # Sums of cents are off by the last bits of a float, which only a csv would show.
    figures = actions.select_dtypes("float")
    actions = actions.assign(**{str(name): figures[name].round(DECIMALS) for name in figures})
    with path.open("wb") as out:
        out.write(csv_header([str(name) for name in actions.columns]))
        actions.to_csv(out, index=False, header=False, date_format="%Y-%m-%d", lineterminator="\r\n")


def _as_text(column: pd.Series[str]) -> pd.Series[str]:
    risky = column.str.contains(FORMULA).fillna(False).astype(bool)
    return column.mask(risky, "'" + column) if risky.any() else column


def write_parquet(actions: pd.DataFrame, path: Path) -> None:
    """The frame as it is, with its types."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(actions, preserve_index=False)
    pq.write_table(table.replace_schema_metadata((table.schema.metadata or {}) | {NOTE: UNSEALED}), path)


def write_json(actions: pd.DataFrame, summary: dict[str, pd.DataFrame], path: Path) -> None:
    """{"summary": {name: [records]}, "actions": [records]}, UTF-8, unknown is null, dates are ISO days."""
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{{"summary": {{\n"{NOTE}": [{json.dumps({NOTE: UNSEALED})}]')
        for name, frame in summary.items():
            out.write(f", \n{json.dumps(name)}: [\n")
            out.writelines(_records(frame))
            out.write("]")
        out.write('},\n"actions": [\n')
        out.writelines(_records(actions))
        out.write("]}\n")


def _records(frame: pd.DataFrame) -> Iterator[str]:
    """The records of `frame` as json, one per line, in chunks: a million rows never make one string."""
    dates = frame.select_dtypes(include="datetime")
    frame = frame.assign(**{str(name): dates[name].dt.strftime("%Y-%m-%d") for name in dates})
    for start in range(0, len(frame), CHUNK):
        lines = frame.iloc[start : start + CHUNK].to_json(
            orient="records", lines=True, force_ascii=False, double_precision=15
        )
        # Line breaks inside a text are escaped, so each one here separates two records.
        yield ("," if start else "") + lines.rstrip("\n").replace("\n", ",\n") + "\n"
