"""Cells that say several things at once: a word wherever it comes from, its place, bid → new, gain, range.

They are for reading; the figures themselves stand in columns of their own, to sort and calculate with.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.arrays import floats
from ppc_tuner.columns import REMOVALS
from ppc_tuner.sheets.fields import varies
from ppc_tuner.sheets.labels import DELETED
from ppc_tuner.text import Lang, Text

WORD: Final = "shown_word"
PLACE: Final = "shown_place"
BID: Final = "shown_bid"
RETURN: Final = "shown_return"
GAIN: Final = "shown_gain"
LABELS: Final[dict[str, Text]] = {
    WORD: Text("词（搜索词、宝贝、组）", "Word (term, item, group)"),
    PLACE: Text("计划 › 单元", "Campaign › group"),
    BID: Text("出价 → 新出价", "Bid → new"),
    RETURN: Text("投产 / 保本", "ROAS / break-even"),
    GAIN: Text("周增利（80% 区间）", "Gain a week (80 % range)"),
}
# Where no bid is known at all.
APPLY_TO_BID: Final = Text("调幅（套用到出价）", "Change (apply to the bid)")
# Without revenue an order's cost stands for the return.
COST_OF_ORDER: Final = Text("单笔花费 / 门槛", "Cost per order / bar")
# What a row is about, the first that it has, where it is no group.
NAMED_BY: Final = ("search_term", "fragment", "keyword", "item", "item_id", "ad_group", "campaign")
WHOLE_FROM: Final = 10


def with_glances(act: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The frame (n rows to act on) with the texts of LABELS."""
    shown = {
        WORD: words_of(act, lang),
        PLACE: _joined(_texts(act, "campaign"), _texts(act, "ad_group"), " › "),
        BID: _bid(act, lang),
        RETURN: _return(act),
        GAIN: _gain(act, lang),
    }
    return act.assign(**{name: pd.Series(text, act.index, dtype="str") for name, text in shown.items()})


def label_of(name: str, act: pd.DataFrame) -> Text:
    """What a column of LABELS holds in this list."""
    if name == RETURN and _in_orders(act):
        return COST_OF_ORDER
    if name == BID and not np.isfinite(floats(act, "bid")).any():
        return APPLY_TO_BID
    return LABELS[name]


def words_of(act: pd.DataFrame, lang: Lang) -> pd.Series:
    """What each row (n) is about: its group, term, word, item or place."""
    words = floats(act, "group_words")
    groups = _texts(act, "group_name").mask(_texts(act, "group_name").eq(""), _texts(act, "moved_with"))
    counted = Text("{:,.0f} 个小词 · {}", "{:,.0f} small words · {}")[lang]
    said = [counted.format(n, name) if n == n else "" for n, name in zip(words, groups, strict=True)]
    word = pd.Series(said, act.index, dtype="str")
    # A back-fill over columns takes a step for each row.
    for name in NAMED_BY:
        word = word.where(word.ne(""), _texts(act, name))
    return word


def _bid(act: pd.DataFrame, lang: Lang) -> list[str]:
    bid, new, change = (floats(act, name) for name in ("bid", "new_bid", "bid_change"))
    gone = act["action"].isin(REMOVALS).to_numpy()
    said = []
    for now, then, step, removed in zip(bid, new, change, gone, strict=True):
        percent = "" if np.isnan(step) else f"{step:+.0%}"
        if removed:
            said.append(DELETED[lang])
        elif np.isnan(now) or np.isnan(then):
            said.append(percent)
        else:
            said.append(f"{now:,.2f} → {then:,.2f}" + (f" ({percent})" if percent else ""))
    return said


def _return(act: pd.DataFrame) -> list[str]:
    got, bar = floats(act, "roas"), floats(act, "bar_roas")
    if _in_orders(act):
        with np.errstate(divide="ignore", invalid="ignore"):
            got, bar = floats(act, "cost") / floats(act, "conversions"), floats(act, "bar_cpa")
    known = np.isfinite(got)
    shown = [f"{one:,.2f}" if here else "–" for one, here in zip(got, known, strict=True)]
    return [
        "" if not here and np.isnan(needed) else text if np.isnan(needed) else f"{text} / {needed:,.2f}"
        for text, here, needed in zip(shown, known, bar, strict=True)
    ]


def _in_orders(act: pd.DataFrame) -> bool:
    return not np.isfinite(floats(act, "roas")).any() and bool(np.isfinite(floats(act, "bar_cpa")).any())


def _gain(act: pd.DataFrame, lang: Lang) -> list[str]:
    gain, low, high = (floats(act, name) for name in ("expected_gain", "gain_low", "gain_high"))
    several = "currency" in act and varies(act["currency"])
    units = act["currency"].fillna("") if several else pd.Series("", act.index)
    ends: Callable[[str, str], str] = Text("（{}~{}）", " ({} to {})")[lang].format
    said = []
    for mean, least, most, unit in zip(gain, low, high, units, strict=True):
        span = "" if np.isnan(least) or np.isnan(most) else ends(_amount(least), _amount(most))
        said.append("" if np.isnan(mean) else f"{_amount(mean, '+')}{span} {unit}".rstrip())
    return said


def _amount(value: float, sign: str = "") -> str:
    return f"{value:{sign},.0f}" if abs(value) >= WHOLE_FROM else f"{value:{sign},.1f}"


def _texts(act: pd.DataFrame, name: str) -> pd.Series:
    if name not in act:
        return pd.Series("", act.index, dtype="str")
    return act[name].astype("str").fillna("")


def _joined(one: pd.Series, other: pd.Series, between: str) -> pd.Series:
    both = one.ne("") & other.ne("")
    return one + pd.Series(between, one.index, dtype="str").where(both, "") + other
