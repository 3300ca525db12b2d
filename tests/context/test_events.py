"""Event days leave the evidence, the periods and the pace (advice A27)."""

from __future__ import annotations

import pandas as pd
import pytest

from ppc_tuner.periods import in_event, period_bounds, whole_event_days
from ppc_tuner.windows import look_back

CURVE = (1.0,)


@pytest.fixture
def look(settings):
    """The figures of facts of which every revenue is before refunds."""

    def run(facts, events):
        return look_back(facts.assign(net_basis=False), CURVE, 0, False, settings, events).figures

    return run


@pytest.fixture
def four_weeks(facts):
    """Two words of two items, 28 days of 10 clicks, 20.00 and an order of 200; event days bring tenfold."""

    def build(*hot, item=None):
        days = pd.date_range("2026-01-01", periods=28)
        given = []
        for number in ("1", "2"):
            for day in days:
                times = 10 if f"{day:%d}" in hot and item in (None, number) else 1
                given.append({
                    "keyword": f"词{number}", "item_id": number, "date": f"{day:%Y-%m-%d}",
                    "clicks": 10.0 * times, "cost": 20.0 * times, "conversions": 1.0 * times,
                    "revenue": 200.0 * times,
                })  # fmt: skip
        return facts(*given)

    return build


def events(*days, item=float("nan")):
    return pd.DataFrame(
        {"day": pd.to_datetime([f"2026-01-{day}" for day in days]), "item_id": item, "event": "大促"}
    )


def test_event_days_are_shown_and_not_counted(four_weeks, look):
    rows = look(four_weeks("20", "21"), events("20", "21"))
    # 26 days of 10 clicks and 2 of 100.
    assert rows["clicks"].tolist() == [460.0, 460.0]
    assert rows["counted_clicks"].tolist() == [260.0, 260.0]
    assert rows["counted_conversions"].tolist() == [26.0, 26.0]
    assert rows["exposure"].tolist() == [260.0, 260.0]
    assert rows["event_days"].tolist() == [2.0, 2.0]


def test_the_pace_is_that_of_the_usual_days(four_weeks, look):
    rows = look(four_weeks("20", "21"), events("20", "21"))
    assert rows["weekly_clicks"].tolist() == pytest.approx([70.0, 70.0])
    assert rows["weekly_cost"].tolist() == pytest.approx([140.0, 140.0])


def test_both_periods_step_over_the_event(four_weeks, look):
    rows = look(four_weeks("20", "21"), events("20", "21"))
    assert rows["period_clicks"].tolist() == [70.0, 70.0]
    assert rows["before_clicks"].tolist() == [70.0, 70.0]
    days = pd.Series(pd.date_range("2026-01-01", periods=28))
    first, last, before = period_bounds(
        days, days, 7, pd.Series(pd.to_datetime(["2026-01-20", "2026-01-21"]))
    )
    # The latest seven days are the 22nd to the 28th; the seven before them, without the 20th and 21st, are
    # the 13th to the 19th.
    assert [day.day for day in (first, last, before)] == [22, 28, 13]


def test_an_event_of_one_item_touches_no_other(four_weeks, look):
    rows = look(four_weeks("20", "21", item="1"), events("20", "21", item="1"))
    assert rows["counted_clicks"].tolist() == [260.0, 280.0]
    assert rows["weekly_clicks"].tolist() == pytest.approx([70.0, 70.0])
    assert rows["event_days"].fillna(0).tolist() == [2.0, 0.0]


def test_a_day_is_left_out_of_periods_only_where_all_lies_in_it(four_weeks):
    given = four_weeks("20", item="1")
    hit = in_event(given, events("20", item="1"))
    assert hit.sum() == 1
    assert whole_event_days(given["date"], hit).empty


def test_undated_facts_and_no_events_change_nothing(facts, look):
    given = facts({"date": None, "period_start": None})
    assert not in_event(given, events("20")).any()
    assert "event_days" not in look(facts({}), None)
