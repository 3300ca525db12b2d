"""The frame that context hands on: its own columns, one row for each decision row, nothing overwritten."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.columns import CONTEXT
from ppc_tuner.context import Context, given_context, item_context, presale_orders, with_context
from ppc_tuner.context.given import REVENUES
from ppc_tuner.context.word_lists import with_missing_words

ROWS = pd.DataFrame(
    {
        "level": "keyword", "campaign": ["甲", "甲", "乙"], "item_id": ["1", "1", "2"],
        "keyword": ["a", "b", "a"],
        "impressions": [100.0, 0.0, 50.0], "clicks": [3.0, 0.0, 1.0], "orders_placed": [4.0, 0.0, 0.0],
        "revenue": [100.0, 40.0, 60.0], "counted_revenue": [80.0, 40.0, 60.0],
        "net_basis": [False, False, True],
        "bid": [1.0, np.nan, np.nan], "quality_score": [5.0, np.nan, np.nan], "status": ["live", None, None],
        "market_ctr": [0.01, 0.02, 0.03], "last_day": pd.Timestamp("2026-11-01"),
    },
    index=[7, 3, 5],
)  # fmt: skip
ITEMS = pd.DataFrame({
    "item_id": ["1", "2"], "margin": [0.5, np.nan], "price": [np.nan, 200.0], "unit_cost": [np.nan, 90.0],
    "refund_rate": [0.25, 0.25], "role": ["main", "new"], "launch_date": pd.to_datetime(["2026-09-02", None]),
    "season_from": ["10-15", None],
    "season_to": ["02-28", None], "bounce_rate": [0.99, np.nan],
    "presale": pd.array([True, False], dtype="boolean"),
    "main_word": ["a", None], "market_ctr": [0.09, np.nan],
})  # fmt: skip
WORDS = pd.DataFrame({
    "campaign": ["甲", "甲", "甲", "丙"], "keyword": ["a", "b", "新", "x"], "bid": [9.0, 2.0, 3.0, 4.0],
    "quality_score": [9.0, 8.0, 7.0, 6.0], "status": ["paused", "paused", "live", "live"],
    "kind": ["head", None, None, None],
})  # fmt: skip
PLANS = pd.DataFrame({"campaign": ["甲"], "smart_bidding": pd.array([True], dtype="boolean")})
EVERYTHING = Context((PLANS, ITEMS, WORDS))


@pytest.fixture
def given(settings):
    def run(context=EVERYTHING, rows=ROWS, **changed):
        return given_context(rows, context, settings | changed)[0]

    return run


@pytest.mark.parametrize("context", [Context(), EVERYTHING], ids=["nothing told", "everything told"])
def test_a_row_for_each_decision_row_and_none_of_its_columns(given, context):
    frame = given(context)
    assert frame.index.tolist() == ROWS.index.tolist()
    assert not set(frame) & set(ROWS)
    own = {"margin", "refund_rate", "value_per_conversion", "break_even_roas", "net_share"}
    assert own <= set(frame)
    shared = {
        f"{name}_given" for name in ("main_word", "kind", "bid", "quality_score", "status", "market_ctr")
    }
    assert set(frame) <= set(CONTEXT) | own | shared
    assert not [name for name in frame if name.startswith("_")]


def test_the_rows_stay_as_they_are(given):
    before = ROWS.copy()
    given()
    pd.testing.assert_frame_equal(ROWS, before)


def test_what_refunds_leave_is_a_column_of_its_own(given):
    # The third row's revenue is net already.
    assert given()["net_share"].tolist() == [0.75, 0.75, 1.0]
    assert given(Context(), refund_rate=0.1)["net_share"].tolist() == pytest.approx([0.9, 0.9, 1.0])


def test_margins_given_worked_out_and_assumed(given):
    frame = given(margin=0.3)
    # 1 − 90 / 200
    assert frame["margin"].tolist() == pytest.approx([0.5, 0.5, 0.55])
    assert frame["break_even_roas"].tolist() == pytest.approx([2.0, 2.0, 1 / 0.55])
    assert given(Context(), margin=0.25)["margin"].tolist() == [0.25] * 3
    assert "margin_given" not in given(Context())


def test_a_word_list_speaks_only_where_the_report_is_silent(given):
    frame = given()
    assert frame["bid_given"].fillna(-1).tolist() == [-1, 2.0, -1]
    assert frame["quality_score_given"].fillna(-1).tolist() == [-1, 8.0, -1]
    assert frame["status_given"].fillna("").tolist() == ["", "paused", ""]
    assert frame["never_shown"].tolist() == [False, True, False]


def test_figures_of_the_market_words_and_kinds_stand_beside_those_of_others(given):
    frame = given()
    assert frame["market_ctr_given"].fillna(-1).tolist() == [0.09, 0.09, -1]
    assert frame["main_word_given"].fillna("").tolist() == ["a", "a", ""]
    assert frame["kind_given"].fillna("").tolist() == ["head", "", ""]
    assert given(Context())[["main_word_given", "kind_given"]].isna().all(axis=None)


def test_what_follows_on_the_last_day(given):
    frame = given()
    assert frame["age"].fillna(-1).tolist() == [60.0, 60.0, -1.0]
    assert frame["season"].fillna("").tolist() == ["in", "in", ""]
    assert frame["page_grade"].fillna("").tolist() == ["fail", "fail", ""]
    assert frame["placed_given"].fillna(-1).tolist() == [4.0, 0.0, -1.0]


def test_the_joined_frame_says_the_same_under_the_names_that_both_share(given, settings):
    own = given(rows=with_missing_words(ROWS, EVERYTHING))
    joined, _ = with_context(ROWS, EVERYTHING, settings)
    assert joined["keyword"].tolist() == ["a", "b", "a", "新"]
    for name in (name for name in REVENUES if name in ROWS):
        assert joined[name].tolist()[:3] == pytest.approx((ROWS[name] * given()["net_share"]).tolist())
    assert joined["bid"].fillna(-1).tolist() == [1.0, 2.0, -1, 3.0]
    assert joined["status"].fillna("").tolist() == ["live", "paused", "", "live"]
    assert joined["main_word"].equals(own["main_word_given"].rename("main_word"))
    assert joined["unbiddable_as"].fillna("").tolist() == [
        "smart_bidding",
        "smart_bidding",
        "",
        "smart_bidding",
    ]
    assert joined["biddable"].fillna(True).tolist() == [False, False, True, False]


def test_a_word_list_of_places_that_the_report_does_not_know_adds_nothing(given):
    lists = Context((pd.DataFrame({"ad_group": ["1"], "keyword": ["新"], "bid": [1.0]}),))
    assert with_missing_words(ROWS, lists) is ROWS
    assert "never_shown" not in given(lists)


class TestPresaleOrders:
    FACTS = pd.DataFrame(
        {
            "item_id": ["1", "1", "2"], "conversions": [1.0, 5.0, 1.0], "revenue": [200.0, 50.0, 200.0],
            "orders_placed": [5.0, 2.0, 5.0],
        },
        index=[4, 2, 9],
    )  # fmt: skip

    def test_only_the_two_columns_on_the_index_of_the_facts(self):
        counted = presale_orders(self.FACTS, EVERYTHING)
        assert counted.index.tolist() == [4, 2, 9]
        # Five placed at the paid one's 200; two placed are fewer than five paid; item 2 is on no presale.
        assert counted.to_dict("list") == {
            "conversions_with_presale": [5.0, 5.0, 1.0],
            "revenue_with_presale": [1000.0, 50.0, 200.0],
        }

    def test_nothing_without_a_presale(self):
        assert presale_orders(self.FACTS, Context()).shape == (3, 0)


class TestItemContext:
    def test_an_ad_has_what_all_its_words_share(self):
        given = pd.DataFrame(
            {"role": ["main", "main", "new"], "stock_days": [5.0, 6.0, np.nan], "margin": 0.5, "age": np.nan}
        )
        items = item_context(given, pd.Series(["x", "x", "y"], name="ad_key"))
        # The words disagree on the stock of x; a margin is no context column of an item; nobody knows an age.
        assert sorted(items) == ["role", "stock_days"]
        assert items["role"].to_dict() == {"x": "main", "y": "new"}
        assert items["stock_days"].isna().all()

    def test_nothing_told_is_a_row_for_each_ad_without_columns(self):
        items = item_context(pd.DataFrame({"role": [None, None]}), pd.Series(["x", "y"], name="ad_key"))
        assert items.shape == (2, 0)
