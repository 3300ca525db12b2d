"""A sheet that is a list: bands, headers and rows, with a filter, frozen panes and print set-up."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ppc_tuner.columns import ACTIONS, FILLED_IN
from ppc_tuner.sheets.fields import Field, label_width, lines_of, text_width
from ppc_tuner.sheets.labels import SHEET_NAMES
from ppc_tuner.sheets.row_writer import Look, RowWriter
from ppc_tuner.sheets.style import HEADER_PIXELS_A_LINE, LINE_PIXELS, SCORE_SCALE, Style
from ppc_tuner.text import Lang, Text

ROW_LIMIT: Final = 1_048_576
HEAD_ROWS: Final = 2
MOST_LINES: Final = 20
A3: Final = 8
A4: Final = 9


@dataclass(slots=True)
class Book:
    """The workbook being written, its style and language.

    `dated`: figures are per week, else per reported period. `labels`: labels that differ from the usual ones
    in this workbook. `shown`: the columns on its sheets so far, with their labels.
    """

    workbook: Workbook
    style: Style
    lang: Lang
    dated: bool = True
    labels: dict[str, Text] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)

    def named(self, one: Field) -> Field:
        """The field under its label in this workbook."""
        if one.name not in self.labels:
            return one
        label = self.labels[one.name][self.lang]
        return replace(one, label=label, width=max(one.width, label_width(label)))

    def show(self, fields: Iterable[Field]) -> None:
        """Remember these columns, each under the first label it was shown with."""
        for one in fields:
            self.shown.setdefault(one.name, one.label)

    def sheet(self, key: str, *, tab: str, paper: int = A4) -> Worksheet:
        """Add a sheet, named in the workbook's language, that prints landscape and one page wide."""
        sheet = self.workbook.add_worksheet(SHEET_NAMES[key][self.lang])
        sheet.set_tab_color(tab)
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8&A&R&8&P / &N")
        return sheet


@dataclass(frozen=True, slots=True)
class Band:
    """A group of neighbouring columns under one heading."""

    label: Text
    fields: tuple[Field, ...]

    @property
    def is_input(self) -> bool:
        """Whether any of its columns is to be filled in."""
        return any(field.fill_in for field in self.fields)


def bands_in_place(book: Book, bands: Sequence[Band]) -> list[Band]:
    """The bands that have fields, each field with its column on the sheet."""
    placed, at = [], 0
    for band in bands:
        fields = tuple(replace(book.named(one), at=at + number) for number, one in enumerate(band.fields))
        at += len(fields)
        if fields:
            placed.append(Band(band.label, fields))
    return placed


def write_list(
    book: Book,
    sheet: Worksheet,
    frame: pd.DataFrame,
    bands: Sequence[Band],
    *,
    freeze: int,
    looks: Sequence[Look] | None = None,
    pixels: Sequence[int] | None = None,
    if_empty: Text,
    left_out: int = 0,
) -> list[Field]:
    """Write headers and rows; returns the fields with their columns.

    `freeze`: how many columns stay in view; `looks`, `pixels`: as in `RowWriter.rows`; `if_empty`: said in
    place of rows. Rows beyond what a sheet can hold are cut, and a last line says how many, including
    `left_out` cut before.
    """
    placed = bands_in_place(book, bands)
    fields = [field for band in placed for field in band.fields]
    book.show(one for one in fields if not one.hidden)
    _write_head(book, sheet, placed)
    kept = frame.head(row_room())
    left_out += len(frame) - len(kept)
    feed = RowWriter(sheet, book.style, book.lang)
    end = feed.rows(kept, fields, HEAD_ROWS, looks=looks, pixels=pixels, lined=looks is not None)
    # A remark in a column that people fill in would be read as a decision.
    at = next((place for place, one in enumerate(fields) if one.name not in FILLED_IN), 0)
    if left_out:
        sheet.write_string(end, at, _cut_line(left_out)[book.lang], book.style.named("note_line"))
    elif frame.empty:
        sheet.write_string(end, at, if_empty[book.lang], book.style.named("note_line"))
    sheet.autofilter(HEAD_ROWS - 1, 0, max(end - 1, HEAD_ROWS), len(fields) - 1)
    # Ids are text on purpose; Excel need not mark them with a green corner.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{max(end, 1)}"})
    sheet.freeze_panes(HEAD_ROWS, freeze)
    sheet.repeat_rows(0, HEAD_ROWS - 1)
    return fields


