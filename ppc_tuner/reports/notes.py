"""What the person should know about the files as a whole."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ppc_tuner.identity import PLACE
from ppc_tuner.reports.bid_lists import BidList
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.results import FileReading
from ppc_tuner.text import Text

LEVEL_NAMES = {"search_term": Text("搜索词", "search terms"), "item": Text("宝贝", "items")}


def notes_on(files: Sequence[FileReading], facts: pd.DataFrame) -> list[Text]:
    """Notes on unconfirmed layouts, files without rows, dates or orders, unknown currency, and reports of the same clicks."""
    notes = [
        _unconfirmed(name) for name in sorted({file.name for file in files if not file.confirmed}, key=str)
    ]
    for file in files:
        where = file.path.as_posix()
        if not file.rows:
            notes.append(Text(f"{where}：没有数据行", f"{where}: no rows of figures"))
        elif file.time_unit == "undated" and file.role == "report":
            notes.append(
                Text(
                    f"{where}：报表里没有日期；用 --period 起..止 说明时间，否则按“每个报表期”计算",
                    f"{where}: the report has no dates; say them with --period START..END, else figures are per reported period",
                )
            )  # fmt: skip
        if file.role == "report" and file.level != "item" and "conversions" not in file.used.values():
            notes.append(
                Text(
                    f"{where}：没有成交（转化）列，能看不能调价：tune 需要它",
                    f"{where}: it tells nothing of orders (conversions), which `tune` needs to judge words",
                )
            )
    if (facts["currency"] == "").any():
        notes.append(
            Text(
                "报表没有写货币，金额按同一种货币看待",
                "the report names no currency; its money is taken to be of one currency",
            )
        )
    return notes + _breakdowns(facts)


def guessed_encoding(found: Recognised) -> tuple[Text, ...]:
    """A note where the header reads the same in several encodings, so that the one taken is a guess."""
    if len(found.encodings) < 2:
        return ()
    where, taken = found.table.label, found.table.encoding
    return (
        Text(
            f"{where}：文字编码按内容猜为 {taken}；若词显示为乱码，请另存为 UTF-8 再读",
            f"{where}: the encoding was guessed from the content to be {taken}; if words look garbled, save it as UTF-8",
        ),
    )


def lists_without_place(lists: Sequence[BidList]) -> tuple[Text, ...]:
    """A note for each list of bids that tells neither campaign nor ad group, so that no word of it can be placed."""
    placeless = [
        one
        for one in lists
        if not any(
            name in one.rows and (one.rows[name].fillna("") != "").any() for name in (*PLACE, "keyword_id")
        )
    ]
    return tuple(
        Text(
            f"{one.path.as_posix()}：出价表没有计划和单元，不知道是哪个单元的词，出价未采用；请在表里加上“计划名称”“单元名称”两列并填满",
            f"{one.path.as_posix()}: the list of bids names neither campaign nor ad group, so its words cannot be placed and its bids are not used; "
            "add the two columns to it and fill them",
        )
        for one in placeless
    )


def _unconfirmed(name: Text) -> Text:
    return Text(
        f"{name.zh}：版式尚未用真实文件核对过；请核对合计，对不对都欢迎告诉我们",
        f"{name.en}: unconfirmed layout, not yet checked against a real file; compare the totals and tell us either way",
    )


def _breakdowns(facts: pd.DataFrame) -> list[Text]:
    """Where one account has reports of several levels: they count the same clicks, so nothing is added."""
    accounts = facts.groupby(["platform", "account"], sort=True)["level"].unique()
    notes = []
    for (platform, account), levels in zip(accounts.index, accounts, strict=True):
        others = [LEVEL_NAMES[one] for one in LEVEL_NAMES if one in levels and "keyword" in levels]
        if others:
            name = f"{platform} {account}".strip()
            notes.append(
                Text(
                    f"{name}：{'、'.join(one.zh for one in others)}报表与关键词报表是同一批点击的不同看法，分开看，不相加",
                    f"{name}: the report of {' and '.join(one.en for one in others)} shows the same clicks as the keyword report: kept apart, not added",
                )
            )
    return notes
