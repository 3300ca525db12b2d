"""What a change of the bid is expected to do in a week: clicks, cost, orders, revenue, profit.

A campaign at its daily limit spends that limit whatever its bids are. What a cut there saves goes to all its
words at the new bids: with F saved, and C', K' the campaign's clicks and cost at the new bids if it were not
limited, F C' / K' clicks more for no money less. They stand in the row that is cut, so that rows add up.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from ppc_tuner.arrays import floats
from ppc_tuner.bids import response
from ppc_tuner.bids.limits import at_limit
from ppc_tuner.bids.sales import PROFIT
from ppc_tuner.bids.worth import earned_per_click, gain_scale
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]

# Half the width of an 80 % interval, in standard deviations.
HALF_80 = float(ndtri(0.9))
WEEK = 7


def effects_of(rows: pd.DataFrame, x: Floats, fall: float, settings: Settings) -> dict[str, Floats]:
    """Expected changes a week when bids are multiplied by x (0: removed), n values each.

    `rows`: n decision rows with targets; `fall`: of the account's Response. Money in the rows' currency.
    expected_gain = value per click × Δclicks − Δcost; gain_low, gain_high: its 80 % interval. On sales the
    value is that at the bar, and the gain is counted in revenue or orders. In campaigns at their daily limit
    cuts change no cost.
    """
    word = _Word(rows, x, fall)
    value = earned_per_click(rows, rows["worth"], rows["gain_unit"])
    cvr, rpc, scale = floats(rows, "cvr"), floats(rows, "rpc"), gain_scale(rows)
    clicks, cost = word.changes()
    low, high = _interval(rows, word, settings)
    freed, bought = _spent_again(rows, word)
    more = {name: bought(each) for name, each in (("cvr", cvr), ("rpc", rpc), ("value", value))}
    shift = more["value"] - freed
    return {
        "clicks_change": clicks + bought(np.ones(len(rows))),
        "cost_change": cost + freed,
        "conversions_change": clicks * cvr + more["cvr"],
        "revenue_change": clicks * rpc + more["rpc"],
        "expected_gain": (clicks * value - cost + shift) * scale,
        "gain_low": (low + shift) * scale,
        "gain_high": (high + shift) * scale,
    }


def _spent_again(rows: pd.DataFrame, word: _Word) -> tuple[Floats, Callable[[Floats], Floats]]:
    """Money that cuts in campaigns at their daily limit free and that is spent there again (money a week, n),
    and what it buys: of something with so much a click (n) → how much of it each row's money brings (n)."""
    nothing = np.zeros(len(rows))
    limited = at_limit(rows)
    if not limited.any():
        return nothing, lambda _: nothing
    campaign = np.zeros(len(rows), dtype=np.intp)
    if "campaign" in rows:
        campaign = pd.factorize(rows["campaign"], use_na_sentinel=False)[0]
    more_clicks, more_cost = (np.nan_to_num(change) for change in word.changes())
    clicks, cost = (np.nan_to_num(now) for now in (word.clicks, word.cost))
    spent = np.bincount(campaign, np.where(limited, cost + more_cost, 0.0))[campaign]
    # Where nothing is left to spend it on the money really is free.
    freed = np.where(limited & (word.x < 1) & (spent > 0), -more_cost, 0.0)
    per_money = np.where(spent > 0, freed / np.where(spent > 0, spent, 1.0), 0.0)

    def bought(each: Floats) -> Floats:
        sums = np.where(limited, (clicks + more_clicks) * np.nan_to_num(each), 0.0)
        return np.asarray(per_money * np.bincount(campaign, sums)[campaign])

    return freed, bought


class _Word:
    """Clicks, cost and elasticities of n rows over the step to x."""

    def __init__(self, rows: pd.DataFrame, x: Floats, fall: float) -> None:
        names = ("now_clicks", "now_cost", "cpc", "click_elasticity", "cpc_elasticity")
        self.clicks, self.cost, self.cpc, epsilon, self.eta = (
            rows[name].to_numpy(dtype=float) for name in names
        )
        self.x = x
        self.epsilon = response.over_step(epsilon, self.eta, x, fall)

    def changes(self, bolder: float = 1.0, dearer: float = 1.0) -> tuple[Floats, Floats]:
        """Δclicks and Δcost (money) a week, ε and η being `bolder` and `dearer` times their estimates."""
        clicks, cost = self.shares(bolder, dearer)
        return self.clicks * clicks, self.cost * cost

    def shares(self, bolder: float = 1.0, dearer: float = 1.0) -> tuple[Floats, Floats]:
        """Δclicks and Δcost as shares of today's."""
        moved = (self.x != 1) & (self.x != 0)
        epsilon, eta, one = self.epsilon * bolder, self.eta * dearer, np.ones(len(self.x))
        clicks = np.where(moved, response.clicks_change(one, self.x, epsilon), self.x - 1)
        return clicks, np.where(moved, response.cost_change(one, self.x, epsilon, eta), self.x - 1)


def _end_of_value(rows: pd.DataFrame, value: Floats, end: str) -> Floats:
    """An end of the 80 % interval of what a click earns (money, n); on sales that of what it sells."""
    sold = np.where(np.isfinite(floats(rows, "rpc")), floats(rows, f"rpc_{end}") / floats(rows, "rpc"),
                    floats(rows, f"cvr_{end}") / floats(rows, "cvr"))  # fmt: skip
    return np.where(rows["gain_unit"] == PROFIT, floats(rows, f"value_{end}"), value * sold)


def _interval(rows: pd.DataFrame, word: _Word, settings: Settings) -> tuple[Floats, Floats]:
    """80 % interval of the gain (money a week): independent uncertainties, added in quadrature.

    That of the value of a click (its own 80 % interval); of the pace, a Poisson count n over pace_days with
    variance n + 1; of ε and η, whose logs have a standard deviation of shade_spread.
    """
    value = earned_per_click(rows, rows["worth"], rows["gain_unit"])
    low, high = (_end_of_value(rows, value, end) for end in ("low80", "high80"))
    clicks, cost = word.changes()
    gain = clicks * value - cost
    ends = np.stack([clicks * low - cost, clicks * high - cost])
    weeks = settings.pace_days / WEEK
    share_of_clicks, share_of_cost = word.shares()
    each = share_of_clicks * value - share_of_cost * word.cpc
    spread = float(np.exp(settings.shade_spread))
    more_clicks, their_cost = word.changes(bolder=spread)
    same_clicks, dearer = word.changes(dearer=spread)
    doubts = (
        each * np.sqrt(word.clicks * weeks + 1) / weeks,
        more_clicks * value - their_cost - gain,
        same_clicks * value - dearer - gain,
    )
    others = HALF_80 * np.sqrt(sum(np.nan_to_num(doubt) ** 2 for doubt in doubts))
    return gain - np.hypot(gain - ends.min(axis=0), others), gain + np.hypot(ends.max(axis=0) - gain, others)
