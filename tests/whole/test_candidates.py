"""Words that a list proposes: predicted to pay at the price it names, bought nowhere, and few at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from accounts import LAST_DAY, account, word

from ppc_tuner import tune
from ppc_tuner.decisions import read_decisions
from ppc_tuner.listing import Result

COLOURS = (
    "red",
    "blue",
    "steel",
    "glass",
    "small",
    "large",
    "green",
    "white",
    "black",
    "grey",
    "gold",
    "tall",
)
# At .35 a click is worth some 3.50 and costs 1.00.
EARNS = {"conversions": 2.0, "revenue": 200.0}
LOSES = {"conversions": 0.2, "revenue": 20.0}


def kettles(**figures: Any) -> pd.DataFrame:
    return account(*(word(f"{colour} kettle", **EARNS | figures) for colour in COLOURS))


@pytest.fixture
def listed(tmp_path: Path) -> Any:
    def run(
        facts: pd.DataFrame, table: str, context: dict[str, str] | None = None, **settings: Any
    ) -> Result:
        path = tmp_path / "words.csv"
        path.write_text(table, encoding="utf-8")
        tables = []
        for name, text in (context or {}).items():
            tables.append(tmp_path / name)
            tables[-1].write_text(text, encoding="utf-8")
        return tune(facts, context=tables, candidates=path, settings={"margin": 0.35} | settings, lang="en")

    return run


def added(result: Result) -> pd.DataFrame:
    actions = result.actions
    if "candidate_from" not in actions:
        return actions.iloc[:0]
    return actions[actions["candidate_from"].notna()].set_index("search_term")


def said(result: Result) -> str:
    return " ".join(result.summary["warnings"]["text_en"])


class TestWhichWords:
    def test_one_that_similar_words_say_will_pay(self, listed: Any) -> None:
        result = listed(kettles(), "keyword,market_cpc\npink kettle,1.0\n")
        row = added(result).loc["pink kettle"]
        assert (row["level"], row["action"], row["rule"]) == ("search_term", "add", "candidate-promises")
        assert (row["new_match"], row["new_place"], row["ad_group"]) == ("exact", "ad_group", "unit")
        assert row["new_bid"] == 1.0
        assert row["worth"] > 1.0
        assert row["confidence"] == row["p_earns"] >= 0.6
        assert "words.csv, no clicks yet: a click is predicted to be worth" in row["reason_en"]
        assert "1 added" in result.summary["found"]["text_en"].iloc[0]
        assert said(result).endswith("1 word, 1 proposed (predicted, no clicks yet)")

    def test_its_price_must_be_below_its_worth(self, listed: Any) -> None:
        for price, expected in (("1.0", 1), ("30.0", 0)):
            result = listed(kettles(), f"keyword,market_cpc\npink kettle,{price}\n")
            assert len(added(result)) == expected
        assert "1 not predicted to pay" in said(result)

    def test_where_all_lose_none_is_proposed(self, listed: Any) -> None:
        assert added(listed(kettles(**LOSES), "keyword\npink kettle\n")).empty

    def test_without_a_price_that_of_its_peers_counts(self, listed: Any) -> None:
        row = added(listed(kettles(), "keyword\npink kettle\n")).loc["pink kettle"]
        assert row["market_price"] == pytest.approx(1.0, rel=0.05)

    def test_how_sure_and_how_many_are_settings(self, listed: Any) -> None:
        table = "keyword,market_cpc\npink kettle,2.4\nviolet kettle,2.5\n"
        sure = added(listed(kettles(), table))["p_earns"]
        assert 0.6 < sure.min() < sure.max() < 0.985
        assert added(listed(kettles(), table, candidate_sure=sure.max() + 0.005)).empty
        assert list(added(listed(kettles(), table, candidate_most=1)).index) == ["pink kettle"]
        assert added(listed(kettles(), table, candidate_most=0)).empty

    def test_what_is_bought_or_typed_already_is_left_to_its_own_figures(self, listed: Any) -> None:
        term = word("red kettle", search_term="silver kettle", level="search_term", bid=None)
        result = listed(account(kettles(), term), "keyword\nRed  Kettle\nsilver kettle\npink kettle\n")
        assert list(added(result).index) == ["pink kettle"]
        assert "1 bought already" in said(result)
        assert "1 search terms of the report" in said(result)

    def test_a_word_without_anything_in_common_is_none_of_ours(self, listed: Any) -> None:
        result = listed(kettles(), "keyword\ncat food\nred shoes with laces\n")
        assert added(result).empty
        assert "1 without a word in common" in said(result)

    def test_nothing_else_changes(self, listed: Any) -> None:
        with_list = listed(kettles(), "keyword,market_cpc\npink kettle,1.0\n").actions
        without = tune(kettles(), settings={"margin": 0.35}, lang="en").actions
        own = with_list[with_list["candidate_from"].isna()].reset_index(drop=True)[list(without)]
        pd.testing.assert_frame_equal(own, without)

    def test_a_list_in_another_currency_says_so(self, tmp_path: Path) -> None:
        facts = kettles(platform="google_ads", currency="EUR")
        path = tmp_path / "plan.csv"
        path.write_text(
            "Keyword,Currency,Avg. monthly searches,Top of page bid (high range)\npink kettle,USD,5,1\n"
        )
        result = tune(facts, candidates=[path], settings={"margin": 0.35}, lang="en")
        assert added(result).empty
        assert "1 priced in another currency" in said(result)

    def test_a_list_of_another_platform_is_not_asked(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.csv"
        path.write_text("Keyword,Avg. monthly searches\npink kettle,5\n")
        assert added(tune(kettles(), candidates=path, settings={"margin": 0.35})).empty


class TestWhatRulesHoldBack:
    @pytest.mark.parametrize(
        ("name", "text", "gate"),
        [
            ("negatives.csv", 'negative_keyword\n"""pink"""\n', "blocked-already"),
            ("brands.csv", "brand_word\npink\n", "brand-not-added"),
            ("items.csv", "item_id,main_word\n1,pink kettle pot\n", "candidate-head"),
        ],
    )
    def test_negatives_brands_and_head_words(self, listed: Any, name: str, text: str, gate: str) -> None:
        result = listed(kettles(), "keyword\npink kettle\n", {name: text})
        assert added(result).empty
        assert f"{gate} 1" in said(result)

    def test_poor_click_through(self, listed: Any) -> None:
        """The ad group is used to 20 clicks of 1,000 impressions."""
        table = "keyword,market_ctr\npink kettle,0.009\nviolet kettle,0.011\n"
        assert list(added(listed(kettles(), table)).index) == ["violet kettle"]

    def test_a_young_campaign_takes_what_is_free_of_its_ten(self, listed: Any) -> None:
        eight = account(*(word(f"{colour} kettle", **EARNS) for colour in COLOURS[:8]))
        table = "keyword,market_cpc\n" + "".join(f"n{number} kettle,1.{number}\n" for number in range(5))
        launched = f"{LAST_DAY - pd.Timedelta(days=10):%Y-%m-%d}"
        plans = {"plans.csv": f"campaign,launch_date\nplan,{launched}\n"}
        assert len(added(listed(eight, table))) == 5
        young = listed(eight, table, plans)
        assert sorted(added(young).index) == ["n0 kettle", "n1 kettle"]
        assert "young-few-words 3" in said(young)


class TestWhere:
    def test_in_the_ad_group_whose_words_it_resembles_most(self, listed: Any) -> None:
        facts = account(
            kettles(), *(word(f"{colour} mug", ad_group="mugs", **EARNS) for colour in COLOURS[:6])
        )
        found = added(listed(facts, "keyword\npink kettle\npink mug\n"))
        assert found["ad_group"].to_dict() == {"pink kettle": "unit", "pink mug": "mugs"}

    def test_never_where_nothing_runs_any_more(self, listed: Any) -> None:
        facts = account(
            kettles(status="live"),
            *(word(f"{colour} tea kettle", ad_group="old", status="paused", **EARNS) for colour in COLOURS),
        )
        assert added(listed(facts, "keyword\npink tea kettle\n"))["ad_group"].tolist() == ["unit"]

    def test_where_the_platform_bids_there_is_no_bid(self, listed: Any) -> None:
        smart = {"biddable": False, "unbiddable_as": "smart_bidding"}
        row = added(listed(kettles(**smart), "keyword,market_cpc\npink kettle,1.0\n")).loc["pink kettle"]
        assert np.isnan(row["new_bid"])


class TestWhatItBrings:
    def test_a_gain_only_where_bought_words_of_the_list_tell_what_a_search_brings(self, listed: Any) -> None:
        one = "keyword,searches,market_cpc\npink kettle,1000,1.0\n"
        blind = added(listed(kettles(), one)).loc["pink kettle"]
        assert np.isnan(blind["expected_gain"])
        assert np.isnan(blind["clicks_change"])
        # Of each 1,400 searches a week's 140 clicks were bought.
        shared = one + "".join(f"{colour} kettle,1400,1.0\n" for colour in COLOURS[:6])
        row = added(listed(kettles(), shared)).loc["pink kettle"]
        assert row["clicks_change"] == pytest.approx(100, rel=0.01)
        assert row["expected_gain"] == pytest.approx((row["worth"] - 1.0) * row["clicks_change"])
        assert row["gain_low"] < row["expected_gain"] < row["gain_high"]

    def test_a_cheap_word_is_predicted_to_be_worth_less_where_the_price_tells(self, listed: Any) -> None:
        """Dear words sell more here, in proportion to their price."""
        facts = account(
            *(
                word(
                    f"{colour} kettle",
                    cost=10.0 * at, conversions=0.2 * at, revenue=80.0 * at, bid=float(at),
                )
                for at, colour in enumerate(COLOURS, start=1)
            )
        )  # fmt: skip
        table = "keyword,market_cpc\npink kettle,3.0\nviolet kettle,0.7\n"
        result = listed(facts, table)
        assert result.runs[0].settled.prior.source != "none"
        worth = added(result)["worth"]
        assert worth["violet kettle"] < 0.8 * worth["pink kettle"]


class TestInTheFiles:
    def test_terms_alone_count_no_candidate_as_a_term(self, listed: Any) -> None:
        terms = account(
            *(
                word("kettle", search_term=f"{colour} kettle", level="search_term", bid=None, **EARNS)
                for colour in COLOURS
            )
        )
        result = listed(terms, "keyword,market_cpc\npink kettle,1.0\n")
        assert list(added(result).index) == ["pink kettle"]
        assert "12 search terms" in result.summary["found"]["text_en"].iloc[0]
        assert result.summary["totals"]["words"].max() == 12

    def test_they_stand_on_the_sheet_of_words_to_add_and_are_read_back(
        self, listed: Any, tmp_path: Path
    ) -> None:
        result = listed(kettles(), "keyword,market_cpc\npink kettle,1.0\n")
        path = tmp_path / "list.xlsx"
        result.save(path)
        book = openpyxl.load_workbook(path)
        at = {cell.value: cell.column for cell in book["Add"][2]}
        assert book["Add"].cell(3, at["Search term"]).value == "pink kettle"
        assert book["Add"].cell(3, at["Candidate from"]).value == "words.csv"
        book["Add"].cell(3, at["Decision"]).value = "Accept"
        book.save(path)
        rows = read_decisions(path).rows
        assert rows.loc[rows["search_term"].eq("pink kettle"), "action"].tolist() == ["add"]
