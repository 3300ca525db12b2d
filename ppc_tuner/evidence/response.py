"""What the account's own bid changes say about the price of the next click.

Weeks are compared pairwise. Of a word's clicks in two weeks, the share in the later one is p, logit p = season + ε Δlog bid:
conditioning on the sum of both weeks removes what is the word's own (conditional Poisson), and the words whose bid stayed
give the season. In the same way Δlog CPC = season + η Δlog bid. Errors are widened by the scatter seen among unchanged words.
One more click then costs CPC (ε + η) / ε, so a bid b is shaded by 1 − s = b ε / (CPC (ε + η)); the estimate is drawn to the pack's
shade as by a prior with standard deviation shade_spread of log (1 − s). A regression of clicks on bids over words would be
biased (dear words are other words): only changes of the same word count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

WORD = (
    "channel", "campaign_id", "campaign", "ad_group_id", "ad_group", "item_id", "keyword_id", "keyword", "match_type", "device",
)  # fmt: skip
# What is known before any change: clicks ~ bid^.6 (seen: .16–1.5), CPC ~ bid^.85.
USUAL_CLICKS, CLICKS_SPREAD = 0.6, 0.35
USUAL_CPC, CPC_SPREAD = 0.85, 0.25
# Fewer clicks than this in two weeks say nothing of a change; fewer changed words nothing of the market.
LEAST_CLICKS, LEAST_CHANGES = 10, 5
SMALLEST_CHANGE = 0.02


@dataclass(frozen=True, slots=True)
class Response:
    """`shade` to use; `changes`: bid changes it was learnt from (0: the pack's own); elasticities of clicks and CPC."""

    shade: float
    changes: int
    click_elasticity: float
    cpc_elasticity: float


def learned_response(facts: pd.DataFrame, settings: Mapping[str, Any]) -> Response:
    """The shade of an account from its daily facts with bids (columns bid, clicks, cost, date and the keys of a word)."""
    pairs = week_pairs(facts)
    changed = pairs["step"].abs() > SMALLEST_CHANGE if len(pairs) else pd.Series(dtype=bool)
    if changed.sum() < LEAST_CHANGES or changed.all():
        return Response(float(settings["shade"]), 0, USUAL_CLICKS, USUAL_CPC)
    clicks, clicks_error = _slope(*_click_changes(pairs, changed), USUAL_CLICKS, CLICKS_SPREAD)
    cpc, cpc_error = _slope(*_cpc_changes(pairs, changed), USUAL_CPC, CPC_SPREAD)
    clicks, cpc = max(clicks, 0.05), max(cpc, 0.05)
    ratio = float((pairs["bid"] * pairs["clicks"]).sum() / pairs["cost"].sum())
    kept = np.log(ratio * clicks / (clicks + cpc))
    variance = (cpc / (clicks + cpc) * clicks_error / clicks) ** 2 + (cpc_error / (clicks + cpc)) ** 2
    prior, spread = np.log(1 - settings["shade"]), settings["shade_spread"]
    weight = spread**2 / (spread**2 + variance)
    shade = 1 - float(np.exp(weight * kept + (1 - weight) * prior))
    return Response(float(np.clip(shade, 0.0, 0.6)), int(changed.sum()), clicks, cpc)


def week_pairs(facts: pd.DataFrame) -> pd.DataFrame:
    """Words in two weeks that follow each other, each week with one bid: step (Δlog bid), clicks and cost before and after.

    Columns: week, step, before, after (clicks), cost_before, cost_after, and bid, clicks, cost of the later week.
    """
    if not {"date", "bid", "clicks", "cost"} <= set(facts) or facts["bid"].nunique() < 2:
        return pd.DataFrame()
    known = facts[facts["bid"].gt(0) & facts["date"].notna()]
    week = -(known["date"].max() - known["date"]).dt.days.floordiv(7)
    keys = [name for name in WORD if name in known]
    word = known.groupby(keys, dropna=False, sort=False).ngroup()
    grouped = known.groupby([word, week])
    weeks = grouped.agg(
        low=("bid", "min"), bid=("bid", "max"), clicks=("clicks", "sum"), cost=("cost", "sum")
    )
    weeks.index.names = ["word", "week"]
    weeks = weeks[weeks["low"] == weeks["bid"]].reset_index()
    later = weeks.merge(weeks.assign(week=weeks["week"] + 1), on=["word", "week"], suffixes=("", "_before"))
    later = later[later["clicks"] + later["clicks_before"] >= LEAST_CLICKS]
    return later.assign(
        step=np.log(later["bid"] / later["bid_before"]), before=later["clicks_before"], after=later["clicks"],
        cost_after=later["cost"],
    )  # fmt: skip


def _click_changes(pairs: pd.DataFrame, changed: pd.Series) -> tuple[Floats, Floats, Floats]:
    """Change of log clicks beyond the season, step and variance of each changed pair."""
    still = pairs[~changed]
    by_week = still.groupby("week")[["before", "after"]].sum()
    season = (by_week["after"] / by_week["before"].where(by_week["before"] > 0)).map(np.log)
    moved = ((pairs["after"] + 0.5) / (pairs["before"] + 0.5)).map(np.log)
    variance = 1 / (pairs["before"] + 0.5) + 1 / (pairs["after"] + 0.5)
    return _beyond_season(pairs, changed, moved, variance, season)


def _cpc_changes(pairs: pd.DataFrame, changed: pd.Series) -> tuple[Floats, Floats, Floats]:
    """Change of log CPC beyond the season, step and variance of each changed pair with clicks in both weeks."""
    both = (pairs["before"] > 0) & (pairs["after"] > 0)
    pairs, changed = pairs[both], changed[both]
    moved = ((pairs["cost_after"] / pairs["after"]) / (pairs["cost_before"] / pairs["before"])).map(np.log)
    variance = 0.25 * (1 / pairs["before"] + 1 / pairs["after"])
    still = pairs[~changed]
    weight = 1 / variance[~changed]
    season = (moved[~changed] * weight).groupby(still["week"]).sum() / weight.groupby(still["week"]).sum()
    return _beyond_season(pairs, changed, moved, variance, season)


def _beyond_season(
    pairs: pd.DataFrame, changed: pd.Series, moved: pd.Series, variance: pd.Series, season: pd.Series
) -> tuple[Floats, Floats, Floats]:
    beyond = moved - pairs["week"].map(season).fillna(season.mean())
    still = ~changed
    scatter = max(float((beyond[still] ** 2 / variance[still]).mean()), 1.0) if still.any() else 1.0
    return (
        beyond[changed].to_numpy(),
        pairs.loc[changed, "step"].to_numpy(),
        (variance[changed] * scatter).to_numpy(),
    )


def _slope(
    change: Floats, step: Floats, variance: Floats, usual: float, spread: float
) -> tuple[float, float]:
    """Weighted least squares through the origin, drawn to the usual slope; with its standard error."""
    information = float((step**2 / variance).sum()) + 1 / spread**2
    slope = (float((change * step / variance).sum()) + usual / spread**2) / information
    return slope, float(np.sqrt(1 / information))
