"""A whole ad low together is its picture (A3); what counts is the value of a visitor (A18)."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.columns import ITEMS
from ppc_tuner.evidence import item_figures_of_words, items_of
from ppc_tuner.kinds import kinds_of


@pytest.fixture
def found_of(rows, settings, weighed):
    """Items (by id) of words given as (item, impressions, clicks, more), and the figures their words get."""

    def run(words, **shared):
        given = [
            {"item_id": item, "keyword": f"w{n}", "impressions": seen, "counted_impressions": seen,
             "clicks": clicks, "counted_clicks": clicks, "kind_given": "long_tail", **more}
            for n, (item, seen, clicks, more) in enumerate(words)
        ]  # fmt: skip
        built = rows(*given, **shared)
        known = pd.concat([built, kinds_of(built, built, (), settings)], axis=1)
        known = pd.concat([known, weighed(known)], axis=1)
        items = items_of(known, settings)
        return items.set_index("item_id"), item_figures_of_words(items, known["ad_key"])

    return run


def words_of(item, ctr, count=12, **more):
    return [(item, 2000.0, 2000.0 * ctr, more)] * count


class TestPicture:
    def test_all_words_low_together(self, found_of):
        items, words = found_of(words_of("1", 0.015) + words_of("2", 0.04) + words_of("3", 0.04))
        assert items["item_ctr_low"].tolist() == [True, False, False]
        # Peers of item 1: 2,000 × .04 everywhere; peers of item 2: half .015, half .04.
        assert items["item_ctr_ratio"].tolist() == pytest.approx([0.015 / 0.04, 0.04 / 0.0275, 0.04 / 0.0275])
        assert items.loc["1", "item_low_share"] == 1.0
        assert words["item_ctr_low"].tolist() == [True] * 12 + [False] * 24

    def test_one_word_alone_low_is_not_the_picture(self, found_of):
        lone = [("1", 2000.0, 5.0, {}), *words_of("1", 0.04, 11)]
        items, _ = found_of(lone + words_of("2", 0.04) + words_of("3", 0.04))
        assert items["item_ctr_low"].tolist() == [False, False, False]

    def test_one_dead_word_with_half_the_traffic_is_not_most_words_together(self, found_of):
        heavy = [("1", 22000.0, 60.0, {}), *words_of("1", 0.04, 11)]
        items, _ = found_of(heavy + words_of("2", 0.04) + words_of("3", 0.04))
        assert not items.loc["1", "item_ctr_low"]

    def test_one_dead_head_with_nearly_all_the_traffic_is_still_one_word(self, found_of):
        heavy = [("1", 88000.0, 240.0, {}), *words_of("1", 0.04, 11)]
        items, _ = found_of(heavy + words_of("2", 0.04) + words_of("3", 0.04))
        assert not items.loc["1", "item_ctr_low"]

    def test_a_few_unlucky_impressions_are_no_proof(self, found_of):
        few = [("1", 10.0, 0.0, {})] * 3
        items, _ = found_of(few + words_of("2", 0.04) + words_of("3", 0.04))
        assert not items.loc["1", "item_ctr_low"]
        assert items.loc["1", "item_ctr_p_low"] < 0.9

    def test_kinds_are_compared_with_their_own(self, found_of):
        # Head words click worse everywhere; an item of head words only is not low for it.
        head = {"kind_given": "head"}
        words = (
            words_of("1", 0.01, **head)
            + words_of("2", 0.01, 6, **head)
            + words_of("2", 0.04)
            + words_of("3", 0.04)
        )
        items, _ = found_of(words)
        assert items["item_ctr_low"].tolist() == [False, False, False]
        assert items.loc["1", "item_ctr_ratio"] == pytest.approx(1.0)

    def test_channels_are_never_compared(self, found_of):
        words = (
            words_of("1", 0.01, channel="人群")
            + words_of("2", 0.04, channel="搜索")
            + words_of("3", 0.04, channel="搜索")
        )
        items, _ = found_of(words)
        assert items["item_ctr_low"].isna().tolist() == [True, False, False]

    def test_a_lone_item_has_nothing_to_be_compared_with(self, found_of):
        items, _ = found_of(words_of("1", 0.01))
        assert (
            items[["item_ctr_low", "item_ctr_ratio", "item_ctr_p_low", "item_value_score"]]
            .isna()
            .all(axis=None)
        )
        assert items.loc["1", "item_words"] == 12


class TestVisitorValue:
    def test_price_times_conversion_orders_the_items(self, found_of):
        words = (
            words_of("dear and sold", 0.04, conversions=6.0, revenue=2400.0)
            + words_of("dear", 0.04, conversions=2.0, revenue=800.0)
            + words_of("sold", 0.04, conversions=6.0, revenue=900.0)
            + words_of("neither", 0.04, conversions=2.0, revenue=300.0)
        )
        score = found_of(words)[0]["item_value_score"]
        assert score["dear and sold"] > score["sold"] > score["dear"] > score["neither"]
        assert score["neither"] < 25
        assert score["dear and sold"] > 75

    def test_margin_counts(self, found_of):
        words = (
            words_of("1", 0.04, margin=0.6)
            + words_of("2", 0.04, margin=0.2)
            + words_of("3", 0.04, margin=0.4)
        )
        score = found_of(words)[0]["item_value_score"]
        assert score["1"] > score["3"] > score["2"]

    def test_an_item_without_data_is_in_the_middle(self, found_of):
        nothing = {"conversions": 0.0, "revenue": 0.0, "exposure": 0.0}
        words = [
            ("1", 0.0, 0.0, nothing),
            *words_of("2", 0.04, margin=0.35),
            *words_of("3", 0.04, margin=0.35),
        ]
        assert found_of(words)[0].loc["1", "item_value_score"] == pytest.approx(50, abs=5)

    def test_channels_are_never_pooled(self, found_of):
        search = words_of("1", 0.04, channel="搜索") + words_of(
            "2", 0.04, channel="搜索", conversions=4.0, revenue=800.0
        )
        crowd = words_of("3", 0.04, channel="人群", conversions=40.0, revenue=90000.0)
        alone = found_of(search)[0]["item_value_score"]
        beside = found_of(search + crowd + words_of("4", 0.04, channel="人群"))[0]["item_value_score"]
        assert beside[["1", "2"]].tolist() == pytest.approx(alone[["1", "2"]].tolist())


def test_sums_and_shared_names(found_of):
    items, words = found_of(
        [("1", 100.0, 5.0, {"campaign": "a"}), ("1", 300.0, 7.0, {"campaign": "b"}), ("2", 10.0, 1.0, {})]
    )
    assert items.loc["1", ["impressions", "clicks", "item_words"]].tolist() == [400.0, 12.0, 2.0]
    assert items["campaign"].isna().tolist() == [True, False]
    assert len(words) == 3
    assert set(words) <= set(ITEMS)
    assert words["item_words"].tolist() == [2.0, 2.0, 1.0]
    assert np.isfinite(items["weekly_cost"]).all()
