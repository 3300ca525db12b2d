"""The chart of cost and ROAS by action, drawn by Excel from the cells of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from xlsxwriter.worksheet import Worksheet

from ppc_tuner.columns import COLUMNS
from ppc_tuner.sheets.list_sheet import Book
from ppc_tuner.sheets.style import COLUMN_COLOUR, INK, LINE, LINE_COLOUR, MUTED, font_name
from ppc_tuner.text import Text

COST: Final = COLUMNS["cost"].label
RETURN: Final = COLUMNS["roas"].label
TITLE: Final = Text(f"各动作的{COST.zh}与{RETURN.zh}", f"{COST.en} and {RETURN.en} by action")
ROAS: Final = Text(f"{RETURN.zh}（右轴）", f"{RETURN.en} (right axis)")


@dataclass(frozen=True, slots=True)
class Source:
    """The cells of the chart: rows first to last (from 0); columns of names, cost and ROAS, if any."""

    first: int
    last: int
    names: int
    cost: int
    roas: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Upper left corner (row, column, from 0) and size in pixels."""

    row: int
    column: int
    width: int
    height: int


def insert_cost_and_roas(book: Book, sheet: Worksheet, source: Source, place: Place) -> None:
    """Cost as columns, ROAS as points on the second axis; no line, because actions are not a sequence."""
    font = {"name": font_name(book.lang), "size": 9, "color": INK}
    chart = book.workbook.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": COST[book.lang],
            "categories": _cells(sheet, source, source.names),
            "values": _cells(sheet, source, source.cost),
            "fill": {"color": COLUMN_COLOUR},
            "gap": 70,
        }
    )
    if source.roas is not None:
        chart.combine(_roas_line(book, sheet, source, source.roas, font))
    title_font = font | {"size": 11, "bold": True}
    chart.set_title({"name": TITLE[book.lang], "name_font": title_font, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_x_axis({"num_font": font, "line": {"color": MUTED}, "major_tick_mark": "none"})
    gridlines = {"major_gridlines": {"visible": True, "line": {"color": LINE}}}
    chart.set_y_axis(_axis("#,##0", font) | gridlines)
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": place.width, "height": place.height})
    chart.show_blanks_as("gap")
    sheet.insert_chart(place.row, place.column, chart, {"x_offset": 16, "y_offset": 6, "object_position": 2})


def _roas_line(book: Book, sheet: Worksheet, source: Source, column: int, font: dict[str, object]) -> object:
    line = book.workbook.add_chart({"type": "line"})
    label_font = font | {"color": LINE_COLOUR}
    fill = {"color": LINE_COLOUR}
    line.add_series(
        {
            "name": ROAS[book.lang],
            "categories": _cells(sheet, source, source.names),
            "values": _cells(sheet, source, column),
            "y2_axis": True,
            "line": {"none": True},
            "marker": {"type": "circle", "size": 7, "fill": fill, "border": {"color": "#FFFFFF"}},
            "data_labels": {"value": True, "position": "above", "num_format": "0.00", "font": label_font},
        }
    )
    line.set_y2_axis(_axis("0.0", font) | {"min": 0})
    return line


def _axis(number_format: str, font: dict[str, object]) -> dict[str, object]:
    return {
        "num_font": font,
        "num_format": number_format,
        "line": {"none": True},
    }


def _cells(sheet: Worksheet, source: Source, column: int) -> list[object]:
    return [sheet.get_name(), source.first, column, source.last, column]
