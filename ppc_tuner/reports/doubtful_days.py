"""Days that are not what they seem: those of weeks and months, and those that Excel has taken for others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import Days, HeadRow
from ppc_tuner.reports.cells import plain_text, where_text
from ppc_tuner.text import Text

# A time unit above the header, beside which a day stands for more than itself.
COARSE: Final = (
    r"(?i)(?:aggregation|granularity|time unit|时间单位|时间粒度|时间维度|统计粒度|数据粒度)\W*"
    r"(?:weekly|week|monthly|month|quarterly|yearly|[按分每]?(?:周|月|季|年))"
)
# As a workbook's cells of days come, and days that were typed or kept as text beside them.
DAY_CELL: Final = r"\d{4}-\d\d-(?:0\d|1[0-2]) 00:00:00"
DAY_TEXT: Final = r"(?:1[3-9]|2\d|3[01])[/.-]\d{1,2}[/.-]\d{2,4}\b.*"


def refuse_coarse_days(days: Days, rows: Sequence[HeadRow], header: HeadRow, where: str) -> None:
    """InputError where rows that tell one day are of a week or a month: the report says so, or they are all the first
    days of several months."""
    if days.start.empty or (days.start != days.end).any():
        return
    above = [row for row in rows if row.row < header.row]
    said = [row for row in above if re.search(COARSE, unicodedata.normalize("NFKC", " ".join(row.cells)))]
    firsts = days.start.dt.day.eq(1).all() and (days.start != days.start.iloc[0]).any()
    if said or firsts:
        raise InputError(
            Text("每行是一周或一月，不是一天", "a row stands for a week or a month, not for a day"),
            where=f"{where}:{said[0].row if said else days.start.index[0]}",
            found=", ".join(said[0].cells)[:200] if said
            else Text("日期都是每月 1 日", "the first days of months alone"),
            expected=Text("每行一天，或整个时间段的汇总", "a row for each day, or one for the whole period"),
            to_do=Text("下载按天的报表，或不分时间的汇总", "download it by day, or as one summary"),
        )  # fmt: skip


def refuse_half_read(cells: pd.Series[str], header: str, where: str) -> None:
    """InputError where Excel has taken some days of a column for months: cells of days, none above 12, beside texts with
    the day first, all above 12."""
    text = plain_text(cells)
    as_cell, as_text = (
        where_text(cells, lambda one: one.str.fullmatch(DAY_CELL)),
        where_text(cells, lambda one: one.str.fullmatch(DAY_TEXT)),
    )
    if not (as_cell.any() and as_text.any() and (as_cell | as_text | (text == "")).all()):
        return
    row = text.index[as_cell.to_numpy()][0]
    raise InputError(
        Text(f"“{header}”列的日期被 Excel 改过：日和月可能颠倒", f"Excel has changed days of column “{header}”: day and month may be swapped"),
        where=f"{where}:{row}",
        found=f"{text.loc[row][:10]}, {text[as_text].iloc[0]}",
        expected=Text("同一种写法的日期", "days written in one way"),
        to_do=Text("直接用下载的原文件，不要用 Excel 打开再保存", "give the file as downloaded, not saved again by Excel"),
    )  # fmt: skip
