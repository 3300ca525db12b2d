"""Facts → decision rows: what carries its own bid becomes one row, with its sums over the days that count.

A decision row is the smallest thing with a bid of its own. Device rows are summed unless the platform bids by
device; channels (scenes) always stay apart (advice A12).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.periods import first_and_last_day, in_event, period_bounds, whole_event_days

Floats = NDArray[np.float64]

SUMMED = (
    "impressions", "clicks", "cost", "conversions", "revenue", "favourites", "add_to_carts", "orders_placed",
    "direct_conversions", "indirect_conversions", "direct_revenue", "indirect_revenue", "presale_conversions",
    "presale_revenue", "new_customers",
)  # fmt: skip
LATEST = (
    "campaign", "ad_group", "item_id", "item", "keyword", "match_type", "device", "status", "biddable", "unbiddable_as", "bid",
    "quality_score", "market_cpc", "market_ctr", "market_cvr", "attribution_days",
)  # fmt: skip
MEASURES = ("impressions", "clicks", "cost", "conversions", "revenue")
NAMED = (("campaign_id", "campaign"), ("ad_group_id", "ad_group"), ("item_id", "item"))


class Worth(Protocol):
    """What past clicks and orders are worth today: `pace` and `kept` of n facts, the `doubt` all words share, and the variance
    by which each has drifted from its past."""

    @property
    def pace(self) -> Floats: ...
    @property
    def kept(self) -> Floats: ...
    @property
    def doubt(self) -> float: ...
    @property
    def drift(self) -> float: ...


Weigh = Callable[[pd.DataFrame, NDArray[np.intp], Floats, Floats], Worth]

ACCOUNT_KEY = ("level", "platform", "account", "currency", "channel")


def settle_revenue(facts: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """Facts with the revenue and orders that count: direct, or total (net where reported) with or without presale.

    Adds `net_basis` (flag): the row's revenue is already net of refunds. Without a revenue column nothing changes.
    """
    facts = facts.copy(deep=False)
    totals = {
        "revenue": ("direct_revenue", "presale_revenue"),
        "conversions": ("direct_conversions", "presale_conversions"),
    }
    facts["net_basis"] = False
    for total, (direct, presale) in totals.items():
        if settings["revenue_basis"] == "direct" and direct in facts:
            facts[total] = facts[direct].fillna(facts[total]) if total in facts else facts[direct]
            continue
        if total == "revenue" and "net_revenue" in facts:
            facts["net_basis"] = facts["net_revenue"].notna()
            facts[total] = (
                facts["net_revenue"].fillna(facts[total]) if total in facts else facts["net_revenue"]
            )
        if settings["presale"] == "include" and presale in facts and total in facts:
            facts[total] = facts[total] + facts[presale].fillna(0)
    return facts


def decision_rows(
    facts: pd.DataFrame,
    curve: Sequence[float],
    drop_days: int,
    by_device: bool,
    settings: Mapping[str, Any],
    weigh: Weigh | None = None,
    events: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row for each decision row of one account: keys, names, sums and the columns of columns.ROWS up to weekly_cost.

    `facts`: one account in one currency, daily or summary rows. `curve`: share of a click's final orders known 1, 2,
    3 … days after its day; complete beyond its end. Rows no older than `drop_days` are shown but not counted as
    evidence. `weigh`: what past clicks and orders are worth today, from facts, row numbers, clicks whose orders are known,
    and orders (n each); without it all count alike. Only rows of the last settings["lookback_days"] days are summed; a word without any keeps a row of zeros.
    Undated facts make one period: `days` is empty and the weekly figures are per reported period.
    `events`: day and item_id (empty: all) of days that count for nothing (A27): they are shown in the sums over all
    days, and left out of what is counted as evidence, of both periods and of the pace; `event_days` says how many.
    """
    facts = settle_revenue(facts, settings)
    start, end = first_and_last_day(facts)
    facts = facts.assign(_start=start, _end=end, _event=in_event(facts, events))
    facts = facts.sort_values("_end", kind="stable", na_position="first")
    codes, keys = _row_codes(facts, by_device)
    recent = _within(facts["_end"], facts["_end"].max(), int(settings["lookback_days"]))
    rows = pd.concat([keys, _latest(facts, codes, len(keys))], axis=1)
    rows = rows.loc[:, ~rows.columns.duplicated()]
    rows = rows.assign(**_sums(facts, codes, len(keys), SUMMED, recent, ""))
    rows = rows.assign(**_counted(facts, codes, len(keys), recent, curve, drop_days, weigh))
    rows = rows.assign(**_periods(facts, codes, len(keys), int(settings["period_days"]), curve))
    rows = rows.assign(**_pace(facts, codes, len(keys), int(settings["pace_days"])))
    if "bid" in facts:
        rows["bid_before"] = _first(facts["bid"].where(recent), codes, len(keys))
    if facts["_event"].any():
        left_out = (
            facts.loc[facts["_event"] & recent, "_end"].groupby(codes[facts["_event"] & recent]).nunique()
        )
        rows["event_days"] = left_out.reindex(range(len(keys))).to_numpy(dtype=float)
    if "position" in facts:
        rows["position"] = _weighted(facts["position"], facts["impressions"].where(recent), codes, len(keys))
    if "status" in rows:
        # What is paused spends nothing next week.
        paused = rows["status"].eq("paused")
        weekly = [name for name in map(str, rows) if name.startswith("weekly_")]
        rows = rows.assign(**{name: rows[name].mask(paused, 0.0) for name in weekly})
    rows["net_basis"] = np.bincount(codes, facts["net_basis"].eq(False), len(keys)) == 0
    return rows


