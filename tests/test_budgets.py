"""Tables of budgets: what people may write, what is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.context import Context, read_context, unmatched
from ppc_tuner.errors import ConfigError


@pytest.fixture
def read(tmp_path):
    def run(text) -> Context:
        path = tmp_path / "budgets.csv"
        path.write_text(text, encoding="utf-8")
        return read_context([path])

    return run


def test_of_the_account_and_of_campaigns(read):
    context = read('campaign,weekly_budget,daily_budget,limited\n甲,700,,yes\n乙,,￥90,no\n,"5,000",,\n')
    [(table, source)] = context.budgets
    assert source.endswith("budgets.csv")
    assert context.tables == ()
    assert table["campaign"].fillna("").tolist() == ["甲", "乙", ""]
    assert table["weekly_budget"].fillna(0).tolist() == [700, 0, 5000]
    assert table["daily_budget"].fillna(0).tolist() == [0, 90, 0]
    assert table["limited"].tolist() == [True, False, pd.NA]


def test_in_chinese_and_without_a_campaign(read):
    [(table, _)] = read("日预算,受限\n300,是\n").budgets
    assert table["campaign"].isna().all()
    assert (table["daily_budget"].tolist(), table["limited"].tolist()) == ([300.0], [True])


def test_a_limit_may_be_said_without_an_amount(read):
    [(table, _)] = read("计划,受限\n甲,是\n乙,\n").budgets
    assert table["campaign"].tolist() == ["甲"]
    assert np.isnan(table["weekly_budget"].iloc[0])


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("campaign,weekly_budget\n甲,100\n乙,0\n", 3), ("campaign,weekly_budget\n甲,-5\n", 2), ("daily_budget\nmuch\n", 2),
        ("campaign,limited\n甲,perhaps\n", 2), ("campaign,weekly_budget\n甲,100\n甲,200\n", 3), ("weekly_budget\n100\n200\n", 3),
        ("item_id,weekly_budget\n1,100\n", 1), ("weekly_budget,weekly_budget\n1,100\n", 1), ("weekly_buget\n1\n", 1),
    ],
)  # fmt: skip
def test_refused_with_file_and_row(read, text, row):
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert caught.value.where.endswith(f"budgets.csv:{row}")


def test_a_campaign_that_the_report_has_not_is_told(read):
    [line] = unmatched(
        read("campaign,weekly_budget\n甲,100\n丙,50\n,900\n"), pd.DataFrame({"campaign": ["甲", "乙"]})
    )
    assert "丙" in line.en
    assert "1/2" in line.en
