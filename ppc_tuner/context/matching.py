"""Rows of context tables that match nothing in the report: a slip must not pass for a decision."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

import pandas as pd

from ppc_tuner.columns import COLUMNS
from ppc_tuner.context.context import Context
from ppc_tuner.context.keyed import keys_of
from ppc_tuner.context.layout import GROUPS, VALUES
from ppc_tuner.context.word_lists import place_keys
from ppc_tuner.text import Text

# So many of the report's keys are looked through for one like a key that matches nothing.
ALIKE_AMONG: Final = 5_000
OTHERS: Final = (
    (Text("活动表", "events"), "events", ("item_id",)),
    (Text("预算表", "budgets"), "budgets", ("campaign",)),
    (Text("创意表", "creatives"), "creatives", ("campaign", "ad_group", "item_id")),
)


def unmatched(context: Context, facts: pd.DataFrame) -> list[Text]:
    """One line for every table with rows that match nothing in `facts` or give no value, naming the first."""
    sources = context.sources or tuple(f"context {number}" for number in range(1, len(context.tables) + 1))
    lines = []
    for table, source in zip(context.tables, sources, strict=True):
        lines += _without_match(table, source, facts, context) + _without_value(table, source)
    for name, attribute, keys in OTHERS:
        lines += _others_without_match(getattr(context, attribute), name, keys, facts)
    return lines


def _without_match(table: pd.DataFrame, source: str, facts: pd.DataFrame, context: Context) -> list[Text]:
    # A word of a word list need not be in the report: only its place must be.
    keys = place_keys(table) or keys_of(table)
    if not keys:
        return []
    known = _known(keys, facts, context)
    if known is None:
        absent = [name for name in keys if name not in facts or facts[name].isna().all()]
        zh, en = _labels([name for name in absent if name not in GROUPS] or absent)
        return [
            Text(
                f"{source}：报表里没有“{zh}”，这张表 {len(table):,} 行都没有用上",
                f"{source}: the report has no {en}, so none of its {len(table):,} rows is used",
            )
        ]
    missed = table[
        (table[keys].merge(known, on=keys, how="left", indicator=True)["_merge"] == "left_only").to_numpy()
    ]
    if missed.empty:
        return []
    row = missed.index[0]
    first = " + ".join(str(missed.loc[row, name]) for name in keys)
    held = _alike(first, known)
    (zh, en), count = _labels(keys), f"{len(missed):,}/{len(table):,}"
    return [
        Text(
            f"{source}：{count} 行在报表里对不上，没有用上。第一个：{source}:{row} 的{zh}“{first}”；"
            f"报表里是“{held}”这样的",
            f"{source}: {count} rows match nothing in the report and are not used. "
            f"The first: {en} “{first}” in {source}:{row}; the report holds, for example, “{held}”",
        )
    ]


def _known(keys: Sequence[str], facts: pd.DataFrame, context: Context) -> pd.DataFrame | None:
    """The distinct keys that a table may name: the report's, or the groups other tables give its items."""
    of_report = [name for name in keys if name not in GROUPS]
    if any(name not in facts or facts[name].isna().all() for name in of_report):
        return None
    if len(of_report) == len(keys):
        return facts[list(keys)].drop_duplicates()
    given = [
        table[list(keys)].dropna()
        for table in context.tables
        if "item_id" in table and set(keys) <= set(table)
    ]
    return pd.concat(given).drop_duplicates() if given else None


def _without_value(table: pd.DataFrame, source: str) -> list[Text]:
    values = [name for name in VALUES if name in table and name not in keys_of(table)]
    blank = table.index[table[values].isna().all(axis=1)]
    if not len(blank):
        return []
    return [
        Text(
            f"{source}：{len(blank):,} 行没有填数值，不起作用。第一个：{source}:{blank[0]}",
            f"{source}: {len(blank):,} rows give no value and change nothing. The first: {source}:{blank[0]}",
        )
    ]


def _others_without_match(
    table: pd.DataFrame, name: Text, keys: Sequence[str], facts: pd.DataFrame
) -> list[Text]:
    """Names in events, budgets and creatives that the report does not hold."""
    lines = []
    for key in (key for key in keys if key in table):
        named = table[key].dropna().drop_duplicates()
        known = facts[key].dropna().drop_duplicates() if key in facts else named.iloc[:0]
        missed = named[~named.isin(known)]
        if len(missed):
            (zh, en), first = _labels([key]), missed.iloc[0]
            lines.append(
                Text(
                    f"{name.zh}：报表里没有{zh}“{first}”（共 {len(missed):,} 个），这些行没有用上",
                    f"{name.en}: the report holds no {en} “{first}” ({len(missed):,} such names); "
                    "these rows are not used",
                )
            )
    return lines


def _alike(key: str, known: pd.DataFrame) -> str:
    """The key of the report that looks most like the given one, else its first."""
    held = known.dropna().head(ALIKE_AMONG).astype("str").agg(" + ".join, axis=1)
    close = get_close_matches(key, held, n=1)
    return close[0] if close else str(held.iloc[0]) if len(held) else ""


def _labels(names: Sequence[str]) -> tuple[str, str]:
    labels = [COLUMNS[name].label for name in names]
    return " + ".join(label.zh for label in labels), " + ".join(label.en for label in labels)
