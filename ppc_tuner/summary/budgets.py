"""What the budgets are, what is spent, and what the last money spent earns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ppc_tuner.columns import ITEM_ACTIONS
from ppc_tuner.summary.run import Run


def budgets(run: Run) -> pd.DataFrame:
    """One row for each budget: campaign (empty: the account), budget, now, expected (money a week), multiplier, last_earns.

    `expected`: if every recommendation is accepted. `multiplier`: m of the words that this budget alone binds; for the
    account those of campaigns without a budget of their own, if there are any, and the least bound of them. `last_earns`: margin that
    the last money spent on these words brings at their targets, 1 / m; empty unless the objective is profit.
    """
    rows = run.rows[~run.rows["action"].isin(ITEM_ACTIONS)]
    rows = rows[rows["level"] == rows["level"].iloc[0]]
    campaign = rows["campaign"] if "campaign" in rows else pd.Series("", index=rows.index)
    own = campaign.isin(list(run.budget.campaigns))
    parts = [("", run.budget.account, pd.Series(True, index=rows.index), ~own if (~own).any() else own)]
    parts += [(name, limit, campaign.eq(name), campaign.eq(name)) for name, limit in run.budget.campaigns.items()]
    lines = [
        {"campaign": name, "budget": limit, **_figures(rows[spent], rows[bound])}
        for name, limit, spent, bound in parts
        if np.isfinite(limit) and spent.any()
    ]
    frame = pd.DataFrame(lines)
    if frame.empty:
        return frame
    by_profit = run.pack.settings["objective"] == "profit" and rows["value_per_click"].notna().any()
    return frame.assign(last_earns=1 / frame["multiplier"] if by_profit else np.nan, **run.key)


def _figures(spent: pd.DataFrame, bound: pd.DataFrame) -> dict[str, float]:
    now = float(spent["weekly_cost"].sum())
    multiplier = bound["budget_multiplier"].fillna(1.0).max() if "budget_multiplier" in bound else 1.0
    return {"now": now, "expected": now + float(spent["cost_change"].sum()), "multiplier": float(multiplier)}
