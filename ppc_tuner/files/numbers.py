"""Text to numbers and ids, column-wise; every distinct text is read once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from ppc_tuner.files.distinct import distinct, is_blank
from ppc_tuner.files.typed_cells import id_texts, is_number

Decimal = Literal[".", ","]

PLAIN: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
# Groups of three, or of two before the last three as India writes them; one sign of grouping in a figure.
# None begins with a nought: 0,123 is no 123.
GROUPED: Final = r"[1-9]\d{0,2}(?:(?:,\d{2,3})*,\d{3}|(?: \d{3})+|(?:'\d{3})+)(?:\.\d*)?"
MONEY: Final = r"[A-Z]{0,3}[$¥€£₹₩₽฿₺₫₴₪]|[A-Z]{3}|元|円|kr|zł|TL|руб\.?|Rs\.?"
# Sign, currency before, sign, figure, per cent or currency after.
DRESSED: Final = (
    rf"^(?P<sign>[+-]?)\s*(?:(?P<before>{MONEY})\s*)?(?P<inner>[+-]?)"
    rf"(?P<figure>{GROUPED}|\d+\.?\d*|\.\d+)\s*(?P<after>%|{MONEY})?$"
)
FIGURE: Final = rf"[+-]?\s*(?:(?:{MONEY})\s*)?[+-]?[\d.,' ]*\d[.,]?\s*(?:%|{MONEY})?"
CENSORED: Final = r"^[<>≤≥]\s*[\d.,]+\s*%?$"
GUARDED_ID: Final = r"""^(?:\[(\d+)\]|="([^"]*)"|'(\d+)|(\d{1,15})\.0+)$"""
GROUPED_ID: Final = r"^[1-9]\d{0,2}(?:,\d{3})+$"
RUINED_ID: Final = r"^(?:\d(?:\.\d+)?[eE]\+\d+|\d{16,}\.0+)$"
# Marks of footnotes, which would become digits of the figure before them.
RAISED: Final = r"[\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ff]"
# Enough rows to show how a file writes its figures.
FIRST_ROWS: Final = 5_000
# Beyond it a float has no cents left, and no report has such a figure.
LARGEST: Final = 1e15
# One sign with three digits behind it: a decimal or a thousand, as long as nothing else in the table tells.
EITHER: Final = r"(?<![\d.,'])(?<!\d )[1-9]\d{0,2}(?P<sign>[.,])\d{3}(?![\d.,'])"


@dataclass(frozen=True, slots=True)
class Numbers:
    """values: float64, NaN where missing. wrong: True where a cell is filled but is no number. Same index."""

    values: pd.Series[float]
    wrong: pd.Series[bool]


@dataclass(frozen=True, slots=True)
class DecimalSigns:
    """What cells prove: one written with a decimal point, one with a comma, one that may be either.

    Each is an example, empty where there is none.
    """

    point: str
    comma: str
    either: str


def to_numbers(
    cells: pd.Series[str],
    *,
    share: bool = False,
    percent: Literal["fraction", "percent"] = "fraction",
    decimal: Decimal = ".",
) -> Numbers:
    """Numbers of a column of texts, numbers or both: `1,234.50`, `￥3.20`, full-width digits, blanks.

    share: `2.35%` becomes .0235, bare figures are fractions or, with percent="percent", per cent; `< 10%` is
    missing. Elsewhere a per cent sign is wrong. decimal="," reads `1.234,50`. Thousands are grouped by the
    other sign, by spaces or apostrophes, by three or, as in India, by two.
    """
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return _from_numeric(cells, 100 if share and percent == "percent" else 1)
    found = distinct(cells)
    text = _plain(found.cells)
    # A number is written with a point, whatever the sign of the texts beside it.
    pointed = text if decimal == "." else text.where(is_number(found.cells), _with_point(text))
    values, wrong = _read_distinct(pointed, share=share)
    wrong = wrong.astype(bool) | (values.abs() > LARGEST)
    if share and percent == "percent":
        values = values.where(text.str.endswith("%"), values / 100)
    return Numbers(found.spread(values), found.spread(wrong.astype(bool), missing=False))


