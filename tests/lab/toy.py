"""A market of a few words on one page, for tests.

Clicks = 10 × bid at a price of half the bid, so that profit = value × 10 × bid − 5 × bid² is
largest at bid = value.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ppc_tuner.lab.worlds import Terms, zhitongche

ITEMS = pd.DataFrame({"item_id": ["1"], "margin": [0.5], "refund_rate": [0.2]})
PROFIT = Terms(zhitongche(), ITEMS, {"objective": "profit"})
TARGET = Terms(zhitongche(), ITEMS, {"objective": "target_roas", "target_roas": 4.0})


def facts_of(
    *words: dict[str, object], date: str = "2026-03-29", exported_on: str = "2026-03-30"
) -> pd.DataFrame:
    """One daily fact for each mapping, over defaults."""
    default = {
        "level": "keyword", "platform": "zhitongche", "account": "店", "currency": "CNY", "campaign": "计划",
        "ad_group": "单元", "item_id": "1", "item": "羽绒服男短款", "date": date, "exported_on": exported_on,
        "impressions": 1000.0, "clicks": 100.0, "cost": 100.0, "conversions": 5.0, "revenue": 500.0,
        "bid": 1.0,
    }  # fmt: skip
    frame = pd.DataFrame([default | {"keyword": word["keyword_id"]} | word for word in words])
    return frame.assign(date=pd.to_datetime(frame["date"]), exported_on=pd.to_datetime(frame["exported_on"]))


class ToyWorld:
    """Two words worth 2.00 and 0.00 a click, both bid on at 1.00; a world as anyone might write one."""

    def __init__(self, seed: int) -> None:
        self.value = np.array([2.0, 0.0])
        self.ids = pd.Index(["good", "bad"])
        self.bids = pd.Series([1.0, 1.0], index=self.ids)
        self.random = np.random.default_rng(seed)
        self.days: list[pd.DataFrame] = []
        self._play()

    def facts(self, exported_on: pd.Timestamp | None = None) -> pd.DataFrame:
        every = pd.concat(self.days, ignore_index=True)
        morning = every["date"].max() + pd.Timedelta(days=1) if exported_on is None else exported_on
        return every[every["date"] < morning].assign(exported_on=morning)

    def apply(self, bids: pd.Series) -> None:
        self.bids.loc[bids.index] = bids
        self._play()

    def truth(self, bids: pd.Series | None = None) -> pd.DataFrame:
        now = self.bids.copy()
        if bids is not None:
            now.loc[bids.index] = bids
        clicks, best = 10 * now.fillna(0).to_numpy(), self.value
        cost = clicks * now.fillna(0).to_numpy() / 2
        return pd.DataFrame(
            {
                "keyword_id": self.ids, "bid": now.to_numpy(), "cvr": self.value / 40,
                "value_per_click": self.value,
                "clicks": clicks, "cost": cost, "profit": self.value * clicks - cost, "best_bid": best,
                "best_clicks": 10 * best, "best_profit": 5 * best**2,
            }
        )  # fmt: skip

    def _play(self) -> None:
        truth = self.truth()
        clicks = self.random.poisson(truth["clicks"])
        orders = self.random.binomial(clicks, truth["cvr"])
        words = [
            {
                "keyword_id": name, "clicks": float(clicks[n]),
                "cost": clicks[n] * truth["bid"].fillna(0)[n] / 2,
                "conversions": float(orders[n]), "revenue": 100.0 * orders[n], "bid": truth["bid"][n],
            }
            for n, name in enumerate(self.ids)
        ]  # fmt: skip
        day = pd.Timestamp("2026-03-01") + pd.Timedelta(weeks=len(self.days))
        self.days.append(facts_of(*words, date=str(day.date())))
