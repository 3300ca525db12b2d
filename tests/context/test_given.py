"""The frame that context hands on: what is given of each decision row, none of its figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.columns import GIVEN
from ppc_tuner.context import Context, given_context, item_context, unreported_words
from ppc_tuner.windows import LookBack, with_unshown

INDEX = [7, 3, 5]
FIGURES = pd.DataFrame(
    {
        "level": "keyword", "campaign": ["甲", "甲", "乙"], "item_id": ["1", "1", "2"],
        "keyword": ["a", "b", "a"],
        "impressions": [100.0, 0.0, 50.0], "clicks": [3.0, 0.0, 1.0], "orders_placed": [4.0, 0.0, 0.0],
        "revenue": [100.0, 40.0, 60.0], "counted_revenue": [80.0, 40.0, 60.0],
        "net_basis": [False, False, True], "last_day": pd.Timestamp("2026-11-01"),
    },
    index=INDEX,
)  # fmt: skip
REPORTED = pd.DataFrame(
    {
        "bid": [1.0, np.nan, np.nan], "quality_score": [5.0, np.nan, np.nan], "status": ["live", None, None],
        "market_ctr": [0.01, 0.02, 0.03],
    },
    index=INDEX,
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
    def run(context=EVERYTHING, **changed):
        return given_context(FIGURES, REPORTED, context, replace(settings, **changed))[0]

    return run


@pytest.mark.parametrize("context", [Context(), EVERYTHING], ids=["nothing told", "everything told"])
def test_a_row_for_each_decision_row_and_none_of_its_figures(given, context):
    frame = given(context)
    assert frame.index.tolist() == INDEX
    assert not set(frame) & set(FIGURES)
    assert {"margin", "refund_rate", "value_per_conversion", "break_even_roas", *REPORTED} <= set(frame)
    assert set(frame) <= set(GIVEN)


def test_the_frames_given_stay_as_they_are(given):
    before = FIGURES.copy(), REPORTED.copy()
    given()
    pd.testing.assert_frame_equal(FIGURES, before[0])
    pd.testing.assert_frame_equal(REPORTED, before[1])


def test_the_refund_rate_is_told_and_no_revenue_is_touched(given):
    assert given()["refund_rate"].tolist() == [0.25, 0.25, 0.25]
    # It decides only where it came off: the third row's revenue was net already.
    assert given()["refund_given"].fillna(-1).tolist() == [0.25, 0.25, -1]
    assert given(Context(), refund_rate=0.1)["refund_rate"].tolist() == [0.1] * 3


def test_margins_given_worked_out_and_assumed(given):
    frame = given(margin=0.3)
    # 1 − 90 / 200
    assert frame["margin"].tolist() == pytest.approx([0.5, 0.5, 0.55])
    assert frame["break_even_roas"].tolist() == pytest.approx([2.0, 2.0, 1 / 0.55])
    assert given(Context(), margin=0.25)["margin"].tolist() == [0.25] * 3
    assert "margin_given" not in given(Context())


def test_a_word_list_speaks_only_where_the_report_is_silent(given):
    frame = given()
    assert frame["bid"].fillna(-1).tolist() == [1.0, 2.0, -1]
    assert frame["bid_given"].fillna(-1).tolist() == [-1, 2.0, -1]
    assert frame["quality_score"].fillna(-1).tolist() == [5.0, 8.0, -1]
    assert frame["status"].fillna("").tolist() == ["live", "paused", ""]
    assert frame["never_shown"].tolist() == [False, True, False]


def test_figures_of_the_market_words_and_kinds_come_from_tables_first(given):
    frame = given()
    assert frame["market_ctr"].fillna(-1).tolist() == [0.09, 0.09, -1]
    assert given(Context())["market_ctr"].tolist() == [0.01, 0.02, 0.03]
    assert frame["main_word_given"].fillna("").tolist() == ["a", "a", ""]
    assert frame["kind_given"].fillna("").tolist() == ["head", "", ""]
    assert not {"main_word_given", "kind_given"} & set(given(Context()))


def test_what_follows_on_the_last_day(given):
    frame = given()
    assert frame["age"].fillna(-1).tolist() == [60.0, 60.0, -1.0]
    assert frame["season"].fillna("").tolist() == ["in", "in", ""]
    assert frame["page_grade"].fillna("").tolist() == ["fail", "fail", ""]
    assert frame["placed_given"].fillna(-1).tolist() == [4.0, 0.0, -1.0]


def test_plans_that_bid_by_themselves_take_no_bid(given):
    frame = given()
    assert frame["unbiddable_as"].fillna("").tolist() == ["smart_bidding", "smart_bidding", ""]
    assert frame["biddable"].fillna(True).tolist() == [False, False, True]


def test_listed_words_that_the_report_does_not_hold_stand_in_known_places():
    words = unreported_words(FIGURES, EVERYTHING)
    # Campaign 丙 is not in the report.
    assert words[["campaign", "keyword"]].values.tolist() == [["甲", "新"]]
    assert words["item_id"].tolist() == ["1"]


def test_words_that_were_never_shown_get_what_is_told_of_them_and_their_place(settings):
    found = LookBack(
        FIGURES.reset_index(drop=True),
        REPORTED.reset_index(drop=True),
        pd.DataFrame(),
        1.0,
        np.arange(len(FIGURES)),
    )
    found = with_unshown(found, unreported_words(FIGURES, EVERYTHING))
    frame, _ = given_context(found.figures, found.reported, EVERYTHING, settings)
    assert frame["bid"].fillna(-1).tolist() == [1.0, 2.0, -1, 3.0]
    assert frame["status"].fillna("").tolist() == ["live", "paused", "", "live"]
    assert frame["margin"].iloc[3] == 0.5
    assert frame["unbiddable_as"].iloc[3] == "smart_bidding"
    assert frame["never_shown"].tolist() == [False, True, False, True]


def test_a_word_list_of_places_that_the_report_does_not_know_adds_nothing(given):
    lists = Context((pd.DataFrame({"ad_group": ["1"], "keyword": ["新"], "bid": [1.0]}),))
    assert unreported_words(FIGURES, lists).empty
    assert "never_shown" not in given(lists)


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
