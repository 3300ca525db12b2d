"""What the past is worth today: unusual weeks, the level of now, how fast words change."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.evidence.present import USUAL_DRIFT, drift, present_of, week_pace
from ppc_tuner.evidence.rates import hierarchical_rate

WORDS, WEEKS = 300, 12


def account(seed, event=None, level=1.0, sd=0.0, rate=0.05, clicks=200):
    """Weeks (age, newest 0) of words with Gamma rates.

    An event sells `level` times as much; each log rate walks by sd a week.
    """
    random = np.random.default_rng(seed)
    base = rate * random.gamma(5, 1 / 5, WORDS)
    walk = np.cumsum(random.normal(0, sd, (WEEKS, WORDS)), axis=0)[::-1]
    week = np.repeat(np.arange(WEEKS), WORDS)
    words = np.tile(np.arange(WORDS), WEEKS)
    exposure = np.full(WEEKS * WORDS, float(clicks))
    times = np.where(week == event, level, 1.0)
    now = base * np.exp(walk[0])
    orders = random.poisson(exposure * times * (base * np.exp(walk)).ravel()).astype(float)
    return words, week, exposure, orders, now


def test_an_event_week_counts_by_its_own_level():
    words, week, exposure, orders, _ = account(1, event=4, level=1.5)
    pace, doubt = week_pace(words, week, exposure, orders)
    assert pace[4] == pytest.approx(1.5, rel=0.05)
    assert np.delete(pace, 4) == pytest.approx(np.ones(WEEKS - 1), abs=0.06)
    # Eight weeks of some 3,000 orders each: 1 / 24,000, and what ordinary weeks differ.
    assert 1 / 24_000 < doubt < 0.05**2


def test_a_lost_week_is_no_level_of_now():
    words, week, exposure, orders, _ = account(2, event=0, level=0.6)
    pace, _ = week_pace(words, week, exposure, orders)
    assert pace[0] == pytest.approx(0.6, rel=0.05)
    assert pace[1:].mean() == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("sd", [0.0, 0.05, 0.12])
def test_the_drift_of_words_is_found(sd):
    words, week, exposure, orders, _ = account(3, sd=sd, clicks=2000)
    assert np.sqrt(drift(words, week, exposure, orders)) == pytest.approx(sd, abs=0.02)


def test_without_evidence_the_drift_is_the_usual():
    words, week, exposure, orders, _ = account(4, rate=0.0005, sd=0.3)
    assert drift(words, week, exposure, orders) == pytest.approx(USUAL_DRIFT**2)


def evidence(words, week, exposure, orders):
    dates = pd.Timestamp("2026-06-28") - pd.to_timedelta(week * 7, unit="D")
    return pd.DataFrame({"row": words, "date": dates, "exposure": exposure, "orders": orders})


def test_much_data_is_discounted_for_its_age_and_little_is_not():
    words, week, exposure, orders, _ = account(5, sd=0.05, clicks=1000)
    present = present_of(evidence(words, week, exposure, orders), WORDS)
    pace, _ = week_pace(words, week, exposure, orders)
    today = np.bincount(words, exposure * pace[week])
    expected = today * orders.sum() / today.sum()
    q = drift(words, week, exposure * pace[week], orders)
    # E expected orders tell as much as E / (1 + E q T / 3); words have drifted by 2 q T / 3 beyond.
    kept = 1 / (1 + expected * q * WEEKS / 3)
    assert present.clicks == pytest.approx(kept * today)
    assert present.orders == pytest.approx(kept * np.bincount(words, orders))
    assert present.drift == pytest.approx(2 * q * WEEKS / 3)
    assert 0 < kept.min() < 0.5
    few, sold = exposure / 1000, np.minimum(orders, 1) * (words < 3)
    thin = present_of(evidence(words, week, few, sold), WORDS)
    pace, _ = week_pace(words, week, few, sold)
    assert (thin.clicks / np.bincount(words, few * pace[week])).min() > 0.9


def test_a_row_without_facts_that_count_has_no_past():
    words, week, exposure, orders, _ = account(8)
    present = present_of(evidence(words, week, exposure, orders), WORDS + 1)
    assert (present.clicks[-1], present.orders[-1]) == (0.0, 0.0)
    assert (present.clicks[:-1] > 0).all()


@pytest.mark.parametrize(("sd", "clicks"), [(0.02, 100), (0.04, 30), (0.04, 1000), (0.06, 1000)])
def test_intervals_of_today_hold_while_words_drift(sd, clicks):
    inside = []
    for seed in range(6):
        words, week, exposure, orders, now = account(seed, sd=sd, clicks=clicks)
        present = present_of(evidence(words, week, exposure, orders), WORDS)
        rate = hierarchical_rate(present.orders, present.clicks, [], 0.02, 0.0, present.drift)
        rate = rate.widened(present.doubt)
        inside.append((now > rate.quantile(0.1)) & (now < rate.quantile(0.9)))
    # 1,800 words: three standard deviations are .028, .03 more for what is fitted once an account.
    assert np.concatenate(inside).mean() == pytest.approx(0.8, abs=0.058)


@pytest.mark.parametrize("case", ["undated", "three weeks", "no orders"])
def test_where_nothing_is_known_all_counts_alike(case):
    words, week, exposure, orders, _ = account(7)
    told = evidence(words, week, exposure, orders)
    if case == "undated":
        told = told.drop(columns="date")
    elif case == "three weeks":
        told = evidence(words, week % 3, exposure, orders)
    else:
        told = told.assign(orders=0.0)
    present = present_of(told, WORDS)
    assert present.clicks.tolist() == np.bincount(words, exposure).tolist()
    assert present.orders.tolist() == np.bincount(words, told["orders"]).tolist()
    assert (present.doubt, present.drift) == (0.0, 0.0)
