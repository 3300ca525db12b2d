"""Which days a fact covers, which fall on an event, and which make up this period and the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd


def first_and_last_day(facts: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The first and last day that each fact covers (n dates each); NaT where undated."""
    none = pd.Series(pd.NaT, index=facts.index, dtype="datetime64[ns]")
    day = facts.get("date", none)
    return day.fillna(facts.get("period_start", none)), day.fillna(facts.get("period_end", none))


def in_event(facts: pd.DataFrame, events: pd.DataFrame | None) -> pd.Series:
    """Whether each daily fact falls on an event day of its item or of the whole shop (n flags).

    `events`: day and item_id (empty: the whole shop). A summary of several days cannot be split: never
    marked.
    """
    if events is None or events.empty or "date" not in facts:
        return pd.Series(False, index=facts.index)
    of_all = events.loc[events["item_id"].isna(), "day"]
    hit = facts["date"].isin(of_all)
    own = events.dropna(subset=["item_id"])
    if len(own) and "item_id" in facts:
        marks = pd.MultiIndex.from_frame(own[["day", "item_id"]])
        hit |= pd.MultiIndex.from_frame(facts[["date", "item_id"]]).isin(marks)
    return hit


def whole_event_days(end: pd.Series, event: pd.Series) -> pd.Series:
    """The days, in order, on which every row falls on an event: periods step over them."""
    usual = event.groupby(end).all()
    return pd.Series(usual.index[usual.to_numpy(dtype=bool)])


def period_bounds(
    start: pd.Series, end: pd.Series, period_days: int, without: pd.Series | None = None
) -> tuple[Any, Any, Any]:
    """First and last day of the latest period, and first day of the one before; NaT when undated.

    Daily rows: the latest `period_days` days and as many before them, stepping over the days `without`
    (events). Summaries: the newest summary, and as long a time before it.
    """
    last = end.max()
    newest = end == last
    summary_start = start[newest].min()
    if pd.isna(last):
        return pd.NaT, pd.NaT, pd.NaT
    if summary_start != last:
        return summary_start, last, summary_start - (last - summary_start) - pd.Timedelta(days=1)
    skipped = [] if without is None else list(without)
    first = _days_back(last, period_days, skipped)
    return first, last, _days_back(first - pd.Timedelta(days=1), period_days, skipped)


def _days_back(last: Any, days: int, skipped: Sequence[Any]) -> Any:
    """The first of the `days` days that end with `last`, skipped ones not counted."""
    some = pd.date_range(end=last, periods=days + len(skipped))
    return some[~some.isin(skipped)][-days]
