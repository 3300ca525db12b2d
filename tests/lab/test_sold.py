from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.lab.auction import FAMILIES, Family, most_sold
from ppc_tuner.lab.market import Market
from ppc_tuner.lab.menswear import make_market
from ppc_tuner.lab.players import Player, Seen, Untouched
from ppc_tuner.lab.rollout import play
from ppc_tuner.lab.sold import SalesLedger
from ppc_tuner.lab.worlds import sales_cases

FLOOR = 0.05
TERMS = sales_cases()[0].terms


@pytest.mark.parametrize("family", ["second_price", "next_price"])
def test_nothing_sells_more_for_the_same_spend(family: Family) -> None:
    auction = FAMILIES[family]
    rng = np.random.default_rng(4)
    rival, exposure, sold = rng.uniform(0.5, 2, 30), rng.uniform(10, 90, 30), rng.uniform(2, 9, 30)
    for _ in range(40):
        outcome = auction.outcome(rival * np.exp(rng.normal(0, 0.6, 30)), rival)
        revenue, spend = (exposure * outcome.clicks * sold).sum(), (exposure * outcome.cost).sum()
        assert revenue < most_sold(auction, rival, exposure, sold, float(spend))
    # A single word leaves nothing to move.
    one = auction.outcome(np.array([1.2]), rival[:1])
    alone = most_sold(auction, rival[:1], exposure[:1], sold[:1], float((exposure[:1] * one.cost).item()))
    assert alone == pytest.approx((exposure[:1] * one.clicks * sold[:1]).item(), rel=1e-3)


def measures(player: Player, market: Market) -> dict[str, float]:
    ledger = SalesLedger(market, FLOOR)
    for step in play(market, player, TERMS, weeks=4):
        ledger.add(step)
    return ledger.measures()


def test_untouched_bids_spend_and_earn_what_they_did() -> None:
    held = measures(Untouched(), make_market(3, words=60))
    assert held["spend_last"] == pytest.approx(1)
    assert held["to_untouched"] == 1
    assert (held["deleted"], held["wrongly_deleted"]) == (0, 0)
    assert 0.7 < held["sold_last"] < 0.99


class Pauses:
    """Pauses the words with these ids, and doubles the bid of another."""

    def __init__(self, words: list[str], other: str) -> None:
        self.words, self.other = words, other

    def __call__(self, seen: Seen) -> pd.Series:
        told = pd.Series(np.nan, index=self.words)
        told[self.other] = 2 * seen.bids[self.other]
        return told


def test_a_delete_is_wrong_if_the_word_pays_at_any_margin() -> None:
    market = make_market(3, words=60, never_sell=0.3)
    truth = market.truth().set_index("keyword_id").sort_values("clicks", ascending=False)
    never, good = truth.index[truth["cvr"] == 0][:2], truth.index[truth["cvr"] > 0][:3]
    result = measures(Pauses([*never, *good[:2]], good[2]), market)
    assert result["deleted"] == 4
    assert result["wrongly_deleted"] == 2
    assert result["spend_last"] != pytest.approx(1, abs=0.01)
    assert result["to_untouched"] < 1


def test_words_sold_at_a_margin_are_worth_what_that_leaves() -> None:
    market = make_market(5, words=60)
    truth = market.truth().set_index("keyword_id")
    margins = market.shop.items.set_index("item_id")["margin"].reindex(truth["item_id"]).to_numpy()
    low, high = market.best_at(0.2)["best_bid"], market.best_at(0.6)["best_bid"]
    assert (low < high).all()
    between = truth["best_bid"].to_numpy()
    assert ((margins < 0.6) & (low.to_numpy() < between) & (between < high.to_numpy()))[margins < 0.6].all()
    revenue = truth["revenue"].to_numpy() * (1 - _refunds(market))
    assert market.sold() == pytest.approx(revenue.sum())


def _refunds(market: Market) -> np.ndarray:
    rate = market.shop.items.set_index("item_id")["refund_rate"]
    return rate.reindex(market.shop.words["item_id"]).to_numpy(dtype=float)
