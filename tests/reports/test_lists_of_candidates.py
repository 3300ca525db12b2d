"""Lists of words that could be added: each kind is read for what it says, nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.reports import read_candidates, read_reports

PLANNER = (
    'Keyword Stats 2026-06-09 at 21_25_18\n"May 1, 2025 - April 30, 2026"\n'
    "Keyword\tCurrency\tAvg. monthly searches\tThree month change\tCompetition\t"
    "Top of page bid (low range)\tTop of page bid (high range)\tSearches: May 2025\n"
    "steel kettle\tUSD\t5000\t0%\tLow\t0.40\t1.20\t5000\n"
    "glass kettle\tUSD\t\t\tHigh\t\t\t\n"
)


def read(folder: Path, name: str, data: str | bytes) -> pd.DataFrame:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return read_candidates([path])


class TestWhatIsRead:
    def test_keyword_planner_at_the_dearer_end_of_its_prices(self, tmp_path: Path) -> None:
        words = read(tmp_path, "Keyword Stats.csv", PLANNER.encode("utf-16"))
        assert words["search_term"].tolist() == ["steel kettle", "glass kettle"]
        first, second = words.iloc[0], words.iloc[1]
        assert first[["platform", "currency", "candidate_from"]].tolist() == [
            "google_ads",
            "USD",
            "Keyword Stats.csv",
        ]
        assert (first["searches"], first["market_cpc"]) == (5000, 1.2)
        assert np.isnan(second["searches"])
        assert np.isnan(second["market_cpc"])

    def test_traffic_analysis_in_gbk(self, tmp_path: Path) -> None:
        header = "关键词,展现指数,点击指数,点击率,点击转化率,市场均价,竞争度"
        table = f"{header}\n羽绒服男短款,12345,300,3.25%,2.1%,1.35,5678\n"
        row = read(tmp_path, "流量解析.csv", table.encode("gbk")).iloc[0]
        assert row["search_term"] == "羽绒服男短款"
        assert row["platform"] == "zhitongche"
        figures = row[["searches", "market_cpc", "market_ctr", "market_cvr"]].tolist()
        assert figures == pytest.approx([12345, 1.35, 0.0325, 0.021])

    def test_of_ranges_the_lower_end(self, tmp_path: Path) -> None:
        table = (
            "排名,搜索词,搜索人气,点击率,支付转化率\n1,浴缸,5000 ~ 1万,59%,1% ~ 2.5%\n2,小浴缸,1.2万,61%,-\n"
        )
        words = read(tmp_path, "a.csv", table)
        assert words["searches"].tolist() == [5000, 12000]
        assert words["market_ctr"].tolist() == [0.59, 0.61]
        assert words["market_cvr"].iloc[0] == 0.01
        assert np.isnan(words["market_cvr"].iloc[1])

    def test_suggested_keywords_at_the_dearer_end(self, tmp_path: Path) -> None:
        words = read(
            tmp_path, "s.csv", "Keyword,Match type,Suggested bid\nsteel kettle,Broad,$0.50 - $1.20\n"
        )
        assert words["market_cpc"].tolist() == [1.2]
        assert words["platform"].tolist() == ["amazon_ads"]

    def test_plain_words_hold_for_every_platform(self, tmp_path: Path) -> None:
        words = read(tmp_path, "w.txt", "关键词\nsteel kettle\n[glass kettle]\n\nSteel  Kettle\n")
        assert words["search_term"].tolist() == ["steel kettle", "glass kettle"]
        assert words["platform"].isna().all()

    def test_a_sheet_of_words(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        for row in (["keyword", "market_cpc"], ["steel kettle", 1.1], ["=1+1", None]):
            book.active.append(row)
        book.save(tmp_path / "w.xlsx")
        words = read_candidates([tmp_path / "w.xlsx"])
        assert words["search_term"].iloc[0] == "steel kettle"
        assert words["market_cpc"].iloc[0] == 1.1

    def test_the_first_list_that_names_a_word_goes_before_the_others(self, tmp_path: Path) -> None:
        for name, price in (("a.csv", 1.0), ("b.csv", 2.0)):
            (tmp_path / name).write_text(f"keyword,market_cpc\nsteel kettle,{price}\n")
        words = read_candidates([tmp_path / "a.csv", tmp_path / "b.csv"])
        assert words[["market_cpc", "candidate_from"]].to_numpy().tolist() == [[1.0, "a.csv"]]


class TestWhatIsRefused:
    def test_a_report_is_no_list_of_words(self, tmp_path: Path) -> None:
        report = "Keyword,Campaign,Ad group,Impr.,Clicks,Cost\nkettle,a,b,1,1,1.1\n"
        with pytest.raises(InputError) as refused:
            read(tmp_path, "report.csv", report)
        said = refused.value.render("en")
        assert "report.csv:1" in said
        assert "no list of words to add" in said
        assert "Keyword,Campaign" in said

    def test_a_list_without_words(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="holds none"):
            read(tmp_path, "e.csv", "keyword,market_cpc\n,\n")

    def test_a_figure_that_is_none_is_named_with_its_row(self, tmp_path: Path) -> None:
        with pytest.raises(InputError) as refused:
            read(tmp_path, "x.csv", "keyword,market_cpc\nsteel kettle,1\nglass kettle,many\n")
        assert "x.csv:3" in refused.value.render("en")

    @pytest.mark.parametrize(
        ("data", "encoding"), [(PLANNER, "utf-16"), ("关键词,展现指数\n水壶,5\n", "gbk")]
    )
    def test_given_as_a_report_the_option_is_named(self, tmp_path: Path, data: str, encoding: str) -> None:
        path = tmp_path / "list.csv"
        path.write_bytes(data.encode(encoding))
        with pytest.raises(InputError) as refused:
            read_reports([path])
        assert "--candidates" in refused.value.render("en")
