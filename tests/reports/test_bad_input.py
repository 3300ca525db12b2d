"""Every bad input gives one message of its class, with file, row, found, expected and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.errors import ConfigError, InputError, NoRowsError, UsageError
from ppc_tuner.reports import facts_from_frame, read_reports

Write = Callable[..., Path]
ELD = ("eld", "c", "g", "Eligible", "2.80", "1,470", "30", "63.20", "1.50")


def test_no_rows(google: Write) -> None:
    with pytest.raises(NoRowsError, match="holds no rows") as caught:
        read_reports(google())
    assert caught.value.exit_code == 1


def test_only_totals_are_no_rows(google: Write) -> None:
    with pytest.raises(NoRowsError):
        read_reports(google(("Total: Search", "", "", "", "", "9", "1", "1", "0")))


def test_no_known_header(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("apples,pears,plums\n1,2,3\n", "utf-8")
    with pytest.raises(InputError, match="no known header") as caught:
        read_reports(path)
    message = caught.value.render("en")
    assert "likeliest header: apples,pears,plums" in message
    assert "a keyword report of one of: Amazon Ads, Apple Ads, Baidu" in message


def test_prose_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    path.write_text("hello\nworld\n", "utf-8")
    with pytest.raises(InputError, match="no known header"):
        read_reports(path)


def test_swapped_columns_are_refused(wanxiangtai: Write) -> None:
    rows = [{"展现量": "40", "点击量": "1000"}] * 20
    with pytest.raises(InputError, match="look swapped") as caught:
        read_reports(wanxiangtai(*rows))
    assert caught.value.where.endswith(":2")
    assert "20 of 20 rows" in caught.value.render("en")


def test_a_few_contradictions_are_kept_and_listed(wanxiangtai: Write) -> None:
    rows = [{} for _ in range(60)]
    rows[3] = {"展现量": "3", "点击量": "4"}
    rows[9] = {"点击量": "0", "花费": "0"}
    rows[12] = {"总成交金额": "-20"}
    reading = read_reports(wanxiangtai(*rows))
    assert len(reading.facts) == 60
    found = [(one.source_row, one.reason.en) for one in reading.files[0].implausible]
    assert found == [
        (5, "more clicks than impressions"),
        (11, "orders without a click"),
        (14, "a negative figure"),
    ]


def test_more_than_one_in_twenty_is_refused(wanxiangtai: Write) -> None:
    rows = [{"展现量": "3", "点击量": "4"}] * 4 + [{}] * 56
    with pytest.raises(InputError, match="4 of 60 rows"):
        read_reports(wanxiangtai(*rows))


def test_exactly_one_in_twenty_is_kept(wanxiangtai: Write) -> None:
    rows = [{"展现量": "3", "点击量": "4"}] * 3 + [{}] * 57
    assert len(read_reports(wanxiangtai(*rows)).files[0].implausible) == 3


def test_totals_that_contradict_are_refused(wanxiangtai: Write) -> None:
    rows = [{"展现量": "10", "点击量": "1"}] * 30 + [{"展现量": "0", "点击量": "900"}]
    with pytest.raises(InputError, match="1 of 31 rows"):
        read_reports(wanxiangtai(*rows))


def test_future_dates_are_refused(wanxiangtai: Write) -> None:
    path = wanxiangtai({}, {"日期": "2099-01-01"})
    with pytest.raises(InputError, match="lies in the future") as caught:
        read_reports(path)
    assert caught.value.where == f"{path.as_posix()}:3"
    with pytest.raises(InputError, match="not after 2026-07-03"):
        read_reports(wanxiangtai({}), as_of="2026-07-03")
    assert len(read_reports(wanxiangtai({}), as_of="2026-07-04").facts) == 1


def test_a_period_above_the_header_may_not_be_in_the_future_either(google: Write) -> None:
    with pytest.raises(InputError, match="lies in the future"):
        read_reports(google(ELD, dates="1 May 2099 - 8 May 2099"))


@pytest.mark.parametrize("date", ["yesterday", "2026-02-30", ""])
def test_wrong_and_blank_dates(wanxiangtai: Write, date: str) -> None:
    with pytest.raises(InputError, match="日期") as caught:
        read_reports(wanxiangtai({}, {"日期": date}))
    assert caught.value.where.endswith(":3")


def test_overlapping_summaries_name_both_files(google: Write) -> None:
    first = google(ELD, name="a.csv")
    second = google((*ELD[:6], "31", *ELD[7:]), name="b.csv", dates="5 May 2026 - 12 May 2026")
    with pytest.raises(InputError, match="overlap") as caught:
        read_reports([first, second])
    message = caught.value.render("en")
    assert first.as_posix() in message
    assert second.as_posix() in message
    assert "2026-05-05..2026-05-12" in message


def test_days_inside_a_summary_are_refused(wanxiangtai: Write) -> None:
    with pytest.raises(InputError, match="overlap"):
        read_reports(
            [wanxiangtai({}, name="d.csv"), wanxiangtai({"日期": "20260701至20260707"}, name="s.csv")]
        )


def test_equally_new_days_that_disagree_are_refused(wanxiangtai: Write) -> None:
    files = [wanxiangtai({}, name="a.csv"), wanxiangtai({"花费": "51.00"}, name="b.csv")]
    with pytest.raises(InputError, match="put the day of download into the file names"):
        read_reports(files)


def test_a_long_cell_is_refused(wanxiangtai: Write) -> None:
    with pytest.raises(InputError, match="too long"):
        read_reports(wanxiangtai({"词名字/词包名字": "x" * 40_000}))


def test_too_many_columns(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    header = ",".join(["Keyword", "Campaign", "Ad group", "Impr.", "Clicks", "Cost", *map(str, range(1200))])
    path.write_text(header + "\n1,2,3\n", "utf-8")
    with pytest.raises(InputError, match="too many columns"):
        read_reports(path)


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "readme.md").write_text("hello", "utf-8")
    with pytest.raises(InputError, match="no report was found"):
        read_reports(tmp_path)


def test_a_table_nobody_recognises_fails_the_folder(wanxiangtai: Write, tmp_path: Path) -> None:
    wanxiangtai({})
    (tmp_path / "other.csv").write_text("apples,pears,plums\n1,2,3\n4,5,6\n", "utf-8")
    with pytest.raises(InputError, match=r"other\.csv:1: no known header"):
        read_reports(tmp_path)


@pytest.mark.parametrize("period", [("2026-05-08", "2026-05-01"), ("soon", "2026-05-01")])
def test_a_period_that_is_none(google: Write, period: tuple[str, str]) -> None:
    with pytest.raises(UsageError, match="--period"):
        read_reports(google(ELD), period=period)


FORMAT = """
id: shop
name: Shop
layouts:
  - id: words
    name: words
    level: keyword
    confirmed: true
    required: [keyword, clicks]
    columns:
      keyword: [Word]
      clicks: [Hits]
      impressions: [Seen]
      cost: [Paid]
