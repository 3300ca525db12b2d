"""How a table writes its figures and dates, proven from the table itself, declared for its layout, or told by the person.

Never guessed: what could be read in two ways is refused, with the option that settles it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.errors import InputError
from ppc_tuner.files import DateOrder, Decimal, date_orders, decimal_signs
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.formats import Conventions
from ppc_tuner.reports.periods import DATES
from ppc_tuner.text import Text

# Nothing is shown or clicked by halves, so a sign before three digits can only group thousands there.
WHOLE: Final = ("impressions", "clicks")
DECIMAL_TO_DO: Final = Text(
    "用 --decimal . 或 --decimal , 说明小数点是哪个符号",
    "say which sign is the decimal: --decimal . or --decimal ,",
)
ORDER_TO_DO: Final = Text(
    "用 --date-order dmy（日在前）或 --date-order mdy（月在前）说明",
    "say which comes first: --date-order dmy (day) or --date-order mdy (month)",
)
Columns = Mapping[str, "pd.Series[str]"]


@dataclass(frozen=True, slots=True)
class Told:
    """What the person says of the files; None where it is left to them to prove."""

    decimal: Decimal | None = None
    date_order: DateOrder | None = None


def with_meaning(found: Recognised, cells: Columns, told: Told) -> Conventions:
    """The layout's conventions with `decimal` and `date_order` settled for this table.

    cells: its canonical columns. Raises InputError where the table contradicts itself, or can be read in two ways.
    """
    decimal = told.decimal or _decimal(found, cells)
    order = told.date_order or _date_order(found, cells)
    return found.ways.model_copy(update={"decimal": decimal, "date_order": order})


def _decimal(found: Recognised, cells: Columns) -> Decimal:
    figures = {name: cells[name] for name in cells if name in FACTS and FACTS[name].kind in NUMBER_KINDS}
    whole = [figures[name] for name in WHOLE if name in figures]
    others = {name: column for name, column in figures.items() if name not in WHOLE}
    signs = decimal_signs(whole, others.values())
    if signs.either and not signs.point and not signs.comma:
        # Columns that are not used may still show how the file writes its figures.
        every = found.table.body(found.header)
        used = set(found.match.columns.values())
        unused = [at for at in every.columns if int(at) not in used]
        more = decimal_signs((), (every[at] for at in unused))
        signs = type(signs)(more.point, more.comma, signs.either)
    where = found.table.label
    if signs.point and signs.comma:
        raise _contradiction("小数点", "decimal signs", where, signs.point, signs.comma, DECIMAL_TO_DO)
    if signs.point or signs.comma:
        return "." if signs.point else ","
    if found.ways.decimal is not None:
        return found.ways.decimal
    if signs.either:
        row, header = _place(found, others, signs.either)
        raise InputError(
            Text("分不清小数点和千分位", "decimals and thousands cannot be told apart"),
            where=f"{where}:{row}" if row else where,
            found=Text(f"“{header}”列的“{signs.either}”", f"“{signs.either}” in column “{header}”"),
            expected=Text("文件里有别的写法能证明，如 1,234.50", "another figure that proves it, such as 1,234.50"),
            to_do=DECIMAL_TO_DO,
        )  # fmt: skip
    return "."


def _date_order(found: Recognised, cells: Columns) -> DateOrder | None:
    above = [
        cell for row in found.table.head if row.row < found.header.row for cell in row.cells if cell.strip()
    ]
    dated = {name: cells[name] for name in DATES if name in cells}
    lines = pd.Series(above, dtype="str")
    orders = date_orders([*dated.values(), lines])
    where = found.table.label
    if orders.day_first and orders.month_first:
        raise _contradiction(
            "日期", "orders of day and month", where, orders.day_first, orders.month_first, ORDER_TO_DO
        )
    if orders.day_first or orders.month_first:
        return "dmy" if orders.day_first else "mdy"
    needed = list(dated.values()) or ([lines] if found.ways.period == "preamble" else [])
    either = date_orders(needed).either
    if either and found.ways.date_order is None:
        row, header = _place(found, dated, either)
        raise InputError(
            Text("分不清日和月的先后", "day and month cannot be told apart"),
            where=f"{where}:{row}" if row else where,
            found=Text(f"“{header}”列的“{either}”", f"“{either}” in column “{header}”") if header else f"“{either}”",
            expected=Text("文件里有 12 以上的日能证明，如 13/4/2026", "a day above 12 that proves it, such as 13/4/2026"),
            to_do=ORDER_TO_DO,
        )  # fmt: skip
    # Of dates like 4/4/2026 alone both orders make the same.
    return found.ways.date_order or ("dmy" if orders.seen else None)


def _place(found: Recognised, columns: Columns, example: str) -> tuple[int, str]:
    """Row and header of the first cell that reads like the example; (0, "") where it stands above the header."""
    for name, column in columns.items():
        hits = column.index[(column.astype("str").str.normalize("NFKC").str.strip() == example).to_numpy()]
        if len(hits):
            return int(hits[0]), found.header.cells[found.match.columns[name]].strip()
    return 0, ""


def _contradiction(zh: str, en: str, where: str, one: str, other: str, to_do: Text) -> InputError:
    return InputError(
        Text(f"同一个文件里有两种{zh}写法", f"one file is written with two {en}"),
        where=where,
        found=Text(f"“{one}”和“{other}”", f"“{one}” and “{other}”"),
        expected=Text("全文件一种写法", "one way of writing in the whole file"),
        to_do=Text(
            f"重新下载报表；若其中一种是笔误，{to_do.zh}", f"download it again; if one is a slip, {to_do.en}"
        ),
    )
