"""Cells of a spreadsheet that are no values yet: merged ones are spread, formulas without a value and their faults refused."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.errors import InputError
from ppc_tuner.files.formulas import DIVIDED_BY_ZERO, FAULTS, NO_VALUE, UNCALCULATED, where_shown
from ppc_tuner.files.numbers import to_numbers
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.text import Text

# What tells rows apart; elsewhere a text may be wrong without a word being judged wrongly.
WORDS: Final = ("keyword", "search_term", "campaign", "ad_group")


def with_merged(raw: pd.DataFrame, found: Recognised) -> pd.DataFrame:
    """The rows of a sheet; a text that was merged over several rows stands in each of them. Same index and columns.

    A figure that was merged stays in its first row: it is that of all of them together.
    """
    if not found.table.merged:
        return raw
    texts = {at for name, at in found.match.columns.items() if _kind(name) not in NUMBER_KINDS}
    raw = raw.copy(deep=False)
    for at in sorted({merged.at for merged in found.table.merged} & texts):
        source = np.arange(len(raw))
        for merged in found.table.merged:
            first = raw.index.searchsorted(merged.first)
            if merged.at == at and merged.first > found.header.end:
                source[first : raw.index.searchsorted(merged.last, "right")] = first
        raw[at] = raw[at].iloc[source].set_axis(raw.index)
    return raw


def refuse_without_value(cells: dict[str, pd.Series], found: Recognised) -> None:
    """InputError at the first cell of a used column that holds a formula without a value, or a word that is a fault."""
    for name, column in cells.items():
        header = found.header.cells[found.match.columns[name]].strip()
        _refuse(column, where_shown(column, [UNCALCULATED]), found, Text(
            f"“{header}”列的公式没有算出值", f"a formula in column “{header}” was never calculated"), NO_VALUE)  # fmt: skip
        if name in WORDS:
            _refuse(column, where_shown(column, FAULTS), found, Text(
                f"“{header}”列的公式出错", f"a formula in column “{header}” is at fault"), None)  # fmt: skip


def without_divisions(cells: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """The columns of a table; what was divided by no clicks at all is blank."""
    divided = {
        name: where_shown(column, [DIVIDED_BY_ZERO])
        for name, column in cells.items()
        if _kind(name) in NUMBER_KINDS
    }
    names = [name for name, where in divided.items() if where.any()]
    if not names or "clicks" not in cells:
        return cells
    idle = to_numbers(cells["clicks"]).values.fillna(0).eq(0)
    return cells | {name: cells[name].astype(object).mask(divided[name] & idle, "") for name in names}


def _kind(name: str) -> str:
    return FACTS[name].kind if name in FACTS else "text"


def _refuse(
    cells: pd.Series, wrong: pd.Series[bool], found: Recognised, problem: Text, shown: Text | None
) -> None:
    if wrong.any():
        row = wrong.index[wrong.to_numpy()][0]
        raise InputError(
            problem,
            where=f"{found.table.label}:{row}",
            found=shown or f"“{cells.loc[row]}”",
            expected=Text("算好的值", "a value"),
            to_do=Text(
                "在 Excel 或 WPS 里打开，改好公式并保存，或把公式换成值",
                "open the file in Excel or WPS, mend the formula and save, or replace it by its value",
            ),
        )
