"""Facts written as files hold the same totals, in the platforms' own layouts."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ppc_tuner.lab.accounts import amazon, google, menswear
from ppc_tuner.lab.exports import write_amazon_targeting, write_google_keywords, write_wanxiangtai
from ppc_tuner.lab.market import Market
from ppc_tuner.lab.samples import LAST_DAY, START

# As in the public description of the keyword report; checked here by hand, apart from the writer's own list.
WANXIANGTAI_FIRST = (
    "日期,场景ID,场景名字,计划ID,计划名字,单元ID,单元名字,宝贝ID,宝贝名称,词类型,词ID/词包ID,词名字/词包名字,展现量,点击量,花费,点击率,"
    "平均点击花费,千次展现花费,总预售成交金额,总预售成交笔数"
)
AMAZON_HEADER = [
    "Date", "Portfolio name", "Currency", "Campaign Name", "Ad Group Name", "Targeting", "Match Type",
    "Impressions", "Clicks", "Click-Thru Rate (CTR)", "Cost Per Click (CPC)", "Spend",
    "Total Advertising Cost of Sales (ACoS) ", "Total Return on Advertising Spend (RoAS)",
    "7 Day Total Sales ",
    "7 Day Total Orders (#)", "7 Day Total Units (#)", "7 Day Conversion Rate",
    "7 Day Advertised SKU Units (#)",
    "7 Day Other SKU Units (#)", "7 Day Advertised SKU Sales ", "7 Day Other SKU Sales ",
]  # fmt: skip


@cache
def shop() -> Market:
    return menswear()


@pytest.fixture
def report(tmp_path: Path) -> pd.DataFrame:
    path = tmp_path / "关键词报表.csv"
    write_wanxiangtai(shop().facts(), shop().shop.items, shop().pages(), path)
    text = path.read_bytes().decode("gb18030")
    assert text.startswith(WANXIANGTAI_FIRST)
    return pd.read_csv(io.StringIO(text), dtype="str", keep_default_na=False)


def number(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column.replace("", "nan"))


def test_wanxiangtai_holds_the_totals_of_the_facts(report: pd.DataFrame) -> None:
    facts = shop().facts()
    pairs = {
        "展现量": "impressions", "点击量": "clicks", "花费": "cost", "总成交金额": "revenue",
        "总成交笔数": "conversions",
        "总购物车数": "add_to_carts", "总收藏数": "favourites", "拍下订单笔数": "orders_placed",
        "成交新客数": "new_customers",
        "直接成交金额": "direct_revenue", "间接成交金额": "indirect_revenue",
        "直接成交笔数": "direct_conversions",
    }  # fmt: skip
    assert len(report) == len(facts)
    for header, name in pairs.items():
        assert number(report[header]).sum() == pytest.approx(facts[name].sum(), abs=0.005), header


def test_wanxiangtai_columns_end_with_the_rank_and_hold_no_bid(report: pd.DataFrame) -> None:
    assert list(report.columns)[-4:] == ["成交人数", "人均成交笔数", "人均成交金额", "平均展现排名"]
    assert not report.columns.duplicated().any()
    assert not [name for name in report.columns if "出价" in name]


def test_wanxiangtai_prints_as_the_platform_does(report: pd.DataFrame) -> None:
    assert report["日期"].str.fullmatch(r"2026-1[01]-\d\d").all()
    assert report["花费"].str.fullmatch(r"\d+\.\d\d").all()
    assert report["点击率"].str.fullmatch(r"[01]|0\.\d{0,4}[1-9]").all()
    assert (report["点击转化率"].eq("") == report["点击量"].eq("0")).all()
    assert (report["总成交成本"].eq("") == report["总成交笔数"].eq("0")).all()
    assert (report["平均点击花费"].eq("") == report["点击量"].eq("0")).all()
    sold = report[report["总成交笔数"] != "0"]
    assert (
        number(sold["投入产出比"]) - number(sold["总成交金额"]) / number(sold["花费"])
    ).abs().max() < 0.0051
    ctr = number(report["点击量"]) / number(report["展现量"])
    assert (number(report["点击率"]) - ctr).abs().max() < 0.0000051


def test_wanxiangtai_marks_packages(report: pd.DataFrame) -> None:
    packages = report[report["词类型"] == "关键词包"]
    assert set(packages["词名字/词包名字"]) == {"智选流量包"}
    assert set(report["词类型"]) == {"关键词", "关键词包"}
    assert packages["单元ID"].nunique() == 3


def test_google_holds_the_totals_of_the_facts(tmp_path: Path) -> None:
    market, path = google(), tmp_path / "Search keyword report.csv"
    write_google_keywords(market.facts(), market.word_list(), path, first_day=START, last_day=LAST_DAY)
    lines = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    assert lines[0] == ["Search keyword report"]
    assert lines[1] == ["October 5, 2026 - November 1, 2026"]
    assert lines[2][:8] == [
        "Keyword status", "Keyword", "Match type", "Campaign", "Ad group", "Currency code", "Status",
        "Max. CPC",
    ]  # fmt: skip
    table = pd.DataFrame(lines[3:], columns=lines[2])
    totals = table["Keyword status"].str.startswith("Total: ")
    rows, facts = table[~totals], market.facts()
    for header, name in {
        "Impr.": "impressions", "Clicks": "clicks", "Cost": "cost", "Conversions": "conversions",
        "Conv. value": "revenue",
    }.items():  # fmt: skip
        listed = number(rows[header].str.replace(",", ""))
        assert listed.sum() == pytest.approx(facts[name].sum(), abs=0.005), header
        said = number(table.loc[totals, header].str.replace(",", "")).tolist()
        assert said[0] == pytest.approx(facts[name].sum(), abs=0.005)
        assert said[2] >= said[0]
    assert len(rows) == len(market.word_list())


def test_google_writes_match_syntax_and_paused_words(tmp_path: Path) -> None:
    market, path = google(), tmp_path / "report.csv"
    write_google_keywords(market.facts(), market.word_list(), path, first_day=START, last_day=LAST_DAY)
    text = path.read_text("utf-8")
    assert "\nEnabled,[hiking backpack],Exact match," in text
    assert '\nEnabled,"""hiking backpack""",Phrase match,' in text
    assert "\nEnabled,backpack,Broad match," in text
    table = pd.DataFrame(list(csv.reader(io.StringIO(text)))[3:])
    paused = table[table[0] == "Paused"]
    assert len(paused) == 10
    assert set(paused[6]) == {"Paused"}
    assert (paused[8] == "0").sum() == 5  # never ran
    assert set(paused.loc[paused[8] == "0", 10]) == {" --"}


def test_amazon_holds_the_totals_of_the_facts(tmp_path: Path) -> None:
    facts, path = amazon().facts(), tmp_path / "report.xlsx"
    write_amazon_targeting(facts, path, created=datetime(2026, 11, 2))
    sheet = openpyxl.load_workbook(path).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert list(rows[0]) == AMAZON_HEADER
    assert len(rows) == len(facts) + 1
    for place, name in {7: "impressions", 8: "clicks", 11: "cost", 14: "revenue", 15: "conversions"}.items():
        assert sum(row[place] for row in rows[1:]) == pytest.approx(facts[name].sum(), abs=0.005), name  # type: ignore[misc]
    assert {type(row[0]) for row in rows[1:]} == {datetime}
    targets = {row[5] for row in rows[1:]}
    assert {"close-match", "loose-match", "substitutes", "complements", 'asin="B0SAMPLE01"'} <= targets
    assert {row[6] for row in rows[1:]} == {"EXACT", "PHRASE", "BROAD", "-"}
    idle = next(row for row in rows[1:] if row[8] == 0)
    assert (idle[10], idle[12], idle[13], idle[17]) == (None, None, None, None)
