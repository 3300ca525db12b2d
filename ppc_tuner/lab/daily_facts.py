"""Canonical facts of the weeks played, as an export pulled on a given morning would show them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Floats, Ints, flags
from ppc_tuner.lab.chance import Orders, Traffic
from ppc_tuner.lab.shop import Shop
from ppc_tuner.lab.week import Conditions

WORD_NAMES = [
    "campaign_id", "campaign", "ad_group_id", "ad_group", "item_id", "keyword_id", "keyword", "match_type",
    "biddable",
]  # fmt: skip
COUNTS = ("impressions", "clicks", "cost", "position", "favourites", "add_to_carts")


@dataclass(frozen=True, slots=True)
class Played:
    """One week: traffic (7 × words), orders, and the bids in force (words,)."""

    traffic: Traffic
    orders: Orders
    bids: Floats


def facts(
    shop: Shop, conditions: Conditions, played: list[Played], bids: Floats, exported_on: pd.Timestamp
) -> pd.DataFrame:
    """Canonical facts of all days before `exported_on`, one row per day and word with impressions, by day.

    Orders are booked on the day of the click and shown only if they had arrived by that morning. bids
    (words,): those in force on the day of export, NaN where paused.
    """
    words = len(shop.words)
    age = max((exported_on - conditions.start).days, 0)
    days = min(7 * len(played), age)
    numbers = {name: _stacked(played, name)[:days] for name in COUNTS}
    cells: Ints = np.flatnonzero(numbers["impressions"]).astype(np.int64)
    day, word = np.divmod(cells, words)
    frame = shop.words[WORD_NAMES].iloc[word].reset_index(drop=True)
    frame.insert(0, "level", "keyword")
    frame.insert(1, "date", (conditions.start + pd.to_timedelta(day, unit="D")).as_unit("us"))
    frame.insert(2, "platform", shop.platform)
    frame.insert(3, "account", shop.account)
    frame.insert(9, "item", shop.items["item"].iloc[shop.words["item_number"].to_numpy()[word]].to_numpy())
    frame = frame.assign(currency=shop.currency, exported_on=exported_on.as_unit("us"))
    frame = frame.assign(attribution_days=float(conditions.delay.window_days))
    frame = frame.assign(**{name: table.ravel()[cells] for name, table in numbers.items()})
    frame = frame.assign(**_arrived(played, words, age, cells))
    return _with_bids(frame, shop, played, bids, cells, word)


def _stacked(played: list[Played], name: str) -> Floats:
    return np.concatenate([getattr(week.traffic, name) for week in played])


def _arrived(played: list[Played], words: int, age: int, cells: Ints) -> dict[str, Floats]:
    """Per fact row: orders and money that had arrived by the morning `age` days after the market began."""
    offsets = [week * 7 * words for week in range(len(played))]
    cell = np.concatenate([week.orders.cell + offset for week, offset in zip(played, offsets, strict=True)])
    column = {
        name: np.concatenate([getattr(week.orders, name) for week in played])
        for name in ("delay", "value", "paid", "direct", "new")
    }
    here = cell // words + column["delay"] < age

    def total(weights: Floats) -> Floats:
        sums = np.bincount(cell[here], weights=weights[here], minlength=len(played) * 7 * words)
        return np.asarray(np.round(sums[cells], 2), dtype=np.float64)

    paid, direct, value = column["paid"], column["direct"], column["value"]
    return {
        "conversions": total(paid),
        "revenue": total(paid * value),
        "orders_placed": total(np.ones(len(cell))),
        "direct_conversions": total(direct),
        "indirect_conversions": total(paid - direct),
        "direct_revenue": total(direct * value),
        "indirect_revenue": total((paid - direct) * value),
        "new_customers": total(column["new"]),
    }


def _with_bids(
    frame: pd.DataFrame, shop: Shop, played: list[Played], bids: Floats, cells: Ints, word: Ints
) -> pd.DataFrame:
    """bid is the one in force on the row's day; status and the reason why a row cannot be bid on are as of
    export."""
    words = len(shop.words)
    in_force = np.concatenate([np.broadcast_to(week.bids, (7, words)) for week in played]).ravel()[cells]
    biddable = flags(shop.words["biddable"])[word]
    status = pd.Series(np.where(np.isnan(bids), "paused", "live"), dtype="str").iloc[word].to_numpy()
    reason = pd.Series("package", index=frame.index, dtype="str").mask(biddable)
    return frame.assign(
        bid=np.where(biddable, in_force, np.nan),
        quality_score=shop.column("quality_score")[word],
        position=frame["position"].round(1),
        status=pd.Series(status, dtype="str"),
        biddable=frame["biddable"].astype("boolean"),
        unbiddable_as=reason,
    )
