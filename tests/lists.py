"""Action lists made by hand, and what a person and a spreadsheet do to them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from ppc_tuner.sheets import save
from ppc_tuner.text import Lang

DEFAULT = {
    "level": "keyword", "platform": "google_ads", "account": "123-456-7890", "currency": "USD",
    "campaign": "Search", "ad_group": "Tents", "keyword": "camping tent", "match_type": "exact",
    "action": "raise", "rule": "worth-more", "advice": "A2", "reason_zh": "值", "reason_en": "worth more",
    "bid_basis": "given", "bid": 1.0, "new_bid": 1.2, "bid_change": 0.2, "confidence": 0.9,
    "money_at_stake": 10.0, "expected_gain": 1.0, "gain_low": 0.5, "gain_high": 1.5, "weekly_cost": 50.0,
    "cost": 100.0, "last_day": pd.Timestamp("2026-11-01"),
}  # fmt: skip
TODAY = pd.Timestamp("2026-11-03").date()


def a_list(*rows: Mapping[str, Any], **shared: Any) -> pd.DataFrame:
    """A row of a list for each mapping, over defaults."""
    frame = pd.DataFrame([DEFAULT | shared | dict(row) for row in rows])
    return frame.assign(**{name: frame[name].astype("str") for name in ("keyword", "match_type", "account")})


def saved(path: Path, actions: pd.DataFrame, lang: Lang = "en") -> Path:
    save(actions, {}, path, lang, overwrite=True)
    return path


class Sheet:
    """The sheet of decisions of a workbook, to be filled in by the labels of its columns."""

    def __init__(self, path: Path) -> None:
        self.path, self.book = path, openpyxl.load_workbook(path)
        self.turn_to(self.book.worksheets[1].title)

    def turn_to(self, name: str) -> Sheet:
        self.sheet = self.book[name]
        self.place = {cell.value: cell.column for cell in self.sheet[2]}
        self.rows = range(3, self.sheet.max_row + 1)
        return self

    def cell(self, row: int, label: str) -> Any:
        return self.sheet.cell(row, self.place[label])

    def mark(self, row: int, decision: Any = None, bid: Any = None, note: Any = None) -> Sheet:
        for label, value in (("Decision", decision), ("Final bid", bid), ("Note", note)):
            if value is not None:
                self.cell(row, label).value = value
        return self

    def save(self, path: Path | None = None) -> Path:
        path = path or self.path.with_name("filled.xlsx")
        self.book.save(path)
        return path


def marked(path: Path, actions: pd.DataFrame, decisions: Sequence[Any]) -> Path:
    """The list as a workbook in which each row has a decision, or a decision and a bid, in its order."""
    sheet = Sheet(saved(path, actions))
    if "moved_with" in actions:
        actions = actions[actions["moved_with"].isna() | actions["level"].eq("group")]
    told = pd.Series(list(decisions), index=actions.index)
    terms = actions["level"].isin(["search_term", "fragment"])
    fragments_first = actions["level"].ne("fragment").sort_values(kind="stable").index
    for name, shown in (
        ("Actions", ~(terms & actions["action"].isin(["add", "exclude"]))),
        ("Add", terms & actions["action"].eq("add")),
        ("Exclude", terms & actions["action"].eq("exclude")),
    ):
        if not shown.any():
            continue
        sheet.turn_to(name)
        in_order = told.reindex(fragments_first)[shown.reindex(fragments_first)]
        for row, decision in zip(sheet.rows, in_order, strict=True):
            sheet.mark(row, *(decision if isinstance(decision, tuple) else (decision,)))
    return sheet.save()


def rearranged(
    path: Path, order: Callable[[list[tuple[Any, ...]]], list[tuple[Any, ...]]], out: Path
) -> Path:
    """The workbook as another program writes it after its user has moved columns and rows: plain cells
    without styles, validation or filter. `order`: of the rows below the header, each with its cells from the
    last column to the first."""
    book, plain = openpyxl.load_workbook(path), openpyxl.Workbook()
    plain.remove(plain.active)
    for number, sheet in enumerate(book.worksheets):
        copied = plain.create_sheet(f"Sheet{number}" if sheet.sheet_state == "visible" else sheet.title)
        copied.sheet_state = "visible" if sheet.sheet_state == "visible" else "hidden"
        rows = [tuple(copy.copy(cell) for cell in row) for row in sheet.iter_rows(values_only=True)]
        if number == 1:
            turned = [row[::-1] for row in rows]
            rows = [("my notes",), (), *turned[:2], *order(turned[2:])]
        for at, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                if value is not None:
                    cell = copied.cell(at, place)
                    cell.value = value
                    cell.data_type = "s" if isinstance(value, str) else cell.data_type
    plain.save(out)
    return out
