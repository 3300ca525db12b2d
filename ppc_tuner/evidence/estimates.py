"""What each row's figures are worth: raw ratios, posterior means with intervals, scores as chances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import gammaincc

from ppc_tuner.account import Prior, Response
from ppc_tuner.arrays import floats, ratio
from ppc_tuner.evidence.present import Present
from ppc_tuner.evidence.prior import informed_rate
from ppc_tuner.evidence.rates import (
    TYPICAL_CTR,
    TYPICAL_CVR,
    Codes,
    Floats,
    Rate,
    gamma_quantile,
    hierarchical_rate,
    usual_rate,
)
from ppc_tuner.evidence.values import hierarchical_average
from ppc_tuner.identity import AD_GROUP, CAMPAIGN, KEYWORD, NAMED_ITEM
from ppc_tuner.live import was_shown
from ppc_tuner.settings import Settings

LEVELS = (("channel",), (*CAMPAIGN, *NAMED_ITEM), AD_GROUP)
TERM_LEVEL = KEYWORD
# Average order values of one item's words differ by some 20 % (1 / √25), far less than their rates do.
ORDER_VALUE_SHAPE = 25.0
INTERVALS = {"low80": 0.10, "high80": 0.90, "low90": 0.05, "high90": 0.95}


@dataclass(frozen=True, slots=True)
class Worth:
    """`frame`: columns.ESTIMATES, n rows; `prior`: the one that the account's data selected."""

    frame: pd.DataFrame
    prior: Prior


def worth_of(rows: pd.DataFrame, present: Present, response: Response, settings: Settings) -> Worth:
    """Raw ratios, estimates with intervals, p_profitable and scores.

    `rows`: figures, given context and kinds of n decision rows of one account, currency and level. `present`:
    their past clicks and orders in today's terms. `response`: how the CPC follows the bid. Returns
    columns.ESTIMATES, n rows: rates as shares, money in the rows' currency, scores 0–100. Columns that the
    report cannot support (no revenue) are there and empty.
    """
    levels = hierarchy(rows)
    ctr = hierarchical_rate(
        floats(rows, "counted_clicks"), floats(rows, "counted_impressions"), levels, TYPICAL_CTR
    )
    cpc = hierarchical_average(floats(rows, "counted_cost"), floats(rows, "counted_clicks"), levels)
    aov = hierarchical_average(
        floats(rows, "counted_revenue"), floats(rows, "counted_conversions"), levels, ORDER_VALUE_SHAPE
    )
    order_value = _order_value(rows, aov)
    known = informed_rate(
        present.orders,
        present.clicks,
        _at_first_bid(cpc, rows, response.cpc_elasticity).over(order_value),
        rows.assign(order_value=order_value),
        levels,
        TYPICAL_CVR,
        settings.prior,
        present.drift,
    )
    cvr = known.rate.widened(present.doubt)
    adjustment = bid_adjustment(rows, levels)
    cpc_mean = _at_todays_bid(cpc.mean, rows, response.cpc_elasticity, adjustment)
    estimates = {"present_clicks": present.clicks, "present_orders": present.orders} | _raw_figures(rows)
    estimates |= _rate_columns("ctr", ctr) | _rate_columns("cvr", cvr)
    estimates |= {"cpc": cpc_mean, "bid_adjustment": adjustment}
    exposure = floats(rows, "exposure")
    orders = float(np.nansum(floats(rows, "counted_conversions")))
    estimates["orders_usual"] = exposure * usual_rate(orders, float(np.nansum(exposure)), TYPICAL_CVR)
    # Before the doubt that all words share: it takes from the prior as much as from a word's own clicks.
    estimates["own_weight"] = 1 - known.rate.prior_per_unit / known.rate.per_unit
    estimates |= _value_columns(rows, cvr, aov, cpc_mean, settings.traffic_worth)
    estimates |= _scores(rows, ctr, cvr, cpc)
    frame = pd.DataFrame(estimates, index=rows.index)
    return Worth(frame, Prior(known.source, known.lean, known.gain))


