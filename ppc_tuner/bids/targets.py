"""Estimates → the bid worth paying, how sure that is, and what the evidence alone proposes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincc, gammaincinv

from ppc_tuner.bids import response
from ppc_tuner.bids.budget import budget_multipliers, movable, with_needed_cuts
from ppc_tuner.bids.limits import NO_BUDGET, Budget
from ppc_tuner.bids.price import next_click

Floats = NDArray[np.float64]

SUREST_NOT = 0.001


def with_targets(
    rows: pd.DataFrame, floor: float, settings: Mapping[str, Any], budget: Budget = NO_BUDGET
) -> pd.DataFrame:
    """Rows plus the columns of columns.TARGETS.

    `rows`: decision rows of one account with estimates; `floor`: the platform's lowest bid (money). Objective "profit":
    worth = value per click, price = that of the next click, bid / (1 − shade), or CPC / (cpc_per_bid × (1 − shade))
    where no bid is known. Objectives "target_roas" and "target_cpa": worth = the CPC that meets the target, price = the
    CPC; the bid scales with it. x* = worth / price is the best multiplier of today's bid; its posterior is a Gamma
    with the uncertainty of the value per click and of the price (bid_doubt, cpc_doubt), all chances its tail areas.
    Where a budget binds, money costs more than its face: prices count 1 / `budget_multiplier` times, except for deletes.
    """
    bid, cpc = _floats(rows, "bid"), _floats(rows, "cpc")
    following = next_click(bid, cpc, _floats(rows, "clicks"), settings)
    basis, next_price = following.basis, following.price
    worth, value_shape = worth_of_click(rows, settings)
    by_profit = settings["objective"] == "profit"
    price = next_price if by_profit else np.where(basis == "none", np.nan, cpc)
    # The price of the next click is a model, not a figure of the report: its doubt widens the posterior of x*, the
    # present guess of which stays its median.
    own, common = (following.own, following.common) if by_profit else (np.zeros(len(rows)), 0.0)
    doubt = np.hypot(own, common)
    shape = 1 / (1 / value_shape + doubt**2)
    epsilon, eta = _elasticities(rows, bid, cpc, next_price, settings)
    rows = rows.assign(**_at_todays_bid(rows, epsilon, eta))
    multiplier = budget_multipliers(rows, basis, worth / price, epsilon + eta, budget)
    price = price / multiplier
    best = worth / price
    target = {
        "bid_basis": basis,
        "cpc_now": np.where(basis == "cpc", rows["cpc_raw"], np.nan),
        "target_bid": np.where(basis == "given", bid * best, np.nan),
        "cpc_target": np.where(basis == "cpc", rows["cpc_raw"] * best, np.nan),
        "price_now": price,
        "next_click_cost": next_price,
        "price_doubt": doubt,
        "worth": worth,
        "order_worth": worth / _floats(rows, "cvr"),
        "target_change": best - 1,
        "click_elasticity": epsilon,
        "cpc_elasticity": eta,
        # A bid moved for profit without need costs little; a word that meets its target is to be left alone.
        "p_needed": np.full(len(rows), settings["act" if by_profit else "act_on_target"]),
        "least_gain": settings["min_gain"] * rows["weekly_cost"].sum(),
    }
    mean = best * np.exp(doubt**2 / 2)
    lowest = _lowest_worth_running(rows, floor, epsilon, settings)
    target |= {
        "p_raise": _chance(gammaincc(shape, shape / mean)),
        "p_lower": _chance(gammainc(shape, shape / mean)),
        "p_in_band": _between(shape, mean, 1 / (1 + settings["band"]), 1 + settings["band"]),
        "p_not_worth": _chance(gammainc(shape, shape * lowest * multiplier / mean)),
        "lowest_share": lowest,
    }
    own_shape = 1 / (1 / value_shape + own**2)
    target |= _steps(rows, best * np.exp(own**2 / 2), own_shape, common, (epsilon, eta), multiplier, settings)
    result = pd.concat([rows, pd.DataFrame(target, index=rows.index)], axis=1)
    result = result.assign(proposal=_proposal(result, settings))
    return with_needed_cuts(result, multiplier, budget, settings)


def worth_of_click(rows: pd.DataFrame, settings: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """What a click may cost under the objective (money), and the Gamma shape of its posterior.

    profit: value per click. target_roas: RPC / target, default target = break-even. target_cpa: CVR × target CPA; the
    target is settings["target_cpa"], filled by the caller with the account's own CPA where nothing is known.
    """
    value, shape = _floats(rows, "value_per_click"), _floats(rows, "value_shape")
    if settings["objective"] == "target_roas":
        wanted = settings["target_roas"]
        return (value, shape) if wanted is None else (_floats(rows, "rpc") / wanted, shape)
    if settings["objective"] == "target_cpa":
        return _floats(rows, "cvr") * settings["target_cpa"], shape
    return value, shape


def _chance(share: Floats) -> Floats:
    """Never 0 and never 1: no report is that sure."""
    return np.clip(share, SUREST_NOT, 1 - SUREST_NOT)


def _floats(rows: pd.DataFrame, name: str) -> Floats:
    if name not in rows:
        return np.full(len(rows), np.nan)
    return np.asarray(rows[name].to_numpy(dtype=float, na_value=np.nan))


def _between(shape: Floats, best: Floats, low: float, high: float) -> Floats:
    return np.asarray(gammainc(shape, shape * high / best) - gammainc(shape, shape * low / best))


def _lowest_worth_running(
    rows: pd.DataFrame, floor: float, epsilon: Floats, settings: Mapping[str, Any]
) -> Floats:
    """The multiplier of today's bid below which a word is not worth running.

    The largest of: the platform's floor, the bid expected to buy min_weekly_clicks, and min_bid_share of today's bid,
    below which no report can tell what a bid would buy. Never above today's bid.
    """
    clicks, bid = rows["weekly_clicks"].to_numpy(dtype=float), _floats(rows, "bid")
    fewest = settings["min_weekly_clicks"]
    with np.errstate(divide="ignore", invalid="ignore"):
        # A word that gets fewer clicks already is rare, not bad.
        for_clicks = np.where(clicks > fewest, (fewest / clicks) ** (1 / epsilon), 0.0)
    at_floor = np.nan_to_num(floor / np.where(bid > 0, bid, np.nan))
    return np.asarray(np.minimum(1.0, np.fmax(np.fmax(for_clicks, at_floor), settings["min_bid_share"])))


def _elasticities(
    rows: pd.DataFrame, bid: Floats, cpc: Floats, price: Floats, settings: Mapping[str, Any]
) -> tuple[Floats, Floats]:
    """ε and η of each row: from its bid where known, else as usual."""
    lead = np.where(
        (bid > 0) & (cpc > 0), np.log(np.where(bid > 0, bid, 1.0) / np.where(cpc > 0, cpc, 1.0)), np.nan
    )
    weight = np.where(np.isnan(lead), 0.0, np.nan_to_num(_floats(rows, "clicks")))
    middle = settings["usual_lead"]
    if middle is None:
        middle = float((np.nan_to_num(lead) * weight).sum() / weight.sum()) if weight.sum() > 0 else 0.0
    epsilon, eta = response.elasticities(
        bid, cpc, price, settings["click_elasticity"], settings["click_fall"], middle
    )
    usual = float(settings["cpc_elasticity"])
    unknown = np.isnan(lead)
    epsilon = np.where(unknown, response.elasticity(cpc, price, usual), epsilon)
    return epsilon, np.where(unknown, usual, eta)


def _at_todays_bid(rows: pd.DataFrame, epsilon: Floats, eta: Floats) -> dict[str, Floats]:
    """Clicks and cost expected a week if nothing is changed: the recent pace, brought to today's bid and to an ordinary week."""
    bid, before, season = _floats(rows, "bid"), _floats(rows, "pace_bid"), _floats(rows, "pace_season")
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where((bid > 0) & (before > 0), bid / before, 1.0)
    season = np.where(np.isnan(season), 1.0, season)
    moved = np.where(np.isnan(epsilon), 1.0, moved)
    return {
        "now_clicks": _floats(rows, "weekly_clicks") * season * moved ** np.nan_to_num(epsilon),
        "now_cost": _floats(rows, "weekly_cost") * season * moved ** np.nan_to_num(epsilon + eta),
    }


