from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.cli.inspection import describe
from ppc_tuner.errors import InputError
from ppc_tuner.reports import read_reports

Write = Callable[..., Path]


def test_a_gbk_report_is_read_whole(wanxiangtai: Write) -> None:
    reading = read_reports(wanxiangtai({}))
    row = reading.facts.iloc[0]
    assert (row["date"], row["keyword"], row["keyword_id"]) == (
        pd.Timestamp("2026-07-04"),
        "羽绒服男",
        "0012345678901234567",
    )
    assert (row["campaign_id"], row["ad_group_id"], row["item_id"]) == (
        "81831404144",
        "0012",
        "1045221343950",
    )
    assert (row["impressions"], row["clicks"], row["cost"], row["conversions"], row["revenue"]) == (
        1000,
        40,
        50,
        2,
        399,
    )
    assert (row["platform"], row["channel"], row["currency"], row["level"]) == (
        "zhitongche",
        "关键词推广",
        "CNY",
        "keyword",
    )
    assert row["biddable"] is True or bool(row["biddable"])
    assert "bid" not in reading.facts
    assert reading.lang == "zh"
    (file,) = reading.files
    assert (file.encoding, file.header_row, file.rows, file.confirmed, file.time_unit) == (
        "gb18030",
        1,
        1,
        False,
        "day",
    )
    assert row["source_row"] == 2
    assert reading.platforms["zhitongche"].bid.floor == 0.05


@pytest.mark.parametrize("date", ["2026-07-04", "2026/7/4", "2026-07-04 00:00:00", "20260704"])
def test_single_days(wanxiangtai: Write, date: str) -> None:
    facts = read_reports(wanxiangtai({"日期": date})).facts
    assert facts["date"].tolist() == [pd.Timestamp("2026-07-04")]
    assert "period_start" not in facts


def test_a_range_is_a_summary(wanxiangtai: Write) -> None:
    reading = read_reports(wanxiangtai({"日期": "20260701至20260707"}))
    assert "date" not in reading.facts
    assert reading.facts[["period_start", "period_end"]].iloc[0].tolist() == [
        pd.Timestamp("2026-07-01"),
        pd.Timestamp("2026-07-07"),
    ]
    assert reading.files[0].time_unit == "summary"


def test_one_word_in_several_plans_and_items_stays_apart(wanxiangtai: Write) -> None:
    rows = [
        {"计划ID": "1", "计划名字": "甲", "宝贝ID": "11"},
        {"计划ID": "1", "计划名字": "甲", "宝贝ID": "12"},
        {"计划ID": "2", "计划名字": "乙", "宝贝ID": "11"},
    ]
    facts = read_reports(wanxiangtai(*rows)).facts
    assert len(facts) == 3
    assert facts["cost"].sum() == 150
    assert len(facts[["campaign", "item_id", "keyword"]].drop_duplicates()) == 3


def test_rows_no_bid_can_reach(wanxiangtai: Write) -> None:
    rows = [
        {"词类型": "关键词包", "词名字/词包名字": "智选词包"},
        {"场景名字": "人群推广"},
        {"场景名字": "货品全站推广"},
        {},
    ]
    facts = read_reports(wanxiangtai(*rows)).facts
    assert facts["biddable"].tolist() == [False, False, False, True]
    assert facts["unbiddable_as"].fillna("").tolist() == ["package", "audience", "site_wide", ""]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("词ID/词包ID", "词 ID/词包ID"),
        ("宝贝ID", "主体ID"),
        ("展现量", " 展现量 "),
        ("词名字/词包名字", "词名字／词包名字"),
    ],
)
def test_header_variants(wanxiangtai: Write, wanxiangtai_header: list[str], old: str, new: str) -> None:
    varied = [name.replace(old, new) if name == old else name for name in wanxiangtai_header]
    path = wanxiangtai({}, header=varied)
    used = read_reports(path).files[0].used
    assert new in used


def test_any_column_order(wanxiangtai: Write, wanxiangtai_header: list[str]) -> None:
    facts = read_reports(wanxiangtai({}, header=wanxiangtai_header[::-1])).facts
    assert (facts["clicks"][0], facts["cost"][0]) == (40, 50)


def test_without_its_keyword_column_it_says_so(wanxiangtai: Write, wanxiangtai_header: list[str]) -> None:
    path = wanxiangtai({}, header=[name for name in wanxiangtai_header if name != "词名字/词包名字"])
    with pytest.raises(InputError) as caught:
        read_reports(path)
    message = caught.value.render("zh")
    assert "最接近 直通车/万相台 关键词报表" in message
    assert "缺少列 keyword (词名字/词包名字" in message
    assert message.startswith(f"{path.as_posix()}:1:")


def test_net_revenue_stays_a_column_of_its_own(wanxiangtai: Write, wanxiangtai_header: list[str]) -> None:
    path = wanxiangtai({"净成交金额": "300.00"}, header=[*wanxiangtai_header, "净成交金额"])
    facts = read_reports(path).facts
    assert (facts["revenue"][0], facts["net_revenue"][0]) == (399, 300)


def test_ids_spoilt_by_excel_are_left_out_with_a_note(wanxiangtai: Write) -> None:
    reading = read_reports(wanxiangtai({"词ID/词包ID": "1.23457E+16"}))
    assert "keyword_id" not in reading.facts
    assert any("8.18E+11" in note.en for note in reading.notes)


@pytest.mark.parametrize(
    "word",
    [
        "=1+1",
        "+鞋 +女",
        "-10an",
        "@x",
        '"ELD"',
        "[x]",
        "NA",
        "nan",
        "a,b",
        "a\tb",
        "羽绒服　男",
        "Total: x",
        "总计",
        "ＡＢＣ",
    ],
)
def test_words_stay_exactly_as_they_are(wanxiangtai: Write, word: str) -> None:
    assert read_reports(wanxiangtai({"词名字/词包名字": word})).facts["keyword"].tolist() == [word]


def test_the_days_of_download(wanxiangtai: Write) -> None:
    stamped = wanxiangtai({}, name="关键词报表_20260710_093000.csv")
    assert read_reports(stamped).facts["exported_on"].tolist() == [pd.Timestamp("2026-07-10")]
    assert read_reports(wanxiangtai({})).facts["exported_on"].tolist() == [pd.Timestamp("2026-07-05")]
    assert read_reports(stamped, exported_on="2026-07-20").facts["exported_on"].tolist() == [
        pd.Timestamp("2026-07-20")
    ]
    # A stamp before the last day is the start of the period, not the day of download.
    early = wanxiangtai({}, name="词_20260701.csv")
    assert read_reports(early).facts["exported_on"].tolist() == [pd.Timestamp("2026-07-05")]


def test_describe_says_it_is_unconfirmed_in_both_languages(wanxiangtai: Write) -> None:
    reading = read_reports(wanxiangtai({}))
    zh, en = ("\n".join(describe(reading, lang)) for lang in ("zh", "en"))
    assert "未确认" in zh
    assert "unconfirmed" in en
    assert "花费 50.00 CNY" in zh
    assert "Cost 50.00 CNY" in en
    assert "点击量 → 点击" in zh
    assert "加购率" in zh.split("未用的列")[1]
