"""Facts as a 万相台 keyword report: GB18030 csv, no total row, no bids, shares as fractions, undefined
ratios blank."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Floats, floats
from ppc_tuner.lab.exports.cells import printed, share_of, trimmed

_NAMES: Final = (
    "日期,场景ID,场景名字,计划ID,计划名字,单元ID,单元名字,宝贝ID,宝贝名称,词类型,词ID/词包ID,"
    "词名字/词包名字,展现量,点击量,花费,点击率,平均点击花费,千次展现花费,总预售成交金额,总预售成交笔数,"
    "直接预售成交金额,直接预售成交笔数,间接预售成交金额,间接预售成交笔数,直接成交金额,间接成交金额,"
    "总成交金额,总成交笔数,直接成交笔数,间接成交笔数,点击转化率,投入产出比,含预售投产比,总成交成本,"
    "总购物车数,直接购物车数,间接购物车数,加购率,收藏宝贝数,收藏店铺数,店铺收藏成本,总收藏加购数,"
    "总收藏加购成本,宝贝收藏加购数,宝贝收藏加购成本,总收藏数,宝贝收藏成本,宝贝收藏率,加购成本,"
    "拍下订单笔数,拍下订单金额,直接收藏宝贝数,间接收藏宝贝数,优惠券领取量,购物金充值笔数,购物金充值金额,"
    "旺旺咨询量,引导访问量,引导访问人数,引导访问潜客数,引导访问潜客占比,入会率,入会量,引导访问率,"
    "深度访问量,平均访问页面数,成交新客数,成交新客占比,会员首购人数,会员成交金额,会员成交笔数,成交人数,"
    "人均成交笔数,人均成交金额,平均展现排名"
)
HEADER: Final = tuple(_NAMES.split(","))
KEYWORD_SCENE: Final = ("371", "关键词推广")
MONEY_NIL: Final = (
    "总预售成交金额", "直接预售成交金额", "间接预售成交金额", "购物金充值金额", "会员成交金额",
)  # fmt: skip
COUNT_NIL: Final = (
    "总预售成交笔数", "直接预售成交笔数", "间接预售成交笔数", "优惠券领取量", "购物金充值笔数",
    "会员首购人数", "会员成交笔数",
)  # fmt: skip


def write_wanxiangtai(facts: pd.DataFrame, items: pd.DataFrame, pages: pd.DataFrame, path: Path) -> None:
    """Write facts (a row per day and word) to `path`.

    items (items × [item_id, price]) and pages (item weeks × [item_id, period_start (a Monday), bounce_rate,
    depth]) say what a report knows of the page behind the words. The shop of the report has no presale, no
    coupons and no members: those columns are zero.
    """
    monday = facts["date"] - pd.to_timedelta(facts["date"].dt.day_of_week, unit="D")
    keys = pd.DataFrame({"item_id": facts["item_id"], "period_start": monday})
    item = keys.merge(items[["item_id", "price"]], how="left").merge(pages, how="left")
    columns = (
        _names(facts)
        | _traffic(facts)
        | _sales(facts, floats(item["price"]))
        | _interest(facts)
        | _visits(facts, item)
        | {name: pd.Series("0.00", index=range(len(facts))) for name in MONEY_NIL}
        | {name: pd.Series("0", index=range(len(facts))) for name in COUNT_NIL}
    )
    frame = pd.DataFrame({name: columns[name].to_numpy() for name in HEADER})
    path.write_bytes(frame.to_csv(index=False, lineterminator="\n").encode("gb18030"))


def _names(facts: pd.DataFrame) -> dict[str, pd.Series]:
    scene = pd.DataFrame({"id": KEYWORD_SCENE[0], "name": KEYWORD_SCENE[1]}, index=range(len(facts)))
    package = (facts["unbiddable_as"] == "package").to_numpy()
    return {
        "日期": facts["date"].dt.strftime("%Y-%m-%d"),
        "场景ID": scene["id"],
        "场景名字": scene["name"],
        "计划ID": facts["campaign_id"],
        "计划名字": facts["campaign"],
        "单元ID": facts["ad_group_id"],
        "单元名字": facts["ad_group"],
        "宝贝ID": facts["item_id"],
        "宝贝名称": facts["item"],
        "词类型": pd.Series(np.where(package, "关键词包", "关键词"), dtype="str"),
        "词ID/词包ID": facts["keyword_id"],
        "词名字/词包名字": facts["keyword"],
    }


def _traffic(facts: pd.DataFrame) -> dict[str, pd.Series]:
    shown, clicks, cost = (floats(facts[name]) for name in ("impressions", "clicks", "cost"))
    return {
        "展现量": printed(shown, "%.0f"),
        "点击量": printed(clicks, "%.0f"),
        "花费": printed(cost, "%.2f"),
        "点击率": trimmed(share_of(clicks, shown)),
        "平均点击花费": printed(share_of(cost, clicks), "%.2f"),
        "千次展现花费": printed(1000 * share_of(cost, shown), "%.2f"),
        "平均展现排名": printed(floats(facts["position"]), "%.1f"),
    }


def _sales(facts: pd.DataFrame, price: Floats) -> dict[str, pd.Series]:
    cost, clicks = floats(facts["cost"]), floats(facts["clicks"])
    orders, revenue = floats(facts["conversions"]), floats(facts["revenue"])
    placed, new = floats(facts["orders_placed"]), floats(facts["new_customers"])
    buyers = np.maximum(orders - orders // 12, new)  # now and then one buyer orders twice
    numbers = {
        name: printed(floats(facts[column]), "%.2f")
        for name, column in (("直接成交金额", "direct_revenue"), ("间接成交金额", "indirect_revenue"))
    } | {
        name: printed(floats(facts[column]), "%.0f")
        for name, column in (("直接成交笔数", "direct_conversions"), ("间接成交笔数", "indirect_conversions"))
    }
    return numbers | {
        "总成交金额": printed(revenue, "%.2f"),
        "总成交笔数": printed(orders, "%.0f"),
        "点击转化率": trimmed(share_of(orders, clicks)),
        "投入产出比": printed(share_of(revenue, cost), "%.2f"),
        "含预售投产比": printed(share_of(revenue, cost), "%.2f"),
        "总成交成本": printed(share_of(cost, orders), "%.2f"),
        "拍下订单笔数": printed(placed, "%.0f"),
        "拍下订单金额": printed(revenue + (placed - orders) * price, "%.2f"),
        "成交新客数": printed(new, "%.0f"),
        "成交新客占比": trimmed(share_of(new, buyers)),
        "成交人数": printed(buyers, "%.0f"),
        "人均成交笔数": trimmed(np.round(share_of(orders, buyers), 2)),
        "人均成交金额": printed(share_of(revenue, buyers), "%.2f"),
    }


def _interest(facts: pd.DataFrame) -> dict[str, pd.Series]:
    """Carts and favourites; one favourite in eight is of the shop, the others of the item."""
    cost, clicks = floats(facts["cost"]), floats(facts["clicks"])
    carts, favourites = floats(facts["add_to_carts"]), floats(facts["favourites"])
    shop = favourites // 8
    item = favourites - shop
    direct_carts, direct_item = carts - carts // 5, item - item // 4
    counts = {
        "总购物车数": carts,
        "直接购物车数": direct_carts,
        "间接购物车数": carts - direct_carts,
        "收藏宝贝数": item,
        "收藏店铺数": shop,
        "总收藏数": favourites,
        "总收藏加购数": favourites + carts,
        "宝贝收藏加购数": item + carts,
        "直接收藏宝贝数": direct_item,
        "间接收藏宝贝数": item - direct_item,
        "旺旺咨询量": carts // 6,
    }
    costs = {
        "店铺收藏成本": shop,
        "总收藏加购成本": favourites + carts,
        "宝贝收藏加购成本": item + carts,
        "宝贝收藏成本": item,
        "加购成本": carts,
    }
    shares = {"加购率": carts, "宝贝收藏率": item}
    return (
        {name: printed(numbers, "%.0f") for name, numbers in counts.items()}
        | {name: printed(share_of(cost, numbers), "%.2f") for name, numbers in costs.items()}
        | {name: trimmed(share_of(numbers, clicks)) for name, numbers in shares.items()}
    )


def _visits(facts: pd.DataFrame, item: pd.DataFrame) -> dict[str, pd.Series]:
    """Visits behind the clicks: most clicks arrive, most visitors are new to the shop, deep visits are the
    rest of the bounces."""
    shown, clicks = floats(facts["impressions"]), floats(facts["clicks"])
    visits = np.round(clicks * 0.97)
    visitors = np.round(clicks * 0.91)
    fresh = np.round(visitors * 0.64)
    deep = np.round(visits * (1 - floats(item["bounce_rate"])))
    pages = np.where(visits > 0, np.round(floats(item["depth"])), 0.0)
    counts = {
        "引导访问量": visits,
        "引导访问人数": visitors,
        "引导访问潜客数": fresh,
        "深度访问量": deep,
        "平均访问页面数": pages,
    }
    nothing = np.zeros(len(facts))
    return {name: printed(numbers, "%.0f") for name, numbers in counts.items()} | {
        "引导访问潜客占比": trimmed(share_of(fresh, visitors)),
        "引导访问率": trimmed(share_of(visits, shown)),
        "入会率": trimmed(share_of(nothing, visitors)),
        "入会量": printed(nothing, "%.0f"),
    }
