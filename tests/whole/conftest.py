"""A small shop whose items all have the same five words: a winner, a dear one, a hopeless one, two usual."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

# Clicks and orders a day, cost of a click; one order is 120.
WORDS = {
    "好词": (40, 7.0, 1.0), "贵词": (40, 0.7, 1.6), "无望": (60, 0.0, 1.6), "寻常一": (30, 0.9, 1.0),
    "寻常二": (30, 0.9, 1.0),
}  # fmt: skip


@pytest.fixture(scope="session")
def shop_of():
    """shop_of(["1", "2"]): four weeks of daily facts, one campaign per item; keyword = word + item."""

    def build(items):
        random = np.random.default_rng(3)
        days = pd.date_range("2026-09-28", periods=28)
        rows = []
        for item in items:
            for word, (clicks, orders, cpc) in WORDS.items():
                sold = random.poisson(orders, len(days)).astype(float)
                rows.append(
                    pd.DataFrame(
                        {"date": days, "campaign": f"计划{item}", "ad_group": f"单元{item}", "item_id": item,
                         "item": f"宝贝{item}",
                         "keyword": word + item, "impressions": clicks * 25.0, "clicks": float(clicks),
                         "cost": clicks * cpc,
                         "conversions": sold, "revenue": sold * 120}
                    )
                )  # fmt: skip
        return pd.concat(rows, ignore_index=True).assign(
            platform="zhitongche", currency="CNY", exported_on=pd.Timestamp("2026-11-01")
        )

    return build
