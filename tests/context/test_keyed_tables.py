"""Context tables: what people may write, and whom it reaches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.context import Context, given_context, orders_that_count, read_context, unmatched
from ppc_tuner.errors import ConfigError

ROWS = pd.DataFrame(
    {
        "campaign": ["甲", "甲", "乙", "乙"], "ad_group": ["1", "2", "1", "1"],
        "item_id": ["100", "200", "300", np.nan], "keyword": ["a", "b", "c", "d"], "revenue": 100.0,
        "net_basis": False, "last_day": pd.NaT,
    }
)  # fmt: skip
NOTHING_REPORTED = pd.DataFrame(index=ROWS.index)


@pytest.fixture
def read(tmp_path):
    """read(csv, csv, ...): the context of files that hold this."""

    def run(*tables):
        paths = [tmp_path / f"{number}.csv" for number in range(len(tables))]
        for path, table in zip(paths, tables, strict=True):
            path.write_text(table, encoding="utf-8")
        return read_context(paths)

    return run


@pytest.fixture
def told(read, settings):
    """told(csv, csv, ...): what the context of these files gives of ROWS, and what was assumed."""

    def run(*tables):
        return given_context(ROWS, NOTHING_REPORTED, read(*tables), settings)

    return run


@pytest.fixture
def refusal(told):
    def run(*tables):
        with pytest.raises(ConfigError) as caught:
            told(*tables)
        return caught.value

    return run


def test_a_margin_reaches_its_item_only(told):
    rows, _ = told("item_id,margin\n100,0.5\n300,25%\n")
    assert rows["margin"].tolist() == [0.5, 0.35, 0.25, 0.35]
    assert rows["break_even_roas"].tolist() == pytest.approx([2.0, 1 / 0.35, 4.0, 1 / 0.35])


def test_the_most_specific_table_wins_whatever_the_order_of_files(told):
    tables = ("keyword,margin\na,0.4\n", "campaign,margin\n甲,0.1\n", "item_id,margin\n100,0.2\n200,0.3\n")
    for order in (tables, tables[::-1]):
        assert told(*order)[0]["margin"].tolist() == [0.4, 0.3, 0.35, 0.35]


def test_a_table_may_have_two_keys(told):
    rows, _ = told("campaign,ad_group,margin\n乙,1,0.6\n")
    assert rows["margin"].tolist() == [0.35, 0.35, 0.6, 0.6]


def test_an_empty_cell_leaves_what_a_wider_table_said(told):
    rows, _ = told("item_id,margin,refund_rate\n100,,0.2\n", "campaign,margin\n甲,0.5\n")
    assert rows.loc[0, ["margin", "refund_rate"]].tolist() == [0.5, 0.2]


def test_chinese_headers_main_words_and_kinds(told):
    rows, _ = told("关键词,主推词,词类\nb,羽绒服男,head\n")
    assert rows.loc[1, ["main_word_given", "kind_given"]].tolist() == ["羽绒服男", "head"]
    assert rows["kind_given"].isna().tolist() == [True, False, True, True]


def test_ids_keep_their_leading_zeros(told):
    rows, _ = told("item_id,margin\n0100,0.5\n")
    assert rows["margin"].tolist() == [0.35] * 4


def test_a_figure_without_a_key_is_refused(refusal):
    assert refusal("item_id,margin\n100,0.5\n,0.9\n").where.endswith("0.csv:3")


def test_blank_lines_at_the_end_are_no_fault(told):
    rows, _ = told("item_id,margin\n100,0.5\n,\n,\n")
    assert rows["margin"].tolist() == [0.5, 0.35, 0.35, 0.35]


class TestRefunds:
    """Refunds come off the revenue of facts, which hold the same keys."""

    def test_the_rate_of_its_item_else_the_setting_is_taken_off(self, read, settings):
        known = read("item_id,refund_rate\n100,0.25\n")
        counted = orders_that_count(ROWS, known, replace(settings, refund_rate=0.1))
        assert counted["revenue"].tolist() == pytest.approx([75.0, 90.0, 90.0, 90.0])

    def test_net_revenue_is_left_alone(self, read, settings):
        net = ROWS.assign(net_revenue=[100.0, np.nan, 100.0, np.nan])
        known = read("item_id,refund_rate\n100,0.25\n200,0.25\n")
        counted = orders_that_count(net, known, settings)
        assert counted["revenue"].tolist() == [100.0, 75.0, 100.0, 100.0]


class TestRefusals:
    def test_a_misspelt_column(self, refusal):
        fault = refusal("item_id,margn\n100,0.5\n")
        assert fault.where.endswith("0.csv:1")
        assert "margn" in str(fault)
        assert "did you mean 'margin'" in str(fault)

    @pytest.mark.parametrize(
        ("table", "row", "column"),
        [
            ("item_id,margin\n100,0.5\n200,1.5\n", 3, "margin"),
            ("item_id,margin\n100,-0.1\n", 2, "margin"),
            ("item_id,margin\n100,0\n", 2, "margin"),
            ("item_id,margin\n100,much\n", 2, "margin"),
            ("item_id,refund_rate\n100,100%\n", 2, "refund_rate"),
            ("item_id,value_per_conversion\n100,-5\n", 2, "value_per_conversion"),
            ("keyword,kind\na,hed\n", 2, "kind"),
            ("item_id,margin\n100,0.5\n100,0.4\n", 3, "item_id"),
        ],
    )
    def test_a_cell_that_will_not_do(self, refusal, table, row, column):
        fault = refusal(table)
        assert fault.where.endswith(f"0.csv:{row}")
        assert column in str(fault)

    @pytest.mark.parametrize(
        "table", ["margin\n0.5\n", "item_id\n100\n", "item_id,margin,margin\n1,0.2,0.3\n"]
    )
    def test_a_table_that_says_nothing_clear(self, refusal, table):
        assert refusal(table).where.endswith("0.csv:1")


def test_brand_words_are_collected_once_each(tmp_path):
    (tmp_path / "brands.csv").write_text("品牌词\n耐克\n\n耐克\nNike\n", encoding="utf-8")
    (tmp_path / "own.csv").write_text("自家品牌词\n山野\n山野\n", encoding="utf-8")
    known = read_context([tmp_path])
    assert known.brand_words == ("耐克", "Nike")
    assert known.own_brands == ("山野",)


@pytest.mark.parametrize("ruined", ["8.45301E+11", "8.45E+11", "8e+11"])
def test_an_id_that_a_spreadsheet_has_shortened_is_refused(refusal, ruined):
    fault = refusal(f"item_id,margin\n100,0.5\n{ruined},0.4\n")
    assert fault.where.endswith("0.csv:3")
    assert ruined in str(fault)
    assert "as text" in str(fault)


class TestRowsWithoutMatch:
    @pytest.fixture
    def lines(self, tmp_path):
        def run(table, facts=ROWS):
            (tmp_path / "items.csv").write_text(table, encoding="utf-8")
            return [(one.zh, one.en) for one in unmatched(read_context([tmp_path]), facts)]

        return run

    def test_rows_that_all_match_say_nothing(self, lines):
        assert lines("item_id,margin\n100,0.5\n300,0.4\n") == []

    def test_how_many_and_the_first_and_what_the_report_holds(self, lines):
        [(zh, en)] = lines("item_id,margin\n100,0.5\n301,0.4\n999,0.4\n")
        for said in (zh, en):
            assert "2/3" in said
            assert "items.csv:3" in said
            assert "“301”" in said
            assert "“300”" in said

    def test_two_keys_must_match_together(self, lines):
        [(_, en)] = lines("campaign,ad_group,margin\n甲,2,0.3\n乙,2,0.3\n")
        assert "1/2" in en
        assert "乙 + 2" in en

    def test_a_report_without_the_column_uses_none(self, lines):
        [(zh, en)] = lines("item_id,margin\n100,0.5\n", ROWS.drop(columns="item_id"))
        assert "宝贝ID" in zh
        assert "none of its 1 rows" in en

    def test_a_row_without_a_value_is_told(self, lines):
        [(_, en)] = lines("item_id,margin\n100,0.5\n200,\n")
        assert "1 rows give no value" in en
        assert "items.csv:3" in en

    def test_tables_made_in_memory_have_a_name_too(self):
        table = pd.DataFrame({"keyword": ["z"], "margin": [0.4]}, index=[7])
        [line] = unmatched(Context((table,)), ROWS)
        assert "context 1:7" in line.en


class TestAssumptions:
    def test_what_was_not_given_is_said_with_its_figure(self, told):
        _, assumed = told("item_id,margin\n100,0.5\n")
        text = "\n".join(line.en for line in assumed)
        assert "3 rows" in text
        assert "35%" in text
        assert "2.86" in text
        assert "refund" in text
        assert "brand" in text
        assert "main word" in text

    def test_what_was_given_is_not_assumed(self, settings):
        table = pd.DataFrame({"keyword": list("abcd"), "margin": 0.4, "refund_rate": 0.0, "main_word": "x"})
        _, assumed = given_context(ROWS, NOTHING_REPORTED, Context((table,), ("耐克",)), settings)
        [left] = assumed
        assert "not looked at" in left.en
        assert "main word" not in left.en
