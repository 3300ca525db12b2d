"""Negatives that bulk files and exports list: they are no words, and what they block is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ppc_tuner import tune
from ppc_tuner.reports import read_reports

GOOGLE = (
    "Search terms report\n1 May 2026 - 28 May 2026\n"
    "Search term,Match type,Keyword,Campaign,Ad group,Added/Excluded,Currency code,Impr.,Clicks,Cost,"
    "Conversions,Conv. value\n"
)
BULK = [
    "Product", "Entity", "Operation", "Campaign ID", "Ad Group ID", "Keyword ID", "Product Targeting ID",
    "Campaign Name (Informational only)", "Ad Group Name (Informational only)", "State", "Bid",
    "Keyword Text", "Match Type", "Product Targeting Expression", "Impressions", "Clicks", "Spend", "Sales",
    "Orders",
]  # fmt: skip


def term(text: str, orders: int, group: str = "G") -> str:
    return f"{text},Broad match,kettle,C,{group},None,USD,9000,400,400,{orders},{orders * 100}\n"


def editor(*rows: str) -> str:
    head = "Account\tCampaign\tAd Group\tKeyword\tCriterion Type\tMax CPC\tStatus\n"
    return head + "".join(f"\t{row}\n" for row in ("C\tG\tkettle\tBroad\t1.00\tEnabled", *rows))


def bulk_row(entity: str, **cells: Any) -> list[Any]:
    usual = {
        "Product": "Sponsored Products", "Campaign ID": "1", "Ad Group ID": "2", "State": "enabled",
        "Campaign Name (Informational only)": "C", "Ad Group Name (Informational only)": "G",
    }  # fmt: skip
    told = usual | cells | {"Entity": entity}
    return [told.get(name) for name in BULK]


def book_of(path: Path, rows: Sequence[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Sponsored Products Campaigns"
    for row in (BULK, *rows):
        book.active.append(row)
    book.save(path)
    return path


def terms(actions: pd.DataFrame) -> pd.DataFrame:
    return actions[actions["level"] == "search_term"].set_index("search_term")


class TestEditorExport:
    @pytest.fixture
    def blocked(self, tmp_path: Path) -> Any:
        def run(*rows: str) -> dict[str, Any]:
            (tmp_path / "terms.csv").write_text(
                GOOGLE + term("free kettle", 40) + term("kettle", 20) + "".join(
                    term(f"kettle {number}", 20) for number in range(9)
                )
            )  # fmt: skip
            (tmp_path / "editor.csv").write_bytes(editor(*rows).encode("utf-16"))
            found = tune([tmp_path / "terms.csv", tmp_path / "editor.csv"], settings={"margin": 0.35})
            listed = terms(found.actions)
            if "blocked_now" not in listed:
                return {}
            return listed.loc[listed["blocked_now"].notna(), "blocked_now"].to_dict()

        return run

    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            ("C\tG\tfree\tNegative Phrase\t\tEnabled", {"free kettle": '"free"'}),
            ("C\t\tfree kettle\tCampaign Negative Exact\t\tEnabled", {"free kettle": "[free kettle]"}),
            ("C\tG\tkettle free\tNegative Broad\t\tEnabled", {"free kettle": "kettle free"}),
            ("C\tG\tfree\tNegative Exact\t\tEnabled", {}),
            ("C\tG\tfree\tNegative Phrase\t\tPaused", {}),
            ("C\tother\tfree\tNegative Phrase\t\tEnabled", {}),
            ("other\t\tfree\tCampaign Negative Phrase\t\tEnabled", {}),
        ],
    )
    def test_they_block_where_they_stand(self, blocked: Any, row: str, expected: dict[str, str]) -> None:
        assert blocked(row) == expected

    def test_what_is_blocked_is_not_added(self, tmp_path: Path) -> None:
        usual = "".join(term(f"kettle {number}", 12) for number in range(9))
        (tmp_path / "terms.csv").write_text(GOOGLE + term("free kettle", 60) + usual)
        alone = terms(tune(tmp_path / "terms.csv", settings={"margin": 0.35}).actions)
        assert alone.loc["free kettle", "action"] == "add"
        (tmp_path / "editor.csv").write_text(editor("C\tG\tfree\tNegative Phrase\t\tEnabled"))
        both = tune([tmp_path / "terms.csv", tmp_path / "editor.csv"], settings={"margin": 0.35}, lang="en")
        row = terms(both.actions).loc["free kettle"]
        assert (row["action"], row["rule"]) == ("keep", "blocked-already")
        assert "blocks search terms that sold: 1, with 60 orders" in " ".join(
            both.summary["warnings"]["text_en"]
        ).replace("negatives block ", "blocks ")
        assert any(
            "1 negative that stands already" in text for text in both.summary["assumptions"]["text_en"]
        )


class TestAmazonBulk:
    def rows(self) -> list[list[Any]]:
        figures = {"Impressions": 9000, "Clicks": 400, "Spend": 400, "Sales": 2000, "Orders": 20}
        words = [
            bulk_row(
                "Keyword", **{"Keyword ID": str(at), "Keyword Text": text, "Match Type": "broad", "Bid": 1}
            )
            for at, text in enumerate(("free kettle", "kettle", "steel kettle", "glass kettle"), start=10)
        ]
        return [[*row[:-5], *figures.values()] for row in words]

    def test_words_products_and_places(self, tmp_path: Path) -> None:
        path = book_of(
            tmp_path / "bulk-1-20260501-20260528-1.xlsx",
            [
                *self.rows(),
                bulk_row("Negative Keyword", **{
                    "Keyword ID": "5", "Keyword Text": "free", "Match Type": "negativePhrase"}),
                bulk_row("Campaign Negative Keyword", **{
                    "Ad Group ID": None, "Ad Group Name (Informational only)": None,
                    "Keyword ID": "6", "Keyword Text": "kettle", "Match Type": "negativeExact"}),
                bulk_row("Negative Product Targeting", **{
                    "Product Targeting ID": "7", "Product Targeting Expression": 'asin="B0D7ZVMXLM"'}),
                bulk_row("Negative Product Targeting", **{
                    "Product Targeting ID": "8", "Product Targeting Expression": 'brand="x"'}),
                bulk_row("Negative Keyword", **{
                    "Keyword ID": "9", "Keyword Text": "steel", "Match Type": "negativePhrase",
                    "State": "archived"}),
            ],
        )  # fmt: skip
        found = read_reports(path)
        assert sorted(found.facts["keyword"]) == ["free kettle", "glass kettle", "kettle", "steel kettle"]
        told = (
            found.negatives[["negative_keyword", "negative_match", "ad_group"]].fillna("").to_numpy().tolist()
        )
        assert told == [
            ["free", "negativephrase", "G"],
            ["kettle", "negativeexact", ""],
            ["B0D7ZVMXLM", "exact", "G"],
        ]
        actions = tune(path, settings={"margin": 0.35}).actions.set_index("keyword")
        assert actions["blocked_now"].dropna().to_dict() == {"free kettle": '"free"', "kettle": "[kettle]"}

    def test_a_place_told_by_an_id_alone_goes_by_its_name(self, tmp_path: Path) -> None:
        bare = {"Campaign Name (Informational only)": None, "Ad Group Name (Informational only)": None}
        here = {"Keyword ID": "5", "Keyword Text": "free", "Match Type": "negativePhrase"}
        path = book_of(
            tmp_path / "bulk-1-20260501-20260528-1.xlsx",
            [
                *self.rows(),
                bulk_row("Negative Keyword", **bare | here),
                # Of a campaign that no fact is of.
                bulk_row("Negative Keyword", **bare | here | {"Campaign ID": "77", "Ad Group ID": "78"}),
            ],
        )
        found = read_reports(path).negatives
        assert found[["campaign", "ad_group"]].to_numpy().tolist() == [["C", "G"]]


class TestMicrosoftBulk:
    def test_their_kinds_of_rows(self, tmp_path: Path) -> None:
        (tmp_path / "bulk.csv").write_text(
            "Type,Status,Id,Parent Id,Campaign,Ad Group,Keyword,Match Type,Bid\n"
            "Format Version,,,,,,,,\n"
            "Keyword,Active,1,2,C,G,kettle,Broad,1.00\n"
            "Ad Group Negative Keyword,Active,3,2,C,G,free,Phrase,\n"
            "Campaign Negative Keyword,Active,4,9,C,,cheap,Exact,\n"
            "Campaign Negative Keyword,Deleted,5,9,C,,steel,Exact,\n"
        )
        report = tmp_path / "report.csv"
        report.write_text(
            "Keyword,Campaign name,Ad group,Bid match type,Impressions,Clicks,Spend,Conversions,"
            "Gregorian date\n"
            "kettle,C,G,Broad,900,40,40.0,2,2026-05-01\n"
        )
        found = read_reports([tmp_path / "bulk.csv", report]).negatives
        told = found[["negative_keyword", "negative_match", "campaign", "ad_group"]].fillna("")
        assert told.to_numpy().tolist() == [["free", "phrase", "C", "G"], ["cheap", "exact", "C", ""]]


class TestWhose:
    def test_a_negative_of_another_platform_or_account_blocks_nothing_here(self) -> None:
        from ppc_tuner.listing import _of_account

        rows = pd.DataFrame(
            {
                "platform": ["a", "a", "b", "a"],
                "account": ["one", None, "one", "two"],
                "negative_keyword": list("wxyz"),
            }
        )
        assert _of_account(rows, "a", "one")["negative_keyword"].tolist() == ["w", "x"]
