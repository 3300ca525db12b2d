"""The bid worth paying, how sure that is, and what the evidence alone proposes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincc, gammaincinv

from ppc_tuner.account import Account, Response
from ppc_tuner.arrays import floats
from ppc_tuner.bids import response
from ppc_tuner.bids.budget import budget_multipliers, movable, with_needed_cuts
from ppc_tuner.bids.limits import NO_BUDGET, Budget, at_daily_limit
from ppc_tuner.bids.pace import PACES, caps
from ppc_tuner.bids.price import next_click, seen_bid
from ppc_tuner.bids.sales import Market
from ppc_tuner.bids.unseen import with_unseen
from ppc_tuner.bids.worth import earned_per_click, worth_of_click
from ppc_tuner.live import takes_bids
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]

SUREST_NOT = 0.001


def propose(
    rows: pd.DataFrame, account: Account, settings: Settings, budget: Budget = NO_BUDGET
) -> pd.DataFrame:
    """What the evidence proposes for each row before any rule has spoken: columns.TARGETS, n rows.

    `rows`: figures, given context, kinds and worth of one account. Goal "profit": worth = value per click,
    price = that of the next click, bid / (1 − shade), or CPC / (cpc_per_bid × (1 − shade)) where no bid is
    known. Goals "target_roas" and "target_cpa": worth = the CPC that meets the target, price = the CPC; the
    bid scales with it. x* = worth / price is the best multiplier of today's bid. Its posterior is a Gamma
    with the uncertainty of the value per click and of the price (bid_doubt, cpc_doubt); all chances are its
    tail areas. Where a budget binds, money costs more than its face value: prices count 1 /
    `budget_multiplier` times, except for deletes.
    """
    bid, cpc = floats(rows, "bid"), floats(rows, "cpc")
    seen = seen_bid(bid, floats(rows, "bid_adjustment"), settings)
    following = next_click(seen, cpc, floats(rows, "clicks"), account.response, settings)
    basis, next_price = following.basis, following.price
    epsilon, eta = _elasticities(rows, seen.mean, cpc, next_price, account.response)
    now = _at_todays_bid(rows, epsilon, eta, account.season)
    limited = at_daily_limit(rows, budget)
    # A campaign at its daily limit frees no money: its spend is not moved.
    free = takes_bids(rows) & (True if limited is None else ~limited.to_numpy(dtype=bool))
    market = Market(next_price, now["now_cost"], epsilon + eta, free)
    found = worth_of_click(rows, account.goal, market, budget, settings)
    worth, value_shape = found.worth, found.shape
    by_profit = account.goal.by_profit
    price = next_price if by_profit else np.where(basis == "none", np.nan, cpc)
    # The price of the next click is modelled, not reported: its uncertainty widens the posterior of x* about
    # the present estimate, which stays the median.
    own, common = (following.own, following.common) if by_profit else (np.zeros(len(rows)), 0.0)
    doubt = np.hypot(own, common)
    shape = 1 / (1 / value_shape + doubt**2)
    multiplier = budget_multipliers(rows, basis, worth / price, epsilon + eta, budget)
    price = price / multiplier
    best = worth / price
    lowest = _lowest_worth_running(rows, account.floor, epsilon, settings)
    even = floats(rows, "cvr") * price / worth
    even = np.where(np.isinf(even), np.nan, even)
    mean = best * np.exp(doubt**2 / 2)
    own_shape = 1 / (1 / value_shape + own**2)
    target: dict[str, Any] = (
        now
        | found.columns(rows, account.goal)
        | {
            "bid_basis": basis,
            "cpc_now": np.where(basis == "cpc", rows["cpc_raw"], np.nan),
            "target_bid": np.where(basis == "given", bid * best, np.nan),
            "cpc_target": np.where(basis == "cpc", rows["cpc_raw"] * best, np.nan),
            "price_now": price,
            "next_click_cost": next_price,
            "price_doubt": doubt,
            "target_change": best - 1,
            "click_elasticity": epsilon,
            "cpc_elasticity": eta,
            "lowest_share": lowest,
            "cvr_even": even,
            "cvr_lowest": even * lowest,
            "p_raise": chance(gammaincc(shape, shape / mean)),
            "p_lower": chance(gammainc(shape, shape / mean)),
            "p_in_band": _between(shape, mean, 1 / (1 + settings.band), 1 + settings.band),
            # Nothing is deleted for a worth that nobody told: it must lose at a generous one.
            "p_not_worth": chance(
                gammainc(shape, shape * lowest * multiplier * worth / found.generous / mean)
            ),
        }
    )
    earned, most = (earned_per_click(rows, each, found.unit) for each in (worth, found.generous))
    furthest = caps(rows, settings, common)
    steps = Steps(rows, earned, now, (epsilon, eta), multiplier, account, furthest, most)
    target |= steps.supported(best * np.exp(own**2 / 2), own_shape, common, settings)
    if limited is not None:
        target["budget_limited"] = limited
    targets = pd.DataFrame(target, index=rows.index)
    targets["proposal"] = _proposal(rows, targets, account, settings)
    targets = with_needed_cuts(rows, targets, multiplier, budget, furthest[1])
    return with_unseen(rows, targets, settings)


def chance(share: Floats) -> Floats:
    """Probabilities kept off 0 and 1: no report is that sure."""
    return np.clip(share, SUREST_NOT, 1 - SUREST_NOT)


def _between(shape: Floats, best: Floats, low: float, high: float) -> Floats:
    """P(low < x* < high) of each row."""
    return np.asarray(gammainc(shape, shape * high / best) - gammainc(shape, shape * low / best))


def _lowest_worth_running(rows: pd.DataFrame, floor: float, epsilon: Floats, settings: Settings) -> Floats:
    """The multiplier of today's bid below which a word is not worth running (n,), at most 1.

    The largest of the platform's floor, the bid expected to buy min_weekly_clicks, and min_bid_share of
    today's bid, below which no report can tell what a bid would buy.
    """
    clicks, bid = rows["weekly_clicks"].to_numpy(dtype=float), floats(rows, "bid")
    fewest = settings.min_weekly_clicks
    with np.errstate(divide="ignore", invalid="ignore"):
        # A word that already gets fewer clicks is rare, not bad.
        for_clicks = np.where(clicks > fewest, (fewest / clicks) ** (1 / epsilon), 0.0)
    at_floor = np.nan_to_num(floor / np.where(bid > 0, bid, np.nan))
    return np.asarray(np.minimum(1.0, np.fmax(np.fmax(for_clicks, at_floor), settings.min_bid_share)))


def _elasticities(
    rows: pd.DataFrame, bid: Floats, cpc: Floats, price: Floats, known: Response
) -> tuple[Floats, Floats]:
    """ε and η of each row: from its bid where known, else the usual ones."""
    lead = np.where(
        (bid > 0) & (cpc > 0), np.log(np.where(bid > 0, bid, 1.0) / np.where(cpc > 0, cpc, 1.0)), np.nan
    )
    weight = np.where(np.isnan(lead), 0.0, np.nan_to_num(floats(rows, "clicks")))
    middle = known.lead
    if middle is None:
        middle = float((np.nan_to_num(lead) * weight).sum() / weight.sum()) if weight.sum() > 0 else 0.0
    epsilon, eta = response.elasticities(bid, cpc, price, known.click_elasticity, known.fall, middle)
    usual, unknown = known.cpc_elasticity, np.isnan(lead)
    epsilon = np.where(unknown, response.elasticity(cpc, price, usual), epsilon)
    return epsilon, np.where(unknown, usual, eta)


def _at_todays_bid(rows: pd.DataFrame, epsilon: Floats, eta: Floats, season: float) -> dict[str, Floats]:
    """Clicks and cost a week if nothing changes: the recent pace at today's bid, in an ordinary week."""
    bid, before = floats(rows, "bid"), floats(rows, "pace_bid")
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where((bid > 0) & (before > 0), bid / before, 1.0)
    moved = np.where(np.isnan(epsilon), 1.0, moved)
    return {
        "now_clicks": floats(rows, "weekly_clicks") * season * moved ** np.nan_to_num(epsilon),
        "now_cost": floats(rows, "weekly_cost") * season * moved ** np.nan_to_num(epsilon + eta),
    }


