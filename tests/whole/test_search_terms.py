"""Search terms have no bid: they stay or are excluded by what they pay, and their money is the keywords'."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from accounts import account, word

from ppc_tuner import tune
from ppc_tuner.bids import propose_terms
from ppc_tuner.listing import Result
from ppc_tuner.settings import Settings

TERM: dict[str, Any] = {"level": "search_term", "bid": None, "match_type": "broad"}
NOTHING_SOLD = {"clicks": 500 / 28, "cost": 900 / 28, "conversions": 0.0, "revenue": 0.0}
# Far above what a term pays, so that no default of the pack decides here.
MARGIN = {"margin": 0.5}


def term(text: str, keyword: str = "kettle", **figures: Any) -> pd.DataFrame:
    """Four weeks of a term: 20 clicks a day for 20.00, one order of 100."""
    return word(keyword, search_term=text, **TERM | figures)


def usual(count: int = 12, **figures: Any) -> pd.DataFrame:
    return account(*(term(f"kettle {number}", **figures) for number in range(count)))


def waste(text: str, **figures: Any) -> pd.DataFrame:
    """500 clicks that sold nothing, where the others sold once in twenty."""
    return term(text, **NOTHING_SOLD | figures)


def listed(facts: pd.DataFrame, **settings: Any) -> pd.DataFrame:
    actions = tune(facts, settings=MARGIN | settings).actions
    return actions[actions["level"] == "search_term"].set_index("search_term")


class TestWhatATermPays:
    def test_clicks_without_an_order_where_many_were_due_are_excluded(self) -> None:
        found = listed(account(usual(), waste("kettle manual")))
        assert found.loc["kettle manual", ["action", "rule"]].tolist() == ["exclude", "term-not-worth"]
        assert found.loc["kettle manual", "orders_usual"] == pytest.approx(24, rel=0.05)
        assert not found.drop(index="kettle manual")["action"].eq("exclude").any()

    def test_a_term_that_a_lower_bid_would_save_is_excluded_because_nobody_can_set_it(self) -> None:
        """It sells, and at a third of its price it would pay: there is no bid that would make it so cheap."""
        dear = term("gold kettle", clicks=40.0, cost=160.0, conversions=1.0, revenue=100.0)
        found = listed(account(usual(), dear))
        assert found.loc["gold kettle", "worth"] > 0.2 * found.loc["gold kettle", "price_now"]
        assert found.loc["gold kettle", "action"] == "exclude"

    def test_the_chance_needed_is_a_setting(self) -> None:
        facts = account(usual(), term("steel kettle", cost=40.0, conversions=0.5, revenue=50.0))
        sure = listed(facts).loc["steel kettle", "p_not_worth"]
        assert 0.5 < sure < 0.999
        few, many = (
            listed(facts, exclude_sure=at, wrong_deletes=0.5).loc["steel kettle"]
            for at in (sure - 0.01, sure + 0.01)
        )
        assert (few["action"], many["action"]) == ("exclude", "keep")

    def test_all_exclusions_together_keep_the_bound_on_wrong_ones(self) -> None:
        doubtful = [
            term(f"cup {number}", clicks=12.0, cost=18.0, conversions=5 / 28, revenue=500 / 28)
            for number in range(8)
        ]
        facts = account(usual(), *doubtful)
        loose = {"exclude_sure": 0.5, "own_least": 0, "sold_few": 0}
        bold = listed(facts, wrong_deletes=0.5, **loose)
        bound = listed(facts, wrong_deletes=0.02, **loose)
        removed = bold[bold["action"] == "exclude"]
        assert len(removed) == 8
        assert (1 - removed["p_not_worth"]).mean() > 0.02
        assert bound.loc[removed.index, "action"].eq("keep").all()
        assert "wrong-deletes" in set(bound.loc[removed.index, "gated_by"])

    def test_an_order_or_two_keep_a_term_and_many_that_cost_more_do_not(self) -> None:
        sold = [
            term(
                f"{name} kettle",
                clicks=500 / 28,
                cost=6000 / 28,
                conversions=orders / 28,
                revenue=100 * orders / 28,
            )
            for name, orders in (("gold", 4.0), ("silver", 6.0))
        ]
        found = listed(account(usual(), *sold))
        assert found.loc["gold kettle", ["action", "gated_by"]].tolist() == ["keep", "term-sold"]
        assert found.loc["silver kettle", "action"] == "exclude"
        assert listed(account(usual(), *sold), sold_few=0).loc["gold kettle", "action"] == "exclude"

    def test_a_term_saves_enough_to_be_worth_the_work(self) -> None:
        found = listed(account(usual(24), waste("kettle manual")), min_gain=0.1)
        assert found.loc["kettle manual", ["action", "rule"]].tolist() == ["keep", "term-saves-little"]


class TestKeywordAndTerm:
    def test_a_term_pays_what_its_keyword_will_bid(self) -> None:
        """The keyword is too dear and is cut: its terms become cheaper with it."""
        keyword = word("kettle", cost=60.0, bid=4.0, match_type="broad")
        other = [word(f"pot {number}", match_type="broad") for number in range(8)]
        terms = account(term("a kettle", cost=60.0), term("pot of tea", "pot 1"))
        actions = tune(account(keyword, *other, terms), settings=MARGIN).actions
        moved = actions[actions["level"] == "keyword"].set_index("keyword")
        found = actions[actions["level"] == "search_term"].set_index("search_term")
        assert moved.loc["kettle", "bid_change"] < -0.05
        row = found.loc["a kettle"]
        assert row["keyword_change"] == pytest.approx(moved.loc["kettle", "bid_change"])
        cheaper = (1 + row["keyword_change"]) ** moved.loc["kettle", "cpc_elasticity"]
        assert row["price_now"] == pytest.approx(row["cpc"] * cheaper)
        assert found.loc["pot of tea", "keyword_change"] == moved.loc["pot 1", "bid_change"]

    @pytest.mark.parametrize(("change", "proposal"), [(-1.0, "none"), (-0.1, "delete")])
    def test_a_term_whose_keyword_is_deleted_needs_no_negative(self, change: float, proposal: str) -> None:
        facts = account(word("manual", match_type="broad"), usual(), waste("kettle manual", keyword="manual"))
        result = tune(facts, settings=MARGIN)
        [run] = result.runs
        at = result.actions["level"] == "keyword"
        terms, keywords = result.actions[~at], result.actions[at].assign(bid_change=change)
        found = propose_terms(
            terms, terms, keywords, run.accounts["search_term"], Settings.of(run.pack.settings)
        )
        assert found.loc[terms["search_term"] == "kettle manual", "proposal"].tolist() == [proposal]

    @pytest.mark.parametrize("place", ["in its ad group", "in another"])
    def test_its_own_exact_keyword_is_never_excluded(self, place: str) -> None:
        keyword = word(
            "Kettle  Manual",
            match_type="exact",
            ad_group="unit" if place == "in its ad group" else "b",
            bid=9.0,
        )
        others = [word(f"pot {number}", match_type="broad") for number in range(8)]
        found = tune(account(keyword, *others, usual(), waste("kettle manual")), settings=MARGIN).actions
        row = found.set_index("search_term").loc["kettle manual"]
        expected = {
            "in its ad group": ("keep", "term-own-keyword"),
            "in another": ("exclude", "term-not-worth"),
        }
        assert (row["action"], row["rule"]) == expected[place]
        assert row["proposal"] == ("none" if place == "in its ad group" else "delete")

    def test_the_terms_themselves_tell_of_their_exact_keywords(self) -> None:
        """Another keyword of the ad group brings the same term: a negative would block the exact one too."""
        own = waste("green kettle", keyword="green kettle", match_type="exact")
        by_another = waste("green kettle", keyword="kettle")
        elsewhere = waste("green kettle", keyword="kettle", ad_group="b")
        actions = tune(account(usual(), own, by_another, elsewhere), settings=MARGIN).actions
        rows = actions[actions["search_term"] == "green kettle"]
        assert rows.groupby("ad_group")["rule"].agg(set).to_dict() == {
            "unit": {"term-own-keyword"},
            "b": {"term-not-worth"},
        }

    def test_a_negative_of_the_same_text_is_no_keyword(self) -> None:
        negative = word(
            "kettle manual",
            match_type="exact",
            biddable=False,
            unbiddable_as="negative",
            clicks=0.0,
            cost=0.0,
        )
        others = [word(f"pot {number}", match_type="broad", biddable=True) for number in range(8)]
        found = tune(account(negative, *others, usual(), waste("kettle manual")), settings=MARGIN).actions
        assert found.set_index("search_term").loc["kettle manual", "action"] == "exclude"

    def test_what_smart_bidding_buys_can_be_excluded(self) -> None:
        smart = {"biddable": False, "unbiddable_as": "smart_bidding"}
        found = listed(account(usual(**smart), waste("kettle manual", **smart)))
        assert found.loc["kettle manual", "action"] == "exclude"


GOOGLE = (
    'Search terms report\n"March 2, 2026 - March 29, 2026"\n'
    "Search term,Match type,Added/Excluded,Campaign,Ad group,Clicks,Impr.,Currency code,Cost,Conversions,"
    "Conv. value\n"
)


def google_terms(folder: Path, header: str = GOOGLE) -> Result:
    """Twelve usual terms, and three alike that sold nothing: each marked otherwise in the report."""
    lines = [f"tent {n},Broad match,None,C,G,600,6000,EUR,600.00,30,3000.00" for n in range(12)]
    lines += [
        f"tent {mark.lower()} {n},Broad match,{mark},C,G,500,5000,EUR,900.00,0,0.00"
        for n, mark in enumerate(("None", "Added", "Excluded"))
    ]
    path = folder / "Search terms report.csv"
    path.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    return tune(path, settings=MARGIN)


class TestAddedAndExcluded:
    def test_only_what_is_neither_is_new(self, tmp_path: Path) -> None:
        rows = google_terms(tmp_path).actions.set_index("search_term")
        assert rows.loc[rows["action"] == "exclude"].index.tolist() == ["tent none 0"]
        assert rows.loc["tent added 1", "rule"] == "term-added"
        assert rows.loc["tent excluded 2", "rule"] == "term-excluded"

    def test_the_chinese_report_says_it_too(self, tmp_path: Path) -> None:
        facts = google_terms(tmp_path).reading.facts
        assert facts["term_status"].value_counts().to_dict() == {"none": 13, "added": 1, "excluded": 1}
        path = tmp_path / "搜索字词报告.csv"
        path.write_text(
            "搜索字词报告\n2026年3月2日 - 2026年3月29日\n"
            "搜索字词,匹配类型,已添加/已排除,广告系列,广告组,点击次数,展示次数,货币代码,费用,转化次数,转化价值\n"
            "帐篷,广泛匹配,都没有,C,G,60,600,CNY,60.00,3,300.00\n"
            "露营帐篷,广泛匹配,已排除,C,G,60,600,CNY,60.00,3,300.00\n"
            "帐篷 四人,广泛匹配,已添加,C,G,60,600,CNY,60.00,3,300.00\n",
            encoding="utf-8",
        )
        read = tune(path, settings=MARGIN).reading.facts
        assert read["term_status"].tolist() == ["none", "excluded", "added"]


class TestWhatIsSaid:
    def test_terms_alone_ask_for_the_report_that_bids_need(self, tmp_path: Path) -> None:
        first = google_terms(tmp_path).summary["headline"].iloc[0]
        for asked in ("Search keywords", "search keyword report"):
            assert asked in first["text_en"]
        assert "搜索关键字报告" in first["text_zh"]

    def test_with_keywords_nothing_is_asked_for(self) -> None:
        said = tune(account(word("kettle"), usual())).summary["headline"]["text_en"]
        assert not said.str.contains("only search terms").any()

    def test_the_money_of_keywords_and_terms_is_counted_once(self) -> None:
        keywords = [word(f"pot {number}", match_type="broad") for number in range(8)]
        dear = word("kettle", cost=60.0, bid=4.0, match_type="broad")
        result = tune(account(dear, *keywords, usual(), waste("kettle manual")), settings=MARGIN)
        of_keywords = result.actions[result.actions["level"] == "keyword"]
        gain = of_keywords["expected_gain"].sum()
        excluded = result.actions[result.actions["action"] == "exclude"]
        assert gain > 1
        assert excluded["expected_gain"].sum() > 1
        [counts] = [line for line in result.summary["headline"]["text_en"] if "to act on" in line]
        assert "9 words, " in counts
        assert f"{gain:+,.0f} CNY of profit" in counts
        [terms] = [line for line in result.summary["headline"]["text_en"] if "of their search terms" in line]
        assert "13 in all, 1 to exclude" in terms

    def test_no_total_of_the_summary_adds_them(self) -> None:
        keywords = account(*(word(f"pot {number}", match_type="broad") for number in range(8)))
        result = tune(account(keywords, usual(), waste("kettle manual")), settings=MARGIN)
        cost = keywords["cost"].sum()
        actions = result.summary["by_action"]
        assert actions.loc[~actions["apart"], "cost"].sum() == pytest.approx(cost)
        assert set(actions.loc[actions["apart"], "action"]) == {"add", "exclude"}
        assert result.summary["by_campaign"]["cost"].sum() == pytest.approx(cost)
        assert result.summary["by_item"]["cost"].sum() == pytest.approx(cost)
        assert result.summary["burners"].empty

    def test_money_without_an_order_names_the_term(self) -> None:
        result = tune(account(usual(keyword="*"), waste("kettle manual", keyword="*")), settings=MARGIN)
        assert result.summary["burners"]["search_term"].tolist() == ["kettle manual"]


class TestWhoseBrand:
    """What was typed says whose brand is meant, whatever keyword it was bought by."""

    @pytest.fixture
    def told(self, tmp_path: Path) -> Any:
        def run(*parts: pd.DataFrame, margin: float | None = 0.5, **tables: str) -> pd.DataFrame:
            paths = []
            for name, text in tables.items():
                paths.append(tmp_path / f"{name}.csv")
                paths[-1].write_text(text, encoding="utf-8")
            settings = {} if margin is None else {"margin": margin}
            actions = tune(account(*parts), context=paths, settings=settings).actions
            return actions[actions["level"] == "search_term"].set_index("search_term")

        return run

    def test_the_own_brand_is_never_excluded(self, told: Any) -> None:
        facts = usual(), waste("Acme kettle manual"), waste("acmes kettle")
        assert told(*facts)["action"].value_counts()["exclude"] == 2
        rows = told(*facts, own="own_brand_word\nacme\n")
        assert rows.loc["Acme kettle manual", ["action", "gated_by"]].tolist() == ["keep", "own-brand-stays"]
        assert rows.loc["acmes kettle", "action"] == "exclude"

    def test_a_protected_word_is_not_excluded_where_another_keyword_buys_it(self, told: Any) -> None:
        facts = usual(), waste("kettle manual"), waste("kettle manual pdf")
        rows = told(*facts, words="protected_word\nKettle  manual\n")
        kept = rows.loc["kettle manual", ["action", "gated_by"]].tolist()
        assert kept == ["keep", "protected-word"]
        assert rows.loc["kettle manual pdf", "action"] == "exclude"

    def test_another_firms_brand_is_added_only_where_clicks_and_orders_are_good(self, told: Any) -> None:
        good = {"conversions": 4.0, "revenue": 400.0, "impressions": 40.0}
        facts = usual(), term("rival kettle", **good), term("rival pot", **good | {"impressions": 4000.0})
        assert told(*facts).loc[["rival kettle", "rival pot"], "action"].tolist() == ["add", "add"]
        rows = told(*facts, brands="brand_word\nrival\n")
        assert rows.loc["rival kettle", ["action", "kind"]].tolist() == ["add", "brand"]
        assert rows.loc["rival pot", ["action", "gated_by"]].tolist() == ["keep", "brand-not-added"]
        assert not rows.drop(index=["rival kettle", "rival pot"])["kind"].eq("brand").any()

    def test_without_a_margin_the_own_brand_gets_no_keyword_of_its_own(self, told: Any) -> None:
        facts = usual(), term("acme kettle", conversions=4.0, revenue=400.0)
        own = "own_brand_word\nacme\n"
        assert told(*facts, margin=None).loc["acme kettle", "action"] == "add"
        assert told(*facts, own=own).loc["acme kettle", "action"] == "add"
        row = told(*facts, margin=None, own=own).loc["acme kettle"]
        assert (row["action"], row["gated_by"]) == ("keep", "own-brand")
