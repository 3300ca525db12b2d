"""Accounts too small to judge, words without a click, clicks that cost more than the bid: the whole list."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from accounts import account, decided, word, words

from ppc_tuner import tune


def test_a_tiny_account_is_estimated_to_its_own_orders_and_nothing_is_cut() -> None:
    """15 clicks and 4 orders in all: two clicks and an order at the account's own cost per order are no
    reason to cut."""
    clicks, orders = [2.0, 7.0, 3.0, 2.0, 1.0], [1.0, 2.0, 1.0, 0.0, 0.0]
    facts = account(
        *(
            word(f"w{number}", days=1, clicks=some, impressions=some * 40, cost=some * 10, conversions=sold)
            for number, (some, sold) in enumerate(zip(clicks, orders, strict=True))
        )
    ).drop(columns="revenue")
    rows = tune(facts).actions
    assert (rows["exposure"] * rows["cvr"]).sum() == pytest.approx(4, rel=0.1)
    assert set(rows["action"]) <= {"keep", "watch"}


@pytest.mark.parametrize("margin", [None, 0.35])
def test_words_without_a_click_and_with_one_are_alike(margin: float | None) -> None:
    """Cheap beside their peers, but nothing is known of them: neither is moved by itself."""
    rare = {"conversions": 0.0, "revenue": 0.0, "bid": 0.4, "days": 1}
    facts = account(
        words(12, conversions=2.0, revenue=200.0),
        word("never", clicks=0.0, cost=0.0, impressions=1.0, **rare),
        word("once", clicks=1.0, cost=0.2, impressions=30.0, **rare),
    )
    rows = decided(facts, margin=margin).loc[["never", "once"]]
    assert set(rows["action"]) <= {"keep", "watch"}
    assert rows["bid_change"].eq(0).all()
    assert rows["reason_en"].str.contains("not acted on by itself").all()


DEAR: Mapping[str, float] = {"bid": 1.0, "clicks": 20.0, "cost": 48.0, "impressions": 600.0}


class TestClicksThatCostMoreThanTheBid:
    """Bids of 1.00, clicks of 2.40: something multiplies the bid."""

    def test_words_that_lose_go_down_and_it_is_told(self) -> None:
        # ROAS 1.9, where break-even is 2.86.
        result = tune(words(4, conversions=1.0, revenue=91.2, **DEAR), settings={"margin": 0.35})
        rows = result.actions[result.actions["level"] == "keyword"]
        assert set(rows["action"]) == {"lower"}
        assert rows["bid_adjustment"].to_numpy() == pytest.approx(2.4, rel=0.02)
        said = result.summary["headline"]["text_en"]
        assert said.str.contains("about 2.4 times as much: bid adjustments are on").sum() == 1
        assert not said.str.contains("as a whole", regex=False).where(said.str.contains("low"), False).any()

    def test_words_at_break_even_stay(self) -> None:
        """Each click is worth 2.43 at a margin of 35 % and costs 2.40."""
        given = {"margin": 0.35, "objective": "target_roas"}
        result = tune(words(25, conversions=1.0, revenue=139.0, **DEAR), settings=given)
        assert result.actions["bid_change"].eq(0).all()
        assert result.summary["headline"]["text_en"].str.contains("bid adjustments are on").any()
