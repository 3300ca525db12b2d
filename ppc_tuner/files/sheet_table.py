"""A sheet of a workbook: cells as texts, and where a text could be read in two ways, numbers as numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.files.numbers import FIGURE, decimal_signs
from ppc_tuner.files.table import FrameTable, HeadRow
from ppc_tuner.files.typed_cells import EXACT

NUMBER: Final = r"-?\d*\.?\d+"
POINTED: Final = r"-?\d*\.\d+"
DECIMAL_OR_THOUSAND: Final = r"-?[1-9]\d{0,2}\.\d{3}"
ONLY_DECIMAL: Final = r"-?(?:\d*\.(?:\d{1,2}|\d{4,})|0*\.\d{3}|\d{4,}\.\d{3})"
ID_DIGITS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable(FrameTable):
    """holds_number: reads the workbook again; rows × columns, True where a cell holds a number."""

    holds_number: Callable[[], pd.DataFrame]

    def body(self, header: HeadRow, columns: Sequence[int] | None = None) -> pd.DataFrame:
        """The rows below `header`, index = source row.

        Columns hold categories (texts), or objects (texts and numbers) where `1.234` or a long id means
        another thing as a number than as a text.

        Raises InputError where the workbook cannot be read again.
        """
        below = FrameTable.body(self, header, columns)
        doubtful = in_doubt(below)
        if not doubtful:
            return below
        holds = self.holds_number().loc[below.index]
        below = below.copy(deep=False)
        for at in doubtful:
            below[at] = _with_numbers(below[at], holds[at])
        return below


def in_doubt(body: pd.DataFrame) -> list[int]:
    """The columns of a sheet (texts) whose meaning depends on which of their cells hold numbers.

    Numbers come with a decimal point and without any sign of grouping. As long as every text proves the
    point, nothing depends on it.
    """
    texts = {int(at): pd.Series(body[at].cat.categories) for at in body.columns}
    doubtful = [at for at, cells in texts.items() if _may_be_ruined(cells)]
    signed = {at: marked for at, cells in texts.items() if len(marked := _with_sign(cells))}
    unclear = [at for at, cells in signed.items() if _may_group_by_point(cells)]
    signs = decimal_signs((), [_figures_in_texts(cells) for cells in signed.values()])
    if unclear or signs.comma or (signs.either and not signs.point):
        doubtful += [at for at, cells in signed.items() if cells.str.fullmatch(POINTED).any()]
    return sorted(set(doubtful))


def _with_sign(cells: pd.Series[str]) -> pd.Series[str]:
    # Looking for a sign is many times as quick as for the form of a figure.
    return cells[cells.str.contains(".", regex=False) | cells.str.contains(",", regex=False)]


def _may_group_by_point(cells: pd.Series[str]) -> bool:
    return (
        bool(cells.str.fullmatch(DECIMAL_OR_THOUSAND).any()) and not cells.str.fullmatch(ONLY_DECIMAL).any()
    )


def _figures_in_texts(cells: pd.Series[str]) -> pd.Series[str]:
    """Figures that no number comes as: grouped, with a decimal comma, a per cent sign or a currency."""
    texts = cells[~cells.str.fullmatch(NUMBER)]
    return texts[texts.str.fullmatch(FIGURE)]


def _may_be_ruined(cells: pd.Series[str]) -> bool:
    """True where every long id reads as if it had been kept as a number."""
    long = cells[(cells.str.len() >= ID_DIGITS) & cells.str.isdecimal()]
    return len(long) > 0 and all(_reads_like_a_number(one) for one in long)


def _reads_like_a_number(digits: str) -> bool:
    number = float(digits)
    kept = np.format_float_positional(number, trim="-") == digits
    return kept and (number > EXACT or digits.endswith("0"))


def _with_numbers(cells: pd.Series[str], holds: pd.Series[bool]) -> pd.Series:
    """The cells as objects: a number where one is held, else the text."""
    texts = pd.Series(cells.cat.categories)
    figures = pd.to_numeric(texts, errors="coerce").astype("float64")
    numbers = np.array([_plainest(figure) for figure in figures], dtype=object)
    codes = cells.cat.codes.to_numpy()
    held = holds.to_numpy(dtype=bool) & figures.notna().to_numpy()[codes]
    return pd.Series(np.where(held, numbers[codes], cells.astype(object)), index=cells.index, dtype=object)


def _plainest(figure: float) -> float | int:
    """Whole numbers as such, so that a word or an id that is one is not written with a decimal."""
    return int(figure) if figure.is_integer() and abs(figure) <= EXACT else figure