"""


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        ("    requird: [keyword, clicks]", "    required: [keyword, clicks]", 9, "requird"),
        ("      kyword: [Word]", "      keyword: [Word]", 10, "did you mean 'keyword'"),
        ("    level: word", "    level: keyword", 7, "keyword"),
        ("name: [Shop", "name: Shop", 4, "YAML"),
        ("id: Shop!", "id: shop", 2, "pattern"),
        (
            "    required: [keyword, revenue]",
            "    required: [keyword, clicks]",
            None,
            "no column names are given for revenue",
        ),
    ],
)
def test_a_fault_in_a_format_file_names_its_line(
    wrong: str, right: str, line: int | None, said: str, tmp_path: Path, google: Write
) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(FORMAT.replace(right, wrong), "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_reports(google(ELD), formats=[path])
    assert caught.value.where.startswith(f"{path}:{line}:" if line else str(path))
    assert said in caught.value.render("en")


def test_two_formats_that_recognise_a_file_are_both_named(google: Write, tmp_path: Path) -> None:
    path = tmp_path / "twin.yaml"
    path.write_text(FORMAT.replace("[Word]", "[Keyword]").replace("[Hits]", "[Clicks]"), "utf-8")
    with pytest.raises(InputError, match="more than one format") as caught:
        read_reports(google(ELD), formats=[path])
    assert "Shop words" in caught.value.render("en")
    assert "Google Ads search keyword report" in caught.value.render("en")


def test_a_frame_without_its_columns() -> None:
    with pytest.raises(InputError, match="lacks required columns") as caught:
        facts_from_frame(pd.DataFrame({"platform": ["x"], "keyword": ["a"], "clicks": [1]}))
    assert str(caught.value.expected) == "impressions, cost"


def test_days_after_the_download_are_refused(wanxiangtai: Write) -> None:
    path = wanxiangtai({"日期": "2026-07-04"}, {"日期": "2026-07-06"})
    with pytest.raises(InputError, match="days after its download") as caught:
        read_reports(path, exported_on="2026-07-05")
    assert "2026-07-06" in str(caught.value)
    assert "2026-07-05" in str(caught.value)
    assert read_reports(path, exported_on="2026-07-06").files[0].exported_on == pd.Timestamp("2026-07-06")


def test_a_period_for_a_report_with_dates_is_refused(wanxiangtai: Write, tmp_path: Path) -> None:
    dated = wanxiangtai({})
    with pytest.raises(UsageError, match="holds its own dates") as caught:
        read_reports(dated, period=("2026-06-01", "2026-06-07"))
    assert "2026-07-04..2026-07-04" in str(caught.value)
    undated = tmp_path / "undated.csv"
    undated.write_text("platform,keyword,impressions,clicks,cost\nx,w,10,2,1.5\n", "utf-8")
    both = read_reports([dated, undated], period=("2026-06-01", "2026-06-07"))
    assert [file.first_day for file in both.files] == [pd.Timestamp("2026-07-04"), pd.Timestamp("2026-06-01")]


def test_orders_of_other_days_clicks_are_told_and_not_refused(wanxiangtai: Write) -> None:
    # A report by the day of the order.
    alone = {"点击量": "0", "花费": "0.00"}
    rows = [
        {"词名字/词包名字": f"词{i}", "日期": f"2026-07-0{day}"} | (alone if day == 2 else {})
        for i in range(5)
        for day in (1, 2, 3)
    ]
    file = read_reports(wanxiangtai(*rows)).files[0]
    assert [one.reason.en for one in file.implausible] == ["orders without a click"] * 5


def test_clicks_without_a_cost_are_told_and_refused_where_they_are_many(wanxiangtai: Write) -> None:
    rows = [{"词名字/词包名字": f"词{i}"} for i in range(30)]
    rows[7] |= {"花费": ""}
    (odd,) = read_reports(wanxiangtai(*rows)).files[0].implausible
    assert (odd.source_row, odd.reason.en) == (9, "clicks and a blank cost")
    with pytest.raises(InputError, match="clicks and a blank cost"):
        read_reports(wanxiangtai(*[row | {"花费": ""} for row in rows]))


def test_cost_without_a_click_is_told_and_never_refused(wanxiangtai: Write) -> None:
    rows = [{"点击量": "0", "总成交笔数": "0", "总成交金额": "0"}] * 5 + [{}] * 5
    found = read_reports(wanxiangtai(*rows)).files[0].implausible
    assert [(one.source_row, one.reason.en) for one in found] == [
        (row, "cost without a click") for row in (2, 3, 4, 5, 6)
    ]


@pytest.mark.parametrize(("cost", "told"), [("60000", True), ("49000", False)])
def test_one_row_with_most_of_the_cost_is_told(wanxiangtai: Write, cost: str, told: bool) -> None:
    # The others cost 50.00 each: a thousand times that is 50,000.
    found = read_reports(wanxiangtai(*[{}] * 9, {"花费": cost})).files[0].implausible
    assert [one.source_row for one in found] == ([11] if told else [])
    if told:
        assert f"{float(cost) / 50:,.0f} times the median" in found[0].reason.en


def test_two_large_rows_are_no_slip(wanxiangtai: Write) -> None:
    assert read_reports(wanxiangtai(*[{}] * 9, *[{"花费": "60000"}] * 2)).files[0].implausible == ()


def test_sums_of_cents_are_cents(wanxiangtai: Write) -> None:
    totals = read_reports(wanxiangtai(*[{"花费": "0.10"}] * 3)).files[0].totals
    assert totals["cost"].tolist() == [0.3]


HEAD = "Campaign,Ad group,Keyword,Impr.,Clicks,Cost,Conversions\nc,g,a,100,10,5.50,1\n"


@pytest.mark.parametrize(
    ("text", "row"),
    [("c,g,b,100,10", 3), ("c,g,b,100,10\nc,g,d,9,1,2.00,0", 3), ("c,g,red\nshoes,g,150,5,2,1.00", 3)],
    ids=["broken off", "in the middle", "a line break in a word"],
)
def test_a_row_that_ends_before_its_figures_is_refused(tmp_path: Path, text: str, row: int) -> None:
    path = tmp_path / "cut.csv"
    path.write_text(f"{HEAD}{text}\n", "utf-8")
    with pytest.raises(InputError, match="a row is cut") as caught:
        read_reports(path)
    assert caught.value.where.endswith(f"cut.csv:{row}")


def test_footnotes_are_no_cut_rows(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text(f"{HEAD}\nnote, made by hand\n©2026 A company.\n", "utf-8")
    assert read_reports(path).facts["clicks"].tolist() == [10]
