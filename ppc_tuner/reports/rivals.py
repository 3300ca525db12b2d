"""Columns that contradict each other: several that may be one, and orders and revenue of different windows."""

from __future__ import annotations

import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.errors import InputError
from ppc_tuner.reports.cells import plain_text
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.text import Text


def one_window(found: Recognised) -> int:
    """The days after the click over which orders and revenue are counted. InputError where they differ."""
    windows = set(found.match.days.values())
    if len(windows) == 1:
        return windows.pop()
    names = ", ".join(
        found.header.cells[found.match.columns[name]].strip() for name in sorted(found.match.days)
    )
    raise InputError(
        Text(
            "成交笔数和成交金额的归因天数不同",
            "orders and revenue are counted over different windows of days",
        ),
        where=f"{found.table.label}:{found.header.row}",
        found=names,
        expected=Text("同一归因天数的笔数和金额", "orders and revenue of one window"),
        to_do=Text(
            "下载报表时勾上同一天数的两列", "add both columns of the same number of days to the download"
        ),
    )


def refuse_rivals(found: Recognised, body: pd.DataFrame) -> None:
    """InputError where two columns that differ may be one canonical column, such as the cost in two currencies, or two days."""
    for name, places in found.match.rivals.items():
        if FACTS[name].kind not in (*NUMBER_KINDS, "date"):
            continue
        first, *others = (plain_text(body[at]) for at in places)
        if all(first.equals(other) for other in others):
            continue
        cells = ", ".join(found.header.cells[at].strip() for at in places)
        raise InputError(
            Text(f"有两列都可能是 {name}", f"several columns may be {name}"),
            where=f"{found.table.label}:{found.header.row}",
            found=cells,
            expected=Text("只有一列", "one of them"),
            to_do=Text(
                "下载时只留一列，或在格式文件里写明用哪一列",
                "leave one in the download, or say in a format file which one counts",
            ),
        )
