"""Saves a result: the file ending decides the format."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from ppc_tuner.errors import UsageError
from ppc_tuner.sheets.data_files import write_csv, write_json, write_parquet
from ppc_tuner.sheets.overwrite_guard import refuse_overwriting
from ppc_tuner.text import Lang, Text
from ppc_tuner.writing import check_place, written_whole

ENDINGS: Final = (".xlsx", ".csv", ".parquet", ".json")
# ppc_tuner.page writes this one.
PAGE: Final = ".html"
OF_ALL: Final = (".xlsx", PAGE, ".csv", ".parquet", ".json")


def check_output(path: Path, *, overwrite: bool = False) -> None:
    """Raise what `save` would raise about `path` itself, before any work is done; nothing is written.

    UsageError for an unknown ending; OutputError if the folder is missing or the file cannot be replaced, and
    without `overwrite` for a file that must not be: one that somebody has touched since it was written, or
    that this program did not write.
    """
    path = Path(path)
    _ending(path, OF_ALL)
    check_place(path)
    if not overwrite:
        refuse_overwriting(path)


def save(
    actions: pd.DataFrame,
    summary: dict[str, pd.DataFrame],
    path: Path,
    lang: Lang,
    *,
    overwrite: bool = False,
) -> list[Path]:
    """Write the list to `path` and return the files written.

    `actions` holds one row per decision row and the item-level rows, in list order; `summary` the named
    frames of the overview. `.xlsx` is the workbook in language `lang`; `.csv` and `.parquet` hold every row
    of `actions`; `.json` both; `.html` is written by ppc_tuner.page. Where the rows are more than a sheet can
    hold, the workbook keeps the top by money and the whole list goes to a csv beside it (NAME.all.csv), which
    is then returned as well.

    The file appears whole or not at all. Raises UsageError for an unknown ending, OutputError when it cannot
    be written or a file already there must not be replaced (see `check_output`).
    """
    path = Path(path)
    check_output(path, overwrite=overwrite)
    ending = _ending(path, ENDINGS)
    if ending == ".xlsx":
        return _save_workbook(actions, summary, path, lang, overwrite=overwrite)
    with written_whole([path], overwrite=overwrite) as (aside,):
        if ending == ".csv":
            write_csv(actions, aside)
        elif ending == ".parquet":
            write_parquet(actions, aside)
        else:
            write_json(actions, summary, aside)
    return [path]


def _save_workbook(
    actions: pd.DataFrame, summary: dict[str, pd.DataFrame], path: Path, lang: Lang, *, overwrite: bool
) -> list[Path]:
    # XlsxWriter is slow to import and only needed here.
    from ppc_tuner.sheets.list_sheet import row_room
    from ppc_tuner.sheets.workbook import write_workbook

    too_long = len(actions) > row_room()
    paths = [path, path.with_suffix(".all.csv")] if too_long else [path]
    with written_whole(paths, overwrite=overwrite) as asides:
        write_workbook(actions, summary, asides[0], lang)
        if too_long:
            write_csv(actions, asides[1])
    return paths


def _ending(path: Path, known: tuple[str, ...]) -> str:
    ending = path.suffix.lower()
    if ending not in known:
        raise UsageError(
            Text("不认识这个文件结尾", "this file ending is not known"),
            where=str(path),
            found=ending or Text("没有结尾", "no ending"),
            expected=" ".join(known),
            to_do=Text("请用其中一个结尾，例如 actions.xlsx", "use one of them, for example actions.xlsx"),
        )
    return ending
