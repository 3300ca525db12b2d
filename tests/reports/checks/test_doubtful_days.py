"""Days that are those of weeks or months, of another period, or that Excel has changed."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.reports import read_reports

GOOGLE = "Day,Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Cost,Conversions"
BAIDU = "账户,推广计划,推广单元,关键词,展现,点击,消费,转化"
ROW = "店,P,U,鞋,1000,50,100.00,5"


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "report.csv"
    path.write_text("\n".join(lines), "utf-8")
    return path


def workbook(tmp_path: Path, *days: object) -> Path:
    book = openpyxl.Workbook()
    book.active.append(GOOGLE.split(","))
    for number, day in enumerate(days):
        book.active.append([day, f"w{number}", "C", "A", "Exact match", 100, 10, 20.5, 1])
    book.save(tmp_path / "report.xlsx")
    return tmp_path / "report.xlsx"


@pytest.mark.parametrize("line", ["Report Aggregation: Weekly", "2. 时间单位：周", "时间粒度：按月"])
def test_rows_of_weeks_and_months_are_no_days(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, line, f"日期,{BAIDU}", f"2026-07-06,{ROW}", f"2026-07-13,{ROW}")
    with pytest.raises(InputError, match="a week or a month") as caught:
        read_reports(path)
    assert caught.value.where == f"{path.as_posix()}:1"


@pytest.mark.parametrize("line", ["Report Aggregation: Daily", "时间单位：日"])
def test_rows_of_days(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, line, f"日期,{BAIDU}", f"2026-07-06,{ROW}", f"2026-07-13,{ROW}")
    assert read_reports(path).facts["clicks"].sum() == 100


def test_the_first_days_of_months_alone_are_months(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a week or a month"):
        read_reports(workbook(tmp_path, datetime.date(2026, 6, 1), datetime.date(2026, 7, 1)))
    assert len(read_reports(workbook(tmp_path, datetime.date(2026, 7, 1))).facts) == 1


def test_days_that_a_spreadsheet_has_taken_for_months(tmp_path: Path) -> None:
    mangled = ["25/06/2026", "30/06/2026", datetime.date(2026, 1, 7), datetime.date(2026, 8, 7)]
    with pytest.raises(InputError, match="day and month may be swapped") as caught:
        read_reports(workbook(tmp_path, *mangled))
    assert "2026-01-07, 25/06/2026" in caught.value.render("en")
    sound = ["25/06/2026", datetime.date(2026, 6, 26)]
    assert read_reports(workbook(tmp_path, *sound)).facts["date"].max() == pd.Timestamp("2026-06-26")


def test_the_period_that_a_report_is_compared_with_is_not_its_own(tmp_path: Path) -> None:
    path = written(
        tmp_path, "对比时间：2026-06-24至2026-06-30", "时间范围：2026-07-01至2026-07-07", BAIDU, ROW
    )
    assert read_reports(path).files[0].first_day == pd.Timestamp("2026-07-01")


def test_of_several_ranges_that_called_the_period_counts(tmp_path: Path) -> None:
    path = written(tmp_path, "数据：2026-06-24至2026-06-30", "时间范围：2026-07-01至2026-07-07", BAIDU, ROW)
    assert read_reports(path).files[0].first_day == pd.Timestamp("2026-07-01")
    path = written(tmp_path, "甲：2026-06-24至2026-06-30", "乙：2026-07-01至2026-07-07", BAIDU, ROW)
    with pytest.raises(InputError, match="several days stand above the header"):
        read_reports(path)