class Steps:
    """How far the evidence carries a raise and a cut, how surely each helps, and what each earns a week."""

    def __init__(
        self,
        rows: pd.DataFrame,
        earned: Floats,
        now: dict[str, Floats],
        elasticities: tuple[Floats, Floats],
        multiplier: Floats,
        account: Account,
        caps: tuple[Floats, Floats],
        most: Floats | None = None,
    ) -> None:
        """`caps`: the largest raise and cut (shares, n each); `earned`, `most`: what a click earns (money,
        n), and what it may earn at the most, for deletes."""
        self.value, self.cpc = earned, floats(rows, "cpc")
        self.most = earned if most is None else most
        self.clicks, self.cost = now["now_clicks"], now["now_cost"]
        self.epsilon, self.eta = elasticities
        self.multiplier, self.account, self.caps = multiplier, account, caps

    def supported(
        self, mean: Floats, shape: Floats, common: Floats | float, settings: Settings
    ) -> dict[str, Floats]:
        """step_* (share), p_step_* and gain_* (money a week) of a raise, a cut and a delete, n each.

        A step goes to the cautious end of the posterior of the best bid (the pace's quantile from today's
        side), no further than the pace lets a word of so much own evidence move. `mean`, `shape`: posterior
        of the best multiplier, given the form of the market. About that form all rows err together, so many
        moves are one bet on it: each must help even if the form lies one standard deviation (`common`) on the
        wrong side.
        """
        caution = PACES[settings.pace].caution
        most_up, most_down = self.caps
        means = {"up": mean * np.exp(-common), "down": mean * np.exp(common)}
        up = np.clip(gammaincinv(shape, caution) * means["up"] / shape, 1.0, 1 + most_up)
        down = np.clip(gammaincinv(shape, 1 - caution) * means["down"] / shape, 1 - most_down, 1.0)
        steps: dict[str, Floats] = {"step_up": up - 1, "step_down": down - 1}
        for name, x, tail in (("up", up, gammaincc), ("down", down, gammainc)):
            over = response.over_step(self.epsilon, self.eta, x, self.account.response.fall)
            helps = chance(tail(shape, shape * self._even(x, over) / means[name]))
            steps[f"p_step_{name}"] = np.where(x == 1, 0.0, helps)
            gained = self.value * response.clicks_change(self.clicks, x, over)
            spent = response.cost_change(self.cost, x, over, self.eta)
            steps[f"gain_{name}"] = gained - spent / self.multiplier
        return steps | {"gain_delete": self.cost - self.most * self.clicks}

    def _even(self, x: Floats, over: Floats) -> Floats:
        """The best multiplier at which a step to x breaks even; for ratio goals the middle of the step."""
        if not self.account.goal.by_profit:
            return np.asarray((1 + x) / 2)
        at_once = response.even_value(self.cpc, np.ones_like(x), self.epsilon, self.eta)
        return response.even_value(self.cpc, x, over, self.eta) / at_once


def _proposal(
    rows: pd.DataFrame, targets: pd.DataFrame, account: Account, settings: Settings
) -> NDArray[Any]:
    """raise, lower, delete or none: what act, act_on_target, delete_sure and min_gain let through (n,).

    Where profit is unknown or not the goal, the money moved stands in for the gain.
    """
    moved = rows["weekly_cost"]

    def earns(gain: str, share: pd.Series | float) -> pd.Series:
        if account.goal.by_profit:
            return targets[gain] >= account.least_gain
        return moved * share >= account.least_gain

    live, needed = movable(rows, targets["bid_basis"]), account.p_needed
    # A word that spends nothing any more has nothing to save; a raise may bring it back.
    saves = live & moved.gt(0)
    can_delete = saves & (targets["p_not_worth"] >= settings.delete_sure) & earns("gain_delete", 1.0)
    lowers = saves & earns("gain_down", targets["step_down"].abs())
    can_lower = live & (targets["p_step_down"] >= needed) & lowers
    can_raise = live & (targets["p_step_up"] >= needed) & earns("gain_up", targets["step_up"])
    return np.select([can_delete, can_raise, can_lower], ["delete", "raise", "lower"], default="none")
