"""Whether an item's conversion rate rose or fell against the rest of the shop (advice A16).

Orders of a period ~ Poisson(mature clicks × rate). The change of the other items over the same days is taken
out first: a season, an event that nobody declared or an ill-fitting completeness curve moves all of them
together. Two rates with Gamma posteriors X (shape a, rate b) and Y (c, d) give P(X < r Y) = I_{b / (b + d /
r)}(a, c), a Beta tail; each side starts from half an order at their pooled rate, as an account without data
does in evidence.rates.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import betainc

from ppc_tuner.arrays import ratio

Floats = NDArray[np.float64]
TREND_COLUMNS: Final = (
    "item_cvr_now", "item_cvr_before", "item_cvr_others",
    "item_cvr_p_up", "item_cvr_p_down", "item_cvr_p_stays_down",
)  # fmt: skip
PRIOR_ORDERS: Final = 0.5
# The weight, in orders, of "no change" in the change of the other items.
OTHERS_ORDERS: Final = 5.0
SUMS: Final = (
    "period_conversions", "period_exposure", "before_conversions", "before_exposure",
    "older_conversions", "older_exposure",
)  # fmt: skip


def trends_of(items: pd.DataFrame, rows: pd.DataFrame, trend_change: float) -> dict[str, Floats]:
    """TREND_COLUMNS of n items: rates (orders per mature click), the others' change (ratio), and chances.

    `items`: n rows with ad_key and, where known, channel. `rows`: decision rows with ad_key and the sums of
    both periods and of the days before them. `trend_change`: the smallest change that counts as a rise or
    fall (share). "Stays down" compares each of the last two periods with the days before both. Empty where
    nothing lies before this period, or one side has no mature click.
    """
    if not set(SUMS) <= set(rows):
        return dict.fromkeys(TREND_COLUMNS, np.full(len(items), np.nan))
    sums = rows.groupby("ad_key", sort=False)[list(SUMS)].sum().reindex(items["ad_key"])
    now, now_clicks, last, last_clicks, older, older_clicks = (sums[name].to_numpy() for name in SUMS)
    # Sums only: a difference of sums is never quite zero, and days that are not there would seem to be.
    before, before_clicks = last + older, last_clicks + older_clicks
    up, down = 1 + trend_change, 1 - trend_change
    channel = items["channel"].fillna("") if "channel" in items else pd.Series("", index=items.index)
    others = _others(channel, now, now_clicks, before, before_clicks)
    since = _others(channel, now, now_clicks, older, older_clicks)
    others_last = _others(channel, last, last_clicks, older, older_clicks)
    stays = np.minimum(
        _chance_below(now, now_clicks, older, older_clicks, down * since),
        _chance_below(last, last_clicks, older, older_clicks, down * others_last),
    )
    return {
        "item_cvr_now": ratio(now, now_clicks),
        "item_cvr_before": ratio(before, before_clicks),
        "item_cvr_others": others,
        "item_cvr_p_up": 1 - _chance_below(now, now_clicks, before, before_clicks, up * others),
        "item_cvr_p_down": _chance_below(now, now_clicks, before, before_clicks, down * others),
        "item_cvr_p_stays_down": stays,
    }


def _others(channel: pd.Series, now: Floats, now_clicks: Floats, old: Floats, old_clicks: Floats) -> Floats:
    """Change (ratio) of the rate of the channel's other items, shrunk to 1 where they have few orders."""
    frame = pd.DataFrame({"now": now, "now_clicks": now_clicks, "old": old, "old_clicks": old_clicks})
    rest = frame.groupby(channel.to_numpy()).transform("sum") - frame
    expected = rest["now_clicks"] * rest["old"] / rest["old_clicks"].where(rest["old_clicks"] > 0)
    ratio = (rest["now"] + OTHERS_ORDERS) / (expected + OTHERS_ORDERS)
    return np.asarray(ratio.fillna(1.0), dtype=float)


def _chance_below(
    orders: Floats, clicks: Floats, others: Floats, other_clicks: Floats, times: Floats
) -> Floats:
    """P(rate < times × the other rate); NaN where one of them has no mature click."""
    usual = (orders + others + PRIOR_ORDERS) / np.maximum(clicks + other_clicks, 1.0)
    shape, per_unit = orders + PRIOR_ORDERS, clicks + PRIOR_ORDERS / usual
    other_shape, other_per_unit = others + PRIOR_ORDERS, (other_clicks + PRIOR_ORDERS / usual) / times
    chance = betainc(shape, other_shape, per_unit / (per_unit + other_per_unit))
    return np.where((clicks > 0) & (other_clicks > 0), chance, np.nan)
