"""Files beside the reports that are none: the program's own lists, and the tables people keep."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.columns import LIST_FIRST
from ppc_tuner.errors import InputError
from ppc_tuner.reports import facts_from_frame, read_reports
from ppc_tuner.reports.recognise import OWN_SHEETS, is_own_list
from ppc_tuner.sheets import save
from ppc_tuner.sheets.labels import SHEET_NAMES

Write = Callable[..., Path]
LIST = pd.DataFrame([dict.fromkeys(LIST_FIRST, "a")]).assign(
    impressions=100.0, clicks=10.0, cost=5.0, conversions=1.0, platform="zhitongche", level="keyword"
)
OWN = ["a.csv", "a.parquet", "a.json", "zh.xlsx", "en.xlsx"]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with the list in every format."""
    folder = tmp_path / "lists"
    folder.mkdir()
    for name in OWN:
        plain = LIST.assign(
            **{c: 0.5 for c in LIST if c not in ("action", "keyword", "campaign", "platform", "level")}
        )
        acted = plain.assign(action="raise", keyword="w", campaign="c", bid_basis="cpc", currency="CNY")
        save(acted, {}, folder / name, "en" if name == "en.xlsx" else "zh")
    return folder


@pytest.mark.parametrize("name", OWN)
def test_an_own_list_named_as_a_report_is_refused(own: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_reports(own / name)
    assert "a list written by this program" in str(caught.value)
    assert "downloaded from the ad platform" in str(caught.value)
    assert is_own_list(own / name)


def test_own_lists_in_a_folder_are_skipped_with_their_reason(own: Path, wanxiangtai: Write) -> None:
    report = shutil.move(wanxiangtai({}), own)
    reading = read_reports(own)
    assert [file.path for file in reading.files] == [Path(report)]
    reasons = {Path(one.label).name: one.reason.en for one in reading.skipped}
    assert {name for name, reason in reasons.items() if "written by this program" in reason} == set(OWN) - {
        "a.json"
    }
    assert not is_own_list(Path(report))


def test_context_tables_in_a_zip_are_skipped_with_their_reason(tmp_path: Path, wanxiangtai: Write) -> None:
    with zipfile.ZipFile(tmp_path / "week.zip", "w") as package:
        package.write(wanxiangtai({}), "report.csv")
        package.writestr("items.csv", "item_id,item,margin,refund_rate\n1,x,0.4,0.1\n")
        package.writestr("中文.csv", "宝贝ID,备注,毛利率\n1,x,0.4\n")
        package.writestr("brands.csv", "brand_word\n耐克\n")
    reading = read_reports(tmp_path / "week.zip")
    assert len(reading.files) == 1
    assert len(reading.skipped) == 3
    assert all("--context" in one.reason.en and "--context" in one.reason.zh for one in reading.skipped)


@pytest.mark.parametrize("text", ["item_id,item,margin\n1,x,0.4\n", "品牌词\n耐克\n李宁\n"])
def test_a_context_table_named_as_a_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "items.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError, match="--context") as caught:
        read_reports(path)
    assert "items.csv" in caught.value.where


def test_a_folder_with_no_report_says_what_its_files_are(own: Path) -> None:
    with pytest.raises(InputError, match="no report was found") as caught:
        read_reports(own)
    assert "a.csv: a list written by this program" in str(caught.value)


def test_a_list_in_memory_is_no_table_of_facts() -> None:
    with pytest.raises(InputError, match="written by this program"):
        facts_from_frame(LIST)


def test_the_sheets_known_here_are_those_of_the_workbook() -> None:
    assert set(OWN_SHEETS) == set(SHEET_NAMES.values())


def test_a_web_address_is_to_be_downloaded_first() -> None:
    with pytest.raises(InputError, match="download it first"):
        read_reports("https://example.org/report.csv")


def test_a_report_with_columns_that_context_tables_have_is_a_report(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(
        "关键词,推广计划,推广单元,类目,品牌词,展现,点击,消费\n鞋,甲,乙,女鞋,是,100,10,5\n", "utf-8"
    )
    assert read_reports(path).facts["clicks"].tolist() == [10]
