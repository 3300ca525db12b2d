"""Labels on the sheets that are not column names: sheets, values, units, currencies, short phrases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd

from ppc_tuner.columns import ACTIONS
from ppc_tuner.text import Lang, Text
from ppc_tuner.values import WORDS_OF

SHEET_NAMES: Final[dict[str, Text]] = {
    "summary": Text("总览", "Summary"),
    "actions": Text("操作清单", "Actions"),
    "adds": Text("加词", "Add"),
    "excludes": Text("否词", "Exclude"),
    "conflicts": Text("冲突", "Conflicts"),
    "plan": Text("按计划操作", "By plan"),
    "shop": Text("店铺诊断", "Shop"),
    "all": Text("全部关键词", "All keywords"),
    "guide": Text("说明", "Guide"),
    "check": Text("数据核对", "Data check"),
}

DECISIONS: Final = (Text("采纳", "accept"), Text("拒绝", "reject"), Text("改价", "change"))
DELETED: Final = Text("停", "stop")
DONE: Final = Text("完成", "Done")
CUT: Final = Text("…（过长，已截断）", "… (cut: too long for a cell)")

# What the values of a column are called on the sheets; csv, parquet and json keep the canonical ones.
VALUES: Final[dict[str, Mapping[str, Text]]] = {
    **WORDS_OF,
    "action": ACTIONS
    | {
        "gate": Text("拦截", "holds back"),
        "replaces": Text("另给结论", "decides"),
        "beside": Text("附带说明", "adds a note"),
    },
}

UNITS: Final[dict[str, Text]] = {
    "text": Text("文字", "text"),
    "id": Text("编号（按文字存）", "id (text)"),
    "date": Text("日期", "date"),
    "flag": Text("是/否", "yes/no"),
    "count": Text("数量，可带小数", "count, may be fractional"),
    "money": Text("金额，按该行货币", "money, in the row's currency"),
    "share": Text("比例（%）", "share (%)"),
    "change": Text("变化（±%）", "change (±%)"),
    "ratio": Text("倍数", "times"),
    "score": Text("0–100 分", "score 0–100"),
    "number": Text("数字，无单位", "number, no unit"),
    "days": Text("天", "days"),
}

CURRENCIES: Final[dict[str, Text]] = {
    "CNY": Text("人民币元", "Chinese yuan"),
    "USD": Text("美元", "US dollars"),
    "EUR": Text("欧元", "euros"),
    "GBP": Text("英镑", "pounds sterling"),
    "JPY": Text("日元", "Japanese yen"),
    "HKD": Text("港元", "Hong Kong dollars"),
    "TWD": Text("新台币", "New Taiwan dollars"),
    "INR": Text("印度卢比", "Indian rupees"),
    "AED": Text("阿联酋迪拉姆", "UAE dirhams"),
    "CAD": Text("加元", "Canadian dollars"),
    "AUD": Text("澳元", "Australian dollars"),
    "SGD": Text("新加坡元", "Singapore dollars"),
}

# A step is limited per week, so a target further away is reached over several.
IN_STEPS: Final[dict[str, Text]] = {
    "target_bid": Text("目标出价（分几周走到）", "Target bid (over several weeks)"),
    "cpc_target": Text("目标点击花费（分几周走到）", "Target CPC (over several weeks)"),
}

# Without dates there are no weeks: figures are per reported period, and the column labels say so.
PER_PERIOD: Final[dict[str, Text]] = {
    "weekly_impressions": Text("报表期展现", "Impressions per reported period"),
    "weekly_clicks": Text("报表期点击", "Clicks per reported period"),
    "weekly_cost": Text("报表期花费", "Cost per reported period"),
    "expected_gain": Text("预计报表期增利", "Expected gain per reported period"),
    "shown_gain": Text("报表期增利（80% 区间）", "Gain per reported period (80 % range)"),
    "least_gain": Text("报表期最低收益", "Least gain per reported period"),
    "clicks_change": Text("报表期点击变化", "Clicks change per reported period"),
    "cost_change": Text("报表期花费变化", "Cost change per reported period"),
    "conversions_change": Text("报表期成交变化", "Orders change per reported period"),
    "revenue_change": Text("报表期成交额变化", "Revenue change per reported period"),
}


def per_period(sentence: str, lang: Lang) -> str:
    """A sentence about a week, reworded to be about the reported period."""
    if lang == "zh":
        return (
            sentence.replace("每周", "每个报表期")
            .replace("一周", "一个报表期")
            .replace("周增利", "报表期增利")
        )
    for of_a_week in ("in a week", "a week"):
        sentence = sentence.replace(of_a_week, "per reported period")
    return sentence.replace("weekly", "the period's")


def with_platform_names(frame: pd.DataFrame, platforms: pd.DataFrame | None, lang: Lang) -> pd.DataFrame:
    """The frame with platform names instead of ids; `platforms`: platform, name_zh, name_en."""
    if platforms is None or platforms.empty or "platform" not in frame:
        return frame
    names = platforms.set_index("platform")[f"name_{lang}"]
    return frame.assign(platform=frame["platform"].map(names).fillna(frame["platform"]))


def money_in(currency: str) -> Text:
    """The sentence that says which currency amounts are in; `currency` is its code, "" when unknown."""
    if not currency:
        return Text("金额单位：报表未写明货币", "amounts in the account's currency (the report names none)")
    name = CURRENCIES.get(currency)
    if name is None:
        return Text(f"金额单位：{currency}", f"amounts in {currency}")
    return Text(f"金额单位：{name.zh}（{currency}）", f"amounts in {name.en} ({currency})")
