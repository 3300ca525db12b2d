"""A column of a sheet: its label, how its values are shown, how wide it must be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import COLUMNS, TEXT_KINDS, Kind
from ppc_tuner.sheets.labels import VALUES
from ppc_tuner.text import Lang

# Click-through and conversion rates are shown with two decimals, as the platforms do.
RATES: Final = ("ctr", "cvr", "market_ctr", "market_cvr", "period_ctr", "before_ctr")
CJK: Final = "[\u1100-\uffdc]"
SAMPLE: Final = 5_000
MARGIN: Final = 2.0
# Of a column on the screen, as Excel reckons.
PIXELS_A_CHARACTER: Final = 7
PADDING: Final = 5
MOST: Final[dict[str, float]] = {
    "keyword": 26,
    "moved_with": 26,
    "search_term": 28,
    "fragment": 20,
    "campaign": 22,
    "ad_group": 20,
    "item": 24,
    "source_file": 30,
}
SENTENCES: Final = (
    "reason_zh", "reason_en", "would_change_zh", "would_change_en", "details_zh", "details_en",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a sheet, filled from column `name` of a frame.

    `at`: the sheet's column, from 0; `span`: how many columns it covers; `width` in characters; `show`: the
    key of its number format, a kind or "rate" or "fraction"; `fill_in`: whether a person is to fill it in;
    `hidden`: whether it is there for programs alone.
    """

    name: str
    label: str
    kind: Kind
    show: str
    width: float
    at: int = 0
    span: int = 1
    wrap: bool = False
    fill_in: bool = False
    hidden: bool = False

    @property
    def is_text(self) -> bool:
        """Whether its cells hold text; yes and no are text."""
        return self.kind in TEXT_KINDS or self.kind == "flag"


def field_of(
    frame: pd.DataFrame,
    name: str,
    lang: Lang,
    *,
    label: str | None = None,
    wrap: bool = False,
    most: float | None = None,
) -> Field:
    """The field for column `name` of `frame`, as wide as its label and values need.

    Text gets at most the width usual for its column, or `most` if given.
    """
    column = COLUMNS.get(name)
    if label is None:
        label = column.label[lang] if column else str(name)
    kind = kind_of(frame[name], column.kind if column else None)
    show = _show(name, kind, frame[name])
    if kind in TEXT_KINDS:
        width = _words_width(frame[name], name, lang, most)
    else:
        width = _figures_width(frame[name], kind, show)
    width = max(label_width(label), width + MARGIN)
    return Field(name, label, kind, show, round(width, 1), wrap=wrap)


def kind_of(column: pd.Series, known: Kind | None) -> Kind:
    """The kind to show: the documented one, unless the values have another type."""
    if pd.api.types.is_bool_dtype(column.dtype):
        return "flag"
    # Concatenated frames leave true and false beside NaN.
    if known == "flag" and pd.api.types.infer_dtype(column, skipna=True) == "boolean":
        return "flag"
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "date"
    if pd.api.types.is_numeric_dtype(column.dtype):
        return known if known and known not in (*TEXT_KINDS, "flag", "date") else "number"
    # An entirely empty column has no type of its own.
    if known and column.isna().all():
        return known
    return known if known in TEXT_KINDS else "text"


def says_something(column: pd.Series) -> bool:
    """Whether any row has a value; blank text is not one."""
    known = column.dropna()
    if pd.api.types.is_numeric_dtype(known.dtype) or pd.api.types.is_datetime64_any_dtype(known.dtype):
        return len(known) > 0
    # Most text columns have a value among the first rows; then the other million need not be read.
    return any(
        bool(part.astype("str").str.strip().ne("").any()) for part in (known.iloc[:100], known.iloc[100:])
    )


def varies(column: pd.Series) -> bool:
    """Whether the column has different values in different rows."""
    texts = column.astype("str").fillna("")
    return bool(len(texts) and (texts != texts.iloc[0]).any())


def display_width(text: pd.Series) -> pd.Series:
    """Display width of each text in characters; a Chinese character counts as two, unknown as 0."""
    text = text.astype("str")
    return (text.str.len() + text.str.count(CJK)).fillna(0).astype("float64")


def text_width(text: str) -> int:
    """Display width of one text in characters."""
    return len(text) + sum("\u1100" <= sign <= "\uffdc" for sign in text)


def lines_of(text: pd.Series, width: float) -> pd.Series:
    """How many lines each text wraps to in a column of `width`; wrapping between words costs some room."""
    breaks = text.astype("str").str.count("\n").fillna(0)
    lines = (display_width(text) * 1.02 / max(width - 1.5, 1)).clip(lower=1)
    return pd.Series(np.ceil(lines.to_numpy()), index=text.index) + breaks


def label_width(label: str) -> float:
    """The least width at which a header wraps well: its longest word, plus room for the filter arrow."""
    if any(sign >= "\u1100" for sign in label):
        # The part in brackets goes on a line of its own.
        _, bracket, aside = label.partition("（")
        return max(min(text_width(label), 8), text_width(bracket + aside)) + 2
    return max(len(word) for word in label.replace("-", "- ").split() or [""]) + 2


def figures_width(column: pd.Series, field: Field) -> float:
    """The least width in characters at which every figure of the column shows as the field shows it."""
    return _figures_width(column, field.kind, field.show) + MARGIN / 2


def pixels(width: float) -> int:
    """A width in characters of the usual font, in pixels on the screen."""
    return int(width * PIXELS_A_CHARACTER + 0.5) + PADDING


def characters(on_screen: int) -> float:
    """A width in pixels as a width in characters."""
    return (on_screen - PADDING) / PIXELS_A_CHARACTER


def _show(name: str, kind: Kind, column: pd.Series) -> str:
    if kind == "share" and (name in RATES or name.startswith(("ctr_", "cvr_"))):
        return "rate"
    if kind in ("count", "number", "days") and pd.api.types.is_numeric_dtype(column.dtype):
        values = column.to_numpy("float64", na_value=np.nan)
        values = values[np.isfinite(values)]
        whole = bool(np.equal(values, np.round(values)).all())
        broken = {"count": "fraction", "number": "ratio"}
        return kind if whole else broken.get(kind, kind)
    return kind


def _figures_width(column: pd.Series, kind: Kind, show: str) -> float:
    if kind == "flag" or not pd.api.types.is_numeric_dtype(column.dtype):
        return {"flag": 4, "date": 10}.get(kind, 0)
    values = np.abs(column.to_numpy("float64", na_value=np.nan))
    values = values[np.isfinite(values)]
    largest = float(values.max()) if values.size else 0.0
    percent = show in ("share", "rate", "change")
    digits = len(f"{largest * (100 if percent else 1):,.0f}")
    return digits + {"money": 4, "ratio": 4, "rate": 4, "share": 3, "change": 4, "fraction": 3}.get(show, 1)


def _words_width(column: pd.Series, name: str, lang: Lang, most: float | None) -> float:
    if most is None and name in SENTENCES:
        return 48 if name.startswith("reason") else 30
    known = VALUES.get(name, {})
    longest = max((text_width(shown[lang]) for shown in known.values()), default=0)
    seen = display_width(column.head(SAMPLE))
    width = math.ceil(seen.max()) if len(seen) else 0
    return min(max(width if not known else min(width, 14), longest), most or MOST.get(name, 24))
