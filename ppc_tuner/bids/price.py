"""What one more click adds to the cost, as far as an export can tell.

A higher bid buys more clicks and makes the others dearer. In a second-price auction the next click costs the bid; where several
slots are sold at the next price it costs more, bid / (1 − shade) (Varian 2009; measured: the best bid lies at .56–.68 of the value
of a click there). Where no bid is known CPC stands in: bid ≈ CPC / cpc_per_bid. A CPC far from that share of the bid says
that the bid does not set the price: then the CPC is believed, and the doubt grows with the distance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# CPC may be half or twice its usual share of the bid before the bid is doubted.
USUAL_FACTOR = np.log(2.0)


@dataclass(frozen=True, slots=True)
class NextClick:
    """`basis` given, cpc or none; `price`: cost of the next click (money); standard deviations of its log: `own` of each
    row, `common` of the market's form, in which all rows err together."""

    basis: NDArray[Any]
    price: Floats
    own: Floats
    common: float


def next_click(bid: Floats, cpc: Floats, clicks: Floats, settings: Mapping[str, Any]) -> NextClick:
    """The cost of the next click of each row from its bid, else from its expected CPC; empty with neither bid nor click."""
    basis = np.select([bid > 0, clicks > 0], ["given", "cpc"], default="none")
    kept = 1 - settings["shade"]
    by_cpc = cpc / (settings["cpc_per_bid"] * kept)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.log(bid / kept / by_cpc)
        excess = np.sign(apart) * np.maximum(np.abs(apart) - USUAL_FACTOR, 0)
    excess = np.nan_to_num(excess)
    price = np.select(
        [basis == "given", basis == "cpc"], [bid / kept * np.exp(-excess), by_cpc], default=np.nan
    )
    own = np.where(basis == "given", np.hypot(settings["bid_doubt"], excess / 2), settings["cpc_doubt"])
    return NextClick(basis, price, own, float(settings["shade_doubt"]))
