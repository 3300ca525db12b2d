"""A hidden sheet with the rows to act on as the program knows them.

What people see is in their language, leaves out what is the same everywhere and may be moved, renamed or
deleted. A platform needs ids and exact texts, also of words that move with their group and stand on no sheet
of decisions.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
from xlsxwriter import Workbook

from ppc_tuner.run_rows import ROW_KEY, RUN_SHEET, about_run, carried
from ppc_tuner.text import Lang


def write_run(workbook: Workbook, rows: pd.DataFrame, lang: Lang) -> None:
    """Write the sheet. `rows`: rows to act on with their keys, in any order."""
    sheet = workbook.add_worksheet(RUN_SHEET)
    # A sheet that is merely hidden is shown, and then deleted, by somebody who wonders what it is.
    sheet.very_hidden()
    sheet.write_string(0, 0, RUN_SHEET)
    sheet.write_string(0, 1, about_run({"written_on": date.today().isoformat(), "lang": lang}))
    for number, (key, line) in enumerate(zip(rows[ROW_KEY], carried(rows), strict=True), start=1):
        sheet.write_string(number, 0, key)
        sheet.write_string(number, 1, line)
