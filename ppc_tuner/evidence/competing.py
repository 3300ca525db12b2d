"""The same keyword bought in several places competes with itself: which place should have it.

An impression goes to only one of the places, so they are compared by what an impression earns. With c the
CTR, v what a click is worth and p the CPC that is c (v − p); its posterior is taken as normal with that mean
and variance (v − p)² s²(c) + c² s²(v), c and v being independent. A click is worth its value where that is
known. Where nobody told the margin it is worth what it may cost under the objective, on sales its revenue
over the bar: all places sell the same item, so the same unknown margin stands on both sides.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ppc_tuner.arrays import floats
from ppc_tuner.identity import PLACE_NAMES, SPLIT, folded, what_is_sold
from ppc_tuner.live import takes_bids
from ppc_tuner.targeting import is_target

Floats = NDArray[np.float64]
# Only places alike in these compete (A12: channels are kept apart; another match type is another offer).
SAME: Final = (*SPLIT, "match_type")
# Fewer orders than that, due at the account's rate, are no evidence of a place.
LEAST_ORDERS: Final = 1.0
COMPETING: Final = ("places", "best_place", "impression_profit", "p_beaten")
WIDTH80: Final = 2 * float(ndtri(0.9))


def competition_of(rows: pd.DataFrame) -> pd.DataFrame:
    """How the places of a keyword bought more than once compare: columns.COMPETING, n rows.

    `rows`: n decision rows of one account and level with targets: ctr with its 80 % interval, cpc,
    value_per_click and worth (money), gain_unit, value_shape and orders_usual. Filled for live keywords
    bought in several places that sell the same item: `places`, their number; `impression_profit`, money per
    1,000 impressions. Of places whose clicks would bring LEAST_ORDERS each at the account's rate:
    `best_place`, the one that earns most (campaign / ad group); `p_beaten`, the chance that the best of the
    others earns more per impression. On less nothing is said: peers alone do not tell which place should win.
    """
    profit, variance = _profit(rows)
    group = _groups(rows, np.isfinite(profit))
    frame = pd.DataFrame({"group": group, "profit": profit, "variance": variance}, index=rows.index)
    frame = frame[frame["group"] >= 0]
    frame = frame[frame.groupby("group")["profit"].transform("size") > 1]
    found = pd.DataFrame(
        {
            "places": frame.groupby("group")["profit"].transform("size").astype("float64"),
            "impression_profit": 1000 * frame["profit"],
        },
        index=frame.index,
    )
    told = rows.loc[frame.index, "orders_usual"] >= LEAST_ORDERS
    compared = _compared(frame[told], _place_names(rows))
    return pd.concat([found, compared], axis=1).reindex(rows.index)[list(COMPETING)]


def _compared(frame: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """best_place and p_beaten of places of which enough is known (group, profit and its variance)."""
    frame = frame[frame.groupby("group")["profit"].transform("size") > 1]
    order = frame.sort_values("profit", ascending=False, kind="stable")
    grouped = order.groupby("group", sort=False)
    first, second = grouped.nth(0).set_index("group"), grouped.nth(1).set_index("group")
    best = pd.Series(grouped.head(1).index, index=first.index)
    is_best = frame.index.isin(best)
    rival = first.loc[frame["group"]].to_numpy()
    rival = np.where(is_best[:, None], second.loc[frame["group"]].to_numpy(), rival)
    lead = rival[:, 0] - frame["profit"].to_numpy()
    beaten = ndtr(lead / np.sqrt(rival[:, 1] + frame["variance"].to_numpy()))
    place = frame["group"].map(best).map(names).astype("str")
    return pd.DataFrame({"best_place": place, "p_beaten": beaten}, index=frame.index)


def _profit(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Profit per impression of each row (money), and its variance."""
    ctr, cpc, shape = (floats(rows, name) for name in ("ctr", "cpc", "value_shape"))
    value, worth = floats(rows, "value_per_click"), floats(rows, "worth")
    value = np.where(np.isnan(value) | (rows["gain_unit"] != "profit"), worth, value)
    ctr_sd = (floats(rows, "ctr_high80") - floats(rows, "ctr_low80")) / WIDTH80
    earned = value - cpc
    return ctr * earned, (earned * ctr_sd) ** 2 + ctr**2 * value**2 / shape


def _groups(rows: pd.DataFrame, known: NDArray[np.bool_]) -> NDArray[np.intp]:
    """A number for each keyword bought for an item, whatever its case and width; −1 for rows without a bid of
    their own and for targets, which are no words."""
    bids = known & rows["level"].eq("keyword").to_numpy() & takes_bids(rows) & ~is_target(rows)
    keys = [folded(rows["keyword"]), what_is_sold(rows)]
    keys += [rows[name] for name in SAME if name in rows]
    numbers = rows["keyword"].groupby(keys, dropna=False, sort=False).ngroup()
    return np.where(bids & rows["keyword"].notna().to_numpy(), numbers.to_numpy(), -1)


def _place_names(rows: pd.DataFrame) -> pd.Series:
    names = pd.Series("", index=rows.index, dtype="str")
    for name in (name for name in PLACE_NAMES if name in rows):
        part = rows[name].astype("str").fillna("")
        names = names.str.cat(part, sep=" / ").str.removeprefix(" / ")
    return names
