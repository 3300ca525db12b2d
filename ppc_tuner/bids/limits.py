"""Which budgets hold for an account, and which of its campaigns run out of money within the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.settings import Settings
from ppc_tuner.text import Text

DAYS_A_WEEK = 7
# A campaign that typically spends this share of its daily budget is held back by it, not by its bids.
SPENT_OUT = 0.97
UNDATED = Text(
    "报表没有日期，花费换算不成每周：预算没有用上，用 --period 给出日期",
    "the report holds no dates, so its cost is not known by the week: the budget is not used;"
    " --period dates it",
)


@dataclass(frozen=True, slots=True)
class Budget:
    """Budgets in money a week, in the account's currency.

    `account`: infinite where none is given; `campaigns`: by name; `limited`: campaigns that hit their daily
    limit; `all_limited`: whether the whole account does.
    """

    account: float = np.inf
    campaigns: Mapping[str, float] = field(default_factory=dict)
    limited: frozenset[str] = frozenset()
    all_limited: bool = False

    def __bool__(self) -> bool:
        """Whether any amount is given."""
        return bool(np.isfinite(self.account) or self.campaigns)


NO_BUDGET = Budget()


def budget_of(told: pd.DataFrame, facts: pd.DataFrame, settings: Settings) -> tuple[Budget, list[Text]]:
    """The budgets of one account, and what the reader must know first.

    `told`: campaign (empty: the account), weekly_budget, daily_budget (money) and limited (flag), a row for
    each that is given; `facts`: the account's facts of one level. The settings weekly_budget and daily_budget
    hold for the account. Of several amounts for the same money the tightest holds, a daily one counting seven
    times. Without dates no cost a week is known: the amounts are left out, which the warning says.
    """
    own = {
        name: [np.nan if amount is None else amount]
        for name, amount in (
            ("weekly_budget", settings.weekly_budget),
            ("daily_budget", settings.daily_budget),
        )
    }
    table = pd.concat(
        [pd.DataFrame({"campaign": pd.Series([np.nan], dtype="str"), **own}), told], ignore_index=True
    )
    daily = table["daily_budget"].astype(float)
    weekly = pd.concat([table["weekly_budget"].astype(float), DAYS_A_WEEK * daily], axis=1).min(axis=1)
    name = table["campaign"]
    stopped = _spent_out(facts, name, daily)
    if "limited" in table:
        stopped = stopped | table["limited"].astype("boolean").fillna(False).to_numpy(dtype=bool)
    limited, all_limited = frozenset(name[stopped].dropna()), bool((stopped & name.isna()).any())
    if not any(day in facts and facts[day].notna().any() for day in ("date", "period_end")):
        return Budget(limited=limited, all_limited=all_limited), [UNDATED] if weekly.notna().any() else []
    account = weekly[name.isna()].min()
    campaigns = {str(key): float(least) for key, least in weekly.groupby(name).min().dropna().items()}
    return Budget(account if account > 0 else np.inf, campaigns, limited, all_limited), []


def _spent_out(facts: pd.DataFrame, campaign: pd.Series, daily: pd.Series) -> NDArray[np.bool_]:
    """For each daily budget, whether the median day of the last week spent at least SPENT_OUT of it."""
    if "date" not in facts or facts["date"].isna().all() or daily.isna().all():
        return np.zeros(len(daily), dtype=bool)
    recent = facts[facts["date"] > facts["date"].max() - pd.Timedelta(days=DAYS_A_WEEK)]
    typical = {"": recent.groupby("date")["cost"].sum().median()}
    if "campaign" in recent:
        by_day = recent.groupby(["campaign", "date"])["cost"].sum()
        typical |= by_day.groupby("campaign").median().to_dict()
    spent = campaign.fillna("").map(typical).astype(float)
    return np.asarray((spent >= SPENT_OUT * daily).to_numpy(dtype=bool))


def at_limit(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Where a row's campaign hits its daily limit (n flags), as at_daily_limit found it."""
    if "budget_limited" not in rows:
        return np.zeros(len(rows), dtype=bool)
    return np.asarray(rows["budget_limited"].fillna(False).to_numpy(dtype=bool))


def at_daily_limit(rows: pd.DataFrame, budget: Budget) -> pd.Series | None:
    """budget_limited (flag, n rows): whether the row's campaign hits its daily limit; None where none
    does."""
    if not budget.limited and not budget.all_limited:
        return None
    limited = rows["campaign"].isin(budget.limited) if "campaign" in rows else False
    return pd.Series(limited, index=rows.index, dtype="boolean") | budget.all_limited
