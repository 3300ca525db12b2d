"""The names a pack may use: columns (also by their Chinese terms), settings, item figures, and groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from ppc_tuner.columns import COLUMNS, DECIDED, ITEMS
from ppc_tuner.text import Text
from ppc_tuner.values import CLOSED

# Further words of the trade for the same figures.
SYNONYMS: Final = {
    "展现量": "impressions", "点击量": "clicks", "成交": "conversions", "订单": "conversions",
    "销售额": "revenue", "投产比": "roas", "客单": "aov_raw", "平均花费": "cpc_raw", "毛利": "margin",
    "词": "keyword", "加购数": "add_to_carts",
    "收藏数": "favourites", "保本投产": "break_even_roas", "大盘均价": "market_cpc",
}  # fmt: skip
_LABELS: Final = [(column.label.zh, name) for name, column in COLUMNS.items() if name not in DECIDED]
ALIASES: Final[Mapping[str, str]] = {
    label: name for label, name in _LABELS[::-1] if label.isidentifier()
} | SYNONYMS


def column_named(name: str) -> str | None:
    """The canonical column of an English name, a Chinese term, or item.NAME; None if there is none."""
    if name.startswith("item."):
        name = f"item_{name[5:]}"
        return name if name in ITEMS else None
    return name if name in COLUMNS else ALIASES.get(name)


def value_named(column: str, value: str) -> str | None:
    """The value as the column stores it (大词 → head); None if the column can never hold it."""
    values = CLOSED.get(column)
    if values is None or value in values:
        return value
    return next((key for key, label in values.items() if label.zh == value), None)


def unknown(name: str, settings: Iterable[str] = (), more: Iterable[str] = ()) -> tuple[Text, Text | str]:
    """The message for an unknown name, and the name that may be meant."""
    if name.startswith("settings."):
        among = [f"settings.{setting}" for setting in settings]
    elif name.startswith("item."):
        among = [f"item.{figure[5:]}" for figure in ITEMS]
    else:
        among = [*more, *COLUMNS, *ALIASES]
    close = get_close_matches(name, among, n=1)
    hint: Text | str = Text(f"是不是“{close[0]}”？", f"did you mean '{close[0]}'?") if close else ""
    if name in settings:
        hint = Text(f"设置要写成 settings.{name}", f"a setting is written settings.{name}")
    elif not close and name[:1] in ("非", "不"):
        hint = Text(f"“{name[0]}”前后加空格", f"put blanks around '{name[0]}'")
    return Text(f"没有“{name}”这个名字", f"there is no '{name}'"), hint


def undecided(name: str) -> Text:
    """The message for a column of the verdict in a condition or reason: rules run before it exists."""
    return Text(f"“{name}”是规则判定之后才有的", f"'{name}' is only known after the rules have decided")
