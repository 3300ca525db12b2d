"""Where money leaks: live words below break-even, by what they lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.summary.totals import LEAKS, leaks


def words(**given: object) -> pd.DataFrame:
    usual: dict[str, object] = {
        "level": "keyword", "keyword": ["a", "b", "c", "d"], "currency": "CNY", "status": "live",
        "cost": [100.0, 50.0, 80.0, 0.0], "revenue": [50.0, 200.0, 100.0, 0.0],
        "roas": [0.5, 4.0, 1.25, np.nan], "bar_roas": 2.0,
        "gain_unit": "profit", "action": "keep", "reason_zh": "因", "reason_en": "why",
    }  # fmt: skip
    return pd.DataFrame(usual | given)


def test_what_is_lost_is_the_cost_less_what_the_revenue_leaves():
    found = leaks(words())
    # 100 - 50 / 2 and 80 - 100 / 2; b earns 200 / 2 - 50, d spends nothing.
    assert found["keyword"].tolist() == ["a", "c"]
    assert found["lost"].tolist() == pytest.approx([75.0, 30.0])


def test_without_a_margin_a_word_leaks_where_it_sells_for_less_than_it_cost():
    found = leaks(words(gain_unit="revenue", bar_roas=3.1))
    assert found["keyword"].tolist() == ["a"]
    assert found["lost"].tolist() == pytest.approx([50.0])
    assert found["bar_roas"].tolist() == [1.0]


def test_paused_words_leak_no_more_and_currencies_stay_apart():
    found = leaks(words(status=["paused", "live", "live", "live"]))
    assert found["keyword"].tolist() == ["c"]
    many = pd.concat([words()] * (LEAKS + 1) + [words(currency="USD")], ignore_index=True)
    counts = leaks(many)["currency"].value_counts()
    assert counts.to_dict() == {"CNY": LEAKS, "USD": 2}
