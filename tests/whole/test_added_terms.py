"""Search terms that earn become words of their own: where, with which bid, and never twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from accounts import account, word

from ppc_tuner import tune
from ppc_tuner.decisions import read_decisions

TERM: dict[str, Any] = {"level": "search_term", "bid": None, "match_type": "broad", "item_id": None}
# Twenty clicks a day for 20.00 and one order in forty: at this margin they lose a little.
POOR = {"conversions": 0.5, "revenue": 50.0}
# The same clicks, one order in ten.
GOOD = {"conversions": 2.0, "revenue": 200.0}
MARGIN = {"margin": 0.35}


def term(text: str, keyword: str = "kettle", **figures: Any) -> pd.DataFrame:
    return word(keyword, search_term=text, **TERM | POOR | figures)


def usual(**figures: Any) -> pd.DataFrame:
    return account(*(term(f"kettle {number}", **figures) for number in range(12)))


def winner(text: str = "steel kettle", **figures: Any) -> pd.DataFrame:
    return term(text, **GOOD | figures)


def listed(*parts: pd.DataFrame, **settings: Any) -> pd.DataFrame:
    actions = tune(account(*parts), settings=MARGIN | settings).actions
    return actions[actions["level"] == "search_term"].set_index("search_term")


def added(*parts: pd.DataFrame, **settings: Any) -> list[str]:
    rows = listed(*parts, **settings)
    return sorted(rows.index[rows["action"] == "add"])


class TestWhichTerms:
    def test_one_that_surely_earns_and_is_not_bought_as_exact(self) -> None:
        row = listed(usual(), winner()).loc["steel kettle"]
        assert (row["action"], row["rule"]) == ("add", "term-earns")
        assert (row["new_match"], row["new_place"]) == ("exact", "ad_group")
        assert row["confidence"] == row["p_earns"] >= 0.9
        assert row["money_at_stake"] == row["weekly_cost"]
        assert "560 clicks, 56 orders" in row["reason_en"]
        assert added(usual(), winner()) == ["steel kettle"]
        done = tune(account(usual(), winner()), settings=MARGIN)
        assert " search terms, 1 added" in done.summary["found"]["text_en"].iloc[0]

    def test_how_sure_to_be_is_a_setting(self) -> None:
        facts = usual(), winner(days=5, clicks=8.0, cost=8.0, conversions=0.8, revenue=80.0)
        sure = listed(*facts).loc["steel kettle", "p_earns"]
        assert 0.5 < sure < 0.99
        assert added(*facts, add_sure=sure - 0.01) == ["steel kettle"]
        assert added(*facts, add_sure=sure + 0.005) == []

    @pytest.mark.parametrize(("orders", "expected"), [(1.0, []), (2.0, ["steel kettle"])])
    def test_one_order_may_be_luck(self, orders: float, expected: list[str]) -> None:
        one = winner(days=1, clicks=2.0, cost=2.0, conversions=orders, revenue=500.0 * orders)
        assert added(usual(), one, add_sure=0.5) == expected

    def test_several_pieces_bought_by_one_click_are_one_order(self) -> None:
        one = winner(days=1, clicks=1.0, cost=1.0, conversions=5.0, revenue=500.0)
        assert added(usual(), one, add_sure=0.5) == []

    def test_peers_never_stand_in_for_own_orders(self) -> None:
        """All others earn much; its own two orders do not pay for its clicks."""
        rich = usual(**GOOD)
        poor = winner(days=1, clicks=80.0, cost=80.0, conversions=2.0, revenue=200.0)
        assert "steel kettle" not in added(rich, poor, add_sure=0.5)

    def test_so_many_at_most_and_those_that_earn_most_first(self) -> None:
        facts = (
            usual(),
            winner(),
            winner("large kettle", clicks=40.0, cost=40.0, conversions=4.0, revenue=400.0),
        )
        assert added(*facts, add_most=1) == ["large kettle"]
        assert added(*facts, add_most=0) == []


class TestWhatIsBoughtAlready:
    @pytest.mark.parametrize("match", ["exact", "broad", "phrase"])
    @pytest.mark.parametrize("ad_group", ["unit", "b"])
    def test_no_keyword_is_bought_twice(self, match: str, ad_group: str) -> None:
        """An exact keyword of any ad group, or any keyword of its own ad group."""
        others = [word("kettle", match_type="broad", item_id=None)]
        own = word("Steel  Kettle", match_type=match, ad_group=ad_group, item_id=None)
        taken = match == "exact" or ad_group == "unit"
        assert added(usual(), winner(), own, *others) == ([] if taken else ["steel kettle"])

    def test_a_close_variant_of_an_exact_keyword_has_a_bid_already(self) -> None:
        assert added(usual(), winner("steel kettles", keyword="steel kettle", match_type="exact")) == []

    @pytest.mark.parametrize("status", ["added", "excluded"])
    def test_what_the_report_calls_added_or_excluded_is_left_alone(self, status: str) -> None:
        facts = usual(term_status="none"), winner(term_status="none")
        elsewhere = term("steel kettle", ad_group="b", term_status=status, **GOOD)
        assert added(*facts) == ["steel kettle"]
        assert added(*facts, elsewhere) == []

    def test_a_product_that_is_a_target_is_not_added_again(self) -> None:
        own = {"keyword": 'asin="B0D7ZVMXLM"', "match_type": "-"}
        category = {"keyword": 'category="Kettles"', "match_type": "-"}
        assert added(usual(), winner("b0d7zvmxlm", **category)) == ["b0d7zvmxlm"]
        assert added(usual(), winner("b0d7zvmxlm", **own)) == []


class TestWhere:
    def test_one_text_is_added_once_where_it_earns_most_and_blocked_elsewhere(self) -> None:
        more = {"clicks": 60.0, "cost": 60.0, "conversions": 6.0, "revenue": 600.0}
        rows = listed(usual(), winner(), winner(ad_group="b", **more), winner(ad_group="c")).loc[
            "steel kettle"
        ]
        chosen = rows[rows["action"] == "add"]
        assert chosen["ad_group"].tolist() == ["b"]
        assert chosen["block_places"].tolist() == [2]
        assert "exclude it in 2 other ad groups" in chosen["reason_en"].iloc[0]

    def test_a_term_that_is_added_is_excluded_nowhere(self) -> None:
        waste = {"clicks": 20.0, "cost": 40.0, "conversions": 0.0, "revenue": 0.0}
        loses = term("steel kettle", ad_group="b", **waste)
        assert listed(usual(), loses).loc["steel kettle", "action"] == "exclude"
        rows = listed(usual(), loses, winner()).loc["steel kettle"]
        assert rows["action"].tolist().count("add") == 1
        assert "exclude" not in rows["action"].tolist()

    @pytest.mark.parametrize(
        ("text", "keyword", "place", "match"),
        [
            ("steel kettle", "kettle", "ad_group", "exact"),
            # No words in an ad group of automatic targeting or of products.
            ("steel kettle", "*", "other", "exact"),
            ("steel kettle", 'category="Kettles"', "other", "exact"),
            ("b0d7zvmxlm", "close-match", "other", "target"),
            ("b0d7zvmxlm", 'category="Kettles"', "ad_group", "target"),
        ],
    )
    def test_the_ad_group_must_be_able_to_hold_it(
        self, text: str, keyword: str, place: str, match: str
    ) -> None:
        kind = "broad" if keyword == "kettle" else "-"
        row = listed(usual(), winner(text, keyword=keyword, match_type=kind)).loc[text]
        assert (row["action"], row["new_place"], row["new_match"]) == ("add", place, match)
        # The automatic ad group goes on buying it.
        assert (row["block_places"] == 1) == (place == "other")

    def test_where_no_ad_groups_are_told_nothing_is_said_of_blocking(self) -> None:
        """As in reports of Performance Max."""
        facts = account(usual(), winner(), winner(days=20)).assign(ad_group="", campaign="")
        rows = listed(facts.drop_duplicates(["date", "search_term"]))
        assert rows.loc["steel kettle", ["action", "new_place"]].tolist() == ["add", "other"]
        assert pd.isna(rows.loc["steel kettle", "block_places"])


class TestItsBid:
    def test_it_starts_where_its_worth_says_one_step_from_what_it_was_bought_with(self) -> None:
        """A click is worth some 3.00 and 2.40 after the shade; the keyword bids 1.50, and a week's step is
        30 %."""
        keyword = word("kettle", match_type="broad", item_id=None, bid=1.5)
        settings = MARGIN | {"max_step": 0.3}
        actions = tune(account(usual(), winner(), keyword), settings=settings).actions
        row = actions.set_index("search_term").loc["steel kettle"]
        bid = actions.loc[actions["level"] == "keyword", "new_bid"].iloc[0]
        assert row["worth"] * (1 - 0.2) > 1.3 * bid
        assert row["new_bid"] == pytest.approx(1.3 * bid, abs=0.011)
        assert row["start_change"] == pytest.approx(0.3, abs=0.01)
        assert row["expected_gain"] > 0

    def test_without_a_known_bid_its_cpc_tells_what_was_bid(self) -> None:
        row = listed(usual(), winner(), max_step=0.9).loc["steel kettle"]
        # The CPC is .54 of the bid; a worth of 3.5 less the shade of .2 lies within the step.
        assert row["new_bid"] == pytest.approx(row["worth"] * 0.8, abs=0.011)
        assert row["new_bid"] < 1.9 * row["cpc"] / 0.54

    def test_where_the_platform_bids_there_is_none(self) -> None:
        smart = {"biddable": False, "unbiddable_as": "smart_bidding"}
        row = listed(usual(**smart), winner(**smart)).loc["steel kettle"]
        assert row["action"] == "add"
        assert pd.isna(row["new_bid"])


class TestTheWorkbook:
    def test_terms_have_sheets_of_their_own_that_are_read_back(self, tmp_path: Path) -> None:
        waste = term("kettle manual", clicks=20.0, cost=40.0, conversions=0.0, revenue=0.0)
        free = [
            term(f"free kettle n{number}", days=1, clicks=5.0, cost=5.0, conversions=0.0, revenue=0.0)
            for number in range(60)
        ]
        result = tune(account(usual(), winner(), waste, *free), settings=MARGIN, lang="en")
        path = tmp_path / "list.xlsx"
        result.save(path)
        book = openpyxl.load_workbook(path)
        for sheet, row, text in (
            ("Add", 3, "steel kettle"),
            ("Exclude", 3, "free"),
            ("Exclude", 4, "kettle manual"),
        ):
            at = {cell.value: cell.column for cell in book[sheet][2]}
            label = "Fragment" if text == "free" else "Search term"
            assert book[sheet].cell(row, at[label]).value == text
            book[sheet].cell(row, at["Decision"]).value = "accept"
        book.save(path)
        rows = read_decisions(path).rows
        accepted = rows[rows["decision"] == "accepted"]
        assert sorted(accepted["action"]) == ["add", "exclude", "exclude"]
        assert sorted(accepted["new_match"]) == ["exact", "exact", "phrase"]
        assert accepted.loc[accepted["action"] == "add", "new_bid"].notna().all()

    def test_without_terms_there_are_no_such_sheets(self, tmp_path: Path) -> None:
        path = tmp_path / "list.xlsx"
        tune(account(word("kettle"), word("pot")), lang="en").save(path)
        assert not {"Add", "Exclude"} & set(openpyxl.load_workbook(path).sheetnames)
