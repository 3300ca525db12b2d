"""What one more click adds to the cost, as far as an export can tell.

A higher bid buys more clicks and makes the others dearer. In a second-price auction the next click costs the
bid; where several slots are sold at the next price it costs more, bid / (1 − shade) (Varian 2009; there the
best bid was measured at .56–.68 of the value of a click). Where no bid is known the CPC stands in: bid ≈ CPC
/ cpc_per_bid. A CPC far from that share of the bid says that the bid does not set the price: then the CPC is
believed, and the uncertainty grows with the distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ppc_tuner.account import Response
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]

# CPC may be half or twice its usual share of the bid before the bid is doubted.
USUAL_FACTOR = np.log(2.0)


@dataclass(frozen=True, slots=True)
class NextClick:
    """Cost of the next click of n rows.

    `basis`: given, cpc or none; `price`: money. Standard deviations of log price: `own`, of each row by
    itself (n,); `common`, of the market's form, in which all rows err together.
    """

    basis: NDArray[Any]
    price: Floats
    own: Floats
    common: float


def next_click(bid: Floats, cpc: Floats, clicks: Floats, response: Response, settings: Settings) -> NextClick:
    """The cost of each row's next click from its bid, else its expected CPC; NaN with neither bid nor click.

    `bid`, `cpc` (money) and `clicks`: n each.
    """
    basis = np.select([bid > 0, clicks > 0], ["given", "cpc"], default="none")
    kept = 1 - response.shade
    bid = np.where(bid > 0, bid, np.nan)
    by_cpc = cpc / (settings.cpc_per_bid * kept)
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = np.log(bid / kept / by_cpc)
        excess = np.sign(apart) * np.maximum(np.abs(apart) - USUAL_FACTOR, 0)
    excess = np.nan_to_num(excess)
    price = np.select(
        [basis == "given", basis == "cpc"], [bid / kept * np.exp(-excess), by_cpc], default=np.nan
    )
    own = np.where(basis == "given", np.hypot(settings.bid_doubt, excess / 2), settings.cpc_doubt)
    return NextClick(basis, price, own, response.doubt)
