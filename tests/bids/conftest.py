"""Rows as evidence hands them to bids, an account whose market is known exactly, and what rules permit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppc_tuner.account import Account, Completeness, Goal, Prior, Response
from ppc_tuner.permission import Permission, Permissions

# Clicks ~ bid^.5, as far as the bid stands above what a click costs or not; the next click costs bid / .7.
MARKET = Response(
    shade=0.3, doubt=0.0, changes=0, click_elasticity=0.5, cpc_elasticity=0.85, fall=0.0, lead=None
)


@pytest.fixture
def weighed():
    """weighed({...}, ...): bid 2, CPC 1, 100 clicks a week, value per click 3 (Gamma shape 20), CVR 5 %."""

    def build(*given, **shared):
        default = {
            "bid": 2.0, "clicks": 400.0, "cpc_raw": 1.0, "cpc": 1.0, "weekly_clicks": 100.0,
            "weekly_cost": 100.0, "cvr": 0.05, "rpc": 8.0, "value_per_click": 3.0, "value_shape": 20.0,
            "status": "live", "biddable": True, "bid_adjustment": np.nan, "orders_usual": 1e9,
        }  # fmt: skip
        rows = pd.DataFrame([default | shared | row for row in given])
        rows["biddable"] = rows["biddable"].astype("boolean")
        value = stats.gamma(rows["value_shape"], scale=rows["value_per_click"] / rows["value_shape"])
        return rows.assign(value_low80=value.ppf(0.1), value_high80=value.ppf(0.9))

    return build


@pytest.fixture
def account_of():
    """account_of(rows, settings): the account of these rows in an ordinary week, its market known exactly."""

    def build(rows, settings, floor=0.05, increment=0.01):
        goal = Goal(settings.objective, settings.target_cpa, settings.target_roas)
        return Account(
            goal=goal,
            delay=Completeness((1.0,), 0.0),
            response=MARKET,
            prior=Prior("none", 0.0, 0.0),
            level_doubt=0.0,
            drift_doubt=0.0,
            season=1.0,
            floor=floor,
            increment=increment,
            orders=100.0,
            p_needed=settings.act if goal.by_profit else settings.act_on_target,
            least_gain=settings.min_gain * rows["weekly_cost"].sum(),
        )

    return build


@pytest.fixture
def permitted():
    """permitted(actions, caps, without_removal=…): these actions and caps; others where none is removed."""

    def build(actions, caps=np.inf, without_removal="keep", caps_without=np.inf):
        def one(action, cap):
            shape = (len(actions),)
            return Permission(
                np.array(np.broadcast_to(np.array(action, dtype=object), shape)),
                np.array(np.broadcast_to(np.array(cap, dtype=float), shape)),
                np.zeros(shape, dtype=bool),
            )

        return Permissions(one(actions, caps), one(without_removal, caps_without))

    return build
