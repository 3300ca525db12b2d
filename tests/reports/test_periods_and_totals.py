"""Days above the header and in columns, and rows that are sums of others, however they are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.reports import facts_from_frame, read_reports

Write = Callable[..., Path]
WORDS = "关键词,推广计划,推广单元,展现,点击,消费,转化\n鞋,甲,乙,100,10,5,1\n帽,甲,丙,50,2,1.5,0\n"
TERMS = "搜索词,推广计划,推广单元,关键词,展现,点击,消费\n鞋 男,甲,乙,鞋,100,10,5\n"
PLACELESS = ("计划ID", "计划名字", "单元ID", "单元名字", "宝贝ID", "宝贝名称", "词类型", "词ID/词包ID")
FIRST, LAST = pd.Timestamp("2026-07-01"), pd.Timestamp("2026-07-07")


def written(folder: Path, text: str, name: str = "report.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    "above",
    ["2026-07-01,2026-07-07", "开始日期,2026-07-01,结束日期,2026-07-07", "日期范围：,2026-07-01,2026-07-07",
     "Start date: 2026-07-01,End date: 2026-07-07", "2026-07-08\n关键词报告（2026-07-01至2026-07-07）"],
)  # fmt: skip
def test_two_days_above_the_header_are_a_period(tmp_path: Path, above: str) -> None:
    file = read_reports(written(tmp_path, f"{above}\n{WORDS}")).files[0]
    assert (file.first_day, file.last_day, file.time_unit) == (FIRST, LAST, "summary")


def test_a_day_called_the_period_goes_before_others(tmp_path: Path) -> None:
    file = read_reports(written(tmp_path, f"2026-07-08\n时间范围：2026-07-07\n{WORDS}")).files[0]
    assert (file.first_day, file.last_day) == (LAST, LAST)


def test_several_days_above_the_header_are_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, f"2026-07-08\n2026-07-01\n{WORDS}")
    with pytest.raises(InputError, match="--period") as caught:
        read_reports(path)
    assert "2026-07-08, 2026-07-01" in caught.value.render("en")
    file = read_reports(path, period=("2026-07-01", "2026-07-07")).files[0]
    assert (file.first_day, file.last_day) == (FIRST, LAST)


def test_a_row_that_ends_before_it_starts_is_refused() -> None:
    frame = pd.DataFrame(
        {"platform": "x", "keyword": ["a", "b"], "impressions": 9, "clicks": 1, "cost": 1.0,
         "period_start": ["2026-07-01", "2026-07-07"], "period_end": ["2026-07-07", "2026-07-01"]}
    )  # fmt: skip
    with pytest.raises(InputError, match="ends before it starts") as caught:
        facts_from_frame(frame)
    assert caught.value.where == "frame:2"


def test_days_and_periods_in_one_table_stay_what_they_are() -> None:
    frame = pd.DataFrame(
        {
            "platform": "x",
            "keyword": ["a", "b"],
            "impressions": 9,
            "clicks": 1,
            "cost": 1.0,
            "date": ["2026-07-04", ""],
            "period_start": ["", "2026-07-01"],
            "period_end": ["", "2026-07-07"],
        }
    )
    facts = facts_from_frame(frame).facts.set_index("keyword")
    assert facts.loc["a", "date"] == pd.Timestamp("2026-07-04")
    assert pd.isna(facts.loc["a", "period_start"])
    assert (facts.loc["b", "period_start"], facts.loc["b", "period_end"]) == (FIRST, LAST)
    with pytest.raises(InputError, match="frame:2"):
        facts_from_frame(frame.assign(period_start=["", ""], period_end=["", ""]))


@pytest.mark.parametrize(
    ("spans", "kept"),
    [
        ([("2026-07-01", "2026-07-03"), ("2026-07-04", "2026-07-07")], True),
        ([("2026-07-01", "2026-07-05"), ("2026-07-04", "2026-07-07")], False),
    ],
    ids=["one after the other", "at the same time"],
)
def test_spans_of_one_word_are_a_series_where_none_meets_another(
    tmp_path: Path, spans: list[tuple[str, str]], kept: bool
) -> None:
    header = (
        "Start Date,End Date,Campaign Name,Ad Group Name,Targeting,Match Type,Impressions,Clicks,Spend,7 Day "
        "Total Sales,7 Day Total Orders (#)"
    )
    rows = [f"{start},{end},c,g,a,EXACT,9,1,1,0,0" for start, end in spans]
    facts = read_reports(written(tmp_path, "\n".join([header, *rows]))).facts
    whole = [("2026-07-01", "2026-07-07")] * 2
    wanted = [(pd.Timestamp(start), pd.Timestamp(end)) for start, end in (spans if kept else whole)]
    assert list(zip(facts["period_start"], facts["period_end"], strict=True)) == wanted


@pytest.mark.parametrize(
    "label", ["合计", "合计：", "合 计", " 总计 ", "ＴＯＴＡＬ", "Grand total", "本页合计"]
)
def test_a_total_counts_under_no_spelling(tmp_path: Path, label: str) -> None:
    reading = read_reports(written(tmp_path, f"{WORDS}{label},,,150,12,6.5,1\n"))
    assert reading.facts["clicks"].tolist() == [10, 2]
    (dropped,) = reading.files[0].dropped
    assert (dropped.first_row, dropped.sums["clicks"]) == (4, 12)


def test_totals_of_each_day_under_any_label(wanxiangtai: Write) -> None:
    days = [{"日期": day} for day in ("2026-07-04", "2026-07-05", "2026-07-05")]
    total = dict.fromkeys(PLACELESS, "") | {"词名字/词包名字": "小计"}
    sums = {"展现量": "2000", "点击量": "80", "花费": "100.00", "总成交金额": "798.00", "总成交笔数": "4"}
    reading = read_reports(
        wanxiangtai(*days, total | {"日期": "2026-07-04"}, total | {"日期": "2026-07-05"} | sums)
    )
    assert reading.facts["clicks"].tolist() == [40, 40, 40]


def test_a_total_may_be_labelled_in_the_column_of_words(wanxiangtai: Write) -> None:
    total = dict.fromkeys(("日期", *PLACELESS), "") | {"词名字/词包名字": "合计", "展现量": "9"}
    assert read_reports(wanxiangtai({}, total)).facts["impressions"].tolist() == [1000]


def test_a_row_without_a_place_that_is_no_total_is_refused(tmp_path: Path) -> None:
    # As merged cells of campaign and ad group come out.
    with pytest.raises(InputError, match="stands in no campaign") as caught:
        read_reports(written(tmp_path, f"{WORDS}袜,,,30,3,2,0\n"))
    assert caught.value.where.endswith("report.csv:4")
    assert "unmerge" in caught.value.render("en")


def test_subtotals_of_search_terms_are_left_out(tmp_path: Path) -> None:
    reading = read_reports(written(tmp_path, f"{TERMS},甲,,,100,10,5\n"))
    assert reading.facts["clicks"].tolist() == [10]


@pytest.mark.parametrize("word", ["合计", "Total: shoes", "grand total"])
def test_a_word_that_reads_like_a_total_is_a_word(tmp_path: Path, word: str) -> None:
    assert read_reports(written(tmp_path, f"{WORDS}{word},甲,乙,9,1,1,0\n")).facts["clicks"].sum() == 13
