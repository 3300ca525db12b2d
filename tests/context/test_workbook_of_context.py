"""The template: written, filled in as a person would, read back; the same as csv."""

from __future__ import annotations

from datetime import date

import numpy as np
import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from ppc_tuner.cli import app
from ppc_tuner.context import Context, given_context, read_context, unreported_words, write_template
from ppc_tuner.context.layout import SHEETS, column
from ppc_tuner.errors import ConfigError, OutputError
from ppc_tuner.windows import LookBack, with_unshown


@pytest.fixture
def filled(tmp_path):
    """filled({sheet: [row, ...]}): the context of a template with these rows (canonical names) filled in."""

    def run(content) -> Context:
        path = write_template(tmp_path / "context.xlsx")
        book = openpyxl.load_workbook(path)
        for name, rows in content.items():
            sheet = next(sheet for sheet in book.worksheets if sheet.title.split(" ", 1)[1] == name)
            names = [str(cell.value).split("\n")[1] for cell in sheet[1]]
            for number, row in enumerate(rows, start=2):
                for key, value in row.items():
                    sheet.cell(number, names.index(key) + 1).value = value
        book.save(path)
        return read_context([path])

    return run


def given_of(words, context, settings, last_day=pd.NaT):
    """What a context gives of words that a report with revenue holds, and that says nothing else of them."""
    figures = pd.DataFrame(words).assign(revenue=1.0, net_basis=False, last_day=last_day)
    return given_context(figures, pd.DataFrame(index=figures.index), context, settings)[0]


def test_an_empty_template_is_no_context(filled):
    known = filled({})
    assert known.tables == ()
    assert known.events.empty
    assert known.targets.empty


def test_every_sheet_and_column_explains_itself_in_both_languages(tmp_path):
    book = openpyxl.load_workbook(write_template(tmp_path / "a.xlsx"))
    assert len(book.worksheets) == len(SHEETS) + 1
    guide = "\n".join(
        str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell
    )
    for sheet in SHEETS:
        for name in sheet.columns:
            assert column(name).meaning.zh in guide
            assert column(name).meaning.en in guide
    items = book["宝贝 items"]
    drop_downs = {
        rule.formula1: str(rule.sqref)
        for rule in items.data_validations.dataValidation
        if rule.type == "list"
    }
    assert drop_downs['"主推,新品,普通"'].startswith("I2:")
    assert all(cell.comment.text for cell in items[1])


def test_a_template_never_replaces_a_file(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"mine")
    with pytest.raises(OutputError):
        write_template(tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == b"mine"


def test_what_is_typed_into_excel_is_read(filled):
    known = filled(
        {
            "items": [
                {"item_id": 845301447209, "margin": 0.56, "stock_days": 9, "role": "主推", "presale": "否",
                 "launch_date": date(2026, 9, 1), "season_from": "10-15", "season_to": "2月28日",
                 "category": "外套"},
            ],
            "events": [{"from": date(2026, 11, 1), "to": date(2026, 11, 3), "event": "双11"}],
            "targets": [
                {"month": "2026-02", "target_revenue": 2800},
                {"date": date(2026, 2, 14), "target_revenue": 500},
            ],
            "budgets": [{"campaign": "甲", "daily_budget": 80, "limited": "是"}],
            "brand words": [{"brand_word": "岚砾"}],
            "own brands": [{"own_brand_word": "山野"}],
            "protected words": [{"protected_word": "羽绒服男"}],
            "creatives": [{"creative": "A", "creative_kind": "标题", "impressions": 1000, "clicks": 50}],
        }
    )  # fmt: skip
    items = next(table for table in known.tables if "item_id" in table)
    row = items.iloc[0]
    assert row["item_id"] == "845301447209"
    assert (row["margin"], row["stock_days"], row["role"]) == (0.56, 9.0, "main")
    assert row["presale"] is False or not row["presale"]
    assert (row["season_from"], row["season_to"]) == ("10-15", "02-28")
    assert row["launch_date"] == pd.Timestamp("2026-09-01")
    assert list(known.events["day"]) == list(pd.date_range("2026-11-01", "2026-11-03"))
    # 2800 over 28 days is 100 a day; the 14th has a target of its own.
    assert known.targets.set_index("date")["target_revenue"].sum() == pytest.approx(27 * 100 + 500)
    assert known.budgets.loc[0, ["campaign", "daily_budget", "limited"]].tolist() == ["甲", 80.0, True]
    assert known.brand_words == ("岚砾",)
    assert known.own_brands == ("山野",)
    assert known.creatives.loc[0, "creative_kind"] == "title"


def test_rows_of_one_sheet_may_speak_of_different_things(filled, settings):
    known = filled(
        {
            "items": [
                {"item_id": "1", "category": "外套", "margin": 0.5},
                {"item_id": "2", "category": "外套", "margin": 0.4},
            ],
            "benchmarks": [
                {"category": "外套", "market_ctr": 0.03}, {"item_id": "2", "market_ctr": 0.05},
                {"keyword": "c", "market_ctr": 0.07},
            ],
            "pages": [
                {"item_id": "全店", "returning_share": 0.4},
                {"item_id": "1", "bounce_rate": "84%", "visit_depth": 1.5},
            ],
        }
    )  # fmt: skip
    words = {"item_id": ["1", "2", "2", "3"], "keyword": ["a", "b", "c", "d"]}
    told = given_of(words, known, settings)
    assert told["market_ctr"].tolist()[:3] == [0.03, 0.05, 0.07]
    assert told["market_ctr"].isna().tolist() == [False, False, False, True]
    assert told["returning_share"].tolist() == [0.4] * 4
    assert told["page_grade"].tolist()[0] == "fail"


def test_a_workbook_a_folder_and_a_csv_say_the_same(filled, tmp_path):
    book = filled({"items": [{"item_id": "100", "margin": 0.5}], "brand words": [{"brand_word": "岚砾"}]})
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "宝贝.csv").write_bytes("宝贝ID,毛利率\n100,50%\n".encode("gb18030"))
    (folder / "brands.csv").write_text("brand_word\n岚砾\n", encoding="utf-8-sig")
    (folder / "~$lock.xlsx").write_bytes(b"x")
    other = read_context([folder])
    assert other.brand_words == book.brand_words
    assert other.tables[0].to_dict("list") == book.tables[0].to_dict("list")
    with pytest.raises(ConfigError, match="holds no table"):
        read_context([_empty(tmp_path / "empty")])


