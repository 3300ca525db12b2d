"""Finds the decisions of a list, whatever a spreadsheet has made of it: columns moved, rows sorted, filtered
or deleted, sheets renamed.

In a workbook a row is known by its hidden key, which goes with it when it is moved. Where somebody has
deleted the column of keys, it is known by what it shows, if that is like no other row; else it is named. A
csv or Parquet list holds the rows themselves, and so does what the page saves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from ppc_tuner.columns import FILLED_IN
from ppc_tuner.decisions.decided import Decided, Unread, decided
from ppc_tuner.decisions.list_files import is_list, rows_of_list
from ppc_tuner.decisions.page_file import is_page_file, rows_of_page_file
from ppc_tuner.decisions.shown import Shown, keys_by_text, shown_columns
from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, Table, tables_of, walk
from ppc_tuner.run_rows import KEY, ROW_KEY, RUN_SHEET, carried_rows, run_of
from ppc_tuner.text import Lang, Text

ENCODINGS: Final = ("gb18030",)
GIVE_THE_LIST: Final = Text(
    "请给出 ppc-tuner tune 写出的操作清单（.xlsx、.csv 或 .parquet），在里面填好决定再保存；"
    "在报告页面里做的决定，给出页面存下的 decisions.json",
    "give the action list that ppc-tuner tune wrote (.xlsx, .csv or .parquet), with the decisions in it, "
    "or the decisions.json that was saved from the page",
)
OTHER_LIST: Final = Text(
    "这一行是从别的清单里复制来的，当时的出价已不作数：请在那份清单里做决定",
    "the row was copied from another list, whose bids are not those of today: decide on it there",
)
UNKNOWN_ROW: Final = Text(
    "隐藏的行标识没有了，看到的内容又分不清是哪一行：请在原来的清单里重填这一行",
    "its hidden key is gone and what it shows fits no row, or several: fill it in again in the original list",
)


def read_decisions(path: str | Path) -> Decided:
    """The list at `path` with what a person decided in it.

    Raises InputError for a file that cannot be read, is no list of this program, or is a workbook that has
    lost its hidden sheet.
    """
    path = Path(path)
    if path.is_dir():
        raise InputError(
            Text("这是文件夹，不是操作清单", "this is a folder, not an action list"),
            where=str(path),
            to_do=GIVE_THE_LIST,
        )
    if is_page_file(path):
        return _of_page(path)
    documents = [one for one in walk([path]) if isinstance(one, Document)]
    tables = [choices[0] for one in documents for choices in tables_of(one, ENCODINGS, hidden_sheets=True)]
    runs = [table for table in tables if _is_run(table)]
    if len(documents) == 1 and len(runs) == 1:
        return _of_workbook(path, runs[0], [table for table in tables if table is not runs[0]])
    lists = [table for table in tables if is_list(table)]
    if len(documents) == 1 and len(lists) == 1:
        rows, marks, unread, written = rows_of_list(lists[0])
        found, more = decided(rows, marks)
        return Decided(path, found, (*unread, *more), written or _changed_on(path))
    raise _no_list(path, tables)


def _is_run(table: Table) -> bool:
    return bool(table.head) and table.head[0].cells[:1] == (RUN_SHEET,)


def _of_workbook(path: Path, run: Table, sheets: Sequence[Table]) -> Decided:
    rows, written_on, lang = _run_rows(path, run)
    shown = [one for table in sheets if (one := shown_columns(table)) is not None]
    if not shown:
        raise InputError(
            Text("清单里没有“决定”这一列", "the list has no column of decisions"),
            where=str(path),
            expected=f"{FILLED_IN['decision'].label.zh} / {FILLED_IN['decision'].label.en}",
            to_do=GIVE_THE_LIST,
        )
    marks, unread = _marks(shown, rows)
    found, more = decided(rows, marks)
    return Decided(path, found, (*unread, *more), written_on, lang)


def _of_page(path: Path) -> Decided:
    rows, cells, written_on, lang = rows_of_page_file(path)
    marks, unread = _marks([Shown(cells)], rows)
    found, more = decided(rows, _with_rows_still_there(marks, rows))
    return Decided(path, found, (*unread, *more), written_on, lang)


def _with_rows_still_there(marks: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The marks, and a blank one for every row without: from the page no row can be deleted."""
    where = [f"rows:{number}" for number in range(1, len(rows) + 1)]
    blank = rows[[ROW_KEY]].assign(where=where, **dict.fromkeys(FILLED_IN, ""))
    blank = blank[~blank[ROW_KEY].isin(marks[ROW_KEY])]
    return pd.concat([marks, blank], ignore_index=True)


def _run_rows(path: Path, run: Table) -> tuple[pd.DataFrame, date, Lang | None]:
    body = run.body(run.head[0], [0, 1]).astype("str")
    kept = body[body[0].str.fullmatch(KEY)]
    try:
        about = json.loads(run.head[0].cells[1])
        rows = carried_rows(kept[1].tolist()).assign(**{ROW_KEY: kept[0].to_numpy()})
        lang = about.get("lang")
        return rows, date.fromisoformat(about["written_on"]), lang if lang in ("zh", "en") else None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
        raise InputError(
            Text("清单里的隐藏工作表被改坏了", "the hidden sheet of the list has been damaged"),
            where=f"{path} [{run.sheet}]",
            found=str(fault)[:120],
            to_do=GIVE_THE_LIST,
        ) from None


def _marks(shown: Sequence[Shown], rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Unread]]:
    """What was written beside each row that is still there, and the marks whose row is not known."""
    unread: list[Unread] = []
    parts = []
    for sheet in shown:
        cells = sheet.cells
        key = cells[ROW_KEY].where(cells[ROW_KEY].str.fullmatch(KEY), "")
        key = key.mask(key.eq(""), keys_by_text(cells, rows))
        marked = (cells[list(FILLED_IN)] != "").any(axis=1)
        strange = key.ne("") & ~key.isin(rows[ROW_KEY])
        other_run = strange & ~key.map(run_of).isin(rows[ROW_KEY].map(run_of))
        for why, found in (
            (OTHER_LIST, marked & other_run),
            (UNKNOWN_ROW, marked & ~other_run & (strange | key.eq(""))),
        ):
            named = cells.loc[found, ["where", "name"]]
            unread += [Unread(where, name, why) for where, name in named.itertuples(index=False, name=None)]
        parts.append(cells.assign(**{ROW_KEY: key})[key.ne("") & ~strange])
    marks = pd.concat(parts, ignore_index=True)[[ROW_KEY, "where", *FILLED_IN]]
    return marks, unread


def _changed_on(path: Path) -> date | None:
    return date.fromtimestamp(path.stat().st_mtime)


def _no_list(path: Path, tables: Sequence[Table]) -> InputError:
    if any(shown_columns(table) is not None for table in tables):
        return InputError(
            Text(
                "这是操作清单的一张表，不是整份清单",
                "this is one sheet of the action list, not the whole of it",
            ),
            where=str(path),
            found=Text("缺少带平台编号的隐藏工作表", "the hidden sheet with the platform's ids is missing"),
            expected=Text("整个工作簿", "the whole workbook"),
            to_do=Text(
                "在原来的工作簿里填写，并另存为 .xlsx，不要只复制一张表",
                "fill in the workbook itself and save it as .xlsx; do not copy out a sheet",
            ),
        )
    return InputError(Text("这不是操作清单", "this is no action list"), where=str(path), to_do=GIVE_THE_LIST)
