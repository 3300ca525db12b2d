"""Totals of facts."""

from __future__ import annotations

from typing import Final

import pandas as pd

SUMS: Final = ("impressions", "clicks", "cost", "conversions", "revenue")
SMALLEST: Final = 6


def facts_totals(facts: pd.DataFrame) -> pd.DataFrame:
    """One row per currency: currency, rows, impressions, clicks, cost, conversions, revenue (NaN where not reported)."""
    grouped = facts.groupby("currency", sort=True)
    sums = grouped[[name for name in SUMS if name in facts.columns]].sum()
    # A sum of many cents is off by the last bits of a float: no money is smaller than this.
    totals = sums.round(SMALLEST).reindex(columns=list(SUMS)) + 0.0
    totals.insert(0, "rows", grouped.size())
    return totals.reset_index()
