"""Presale items: the orders placed count, not the orders paid so far (advice A19)."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.context.context import Context
from ppc_tuner.context.lookup import values_given

# Orders of a presale, paid or not.
PLACED: Final = ("orders_placed", "presale_conversions")
REPLACED: Final = {"conversions_with_presale": "conversions", "revenue_with_presale": "revenue"}


def presale_orders(facts: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Orders and revenue of facts once the orders placed of items on presale stand for the paid ones.

    They do where they are more. The frame has the index of `facts` and two columns: conversions_with_presale
    (count) and, where `facts` have revenue, revenue_with_presale (money). Revenue grows with the orders at
    the average of the paid ones; where none is paid yet it is the presale revenue reported, else unknown (the
    order value of like items then stands in). Without a presale item, or without a column of orders placed or
    presale orders, the frame has no columns.
    """
    placed = [name for name in PLACED if name in facts]
    nothing = pd.DataFrame(index=facts.index)
    if not context.gives("presale") or not placed or "conversions" not in facts:
        return nothing
    on_presale = values_given(facts, context).get("presale")
    if on_presale is None or not on_presale.fillna(False).any():
        return nothing
    paid = facts["conversions"].fillna(0)
    orders = facts[placed].max(axis=1).where(on_presale.fillna(False).astype(bool))
    more = orders > paid
    counted = pd.DataFrame({"conversions_with_presale": facts["conversions"].mask(more, orders)})
    if "revenue" in facts:
        grown = facts["revenue"] * orders / paid.where(paid > 0)
        unpaid = facts["presale_revenue"] if "presale_revenue" in facts else float("nan")
        counted["revenue_with_presale"] = facts["revenue"].mask(more, grown.where(paid > 0, unpaid))
    return counted


def with_presale_orders(facts: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Facts with presale_orders in place of conversions and revenue; the same frame without a presale."""
    counted = presale_orders(facts, context)
    if counted.empty:
        return facts
    return facts.assign(**{REPLACED[name]: counted[name] for name in map(str, counted)})