def decimal_signs(
    counts: Iterable[pd.Series[str]], others: Iterable[pd.Series[str]], *, every_row: bool = False
) -> DecimalSigns:
    """What the cells of a table prove about its decimal sign.

    counts: columns of whole numbers, in which a sign before three digits can only group. others: columns that
    may hold fractions. Numbers, and cells that hold more than a figure, prove nothing. The first rows are
    looked at alone where they prove it, unless `every_row`.
    """
    whole, any_figure = ([column for column in group if _is_text(column)] for group in (counts, others))
    first = _signs(
        [column.iloc[:FIRST_ROWS] for column in whole], [column.iloc[:FIRST_ROWS] for column in any_figure]
    )
    if every_row:
        return _signs(whole, any_figure)
    short = all(len(column) <= FIRST_ROWS for column in (*whole, *any_figure))
    return first if short or first.point or first.comma else _signs(whole, any_figure)


def money_signs(cells: pd.Series[str]) -> pd.Series[str]:
    """The currency sign or code that each cell carries; NaN where it carries none. Same index."""
    every = distinct(cells)
    parts = _plain(every.cells).str.replace(",", ".", regex=False)
    found = parts.str.extract(rf"^[+-]?\s*(?P<before>{MONEY})?[^A-Za-z]*?(?P<after>{MONEY})?$")
    return every.spread(found["before"].fillna(found["after"]).astype("str"))


def to_ids(cells: pd.Series[str]) -> tuple[pd.Series[str], bool]:
    """Ids as text, exactly; NaN where blank. True where a spreadsheet has ruined them: `8.18E+11`, or
    numbers whose last digits are lost.

    What is put around an id against spreadsheets, or into it by them, is no part of it: `[829…]`, `="829…"`,
    `'829…`, `829.00`, `829,123`.
    """
    found = distinct(cells)
    text = id_texts(found.cells).str.strip()
    if text.str.isdecimal().all():
        return found.spread(text), False
    text = text.str.replace(GUARDED_ID, lambda hit: next(filter(None, hit.groups()), ""), regex=True)
    text = text.where(~text.str.fullmatch(GROUPED_ID), text.str.replace(",", ""))
    text = text.mask(is_blank(text))
    return found.spread(text), bool(text.str.fullmatch(RUINED_ID).fillna(False).any())


def _from_numeric(cells: pd.Series[str], unit: int) -> Numbers:
    values = cells.astype("Float64").to_numpy(dtype=float, na_value=np.nan) / unit
    infinite = np.isinf(values)
    return Numbers(
        pd.Series(np.where(infinite, np.nan, values), index=cells.index, name=cells.name),
        pd.Series(infinite, index=cells.index, name=cells.name, dtype=bool),
    )


def _plain(text: pd.Series[str]) -> pd.Series[str]:
    """One form of digits, spaces, apostrophes and signs."""
    text = text.astype("str")
    if text.str.isascii().all():
        return text.str.strip()
    plain = text.str.replace(RAISED, "?", regex=True).str.normalize("NFKC").str.strip()
    for strange, usual in (("−", "-"), ("’", "'"), ("\ufeff", "")):
        plain = plain.str.replace(strange, usual, regex=False)
    return plain


def _is_text(column: pd.Series) -> bool:
    kinds = pd.api.types
    return not kinds.is_numeric_dtype(column.dtype) and not kinds.is_datetime64_any_dtype(column.dtype)


def _signs(counts: Sequence[pd.Series[str]], others: Sequence[pd.Series[str]]) -> DecimalSigns:
    whole, any_figure = _texts(counts), _texts(others)
    both = [*whole, *any_figure]
    return DecimalSigns(
        _first(both, _decimal_pattern(".")) or _first(whole, EITHER, ","),
        _first(both, _decimal_pattern(",")) or _first(whole, EITHER, "."),
        _first(any_figure, EITHER),
    )


