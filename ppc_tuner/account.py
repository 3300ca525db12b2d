"""What holds for a whole account, settled before any word is decided: all stations and rules agree on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.errors import UsageError
from ppc_tuner.live import takes_bids
from ppc_tuner.settings import Objective, Settings
from ppc_tuner.text import Text

Floats = NDArray[np.float64]

# Revenue per money below which a sale pays at no margin.
PAYS_AT_NO_MARGIN = 1.0
# A smaller share of the cost is none.
LEAST_SHARE = 0.005


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
    """What bids are tuned for, as far as the report allows.

    `objective`; `target_cpa` (money): the target, else the account's own cost per order; `target_roas`.
    `by_margin`: whether words of known margin are tuned for profit; under `sales` all others are on sales.
    """

    objective: Objective
    target_cpa: float | None
    target_roas: float | None
    by_margin: bool = True

    @property
    def by_profit(self) -> bool:
        """Whether moves are judged by what they earn or sell, not by a target for each word."""
        return self.objective in ("profit", "sales")


@dataclass(frozen=True, slots=True)
class Account:
    """One account in one currency at one level (keywords, or search terms).

    `level_doubt`: squared coefficient of variation of today's level of conversion, which all words share;
    `drift_doubt`: variance by which words differ more today than over their past; `season`: median ÷ mean of
    the account's clicks in the recent weeks; `floor`, `increment`: of the platform's bids (money);
    `orders`: those that all its clicks would bring at the usual rate; `p_needed`: how likely a move must be
    to help; `least_gain`: the smallest gain a week worth the work (money).
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
    orders: float
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
        return {"p_needed": self.p_needed, "least_gain": self.least_gain, "account_orders": self.orders}


def times_seen(adjustment: Floats, cpc_per_bid: float) -> tuple[Floats, Floats]:
    """What the auction sees of a bid as a multiple of it, and how much of that is a guess (as a multiple).

    `adjustment`: CPC ÷ bid (n; below 1 or NaN: nothing multiplies the bid). As clicks cost less than what is
    bid, the multiple is taken as larger by up to √(1 / cpc_per_bid), the middle of what is possible.
    """
    least = np.fmax(adjustment, 1.0)
    hidden = np.minimum(least, cpc_per_bid**-0.5)
    return least * hidden, hidden


def goal_of_rows(rows: pd.DataFrame, settings: Settings) -> tuple[Goal, list[Text]]:
    """The goal that these figures support, and what the reader must know of it first.

    `rows`: figures and given context of the decision rows of one account. Profit needs margins (or, without
    revenue, the value of an order) on margins_known of the cost; below that the goal is `sales`. Raises
    UsageError for target_roas where neither a target nor a margin is known.
    """
    said: list[Text] = []
    orders, cost = float(rows["counted_conversions"].sum()), float(rows["counted_cost"].sum())
    # Orders on days that do not count yet are orders too: the summary says when they will.
    if not orders > 0 and not rows["conversions"].sum() > 0:
        said.append(
            Text(
                "报表列出的行里没有一笔成交：没有依据判断好坏",
                "there is not one order on the rows of this report: nothing tells good words from bad",
            )
        )
    expected = orders * rows["counted_clicks"].sum() / max(rows["exposure"].sum(), 1e-9)
    target = settings.target_cpa or cost / max(expected, 0.5)
    objective = settings.objective
    known = _known_worth(rows)
    if objective == "target_roas" and settings.target_roas is None and not known.any():
        raise UsageError(
            Text("目标投产比没有依据", "the target ROAS has nothing to go by"),
            found=Text("没有给目标，也没有毛利率", "neither a target nor a margin"),
            to_do="--set target_roas=3",
        )
    if objective != "profit":
        return Goal(objective, target, settings.target_roas, by_margin=objective != "sales"), said
    share = float(rows["cost"][known].sum()) / max(float(rows["cost"].sum()), 1e-9)
    if share >= settings.margins_known:
        return Goal("profit", target, settings.target_roas), said
    return Goal("sales", target, settings.target_roas), [*said, _no_margins(rows, share)]


def _known_worth(rows: pd.DataFrame) -> pd.Series:
    """Whether it is known what a sale leaves (n flags): the margin; without revenue the value of an order."""
    has_revenue = rows["revenue"].notna() if "revenue" in rows else pd.Series(False, index=rows.index)
    return rows["margin"].notna().where(has_revenue, rows["value_per_conversion"].notna())


def _no_margins(rows: pd.DataFrame, share: float) -> Text:
    """What it means that nobody told what a sale leaves; `share`: of the cost on words where it is known."""
    has_revenue = "revenue" in rows and bool(rows["revenue"].notna().any())
    by = Text("毛利率", "margin") if has_revenue else Text("一单的价值", "value of an order")
    more = Text("成交额", "revenue") if has_revenue else Text("成交", "orders")
    how = (
        Text("--set margin=0.4，或 --context items.csv", "--set margin=0.4, or --context items.csv")
        if has_revenue
        else Text("--set value_per_conversion=50", "--set value_per_conversion=50")
    )
    begins = (
        Text(f"没有给{by.zh}：总花费不变", f"No {by.en} is given: the spend is held")
        if share < LEAST_SHARE
        else Text(
            f"只给了占花费 {share:.0%} 的词的{by.zh}：其余的词花费不变",
            f"The {by.en} is given for {share:.0%} of the cost only: on the other words the spend is held",
        )
    )
    what = Text(
        f"{begins.zh}，把钱挪到{more.zh}更多的词上",
        f"{begins.en}, and money goes to where it brings more {more.en}",
    )
    if has_revenue:
        what = _sells_below_cost(rows) or what
    if not takes_bids(rows).any():
        what = Text(
            f"没有给{by.zh}，也没有能调出价的词",
            f"No {by.en} is given, and no word here has a bid that can be moved",
        )
    if rows["level"].eq("search_term").all():
        what = Text(
            f"没有给{by.zh}：搜索词按很宽的{by.zh}算也亏，才加否词",
            f"No {by.en} is given: search terms are excluded only where they would lose even at a generous"
            " one",
        )
    return Text(
        f"{what.zh}。想按利润调，请给出{by.zh}（{how.zh}）",
        f"{what.en}. To tune for profit, give the {by.en} ({how.en})",
    )


def _sells_below_cost(rows: pd.DataFrame) -> Text | None:
    """What is said where the words of unknown margin sell for less than they cost: no spend is held then."""
    some = rows[~_known_worth(rows) & takes_bids(rows)]
    # Without an order that counts nothing is known of what clicks sell.
    roas = expected_roas(some) if "rpc" in some and some["rpc"].notna().any() else np.inf
    if not roas < PAYS_AT_NO_MARGIN:
        return None
    return Text(
        f"成交额比花费还少（估计投产比 {roas:.2f}），什么毛利率都亏：花费不保持，照降",
        f"Ads sell for less than they cost (ROAS {roas:.2f}, estimated), which pays at no margin: the"
        " spend is not held but cut",
    )


def expected_roas(rows: pd.DataFrame) -> float:
    """Revenue expected of a week's clicks ÷ their cost; infinite without cost."""
    cost = float(rows["weekly_cost"].sum())
    return float((rows["rpc"] * rows["weekly_clicks"]).sum()) / cost if cost > 0 else np.inf