def _row_codes(facts: pd.DataFrame, by_device: bool) -> tuple[NDArray[np.intp], pd.DataFrame]:
    """The decision row number of each fact, and the key columns of each decision row in order of appearance."""
    parts: dict[str, pd.Series] = {name: facts[name] for name in ACCOUNT_KEY if name in facts}
    for identity, name in NAMED:
        known = [facts[column] for column in (identity, name) if column in facts]
        if known:
            parts[identity if identity in facts else name] = (
                known[0] if len(known) == 1 else known[0].fillna(known[1])
            )
    if "keyword_id" in facts:
        parts["keyword_id"] = facts["keyword_id"]
    unnamed = facts["keyword_id"].isna() if "keyword_id" in facts else pd.Series(True, index=facts.index)
    for name in ("keyword", "match_type"):
        if name in facts:
            parts[f"_{name}"] = facts[name].where(unnamed)
    for name in ("search_term", *(["device"] if by_device else [])):
        if name in facts:
            parts[name] = facts[name]
    frame = pd.DataFrame(parts)
    codes = frame.groupby(list(frame.columns), dropna=False, sort=False, observed=True).ngroup().to_numpy()
    first = ~pd.Series(codes).duplicated().to_numpy()
    kept = [
        name
        for name in (*ACCOUNT_KEY, "campaign_id", "ad_group_id", "keyword_id", "search_term")
        if name in facts
    ]
    keys = facts.loc[first, kept].reset_index(drop=True)
    return pd.factorize(codes)[0], keys


def _latest(facts: pd.DataFrame, codes: NDArray[np.intp], size: int) -> pd.DataFrame:
    """The last known value of what a row is called and how it stands; facts are in order of time."""
    names = [name for name in LATEST if name in facts]
    grouped = facts[names].groupby(codes, sort=False)
    latest = grouped.last().reindex(range(size))
    if "device" in names:
        # Several devices summed are no one device.
        latest["device"] = latest["device"].where(grouped["device"].nunique().reindex(range(size)).eq(1))
    return latest


def _first(values: pd.Series, codes: NDArray[np.intp], size: int) -> pd.Series:
    """The first known value of each row; facts are in order of time."""
    return values.groupby(codes, sort=False).first().reindex(range(size))


def _within(end: pd.Series, last: Any, days: int) -> pd.Series:
    return end.isna() | (end > last - pd.Timedelta(days=days)) if pd.notna(last) else end.isna()


def _sums(
    facts: pd.DataFrame,
    codes: NDArray[np.intp],
    size: int,
    names: Sequence[str],
    mask: pd.Series,
    prefix: str,
) -> dict[str, Floats]:
    """Sums by decision row over the masked facts; empty where the row's facts do not know the figure,
    and for all where there is no masked fact at all."""
    sums: dict[str, Floats] = {}
    inside = mask.to_numpy(dtype=bool)
    present = np.bincount(codes[inside], minlength=size)
    for name in (name for name in names if name in facts):
        values = facts[name].to_numpy(dtype=float, na_value=np.nan)
        known = inside & ~np.isnan(values)
        total = np.bincount(codes[known], values[known], size).astype(float)
        unknown = (present > 0) & (np.bincount(codes[known], minlength=size) == 0)
        nowhere = not inside.any() or bool(np.all(np.isnan(values)))
        sums[prefix + name] = np.where(unknown | nowhere, np.nan, total)
    return sums


