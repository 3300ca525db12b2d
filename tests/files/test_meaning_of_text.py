"""What texts prove about how a file is written: decimal sign, order of day and month, currency."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.files import date_orders, decimal_signs, money_signs, to_days, to_ids, to_numbers
from ppc_tuner.files.month_names import ENGLISH_NAMES, with_english_months


def text(*cells: str | float) -> pd.Series:
    return pd.Series(list(cells), dtype="str")


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("1 234,5", ",", 1234.5), ("1\u00a0234\u00a0567,50", ",", 1234567.5), ("1\u202f234", ",", 1234),
        ("1.234.567", ",", 1234567),
        ("1.234,50 €", ",", 1234.5), ("R$ 1.234,56", ",", 1234.56), ("12,50 руб.", ",", 12.5),
        ("7,5 kr", ",", 7.5), ("1 234,5 zł", ",", 1234.5),
        ("1'234.50", ".", 1234.5), ("1’234.50", ".", 1234.5), ("12,34,567", ".", 1234567),
        ("Rs. 12", ".", 12), ("１，２３４．５", ".", 1234.5),
        ("1,234.50 TL", ".", 1234.5), ("5円", ".", 5), ("\ufeff12", ".", 12), ("12 %", ".", np.nan),
    ],
)  # fmt: skip
def test_thousands_and_money_of_every_marketplace(cell: str, decimal: str, number: float) -> None:
    read = to_numbers(text(cell), decimal=decimal)
    assert read.values.tolist() == pytest.approx([number], nan_ok=True)
    assert read.wrong[0] == np.isnan(number)


@pytest.mark.parametrize("cell", ["12 34", "1 23", "1'23", "1.234.56", "12,5"])
def test_broken_groups_are_wrong(cell: str) -> None:
    assert to_numbers(text(cell)).wrong.tolist() == [True]


def test_a_per_cent_with_a_decimal_comma() -> None:
    assert to_numbers(text("2,35 %"), share=True, decimal=",").values.tolist() == pytest.approx([0.0235])


@pytest.mark.parametrize(
    ("cell", "point", "comma"),
    [
        ("12.5", True, False), ("12,50", False, True), ("1,234.567", True, False), ("1.234,567", False, True),
        ("0.123", True, False),
        ("0,123", False, True), ("1234.567", True, False), ("1.234.567", False, True),
        ("12,34,567", True, False), ("1 234,5", False, True),
        ("0.08486", True, False), (".5", True, False), ("￥1,234.50", True, False), ("2,5 %", False, True),
        ("12", False, False),
        ("v1.5", False, False), ("2026-07-04", False, False), ("05.08.2026", False, False),
        ("< 10%", False, False), ("--", False, False),
    ],
)  # fmt: skip
def test_what_one_figure_proves(cell: str, point: bool, comma: bool) -> None:
    signs = decimal_signs([], [text(cell)])
    assert (bool(signs.point), bool(signs.comma), signs.either) == (point, comma, "")


@pytest.mark.parametrize("cell", ["1,234", "1.234", "￥1,234", "-12.345", "999,999 €"])
def test_a_sign_before_three_digits_may_be_either(cell: str) -> None:
    signs = decimal_signs([], [text("7", cell)])
    assert (signs.point, signs.comma) == ("", "")
    assert signs.either == pd.Series([cell]).str.normalize("NFKC")[0]


def test_whole_numbers_prove_what_groups_them() -> None:
    assert decimal_signs([text("1,234")], [text("1.234")]).point == "1,234"
    assert decimal_signs([text("1.234")], []).comma == "1.234"


def test_numbers_and_dates_in_memory_prove_nothing() -> None:
    signs = decimal_signs([pd.Series([1.5])], [pd.Series([1.234]), pd.to_datetime(pd.Series(["2026-01-01"]))])
    assert (signs.point, signs.comma, signs.either) == ("", "", "")


def test_a_proof_far_down_is_found() -> None:
    far = text(*["1,234"] * 30_000, "0.5")
    assert decimal_signs([], [far]).point == "0.5"


@pytest.mark.parametrize(
    ("cell", "day", "month", "either"),
    [
        ("13/4/2026", True, False, False), ("4/13/2026", False, True, False),
        ("3/4/2026", False, False, True), ("4/4/2026", False, False, False),
        ("6/10/2026,6/16/2026", False, True, True), ("2026/3/4", False, False, False),
        ("03.04.2026", False, False, False),
        ("Last Completed Available Day: 6/17/2026 7:20:00 AM (GMT)", False, True, False),
    ],
)  # fmt: skip
def test_what_one_date_proves(cell: str, day: bool, month: bool, either: bool) -> None:
    orders = date_orders([text(cell)])
    assert (bool(orders.day_first), bool(orders.month_first), bool(orders.either)) == (day, month, either)


def test_an_order_reads_what_is_wrong_without_one() -> None:
    cells = text("3/4/2026", "03-04-2026")
    assert to_days(cells).wrong.tolist() == [True, True]
    assert to_days(cells, order="dmy").start.tolist() == [pd.Timestamp("2026-04-03")] * 2
    assert to_days(cells, order="mdy").start.tolist() == [pd.Timestamp("2026-03-04")] * 2


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("4. Juli 2026", "2026-07-04"), ("4 juil. 2026", "2026-07-04"), ("4 de julio de 2026", "2026-07-04"),
        ("4 lug 2026", "2026-07-04"),
        ("4 jul. 2026", "2026-07-04"), ("1 мая 2026 г.", "2026-05-01"), ("13 ağu 2026", "2026-08-13"),
        ("2 paź 2026", "2026-10-02"),
        ("5 mrt 2026", "2026-03-05"), ("1 de março de 2026", "2026-03-01"), ("04.07.2026", "2026-07-04"),
        ("6 dic 2026", "2026-12-06"),
        ("2 août 2026", "2026-08-02"), ("2 juin 2026", "2026-06-02"), ("2 lipca 2026", "2026-07-02"),
        ("3 Mart 2026", "2026-03-03"),
        ("4 февр. 2026 г.", "2026-02-04"), ("5 janv. 2026", "2026-01-05"), ("6 settembre 2026", "2026-09-06"),
        ("7 Jänner 2026", "2026-01-07"),
    ],
)  # fmt: skip
def test_days_of_every_marketplace(cell: str, day: str) -> None:
    assert to_days(text(cell)).start.tolist() == [pd.Timestamp(day)]


@pytest.mark.parametrize(
    ("cell", "start", "end"),
    [
        ("20260701-20260707", "2026-07-01", "2026-07-07"),
        ("1 de julio de 2026 - 7 de julio de 2026", "2026-07-01", "2026-07-07"),
        ("01.08.2026 - 07.08.2026", "2026-08-01", "2026-08-07"),
        ("01.08.2026-07.08.2026", "2026-08-01", "2026-08-07"),
        ("2026/7/1-2026/7/7", "2026-07-01", "2026-07-07"),
    ],
)
def test_more_ranges(cell: str, start: str, end: str) -> None:
    days = to_days(text(cell))
    assert (days.start[0], days.end[0]) == (pd.Timestamp(start), pd.Timestamp(end))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1. marraskuuta 2026", "2026-11-01"), ("1. lipnja 2026", "2026-06-01"),
        ("1 lipanj 2026", "2026-06-01"),
        ("4 лип. 2026 р.", "2026-07-04"), ("2026. júl. 4.", "2026-07-04"),
        ("4 d’abril de 2026", "2026-04-04"),
        ("9 Σεπ 2026", "2026-09-09"), ("9 σεπτεμβρίου 2026", "2026-09-09"), ("4 يوليو 2026", "2026-07-04"),
        ("2. kvě 2026", "2026-05-02"), ("2. maj 2026", "2026-05-02"), ("7 rugs. 2026", "2026-09-07"),
        ("1 fevrier 2026", "2026-02-01"), ("1. Maerz 2026", "2026-03-01"),
    ],
)  # fmt: skip
def test_days_in_further_languages(cell: str, day: str) -> None:
    assert to_days(text(cell)).start.tolist() == [pd.Timestamp(day)]


@pytest.mark.parametrize("cell", ["market 1, 2026", "1 augment 2026", "1 marzipan 2026", "1 summai 2026"])
def test_a_word_that_only_begins_or_ends_like_a_month_is_none(cell: str) -> None:
    assert to_days(text(cell)).wrong.tolist() == [True]


class TestNamesOfTwoMonths:
    """listopada: Polish November, Croatian October; srp: Czech August, Croatian July."""

    def test_the_rest_of_the_column_tells_the_language(self) -> None:
        croatian = to_days(text("1. listopada 2026", "1. rujna 2026", "1. srp 2026")).start
        assert [day.month for day in croatian] == [10, 9, 7]
        polish = to_days(text("1 listopada 2026", "1 września 2026")).start
        assert [day.month for day in polish] == [11, 9]
        czech = to_days(text("1. srp 2026", "1. kvě 2026")).start
        assert [day.month for day in czech] == [8, 5]

    def test_alone_it_is_that_of_the_languages_that_export_most(self) -> None:
        assert to_days(text("1 listopada 2026")).start.tolist() == [pd.Timestamp("2026-11-01")]

    def test_alone_and_in_none_of_these_it_is_refused(self) -> None:
        assert to_days(text("1. srp 2026")).wrong.tolist() == [True]

    def test_where_no_language_knows_all_names_those_of_one_month_are_read(self) -> None:
        days = to_days(text("4 juil. 2026", "3 Mart 2026", "1. srp 2026"))
        assert days.start.tolist()[:2] == [pd.Timestamp("2026-07-04"), pd.Timestamp("2026-03-03")]
        assert days.wrong.tolist() == [False, False, True]


def test_english_months_and_other_words_load_no_names_of_other_languages() -> None:
    code = """
