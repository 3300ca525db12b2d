"""How orders come in: the chain ladder over overlapping exports, and the default where there are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.evidence.delay import completeness_curve, curve_of, developments

DEFAULT = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0]


def export(on, orders, first="2026-10-01"):
    """An export pulled on a day: orders per day of one word, from `first` on."""
    day = pd.date_range(first, periods=len(orders))
    key = {
        "level": "keyword", "platform": "p", "account": "", "currency": "CNY", "campaign": "c",
        "ad_group": "u", "keyword": "k", "match_type": "",
    }  # fmt: skip
    told = {"date": day, "conversions": np.asarray(orders, float), "exported_on": pd.Timestamp(on)}
    return pd.DataFrame(key | told)


def test_developments_by_hand():
    older, newest = export("2026-10-03", [6, 4]), export("2026-10-05", [8, 3])
    pairs = developments(newest, older)
    # 1 October: age 2 then 4, 6 of 8; 2 October: age 1 then 3, 4 known before and 3 now (taken back): 3 of 3.
    assert pairs[["age_before", "age_after", "known", "later"]].values.tolist() == [
        [1, 3, 3, 3],
        [2, 4, 6, 8],
    ]


def test_words_that_only_one_export_has_are_no_pair():
    older = export("2026-10-03", [6, 4]).assign(keyword="other")
    assert developments(export("2026-10-05", [8, 3]), older).empty


@pytest.mark.parametrize("older", [export("2026-10-03", [3, 2]), export("2026-10-03", [1]).iloc[:0]])
def test_too_few_orders_leave_the_default(older):
    found = completeness_curve(export("2026-10-05", [4, 2]), older, DEFAULT)
    assert (list(found.curve), found.orders) == (DEFAULT, 0.0)


def test_a_summary_tells_nothing_of_delay():
    undated = export("2026-10-05", [400]).drop(columns="date")
    assert list(completeness_curve(undated, undated, DEFAULT).curve) == DEFAULT


@pytest.mark.parametrize("point", [(-0.5, 1.0, 0.0), (1.0, 1.5, -0.3)])
def test_the_curve_that_made_the_exports_is_found(point):
    random = np.random.default_rng(1)
    truth = curve_of(np.array(point), np.arange(1, 8), 7)
    final = random.poisson(400, 28)
    known = lambda on: random.binomial(final, truth[np.clip(on - np.arange(28) - 1, 0, 6)])  # noqa: E731
    exports = [export(pd.Timestamp("2026-10-01") + pd.Timedelta(days=n), known(n)[:n]) for n in (21, 24, 28)]
    found = completeness_curve(exports[-1], pd.concat(exports[:-1]), DEFAULT)
    assert found.orders > 5000
    assert np.abs(np.array(found.curve) - truth).max() < 0.03


def test_orders_beyond_the_usual_window_lengthen_it():
    random = np.random.default_rng(2)
    truth = curve_of(np.array([0.0, np.log(8.0), 0.0]), np.arange(1, 31), 30)
    final = random.poisson(300, 35)
    known = lambda on: random.binomial(final, truth[np.clip(on - np.arange(35) - 1, 0, 29)])  # noqa: E731
    exports = [
        export(pd.Timestamp("2026-09-01") + pd.Timedelta(days=n), known(n)[:n], "2026-09-01")
        for n in (14, 21, 28, 35)
    ]
    found = completeness_curve(exports[-1], pd.concat(exports[:-1]), DEFAULT)
    assert len(found.curve) == 30
    assert np.abs(np.array(found.curve) - truth).max() < 0.04


def test_the_curve_never_falls_and_ends_at_one():
    curve = curve_of(np.array([0.3, 1.0, 0.2]), np.arange(1, 16), 15)
    assert (np.diff(curve) > 0).all()
    assert curve[-1] == pytest.approx(1.0)
