"""What rules permit → what is done: deletes bounded together, whole increments, budgets, raises to learn.

Bids know sizes, chances and gains but no reasons: where something kept a permitted move from being made,
`outcomes` says so, and the judge writes why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from ppc_tuner.account import Account
from ppc_tuner.bids import response
from ppc_tuner.bids.budget import caps_within_budget
from ppc_tuner.bids.effects import effects_of
from ppc_tuner.bids.groups import Groups, no_groups, with_effects
from ppc_tuner.bids.learning import raises_to_learn
from ppc_tuner.bids.limits import NO_BUDGET, Budget, at_limit
from ppc_tuner.bids.sales import caps_that_hold
from ppc_tuner.bids.spend import caps_on_spend
from ppc_tuner.columns import REMOVALS
from ppc_tuner.permission import Permission, Permissions
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Where no bid is known a change is stated in whole percent.
PERCENT_STEP: Final = 0.01
# Chance, money and gain of a word that moves with its group stand in the group's row alone.
OF_THE_GROUP: Final = ("confidence", "money_at_stake", "expected_gain", "gain_low", "gain_high")
# Clicks are told from here on.
WHOLE_CLICK: Final = 0.5
# Nobody plans further ahead: by then the same season is back.
PLANNED_WEEKS: Final = 52
# Numbers of further clicks tried when looking for how many a verdict needs.
FURTHER_CLICKS: Final = np.unique(np.geomspace(1, 100_000, 41).round())


@dataclass(frozen=True, slots=True)
class Allocation:
    """What is done with each of n rows.

    `frame`: the columns of columns.MOVES. `outcomes`: id → mask (n,) of where the engine does less or more
    than the rules permit: wrong-deletes, a removal refused; below-increment, budget-spent and spend-held, a
    move not made; moved-with-group, a word moved with others; same-money, a cut in a campaign at its daily
    limit, which buys clicks and saves nothing; learning, a watched word raised to learn. The pack declares
    what is said of each. `groups`: a row for each group that moves, with its effects.
    """

    frame: pd.DataFrame
    outcomes: Mapping[str, Flags]
    groups: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Steps:
    """n rows: `change` of the bid (share; −1: removed), `new_bid` (money), `still`: below one increment."""

    change: Floats
    new_bid: Floats
    still: Flags

    def where(self, these: Flags, others: _Steps) -> _Steps:
        """These steps where marked, else the others."""
        return _Steps(
            np.where(these, self.change, others.change),
            np.where(these, self.new_bid, others.new_bid),
            np.where(these, self.still, others.still),
        )


def allocate(
    rows: pd.DataFrame,
    permissions: Permissions,
    account: Account,
    settings: Settings,
    budget: Budget = NO_BUDGET,
    groups: Groups | None = None,
) -> Allocation:
    """Size, confidence and expected effects of each move, and the plan for what is watched: columns.MOVES.

    `rows`: n decision rows with targets; `permissions`: what rules permit of them. Money a week, or a
    reported period if undated. Removals are accepted from the surest on while the expected share of wrong
    ones stays ≤ wrong_deletes; the others get what is permitted without removal. A change below one increment
    is none; what a budget does not allow is not raised; some watched words are raised to learn. `groups`:
    small words that rules let move together; chance, money and gain of that stand in the groups' rows alone.
    """
    groups = groups or no_groups(len(rows))
    refused = _refused_removals(rows, permissions.first, settings.wrong_deletes)
    permitted = permissions.settled(refused)
    needed = _clicks_needed(rows, permitted.action == "watch", account.p_needed)
    learning = raises_to_learn(rows, permitted, needed, account.increment, settings)
    alone = _stepped(rows, permitted, permitted.cap, learning.up, account)
    removed = np.isin(permitted.action, REMOVALS)
    groups, steps = _together(rows, groups, alone, removed, account, budget)
    grouped = groups.member >= 0
    cap = caps_within_budget(rows, np.where(removed, 0.0, 1 + steps.change), budget)
    trimmed = np.isfinite(cap)
    if trimmed.any():
        alone = _stepped(rows, permitted, np.fmin(permitted.cap, cap), learning.up, account)
        steps = alone.where(~grouped, steps)
    fall = account.response.fall
    held = caps_that_hold(rows, permitted.action, steps.change, fall)
    together = caps_on_spend(rows, permitted.action, steps.change, settings.most_spend_change, fall)
    most = np.fmin(held, together)
    if np.isfinite(most).any():
        alone = _stepped(rows, permitted, np.fmin(permitted.cap, np.fmin(cap, most)), learning.up, account)
        groups, steps = _moved_together(rows, groups.capped(most), alone, account)
        grouped = groups.member >= 0
    stopped = trimmed & (steps.change == 0)
    unbalanced = np.isfinite(held) & ~stopped & steps.still & ~grouped
    moved = np.where(steps.change > 0, "raise", "lower")
    action = np.where(grouped, moved, np.where(steps.still, "keep", permitted.action))
    x = np.where(removed, 0.0, 1 + steps.change)
    frame = pd.DataFrame(
        {
            "new_bid": steps.new_bid,
            "bid_change": steps.change,
            "confidence": _confidence(rows, action),
            "money_at_stake": rows["weekly_cost"] * np.abs(steps.change),
            **effects_of(rows, x, account.response.fall, settings),
            "clicks_needed": np.where(grouped, np.nan, needed),
            "moved_with": groups.named.set_axis(rows.index),
            **_watch_plan(rows, action == "watch", steps, needed),
            "learn_cost": np.where(stopped | grouped, np.nan, learning.cost),
        },
        index=rows.index,
    )
    of_groups = with_effects(groups, rows, frame, account, settings)
    frame.loc[grouped, list(OF_THE_GROUP)] = np.nan
    outcomes = {
        "wrong-deletes": refused,
        "below-increment": steps.still & ~stopped & ~unbalanced,
        "budget-spent": stopped,
        "spend-held": unbalanced,
        "moved-with-group": grouped,
        "same-money": at_limit(rows)
        & (steps.change < 0)
        & (frame["clicks_change"] >= WHOLE_CLICK).to_numpy(),
        "learning": (learning.up > 0) & ~stopped & ~grouped,
    }
    return Allocation(frame, outcomes, of_groups)


def _together(
    rows: pd.DataFrame, groups: Groups, alone: _Steps, removed: Flags, account: Account, budget: Budget
) -> tuple[Groups, _Steps]:
    """The groups that move, and the steps of all rows with them.

    Each word keeps its increments and its floor; one that these leave where it is does not move. Groups are
    raised only where the budget has room for all of them: a uniform raise cannot be trimmed word by word.
    """
    groups, steps = _moved_together(rows, groups, alone, account)
    cap = caps_within_budget(rows, np.where(removed, 0.0, 1 + steps.change), budget)
    if not (np.isfinite(cap) & (groups.member >= 0)).any():
        return groups, steps
    groups = groups.kept(groups.change_of_groups() < 0)
    return groups, alone.where(groups.member < 0, steps)


def _moved_together(
    rows: pd.DataFrame, groups: Groups, alone: _Steps, account: Account
) -> tuple[Groups, _Steps]:
    """The groups of which enough words really move by a whole increment, and the steps of all rows."""
    stepped = _changed(rows, groups.change, account)
    groups = groups.of_moved(np.abs(stepped.change) > 1e-9)
    return groups, alone.where(groups.member < 0, stepped)


def _refused_removals(rows: pd.DataFrame, permitted: Permission, bound: float) -> Flags:
    """Removals beyond the bound on the expected share of wrong ones, the surest being accepted first (n,)."""
    removal = np.isin(permitted.action, REMOVALS)
    wrong = (1 - rows["p_not_worth"])[removal].sort_values(kind="stable")
    share = wrong.cumsum() / np.arange(1, len(wrong) + 1)
    return np.asarray(rows.index.isin(share.index[share > bound]))


def _stepped(
    rows: pd.DataFrame, permitted: Permission, cap: Floats, learn: Floats, account: Account
) -> _Steps:
    """Steps in whole increments, rounded towards today's bid, within the floor and the cap (share)."""
    action = permitted.action
    up = np.fmin(rows["step_up"].to_numpy(dtype=float), cap)
    down = np.fmax(rows["step_down"].to_numpy(dtype=float), -cap)
    moves = [action == "raise", action == "lower", action == "watch"]
    steps = _changed(rows, np.select(moves, [up, down, np.fmin(learn, cap)], 0.0), account)
    still = np.isin(action, ("raise", "lower")) & (np.abs(steps.change) < 1e-9)
    removed = np.isin(action, REMOVALS)
    return _Steps(np.where(removed, -1.0, steps.change), np.where(removed, np.nan, steps.new_bid), still)


