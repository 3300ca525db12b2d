"""How each ad (item, else ad group) is doing as a whole: its CTR against its peers', its value per visitor.

When most words of one ad are low together, the picture is at fault (advice A3). What counts is the value of a
visitor (advice A18). An ad is compared only with the other ads of its channel (A12).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammainc, ndtr

from ppc_tuner.columns import ITEMS
from ppc_tuner.evidence.rates import TYPICAL_CVR, hierarchical_rate
from ppc_tuner.evidence.trend import trends_of
from ppc_tuner.evidence.values import hierarchical_average
from ppc_tuner.identity import ACCOUNT, NAMED_ITEM, PLACE
from ppc_tuner.live import is_live
from ppc_tuner.settings import Settings

NAMES = (*ACCOUNT, "channel", *PLACE, *NAMED_ITEM)
SUMS = (
    "impressions", "clicks", "cost", "conversions", "revenue",
    "period_impressions", "period_clicks", "period_cost", "period_revenue",
    "before_impressions", "before_clicks", "before_cost", "before_revenue",
    "weekly_impressions", "weekly_clicks", "weekly_cost",
)  # fmt: skip


def items_of(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """One row for each ad of the decision rows: ad_key, level, names, sums, and the columns of columns.ITEMS.

    `rows`: figures, given context, kinds and worth of the keywords of one account. A name is kept where all
    words of the ad share it. Click-through rates are compared on live words alone. With fewer than two ads in
    a channel, or for click-through where the report names no items, nothing can be compared: those columns
    are empty.
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
    items = items.reset_index()
    return items.assign(**trends_of(items, rows, settings.trend_change))


def item_figures_of_words(items: pd.DataFrame, ad_key: pd.Series) -> pd.DataFrame:
    """The columns of columns.ITEMS for each word, from the ad in `ad_key`; n rows on its index."""
    figures = items.set_index("ad_key")[[name for name in ITEMS if name in items]]
    return figures.reindex(ad_key).set_axis(ad_key.index)


def value_scores_of_words(rows: pd.DataFrame) -> pd.Series:
    """item_value_score of each word's ad, as items_of has it; n rows on the index of `rows`."""
    scores = _value_scores(rows)["item_value_score"]
    return scores.reindex(rows["ad_key"]).set_axis(rows.index)


def _peer_ctr(rows: pd.DataFrame) -> pd.Series:
    """CTR of the same kind of word in the other ads of the channel; empty where there are none."""
    kind = ["channel", "kind"] if "channel" in rows else ["kind"]
    figures = rows[["counted_impressions", "counted_clicks"]]
    all_ads = figures.groupby([rows[name] for name in kind], dropna=False).transform("sum")
    this_ad = figures.groupby([rows[name] for name in [*kind, "ad_key"]], dropna=False).transform("sum")
    others = all_ads - this_ad
    return others["counted_clicks"] / others["counted_impressions"].where(others["counted_impressions"] > 0)


def _has_item(rows: pd.DataFrame) -> pd.Series:
    """Whether each row names an item: only an item has a picture."""
    names = [name for name in NAMED_ITEM if name in rows]
    return rows[names].notna().any(axis=1)


def _against_peers(rows: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Of each ad: low share, CTR ratio, the chance that it is low, whether most words are low together."""
    peer = _peer_ctr(rows)
    # Half of all normal words lie below their peers' mean: low starts halfway to the ratio of a low item.
    low_below = (1 + settings.picture_ratio) / 2
    comparable = (peer > 0) & _has_item(rows) & is_live(rows)
    seen = rows["counted_impressions"].where(comparable, 0.0)
    low = comparable & (rows["ctr"] < low_below * peer)
    # A word that is hardly shown says nothing about the picture.
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
    p_low = gammainc(rate.shape, rate.per_unit * settings.picture_ratio)
    low_share = sums["low"] / sums["seen"].where(known)
    most_words = sums["low_words"] > 0.5 * sums["words"]
    together = most_words & (low_share >= settings.picture_share) & (p_low >= settings.picture_sure)
    return pd.DataFrame(
        {
            "item_low_share": low_share,
            "item_ctr_ratio": (sums["clicks"] / sums["expected"].where(known)),
            "item_ctr_p_low": pd.Series(p_low, index=sums.index).where(known),
            "item_ctr_low": together.astype("boolean").where(known),
        }
    )


def _value_scores(rows: pd.DataFrame) -> pd.DataFrame:
    """item_value_score: chance in percent that a click is worth more than one on a random peer's ad."""
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
    """Scores by a log-normal approximation of margin × CVR × AOV against its prior; empty for a single ad."""
    conversions, revenue = ads["counted_conversions"].to_numpy(), ads["counted_revenue"].to_numpy()
    cvr = hierarchical_rate(conversions, ads["exposure"].to_numpy(), [], TYPICAL_CVR)
    aov = hierarchical_average(revenue, conversions, [])
    lead = np.log(margin.to_numpy() * cvr.mean * aov.mean) - np.log(
        margin.mean() * cvr.prior_mean * aov.prior_mean
    )
    variance = 1 / cvr.shape + 1 / aov.shape + 1 / cvr.prior_shape + 1 / aov.prior_shape
    score = pd.Series(100 * ndtr(lead / np.sqrt(variance)), index=ads.index)
    return score if len(ads) > 1 else score.mask(score.notna())
