"""Head, core, long tail, brand, other (A5, A6), and the guess of the main word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.columns import WORD_KINDS
from ppc_tuner.kinds import ad_keys, contains_any, kinds_of

TITLE = "2026新款冬季羽绒服男士短款加厚潮牌外套"


@pytest.fixture
def told(settings):
    """told({word: clicks}): kinds of the words of one item; `given`: from context, the rest are figures."""

    def run(words, brands=(), given=(), own=(), **figures):
        clicks = {"keyword": list(words), "clicks": [float(n) for n in words.values()]}
        rows = pd.DataFrame({"item_id": "1"} | clicks | figures)
        return kinds_of(rows, pd.DataFrame(dict(given), index=rows.index), brands, settings, own)

    return run


def test_kinds_relative_to_a_given_main_word(told):
    words = (
        "羽绒服",
        "男",
        "羽绒服男",
        "羽绒服男短款",
        "男短款羽绒服",
        "男羽绒服",
        "羽绒服女",
        "休闲裤",
        "耐克羽绒服男",
    )
    rows = told(dict.fromkeys(words, 1), ["耐克"], given={"main_word_given": "羽绒服男"})
    assert rows["kind"].tolist() == [
        "head", "head", "core", "long_tail", "long_tail", "core", "other", "other", "brand",
    ]  # fmt: skip


def test_english_words_are_compared_word_by_word_whatever_their_case(told):
    words = ("jacket", "Down Jacket", "jacket down", "mens down jacket", "downy jacket", "coat", "jack")
    rows = told(dict.fromkeys(words, 1), given={"main_word_given": "down jacket"})
    assert rows["kind"].tolist() == ["head", "core", "core", "long_tail", "other", "other", "other"]


def test_full_width_letters_are_the_same_letters(told):
    assert told({"ＤＯＷＮ　jacket": 1}, given={"main_word_given": "down jacket"})["kind"].tolist() == [
        "core"
    ]


def test_an_empty_keyword_is_other_and_never_the_main_word(told):
    rows = told({"": 900, np.nan: 500, "+!": 400, "羽绒服男": 100})
    assert rows["kind"].tolist() == ["other", "other", "other", "core"]


def test_a_word_of_the_own_brand_is_none_of_another_firm(told):
    words = {"岚砾羽绒服": 20, "耐克羽绒服": 5, "LAN LI coat": 5, "lanlist": 5, "羽绒服": 50}
    rows = told(words, brands=["耐克", "岚砾"], own=["岚砾", "lan li", "Lanli"])
    assert rows["own_brand"].tolist() == [True, False, True, False, False]
    assert rows["kind"].eq("brand").tolist() == [False, True, False, False, False]
    assert "own_brand" not in told(words)


def test_a_given_kind_overrides_the_reading(told):
    rows = told(
        {"羽绒服": 1, "羽绒服男": 1}, given={"main_word_given": "羽绒服男", "kind_given": ["core", np.nan]}
    )
    assert rows["kind"].tolist() == ["core", "core"]


def test_a_given_main_word_overrides_the_guess(told):
    rows = told({"羽绒服": 900, "羽绒服男": 100}, given={"main_word_given": ["羽绒服", np.nan]})
    assert rows["main_word"].tolist() == ["羽绒服", "羽绒服男"]


class TestGuess:
    def test_the_narrower_of_two_words_that_carry_traffic(self, told):
        rows = told({"羽绒服": 500, "羽绒服男": 400, "羽绒服男短款": 30})
        assert rows["main_word"].unique().tolist() == ["羽绒服男"]
        assert rows["kind"].tolist() == ["head", "core", "long_tail"]

    def test_a_word_that_the_title_does_not_hold_cannot_be_it(self, told):
        words = {"羽绒服": 500, "羽绒服男": 300, "羽绒服女童": 200}
        assert told(words, item=TITLE)["main_word"].unique().tolist() == ["羽绒服男"]
        assert told(words)["main_word"].unique().tolist() == ["羽绒服"]

    def test_a_busy_long_tail_word_does_not_turn_the_main_word_into_a_head_word(self, told):
        rows = told(
            {
                "羽绒服": 500,
                "羽绒服男": 300,
                "羽绒服男短款": 120,
                "羽绒服男加厚": 30,
                "男潮牌羽绒服": 20,
                "羽绒服男冬季": 10,
            },
            item=TITLE,
        )
        assert rows["kind"].tolist() == ["head", "core", "long_tail", "long_tail", "long_tail", "long_tail"]

    def test_where_no_word_qualifies_the_most_clicked_stands_in(self, told):
        words = {f"外套{letter}": 5 for letter in "甲乙丙丁戊己庚辛壬癸"} | {"棉衣": 6}
        assert told(words, item=TITLE)["main_word"].unique().tolist() == ["棉衣"]

    def test_without_a_click_nothing_is_guessed(self, told):
        rows = told({"羽绒服": 0, "羽绒服男": 0})
        assert rows["main_word"].isna().all()
        assert rows["kind"].tolist() == ["other", "other"]

    def test_each_item_has_its_own(self, told):
        rows = told({"羽绒服男": 50, "卫衣男": 60, "卫衣男连帽": 2}, item_id=["1", "2", "2"])
        assert rows["main_word"].tolist() == ["羽绒服男", "卫衣男", "卫衣男"]
        assert rows["traffic_share"].tolist() == pytest.approx([1.0, 60 / 62, 2 / 62])


def test_its_own_columns_row_by_row_and_a_rank_only_where_ages_are_known(told):
    words = {"羽绒服男": 50, "羽绒服": 60, "羽绒服男短款": 70}
    assert list(told(words)) == [name for name in WORD_KINDS if name not in ("word_rank", "own_brand")]
    # Main words first, then by clicks (A7).
    aged = told(words, given={"age": 3.0, "main_word_given": "羽绒服男"})
    assert aged["word_rank"].tolist() == [1.0, 3.0, 2.0]


class TestAd:
    def test_item_then_ad_group_then_campaign(self):
        rows = pd.DataFrame(
            {
                "item_id": ["1", np.nan, np.nan],
                "ad_group": ["甲", "甲", np.nan],
                "campaign": ["子", "子", "子"],
            }
        )
        keys = ad_keys(rows)
        assert keys.nunique() == 3
        assert keys[0].startswith("1")

    def test_an_item_is_one_ad_in_all_its_campaigns_but_channels_stay_apart(self):
        rows = pd.DataFrame(
            {"item_id": "1", "campaign": ["a", "b", "b"], "channel": ["搜索", "搜索", "人群"]}
        )
        keys = ad_keys(rows)
        assert keys[0] == keys[1]
        assert keys[1] != keys[2]

    def test_ad_groups_of_one_name_in_two_campaigns_are_two_ads(self):
        keys = ad_keys(pd.DataFrame({"campaign": ["Shoes", "Coats"], "ad_group": ["General", "General"]}))
        assert keys[0] != keys[1]


class TestBrandWords:
    def test_case_and_width_do_not_matter(self):
        texts = pd.Series(["NIKE 卫衣", "nike卫衣", "ｎｉｋｅ", "耐克", np.nan, "卫衣"])
        assert contains_any(texts, ["Nike", "耐克"]).tolist() == [True, True, True, True, False, False]

    def test_latin_brands_are_words_not_letters_inside_others(self):
        texts = pd.Series(["cotton shirt", "on running shoes", "ON跑鞋"])
        assert contains_any(texts, ["ON"]).tolist() == [False, True, True]

    def test_blank_brand_words_match_nothing(self):
        assert contains_any(pd.Series(["a", ""]), ["", "  "]).tolist() == [False, False]
