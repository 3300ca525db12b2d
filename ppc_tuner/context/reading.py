"""Files, folders and workbooks → tables of text with canonical column names, each with its kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import pandas as pd

from ppc_tuner.columns import COLUMNS
from ppc_tuner.context.cells import Place, filled_rows
from ppc_tuner.context.layout import FOR_READING, GUIDE, KNOWN, SIGNS, USED, column
from ppc_tuner.errors import ConfigError, InputError
from ppc_tuner.files import Document, tables_of, walk
from ppc_tuner.files.formulas import NO_VALUE, UNCALCULATED, where_shown
from ppc_tuner.files.table import HeadRow, Table
from ppc_tuner.text import Text

ENDINGS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")
ENCODINGS: Final = ("gb18030",)
LABELS: Final = {
    label: name for name in KNOWN for label in (column(name).label.zh, column(name).label.en.casefold())
}


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as written: its place, its kind (a key of layout.USED), its text (index = row of the file)."""

    place: Place
    kind: str
    frame: pd.DataFrame


def read_tables(paths: Sequence[Path]) -> Iterator[RawTable]:
    """Every table of these files and folders; ConfigError where one cannot be used."""
    for path in _files(paths):
        for place, frame in _tables(path):
            table = _named(frame, place)
            if table is not None:
                yield table


def _files(paths: Sequence[Path]) -> list[Path]:
    """The paths, a folder standing for the tables that lie in it."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.iterdir()) if path.is_dir() else [path]
        tables = [
            one for one in inside if not one.name.startswith((".", "~$")) and one.suffix.lower() in ENDINGS
        ]
        if path.is_dir() and not tables:
            raise ConfigError(
                Text("文件夹里没有表", "the folder holds no table"),
                where=str(path),
                expected=" ".join(ENDINGS),
                to_do=Text(
                    "用 ppc-tuner context template 得到一份模板",
                    "ppc-tuner context template writes one to fill in",
                ),
            )
        found += tables if path.is_dir() else [path]
    return found


def _tables(path: Path) -> list[tuple[Place, pd.DataFrame]]:
    """The file's tables with their header row as written; InputErrors of the file become ConfigErrors."""
    try:
        found = []
        for document in walk([path]):
            if isinstance(document, Document):
                tables = [choices[0] for choices in tables_of(document, ENCODINGS, one_column=True)]
                found += [read for table in tables if (read := _below_header(table)) is not None]
        return found
    except InputError as fault:
        raise ConfigError(
            fault.problem,
            where=fault.where or str(path),
            found=fault.found,
            expected=fault.expected,
            to_do=fault.to_do,
        ) from None


def _below_header(table: Table) -> tuple[Place, pd.DataFrame] | None:
    """The rows below the first filled one. The guide, empty sheets and those named _… are passed over."""
    header = _header(table)
    if header is None or table.sheet.startswith((GUIDE.zh, GUIDE.en, "_")):
        return None
    body = table.body(header)
    names = [cell.strip() for cell in header.cells][: body.shape[1]]
    names += [""] * (body.shape[1] - len(names))
    place = Place(table.label, table.sheet)
    _refuse_uncalculated(body, place)
    return place, body.set_axis(names, axis=1)


def _header(table: Table) -> HeadRow | None:
    return next((row for row in table.head if any(cell.strip() for cell in row.cells)), None)


def _refuse_uncalculated(body: pd.DataFrame, place: Place) -> None:
    """A formula that no spreadsheet has calculated holds no value."""
    for at in body.columns:
        wrong = where_shown(body[at], [UNCALCULATED])
        for row in wrong.index[wrong.to_numpy()][:1]:
            raise ConfigError(
                Text("公式还没有算出值", "a formula has not been calculated"),
                where=place.row(row),
                found=NO_VALUE,
                to_do=Text(
                    "在 Excel 里打开并保存，或把公式换成数值",
                    "open the file in Excel and save it, or replace the formula by its value",
                ),
            )


def _named(frame: pd.DataFrame, place: Place) -> RawTable | None:
    """The table under canonical names; None for a sheet in which nothing is filled in below the header."""
    names = [_canonical(str(name)) for name in frame.columns]
    kind = next((kind for kind, signs in SIGNS.items() if any(sign in names for sign in signs)), "keyed")
    _refuse_unknown(names, kind, place)
    used = [name for name in names if name in USED[kind]]
    if len(set(used)) < len(used):
        twice = next(name for name in used if used.count(name) > 1)
        to_do = Text("删掉多余的一列", "remove one of them")
        raise ConfigError(
            Text("列名重复", "a column stands twice"), where=f"{place}:1", found=twice, to_do=to_do
        )
    kept = filled_rows(frame.set_axis(names, axis=1)[used])
    if kept.empty and place.sheet:
        return None
    return RawTable(place, kind, kept)


def _canonical(written: str) -> str:
    """`margin`, `毛利率`, or as on the template: the Chinese name above the canonical one."""
    for part in (written.strip(), *reversed(written.split("\n"))):
        name = part.strip()
        if name in LABELS:
            return LABELS[name]
        if name.casefold() in KNOWN or name in FOR_READING:
            return name.casefold()
        if name.casefold() in LABELS:
            return LABELS[name.casefold()]
    return written.strip().casefold()


def _refuse_unknown(names: Sequence[str], kind: str, place: Place) -> None:
    """ConfigError for a misspelt column. Columns of the report may stand in a table to be read by people."""
    known = USED[kind]
    for name in names:
        if not name or name in known or name in FOR_READING or name in COLUMNS:
            continue
        written = [*known, *(column(one).label.zh for one in known)]
        close = get_close_matches(name, written, n=1)
        raise ConfigError(
            Text(f"不认识列“{name}”", f"the column '{name}' is not known"),
            where=f"{place}:1",
            expected="" if close else ", ".join(known),
            to_do=Text(f"是不是“{close[0]}”？", f"did you mean '{close[0]}'?") if close else "",
        )
