from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.reports import read_reports

Write = Callable[..., Path]
ELD = ('"ELD"', "c", "g", "Eligible", "2.80", "1,470", "30", "63.20", "1.50")


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ","), ("utf-16", "\t"), ("gb18030", ",")]
)
def test_google_in_its_encodings(google: Write, encoding: str, separator: str) -> None:
    reading = read_reports(google(("跑鞋", *ELD[1:]), ELD, encoding=encoding, separator=separator))
    assert reading.facts["keyword"].tolist() == ["跑鞋", '"ELD"']
    assert reading.facts["impressions"].tolist() == [1470, 1470]
    assert reading.facts["conversions"].tolist() == [1.5, 1.5]
    assert reading.facts["source_row"].tolist() == [4, 5]
    assert reading.files[0].header_row == 3
    assert reading.lang == "en"
    assert "revenue" not in reading.facts


@pytest.mark.parametrize(
    ("dates", "first", "last"),
    [
        ("August 8, 2020 - August 14, 2020", "2020-08-08", "2020-08-14"),
        ("1 May 2026 - 8 May 2026", "2026-05-01", "2026-05-08"),
    ],
)
def test_the_period_stands_above_the_header(google: Write, dates: str, first: str, last: str) -> None:
    facts = read_reports(google(ELD, dates=dates)).facts
    assert facts["period_start"].tolist() == [pd.Timestamp(first)]
    assert facts["period_end"].tolist() == [pd.Timestamp(last)]


def test_all_time_is_undated_until_told(google: Write) -> None:
    path = google(ELD, dates="All time")
    reading = read_reports(path)
    assert not {"date", "period_start"} & set(reading.facts.columns)
    assert reading.files[0].time_unit == "undated"
    assert any("no dates" in note.en for note in reading.notes)
    told = read_reports(path, period=("2026-05-01", "2026-05-08")).facts
    assert told["period_end"].tolist() == [pd.Timestamp("2026-05-08")]


def test_totals_in_any_of_the_first_columns_are_dropped(google: Write) -> None:
    totals = [
        ("Total: Search", "", "", "", "", "9,999", "99", "1.00", "0"),
        (" --", "", "", "Total: Account", "", "9,999", "99", "1.00", "0"),
        ("总计", " --", " --", "", "", "9,999", "99", "1.00", "0"),
    ]
    reading = read_reports(google(ELD, *totals))
    assert reading.facts["clicks"].tolist() == [30]
    (dropped,) = reading.files[0].dropped
    assert (dropped.rows, dropped.first_row, dropped.reason.en) == (3, 5, "total row")


def test_a_word_that_reads_like_a_total_is_no_total(google: Write) -> None:
    reading = read_reports(google(("Total: war", *ELD[1:])))
    assert reading.facts["keyword"].tolist() == ["Total: war"]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Eligible", "live"),
        ("Campaign paused", "paused"),
        ("Ad group paused", "paused"),
        ("Removed", "paused"),
        ("Rarely shown (low Quality Score)", "live"),
        (" --", ""),
        ("", ""),
    ],
)
def test_live_only_if_nothing_says_paused(google: Write, said: str, status: str) -> None:
    facts = read_reports(google((*ELD[:3], said, *ELD[4:]))).facts
    assert facts["status"].fillna("").tolist() == [status]


def google_text(tmp_path: Path, header: str, *rows: str) -> Path:
    path = tmp_path / "r.csv"
    path.write_text("\n".join(["title", "1 May 2026 - 8 May 2026", header, *rows]), "utf-8")
    return path


@pytest.mark.parametrize(
    ("cell", "bid"), [("auto: 1.00", None), ("1.20 (enhanced)", 1.2), (" --", None), ("1.20", 1.2)]
)
def test_bids_that_the_platform_sets_or_enhances(tmp_path: Path, cell: str, bid: float | None) -> None:
    header = "Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Cost,Max. CPC"
    path = google_text(
        tmp_path, header, f"a,c,g,Exact match,100,10,5.50,{cell}", "b,c,g,Exact match,10,1,0.50,2.35"
    )
    bids = read_reports(path).facts["bid"]
    assert (None if pd.isna(bids.iloc[0]) else bids.iloc[0], bids.iloc[1]) == (bid, 2.35)


