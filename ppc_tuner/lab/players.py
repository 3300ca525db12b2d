"""Who bids in the worlds: the usual ways of the trade, this product, and two ceilings that know the truth.

A player is any callable that is shown a `Seen` once a week and returns bids: a Series by keyword_id, money.
NaN pauses a word; words left out keep their bid. A new player is made for every world and seed, so it may
keep state.

The players of the trade look at the last 28 days as the newest export shows them and know each item's refund
rate, and its margin unless nobody is told it. They keep to the platform's increments and floor, change a bid
by at most 30 % a week, as such tools do (one-pool shrinkage by up to 50 %), and leave paused words paused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from ppc_tuner.context import Context
from ppc_tuner.judge import Pack, load_pack
from ppc_tuner.lab.arrays import Floats, floats
from ppc_tuner.lab.market import World
from ppc_tuner.lab.worlds import Terms
from ppc_tuner.locations import rules_folder
from ppc_tuner.tuning import tune_account

LOOKBACK_DAYS: Final = 28
OLDER_EXPORTS: Final = 4
CAP: Final = 0.3  # largest change a week
SUMS = ["clicks", "cost", "conversions", "revenue"]


class Seen:
    """What a player is shown before a week.

    facts: canonical facts as the export of that morning shows them. bids: those in force, by keyword_id, NaN
    where paused. terms: margins, refund rates, objective, platform. truth: that of the coming week, for the
    ceilings alone. facts and truth are made when first asked for.
    """

    def __init__(self, world: World, bids: pd.Series, terms: Terms) -> None:
        self.bids, self.terms = bids, terms
        self._world = world

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Canonical facts as the export of this morning shows them."""
        return self._world.facts()

    @cached_property
    def truth(self) -> pd.DataFrame:
        """The truth of the coming week under the bids in force; see `World.truth`."""
        return self._world.truth()

    @cached_property
    def words(self) -> pd.DataFrame:
        """Words with a bid in force and impressions in the last 28 days, by keyword_id.

        Columns: item_id, clicks, cost, conversions, revenue (after refunds, as reported by now), bid, margin
        (NaN where nobody told it), target (the ROAS to reach: the one given, else break-even; without margins
        the account's own), adjustment (CPC ÷ bid of the word's campaign, at least 1: what seems to multiply
        its bids).
        """
        facts = self.facts
        recent = _latest_days(facts)
        words: pd.DataFrame = recent.groupby("keyword_id", sort=False)[SUMS].sum()
        words["item_id"] = recent.groupby("keyword_id", sort=False)["item_id"].last()
        known = self.terms.items.set_index("item_id").reindex(columns=["margin", "refund_rate"])
        words["revenue"] *= 1 - words["item_id"].map(known["refund_rate"])
        words["margin"] = words["item_id"].map(known["margin"]).astype("float64")
        wanted = self.terms.target_roas
        if wanted is None and words["margin"].isna().all():
            wanted = words["revenue"].sum() / words["cost"].sum()
        words["target"] = 1 / words["margin"] if wanted is None else wanted
        words["bid"] = self.bids.reindex(words.index)
        words["adjustment"] = _adjustment(recent, words.index)
        return words.loc[words["bid"].notna()]


class Player(Protocol):
    """Anything that bids when shown a week."""

    def __call__(self, seen: Seen) -> pd.Series:
        """The bids of the coming week: index keyword_id, money; NaN pauses, absent words stay."""
        ...


@dataclass(slots=True)
class Untouched:
    """Never changes a bid."""

    def __call__(self, seen: Seen) -> pd.Series:
        """See `Player`."""
        return seen.bids.iloc[:0]


@dataclass(slots=True)
class Thresholds:
    """The usual rules: pause a word without an order in `pause_after` clicks, else change the bid by return ÷
    target.

    From `least_clicks` clicks on: ≥ 1.5 +20 %, ≥ 1.1 +10 %, < .9 −10 %, < .5 −20 %.
    """

    least_clicks: float = 10.0
    pause_after: float = 50.0

    def __call__(self, seen: Seen) -> pd.Series:
        """See `Player`."""
        words = seen.words
        ratio = words["revenue"] / words["cost"] / words["target"]
        known = (words["clicks"] >= self.least_clicks) & (words["cost"] > 0)
        step = np.select(
            [ratio >= 1.5, ratio >= 1.1, ratio >= 0.9, ratio >= 0.5], [0.2, 0.1, 0.0, -0.1], -0.2
        )
        bids = _placed(words["bid"] * (1 + np.where(known, step, 0.0)), words["bid"], seen.terms)
        hopeless = (words["clicks"] >= self.pause_after) & (words["conversions"] == 0)
        return bids.mask(hopeless)


