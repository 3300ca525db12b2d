"""The sample with its context: the failing page, the target, the Shop sheet in both languages (advice A9,
A10, A15, A21, A24, A29).
"""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from ppc_tuner import tune
from ppc_tuner.locations import sample_folder

FOLDER = sample_folder() / "zhitongche"


@pytest.fixture(scope="module")
def result():
    return tune(FOLDER / "关键词报表_20261102_091500.csv", context=FOLDER / "context.xlsx")


def test_the_failing_page_is_to_be_mended(result):
    items = result.actions[result.actions["level"] == "item"]
    [shirt] = [row for _, row in items.iterrows() if "衬衫男" in row["item"]]
    assert shirt[["action", "rule", "advice"]].tolist() == ["fix_page", "page-fails", "A15"]
    assert "84%" in shirt["reason_zh"]
    mine = result.actions[(result.actions["main_word"] == "衬衫男") & (result.actions["level"] == "keyword")]
    assert (mine["action"] != "raise").all()


def test_a10_the_change_of_revenue_is_split_without_a_rest(result):
    change = result.summary["shop_change"]
    words = result.actions[result.actions["level"] == "keyword"]
    parts = change[["by_visitors", "by_reporting", "by_conversion", "by_order_value"]]
    assert parts.sum(axis=1).to_numpy() == pytest.approx(change["change"].to_numpy())
    assert change["revenue_now"].sum() == pytest.approx(words["period_revenue"].sum())
    assert change["revenue_before"].sum() == pytest.approx(words["before_revenue"].sum())


def test_a10_the_target_is_that_of_the_days_of_the_period(result):
    target = result.summary["shop_target"].set_index("measure").loc["target_revenue"]
    # 26 to 31 October at 290,000 / 31 a day, 1 November at 330,000 / 30.
    assert target["target"] == pytest.approx(6 * 290_000 / 31 + 330_000 / 30)
    assert target["days"] == 7
    assert any("目标没达成" in line for line in result.summary["headline"]["text_zh"])


def test_a21_the_items_with_most_paid_traffic_are_listed_to_be_checked(result):
    check = result.summary["shop_check"]
    assert len(check) == 5
    assert check["weekly_cost"].is_monotonic_decreasing
    assert check["bad_review"].sum() == 1


def test_a24_a29_sources_show_their_worth_and_the_cost_of_new_customers(result):
    sources = result.summary["shop_sources"]
    assert sources["new_customer_cost"].to_numpy() == pytest.approx(
        (sources["cost"] / sources["new_customers"]).to_numpy()
    )
    assert sources["cost"].sum() == pytest.approx(
        result.actions.loc[result.actions["level"] == "keyword", "cost"].sum()
    )


def test_a11_pictures_that_differ_and_titles_that_may_not(result):
    found = result.summary["shop_creatives"].set_index("creative")["verdict"].to_dict()
    assert found == {"图A 模特": "keep", "图B 平铺": "drop", "标题A": "wait", "标题B": "wait"}


@pytest.mark.parametrize(("lang", "name"), [("zh", "店铺诊断"), ("en", "Shop")])
def test_the_sheet_is_there_and_speaks_one_language(result, tmp_path, lang, name):
    path = tmp_path / "actions.xlsx"
    replace(result, lang=lang).save(path)
    sheet = openpyxl.load_workbook(path)[name]
    said = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    wanted = {
        "zh": ["因转化", "跳失率", "换掉", "自己和自己抢"],
        "en": ["By conversion", "Bounce rate", "replace", "bids against itself"],
    }
    for phrase in wanted[lang]:
        assert any(phrase in text for text in said), phrase


def test_a9_too_many_main_items_of_one_category_are_told(tmp_path, result):
    items = pd.read_csv(FOLDER / "items.csv", dtype=str).assign(role="main", category="男装")[
        ["item_id", "role", "category"]
    ]
    items.to_csv(tmp_path / "roles.csv", index=False)
    told = tune(FOLDER / "关键词报表_20261102_091500.csv", context=tmp_path / "roles.csv").summary[
        "headline"
    ]["text_en"]
    assert any("8 main items" in line for line in told)
    assert not any("main items" in line for line in result.summary["headline"]["text_en"])


def test_a15_returning_visitors_flatter_a_page(tmp_path):
    pages = (
        "item_id,bounce_rate,visit_depth,returning_share\n"
        "845301447209,0.55,3.6,0.4\n847031494120,0.45,4.2,0.4\n"
    )
    (tmp_path / "pages.csv").write_text(pages, encoding="utf-8")
    told = tune(FOLDER / "关键词报表_20261102_091500.csv", context=tmp_path / "pages.csv").summary[
        "headline"
    ]["text_en"]
    [line] = [line for line in told if "flatter" in line]
    assert line.startswith("40% of visitors")
    assert "1 pages pass" in line