def _changed(rows: pd.DataFrame, change: Floats, account: Account) -> _Steps:
    """Bids after a change (share, (n,)), in whole increments and not below the floor."""
    bid = rows["bid"].to_numpy(dtype=float) if "bid" in rows else np.full(len(rows), np.nan)
    given = (rows["bid_basis"] == "given").to_numpy()
    step = np.where(given, account.increment, PERCENT_STEP)
    moved = _whole(np.where(given, bid, 1.0), change, step)
    new_bid = np.where(given, np.maximum(moved, np.minimum(bid, account.floor)), np.nan)
    change = np.nan_to_num(np.where(given, new_bid / bid - 1, np.round(moved - 1.0, 6)))
    return _Steps(change, new_bid, np.zeros(len(rows), dtype=bool))


def _whole(bid: Floats, change: Floats, step: Floats) -> Floats:
    """Bids (n,) after a change (share): a multiple of the step, rounded towards today's bid; that itself
    where none lies between them."""
    # Rounding must not turn 1.1 − 1.0 from ten hundredths into nine.
    steps = bid * (1 + change) / step
    up, down = np.floor(steps + 1e-6) * step, np.ceil(steps - 1e-6) * step
    moved = np.where(change > 0, np.maximum(up, bid), np.minimum(down, bid))
    return np.asarray(np.round(np.where(change == 0, bid, moved), 6), dtype=np.float64)


