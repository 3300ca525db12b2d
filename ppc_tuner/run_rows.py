"""What a list carries, so that a decision written into it finds its row again: the key of the run and of the
row, and what a platform must be told of the row."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import ITEM_ACTIONS
from ppc_tuner.identity import ROW, row_hashes

# A hidden sheet of the workbook: in A1 its own name, in B1 what holds for the run, below keys and rows.
RUN_SHEET: Final = "ppc_tuner"
ROW_KEY: Final = "row_key"
KEY: Final = re.compile(r"r[0-9a-f]{10}\.[0-9a-f]{16}(?:\.\d+)?")
# Of each row; a list may lack some.
CARRIED: Final = (
    "level", *ROW, "item", "fragment", "group_level", "group_name", "moved_with",
    "action", "bid_basis", "bid", "new_bid", "bid_change", "new_match", "new_place",
    "weekly_cost", "protected", "status", "last_day",
)  # fmt: skip
FIGURES: Final = ("bid", "new_bid", "bid_change", "weekly_cost")
FLAGS: Final = ("protected",)
TEXTS: Final = tuple(name for name in CARRIED if name not in (*FIGURES, *FLAGS, "last_day"))
RUN_DIGITS: Final = 10
# What has no bid of its own to change, beside the rows of groups.
WITHOUT_BID: Final = (*ITEM_ACTIONS, "exclude", "set_target")


def with_row_keys(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of a list (n) with `row_key`: the run, and the row in it.

    The run's part is the same wherever the same rows were decided in the same way, the row's part in every
    run and file: it tells the word, the place and the level, and for an item what is to be mended.
    """
    run = hashlib.sha256("\n".join(carried(rows)).encode()).hexdigest()[:RUN_DIGITS]
    mending = rows["action"].where(rows["action"].isin(ITEM_ACTIONS), "")
    hashed = row_hashes(
        rows.assign(_mending=mending), ("level", *ROW, "item", "fragment", "moved_with", "_mending")
    )
    names = pd.Series([f"{number:016x}" for number in hashed.tolist()], index=rows.index, dtype="str")
    again = names.groupby(names).cumcount()
    names = names.where(again.eq(0), names + "." + again.astype("str"))
    return rows.assign(**{ROW_KEY: f"r{run}." + names})


def run_of(key: str) -> str:
    """The run's part of a row's key."""
    return key[1:].partition(".")[0]


def carried(rows: pd.DataFrame) -> list[str]:
    """A line of JSON for each row (n), in signs that no spreadsheet changes."""
    known = rows[[name for name in CARRIED if name in rows]].copy()
    if "last_day" in known:
        known["last_day"] = pd.to_datetime(known["last_day"]).dt.strftime("%Y-%m-%d")
    if known.empty:
        return []
    lines = known.to_json(orient="records", lines=True, force_ascii=True, double_precision=15)
    # Excel and its like read _x0041_ as a letter.
    return lines.replace("_x", "\\u005fx").splitlines()


def carried_rows(lines: Sequence[str]) -> pd.DataFrame:
    """The rows (n × CARRIED) of lines made by `carried`. ValueError where they are none."""
    records = [json.loads(line) for line in lines]
    if not all(isinstance(one, dict) for one in records):
        raise ValueError("no record")
    return as_carried(pd.DataFrame(records, columns=list(CARRIED), index=range(len(records))))


def as_carried(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the columns CARRIED, each of its kind; what is not there or empty is missing. ValueError for
    a figure or day that is none."""
    typed: dict[str, Any] = {}
    for name in CARRIED:
        column = rows[name] if name in rows else pd.Series(np.nan, index=rows.index, dtype=object)
        if name in FIGURES:
            typed[name] = pd.to_numeric(column, errors="raise").astype("float64")
        elif name in FLAGS:
            typed[name] = column.map(_flag).astype(bool)
        elif name == "last_day":
            typed[name] = pd.to_datetime(column, errors="raise", format="ISO8601")
        else:
            text = column.astype("str")
            typed[name] = text.mask(text.eq(""))
    return pd.DataFrame(typed, index=rows.index)


def about_run(meta: Mapping[str, Any]) -> str:
    """What holds for the whole run, as one line of JSON."""
    return json.dumps(dict(meta), ensure_ascii=True)


def _flag(value: object) -> bool:
    return value is True or (isinstance(value, str | np.bool_) and str(value).strip().lower() == "true")
