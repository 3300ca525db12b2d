"""Orders and revenue that cannot be true: one row that outweighs all others and lies far from its kind.

x = log of revenue per order, or of orders per click, of each row that has both. A row is far from its kind
where x lies more than FAR robust standard deviations above the median of the account, and above those of its
own item and of its own word where they have enough rows. The scale is 1.4826 × the median absolute deviation,
at least LEAST_SCALE. Such rows are held only where together they outweigh all the other rows of the file:
less than that moves no list by much, and a large order may be true. Hampel 1974 (median and MAD).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.identity import NAMED_ITEM, WORD
from ppc_tuner.text import Text

FAR, LEAST_SCALE = 8.0, 0.5
# Fewer rows do not show what is usual: of the account, of an item or word.
ENOUGH_ROWS, ENOUGH_OF_A_KIND = 10, 5
RATIOS: Final = (("revenue", "conversions"), ("conversions", "clicks"))
# What is not known of a row whose orders or revenue are not believed.
UNKNOWN: Final = ("conversions", "revenue")


def rows_beyond_belief(facts: pd.DataFrame) -> pd.Series[str]:
    """Row of the file → what is said of it, for the rows whose orders and revenue are not to be believed.

    `facts`: canonical facts of one report.
    """
    told: dict[int, Text] = {}
    for top, bottom in RATIOS:
        if top in facts and bottom in facts:
            far = _far(facts, top, bottom)
            if far.any() and facts.loc[far, top].sum() > facts.loc[~far, top].clip(lower=0).sum():
                told |= {int(row): _said(facts, int(row), top, bottom) for row in facts.index[far]}
    return pd.Series(told, dtype=object)


def held_back(facts: pd.DataFrame, rows: pd.Index) -> pd.DataFrame:
    """The facts with the orders and revenue of these rows unknown."""
    hit = facts.index.isin(rows)
    return facts.assign(**{name: facts[name].mask(hit) for name in UNKNOWN if name in facts})


def _far(facts: pd.DataFrame, top: str, bottom: str) -> pd.Series[bool]:
    both = (facts[top] > 0) & (facts[bottom] > 0)
    logs: pd.Series[float] = (facts[top] / facts[bottom]).where(both).map(np.log, na_action="ignore")
    if both.sum() < ENOUGH_ROWS:
        return both & False
    middle = logs.median()
    scale = max(1.4826 * float((logs - middle).abs().median()), LEAST_SCALE)
    far: pd.Series[bool] = (logs - middle) > FAR * scale
    for names in (NAMED_ITEM, WORD):
        known = [name for name in names if name in facts]
        if known and far.any():
            groups = logs.groupby([facts[name] for name in known], dropna=False)
            near = (logs - groups.transform("median")) <= FAR * scale
            far &= ~(near & (groups.transform("count") >= ENOUGH_OF_A_KIND))
    return far


def _said(facts: pd.DataFrame, row: int, top: str, bottom: str) -> Text:
    figure, of = float(facts[top].loc[row]), float(facts[bottom].loc[row])
    usual = float((facts[top] / facts[bottom])[(facts[top] > 0) & (facts[bottom] > 0)].median())
    said = {
        "revenue": Text(
            f"成交金额 {figure:,.2f}（{of:,.4g} 笔），平时每笔约 {usual:,.2f}",
            f"revenue {figure:,.2f} of {of:,.4g} orders, where an order usually brings {usual:,.2f}",
        ),
        "conversions": Text(
            f"{of:,.4g} 次点击成交 {figure:,.4g} 笔，平时每次点击约 {usual:,.3f} 笔",
            f"{figure:,.4g} orders of {of:,.4g} clicks, where a click usually brings {usual:,.3f}",
        ),
    }[top]
    return Text(
        f"{said.zh}：不可信，这一行的成交不计入；请核对并改正后再运行",
        f"{said.en}: beyond belief, so the orders of this row do not count; check it, mend it and run again",
    )
