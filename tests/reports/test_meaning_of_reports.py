"""Reports whose writing proves itself, is told by an option, or is refused with the option that settles
it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.reports import facts_from_frame, read_reports

Write = Callable[..., Path]
HEADER = (
    "Date,Campaign Name,Ad Group Name,Targeting,Match Type,Impressions,Clicks,Spend,7 Day Total Sales,7 Day "
    "Total Orders (#)"
)


@pytest.fixture
def report(tmp_path: Path) -> Write:
    """Writes an Amazon report, `;` between cells, of rows [date, impressions, clicks, spend, sales,
    orders]."""

    def write(*rows: tuple[str, ...], header: str = HEADER, name: str = "report.csv") -> Path:
        lines = [header.replace(",", ";")]
        lines += [";".join([row[0], "c", "g", f"word {i}", "EXACT", *row[1:]]) for i, row in enumerate(rows)]
        path = tmp_path / name
        path.write_text("\n".join(lines), "utf-8")
        return path

    return write


def test_a_decimal_comma_proven_in_one_cell_holds_for_all(report: Write) -> None:
    path = report(
        ("2026-07-04", "1.500", "10", "1.234", "8,50", "2"), ("2026-07-04", "9", "1", "2", "0", "0")
    )
    facts = read_reports(path).facts
    assert facts["impressions"].tolist() == [1500, 9]
    assert facts["cost"].tolist() == [1234, 2]
    assert facts["revenue"].tolist() == [8.5, 0]


def test_grouped_impressions_prove_the_money(report: Write) -> None:
    assert read_reports(report(("2026-07-04", "1,500", "10", "1,234", "0", "0"))).facts["cost"].tolist() == [
        1234
    ]


def test_a_column_that_is_not_used_may_prove_it(report: Write) -> None:
    path = report(
        ("2026-07-04", "900", "10", "1,234", "0", "0", "123.4"), header=HEADER + ",Cost Per Click (CPC)"
    )
    assert read_reports(path).facts["cost"].tolist() == [1234]


def test_what_may_be_read_in_two_ways_is_refused_with_its_option(report: Write) -> None:
    path = report(("2026-07-04", "900", "10", "7", "0", "0"), ("2026-07-04", "900", "10", "1,234", "0", "0"))
    with pytest.raises(InputError, match="decimals and thousands") as caught:
        read_reports(path)
    assert caught.value.where == f"{path.as_posix()}:3"
    assert "“1,234” in column “Spend”" in caught.value.render("en")
    assert "--decimal" in caught.value.render("en")
    assert read_reports(path, decimal=".").facts["cost"].tolist() == [7, 1234]
    assert read_reports(path, decimal=",").facts["cost"].tolist() == [7, 1.234]


def test_two_decimal_signs_in_one_file_are_refused(report: Write) -> None:
    path = report(("2026-07-04", "900", "10", "7.5", "0", "0"), ("2026-07-04", "900", "10", "7,25", "0", "0"))
    with pytest.raises(InputError, match="two decimal signs") as caught:
        read_reports(path)
    assert "“7.5” and “7,25”" in caught.value.render("en")
    # With the option the odd cell is named.
    with pytest.raises(InputError, match="cannot be read") as caught:
        read_reports(path, decimal=".")
    assert caught.value.where.endswith(":3")


def test_numbers_of_a_workbook_are_never_ambiguous(report: Write, tmp_path: Path) -> None:
    rows = pd.read_csv(
        report(("2026-07-04", "900", "10", "1.234", "0", "0")), sep=";", dtype={"Spend": float}
    )
    path = tmp_path / "report.xlsx"
    rows.to_excel(path, index=False)
    assert read_reports(path).facts["cost"].tolist() == [1.234]


def test_the_order_of_dates_is_proven_told_or_asked_for(report: Write) -> None:
    figures = ("900", "10", "7.50", "0", "0")
    proven = report(("3/4/2026", *figures), ("13/4/2026", *figures))
    assert read_reports(proven).facts["date"].tolist() == [
        pd.Timestamp("2026-04-03"),
        pd.Timestamp("2026-04-13"),
    ]
    open_ = report(("3/4/2026", *figures))
    with pytest.raises(InputError, match="day and month") as caught:
        read_reports(open_)
    assert "--date-order" in caught.value.render("zh")
    assert caught.value.where.endswith(":2")
    assert read_reports(open_, date_order="mdy").facts["date"].tolist() == [pd.Timestamp("2026-03-04")]
    assert read_reports(open_, date_order="dmy").facts["date"].tolist() == [pd.Timestamp("2026-04-03")]
    same = report(("4/4/2026", *figures))
    assert read_reports(same).facts["date"].tolist() == [pd.Timestamp("2026-04-04")]


def test_what_a_file_proves_goes_before_what_is_told(report: Write) -> None:
    path = report(("13/7/2026", "1,500.50", "10", "7.50", "0", "0"), ("1/7/2026", "900", "10", "2", "0", "0"))
    facts = read_reports(path, date_order="mdy", decimal=",").facts
    assert facts["date"].tolist() == [pd.Timestamp("2026-07-13"), pd.Timestamp("2026-07-01")]
    assert facts["impressions"].tolist() == [1500.5, 900]


def test_two_orders_of_dates_in_one_file_are_refused(report: Write) -> None:
    figures = ("900", "10", "7.50", "0", "0")
    with pytest.raises(InputError, match="two orders of day and month"):
        read_reports(report(("13/4/2026", *figures), ("4/13/2026", *figures)))


@pytest.mark.parametrize(
    ("cost_header", "cost", "currency"),
    [
        ("Spend(€)", "7,50", "EUR"),
        ("Spend (₹)", "7.50", "INR"),
        ("Spend", "€7,50", "EUR"),
        ("Spend", "7.50 US$", "USD"),
        ("Spend", "$7.50", ""),
        ("Spend", "¥7.50", ""),
        ("Spend", "7.50", ""),
        ("Spend (USD)", "7.50", "USD"),
    ],
)
def test_a_currency_is_told_by_its_sign_where_the_sign_is_its_own(
    report: Write, cost_header: str, cost: str, currency: str
) -> None:
    path = report(("2026-07-04", "900", "10", cost, "0", "0"), header=HEADER.replace("Spend", cost_header))
    assert read_reports(path).facts["currency"].tolist() == [currency]


def test_thousands_of_a_currency_are_not_taken_for_it(
    wanxiangtai: Write, wanxiangtai_header: list[str]
) -> None:
    def report(unit: str) -> Path:
        header = [f"{name}{unit}" if name in ("花费", "总成交金额") else name for name in wanxiangtai_header]
        return wanxiangtai({f"花费{unit}": "50.00", f"总成交金额{unit}": "399.00"}, header=header)

    for unit in ("(元)", "（人民币）", " (CNY)"):
        assert read_reports(report(unit)).facts["revenue"].tolist() == [399]
    for unit in ("(万元)", "(环比)", "(分)"):
        with pytest.raises(InputError, match="no known report layout") as caught:
            read_reports(report(unit))
        assert f"cost (花费 ≠ 花费{unit})" in caught.value.render("en")


def test_any_column_of_money_may_carry_its_currency(tmp_path: Path) -> None:
    path = tmp_path / "jd.csv"
    path.write_text(
        "日期,推广计划,推广单元,关键词,总费用(元),展现数,点击数,点击率(%),总订单行,总订单金额(元)\n"
        "2026-07-01,P,U,手机壳,12.50,200,10,9.00,1,50.00\n",
        "utf-8",
    )
    reading = read_reports(path)
    assert reading.facts[["cost", "revenue"]].to_numpy().tolist() == [[12.5, 50]]
    # And a rate in per cent is compared all the same.
    assert any("点击率(%)" in note.zh for note in reading.notes)


def test_cells_of_several_currencies(report: Write) -> None:
    rows = [("2026-07-04", "900", "10", cost, "0", "0") for cost in ("€7.50", "£5.00")]
    assert read_reports(report(*rows)).facts["currency"].tolist() == ["EUR", "GBP"]
    with pytest.raises(InputError, match="several currencies"):
        read_reports(report(*rows, ("2026-07-04", "900", "10", "$5.00", "0", "0")))


def test_windows_of_orders_are_not_put_together(report: Write) -> None:
    row = ("900", "10", "7.50", "0", "0")
    week = report(("2026-07-04", *row), name="week.csv")
    fortnight = report(("2026-07-05", *row), name="fortnight.csv", header=HEADER.replace("7 Day", "14 Day"))
    with pytest.raises(InputError, match="different windows") as caught:
        read_reports([week, fortnight])
    message = caught.value.render("en")
    assert f"{week.as_posix()}: 7 days; {fortnight.as_posix()}: 14 days" in message
    assert "attribution_days" in message


def test_orders_and_sales_of_two_windows_in_one_file_are_refused(report: Write) -> None:
    header = HEADER.replace("7 Day Total Orders", "14 Day Total Orders")
    with pytest.raises(InputError, match="orders and revenue") as caught:
        read_reports(report(("2026-07-04", "900", "10", "7.50", "0", "0"), header=header))
    assert "14 Day Total Orders (#), 7 Day Total Sales" in caught.value.render("en")


def test_of_several_windows_the_shortest_that_orders_and_sales_share_counts(report: Write) -> None:
    header = HEADER.replace("7 Day Total Sales", "14 Day Total Sales") + ",14 Day Total Orders (#)"
    facts = read_reports(report(("2026-07-04", "900", "10", "7.50", "30", "1", "3"), header=header)).facts
    assert facts[["revenue", "conversions", "attribution_days"]].iloc[0].tolist() == [30, 3, 14]


@pytest.mark.parametrize("second", ["7.50", "53.25"], ids=["equal", "different"])
def test_a_column_twice_counts_once_where_both_say_the_same(report: Write, second: str) -> None:
    path = report(("2026-07-04", "900", "10", "7.50", "0", "0", second), header=HEADER + ",Spend")
    if second == "7.50":
        assert read_reports(path).facts["cost"].tolist() == [7.5]
        return
    with pytest.raises(InputError, match="several columns may be cost"):
        read_reports(path)


def test_cost_in_two_currencies_is_asked_about(report: Write) -> None:
    header = HEADER.replace("Spend", "Spend (EUR)") + ",Spend (USD)"
    with pytest.raises(InputError, match="several columns may be cost") as caught:
        read_reports(report(("2026-07-04", "900", "10", "7.50", "0", "0", "8.60"), header=header))
    assert "Spend (EUR), Spend (USD)" in caught.value.render("en")


def test_a_stated_rate_that_is_not_clicks_per_impression_is_told(wanxiangtai: Write) -> None:
    right = read_reports(wanxiangtai({"点击率": "0.04"}))
    assert not any("点击率" in note.zh for note in right.notes)
    bare = read_reports(wanxiangtai({"点击率": "4"}))
    assert not any("点击率" in note.zh for note in bare.notes)
    wrong = read_reports(wanxiangtai({"点击率": "0.31"}))
    assert any("对不上" in note.zh for note in wrong.notes)


def test_subtotals_without_a_word_are_left_out(wanxiangtai: Write) -> None:
    reading = read_reports(
        wanxiangtai(
            {}, {"词ID/词包ID": "", "词名字/词包名字": "", "展现量": "9999"}, {"词名字/词包名字": "鞋"}
        )
    )
    assert reading.facts["impressions"].sum() == 2000
    (dropped,) = reading.files[0].dropped
    assert (dropped.reason.en, dropped.first_row, dropped.sums["impressions"]) == (
        "row without a word (a subtotal)", 3, 9999,
    )  # fmt: skip


@pytest.mark.parametrize("place", [0, 1, 2])
def test_totals_stand_anywhere(wanxiangtai: Write, place: int) -> None:
    blank = dict.fromkeys(
        [
            "计划ID",
            "计划名字",
            "单元ID",
            "单元名字",
            "宝贝ID",
            "宝贝名称",
            "词类型",
            "词ID/词包ID",
            "词名字/词包名字",
        ],
        "",
    )
    rows = [{}, {"词名字/词包名字": "鞋"}]
    rows.insert(place, blank | {"日期": "合计", "展现量": "2000", "点击量": "80"})
    assert read_reports(wanxiangtai(*rows)).facts["clicks"].tolist() == [40, 40]


def test_totals_of_the_old_page_table_go_by_any_label(tmp_path: Path) -> None:
    path = tmp_path / "page.csv"
    path.write_text(
        "状态,商品名称,推广单元类型,计划名称,默认出价,展现量,点击量,花费,总成交金额\n"
        ",店铺合计,,-,-,300,30,￥9.00,￥90.00\n,本页小计,,,-,300,30,￥9.00,￥90.00\n"
        '推广中,短袖,单品,夏,￥1.50,"1,300",30,￥9.00,￥90.00\n总计,,,,-,300,30,￥9.00,￥90.00\n',
        "utf-8",
    )
    reading = read_reports(path)
    assert reading.items["impressions"].tolist() == [1300]
    assert [(one.reason.en, one.rows) for one in reading.files[0].dropped] == [
        ("total row", 1), ("row without a campaign (a total)", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "关键词报告（2026-07-01至2026-07-07）",
        "за период 01.07.2026 - 07.07.2026",
        "account x, 20260701-20260707, all devices",
        "Report 1 for 2026/7/1 ~ 2026/7/7",
    ],
)
def test_a_range_within_a_line_above_the_header_is_the_period(tmp_path: Path, line: str) -> None:
    path = tmp_path / "r.csv"
    path.write_text(
        f"{line}\n1. 生成时间：2026-07-09 10:00\nKeyword,Campaign,Ad group,Impr.,Clicks,Cost\n"
        "a,c,g,9,1,1.50\n",
        "utf-8",
    )
    file = read_reports(path).files[0]
    assert (file.first_day, file.last_day) == (pd.Timestamp("2026-07-01"), pd.Timestamp("2026-07-07"))


def test_words_and_terms_of_one_account_are_told_apart(google: Write, tmp_path: Path) -> None:
    google(("eld", "c", "g", "Eligible", "2.80", "1,470", "30", "63.20", "1.50"))
    (tmp_path / "terms.csv").write_text(
        "t\n1 May 2026 - 8 May 2026\nSearch term,Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Cost\n"
        "x,eld,c,g,Broad match,470,9,3.20\n",
        "utf-8",
    )
    assert any("search terms shows the same clicks" in note.en for note in read_reports(tmp_path).notes)


def test_an_encoding_under_which_a_column_is_lost_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    header = "Keyword,Campaign,Ad group,Impr.,Clicks,Cost,Conv. value（USD）\n"
    path.write_bytes((header + "a,c,g,9,1,1.50,7.25\n").encode("gb18030"))
    reading = read_reports(path)
    assert (reading.files[0].encoding, reading.facts["revenue"].tolist()) == ("gb18030", [7.25])


def test_an_encoding_counts_for_platforms_that_write_in_it(tmp_path: Path) -> None:
    header = "Дата;Кампания;Группа;Условие показа;Показы;Клики;Расход (руб.)\n"
    path = tmp_path / "y.csv"
    path.write_bytes((header + "05.08.2026;Зима;Куртки;пуховик;100;5;12,50\n").encode("windows-1251"))
    reading = read_reports(path)
    assert (reading.files[0].encoding, reading.facts["currency"][0]) == ("cp1251", "RUB")


def test_a_page_named_as_a_workbook(tmp_path: Path) -> None:
    cells = ["日期", "计划名字", "单元名字", "词名字/词包名字", "展现量", "点击量", "花费"]
    head = "".join(f"<th>{cell}</th>" for cell in cells)
    page = (
        f"<html><script>'<td>no</td>'</script><table><tr>{head}</tr>"
        "<tr><td>2026-07-04<td>甲<td>乙<td>短袖<br>男 &amp; 女</td>"
        "<td>1,000</td><td>40</td><td>=50.00</td></tr><tr><td "
        "colspan=4>合计</td><td>1000</td><td>40</td><td>50</td></tr></table></html>"
    )
    path = tmp_path / "report.xls"
    path.write_bytes(page.replace("=50", "50").encode("gb18030"))
    facts = read_reports(path).facts
    assert facts[["keyword", "impressions", "clicks", "cost"]].to_numpy().tolist() == [
        ["短袖 男 & 女", 1000, 40, 50]
    ]


@pytest.mark.parametrize(
    ("word", "told"), [("否", False), ("N", False), ("0.0", False), ("1", True), ("yes", True)]
)
def test_flags_of_canonical_tables(word: str, told: bool) -> None:
    frame = pd.DataFrame(
        {"platform": "x", "keyword": ["a"], "impressions": 9, "clicks": 1, "cost": 1.0, "biddable": [word]}
    )
    assert facts_from_frame(frame).facts["biddable"].tolist() == [told]


@pytest.mark.parametrize(
    ("column", "word"), [("biddable", "maybe"), ("status", "stopped"), ("unbiddable_as", "x")]
)
def test_words_that_a_canonical_table_cannot_hold_are_refused(column: str, word: str) -> None:
    frame = pd.DataFrame(
        {"platform": "x", "keyword": ["a"], "impressions": 9, "clicks": 1, "cost": 1.0, column: [word]}
    )
    with pytest.raises(InputError, match=word) as caught:
        facts_from_frame(frame)
    assert caught.value.where == "frame:1"


def test_a_status_in_chinese() -> None:
    frame = pd.DataFrame(
        {"platform": "x", "keyword": ["a"], "impressions": 9, "clicks": 1, "cost": 1.0, "status": ["暂停"]}
    )
    assert facts_from_frame(frame).facts["status"].tolist() == ["paused"]
