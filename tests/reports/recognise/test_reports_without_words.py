"""Reports that hold no words say what they are, and what to download instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.reports import read_reports

AMAZON = "Date,Portfolio name,Currency,Campaign Name,{},Impressions,Clicks,Spend,7 Day Total Sales"
REPORTS = [
    (AMAZON.format("Placement"), "Amazon Ads placement report", "type Targeting"),
    (AMAZON.format("Ad Group Name,Advertised SKU"), "Amazon Ads advertised product report", "type Targeting"),
    (AMAZON.format("Ad Group Name"), "Amazon Ads ad group report", "type Targeting"),
    (AMAZON.format("Campaign Status"), "Amazon Ads campaign report", "type Targeting"),
    ("Campaign status,Campaign,Budget,Impr.,Clicks,Cost", "Google Ads campaign report", "Search keywords"),
    ("Asset,Asset type,Campaign,Impr.,Clicks,Cost", "Google Ads asset report", "Search keywords"),
    ("Audience segment,Campaign,Ad group,Impr.,Clicks,Cost", "Google Ads audience report", "Search keywords"),
    ("Date,Clicks,Impressions,Cost", "Google Ads card of the overview page", "Search keywords"),
    ("Display URL domain,Impression share,Overlap rate", "Google Ads auction insights", "Search keywords"),
    (
        "AccountName,CampaignName,AdGroupName,Impressions,Clicks,Spend",
        "Microsoft Advertising ad group",
        "Keyword",
    ),
    ("日期,计划ID,计划名字,展现量,点击量,花费", "Zhitongche campaign report", "Keyword promotion"),
    ("日期,计划名字,单元名字,创意名称,展现量,点击量,花费", "Zhitongche creative report", "Keyword promotion"),
    ("日期,推广计划,推广单元,人群名称,展现数,点击数,花费,总订单金额", "JD", "Keyword report"),
    ("platform,campaign,item_id,impressions,clicks,cost,conversions", "canonical table totals", "keyword"),
]


@pytest.mark.parametrize(("header", "what", "instead"), REPORTS)
def test_the_report_is_named_and_what_to_download(
    tmp_path: Path, header: str, what: str, instead: str
) -> None:
    (tmp_path / "x.csv").write_text(f"{header}\n" + ",".join("1" for _ in header.split(",")), "utf-8")
    with pytest.raises(InputError, match="without keywords") as caught:
        read_reports(tmp_path / "x.csv")
    message = caught.value.render("en")
    assert what in message
    assert instead in message
    assert "x.csv:1" in message
    assert "没有关键词" in caught.value.render("zh")


def test_one_that_several_platforms_write_names_them_all(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Campaign name,Impressions,Clicks,Spend\na,9,1,2\n", "utf-8")
    with pytest.raises(InputError, match="Amazon Ads campaign report or Microsoft Advertising campaign"):
        read_reports(tmp_path / "x.csv")


def test_a_report_of_words_that_lacks_a_column_is_told_which(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Search keyword,Campaign,Ad group,Cost,Clicks\na,c,g,9,1\n", "utf-8")
    with pytest.raises(InputError, match="no known report layout") as caught:
        read_reports(tmp_path / "x.csv")
    assert "lacks impressions" in caught.value.render("en")
    assert "Search keywords (or Search terms)" in caught.value.render("en")


def test_in_a_folder_it_is_passed_over_and_listed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Campaign,Budget,Impr.,Clicks,Cost\nc,9,9,1,2\n", "utf-8")
    (tmp_path / "b.csv").write_text("Keyword,Campaign,Ad group,Impr.,Clicks,Cost\nk,c,g,9,1,2\n", "utf-8")
    reading = read_reports(tmp_path)
    assert len(reading.facts) == 1
    assert "campaign report" in reading.skipped[0].reason.en


def test_a_column_of_the_platform_tells_more_than_dates_that_all_write(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("Start Date,CampaignName,Impressions,Clicks,Spend\n1,a,9,1,2\n", "utf-8")
    with pytest.raises(InputError, match="keywords: Microsoft Advertising campaign report") as caught:
        read_reports(tmp_path / "x.csv")
    assert "Amazon" not in caught.value.render("en")