def bid_adjustment(rows: pd.DataFrame, levels: Sequence[Codes]) -> Floats:
    """How many times the bid the auction sees, at least (n,): placements, audiences or dynamic bidding
    multiply bids, which shows where clicks cost more than the bid. NaN where they do not, or no bid is known.

    CPC ÷ bid is shrunk through `levels` (Amazon states adjustments by campaign). A word without clicks has
    that of its peers.
    """
    bid_money = floats(rows, "counted_clicks") * floats(rows, "counted_bid")
    paid = hierarchical_average(floats(rows, "counted_cost"), np.nan_to_num(bid_money), levels).mean
    return np.where(paid > 1, paid, np.nan)


def _at_todays_bid(cpc: Floats, rows: pd.DataFrame, elasticity: float, adjustment: Floats) -> Floats:
    """CPC at today's bid, from CPC ~ bid^η; never above the bid that the auction sees, whatever peers pay."""
    bid, before = floats(rows, "bid"), floats(rows, "counted_bid")
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where((bid > 0) & (before > 0), bid / before, 1.0) ** elasticity
    return np.asarray(np.fmin(cpc * moved, np.where(bid > 0, bid * np.fmax(adjustment, 1.0), np.nan)))


def _at_first_bid(cpc: Rate, rows: pd.DataFrame, elasticity: float) -> Rate:
    """CPC at the first known bid: bids set from these estimates must not come back as evidence for them."""
    first, counted = floats(rows, "bid_before"), floats(rows, "counted_bid")
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where((first > 0) & (counted > 0), first / counted, 1.0) ** elasticity
    return Rate(cpc.shape, cpc.per_unit / moved, cpc.prior_shape, cpc.prior_per_unit / moved)


def hierarchy(rows: pd.DataFrame) -> list[Codes]:
    """Group number of each row (n,) at each level, widest first; levels that split nothing are left out.

    Whether a level splits anything is asked of the words that were shown: one of zeros tells nothing.
    """
    wanted = [*LEVELS, TERM_LEVEL] if "search_term" in rows else list(LEVELS)
    codes: list[Codes] = []
    columns: list[str] = []
    groups = 1
    shown = was_shown(rows)
    for level in wanted:
        columns += [name for name in level if name in rows]
        if not columns:
            continue
        numbers = rows[columns].groupby(columns, dropna=False, sort=False).ngroup()
        grouped: Codes = np.asarray(numbers, dtype=np.intp)
        split = len(np.unique(grouped[shown]))
        if groups < split < np.count_nonzero(shown):
            groups = split
            codes.append(grouped)
    return codes


def _raw_figures(rows: pd.DataFrame) -> dict[str, Floats]:
    impressions, clicks, cost = (floats(rows, name) for name in ("impressions", "clicks", "cost"))
    conversions, revenue = floats(rows, "conversions"), floats(rows, "revenue")
    roas = ratio(revenue, cost)
    return {
        "ctr_raw": ratio(clicks, impressions),
        "cpc_raw": ratio(cost, clicks),
        "cvr_raw": ratio(conversions, clicks),
        "aov_raw": ratio(revenue, conversions),
        "rpc_raw": ratio(revenue, clicks),
        "roas": roas,
        "roi": floats(rows, "margin") * roas - 1,
    }


def _rate_columns(name: str, rate: Rate) -> dict[str, Floats]:
    return {name: rate.mean} | {f"{name}_{end}": rate.quantile(share) for end, share in INTERVALS.items()}


def _gamma_columns(name: str, mean: Floats, shape: Floats) -> dict[str, Floats]:
    """Mean and intervals of a quantity whose posterior is taken as Gamma with this mean and shape."""
    return {name: mean} | {
        f"{name}_{end}": gamma_quantile(shape, share) * mean / shape for end, share in INTERVALS.items()
    }


def _order_value(rows: pd.DataFrame, aov: Rate) -> Floats:
    """What an order leaves before advertising (money): margin × AOV, else value_per_conversion, else 1."""
    left = floats(rows, "margin") * aov.mean
    left = np.where(np.isnan(left), floats(rows, "value_per_conversion"), left)
    return np.where(left > 0, left, 1.0)


