"""The workbook: seven sheets, up to three more where search terms are to be added or excluded and where words
are in conflict, and a hidden one; written row by row so that memory stays flat."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
from xlsxwriter import Workbook

from ppc_tuner.run_rows import with_row_keys
from ppc_tuner.sheets.actions_sheet import rows_to_act_on, target_is_further, with_group, write_actions
from ppc_tuner.sheets.all_sheet import write_all
from ppc_tuner.sheets.check_sheet import write_check
from ppc_tuner.sheets.front import five_moves
from ppc_tuner.sheets.guide_sheet import write_guide
from ppc_tuner.sheets.labels import IN_STEPS, PER_PERIOD, with_platform_names
from ppc_tuner.sheets.list_sheet import Book
from ppc_tuner.sheets.plan_sheet import write_by_plan
from ppc_tuner.sheets.run_sheet import write_run
from ppc_tuner.sheets.shop_sheet import write_shop
from ppc_tuner.sheets.style import Style, font_name
from ppc_tuner.sheets.summary_sheet import write_summary
from ppc_tuner.sheets.terms_sheets import of_terms, write_conflicts, write_terms
from ppc_tuner.temporary import temporary_folder
from ppc_tuner.text import Lang

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

FONT_SIZE: Final = 10
LARGE: Final = 10_000_000


def write_workbook(actions: pd.DataFrame, summary: dict[str, pd.DataFrame], path: Path, lang: Lang) -> None:
    """Write the workbook to `path`: 总览, 操作清单, 加词, 否词, 冲突, 按计划操作, 店铺诊断, 全部关键词, 说明,
    数据核对.

    `actions`: the ranked list; `summary`: frames by name as made by `summary_of`. Raises OSError if writing
    fails.
    """
    with temporary_folder() as folder, _Target(path) as target:
        workbook = Workbook(target, _options(lang, str(folder), large=actions.size > LARGE))
        keyed = with_row_keys(rows_to_act_on(actions))
        act = with_platform_names(keyed, summary.get("platforms"), lang)
        actions = with_platform_names(actions, summary.get("platforms"), lang)
        dated = _is_dated(summary)
        labels = ({} if dated else PER_PERIOD) | (IN_STEPS if target_is_further(act) else {})
        book = Book(workbook, Style(workbook), lang, dated, labels)
        # One decision moves a group: its words stand on the sheet that is typed in from.
        listed = act.loc[~with_group(act) & ~of_terms(act)].reset_index(drop=True)
        write_summary(book, summary, five_moves(listed, lang))
        # The guide explains the list's columns before the summary's.
        of_summary, book.shown = book.shown, {}
        write_actions(book, listed)
        write_terms(book, act)
        write_conflicts(book, summary)
        write_by_plan(book, _words_and_items(act))
        write_shop(book, summary)
        book.shown = book.shown | {name: book.shown.get(name, label) for name, label in of_summary.items()}
        read_first = tuple(book.shown)
        write_all(book, actions)
        write_guide(book, summary, actions["action"], read_first)
        write_check(book, summary)
        write_run(workbook, keyed, lang)
        workbook.close()


class _Target(io.FileIO):
    """The file being written. After a fault nothing more is, nor after it is closed: a half-written zip tries
    to end itself when it is collected, and is told that it has."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "w")
        self._is_broken = False
        self._pretended = 0

    def write(self, data: ReadableBuffer, /) -> int:
        left = memoryview(data).cast("B")
        if self.closed:
            self._pretended += len(left)
        while len(left) and not self._is_broken and not self.closed:
            try:
                left = left[super().write(left) :]
            except OSError:
                self._is_broken = True
                raise
        return memoryview(data).nbytes

    def seek(self, position: int, whence: int = io.SEEK_SET, /) -> int:
        if not self.closed:
            return super().seek(position, whence)
        self._pretended = position
        return position

    def tell(self) -> int:
        return self._pretended if self.closed else super().tell()

    def flush(self) -> None:
        if not self.closed:
            super().flush()


def _words_and_items(actions: pd.DataFrame) -> pd.DataFrame:
    """The rows without those of groups, whose words are there themselves."""
    if "level" not in actions:
        return actions
    return actions.loc[actions["level"].ne("group")].reset_index(drop=True)


def _is_dated(summary: dict[str, pd.DataFrame]) -> bool:
    """Whether figures are per week; `period_unit` is "period" for reports without dates."""
    unit = summary.get("period_unit")
    return unit is None or not unit["unit"].eq("period").any()


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