def completeness_of(
    start: pd.Series, end: pd.Series, exported_on: pd.Series, curve: Sequence[float]
) -> tuple[Floats, Floats]:
    """Mean share of final orders known for the days of each row, and the age in days of its newest day.

    The age of a day is exported_on − day, at least 1. Undated rows count as complete.
    """
    newest: Floats = (exported_on - end).dt.days.clip(lower=1).to_numpy(dtype=float, na_value=np.nan)  # type: ignore[assignment]
    oldest: Floats = (exported_on - start).dt.days.clip(lower=1).to_numpy(dtype=float, na_value=np.nan)  # type: ignore[assignment]
    known = np.concatenate([[0.0], np.cumsum(np.asarray(curve, dtype=float))])

    def total(ages: Floats) -> Floats:
        whole = np.nan_to_num(np.minimum(ages, len(curve))).astype(int)
        return np.asarray(known[whole] + np.maximum(ages - len(curve), 0))

    mean = (total(oldest) - total(newest - 1)) / (oldest - newest + 1)
    return np.where(np.isnan(mean), 1.0, mean), newest


def _counted(
    facts: pd.DataFrame,
    codes: NDArray[np.intp],
    size: int,
    recent: pd.Series,
    curve: Sequence[float],
    drop_days: int,
    weigh: Weigh | None,
) -> dict[str, Any]:
    complete, newest = completeness_of(facts["_start"], facts["_end"], facts["exported_on"], curve)
    daily = (facts["_start"] == facts["_end"]).to_numpy()
    ripe = recent & ~(daily & (newest <= drop_days)) & ~facts["_event"]
    counted: dict[str, Any] = dict(_sums(facts, codes, size, MEASURES, ripe, "counted_"))
    clicks = facts["clicks"] * complete
    mature = facts.assign(
        exposure=clicks.where(facts["conversions"].notna(), 0.0) if "conversions" in facts else 0.0
    )
    counted["exposure"] = _sums(mature, codes, size, ["exposure"], ripe, "")["exposure"]
    counted["counted_bid"] = _mean_bid(facts, codes, size, ripe)
    counted |= _present(mature, codes, size, ripe, weigh)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = counted["exposure"] / counted["counted_clicks"]
    counted["completeness"] = np.where(counted["counted_clicks"] > 0, share, np.nan)
    by_row = facts.groupby(codes, sort=False)
    counted["first_day"] = by_row["_start"].min().reindex(range(size)).to_numpy()
    counted["last_day"] = by_row["_end"].max().reindex(range(size)).to_numpy()
    days = (facts["_end"].max() - pd.Series(counted["first_day"])).dt.days + 1
    counted["days"] = days.to_numpy(dtype=float, na_value=np.nan)
    return counted


def _present(
    mature: pd.DataFrame, codes: NDArray[np.intp], size: int, ripe: pd.Series, weigh: Weigh | None
) -> dict[str, Floats]:
    """Clicks and orders in terms of the present, and how unsure the level of the present is."""
    clicks = np.asarray(mature["exposure"].where(ripe, 0.0).fillna(0.0), dtype=float)
    known = mature["conversions"] if "conversions" in mature else pd.Series(0.0, index=mature.index)
    orders = np.asarray(known.where(ripe, 0.0).fillna(0.0), dtype=float)
    doubt = drift = 0.0
    if weigh is not None:
        worth = weigh(mature, codes, clicks, orders)
        clicks, orders = clicks * worth.pace * worth.kept, orders * worth.kept
        doubt, drift = worth.doubt, worth.drift
    return {
        "level_doubt": np.full(size, doubt),
        "drift_doubt": np.full(size, drift),
        "present_clicks": np.bincount(codes, clicks, size).astype(float),
        "present_orders": np.bincount(codes, orders, size).astype(float),
    }


