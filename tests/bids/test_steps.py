"""From what rules permit to the change made: rounding, floors, bound on deletes, effects, clicks needed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from ppc_tuner.bids import allocate, propose

FLOOR, INCREMENT = 0.05, 0.01
# With bid 2, CPC 1 and shade .3 the next click costs 2 / .7: clicks ~ bid^ε, cost ~ bid^(ε × 2 / .7).
EPSILON = 0.5
TOTAL = EPSILON * 2 / 0.7
# What rules permit of a row (without_removal: where it may not be removed), and how far.
PERMITTED = {"action": "keep", "cap": np.inf, "without_removal": "keep", "cap_without": np.inf}
SAID = ("step_up", "step_down", "p_not_worth", "target_change")


@pytest.fixture
def stepped(weighed, account_of, permitted, settings):
    """stepped({...}, ...): rows with what is permitted (and any target said outright) after allocate.

    Beside the columns of the targets and of the moves stands a flag for each outcome, by its id.
    """
    exact = replace(settings, bid_doubt=0.0, cpc_doubt=0.0, max_step=0.3, most_spend_change=10.0)

    def run(*given, floor=FLOOR, increment=INCREMENT, **changed):
        chosen = replace(exact, **changed)
        words = weighed(*({k: v for k, v in row.items() if k not in (*PERMITTED, *SAID)} for row in given))
        account = account_of(words, chosen, floor, increment)
        rows = words.join(propose(words, account, chosen))
        for name in SAID:
            rows[name] = [row.get(name, kept) for row, kept in zip(given, rows[name], strict=True)]
        said = ([row.get(name, usual) for row in given] for name, usual in PERMITTED.items())
        done = allocate(rows, permitted(*said), account, chosen)
        return rows.join(done.frame).assign(**done.outcomes)

    return run


class TestRounding:
    @pytest.mark.parametrize(
        ("action", "bid", "step", "increment", "new"),
        [
            ("raise", 1.00, 0.087, 0.01, 1.08),
            ("raise", 1.00, 0.087, 0.05, 1.05),
            ("raise", 1.00, 0.10, 0.01, 1.10),
            ("raise", 2.00, 0.30, 0.01, 2.60),
            # 2.3 × 1.1 is 2.5299… and 1.1 × .9 is 0.9900…1 to a computer.
            ("raise", 2.30, 0.10, 0.01, 2.53),
            ("lower", 1.10, -0.10, 0.01, 0.99),
            ("lower", 1.00, -0.087, 0.01, 0.92),
            ("lower", 3.33, -0.2, 0.1, 2.70),
            # Yen are whole, also where today's bid is not.
            ("raise", 45.26, 0.1, 1.0, 49.0),
            ("lower", 45.26, -0.1, 1.0, 41.0),
            ("lower", 0.06, -0.3, 0.01, 0.05),
        ],
    )
    def test_whole_increments_towards_todays_bid(self, stepped, action, bid, step, increment, new):
        row = stepped(
            {"action": action, "bid": bid, "step_up": step, "step_down": step}, increment=increment
        ).iloc[0]
        assert row["new_bid"] == pytest.approx(new)
        assert row["bid_change"] == pytest.approx(new / bid - 1)
        assert not row["below-increment"]

    def test_any_bid_keeps_its_bounds(self, stepped):
        random = np.random.default_rng(0)
        bids = random.uniform(0.05, 8, 300).round(2)
        given = [
            {"action": action, "bid": bid, "step_up": up, "step_down": -up, "cap": cap}
            for action, bid, up, cap in zip(
                random.choice(["raise", "lower"], 300), bids, random.uniform(0, 0.3, 300),
                random.choice([0.1, np.inf], 300), strict=True,
            )
        ]  # fmt: skip
        rows = stepped(*given, floor=0.2, increment=0.03)
        allowed = np.minimum([row["step_up"] for row in given], [row["cap"] for row in given])
        assert (rows["bid_change"].abs() <= allowed + 1e-9).all()
        moved = rows[rows["bid_change"] != 0]
        assert len(moved) > 100
        steps = moved["new_bid"] / 0.03
        assert ((steps - steps.round()).abs() < 1e-6)[moved["new_bid"] > 0.2].all()
        assert (rows["new_bid"] >= np.minimum(rows["bid"], 0.2)).all()
        up = pd.Series([row["action"] == "raise" for row in given])[moved.index]
        assert (np.sign(moved["bid_change"]) == np.where(up, 1, -1)).all()
        assert (rows["below-increment"] == (rows["bid_change"] == 0)).all()

    @pytest.mark.parametrize("bid", [0.05, 0.10, 0.04])
    def test_a_change_below_one_increment_is_none(self, stepped, bid):
        row = stepped({"action": "lower", "bid": bid, "step_down": -0.08}).iloc[0]
        assert row["below-increment"]
        assert (row["bid_change"], row["new_bid"]) == (0.0, bid)
        assert (row["expected_gain"], row["money_at_stake"]) == (0.0, 0.0)
        # What stays is right where the bid is right.
        assert row["confidence"] == row["p_in_band"]

    def test_a_bid_at_the_floor_is_not_lowered(self, stepped):
        row = stepped({"action": "lower", "bid": 0.05, "step_down": -0.3}).iloc[0]
        assert (row["below-increment"], row["new_bid"]) == (True, 0.05)

    def test_a_rules_cap_holds(self, stepped):
        row = stepped({"action": "raise", "bid": 2.0, "step_up": 0.3, "cap": 0.1}).iloc[0]
        assert row["new_bid"] == pytest.approx(2.2)

    def test_without_a_bid_only_a_percentage_is_given(self, stepped):
        rows = stepped(
            {"action": "raise", "bid": np.nan, "step_up": 0.187},
            {"action": "lower", "bid": np.nan, "step_down": -0.187},
            {"action": "raise", "bid": np.nan, "step_up": 0.004},
        )  # fmt: skip
        assert rows["new_bid"].isna().all()
        assert rows["bid_change"].tolist() == pytest.approx([0.18, -0.18, 0.0])
        assert rows["below-increment"].tolist() == [False, False, True]

    def test_nothing_moves_where_nothing_was_decided(self, stepped):
        rows = stepped(
            {"action": "keep"}, {"action": "watch"}, {"action": "watch", "bid": np.nan, "clicks": 0.0}
        )
        assert rows["bid_change"].tolist() == [0.0, 0.0, 0.0]
        assert rows["new_bid"].tolist()[:2] == [2.0, 2.0]
        assert not rows[["below-increment", "budget-spent", "wrong-deletes", "learning"]].any(axis=None)
        assert rows[["expected_gain", "cost_change", "clicks_change", "money_at_stake"]].eq(0).all(axis=None)


class TestDeletes:
    GIVEN = (0.96, 0.86, 0.99, 0.90, 0.93)

    def test_the_expected_share_of_wrong_ones_stays_within_the_bound(self, stepped):
        rows = stepped(
            *({"action": "delete", "p_not_worth": sure} for sure in self.GIVEN), wrong_deletes=0.05
        )
        # Surest first, chances to be wrong .01 .04 .07 .10 .14: running means .01 .025 .04 .055 .072.
        assert rows["wrong-deletes"].tolist() == [False, True, False, True, False]
        assert rows["bid_change"].tolist() == [-1.0, 0.0, -1.0, 0.0, -1.0]
        deleted = rows[rows["bid_change"] == -1]
        assert (1 - deleted["p_not_worth"]).mean() <= 0.05

    def test_the_refused_take_what_is_permitted_without_removal(self, stepped):
        given = {
            "action": "delete",
            "p_not_worth": 0.86,
            "without_removal": "lower",
            "step_down": -0.25,
            "cap_without": 0.1,
        }
        row = stepped(given, wrong_deletes=0.05).iloc[0]
        assert row["wrong-deletes"]
        assert row["confidence"] == row["p_lower"]
        assert row["new_bid"] == pytest.approx(1.8)

    def test_a_bound_of_zero_deletes_nothing_uncertain(self, stepped):
        rows = stepped(*({"action": "delete", "p_not_worth": sure} for sure in self.GIVEN), wrong_deletes=0.0)
        assert rows["wrong-deletes"].all()
        assert (rows["bid_change"] == 0).all()

    def test_watches_and_cuts_do_not_use_up_the_bound(self, stepped):
        rows = stepped(
            {"action": "delete", "p_not_worth": 0.96},
            {"action": "lower", "p_not_worth": 0.2, "step_down": -0.2},
            wrong_deletes=0.05,
        )
        assert not rows["wrong-deletes"].any()
        assert rows["bid_change"].tolist() == pytest.approx([-1.0, -0.2])

    def test_a_delete_gives_up_all_clicks_and_all_cost(self, stepped):
        row = stepped({"action": "delete", "p_not_worth": 1.0, "value_per_click": 0.2}).iloc[0]
        assert np.isnan(row["new_bid"])
        assert row["bid_change"] == -1.0
        effects = row[
            ["clicks_change", "cost_change", "conversions_change", "revenue_change", "expected_gain"]
        ]
        assert effects.tolist() == pytest.approx([-100.0, -100.0, -5.0, -800.0, 100 - 0.2 * 100])
        assert (row["money_at_stake"], row["confidence"]) == (100.0, 1.0)


class TestEffects:
    def test_a_raise_by_hand(self, stepped):
        row = stepped({"action": "raise", "bid": 2.0, "step_up": 0.2, "value_per_click": 4.0}).iloc[0]
        clicks, cost = 100 * (1.2**EPSILON - 1), 100 * (1.2**TOTAL - 1)
        effects = row[
            ["clicks_change", "cost_change", "conversions_change", "revenue_change", "expected_gain"]
        ]
        assert effects.tolist() == pytest.approx([clicks, cost, clicks * 0.05, clicks * 8, 4 * clicks - cost])
        assert row["money_at_stake"] == pytest.approx(20.0)
        assert row["gain_low"] < row["expected_gain"] < row["gain_high"]

    def test_a_cut_has_its_interval_the_right_way_round(self, stepped):
        row = stepped({"action": "lower", "step_down": -0.2, "value_per_click": 1.0}).iloc[0]
        assert row["clicks_change"] < 0
        assert row["gain_low"] < row["expected_gain"] < row["gain_high"]
        assert row["expected_gain"] > 0

    def test_the_interval_is_that_of_what_is_not_known(self, stepped):
        given = {"action": "raise", "bid": 2.0, "step_up": 0.2, "value_per_click": 4.0}
        row = stepped(given, pace_days=28, shade_spread=0.3).iloc[0]
        random = np.random.default_rng(3)
        n = 100_000
        value = random.gamma(20, 4 / 20, n)
        pace = random.gamma(400 + 1, 1 / 4, n)  # a week, from 400 clicks in four
        epsilon = EPSILON * np.exp(random.normal(0, 0.3, n))
        eta = (TOTAL - EPSILON) * np.exp(random.normal(0, 0.3, n))
        gain = pace * (value * (1.2**epsilon - 1) - (1.2 ** (epsilon + eta) - 1))
        low, high = np.quantile(gain, [0.1, 0.9])
        # The interval adds variances about the expected gain; drawn gains are skewed by a few percent.
        assert row[["gain_low", "gain_high"]].tolist() == pytest.approx([low, high], abs=0.1 * (high - low))

    def test_without_clicks_so_far_the_gain_is_unknown_not_nothing(self, stepped):
        quiet = {"weekly_clicks": 0.0, "weekly_cost": 0.0}
        lower, kept = stepped(
            {"action": "lower", "step_down": -0.2, **quiet}, {"action": "keep", **quiet}
        ).to_dict("records")
        assert lower["expected_gain"] == 0.0
        assert lower["gain_low"] < 0 < lower["gain_high"]
        assert (kept["gain_low"], kept["gain_high"]) == (0.0, 0.0)

    def test_confidence_is_the_chance_that_the_action_is_right(self, stepped):
        moves = {"step_up": 0.2, "step_down": -0.2, "p_not_worth": 0.99}
        rows = stepped(
            *({"action": action, **moves} for action in ("raise", "lower", "delete", "keep", "watch"))
        )
        expected = [
            rows["p_raise"].iloc[0], rows["p_lower"].iloc[1], 0.99, rows["p_in_band"].iloc[3],
            max(rows["p_raise"].iloc[4], rows["p_lower"].iloc[4]),
        ]  # fmt: skip
        assert rows["confidence"].tolist() == pytest.approx(expected)


class TestClicksNeeded:
    def test_only_a_watched_word_has_them(self, stepped):
        rows = stepped({"action": "keep"}, {"action": "watch", "target_change": 0.4}, {"action": "delete"})
        assert rows["clicks_needed"].notna().tolist() == [False, True, False]

    def test_they_fall_as_the_lead_grows_either_way(self, stepped):
        for leads in ((0.05, 0.2, 0.35, 0.5), (-0.05, -0.2, -0.3, -0.4)):
            needed = stepped(
                *({"action": "watch", "target_change": lead, "value_shape": 5.0} for lead in leads), act=0.9
            )
            assert (np.diff(needed["clicks_needed"]) < 0).all()

    def test_they_fall_with_the_conversion_rate(self, stepped):
        needed = stepped(
            *(
                {"action": "watch", "target_change": 0.2, "value_shape": 5.0, "cvr": cvr}
                for cvr in (0.01, 0.05, 0.2)
            )
        )["clicks_needed"]
        assert (np.diff(needed) < 0).all()

    def test_by_hand(self, stepped):
        lead, shape, cvr, sure = 0.2, 5.0, 0.05, 1.2816
        given = {"action": "watch", "target_change": np.expm1(lead), "value_shape": shape, "cvr": cvr}
        needed = stepped(given, act=0.9).iloc[0]["clicks_needed"]

        def chance_of_another_verdict(n):
            left = 1 / (shape + n * cvr)
            wander = np.sqrt(1 / shape - left)
            return sum(stats.norm.cdf((side * lead - sure * np.sqrt(left)) / wander) for side in (1, -1))

        exact = optimize.brentq(lambda n: chance_of_another_verdict(n) - 0.5, 1, 1e5)
        # Numbers of clicks are tried in steps of a third.
        assert exact <= needed <= exact * 1.4

    def test_the_day_to_look_again_is_when_they_will_have_come(self, stepped):
        watched = {
            "action": "watch",
            "target_change": 0.2,
            "value_shape": 5.0,
            "last_day": pd.Timestamp("2026-11-01"),
        }
        rows = stepped(
            watched | {"weekly_clicks": 10.0}, watched | {"weekly_clicks": 0.01}, watched | {"action": "keep"}
        )
        weeks = np.ceil(rows["clicks_needed"].iloc[0] / 10)
        assert rows["look_again"].iloc[0] == pd.Timestamp("2026-11-01") + pd.Timedelta(weeks=weeks)
        # Nobody waits for years, and what is kept needs no plan.
        assert rows["look_again"].iloc[1:].isna().all()
        assert rows["watch_bid"].fillna(0).tolist() == [2.0, 2.0, 0.0]
