"""Rows of a text that end before their figures do: a download broken off, or a word with a line break in it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.errors import InputError
from ppc_tuner.files.table import SHORT
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.text import Text

# A footnote fills one cell or two.
FILLED_BY_A_WORD: Final = 3


def refuse_cut_rows(raw: pd.DataFrame, kept: pd.DataFrame, found: Recognised) -> None:
    """InputError at file:row where a row names a word and ends before a column of figures that is used.

    raw, kept: all rows below the header, and those that are facts (rows × positions in the header, index = source row).
    """
    columns = found.match.columns
    figures = [at for name, at in columns.items() if name in FACTS and FACTS[name].kind in NUMBER_KINDS]
    last = max(figures, default=-1)
    for row, cells in raw.attrs.get(SHORT, {}).items():
        if cells <= last and (row in kept.index or _names_a_word(raw, row, columns)):
            raise InputError(
                Text("这一行不完整，数字没有写完", "a row is cut: it ends before its figures do"),
                where=f"{found.table.label}:{row}",
                found=Text(f"{cells} 格", f"{cells} cells"),
                expected=Text(f"{len(found.header.cells)} 格", f"{len(found.header.cells)} cells"),
                to_do=Text(
                    "多半是下载中断，或词里有未加引号的换行；请重新下载报表",
                    "most likely the download broke off, or a word holds a line break; download the report again",
                ),
            )


def _names_a_word(raw: pd.DataFrame, row: int, columns: dict[str, int]) -> bool:
    filled = [at for at in raw.columns if str(raw.loc[row, at]).strip()]
    named = {columns[name] for name in ("keyword", "search_term") if name in columns}
    return len(filled) >= FILLED_BY_A_WORD and bool(named & set(filled))
