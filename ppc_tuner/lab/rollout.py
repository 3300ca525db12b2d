"""A player bids in a world for some weeks; what those weeks were worth by the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Flags, Floats, flags, floats
from ppc_tuner.lab.market import World
from ppc_tuner.lab.players import Player, Seen
from ppc_tuner.lab.worlds import Terms

WEEKS: Final = 12
# With fewer clicks a week at its best bid, a word is not worth running (min_weekly_clicks of the packs).
FEWEST_CLICKS: Final = 0.1
FLIP_WEEKS: Final = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One decision.

    before, after: bids by keyword_id. now, then: the truth of the coming week under `before` and under
    `after`, with the same index.
    """

    week: int
    before: pd.Series
    after: pd.Series
    now: pd.DataFrame
    then: pd.DataFrame

    @property
    def moved(self) -> Flags:
        """Which words' bids changed, (words,); pausing and starting again are changes."""
        before, after = floats(self.before), floats(self.after)
        same = (before == after) | (np.isnan(before) & np.isnan(after))
        return np.asarray(~same)

    @property
    def paused(self) -> Flags:
        """Which words were paused by this decision, (words,)."""
        return flags(self.before.notna() & self.after.isna())


def play(world: World, player: Player, terms: Terms, weeks: int = WEEKS) -> Iterator[Step]:
    """Yield `weeks` decisions of a player in a world, each before its week is played."""
    bids = by_word(world.truth())["bid"]
    for week in range(weeks):
        told = player(Seen(world, bids, terms))
        after = bids.copy()
        after.loc[told.index] = told.astype("float64")
        yield Step(week, bids, after, by_word(world.truth()), by_word(world.truth(told)))
        world.apply(told)
        bids = after


def by_word(truth: pd.DataFrame) -> pd.DataFrame:
    """The truth by keyword_id."""
    return truth.set_index("keyword_id")


def worth_running(truth: pd.DataFrame, floor: float) -> Flags:
    """Flag per word: the platform takes its best bid, and that bid buys at least FEWEST_CLICKS a week."""
    return flags((truth["best_bid"] >= floor) & (truth["best_clicks"] >= FEWEST_CLICKS))


def loses_at_any_bid(truth: pd.DataFrame, floor: float) -> Flags:
    """Flag per word: it earns most at a bid below the platform's floor, so any bid the platform takes loses
    money.
    """
    return flags(truth["best_bid"] < floor)


class Ledger:
    """Adds up the decisions of one rollout into the measures of the profit table."""

    def __init__(self, floor: float) -> None:
        self.floor = floor
        self.profits: list[tuple[float, float]] = []
        self.deleted = self.wrongly_deleted = 0
        self.waste: list[tuple[float, float]] = []
        self.bids: list[Floats] = []
        self.moved: list[Flags] = []

    def add(self, step: Step) -> None:
        """Add one decision; decisions are added in order."""
        self.profits.append((step.then["profit"].sum(), step.then["best_profit"].sum()))
        self.deleted += int(step.paused.sum())
        self.wrongly_deleted += int((step.paused & worth_running(step.now, self.floor)).sum())
        waste = loses_at_any_bid(step.now, self.floor)
        self.waste.append((step.then["cost"][waste].sum(), step.now["cost"][waste].sum()))
        self.moved.append(step.moved)
        if not self.bids:
            self.bids.append(floats(step.before))
        self.bids.append(floats(step.after))

    def measures(self) -> dict[str, float]:
        """The measures of this rollout.

        share_all, share_last: expected profit ÷ the perfect player's, over all weeks and over the last half.
        deleted, wrongly_deleted: words. waste_left: weekly cost of words that lose at any bid, in the last
        half, ÷ their weekly cost before the first decision. changed: share of bids changed a week. changes,
        flips: bid changes, and those that reverse one of the two weeks before.
        """
        earned = np.array(self.profits)
        half = len(earned) // 2
        share = earned.sum(axis=0)
        last = earned[half:].sum(axis=0)
        moved = np.array(self.moved)
        return {
            "share_all": share[0] / share[1],
            "share_last": last[0] / last[1],
            "deleted": self.deleted,
            "wrongly_deleted": self.wrongly_deleted,
            "waste_left": _ratio(float(np.mean([spent for spent, _ in self.waste[half:]])), self.waste[0][1]),
            "changed": float(moved.mean()),
            "changes": int(moved.sum()),
            "flips": flips(np.array(self.bids)),
        }


def flips(bids: Floats) -> int:
    """Changes that reverse one of the same word's in the two weeks before. bids: weeks × words, NaN counts as
    0.
    """
    sign = np.sign(np.diff(np.nan_to_num(bids), axis=0))
    turned = np.zeros(sign.shape, dtype=np.bool_)
    for back in range(1, min(FLIP_WEEKS, len(sign) - 1) + 1):
        turned[back:] |= sign[back:] * sign[:-back] < 0
    return int(turned.sum())


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else np.nan
