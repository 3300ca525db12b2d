"""Presale items: what was ordered counts, not what has been paid (advice A19)."""

from __future__ import annotations

import pandas as pd

from ppc_tuner.context.joining import PLACED, given_values
from ppc_tuner.context.tables import Context


def with_presale_orders(facts: pd.DataFrame, context: Context) -> pd.DataFrame:
    """Facts in which the orders placed stand for the paid ones of items on presale, where that is more.

    Revenue grows with the orders at the paid ones' average; where nothing is paid yet it is the presale revenue reported,
    else unknown (the order value of like items then stands in). Without a presale item, or without a column of orders
    placed or presale orders, the facts are returned as they are.
    """
    placed = [name for name in PLACED if name in facts]
    if not context.gives("presale") or not placed or "conversions" not in facts:
        return facts
    on_presale = given_values(facts, context).get("presale")
    if on_presale is None or not on_presale.fillna(False).any():
        return facts
    paid = facts["conversions"].fillna(0)
    orders = facts[placed].max(axis=1).where(on_presale.fillna(False).astype(bool))
    more = orders > paid
    counted = facts.assign(conversions=facts["conversions"].mask(more, orders))
    if "revenue" in facts:
        grown = facts["revenue"] * orders / paid.where(paid > 0)
        unpaid = facts["presale_revenue"] if "presale_revenue" in facts else float("nan")
        counted["revenue"] = facts["revenue"].mask(more, grown.where(paid > 0, unpaid))
    return counted
