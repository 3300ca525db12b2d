"""Words with no evidence are moved only to learn: a small raise, chosen by what it may teach for what it costs.

A watched word that its peers hold worth more than its price, but whose clicks come too slowly to prove it within half a
year, may have its bid raised by ≤ learn_step. With μ = log(1 + target_change) the present guess of how far the best bid lies
above today's, n the clicks of that half year at the raised bid, a the Gamma shape of the value and r the conversion rate,

    s² = 1/a − 1/(a + n r)          value of learning = K E[max(0, μ')] = K (μ Φ(μ/s) + s φ(μ/s)),  μ' ~ N(μ, s²)
    expected extra cost a week = K (x^(ε+1) − 1),  x = 1 + learn_step,  K = expected clicks a week × expected CPC

: what the word may turn out to be worth, of which without clicks nothing is ever earned. Words are taken in the order of
value per cost while the sum of the extra costs stays ≤ learn_budget × the account's weekly cost. Expected clicks are the larger
of the recent pace and impressions × estimated CTR, at least min_weekly_clicks, so that no move counts as free. Units: money
and clicks a week. Normal approximation; valid for small steps. Source: Li, Mahdian, McAfee 2010, Value of learning in
sponsored search auctions: slight optimism for words under one expected conversion; which words those are is said by the
rule `to-learn` of the pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from ppc_tuner.bids import response
from ppc_tuner.bids.budget import movable

Floats = NDArray[np.float64]

RULE = "to-learn"
LEARN_UP = "learn_up"
PATIENCE_WEEKS = 26


def with_learning(
    rows: pd.DataFrame, needed: Floats, increment: float, settings: Mapping[str, Any]
) -> pd.DataFrame:
    """Rows plus `learn_up` (change) and the reason of the move; as they are where no word is moved to learn.

    `rows`: with verdicts; `needed`: clicks_needed of each. A step smaller than one increment is no move.
    """
    if not settings["learn_budget"]:
        return rows
    step = settings["learn_step"]
    clicks = expected_clicks(rows, settings["min_weekly_clicks"])
    cost = clicks * rows["cpc"].to_numpy(dtype=float)
    elasticities = _floats(rows, "click_elasticity"), _floats(rows, "cpc_elasticity")
    extra = response.cost_change(cost, np.full(len(rows), 1 + step), *elasticities)
    score = value_of_learning(rows, cost, clicks, step) / extra
    candidate = _candidates(rows, needed, clicks, increment, step) & np.isfinite(score) & (extra > 0)
    order = np.flatnonzero(candidate)[np.argsort(-score[candidate], kind="stable")]
    allowance = settings["learn_budget"] * rows["weekly_cost"].sum()
    chosen = order[np.cumsum(extra[order]) <= allowance]
    if not len(chosen):
        return rows
    up = np.zeros(len(rows))
    up[chosen] = step
    return _said(rows.assign(**{LEARN_UP: up}), rows.index[chosen], needed[chosen], extra[chosen])


def expected_clicks(rows: pd.DataFrame, least: float) -> Floats:
    """Clicks a week at today's bid: the recent pace, or what its impressions should bring; at least `least`."""
    pace = np.nan_to_num(rows["weekly_clicks"].to_numpy(dtype=float))
    if "weekly_impressions" in rows and "ctr" in rows:
        pace = np.fmax(pace, (rows["weekly_impressions"] * rows["ctr"]).to_numpy(dtype=float))
    return np.asarray(np.maximum(pace, least))


def value_of_learning(rows: pd.DataFrame, cost: Floats, clicks: Floats, step: float) -> Floats:
    """K E[max(0, μ')] of each row: money a week."""
    lead, shape, rate = (
        np.log1p(_floats(rows, "target_change")),
        _floats(rows, "value_shape"),
        _floats(rows, "cvr"),
    )
    further = PATIENCE_WEEKS * clicks * (1 + step) ** _floats(rows, "click_elasticity")
    spread = np.sqrt(1 / shape - 1 / (shape + further * rate))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = lead / spread
    hope = lead * ndtr(z) + spread * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    return np.asarray(cost * hope)


def _candidates(
    rows: pd.DataFrame, needed: Floats, clicks: Floats, increment: float, step: float
) -> NDArray[np.bool_]:
    watched = (rows["action"].eq("watch") & rows["rule"].eq(RULE)).to_numpy()
    whole = (rows["bid_basis"] != "given").to_numpy() | (_floats(rows, "bid") * step >= increment - 1e-9)
    hopeful = (_floats(rows, "target_change") > 0) & (needed > PATIENCE_WEEKS * clicks)
    return np.asarray(watched & movable(rows, rows["bid_basis"]) & whole & hopeful)


def _floats(rows: pd.DataFrame, name: str) -> Floats:
    return np.asarray(rows[name].to_numpy(dtype=float)) if name in rows else np.full(len(rows), np.nan)


def _said(rows: pd.DataFrame, at: pd.Index, needed: Floats, extra: Floats) -> pd.DataFrame:
    clicks = pd.Series(needed, index=at).map("{:,.0f}".format)
    money = pd.Series(extra, index=at).map("{:,.2f}".format)
    weeks = PATIENCE_WEEKS
    zh = f"；{weeks} 周也等不到还需的 " + clicks + " 次点击，小幅提价只为了学习，每周约多花 " + money
    en = (
        "; the "
        + clicks
        + f" clicks still needed would not come in {weeks} weeks: raised a little, only to learn, for some "
        + money
        + " more a week"
    )
    return rows.assign(
        reason_zh=rows["reason_zh"].add(zh.reindex(rows.index).fillna("")),
        reason_en=rows["reason_en"].add(en.reindex(rows.index).fillna("")),
    )