import sys, pandas as pd
from ppc_tuner.files import to_days
to_days(pd.Series(["Jul 4, 2026", "5 September 2026", "2026-07-04T08:00:00", "汇总数据合计"], dtype="str"))
assert "babel" not in sys.modules
to_days(pd.Series(["4. Juli 2026"], dtype="str"))
assert "babel" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_english_names_are_those_of_the_calendar() -> None:
    days = pd.date_range("2026-01-01", periods=12, freq="MS")
    names = {f"{day:%b}".lower(): day.month for day in days} | {
        f"{day:%B}".lower(): day.month for day in days
    }
    assert names | {"sept": 9} == ENGLISH_NAMES
    assert with_english_months(text("sept. 1, 2026")).tolist() == ["Sep 1, 2026"]


def test_signs_of_money() -> None:
    cells = text(
        "$1.50", "US$ 3", "1.234,50 €", "5", "￥3", "12 руб.", "USD 3", "3 USD", "--", "R$ 5", np.nan
    )
    assert money_signs(cells).fillna("").tolist() == [
        "$", "US$", "€", "", "¥", "руб.", "USD", "USD", "", "R$", "",
    ]  # fmt: skip


def test_guards_against_spreadsheets_are_no_part_of_an_id() -> None:
    cells = text("[8294579930406]", "[a]", '="0012"', "'0012", "'a", "12\t")
    assert to_ids(cells)[0].tolist() == ["8294579930406", "[a]", "0012", "0012", "'a", "12"]
