"""Which orders and which revenue count: settled once, on the facts, so that all later figures mean the same.

Orders: total or direct, with presale ones where that is set; for an item on presale those placed, not those
paid (advice A19). Revenue: net where the report has it, else total less the refund rate.
"""

from __future__ import annotations

import pandas as pd

from ppc_tuner.context.context import Context
from ppc_tuner.context.lookup import given_values
from ppc_tuner.settings import Settings

# Orders of a presale, paid or not.
PLACED = ("orders_placed", "presale_conversions")
# Each total, its direct part, and the presale part that it does not include.
TOTALS = {
    "revenue": ("direct_revenue", "presale_revenue"),
    "conversions": ("direct_conversions", "presale_conversions"),
}


def orders_that_count(facts: pd.DataFrame, context: Context, settings: Settings) -> pd.DataFrame:
    """Facts whose `conversions` and `revenue` (money) are those that count.

    `facts`: canonical facts of one account, n rows. `net_basis` (flag) is added: refunds were already taken
    off. Other columns that the report lacks are not added.
    """
    given = given_values(facts, context, ("presale", "refund_rate"))
    # Last of all: orders placed take the place of whatever counts as paid, and are never added to it.
    facts = _on_presale(_by_basis(facts, settings), given)
    if "revenue" not in facts:
        return facts
    rate = given["refund_rate"] if "refund_rate" in given else pd.Series(float("nan"), index=facts.index)
    kept = (1 - rate.fillna(settings.refund_rate)).where(~facts["net_basis"], 1.0)
    return facts.assign(revenue=facts["revenue"] * kept)


def _on_presale(facts: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Orders placed in the place of those that count so far for items on presale, where that is more.

    Revenue grows with the orders at the paid ones' average. Where nothing is paid yet it is the presale
    revenue reported, else unknown (the order value of like items then stands in).
    """
    placed = [name for name in PLACED if name in facts]
    if "presale" not in given or not placed or "conversions" not in facts:
        return facts
    on_presale = given["presale"].fillna(False).astype(bool)
    paid = facts["conversions"].fillna(0)
    orders = facts[placed].max(axis=1).where(on_presale)
    more = orders > paid
    counted = facts.assign(conversions=facts["conversions"].mask(more, orders))
    if "revenue" in facts:
        grown = facts["revenue"] * orders / paid.where(paid > 0)
        unpaid = facts["presale_revenue"] if "presale_revenue" in facts else float("nan")
        counted["revenue"] = facts["revenue"].mask(more, grown.where(paid > 0, unpaid))
        # What is not paid is not net of refunds either.
        counted["net_basis"] = facts["net_basis"] & ~(more & (paid <= 0))
    return counted


def _by_basis(facts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Direct, or total (net where reported), with or without presale."""
    facts = facts.assign(net_basis=False)
    for total, (direct, presale) in TOTALS.items():
        if settings.revenue_basis == "direct" and direct in facts:
            facts[total] = facts[direct].fillna(facts[total]) if total in facts else facts[direct]
            continue
        if total == "revenue" and "net_revenue" in facts:
            net = facts["net_revenue"]
            facts["net_basis"] = net.notna()
            facts[total] = net.fillna(facts[total]) if total in facts else net
        if settings.presale == "include" and presale in facts and total in facts:
            facts[total] = facts[total] + facts[presale].fillna(0)
    return facts
