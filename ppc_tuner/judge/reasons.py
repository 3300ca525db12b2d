"""Reasons: sentence templates with column names in braces, rendered for many rows at once.

`{ctr_raw}` is formatted by the kind of its column (percent, money …), `{ctr_raw:number}` by the named one
of FORMATS; `{clicks:click|clicks}` writes the figure with its noun ("1 click", "no clicks"),
`{100:money0}` a constant. A part in square brackets is left out of rows where one of its figures is unknown:
`[, ROAS {roas}]`; with a condition in front, also where that does not hold: `[roas < bar_roas ? , too dear]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import COLUMNS
from ppc_tuner.declarations import did_you_mean
from ppc_tuner.judge.conditions import Condition, read_condition
from ppc_tuner.judge.expressions import Node
from ppc_tuner.judge.names import column_named, undecided, unknown
from ppc_tuner.text import Lang, Text
from ppc_tuner.values import NO, WORDS_OF, YES

UNKNOWN: Final = "–"
SIGNS: Final = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
FORMATS: Final[dict[str, str]] = {
    "percent": "{:.1%}", "percent0": "{:.0%}", "percent2": "{:.2%}", "change": "{:+.0%}", "step": "{:.0%}",
    "money": "{:,.2f}", "money0": "{:,.0f}", "per100": "{:,.0f}", "of100": "{:,.0f}",
    "each": "{:,.0f}", "count": "{:,.0f}",
    "counted": "", "ratio": "{:.2f}", "score": "{:.0f}", "number": "{:,.1f}", "text": "{}", "short": "{}",
}  # fmt: skip
BY_KIND: Final = {
    "share": "percent", "change": "change", "money": "money", "count": "counted", "days": "counted",
    "ratio": "ratio", "score": "score", "number": "number",
}  # fmt: skip
MONEY: Final = ("money", "money0", "per100", "each")
TEXTS: Final = ("text", "short")
# What a style shows in place of the value: the size of a step, what 100 of money bring (with the
# currency, and without it where that has been said), the money for one.
SHOWN: Final[Mapping[str, Callable[[Any], Any]]] = {
    "step": np.abs,
    "per100": lambda value: 100 * value,
    "of100": lambda value: 100 * value,
    "each": lambda value: 1 / value,
}
# A name in a sentence, in columns of a terminal.
SHORT: Final = 18
# What is said in one breath: words of English, signs of Chinese without blanks.
BREATH: Final[Mapping[Lang, int]] = {"zh": 50, "en": 25}
WORD: Final = re.compile(r"\S*\w\S*")
# Below it a broken number of orders is not rounded to a whole one.
BROKEN_BELOW: Final = 10
IF: Final = " ? "


# Doubled braces stand for single ones; a field is a name or a number, optionally with a format.
PARTS: Final = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}:!]*)(?P<style>[:!][^{}]*)?\}|(?P<alone>[{}])|[^{}]+")


class ReasonError(Exception):
    """A fault of a reason: `offset` and `length` in characters (0-based), what is wrong and what to write."""

    def __init__(self, offset: int, length: int, problem: Text, to_do: Text | str = "") -> None:
        super().__init__(problem.en)
        self.offset, self.length, self.problem, self.to_do = offset, length, problem, to_do


Piece = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Segment:
    """Pieces of a reason (literal, column or settings.NAME, format name) that are said together.

    An `optional` one is left out where one of its fields is unknown or `condition` does not hold.
    """

    pieces: tuple[Piece, ...]
    optional: bool = False
    condition: Condition | None = None

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it names."""
        named = {name for _, name, _ in self.pieces if name in COLUMNS}
        return frozenset(named) | (self.condition.columns if self.condition else frozenset())

    def holds(self, frame: pd.DataFrame) -> pd.Series:
        """Where its condition holds (flags, index of the frame)."""
        yes = self.condition.run(frame).yes if self.condition else True
        return pd.Series(np.broadcast_to(np.asarray(yes, dtype=bool), len(frame)), index=frame.index)


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled reason: its segments in order, and the settings that they name."""

    segments: tuple[Segment, ...]
    settings: Mapping[str, Any]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it names."""
        return frozenset().union(*(segment.columns for segment in self.segments))

    def render(self, frame: pd.DataFrame, lang: Lang) -> pd.Series:
        """The sentence of every row (text, index of the frame); columns absent from the frame are unknown."""
        currency = str(frame["currency"].iloc[0]) if "currency" in frame and len(frame) else ""
        text = pd.Series("", index=frame.index, dtype=object)
        for segment in self.segments:
            absent = any(name in COLUMNS and name not in frame for _, name, _ in segment.pieces)
            here = segment.holds(frame)
            if (segment.optional and absent) or not here.any():
                continue
            some = frame if here.all() else frame[here]
            said, known = self._segment(segment.pieces, some, currency, lang)
            said = said.where(known, "") if segment.optional else said
            text = text + said.reindex(frame.index, fill_value="")
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
            elif name.isdigit():
                text = text + _written(float(name), style, currency)
            elif name:
                field = _column(frame, name, style, currency, lang)
                text, known = text + field, known & field.ne(UNKNOWN)
        return text, known


def breath(text: str, lang: Lang) -> int:
    """How long a sentence is, in the measure of BREATH."""
    return len(WORD.findall(text)) if lang == "en" else len("".join(text.split()))


