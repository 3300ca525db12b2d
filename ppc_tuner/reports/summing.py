"""Small facts about a table of facts: its days, its totals, the language of its header."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd

from ppc_tuner.reports.header import HAN

SUMS: Final = ("impressions", "clicks", "cost", "conversions", "revenue")
SMALLEST: Final = 6


def first_and_last(facts: pd.DataFrame) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """First and last day of facts; None where undated."""
    firsts = [facts[name].min() for name in ("date", "period_start") if name in facts.columns]
    lasts = [facts[name].max() for name in ("date", "period_end") if name in facts.columns]
    first = min((pd.Timestamp(day) for day in firsts if not pd.isna(day)), default=None)
    last = max((pd.Timestamp(day) for day in lasts if not pd.isna(day)), default=None)
    return first, last


def facts_totals(facts: pd.DataFrame) -> pd.DataFrame:
    """One row per currency: currency, rows, impressions, clicks, cost, conversions, revenue (NaN where not reported)."""
    grouped = facts.groupby("currency", sort=True)
    sums = grouped[[name for name in SUMS if name in facts.columns]].sum()
    # A sum of many cents is off by the last bits of a float: no money is smaller than this.
    totals = sums.round(SMALLEST).reindex(columns=list(SUMS)) + 0.0
    totals.insert(0, "rows", grouped.size())
    return totals.reset_index()


def chinese_header(cells: Iterable[str]) -> bool:
    """True where most used header cells are Chinese."""
    flags = [HAN.search(cell) is not None for cell in cells]
    return sum(flags) * 2 > len(flags)
