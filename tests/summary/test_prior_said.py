"""What the assumptions say of the prior is what the account was judged by."""

from __future__ import annotations

import pandas as pd
import pytest
from accounts import account, by_week, words

from ppc_tuner import tune
from ppc_tuner.summary import Run
from ppc_tuner.summary.sentences import assumptions


def judged(facts: pd.DataFrame) -> Run:
    [run] = tune(facts).runs
    return run


@pytest.fixture(scope="module")
def dear_words_sell_better() -> Run:
    """Words at four times the price, of which four times as many clicks become orders."""
    cheap = words(40, "cheap", cost=20.0, bid=2.0, conversions=by_week(0, 1, 0, 0))
    dear = words(40, "dear", cost=80.0, bid=8.0, conversions=by_week(1, 1, 1, 1))
    return judged(account(cheap, dear))


def test_a_prior_that_leans_on_something_is_told_with_its_figures(dear_words_sell_better: Run) -> None:
    prior = dear_words_sell_better.settled.prior
    assert prior.source in ("price", "features")
    told = [text for text in assumptions([dear_words_sell_better]) if f"+{prior.gain:.3f}" in text.en]
    assert len(told) == 1
    assert f"^{prior.lean:g}" in told[0].en or f"power {prior.lean:g}" in told[0].en
    assert f"价格的 {prior.lean:g} 次方" in told[0].zh or f"力度 {prior.lean:g}" in told[0].zh


def test_a_plain_prior_is_no_assumption_worth_a_line() -> None:
    alike = judged(words(40))
    assert alike.settled.prior.source == "none"
    assert not any("likelihood" in text.en for text in assumptions([alike]))
