"""The worlds of the bench by name, what every player is told in them, and the seeds they are drawn with.

To bench a world of your own, write a class with the three methods of `World` (lab/market.py), make it a
`Case`, and call `bench_decisions([case], PLAYERS, seeds)` of lab/bench.py.

    terms = Terms(platform=zhitongche(), items=margins, settings={"objective": "profit"})
    case = Case("mine", make=MyWorld, terms=terms)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import Any, Final

import pandas as pd

from ppc_tuner.lab import honesty
from ppc_tuner.lab.auction import FAMILIES
from ppc_tuner.lab.catalogue import items_frame
from ppc_tuner.lab.delay import Delay
from ppc_tuner.lab.market import World
from ppc_tuner.lab.menswear import make_market, make_priced_market
from ppc_tuner.lab.shop import CLICKS_PER_WORD, Traffic
from ppc_tuner.lab.wordlists import MENSWEAR
from ppc_tuner.reports import Platform, all_formats

# Methods and settings are tuned on the first, tables are made with the second; they share no seed.
TUNING_SEEDS: Final = range(10)
TABLE_SEEDS: Final = range(1000, 1100)

# Orders are counted for 15 days after the click, as the platform does.
DELAY: Final = Delay(window_days=15)
DRIFT: Final = 0.02  # standard deviation a week of the logs of conversion and of rivals' prices
NEVER_SELL: Final = 0.06
HISTORY_WEEKS: Final = 4
# Margins of the items of the third family, and what multiplies the bids of its campaigns.
THIN_MARGINS: Final = (0.35, 0.2, 0.45, 0.3, 0.5, 0.25, 0.4, 0.3)
ADJUSTMENTS: Final = (1.0, 1.5, 2.5, 4.0)
TWO_TO_ONE: Final = (0.6, 0.3, 0.3, 0.6, 0.3, 0.6, 0.6, 0.3)
MARKET_PRICE: Final = "market_price"
MARGINS_APART: Final = "sales_margins_apart"
SALES_TRAFFIC: Final[tuple[Traffic, ...]] = ("sparse", "usual")
# Weeks from the first decision: the event falls into the fourth week, and buyers wait in the third.
EVENT: Final = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """What every player is told besides the facts.

    platform: its increments, floor and curve of late orders. items: items × [item_id, margin, refund_rate],
    shares; no margin where nobody is told it. settings: objective ("profit" or "target_roas") and target_roas
    (net revenue ÷ cost); a player uses those it knows.
    """

    platform: Platform
    items: pd.DataFrame
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def target_roas(self) -> float | None:
        """The return every word is to be brought to; None where profit is the objective."""
        return self.settings["target_roas"] if self.settings.get("objective") == "target_roas" else None


@dataclass(frozen=True, slots=True)
class Case:
    """A world with a name.

    make: from a seed to the world with its history; picklable if several processes bench it. unusual:
    decisions (from 0) before weeks that no estimate can foresee, such as an event; they count for profit but
    not for calibration. honest: whether it is an account of lab/honesty.py, of which only the first decision
    is looked at. sales: whether nobody is told a margin, so that the same spend is to sell more; its world
    has the methods of `lab.sold.Sold` too.
    """

    name: str
    make: Callable[[int], World]
    terms: Terms
    unusual: frozenset[int] = frozenset()
    honest: bool = False
    sales: bool = False


@cache
def zhitongche() -> Platform:
    """The platform of all worlds in this module."""
    return next(form.platform() for form in all_formats() if form.id == "zhitongche")


def market_cases() -> list[Case]:
    """Three families of markets, each with three densities of traffic. Objective: profit.

    400 words, 8 items, 4 weeks of history, late orders, slow drift, an event, one failing page, some words
    that never sell. second_price, next_price: bids begin around the best ones. market_price: at the second
    price, bids begin as the market's price, items have margins of .2–.5, and clicks cost up to 4 times the
    bid by an adjustment.
    """
    around_best = [
        _market(f"{family}_{traffic}", partial(make_market, family=family, traffic=traffic))
        for family in FAMILIES
        for traffic in CLICKS_PER_WORD
    ]
    told = _terms({"objective": "profit"}, THIN_MARGINS)
    priced = partial(make_priced_market, margins=THIN_MARGINS, adjustments=ADJUSTMENTS)
    return around_best + [
        _market(f"{MARKET_PRICE}_{traffic}", partial(priced, traffic=traffic), told)
        for traffic in CLICKS_PER_WORD
    ]


def sales_cases() -> list[Case]:
    """Markets of the first two families in which nobody is told a margin; in the last ones the margins of
    the items, which the bids of the history allow for, differ 2 : 1."""
    untold = Terms(zhitongche(), _items(())[["item_id", "refund_rate"]], {"objective": "profit"})
    markets = [
        (f"sales_{family}_{traffic}", partial(make_market, family=family, traffic=traffic))
        for family in FAMILIES
        for traffic in SALES_TRAFFIC
    ]
    apart = [
        (f"{MARGINS_APART}_{traffic}", partial(make_market, traffic=traffic, margins=TWO_TO_ONE))
        for traffic in SALES_TRAFFIC
    ]
    return [replace(_market(name, make, untold), sales=True) for name, make in markets + apart]


def _market(name: str, make: Callable[..., World], terms: Terms | None = None) -> Case:
    """A market with everything that makes a year uneven."""
    uneven = partial(
        make,
        words=honesty.WORDS,
        items=honesty.ITEMS,
        event_week=HISTORY_WEEKS + EVENT,
        drift=DRIFT,
        failing_page=True,
        history_weeks=HISTORY_WEEKS,
        never_sell=NEVER_SELL,
        delay=DELAY,
    )
    return Case(name, uneven, terms or _terms({"objective": "profit"}), frozenset({EVENT - 1, EVENT}))


def honesty_cases() -> list[Case]:
    """The accounts of lab/honesty.py; those at the optimum also where nobody is told a margin."""
    untold = Terms(zhitongche(), _items(())[["item_id", "refund_rate"]], {"objective": "profit"})
    return [
        Case("on_target", partial(honesty.on_target, delay=DELAY), _on_target_terms(), honest=True),
        *(
            Case(
                f"optimum_{family}",
                partial(honesty.at_optimum, family=family, delay=DELAY),
                _terms({"objective": "profit"}),
                honest=True,
            )
            for family in FAMILIES
        ),
        *(
            Case(
                f"sales_optimum_{family}",
                partial(honesty.at_optimum, family=family, delay=DELAY),
                untold,
                honest=True,
                sales=True,
            )
            for family in FAMILIES
        ),
        Case("planted", partial(honesty.planted, delay=DELAY), _on_target_terms(), honest=True),
    ]


def _on_target_terms() -> Terms:
    return _terms({"objective": "target_roas", "target_roas": honesty.TARGET})


def _terms(settings: Mapping[str, Any], margins: Sequence[float] = ()) -> Terms:
    return Terms(zhitongche(), _items(margins)[["item_id", "margin", "refund_rate"]], settings)


def _items(margins: Sequence[float]) -> pd.DataFrame:
    """The items of all worlds in this module, with these margins (shares) where any are given."""
    items = items_frame(MENSWEAR.lines[: honesty.ITEMS])
    return items.assign(margin=list(margins)) if margins else items
