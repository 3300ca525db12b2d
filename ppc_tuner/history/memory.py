"""What the ledger tells the next list: which proposals a person rejected, what bids were and were to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import pandas as pd

from ppc_tuner.context import Memory
from ppc_tuner.history.ledger import FAULTS, Kept, Ledger

# Lists and reviews older than this say nothing to the next list.
WEEKS: Final = 26
OF_BIDS: Final = ("key", "action", "bid", "new_bid", "expected_gain")
OF_RUNS: Final = (*OF_BIDS, "level", "clicks")
FIGURES: Final = ("bid", "new_bid", "expected_gain", "clicks", "final_bid")
TEXTS: Final = ("action", "decision")
# The later file is the later word.
DECISIONS: Final = ("key", "action", "decision", "final_bid", "clicks")


def memory_of(ledger: Ledger, today: date | None = None) -> Memory:
    """What is remembered of each row, from the lists and reviews of the last half year of the ledger.

    `today`: the day on which reports without dates are read, by default that of the clock. Folders that
    cannot be read are passed over.
    """
    day = pd.Timestamp(today or date.today())
    listed = _together(_late(ledger.kept("runs"), day), day, OF_RUNS)
    reviews = _late(ledger.kept("reviews"), day)
    return Memory(_decisions(reviews, listed, day), _bids(listed), day)


def _late(kept: Sequence[Kept], today: pd.Timestamp) -> list[Kept]:
    """Those of the last WEEKS before the newest: a report may be old, and so is its ledger."""
    days = [_day(one, today) for one in kept]
    newest = max(days, default=today)
    return [one for one, day in zip(kept, days, strict=True) if day > newest - pd.Timedelta(weeks=WEEKS)]


def _day(kept: Kept, today: pd.Timestamp) -> pd.Timestamp:
    """The first day that the figures of a list do not cover; for one without dates the day it was kept."""
    last = pd.to_datetime(str(kept.about.get("last_day", "")), errors="coerce")
    if not pd.isna(last):
        return last + pd.Timedelta(days=1)
    kept_at = pd.to_datetime(str(kept.about.get("kept_at", ""))[:10], errors="coerce")
    return today if pd.isna(kept_at) else kept_at


def _together(
    kept: Sequence[Kept], today: pd.Timestamp, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """The rows of all of them with their `day`, the oldest first; of one day the one kept last comes last."""
    parts = []
    for one in sorted(kept, key=lambda one: (_day(one, today), str(one.about.get("kept_at")))):
        try:
            parts.append(_typed(one.rows(columns)).assign(day=_day(one, today), named=one.name))
        except FAULTS:
            continue
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _typed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with each column of its kind, and those that every folder has; ValueError where that fails."""
    columns: dict[str, Any] = {"key": rows["key"].astype("uint64"), "level": rows["level"].astype("str")}
    columns |= {name: pd.to_numeric(rows[name]).astype("float64") for name in FIGURES if name in rows}
    columns |= {name: rows[name].astype("str").fillna("") for name in TEXTS if name in rows}
    return rows.assign(**columns)


def _bids(listed: pd.DataFrame) -> pd.DataFrame:
    """Memory.bids: what was live and had a verdict of its own."""
    if listed.empty:
        return Memory.nothing().bids
    words = listed[~listed["level"].isin(["group", "item"])]
    return words.reindex(columns=["day", *OF_BIDS]).drop_duplicates(["key", "day"], keep="last")


def _decisions(reviews: Sequence[Kept], listed: pd.DataFrame, today: pd.Timestamp) -> pd.DataFrame:
    """Memory.decisions: the last that was decided on each row; clicks are those of the list it stood in."""
    decided = _together(reviews, today)
    if decided.empty:
        return Memory.nothing().decisions
    written = {one.name: pd.to_datetime(str(one.about.get("written_on")), errors="coerce") for one in reviews}
    decided["decided_on"] = decided["named"].map(written)
    if "clicks" in listed:
        seen = listed.drop_duplicates(["key", "day"], keep="last")[["key", "day", "clicks"]]
        decided = decided.merge(seen, on=["key", "day"], how="left", sort=False)
    last = decided.drop_duplicates("key", keep="last")
    return last.reindex(columns=["day", "decided_on", *DECISIONS])