def row_room() -> int:
    """How many rows fit on a sheet besides the headers and a last remark."""
    return ROW_LIMIT - HEAD_ROWS - 1


def row_pixels(frame: pd.DataFrame, fields: Sequence[Field]) -> list[int]:
    """The height of each row in pixels at which all wrapped text shows."""
    lines = np.ones(len(frame))
    for one in fields:
        if one.wrap:
            lines = np.maximum(lines, lines_of(frame[one.name], one.width).to_numpy())
    return [int(count) * LINE_PIXELS + 6 for count in np.minimum(lines, MOST_LINES)]


def colour_scores(sheet: Worksheet, fields: Sequence[Field], rows: int) -> None:
    """Shade the score columns from red over white to green."""
    if not rows:
        return
    for one in fields:
        if one.kind == "score":
            sheet.conditional_format(HEAD_ROWS, one.at, HEAD_ROWS + rows - 1, one.at, dict(SCORE_SCALE))


def colour_actions(book: Book, sheet: Worksheet, fields: Sequence[Field], rows: int) -> None:
    """Colour the cells that name an action, in a list whose rows are otherwise white."""
    for one in fields:
        if one.name != "action" or not rows:
            continue
        for action, name in ACTIONS.items():
            shown = {
                "type": "cell",
                "criteria": "==",
                "value": f'"{name[book.lang]}"',
                "format": book.style.highlight(action),
            }
            sheet.conditional_format(HEAD_ROWS, one.at, HEAD_ROWS + rows - 1, one.at, shown)


def fold(sheet: Worksheet, fields: Sequence[Field], names: Collection[str]) -> None:
    """Fold these columns away behind a + above the column after each run of them."""
    after_run = False
    for one in fields:
        inside = one.name in names
        outline = {"level": 1, "hidden": True} if inside else {"collapsed": after_run, "hidden": one.hidden}
        if inside or after_run:
            sheet.set_column(one.at, one.at, one.width, None, outline)
        after_run = inside
    if after_run:
        sheet.set_column(len(fields), len(fields), None, None, {"collapsed": True})


def _write_head(book: Book, sheet: Worksheet, bands: Sequence[Band]) -> None:
    fields = [field for band in bands for field in band.fields]
    sheet.set_row_pixels(0, 24)
    for band in bands:
        # Not merged: merged cells break at the edges of pages and of frozen columns.
        looks = ("band_input", "band_input_more") if band.is_input else ("band", "band_more")
        sheet.write_string(0, band.fields[0].at, band.label[book.lang], book.style.named(looks[0]))
        for one in band.fields[1:]:
            sheet.write_blank(0, one.at, None, book.style.named(looks[1]))
    sheet.set_row_pixels(1, _head_lines(fields) * HEADER_PIXELS_A_LINE + 8)
    for one in fields:
        sheet.write_string(
            1, one.at, one.label, book.style.named("header_input" if one.fill_in else "header")
        )
        sheet.set_column(one.at, one.at, one.width, None, {"hidden": True} if one.hidden else None)


def _head_lines(fields: Sequence[Field]) -> int:
    return max(
        (min(4, int(np.ceil(text_width(one.label) * 1.2 / (one.width - 2)))) for one in fields), default=1
    )


def _cut_line(left_out: int) -> Text:
    return Text(
        f"还有 {left_out:,} 行超出 Excel 的行数上限；完整清单见同名的 .all.csv 文件",
        f"{left_out:,} more rows do not fit (Excel's limit); the whole list is in the .all.csv file",
    )