def _periods(
    facts: pd.DataFrame, codes: NDArray[np.intp], size: int, period_days: int, curve: Sequence[float]
) -> dict[str, Floats]:
    without = whole_event_days(facts["_end"], facts["_event"])
    first, _, before = period_bounds(facts["_start"], facts["_end"], period_days, without)
    dated = facts["_end"].notna()
    this = ~dated if pd.isna(first) else dated & (facts["_start"] >= first)
    earlier = dated & (facts["_start"] >= before) & (facts["_start"] < first)
    usual = ~facts["_event"]
    complete, _ = completeness_of(facts["_start"], facts["_end"], facts["exported_on"], curve)
    grown = facts.assign(exposure=facts["clicks"] * complete)
    measures = (*MEASURES, "exposure")
    sums = _sums(grown, codes, size, measures, this & usual, "period_") | _sums(
        grown, codes, size, measures, earlier & usual, "before_"
    )
    for name in ("period_", "before_"):
        sums[f"{name}ctr"] = ratio(sums[f"{name}clicks"], sums[f"{name}impressions"])
        if f"{name}revenue" in sums:
            sums[f"{name}roas"] = ratio(sums[f"{name}revenue"], sums[f"{name}cost"])
    return sums


def _pace(facts: pd.DataFrame, codes: NDArray[np.intp], size: int, pace_days: int) -> dict[str, Floats]:
    """Impressions, clicks and cost a week at the recent pace; a word younger than the pace counts from its first day."""
    end = facts["_end"]
    recent = _within(end, end.max(), pace_days) & ~facts["_event"]
    sums = _sums(facts, codes, size, ("impressions", "clicks", "cost"), recent, "weekly_")
    if end.isna().all():
        return sums
    pace_start = facts["_start"][recent].min()
    first = facts["_start"].groupby(codes, sort=False).min().reindex(range(size)).clip(lower=pace_start)
    days = (end.max() - first).dt.days.to_numpy(dtype=float, na_value=np.nan) + 1
    span = np.maximum(days, min(7.0, (end.max() - pace_start).days + 1.0))
    span = np.maximum(span - _event_days_since(facts, codes, size, first), 1.0)
    paced = {name: values * 7 / span for name, values in sums.items()}
    return paced | {
        "pace_bid": _mean_bid(facts, codes, size, recent),
        "pace_season": np.full(size, _ordinary_week(facts, recent)),
    }


def _mean_bid(facts: pd.DataFrame, codes: NDArray[np.intp], size: int, mask: pd.Series) -> Floats:
    """Geometric mean of each row's bids over its clicks in the masked facts; empty without bids."""
    if "bid" not in facts:
        return np.full(size, np.nan)
    logs = facts["bid"].where(facts["bid"] > 0).map(np.log, na_action="ignore")
    return np.asarray(np.exp(_weighted(logs, facts["clicks"].where(mask), codes, size)))


def _ordinary_week(facts: pd.DataFrame, recent: pd.Series) -> float:
    """Clicks of the account in the middle week of the recent ones ÷ their mean: an event among them is not the pace."""
    if "date" not in facts or facts["date"].isna().any():
        return 1.0
    week = (facts["date"].max() - facts["date"]).dt.days.floordiv(7)
    clicks = facts["clicks"].where(recent).groupby(week).sum(min_count=1).dropna()
    return float(clicks.median() / clicks.mean()) if len(clicks) > 2 and clicks.mean() > 0 else 1.0


def _event_days_since(facts: pd.DataFrame, codes: NDArray[np.intp], size: int, first: pd.Series) -> Floats:
    """How many days of the pace each row loses to events: those of the whole shop, and those of its own item."""
    inside = facts["_event"].to_numpy(dtype=bool) & (facts["_end"].to_numpy() >= first.to_numpy()[codes])
    whole = whole_event_days(facts["_end"], facts["_event"])
    since = np.sort(whole.to_numpy(dtype="datetime64[us]"))
    lost = len(since) - np.searchsorted(since, first.to_numpy(dtype="datetime64[us]"))
    own = inside & ~facts["_end"].isin(whole).to_numpy()
    more = facts.loc[own, "_end"].groupby(codes[own]).nunique().reindex(range(size)).fillna(0)
    return np.asarray(lost + more.to_numpy(dtype=float), dtype=float)


def _weighted(values: pd.Series, weights: pd.Series, codes: NDArray[np.intp], size: int) -> Floats:
    known = values.notna() & (weights > 0)
    w = weights.where(known, 0).to_numpy(dtype=float)
    total = np.bincount(codes, values.where(known, 0).to_numpy(dtype=float) * w, size).astype(float)
    return ratio(total, np.bincount(codes, w, size).astype(float))


def ratio(top: Floats, bottom: Floats) -> Floats:
    """top / bottom, empty where bottom is not above zero."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)
