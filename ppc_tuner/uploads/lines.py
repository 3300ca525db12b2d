"""Changes → the lines of a file, as its declaration says, and the lines that restore today's values."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.reports.recognise.formats import BidRules
from ppc_tuner.reports.recognise.upload_formats import CREATED, MARK, Upload

# What may differ between two lines about the same word.
VOLATILE: Final = ("bid", "bid_now", "state", "state_now", "what", "change", "note")


def lines_of(
    changes: pd.DataFrame, upload: Upload, kind: str, rules: BidRules, *, undo: bool
) -> pd.DataFrame:
    """The lines (n × the file's columns, texts) of changes of one kind; "" leaves a value as it is."""
    row = upload.line(kind)
    known = _values(changes, upload, kind, rules, undo=undo)
    cells = row.cells | row.undo if undo else row.cells
    return pd.DataFrame(
        {name: _cell(cells.get(name, ""), changes, known) for name in upload.columns}, index=changes.index
    )


def undoable(changes: pd.DataFrame, upload: Upload, kind: str) -> pd.Series[bool]:
    """Where a line can take the change back: today's value is known, or the text tells what was created."""
    if kind in CREATED:
        found = bool(upload.line(kind).undo) or upload.file == "work_sheet"
        return pd.Series(found, index=changes.index)
    return changes["op"].eq("pause") | (changes["op"].eq("bid") & changes["bid_now"].notna())


def addressing(upload: Upload) -> list[str]:
    """The columns by which the platform finds a row: those that hold nothing that is set."""
    filled = [(name, cell) for row in upload.rows.values() for name, cell in (row.cells | row.undo).items()]
    set_by = {name for name, cell in filled if {mark for mark, _ in MARK.findall(cell)} & set(VOLATILE)}
    return [name for name in upload.columns if name not in set_by]


def money(values: pd.Series[float], rules: BidRules) -> pd.Series[str]:
    """Bids as texts (n,), with the decimals of the smallest step, and more only where the bid has more."""
    decimals = max(0, -math.floor(math.log10(rules.increment) + 1e-9))
    plain = values.map(lambda value: f"{value:.{decimals}f}" if value == value else "")
    exact = values.map(lambda value: np.format_float_positional(value, trim="-") if value == value else "")
    longer = (values - values.round(decimals)).abs().gt(1e-9)
    return plain.mask(longer, exact).astype("str")


def _values(
    changes: pd.DataFrame, upload: Upload, kind: str, rules: BidRules, *, undo: bool
) -> Mapping[str, pd.Series]:
    """What is made for the lines, by the name it goes by in a declaration."""
    now, new = money(changes["bid_now"], rules), money(changes["set_bid"], rules)
    paused = changes["op"].eq("pause")
    what = changes["op"].astype("str")
    if undo:
        # A pause is taken back, what was created too, all else gets the value it has today.
        what = what.mask(paused, "restored").mask(pd.Series(kind in CREATED, index=what.index), "uncreated")
    state = pd.Series("live" if undo else "paused", index=changes.index)
    state_now = changes["status"].fillna("live")
    percent = changes["step"].map(lambda step: "" if undo or step != step else f"{step:+.1%}")
    made = {
        "bid": now if undo else new, "bid_now": new if undo and upload.file == "work_sheet" else now,
        "state": state, "state_now": state_now, "text": changes["text"], "note": changes["note"],
        "what": what,
        "change": percent, "match": changes["match"], "negative": changes["match"],
    }  # fmt: skip
    words_of: dict[str, dict[str, str]] = {str(name): words for name, words in upload.values.items()}
    words_of["state_now"] = words_of.get("state", {})
    for name, words in words_of.items():
        # A match type of the platform's own goes out as it came in.
        made[name] = made[name].map(lambda value, words=words: words.get(value, value), na_action="ignore")
    return {name: values.astype("str").fillna("") for name, values in made.items()}


def _cell(cell: str, changes: pd.DataFrame, known: Mapping[str, pd.Series]) -> pd.Series[str]:
    text = pd.Series("", index=changes.index, dtype="str")
    at = 0
    for mark in MARK.finditer(cell):
        name = mark[1]
        value = known[name] if name in known else changes[name].astype("str").fillna("")
        text = text + cell[at : mark.start()] + value
        at = mark.end()
    return text + cell[at:]
