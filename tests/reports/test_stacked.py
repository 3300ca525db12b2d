"""Small files of one header are read as one, and come out as if each had been read alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.reports import Reading, read_reports, reading, stacked

HEADER = "日期,计划名字,单元名字,宝贝ID,词类型,词名字/词包名字,展现量,点击量,花费,总成交笔数,总成交金额"
DAYS = [f"2026-06-{day:02}" for day in range(1, 13)]


def row(day: str, word: str = "毛衣", **figures: str) -> str:
    told = {"shown": "120", "clicks": "9", "cost": "6.30", "orders": "1", "revenue": "88.00"} | figures
    return f"{day},计划,单元,1045221,关键词,{word},{','.join(told.values())}"


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    def write(days: dict[str, list[str]], header: str = HEADER) -> Path:
        for day, rows in days.items():
            (tmp_path / f"{day}.csv").write_text("\n".join([header, *rows]) + "\n", "gb18030")
        return tmp_path

    return write


@pytest.fixture
def read_alone(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The labels of the tables that were not read together with others."""
    labels: list[str] = []
    before = stacked.read_table

    def counted(found: Any, *others: Any) -> Any:
        labels.append(Path(found.table.label).name)
        return before(found, *others)

    monkeypatch.setattr(stacked, "read_table", counted)
    return labels


def one_by_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> Reading:
    with monkeypatch.context() as patched:
        patched.setattr(reading, "may_wait", lambda *_: False)
        return read_reports(path)


def assert_same(one: Reading, other: Reading) -> None:
    pd.testing.assert_frame_equal(one.facts, other.facts)
    pd.testing.assert_frame_equal(one.superseded, other.superseded)
    assert one.notes == other.notes
    for mine, its in zip(one.files, other.files, strict=True):
        for field in dataclasses.fields(mine):
            left, right = getattr(mine, field.name), getattr(its, field.name)
            if isinstance(left, pd.DataFrame):
                pd.testing.assert_frame_equal(left, right)
            else:
                assert left == right or (pd.isna(left) and pd.isna(right)), field.name


def ordinary() -> dict[str, list[str]]:
    return {day: [row(day), row(day, "卫衣", clicks="4", cost="2.75")] for day in DAYS}


def test_daily_files_are_read_together_as_if_each_stood_alone(
    folder: Callable[..., Path], read_alone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(ordinary())
    found = read_reports(path)
    assert read_alone == []
    assert len(found.files) == len(DAYS)
    assert found.facts["source_row"].tolist() == [2.0, 3.0] * len(DAYS)
    assert [Path(name).name for name in found.facts["source_file"][::2]] == [f"{day}.csv" for day in DAYS]
    assert_same(found, one_by_one(path, monkeypatch))


def test_sheets_of_a_workbook_likewise(
    tmp_path: Path, read_alone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook(write_only=True)
    for day in DAYS:
        sheet = book.create_sheet(day)
        sheet.append(HEADER.split(","))
        sheet.append([day, "计划", "单元", "1045221", "关键词", "毛衣", 120, 9, 6.3, 1, 88])
    book.save(tmp_path / "days.xlsx")
    found = read_reports(tmp_path)
    assert read_alone == []
    assert [file.sheet for file in found.files] == DAYS
    assert_same(found, one_by_one(tmp_path, monkeypatch))


ODD = {
    "a total row": ["2026-06-05,合计,,,,,240,18,12.60,2,176.00"],
    "a figure that may be read in two ways": [row("2026-06-05", "毛呢", cost='"1,234"')],
    "millionths": [row("2026-06-05", "毛呢", cost="6300000")],
    "another currency": [row("2026-06-05", "毛呢", cost="$6.30")],
    "a row twice": [row("2026-06-05")],
    "more clicks than views": [row("2026-06-05", "毛呢", shown="3")],
    "a row cut off": ["2026-06-05,计划,单元,1045221,关键词,毛呢"],
}


@pytest.mark.parametrize("rows", ODD.values(), ids=ODD)
def test_an_odd_file_is_read_alone_and_says_what_it_says_alone(
    rows: list[str], folder: Callable[..., Path], read_alone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    days = ordinary()
    days["2026-06-05"] += rows
    path = folder(days)
    try:
        alone: Reading | InputError = one_by_one(path, monkeypatch)
    except InputError as error:
        alone = error
    if isinstance(alone, InputError):
        with pytest.raises(InputError) as refused:
            read_reports(path)
        assert refused.value.render("en") == alone.render("en")
    else:
        assert_same(read_reports(path), alone)
    assert "2026-06-05.csv" in read_alone
    # One odd file does not make all others be read one by one.
    assert len(read_alone) < len(DAYS)


def test_dates_that_one_file_proves_prove_nothing_of_another(folder: Callable[..., Path]) -> None:
    days = {"a": [row("13/06/2026")], "b": [row("03/04/2026")]}
    with pytest.raises(InputError) as refused:
        read_reports(folder(days))
    assert "b.csv" in refused.value.render("en")


def test_a_file_in_another_unit_stays_alone(
    folder: Callable[..., Path], read_alone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    days = ordinary()
    days["2026-06-07"] = [row("2026-06-07", cost="6300.00"), row("2026-06-07", "卫衣", cost="2750.00")]
    path = folder(days)
    assert_same(read_reports(path), one_by_one(path, monkeypatch))
    assert "2026-06-07.csv" in read_alone


def test_a_download_day_in_a_name_is_that_of_its_file(folder: Callable[..., Path]) -> None:
    days = {f"关键词_2026061{at}_090000": rows for at, rows in enumerate(list(ordinary().values())[:4], 4)}
    found = read_reports(folder(days))
    assert [str(file.exported_on)[:10] for file in found.files] == [f"2026-06-1{at}" for at in range(4, 8)]
    assert found.facts["exported_on"].dt.day.tolist() == [14, 14, 15, 15, 16, 16, 17, 17]


def test_a_sign_of_money_in_one_file_says_nothing_of_another(
    folder: Callable[..., Path], read_alone: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    header = "Day,Campaign,Ad group,Keyword,Match type,Impr.,Clicks,Cost,Conversions"
    days = {day: [f"{day},c,g,wool,Exact match,120,9,{'€' * (day == DAYS[4])}6.30,1.00"] for day in DAYS}
    path = folder(days, header)
    found = read_reports(path)
    assert found.facts["currency"].tolist() == [*[""] * 4, "EUR", *[""] * 7]
    assert f"{DAYS[4]}.csv" in read_alone
    assert_same(found, one_by_one(path, monkeypatch))


def test_files_without_impressions_or_cost_are_read_too(folder: Callable[..., Path], tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: popo\nname: Popo\nlayouts:\n  - {id: words, name: words, level: keyword, confirmed: false,\n"
        "     required: [keyword, clicks], columns: {date: [Tag], keyword: [Wort], clicks: [Klicks]}}\n",
        "utf-8",
    )
    path = folder({day: [f"{day},zelt,{at}"] for at, day in enumerate(DAYS, 1)}, "Tag,Wort,Klicks")
    found = read_reports(path, formats=[own])
    assert found.facts["clicks"].tolist() == list(range(1, len(DAYS) + 1))
