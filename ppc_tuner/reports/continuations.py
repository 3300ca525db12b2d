"""Sheets without a header that go on where another sheet of the workbook ends."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.errors import InputError
from ppc_tuner.files import Table, to_numbers
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.text import Text


def refuse_continuations(others: Sequence[Table], found: Sequence[Recognised]) -> None:
    """InputError where a sheet that is no report begins like a row of one: its figures would be left out unnoticed."""
    for table in others:
        for report in found:
            if report.layout.role == "report" and _goes_on(table, report):
                raise InputError(
                    Text("这张工作表没有表头，像是另一张表的后续", "a sheet without a header looks like the rest of another one"),
                    where=f"{table.label} [{table.sheet}]",
                    found=", ".join(_first_row(table))[:200],
                    expected=Text(f"与 [{report.table.sheet}] 一样的表头", f"the header of [{report.table.sheet}]"),
                    to_do=Text("把表头复制到这张表的第一行，或删掉这张表", "copy that header into its first row, or delete the sheet"),
                )  # fmt: skip


def _goes_on(table: Table, report: Recognised) -> bool:
    cells = _first_row(table)
    figures = [at for name, at in report.match.columns.items() if FACTS[name].kind in NUMBER_KINDS]
    if len(cells) != len(report.header.cells) or not figures:
        return False
    numbers = to_numbers(pd.Series([cells[at] for at in figures], dtype="str"))
    return bool(numbers.values.notna().all())


def _first_row(table: Table) -> tuple[str, ...]:
    return next((row.cells for row in table.head if any(cell.strip() for cell in row.cells)), ())
