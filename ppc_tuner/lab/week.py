"""The truth of one week: what a click is worth and costs, before any chance is drawn."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Flags, Floats, flags, floats
from ppc_tuner.lab.auction import Family
from ppc_tuner.lab.delay import Delay
from ppc_tuner.lab.season import CTR_POWER, CVR_POWER, WEEKDAYS, event, wave
from ppc_tuner.lab.shop import Shop

# What a failing page does: to conversion, and to the page's own figures.
FAILING_CVR = 0.25
GOOD_PAGE, FAILING_PAGE = (0.52, 3.6), (0.84, 1.5)  # bounce rate, pages per visit


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a market runs. start: a Monday. Weeks count from 0, the first week of history.

    event_week: an event (its week before is quieter in conversion); drift: standard deviation per week of
    the log of every word's conversion and of its rivals' prices; failing_item: item_id whose page fails
    from week `fails_from`; seasonal: demand follows the items' season.
    """

    family: Family = "next_price"
    start: pd.Timestamp = field(default_factory=lambda: pd.Timestamp("2026-03-02"))
    history_weeks: int = 4
    event_week: int | None = None
    drift: float = 0.0
    failing_item: str | None = None
    fails_from: int = 0
    seasonal: bool = False
    delay: Delay = field(default_factory=Delay)


@dataclass(frozen=True, slots=True)
class WeekTruth:
    """days (7,); demand: expected searches (7 × words); the rest per word (words,): ctr in the first slot,
    cvr, aov, rival, and value: money that a click is worth."""

    days: pd.DatetimeIndex
    demand: Floats
    ctr: Floats
    cvr: Floats
    aov: Floats
    rival: Floats
    value: Floats


def week_truth(shop: Shop, conditions: Conditions, week: int, drift: Floats) -> WeekTruth:
    """The truth of week `week`; drift (2 × words): logs by which conversion and rivals' prices have moved
    so far."""
    days = pd.date_range(conditions.start + pd.Timedelta(weeks=week), periods=7)
    times = event(week, conditions.event_week)
    season = _season(shop, conditions, days[3])
    ctr = shop.column("ctr") * season**CTR_POWER * times.ctr
    page = np.where(failing(shop, conditions, week), FAILING_CVR, 1.0)
    cvr = shop.column("cvr") * season**CVR_POWER * times.cvr * page * np.exp(drift[0])
    searches = shop.column("searches") * season * times.demand
    return WeekTruth(
        days=days,
        demand=WEEKDAYS[:, None] * searches,
        ctr=np.minimum(ctr, 0.5),
        cvr=np.minimum(cvr, 0.5),
        aov=shop.column("aov"),
        rival=shop.column("rival") * times.rival * np.exp(drift[1]),
        value=shop.net_margin() * shop.column("aov") * np.minimum(cvr, 0.5),
    )


def failing(shop: Shop, conditions: Conditions, week: int) -> Flags:
    """Which words lead to a page that fails in that week, (words,)."""
    if conditions.failing_item is None or week < conditions.fails_from:
        return np.zeros(len(shop.words), dtype=np.bool_)
    return flags(shop.words["item_id"] == conditions.failing_item)


def page_figures(shop: Shop, conditions: Conditions, week: int) -> pd.DataFrame:
    """items × [item_id, period_start, period_end, bounce_rate (share), depth (pages per visit)] of that
    week."""
    fails = conditions.failing_item is not None and week >= conditions.fails_from
    bad = flags(shop.items["item_id"] == conditions.failing_item) & fails
    monday = (conditions.start + pd.Timedelta(weeks=week)).as_unit("us")
    return pd.DataFrame(
        {
            "item_id": shop.items["item_id"],
            "period_start": monday,
            "period_end": monday + pd.Timedelta(days=6),
            "bounce_rate": np.where(bad, FAILING_PAGE[0], GOOD_PAGE[0]),
            "depth": np.where(bad, FAILING_PAGE[1], GOOD_PAGE[1]),
        }
    )


def _season(shop: Shop, conditions: Conditions, day: pd.Timestamp) -> Floats:
    """Demand against the yearly middle, (words,); 1 in a market without seasons."""
    if not conditions.seasonal:
        return np.ones(len(shop.words))
    items = shop.items
    log = wave(floats(items["peak"]), floats(items["swing"]), day)
    return shop.of_item(np.exp(log))
