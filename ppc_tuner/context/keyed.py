"""Keyed tables: values of items, campaigns, ad groups, words or the whole shop."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ppc_tuner.context import cells as read
from ppc_tuner.context.cells import Place, fault, refuse_repeated
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
    column,
)
from ppc_tuner.context.reading import RawTable
from ppc_tuner.errors import ConfigError
from ppc_tuner.text import Text


def keys_of(table: pd.DataFrame) -> list[str]:
    """The columns by which a keyed table finds its rows, least specific first."""
    named = [name for name in KEYS if name in table]
    return [name for name in named if name not in GROUPS or "item_id" not in table]


def specificity(table: pd.DataFrame) -> int:
    """The larger, the more specific: keyword, then ad group, item, page group, category, campaign."""
    return sum(1 << KEYS.index(name) for name in keys_of(table))


def keyed_tables(raw: RawTable) -> list[tuple[pd.DataFrame, str]]:
    """A keyed table as one frame for each way in which its rows fill the key columns, each with its source.

    Index = row of the file; key columns as text, values typed as layout says. ConfigError for a table without
    keys or values, for a row without a key, for two rows of the same keys, and for a cell that cannot be
    read.
    """
    frame, place = raw.frame, raw.place
    if raw.kind == "protected_words":
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


def refuse_contradictions(parts: Sequence[tuple[pd.DataFrame, str]]) -> None:
    """ConfigError where two tables of the same keys give one thing two values: neither is the right one.

    `parts`: tables with their sources. Tables of other keys may differ: the most specific wins.
    """
    told: dict[tuple[str, ...], pd.DataFrame] = {}
    for table, source in parts:
        keys = tuple(keys_of(table))
        values = [name for name in VALUES if name in table and name not in keys]
        long = table.assign(**{key: table[key].astype("str") for key in keys})
        long = long.assign(place=[f"{source}:{row}" for row in table.index])
        long = long.melt([*keys, "place"], values, "name", "value").dropna(subset=["value"])
        before = told.get(keys)
        if before is not None:
            both = before.merge(long, on=[*keys, "name"], suffixes=("_before", ""))
            differ = both[both["value_before"].astype("str") != both["value"].astype("str")]
            if len(differ):
                raise _two_values(differ.iloc[0], keys)
        told[keys] = long if before is None else pd.concat([before, long], ignore_index=True)


def _two_values(row: pd.Series, keys: Sequence[str]) -> ConfigError:
    label = column(row["name"]).label
    thing = ", ".join(str(row[key]) for key in keys)
    about = Text(f"{thing}：" if thing else "", f"{thing}: " if thing else "")
    return ConfigError(
        Text("两张表对同一个对象写了不同的值", "two tables give one thing different values"),
        where=row["place"],
        found=Text(
            f"{about.zh}“{label.zh}”{row['place_before']} 写 {row['value_before']}，"
            f"{row['place']} 写 {row['value']}",
            f"{about.en}{label.en} {row['value_before']} in {row['place_before']}, {row['value']} in "
            f"{row['place']}",
        ),
        expected=Text("每个值只写一处，或写得相同", "each value in one place, or the same in both"),
        to_do=Text("删掉过时的那一处", "remove the outdated one"),
    )


def _of_whole_shop(part: pd.DataFrame) -> pd.DataFrame:
    """Without its key, where that stands for all items of the shop."""
    named = "item_id" in part and part["item_id"].isin(WHOLE_SHOP).all()
    return part.drop(columns="item_id") if named else part


def _pattern(table: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Which key cells each row fills, as a number. Groups beside an item are no keys; the shop is −1."""
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


def _refuse_half_costs(table: pd.DataFrame, raw: pd.DataFrame, place: Place) -> None:
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
    read.refuse(low, raw["unit_cost"], "unit_cost", place, expected)
