"""How far a bid may move in a week: small steps where little is known, large ones where own data are many.

With n the orders that a word's own clicks would bring at the usual rate, h the pace's `half`, d the doubt of
the market's form (standard deviation of the log of what the next click costs) and the other bounds of the
pace as shares of the bid,

    known = n / (n + h) × 1 / (1 + (d / .1)²)
    largest raise = first_raise + (most_raise − first_raise) known        cuts likewise

Orders, not clicks, say how much the own data tell of a word's worth. However many they are, the best bid also
rests on what the next click costs, of which an account knows little before its own bids have changed. Small
steps and a look at what they did (advice A28) are for words of which one or the other is guessed at; holding
back a word of which both are known only earns less for as long as it takes. max_step and max_cut bound all
steps, whatever the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.arrays import floats
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pace:
    """Bounds on a week's change of a bid (shares): `first_raise`, `first_cut` on a word without data of its
    own, `most_raise`, `most_cut` on one of which all is known; `half`: own orders at which half the way lies
    behind. `caution`: the quantile of the best bid's distribution, from today's side, that a step goes to.
    """

    first_raise: float
    first_cut: float
    most_raise: float
    most_cut: float
    half: float
    caution: float


PACES: Final[Mapping[str, Pace]] = {
    "careful": Pace(0.1, 0.25, 0.3, 0.4, half=60.0, caution=0.15),
    "steady": Pace(0.2, 0.4, 0.6, 0.6, half=30.0, caution=0.4),
    "fast": Pace(0.4, 0.5, 0.9, 0.75, half=10.0, caution=0.45),
}
# A market's form known no better than this (standard deviation of a log) halves what steps may add.
SURE_OF_FORM: Final = 0.1


def first_caps(size: int, settings: Settings) -> tuple[Floats, Floats]:
    """The largest raise and cut of `size` rows without evidence of their own (shares of the bid)."""
    pace = PACES[settings.pace]
    up, down = min(pace.first_raise, settings.max_step), min(pace.first_cut, settings.max_cut)
    return np.full(size, up), np.full(size, down)


def caps(rows: pd.DataFrame, settings: Settings, form_doubt: float) -> tuple[Floats, Floats]:
    """The largest raise and the largest cut of each of n rows this week (shares of the bid).

    `rows`: with `orders_usual`; `form_doubt`: of the market, 0 where its form does not matter.
    """
    pace = PACES[settings.pace]
    orders = np.nan_to_num(floats(rows, "orders_usual"))
    part = orders / (orders + pace.half) / (1 + (form_doubt / SURE_OF_FORM) ** 2)
    up = pace.first_raise + (pace.most_raise - pace.first_raise) * part
    down = pace.first_cut + (pace.most_cut - pace.first_cut) * part
    return np.minimum(up, settings.max_step), np.minimum(down, settings.max_cut)
