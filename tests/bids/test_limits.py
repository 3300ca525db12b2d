"""Which budgets hold, and which campaigns run out of money within the day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.bids import budget_of
from ppc_tuner.bids.limits import at_daily_limit


@pytest.fixture
def budgeted(settings):
    """budgeted(told, facts, weekly_budget=…): the budget of an account and what is said of it first."""

    def run(told, facts, weekly_budget=None, daily_budget=None):
        given = replace(settings, weekly_budget=weekly_budget, daily_budget=daily_budget)
        return budget_of(told, facts, given)

    return run


def days(*costs, campaign="甲", start="2026-01-01"):
    return pd.DataFrame(
        {
            "date": pd.date_range(start, periods=len(costs)),
            "campaign": campaign,
            "cost": [float(cost) for cost in costs],
        }
    )


def table(**columns):
    frame = pd.DataFrame({"campaign": pd.Series(columns.pop("campaign"), dtype="str"), **columns})
    return frame.reindex(columns=["campaign", "weekly_budget", "daily_budget", "limited"])


NONE_TOLD = table(campaign=[])


def test_none_given_is_no_budget(budgeted):
    budget, said = budgeted(NONE_TOLD, days(1, 2))
    assert not budget
    assert said == []
    assert not budget.limited


def test_the_tightest_holds_and_a_day_counts_seven_times(budgeted):
    given = table(campaign=["甲", "乙"], weekly_budget=[90.0, np.nan], daily_budget=[10.0, 20.0])
    budget, _ = budgeted(given, days(1), weekly_budget=500.0, daily_budget=60.0)
    assert budget.account == 420.0
    assert dict(budget.campaigns) == {"甲": 70.0, "乙": 140.0}


@pytest.mark.parametrize(
    ("costs", "limited"),
    [
        ((97,) * 7, True),
        ((96,) * 7, False),
        ((120, 99, 98, 97, 20, 30, 40), True),
        ((200,) * 7 + (10,) * 7, False),
    ],
)
def test_a_campaign_that_spends_its_daily_budget_is_limited(budgeted, costs, limited):
    budget, _ = budgeted(table(campaign=["甲"], daily_budget=[100.0]), days(*costs))
    assert (budget.limited == {"甲"}) == limited


def test_the_whole_account_by_its_setting(budgeted):
    facts = pd.concat([days(*[30] * 7), days(*[70] * 7, campaign="乙")])
    assert budgeted(NONE_TOLD, facts, daily_budget=100.0)[0].all_limited
    assert not budgeted(NONE_TOLD, facts, daily_budget=110.0)[0].all_limited


def test_a_weekly_budget_alone_says_nothing_of_the_day(budgeted):
    assert not budgeted(NONE_TOLD, days(*[100] * 7), weekly_budget=700.0)[0].all_limited


def test_rows_are_marked_only_where_something_is_limited(budgeted):
    rows = pd.DataFrame({"campaign": ["甲", "乙", np.nan]})
    said = table(campaign=["乙"], limited=pd.array([True], dtype="boolean"))
    budget, _ = budgeted(said, days(1))
    assert at_daily_limit(rows, budget).tolist() == [False, True, False]
    assert at_daily_limit(rows, budgeted(NONE_TOLD, days(1))[0]) is None


def test_undated_facts_know_no_week(budgeted):
    undated = pd.DataFrame({"cost": [10.0], "campaign": "甲"})
    budget, said = budgeted(NONE_TOLD, undated, weekly_budget=5.0)
    assert not budget
    assert "--period" in said[0].en
    assert "预算" in said[0].zh
