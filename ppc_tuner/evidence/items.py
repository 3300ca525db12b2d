"""How each ad (item, else ad group) stands as a whole: its click-through against its peers, its value per visitor.

Advice A3: when most words of one ad are low together, it is the picture. Advice A18: what counts is the value of a
visitor. One ad is compared with the other ads of the same channel only (A12).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import gammainc, ndtr

from ppc_tuner.columns import ITEMS
from ppc_tuner.evidence.rates import TYPICAL_CVR, hierarchical_rate
from ppc_tuner.evidence.values import hierarchical_average

NAMES = (
    "platform",
    "account",
    "currency",
    "channel",
    "campaign_id",
    "campaign",
    "ad_group_id",
    "ad_group",
    "item_id",
    "item",
)
SUMS = (
    "impressions", "clicks", "cost", "conversions", "revenue", "period_impressions", "period_clicks", "period_cost",
    "period_revenue", "before_impressions", "before_clicks", "before_cost", "before_revenue", "weekly_impressions",
    "weekly_clicks", "weekly_cost",
)  # fmt: skip


def item_rows(rows: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """One row for each ad of the decision rows: ad_key, names, sums, and the columns of columns.ITEMS.

    `rows`: keyword rows of one account with `kind`, `ctr` and `ad_key`. Only live words count. With fewer than two ads
    in a channel, or where the report does not tell items, nothing can be compared: those columns are empty.
    """
    grouped = rows.groupby("ad_key", sort=False)
    names = [name for name in NAMES if name in rows]
    items = grouped[names].first()
    shared = grouped[names].nunique(dropna=False).eq(1)
    items = items.where(shared)
    items = items.join(grouped[[name for name in SUMS if name in rows]].sum(min_count=1))
    items = items.join(_against_peers(rows, settings)).join(_value_scores(rows))
    items["item_words"] = grouped.size().astype(float)
    items["level"] = "item"
    return items.reset_index()


def with_item_figures(rows: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Decision rows plus the figures of the ad that each belongs to (columns.ITEMS)."""
    figures = [name for name in ITEMS if name in items]
    return rows.merge(items[["ad_key", *figures]], on="ad_key", how="left", validate="many_to_one")


def _peer_ctr(rows: pd.DataFrame) -> pd.Series:
    """CTR that the row's kind of word has under the other ads of its channel; empty where there is no other."""
    kind = ["channel", "kind"] if "channel" in rows else ["kind"]
    figures = rows[["counted_impressions", "counted_clicks"]]
    all_ads = figures.groupby([rows[name] for name in kind], dropna=False).transform("sum")
    this_ad = figures.groupby([rows[name] for name in [*kind, "ad_key"]], dropna=False).transform("sum")
    others = all_ads - this_ad
    return others["counted_clicks"] / others["counted_impressions"].where(others["counted_impressions"] > 0)


def _has_item(rows: pd.DataFrame) -> pd.Series:
    """Whether the report tells what is sold: a picture can only be low where there is one."""
    names = [name for name in ("item_id", "item") if name in rows]
    return rows[names].notna().any(axis=1)


def _live(rows: pd.DataFrame) -> pd.Series:
    return rows["status"].ne("paused") if "status" in rows else pd.Series(True, index=rows.index)


def _against_peers(rows: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    peer = _peer_ctr(rows)
    # Half of all normal words lie below their peers' mean: low is what lies halfway to the ratio of a low item.
    low_below = (1 + settings["picture_ratio"]) / 2
    comparable = (peer > 0) & _has_item(rows) & _live(rows)
    seen = rows["counted_impressions"].where(comparable, 0.0)
    low = comparable & (rows["ctr"] < low_below * peer)
    # A word that is hardly shown says nothing of the picture.
    shown = seen > 0.01 * seen.groupby(rows["ad_key"]).transform("sum")
    sums = pd.DataFrame(
        {
            "ad_key": rows["ad_key"],
            "seen": seen,
            "low": seen.where(low, 0.0),
            "words": shown.astype(float),
            "low_words": (shown & low).astype(float),
            "clicks": rows["counted_clicks"].where(comparable, 0.0),
            "expected": seen * peer.fillna(0.0),
        }
    ).groupby("ad_key", sort=False).sum()  # fmt: skip
    known = sums["expected"] > 0
    rate = hierarchical_rate(sums["clicks"].to_numpy(), sums["expected"].to_numpy(), [], 1.0)
    p_low = gammainc(rate.shape, rate.per_unit * settings["picture_ratio"])
    low_share = sums["low"] / sums["seen"].where(known)
    most_words = sums["low_words"] > 0.5 * sums["words"]
    together = most_words & (low_share >= settings["picture_share"]) & (p_low >= settings["picture_sure"])
    return pd.DataFrame(
        {
            "item_low_share": low_share,
            "item_ctr_ratio": (sums["clicks"] / sums["expected"].where(known)),
            "item_ctr_p_low": pd.Series(p_low, index=sums.index).where(known),
            "item_ctr_low": together.astype("boolean").where(known),
        }
    )


def _value_scores(rows: pd.DataFrame) -> pd.DataFrame:
    """P(a click on this ad is worth more than one on a random other ad of its channel); each channel for itself."""
    wanted = ["counted_conversions", "exposure", "counted_revenue"]
    figures = rows.reindex(columns=wanted)
    figures["margin"] = rows["margin"]
    channel = rows["channel"].fillna("") if "channel" in rows else pd.Series("", index=rows.index)
    scores = []
    for _, part in figures.groupby(channel, sort=False):
        ads = part.groupby(rows["ad_key"][part.index], sort=False)
        scores.append(_scores_in_channel(ads[wanted].sum(), ads["margin"].mean()))
    return (
        pd.concat(scores).to_frame("item_value_score")
        if scores
        else pd.DataFrame(columns=["item_value_score"])
    )


def _scores_in_channel(ads: pd.DataFrame, margin: pd.Series) -> pd.Series:
    """Log-normal approximation of margin × CVR × AOV against its peers' prior; empty where there is only one ad."""
    conversions, revenue = ads["counted_conversions"].to_numpy(), ads["counted_revenue"].to_numpy()
    cvr = hierarchical_rate(conversions, ads["exposure"].to_numpy(), [], TYPICAL_CVR)
    aov = hierarchical_average(revenue, conversions, [])
    lead = np.log(margin.to_numpy() * cvr.mean * aov.mean) - np.log(
        margin.mean() * cvr.prior_mean * aov.prior_mean
    )
    variance = 1 / cvr.shape + 1 / aov.shape + 1 / cvr.prior_shape + 1 / aov.prior_shape
    score = pd.Series(100 * ndtr(lead / np.sqrt(variance)), index=ads.index)
    return score if len(ads) > 1 else score.mask(score.notna())
