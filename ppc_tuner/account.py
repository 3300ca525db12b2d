"""What holds for a whole account, settled before any word is decided: all stations and rules agree on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ppc_tuner.settings import Objective, Settings
from ppc_tuner.text import Text


@dataclass(frozen=True, slots=True)
class Completeness:
    """How the orders of a click arrive (evidence.delay).

    `curve`: share of the final orders known 1, 2, 3 … days after the day of the click; complete beyond its
    end. `orders`: how many in overlapping exports it was fitted to, 0 for the platform's default.
    """

    curve: tuple[float, ...]
    orders: float


@dataclass(frozen=True, slots=True)
class Response:
    """How clicks and their price respond to the bid in this account (evidence.response).

    `shade`: the one to use; `doubt`: standard deviation of log (1 − shade); `changes`: words whose bid
    changed (0: the pack's own shade). `click_elasticity`, `cpc_elasticity`: at the usual word; `fall`: change
    of the log of the former with the lead, log (bid ÷ CPC); `lead`: the usual one (None: the words' own
    average).
    """

    shade: float
    doubt: float
    changes: int
    click_elasticity: float
    cpc_elasticity: float
    fall: float
    lead: float | None


@dataclass(frozen=True, slots=True)
class Prior:
    """What the prior of conversion rates leans on (evidence.prior).

    `source`: none, price or features; `lean`: the power to which it enters; `gain`: log likelihood per word
    (leave-one-out).
    """

    source: str
    lean: float
    gain: float


@dataclass(frozen=True, slots=True)
class Goal:
    """What bids are tuned for, as far as the report allows: objective, target CPA (money), target ROAS."""

    objective: Objective
    target_cpa: float | None
    target_roas: float | None

    @property
    def by_profit(self) -> bool:
        """Whether moves are judged by profit."""
        return self.objective == "profit"


@dataclass(frozen=True, slots=True)
class Account:
    """One account in one currency at one level (keywords, or search terms).

    `level_doubt`: squared coefficient of variation of today's level of conversion, which all words share;
    `drift_doubt`: variance by which words differ more today than over their past; `season`: median ÷ mean of
    the account's clicks in the recent weeks; `floor`, `increment`: of the platform's bids (money);
    `p_needed`: how likely a move must be to help; `least_gain`: the smallest gain a week worth the work
    (money).
    """

    goal: Goal
    delay: Completeness
    response: Response
    prior: Prior
    level_doubt: float
    drift_doubt: float
    season: float
    floor: float
    increment: float
    p_needed: float
    least_gain: float

    def as_settings(self) -> dict[str, Any]:
        """The pack's settings that the account's figures settle (name → value), for rules and the Guide."""
        return {
            "objective": self.goal.objective,
            "target_cpa": self.goal.target_cpa,
            "shade": self.response.shade,
        }

    def in_rules(self) -> dict[str, float]:
        """columns.OF_THE_ACCOUNT (name → value): rules name them like columns, though no row holds them."""
        return {"p_needed": self.p_needed, "least_gain": self.least_gain}


def goal_of_rows(rows: pd.DataFrame, settings: Settings) -> tuple[Goal, list[Text]]:
    """The goal that these figures support, and what the reader must know of it first.

    `rows`: figures and given context of the decision rows of one account. Without revenue or a value per
    conversion a click has no known worth: words are then brought to the target cost per conversion, by
    default the account's own, with orders still to come included.
    """
    said: list[Text] = []
    orders, cost = float(rows["counted_conversions"].sum()), float(rows["counted_cost"].sum())
    # Orders on days that do not count yet are orders too: the summary says when they will.
    if not orders > 0 and not rows["conversions"].sum() > 0:
        said.append(
            Text(
                "整份报表没有一笔成交：没有依据判断好坏",
                "there is not one order in this report: nothing tells good words from bad",
            )
        )
    expected = orders * rows["counted_clicks"].sum() / max(rows["exposure"].sum(), 1e-9)
    target = settings.target_cpa or cost / max(expected, 0.5)
    if settings.objective == "target_cpa":
        return Goal("target_cpa", target, settings.target_roas), said
    has_revenue = "revenue" in rows and bool(rows["revenue"].notna().any())
    if has_revenue or bool(rows["value_per_conversion"].notna().any()):
        return Goal(settings.objective, settings.target_cpa, settings.target_roas), said
    reported = cost / max(orders, 0.5)
    said.append(
        Text(
            f"报表没有成交金额，也没有给每单价值：按成交成本 {target:,.2f} 调价（已计未回传的成交；"
            f"目前回传口径为 {reported:,.2f}），回报分和盈利把握为空。"
            "用 --set value_per_conversion=… 给出一单的价值",
            "The report has no revenue and no value per conversion was given: words are brought to a cost"
            f" of {target:,.2f} per conversion (orders still to come included; {reported:,.2f} by those"
            " reported so far); ROI score and P(profitable) stay empty. Give --set"
            " value_per_conversion=… to decide by profit",
        )
    )
    return Goal("target_cpa", target, settings.target_roas), said
