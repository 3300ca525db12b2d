"""Several tables below each other in one file: pages of one report, or reports that somebody has put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import HeadRow
from ppc_tuner.reports.cells import plain_text
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.header import same_name
from ppc_tuner.reports.overlap import KEY
from ppc_tuner.reports.periods import DATES, preamble_days
from ppc_tuner.reports.rows import NO_FIGURES, REPEATED
from ppc_tuner.text import Text

APART = Text("把它们分成几个文件，或分几份下载", "put them into files of their own, or download them apart")


def refuse_tables_put_together(
    left_out: Sequence[tuple[Text, pd.DataFrame]], facts: pd.DataFrame, found: Recognised
) -> None:
    """InputError where a header that stands again has other columns, other days, or the same days and words below it.

    left_out: rows of the source by why they are no facts; facts: index = source row.
    """
    headers = pd.concat([rows for reason, rows in left_out if reason is REPEATED] or [pd.DataFrame()])
    if headers.empty:
        return
    _refuse_other_columns(headers, found)
    _refuse_other_days([rows for reason, rows in left_out if reason is NO_FIGURES], headers, found)
    _refuse_same_words(headers.index, facts, found.table.label)


def _refuse_other_columns(headers: pd.DataFrame, found: Recognised) -> None:
    for at in found.match.columns.values():
        cells, wanted = plain_text(headers[at]), found.header.cells[at].strip()
        other = cells.map(same_name) != same_name(wanted)
        if other.any():
            row = cells.index[other.to_numpy()][0]
            raise InputError(
                Text("文件里又有一个表头，列不一样", "the file holds a second header with other columns"),
                where=f"{found.table.label}:{row}",
                found=f"“{cells.loc[row]}”",
                expected=Text(f"“{wanted}”，与第 {found.header.row} 行一样", f"“{wanted}”, as in row {found.header.row}"),
                to_do=APART,
            )  # fmt: skip


def _refuse_other_days(between: Sequence[pd.DataFrame], headers: pd.DataFrame, found: Recognised) -> None:
    """The days above the first header hold for all rows; another range above another header contradicts them."""
    if found.ways.period != "preamble" or set(DATES) & set(found.match.columns):
        return
    label, last = found.table.label, int(headers.index[-1])
    own = preamble_days(found.table.head, found.header, found.ways, label)
    rows = [
        HeadRow(int(row), int(row), tuple("" if pd.isna(cell) else str(cell) for cell in cells))
        for frame in between
        for row, cells in zip(frame.index, frame.to_numpy(dtype=object), strict=True)
        if row < last
    ]
    for row in rows:
        days = preamble_days([row], HeadRow(last, last, ()), found.ways, label)
        if days is not None and days != own:
            raise InputError(
                Text("文件里有几份不同时间的报表", "the file holds reports of different days"),
                where=f"{label}:{row.row}",
                found=f"{days[0]:%Y-%m-%d}..{days[1]:%Y-%m-%d}",
                expected=f"{own[0]:%Y-%m-%d}..{own[1]:%Y-%m-%d}" if own else Text("一份报表", "one report"),
                to_do=APART,
            )


def _refuse_same_words(headers: pd.Index, facts: pd.DataFrame, label: str) -> None:
    """A word may go on below the header of the next page; more of them in two tables are there twice."""
    names = [name for name in (*DATES, *KEY) if name in facts.columns]
    table = np.searchsorted(headers.to_numpy(), facts.index.to_numpy())
    word = facts.groupby(names, dropna=False, sort=False).ngroup()
    seen = pd.DataFrame({"word": word, "table": table}).drop_duplicates()
    again = seen["word"].duplicated()
    if again.sum() > len(headers):
        raise InputError(
            Text("两个表头下面有相同的日期和词，会算两遍", "the same days and words stand below two headers and would count twice"),
            where=f"{label}:{again.index[again.to_numpy()][0]}",
            found=Text(f"{again.sum():,} 个词和日期", f"{again.sum():,} words and days"),
            expected=Text("每个词和日期只在一张表里", "each of them in one table"),
            to_do=APART,
        )  # fmt: skip
