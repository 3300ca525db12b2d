"""Verdicts → the change that is really made: capped, rounded to the platform's increments, deletes bounded as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ppc_tuner.bids import response
from ppc_tuner.bids.budget import within_budget
from ppc_tuner.bids.effects import effects_of
from ppc_tuner.bids.learning import LEARN_UP, with_learning
from ppc_tuner.bids.limits import NO_BUDGET, Budget
from ppc_tuner.columns import REMOVALS
from ppc_tuner.text import Text

Floats = NDArray[np.float64]

OTHERWISE = "otherwise_"
BELOW_INCREMENT = Text(
    "可动幅度不足一个最小加价单位，保持", "the change would be below one increment, so the bid stays"
)
DELETE_BOUND = "wrong-deletes"
# How a change is said where no bid is known: whole percents.
PERCENT_STEP = 0.01
# Nobody plans further ahead: the season has been round by then.
PLANNED_WEEKS = 52
# Numbers of further clicks tried when asking how many a verdict still needs.
FURTHER_CLICKS = np.unique(np.geomspace(1, 100_000, 41).round())


def with_steps(
    rows: pd.DataFrame,
    floor: float,
    increment: float,
    settings: Mapping[str, Any],
    budget: Budget = NO_BUDGET,
) -> pd.DataFrame:
    """Rows plus new_bid, bid_change, confidence, money_at_stake, expected changes a week and, of what is watched, the plan.

    `rows`: decision rows with targets and verdicts (`action`, `rule`, `rule_cap`, and `otherwise_*`: what is decided when
    a removal is not allowed). Money per week (per reported period if undated). Removals are taken from the surest on
    while the expected share of wrong ones stays ≤ settings["wrong_deletes"]; the others take their next verdict. A
    change below one increment becomes keep; what a budget does not allow is not raised; some watched words move to learn.
    """
    rows = _bounded_removals(rows, settings["wrong_deletes"])
    needed = _clicks_needed(rows)
    rows = with_learning(rows, needed, increment, settings)
    rows = within_budget(rows, partial(_rounded, floor=floor, increment=increment), budget)
    x = np.where(rows["action"].isin(REMOVALS), 0.0, 1 + rows["bid_change"].to_numpy(dtype=float))
    rows = rows.assign(
        confidence=_confidence(rows), money_at_stake=_money_at_stake(rows), **effects_of(rows, x, settings)
    )
    inner = [name for name in map(str, rows) if name.startswith(OTHERWISE) or name in ("rule_cap", LEARN_UP)]
    return rows.assign(clicks_needed=needed, **_watch_plan(rows, needed)).drop(columns=inner)


def _bounded_removals(rows: pd.DataFrame, bound: float) -> pd.DataFrame:
    removal = rows["action"].isin(REMOVALS)
    wrong = (1 - rows["p_not_worth"])[removal].sort_values(kind="stable")
    share = wrong.cumsum() / np.arange(1, len(wrong) + 1)
    refused = pd.Series(rows.index.isin(share.index[share > bound]), index=rows.index)
    names = [name.removeprefix(OTHERWISE) for name in map(str, rows) if name.startswith(OTHERWISE)]
    taken = {name: rows[name].mask(refused, rows[OTHERWISE + name]) for name in names}
    gated = rows["gated_by"].mask(refused, (rows["gated_by"].fillna("") + " " + DELETE_BOUND).str.strip())
    return rows.assign(**taken, gated_by=gated)


def _rounded(rows: pd.DataFrame, floor: float, increment: float) -> pd.DataFrame:
    """Steps in whole increments, rounded towards today's bid, never below the floor, never past a rule's cap."""
    action, cap = rows["action"], rows["rule_cap"].to_numpy(dtype=float)
    up = np.fmin(rows["step_up"].to_numpy(dtype=float), cap)
    down = np.fmax(rows["step_down"].to_numpy(dtype=float), -cap)
    learn = np.fmin(rows[LEARN_UP].to_numpy(dtype=float), cap) if LEARN_UP in rows else 0.0
    change = np.select([action == "raise", action == "lower", action == "watch"], [up, down, learn], 0.0)
    bid = rows["bid"].to_numpy(dtype=float) if "bid" in rows else np.full(len(rows), np.nan)
    given = (rows["bid_basis"] == "given").to_numpy()
    step = np.where(given, increment, PERCENT_STEP)
    # A hair of slack, so that 1.1 − 1.0 counts as ten hundredths and not nine.
    whole = np.trunc(np.where(given, bid, 1.0) * change / step + np.sign(change) * 1e-9) * step
    new_bid = np.where(given, np.maximum(np.round(bid + whole, 6), np.minimum(bid, floor)), np.nan)
    change = np.where(given, new_bid / bid - 1, np.round(whole, 6))
    still = action.isin(("raise", "lower")) & (np.abs(np.nan_to_num(change)) < 1e-9)
    removed = action.isin(REMOVALS)
    return rows.assign(
        action=action.mask(still, "keep"),
        rule=rows["rule"].mask(still, "below-increment"),
        advice=rows["advice"].mask(still, ""),
        reason_zh=rows["reason_zh"].mask(still, BELOW_INCREMENT.zh),
        reason_en=rows["reason_en"].mask(still, BELOW_INCREMENT.en),
        bid_change=np.where(removed, -1.0, np.nan_to_num(change)),
        new_bid=np.where(removed, np.nan, new_bid),
    )


def _confidence(rows: pd.DataFrame) -> Floats:
    action = rows["action"]
    choices = [action == "raise", action == "lower", action.isin(REMOVALS), action == "watch"]
    chances = [
        rows["p_raise"],
        rows["p_lower"],
        rows["p_not_worth"],
        rows[["p_raise", "p_lower"]].max(axis=1),
    ]
    return np.select(choices, chances, default=rows["p_in_band"])


def _money_at_stake(rows: pd.DataFrame) -> pd.Series:
    return rows["weekly_cost"] * rows["bid_change"].abs()


def _watch_plan(rows: pd.DataFrame, needed: Floats) -> dict[str, Any]:
    """At what bid a watched word runs on (money), and the day by which the clicks it needs will have come.

    Counted in whole weeks from its last day, at the pace of that bid; empty beyond PLANNED_WEEKS, and without dates.
    """
    watched = (rows["action"] == "watch").to_numpy()
    bid = rows["bid"] if "bid" in rows else pd.Series(np.nan, index=rows.index)
    moved = np.maximum(1 + rows["bid_change"].to_numpy(dtype=float), 1e-9)
    pace = rows["now_clicks"].to_numpy(dtype=float) * moved ** np.nan_to_num(
        rows["click_elasticity"].to_numpy(dtype=float)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        weeks = np.ceil(needed / pace)
    weeks = np.where(watched & (weeks <= PLANNED_WEEKS), weeks, np.nan)
    last = pd.to_datetime(rows["last_day"]) if "last_day" in rows else pd.Series(pd.NaT, index=rows.index)
    return {
        "watch_bid": rows["new_bid"].fillna(bid).where(watched),
        "look_again": last + pd.to_timedelta(pd.Series(weeks * 7, index=rows.index), unit="D"),
    }


def _clicks_needed(rows: pd.DataFrame) -> Floats:
    """Smallest number of further clicks at which a watched word has an even chance of another verdict.

    With n more clicks the log of the best multiplier is known with variance 1 / (shape + orders expected from n), plus
    the doubt of the price, which no click removes; its present guess wanders by the variance that this takes away. A
    verdict falls when the guess stands so many standard deviations beyond the break-even of its step that the chance of
    that side reaches p_needed. Normal approximation; empty where no 100,000 clicks would tell.
    """
    watched = rows["action"] == "watch"
    names = (
        "value_shape",
        "target_change",
        "cvr",
        "price_doubt",
        "click_elasticity",
        "step_up",
        "step_down",
        "cpc",
        "p_needed",
        "cpc_elasticity",
    )
    shape, change, cvr, doubt, epsilon, up, down, cpc, sure, eta = (
        rows.loc[watched, name].to_numpy(dtype=float) for name in names
    )
    usual = response.even_value(cpc, np.ones_like(cpc), epsilon, eta)
    above, below = (np.log(response.even_value(cpc, 1 + step, epsilon, eta) / usual) for step in (up, down))
    guess, orders = np.log1p(change), cvr[:, None] * FURTHER_CLICKS
    known = 1 / (shape[:, None] + orders)
    wander = np.sqrt(np.maximum(1 / shape[:, None] - known, 1e-12))
    needed = ndtri(sure)[:, None] * np.sqrt(known + doubt[:, None] ** 2)
    chance = ndtr(((guess - above)[:, None] - needed) / wander) + ndtr(
        ((below - guess)[:, None] - needed) / wander
    )
    reached = chance >= 0.5
    result = np.full(len(rows), np.nan)
    result[watched.to_numpy()] = np.where(reached.any(axis=1), FURTHER_CLICKS[reached.argmax(axis=1)], np.nan)
    return result
