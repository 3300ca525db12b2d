"""Waste spread over many search terms is stopped by the word they share, and no order is ever blocked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from accounts import account, word

from ppc_tuner import tune
from ppc_tuner.listing import Result

# Of one day: seven times that a week.
USUAL: dict[str, Any] = {
    "level": "search_term", "bid": None, "match_type": "broad", "impressions": 400.0, "clicks": 20.0,
    "cost": 20.0, "conversions": 1.0, "revenue": 100.0, "item_id": None, "days": 1,
}  # fmt: skip
SIZES = ("red", "blue", "small", "large", "steel", "glass", "travel", "old", "new", "round")


def term(text: str, keyword: str = "kettle", **figures: Any) -> pd.DataFrame:
    return word(keyword, search_term=text, **USUAL | figures)


def sold(*nouns: str, **figures: Any) -> pd.DataFrame:
    """Ten terms for each noun, one order in twenty clicks."""
    return account(*(term(f"{size} {noun}", noun, **figures) for noun in nouns for size in SIZES))


def wasted(fragment: str, noun: str = "kettle", count: int = 30, **figures: Any) -> pd.DataFrame:
    """So many terms that hold the fragment, five clicks each: none tells anything by itself."""
    nothing = {"clicks": 5.0, "cost": 5.0, "conversions": 0.0, "revenue": 0.0} | figures
    return account(*(term(f"{fragment} {noun} n{number}", noun, **nothing) for number in range(count)))


def result(*parts: pd.DataFrame, context: list[Path] | None = None, **settings: Any) -> Result:
    return tune(account(*parts), None, context, {"margin": 0.35} | settings)


def fragments(*parts: pd.DataFrame, **settings: Any) -> pd.DataFrame:
    actions = result(*parts, **settings).actions
    return actions[actions["level"] == "fragment"].reset_index(drop=True)


class TestWhatIsFound:
    def test_a_word_of_many_terms_without_an_order_is_a_negative_phrase(self) -> None:
        done = result(sold("kettle", "mug"), wasted("free"))
        [row] = done.actions[done.actions["level"] == "fragment"].to_dict("records")
        assert (row["action"], row["rule"], row["fragment"]) == ("exclude", "fragment-wastes", "free")
        assert (row["new_match"], row["new_place"]) == ("phrase", "ad_group")
        assert (row["terms_blocked"], row["clicks"], row["cost"], row["orders_blocked"]) == (30, 150, 150, 0)
        # One order in twenty elsewhere, fewer for its own keyword, which has all of these.
        assert 3 < row["orders_due"] < 150 / 20
        assert row["p_not_worth"] == row["confidence"] >= 0.95
        # 150 clicks at 1.00 a day, less the little that they may be worth.
        assert 0.8 * 7 * 150 < row["expected_gain"] < 7 * 150
        assert row["gain_low"] < row["expected_gain"] < row["gain_high"]
        assert "30 search terms hold 'free' and cost ¥150; no order came" in row["reason_en"]
        assert "30 个词含“free”，花 ¥150，该有 4.5 单却没有" in row["reason_zh"]
        said = done.summary["found"]["text_en"].iloc[0]
        assert " 1 excluded" in said
        assert f"{row['expected_gain']:+,.0f} CNY of profit a week" in said

    def test_the_terms_it_stops_are_not_excluded_once_more(self) -> None:
        dear = term("free gold kettle", clicks=200.0, cost=200.0, conversions=0.0, revenue=0.0)
        facts = sold("kettle", "mug"), wasted("free"), dear
        alone = result(*facts, fragment_most=0).actions.set_index("search_term")
        assert alone.loc["free gold kettle", "action"] == "exclude"
        rows = result(*facts).actions.set_index("search_term")
        row = rows.loc["free gold kettle"]
        assert (row["action"], row["rule"], row["blocked_by"]) == ("keep", "term-blocked", "free")
        assert pd.isna(row["expected_gain"])
        assert row["cost_change"] == pytest.approx(-row["now_cost"])
        assert rows["blocked_by"].notna().sum() == 31

    def test_words_that_sell_like_others_are_no_waste_though_they_have_not_sold_yet(self) -> None:
        """Three orders were due and none came: of hundreds of words some look like that by chance."""
        found = fragments(sold("kettle", "mug", "pot"), wasted("green", count=12))
        assert found.empty

    def test_where_all_terms_lose_no_word_is_to_blame(self) -> None:
        dear = sold("kettle", "mug", "pot", cost=100.0)
        assert fragments(dear, wasted("free", count=10, cost=25.0), fragment_least=1).empty

    def test_one_large_term_does_not_speak_for_the_words_it_shares(self) -> None:
        """Without it the others would not do."""
        large = term("free gold kettle", clicks=600.0, cost=600.0, conversions=0.0, revenue=0.0)
        found = fragments(sold("kettle", "mug"), large, wasted("free", count=6))
        assert found.empty

    def test_a_part_of_a_word_is_no_fragment(self) -> None:
        apart = [wasted(f"{letter}free", count=1) for letter in "abcdefghijklmnopqrstuvwxyzäöüß"]
        assert fragments(sold("kettle", "mug"), *apart).get("fragment", pd.Series()).eq("free").sum() == 0

    def test_chinese_terms_share_characters(self) -> None:
        nouns = ("保温杯", "水壶")
        usual = account(*(term(f"{size}{noun}", noun) for noun in nouns for size in "红蓝大小新旧长短方圆"))
        letters = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒"
        nothing = {"clicks": 5.0, "cost": 5.0, "conversions": 0.0, "revenue": 0.0}
        free = account(*(term(f"{letter}免费水壶", "水壶", **nothing) for letter in letters))
        [row] = fragments(usual, free).to_dict("records")
        assert row["fragment"] in ("免费", "免费水")
        assert row["terms_blocked"] == 30


class TestWhatIsSpared:
    def test_a_word_that_sold_once_is_never_blocked(self) -> None:
        # Dear enough for no gate to keep it.
        lucky = term("free kettle lucky", clicks=5.0, cost=40.0, conversions=1.0, revenue=100.0)
        usual = sold("kettle", "mug", "pot", "cup", "jar")
        facts = usual, wasted("free", "mug", 150), wasted("free", "pot", 150), lucky
        found = result(*facts).actions
        blocked = found[found["level"] == "fragment"]
        assert not blocked.get("fragment", pd.Series()).eq("free").any()
        assert found.loc[found["blocked_by"].notna(), "conversions"].sum() == 0

    def test_an_order_elsewhere_makes_the_place_narrower(self) -> None:
        """In the other ad group the same word sells."""
        elsewhere = {"ad_group": "b"}
        gifts = account(*(term(f"free mug {size}", "mug", **elsewhere) for size in SIZES))
        facts = sold("kettle"), sold("mug", **elsewhere), wasted("free", count=60), gifts
        [row] = fragments(*facts).to_dict("records")
        assert (row["fragment"], row["new_place"], row["ad_group"]) == ("free", "ad_group", "unit")
        assert row["orders_blocked"] == 0

    def test_what_the_whole_account_tells_counts_where_nothing_was_sold(self) -> None:
        """In no ad group are enough orders due, and one order somewhere keeps the word there alone."""
        places = [{"ad_group": f"unit {number}", "campaign": f"plan {number}"} for number in range(8)]
        facts = [sold("kettle", **place) for place in places]
        facts += [wasted("free", count=10, **place) for place in places]
        lucky = term("free kettle lucky", clicks=5.0, cost=40.0, conversions=1.0, revenue=100.0, **places[0])
        found = fragments(*facts, lucky)
        assert set(found["fragment"]) == {"free"}
        assert set(found["campaign"]) == {place["campaign"] for place in places[1:]}
        assert (found["orders_due"] < 3).all()
        assert (found["due_elsewhere"] > 10).all()
        assert found["sold_elsewhere"].to_numpy() == pytest.approx(1.0, abs=0.1)
        assert found["details_en"].str.contains("elsewhere in the account").all()

    def test_what_is_spread_over_ad_groups_is_blocked_in_their_campaign(self) -> None:
        parts = [
            account(sold(noun, ad_group=noun), wasted("free", noun, 16, ad_group=noun))
            for noun in ("kettle", "mug", "pot")
        ]
        [row] = fragments(*parts).to_dict("records")
        assert (row["new_place"], row["campaign"]) == ("campaign", "plan")
        assert pd.isna(row["ad_group"])
        other = [
            account(
                sold(noun, campaign=noun, ad_group=noun),
                wasted("free", noun, 16, campaign=noun, ad_group=noun),
            )
            for noun in ("kettle", "mug", "pot")
        ]
        [row] = fragments(*other).to_dict("records")
        assert row["new_place"] == "account"
        assert pd.isna(row["campaign"])

    @pytest.mark.parametrize("match", ["broad", "exact", "phrase"])
    def test_no_part_of_a_keyword_of_the_place_is_blocked(self, match: str) -> None:
        facts = sold("kettle", "mug"), wasted("free")
        keyword = word("free kettle", match_type=match, item_id=None, clicks=0.1, cost=0.1, conversions=0.0)
        others = [word(noun, match_type="broad", item_id=None) for noun in ("kettle", "mug")]
        assert len(fragments(*facts, *others)) == 1
        assert fragments(*facts, *others, keyword).empty
        paused = keyword.assign(status="paused")
        assert len(fragments(*facts, *others, paused)) == 1

    def test_terms_that_are_keywords_by_the_report_count_as_such(self) -> None:
        added = term(
            "free kettle n99", clicks=5.0, cost=5.0, conversions=0.0, revenue=0.0, term_status="added"
        )
        facts = sold("kettle", "mug", term_status="none"), wasted("free", term_status="none"), added
        assert fragments(*facts).empty

    @pytest.mark.parametrize("kind", ["protected_word", "own_brand_word"])
    def test_no_part_of_a_protected_word_or_own_brand_is_blocked(self, tmp_path: Path, kind: str) -> None:
        table = tmp_path / "words.csv"
        table.write_text(f"{kind}\nfree kettle deluxe\n", encoding="utf-8")
        actions = result(sold("kettle", "mug"), wasted("free"), context=[table]).actions
        assert not (actions["level"] == "fragment").any()

    def test_what_a_gate_keeps_is_kept_from_fragments_too(self, tmp_path: Path) -> None:
        """An item too early for its season is not judged by its orders."""
        facts = account(sold("kettle", "mug"), wasted("free")).assign(item_id="1")
        items = tmp_path / "items.csv"
        items.write_text("item_id,season_from,season_to\n1,07-01,09-30\n", encoding="utf-8")
        assert len(fragments(facts)) == 1
        actions = result(facts, context=[items]).actions
        assert not (actions["level"] == "fragment").any()

    def test_terms_excluded_already_are_no_waste(self) -> None:
        facts = sold("kettle", "mug", term_status="none"), wasted("free", term_status="excluded")
        assert fragments(*facts).empty


class TestSeveral:
    def test_the_one_that_stops_most_comes_first_and_others_take_what_is_left(self) -> None:
        both = account(
            *(
                term(f"free manual kettle n{number}", clicks=5.0, cost=5.0, conversions=0.0, revenue=0.0)
                for number in range(30)
            )
        )
        usual = sold("kettle", "mug", "pot", "cup", "jar")
        found = fragments(usual, both, wasted("manual", "pot", 40))
        # All terms with "free" have "manual" too: one negative is enough.
        assert found["fragment"].tolist() == ["manual"]
        apart = fragments(usual, both, wasted("manual", "pot", 40), wasted("free", "mug", 40))
        assert set(apart["fragment"]) == {"manual", "free"}
        gain = apart.set_index("fragment")["expected_gain"]
        # The seventy of the first, and the forty that it leaves to the second.
        assert gain.max() / gain.min() == pytest.approx(7 / 4, rel=0.15)

    def test_how_many_is_a_setting(self) -> None:
        facts = sold("kettle", "mug", "pot"), wasted("free", "mug", 40), wasted("manual", "pot", 60)
        assert set(fragments(*facts)["fragment"]) == {"free", "manual"}
        assert fragments(*facts, fragment_most=1)["fragment"].tolist() == ["manual"]
        assert fragments(*facts, fragment_most=0).empty

    def test_together_they_keep_the_bound_on_wrong_removals(self) -> None:
        facts = sold("kettle", "mug"), wasted("free", count=26)
        [sure] = fragments(*facts)["p_not_worth"]
        assert len(fragments(*facts, wrong_deletes=1 - sure + 0.001)) == 1
        assert fragments(*facts, wrong_deletes=1 - sure - 0.001).empty

    @pytest.mark.parametrize(("least", "count"), [(3.0, 1), (50.0, 0)])
    def test_how_many_orders_must_have_been_due_is_a_setting(self, least: float, count: int) -> None:
        found = fragments(sold("kettle", "mug"), wasted("free"), fragment_least=least)
        assert len(found) == count


class TestTheRun:
    def test_no_total_adds_what_it_stops(self) -> None:
        facts = account(sold("kettle", "mug"), wasted("free"))
        done = tune(facts, settings={"margin": 0.35})
        cost = facts["cost"].sum()
        by_action = done.summary["by_action"]
        assert by_action["cost"].sum() == pytest.approx(cost)
        excluded = by_action[by_action["action"] == "exclude"].iloc[0]
        assert (excluded["words"], excluded["apart"]) == (1, False)
        assert done.summary["by_campaign"]["cost"].sum() == pytest.approx(cost)
        [totals] = done.summary["totals"].query("source == 'list'").to_dict("records")
        assert totals["cost"] == pytest.approx(cost)
        headline = " ".join(done.summary["headline"]["text_en"])
        assert "1 negative phrase for 30 more" in headline
        # What the negative stops is not spent next week.
        forecast = done.summary["forecast"].set_index("measure")
        assert forecast.loc["cost", "now"] - forecast.loc["cost", "expected"] > 0.9 * 7 * 150

    def test_beside_keywords_it_stands_apart(self) -> None:
        keywords = [word(noun, match_type="broad", item_id=None) for noun in ("kettle", "mug")]
        done = tune(account(*keywords, sold("kettle", "mug"), wasted("free")), settings={"margin": 0.35})
        by_action = done.summary["by_action"]
        assert by_action.loc[by_action["action"] == "exclude", "apart"].tolist() == [True]
        headline = " ".join(done.summary["headline"]["text_en"])
        assert "1 to exclude (1 of them a fragment that stops 30 search terms)" in headline

    def test_a_pack_that_leaves_the_rule_out_has_no_fragments(self, tmp_path: Path) -> None:
        pack = tmp_path / "mine.yaml"
        pack.write_text(
            "pack: mine\nextends: common\nrules:\n  - {id: fragment-wastes, enabled: false}\n",
            encoding="utf-8",
        )
        facts = account(sold("kettle", "mug"), wasted("free"))
        actions = tune(facts, pack, settings={"margin": 0.35}).actions
        assert not (actions["level"] == "fragment").any()
        assert actions.get("blocked_by", pd.Series()).isna().all()
