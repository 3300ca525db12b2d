from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from toy import PROFIT, TARGET, ToyWorld, facts_of

from ppc_tuner.lab import players
from ppc_tuner.lab.players import OnePool, Ours, Perfect, RawRatio, Seen, Thresholds, Untouched, one_pool_rate
from ppc_tuner.lab.worlds import Terms


class Shown:
    """A world that only shows: fixed facts and truth."""

    def __init__(self, facts: pd.DataFrame, truth: pd.DataFrame | None = None) -> None:
        self._facts, self._truth = facts, truth

    def facts(self, exported_on: pd.Timestamp | None = None) -> pd.DataFrame:  # noqa: ARG002
        return self._facts

    def apply(self, bids: pd.Series) -> None:  # noqa: ARG002
        raise AssertionError

    def truth(self, bids: pd.Series | None = None) -> pd.DataFrame:  # noqa: ARG002
        assert self._truth is not None
        return self._truth


def seen(facts: pd.DataFrame, terms: Terms = PROFIT) -> Seen:
    return Seen(Shown(facts), facts.groupby("keyword_id")["bid"].last(), terms)


def word(name: str, revenue: float, **more: float) -> dict[str, object]:
    """100 clicks at 1.00 with one order per 100 of revenue; net revenue is .8 of it, break-even ROAS 2."""
    return {"keyword_id": name, "revenue": revenue, "conversions": revenue / 100, **more}


def test_what_is_shown_covers_28_days_and_only_words_in_force() -> None:
    facts = pd.concat(
        [
            facts_of(word("a", 300.0), word("paused", 300.0, bid=np.nan)),
            facts_of(word("a", 100.0), date="2026-03-02"),
            facts_of(word("a", 900.0), date="2026-03-01"),
        ]
    )
    words = seen(facts).words
    assert list(words.index) == ["a"]
    assert words.loc["a", ["clicks", "cost", "conversions"]].to_list() == [200, 200, 4]
    assert words.loc["a", "revenue"] == pytest.approx(320)
    assert words.loc["a", "target"] == 2
    assert seen(facts, TARGET).words.loc["a", "target"] == 4


def test_the_untouched_says_nothing() -> None:
    assert Untouched()(seen(facts_of(word("a", 1.0)))).empty


def test_threshold_rules_by_bands_and_pause_without_an_order() -> None:
    # ROAS after refunds ÷ break-even of 2: 1.6, 1.2, 1.0, .6, .4
    facts = facts_of(
        word("much", 400.0), word("some", 300.0), word("even", 250.0), word("less", 150.0),
        word("least", 100.0),
        word("none", 0.0), word("young none", 0.0, clicks=49.0), word("few", 900.0, clicks=9.0),
    )  # fmt: skip
    bids = Thresholds()(seen(facts))
    assert bids.drop("none").to_dict() == {
        "much": 1.2, "some": 1.1, "even": 1.0, "less": 0.9, "least": 0.8, "young none": 0.8, "few": 1.0,
    }  # fmt: skip
    assert np.isnan(bids["none"])


def test_the_raw_ratio_follows_each_words_own_return_within_the_cap() -> None:
    facts = facts_of(
        word("up", 275.0), word("capped up", 900.0), word("capped down", 0.0), word("few", 225.0, clicks=9.0)
    )
    every = RawRatio()(seen(facts))
    assert every.to_dict() == {"up": 1.1, "capped up": 1.3, "capped down": 0.7, "few": 0.9}
    assert "few" not in RawRatio(10.0)(seen(facts)).index
    assert RawRatio()(seen(facts, TARGET))["capped up"] == 1.3
    assert RawRatio()(seen(facts, TARGET))["up"] == 0.7


def test_bids_stay_in_cents_and_above_the_floor() -> None:
    facts = facts_of(word("cheap", 0.0, bid=0.06), word("odd", 275.0, bid=0.33), word("below", 0.0, bid=0.03))
    assert RawRatio()(seen(facts)).to_dict() == {"cheap": 0.05, "odd": 0.36, "below": 0.03}


def test_one_pool_shrinks_to_the_account_and_the_shade_comes_off_the_value() -> None:
    # Nothing tells these words apart: all have the account's rate of 1 %; an order is worth .5 × .8 × 100.
    facts = facts_of(*(word(f"w{n}", 100.0, bid=0.4, cost=30.0) for n in range(20)))
    assert OnePool()(seen(facts)).to_numpy() == pytest.approx(0.4)
    assert OnePool(0.25)(seen(facts)).to_numpy() == pytest.approx(0.3)
    # A return of 2.7 against a target of 4: down by the cap.
    assert OnePool()(seen(facts, TARGET)).to_numpy() == pytest.approx(0.28)