def _confidence(rows: pd.DataFrame, action: NDArray[Any]) -> Floats:
    """The chance that the action is right (n,)."""
    up, down = rows["p_raise"].to_numpy(dtype=float), rows["p_lower"].to_numpy(dtype=float)
    choices = [action == "raise", action == "lower", np.isin(action, REMOVALS), action == "watch"]
    chances = [up, down, rows["p_not_worth"].to_numpy(dtype=float), np.fmax(up, down)]
    return np.select(choices, chances, default=rows["p_in_band"].to_numpy(dtype=float))


def _watch_plan(rows: pd.DataFrame, watched: Flags, steps: _Steps, needed: Floats) -> dict[str, Any]:
    """The bid at which a watched word runs on (money), and the day by which the clicks it needs are due.

    Whole weeks from its last day, at the pace of that bid; empty beyond PLANNED_WEEKS and without dates.
    """
    bid = rows["bid"] if "bid" in rows else pd.Series(np.nan, index=rows.index)
    moved = np.maximum(1 + steps.change, 1e-9)
    pace = rows["now_clicks"].to_numpy(dtype=float) * moved ** np.nan_to_num(
        rows["click_elasticity"].to_numpy(dtype=float)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        weeks = np.ceil(needed / pace)
    weeks = np.where(watched & (weeks <= PLANNED_WEEKS), weeks, np.nan)
    last = pd.to_datetime(rows["last_day"]) if "last_day" in rows else pd.Series(pd.NaT, index=rows.index)
    return {
        "watch_bid": pd.Series(steps.new_bid, index=rows.index).fillna(bid).where(watched),
        "look_again": last + pd.to_timedelta(pd.Series(weeks * 7, index=rows.index), unit="D"),
    }


def _clicks_needed(rows: pd.DataFrame, watched: Flags, sure: float) -> Floats:
    """The fewest further clicks at which a watched word has an even chance of another verdict (n,).

    With n more clicks the log of the best multiplier is known with variance 1 / (shape + orders expected from
    n), plus that of the price, which no click removes; until then its present estimate wanders by the
    variance thus taken away. A verdict falls once the estimate lies so many standard deviations beyond the
    break-even of its step that the chance of that side reaches `sure`. Normal approximation; NaN where no
    100,000 clicks would tell.
    """
    names = (
        "value_shape",
        "target_change",
        "cvr",
        "price_doubt",
        "click_elasticity",
        "step_up",
        "step_down",
        "cpc",
        "cpc_elasticity",
    )
    shape, change, cvr, doubt, epsilon, up, down, cpc, eta = (
        rows.loc[watched, name].to_numpy(dtype=float) for name in names
    )
    usual = response.even_value(cpc, np.ones_like(cpc), epsilon, eta)
    above, below = (np.log(response.even_value(cpc, 1 + step, epsilon, eta) / usual) for step in (up, down))
    guess, orders = np.log1p(change), cvr[:, None] * FURTHER_CLICKS
    known = 1 / (shape[:, None] + orders)
    wander = np.sqrt(np.maximum(1 / shape[:, None] - known, 1e-12))
    needed = ndtri(sure) * np.sqrt(known + doubt[:, None] ** 2)
    chance = ndtr(((guess - above)[:, None] - needed) / wander) + ndtr(
        ((below - guess)[:, None] - needed) / wander
    )
    reached = chance >= 0.5
    result = np.full(len(rows), np.nan)
    result[watched] = np.where(reached.any(axis=1), FURTHER_CLICKS[reached.argmax(axis=1)], np.nan)
    return result
