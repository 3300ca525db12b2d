"""Writes the rows of a frame into a worksheet.

Values are converted column by column; only the writing goes row by row, because XlsxWriter in constant_memory
mode takes cells in row order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

import numpy as np
import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ppc_tuner.sheets.fields import Field
from ppc_tuner.sheets.labels import CUT, VALUES
from ppc_tuner.sheets.style import Style
from ppc_tuner.text import Lang, visible
from ppc_tuner.values import NO, YES

CHUNK: Final = 4_000
CELL_LIMIT: Final = 32_767
EPOCH: Final = pd.Timestamp("1899-12-30")

# Rows that sum up others show a dash where a figure cannot be summed.
SUMMED: Final = ("total", "others")
NO_SUM: Final = "—"

Write = Callable[[int, int, object, Format], object]
Look = tuple[str, bool]


class RowWriter:
    """Writes frames into one worksheet, top to bottom."""

    def __init__(self, sheet: Worksheet, style: Style, lang: Lang) -> None:
        self._sheet, self._style, self._lang = sheet, style, lang

    def rows(
        self,
        frame: pd.DataFrame,
        fields: Sequence[Field],
        first_row: int,
        *,
        looks: Sequence[Look] | None = None,
        pixels: Sequence[int] | None = None,
        lined: bool = True,
    ) -> int:
        """Write every row of `frame` from `first_row` (from 0) on; returns the row after the last.

        `looks`: (tone, whether a group starts here) per row; `pixels`: height per row. Without looks, cells
        of unknown values are not written.
        """
        formats = _Formats(self._style, fields, lined)
        for start in range(0, len(frame), CHUNK):
            part = frame.iloc[start : start + CHUNK]
            rows = zip(*(values(part[field.name], field, self._lang) for field in fields), strict=True)
            self._feed(rows, fields, formats, first_row + start, looks, pixels, start)
        return first_row + len(frame)

    def _feed(
        self,
        rows: Iterable[tuple[object, ...]],
        fields: Sequence[Field],
        formats: _Formats,
        first_row: int,
        looks: Sequence[Look] | None,
        pixels: Sequence[int] | None,
        done: int,
    ) -> None:
        cells = [
            (field.at, self._write_of(field), self._blank_of(field), self._dash_of(field)) for field in fields
        ]
        plain = formats.of(("", False))
        for number, known in enumerate(rows):
            row = first_row + number
            if pixels is not None:
                self._sheet.set_row_pixels(row, pixels[done + number])
            look = looks[done + number] if looks is not None else None
            styles = formats.of(look) if look else plain
            summed = look is not None and look[0] in SUMMED
            for (at, write, blank, dash), value, style in zip(cells, known, styles, strict=True):
                if value is not None:
                    write(row, at, value, style)
                elif look is not None:
                    (dash if summed else blank)(row, at, None, style)

    def _write_of(self, field: Field) -> Write:
        one: Write = self._text if field.is_text else self._sheet.write_number
        return self._across(field, one) if field.span > 1 else one

    def _blank_of(self, field: Field) -> Write:
        one: Write = self._sheet.write_blank
        return self._across(field, one) if field.span > 1 else one

    def _dash_of(self, field: Field) -> Write:
        """A figure that cannot be summed shows a dash; text is left blank."""
        if field.is_text:
            return self._blank_of(field)

        def write(row: int, at: int, _: object, style: Format) -> None:
            self._sheet.write_string(row, at, NO_SUM, style)

        return self._across(field, write) if field.span > 1 else write

    def _text(self, row: int, at: int, text: object, style: Format) -> None:
        write_text(self._sheet, row, at, str(text), style)

    def _across(self, field: Field, one: Write) -> Write:
        """A writer for a value that covers several columns."""

        def write(row: int, at: int, value: object, style: Format) -> None:
            self._sheet.merge_range(row, at, row, at + field.span - 1, "", style)
            one(row, at, value, style)

        return write


class _Formats:
    """The cell formats of a row, made once per look."""

    def __init__(self, style: Style, fields: Sequence[Field], lined: bool) -> None:
        self._style, self._fields, self._lined = style, fields, lined
        self._made: dict[Look, list[Format]] = {}

    def of(self, look: Look) -> list[Format]:
        if look not in self._made:
            tone, starts = look
            self._made[look] = [
                self._style.cell(
                    field.show,
                    tone,
                    wrap=field.wrap,
                    lead=field.name == "action",
                    fill_in=field.fill_in,
                    lined=self._lined,
                    starts=starts,
                )
                for field in self._fields
            ]
        return self._made[look]


def write_text(sheet: Worksheet, row: int, at: int, text: str, style: Format) -> None:
    """Write `text` literally, never as formula, link or markup; invisible characters are spelt out."""
    text = visible(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would take this for its own rich text and write it unescaped.
        sheet.write_rich_string(row, at, style, text[:1], style, text[1:], style)
    else:
        sheet.write_string(row, at, text, style)


def values(column: pd.Series, field: Field, lang: Lang) -> list[object]:
    """The column as Python values for cells, None where unknown; dates as Excel's day numbers."""
    if field.is_text:
        return _texts(column, field, lang)
    if field.kind == "date":
        column = (pd.to_datetime(column, errors="coerce") - EPOCH) / pd.Timedelta(days=1)
    numbers = pd.to_numeric(column, errors="coerce").to_numpy("float64", na_value=np.nan)
    cells = numbers.astype(object)
    cells[~np.isfinite(numbers)] = None
    return list(cells.tolist())


def _texts(column: pd.Series, field: Field, lang: Lang) -> list[object]:
    if field.kind == "flag":
        shown: pd.Series = column.astype("boolean").map({True: YES[lang], False: NO[lang]}).astype("str")
    else:
        shown = column.astype("str")
        names = VALUES.get(field.name)
        if names:
            shown = shown.replace({value: name[lang] for value, name in names.items()})
    # Excel counts characters outside the basic plane twice, so only text under half the limit surely fits.
    long = shown.str.len() > CELL_LIMIT // 2
    if long.fillna(False).any():
        shown = shown.where(~long, shown[long].map(lambda text: _cut(text, CUT[lang])))
    cells = shown.astype(object)
    return list(cells.where(shown.notna() & (shown != ""), None).tolist())


def _cut(text: str, mark: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * CELL_LIMIT:
        return text
    return units[: 2 * (CELL_LIMIT - len(mark))].decode("utf-16-le", errors="ignore") + mark
