"""What a player to whom nobody told a margin sold, beside the most that the same spend could sell."""

from __future__ import annotations

from typing import Final, Protocol

import pandas as pd

from ppc_tuner.lab.rollout import Step, worth_running

# Margins under any of which a delete must be right.
MARGINS: Final = (0.2, 0.3, 0.4, 0.5, 0.6)


class Sold(Protocol):
    """What a world must tell of sales."""

    def sold(self, bids: pd.Series | None = None) -> float:
        """Revenue after refunds (money) expected in the coming week at these bids."""
        ...

    def most_sold(self, spend: float) -> float:
        """The most that perfect knowledge could sell in the coming week for that spend (money)."""
        ...

    def best_at(self, margin: float) -> pd.DataFrame:
        """words × [best_bid, best_clicks] if every sale left this margin; index keyword_id."""
        ...

    def truth(self, bids: pd.Series | None = None) -> pd.DataFrame:
        """See lab.market.World."""
        ...


class SalesLedger:
    """Adds up the decisions of one rollout into the measures of the sales table.

    `world` is asked about each coming week before that is played; `floor`: lowest bid of the platform.
    """

    def __init__(self, world: Sold, floor: float) -> None:
        self.world, self.floor = world, floor
        self.start: pd.Series | None = None
        self.weeks: list[dict[str, float]] = []
        self.deleted = 0
        self.wrong = dict.fromkeys(MARGINS, 0)

    def add(self, step: Step) -> None:
        """Add one decision, before its week is played; decisions are added in order."""
        self.start = step.before if self.start is None else self.start
        spent = float(step.then["cost"].sum())
        untouched = self.world.truth(self.start)
        self.weeks.append(
            {
                "sold": self.world.sold(step.after),
                "most": self.world.most_sold(spent),
                "spent": spent,
                "held": float(untouched["cost"].sum()),
                "profit": float(step.then["profit"].sum()),
                "untouched": float(untouched["profit"].sum()),
            }
        )
        gone = step.before.index[step.paused]
        self.deleted += len(gone)
        for margin in MARGINS if len(gone) else ():
            self.wrong[margin] += int(worth_running(self.world.best_at(margin).loc[gone], self.floor).sum())

    def measures(self) -> dict[str, float]:
        """The measures of this rollout.

        sold_all, sold_last: revenue ÷ the most that the same spend could have sold, over all weeks and the
        last half. spend_last: spend of the last half ÷ as many times that of the first week's bids in the
        first week. deleted: words; wrongly_deleted: the most of them that are wrong under one margin.
        to_untouched: profit over all weeks at the true margins ÷ that of bids never changed.
        """
        weeks = pd.DataFrame(self.weeks)
        last = weeks.iloc[len(weeks) // 2 :]
        return {
            "sold_all": float(weeks["sold"].sum() / weeks["most"].sum()),
            "sold_last": float(last["sold"].sum() / last["most"].sum()),
            "spend_last": float(last["spent"].mean() / weeks["held"].iloc[0]),
            "deleted": self.deleted,
            "wrongly_deleted": max(self.wrong.values()),
            "to_untouched": float(weeks["profit"].sum() / weeks["untouched"].sum()),
        }
