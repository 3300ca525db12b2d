"""Small raises of words without evidence, made only to learn: what they may teach for what they cost.

A watched word that its peers suggest is worth more than its price, but whose clicks come too slowly to prove
it within patience_weeks, may have its bid raised by ≤ learn_step. With μ = log(1 + target_change) the present
estimate of how far the best bid lies above today's, n the clicks of those weeks at the raised bid, a the
Gamma shape of the value per click and r the conversion rate,

    s² = 1/a − 1/(a + n r)
    value of learning = K E[max(0, μ')] = K (μ Φ(μ/s) + s φ(μ/s)),  μ' ~ N(μ, s²)
    expected extra cost a week = K (x^(ε+η) − 1),  x = 1 + learn_step
    K = expected clicks a week × expected CPC

The value is what the word may prove to be worth, none of which is ever earned without clicks. Words are taken
in the order of value per cost while the extra costs sum to ≤ learn_budget × the account's weekly cost.
Expected clicks are the larger of the recent pace and impressions × estimated CTR, at least min_weekly_clicks,
so that no move looks free. Units: money and clicks a week. Normal approximation; valid for small steps.

Li, Mahdian & McAfee 2010, "Value of learning in sponsored search auctions": slight optimism for words under
one expected conversion. Which words those are is decided by the rules of the pack marked `learns`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from ppc_tuner.arrays import floats
from ppc_tuner.bids import response
from ppc_tuner.bids.budget import movable
from ppc_tuner.permission import Permission
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Learning:
    """Of n rows: `up`, the raise made only to learn (share, 0: none); `cost`, what it adds (money a week)."""

    up: Floats
    cost: Floats


def raises_to_learn(
    rows: pd.DataFrame, permitted: Permission, needed: Floats, increment: float, settings: Settings
) -> Learning:
    """Which watched words are raised to learn, and what that costs; n rows.

    `rows`: n decision rows with targets; `permitted`: what the rules permit of each; `needed`: clicks_needed
    of each; `increment`: smallest change of a bid (money). A raise below one increment is not made.
    """
    up, cost = np.zeros(len(rows)), np.full(len(rows), np.nan)
    if not settings.learn_budget:
        return Learning(up, cost)
    step = settings.learn_step
    clicks = expected_clicks(rows, settings.min_weekly_clicks)
    spent = clicks * rows["cpc"].to_numpy(dtype=float)
    elasticities = floats(rows, "click_elasticity"), floats(rows, "cpc_elasticity")
    extra = response.cost_change(spent, np.full(len(rows), 1 + step), *elasticities)
    patience = settings.patience_weeks
    score = value_of_learning(rows, spent, clicks, step, patience) / extra
    hopeful = (floats(rows, "target_change") > 0) & (needed > patience * clicks)
    watched = permitted.learns & (permitted.action == "watch") & movable(rows, rows["bid_basis"])
    candidate = watched & hopeful & _whole_step(rows, increment, step) & np.isfinite(score) & (extra > 0)
    order = np.flatnonzero(candidate)[np.argsort(-score[candidate], kind="stable")]
    allowance = settings.learn_budget * rows["weekly_cost"].sum()
    chosen = order[np.cumsum(extra[order]) <= allowance]
    up[chosen], cost[chosen] = step, extra[chosen]
    return Learning(up, cost)


def expected_clicks(rows: pd.DataFrame, least: float) -> Floats:
    """Clicks a week at today's bid (n,): the larger of pace and impressions × CTR, and at least `least`."""
    pace = np.nan_to_num(rows["weekly_clicks"].to_numpy(dtype=float))
    if "weekly_impressions" in rows and "ctr" in rows:
        pace = np.fmax(pace, (rows["weekly_impressions"] * rows["ctr"]).to_numpy(dtype=float))
    return np.asarray(np.maximum(pace, least))


def value_of_learning(rows: pd.DataFrame, cost: Floats, clicks: Floats, step: float, weeks: float) -> Floats:
    """K E[max(0, μ')] of each row (money a week).

    `cost`: K (money a week); `clicks`: a week; n each. `step`: share; `weeks`: of clicks at the raised bid.
    """
    lead, shape, rate = (
        np.log1p(floats(rows, "target_change")),
        floats(rows, "value_shape"),
        floats(rows, "cvr"),
    )
    further = weeks * clicks * (1 + step) ** floats(rows, "click_elasticity")
    spread = np.sqrt(1 / shape - 1 / (shape + further * rate))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = lead / spread
    hope = lead * ndtr(z) + spread * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.asarray(cost * hope)


def _whole_step(rows: pd.DataFrame, increment: float, step: float) -> NDArray[np.bool_]:
    """Where the step is at least one increment (money) of a known bid, or no bid is known."""
    unknown = (rows["bid_basis"] != "given").to_numpy()
    return np.asarray(unknown | (floats(rows, "bid") * step >= increment - 1e-9))
