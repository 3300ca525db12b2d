"""Tables of text → the context: keyed tables by specificity, lists, events, targets, budgets, creatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ppc_tuner.context import cells as read
from ppc_tuner.context.cells import Place, fault
from ppc_tuner.context.dated import (
    BUDGETS_OF,
    CREATIVES,
    EVENTS,
    TARGETS_BY_DAY,
    nothing,
    refuse_repeated,
    together,
)
from ppc_tuner.context.layout import (
    CHOICES,
    DATES,
    DAYS_OF_YEAR,
    FLAGS,
    GROUPS,
    KEYS,
    NUMBERS,
    SHARES,
    VALUES,
    WHOLE_SHOP,
)  # fmt: skip
from ppc_tuner.context.reading import Told, read_tables
from ppc_tuner.errors import ConfigError
from ppc_tuner.text import Text


@dataclass(frozen=True, slots=True)
class Context:
    """What people told beside the report.

    `tables`: frames with some KEYS and some VALUES (index = row of the file), least specific first; a frame without a key
    speaks for the whole shop. `sources`: the file (and sheet) of each, where they come from files. `events`: day, item_id
    (empty: all), event. `targets`: date, target_revenue, target_orders. `budgets`: campaign, weekly_budget, daily_budget,
    limited. `creatives`: campaign | ad_group | item_id, creative_kind, creative, date, impressions, clicks.
    """

    tables: tuple[pd.DataFrame, ...] = ()
    brand_words: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    events: pd.DataFrame = field(default_factory=lambda: nothing(EVENTS))
    targets: pd.DataFrame = field(default_factory=lambda: nothing(TARGETS_BY_DAY))
    budgets: pd.DataFrame = field(default_factory=lambda: nothing(BUDGETS_OF))
    creatives: pd.DataFrame = field(default_factory=lambda: nothing(CREATIVES))

    def gives(self, *names: str) -> bool:
        """Whether a table gives any of these values."""
        return any(name in table and table[name].notna().any() for table in self.tables for name in names)


def read_context(paths: Sequence[Path]) -> Context:
    """The context of these files and folders; ConfigError (file, sheet, row, column) where a table cannot be used."""
    told = list(read_tables(paths))
    tables = [part for one in told if one.kind in ("keyed", "protected_words") for part in _keyed(one)]
    tables.sort(key=lambda part: specific(part[0]))
    brands = [word for one in told if one.kind == "brand_words" for word in _words(one, "brand_word")]
    return Context(
        tuple(table for table, _ in tables),
        tuple(dict.fromkeys(brands)),
        tuple(source for _, source in tables),
        events=together("events", told, EVENTS),
        targets=together("targets", told, TARGETS_BY_DAY),
        budgets=together("budgets", told, BUDGETS_OF),
        creatives=together("creatives", told, CREATIVES),
    )


def keys_of(table: pd.DataFrame) -> list[str]:
    """The columns by which a keyed table finds its rows, least specific first."""
    named = [name for name in KEYS if name in table]
    return [name for name in named if name not in GROUPS or "item_id" not in table]


def specific(table: pd.DataFrame) -> int:
    """The larger, the more specific: keyword, then ad group, item, page group, category, campaign."""
    return sum(1 << KEYS.index(name) for name in keys_of(table))


def _words(told: Told, name: str) -> list[str]:
    return list(read.texts(told.frame[name], name, told.place).dropna())


def _keyed(told: Told) -> list[tuple[pd.DataFrame, str]]:
    """A keyed table as one frame for each way in which its rows fill the key columns."""
    frame, place = told.frame, told.place
    if told.kind == "protected_words":
        frame = frame.rename(columns={"protected_word": "keyword"}).assign(protected="yes")
    keys, values = [name for name in KEYS if name in frame], [name for name in VALUES if name in frame]
    if not keys or not [name for name in values if name not in GROUPS or "item_id" in keys]:
        raise ConfigError(
            Text("表里缺少主键列或数值列", "the table has no key column or no value column"),
            where=f"{place}:1",
            found=", ".join(map(str, frame.columns)),
            expected=f"{' | '.join(KEYS)} + margin | stock_days | …",
        )
    table = pd.DataFrame({name: _key(frame[name], name, place) for name in keys}, index=frame.index)
    for name in (name for name in values if name not in GROUPS):
        table[name] = _value(frame[name], name, place)
    blank = table.index[table[keys].isna().all(axis=1)]
    if len(blank):
        expected = Text(
            "至少填一个，说明这一行说的是谁", "at least one key, so that the row says of what it speaks"
        )
        raise fault(place, blank[0], keys[0], Text("空", "nothing"), expected)
    _refuse_half_costs(table, frame, place)
    _refuse_half_seasons(table, place)
    parts = [
        _of_whole_shop(part.dropna(axis=1, how="all"))
        for _, part in table.groupby(_pattern(table, keys), sort=False)
    ]
    for part in parts:
        if keys_of(part):
            refuse_repeated(part, keys_of(part), place)
        else:
            _refuse_second(part, place)
    return [(part, str(place)) for part in parts]


def _of_whole_shop(part: pd.DataFrame) -> pd.DataFrame:
    """Without its key, where that stands for all items of the shop."""
    named = "item_id" in part and part["item_id"].isin(WHOLE_SHOP).all()
    return part.drop(columns="item_id") if named else part


def _pattern(table: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Which key cells each row fills; groups beside an item are no keys, and the whole shop is a way of its own."""
    filled = table[list(keys)].notna()
    if "item_id" in keys:
        for group in (name for name in GROUPS if name in keys):
            filled[group] &= ~filled["item_id"]
    code = pd.Series(0, index=table.index)
    for number, name in enumerate(keys):
        code += filled[name].astype(int) * 2**number
    if "item_id" in keys:
        code = code.mask(table["item_id"].isin(WHOLE_SHOP), -1)
    return code


