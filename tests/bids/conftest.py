"""Rows as evidence hands them to bids, with the posterior of the value per click said outright."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy import stats


@pytest.fixture
def weighed():
    """weighed({...}, ...): a bid of 2, CPC 1, 100 clicks a week, value per click 3 with Gamma shape 20, CVR 5 %."""

    def build(*given, **shared):
        default = {
            "bid": 2.0, "clicks": 400.0, "cpc_raw": 1.0, "cpc": 1.0, "weekly_clicks": 100.0, "weekly_cost": 100.0,
            "cvr": 0.05, "rpc": 8.0, "value_per_click": 3.0, "value_shape": 20.0, "status": "live", "biddable": True,
        }  # fmt: skip
        rows = pd.DataFrame([default | shared | row for row in given])
        rows["biddable"] = rows["biddable"].astype("boolean")
        value = stats.gamma(rows["value_shape"], scale=rows["value_per_click"] / rows["value_shape"])
        return rows.assign(value_low80=value.ppf(0.1), value_high80=value.ppf(0.9))

    return build