def said_behind(texts: Iterable[Template], separator: str) -> Template:
    """Several texts as one template: each follows the separator, or is left out if a figure is unknown."""
    given = list(texts)
    said = (tuple(piece for segment in text.segments for piece in segment.pieces) for text in given)
    segments = tuple(Segment(((separator, "", "text"), *pieces), optional=True) for pieces in said)
    return Template(segments, given[0].settings if given else {})


def compile_reason(source: str, settings: Mapping[str, Any]) -> Template:
    """The template, its names and formats checked. ReasonError: the first fault."""
    template, faults = read_reason(source, settings)
    if faults:
        raise faults[0]
    return template


def read_reason(
    source: str,
    settings: Mapping[str, Any],
    withheld: Container[str] = (),
    groups: Mapping[str, Node] | None = None,
) -> tuple[Template, list[ReasonError]]:
    """The template and all its faults; `withheld`: columns that do not exist yet when it is rendered;
    `groups`: the pack's named conditions."""
    segments: list[Segment] = []
    faults: list[ReasonError] = []
    at = 0
    # Every second part of the split was in square brackets.
    for number, part in enumerate(re.split(r"\[([^\[\]]*)\]", source)):
        at += number > 0
        optional = number % 2 == 1
        before, asked, said = part.partition(IF) if optional else ("", "", part)
        said = said if asked else part
        condition, wrong = _condition(before, settings, withheld, groups or {}) if asked else (None, [])
        pieces = []
        for match in PARTS.finditer(said):
            try:
                pieces.append(_piece(match, settings, withheld))
            except ReasonError as fault:
                fault.offset += len(part) - len(said)
                wrong.append(fault)
        for one in wrong:
            one.offset += at
        faults += wrong
        segments += [Segment(tuple(pieces), optional, condition)] if part else []
        at += len(part)
    return Template(tuple(segments), settings), faults


def _condition(
    source: str, settings: Mapping[str, Any], withheld: Container[str], groups: Mapping[str, Node]
) -> tuple[Condition | None, list[ReasonError]]:
    condition, wrong = read_condition(source, settings, groups)
    faults = [ReasonError(fault.offset, fault.length, fault.problem, fault.to_do) for fault in wrong]
    absent = sorted(name for name in (condition.columns if condition else ()) if name in withheld)
    return condition, [*faults, *(ReasonError(0, len(source), undecided(name)) for name in absent)]


def _piece(match: re.Match[str], settings: Mapping[str, Any], withheld: Container[str]) -> Piece:
    if match["alone"]:
        problem = Text(f"“{match['alone']}”不成对", f"'{match['alone']}' has no partner")
        raise ReasonError(match.start(), 1, problem, Text("列名写在 { } 里", "columns stand in { }"))
    if match["name"] is None:
        text = match.group()
        return ({"{{": "{", "}}": "}"}.get(text, text), "", "text")
    name, style = match["name"].strip(), (match["style"] or "")
    if name.isdigit() and style.removeprefix(":") in FORMATS:
        return ("", name, style[1:])
    column = column_named(name) or name
    if column in withheld:
        raise ReasonError(match.start(), len(match.group()), undecided(name))
    usual = _usual_format(match, name, column, settings)
    wanted = style.removeprefix(":") or usual
    if "|" in wanted and usual != "text":
        return ("", column, wanted)
    if wanted not in FORMATS or (usual == "text") != (wanted in TEXTS):
        formats = TEXTS if usual == "text" else [style for style in FORMATS if style not in TEXTS]
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
    if style in TEXTS:
        said = _in_words(frame[name], lang)
        return said.map(_cut) if style == "short" else said
    values = frame[name].to_numpy(dtype=float, na_value=np.nan)
    with np.errstate(divide="ignore"):
        values = SHOWN[style](values) if style in SHOWN else values
    known = np.isfinite(values)
    written = np.full(len(values), UNKNOWN, dtype=object)
    write = _writer(style, currency)
    written[known] = [write(value) for value in values[known].tolist()]
    return pd.Series(written, index=frame.index, dtype=object)


def _writer(style: str, currency: str) -> Callable[[float], str]:
    """What writes a known figure in a style."""
    if "|" in style:
        one, _, more = style.partition("|")
        return lambda value: _with_noun(value, one, more)
    if style == "counted":
        return _counted
    before, after = _money_signs(currency) if style in MONEY else ("", "")
    return (before + FORMATS[style] + after).format


def _counted(value: float) -> str:
    """A number of things; orders that platforms share out between clicks are broken."""
    broken = round(value, 1) % 1 and abs(value) < BROKEN_BELOW
    return f"{value:,.1f}" if broken else f"{value:,.0f}"


def _with_noun(value: float, one: str, more: str) -> str:
    counted = _counted(value)
    return f"no {more}" if value == 0 else f"{counted} {one if counted == '1' else more}"


def _cut(name: str) -> str:
    """A name short enough for a sentence; its row holds it whole."""
    room = SHORT
    for at, sign in enumerate(name):
        room -= 2 if sign >= "\u1100" else 1
        if room < 0:
            return name[:at].rstrip() + "…"
    return name


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
    return str(value) if style in TEXTS else _writer(style, currency)(value)


def _money_signs(currency: str) -> tuple[str, str]:
    """The sign before and the code after an amount."""
    if currency in SIGNS:
        return SIGNS[currency], ""
    return "", f" {currency}" if currency else ""
