"""Reasons: a sentence with column names in braces, rendered for many rows at once.

`{ctr_raw}` is written as its column's kind asks (percent, money …); `{ctr_raw:number}` says another format of FORMATS. What
stands in square brackets is left out where one of its figures is unknown: `[, ROAS {roas}]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from string import Formatter
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import COLUMNS, KINDS
from ppc_tuner.text import Lang, Text

UNKNOWN: Final = "–"
SIGNS: Final = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
FORMATS: Final[dict[str, str]] = {
    "percent": "{:.1%}", "percent0": "{:.0%}", "percent2": "{:.2%}", "change": "{:+.0%}", "money": "{:,.2f}", "count": "{:,.0f}",
    "ratio": "{:.2f}", "score": "{:.0f}", "number": "{:,.1f}", "text": "{}",
}  # fmt: skip
BY_KIND: Final = {
    "share": "percent", "change": "change", "money": "money", "count": "count", "days": "count", "ratio": "ratio",
    "score": "score", "number": "number",
}  # fmt: skip


class ReasonError(Exception):
    def __init__(self, found: str, problem: Text, to_do: Text | str = "") -> None:
        super().__init__(problem.en)
        self.found, self.problem, self.to_do = found, problem, to_do


Piece = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """Segments of pieces: literal, field (column or settings value), format name. An optional segment is left out of a
    row in which one of its fields is unknown."""

    segments: tuple[tuple[tuple[Piece, ...], bool], ...]
    settings: Mapping[str, Any]

    def render(self, frame: pd.DataFrame, lang: Lang) -> pd.Series:
        """The sentence of every row (text, index of the frame)."""
        currency = str(frame["currency"].iloc[0]) if "currency" in frame and len(frame) else ""
        text = pd.Series("", index=frame.index, dtype=object)
        for pieces, optional in self.segments:
            said, known = self._segment(pieces, frame, currency, lang)
            text = text + (said.where(known, "") if optional else said)
        return text.astype("str")

    def _segment(
        self, pieces: Sequence[Piece], frame: pd.DataFrame, currency: str, lang: Lang
    ) -> tuple[pd.Series, pd.Series]:
        """The text of a segment for every row, and where all its fields are known."""
        text = pd.Series("", index=frame.index, dtype=object)
        known = pd.Series(True, index=frame.index)
        for literal, name, style in pieces:
            text = text + literal
            if name.startswith("settings."):
                text = text + _written(self.settings[name[9:]], style, currency)
            elif name:
                field = _column(frame, name, style, currency, lang)
                text, known = text + field, known & field.ne(UNKNOWN)
        return text, known


def compile_reason(source: str, settings: Mapping[str, Any]) -> Template:
    """The template, its names and formats checked; ReasonError names what is not known."""
    # Every second part of the split stands in square brackets.
    parts = re.split(r"\[([^\[\]]*)\]", source)
    return Template(
        tuple((_pieces(part, settings), number % 2 == 1) for number, part in enumerate(parts) if part),
        settings,
    )


def _pieces(source: str, settings: Mapping[str, Any]) -> tuple[Piece, ...]:
    try:
        parsed = list(Formatter().parse(source))
    except ValueError as fault:
        raise ReasonError(source, Text("花括号不成对", f"the braces do not match ({fault})")) from None
    pieces: list[Piece] = []
    for literal, name, style, conversion in parsed:
        if name is None:
            pieces.append((literal, "", "text"))
            continue
        column = f"item_{name[5:]}" if name.startswith("item.") else name
        usual = _usual_format(name, column, settings)
        wanted = f"!{conversion}" if conversion else style or usual
        if wanted not in FORMATS or (usual == "text") != (wanted == "text"):
            allowed = "text" if usual == "text" else ", ".join(name for name in FORMATS if name != "text")
            problem = Text(f"“{name}”不能用格式“{wanted}”", f"'{name}' cannot be written as '{wanted}'")
            raise ReasonError(f"{{{name}:{wanted}}}", problem, allowed)
        pieces.append((literal, column, wanted))
    return tuple(pieces)


def _usual_format(name: str, column: str, settings: Mapping[str, Any]) -> str:
    """The format that the kind of a column or setting asks for; ReasonError for a name there is not."""
    if column in COLUMNS:
        return BY_KIND.get(COLUMNS[column].kind, "text")
    setting = column.removeprefix("settings.")
    if column.startswith("settings.") and setting in settings:
        return "text" if isinstance(settings[setting], str) else "number"
    close = get_close_matches(column, [*COLUMNS, *(f"settings.{s}" for s in settings)], n=1)
    hint = Text(f"是不是“{close[0]}”？", f"did you mean '{close[0]}'?") if close else ""
    raise ReasonError(f"{{{name}}}", Text(f"没有“{name}”这个名字", f"there is no '{name}'"), hint)


def _column(frame: pd.DataFrame, name: str, style: str, currency: str, lang: Lang) -> pd.Series:
    if name not in frame:
        return pd.Series(UNKNOWN, index=frame.index, dtype=object)
    if name == "kind":
        return (
            frame[name]
            .map({kind: label[lang] for kind, label in KINDS.items()})
            .fillna(UNKNOWN)
            .astype(object)
        )
    written: Callable[[Any], str] = lambda value: _written(value, style, currency)  # noqa: E731
    return frame[name].astype(object).map(written)


def _written(value: Any, style: str, currency: str) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return UNKNOWN
    if style == "text":
        return str(value)
    text = FORMATS[style].format(value)
    if style != "money":
        return text
    return SIGNS[currency] + text if currency in SIGNS else f"{text} {currency}".strip()
