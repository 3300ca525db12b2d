"""Two packs on the same report: which words get another verdict, and the money behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

KEYS: Final = (
    "level", "platform", "account", "currency", "campaign_id", "campaign", "ad_group_id", "ad_group",
    "item_id", "item", "keyword_id", "keyword", "match_type", "search_term", "device", "channel",
)  # fmt: skip
VERDICT: Final = ("action", "rule", "bid_change", "expected_gain")


@dataclass(frozen=True, slots=True)
class Difference:
    """`words`: the rows that change (KEYS, weekly_cost, and before_/after_ action, rule, bid_change,
    expected_gain), the largest money first. `moves`: action before and after, words, weekly cost and change
    of expected gain a week."""

    words: pd.DataFrame
    moves: pd.DataFrame


def difference(before: pd.DataFrame, after: pd.DataFrame) -> Difference:
    """What changes from one list (`Result.actions`) to another made from the same reports."""
    keys = [name for name in KEYS if name in before and name in after]
    left, right = (_keyed(frame, keys) for frame in (before, after))
    both = left.add_prefix("before_").join(right.add_prefix("after_"), how="outer")
    cost = both["after_weekly_cost"].fillna(both["before_weekly_cost"]).fillna(0.0)
    both = both.drop(columns=["before_weekly_cost", "after_weekly_cost"]).assign(weekly_cost=cost)
    moved = (both["before_bid_change"].fillna(0) - both["after_bid_change"].fillna(0)).abs() > 1e-9
    changed = both[(both["before_action"].fillna("") != both["after_action"].fillna("")) | moved]
    words = changed.sort_values("weekly_cost", ascending=False, kind="stable").reset_index()
    gained = words["after_expected_gain"].fillna(0.0) - words["before_expected_gain"].fillna(0.0)
    moves = (
        words.assign(gain=gained)
        .groupby([words["before_action"].fillna(""), words["after_action"].fillna("")])
        .agg(words=("gain", "size"), weekly_cost=("weekly_cost", "sum"), gain=("gain", "sum"))
        .sort_values("weekly_cost", ascending=False)
        .reset_index()
    )
    return Difference(words, moves)


def _keyed(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    filled = frame[keys].astype(object).where(frame[keys].notna(), "").astype("str")
    number = filled.groupby(keys, sort=False).cumcount()
    wanted = frame.reindex(columns=[*VERDICT, "weekly_cost"])
    return wanted.set_index(pd.MultiIndex.from_frame(filled.assign(number=number)))
