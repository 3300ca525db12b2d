"""What a week is expected to look like if every recommendation is accepted."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ppc_tuner.summary.run import Run

EIGHTY = float(ndtri(0.9))


def forecast(run: Run) -> pd.DataFrame:
    """Cost, clicks, conversions, revenue and roas of a week: measure, now, expected, low, high (80 % range).

    Money in the run's currency, a week, or per reported period if the report has no dates. Orders and revenue
    are what the week's clicks bring in the end. The range allows for three things: how much weeks vary by
    chance (clicks as dispersed as the report's days, orders Poisson), how uncertain each word's rate is, and
    an effect of the changes known only to half its size; sums are taken as normal.
    """
    rows = run.spending
    more_clicks, more_cost = rows["clicks_change"].fillna(0), rows["cost_change"].fillna(0)
    now = _week(rows, rows["weekly_clicks"], rows["weekly_cost"])
    after = _week(rows, rows["weekly_clicks"] + more_clicks, rows["weekly_cost"] + more_cost)
    spread = _spreads(rows, now, after, _dispersion(run))
    frame = pd.DataFrame(
        {"measure": list(now), "now": list(now.values()), "expected": [after[name] for name in now]}
    )
    frame["low"] = [max(after[name] - EIGHTY * spread[name], 0) for name in now]
    frame["high"] = [after[name] + EIGHTY * spread[name] for name in now]
    return frame.assign(**run.key)


def _week(rows: pd.DataFrame, clicks: pd.Series, cost: pd.Series) -> dict[str, float]:
    week = {
        "cost": float(cost.sum()),
        "clicks": float(clicks.sum()),
        "conversions": float((clicks * rows["cvr"]).sum()),
        "revenue": float((clicks * rows["rpc"]).sum(min_count=1)),
    }
    return week | {"roas": week["revenue"] / week["cost"] if week["cost"] > 0 else np.nan}


def _dispersion(run: Run) -> float:
    """Variance ÷ mean of the account's daily clicks; 1 (Poisson) with fewer than 14 days."""
    if "date" not in run.facts or run.facts["date"].nunique() < 14:
        return 1.0
    facts = run.facts[run.facts["level"] == run.facts["level"].iloc[0]]
    daily = facts.groupby("date")["clicks"].sum()
    return max(float(daily.var() / daily.mean()), 1.0) if daily.mean() > 0 else 1.0


def _spreads(
    rows: pd.DataFrame, now: dict[str, float], after: dict[str, float], dispersion: float
) -> dict[str, float]:
    """Standard deviation of each of the week's sums."""
    effect = {name: (after[name] - now[name]) / 2 for name in after}
    clicks = float(np.hypot(np.sqrt(dispersion * max(after["clicks"], 0)), effect["clicks"]))
    share = clicks / max(after["clicks"], 1e-9)
    half_width = (rows["cvr_high80"] - rows["cvr_low80"]) / (2 * EIGHTY)
    rates = float(((rows["weekly_clicks"] * half_width) ** 2).sum())
    orders = float(np.sqrt(after["conversions"] + rates + (share * after["conversions"]) ** 2))
    order_share = orders / max(after["conversions"], 1e-9)
    return {
        "cost": float(np.hypot(share * after["cost"], effect["cost"])),
        "clicks": clicks,
        "conversions": orders,
        "revenue": order_share * after["revenue"],
        "roas": order_share * after["roas"],
    }
