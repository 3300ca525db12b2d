"""A list that somebody has touched is never overwritten unasked; where it shows a decision, it is named."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from ppc_tuner.columns import FILLED_IN as FOR_A_PERSON
from ppc_tuner.errors import OutputError
from ppc_tuner.sheets.labels import DONE, SHEET_NAMES
from ppc_tuner.text import Lang, Text
from ppc_tuner.writing import ANOTHER_NAME, is_replaceable, refuse_others

# The columns a person fills in, by sheet; a workbook with one of these sheets and its columns is ours.
FILLED_IN: Final[dict[str, tuple[Text, ...]]] = {
    "actions": tuple(column.label for column in FOR_A_PERSON.values()),
    "plan": (DONE,),
}
LANGS: Final[tuple[Lang, ...]] = ("zh", "en")
HEADER_WITHIN: Final = 5
ENOUGH: Final = 2

Row = tuple[Any, ...]


def refuse_overwriting(path: Path) -> None:
    """Raise OutputError if the file at `path` is none of this program's, or has been changed since.

    Where there is no file, an empty one, or one that nobody has touched, nothing is raised.
    """
    if is_replaceable(path):
        return
    decided = decisions_in(path) if path.suffix.lower() == ".xlsx" else None
    if decided is None:
        refuse_others(path)
    changed = Text("这份操作清单写好后有人改过，不覆盖", "this list was changed since; it is not replaced")
    filled_in = Text("这份操作清单里已有人填写，不覆盖", "this list has been filled in; it is not replaced")
    raise OutputError(
        filled_in if decided else changed, where=str(path), found=decided or "", to_do=ANOTHER_NAME
    )


def decisions_in(path: Path) -> str | None:
    """The first cell filled in, as "sheet · column: value"; "" if none is, None if it is no list of ours."""
    from openpyxl import load_workbook

    try:
        with path.open("rb") as file, warnings.catch_warnings():
            # openpyxl warns of parts that are not read here, such as the drop-downs.
            warnings.simplefilter("ignore")
            return _decisions(load_workbook(file, read_only=True, data_only=True))
    except Exception:
        # Whatever makes it unreadable as a workbook, it is not one that this program has written.
        return None


def _decisions(book: Any) -> str | None:
    ours = False
    for key, labels in FILLED_IN.items():
        for name in {SHEET_NAMES[key][lang] for lang in LANGS} & set(book.sheetnames):
            filled = _first_filled(book[name], labels)
            ours = ours or filled is not None
            if filled:
                return f"{name} · {filled}"
    return "" if ours else None


def _first_filled(sheet: Any, labels: tuple[Text, ...]) -> str | None:
    """The first value below one of the headers; "" if all are empty, None where too few of them are there."""
    sheet.reset_dimensions()
    rows: Iterator[Row] = sheet.iter_rows(values_only=True)
    for row in islice(rows, HEADER_WITHIN):
        places = [at for at, cell in enumerate(row) if any(cell in (text.zh, text.en) for text in labels)]
        # Somebody may have deleted the column for notes.
        if len(places) >= min(len(labels), ENOUGH):
            return _first_value(rows, {at: str(row[at]) for at in places})
    return None


def _first_value(rows: Iterator[Row], places: dict[int, str]) -> str:
    for row in rows:
        # A remark stands alone in its row; a row of the list also says what it decides on.
        if not any(cell is not None for at, cell in enumerate(row) if at not in places):
            continue
        for at, label in places.items():
            if at < len(row) and row[at] is not None and str(row[at]).strip():
                return f"{label}: {row[at]}"
    return ""
