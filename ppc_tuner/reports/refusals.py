"""What the files as a whole cannot be used for, said in one message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError, NoRowsError, UsageError
from ppc_tuner.reports.formats import CANONICAL, built_in
from ppc_tuner.reports.results import FileReading, Reading
from ppc_tuner.text import Text
from ppc_tuner.values import CLOSED

CLOSED_FACTS: Final = ("level", "status", "unbiddable_as")


def no_rows(files: Sequence[FileReading]) -> NoRowsError:
    """The message where nothing is left to decide on: no rows at all, or lists of bids only."""
    file = files[0]
    where = f"{file.path.as_posix()}:{file.header_row}"
    if file.role == "bids":
        return NoRowsError(
            Text("只有出价，没有数据", "there are bids, but no figures"),
            where=where,
            found=file.name,
            expected=Text("一起给出关键词报表", "a keyword report beside it"),
            to_do=Text(
                "把关键词报表和这个文件一起交给程序", "give the keyword report together with this file"
            ),
        )
    return NoRowsError(
        Text("报表读懂了，但里面没有数据行", "the report was understood, but holds no rows"),
        where=where,
        found=file.name,
        expected=Text("至少一行关键词数据", "at least one row of keyword figures"),
        to_do=Text("放宽筛选条件或日期范围，重新下载", "widen the filter or the dates and download again"),
    )


def no_words(files: Sequence[FileReading]) -> NoRowsError:
    """The message where reports hold items only, so that there is no word to decide on."""
    file = next((file for file in files if file.role == "report"), files[0])
    return NoRowsError(
        Text("这是宝贝报表，没有关键词", "this is a report of items: it holds no keywords"),
        where=f"{file.path.as_posix()}:{file.header_row}",
        found=file.name,
        expected=Text("关键词报表", "a keyword report"),
        to_do=Text("在后台下载关键词报表", "download the keyword report from the ad platform"),
    )


def refuse_without_orders(reading: Reading) -> None:
    """InputError where the facts of a platform, account and level tell nothing of orders, so that no word can be judged."""
    facts = reading.facts
    known = facts["conversions"].notna() if "conversions" in facts else pd.Series(False, index=facts.index)
    told = known.groupby([facts[name] for name in ("platform", "account", "level")]).transform("any")
    if told.all():
        return
    row = facts[~told].iloc[0]
    file = next(file for file in reading.files if file.path.as_posix() == row["source_file"])
    base = row["platform"] if row["platform"] in {form.id for form in built_in()} else CANONICAL
    declared = f"id: {base}\nextends: {base}\ncolumns: {{conversions: [?]}}"
    raise InputError(
        Text("报表没有成交（转化）列，没有依据判断词的好坏", "the report tells nothing of orders (conversions): nothing says good words from bad"),
        where=f"{file.path.as_posix()}:{file.header_row}",
        found=Text(f"{file.name.zh}，各列：{', '.join((*file.used, *file.ignored))[:300]}",
                   f"{file.name.en} of the columns {', '.join((*file.used, *file.ignored))[:300]}"),
        expected=Text("一列成交笔数或转化数", "a column of orders or conversions"),
        to_do=Text(f"下载时勾上成交（转化）列；若报表里叫别的名字，把下面存为 {base}.yaml，填上列名，用 --format {base}.yaml 指定\n{declared}",
                   f"add it to the download; if the report names it otherwise, save this as {base}.yaml with the name filled in, and give --format {base}.yaml\n{declared}"),
    )  # fmt: skip


def period_not_needed(files: Sequence[FileReading]) -> UsageError:
    """The message for a --period that dates nothing, because every file holds its own dates."""
    dated = next(file for file in files if file.first_day is not None)
    held = f"{dated.first_day:%Y-%m-%d}..{dated.last_day:%Y-%m-%d}"
    return UsageError(
        Text("--period 用不上：报表自己有日期", "--period has no use here: the report holds its own dates"),
        where=dated.path.as_posix(),
        found=held,
        expected=Text("没有日期的报表", "a report without dates"),
        to_do=Text(
            "去掉 --period；若只看其中几天，在后台按那几天下载",
            "leave out --period; to judge some of the days only, download a report of those days",
        ),
    )


def refuse_unknown_values(facts: pd.DataFrame, where: str) -> None:
    """InputError where a canonical file leaves the platform blank, or writes what a closed column cannot hold."""
    wrong = {"platform": facts["platform"].isna()}
    for name in (name for name in CLOSED_FACTS if name in facts):
        allowed = facts[name].isin(CLOSED[name])
        wrong[name] = ~allowed if name == "level" else ~allowed & facts[name].notna()
    for name, mask in wrong.items():
        if mask.any():
            row = facts.index[mask.to_numpy()][0]
            raise InputError(
                Text(f"“{name}”列的值不能用", f"the value in column “{name}” cannot be used"),
                where=f"{where}:{row}",
                found=Text("空格子", "a blank cell")
                if pd.isna(facts.loc[row, name])
                else f"“{facts.loc[row, name]}”",
                expected=" | ".join(CLOSED[name]) if name in CLOSED else Text("平台名", "the platform's id"),
                to_do=Text("改正这一格", "mend this cell"),
            )
