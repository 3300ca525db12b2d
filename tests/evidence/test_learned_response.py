"""The price of the next click, learnt from the account's own bid changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.account import times_seen
from ppc_tuner.evidence.response import (
    CLICKS_SPREAD,
    USUAL_CLICKS,
    USUAL_CPC,
    USUAL_FALL,
    bid_panel,
    click_slopes,
    learned_response,
    usual_response,
)

WORDS, WEEKS = 200, 8


@pytest.fixture
def held(settings):
    """A pack that holds its shade of .30 as loosely as this."""
    return replace(settings, shade=0.3, shade_spread=0.25)


def account(seed, clicks_slope, cpc_slope, ratio, moved=0.1):
    """Daily facts of words whose clicks and CPC follow their bid by these slopes.

    `ratio` is CPC ÷ bid before any change.
    """
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
            names = [f"w{n}" for n in range(WORDS)]
            figures = {"bid": bid.round(4), "clicks": clicks, "cost": cost}
            frames.append(pd.DataFrame({"keyword": names, "date": date} | figures))
    return pd.concat(frames, ignore_index=True)


@pytest.mark.parametrize(("slopes", "ratio", "shade"), [((0.6, 0.6), 0.5, 0.0), ((0.45, 0.75), 0.66, 0.43)])
def test_the_shade_of_the_market_is_found(held, slopes, ratio, shade):
    # 1 − shade = ε ÷ (ratio × (ε + η)).
    assert 1 - slopes[0] / ratio / sum(slopes) == pytest.approx(shade, abs=0.01)
    found = [learned_response(account(seed, *slopes, ratio), held).shade for seed in range(4)]
    assert np.mean(found) == pytest.approx(shade, abs=0.1)


def test_without_changes_the_pack_speaks(held):
    found = learned_response(account(1, 0.6, 0.6, 0.5, moved=0.0), held)
    assert (found.shade, found.changes) == (0.3, 0)


@pytest.mark.parametrize("missing", ["bid", "date", "clicks"])
def test_reports_without_bids_or_days_leave_the_pack(held, missing):
    found = learned_response(account(1, 0.6, 0.6, 0.5).drop(columns=missing), held)
    assert (found.shade, found.changes) == (0.3, 0)


def daily(bids, clicks, cost, keyword="k"):
    dates = pd.date_range("2026-10-05", periods=len(bids))
    return pd.DataFrame({"keyword": keyword, "date": dates, "bid": bids, "clicks": clicks, "cost": cost})


def test_the_panel_holds_weeks_of_one_bid_about_the_mean_of_their_word():
    facts = pd.concat(
        [daily([1.0] * 7 + [1.5] * 7, 2.0, [2.0] * 7 + [2.6] * 7), daily([2.0] * 14, 1.0, 0.5, "still")]
    )
    panel = bid_panel(facts)
    half = np.log(1.5) / 2
    assert panel.changed == 1
    assert sorted(zip(panel.word, panel.week, panel.bid.round(6), panel.clicks, strict=True)) == [
        (0, 0, round(half, 6), 14.0), (0, 1, round(-half, 6), 14.0), (1, 0, 0.0, 7.0), (1, 1, 0.0, 7.0),
    ]  # fmt: skip
    # Click costs: 1.30 and 1 of the first word (cost a day over two clicks), .50 of the other.
    assert sorted(np.exp(panel.price).round(6)) == [0.5, 0.5, 1.0, 1.3]
    assert np.exp(panel.lead[1]) == pytest.approx(4.0)


def test_a_week_with_two_bids_tells_nothing():
    assert bid_panel(daily([1.0] * 10 + [1.5] * 4, 2.0, 2.0)) is None


def test_the_season_of_all_is_not_taken_for_the_effect_of_a_bid():
    # Every word gains half again in the week in which a third of the bids rise; clicks do not follow bids.
    facts = account(2, 0.0, 0.0, 0.5, moved=0.0)
    rises = facts["date"] >= facts["date"].max() - pd.Timedelta(days=13)
    third = facts["keyword"].str[1:].astype(int) % 3 == 0
    facts["bid"] *= np.where(rises & third, 1.3, 1.0)
    facts["clicks"] = (facts["clicks"] * np.where(rises, 1.5, 1.0)).round()
    (usual_log, _), _, _ = click_slopes(bid_panel(facts))
    # Were the week taken for their effect: log 1.5 ÷ log 1.3 = 1.5.
    assert np.exp(usual_log) < 0.15


@pytest.mark.parametrize("fall", [-1.0, -3.0])
def test_clicks_and_their_fall_are_found(fall):
    random = np.random.default_rng(7)
    start, usual = random.lognormal(0, 0.4, 400), random.lognormal(4, 0.5, 400)
    lead = random.uniform(0.2, 1.0, 400)
    middle = np.average(lead, weights=usual)
    slope = 0.8 * np.exp(fall * (lead - middle))
    frames = []
    for week, x in enumerate((0.8, 1.0, 1.25, 1.0)):
        moved = np.where(np.arange(400) % 2 == 0, x, 1.0)
        clicks = random.poisson(usual * moved**slope).astype(float)
        cost = clicks * start * np.exp(-lead)
        names, date = [f"w{n}" for n in range(400)], pd.Timestamp("2026-09-07") + pd.Timedelta(weeks=week)
        figures = {"bid": (start * moved).round(4), "clicks": clicks, "cost": cost}
        frames.append(pd.DataFrame({"keyword": names, "date": date} | figures))
    (usual_log, found), _, error = click_slopes(bid_panel(pd.concat(frames)))
    assert usual_log == pytest.approx(np.log(0.8), abs=3 * error)
    assert found == pytest.approx(fall, abs=0.5)


def test_a_few_changes_move_what_is_usual_a_little(held):
    facts = account(1, 1.2, 0.6, 0.5, moved=0.0)
    some = facts["keyword"].isin([f"w{n}" for n in range(6)]) & (facts["date"] >= "2026-10-12")
    facts.loc[some, "bid"] *= 1.05
    found = learned_response(facts, held)
    assert found.changes == 6
    # By less than one standard deviation of what is usual, which such changes hardly narrow.
    assert abs(np.log(found.click_elasticity / USUAL_CLICKS)) < CLICKS_SPREAD
    assert found.fall == pytest.approx(USUAL_FALL, abs=0.5)
    assert 0.5 * held.shade_spread < found.doubt < held.shade_spread


def test_what_is_usual_is_the_pack_s_shade_as_loosely_as_it_holds_it(held):
    said = usual_response(held)
    assert (said.shade, said.doubt, said.changes) == (0.3, 0.25, 0)
    assert (said.click_elasticity, said.cpc_elasticity) == (USUAL_CLICKS, USUAL_CPC)
    assert (said.fall, said.lead) == (USUAL_FALL, None)


def test_a_firmly_held_shade_moves_less(held):
    facts = account(3, 0.6, 0.6, 0.5)
    loose, firm = (
        learned_response(facts, replace(held, shade_spread=spread)).shade for spread in (0.5, 0.02)
    )
    assert loose < firm < 0.3


@pytest.mark.parametrize("adjustment", [4.0, 2.5])
def test_clicks_that_cost_more_than_the_bid_are_not_counted_twice(held, adjustment):
    """At the second price the next click costs the bid that the auction sees, `adjustment` times the one
    told: what is taken for the adjustment and what is taken for the market's form say so together."""
    found = []
    for seed in range(3):
        facts = account(seed, 0.6, 0.6, 0.5).assign(campaign="adjusted")
        facts["bid"] /= adjustment
        times, _ = times_seen(np.array([0.5 * adjustment]), held.cpc_per_bid)
        found.append(times[0] / (1 - learned_response(facts, held).shade))
    assert np.mean(found) == pytest.approx(adjustment, rel=0.1)
