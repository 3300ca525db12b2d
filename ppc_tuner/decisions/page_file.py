"""The decisions that somebody saved from the page: a file that carries the rows it is about."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ppc_tuner.columns import FILLED_IN
from ppc_tuner.errors import InputError
from ppc_tuner.files.limits import FILE_BYTES
from ppc_tuner.run_rows import KEY, ROW_KEY, carried_rows
from ppc_tuner.text import Lang, Text

# The first name in the file; its value is the version of the layout.
MARK: Final = "ppc_tuner_decisions"
VERSION: Final = 1
ENDING: Final = ".json"
BEGINS_WITHIN: Final = 80
SAVE_AGAIN: Final = Text(
    "打开报告页面（.html），再点一次“保存决定”，用新存下的 decisions.json",
    "open the page (.html), save the decisions again, and give that decisions.json",
)


def is_page_file(path: Path) -> bool:
    """Whether the file was saved from a page. False where it cannot be opened."""
    if path.suffix.lower() != ENDING:
        return False
    try:
        with path.open("rb") as file:
            return f'"{MARK}"'.encode() in file.read(BEGINS_WITHIN)
    except OSError:
        return False


def rows_of_page_file(path: Path) -> tuple[pd.DataFrame, pd.DataFrame, date, Lang | None]:
    """The rows to act on with their keys (n × CARRIED and row_key), what was decided (m: row_key, where, name
    and the columns FILLED_IN as texts), the day the page was written, and its language.

    Raises InputError for a file that has been damaged or is of a later version.
    """
    try:
        if path.stat().st_size > FILE_BYTES:
            raise ValueError(f"> {FILE_BYTES // 1024**2:,} MB")
        told = json.loads(path.read_text(encoding="utf-8"))
        if told[MARK] != VERSION:
            raise ValueError(f"{MARK}: {told[MARK]!r}"[:80])
        keys, lines = _keyed(told["rows"])
        rows = carried_rows(lines).assign(**{ROW_KEY: keys})
        marks = _marks(told["decisions"])
        lang = told["run"].get("lang")
        return (
            rows,
            marks,
            date.fromisoformat(told["run"]["written_on"]),
            lang if lang in ("zh", "en") else None,
        )
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as fault:
        raise InputError(
            Text("决定文件被改坏了", "the file of decisions has been damaged"),
            where=str(path),
            found=(str(fault) or type(fault).__name__)[:120],
            to_do=SAVE_AGAIN,
        ) from None  # fmt: skip


def _keyed(rows: list[list[str]]) -> tuple[list[str], list[str]]:
    pairs = [(key, line) for key, line in rows if KEY.fullmatch(key)]
    return [key for key, _ in pairs], [line for _, line in pairs]


def _marks(decisions: list[dict[str, Any]]) -> pd.DataFrame:
    """A row for each decision; where it stands in the file is its number, from 1."""
    told = [
        {
            ROW_KEY: _text(one[ROW_KEY]),
            "where": f"decisions:{number}",
            "name": _text(one[ROW_KEY])[:40],
            **{name: _text(one.get(name, "")) for name in FILLED_IN},
        }
        for number, one in enumerate(decisions, start=1)
    ]
    return pd.DataFrame(told, columns=[ROW_KEY, "where", "name", *FILLED_IN], dtype="str")


def _text(value: object) -> str:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value).strip()
    raise ValueError(f"{value!r}"[:80])
