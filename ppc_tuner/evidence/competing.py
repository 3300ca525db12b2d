"""The same word bought in several places competes with itself: which place should have it.

What counts is the profit of an impression, CTR × (value per click − CPC): an impression goes to one of them only. Its
posterior is taken as normal with mean m = c (v − p) and variance (v − p)² s²(c) + c² s²(v), c and v being independent.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
# Places of one word compete within these only (A12: channels stay apart; a match type is another offer).
SAME: Final = ("channel", "match_type", "device")
PLACE: Final = ("campaign", "ad_group")
WIDTH80: Final = 2 * float(ndtri(0.9))


def with_competition(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows plus the columns of columns.COMPETING, filled where a live keyword is bought more than once.

    `rows`: decision rows of one account and level with estimates. `p_beaten` is the chance that the best of the other
    places earns more per impression; `best_place` names the place that earns most (campaign / ad group).
    """
    profit, variance = _profit(rows)
    group = _groups(rows, np.isfinite(profit))
    frame = pd.DataFrame({"group": group, "profit": profit, "variance": variance}, index=rows.index)
    frame = frame[frame["group"] >= 0]
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
    names = _place_names(rows)
    found = pd.DataFrame(
        {
            "places": frame.groupby("group")["profit"].transform("size").astype("float64"),
            "best_place": frame["group"].map(best).map(names).astype("str"),
            "impression_profit": 1000 * frame["profit"],
            "p_beaten": beaten,
        },
        index=frame.index,
    )
    return rows.join(found)


def _profit(rows: pd.DataFrame) -> tuple[Floats, Floats]:
    """Profit per impression (money) of each row and its variance."""
    ctr, value, cpc, shape = (
        rows[name].to_numpy(dtype=float) for name in ("ctr", "value_per_click", "cpc", "value_shape")
    )
    ctr_sd = (rows["ctr_high80"] - rows["ctr_low80"]).to_numpy(dtype=float) / WIDTH80
    earned = value - cpc
    return ctr * earned, (earned * ctr_sd) ** 2 + ctr**2 * value**2 / shape


def _groups(rows: pd.DataFrame, known: NDArray[np.bool_]) -> NDArray[np.intp]:
    """A number for each word bought (whatever its case and width); −1 for rows that do not bid."""
    bids = known & rows["level"].eq("keyword").to_numpy()
    if "status" in rows:
        bids &= rows["status"].ne("paused").to_numpy()
    if "biddable" in rows:
        bids &= rows["biddable"].astype("boolean").fillna(True).to_numpy(dtype=bool)
    keys = [rows["keyword"].str.normalize("NFKC").str.casefold().str.strip()]
    keys += [rows[name] for name in SAME if name in rows]
    numbers = rows["keyword"].groupby(keys, dropna=False, sort=False).ngroup()
    return np.where(bids & rows["keyword"].notna().to_numpy(), numbers.to_numpy(), -1)


def _place_names(rows: pd.DataFrame) -> pd.Series:
    names = pd.Series("", index=rows.index, dtype="str")
    for name in (name for name in PLACE if name in rows):
        part = rows[name].astype("str").fillna("")
        names = names.str.cat(part, sep=" / ").str.removeprefix(" / ")
    return names
