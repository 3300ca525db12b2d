"""How the workbook looks: colours, number formats, fonts, row heights. No other module says so."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from ppc_tuner.columns import Kind
from ppc_tuner.text import Lang

WHITE: Final = "#FFFFFF"
INK: Final = "#1F2937"
MUTED: Final = "#6B7280"
DARK: Final = "#2F3E4E"
HEADER: Final = "#E8ECF1"
LINE: Final = "#D9DEE5"
INPUT: Final = "#FFF8DB"
INPUT_HEADER: Final = "#F6D860"
COLUMN_COLOUR: Final = "#B9C8DA"
LINE_COLOUR: Final = "#B45309"

# Per action: font colour and fill of the cell that names it, fill of its row.
_GREEN: Final = ("#1E6B3C", "#D3EBDB", "#F4FAF6")
_AMBER: Final = ("#8A4B08", "#FBE3C3", "#FEF9F1")
_RED: Final = ("#9B1C1C", "#F6CFCB", "#FDF4F3")
_BLUE: Final = ("#1E4E80", "#D6E4F5", "#F4F8FD")
_VIOLET: Final = ("#4C2F8A", "#E2DAF3", "#F8F6FC")
_GREY: Final = ("#4B5563", "#E5E7EB", WHITE)
ACTION_COLOURS: Final = {
    "raise": _GREEN,
    "lower": _AMBER,
    "delete": _RED,
    "add": _GREEN,
    "exclude": _RED,
    "watch": _BLUE,
    "keep": _GREY,
    "fix_picture": _VIOLET,
    "fix_page": _VIOLET,
    "fix_data": _VIOLET,
}
SCORE_SCALE: Final = {
    "type": "3_color_scale",
    "min_type": "num",
    "mid_type": "num",
    "max_type": "num",
    "min_value": 0,
    "mid_value": 50,
    "max_value": 100,
    "min_color": "#F3B8AE",
    "mid_color": "#FFFFFF",
    "max_color": "#A5D6B3",
}

NUMBER_FORMATS: Final[dict[str, str]] = {
    "text": "@",
    "id": "@",
    "flag": "General",
    "date": "yyyy-mm-dd",
    "count": "#,##0",
    "fraction": "#,##0.0",
    "money": "#,##0.00",
    "share": "0.0%",
    "rate": "0.00%",
    "change": "+0.0%;-0.0%;0.0%",
    "ratio": "0.00",
    "score": "0",
    "number": "General",
    "days": "0",
}
LEFT: Final = ("text", "id")
CENTRED: Final = ("flag", "date", "score")

HEADER_PIXELS_A_LINE: Final = 17
LINE_PIXELS: Final = 18
ROW_PIXELS: Final = 22

_HEADER: Final[dict[str, Any]] = {
    "bold": True,
    "bg_color": HEADER,
    "text_wrap": True,
    "align": "center",
    "valign": "vcenter",
    "bottom": 1,
    "bottom_color": "#9AA5B1",
}
_BAND: Final[dict[str, Any]] = {"bold": True, "align": "left", "indent": 1, "valign": "vcenter"}
_SECTION: Final[dict[str, Any]] = {"bold": True, "font_size": 12, "font_color": DARK, "valign": "bottom"}
_NAMED: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 18, "font_color": DARK, "valign": "vcenter"},
    "lead": {"bold": True, "font_size": 11, "text_wrap": True, "valign": "vcenter"},
    "paragraph": {"text_wrap": True, "valign": "vcenter"},
    "alarm": {"bold": True, "font_color": "#9B1C1C", "text_wrap": True, "valign": "vcenter"},
    "link": {"font_color": "#1E4E80", "underline": 1, "bold": True, "valign": "vcenter"},
    "tile_label": {"font_color": MUTED, "font_size": 9, "bg_color": "#F5F7FA", "indent": 1},
    "tile": {"bold": True, "font_size": 18, "bg_color": "#F5F7FA", "indent": 1, "valign": "vcenter"},
    "tile_said": {"font_color": MUTED, "font_size": 9, "bg_color": "#F5F7FA", "indent": 1},
    "note": {"text_wrap": True, "font_color": MUTED, "font_size": 9, "valign": "vcenter"},
    "note_line": {"font_color": MUTED, "italic": True, "valign": "vcenter"},
    "section": _SECTION | {"bottom": 2, "bottom_color": DARK},
    "bar": {"bold": True, "font_size": 12, "font_color": WHITE, "bg_color": DARK, "valign": "vcenter"},
    "band": _BAND | {"font_color": WHITE, "bg_color": DARK, "left": 1, "left_color": WHITE},
    "band_more": _BAND | {"font_color": WHITE, "bg_color": DARK},
    "band_input": _BAND | {"bg_color": INPUT_HEADER},
    "band_input_more": _BAND | {"bg_color": INPUT_HEADER},
    "header": _HEADER,
    "header_left": _HEADER | {"align": "left", "indent": 1},
    "header_right": _HEADER | {"align": "right"},
    "header_input": _HEADER | {"bg_color": INPUT_HEADER},
}

_TONES: Final[dict[str, dict[str, Any]]] = {
    "": {},
    "total": {"bold": True, "top": 1, "top_color": DARK, "bg_color": "#F5F7FA"},
    "others": {"font_color": MUTED, "italic": True},
    "change": {"bold": True, "bg_color": "#F5F7FA"},
    "good": {"font_color": "#1E6B3C", "bold": True},
    "bad": {"font_color": "#9B1C1C", "bold": True, "bg_color": "#FDF4F3"},
}


def font_name(lang: Lang) -> str:
    """A font that Excel and WPS have everywhere the language is used."""
    return "Microsoft YaHei" if lang == "zh" else "Arial"


class Style:
    """The cell formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[object, ...], Format] = {}

    def named(self, name: str) -> Format:
        """The format of titles, headers and paragraphs by name (see _NAMED)."""
        return self._format((name,), {"font_color": INK} | _NAMED[name])

    def cell(
        self,
        kind: Kind | str,
        tone: str = "",
        *,
        wrap: bool = False,
        lead: bool = False,
        fill_in: bool = False,
        lined: bool = True,
        starts: bool = False,
    ) -> Format:
        """The format of a data cell.

        `kind` is a column kind (or "rate", "fraction"); `tone` an action's name or one of total, others,
        change, good, bad; `lead` marks the cell that names the action; `fill_in` one that a person fills in;
        `lined` draws a hairline below; `starts` a stronger line above, where a new group of rows begins.
        """
        key = ("cell", kind, tone, wrap, lead, fill_in, lined, starts)
        return self._made.get(key) or self._format(
            key,
            _number(kind, tone, wrap)
            | _alignment(kind, wrap, lead or fill_in)
            | ({"bottom": 1, "bottom_color": LINE} if lined else {})
            | ({"top": 1, "top_color": MUTED} if starts else {})
            | _colours(tone, lead, fill_in),
        )

    def highlight(self, action: str) -> Format:
        """The colours of an action's name, for conditional formatting."""
        word, strong, _ = ACTION_COLOURS[action]
        return self._format(("highlight", action), {"font_color": word, "bg_color": strong})

    def _format(self, key: tuple[object, ...], properties: dict[str, Any]) -> Format:
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]


