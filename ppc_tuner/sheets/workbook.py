"""The workbook: five sheets, written row by row so that memory stays flat."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from ppc_tuner.sheets.actions_sheet import rows_to_act_on, write_actions
from ppc_tuner.sheets.all_sheet import write_all
from ppc_tuner.sheets.guide_sheet import write_guide
from ppc_tuner.sheets.list_sheet import Book
from ppc_tuner.sheets.plan_sheet import write_by_plan
from ppc_tuner.sheets.style import Style, font_name
from ppc_tuner.sheets.summary_sheet import write_summary
from ppc_tuner.text import Lang

FONT_SIZE: Final = 10
LARGE: Final = 10_000_000


def write_workbook(actions: pd.DataFrame, summary: dict[str, pd.DataFrame], path: Path, lang: Lang) -> None:
    """Write 总览, 操作清单, 按计划操作, 全部关键词 and 说明 to `path`. Raises OSError when that fails."""
    with tempfile.TemporaryDirectory(prefix="ppc-tuner-", ignore_cleanup_errors=True) as folder:
        workbook = Workbook(str(path), _options(lang, folder, large=actions.size > LARGE))
        book = Book(workbook, Style(workbook), lang)
        act = rows_to_act_on(actions)
        write_summary(book, summary)
        write_actions(book, act)
        write_by_plan(book, act)
        write_all(book, actions)
        write_guide(book, summary)
        try:
            workbook.close()
        except FileCreateError as fault:
            raise OSError(str(fault)) from fault


def _options(lang: Lang, folder: str, *, large: bool) -> dict[str, Any]:
    return {
        "constant_memory": True,
        "tmpdir": folder,
        "strings_to_urls": False,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "use_zip64": large,
        "default_format_properties": {"font_name": font_name(lang), "font_size": FONT_SIZE},
    }
