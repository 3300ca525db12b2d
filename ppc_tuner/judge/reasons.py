"""Reasons: sentence templates with column names in braces, rendered for many rows at once.

`{ctr_raw}` is formatted by the kind of its column (percent, money …), `{ctr_raw:number}` by the named one
of FORMATS. A part in square brackets is left out of rows where one of its figures is unknown: `[, ROAS
{roas}]`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import COLUMNS
from ppc_tuner.declarations import did_you_mean
from ppc_tuner.judge.names import column_named, undecided, unknown
from ppc_tuner.text import Lang, Text
from ppc_tuner.values import NO, WORDS_OF, YES

UNKNOWN: Final = "–"
SIGNS: Final = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
FORMATS: Final[dict[str, str]] = {
    "percent": "{:.1%}", "percent0": "{:.0%}", "percent2": "{:.2%}", "change": "{:+.0%}",
    "money": "{:,.2f}", "count": "{:,.0f}", "ratio": "{:.2f}", "score": "{:.0f}",
    "number": "{:,.1f}", "text": "{}",
}  # fmt: skip
BY_KIND: Final = {
    "share": "percent", "change": "change", "money": "money", "count": "count", "days": "count",
    "ratio": "ratio", "score": "score", "number": "number",
}  # fmt: skip


# Doubled braces stand for single ones; a field is a name, optionally with a format.
PARTS: Final = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}:!]*)(?P<style>[:!][^{}]*)?\}|(?P<alone>[{}])|[^{}]+")


class ReasonError(Exception):
    """A fault of a reason: `offset` and `length` in characters (0-based), what is wrong and what to write."""

    def __init__(self, offset: int, length: int, problem: Text, to_do: Text | str = "") -> None:
        super().__init__(problem.en)
        self.offset, self.length, self.problem, self.to_do = offset, length, problem, to_do


Piece = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled reason: segments of pieces (literal, column or settings.NAME, format name).

    An optional segment is left out of rows in which one of its fields is unknown.
    """

    segments: tuple[tuple[tuple[Piece, ...], bool], ...]
    settings: Mapping[str, Any]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it names."""
        named = {name for pieces, _ in self.segments for _, name, _ in pieces}
        return frozenset(name for name in named if name in COLUMNS)

    def render(self, frame: pd.DataFrame, lang: Lang) -> pd.Series:
        """The sentence of every row (text, index of the frame); columns absent from the frame are unknown."""
        currency = str(frame["currency"].iloc[0]) if "currency" in frame and len(frame) else ""
        text = pd.Series("", index=frame.index, dtype=object)
        for pieces, optional in self.segments:
            if optional and any(name in COLUMNS and name not in frame for _, name, _ in pieces):
                continue
            said, known = self._segment(pieces, frame, currency, lang)
            text = text + (said.where(known, "") if optional else said)
        return text.astype("str")

    def _segment(
        self, pieces: Sequence[Piece], frame: pd.DataFrame, currency: str, lang: Lang
    ) -> tuple[pd.Series, pd.Series]:
        """The text of a segment per row, and whether all its fields are known."""
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


def said_behind(texts: Iterable[Template], separator: str) -> Template:
    """Several texts as one template: each follows the separator, or is left out if a figure is unknown."""
    given = list(texts)
    segments = tuple(
        ((separator, "", "text"), *(piece for pieces, _ in text.segments for piece in pieces))
        for text in given
    )
    return Template(tuple((pieces, True) for pieces in segments), given[0].settings if given else {})


def compile_reason(source: str, settings: Mapping[str, Any]) -> Template:
    """The template, its names and formats checked. ReasonError: the first fault."""
    template, faults = read_reason(source, settings)
    if faults:
        raise faults[0]
    return template


def read_reason(
    source: str, settings: Mapping[str, Any], withheld: Container[str] = ()
) -> tuple[Template, list[ReasonError]]:
    """The template and all its faults; `withheld`: columns that do not exist yet when it is rendered."""
    segments: list[tuple[tuple[Piece, ...], bool]] = []
    faults: list[ReasonError] = []
    at = 0
    # Every second part of the split was in square brackets.
    for number, part in enumerate(re.split(r"\[([^\[\]]*)\]", source)):
        at += number > 0
        pieces = []
        for match in PARTS.finditer(part):
            try:
                pieces.append(_piece(match, settings, withheld))
            except ReasonError as fault:
                fault.offset += at
                faults.append(fault)
        segments += [(tuple(pieces), number % 2 == 1)] if part else []
        at += len(part)
    return Template(tuple(segments), settings), faults


def _piece(match: re.Match[str], settings: Mapping[str, Any], withheld: Container[str]) -> Piece:
    if match["alone"]:
        problem = Text(f"“{match['alone']}”不成对", f"'{match['alone']}' has no partner")
        raise ReasonError(match.start(), 1, problem, Text("列名写在 { } 里", "columns stand in { }"))
    if match["name"] is None:
        text = match.group()
        return ({"{{": "{", "}}": "}"}.get(text, text), "", "text")
    name, style = match["name"].strip(), (match["style"] or "")
    column = column_named(name) or name
    if column in withheld:
        raise ReasonError(match.start(), len(match.group()), undecided(name))
    usual = _usual_format(match, name, column, settings)
    wanted = style.removeprefix(":") or usual
    if wanted not in FORMATS or (usual == "text") != (wanted == "text"):
        formats = ["text"] if usual == "text" else [style for style in FORMATS if style != "text"]
        problem = Text(f"“{name}”不能用格式“{wanted}”", f"'{name}' cannot be written as '{wanted}'")
        to_do = did_you_mean(wanted, formats) or ", ".join(formats)
        raise ReasonError(match.start(), len(match.group()), problem, to_do)
    return ("", column, wanted)


def _usual_format(match: re.Match[str], name: str, column: str, settings: Mapping[str, Any]) -> str:
    """The format by the kind of the column or setting. ReasonError: an unknown name."""
    if column in COLUMNS:
        return BY_KIND.get(COLUMNS[column].kind, "text")
    setting = column.removeprefix("settings.")
    if column.startswith("settings.") and setting in settings:
        return "text" if isinstance(settings[setting], str) else "number"
    raise ReasonError(match.start(), len(match.group()), *unknown(name, settings))


def _column(frame: pd.DataFrame, name: str, style: str, currency: str, lang: Lang) -> pd.Series:
    if name not in frame:
        return pd.Series(UNKNOWN, index=frame.index, dtype=object)
    if pd.api.types.is_datetime64_any_dtype(frame[name]):
        days: pd.Series = frame[name].dt.strftime("%Y-%m-%d").astype(object)
        return days.where(frame[name].notna(), UNKNOWN)
    if style == "text":
        return _in_words(frame[name], lang)
    values = frame[name].to_numpy(dtype=float, na_value=np.nan)
    known = np.isfinite(values)
    written = np.full(len(values), UNKNOWN, dtype=object)
    before, after = _money_signs(currency) if style == "money" else ("", "")
    pattern = (before + FORMATS[style] + after).format
    written[known] = [pattern(value) for value in values[known].tolist()]
    return pd.Series(written, index=frame.index, dtype=object)


def _in_words(column: pd.Series, lang: Lang) -> pd.Series:
    """Text as people say it: the trade's terms for stored values, yes or no for flags."""
    words: dict[object, str] = {key: said[lang] for key, said in WORDS_OF.get(str(column.name), {}).items()}
    if COLUMNS[str(column.name)].kind == "flag":
        words = {True: YES[lang], False: NO[lang]}
    said = column.astype(object).where(column.notna(), UNKNOWN)
    return said.map(lambda value: words.get(value, str(value)))


def _written(value: Any, style: str, currency: str) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return UNKNOWN
    if style == "text":
        return str(value)
    before, after = _money_signs(currency) if style == "money" else ("", "")
    return before + FORMATS[style].format(value) + after


def _money_signs(currency: str) -> tuple[str, str]:
    """The sign before and the code after an amount."""
    if currency in SIGNS:
        return SIGNS[currency], ""
    return "", f" {currency}" if currency else ""
