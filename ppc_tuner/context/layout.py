"""What context tables may hold: keys, values with their range, lists, and the sheets of the template.

A table is known by its columns alone, whatever its file or sheet is called. A keyed table has one or more
KEYS and some VALUES; each row speaks for what its filled key cells name. The other tables are known by a
column only they have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ppc_tuner.columns import COLUMNS, KINDS, ROLES, Column
from ppc_tuner.text import Text

# From the least to the most specific. Category and page group are keys where no item is named, else values of
# it.
GROUPS: Final = ("category", "page_group")
KEYS: Final = ("campaign", *GROUPS, "item_id", "ad_group", "keyword")
# Written in the place of an item's id, it stands for all items of the shop.
WHOLE_SHOP: Final = ("全店", "shop", "*")

MUCH: Final = 1e9
# Least and most of each number; shares may be written with a percent sign.
SHARES: Final = {
    "margin": (0.01, 1.0), "refund_rate": (0.0, 0.99), "fee_rate": (0.0, 0.95), "bounce_rate": (0.0, 1.0),
    "returning_share": (0.0, 1.0), "market_ctr": (0.00001, 1.0), "market_cvr": (0.00001, 1.0),
}  # fmt: skip
NUMBERS: Final = SHARES | {
    "value_per_conversion": (0.0, MUCH), "price": (0.01, MUCH), "unit_cost": (0.0, MUCH),
    "stock_days": (0.0, 36_500.0),
    "visit_depth": (0.0, 1_000.0), "page_aov": (0.01, MUCH), "shop_aov": (0.01, MUCH),
    "market_cpc": (0.001, 1e6),
    "bid": (0.001, 1e6), "quality_score": (0.0, 100.0),
}  # fmt: skip
DATES: Final = ("launch_date",)
DAYS_OF_YEAR: Final = ("season_from", "season_to")
FLAGS: Final = ("presale", "bad_review", "copycat", "protected", "targeting", "smart_bidding")
STATES: Final = {"live": Text("推广中", "live"), "paused": Text("暂停", "paused")}
CHOICES: Final[dict[str, dict[str, Text]]] = {"kind": KINDS, "role": ROLES, "status": STATES}
TEXTS: Final = ("main_word", *GROUPS)
VALUES: Final = (*NUMBERS, *DATES, *DAYS_OF_YEAR, *FLAGS, *CHOICES, *TEXTS)
# Columns that may stand in a table so that people can read it, and are not used.
FOR_READING: Final = ("item", "note", "备注", "keyword or list", "negative keyword list", "level")

_OWN: Final = (
    ("brand_word", "text", "品牌词", "Brand word", "别家的品牌词，词里含它就算品牌词",
     "another firm's brand; a keyword that holds it is a brand word"),
    ("own_brand_word", "text", "自家品牌词", "Own brand word", "自家的品牌词，词里含它就算自家品牌词",
     "your own brand; a keyword that holds it is a word of the own brand"),
    ("protected_word", "text", "保护词", "Protected word", "不许删的词，写全",
     "a keyword that must never be deleted, in full"),
    ("negative_keyword", "text", "否定关键词", "Negative keyword", "已有的否词，可带 [精确]、\"短语\" 的符号",
     "a negative that stands already, with the signs [exact] and \"phrase\" where there are any"),
    ("negative_match", "text", "匹配方式", "Match type", "exact 精确、phrase 短语、broad 广泛；空看符号",
     "exact, phrase or broad; empty: as its signs say"),
    ("from", "date", "开始日期", "From", "活动第一天", "first day of the event"),
    ("to", "date", "结束日期", "To", "活动最后一天", "last day of the event"),
    ("event", "text", "活动", "Event", "如 聚划算、双11、新品前三天",
     "such as a flash sale or a launch discount"),
    ("date", "date", "日期", "Date", "哪一天", "the day"),
    ("month", "text", "月份", "Month", "如 2026-10；目标按天平分",
     "such as 2026-10; spread evenly over its days"),
    ("target_revenue", "money", "目标成交金额", "Target revenue", "报表所含流量的目标成交金额",
     "revenue wanted from the traffic in the report"),
    ("target_orders", "count", "目标成交笔数", "Target orders", "报表所含流量的目标成交笔数",
     "orders wanted from the traffic in the report"),
    ("weekly_budget", "money", "周预算", "Weekly budget", "计划一周最多花多少",
     "the most a campaign may spend in a week"),
    ("daily_budget", "money", "日限额", "Daily budget", "计划一天最多花多少",
     "the most a campaign may spend in a day"),
    ("limited", "flag", "撞线", "At its limit", "常在当天花完日限额",
     "often spends its daily budget before the day ends"),
    ("creative", "text", "创意", "Creative", "图或标题的名字，如 图A",
     "name of a picture or title, such as A"),
    ("creative_kind", "text", "创意类型", "Kind of creative", "title 标题、picture 图", "title or picture"),
)  # fmt: skip
OWN: Final[dict[str, Column]] = {
    name: Column(name, kind, Text(zh, en), Text(more_zh, more_en), "context", "context tables")  # type: ignore[arg-type]
    for name, kind, zh, en, more_zh, more_en in _OWN
}
CREATIVE_KINDS: Final = {"title": Text("标题", "title"), "picture": Text("图", "picture")}
BUDGETS: Final = {"weekly_budget": (0.0, MUCH), "daily_budget": (0.0, MUCH)}
TARGETS: Final = {"target_revenue": (0.0, MUCH), "target_orders": (0.0, MUCH)}
COUNTS: Final = {"impressions": (0.0, 1e12), "clicks": (0.0, 1e12)}
# The first of these columns that a table has says what it is; without any it is a keyed table.
SIGNS: Final[dict[str, tuple[str, ...]]] = {
    "brand_words": ("brand_word",),
    "own_brands": ("own_brand_word",),
    "protected_words": ("protected_word",),
    "negatives": ("negative_keyword",),
    "creatives": ("creative",),
    "budgets": (*BUDGETS, "limited"),
    "targets": tuple(TARGETS),
    "events": ("from", "to"),
}
USED: Final[dict[str, tuple[str, ...]]] = {
    "keyed": tuple(dict.fromkeys([*KEYS, *VALUES])),
    "brand_words": ("brand_word",),
    "own_brands": ("own_brand_word",),
    "protected_words": ("protected_word",),
    "negatives": ("negative_keyword", "negative_match", "campaign", "ad_group"),
    "creatives": ("campaign", "ad_group", "item_id", "creative", "creative_kind", "date", *COUNTS),
    "budgets": ("campaign", *BUDGETS, "limited"),
    "targets": ("month", "date", *TARGETS),
    "events": ("from", "to", "item_id", "event"),
}
KNOWN: Final = tuple(dict.fromkeys([*USED["keyed"], *OWN, *COUNTS]))


def column(name: str) -> Column:
    """How a context column is called and what it means."""
    return OWN[name] if name in OWN else COLUMNS[name]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the template: what it is called, what it is for, which columns stand on it."""

    name: Text
    purpose: Text
    columns: tuple[str, ...]


