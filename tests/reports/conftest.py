"""Reports built for the tests: the exact 万相台 column list, a Google report, an Amazon report."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

WANXIANGTAI = [
    "日期",
    "场景ID",
    "场景名字",
    "计划ID",
    "计划名字",
    "单元ID",
    "单元名字",
    "宝贝ID",
    "宝贝名称",
    "词类型",
    "词ID/词包ID",
    "词名字/词包名字",
    "展现量",
    "点击量",
    "花费",
    "点击率",
    "平均点击花费",
    "千次展现花费",
    "总预售成交金额",
    "总预售成交笔数",
    "直接预售成交金额",
    "直接预售成交笔数",
    "间接预售成交金额",
    "间接预售成交笔数",
    "直接成交金额",
    "间接成交金额",
    "总成交金额",
    "总成交笔数",
    "直接成交笔数",
    "间接成交笔数",
    "点击转化率",
    "投入产出比",
    "含预售投产比",
    "总成交成本",
    "总购物车数",
    "直接购物车数",
    "间接购物车数",
    "加购率",
    "收藏宝贝数",
    "收藏店铺数",
    "店铺收藏成本",
    "总收藏加购数",
    "总收藏加购成本",
    "宝贝收藏加购数",
    "宝贝收藏加购成本",
    "总收藏数",
    "宝贝收藏成本",
    "宝贝收藏率",
    "加购成本",
    "拍下订单笔数",
    "拍下订单金额",
    "成交新客数",
    "成交新客占比",
    "平均展现排名",
]
WORD = {
    "日期": "2026-07-04",
    "场景ID": "371",
    "场景名字": "关键词推广",
    "计划ID": "81831404144",
    "计划名字": "羽绒服主推",
    "单元ID": "0012",
    "单元名字": "男短款",
    "宝贝ID": "1045221343950",
    "宝贝名称": "羽绒服男短款",
    "词类型": "关键词",
    "词ID/词包ID": "0012345678901234567",
    "词名字/词包名字": "羽绒服男",
    "展现量": "1000",
    "点击量": "40",
    "花费": "50.00",
    "总成交金额": "399.00",
    "总成交笔数": "2",
}
GOOGLE = [
    "Keyword",
    "Campaign",
    "Ad group",
    "Currency code",
    "Status",
    "Max. CPC",
    "Impr.",
    "Clicks",
    "Cost",
    "Conversions",
    "Match type",
]
AMAZON = [
    "Date",
    "Portfolio name",
    "Currency",
    "Campaign Name",
    "Ad Group Name",
    "Targeting",
    "Match Type",
    "Impressions",
    "Clicks",
    "Spend",
    "7 Day Total Sales ",
    "7 Day Total Orders (#)",
]

Write = Callable[..., Path]


def as_csv(rows: list[list[str]], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return out.getvalue()


@pytest.fixture
def wanxiangtai_header() -> list[str]:
    """The exact column list of the keyword report."""
    return list(WANXIANGTAI)


@pytest.fixture
def wanxiangtai(tmp_path: Path) -> Write:
    """Writes a keyword report; every row is WORD with the given cells changed, one that repeats a row another
    word (`twins` leaves it)."""

    def write(
        *rows: dict[str, str],
        name: str = "关键词报表.csv",
        encoding: str = "gb18030",
        header: list[str] | None = None,
        twins: bool = False,
    ) -> Path:
        names = header or WANXIANGTAI
        whole = [WORD | row for row in rows]
        for at, row in enumerate(whole):
            if not twins and row in whole[:at]:
                row["词名字/词包名字"] += f" {at}"
                row["词ID/词包ID"] = f"{int(row['词ID/词包ID'] or 0) + at:019d}"
        cells = [[row.get(column, "") for column in names] for row in whole]
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_csv([names, *cells]).encode(encoding))
        return path

    return write


@pytest.fixture
def google(tmp_path: Path) -> Write:
    """Writes a search keyword report of [keyword, campaign, ad group, status, bid, impressions, clicks, cost,
    conversions]."""

    def write(
        *rows: tuple[str, ...],
        name: str = "Search keyword report.csv",
        dates: str = "May 1, 2026 - May 8, 2026",
        encoding: str = "utf-8",
        separator: str = ",",
    ) -> Path:
        cells = [[k, c, g, "USD", s, b, i, n, m, o, "Broad match"] for k, c, g, s, b, i, n, m, o in rows]
        path = tmp_path / name
        path.write_bytes(
            as_csv([["Search keyword report"], [dates], GOOGLE, *cells], separator).encode(encoding)
        )
        return path

    return write


@pytest.fixture
def amazon(tmp_path: Path) -> Write:
    """Writes a targeting report of [date, targeting, impressions, clicks, spend, sales, orders] as csv."""

    def write(*rows: tuple[str, ...], name: str = "targeting.csv") -> Path:
        cells = [
            [d, "Not grouped", "USD", "c", "g", t, "BROAD", i, n, m, v, o] for d, t, i, n, m, v, o in rows
        ]
        path = tmp_path / name
        path.write_text(as_csv([AMAZON, *cells]), "utf-8")
        return path

    return write
