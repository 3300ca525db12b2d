"""What one more click adds to the cost, as far as an export can tell.

A higher bid buys more clicks and makes the others dearer. In a second-price auction the next click costs the
bid; where several slots are sold at the next price it costs more, bid / (1 − shade) (Varian 2009; there the
best bid was measured at .56–.68 of the value of a click). Where no bid is known the CPC stands in: bid ≈ CPC
/ cpc_per_bid. A CPC far from that share of the bid says that the bid does not set the price: then the CPC is
believed, and the uncertainty grows with the distance.

Where clicks cost more than the bid, something multiplies it (placements on Amazon up to ten times, devices,
audiences, dynamic bidding), and the auction sees the product. CPC ÷ bid is the least that it can be: as
clicks cost less than what is bid, the multiple is taken as larger by up to √(1 / cpc_per_bid), the middle of
what is possible, and the doubt covers the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.account import Response, times_seen
from ppc_tuner.arrays import floats
from ppc_tuner.settings import Settings
from ppc_tuner.text import Text

Floats = NDArray[np.float64]

# CPC may be half or twice its usual share of the bid before the bid is doubted.
USUAL_FACTOR = np.log(2.0)
# From this multiple of the bid, and this share of the cost, adjustments are told.
TOLD_FROM, TOLD_SHARE = 1.05, 0.1


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


@dataclass(frozen=True, slots=True)
class SeenBid:
    """The bid that the auction sees, of n rows: `mean` (money), `doubt`: standard deviation of its log."""

    mean: Floats
    doubt: Floats


def seen_bid(bid: Floats, adjustment: Floats, settings: Settings) -> SeenBid:
    """What the auction sees of bids (money, n), multiplied by at least `adjustment` (n; NaN: by nothing)."""
    times, hidden = times_seen(adjustment, settings.cpc_per_bid)
    return SeenBid(bid * times, np.minimum(np.log(hidden), settings.cpc_doubt))


def next_click(
    seen: SeenBid, cpc: Floats, clicks: Floats, response: Response, settings: Settings
) -> NextClick:
    """The cost of each row's next click from its bid, else its expected CPC; NaN with neither bid nor click.

    `cpc` (money) and `clicks`: n each.
    """
    bid = seen.mean
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
    model = np.hypot(settings.bid_doubt, seen.doubt)
    own = np.where(basis == "given", np.hypot(model, excess / 2), settings.cpc_doubt)
    return NextClick(basis, price, own, response.doubt)


def adjustments_said(rows: pd.DataFrame) -> list[Text]:
    """What the reader must know where bids are multiplied on a good part of the money.

    `rows`: n decision rows with figures and worth.
    """
    cost, adjustment = np.nan_to_num(floats(rows, "weekly_cost")), floats(rows, "bid_adjustment")
    hit = adjustment >= TOLD_FROM
    if not cost[hit].sum() > TOLD_SHARE * cost.sum():
        return []
    share, usual = cost[hit].sum() / cost.sum(), float(np.average(adjustment[hit], weights=cost[hit]))
    return [
        Text(
            f"占花费 {share:.0%} 的词，点击花费高于出价，平均约为出价的 {usual:.2g} 倍：有溢价"
            "（资源位、人群、设备、动态竞价）。目标出价已按它折算；溢价本身不在这张表里调",
            f"On {share:.0%} of the cost clicks cost more than the bid, about {usual:.2g} times as much: bid"
            " adjustments are on (placement, audience, device, dynamic bidding). Target bids allow for them;"
            " the adjustments themselves are not tuned here",
        )
    ]
