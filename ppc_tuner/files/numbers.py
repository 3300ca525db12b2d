"""Text to numbers and ids, column-wise; every distinct text is read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

MISSING: Final = ("", "-", "--", "—", "–", "n/a")
PLAIN: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
GROUPED: Final = r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?"
# Sign, currency before, sign, figure, per cent or currency after.
DRESSED: Final = (
    rf"^(?P<sign>[+-]?)\s*(?:(?:[A-Z]{{0,3}}[$¥€£₹₩₽฿]|[A-Z]{{3}})\s*)?(?P<inner>[+-]?)"
    rf"(?P<figure>{GROUPED}|\d+\.?\d*|\.\d+)\s*(?P<after>%|元|[$¥€£₹₩₽฿]|[A-Z]{{3}})?$"
)
CENSORED: Final = r"^[<>≤≥]\s*[\d.,]+\s*%?$"
RUINED_ID: Final = r"^\d(?:\.\d+)?[eE]\+\d+$"


@dataclass(frozen=True, slots=True)
class Numbers:
    """values: float64, NaN where missing. wrong: True where a cell is filled but is no number. Same index."""

    values: pd.Series[float]
    wrong: pd.Series[bool]


def to_numbers(
    cells: pd.Series[str],
    *,
    share: bool = False,
    percent: Literal["fraction", "percent"] = "fraction",
    decimal: Literal[".", ","] = ".",
) -> Numbers:
    """Numbers of a column of text (or of numbers already): `1,234.50`, `￥3.20`, full-width digits, blanks.

    share: `2.35%` becomes .0235, bare figures are fractions or, with percent="percent", per cent; `< 10%` is
    missing. Elsewhere a per cent sign is wrong. decimal="," reads `1.234,50`.
    """
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return _from_numeric(cells)
    codes, distinct = pd.factorize(cells, use_na_sentinel=True)
    text = pd.Series(np.asarray(distinct, dtype=object)).astype("str").str.normalize("NFKC").str.strip()
    values, wrong = _read_distinct(_with_point(text, decimal), share=share)
    if share and percent == "percent":
        values = values.where(text.str.endswith("%"), values / 100)
    # Code -1 (missing cell) takes the extra last place.
    all_values = np.append(values.to_numpy(dtype=float), np.nan)
    all_wrong = np.append(wrong.to_numpy(dtype=bool), False)
    return Numbers(
        pd.Series(all_values[codes], index=cells.index, name=cells.name),
        pd.Series(all_wrong[codes], index=cells.index, name=cells.name),
    )


def to_ids(cells: pd.Series[str]) -> tuple[pd.Series[str], bool]:
    """Ids as text, exactly; NaN where blank. True where a spreadsheet has ruined them (`8.18E+11`)."""
    whole = cells.astype("Int64") if pd.api.types.is_float_dtype(cells.dtype) else cells
    text = whole.astype("string").astype("str").str.strip()
    text = text.mask(text.isin(["", "-", "--"]))
    return text, bool(text.str.fullmatch(RUINED_ID).fillna(False).any())


def _from_numeric(cells: pd.Series[str]) -> Numbers:
    values = cells.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    infinite = np.isinf(values)
    return Numbers(
        pd.Series(np.where(infinite, np.nan, values), index=cells.index, name=cells.name),
        pd.Series(infinite, index=cells.index, name=cells.name, dtype=bool),
    )


def _with_point(text: pd.Series[str], decimal: str) -> pd.Series[str]:
    if decimal == ".":
        return text
    swapped = text.str.replace(".", "\0", regex=False).str.replace(",", ".", regex=False)
    return swapped.str.replace("\0", ",", regex=False)


def _read_distinct(text: pd.Series[str], *, share: bool) -> tuple[pd.Series[float], pd.Series[bool]]:
    text = text.str.replace("−", "-", regex=False)
    missing = text.str.lower().isin(MISSING)
    if share:
        missing |= text.str.match(CENSORED)
    plain = text.str.fullmatch(PLAIN)
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
    figure = pd.to_numeric(parts["figure"].str.replace(",", "", regex=False), errors="coerce").astype(float)
    negative = (parts["sign"] == "-") ^ (parts["inner"] == "-")
    signed = figure.where(~negative, -figure)
    per_cent = parts["after"] == "%"
    return signed.where(~per_cent, signed / 100 if share else np.nan)
