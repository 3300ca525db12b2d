"""What the next click costs: from the bid, from the CPC, and how far each is believed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ppc_tuner.bids.price import next_click
from ppc_tuner.evidence import usual_response


@pytest.fixture
def of(settings):
    """of(bid, cpc, clicks): basis, price and own doubt of one word's next click."""
    known = replace(settings, shade=0.3, cpc_per_bid=0.5, bid_doubt=0.1, cpc_doubt=0.3)
    response = replace(usual_response(known), doubt=0.2)

    def run(bid, cpc, clicks=100.0):
        found = next_click(np.array([bid]), np.array([cpc]), np.array([clicks]), response, known)
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
