"""Rows of words with empty cells for campaign and ad group: sums under a label that no format declares, or damage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.identity import PLACE
from ppc_tuner.reports.cells import is_blank, where_text
from ppc_tuner.reports.formats import Layout
from ppc_tuner.reports.summing import SUMS
from ppc_tuner.text import Text

SHOWN: Final = {"campaign": Text("计划", "campaign"), "ad_group": Text("单元", "ad group")}
# A platform rounds the cost of every row and of the sum.
COST_ROUNDED: Final = 0.01


def placeless_totals(
    cells: Mapping[str, pd.Series[str]],
    facts: pd.DataFrame,
    day: pd.Series[pd.Timestamp] | None,
    layout: Layout,
    where: str,
) -> pd.Series[bool]:
    """True for rows that stand in no campaign and ad group, as the layout wants, and hold the sum of the others, or
    of those of their day.

    `cells`: the raw columns by canonical name; `facts`: what was read of them, index = source row. Raises InputError at
    file:row for such a row that holds no sum: a merged cell, or a line cut in two.
    """
    if layout.role != "report" or not {"campaign", "ad_group"} <= set(layout.required):
        return pd.Series(False, index=facts.index)
    placeless = pd.Series(True, index=facts.index)
    for name in PLACE:
        if name in cells:
            placeless &= where_text(cells[name], is_blank)
    if not placeless.any():
        return placeless
    sums = _is_sum(facts[placeless], facts[~placeless], None)
    if day is not None:
        sums |= _is_sum(facts[placeless], facts[~placeless], day)
    if not sums.all():
        raise _no_place(cells, sums.index[~sums.to_numpy()][0], where)
    return placeless


def half_told_places(
    cells: Mapping[str, pd.Series[str]], facts: pd.DataFrame, layout: Layout, where: str
) -> tuple[Text, ...]:
    """A note where the campaign or the ad group is blank in some rows and told in others, as of cells that were merged."""
    if layout.role != "report":
        return ()
    for name, shown in SHOWN.items():
        if name not in cells:
            continue
        blank = where_text(cells[name], is_blank)[facts.index]
        if blank.any() and not blank.all():
            return (
                Text(
                    f"{where}：{blank.sum():,} 行没有{shown.zh}（第一处在第 {blank.idxmax()} 行），按没有名字的算；若是合并过的格子，取消合并、填满再读",
                    f"{where}: {blank.sum():,} rows name no {shown.en} (the first is row {blank.idxmax()}) and count as one without a name; "
                    "if the cells were merged, unmerge and fill them",
                ),
            )
    return ()


def _is_sum(rows: pd.DataFrame, others: pd.DataFrame, day: pd.Series[pd.Timestamp] | None) -> pd.Series[bool]:
    """True where each of the figures is the sum of the others', or of the others of the same day."""
    equal = pd.Series(len(others) > 0, index=rows.index)
    for name in SUMS:
        if name not in rows.columns:
            continue
        if day is None:
            wanted = pd.Series(others[name].sum(), index=rows.index)
        else:
            wanted = day[rows.index].map(others[name].groupby(day[others.index]).sum())
        close = np.isclose(rows[name].fillna(0), wanted, rtol=COST_ROUNDED if name == "cost" else 1e-9)
        equal &= close | rows[name].isna()
    return equal


def _no_place(cells: Mapping[str, pd.Series[str]], row: int, where: str) -> InputError:
    shown = [str(cells[name].loc[row]).strip() for name in ("keyword", "search_term") if name in cells]
    return InputError(
        Text("这一行没有计划和单元，也不是其他行的合计", "a row stands in no campaign and ad group, and is no sum of the others"),
        where=f"{where}:{row}",
        found=", ".join(text for text in shown if text) or Text("空格子", "empty cells"),
        expected=Text("每行都写明计划和单元", "campaign and ad group in every row"),
        to_do=Text("取消合并单元格并填满，或重新下载；若是合计行，在格式文件的 totals.labels 里写上它的字样",
                   "unmerge the cells and fill them, or download again; if it is a total, add its label to `totals: labels` of a format file"),
    )  # fmt: skip
