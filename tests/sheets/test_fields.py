"""How wide and how high: Chinese counts double, numbers fit, unknown columns are shown as they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.sheets.fields import display_width, field_of, kind_of, label_width, lines_of, text_width


def test_chinese_counts_double() -> None:
    assert display_width(pd.Series(["羽绒服ab", "abc", None], dtype="str")).tolist() == [8, 3, 0]
    assert text_width("羽绒服ab") == 8


def test_lines_grow_with_the_text_and_its_breaks() -> None:
    texts = pd.Series(["短", "字" * 45, "a\nb\nc", None], dtype="str")
    assert lines_of(texts, 31.5).tolist() == [1, 4, 3, 1]


@pytest.mark.parametrize(
    ("name", "values", "text"),
    [
        ("cost", [123456789.125], "123,456,789.13"),
        ("bid_change", [-0.255], "-25.5%"),
        ("roi", [123.456], "+12,345.6%"),
        ("ctr_raw", [0.0512], "5.12%"),
        ("impressions", [1234567.0], "1,234,567"),
        ("conversions", [1234.5], "1,234.5"),
    ],
)
def test_a_number_fits_its_column(name: str, values: list[float], text: str) -> None:
    field = field_of(pd.DataFrame({name: values}), name, "zh")
    assert field.width > len(text)


def test_counts_show_a_decimal_only_where_there_is_one() -> None:
    assert field_of(pd.DataFrame({"conversions": [1.0, np.nan, 3.0]}), "conversions", "zh").show == "count"
    assert field_of(pd.DataFrame({"conversions": [1.0, 2.5]}), "conversions", "zh").show == "fraction"


def test_the_values_decide_where_they_are_of_another_nature() -> None:
    assert kind_of(pd.Series(["a", "b"], dtype="str"), "money") == "text"
    assert kind_of(pd.Series([1.0, 2.0]), "text") == "number"
    assert kind_of(pd.Series([pd.NaT, pd.Timestamp("2026-07-05")]), None) == "date"
    assert kind_of(pd.Series([True, None], dtype="boolean"), None) == "flag"
    assert kind_of(pd.Series([True, np.nan], dtype="object"), "flag") == "flag"
    assert kind_of(pd.Series(["a", np.nan], dtype="object"), "flag") == "text"
    assert kind_of(pd.Series([np.nan, np.nan]), "text") in ("text", "number")


def test_an_unknown_column_goes_by_its_own_name() -> None:
    field = field_of(pd.DataFrame({"campaign_type": ["a"]}), "campaign_type", "en")
    assert (field.label, field.kind) == ("campaign_type", "text")


def test_long_names_do_not_make_a_column_endless() -> None:
    assert field_of(pd.DataFrame({"keyword": ["词" * 200]}), "keyword", "zh").width < 40


def test_brackets_in_a_header_stay_in_one_line() -> None:
    # （分几周走到） is seven signs, 14 wide; two more for the filter's arrow.
    assert label_width("目标点击花费（分几周走到）") == 16
    assert label_width("目标点击花费") == 10


def test_where_nothing_is_wrapped_text_gets_the_width_it_needs() -> None:
    frame = pd.DataFrame({"item": ["宝" * 40], "reason_zh": ["因" * 45]})
    assert field_of(frame, "item", "zh", most=110).width > 80
    assert field_of(frame, "reason_zh", "zh", most=110).width > 90
    assert field_of(frame, "item", "zh").width < 30
