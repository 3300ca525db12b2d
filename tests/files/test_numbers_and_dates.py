from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.files import to_days, to_ids, to_numbers
from ppc_tuner.files.dates import date_orders


def text(*cells: str | float) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("12", 12.0), ("1,234", 1234.0), ("1,234,567.50", 1234567.5), ("1,23,456", 123456.0), ("￥3.20", 3.2),
        ("$1.50", 1.5),
        ("US$1.50", 1.5), ("1.50 USD", 1.5), ("CNY 8", 8.0), ("3.2元", 3.2), ("１２．５", 12.5), (" 7 ", 7.0),
        ("-4.5", -4.5),
        ("−4.5", -4.5), ("-￥4.5", -4.5), ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0), ("+2", 2.0),
    ],
)  # fmt: skip
def test_numbers_as_reports_write_them(cell: str, number: float) -> None:
    read = to_numbers(text(cell))
    assert read.values.tolist() == [number]
    assert not read.wrong.any()


@pytest.mark.parametrize("cell", ["", " ", "-", "--", " --", "—", "－－", "n/a", "N/A", np.nan])
def test_missing_is_unknown_and_not_wrong(cell: str | float) -> None:
    read = to_numbers(text("1", cell))
    assert math.isnan(read.values[1])
    assert not read.wrong.any()
    days = to_days(text("2026-07-04", cell))
    assert days.start.isna().tolist() == [False, True]
    assert not days.wrong.any()
    assert to_ids(text("12", cell))[0].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    "cell",
    [
        "abc",
        "1,2",
        "12,5",
        "1.2.3",
        "5%",
        "< 10%",
        "inf",
        "nan",
        "1e999",
        "=1+1",
        "0x10",
        "2026-07-04",
        "0,123",
        "0 123",
        "--5",
        "-$-5",
        "12¹",
        "①",
    ],
)
def test_what_is_no_number_is_wrong(cell: str) -> None:
    read = to_numbers(text("1", cell, "2"))
    assert read.wrong.tolist() == [False, True, False]
    assert math.isnan(read.values[1])


def test_shares_by_sign_and_by_style() -> None:
    cells = text("2.35%", "< 10%", "> 90%", " --", "0.0235")
    fraction = to_numbers(cells, share=True)
    assert fraction.values.fillna(-1).tolist() == pytest.approx([0.0235, -1, -1, -1, 0.0235])
    assert not fraction.wrong.any()
    percent = to_numbers(text("2.35%", "2.35"), share=True, percent="percent")
    assert percent.values.tolist() == pytest.approx([0.0235, 0.0235])


def test_decimal_comma() -> None:
    assert to_numbers(text("1.234,50", "0,5"), decimal=",").values.tolist() == [1234.5, 0.5]


def test_numbers_stay_numbers() -> None:
    read = to_numbers(pd.Series([1.5, np.inf, np.nan]))
    assert read.values.fillna(-1).tolist() == [1.5, -1, -1]
    assert read.wrong.tolist() == [False, True, False]


def test_ids_are_text_exactly() -> None:
    ids, ruined = to_ids(text(" 0012345678901234567 ", "", "00"))
    assert ids.fillna("?").tolist() == ["0012345678901234567", "?", "00"]
    assert not ruined


def test_ids_spoilt_by_a_spreadsheet_are_noticed() -> None:
    assert to_ids(text("8.18314E+11"))[1]
    assert to_ids(text("12345678901234568.0"))[1]
    assert to_ids(text("818314041440.0", '=""'))[0].fillna("?").tolist() == ["818314041440", "?"]
    assert to_ids(pd.Series([818314041440.0]))[0].tolist() == ["818314041440"]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-07-04", "2026/7/4", "2026-07-04 00:00:00", "2026/7/4 0:00", "20260704", "2026年7月4日",
        "July 4, 2026", "Jul 4, 2026",
        "4 July 2026", "4 Jul 2026", "２０２６-07-04", " 2026-07-04 ",
    ],
)  # fmt: skip
def test_single_days(cell: str) -> None:
    days = to_days(text(cell))
    assert days.start.tolist() == days.end.tolist() == [pd.Timestamp("2026-07-04")]


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("20260701至20260707", "2026-07-01", "2026-07-07"),
        ("August 8, 2020 - August 14, 2020", "2020-08-08", "2020-08-14"),
        ("1 May 2026 - 8 May 2026", "2026-05-01", "2026-05-08"),
        ("1 Sept 2026 - 8 Sept 2026", "2026-09-01", "2026-09-08"),
        ("2026-07-01 ~ 2026-07-07", "2026-07-01", "2026-07-07"),
        ("2026年7月1日 - 2026年7月7日", "2026-07-01", "2026-07-07"),
    ],
)
def test_ranges(cell: str, start: str, end: str) -> None:
    days = to_days(text(cell))
    assert (days.start[0], days.end[0]) == (pd.Timestamp(start), pd.Timestamp(end))


@pytest.mark.parametrize(
    "cell",
    [
        "All time",
        "2026-13-01",
        "20260707至20260701",
        "7",
        "20260701至",
        "202611",
        "2026111",
        "20260701至2026111",
    ],
)
def test_no_dates(cell: str) -> None:
    assert to_days(text("2026-07-04", cell)).wrong.tolist() == [False, True]


def test_declared_formats_go_first() -> None:
    assert to_days(text("05.08.2023"), ("%d.%m.%Y",)).start[0] == pd.Timestamp("2023-08-05")


def test_blank_days_are_missing() -> None:
    days = to_days(text("2026-07-04", "", np.nan))
    assert days.start.isna().tolist() == [False, True, True]
    assert not days.wrong.any()


@pytest.mark.parametrize(
    "text",
    ["Wed, Jul 1, 2026", "Wednesday 1 July 2026", "2026-07-01T00:00:00+08:00", "2026-07-01T23:59:59.999Z",
     "2026-07-01|3", "2026-07-01 05:00:00"],
)  # fmt: skip
def test_what_stands_around_a_day_does_not_change_it(text: str) -> None:
    assert to_days(pd.Series([text])).start.tolist() == [pd.Timestamp("2026-07-01")]


def test_years_of_two_digits() -> None:
    assert date_orders([pd.Series(["7/13/26"])]).month_first == "7/13/26"
    # 25 may be the day, or the year.
    assert date_orders([pd.Series(["25/7/26"])]).either == "25/7/26"
    assert date_orders([pd.Series(["25/7/26"])]).day_first == ""
    assert to_days(pd.Series(["7/13/26"]), order="mdy").start.tolist() == [pd.Timestamp("2026-07-13")]
    assert to_days(pd.Series(["7/13/26"])).wrong.all()


def test_figures_that_no_report_can_have_are_wrong() -> None:
    read = to_numbers(pd.Series(["1e308", "1e14", "-1e16"]))
    assert read.wrong.tolist() == [True, False, True]