@dataclass(slots=True)
class RawRatio:
    """Brings a word to the target by its raw figures, bid × ROAS ÷ target, from `least_clicks` clicks on."""

    least_clicks: float = 1.0

    def __call__(self, seen: Seen) -> pd.Series:
        """See `Player`."""
        words = seen.words
        words = words[(words["clicks"] >= self.least_clicks) & (words["cost"] > 0)]
        return _placed(
            words["bid"] * words["revenue"] / words["cost"] / words["target"], words["bid"], seen.terms
        )


@dataclass(slots=True)
class OnePool:
    """Shrinks each word's conversion rate towards the account's, values orders by the item's mean, bids in
    proportion, changing bids by at most `cap` a week.

    For profit (1 − shade) × value per click ÷ adjustment; for a target, and where no margin is known, bid ×
    (RPC ÷ CPC) ÷ target, without shade.
    """

    shade: float = 0.0
    cap: float = CAP

    def __call__(self, seen: Seen) -> pd.Series:
        """See `Player`."""
        words = seen.words
        rate = one_pool_rate(floats(words["conversions"]), floats(words["clicks"]))
        per_click = pd.Series(rate, index=words.index) * _order_value(words)
        if seen.terms.target_roas is None and words["margin"].notna().all():
            worth = (1 - self.shade) * words["margin"] * per_click / words["adjustment"]
            return _placed(worth, words["bid"], seen.terms, self.cap)
        price = words["cost"] / words["clicks"].where(words["clicks"] > 0)
        wanted = words["bid"] * per_click / price / words["target"]
        return _placed(wanted.dropna(), words["bid"].loc[wanted.notna()], seen.terms, self.cap)


@dataclass(slots=True)
class Perfect:
    """Knows the truth of the coming week and bids what earns most, changing bids by at most `cap` a week
    (None: any).

    Words that earn nothing at any bid the platform takes are paused.
    """

    cap: float | None = None

    def __call__(self, seen: Seen) -> pd.Series:
        """See `Player`."""
        best = seen.truth.set_index("keyword_id")["best_bid"].dropna()
        worth = best >= (seen.terms.platform.bid.floor if self.cap is not None else 1e-12)
        now = seen.bids.reindex(best.index)
        if self.cap is None:
            return best.where(worth)
        reached = best.clip(now * (1 - self.cap), now * (1 + self.cap))
        return reached.where(now.notna(), best).where(worth)


@dataclass(slots=True)
class Ours:
    """`tune_account` on the facts, with the platform's own rule pack; only the objective comes from the
    terms.

    It also passes the exports of the weeks before, which whoever exports every week has. `decided`: the last
    week's list, one row per keyword with everything that `tune_account` said; `groups`: those of its rows
    that move small words together.
    """

    decided: pd.DataFrame = field(default_factory=pd.DataFrame)
    groups: pd.DataFrame = field(default_factory=pd.DataFrame)
    pack: Pack | None = None
    older: list[pd.DataFrame] = field(default_factory=list)

    def __call__(self, seen: Seen) -> pd.Series:
        """See `Player`."""
        self.pack = self.pack or own_pack(seen.terms)
        superseded = pd.concat(self.older, ignore_index=True) if self.older else None
        rows = listed(seen.facts, seen.terms, self.pack, superseded)
        self.decided, self.groups = of_words(rows), rows[rows["level"] == "group"]
        self.older = [*self.older, _latest_days(seen.facts)][-OLDER_EXPORTS:]
        by_word = self.decided.set_index("keyword_id")
        touched = by_word["new_bid"].notna() & (by_word["bid_change"].fillna(0) != 0)
        bids = by_word["new_bid"][touched | (by_word["action"] == "delete")]
        return bids.mask(by_word["action"].loc[bids.index] == "delete").astype("float64")


def own_pack(terms: Terms) -> Pack:
    """The platform's rule pack with the objective of the terms."""
    return _read_pack(terms.platform.pack, tuple(sorted(terms.settings.items())))


@cache
def _read_pack(name: str, settings: tuple[tuple[str, Any], ...]) -> Pack:
    return load_pack(name, rules_folder(), dict(settings))