def test_one_of_two_costs_smart_bidding_and_negatives(tmp_path: Path) -> None:
    path = google_text(
        tmp_path,
        "Keyword status,Keyword,Campaign,Ad group,Currency code,Bid strategy type,Match "
        "type,Impr.,Clicks,Cost,"
        "Cost (Converted currency),Conv. value,Currency code",
        "Enabled,a,c,g,USD,Manual CPC,Exact match,10,2,3.00,21.00,5,CNY",
        "Paused,b,c,g,USD,Maximize conversions,Broad match,10,2,3.00,21.00,5,CNY",
        "Enabled,d,c,g,USD,Manual CPC,Negative exact match,0,0,0.00,0.00,0,CNY",
    )
    facts = read_reports(path).facts
    assert facts["cost"].tolist() == [3, 3, 0]
    assert facts["currency"].tolist() == ["USD"] * 3
    assert facts["unbiddable_as"].fillna("").tolist() == ["", "smart_bidding", "negative"]
    assert facts["biddable"].tolist() == [True, False, False]
    assert facts["status"].tolist() == ["live", "paused", "live"]
    assert facts["match_type"].tolist()[:2] == ["exact", "broad"]


def test_chinese_google_headers(tmp_path: Path) -> None:
    path = google_text(
        tmp_path,
        "关键字,匹配类型,广告系列,广告组,货币代码,展示次数,点击次数,费用,转化次数",
        "[跑鞋],完全匹配,甲,乙,CNY,\"1,000\",20,30.50,1.00",
        "总计, --, --, --,CNY,\"1,000\",20,30.50,1.00",
    )  # fmt: skip
    reading = read_reports(path)
    assert reading.facts[["keyword", "match_type", "clicks"]].to_numpy().tolist() == [["[跑鞋]", "exact", 20]]
    assert reading.lang == "zh"


def test_search_terms_are_a_level_of_their_own(tmp_path: Path) -> None:
    path = google_text(
        tmp_path,
        "Search term,Match type,Campaign,Ad group,Keyword,Impr.,Clicks,Cost,Conversions",
        '-10an,Exact match (close variant),c,g,"[a]",10,1,2.00,0',
    )
    facts = read_reports(path).facts
    assert facts[["level", "search_term", "keyword", "match_type"]].iloc[0].tolist() == [
        "search_term",
        "-10an",
        "[a]",
        "exact",
    ]


def test_amazon_days(amazon: Write) -> None:
    reading = read_reports(
        amazon(
            ("2019-12-01", "*", "10", "1", "0.5", "0", "0"),
            ("2019-12-02", 'asin="B0"', "5", "0", "0", "0", "0"),
        )
    )
    facts = reading.facts
    assert facts["keyword"].tolist() == ["*", 'asin="B0"']
    assert facts["date"].tolist() == [pd.Timestamp("2019-12-01"), pd.Timestamp("2019-12-02")]
    assert facts["attribution_days"].tolist() == [7, 7]
    assert reading.files[0].ignored == ["Portfolio name"]
    assert reading.platforms["amazon_ads"].delay.drop_days == 2


def amazon_text(tmp_path: Path, header: str, *rows: str) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("\n".join([header, *rows]), "utf-8")
    return path


TERMS = (
    "Start Date,End Date,Currency,Campaign Name,Ad Group Name,Targeting,Match Type,Customer Search Term,"
    "Impressions,Clicks,Spend,"
)


@pytest.mark.parametrize(
    "names",
    [
        "7 Day Total Sales,7 Day Total Orders (#)",
        "14 Day Total Sales (₹),14 Day Total Orders (#)",
        "30 Day Total Sales($) ,30 Day Total Orders (#) ",
    ],
)
def test_first_and_last_active_day_are_no_time_series(tmp_path: Path, names: str) -> None:
    path = amazon_text(
        tmp_path, TERMS + names,
        "2019-05-02,2019-05-20,USD,c,g,a,BROAD,+a b,10,2,1.00,9,1",
        "2019-05-01,2019-05-01,USD,c,g,a,BROAD,#c,10,2,1.00,0,0",
    )  # fmt: skip
    reading = read_reports(path)
    facts = reading.facts
    assert set(facts["period_start"]) == {pd.Timestamp("2019-05-01")}
    assert set(facts["period_end"]) == {pd.Timestamp("2019-05-20")}
    assert facts["attribution_days"].tolist() == [float(names.split()[0])] * 2
    assert facts["search_term"].tolist() == ["+a b", "#c"]


