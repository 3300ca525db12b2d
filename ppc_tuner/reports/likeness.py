"""Whether exports of the same days are of the same account: the impressions of days gone by hardly change."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

# Of the last days before a download the figures are still being counted.
SETTLED_DAYS: Final = 3
# So many words and days must be in both, and at least half of them so far apart, before it cannot be one account.
LEAST_SHARED: Final = 20
APART: Final = 0.2
# One word may have the figures of another by chance, five rows of the same words and days do not.
LEAST_RENAMED: Final = 5
FIGURES: Final = ("impressions", "clicks", "cost")


def held_against_newest(rows: pd.DataFrame) -> pd.DataFrame:
    """Words and days that several daily exports show, beside the newest that does: rows × (older, newer, age, apart).

    rows: every row of all exports × (part, word, date, impressions); part: number of the export, newer ones higher;
    word: number of the day and word. age: days up to the last that both exports hold; apart: whether the impressions differ.
    """
    sums = rows.groupby(["word", "part"], as_index=False).agg({"date": "first", "impressions": "sum"})
    words = sums.groupby("word")
    sums["newer"] = words["part"].transform("last")
    sums["beside"] = words["impressions"].transform("last")
    last = rows.groupby("part")["date"].max()
    sums["age"] = (np.minimum(sums["part"].map(last), sums["newer"].map(last)) - sums["date"]).dt.days
    shown = (sums["impressions"] > 0) & (sums["beside"] > 0)
    both = sums[shown & (sums["part"] < sums["newer"])].rename(columns={"part": "older"})
    figures = both[["impressions", "beside"]]
    apart = (figures["impressions"] - figures["beside"]).abs() > APART * figures.max(axis=1)
    return both[["older", "newer", "age"]].assign(apart=apart)


def exports_apart(held: pd.DataFrame, settled: int = SETTLED_DAYS, least: int = LEAST_SHARED) -> pd.DataFrame:
    """Pairs of exports in which most words of days long settled differ: rows × (older, newer, shared).

    held: as `held_against_newest`; settled: how many last days are left out; least: how many words and days both must hold.
    """
    groups = held[held["age"] >= settled].groupby(["older", "newer"])
    pairs: pd.DataFrame = groups.agg(shared=("apart", "size"), apart=("apart", "mean")).reset_index()
    return pairs[(pairs["shared"] >= least) & (pairs["apart"] > 0.5)]


def renamed_campaigns(facts: pd.DataFrame, part: npt.NDArray[np.int64], keys: list[str]) -> pd.DataFrame:
    """Campaigns of one export beside those of another, neither in both, with the very same figures of the same words
    and days: rows × (campaign, campaign_other, part, part_other, shared).

    facts: the daily rows that count, of exports that do not all tell campaign ids; part: the number of the export of
    each; keys: the columns that name a word in all, without the day.
    """
    words = ["date", *(name for name in keys if name != "campaign"), *FIGURES]
    rows = facts.assign(part=part)[["campaign", "part", *words]]
    lone = rows.groupby("campaign")["part"].transform("nunique") < rows["part"].nunique()
    clicked = rows[lone & (rows["clicks"] > 0)]
    clicked = clicked[clicked.duplicated(words, keep=False)]
    same = clicked.merge(clicked, on=words, suffixes=("", "_other"))
    same = same[(same["part"] < same["part_other"]) & (same["campaign"] != same["campaign_other"])]
    holds = pd.MultiIndex.from_frame(rows[["campaign", "part"]].drop_duplicates())
    for campaign, other in (("campaign", "part_other"), ("campaign_other", "part")):
        same = same[~pd.MultiIndex.from_frame(same[[campaign, other]]).isin(holds)]
    names = ["campaign", "campaign_other"]
    pairs = same.groupby(names).agg(
        part=("part", "first"), part_other=("part_other", "first"), shared=("part", "size")
    )
    return pairs[pairs["shared"] >= LEAST_RENAMED].reset_index()
