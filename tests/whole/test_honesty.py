"""Where every bid is right nearly nothing is touched; where winners and losers are planted they are found.

Clicks and orders are drawn; the bid of a word is (1 − shade) × its true value per click × an error, so an
error of 1 is exactly right. Every word's true CVR, order value and CTR differ, as do clicks (a few words
carry most of them).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

SEEDS = range(6)
WORDS = 400
MARGIN, SHADE, EPSILON = 0.35, 0.3, 0.6
ACTED = ("raise", "lower", "delete")


def account(seed, error=1.0, alike=4):
    """Four weeks of 400 words of 8 items. `error`: today's bid ÷ the right one, one figure or one a word;
    `alike`: Gamma shape of the CVRs of items and of words inside an item (4: they differ by a half). Also
    each word's expected orders."""
    random = np.random.default_rng(seed)
    item = np.arange(WORDS) % 8
    cvr = 0.03 * random.gamma(alike, 1 / alike, 8)[item] * random.gamma(alike, 1 / alike, WORDS)
    aov = 200 * np.exp(0.2 * random.normal(size=WORDS))
    right = (1 - SHADE) * MARGIN * cvr * aov
    bid = np.maximum(right * error, 0.05)
    clicks = random.poisson(100 * random.lognormal(0, 1.5, WORDS)).astype(float)
    # At elasticity ε the average click costs ε / (1 + ε) of what the next one costs, bid / (1 − shade).
    cpc = bid / (1 - SHADE) * EPSILON / (1 + EPSILON)
    orders = random.poisson(clicks * cvr).astype(float)
    amounts = orders * aov * (1 + 0.3 * random.normal(size=WORDS) / np.sqrt(np.maximum(orders, 1)))
    impressions = np.maximum((clicks / (0.04 * random.gamma(8, 1 / 8, WORDS))).round(), clicks)
    words = [
        {"keyword": f"词{n}", "item_id": f"{item[n]}", "kind": "long_tail", "main_word": "词",
         "clicks": clicks[n],
         "impressions": impressions[n], "cost": clicks[n] * cpc[n], "conversions": orders[n],
         "revenue": amounts[n], "bid": bid[n],
         "margin": MARGIN}
        for n in range(WORDS)
    ]  # fmt: skip
    return words, clicks * cvr


def test_an_account_on_target_is_left_alone(decide):
    shares = []
    for seed in SEEDS:
        words, _ = account(seed)
        decided, _ = decide(words)
        shares.append(decided["action"].isin(ACTED).mean())
    # A word is touched when the chance that the step helps is ≥ .9, so up to one word in ten of those that
    # could be told might be touched wrongly; most cannot be told and stay. Tools of the trade touch 9–100 %
    # of such an account.
    assert np.mean(shares) <= 0.05
    assert max(shares) <= 0.08


def test_without_bids_an_account_on_target_is_left_alone_too(decide):
    shares = []
    for seed in SEEDS:
        words, _ = account(seed)
        decided, _ = decide([word | {"bid": np.nan} for word in words])
        shares.append(decided["action"].isin(ACTED).mean())
    assert np.mean(shares) <= 0.05


def test_planted_losers_are_cut_and_planted_winners_raised(decide):
    found_low, found_high, reversed_ones, left_alone = [], [], 0, []
    for seed in SEEDS:
        error = np.ones(WORDS)
        error[0:60], error[60:120] = 2.5, 0.4
        words, expected = account(seed, error)
        decided, _ = decide(words)
        action = decided["action"].to_numpy()
        told = expected >= 20
        number = np.arange(WORDS)
        loser, winner = (number < 60) & told, (number >= 60) & (number < 120) & told
        found_low += np.isin(action[loser], ["lower", "delete"]).tolist()
        found_high += (action[winner] == "raise").tolist()
        reversed_ones += int(
            (action[loser] == "raise").sum() + np.isin(action[winner], ["lower", "delete"]).sum()
        )
        left_alone += (~np.isin(action[120:], ACTED)).tolist()
    assert len(found_low) > 20
    assert len(found_high) > 20
    # With 20 orders expected the rate is known to a fifth; words of poor items are held back by their gate.
    assert np.mean(found_low) >= 0.9
    assert np.mean(found_high) >= 0.8
    assert reversed_ones == 0
    assert np.mean(left_alone) >= 0.95


def test_hopeless_words_with_plenty_of_evidence_are_deleted_and_few_wrongly(decide):
    hopeless, others = [], []
    for seed in SEEDS:
        words, expected = account(seed)
        for word in words[:40]:
            word["conversions"], word["revenue"] = 0.0, 0.0
        decided, _ = decide(words)
        decided["missing"] = expected
        hopeless.append(decided.iloc[:40])
        others.append(decided.iloc[40:])
    hopeless, others = pd.concat(hopeless), pd.concat(others)
    # No order where 40 were due tells against a fifth of today's bid too; where 10 were due, against today's.
    # One in seven may still be held back by the bound on wrong deletes: it is lowered then.
    assert (hopeless["missing"] >= 40).sum() >= 6
    assert (hopeless.loc[hopeless["missing"] >= 40, "action"] == "delete").mean() >= 0.85
    assert hopeless.loc[hopeless["missing"] >= 10, "action"].isin(["delete", "lower"]).all()
    deleted = (hopeless["action"] == "delete").sum()
    assert (others["action"] == "delete").sum() <= 0.05 * deleted


# spread: by how much today's bids are off. The better they are, the more a bid itself tells of its word's
# worth.
@pytest.mark.parametrize(("act", "spread"), [(0.8, 0.5), (0.95, 0.5), (0.67, 0.25)])
def test_what_is_touched_helps_as_often_as_promised(decide, act, spread):
    helped = []
    for seed in SEEDS:
        error = np.exp(spread * np.random.default_rng(100 + seed).normal(size=WORDS))
        words, _ = account(seed, error)
        decided, _ = decide(words, act=act, min_gain=0)
        moved = decided["action"].isin(["raise", "lower"]).to_numpy()
        best = 1 / error[moved]
        x = 1 + decided["bid_change"].to_numpy()[moved]
        profit = best * (x**EPSILON - 1) - EPSILON / (EPSILON + 1) * (x ** (EPSILON + 1) - 1)
        helped += (profit > 0).tolist()
    assert len(helped) > 50
    # Three standard deviations of the binomial below what is promised.
    assert np.mean(helped) >= act - 3 * np.sqrt(act * (1 - act) / len(helped))
