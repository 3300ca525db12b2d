"""Spend and what it brought over time: by day for an account, by week for each word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.identity import ACCOUNT, AD_GROUP, CAMPAIGN, NAMED_ITEM, row_hashes
from ppc_tuner.page.packing import column, figures
from ppc_tuner.periods import first_and_last_day, in_event
from ppc_tuner.summary import Run

MEASURES: Final = ("clicks", "cost", "conversions", "revenue")
WEEK: Final = 7
MOST_WEEKS: Final = 8
LEAST_WEEKS: Final = 2
MOST_DAYS: Final = 120
# What tells two words of one level apart: an id where there is one, else the name.
KEYED: Final = (CAMPAIGN, AD_GROUP, NAMED_ITEM)


def by_day(run: Run, facts: pd.DataFrame) -> dict[str, Any] | None:
    """The latest days of an account: day, its measures, and whether it is all in an event; None where no day
    is known.

    `facts`: the account's facts with the orders and revenue that count. Summaries of a week count on their
    last day, longer ones not at all: they would look like a day.
    """
    facts = facts[facts["level"].eq(run.spending["level"].iloc[0])]
    start, end = first_and_last_day(facts)
    short = (end - start).dt.days.lt(WEEK) & end.notna()
    if not short.any():
        return None
    known = [name for name in MEASURES if name in facts]
    event = in_event(facts, run.known.events)
    days = facts[short].groupby(end[short])[known].sum(min_count=1).tail(MOST_DAYS)
    whole = event[short].groupby(end[short]).all().reindex(days.index)
    if len(days) < 2:
        return None
    told = {name: figures(days[name]) for name in known}
    return {"day": column(pd.Series(days.index)), **told, "event": [bool(one) for one in whole]}


def by_week(runs: Sequence[tuple[Run, pd.DataFrame]], rows: pd.DataFrame) -> dict[str, Any]:
    """The latest MOST_WEEKS weeks of each row: `ends`, for each account the last days of its weeks, and each
    measure as n × MOST_WEEKS figures in one list, the newest week last, null where none is known."""
    ends: list[list[str]] = []
    told = {name: np.full((len(rows), MOST_WEEKS), np.nan) for name in MEASURES}
    for run, facts in runs:
        own = np.ones(len(rows), dtype=bool)
        for name, key in run.key.items():
            own &= (rows[name].fillna("") if name in rows else pd.Series("", rows.index)).eq(key).to_numpy()
        weeks = _weeks(facts)
        ends.append(weeks.ends)
        if not weeks.ends:
            continue
        keys, codes = np.unique(_keys(weeks.facts, run.platform.bid.by_device), return_inverse=True)
        places = pd.Index(keys).get_indexer(_keys(rows[own], run.platform.bid.by_device))
        at, place = np.flatnonzero(own)[places >= 0], places[places >= 0]
        for name in (one for one in MEASURES if one in facts):
            cells = codes * MOST_WEEKS + weeks.number
            values = weeks.facts[name].fillna(0.0).to_numpy(float)
            sums = np.bincount(cells, values, len(keys) * MOST_WEEKS).reshape(-1, MOST_WEEKS)
            sums[:, : MOST_WEEKS - len(weeks.ends)] = np.nan
            told[name][at] = sums[place]
    known = {name: values for name, values in told.items() if np.isfinite(values).any()}
    return {"ends": ends, **{name: figures(values.ravel()) for name, values in known.items()}}


class _Weeks(NamedTuple):
    """The `facts` of the latest weeks, the `number` of the week of each (the newest is MOST_WEEKS − 1), and
    the last day of every week from the first that is known."""

    facts: pd.DataFrame
    number: NDArray[np.int64]
    ends: list[str]


def _weeks(facts: pd.DataFrame) -> _Weeks:
    """Weeks are counted back from the last day; what covers more than a week is in none."""
    start, end = first_and_last_day(facts)
    age = (end.max() - end).dt.days // WEEK
    kept = (end - start).dt.days.lt(WEEK) & age.lt(MOST_WEEKS)
    number = MOST_WEEKS - 1 - age[kept].to_numpy(dtype="int64")
    if len(set(number.tolist())) < LEAST_WEEKS:
        return _Weeks(facts.iloc[:0], number[:0], [])
    last, count = end.max(), MOST_WEEKS - int(number.min())
    ends = [f"{last - pd.Timedelta(days=WEEK * back):%Y-%m-%d}" for back in range(count - 1, -1, -1)]
    return _Weeks(facts[kept], number, ends)


def _keys(frame: pd.DataFrame, by_device: bool) -> Any:
    """A number for the decision row that each row belongs to (n,), as decision rows are told apart: by ids
    where there are any, a word without an id by its text and match type."""
    named: dict[str, pd.Series] = {}
    for one in ("level", *ACCOUNT, "channel", "search_term", *(["device"] if by_device else [])):
        if one in frame:
            named[one] = frame[one]
    for identity, name in KEYED:
        known = [frame[column].astype("str") for column in (identity, name) if column in frame]
        if known:
            named[identity] = known[0] if len(known) == 1 else known[0].fillna(known[1])
    ids = frame["keyword_id"].astype("str") if "keyword_id" in frame else pd.Series(pd.NA, frame.index)
    named["keyword_id"] = ids.astype("str")
    for name in ("keyword", "match_type"):
        if name in frame:
            named[f"unnamed_{name}"] = frame[name].astype("str").where(ids.isna())
    return row_hashes(pd.DataFrame(named, index=frame.index), named)
