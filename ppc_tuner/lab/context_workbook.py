"""The context of the invented menswear shop: what no report tells, filled into the template workbook."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Hashable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import openpyxl
import pandas as pd

from ppc_tuner.context import write_template
from ppc_tuner.lab.market import Market
from ppc_tuner.lab.wordlists import MENSWEAR

Rows = list[dict[str, object]]
CATEGORIES: Final = {
    "羽绒服男": "外套",
    "夹克男": "外套",
    "棉服男": "外套",
    "卫衣男": "内搭",
    "毛衣男": "内搭",
    "衬衫男": "内搭",
    "休闲裤男": "裤装",
    "牛仔裤男": "裤装",
}
ROLES: Final = {"羽绒服男": "主推", "卫衣男": "主推", "休闲裤男": "主推", "牛仔裤男": "新品"}
STOCK: Final = {
    "羽绒服男": 75,
    "卫衣男": 48,
    "休闲裤男": 60,
    "夹克男": 31,
    "棉服男": 9,
    "毛衣男": 52,
    "衬衫男": 90,
    "牛仔裤男": 66,
}
UNSEEN: Final = (
    ("羽绒服男士加厚中老年", 0.8, 7),
    ("羽绒服男羊羔毛拼接", 4.5, 4),
    ("羽绒服男零下三十度", 0.9, 8),
)


def write_context_workbook(market: Market, path: Path) -> Path:
    """Write the shop's context workbook to `path` and return it; the same market gives the same bytes."""
    path.unlink(missing_ok=True)
    book = openpyxl.load_workbook(write_template(path))
    for name, rows in _sheets(market).items():
        sheet = next(sheet for sheet in book.worksheets if sheet.title.split()[0] == name)
        names = [str(cell.value).split("\n")[-1] for cell in sheet[1]]
        for number, row in enumerate(rows, start=2):
            for at, column in enumerate(names, start=1):
                if column in row:
                    sheet.cell(number, at).value = row[column]  # type: ignore[assignment]
    book.save(path)
    _without_time(path)
    return path


def _sheets(market: Market) -> dict[str, Rows]:
    items = market.shop.items
    ids = dict(zip(items["main_word"], items["item_id"], strict=True))
    october = {"month": "2026-10", "target_revenue": 290_000}
    november = {"month": "2026-11", "target_revenue": 330_000}
    sale = {
        "from": date(2026, 10, 17),
        "to": date(2026, 10, 18),
        "item_id": ids["牛仔裤男"],
        "event": "聚划算",
    }
    new_plan = {"launch_date": date(2026, 10, 12), "smart_bidding": "否", "targeting": "否"}
    named = items[["item_id", "item", "main_word"]]
    return {
        "宝贝": [_item(row) for row in items.to_dict("records")],
        "页面": _pages(market),
        "同行": [{"category": "裤装", "market_ctr": 0.042, "market_cvr": 0.027}],
        "目标": [october, november],
        "活动": [sale],
        "预算": [{"campaign": "羽绒服-主推", "daily_budget": 800, "limited": "否"}],
        "保护词": [{"protected_word": "羽绒服男冬季"}],
        "品牌词": [{"brand_word": brand} for brand in MENSWEAR.brands],
        "主词": [{str(name): value for name, value in row.items()} for row in named.to_dict("records")],
        "词表": [_listed(word, bid, score) for word, bid, score in UNSEEN],
        "计划": [{"campaign": "全店-拉新", **new_plan}],
        "创意": _creatives(ids),
    }


def _listed(word: str, bid: float, score: int) -> dict[str, object]:
    """A word of the word list that has had no impression yet."""
    place = {"campaign": "羽绒服-主推", "ad_group": "羽绒服男_搜索"}
    return place | {"keyword": word, "bid": bid, "quality_score": score, "status": "推广中"}


def _item(row: dict[Hashable, Any]) -> dict[str, object]:
    main = str(row["main_word"])
    told: dict[str, object] = {
        name: row[name] for name in ("item_id", "item", "margin", "price", "refund_rate")
    }
    told |= {"stock_days": STOCK[main], "role": ROLES.get(main, "普通"), "category": CATEGORIES[main]}
    return told | {"presale": "否", "bad_review": "是" if main == "夹克男" else "否", "copycat": "否"}


def _pages(market: Market) -> Rows:
    """The last week's page figures of each item, and the shop's."""
    pages = market.pages()
    pages = pages[pages["period_start"] == pages["period_start"].max()]
    known = pages.merge(market.shop.items[["item_id", "price"]], on="item_id")
    rows: Rows = [
        {
            "item_id": row.item_id,
            "bounce_rate": row.bounce_rate,
            "visit_depth": row.depth,
            "page_aov": round(float(str(row.price)) * 1.1),
        }
        for row in known.itertuples()
    ]
    return [*rows, {"item_id": "全店", "returning_share": 0.21}]


def _creatives(ids: dict[str, str]) -> Rows:
    """Two pictures that clearly differ, and two titles that may not."""
    rows: Rows = []
    weeks = pd.date_range("2026-10-11", periods=4, freq="7D")
    pictures = {"图A 模特": (820, 815, 840, 830), "图B 平铺": (655, 640, 671, 660)}
    titles = {"标题A": (402, 396, 410, 405), "标题B": (388, 401, 399, 392)}
    for main, kind, made in (("羽绒服男", "图", pictures), ("卫衣男", "标题", titles)):
        for name, clicks in made.items():
            for week, count in zip(weeks, clicks, strict=True):
                rows.append(
                    {
                        "item_id": ids[main],
                        "creative_kind": kind,
                        "creative": name,
                        "date": week.date(),
                        "impressions": 13_000,
                        "clicks": count,
                    }
                )
    return rows


def _without_time(path: Path) -> None:
    """Replace the workbook's time stamps by fixed ones, so that it can be made again byte for byte."""
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    fixed = datetime(2026, 11, 2, 9, 15)
    stamp = f"{fixed:%Y-%m-%dT%H:%M:%SZ}".encode()
    core = "docProps/core.xml"
    parts[core] = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, parts[core])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name, fixed.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