def _value_columns(
    rows: pd.DataFrame, cvr: Rate, aov: Rate, cpc: Floats, traffic_worth: float
) -> dict[str, NDArray[Any]]:
    """Order value, revenue and value per click, and the chance that a click is worth more than it costs.

    value_per_click = margin × CVR × AOV + traffic_worth; where the report has no revenue CVR ×
    value_per_conversion is the first term. A product of independent quantities has 1 + cv² = (1 + cv₁²)(1 +
    cv₂²); its posterior is taken as Gamma.
    """
    rpc_shape = 1 / ((1 + 1 / cvr.shape) * (1 + 1 / aov.shape) - 1)
    rpc = cvr.mean * aov.mean
    per_order = floats(rows, "value_per_conversion")
    has_revenue = ~np.isnan(rpc)
    sale = np.where(has_revenue, floats(rows, "margin") * rpc, cvr.mean * per_order)
    sale_shape = np.where(has_revenue, rpc_shape, cvr.shape)
    value = sale + traffic_worth
    # Of a click whose worth nobody has told at least what it sells is known.
    sold_shape = np.where(has_revenue, rpc_shape, cvr.shape)
    shape = np.where(np.isnan(value), sold_shape, sale_shape * (value / sale) ** 2)
    columns = _rate_columns("aov", aov) | _gamma_columns("rpc", rpc, rpc_shape)
    columns |= {"value_per_click": value, "value_shape": shape}
    return columns | _earned_columns(sale, sale_shape, cpc, traffic_worth)


def _earned_columns(
    sale: Floats, sale_shape: Floats, cpc: Floats, traffic_worth: float
) -> dict[str, NDArray[Any]]:
    """Intervals of the value per click, and the chance that it is above its cost.

    `sale` (money): what the orders of a click leave, Gamma with `sale_shape`; n each.
    """
    columns = {
        f"value_{end}": gamma_quantile(sale_shape, share) * sale / sale_shape + traffic_worth
        for end, share in INTERVALS.items()
    }
    columns["p_profitable"] = gammaincc(sale_shape, np.maximum(cpc - traffic_worth, 0) * sale_shape / sale)
    return columns


def as_if_told(
    rows: pd.DataFrame, settings: Settings, margin: float = np.nan, per_order: float = np.nan
) -> pd.DataFrame:
    """The same n rows as they would be were it known what a sale leaves; rates stay as estimated.

    `rows`: figures, given context, kinds and worth. `margin` (share) and, without revenue, `per_order` (money
    an order is worth) stand in where neither is known. Nothing else is estimated anew.
    """
    bare = np.isnan(floats(rows, "value_per_click"))
    rpc, cvr = floats(rows, "rpc"), floats(rows, "cvr")
    sale = np.where(np.isfinite(rpc), margin * rpc, per_order * cvr)
    # Of a click whose worth nobody has told the shape is that of what it sells.
    sale_shape, value = floats(rows, "value_shape"), sale + settings.traffic_worth
    told = _earned_columns(sale, sale_shape, floats(rows, "cpc"), settings.traffic_worth) | {
        "margin": np.full(len(rows), margin),
        "break_even_roas": np.full(len(rows), 1 / margin),
        "value_per_conversion": np.full(len(rows), per_order),
        "roi": margin * floats(rows, "roas") - 1,
        "value_per_click": value,
        "value_shape": sale_shape * (value / sale) ** 2,
    }
    return rows.assign(**{name: np.where(bare, new, floats(rows, name)) for name, new in told.items()})


def _scores(rows: pd.DataFrame, ctr: Rate, cvr: Rate, cpc: Rate) -> dict[str, Floats]:
    """Scores 0–100: chance in percent of beating a random peer, or the market's figure where given."""
    ctr_market, cvr_market, cpc_market = (floats(rows, f"market_{name}") for name in ("ctr", "cvr", "cpc"))
    p_ctr = np.where(np.isnan(ctr_market), ctr.chance_above_peer(), ctr.chance_above(ctr_market))
    p_cvr = np.where(np.isnan(cvr_market), cvr.chance_above_peer(), cvr.chance_above(cvr_market))
    p_dear = np.where(np.isnan(cpc_market), cpc.chance_above_peer(), cpc.chance_above(cpc_market))
    return {
        "ctr_score": 100 * p_ctr,
        "cpc_score": 100 * (1 - p_dear),
        "cvr_score": 100 * p_cvr,
    }