def _number(kind: str, tone: str, wrap: bool) -> dict[str, Any]:
    if tone == "change" and kind not in LEFT:
        return {"num_format": NUMBER_FORMATS["change"]}
    if kind in LEFT and wrap:
        # Long text in a cell of format "text" shows as #### in older programs.
        return {"quote_prefix": True}
    return {"num_format": NUMBER_FORMATS[kind], "quote_prefix": kind in LEFT}


def _alignment(kind: str, wrap: bool, centred: bool) -> dict[str, Any]:
    look = {"valign": "vcenter", "text_wrap": wrap}
    if centred or kind in CENTRED:
        return look | {"align": "center"}
    # Indented, so that text does not touch a number on its left.
    return look | ({"align": "left", "indent": 1} if kind in LEFT else {"align": "right"})


def _colours(tone: str, lead: bool, fill_in: bool) -> dict[str, Any]:
    if fill_in:
        return {"bg_color": INPUT, "border": 1, "border_color": "#E3CF7A", "font_color": INK}
    if tone not in ACTION_COLOURS:
        return {"font_color": INK} | _TONES[tone]
    word, strong, light = ACTION_COLOURS[tone]
    if lead:
        return {"font_color": word, "bg_color": strong, "bold": True}
    return {"font_color": INK} | ({} if light == WHITE else {"bg_color": light})