def _texts(columns: Sequence[pd.Series[str]]) -> list[str]:
    """The distinct figures of columns of text that hold more than digits, in their order."""
    every = [distinct(column).cells for column in columns]
    parts = [cells[~is_number(cells)].astype("str") for cells in every]
    plain = _plain(pd.concat(parts, ignore_index=True)).to_list() if parts else []
    is_figure = re.compile(FIGURE, re.ASCII).fullmatch
    # Digits alone prove nothing.
    return [text for text in plain if not text.isdecimal() and is_figure(text)]


def _decimal_pattern(sign: str) -> str:
    """Figures in which `sign` can be nothing but the decimal sign, or the other one nothing but grouping."""
    point, group = (r"\.", ",") if sign == "." else (",", r"\.")
    figure = r"(?<![\d.,'])"
    return "|".join(
        (
            # 1.5  1,234.50  .5
            rf"{figure}(?:\d*|\d{{1,3}}(?:{group}\d{{2,3}})+){point}\d{{1,2}}(?!\d|[.,]\d)",
            rf"{figure}(?:\d*|\d{{1,3}}(?:{group}\d{{2,3}})+){point}\d{{4,}}(?!\d|[.,]\d)",  # 0.08486
            # 0.123  1,234.567
            rf"{figure}(?:0|\d{{4,}}|\d{{1,3}}(?:{group}\d{{2,3}})+){point}\d{{3}}(?!\d|[.,]\d)",
            rf"{figure}\d{{1,3}}(?:[ ']\d{{3}})+{point}\d",  # 1 234.5
            rf"{figure}\d{{1,3}}(?:{group}\d{{2,3}})+{group}\d{{3}}(?!\d|[.,]\d)",  # 1,234,567
        )
    )


def _first(texts: Iterable[str], pattern: str, sign: str = "") -> str:
    """The first text in which the pattern is found (with that sign), or nothing."""
    search = re.compile(pattern).search
    return next((text for text in texts if (hit := search(text)) and (not sign or hit["sign"] == sign)), "")


def _with_point(text: pd.Series[str]) -> pd.Series[str]:
    swapped = text.str.replace(r"(?<!\d)\.|\.(?!\d)", "\1", regex=True).str.replace(".", "\0", regex=False)
    swapped = swapped.str.replace(",", ".", regex=False).str.replace("\0", ",", regex=False)
    return swapped.str.replace("\1", ".", regex=False)


def _read_distinct(text: pd.Series[str], *, share: bool) -> tuple[pd.Series[float], pd.Series[bool]]:
    plain = text.str.fullmatch(PLAIN)
    if plain.all():
        values = pd.to_numeric(text, errors="coerce").astype(float)
        values = values.where(np.isfinite(values))
        return values, values.isna()
    missing = is_blank(text)
    if share:
        missing |= text.str.match(CENSORED)
    values = pd.to_numeric(text.where(plain), errors="coerce").astype(float)
    rest = text[~plain & ~missing]
    if len(rest):
        values = values.where(
            ~values.index.isin(rest.index), _dressed(rest, share=share).reindex(values.index)
        )
    values = values.where(np.isfinite(values))
    return values, values.isna() & ~missing


def _dressed(text: pd.Series[str], *, share: bool) -> pd.Series[float]:
    parts = text.str.extract(DRESSED)
    figure = pd.to_numeric(parts["figure"].str.replace(r"[, ']", "", regex=True), errors="coerce").astype(
        float
    )
    negative = (parts["sign"] == "-") | (parts["inner"] == "-")
    one_sign = (parts["sign"] == "") | (parts["inner"] == "")
    signed = figure.where(~negative, -figure).where(one_sign)
    per_cent = parts["after"] == "%"
    return signed.where(~per_cent, signed / 100 if share else np.nan)
