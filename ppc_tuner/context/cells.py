"""Cells that people typed → numbers, dates, flags and choices; a fault names file, sheet and row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.context.layout import column
from ppc_tuner.errors import ConfigError
from ppc_tuner.files import to_days, to_ids, to_numbers
from ppc_tuner.files.numbers import RUINED_ID
from ppc_tuner.text import Text

YES: Final = ("是", "有", "真", "y", "yes", "true", "1", "√", "✓")
NO: Final = ("否", "无", "没有", "假", "n", "no", "false", "0", "×")
# No shop of today sold anything before, nor plans so far ahead.
FIRST_DAY, LAST_DAY = pd.Timestamp("2000-01-01"), pd.Timestamp("2099-12-31")
# A leap year, so that 02-29 is a day.
ANY_YEAR: Final = "2000-"
LONGEST: Final = 500
MEND: Final = Text("改好这一格再运行", "mend this cell and run again")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table comes from: the file, and in a workbook the sheet."""

    label: str
    sheet: str = ""

    def __str__(self) -> str:
        return f"{self.label}[{self.sheet}]" if self.sheet else self.label

    def row(self, number: Any) -> str:
        """FILE[SHEET]:ROW, rows as Excel counts them."""
        return f"{self}:{number}"


def fault(place: Place, row: Any, name: str, found: str | Text, expected: str | Text) -> ConfigError:
    """What is wrong in one cell."""
    label = column(name).label
    problem = Text(f"“{label.zh}”（{name}）列的内容不对", f"the column '{name}' holds something wrong")
    return ConfigError(problem, where=place.row(row), found=found, expected=expected, to_do=MEND)


def refuse(wrong: pd.Series, cells: pd.Series, name: str, place: Place, expected: str | Text) -> None:
    """ConfigError for the first cell marked as wrong."""
    if wrong.any():
        row = wrong.index[wrong][0]
        raise fault(place, row, name, _shown(cells[row]), expected)


def _shown(cell: object) -> str | Text:
    if pd.isna(cell):  # type: ignore[call-overload]
        return Text("空", "nothing")
    text = str(cell)
    return text if len(text) <= 60 else text[:60] + "…"


def refuse_repeated(table: pd.DataFrame, keys: Sequence[str], place: Place) -> None:
    """ConfigError where two rows have the same keys."""
    repeated = table.index[table.duplicated(list(keys))]
    if len(repeated):
        row = repeated[0]
        same = (table[list(keys)].fillna("") == table.loc[row, list(keys)].fillna("")).all(axis=1)
        found = ", ".join(table.loc[row, list(keys)].dropna().astype("str"))
        raise ConfigError(
            Text("同一个对象写了两行", "two rows speak for the same thing"),
            where=place.row(row),
            found=Text(f"{found}（第 {same.idxmax()} 行已有）", f"{found} (as in row {same.idxmax()})"),
            expected=Text(f"每个 {' + '.join(keys)} 一行", f"one row for each {' + '.join(keys)}"),
            to_do=Text("删掉其中一行", "remove one of them"),
        )


def texts(cells: pd.Series, name: str, place: Place) -> pd.Series:
    """Text as typed, without surrounding blanks; NaN where blank. ConfigError for formulas and long texts."""
    text = to_ids(cells)[0]
    not_typed = text.str.startswith("=").fillna(False).astype(bool)
    refuse(not_typed, cells, name, place, Text("写出文字，不要公式", "the text itself, no formula"))
    long = (text.str.len() > LONGEST).fillna(False).astype(bool)
    refuse(long, cells, name, place, Text(f"不超过 {LONGEST} 个字", f"at most {LONGEST} characters"))
    return text


