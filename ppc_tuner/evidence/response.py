"""The price of the next click, learned from the account's own bid changes.

Only changes within a word count: expensive words are other words, so a regression of clicks on bids across
words is biased. A word w in week t, at bid b, has clicks C and cost per click P with

    log E[C_wt] = word + week + ε_w log b_wt           conditional Poisson: the total cancels the word
    log P_wt    = word + week + η_w log b_wt + noise   variance of the noise ∝ 1 / clicks

One more click then costs P (ε + η) / ε. Where that is κ times the bid (κ = 1: one slot at the second price;
above 1 where several slots are sold at the next price), η_w = ε_w (κ b / P − 1). Clicks give ε_w = exp(a + c
(log b/P − its mean)), as words far above their rivals gain little from a higher bid; CPC then gives κ, and
the shade is 1 − 1 / κ. a, c and log κ have normal priors at their usual values. Comparing all weeks, not only
neighbours, keeps a lucky week that led to a change from passing for its effect. Errors are widened by the
scatter of clicks beyond chance (quasi-Poisson, McCullagh & Nelder 1989). Varian 2009; Hausman, Hall &
Griliches 1984 (conditional Poisson).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from ppc_tuner.account import Response, times_seen
from ppc_tuner.identity import CAMPAIGN, ITEM, KEYWORD, PLACE, SPLIT
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

WORD = (*SPLIT, *PLACE, *ITEM, *KEYWORD)
# Clicks ~ bid^ε, CPC ~ bid^η. ε is seen from .16 to 1.5, with .5 in the middle; as the bid rises above the
# CPC it falls as (bid / CPC)^USUAL_FALL. Spreads are prior standard deviations, of log ε and of that power.
USUAL_CLICKS, CLICKS_SPREAD = 0.5, 0.5
USUAL_CPC, CPC_BOUNDS = 0.85, (0.2, 1.0)
USUAL_FALL, FALL_SPREAD = -3.0, 1.0
# Fewer changed words say nothing about the market; bids that differ by less than this share have not changed.
LEAST_CHANGES, SMALLEST_CHANGE = 5, 0.02
ROUNDS = 8
HIGHEST_SHADE = 0.6


@dataclass(frozen=True, slots=True)
class Panel:
    """Cells of words in weeks, each with a single bid.

    Of each cell: `word` and `week` (numbers from 0), `bid` (log, about the word's mean), `clicks`, `price`
    (log CPC, NaN without clicks). Of each word: `lead`, log (bid that the auction
    sees ÷ CPC). `changed`: number of words whose bid
    changed.
    """

    word: Codes
    week: Codes
    bid: Floats
    clicks: Floats
    price: Floats
    lead: Floats
    changed: int


def learned_response(facts: pd.DataFrame, settings: Settings) -> Response:
    """How clicks and CPC respond to the bid, from one account's daily facts.

    `facts`: keyword facts with bid, clicks, cost (money), date and the keys of a word. Where fewer than
    LEAST_CHANGES words changed, it is usual_response.
    """
    panel = bid_panel(facts, settings.cpc_per_bid)
    if panel is None or panel.changed < LEAST_CHANGES:
        return usual_response(settings)
    usual, spread = settings.shade, settings.shade_spread
    (usual_log, fall), epsilon, error = click_slopes(panel)
    kappa, kappa_error = next_click_over_bid(panel, epsilon)
    lead = float(np.average(panel.lead, weights=np.bincount(panel.word, panel.clicks)))
    # Only part of an error in ε reaches κ = (1 + η / ε) P / b.
    passed = 1 - np.exp(-lead) / max(kappa, 1.0)
    variance = (passed * error) ** 2 + kappa_error**2
    weight = spread**2 / (spread**2 + variance)
    kept = -weight * np.log(max(kappa, 0.5)) + (1 - weight) * np.log(1 - usual)
    usual_epsilon = float(np.exp(usual_log))
    shade = float(np.clip(1 - np.exp(kept), 0.0, HIGHEST_SHADE))
    doubt = float(np.sqrt(weight * variance))
    cpc_epsilon = float(np.clip(usual_epsilon * (kappa * np.exp(lead) - 1), *CPC_BOUNDS))
    return Response(shade, doubt, panel.changed, usual_epsilon, cpc_epsilon, float(fall), lead)


def usual_response(settings: Settings) -> Response:
    """What is assumed of a market before any bid has changed: the pack's shade and its spread."""
    shade, spread = settings.shade, settings.shade_spread
    return Response(shade, spread, 0, USUAL_CLICKS, USUAL_CPC, USUAL_FALL, None)


def bid_panel(facts: pd.DataFrame, cpc_per_bid: float = 1.0) -> Panel | None:
    """Weekly cells of all words with bids, weeks counted back from the last day; None without two different
    bids.

    `facts`: as for learned_response; `cpc_per_bid`: usual share of the bid that a click costs, by which
    adjusted bids are reckoned. Words whose bid never changed tell the season. A week in which the bid
    changed on the way is left out, and so are words of one week or without clicks or cost.
    """
    if not {"date", "bid", "clicks", "cost"} <= set(facts) or facts["bid"].nunique() < 2:
        return None
    known = facts[facts["bid"].gt(0) & facts["date"].notna()]
    age = (known["date"].max() - known["date"]).dt.days.floordiv(7)
    keys = [name for name in WORD if name in known]
    word = known.groupby(keys, dropna=False, sort=False).ngroup()
    grouped = known.groupby([word, age])
    cells = grouped.agg(
        low=("bid", "min"), bid=("bid", "max"), clicks=("clicks", "sum"), cost=("cost", "sum")
    )
    cells.index.names = ["word", "week"]
    cells = cells[cells["low"] == cells["bid"]].reset_index()
    sums = cells.groupby("word")[["clicks", "cost"]].transform("sum")
    weeks = cells.groupby("word")["week"].transform("size")
    cells = cells[(sums["clicks"] > 0) & (sums["cost"] > 0) & (weeks > 1)]
    if cells.empty:
        return None
    codes: Codes = np.asarray(pd.factorize(cells["word"])[0], dtype=np.intp)
    clicks, cost = cells["clicks"].to_numpy(dtype=float), cells["cost"].to_numpy(dtype=float)
    log_bid = np.log(cells["bid"].to_numpy(dtype=float))
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where((clicks > 0) & (cost > 0), np.log(cost / clicks), np.nan)
    count = np.bincount(codes)
    mean = np.bincount(codes, log_bid * clicks) / np.bincount(codes, clicks)
    spread = pd.Series(log_bid).groupby(codes).agg(np.ptp).to_numpy()
    lead = mean - np.log(np.bincount(codes, cost) / np.bincount(codes, clicks))
    lead = lead + _log_adjustment(known, word, cells["word"], codes, cpc_per_bid)
    return Panel(
        codes,
        cells["week"].to_numpy(dtype=np.intp),
        log_bid - (np.bincount(codes, log_bid) / count)[codes],
        clicks,
        price,
        lead,
        int((spread > SMALLEST_CHANGE).sum()),
    )


def _log_adjustment(
    known: pd.DataFrame, word: pd.Series, numbers: pd.Series, codes: Codes, cpc_per_bid: float
) -> Floats:
    """Log of what multiplies the bids of each word before the auction sees them (words,).

    It shows where the clicks of the word's campaign and item together cost more than their bids. Left out, it
    would pass for the market's form: a click that costs more than the bid would seem to be shaded.
    """
    keys = [name for name in (*CAMPAIGN, *ITEM) if name in known]
    if not keys:
        return np.zeros(int(codes.max()) + 1)
    place = known.groupby(keys, dropna=False, sort=False).ngroup()
    bid_money = known["bid"] * known["clicks"]
    paid = known["cost"].groupby(place).sum() / bid_money.groupby(place).sum().clip(lower=1e-9)
    of_word = place.groupby(word).first().map(paid)
    first = pd.Series(numbers.to_numpy()).groupby(codes).first()
    times, _ = times_seen(of_word.reindex(first).to_numpy(dtype=float), cpc_per_bid)
    return np.asarray(np.log(times))


def click_slopes(panel: Panel) -> tuple[Floats, Floats, float]:
    """(a, c), ε of each word (words,), and the standard error of log ε at the usual word."""
    total = np.bincount(panel.word, panel.clicks).astype(float)
    lead = panel.lead - np.average(panel.lead, weights=total)
    season = np.zeros(int(panel.week.max()) + 1)
    point = np.array([np.log(USUAL_CLICKS), USUAL_FALL])
    scatter = 0.0
    for _ in range(ROUNDS):
        slope = np.exp(np.clip(point[0] + point[1] * lead, np.log(0.02), np.log(5.0)))
        expected = _expected(panel, slope, season, total)
        season = season + np.log(
            (np.bincount(panel.week, panel.clicks) + 0.5) / (np.bincount(panel.week, expected) + 0.5)
        )
        scatter = _scatter(panel.clicks, expected)
        weight = 1 / (1 + scatter * total / np.bincount(panel.word))
        point = minimize(_click_loss, point, args=(panel, lead, season, total, weight), method="L-BFGS-B").x
    step = 0.05
    losses = [
        _click_loss(point + shift, panel, lead, season, total, weight)
        for shift in (np.array([-step, 0]), np.zeros(2), np.array([step, 0]))
    ]
    curvature = max((losses[0] - 2 * losses[1] + losses[2]) / step**2, 1e-6)
    slopes = np.exp(np.clip(point[0] + point[1] * lead, np.log(0.02), np.log(5.0)))
    return point, slopes, float(1 / np.sqrt(curvature))


def _expected(panel: Panel, slope: Floats, season: Floats, total: Floats) -> Floats:
    """Expected clicks of each cell, given the word's total."""
    share = np.exp(season[panel.week] + slope[panel.word] * panel.bid)
    return np.asarray(total[panel.word] * share / np.bincount(panel.word, share)[panel.word])


def _click_loss(
    point: Floats, panel: Panel, lead: Floats, season: Floats, total: Floats, weight: Floats
) -> float:
    """Penalised negative log likelihood of (a, c)."""
    slope = np.exp(np.clip(point[0] + point[1] * lead, np.log(0.02), np.log(5.0)))
    expected = _expected(panel, slope, season, total)
    fit = float((weight[panel.word] * panel.clicks * np.log(np.maximum(expected, 1e-9))).sum())
    usual, spread = np.array([np.log(USUAL_CLICKS), USUAL_FALL]), np.array([CLICKS_SPREAD, FALL_SPREAD])
    return -fit + 0.5 * float((((point - usual) / spread) ** 2).sum())


def _scatter(clicks: Floats, expected: Floats) -> float:
    """Squared coefficient of variation of weekly clicks beyond chance."""
    beyond = (clicks - expected) ** 2 - expected
    return float(np.clip(beyond.sum() / (expected**2).sum(), 0.0, 1.0))


def next_click_over_bid(panel: Panel, epsilon: Floats) -> tuple[float, float]:
    """κ and the standard error of its log, given ε of each word: weighted least squares on the words' CPC."""
    known = ~np.isnan(panel.price)
    word, week, weight = panel.word[known], panel.week[known], panel.clicks[known]
    gain = epsilon[word] * panel.bid[known]

    def about(values: Floats) -> Floats:
        """Values without word and week effects, by alternating weighted means."""
        for _ in range(ROUNDS):
            for codes in (word, week):
                sums = np.bincount(codes, weight)
                mean = np.divide(
                    np.bincount(codes, weight * values), sums, out=np.zeros(len(sums)), where=sums > 0
                )
                values = values - mean[codes]
        return values

    told, rest = about(gain * np.exp(panel.lead[word])), about(panel.price[known] + gain)
    information = float((weight * told**2).sum())
    if not information > 0:
        return 1.0, np.inf
    kappa = float((weight * told * rest).sum()) / information
    noise = float((weight * (rest - kappa * told) ** 2).sum()) / max(len(rest) - len(panel.lead), 1)
    return max(kappa, 0.5), float(np.sqrt(noise / information)) / max(kappa, 0.5)