def _steps(
    rows: pd.DataFrame,
    mean: Floats,
    shape: Floats,
    common: float,
    elasticities: tuple[Floats, Floats],
    multiplier: Floats,
    settings: Mapping[str, Any],
) -> dict[str, Floats]:
    """How far the evidence carries a raise and a cut, how surely each helps, and what each earns a week.

    A step goes to the cautious end of the posterior of the best bid (its step_caution quantile from today's side) and
    no further than max_step (max_cut): small where little is known, larger as evidence grows. mean, shape: posterior of the
    best multiplier, the form of the market being given. In that form all rows err together, so that many moves are one
    bet on it: a move must help even if the market's form lies one standard deviation (`common`) on the wrong side.
    """
    caution = settings["step_caution"]
    epsilon, eta = elasticities
    means = {"up": mean * np.exp(-common), "down": mean * np.exp(common)}
    up = np.clip(gammaincinv(shape, caution) * means["up"] / shape, 1.0, 1 + settings["max_step"])
    down = np.clip(gammaincinv(shape, 1 - caution) * means["down"] / shape, 1 - settings["max_cut"], 1.0)
    steps: dict[str, Floats] = {"step_up": up - 1, "step_down": down - 1}
    value, cpc = _floats(rows, "value_per_click"), _floats(rows, "cpc")
    clicks, cost = _floats(rows, "now_clicks"), _floats(rows, "now_cost")
    for name, x in (("up", up), ("down", down)):
        # For ratio objectives the move helps when the target lies past the middle of the step.
        over = response.over_step(epsilon, eta, x, settings["click_fall"])
        even = response.even_value(cpc, x, over, eta) / response.even_value(
            cpc, np.ones_like(x), epsilon, eta
        )
        even = even if settings["objective"] == "profit" else (1 + x) / 2
        tail = gammaincc if name == "up" else gammainc
        steps[f"p_step_{name}"] = np.where(x == 1, 0.0, _chance(tail(shape, shape * even / means[name])))
        gained = value * response.clicks_change(clicks, x, over)
        steps[f"gain_{name}"] = gained - response.cost_change(cost, x, over, eta) / multiplier
    steps["gain_delete"] = cost - value * clicks
    return steps


def _proposal(rows: pd.DataFrame, settings: Mapping[str, Any]) -> NDArray[Any]:
    """raise, lower, delete or none: what may be done at all (settings act, act_on_target, delete_sure, min_gain).

    least_gain is min_gain of the account's weekly cost. Where profit is unknown or not the objective, the money moved
    stands for the gain.
    """
    least = rows["least_gain"]
    moved = rows["weekly_cost"]

    def earns(gain: str, share: pd.Series | float) -> pd.Series:
        if settings["objective"] == "profit":
            return rows[gain] >= least
        return moved * share >= least

    live = movable(rows, rows["bid_basis"])
    can_delete = live & (rows["p_not_worth"] >= settings["delete_sure"]) & earns("gain_delete", 1.0)
    can_lower = live & (rows["p_step_down"] >= rows["p_needed"]) & earns("gain_down", rows["step_down"].abs())
    can_raise = live & (rows["p_step_up"] >= rows["p_needed"]) & earns("gain_up", rows["step_up"])
    return np.select([can_delete, can_raise, can_lower], ["delete", "raise", "lower"], default="none")