# fmt: off
SHEETS: Final = (
    Sheet(Text("宝贝", "items"),
          Text("每个宝贝的毛利、库存、角色、季节和问题",
               "margin, stock, role, season and troubles of each item"),
          ("item_id", "item", "margin", "price", "unit_cost", "fee_rate", "refund_rate", "stock_days", "role",
           "launch_date",
           "presale", "bad_review", "copycat", "season_from", "season_to", "category", "page_group")),
    Sheet(Text("页面", "pages"),
          Text("宝贝或页面组的页面数据；宝贝ID 写“全店”表示整个店铺",
               "page figures of an item or page group; item id 'shop' stands for the whole shop"),
          ("item_id", "page_group", "bounce_rate", "visit_depth", "page_aov", "shop_aov", "returning_share")),
    Sheet(Text("同行", "benchmarks"),
          Text("同行水平：按类目、宝贝或词", "the level of peers, by category, item or word"),
          ("category", "item_id", "keyword", "market_ctr", "market_cvr", "market_cpc")),
    Sheet(Text("目标", "targets"),
          Text("一个月或一天的目标（报表所含的流量）",
               "targets of a month or a day (for the traffic in the report)"),
          ("month", "date", "target_revenue", "target_orders")),
    Sheet(Text("活动", "events"),
          Text("活动日的数据不作依据；宝贝ID 留空表示全店",
               "days of events count for nothing; no item id: the whole shop"),
          ("from", "to", "item_id", "event")),
    Sheet(Text("预算", "budgets"), Text("计划的预算和日限额", "budgets and daily limits of campaigns"),
          ("campaign", "weekly_budget", "daily_budget", "limited")),
    Sheet(Text("保护词", "protected words"), Text("不许删的词", "words that must not be deleted"),
          ("protected_word",)),
    Sheet(Text("品牌词", "brand words"), Text("别家的品牌词", "other firms' brands"), ("brand_word",)),
    Sheet(Text("自家品牌", "own brands"),
          Text("自家的品牌词：不知道毛利率时不往上面加钱",
               "words of your own brand: where no margin is known no money is moved to them"),
          ("own_brand_word",)),
    Sheet(Text("否词", "negatives"),
          Text("账户里已有的否词；计划、单元留空表示到处都否",
               "negatives that stand already; no campaign or ad group: they hold everywhere"),
          ("negative_keyword", "negative_match", "campaign", "ad_group")),
    Sheet(Text("主词", "main words"), Text("每个宝贝的主词", "the main word of each item"),
          ("item_id", "item", "main_word")),
    Sheet(Text("词表", "words"),
          Text("后台的词表：出价、质量分、状态；没有展现的词也写上",
               "the account's word list: bids, quality scores, status; words without impressions too"),
          ("campaign", "ad_group", "keyword", "bid", "quality_score", "status", "kind")),
    Sheet(Text("计划", "plans"),
          Text("计划何时开始、是否智能出价、是否开着定向",
               "when a campaign started, whether it bids by itself, whether targeting is on"),
          ("campaign", "launch_date", "smart_bidding", "targeting")),
    Sheet(Text("创意", "creatives"),
          Text("两个标题或两张图的展现和点击；有日期时一天或一周一行",
               "impressions and clicks of two titles or pictures; with a date, one row a day or week"),
          ("item_id", "campaign", "ad_group", "creative_kind", "creative", "date", "impressions", "clicks")),
)
# fmt: on
GUIDE: Final = Text("说明", "Guide")
