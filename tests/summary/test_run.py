"""What a run says of itself: which rows add up, which days its periods have."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd

from ppc_tuner.summary import Run

ROWS = pd.DataFrame(
    {
        "level": ["keyword", "keyword", "search_term", "item"],
        "action": ["raise", "keep", "exclude", "fix_page"],
    }
)


def run_of(facts: pd.DataFrame, events: pd.DataFrame | None = None) -> Run:
    """A run of these facts and ROWS; what the properties do not read is left out."""
    left_out: Any = None
    pack: Any = SimpleNamespace(settings={"period_days": 7})
    known: Any = SimpleNamespace(events=events)
    return Run(left_out, "", "CNY", pack, facts, ROWS, (), (), left_out, known)


def daily(first: str, days: int) -> pd.DataFrame:
    return pd.DataFrame({"date": pd.date_range(first, periods=days)})


def test_rows_of_one_level_add_up_and_items_are_no_words() -> None:
    run = run_of(daily("2026-03-01", 1))
    assert run.words.index.tolist() == [0, 1, 2]
    assert run.spending.index.tolist() == [0, 1]
    assert run.items.index.tolist() == [3]


def test_a_period_is_a_week_and_the_one_before_is_too() -> None:
    start, first, last, before, skipped = run_of(daily("2026-03-01", 28)).periods
    assert [f"{day:%m-%d}" for day in (start, before, first, last)] == ["03-01", "03-15", "03-22", "03-28"]
    assert skipped.empty


def test_days_on_which_all_is_in_an_event_are_stepped_over() -> None:
    event = pd.DataFrame({"day": pd.to_datetime(["2026-03-27"]), "item_id": [None]})
    _, first, last, before, skipped = run_of(daily("2026-03-01", 28), event).periods
    assert [f"{day:%m-%d}" for day in (before, first, last)] == ["03-14", "03-21", "03-28"]
    assert skipped.tolist() == [pd.Timestamp("2026-03-27")]


def test_without_dates_there_are_no_periods() -> None:
    start, first, last, before, _ = run_of(pd.DataFrame({"clicks": [1.0, 2.0]})).periods
    assert all(day is pd.NaT for day in (start, first, last, before))
