"""A list in csv or Parquet, which holds every row whole; decisions stand in columns that somebody added."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

from ppc_tuner.columns import FILLED_IN
from ppc_tuner.decisions.decided import Unread, names_of
from ppc_tuner.files import Table, to_ids, to_numbers
from ppc_tuner.run_rows import CARRIED, FIGURES, ROW_KEY, TEXTS, as_carried, with_row_keys
from ppc_tuner.text import Text

NEEDED: Final = ("level", "platform", "action", "bid", "new_bid")
# The writer of a csv puts an apostrophe before a text that a spreadsheet would take for a formula.
GUARDED: Final = r"^'('*[=+\-@\t\r\n＝＋－＠])"
IDS: Final = ("campaign_id", "ad_group_id", "item_id", "keyword_id")
NO_FIGURE: Final = Text(
    "出价、新出价等数字读不出来：请用程序写出的原清单",
    "a figure of the row, such as its bid, cannot be read: use the list as it was written",
)


def is_list(table: Table) -> bool:
    """Whether the first row names the columns of a list."""
    return bool(table.head) and set(NEEDED) <= {cell.strip() for cell in table.head[0].cells}


def rows_of_list(table: Table) -> tuple[pd.DataFrame, pd.DataFrame, list[Unread], date | None]:
    """The rows to act on and those that somebody has marked, what was written beside them, the rows that
    cannot be read, and the last day of the figures."""
    header = table.head[0]
    at = {cell.strip(): place for place, cell in enumerate(header.cells)}
    places = {name: at[name] for name in (*CARRIED, *FILLED_IN) if name in at}
    body = table.body(header, list(places.values()))
    cells = pd.DataFrame(
        {name: _text(body[place], name, guarded=not table.sheet) for name, place in places.items()}
    )
    for name in FILLED_IN:
        if name not in cells:
            cells[name] = ""
    acted = ~cells["action"].isin(["", "keep"]) | (cells[["decision", "final_bid"]] != "").any(axis=1)
    cells = cells[acted].reset_index(names="line")
    where = pd.Series([f"{table.label}:{line}" for line in cells["line"]], index=cells.index, dtype="str")
    figures, wrong = _figures(cells)
    last = cells["last_day"].str.slice(0, 10) if "last_day" in cells else pd.Series("", index=cells.index)
    days = pd.to_datetime(last, format="ISO8601", errors="coerce")
    rows = with_row_keys(as_carried(cells.assign(**figures, last_day=days)))
    told = pd.DataFrame({ROW_KEY: rows[ROW_KEY], "where": where, **{name: cells[name] for name in FILLED_IN}})
    unread = [
        Unread(one, name, NO_FIGURE) for one, name in zip(where[wrong], names_of(rows[wrong]), strict=True)
    ]
    return rows[~wrong], told[~wrong], unread, None if days.isna().all() else days.max().date()


def _text(column: pd.Series, name: str, *, guarded: bool) -> pd.Series[str]:
    if name in IDS:
        # Not mended where a spreadsheet has ruined them: whoever writes a file for a platform must see it.
        return to_ids(column.astype(object))[0].astype("str").fillna("")
    text = column.astype("str").fillna("")
    return text.str.replace(GUARDED, r"\1", regex=True) if guarded and name in TEXTS else text


def _figures(cells: pd.DataFrame) -> tuple[dict[str, pd.Series], pd.Series[bool]]:
    """The figures of the rows, and True for a row in which one is none."""
    named = [name for name in FIGURES if name in cells]
    points = any(cells[name].str.contains(".", regex=False).any() for name in named)
    commas = any(cells[name].str.contains(",", regex=False).any() for name in named)
    wrong = pd.Series(False, index=cells.index)
    read = {}
    for name in named:
        # Written with a point; a spreadsheet that saves the file in another country writes a comma.
        figures = to_numbers(cells[name], decimal="," if commas and not points else ".")
        read[name], wrong = figures.values, wrong | figures.wrong
    return read, wrong
