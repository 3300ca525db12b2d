"""The values of text columns and what they are called; the same in conditions, reasons and sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ppc_tuner.columns import ACTIONS, KINDS, PAGE_GRADES, ROLES, SEASONS
from ppc_tuner.text import Text

YES: Final = Text("是", "yes")
NO: Final = Text("否", "no")
# Where a word is added or blocked.
PLACES: Final = {
    "ad_group": Text("所在单元", "its ad group"),
    "campaign": Text("整个计划", "the campaign"),
    "account": Text("整个账户", "the account"),
    "other": Text("另选单元", "another ad group"),
}
# Columns that hold nothing but these values.
CLOSED: Final[Mapping[str, Mapping[str, Text]]] = {
    "kind": KINDS,
    "role": ROLES,
    "season": SEASONS,
    "page_grade": PAGE_GRADES,
    "status": {"live": Text("推广中", "live"), "paused": Text("暂停", "paused")},
    "bid_basis": {
        "given": Text("报表有出价", "bid given"),
        "cpc": Text("用点击花费代替", "CPC stands in"),
        "none": Text("都没有", "neither"),
    },
    "proposal": {name: ACTIONS[name] for name in ("raise", "lower", "delete", "add")}
    | {"none": Text("无", "None")},
    "level": {
        "keyword": Text("关键词", "keyword"),
        "group": Text("一组词", "group of words"),
        "search_term": Text("搜索词", "search term"),
        "fragment": Text("词根", "fragment"),
        "item": Text("宝贝", "item"),
    },
    "group_level": {
        "ad_group": Text("单元", "unit"),
        "item": Text("宝贝", "item"),
        "campaign": Text("计划", "campaign"),
        "account": Text("账户", "account"),
    },
    "new_match": {
        "exact": Text("精确", "exact"),
        "phrase": Text("短语", "phrase"),
        "target": Text("商品定向", "product target"),
    },
    "new_place": PLACES,
    "add_place": PLACES,
    "unbiddable_as": {
        "package": Text("词包", "package"),
        "smart_bidding": Text("智能出价", "smart bidding"),
        "site_wide": Text("全站推广", "site-wide"),
        "audience": Text("人群", "audience"),
        "negative": Text("否定词", "negative"),
    },
}
# Columns that may also hold a platform's own values, which are shown as they are.
WORDS_OF: Final[Mapping[str, Mapping[str, Text]]] = {
    **CLOSED,
    "gain_unit": {
        "profit": Text("利润", "profit"),
        "revenue": Text("成交额", "revenue"),
        "orders": Text("成交笔数", "orders"),
    },
    "term_status": {
        "added": Text("已加为关键词", "added as a keyword"),
        "excluded": Text("已加为否词", "excluded"),
        "none": Text("都没有", "neither"),
    },
    "match_type": {
        "exact": Text("精确", "exact"),
        "phrase": Text("短语", "phrase"),
        "broad": Text("广泛", "broad"),
    },
}