def _empty(folder):
    folder.mkdir()
    return folder


def test_margin_follows_from_cost_and_fees(filled, settings):
    known = filled({"items": [{"item_id": "1", "price": 200, "unit_cost": 90, "fee_rate": "5%"}]})
    told = given_of({"item_id": ["1"], "keyword": ["a"]}, known, settings)
    # 1 − .05 − 90 / 200
    assert told["margin"].tolist() == pytest.approx([0.5])
    assert told["margin_given"].tolist() == pytest.approx([0.5])


@pytest.mark.parametrize(
    ("today", "season"),
    [
        ("2026-10-14", "early"),
        ("2026-10-15", "in"),
        ("2027-01-10", "in"),
        ("2026-03-15", "over"),
        ("2026-08-20", "early"),
    ],
)
def test_a_season_may_run_over_new_year(filled, settings, today, season):
    known = filled({"items": [{"item_id": "1", "season_from": "10-15", "season_to": "02-28"}]})
    told = given_of({"item_id": ["1"], "keyword": ["a"]}, known, settings, last_day=pd.Timestamp(today))
    assert told["season"].tolist() == [season]


class TestWordsThatWereNeverShown:
    FIGURES = pd.DataFrame(
        {
            "level": "keyword", "platform": "zhitongche", "campaign": ["甲", "甲", "乙"], "ad_group": "1",
            "item_id": ["7", "7", "8"], "keyword": ["a", "b", "a"], "impressions": [100.0, 0.0, 50.0],
            "clicks": [3.0, 0.0, 1.0], "revenue": 5.0, "net_basis": False,
            "last_day": pd.Timestamp("2026-11-01"),
        }
    )  # fmt: skip
    REPORTED = pd.DataFrame({"bid": [1.0, None, None], "status": ["live", None, None]})

    def test_they_become_rows_of_zeros_in_their_place(self, filled, settings):
        words = [
            {"campaign": "甲", "ad_group": "1", "keyword": "新词", "bid": 2.5, "quality_score": 7},
            {"campaign": "甲", "ad_group": "1", "keyword": "b", "bid": 1.5},
            {"campaign": "甲", "ad_group": "1", "keyword": "a", "bid": 9.9},
            {"campaign": "丙", "ad_group": "1", "keyword": "不在", "bid": 1.5},
        ]
        known = filled({"words": words})
        found = LookBack(self.FIGURES, self.REPORTED, pd.DataFrame(), 1.0, np.arange(len(self.FIGURES)))
        found = with_unshown(found, unreported_words(self.FIGURES, known))
        given, _ = given_context(found.figures, found.reported, known, settings)
        told = pd.concat([found.figures, given], axis=1)
        assert told["keyword"].tolist() == ["a", "b", "a", "新词"]
        new = told.iloc[3]
        assert new[["campaign", "item_id", "bid", "quality_score", "clicks", "impressions"]].tolist() == [
            "甲",
            "7",
            2.5,
            7.0,
            0.0,
            0.0,
        ]
        assert told["never_shown"].tolist() == [False, True, False, True]
        # The report's own bid stays.
        assert told["bid"].tolist()[:2] == [1.0, 1.5]
        assert told["status"].fillna("").tolist() == ["live", "", "", ""]
        assert told["bid_given"].isna().tolist() == [True, False, True, False]


def test_the_command_writes_it(tmp_path):
    done = CliRunner().invoke(app, ["context", "template", "-o", str(tmp_path / "资料.xlsx")])
    assert done.exit_code == 0
    assert (tmp_path / "资料.xlsx").is_file()