def decide(
    facts: pd.DataFrame, terms: Terms, pack: Pack, superseded: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The product's decisions: the keyword rows of `tune_account`, with index 0, 1, 2 …"""
    return of_words(listed(facts, terms, pack, superseded))


def listed(
    facts: pd.DataFrame, terms: Terms, pack: Pack, superseded: pd.DataFrame | None = None
) -> pd.DataFrame:
    """All rows that `tune_account` makes of these facts."""
    known = Context((terms.items,))
    return tune_account(facts, terms.platform, pack, known, superseded=superseded).rows


def of_words(rows: pd.DataFrame) -> pd.DataFrame:
    """The keywords among the rows of a list, with index 0, 1, 2 …"""
    return rows[rows["keyword_id"].notna() & (rows["level"] == "keyword")].reset_index(drop=True)


TRADE: Final[Mapping[str, Callable[[], Player]]] = {
    "untouched": Untouched,
    "thresholds": Thresholds,
    "raw_ratio": RawRatio,
    "raw_ratio_10": partial(RawRatio, 10.0),
}
# Simple shrinkage with every shade and cap that somebody might tell it.
GRID: Final[Mapping[str, Callable[[], Player]]] = {
    f"one_pool_{shade:.0%}_{cap:.0%}".replace("%", ""): partial(OnePool, shade, cap)
    for shade in (0.0, 0.2, 0.3)
    for cap in (0.3, 0.5)
}
CEILINGS: Final[Mapping[str, Callable[[], Player]]] = {
    "perfect_capped": partial(Perfect, CAP),
    "perfect": Perfect,
}
OURS: Final = "ours"
PLAYERS: Final[Mapping[str, Callable[[], Player]]] = {**TRADE, **GRID, OURS: Ours, **CEILINGS}
# The best of them in each world in the last half, on the first two tuning seeds: what it is to be told.
TOLD: Final[Mapping[str, str]] = {
    "second_price_sparse": "one_pool_0_30",
    "second_price_usual": "one_pool_0_50",
    "second_price_dense": "one_pool_0_50",
    "next_price_sparse": "one_pool_30_30",
    "next_price_usual": "one_pool_30_30",
    "next_price_dense": "one_pool_30_30",
    "market_price_sparse": "one_pool_20_30",
    "market_price_usual": "one_pool_30_30",
    "market_price_dense": "one_pool_30_30",
}
# Who can play where nobody tells a margin: there a shade says nothing, and most profit is not the goal.
WITHOUT_MARGINS: Final = (*TRADE, "one_pool_0_30", "one_pool_0_50", OURS)


def _latest_days(facts: pd.DataFrame) -> pd.DataFrame:
    latest: pd.DataFrame = facts[facts["date"] > facts["date"].max() - pd.Timedelta(days=LOOKBACK_DAYS)]
    return latest


def one_pool_rate(events: Floats, units: Floats) -> Floats:
    """Posterior mean of each row's rate, (events + strength × mean) ÷ (units + strength), (rows,).

    Gamma-Poisson with the account's own rate as mean; strength (units) by marginal likelihood, 1 to 100,000.
    """
    mean = events.sum() / max(units.sum(), 1.0)
    if mean == 0:
        return np.zeros(len(events))

    def loss(log_strength: float) -> float:
        a, b = mean * np.exp(log_strength), np.exp(log_strength)
        fit = gammaln(events + a) - gammaln(a) + a * np.log(b) - (events + a) * np.log(units + b)
        return -float(fit.sum())

    strength = np.exp(minimize_scalar(loss, bounds=(0.0, np.log(1e5)), method="bounded").x)
    return np.asarray((events + strength * mean) / (units + strength))


def _order_value(words: pd.DataFrame) -> pd.Series:
    """Mean net revenue per order of each word's item; of the account where the item has no order."""
    sums = words.groupby("item_id")[["revenue", "conversions"]].transform("sum")
    overall = words["revenue"].sum() / max(words["conversions"].sum(), 1.0)
    return (sums["revenue"] / sums["conversions"].where(sums["conversions"] > 0)).fillna(overall)


def _adjustment(recent: pd.DataFrame, words: pd.Index) -> Floats:
    """CPC ÷ mean bid paid for in each word's campaign, at least 1 (words,)."""
    spent = recent.assign(at_bid=recent["clicks"] * recent["bid"])
    sums = spent.groupby("campaign")[["cost", "at_bid"]].sum()
    times = (sums["cost"] / sums["at_bid"].where(sums["at_bid"] > 0)).clip(lower=1.0).fillna(1.0)
    campaign = recent.groupby("keyword_id", sort=False)["campaign"].last()
    return floats(campaign.reindex(words).map(times))


def _placed(wanted: pd.Series, bids: pd.Series, terms: Terms, cap: float = CAP) -> pd.Series:
    """The wanted bids, within the weekly cap, in the platform's increments and not below its floor."""
    rules = terms.platform.bid
    capped = wanted.clip(bids * (1 - cap), bids * (1 + cap))
    whole = (capped / rules.increment).round() * rules.increment
    return whole.clip(lower=np.minimum(rules.floor, bids)).round(6)
