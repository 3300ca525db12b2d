"""Rows that are the sum of others of their word or their place: a breakdown beside its own total would count twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.identity import ACCOUNT, PLACE, WORD
from ppc_tuner.reports.periods import DATES
from ppc_tuner.reports.placeless import COST_ROUNDED
from ppc_tuner.text import Text

FIGURES: Final = ("impressions", "clicks", "cost")
# With two rows one may equal the other by chance, and so may the small figures of a word or two.
LEAST_ROWS, LEAST_CLICKS = 3, 5
MOST_GROUPS: Final = 0.9
# Rows in which the words, places and days to look at are found.
FIRST_ROWS: Final = 20_000


def refuse_sums_of_others(facts: pd.DataFrame, where: str) -> None:
    """InputError where nearly all words of three rows or more a day, nearly all ad groups of as many words, or nearly all days
    have a row that holds the sum of the others: `All devices`, `小计`, `全部计划`."""
    if facts.empty or not {"clicks", "cost"} <= set(facts.columns):
        return
    for first_of, many, keys in ((WORD, 100, (*PLACE, *WORD)), (PLACE[::-1], 10, PLACE), (DATES, 1, ())):
        rows = _sums(facts, _among_first(facts, first_of, many), (*DATES, *ACCOUNT, *keys))
        if len(rows):
            raise _counted_twice(facts, rows, where)


def _among_first(facts: pd.DataFrame, names: Sequence[str], many: int) -> pd.Series[bool]:
    """True for all rows of the first words, places or days: what a report does, it does with all of them."""
    told = [name for name in names if name in facts.columns and _is_told(facts[name].iloc[0])]
    if not told:
        return pd.Series(True, index=facts.index)
    column = facts[told[0]]
    return column.isin(column.iloc[:FIRST_ROWS].unique()[:many])


def _is_told(cell: Any) -> bool:
    return bool(cell != "" and pd.notna(cell))


def _sums(facts: pd.DataFrame, looked_at: pd.Series[bool], keys: Sequence[str]) -> pd.Index:
    """The rows that hold the sum of the others of their group, where nearly all groups that are large enough have one."""
    names = [name for name in FIGURES if name in facts.columns]
    by = [name for name in keys if name in facts.columns]
    facts = facts.loc[looked_at, [*by, *names]]
    figures = facts[names].fillna(0)
    groups = figures.groupby([facts[name] for name in by], dropna=False, sort=False)
    size, total = groups["clicks"].transform("size"), groups.transform("sum")
    large = (size >= LEAST_ROWS) & (total["clicks"] >= 2 * LEAST_CLICKS)
    if not large.any():
        return facts.index[:0]
    rounded = {"cost": COST_ROUNDED * size}
    is_sum = large.copy()
    for name in names:
        is_sum &= (2 * figures[name] - total[name]).abs() <= rounded.get(name, 1e-9)
    number = groups.ngroup()
    with_sum = number[is_sum].nunique() / number[large].nunique()
    return facts.index[np.asarray(is_sum)] if with_sum >= MOST_GROUPS else facts.index[:0]


def _counted_twice(facts: pd.DataFrame, rows: pd.Index, where: str) -> InputError:
    row = facts.loc[rows[0]]
    shown = [
        str(row[name])
        for name in ("keyword", "search_term", "device", "match_type")
        if name in row.index and _is_told(row[name])
    ]
    return InputError(
        Text("有的行是其他行之和，会算两遍", "some rows are the sum of others and would count twice"),
        where=f"{where}:{rows[0]}",
        found=Text(f"如“{'，'.join(shown)}”", f"such as “{', '.join(shown)}”"),
        expected=Text("每次点击只在一行里", "every click in one row only"),
        to_do=Text("删掉这些合计行，或下载时不要细分（设备、时段、匹配方式）；若标签固定，可写进格式文件的 totals.labels",
                   "delete those rows, or download without the breakdown (device, hour, match type); labels that recur can go into `totals: labels` of a format file"),
    )  # fmt: skip
