"""Whether exports of the same days are of the same account: the impressions of days gone by hardly change."""

from __future__ import annotations

from typing import Final

import pandas as pd

# Of the last days before a download the figures are still being counted.
SETTLED_DAYS: Final = 3
# So many words and days must be in both, and at least half of them so far apart, before it cannot be one account.
LEAST_SHARED: Final = 20
APART: Final = 0.2
# One word may have the figures of another by chance, five rows of the same words and days do not.
LEAST_RENAMED: Final = 5
FIGURES: Final = ("impressions", "clicks", "cost")


def is_other_account(one: pd.DataFrame, other: pd.DataFrame, keys: list[str]) -> bool:
    """True where most words of days long settled have other impressions in two daily exports.

    one, other: daily facts; keys: the columns that name a word in both, without the day.
    """
    until = min(one["date"].max(), other["date"].max()) - pd.Timedelta(days=SETTLED_DAYS)
    sums = [
        frame[frame["date"] <= until].groupby(["date", *keys], dropna=False)["impressions"].sum()
        for frame in (one, other)
    ]
    both = pd.concat(sums, axis=1, join="inner", keys=["one", "other"])
    both = both[(both > 0).all(axis=1)]
    apart = (both["one"] - both["other"]).abs() > APART * both.max(axis=1)
    return bool(len(both) >= LEAST_SHARED and apart.mean() > 0.5)


def renamed_campaigns(one: pd.DataFrame, other: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Campaigns of `one` that `other` lacks, beside those of `other` that `one` lacks, with the very same figures of the
    same words and days: rows × (campaign, campaign_other, shared).

    one, other: daily facts of which neither tells campaign ids; keys: the columns that name a word in both, without the day.
    """
    words = ["date", *(name for name in keys if name != "campaign"), *FIGURES]
    lone = [
        frame[~frame["campaign"].isin(beside["campaign"]) & (frame["clicks"] > 0)]
        for frame, beside in ((one, other), (other, one))
    ]
    same = lone[0].merge(lone[1], on=words, suffixes=("", "_other"))
    pairs = same.groupby(["campaign", "campaign_other"]).size().rename("shared").reset_index()
    return pairs[pairs["shared"] >= LEAST_RENAMED]
