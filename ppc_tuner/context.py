"""What no report tells: margins, refund rates, main words, kinds and brand words, from tables that people keep.

A context file is a csv (or xlsx) with a header. One with `brand_word` is a list of other firms' brand words; one
with weekly_budget, daily_budget or limited says what may be spent (see budgets). Any other
is keyed by one or more of item_id, campaign, ad_group, keyword and gives margin, refund_rate, value_per_conversion,
main_word or kind; where several rows speak for a word the most specific wins (keyword, then ad_group, item_id, campaign).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ppc_tuner import budgets
from ppc_tuner.columns import COLUMNS, KINDS
from ppc_tuner.errors import ConfigError, InputError
from ppc_tuner.files import first_table, to_ids, to_numbers
from ppc_tuner.files.numbers import RUINED_ID
from ppc_tuner.text import Text

# From the least to the most specific.
KEYS = ("campaign", "item_id", "ad_group", "keyword")
BRAND = "brand_word"
TEXTS = ("main_word", "kind")
RANGES = {"margin": (0.01, 1.0), "refund_rate": (0.0, 0.99), "value_per_conversion": (0.0, np.inf)}
VALUES = (*RANGES, *TEXTS)
# Columns that may stand in a table so that people can read it, and are not used.
FOR_READING = ("item", "note", "备注")
# So many of the report's keys are looked through for one like a key that matches nothing.
ALIKE_AMONG = 5_000
REVENUES = ("revenue", "counted_revenue", "period_revenue", "before_revenue")


@dataclass(frozen=True, slots=True)
class Context:
    """`tables`: frames with some KEYS and some VALUES (index = row of the file), least specific first; `brand_words`: other
    firms' brands; `sources`: the file of each table, where they come from files; `budgets`: tables of budgets, each with
    its file."""

    tables: tuple[pd.DataFrame, ...] = ()
    brand_words: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    budgets: tuple[tuple[pd.DataFrame, str], ...] = ()


def read_context(paths: Sequence[Path]) -> Context:
    """The context tables of these files and folders; ConfigError (file, row, column) where one cannot be used."""
    tables: list[tuple[pd.DataFrame, str]] = []
    brands: list[str] = []
    limits: list[tuple[pd.DataFrame, str]] = []
    for path in _files(paths):
        frame = _named(_read(path), path)
        if BRAND in frame:
            brands += [word for word in to_ids(frame[BRAND])[0].dropna().unique() if word]
        elif budgets.is_budget_table(frame):
            limits.append((budgets.budget_table(frame, path), str(path)))
        else:
            tables.append((_checked(frame, path), str(path)))
    tables.sort(key=lambda table: _specific(table[0]))
    sources = tuple(source for _, source in tables)
    return Context(tuple(table for table, _ in tables), tuple(brands), sources, tuple(limits))


def unmatched(context: Context, facts: pd.DataFrame) -> list[Text]:
    """One line for every table with rows that match nothing in `facts` or give no value, with the first of them."""
    sources = context.sources or tuple(f"context {number}" for number in range(1, len(context.tables) + 1))
    lines = []
    for table, source in zip(context.tables, sources, strict=True):
        lines += _without_match(table, source, facts) + _without_value(table, source)
    for table, source in context.budgets:
        lines += _without_match(table[table["campaign"].notna()], source, facts)
    return lines


def _without_match(table: pd.DataFrame, source: str, facts: pd.DataFrame) -> list[Text]:
    keys = [name for name in KEYS if name in table]
    absent = [name for name in keys if name not in facts or facts[name].isna().all()]
    if absent:
        zh, en = _labels(absent)
        return [
            Text(
                f"{source}：报表里没有“{zh}”，这张表 {len(table):,} 行都没有用上",
                f"{source}: the report has no {en}, so none of its {len(table):,} rows is used",
            )
        ]
    known = facts[keys].drop_duplicates()
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
            f"{source}：{count} 行在报表里对不上，没有用上。第一个：{source}:{row} 的{zh}“{first}”；报表里是“{held}”这样的",
            f"{source}: {count} rows match nothing in the report and are not used. The first: {en} “{first}” in {source}:{row};"
            f" the report holds, for example, “{held}”",
        )
    ]


def _without_value(table: pd.DataFrame, source: str) -> list[Text]:
    blank = table.index[table[[name for name in VALUES if name in table]].isna().all(axis=1)]
    if not len(blank):
        return []
    return [
        Text(
            f"{source}：{len(blank):,} 行没有填数值，不起作用。第一个：{source}:{blank[0]}",
            f"{source}: {len(blank):,} rows give no value and change nothing. The first: {source}:{blank[0]}",
        )
    ]


def _alike(key: str, known: pd.DataFrame) -> str:
    """The key of the report that looks most like the given one, else its first."""
    held = known.dropna().head(ALIKE_AMONG).astype("str").agg(" + ".join, axis=1)
    close = get_close_matches(key, held, n=1)
    return close[0] if close else str(held.iloc[0]) if len(held) else ""


def _labels(names: Sequence[str]) -> tuple[str, str]:
    labels = [COLUMNS[name].label for name in names]
    return " + ".join(label.zh for label in labels), " + ".join(label.en for label in labels)


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += (
            sorted(inner for inner in path.iterdir() if inner.suffix == ".csv") if path.is_dir() else [path]
        )
    return found


def _read(path: Path) -> pd.DataFrame:
    try:
        return first_table(path)
    except InputError as fault:
        raise ConfigError(
            fault.problem,
            where=fault.where or str(path),
            found=fault.found,
            expected=fault.expected,
            to_do=fault.to_do,
        ) from None


def _named(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The table with its columns under their canonical names (Chinese names are understood)."""
    chinese = (
        {COLUMNS[name].label.zh: name for name in (*KEYS, *VALUES)} | {"品牌词": BRAND} | budgets.CHINESE
    )
    names = [chinese.get(str(name).strip(), str(name).strip().lower()) for name in frame.columns]
    known = [*KEYS, *VALUES, BRAND, *budgets.AMOUNTS, budgets.LIMITED]
    for name in names:
        if name and name not in known and name not in FOR_READING and COLUMNS.get(name) is None:
            close = get_close_matches(name, known, n=1)
            raise ConfigError(
                Text(f"不认识列“{name}”", f"the column '{name}' is not known"),
                where=f"{path}:1",
                expected=", ".join(known),
                to_do=Text(f"是不是“{close[0]}”？", f"did you mean '{close[0]}'?") if close else "",
            )
    return frame.set_axis(names, axis=1).loc[:, [name in known for name in names]]


