"""Worlds of search terms: what is planted is there, negatives stop what they say, measures by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from ppc_tuner.lab.terms import (
    Decided,
    TermWorld,
    blocked_by,
    by_clicks,
    by_words,
    made_world,
    measures,
    product,
)


@pytest.fixture(scope="module")
def world() -> TermWorld:
    return made_world(0)


def few() -> pd.DataFrame:
    """Four terms of 10 clicks each at 1.00: one is wasted, one earns, one is a keyword."""
    return pd.DataFrame(
        {
            "search_term": ["free pot", "steel pot", "pot", "freepot"],
            "ad_group": ["a", "a", "b", "b"], "campaign": "c", "cpc": 1.0, "worth": [0.0, 2.0, 2.0, 0.5],
            "rate": [0.0, 0.2, 0.2, 0.1], "after": 10.0, "wasted": [True, False, False, False],
            "winner": [False, True, False, False], "own_word": [False, False, True, False], "brand": False,
        }
    )  # fmt: skip


def done(adds: list[str], *negatives: tuple[str, str, str, str]) -> Decided:
    return Decided(
        pd.DataFrame({"text": adds, "ad_group": "a"}),
        pd.DataFrame(negatives, columns=["text", "match", "ad_group", "campaign"]),
    )


def measured(decided: Decided) -> dict[str, float]:
    terms = few()
    return measures(TermWorld(terms, terms), decided)


class TestNegatives:
    @pytest.mark.parametrize(
        ("text", "match", "ad_group", "stops"),
        [
            ("free", "phrase", "", [True, False, False, False]),
            ("pot", "phrase", "", [True, True, True, False]),
            ("pot", "phrase", "a", [True, True, False, False]),
            ("pot", "exact", "", [False, False, True, False]),
            ("free", "exact", "", [False] * 4),
        ],
    )
    def test_whole_words_in_their_place(
        self, text: str, match: str, ad_group: str, stops: list[bool]
    ) -> None:
        negative = {"text": text, "match": match, "ad_group": ad_group, "campaign": ""}
        assert blocked_by(few(), negative).tolist() == stops


class TestMeasures:
    def test_of_one_good_negative_and_one_good_add(self) -> None:
        found = measured(done(["steel pot"], ("free", "phrase", "", "")))
        assert (found["adds_earn"], found["excludes_lose"]) == (1.0, 1.0)
        assert (found["waste_found"], found["winners_found"], found["saved"]) == (1.0, 1.0, 10.0)
        assert (found["orders_blocked"], found["own_blocked"]) == (0.0, 0.0)

    def test_of_bad_ones(self) -> None:
        found = measured(done(["freepot"], ("pot", "phrase", "", "")))
        assert (found["adds_earn"], found["winners_found"]) == (0.0, 0.0)
        # It saves 10.00 and stops two terms that earn 10.00 each.
        assert (found["excludes_lose"], found["saved"]) == (0.0, -10.0)
        # All three sell .5 orders a click together, .4 of them by what is stopped and earns.
        assert found["orders_blocked"] == found["earning_blocked"] == pytest.approx(0.8)
        assert found["own_blocked"] == 1.0


class TestTheWorld:
    def test_the_same_seed_is_the_same_world(self, world: TermWorld) -> None:
        pd.testing.assert_frame_equal(world.report, made_world(0).report)
        assert not made_world(1).report.equals(world.report)

    def test_planted_waste_is_spread_and_sells_next_to_nothing(self, world: TermWorld) -> None:
        wasted = world.terms[world.terms["wasted"] & world.terms["known"]]
        assert len(wasted) > 200
        assert wasted["before"].median() < 4
        usual = world.terms[~world.terms["wasted"]]
        assert wasted["rate"].mean() < 0.1 * usual["rate"].mean()

    def test_winners_earn_and_are_not_bought_as_exact(self, world: TermWorld) -> None:
        winners = world.terms[world.terms["winner"]]
        assert (winners["worth"] > winners["cpc"]).all()
        keywords = world.report.loc[world.report["level"].eq("keyword"), "keyword"]
        assert not winners["search_term"].isin(keywords).any()

    def test_keywords_carry_the_clicks_of_their_terms(self, world: TermWorld) -> None:
        sums = world.report.groupby("level")["clicks"].sum()
        assert sums["keyword"] == sums["search_term"]


class TestPlayers:
    def test_the_product_finds_what_is_planted(self, world: TermWorld) -> None:
        found = measures(world, product(world))
        assert found["adds_earn"] >= 0.9
        assert found["excludes_lose"] >= 0.9
        assert found["waste_found"] >= 0.7
        assert found["winners_found"] >= 0.7
        assert found["own_blocked"] == 0

    def test_rules_of_thumb_do_as_they_say(self, world: TermWorld) -> None:
        told = world.report[world.report["level"].eq("search_term")].set_index("search_term")
        lost = by_clicks(20)(world).excludes
        assert len(lost) > 0
        assert told.loc[lost["text"], "clicks"].ge(20).all()
        assert told.loc[lost["text"], "conversions"].eq(0).all()
        few_due, many_due = by_words(1)(world).excludes, by_words(3)(world).excludes
        assert set(many_due["text"]) < set(few_due["text"])
