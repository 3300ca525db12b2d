"""A sheet of the list as people see it: which of its columns are which, and what each row shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from ppc_tuner.columns import ACTIONS, COLUMNS, FILLED_IN
from ppc_tuner.decisions.decided import names_of
from ppc_tuner.files import HeadRow, Table
from ppc_tuner.identity import folded
from ppc_tuner.run_rows import KEY, ROW_KEY
from ppc_tuner.text import visible
from ppc_tuner.values import WORDS_OF

# By these a row that has lost its key is known.
TELLING: Final = (
    "action", "moved_with", "keyword", "search_term", "fragment", "match_type", "account", "currency",
    "campaign", "ad_group", "item", "channel", "device",
)  # fmt: skip
BETWEEN: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Shown:
    """`cells`: a row for each row below the header: row_key ("" where there is none), the columns FILLED_IN
    and those of TELLING that the sheet has, as texts; where; name."""

    cells: pd.DataFrame


def shown_columns(table: Table) -> Shown | None:
    """The sheet, if one of its first rows names a column of decisions."""
    names = _names()
    for row in table.head:
        found: dict[str, int] = {}
        for at, label in enumerate(folded(pd.Series(row.cells, dtype="str")).tolist()):
            if label in names:
                found.setdefault(names[label], at)
        # A sheet that explains the columns names one in each row.
        if "decision" in found and len(found) > 1:
            return Shown(_cells(table, row, found))
    return None


def keys_by_text(cells: pd.DataFrame, rows: pd.DataFrame) -> pd.Series[str]:
    """The key of the row of the run that each row of a sheet shows (n,); "" where it is like none or like
    several."""
    names = [name for name in TELLING if name in cells and name in rows]
    if not names:
        return pd.Series("", index=cells.index, dtype="str")
    texts = _said(rows[names])
    once = ~texts.duplicated(keep=False)
    keys = pd.Series(rows.loc[once, ROW_KEY].to_numpy(), index=texts[once].to_numpy(), dtype="str")
    return _said(cells[names]).map(keys).astype("str").fillna("")


def _said(rows: pd.DataFrame) -> pd.Series[str]:
    said = pd.Series("", index=rows.index, dtype="str")
    for name in rows:
        texts = rows[name].astype("str").fillna("")
        unique = pd.Series(texts.unique())
        seen = folded(unique.map(visible).astype("str")).replace(_canonical(str(name)))
        said = said + texts.map(dict(zip(unique, seen, strict=True))).astype("str") + BETWEEN
    return said


def _canonical(name: str) -> dict[str, str]:
    """What the values of a column are called in either language, to the values."""
    words = {"action": ACTIONS, **WORDS_OF}.get(name, {})
    called = {value: [text.zh, text.en] for value, text in words.items()}
    return {folded(pd.Series([one], dtype="str"))[0]: value for value, both in called.items() for one in both}


def _cells(table: Table, header: HeadRow, found: dict[str, int]) -> pd.DataFrame:
    body = table.body(header).astype("str").fillna("")
    cells = pd.DataFrame({name: body[at].astype("str").str.strip() for name, at in found.items()})
    for name in FILLED_IN:
        if name not in cells:
            cells[name] = ""
    # Wherever the column has been moved to, and whatever it is called now.
    keys = [body[at] for at in body if body[at].str.fullmatch(KEY).any()]
    cells[ROW_KEY] = keys[0] if keys else ""
    where = table.sheet or table.label
    cells["where"] = [f"{where}:{row}" for row in body.index]
    cells["name"] = names_of(cells)
    return cells.reset_index(drop=True)


def _names() -> dict[str, str]:
    """Labels of columns in either language, as they are compared, to their names."""
    labels = {
        label: name
        for name in (*TELLING, *FILLED_IN)
        if name in COLUMNS
        for label in (COLUMNS[name].label.zh, COLUMNS[name].label.en)
    }
    plain = folded(pd.Series(list(labels), dtype="str"))
    return dict(zip(plain, labels.values(), strict=True))