def _checked(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    keys, values = [name for name in KEYS if name in frame], [name for name in VALUES if name in frame]
    if not keys or not values:
        raise ConfigError(
            Text("表里缺少主键列或数值列", "the table has no key column or no value column"),
            where=f"{path}:1",
            found=", ".join(frame.columns),
            expected=f"{' | '.join(KEYS)} + {' | '.join(VALUES)}",
        )
    if frame.columns.has_duplicates:
        twice = ", ".join(frame.columns[frame.columns.duplicated()])
        raise ConfigError(Text("列名重复", "a column stands twice"), where=f"{path}:1", found=twice)
    frame = frame[
        frame.astype("str").apply(lambda cells: cells.str.strip().ne("") & cells.notna()).any(axis=1)
    ]
    table = pd.DataFrame({name: to_ids(frame[name])[0] for name in keys})
    _refuse_ruined(table, path)
    blank = table.index[table[keys].isna().any(axis=1)]
    if len(blank):
        raise _fault(
            path,
            blank[0],
            " + ".join(keys),
            Text("空", "blank"),
            Text("每一格都要填", "every key cell filled in"),
        )
    for name in values:
        table[name] = _numbers(frame[name], name, path) if name in RANGES else to_ids(frame[name])[0]
    if "kind" in table:
        wrong = table.index[table["kind"].notna() & ~table["kind"].isin(KINDS)]
        if len(wrong):
            raise _fault(path, wrong[0], "kind", str(table["kind"][wrong[0]]), " | ".join(KINDS))
    repeated = table.index[table.duplicated(keys)]
    if len(repeated):
        same = table.loc[repeated[0], keys].astype("str").str.cat(sep=", ")
        raise _fault(path, repeated[0], " + ".join(keys), same, Text("每个键一行", "one row for each key"))
    return table


def _refuse_ruined(table: pd.DataFrame, path: Path) -> None:
    if "item_id" not in table:
        return
    ids = table["item_id"]
    for row in ids.index[ids.str.fullmatch(RUINED_ID).fillna(False).astype(bool)][:1]:
        raise ConfigError(
            Text(
                "编号被 Excel 改成了科学计数，已经不完整", "Excel has shortened this id, and digits are lost"
            ),
            where=f"{path}:{row}",
            found=Text(f"“宝贝ID”：{ids[row]}", f"item_id: {ids[row]}"),
            expected=Text("完整的编号，如 845301234567", "the whole id, such as 845301234567"),
            to_do=Text(
                "在 Excel 里先把这一列的格式设为“文本”，再重新下载或粘贴编号",
                "format the column as text in Excel, then download or paste the ids again",
            ),
        )


def _numbers(cells: pd.Series, name: str, path: Path) -> pd.Series:
    numbers = to_numbers(cells, share=name != "value_per_conversion")
    low, high = RANGES[name]
    wrong = numbers.wrong | (numbers.values < low) | (numbers.values > high)
    if wrong.any():
        row = wrong.index[wrong][0]
        expected = f"{low:g} … {high:g}" + (" (0.35 = 35%)" if high <= 1 else "")
        raise _fault(path, row, name, str(cells[row]), expected)
    return numbers.values


def _fault(path: Path, row: Any, column: str, found: str | Text, expected: str | Text) -> ConfigError:
    problem = Text(f"“{column}”列的内容不对", f"the column '{column}' holds something wrong")
    to_do = Text("改好这一格再运行", "mend this cell and run again")
    return ConfigError(problem, where=f"{path}:{row}", found=found, expected=expected, to_do=to_do)


def _specific(table: pd.DataFrame) -> int:
    return sum(1 << KEYS.index(name) for name in table if name in KEYS)


def with_context(
    rows: pd.DataFrame, context: Context, settings: Mapping[str, Any]
) -> tuple[pd.DataFrame, list[Text]]:
    """Rows plus margin, refund_rate, break_even_roas, value_per_conversion (and main_word, kind where given), and
    what had to be assumed. Revenue that is not net yet is reduced by the refund rate."""
    rows = rows.copy(deep=False)
    for name in VALUES:
        rows[name] = np.nan if name in RANGES else pd.Series(np.nan, index=rows.index, dtype="str")
    for table in context.tables:
        keys = [name for name in table if name in KEYS]
        if all(key in rows for key in keys):
            given = rows[keys].merge(table, on=keys, how="left").set_axis(rows.index)
            for name in (name for name in table if name in VALUES):
                rows[name] = given[name].fillna(rows[name])
    assumed = _assumptions(rows, context, settings)
    for name in RANGES:
        default = settings[name]
        rows[name] = rows[name].fillna(np.nan if default is None else float(default))
    keep = (1 - rows["refund_rate"]).where(~rows["net_basis"], 1.0)
    for name in (name for name in REVENUES if name in rows):
        rows[name] = rows[name] * keep
    rows["break_even_roas"] = 1 / rows["margin"]
    return rows, assumed


def _assumptions(rows: pd.DataFrame, context: Context, settings: Mapping[str, Any]) -> list[Text]:
    lines = []
    bare = int(rows["margin"].isna().sum())
    if bare and "revenue" in rows and rows["revenue"].notna().any():
        margin = settings["margin"]
        lines.append(
            Text(
                f"毛利率：{bare:,} 行没有给，按设置 {margin:.0%} 算（保本投产比 {1 / margin:.2f}）；用 --context items.csv 给出",
                f"margin: not given for {bare:,} rows, taken as {margin:.0%} (break-even ROAS {1 / margin:.2f}); give --context items.csv",
            )
        )
    if (rows["refund_rate"].isna() & ~rows["net_basis"]).any() and not settings["refund_rate"]:
        lines.append(Text("退款率：没有给，按 0 算", "refund rate: not given, taken as 0"))
    if not context.brand_words:
        lines.append(
            Text(
                "没有给品牌词表，不识别别家品牌词",
                "no list of brand words was given: no word is taken for another firm's brand",
            )
        )
    if rows["main_word"].isna().any():
        lines.append(
            Text(
                "主词没有给，按宝贝标题和流量猜测，见“主推词”列",
                "main words not given are guessed from title and traffic; see the column Main word",
            )
        )
    return lines
