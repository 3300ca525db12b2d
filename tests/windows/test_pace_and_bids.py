"""What a week brings, at which bids, and what the first bid was: by hand, through the whole pass."""

from __future__ import annotations

import pytest
from accounts import account, by_week, decided, settled, word, words

from ppc_tuner import tune


def test_a_week_like_no_other_is_not_the_pace_of_an_ordinary_week():
    """One week in four has 2,100 clicks instead of 700, as in an event: the next is expected to have 700."""
    # The season is the account's: nine tenths of its clicks are the first word's.
    facts = account(
        word("a", clicks=by_week(90, 90, 270, 90), cost=by_week(45, 45, 135, 45)),
        word("b", clicks=by_week(10, 10, 30, 10), cost=by_week(5, 5, 15, 5)),
    )
    assert settled(facts).season == pytest.approx(700 / 1050)
    rows = decided(facts)
    # The account's middle week has 700 clicks, the mean one (3 × 700 + 2,100) / 4 = 1,050.
    assert rows.loc["a", "weekly_clicks"] == pytest.approx(945)
    assert rows.loc["a", "now_clicks"] == pytest.approx(945 * 700 / 1050)
    assert rows.loc["a", "now_cost"] == pytest.approx(945 / 2 * 700 / 1050)


@pytest.fixture(scope="module")
def rows():
    half = {"bid": by_week(1, 1, 4, 4)}
    return decided(
        account(
            word("even", clicks=by_week(50, 50, 50, 50), **half),
            word("low", clicks=by_week(60, 60, 20, 20), **half),
            word("long", days=56, bid=[1.0] * 28 + [2.0] * 28, clicks=30.0),
        )
    )


class TestMeanBid:
    """The mean bid is geometric and over clicks: a bid that is doubled and halved again has not moved."""

    @pytest.mark.parametrize("name", ["pace_bid", "counted_bid"])
    def test_it_is_geometric_and_weighted_by_clicks(self, rows, name):
        # As many clicks at 1.00 as at 4.00: the root of 1 × 4. The arithmetic mean is 2.50.
        assert rows.loc["even", name] == pytest.approx(2.0)
        # Three clicks at 1.00 for each at 4.00: 1^(3/4) × 4^(1/4) = √2. The arithmetic mean is 1.75.
        assert rows.loc["low", name] == pytest.approx(2**0.5)

    def test_the_pace_knows_recent_bids_and_the_evidence_all(self, rows):
        # Four weeks at 1.00, then four at 2.00: only the latter are the 28 days of the pace.
        assert rows.loc["long", "pace_bid"] == pytest.approx(2.0)
        assert rows.loc["long", "counted_bid"] == pytest.approx(2**0.5)

    def test_the_first_bid_is_the_earliest_and_the_bid_the_latest(self, rows):
        assert rows["bid_before"].loc[["even", "low", "long"]].tolist() == [1.0, 1.0, 1.0]
        assert rows["bid"].loc[["even", "low", "long"]].tolist() == [4.0, 4.0, 2.0]


def test_a_paused_word_spends_nothing_next_week():
    """Its figures stay evidence; but what it has spent is not spent again, and no forecast counts it."""
    live = account(word("live", status="live"), words(3, status="live"))
    result = tune(account(live, word("paused", status="paused", cost=30.0)))
    rows = result.actions.set_index("keyword")
    assert rows.loc["paused", ["weekly_impressions", "weekly_clicks", "weekly_cost"]].tolist() == [0, 0, 0]
    assert rows.loc["paused", "clicks"] == 28 * 20
    assert rows.loc["live", "weekly_cost"] == pytest.approx(7 * 20)
    forecast = result.summary["forecast"].set_index("measure")
    # Four live words of 20.00 a day.
    assert forecast.loc["cost", "now"] == pytest.approx(4 * 7 * 20)


def test_the_impression_share_is_what_was_won_of_all_that_could_be_had_recently():
    """28 days of 1,000 impressions: half of them at a share of 50 %, half at 100 %."""
    facts = account(
        word("a", days=56, impressions=[9000.0] * 28 + [1000.0] * 28,
             impression_share=[0.1] * 28 + [0.5] * 14 + [1.0] * 14),
        word("b", impression_share=float("nan")),
    )  # fmt: skip
    rows = decided(facts)
    assert rows.loc["a", "impression_share"] == pytest.approx(28_000 / (28_000 + 14_000))
    assert rows["impression_share"].isna()["b"]
