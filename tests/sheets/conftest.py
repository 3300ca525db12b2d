"""A small list and its summary, made by hand; every test changes what it is about."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.columns import LIST_FIRST

HOSTILE = (
    "=1+1",
    "+鞋 +女",
    "-10an",
    "@x",
    "http://a.example/b?c=1",
    "0012345678901234567",
    "1e5",
    " 前后空格 ",
    "<b>&amp;</b>",
    "<r>粗体</r>",
    "_x0041_",
    "a\x01b\x1fc",
    "两\n行",
    "😀羽绒服",
    '"quoted", with comma',
    "{=SUM(A1)}",
    "mailto:a@b.example",
    "internal:Sheet1!A1",
    "'=x",
    "''quoted''",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "羽绒服\u202e男",
    "a\x1b[2Jb",
    '=HYPERLINK("http://a.example","x")',
    "=cmd|' /C calc'!A0",
    "\u200f-x",
)


def make_actions(*, bids: bool = True, currencies: tuple[str, ...] = ("CNY",)) -> pd.DataFrame:
    """Nine rows a currency: one item to fix, then words raised, lowered, deleted, watched and kept."""
    return pd.concat([_rows(bids, currency) for currency in currencies], ignore_index=True)


def _rows(bids: bool, currency: str) -> pd.DataFrame:
    action = ["fix_picture", "raise", "lower", "delete", "watch", "watch", "keep", "keep", "keep"]
    n = len(action)
    words = pd.DataFrame(
        {
            "level": ["item"] + ["keyword"] * (n - 1),
            "platform": "zhitongche",
            "account": f"店铺{currency}",
            "currency": currency,
            "campaign": [
                "计划乙",
                "计划乙",
                "计划甲",
                "计划乙",
                "计划甲",
                "计划甲",
                "计划甲",
                "计划乙",
                "计划乙",
            ],
            "ad_group": [np.nan, "单元2", "单元1", "单元1", "单元2", "单元1", "单元1", "单元1", "单元1"],
            "item_id": "0012345678901234567",
            "item": "男士羽绒服",
            "keyword": [np.nan, *HOSTILE[:8]],
            "action": action,
            "rule": "some-rule",
            "advice": "A4",
            "reason_zh": "花费 10.00 元没有成交",
            "reason_en": "10.00 spent without an order",
            "bid_basis": "given" if bids else "cpc",
            "bid": [np.nan, 1.0, 2.0, 3.0, 1.5, 1.5, 1.0, 1.0, 1.0] if bids else np.nan,
            "new_bid": [np.nan, 1.1, 1.8, np.nan, 1.55, 1.5, 1.0, 1.0, 1.0] if bids else np.nan,
            "bid_change": [np.nan, 0.1, -0.1, np.nan, 0.0333, 0.0, 0.0, 0.0, 0.0],
            "cpc_now": np.nan if bids else [np.nan, 1.0, 2.0, 3.0, 1.5, 1.5, 1.0, 1.0, 1.0],
            "cpc_target": np.nan if bids else [np.nan, 1.1, 1.8, np.nan, 1.55, 1.5, 1.0, 1.0, 1.0],
            "confidence": 0.9,
            "money_at_stake": [50.0, 30.0, 20.0, 10.0, 5.0, 0.0, 0.0, 0.0, 0.0],
            "expected_gain": 3.25,
            "gain_low": -1.0,
            "gain_high": 7.5,
            "ctr_score": [np.nan, *np.linspace(10, 90, n - 1)],
            "cpc_score": 50.0,
            "cvr_score": 50.0,
            "roi_score": 50.0,
            "impressions": [np.nan, *[1000.0] * (n - 1)],
            "clicks": [np.nan, *[50.0] * (n - 1)],
            "cost": [np.nan, *np.arange(1.0, n)],
            "conversions": [np.nan, *[1.5] * (n - 1)],
            "revenue": [np.nan, *[100.25] * (n - 1)],
            "roas": [np.nan, np.inf, *[2.0] * (n - 2)],
            "last_day": pd.Timestamp("2026-07-05"),
            "biddable": pd.array([pd.NA, True, False, *[pd.NA] * (n - 3)], dtype="boolean"),
            "kind": [np.nan, "head", "core", "long_tail", "brand", "other", "core", "core", "core"],
            "period_cost": 6.0,
            "before_cost": [np.nan, 5.0, 0.0, *[6.0] * (n - 3)],
            "match_type": np.nan,
            "quality_score": np.nan,
        }
    )
    first = [name for name in LIST_FIRST if name in words]
    return words[[*first, *(name for name in words if name not in first)]]


def make_summary(actions: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What the list comes to, by currency; sums are taken from the words of `actions`."""
    keys = ["platform", "account", "currency"]
    words = actions.loc[actions["level"] == "keyword"].assign(words=1.0, weekly_cost=1.0)
    counted = ["words", "impressions", "clicks", "cost", "conversions", "revenue"]
    total = words.groupby([*keys, "level"], as_index=False)[counted].sum()
    of_action = words.groupby([*keys, "action"], as_index=False)[
        [*counted, "money_at_stake", "expected_gain"]
    ]
    by_action = of_action.sum().assign(roas=lambda rows: rows["revenue"] / rows["cost"])
    shops = words[keys].drop_duplicates()
    measures = pd.DataFrame({"measure": ["clicks", "cost", "roas"], "this": [60.0, 110.0, 3.0]})
    periods = shops.merge(measures.assign(before=[50.0, 100.0, 4.0], change=[0.2, 0.1, -0.25]), how="cross")
    weekly = pd.DataFrame({"measure": ["cost", "clicks"], "now": [100.0, 50.0], "expected": [110.0, 60.0]})
    return {
        "headline": pd.DataFrame({"text_zh": ["要动 4 个词"], "text_en": ["4 words to act on"]}),
        "files": pd.DataFrame(
            {
                "source_file": ["a.csv"],
                "layout_zh": ["关键词报表"],
                "layout_en": ["keyword report"],
                "encoding": ["gb18030"],
                "rows": [8],
                "first_day": [pd.Timestamp("2026-06-08")],
                "last_day": [pd.Timestamp("2026-07-05")],
                "dropped": [0],
                "implausible": [0],
                "note_zh": ["=1+1"],
                "note_en": ["=1+1"],
            }
        ),
        "totals": pd.concat([total.assign(source="files"), total.assign(source="list")], ignore_index=True),
        "periods": periods,
        "by_action": by_action,
        "forecast": shops.merge(weekly.assign(low=[90.0, 45.0], high=[130.0, 70.0]), how="cross"),
        "by_campaign": words.groupby([*keys, "campaign"], as_index=False)[counted].sum(),
        "by_item": words.groupby([*keys, "item_id", "item"], as_index=False)[counted].sum(),
        "assumptions": pd.DataFrame({"text_zh": ["毛利率取 35%"], "text_en": ["margin 35 %"]}),
        "burners": words.loc[words["action"] == "delete"],
        "rules": pd.DataFrame(
            {
                "rule": ["some-rule"],
                "advice": ["A4"],
                "action": ["lower"],
                "text_zh": ["大词不值高价"],
                "text_en": ["a head word is not worth a high bid"],
                "words": [8],
                "condition": ['kind == "head"'],
            }
        ),
        "settings": pd.DataFrame(
            {
                "name": ["margin", "objective"],
                "value": pd.Series([0.35, "profit"], dtype="object"),
                "unit": ["share", "text"],
                "text_zh": ["毛利率", "目标"],
                "text_en": ["margin", "objective"],
                "advice": ["A20", np.nan],
            }
        ),
    }


@pytest.fixture
def build_actions() -> Callable[..., pd.DataFrame]:
    return make_actions


@pytest.fixture
def build_summary() -> Callable[[pd.DataFrame], dict[str, pd.DataFrame]]:
    return make_summary


@pytest.fixture
def hostile() -> tuple[str, ...]:
    return HOSTILE
