"""A simulated market: it yields exports and takes bids. Any other class can take its place, see `World`."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from ppc_tuner.errors import UsageError
from ppc_tuner.lab.arrays import Flags, Floats, flags, floats
from ppc_tuner.lab.auction import FAMILIES, Family, best_bid
from ppc_tuner.lab.catalogue import stock
from ppc_tuner.lab.chance import Odds, play_week
from ppc_tuner.lab.daily_facts import Played, facts
from ppc_tuner.lab.delay import Delay
from ppc_tuner.lab.shop import CLICKS_PER_WORD, Shop, Traffic, draw_shop
from ppc_tuner.lab.week import Conditions, WeekTruth, page_figures, week_truth
from ppc_tuner.lab.wordlists import MENSWEAR
from ppc_tuner.text import Text

NAMES = ["keyword_id", "keyword", "kind", "item_id", "campaign", "ad_group", "biddable"]


class World(Protocol):
    """What a market must offer to those who bid in it. Words are identified by keyword_id.

    To bench a class with these three methods, make it a `Case` (lab/worlds.py: how to make it from a seed,
    and the terms every player is told) and pass it to `bench_decisions([case], ...)` (lab/bench.py).
    """

    def facts(self, exported_on: pd.Timestamp | None = None) -> pd.DataFrame:
        """Canonical facts, one row per day and word with impressions.

        They are what an export pulled on the morning of `exported_on` would show (default: the day after the
        last day played).
        """
        ...

    def apply(self, bids: pd.Series) -> None:
        """Play one week under `bids` (index keyword_id, money; NaN: paused; absent: unchanged)."""
        ...

    def truth(self, bids: pd.Series | None = None) -> pd.DataFrame:
        """What no player can see, one row per word: the truth of the week that the next `apply` plays.

        `bids` (as for `apply`, default: those in force): the bids under which it is played. Columns, at
        least: keyword_id; bid in force in that week, NaN if paused or not biddable; cvr (orders per click,
        once all have arrived); value_per_click (money); clicks, cost, profit expected in that week at these
        bids; best_bid, best_clicks, best_profit at the bid that earns most; `kind` if words have one.
        """
        ...


class Market:
    """A simulated account.

    shop: its truth. conditions: family of auction, calendar, drift, delay. bids (words,): bids in the
    history, which is played at once; words that are `paused` (words,) do not take part. The same seed gives
    the same weeks. Chance in week k does not depend on what was drawn before, so that different ways of
    bidding meet the same drift.
    """

    def __init__(
        self, shop: Shop, conditions: Conditions, bids: Floats, *, seed: int, paused: Flags | None = None
    ) -> None:
        self.shop, self.conditions, self.seed = shop, conditions, seed
        self.auction = FAMILIES[conditions.family]
        self.played: list[Played] = []
        self._last = np.array(bids, dtype=np.float64)
        self._bids = self._last if paused is None else np.where(paused, np.nan, self._last)
        self._drift = np.zeros((2, len(shop.words)))
        self._odds = Odds(shop.words["item_number"].to_numpy(dtype=np.int64), shop.column("carts_per_order"))
        self._ids = pd.Index(shop.words["keyword_id"])
        self._best_of: tuple[int, Floats] = (-1, self._last)
        for _ in range(conditions.history_weeks):
            self._play()

    @property
    def week(self) -> int:
        """Number of the week that comes next."""
        return len(self.played)

    def facts(self, exported_on: pd.Timestamp | None = None) -> pd.DataFrame:
        """See `World.facts`. Paused words carry status paused; packages carry biddable False and no bid."""
        morning = self._next_day() if exported_on is None else exported_on
        return facts(self.shop, self.conditions, self.played, self._bids, morning)

    def apply(self, bids: pd.Series) -> None:
        """See `World.apply`. Bids given for packages are ignored. Raises UsageError on unknown or repeated
        ids and on negative bids."""
        self._bids = self._with(bids)
        self._last = np.where(np.isnan(self._bids), self._last, self._bids)
        self._play()

    def truth(self, bids: pd.Series | None = None) -> pd.DataFrame:
        """words × [keyword_id, keyword, kind, item_id, campaign, ad_group, biddable, bid, ctr, cvr, aov,
        value_per_click, best_bid, clicks, cost, revenue, profit, best_clicks, best_cost, best_revenue,
        best_profit].

        See `World.truth`. ctr is clicks per impression at the bid (at the best one where paused);
        value_per_click = margin × (1 − refund rate) × cvr × aov; sums are expected per week, at the bid and
        at the best one. Packages keep their bid: their best figures are the present ones, best_bid is NaN.
        """
        state = self._truth()
        best = self._best(state)
        biddable = flags(self.shop.words["biddable"])
        in_force = self._bids if bids is None else self._with(bids)
        shown = self.auction.outcome(np.where(np.isnan(in_force), best, in_force), state.rival)
        now, at_best = self._sums(in_force, state), self._sums(np.where(biddable, best, in_force), state)
        known = self.shop.words[NAMES].assign(
            bid=np.where(biddable, in_force, np.nan),
            ctr=state.ctr * shown.clicks / np.where(shown.shown > 0, shown.shown, np.nan),
            cvr=state.cvr,
            aov=state.aov,
            value_per_click=state.value,
            best_bid=np.where(biddable, best, np.nan),
        )
        return pd.concat([known, now, at_best.add_prefix("best_")], axis=1)

    def expected(self, bids: pd.Series) -> pd.DataFrame:
        """words × [clicks, cost, revenue, profit] expected in the coming week under `bids` (as for
        `apply`), index keyword_id; profit = value per click × clicks − cost."""
        return self._sums(self._with(bids), self._truth()).set_index(self._ids)

    def bids(self) -> pd.Series:
        """The bids in force, index keyword_id; NaN where paused."""
        return pd.Series(self._bids.copy(), index=self._ids, name="bid")

    def word_list(self) -> pd.DataFrame:
        """words × [keyword_id, keyword, match_type, campaign, ad_group, bid, quality_score, status,
        biddable] as the platform's word list shows them on the day of export; bid is the last one in force,
        also where paused."""
        frame = self.shop.words[["keyword_id", "keyword", "match_type", "campaign", "ad_group"]].copy()
        return frame.assign(
            bid=np.where(self.shop.words["biddable"], self._last, np.nan),
            quality_score=self.shop.column("quality_score"),
            status=pd.Series(np.where(np.isnan(self._bids), "paused", "live"), dtype="str"),
            biddable=self.shop.words["biddable"].astype("boolean"),
        )

    def pages(self) -> pd.DataFrame:
        """item weeks × [item_id, period_start, period_end, bounce_rate, depth] of the weeks played."""
        weeks = [page_figures(self.shop, self.conditions, week) for week in range(self.week)]
        return pd.concat(weeks, ignore_index=True)

    def _truth(self) -> WeekTruth:
        return week_truth(self.shop, self.conditions, self.week, self._drift)

    def _best(self, state: WeekTruth) -> Floats:
        """Best bids of the coming week, (words,); searched for once per week."""
        if self._best_of[0] != self.week:
            self._best_of = (self.week, best_bid(self.auction, state.rival, state.value))
        return self._best_of[1]

    def _sums(self, bids: Floats, state: WeekTruth) -> pd.DataFrame:
        outcome = self.auction.outcome(bids, state.rival)
        exposure = state.demand.sum(axis=0) * state.ctr
        clicks, cost = exposure * outcome.clicks, exposure * outcome.cost
        revenue = clicks * state.cvr * state.aov
        return pd.DataFrame(
            {"clicks": clicks, "cost": cost, "revenue": revenue, "profit": state.value * clicks - cost}
        )

    def _with(self, bids: pd.Series) -> Floats:
        _check(bids, self._ids)
        mine = pd.Series(self._bids, index=self._ids)
        told = bids.astype("float64").loc[bids.index.isin(self._ids[flags(self.shop.words["biddable"])])]
        mine.loc[told.index] = told
        return floats(mine)

    def _play(self) -> None:
        state = self._truth()
        outcome = self.auction.outcome(self._bids, state.rival)
        rng = np.random.default_rng([self.seed, 303, self.week])
        traffic, orders = play_week(state, outcome, self._bids, self._odds, self.conditions.delay, rng)
        self.played.append(Played(traffic, orders, self._bids.copy()))
        step = np.random.default_rng([self.seed, 404, self.week]).normal(0, 1, self._drift.shape)
        self._drift = self._drift + self.conditions.drift * step

    def _next_day(self) -> pd.Timestamp:
        return self.conditions.start + pd.Timedelta(weeks=self.week)


def make_market(
    seed: int,
    *,
    family: Family = "next_price",
    traffic: Traffic = "usual",
    words: int = 400,
    items: int = 8,
    event_week: int | None = None,
    drift: float = 0.0,
    failing_page: bool = False,
    history_weeks: int = 4,
    never_sell: float = 0.0,
    delay: Delay | None = None,
) -> Market:
    """A menswear account with `history_weeks` of history behind it.

    Bids of the history are log-normal around the best bid of the first week, .3 to 3 times it, in cents.
    event_week counts from the first week of history; failing_page: the page of the third item fails
    throughout; never_sell: share of the words other than head and main ones that are clicked and priced like
    their peers but never bought; delay: how late orders arrive (default: `Delay()`).
    """
    auction = FAMILIES[family]
    laid_out = stock(MENSWEAR, words=words, items=items, seed=seed)
    shop = draw_shop(MENSWEAR, laid_out, auction, clicks_per_word=CLICKS_PER_WORD[traffic], seed=seed)
    conditions = Conditions(
        family=family,
        history_weeks=history_weeks,
        event_week=event_week,
        drift=drift,
        failing_item=str(shop.items["item_id"].iloc[min(2, items - 1)]) if failing_page else None,
        delay=delay or Delay(),
    )
    state = week_truth(shop, conditions, 0, np.zeros((2, words)))
    rng = np.random.default_rng([seed, 505])
    off = np.clip(np.exp(rng.normal(0, 0.55, words)), 0.3, 3.0)
    bids = np.maximum(np.round(best_bid(auction, state.rival, state.value) * off, 2), 0.01)
    return Market(_with_unsold(shop, never_sell, seed), conditions, bids, seed=seed)


def _with_unsold(shop: Shop, share: float, seed: int) -> Shop:
    """The shop with a random `share` of its words other than head and main ones never bought."""
    if share == 0:
        return shop
    drawn = np.random.default_rng([seed, 707]).random(len(shop.words)) < share
    unsold = drawn & ~shop.words["kind"].isin(["head", "core"]).to_numpy()
    return shop.with_cvr(np.where(unsold, 0.0, 1.0))


def _check(bids: pd.Series, known: pd.Index) -> None:
    unknown = bids.index[~bids.index.isin(known)]
    if len(unknown):
        raise _bad_bids(
            Text("有不认识的词ID", "bids for unknown keyword ids"), ", ".join(map(str, unknown[:3]))
        )
    if bids.index.has_duplicates:
        twice = bids.index[bids.index.duplicated()][:3]
        raise _bad_bids(Text("同一个词有两个出价", "two bids for one keyword id"), ", ".join(map(str, twice)))
    if (bids < 0).any():
        raise _bad_bids(Text("出价为负", "negative bids"), str(bids.min()))


def _bad_bids(problem: Text, found: str) -> UsageError:
    return UsageError(
        problem,
        found=found,
        expected=Text(
            "每个词ID一个不为负的出价，暂停为空", "one bid ≥ 0 for each keyword_id, NaN for paused"
        ),
        to_do=Text("用 facts() 或 truth() 里的词ID", "use the keyword ids of facts() or truth()"),
    )
