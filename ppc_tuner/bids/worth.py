"""What a click may cost under the goal, and in what its gain is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincc

from ppc_tuner.account import PAYS_AT_NO_MARGIN, Goal
from ppc_tuner.arrays import floats
from ppc_tuner.bids.limits import Budget
from ppc_tuner.bids.sales import ORDERS, PROFIT, REVENUE, Market, bars
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClickWorth:
    """Of n rows. `worth` (money): what a click may cost; `shape`: of its Gamma posterior; `generous` (money):
    what it may cost at the most, for deletes; `unit`: of the gain; `bar_roas`, `bar_cpa`: what the last money
    must bring, and the last order may cost; `sold_at_margin`: revenue (orders) that one more unit of money
    brings.
    """

    worth: Floats
    shape: Floats
    generous: Floats
    unit: NDArray[Any]
    bar_roas: Floats
    bar_cpa: Floats
    sold_at_margin: Floats

    def columns(self, rows: pd.DataFrame, goal: Goal) -> dict[str, Any]:
        """Those of columns.TARGETS that say what a click is worth."""
        return {
            "bar_roas": self.bar_roas,
            "bar_cpa": self.bar_cpa,
            "sold_at_margin": self.sold_at_margin,
            "gain_unit": self.unit,
            "roi_score": 100 * chance_above_bar(rows, self, goal),
            "worth": self.worth,
            "generous_worth": self.generous,
            "order_worth": self.worth / floats(rows, "cvr"),
        }


def worth_of_click(
    rows: pd.DataFrame, goal: Goal, market: Market, budget: Budget, settings: Settings
) -> ClickWorth:
    """What a click may cost under the goal (n rows).

    profit: value per click. sales: revenue per click over the bar at which the spend is held (bids.sales), or
    orders per click × what the last order may cost. target_roas: RPC / target, by default break-even.
    target_cpa: CVR × target CPA.
    """
    value, shape = floats(rows, "value_per_click"), floats(rows, "value_shape")
    rpc, cvr = floats(rows, "rpc"), floats(rows, "cvr")
    has_revenue, blank = np.isfinite(rpc), np.full(len(rows), np.nan)
    even = 1 / floats(rows, "margin")
    with np.errstate(divide="ignore", invalid="ignore"):
        sold = np.where(has_revenue, rpc, cvr)
        at_margin = sold / market.price
    profit = np.full(len(rows), PROFIT, dtype=object)
    if goal.objective == "target_roas" and goal.target_roas is not None:
        worth = rpc / goal.target_roas
        bar = np.where(np.isnan(even), goal.target_roas, even)
        return ClickWorth(worth, shape, worth, profit, bar, blank, at_margin)
    if goal.objective == "target_cpa" and goal.target_cpa is not None:
        worth = cvr * goal.target_cpa
        return ClickWorth(worth, shape, worth, profit, even, np.full(len(rows), goal.target_cpa), at_margin)
    on_sales = (np.isnan(value) | (not goal.by_margin)) & (goal.objective != "target_roas")
    unit = np.where(on_sales, np.where(has_revenue, REVENUE, ORDERS), PROFIT).astype(object)
    if not on_sales.any():
        return ClickWorth(value, shape, value, unit, even, blank, at_margin)
    least = np.where(has_revenue, PAYS_AT_NO_MARGIN, 0.0)
    bar = bars(rows, np.where(on_sales, sold, np.nan), market, budget, least, settings)
    usual = goal.target_cpa or np.nan
    # Where no spend is held an order may cost what it does.
    bar = np.where(np.isnan(bar), np.where(has_revenue, least, 1 / usual), bar)
    with np.errstate(divide="ignore", invalid="ignore"):
        bar_cpa = np.where(on_sales & ~has_revenue, 1 / bar, np.nan)
        worth = np.where(on_sales, sold / bar + settings.traffic_worth, value)
    most = np.where(has_revenue, rpc * settings.generous_margin, cvr * settings.generous_cpa * usual)
    generous = np.where(on_sales, np.fmax(worth, most + settings.traffic_worth), value)
    bar_roas = np.where(on_sales & has_revenue, bar, np.where(on_sales, np.nan, even))
    return ClickWorth(worth, shape, generous, unit, bar_roas, bar_cpa, at_margin)


def chance_above_bar(rows: pd.DataFrame, found: ClickWorth, goal: Goal) -> Floats:
    """Chance (n,) that a click is worth more than it costs; where nobody told its worth, that its ROAS beats
    the bar, and without revenue that its cost per order beats the account's."""
    usual = floats(rows, "cvr") * (goal.target_cpa or np.nan)
    sold = np.where(np.isfinite(found.bar_roas), floats(rows, "rpc") / found.bar_roas, usual)
    chance = gammaincc(found.shape, floats(rows, "cpc") * found.shape / sold)
    told = floats(rows, "p_profitable")
    return np.where(np.isnan(told), chance, told)


def earned_per_click(rows: pd.DataFrame, worth: Floats | pd.Series, unit: NDArray[Any] | pd.Series) -> Floats:
    """What a click earns (money, n): its value, or on sales its worth at the bar."""
    return np.where(unit != PROFIT, np.asarray(worth, dtype=float), floats(rows, "value_per_click"))


def gain_scale(rows: pd.DataFrame) -> Floats:
    """Units of the gain per money (n): 1 for profit, the bar for revenue, orders per money for orders."""
    scales = [floats(rows, "bar_roas"), 1 / floats(rows, "bar_cpa")]
    return np.select([rows["gain_unit"] == REVENUE, rows["gain_unit"] == ORDERS], scales, default=1.0)
