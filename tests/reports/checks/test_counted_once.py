"""Figures that would count twice are dropped and told, or refused: sums among rows, periods that meet, tables
put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.reports import read_reports

Write = Callable[..., Path]
BAIDU = "日期,账户,推广计划,推广单元,关键词,展现,点击,消费,转化"
GOOGLE = "Day,Keyword,Campaign,Ad group,Match type,Device,Currency code,Impr.,Clicks,Cost,Conversions"


@pytest.fixture
def csv(tmp_path: Path) -> Write:
    """Writes lines as a csv."""

    def write(*lines: str, name: str = "report.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines), "utf-8")
        return path

    return write


def baidu(
    word: str, impressions: int, clicks: int, cost: float, day: str = "2026-07-01", unit: str = "U"
) -> str:
    return f"{day},店,P,{unit},{word},{impressions},{clicks},{cost},{clicks // 10}"


def google(word: str, device: str, impressions: int, clicks: int, cost: float) -> str:
    return f"2026-07-01,{word},C,A,Exact match,{device},USD,{impressions},{clicks},{cost},1"


def refused(path: Path, message: str) -> InputError:
    with pytest.raises(InputError, match=message) as caught:
        read_reports(path)
    return caught.value


class TestSumsAmongTheRows:
    def test_all_devices_beside_each_device(self, csv: Write) -> None:
        path = csv(
            GOOGLE,
            google("shoes", "All devices", 1000, 50, 100.5),
            google("shoes", "Computers", 600, 30, 60.25),
            google("shoes", "Mobile phones", 400, 20, 40.25),
        )
        fault = refused(path, "sum of others")
        assert "All devices" in fault.render("en")
        assert fault.where == f"{path.as_posix()}:2"

    def test_each_device_alone(self, csv: Write) -> None:
        path = csv(
            GOOGLE,
            google("shoes", "Tablets", 900, 50, 100.5),
            google("shoes", "Computers", 600, 30, 60.25),
            google("shoes", "Mobile phones", 400, 20, 40.25),
        )
        assert read_reports(path).facts["clicks"].sum() == 100

    def test_the_sum_of_an_ad_group_as_a_word(self, csv: Write) -> None:
        path = csv(BAIDU, baidu("鞋", 1000, 50, 100), baidu("靴", 800, 40, 80), baidu("小计", 1800, 90, 180))
        assert "小计" in refused(path, "sum of others").render("en")

    def test_the_sum_of_everything_as_a_plan(self, csv: Write) -> None:
        total = "2026-07-01,店,全部计划,全部单元,全部关键词,1800,90,180,9"
        path = csv(BAIDU, baidu("鞋", 1000, 50, 100), baidu("靴", 800, 40, 80, unit="V"), total)
        assert "全部关键词" in refused(path, "sum of others").render("en")

    def test_a_word_as_large_as_two_others_in_one_of_many_units(self, csv: Write) -> None:
        rows = [baidu(f"词{n}", 100 + 7 * n * n, 10 + n, 20 + n, unit=f"U{n % 6}") for n in range(30)]
        sum_ = [
            baidu(word, *figures, unit="V")
            for word, figures in (("a", (300, 30, 60)), ("b", (100, 10, 20)), ("c", (200, 20, 40)))
        ]
        assert len(read_reports(csv(BAIDU, *rows, *sum_)).facts) == 33

    def test_a_total_of_any_label_whose_place_is_a_dash(self, csv: Write) -> None:
        total = "2026-07-01,店,-,--,汇总,1800,90,180,9"
        reading = read_reports(csv(BAIDU, baidu("鞋", 1000, 50, 100), baidu("靴", 800, 40, 80), total))
        assert reading.facts["clicks"].sum() == 90
        assert reading.files[0].dropped[0].rows == 1


def test_a_total_that_is_not_that_of_the_rows_is_told(csv: Write) -> None:
    def notes(cost: float) -> list[str]:
        path = csv(BAIDU, baidu("鞋", 1000, 50, 100), baidu("靴", 800, 40, 80), f"合计,,,,,1800,90,{cost},9")
        return [note.en for note in read_reports(path).notes if "the total row says" in note.en]

    assert notes(180.0) == []
    assert "report.csv:4: the total row says cost 999.00, the rows add up to 180.00" in notes(999.0)[0]


class TestPeriodsOfOneTable:
    @pytest.mark.parametrize("last", ["20260701至20260702", "2026-06-30至2026-07-01"])
    def test_rows_of_a_day_and_of_a_range_that_holds_it(self, csv: Write, last: str) -> None:
        path = csv(BAIDU, baidu("鞋", 100, 10, 20), baidu("鞋", 100, 10, 20, day="2026-07-02"),
                   baidu("鞋", 200, 20, 40, day=last))  # fmt: skip
        refused(path, "overlap in time")

    def test_ranges_one_after_the_other(self, csv: Write) -> None:
        path = csv(
            BAIDU,
            baidu("鞋", 100, 10, 20, day="20260701至20260707"),
            baidu("鞋", 90, 9, 20, day="20260708至20260714"),
        )
        assert read_reports(path).facts["clicks"].sum() == 19


class TestTablesPutTogether:
    def test_columns_in_another_order(self, csv: Write) -> None:
        other = BAIDU.replace("消费,转化", "转化,消费")
        path = csv(BAIDU, baidu("鞋", 100, 10, 20), other, "2026-07-02,店,P,U,鞋,100,10,6,110")
        assert refused(path, "second header with other columns").where == f"{path.as_posix()}:3"

    def test_another_range_of_days_above_the_second_header(self, csv: Write) -> None:
        header = "Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Cost,Conversions"
        row = "shoes,C,A,Exact match,1000,50,100.50,5"
        path = csv("Search keyword report", '"July 1, 2026 - July 7, 2026"', header, row,
                   "Search keyword report", '"July 8, 2026 - July 14, 2026"', header, row)  # fmt: skip
        refused(path, "reports of different days")

    def test_the_same_report_twice(self, csv: Write) -> None:
        rows = [baidu("鞋", 100, 10, 20), baidu("靴", 80, 8, 16)]
        refused(csv(BAIDU, *rows, BAIDU, *rows), "below two headers")

    def test_a_header_on_every_page(self, csv: Write) -> None:
        path = csv(BAIDU, baidu("鞋", 100, 10, 20), "\ufeff" + BAIDU, baidu("靴", 80, 8, 16))
        assert read_reports(path).facts["clicks"].sum() == 18


class TestSheetsOfOneWorkbook:
    def test_sheets_of_two_devices_are_not_a_report_and_its_restatement(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, days, times in (("计算机", 5, 1), ("移动", 4, 3)):
            sheet = book.create_sheet(name)
            sheet.append(BAIDU.split(","))
            for day in range(1, days + 1):
                sheet.append(
                    [f"2026-07-0{day}", "店", "P", "U", "鞋", 1000 * times, 50 * times, 100 * times, 5]
                )
        book.save(tmp_path / "devices.xlsx")
        fault = refused(tmp_path / "devices.xlsx", "overlap in time and words")
        assert "[移动]" in fault.render("en")

    def test_a_sheet_that_goes_on_without_a_header(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(BAIDU.split(","))
        row = ["2026-07-01", "店", "P", "U", "鞋", 1000, 50, 100, 5]
        book.active.append(row)
        book.create_sheet("rest").append(["2026-07-02", *row[1:]])
        book.create_sheet("notes").append(["a", "b", "c", "d", "e", "f", "g", "h", "i"])
        book.save(tmp_path / "rest.xlsx")
        assert "[rest]" in str(refused(tmp_path / "rest.xlsx", "looks like the rest of another").where)
        del book["rest"]
        book.save(tmp_path / "notes.xlsx")
        assert read_reports(tmp_path / "notes.xlsx").facts["clicks"].sum() == 50

    def test_files_that_do_not_tell_their_day_of_download(self, csv: Write) -> None:
        days = [f"2026-07-0{day}" for day in range(1, 6)]
        first = csv(BAIDU, *(baidu("鞋", 1000, 50, 100, day) for day in days), name="a.csv")
        second = csv(BAIDU, *(baidu("鞋", 3000, 150, 300, day) for day in days[:4]), name="b.csv")
        with pytest.raises(InputError, match="overlap in time and words"):
            read_reports([first, second])
        restated = csv(BAIDU, *(baidu("鞋", 1000, 51, 102, day) for day in days[:4]), name="b.csv")
        assert read_reports([first, restated]).facts["clicks"].sum() == 250


def test_a_day_of_download_that_is_only_assumed_is_told_as_such(csv: Write) -> None:
    rows = [BAIDU, baidu("鞋", 100, 10, 20)]
    assert read_reports(csv(*rows)).files[0].assumed_download
    assert not read_reports(csv(*rows, name="r_20260703.csv")).files[0].assumed_download


def test_a_status_that_is_not_known_is_told(csv: Write) -> None:
    header = "Keyword,Keyword status,Campaign,Ad group,Match type,Impr.,Clicks,Cost,Conversions"
    path = csv(
        header,
        *(
            f"w{n},{status},C,A,Exact match,100,10,20,1"
            for n, status in enumerate(("Eligible", "En pausa", "Pausiert", "Ruhend"))
        ),
    )
    reading = read_reports(path)
    assert reading.facts["status"].tolist() == ["live", "paused", "paused", "live"]
    told = [note.en for note in reading.notes if "is not known" in note.en]
    assert len(told) == 1
    assert "“Ruhend” is not known and taken as live" in told[0]


class TestCurrencies:
    def test_what_the_money_says_goes_before_what_is_usual(self, csv: Write) -> None:
        path = csv(BAIDU.replace("消费", "消费(美元)"), baidu("鞋", 100, 10, 20))
        assert read_reports(path).facts["currency"].tolist() == ["USD"]
        path = csv(BAIDU.replace("消费", "消费($)"), baidu("鞋", 100, 10, 20))
        assert read_reports(path).facts["currency"].tolist() == [""]

    def test_a_sign_that_contradicts_the_column(self, csv: Write) -> None:
        path = csv(GOOGLE, google("shoes", "Computers", 600, 30, 60.25).replace("60.25", "€60.25"))
        refused(path, "contradicts the sign")
        header, row = (
            "Day,Keyword,Campaign,Ad group,Match type,Currency code,Impr.,Clicks,Cost,Conversions",
            "2026-07-01,shoes,C,A,Exact match,RMB,100,10,20元,1",
        )
        assert read_reports(csv(header, row)).facts["cost"].tolist() == [20]

    def test_a_cost_of_nothing_is_in_the_currency_of_its_account(self, csv: Write) -> None:
        header = "Day,Account,Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Cost,Conversions"
        rows = [
            f"2026-07-01,{account},w{n},C,A,Exact match,100,10,{cost},1"
            for n, (account, cost) in enumerate((("a", "€5.00"), ("b", "£5.00"), ("b", "0.00")))
        ]
        assert read_reports(csv(header, *rows)).facts["currency"].tolist() == ["EUR", "GBP", "GBP"]

    def test_of_two_columns_of_currencies_that_before_the_cost_counts(self, csv: Write) -> None:
        header = (
            "Day,Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Currency code,Cost (Converted currency),"
            "Currency code,Cost,Conversions"
        )
        path = csv(header, "2026-07-01,shoes,C,A,Exact match,1000,50,USD,120.60,EUR,100.50,5")
        facts = read_reports(path).facts
        assert facts[["currency", "cost"]].to_numpy().tolist() == [["EUR", 100.5]]


def test_two_columns_of_days_that_differ(csv: Write) -> None:
    header = "Day,Day,Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Cost,Conversions"
    refused(
        csv(header, "2026-07-01,2026-07-02,shoes,C,A,Exact match,1000,50,100.50,5"),
        "several columns may be date",
    )


def told(path: Path, words: str) -> list[str]:
    return [note.en for note in read_reports(path).notes if words in note.en]


def test_places_that_only_some_rows_tell(csv: Write) -> None:
    rows = [baidu("鞋", 100, 10, 20), baidu("靴", 80, 8, 16)]
    assert told(csv(BAIDU, *rows), "name no") == []
    path = csv(BAIDU, rows[0], rows[1].replace(",P,", ",,"))
    assert "1 rows name no campaign (the first is row 3)" in told(path, "name no")[0]


@pytest.mark.parametrize(
    ("cost", "bid", "notes"), [(20.0, 3.0, 0), (20.0, 3_000_000.0, 1), (900_000.0, 0.05, 1)]
)
def test_money_in_another_unit(csv: Write, cost: float, bid: float, notes: int) -> None:
    header = "Day,Keyword,Campaign,Ad group,Match type,Max. CPC,Impr.,Clicks,Cost,Conversions"
    path = csv(header, f"2026-07-01,shoes,C,A,Exact match,{bid},100,10,{cost},1")
    assert len(told(path, "millionths")) == notes


@pytest.mark.parametrize(("currency", "refused"), [("USD", True), ("", True), ("VND", False)])
def test_millionths_of_a_large_currency_are_never_acted_on(csv: Write, currency: str, refused: bool) -> None:
    header = "Day,Keyword,Campaign,Ad group,Match type,Currency code,Impr.,Clicks,Cost,Conversions"
    path = csv(header, f"2026-07-01,shoes,C,A,Exact match,{currency},100,10,20000000,1")
    if refused:
        with pytest.raises(InputError, match="--money-unit millionths"):
            read_reports(path)
    else:
        assert len(told(path, "millionths")) == 1


def test_whoever_knows_says_what_money_that_looks_like_millionths_is_in(csv: Write) -> None:
    header = "Day,Keyword,Campaign,Ad group,Match type,Max. CPC,Impr.,Clicks,Cost,Conversions,Conv. value"
    path = csv(header, "2026-07-01,shoes,C,A,Exact match,3000000,100,10,20000000,1,90")
    divided = read_reports(path, money_unit="millionths")
    assert divided.facts[["bid", "cost", "revenue"]].iloc[0].tolist() == [3.0, 20.0, 90.0]
    assert any("divided by 1,000,000, so that a click costs 2.00" in one.en for one in divided.doubts)
    dear = read_reports(path, money_unit="whole").facts
    assert dear[["bid", "cost"]].iloc[0].tolist() == [3_000_000.0, 20_000_000.0]


def test_a_bid_in_whole_units_beside_cost_in_millionths_stays(csv: Write) -> None:
    header = "Day,Keyword,Campaign,Ad group,Match type,Max. CPC,Impr.,Clicks,Cost,Conversions"
    path = csv(header, "2026-07-01,shoes,C,A,Exact match,3,100,10,20000000,1")
    assert read_reports(path, money_unit="millionths").facts[["bid", "cost"]].iloc[0].tolist() == [3.0, 20.0]


def test_money_that_looks_like_itself_is_never_divided(csv: Write) -> None:
    header = "Day,Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Cost,Conversions"
    path = csv(header, "2026-07-01,shoes,C,A,Exact match,100,10,20,1")
    assert read_reports(path, money_unit="millionths").facts["cost"].tolist() == [20.0]


class TestTheSameWordsWrittenDifferently:
    """Exports of the same days: the newer counts, the older is superseded."""

    HEADER = "Day,Keyword ID,Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Cost,Conversions"

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("829,[shoes],C,A", "829,shoes,C,A"),
            ("829,nike air,C,A", "829,nike\u00a0air,C,A"),
            ("829,shoes,C  1,A", "829,shoes,C 1,A"),
            ("829,shoes,C,A", "829.00,shoes,C,A"),
            ("829123,shoes,C,A", '"829,123",shoes,C,A'),
        ],
    )
    def test_signs_of_the_match_type_spaces_and_ids(self, csv: Write, one: str, other: str) -> None:
        first = csv(self.HEADER, f"2026-07-01,{one},Exact match,1000,50,100.50,5", name="a_20260708.csv")
        second = csv(self.HEADER, f"2026-07-01,{other},Exact match,1000,51,100.50,5", name="b_20260709.csv")
        reading = read_reports([first, second])
        assert reading.facts["clicks"].tolist() == [51]
        assert reading.superseded["clicks"].tolist() == [50]


def test_a_row_that_comes_again_and_again_is_no_file_put_together_twice(csv: Write) -> None:
    row, other, third = baidu("鞋", 100, 10, 20), baidu("靴", 80, 8, 16), baidu("包", 60, 6, 12)
    # Three small rows of a breakdown whose column was left out, beside one that does not repeat.
    assert told(csv(BAIDU, row, row, row, other, third), "letter for letter")
    assert not told(csv(BAIDU, row, other, third), "letter for letter")
    for times, often in ((2, "twice"), (3, "3 times")):
        with pytest.raises(InputError, match=f"(?s)most rows stand {often}, .* put together {often}"):
            read_reports(csv(BAIDU, *[row, other, third] * times))


def test_scattered_days_are_no_slip(csv: Write) -> None:
    header = "Day,Keyword,Campaign,Ad group,Match type,Currency code,Impr.,Clicks,Cost,Conversions"
    days = ("2024-01-05", "2024-06-01", "2024-12-01", "2025-11-01", "2026-07-01")
    rows = [f"{day},shoes,C,A,Exact match,USD,100,10,20,1" for day in days]
    assert not told(csv(header, *rows), "long before")
