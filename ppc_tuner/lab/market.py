"""A simulated market: it yields exports and takes bids. Any other class can take its place, see `World`."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from ppc_tuner.errors import UsageError
from ppc_tuner.lab.arrays import Flags, Floats, flags, floats
from ppc_tuner.lab.auction import FAMILIES, best_bid, most_sold
from ppc_tuner.lab.chance import Odds, play_week
from ppc_tuner.lab.daily_facts import Played, facts
from ppc_tuner.lab.shop import Shop
from ppc_tuner.lab.week import Conditions, WeekTruth, page_figures, week_truth
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
    history, which is played at once; words that are `paused` (words,) do not take part. `adjustment`
    (words,): what the platform multiplies each bid by before the auction sees it (placements, audiences,
    devices); no export tells it. The same seed gives the same weeks. Chance in week k does not depend on what
    was drawn before, so that different ways of bidding meet the same drift.
    """

    def __init__(
        self,
        shop: Shop,
        conditions: Conditions,
        bids: Floats,
        *,
        seed: int,
        paused: Flags | None = None,
        adjustment: Floats | None = None,
    ) -> None:
        self.shop, self.conditions, self.seed = shop, conditions, seed
        self.auction = FAMILIES[conditions.family]
        self._times = np.ones(len(shop.words)) if adjustment is None else adjustment
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
        run = np.where(np.isnan(in_force), best, in_force)
        shown = self.auction.outcome(run * self._times, state.rival)
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

    def sold(self, bids: pd.Series | None = None) -> float:
        """Revenue after refunds (money) expected in the coming week, at these bids or those in force."""
        state = self._truth()
        in_force = self._bids if bids is None else self._with(bids)
        return float((self._sums(in_force, state)["clicks"] * self._sold_per_click(state)).sum())

    def most_sold(self, spend: float) -> float:
        """The most that perfect knowledge could sell in the coming week for that spend (money)."""
        state = self._truth()
        exposure = state.demand.sum(axis=0) * state.ctr
        return most_sold(self.auction, state.rival, exposure, self._sold_per_click(state), spend)

    def best_at(self, margin: float) -> pd.DataFrame:
        """words × [best_bid (money), best_clicks (a week)] if every sale left this margin; index
        keyword_id."""
        state = self._truth()
        best = self._best_for(state, margin * self._sold_per_click(state))
        clicks = self._sums(best, state)["clicks"].to_numpy()
        return pd.DataFrame({"best_bid": best, "best_clicks": clicks}, index=self._ids)

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
            self._best_of = (self.week, self._best_for(state, state.value))
        return self._best_of[1]

    def _best_for(self, state: WeekTruth, value: Floats) -> Floats:
        """The bids (words,) that earn most where a click is worth `value` (money, (words,))."""
        return best_bid(self.auction, state.rival, value) / self._times

    def _sold_per_click(self, state: WeekTruth) -> Floats:
        refunded = self.shop.of_item(floats(self.shop.items["refund_rate"]))
        return state.cvr * state.aov * (1 - refunded)

    def _sums(self, bids: Floats, state: WeekTruth) -> pd.DataFrame:
        outcome = self.auction.outcome(bids * self._times, state.rival)
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
        seen = self._bids * self._times
        outcome = self.auction.outcome(seen, state.rival)
        rng = np.random.default_rng([self.seed, 303, self.week])
        traffic, orders = play_week(state, outcome, seen, self._odds, self.conditions.delay, rng)
        self.played.append(Played(traffic, orders, self._bids.copy()))
        step = np.random.default_rng([self.seed, 404, self.week]).normal(0, 1, self._drift.shape)
        self._drift = self._drift + self.conditions.drift * step

    def _next_day(self) -> pd.Timestamp:
        return self.conditions.start + pd.Timedelta(weeks=self.week)


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