def _refuse_second(part: pd.DataFrame, place: Place) -> None:
    if len(part) > 1:
        expected = Text("整个店铺只写一行", "one row for the whole shop")
        raise fault(place, part.index[1], "item_id", WHOLE_SHOP[0], expected)


def _key(cells: pd.Series, name: str, place: Place) -> pd.Series:
    return read.ids(cells, name, place) if name == "item_id" else read.texts(cells, name, place)


def _value(cells: pd.Series, name: str, place: Place) -> pd.Series:
    if name in NUMBERS:
        return read.numbers(cells, name, place, NUMBERS[name], share=name in SHARES)
    if name in DATES:
        return read.dates(cells, name, place)
    if name in DAYS_OF_YEAR:
        return read.days_of_year(cells, name, place)
    if name in FLAGS:
        return read.flags(cells, name, place)
    if name in CHOICES:
        return read.choices(cells, name, place, CHOICES[name])
    return read.texts(cells, name, place)


def _refuse_half_seasons(table: pd.DataFrame, place: Place) -> None:
    """A season has two ends: one alone would be passed over without a word."""
    ends = table.reindex(columns=list(DAYS_OF_YEAR))
    for given, missing in (DAYS_OF_YEAR, DAYS_OF_YEAR[::-1]):
        half = ends[given].notna() & ends[missing].isna()
        expected = Text("季节的开始和结束要一起给", "the first and the last day of the season together")
        read.refuse(half, ends[missing], missing, place, expected)


def _refuse_half_costs(table: pd.DataFrame, told: pd.DataFrame, place: Place) -> None:
    """A cost without the price it is taken from makes no margin; a margin of less than nothing is a slip."""
    if "unit_cost" not in table:
        return
    price = table["price"] if "price" in table else pd.Series(float("nan"), index=table.index)
    margin = table["margin"] if "margin" in table else pd.Series(float("nan"), index=table.index)
    fees = table["fee_rate"].fillna(0.0) if "fee_rate" in table else 0.0
    wanted = table["unit_cost"].notna() & margin.isna()
    expected = Text("售价要和单件成本一起给", "a price beside the unit cost")
    read.refuse(wanted & price.isna(), price, "price", place, expected)
    low = wanted & (1 - fees - table["unit_cost"] / price < NUMBERS["margin"][0])
    expected = Text("成本加费用低于售价", "cost and fees below the price")
    read.refuse(low, told["unit_cost"], "unit_cost", place, expected)