def test_rows_told_apart_by_their_days_only_keep_them(tmp_path: Path) -> None:
    path = amazon_text(
        tmp_path, TERMS + "7 Day Total Sales,7 Day Total Orders (#)",
        "2019-05-01,2019-05-07,USD,c,g,a,BROAD,x,10,2,1.00,9,1",
        "2019-05-08,2019-05-14,USD,c,g,a,BROAD,x,10,2,1.00,0,0",
    )  # fmt: skip
    assert read_reports(path).facts["period_start"].nunique() == 2


def test_chinese_amazon_console(tmp_path: Path) -> None:
    path = amazon_text(
        tmp_path,
        "日期,广告活动名称,广告组名称,投放,匹配类型,货币,展示量,点击量,点击率 "
        "(CTR),花费,7天总销售额,7天总订单数(#)",
        "2026-07-04,甲,乙,kitchen mat,精准,USD,100,3,3%,1.20,20.00,1",
    )
    facts = read_reports(path).facts
    assert facts[["keyword", "match_type", "cost", "revenue", "attribution_days"]].iloc[0].tolist() == [
        "kitchen mat",
        "exact",
        1.2,
        20,
        7,
    ]


def test_both_windows_take_the_shorter_for_orders_and_sales(tmp_path: Path) -> None:
    path = amazon_text(
        tmp_path,
        "Date,Campaign Name,Ad Group Name,Targeting,Match Type,Impressions,Clicks,Spend,14 Day Total Sales,7 "
        "Day Total Orders (#),"
        "7 Day Total Sales,14 Day Total Orders (#)",
        "2026-07-04,c,g,a,EXACT,100,3,1,40,1,20,2",
    )
    facts = read_reports(path).facts
    assert facts[["revenue", "conversions"]].iloc[0].tolist() == [20, 1]


def test_currencies_stay_apart_in_the_totals(tmp_path: Path) -> None:
    path = amazon_text(
        tmp_path,
        "Date,Currency,Campaign Name,Ad Group Name,Targeting,Match Type,Impressions,Clicks,Spend,7 Day "
        "Total Sales,7 Day Total Orders (#)",
        "2026-07-04,USD,c,g,a,EXACT,100,3,1,20,1",
        "2026-07-04,CAD,c,g,a,EXACT,100,3,2,0,0",
    )
    totals = read_reports(path).files[0].totals
    assert totals.set_index("currency")["cost"].to_dict() == {"CAD": 2, "USD": 1}


def test_a_wrong_cell_is_told_with_file_row_and_column(google: Write) -> None:
    path = google(ELD, (*ELD[:6], "many", *ELD[7:]))
    with pytest.raises(InputError) as caught:
        read_reports(path)
    assert caught.value.where == f"{path.as_posix()}:5"
    message = caught.value.render("en")
    assert "column “Clicks”" in message
    assert "found: “many”" in message
    assert "expected: a number" in message


@pytest.mark.parametrize(
    ("encoding", "taken", "words", "guessed"),
    [
        ("gb18030", "gb18030", ["羽绒服男", "跑鞋 女"], True),
        ("cp1252", "cp1252", ["chaussures d'été", "café à paris"], False),
        ("big5", "big5hkscs", ["羽絨服男", "跑步鞋"], True),
    ],
)
def test_an_english_header_leaves_the_encoding_to_the_words(
    google: Write, encoding: str, taken: str, words: list[str], guessed: bool
) -> None:
    reading = read_reports(google(*((word, *ELD[1:]) for word in words), encoding=encoding))
    assert reading.facts["keyword"].tolist() == words
    assert reading.files[0].encoding == taken
    assert any("guessed" in note.en for note in reading.notes) is guessed


def test_the_impression_share_is_read_with_its_bounds_and_never_refuses_a_file(tmp_path: Path) -> None:
    """More than nine tenths counts as that, less than one tenth too; what is no share says nothing."""
    shares = ["> 90%", "45.32%", "< 10%", " --", "0.5", "about half", "46", "140%"]
    head = "Keyword,Campaign,Ad group,Status,Impr.,Clicks,Cost,Conversions,Search impr. share\n"
    lines = [f"w{number},c,g,Eligible,100,5,3.00,1,{share}\n" for number, share in enumerate(shares)]
    path = tmp_path / "Search keyword report.csv"
    path.write_text(
        "Search keyword report\nAugust 8, 2020 - August 14, 2020\n" + head + "".join(lines), "utf-8"
    )
    read = read_reports(path).facts["impression_share"]
    known = [0.9, 0.4532, 0.1, None, 0.5, None, 0.46, None]
    assert read.astype(object).where(read.notna(), None).tolist() == pytest.approx(known)
