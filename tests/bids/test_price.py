"""What the next click costs: from the bid, from the CPC, and how far each is believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ppc_tuner.bids.price import next_click, seen_bid
from ppc_tuner.evidence import usual_response


@pytest.fixture
def of(settings):
    """of(bid, cpc, clicks, adjustment): basis, price and own doubt of one word's next click."""
    known = replace(settings, shade=0.3, cpc_per_bid=0.5, bid_doubt=0.1, cpc_doubt=0.3)
    response = replace(usual_response(known), doubt=0.2)

    def run(bid, cpc, clicks=100.0, adjustment=np.nan):
        seen = seen_bid(np.array([bid]), np.array([adjustment]), known)
        found = next_click(seen, np.array([cpc]), np.array([clicks]), response, known)
        assert found.common == 0.2
        return found.basis[0], found.price[0], found.own[0]

    return run


def test_from_the_bid_where_it_is_known(of):
    basis, price, doubt = of(1.4, 0.7)
    assert (basis, price, doubt) == ("given", pytest.approx(2.0), pytest.approx(0.1))


@pytest.mark.parametrize("cpc", [0.36, 0.7, 1.39])
def test_half_or_twice_the_usual_click_cost_leaves_the_bid_believed(of, cpc):
    assert of(1.4, cpc)[1:] == (pytest.approx(2.0), pytest.approx(0.1))


def test_from_the_click_cost_where_no_bid_is_known(of):
    assert of(np.nan, 0.7) == ("cpc", pytest.approx(2.0), 0.3)


def test_neither_bid_nor_click(of):
    basis, price, _ = of(np.nan, 0.7, clicks=0.0)
    assert basis == "none"
    assert np.isnan(price)


def test_a_bid_far_above_what_clicks_cost_does_not_set_their_price(of):
    # Usual CPC at this bid: 5; it is .5, a tenth. Beyond a factor of two the CPC is followed:
    # 10 / .7 / (10 / 2).
    _, price, doubt = of(10.0, 0.5)
    assert price == pytest.approx(10 / 0.7 / 5)
    assert doubt == pytest.approx(np.hypot(0.1, np.log(5) / 2))


def test_the_auction_sees_an_adjusted_bid(of):
    # Clicks cost 2.1, three times the bid of .7: what the auction sees is at least 2.1, and up to 2.1 / .5;
    # the middle is 2.1 × √2, and the next click costs that / .7.
    _, price, doubt = of(0.7, 2.1, adjustment=3.0)
    assert price == pytest.approx(2.1 * np.sqrt(2) / 0.7)
    # No more doubted than where no bid is known at all.
    assert doubt == pytest.approx(np.hypot(0.1, 0.3))


def test_a_click_cost_just_above_the_bid_hides_little(of):
    # 10 % above: 1.1 times the bid at least, and by no more than 1.1 again.
    _, price, doubt = of(1.4, 1.54, adjustment=1.1)
    assert price == pytest.approx(1.4 * 1.21 / 0.7)
    assert doubt == pytest.approx(np.hypot(0.1, np.log(1.1)))
