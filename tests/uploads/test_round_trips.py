"""Upload files against the documented columns, read by another reader and by our own: the same bids. The
files that restore put back what the fields held, byte for byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from lists import TODAY, a_list, marked, saved

from ppc_tuner.decisions import read_decisions
from ppc_tuner.reports import all_formats, read_reports
from ppc_tuner.uploads import Prepared, prepare, write_files

LONG_ID = "12345678901234567891"
SIGNS = ("+tent +light", "=1+1", "-x", "@home", "帐篷 男", "⛺ tent", 'say "hi", you')


def uploaded(tmp_path: Path, actions: pd.DataFrame, decisions: Any = None, **options: Any) -> Prepared:
    """The files of the list, each row of which is accepted, or marked as told, written to `tmp_path`/out."""
    path = marked(tmp_path / "a.xlsx", actions, decisions or ["accept"] * len(actions))
    prepared = prepare(read_decisions(path), all_formats(), today=TODAY, max_age=7, **options)
    write_files(prepared, tmp_path / "out", "en", overwrite=True)
    return prepared


def of_csv(tmp_path: Path, actions: pd.DataFrame) -> Prepared:
    """The same of a list in csv."""
    path = saved(tmp_path / "a.csv", actions.assign(decision="accept"))
    prepared = prepare(read_decisions(path), all_formats(), today=TODAY, max_age=7)
    write_files(prepared, tmp_path / "out", "en", overwrite=True)
    return prepared


def csv_rows(path: Path, encoding: str, separator: str = ",") -> list[dict[str, str]]:
    return list(
        csv.DictReader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=separator)
    )


def sheet_rows(path: Path, name: str) -> list[dict[str, Any]]:
    rows = list(openpyxl.load_workbook(path)[name].iter_rows())
    assert all(cell.data_type in ("s", "n") for row in rows for cell in row)
    return [
        {
            str(head.value): cell.value
            for head, cell in zip(rows[0], row, strict=True)
            if cell.value is not None
        }
        for row in rows[1:]
    ]


def editor(tmp_path: Path, *, undo: bool = False) -> list[dict[str, str]]:
    name = "google_ads_editor.undo.csv" if undo else "google_ads_editor.csv"
    return csv_rows(tmp_path / "out" / name, "utf-16", "\t")


def bulk(tmp_path: Path, *, undo: bool = False) -> list[dict[str, Any]]:
    name = "amazon_ads_bulk_v2.undo.xlsx" if undo else "amazon_ads_bulk_v2.xlsx"
    return sheet_rows(tmp_path / "out" / name, "Sponsored Products Campaigns")


def only(row: Mapping[str, Any], *names: str) -> list[Any]:
    return [row.get(name, "") for name in names]


AMAZON: dict[str, Any] = {
    "platform": "amazon_ads", "account": "", "campaign_id": "326718566794627",
    "ad_group_id": "546217748424775", "keyword_id": LONG_ID,
}  # fmt: skip


TERM: dict[str, Any] = {"level": "search_term", "action": "exclude", "bid": None, "new_bid": None}


def test_google_editor_takes_bids_pauses_and_negatives(tmp_path: Path) -> None:
    actions = a_list(
        {"keyword": '"camping tent"', "match_type": "phrase", "bid": 1.0, "new_bid": 1.2},
        {"keyword": "+tent +light", "match_type": "broad", "bid": 0.5, "new_bid": 0.4, "action": "lower"},
        {"keyword": "[old]", "action": "delete", "new_bid": None},
        TERM | {"search_term": "free tent"},
    )  # fmt: skip
    uploaded(tmp_path, actions)
    told = ("Campaign", "Ad Group", "Keyword", "Criterion Type", "Max CPC", "Status")
    assert [only(row, "Account", *told) for row in editor(tmp_path)] == [
        ["123-456-7890", "Search", "Tents", "+tent +light", "Broad", "0.40", ""],
        ["123-456-7890", "Search", "Tents", "camping tent", "Phrase", "1.20", ""],
        ["123-456-7890", "Search", "Tents", "free tent", "Negative Exact", "", "Enabled"],
        ["123-456-7890", "Search", "Tents", "old", "Exact", "", "Paused"],
    ]
    assert [only(row, *told[2:]) for row in editor(tmp_path, undo=True)] == [
        ["+tent +light", "Broad", "0.50", ""],
        ["camping tent", "Phrase", "1.00", ""],
        ["free tent", "Negative Exact", "", "Removed"],
        ["old", "Exact", "", "Enabled"],
    ]


@pytest.mark.parametrize(
    ("place", "match", "criterion", "ad_group"),
    [
        (None, None, "Negative Exact", "Tents"),
        ("ad_group", "phrase", "Negative Phrase", "Tents"),
        ("campaign", "exact", "Campaign Negative Exact", ""),
        ("campaign", "phrase", "Campaign Negative Phrase", ""),
    ],
)
def test_negatives_go_where_the_row_says(
    tmp_path: Path, place: Any, match: Any, criterion: str, ad_group: str
) -> None:
    term = {
        "level": "search_term",
        "search_term": "free tent",
        "action": "exclude",
        "bid": None,
        "new_bid": None,
    }
    uploaded(tmp_path, a_list(term | {"new_place": place, "new_match": match}))
    assert [only(row, "Criterion Type", "Ad Group") for row in editor(tmp_path)] == [[criterion, ad_group]]


def test_a_fragment_is_a_phrase_and_a_word_to_add_is_exact_with_its_bid(tmp_path: Path) -> None:
    actions = a_list(
        TERM | {"level": "fragment", "fragment": "free"},
        TERM | {"search_term": "tent for two", "action": "add", "new_bid": 0.7},
    )
    of_csv(tmp_path, actions)
    told = ("Keyword", "Criterion Type", "Max CPC", "Status")
    assert [only(row, *told) for row in editor(tmp_path)] == [
        ["free", "Negative Phrase", "", "Enabled"], ["tent for two", "Exact", "0.70", "Enabled"]
    ]  # fmt: skip
    assert [only(row, *told) for row in editor(tmp_path, undo=True)] == [
        ["free", "Negative Phrase", "", "Removed"], ["tent for two", "Exact", "", "Paused"]
    ]  # fmt: skip


def test_amazon_bulk_updates_keywords_and_targets_by_the_ids_of_the_file(tmp_path: Path) -> None:
    actions = a_list(
        {"keyword": "camping tent", "bid": 0.79, "new_bid": 0.98},
        {"keyword": 'asin="B09FTKLDJC"', "match_type": "-", "bid": 1.33, "new_bid": 1.1, "action": "lower"},
        {"keyword": "close-match", "match_type": "-", "keyword_id": "7", "action": "delete", "new_bid": None},
        {"keyword": "old", "keyword_id": "8", "action": "delete", "new_bid": None},
        **AMAZON,
    )
    uploaded(tmp_path, actions)
    rows = bulk(tmp_path)
    ids = ("Campaign ID", "Ad Group ID", "Keyword ID", "Product Targeting ID")
    assert {row["Product"] for row in rows} == {"Sponsored Products"}
    assert [only(row, "Entity", "Operation", *ids, "State", "Bid") for row in rows] == [
        ["Product Targeting", "Update", "326718566794627", "546217748424775", "", LONG_ID, "", 1.1],
        ["Keyword", "Update", "326718566794627", "546217748424775", LONG_ID, "", "", 0.98],
        ["Product Targeting", "Update", "326718566794627", "546217748424775", "", "7", "paused", ""],
        ["Keyword", "Update", "326718566794627", "546217748424775", "8", "", "paused", ""],
    ]
    assert [only(row, "State", "Bid") for row in bulk(tmp_path, undo=True)] == [
        ["", 1.33], ["", 0.79], ["enabled", ""], ["enabled", ""]
    ]  # fmt: skip
    assert "rchive" not in str(rows)


def test_amazon_negatives_have_no_bid_and_asins_are_products(tmp_path: Path) -> None:
    actions = a_list(
        TERM | {"search_term": "free tent"},
        TERM | {"search_term": "tent stove set", "new_match": "phrase", "new_place": "campaign"},
        TERM | {"search_term": "b0d7zvmxlm"},
        **AMAZON,
    )
    prepared = uploaded(tmp_path, actions)
    told = ("Entity", "Operation", "Ad Group ID", "State", "Bid", "Keyword Text", "Match Type",
            "Product Targeting Expression")  # fmt: skip
    group = "546217748424775"
    assert [only(row, *told) for row in bulk(tmp_path)] == [
        ["Negative Product Targeting", "Create", group, "enabled", "", "", "", 'asin="B0D7ZVMXLM"'],
        ["Negative Keyword", "Create", group, "enabled", "", "free tent", "negativeExact", ""],
        ["Campaign Negative Keyword", "Create", "", "enabled", "", "tent stove set", "negativePhrase", ""],
    ]
    # Without ids nothing can be taken back: each is named.
    assert sorted(row.name for row in prepared.not_undone) == ["b0d7zvmxlm", "free tent", "tent stove set"]
    assert not (tmp_path / "out" / "amazon_ads_bulk_v2.undo.xlsx").exists()


def test_microsoft_bulk_begins_with_its_version_and_never_deletes(tmp_path: Path) -> None:
    actions = a_list(
        {"keyword": "tent", "bid": 0.5, "new_bid": 0.55},
        {"keyword": "old", "keyword_id": "9", "action": "delete", "new_bid": None},
        {
            "level": "search_term",
            "search_term": "free tent",
            "action": "exclude",
            "bid": None,
            "new_bid": None,
        },
        **AMAZON | {"platform": "microsoft_ads"},
    )
    uploaded(tmp_path, actions)
    rows = csv_rows(tmp_path / "out" / "microsoft_ads_bulk.csv", "utf-8-sig")
    told = ("Type", "Status", "Id", "Parent Id", "Keyword", "Match Type", "Bid", "Name")
    group = "546217748424775"
    assert [only(row, *told) for row in rows] == [
        ["Format Version", "", "", "", "", "", "", "6.0"],
        ["Ad Group Negative Keyword", "Active", "", group, "free tent", "Exact", "", ""],
        ["Keyword", "Paused", "9", group, "old", "Exact", "", ""],
        ["Keyword", "", LONG_ID, group, "tent", "Exact", "0.55", ""],
    ]
    undo = csv_rows(tmp_path / "out" / "microsoft_ads_bulk.undo.csv", "utf-8-sig")
    assert [only(row, *told) for row in undo] == [
        ["Format Version", "", "", "", "", "", "", "6.0"],
        ["Keyword", "Active", "9", group, "old", "Exact", "", ""],
        ["Keyword", "", LONG_ID, group, "tent", "Exact", "0.50", ""],
    ]
    assert "eleted" not in (tmp_path / "out" / "microsoft_ads_bulk.undo.csv").read_text("utf-8-sig")


def test_baidu_fills_every_cell_in_gb18030(tmp_path: Path) -> None:
    actions = a_list(
        {"keyword": "英语培训", "bid": 3.0, "new_bid": 3.3},
        {"keyword": "老词", "bid": 2.5, "new_bid": None, "action": "delete"},
        {"keyword": "停着的", "bid": 2.0, "new_bid": 1.8, "action": "lower", "status": "paused"},
        TERM | {"search_term": "免费"},
        platform="baidu", campaign="计划", ad_group="单元", match_type="phrase",
    )  # fmt: skip
    uploaded(tmp_path, actions)
    rows = csv_rows(tmp_path / "out" / "baidu_client.csv", "gb18030")
    assert [list(row.values()) for row in rows] == [
        # A paused word is not started by a new bid.
        ["计划", "单元", "停着的", "短语", "1.80", "暂停"],
        ["计划", "单元", "老词", "短语", "2.50", "暂停"],
        ["计划", "单元", "英语培训", "短语", "3.30", "启用"],
    ]  # fmt: skip
    undo = csv_rows(tmp_path / "out" / "baidu_client.undo.csv", "gb18030")
    assert [list(row.values())[-2:] for row in undo] == [
        ["2.00", "暂停"], ["2.50", "启用"], ["3.00", "启用"]
    ]  # fmt: skip
    # Its file has no line for a negative: that is to be done by hand, on the work sheet.
    [negative] = sheet_rows(tmp_path / "out" / "baidu_work_sheet.xlsx", "工作表 Work sheet")
    assert negative["关键词 Keyword"] == "免费"
    assert negative["操作 What to do"].startswith("加否词")


def test_a_platform_without_a_file_gets_a_sheet_in_the_order_of_its_pages(tmp_path: Path) -> None:
    actions = a_list(
        {"campaign": "B", "ad_group": "2", "keyword": "羽绒服", "bid": 1.0, "new_bid": 1.1},
        {"campaign": "A", "ad_group": "9", "keyword": "=毛衣", "bid": 2.0, "new_bid": 1.5, "action": "lower"},
        {"campaign": "A", "ad_group": "1", "keyword": "夹克", "bid": None, "new_bid": None,
         "bid_change": 0.15},
        {"campaign": "A", "ad_group": "1", "keyword": "a,b", "bid": 2.0, "new_bid": 2.2},
        platform="zhitongche", currency="CNY",
    )  # fmt: skip
    uploaded(tmp_path, actions)
    path = tmp_path / "out" / "zhitongche_work_sheet.xlsx"
    told = ("计划", "单元", "关键词", "操作", "现出价", "新出价", "调幅")
    assert [only(row, *told) for row in sheet_rows(path, "改价清单")] == [
        ["A", "1", "a,b", "改出价", "2.00", "2.20", "+10.0%"],
        ["A", "1", "夹克", "按调幅改出价", "", "", "+15.0%"],
        ["A", "9", "=毛衣", "改出价", "2.00", "1.50", "-25.0%"],
        ["B", "2", "羽绒服", "改出价", "1.00", "1.10", "+10.0%"],
    ]  # fmt: skip
    lines = sheet_rows(path, "批量文本 Batch text")
    assert [row.get("每行一个 One a line") for row in lines] == ["=毛衣,1.50", None, "羽绒服,1.10"]


@pytest.mark.parametrize("platform", ["google_ads", "amazon_ads", "microsoft_ads", "zhitongche"])
def test_texts_go_out_to_the_letter(tmp_path: Path, platform: str) -> None:
    rows = [
        {"keyword": text, "keyword_id": f"{number}", "match_type": "broad"}
        for number, text in enumerate(SIGNS)
    ]
    uploaded(tmp_path, a_list(*rows, **{**AMAZON, "platform": platform, "keyword_id": None}).assign(
        keyword_id=[str(number) for number in range(len(SIGNS))]
    ))  # fmt: skip
    found = {
        "google_ads": lambda: editor(tmp_path),
        "amazon_ads": lambda: bulk(tmp_path),
        "microsoft_ads": lambda: csv_rows(tmp_path / "out" / "microsoft_ads_bulk.csv", "utf-8-sig")[1:],
        "zhitongche": lambda: sheet_rows(tmp_path / "out" / "zhitongche_work_sheet.xlsx", "改价清单"),
    }[platform]()
    column = {"google_ads": "Keyword", "amazon_ads": "Keyword Text", "zhitongche": "关键词"}.get(
        platform, "Keyword"
    )
    assert sorted(row[column] for row in found) == sorted(SIGNS)


def test_the_same_word_in_two_ad_groups_is_two_words(tmp_path: Path) -> None:
    actions = a_list(
        {"ad_group": "one", "new_bid": 1.2}, {"ad_group": "two", "new_bid": 0.8, "action": "lower"}
    )
    prepared = uploaded(tmp_path, actions)
    assert [only(row, "Ad Group", "Max CPC") for row in editor(tmp_path)] == [
        ["one", "1.20"],
        ["two", "0.80"],
    ]
    assert prepared.left_out == ()


def test_an_inherited_bid_is_restored_as_the_amount_it_was(tmp_path: Path) -> None:
    # Where a bulk file leaves a keyword's bid blank, the list holds that of the ad group.
    uploaded(tmp_path, a_list({"bid": 0.75, "new_bid": 0.9}, **AMAZON))
    assert [row["Bid"] for row in bulk(tmp_path, undo=True)] == [0.75]


@pytest.mark.parametrize(
    ("bid", "text"), [(1.0, "1.00"), (0.7, "0.70"), (12.5, "12.50"), (0.745, "0.745"), (1000.0, "1000.00")]
)
def test_what_is_restored_is_what_the_field_held(tmp_path: Path, bid: float, text: str) -> None:
    uploaded(tmp_path, a_list({"bid": bid, "new_bid": round(bid * 1.2, 2), "match_type": "exact"}))
    assert [row["Max CPC"] for row in editor(tmp_path, undo=True)] == [text]


REPORT = (
    'Search keyword report\n"October 5, 2026 - November 1, 2026"\n'
    "Keyword,Match type,Campaign,Ad group,Currency code,Max. CPC,Impr.,Clicks,Cost,Conversions,Conv. value\n"
    'camping tent,Exact match,Search,Tents,USD,"1.00",1000,50,40,2,100\n'
    "+tent +light,Broad match,Search,Tents,USD,0.50,1000,50,20,2,100\n"
    "camping tent,Exact match,Search,Other,USD,0.70,1000,50,30,2,100\n"
)


def test_our_reader_finds_the_same_bids_in_the_file_for_editor(tmp_path: Path) -> None:
    actions = a_list(
        {"keyword": "camping tent", "new_bid": 1.2},
        {"keyword": "+tent +light", "match_type": "broad", "bid": 0.5, "new_bid": 0.44, "action": "lower"},
        {"keyword": "camping tent", "ad_group": "Other", "bid": 0.7, "new_bid": 0.84},
    )
    uploaded(tmp_path, actions.assign(account=""))
    (tmp_path / "report.csv").write_text(REPORT.replace("Max. CPC", "Other column"), "utf-8")
    for name, bids in (
        ("google_ads_editor.csv", [1.2, 0.44, 0.84]),
        ("google_ads_editor.undo.csv", [1.0, 0.5, 0.7]),
    ):
        read = read_reports([tmp_path / "report.csv", tmp_path / "out" / name])
        assert read.facts.sort_values("source_row")["bid"].tolist() == bids


def test_our_reader_finds_the_same_bids_in_the_bulk_file(tmp_path: Path) -> None:
    actions = a_list(
        {"keyword": "camping tent", "bid": 0.79, "new_bid": 0.98},
        {"keyword": 'asin="B09FTKLDJC"', "match_type": "-", "keyword_id": "77", "bid": 1.33, "new_bid": 1.1},
        **AMAZON,
    )
    uploaded(tmp_path, actions)
    report = pd.DataFrame(
        {
            "Date": pd.Timestamp("2026-10-20"), "Campaign Name": "Search", "Ad Group Name": "Tents",
            "Targeting": ["camping tent", 'asin="B09FTKLDJC"'], "Match Type": ["EXACT", "-"],
            "Impressions": 100, "Clicks": 10, "Spend": 5.0, "7 Day Total Sales": 50.0,
            "7 Day Total Orders (#)": 1,
        }
    )  # fmt: skip
    report.to_excel(tmp_path / "report.xlsx", index=False)
    for name, bids in (("bulk_v2.xlsx", [0.98, 1.1]), ("bulk_v2.undo.xlsx", [0.79, 1.33])):
        read = read_reports([tmp_path / "report.xlsx", tmp_path / "out" / f"amazon_ads_{name}"])
        assert read.facts.sort_values("source_row")["bid"].tolist() == bids


def test_lists_in_csv_go_out_as_those_in_a_workbook(tmp_path: Path) -> None:
    actions = a_list(*({"keyword": text, "match_type": "broad"} for text in SIGNS))
    uploaded(tmp_path, actions)
    whole = editor(tmp_path)
    of_csv(tmp_path, actions)
    assert editor(tmp_path) == whole
