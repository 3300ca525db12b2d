"""The overview: totals that reconcile, subtotals that add up, currencies apart, a chart on its own ground."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from accounts import account, words

from ppc_tuner import tune
from ppc_tuner.sheets import save
from ppc_tuner.sheets.summary_tables import largest_and_others, named_field, reconciled, sums

Build = Callable[..., pd.DataFrame]
Rows = list[list[Any]]


def rows_of(path: Path, actions: pd.DataFrame, summary: Any, lang: Any = "zh") -> Rows:
    save(actions, summary, path, lang)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def check_rows(path: Path, name: str = "数据核对") -> Rows:
    """The rows of the last sheet that is seen."""
    return [list(row) for row in openpyxl.load_workbook(path)[name].iter_rows(values_only=True)]


def under(rows: Rows, heading: str) -> Rows:
    """Header and rows below a heading, up to the next line without a second cell."""
    start = next(number for number, row in enumerate(rows) if row[0] == heading) + 1
    end = next((n for n in range(start, len(rows)) if not any(rows[n][1:])), len(rows))
    return rows[start:end]


def test_what_was_read_and_the_headline(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions()
    rows = rows_of(tmp_path / "a.xlsx", actions, build_summary(actions))
    assert rows[0][0] == "关键词操作 · 总览"
    assert under(rows, "先要知道的") == []
    assert rows[[row[0] for row in rows].index("先要知道的") + 1][0] == "要动 4 个词"
    files = under(check_rows(tmp_path / "a.xlsx"), "读到的文件")
    assert [cell for cell in files[1] if cell is not None][:4] == ["a.csv", "关键词报表", "gb18030", 8]
    assert files[1][-4] == "=1+1"


def test_totals_agree_and_say_so(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions()
    save(actions, build_summary(actions), tmp_path / "a.xlsx", "zh")
    table = under(check_rows(tmp_path / "a.xlsx"), "数据核对：报表与清单")
    place = {name: at for at, name in enumerate(table[0])}
    files, listed = table[1], table[2]
    assert [files[place[name]] for name in ("词数", "展现", "点击", "花费", "成交金额")] == [
        8,
        8000,
        400,
        36,
        802,
    ]
    assert listed[place["花费"]] == 36
    assert listed[place["核对"]] == "✓ 与报表一致"
    assert files[place["核对"]] is None


def test_totals_that_differ_say_what_and_by_how_much(build_actions: Build, build_summary: Any) -> None:
    totals = build_summary(build_actions())["totals"]
    totals.loc[totals["source"] == "list", "cost"] -= 1.25
    table = reconciled(totals, "en")
    assert table.frame["mark"].tolist() == ["", "✗ Cost -1.25"]
    assert table.tones == ("", "bad")


def test_a_figure_missing_on_one_side_is_a_difference(build_actions: Build, build_summary: Any) -> None:
    totals = build_summary(build_actions())["totals"]
    totals.loc[totals["source"] == "list", "revenue"] = np.nan
    assert reconciled(totals, "en").frame["mark"].tolist() == ["", "✗ Revenue -802.00"]
    totals["revenue"] = np.nan
    assert reconciled(totals, "en").tones == ("", "good")


def test_a_list_without_its_files_does_not_pass(build_actions: Build, build_summary: Any) -> None:
    totals = build_summary(build_actions())["totals"]
    assert reconciled(totals.loc[totals["source"] == "list"], "en").tones == ("bad",)


def test_periods_are_turned_with_measures_across(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions()
    table = under(rows_of(tmp_path / "a.xlsx", actions, build_summary(actions)), "本期对比上期")
    told = [[cell for cell in row if cell is not None] for row in table]
    assert told == [
        ["点击", "花费", "投入产出比"],
        ["本期", 60, 110, 3],
        ["上期", 50, 100, 4],
        ["变化", 0.2, 0.1, -0.25],
    ]


def test_the_forecast_says_from_and_to(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions()
    table = under(
        rows_of(tmp_path / "a.xlsx", actions, build_summary(actions), "en"), "If you accept all: next week"
    )
    told = [[cell for cell in row if cell is not None] for row in table]
    assert told[:5] == [
        ["Clicks", "Cost"],
        ["Now (estimated, orders still to come included)", 50, 100],
        ["All accepted", 60, 110],
        ["From (80 % range)", 45, 90],
        ["To (80 % range)", 70, 130],
    ]
    assert told[5] == ["Change", pytest.approx(0.2), pytest.approx(0.1)]


def test_actions_add_up_and_items_stand_below_the_total(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions()
    summary = build_summary(actions)
    fix = pd.DataFrame([{**summary["by_action"].iloc[0].to_dict(), "action": "fix_picture", "cost": 99.0}])
    summary["by_action"] = pd.concat([fix, summary["by_action"]], ignore_index=True)
    table = under(rows_of(tmp_path / "a.xlsx", actions, summary), "各动作的词数与金额")
    assert [row[0] for row in table[1:8]] == ["提价", "降价", "删词", "观察", "保持", "合计", "换图"]
    words, cost = table[0].index("词数"), table[0].index("花费")
    assert [row[words] for row in table[1:7]] == [1, 1, 1, 2, 3, 8]
    assert [row[cost] for row in table[1:7]] == [1, 2, 3, 9, 21, 36]


def test_at_most_thirty_rows_and_the_rest_in_one_line() -> None:
    plans = pd.DataFrame(
        {
            "campaign": [f"c{n}" for n in range(50)],
            "clicks": 10.0,
            "impressions": 100.0,
            "cost": np.arange(50.0),
        }
    )
    shown, tones = largest_and_others(plans.assign(ctr_raw=0.1), "campaign", "en")
    assert shown["campaign"].tolist()[:2] == ["c49", "c48"]
    assert shown["campaign"].tolist()[30:] == ["20 others", "Total"]
    assert tones[30:] == ("others", "total")
    # 0 + 1 + … + 19 = 190; 0 + … + 49 = 1225.
    assert shown["cost"].tolist()[30:] == [190, 1225]
    assert shown["cost"][:31].sum() == 1225
    assert shown["ctr_raw"].tolist()[30:] == [pytest.approx(0.1)] * 2


def test_ratios_of_sums_and_unknown_parts() -> None:
    frame = pd.DataFrame({"clicks": [10.0, 30.0], "impressions": [100.0, 300.0], "ctr_raw": [0.1, 0.9]})
    frame = frame.assign(cost=[1.0, 2.0], revenue=[5.0, np.nan], roas=[5.0, np.nan])
    total = sums(frame).iloc[0]
    assert total["ctr_raw"] == pytest.approx(0.1)
    assert total["revenue"] == 5
    assert np.isnan(total["roas"])
    assert np.isnan(sums(frame.assign(impressions=0.0)).iloc[0]["ctr_raw"])


def test_currencies_stand_in_blocks_of_their_own(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions(currencies=("CNY", "USD"))
    rows = rows_of(tmp_path / "a.xlsx", actions, build_summary(actions))
    first = [row[0] for row in rows]
    assert [text for text in first if text and "金额单位" in text and "店铺" in text] == [
        "zhitongche · 店铺CNY    金额单位：人民币元（CNY）",
        "zhitongche · 店铺USD    金额单位：美元（USD）",
    ]
    assert first.count("按计划小计") == 2
    # The words of each currency cost 36; nowhere stands what both together would make.
    totals = [row for row in rows if row[0] == "合计"]
    assert all(36 in row for row in totals)
    assert all(72 not in row for row in rows)


def test_money_burners_are_counted_and_named(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions()
    rows = rows_of(tmp_path / "a.xlsx", actions, build_summary(actions), "en")
    start = next(n for n, row in enumerate(rows) if row[0] == "Money spent without an order")
    said = "The 1 word shown spent 3.00 without an order (amounts in Chinese yuan (CNY))."
    assert rows[start + 1][0] == said
    assert rows[start + 3][0] == "-10an"


def test_nothing_lies_under_the_chart(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions()
    save(actions, build_summary(actions), tmp_path / "a.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert len(sheet._charts) == 1
    anchor = sheet._charts[0].anchor
    covered = sheet.iter_rows(
        min_row=anchor._from.row + 1,
        max_row=anchor.to.row + 1,
        min_col=anchor._from.col + 1,
        max_col=anchor.to.col + 1,
    )
    assert [cell.coordinate for row in covered for cell in row if cell.value is not None] == []


def test_the_chart_draws_the_actions_alone(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions()
    save(actions, build_summary(actions), tmp_path / "a.xlsx", "zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    chart = sheet._charts[0]
    names = chart.series[0].cat.strRef or chart.series[0].cat.numRef
    cells = sheet[names.f.split("!")[1].replace("$", "")]
    assert [row[0].value for row in cells] == ["提价", "降价", "删词", "观察", "保持"]
    costs = sheet[chart.series[0].val.numRef.f.split("!")[1].replace("$", "")]
    assert [row[0].value for row in costs] == [1, 2, 3, 9, 21]


@pytest.mark.parametrize(
    "name", ["totals", "periods", "by_action", "forecast", "by_campaign", "files", "rules"]
)
def test_any_frame_may_be_absent_or_empty(
    tmp_path: Path, build_actions: Build, build_summary: Any, name: str
) -> None:
    actions = build_actions()
    summary = build_summary(actions)
    without = {other: frame for other, frame in summary.items() if other != name}
    absent = rows_of(tmp_path / "a.xlsx", actions, without)
    empty = rows_of(tmp_path / "b.xlsx", actions, without | {name: summary[name].head(0)})
    assert absent == empty


def test_without_revenue_the_chart_shows_cost_alone(
    tmp_path: Path, build_actions: Build, build_summary: Any
) -> None:
    actions = build_actions()
    summary = build_summary(actions)
    summary["by_action"] = summary["by_action"].drop(columns=["revenue", "roas"])
    save(actions, summary, tmp_path / "a.xlsx", "zh")
    charts = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]._charts
    assert [len(chart.series) for chart in charts] == [1]


def test_many_files_are_counted_in_one_line(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions()
    summary = build_summary(actions)
    one = summary["files"]
    summary["files"] = pd.concat([one.assign(source_file=f"{n}.csv", note_zh=None) for n in range(40)])
    summary["files"].iloc[39, summary["files"].columns.get_loc("note_zh")] = "看这里"
    save(actions, summary, tmp_path / "a.xlsx", "zh")
    table = under(check_rows(tmp_path / "a.xlsx"), "读到的文件")
    assert len(table) == 1 + 30 + 1
    assert table[1][0] == "39.csv"
    assert table[31][0] == "另外 10 个文件"
    assert 80 in table[31]


def test_more_and_less_spend_and_the_list_under_other_margins(tmp_path: Path) -> None:
    """By account, where no margin is known; both languages."""
    facts = account(words(20), words(4, "winner", conversions=3.5, revenue=350.0))
    spoken_in: dict[Any, tuple[str, str]] = {
        "en": ("10 % more", "If the margin is"),
        "zh": ("多花一成", "毛利率若为"),
    }
    for lang, spoken in spoken_in.items():
        result = tune(facts, lang=lang)
        path = tmp_path / f"{lang}.xlsx"
        result.save(path)
        rows = [
            [cell for cell in row if cell is not None]
            for row in openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
        ]
        [more] = [row for row in rows if row and row[0] == spoken[0]]
        frame = result.summary["spend"].set_index("spend").loc["more"]
        assert more[1:5] == pytest.approx(frame[["bids", "cost", "conversions", "revenue"]].tolist())
        assert more[-1] == pytest.approx(frame["pays_from"])
        at = next(number for number, row in enumerate(rows) if row and row[0] == spoken[1])
        told = result.summary["what_if"]
        assert [row[0] for row in rows[at + 1 : at + 4]] == told["margin"].tolist()
        assert [row[2] for row in rows[at + 1 : at + 4]] == told["lowered"].tolist()


@pytest.mark.parametrize(("name", "kind"), [("bids", "change"), ("pays_from", "share"), ("margin", "share")])
def test_shares_stand_there_as_per_cent(name, kind):
    assert named_field(pd.DataFrame({name: [-0.07, 0.0, 0.46]}), name, "en").show == kind