def test_one_pool_may_be_told_how_far_to_step_and_allows_for_adjusted_bids() -> None:
    facts = facts_of(*(word(f"w{n}", 100.0, bid=0.2) for n in range(20)))
    assert OnePool()(seen(facts)).to_numpy() == pytest.approx(0.2 * 0.7)
    assert OnePool(cap=0.5)(seen(facts)).to_numpy() == pytest.approx(0.2 * 0.5)
    # A click costs 1.00 at a bid of .20: five times as much. Worth .40, it may be bid at .08.
    words = seen(facts).words
    assert words["adjustment"].to_numpy() == pytest.approx(5)
    assert OnePool(cap=0.9)(seen(facts)).to_numpy() == pytest.approx(0.08)


def test_without_a_margin_words_are_brought_to_the_accounts_own_return() -> None:
    untold = Terms(PROFIT.platform, PROFIT.items[["item_id", "refund_rate"]], {"objective": "profit"})
    facts = facts_of(*(word(f"w{n}", 100.0) for n in range(20)), word("good", 900.0))
    shown = seen(facts, untold)
    assert shown.words["margin"].isna().all()
    assert shown.words["target"].to_numpy() == pytest.approx(0.8 * 2900 / 2100)
    bids = OnePool()(shown)
    assert bids["good"] == 1.3
    assert (bids.drop("good") < 1).all()


def test_one_pool_rate_lies_between_the_word_and_the_account() -> None:
    events, units = np.array([0.0, 2.0, 40.0, 1.0]), np.array([100.0, 100.0, 400.0, 0.0])
    rate = one_pool_rate(events, units)
    mean = 43 / 600
    assert 0 < rate[0] < rate[1] < mean < rate[2] < 0.1
    strength = (rate[2] * 400 - 40) / (mean - rate[2])
    assert rate[:2] == pytest.approx((events[:2] + strength * mean) / (100 + strength))
    assert one_pool_rate(np.zeros(3), np.ones(3)).tolist() == [0, 0, 0]


def test_the_ceilings_know_the_best_bid_and_one_of_them_must_step() -> None:
    world = ToyWorld(1)
    now = Seen(world, world.bids, PROFIT)
    free, capped = Perfect()(now), Perfect(0.3)(now)
    assert free["good"] == 2.0
    assert capped["good"] == 1.3
    assert np.isnan(free["bad"])
    assert np.isnan(capped["bad"])


def test_ours_passes_on_what_the_list_says(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = pd.DataFrame(
        {
            "level": "keyword",
            "keyword_id": ["up", "gone", "kept", "moved watch", "no bid"],
            "action": ["raise", "delete", "keep", "watch", "keep"],
            "new_bid": [1.2, np.nan, 1.0, 1.1, np.nan],
            "bid_change": [0.2, -1.0, 0.0, 0.1, 0.0],
        }
    )
    monkeypatch.setattr(players, "listed", lambda *_: listed)
    bids = Ours()(seen(facts_of(word("up", 1.0))))
    assert bids.drop("gone").to_dict() == {"up": 1.2, "moved watch": 1.1}
    assert np.isnan(bids["gone"])


def test_ours_hands_on_the_exports_of_the_weeks_before(monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[pd.DataFrame | None] = []
    nothing = pd.DataFrame(
        {"level": "keyword", "keyword_id": ["a"], "action": ["keep"], "new_bid": [1.0], "bid_change": [0.0]}
    )
    monkeypatch.setattr(players, "listed", lambda *given: handed.append(given[3]) or nothing)
    player = Ours()
    for week in range(7):
        player(seen(facts_of(word("a", 1.0), exported_on=f"2026-04-{week + 1:02d}")))
    assert handed[0] is None
    assert [len(older) for older in handed[1:] if older is not None] == [1, 2, 3, 4, 4, 4]
    last = handed[-1]
    assert last is not None
    assert last["exported_on"].dt.day.to_list() == [3, 4, 5, 6]


def test_ours_decides_by_the_objective_it_was_told() -> None:
    # Cost 10,000 and 40,000 net: right at a target of 4; for profit a click is worth 2.00 and the next one
    # costs 1.43.
    words = [word(f"羽绒服男{n}", 50_000.0, clicks=1e4, cost=1e4, impressions=1e5) for n in range(30)]
    facts = facts_of(*words, exported_on="2026-05-30")
    player = Ours()
    assert player(seen(facts, TARGET)).empty
    assert set(player.decided["action"]) <= {"keep", "watch"}
    bids = Ours()(seen(facts))
    assert len(bids) == 30
    assert (bids > 1.0).all()