def ids(cells: pd.Series, name: str, place: Place) -> pd.Series:
    """Ids as text; one that a spreadsheet has shortened (8.45E+11) is refused, since its digits are lost."""
    text = texts(cells, name, place)
    # Workbooks hold typed ids as numbers.
    text = text.str.replace(r"^(\d+)\.0$", r"\1", regex=True)
    for row in text.index[text.str.fullmatch(RUINED_ID).fillna(False).astype(bool)][:1]:
        raise ConfigError(
            Text(
                "编号被 Excel 改成了科学计数，已经不完整", "Excel has shortened this id, and digits are lost"
            ),
            where=place.row(row),
            found=Text(f"“{column(name).label.zh}”：{text[row]}", f"{name}: {text[row]}"),
            expected=Text("完整的编号，如 845301234567", "the whole id, such as 845301234567"),
            to_do=Text(
                "在 Excel 里先把这一列的格式设为“文本”，再重新下载或粘贴编号",
                "format the column as text in Excel, then download or paste the ids again",
            ),
        )
    return text


def numbers(
    cells: pd.Series, name: str, place: Place, span: tuple[float, float], *, share: bool
) -> pd.Series:
    """Numbers within their range; a share may be written 35% or 0.35."""
    read = to_numbers(cells, share=share)
    low, high = span
    wrong = read.wrong | (read.values < low) | (read.values > high)
    # What a report writes for "less than" or "none" is no figure that a person gives.
    said = texts(cells.mask(wrong), name, place).str.casefold()
    wrong |= read.values.isna() & said.notna() & said.ne("n/a")
    expected = f"{low:g} … {high:,.0f}" if high > 1 else f"{low:g} … {high:g}"
    refuse(wrong, cells, name, place, expected + (" (0.35 = 35%)" if share else ""))
    return read.values


def dates(cells: pd.Series, name: str, place: Place) -> pd.Series:
    """Days between 2000 and 2099."""
    read = to_days(cells)
    wrong = read.wrong | read.start.ne(read.end) & read.start.notna()
    wrong |= (read.start < FIRST_DAY) | (read.start > LAST_DAY)
    refuse(wrong, cells, name, place, Text("日期，如 2026-11-01", "a date such as 2026-11-01"))
    return read.start


def days_of_year(cells: pd.Series, name: str, place: Place) -> pd.Series:
    """Month and day as `MM-DD`, from 10-15, 10/15, 10月15日 or a whole date (its year does not matter)."""
    text = texts(cells, name, place).str.normalize("NFKC")
    short = text.str.extract(r"^(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?$")
    padded = short[0].str.zfill(2).str.cat(short[1].str.zfill(2), sep="-")
    read = to_days((ANY_YEAR + padded).fillna(text))
    expected = Text("月-日，如 10-15", "month-day, such as 10-15")
    refuse(read.wrong | (read.start.isna() & text.notna()), cells, name, place, expected)
    return read.start.dt.strftime("%m-%d").astype("str")


def flags(cells: pd.Series, name: str, place: Place) -> pd.Series:
    """yes/no in the usual ways of writing; empty is unknown."""
    text = texts(cells, name, place).str.casefold().str.replace(r"\.0$", "", regex=True)
    known = text.map(dict.fromkeys(YES, True) | dict.fromkeys(NO, False))
    refuse(text.notna() & known.isna(), cells, name, place, Text("是 或 否", "yes or no"))
    return known.astype("boolean")


def choices(cells: pd.Series, name: str, place: Place, allowed: Mapping[str, Text]) -> pd.Series:
    """One of a closed list, by its own name or the label of either language."""
    text = texts(cells, name, place)
    meant = {label: key for key, said in allowed.items() for label in (key, said.zh, said.en)}
    known = text.str.casefold().map(meant).astype("str")
    expected = Text(" | ".join(f"{key} {said.zh}" for key, said in allowed.items()), " | ".join(allowed))
    refuse(text.notna() & known.isna(), cells, name, place, expected)
    return known


def filled_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the rows in which nothing is written."""
    filled = np.zeros(len(frame), dtype=bool)
    for name in frame:
        filled |= frame[name].astype("str").str.strip().fillna("").ne("").to_numpy()
    return frame[filled]
