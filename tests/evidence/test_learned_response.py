"""The price of the next click, learnt from the account's own bid changes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.evidence.response import learned_response, week_pairs

PACK = {"shade": 0.3, "shade_spread": 0.25}
WORDS, WEEKS = 200, 8


def account(seed, clicks_slope, cpc_slope, ratio, moved=0.1):
    """Daily facts of words whose clicks and CPC follow their bid by these slopes; ratio = CPC ÷ bid before any change."""
    random = np.random.default_rng(seed)
    start, usual = random.lognormal(0, 0.4, WORDS), random.lognormal(2.5, 0.7, WORDS)
    bid, frames = start.copy(), []
    for week in range(WEEKS):
        if week >= 3:
            bid = bid * np.where(
                random.random(WORDS) < moved, np.exp(random.choice([-0.3, 0.25], WORDS)), 1.0
            )
        factor = bid / start
        for day in range(7):
            season = 1 + 0.1 * np.sin(week)
            clicks = random.poisson(usual * season * factor**clicks_slope).astype(float)
            cost = clicks * ratio * start * factor**cpc_slope
            date = pd.Timestamp("2026-09-07") + pd.Timedelta(days=7 * week + day)
            frames.append(pd.DataFrame({"keyword": [f"w{n}" for n in range(WORDS)], "date": date, "bid": bid.round(4),
                                        "clicks": clicks, "cost": cost}))  # fmt: skip
    return pd.concat(frames, ignore_index=True)


@pytest.mark.parametrize(("slopes", "ratio", "shade"), [((0.6, 0.6), 0.5, 0.0), ((0.45, 0.75), 0.66, 0.43)])
def test_the_shade_of_the_market_is_found(slopes, ratio, shade):
    # 1 − shade = ε ÷ (ratio × (ε + η)).
    assert 1 - slopes[0] / ratio / sum(slopes) == pytest.approx(shade, abs=0.01)
    found = [learned_response(account(seed, *slopes, ratio), PACK).shade for seed in range(4)]
    assert np.mean(found) == pytest.approx(shade, abs=0.1)


def test_without_changes_the_pack_speaks():
    found = learned_response(account(1, 0.6, 0.6, 0.5, moved=0.0), PACK)
    assert (found.shade, found.changes) == (0.3, 0)


@pytest.mark.parametrize("missing", ["bid", "date", "clicks"])
def test_reports_without_bids_or_days_leave_the_pack(missing):
    found = learned_response(account(1, 0.6, 0.6, 0.5).drop(columns=missing), PACK)
    assert (found.shade, found.changes) == (0.3, 0)


def test_pairs_are_of_one_word_in_weeks_that_follow():
    day = pd.date_range("2026-10-05", periods=14)
    facts = pd.DataFrame(
        {
            "keyword": "k",
            "date": day,
            "bid": [1.0] * 7 + [1.5] * 7,
            "clicks": 2.0,
            "cost": [2.0] * 7 + [2.6] * 7,
        }
    )
    pairs = week_pairs(facts)
    assert pairs["step"].tolist() == pytest.approx([np.log(1.5)])
    assert pairs[["before", "after", "cost_before", "cost_after"]].iloc[0].tolist() == pytest.approx(
        [14, 14, 14, 18.2]
    )


def test_a_week_with_two_bids_tells_nothing():
    day = pd.date_range("2026-10-05", periods=14)
    facts = pd.DataFrame(
        {"keyword": "k", "date": day, "bid": [1.0] * 10 + [1.5] * 4, "clicks": 2.0, "cost": 2.0}
    )
    assert week_pairs(facts).empty


def test_a_firmly_held_shade_moves_less():
    facts = account(3, 0.6, 0.6, 0.5)
    loose, firm = (
        learned_response(facts, {"shade": 0.3, "shade_spread": spread}).shade for spread in (0.5, 0.02)
    )
    assert loose < firm < 0.3
