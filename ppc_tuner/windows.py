"""Facts → decision rows: whatever carries its own bid becomes one row, summed over the days that count.

A decision row is the smallest thing with a bid of its own. Devices are summed unless the platform bids by
device; channels (scenes) always stay apart (advice A12).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.arrays import ratio
from ppc_tuner.identity import ACCOUNT, AD_GROUP, CAMPAIGN, NAMED_ITEM
from ppc_tuner.live import is_live
from ppc_tuner.periods import first_and_last_day, in_event, period_bounds, whole_event_days
from ppc_tuner.settings import Settings

Floats = NDArray[np.float64]

SUMMED = (
    "impressions", "clicks", "cost", "conversions", "revenue", "favourites", "add_to_carts", "orders_placed",
    "direct_conversions", "indirect_conversions", "direct_revenue", "indirect_revenue", "presale_conversions",
    "presale_revenue", "new_customers",
)  # fmt: skip
LATEST = (
    "campaign", "ad_group", "item_id", "item", "keyword", "match_type", "device", "attribution_days",
    "term_status",
)  # fmt: skip
# What the report says of a word's bid and status; context tables may know better or more.
REPORTED = (
    "status", "biddable", "unbiddable_as", "bid", "quality_score", "market_cpc", "market_ctr", "market_cvr",
)  # fmt: skip
# For a word without a click these are unknown, not zero.
NOT_OF_ZERO_CLICKS = (
    "event_days", "position", "impression_share", "days", "completeness", "attribution_days",
)  # fmt: skip
MEASURES = ("impressions", "clicks", "cost", "conversions", "revenue")
# What sets rows apart: account and channel, then things known by their id where they have one, else by name.
ACCOUNT_KEY = ("level", *ACCOUNT, "channel")
NAMED = (CAMPAIGN, AD_GROUP, NAMED_ITEM)


@dataclass(frozen=True, slots=True)
class LookBack:
    """What the days looked back on hold for each of n decision rows.

    `figures`: the columns of columns.FIGURES, n rows. `reported`: what the report last says of the bid and
    status (REPORTED), n rows, from which context settles how the word stands today. `evidence`: a row for
    each fact of the days looked back on with the number of its decision row (`row`), `date`, `exposure`
    (clicks whose orders are known) and `orders`, both 0 where the fact does not count. `season`: median ÷
    mean of the account's clicks in the recent weeks (1: nothing unusual, or no dates). `appeared`: the place,
    from 0, at which each row appears in the report, by the labels of the facts.
    """

    figures: pd.DataFrame
    reported: pd.DataFrame
    evidence: pd.DataFrame
    season: float
    appeared: NDArray[np.intp]


def look_back(
    facts: pd.DataFrame,
    curve: Sequence[float],
    drop_days: int,
    by_device: bool,
    settings: Settings,
    events: pd.DataFrame | None = None,
) -> LookBack:
    """Decision rows of one account at one level, in the order of the facts, summed over the days that count.

    `facts`: daily or summary rows in one currency, with the orders and revenue that count; their index tells
    their place in the report. `curve`: share of
    a click's final orders known 1, 2, 3 … days after its day; complete beyond its end. Daily rows no older
    than `drop_days` are shown but are no evidence. `by_device`: whether devices have bids of their own. Only
    rows of the last `lookback_days` are summed; a word without any keeps a row of zeros. Undated facts make
    one period: `days` is empty and weekly figures are per reported period.

    `events`: day and item_id (empty: all) of days that are no evidence (A27). They stand in the sums over all
    days, but neither in what is counted nor in either period nor in the pace; `event_days` says how many.
    """
    start, end = first_and_last_day(facts)
    facts = facts.assign(first_day=start, last_day=end, in_event=in_event(facts, events))
    facts = _by_last_day(facts)
    codes, keys = _row_codes(facts, by_device)
    size = len(keys)
    recent = within_lookback(facts, settings)
    names = _latest(facts, codes, size, LATEST)
    figures = pd.concat([keys, names.drop(columns=[name for name in names if name in keys])], axis=1)
    reported = _latest(facts, codes, size, REPORTED)
    figures = figures.assign(**_sums(facts, codes, size, SUMMED, recent, ""))
    complete, newest = completeness_of(facts["first_day"], facts["last_day"], facts["exported_on"], curve)
    ripe = recent & ~(_is_daily(facts) & (newest <= drop_days)) & ~facts["in_event"]
    figures = figures.assign(**_counted(facts, codes, size, recent, ripe, complete))
    figures = figures.assign(**_periods(facts, codes, size, int(settings.period_days), complete, ripe))
    figures = figures.assign(**_pace(facts, codes, size, recent, int(settings.pace_days)))
    if "bid" in facts:
        reported["bid"] = _bid_of_a_day(facts, facts["bid"], codes, size, "max")
        figures["bid_before"] = _bid_of_a_day(facts, facts["bid"].where(recent), codes, size, "min")
    if facts["in_event"].any():
        figures["event_days"] = _event_days(facts, codes, size, recent)
    if "position" in facts:
        figures["position"] = _weighted(facts["position"], facts["impressions"].where(recent), codes, size)
    if "impression_share" in facts:
        figures["impression_share"] = _share_won(facts, codes, size, int(settings.pace_days))
    # Paused words spend nothing next week.
    paused = ~is_live(reported)
    weekly = [name for name in map(str, figures) if name.startswith("weekly_")]
    figures = figures.assign(**{name: figures[name].mask(paused, 0.0) for name in weekly})
    net = facts["net_basis"] if "net_basis" in facts else pd.Series(False, index=facts.index)
    figures["net_basis"] = np.bincount(codes, net.eq(False), size) == 0
    season = _ordinary_week(facts, _pace_days(facts, int(settings.pace_days)))
    appeared = _appeared(facts, codes, size)
    return LookBack(figures, reported, _evidence(facts, codes, ripe, complete)[recent], season, appeared)


def _by_last_day(facts: pd.DataFrame) -> pd.DataFrame:
    """The facts from the oldest to the newest, undated ones first; not copied where they are so already."""
    days = facts["last_day"].to_numpy(dtype="datetime64[us]").astype("int64")
    if (days[1:] >= days[:-1]).all():
        return facts
    return facts.iloc[np.argsort(days, kind="stable")]


def _appeared(facts: pd.DataFrame, codes: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """The place of each row (size,): by its first day, and on that day by its place in the report."""
    firsts = pd.DataFrame({"day": facts["last_day"], "label": facts.index, "row": codes})
    firsts = firsts.sort_values(["day", "label"], na_position="first").drop_duplicates("row")
    place = np.empty(size, dtype=np.intp)
    place[firsts["row"].to_numpy()] = np.arange(size)
    return place


def within_lookback(facts: pd.DataFrame, settings: Settings) -> pd.Series:
    """Whether each fact is of the days looked back on (n flags), counted from the last day of its level."""
    _, end = first_and_last_day(facts)
    last = end.groupby(facts["level"]).transform("max") if "level" in facts else end.max()
    return _within(end, last, int(settings.lookback_days))


def with_unshown(found: LookBack, words: pd.DataFrame) -> LookBack:
    """The same with a row of zeros for each of `words`, which are bid on but in no report.

    `words`: keyword and what is known of its place (columns of FIGURES), a row each, from word lists. A
    figure that the report lacks altogether stays unknown, and so does what only clicks could tell.
    """
    if words.empty:
        return found
    figures = found.figures
    numeric = [name for name in map(str, figures.select_dtypes("number")) if name not in NOT_OF_ZERO_CLICKS]
    zeros = {name: 0.0 for name in numeric if figures[name].notna().any()}
    together = pd.concat([figures, words.assign(**zeros).reindex(columns=figures.columns)], ignore_index=True)
    together = together.astype({name: figures[name].dtype for name in figures})
    return replace(
        found,
        figures=together,
        reported=found.reported.reindex(together.index),
        appeared=np.concatenate([found.appeared, np.arange(len(figures), len(together))]),
    )


def _is_daily(facts: pd.DataFrame) -> NDArray[np.bool_]:
    return np.asarray((facts["first_day"] == facts["last_day"]).to_numpy())


def _event_days(facts: pd.DataFrame, codes: NDArray[np.intp], size: int, recent: pd.Series) -> Floats:
    left_out = facts["in_event"] & recent
    days = facts.loc[left_out, "last_day"].groupby(codes[left_out]).nunique()
    return np.asarray(days.reindex(range(size)).to_numpy(dtype=float))


def _row_codes(facts: pd.DataFrame, by_device: bool) -> tuple[NDArray[np.intp], pd.DataFrame]:
    """The decision row number of each fact, and the key columns of the decision rows as they appear."""
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
            parts[f"unnamed_{name}"] = facts[name].where(unnamed)
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


def _latest(facts: pd.DataFrame, codes: NDArray[np.intp], size: int, wanted: Sequence[str]) -> pd.DataFrame:
    """The last known value of each wanted column that the facts have; facts are sorted by time."""
    names = [name for name in wanted if name in facts]
    grouped = facts[names].groupby(codes, sort=False)
    latest = grouped.last().reindex(range(size))
    if "device" in names:
        # Several devices summed are no single device.
        latest["device"] = latest["device"].where(grouped["device"].nunique().reindex(range(size)).eq(1))
    return latest


def _bid_of_a_day(
    facts: pd.DataFrame, bids: pd.Series, codes: NDArray[np.intp], size: int, which: Literal["min", "max"]
) -> Floats:
    """The bid of each row on its last ("max") or first ("min") day with one.

    Several bids of one day, of devices that share a bid elsewhere, are their mean, weighted by clicks; by one
    each where none was clicked.
    """
    day = facts["last_day"].fillna(pd.Timestamp.min).where(bids.notna())
    at = (day == day.groupby(codes).transform(which)).to_numpy()
    of_day, code = bids[at], codes[at]
    by_row = of_day.groupby(code)
    low, high = (found.reindex(range(size)).to_numpy(dtype=float) for found in (by_row.min(), by_row.max()))
    clicks = _weighted(of_day, facts.loc[at, "clicks"], code, size)
    mean = np.where(np.isnan(clicks), by_row.mean().reindex(range(size)).to_numpy(dtype=float), clicks)
    return np.where(low == high, low, np.round(mean, 6))


def _within(end: pd.Series, last: Any, days: int) -> pd.Series:
    within: pd.Series = end.isna() | (end > last - pd.Timedelta(days=days))
    return within


def _sums(
    facts: pd.DataFrame,
    codes: NDArray[np.intp],
    size: int,
    names: Sequence[str],
    mask: pd.Series,
    prefix: str,
) -> dict[str, Floats]:
    """Sums of the masked facts by decision row (size,).

    NaN where none of a row's facts has the figure, and throughout where no fact is masked in.
    """
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
    """Mean share of final orders known over the days of each fact, and the age in days of its newest day.

    `start`, `end`, `exported_on`: dates, n each; `curve`: as for look_back. The age of a day is exported_on −
    day, at least 1. Undated facts count as complete.
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
    ripe: pd.Series,
    complete: Floats,
) -> dict[str, Any]:
    """Sums over the facts that are evidence (`ripe`), how complete their orders are, days with figures."""
    counted: dict[str, Any] = dict(_sums(facts, codes, size, MEASURES, ripe, "counted_"))
    mature = facts.assign(exposure=_known_clicks(facts, complete))
    counted["exposure"] = _sums(mature, codes, size, ["exposure"], ripe, "")["exposure"]
    counted["counted_bid"] = _mean_bid(facts, codes, size, ripe)
    counted["completeness"] = ratio(counted["exposure"], counted["counted_clicks"])
    by_row = facts.groupby(codes, sort=False)
    counted["first_day"] = _first_days(facts, codes, size, recent).to_numpy()
    counted["last_day"] = by_row["last_day"].max().reindex(range(size)).to_numpy()
    days = (facts["last_day"].max() - pd.Series(counted["first_day"])).dt.days + 1
    counted["days"] = days.to_numpy(dtype=float, na_value=np.nan)
    return counted


def _first_days(facts: pd.DataFrame, codes: NDArray[np.intp], size: int, recent: pd.Series) -> pd.Series:
    """The first day of each row among those looked back on (size,); where it has none, the first of all."""
    first = facts["first_day"].where(recent).groupby(codes, sort=False).min().reindex(range(size))
    return first.fillna(facts["first_day"].groupby(codes, sort=False).min().reindex(range(size)))


def _known_clicks(facts: pd.DataFrame, complete: Floats) -> pd.Series | float:
    """Clicks whose orders are known by now: clicks × completeness; 0 where the report has no orders."""
    if "conversions" not in facts:
        return 0.0
    return (facts["clicks"] * complete).where(facts["conversions"].notna(), 0.0)


def _evidence(
    facts: pd.DataFrame, codes: NDArray[np.intp], ripe: pd.Series, complete: Floats
) -> pd.DataFrame:
    """row, date, exposure and orders of each fact; the last two are 0 where it does not count."""
    orders = facts["conversions"] if "conversions" in facts else pd.Series(0.0, index=facts.index)
    exposure = pd.Series(_known_clicks(facts, complete), index=facts.index)
    told = {
        "row": codes,
        "exposure": np.asarray(exposure.where(ripe, 0.0).fillna(0.0), dtype=float),
        "orders": np.asarray(orders.where(ripe, 0.0).fillna(0.0), dtype=float),
    }
    dates = {"date": facts["date"]} if "date" in facts else {}
    return pd.DataFrame(told | dates, index=facts.index)


def _periods(
    facts: pd.DataFrame,
    codes: NDArray[np.intp],
    size: int,
    period_days: int,
    complete: Floats,
    ripe: pd.Series,
) -> dict[str, Floats]:
    """Sums and ratios of the latest period and of the one before, and the orders and mature clicks of the
    older days that are evidence (`ripe`); days of events are left out of all three."""
    without = whole_event_days(facts["last_day"], facts["in_event"])
    first, _, before = period_bounds(facts["first_day"], facts["last_day"], period_days, without)
    dated = facts["last_day"].notna()
    this = ~dated if pd.isna(first) else dated & (facts["first_day"] >= first)
    earlier = dated & (facts["first_day"] >= before) & (facts["first_day"] < first)
    usual = ~facts["in_event"]
    grown = facts.assign(exposure=facts["clicks"] * complete)
    measures = (*MEASURES, "exposure")
    sums = _sums(grown, codes, size, measures, this & usual, "period_") | _sums(
        grown, codes, size, measures, earlier & usual, "before_"
    )
    older = dated & ripe & (facts["last_day"] < before)
    sums |= _sums(grown, codes, size, ("conversions", "exposure"), older, "older_")
    for name in ("period_", "before_"):
        sums[f"{name}ctr"] = ratio(sums[f"{name}clicks"], sums[f"{name}impressions"])
        if f"{name}revenue" in sums:
            sums[f"{name}roas"] = ratio(sums[f"{name}revenue"], sums[f"{name}cost"])
    return sums


def _pace(
    facts: pd.DataFrame, codes: NDArray[np.intp], size: int, looked_at: pd.Series, pace_days: int
) -> dict[str, Floats]:
    """Impressions, clicks and cost a week at the recent pace; a younger word counts from its first day."""
    end = facts["last_day"]
    recent = _pace_days(facts, pace_days)
    sums = _sums(facts, codes, size, ("impressions", "clicks", "cost"), recent, "weekly_")
    if end.isna().all():
        return sums
    pace_start = facts["first_day"][recent].min()
    first = _first_days(facts, codes, size, looked_at).clip(lower=pace_start)
    days = (end.max() - first).dt.days.to_numpy(dtype=float, na_value=np.nan) + 1
    span = np.maximum(days, min(7.0, (end.max() - pace_start).days + 1.0))
    span = np.maximum(span - _event_days_since(facts, codes, size, first), 1.0)
    paced = {name: values * 7 / span for name, values in sums.items()}
    return paced | {"pace_bid": _mean_bid(facts, codes, size, recent)}


def _pace_days(facts: pd.DataFrame, pace_days: int) -> pd.Series:
    """Whether each fact belongs to the recent pace."""
    return _within(facts["last_day"], facts["last_day"].max(), pace_days) & ~facts["in_event"]


def _share_won(facts: pd.DataFrame, codes: NDArray[np.intp], size: int, pace_days: int) -> Floats:
    """Impressions of the recent pace ÷ those that each row could have had (size,); NaN where no day tells."""
    told = (_pace_days(facts, pace_days) & facts["impression_share"].gt(0)).to_numpy(dtype=bool)
    shown, share = (
        facts.loc[told, name].to_numpy(dtype=float) for name in ("impressions", "impression_share")
    )
    got, could = (np.bincount(codes[told], sums, size).astype(float) for sums in (shown, shown / share))
    return ratio(got, could)


def _mean_bid(facts: pd.DataFrame, codes: NDArray[np.intp], size: int, mask: pd.Series) -> Floats:
    """Click-weighted geometric mean of each row's bids over the masked facts; NaN without bids."""
    if "bid" not in facts:
        return np.full(size, np.nan)
    logs = facts["bid"].where(facts["bid"] > 0).map(np.log, na_action="ignore")
    return np.asarray(np.exp(_weighted(logs, facts["clicks"].where(mask), codes, size)))


def _ordinary_week(facts: pd.DataFrame, recent: pd.Series) -> float:
    """Median ÷ mean of the account's clicks in recent weeks: an event among them must not set the pace."""
    if "date" not in facts or facts["date"].isna().any():
        return 1.0
    week = (facts["date"].max() - facts["date"]).dt.days.floordiv(7)
    clicks = facts["clicks"].where(recent).groupby(week).sum(min_count=1).dropna()
    return float(clicks.median() / clicks.mean()) if len(clicks) > 2 and clicks.mean() > 0 else 1.0


def _event_days_since(facts: pd.DataFrame, codes: NDArray[np.intp], size: int, first: pd.Series) -> Floats:
    """Days of the pace that each row loses to events, of the whole shop or of its own item."""
    inside = facts["in_event"].to_numpy(dtype=bool) & (
        facts["last_day"].to_numpy() >= first.to_numpy()[codes]
    )
    whole = whole_event_days(facts["last_day"], facts["in_event"])
    since = np.sort(whole.to_numpy(dtype="datetime64[us]"))
    lost = len(since) - np.searchsorted(since, first.to_numpy(dtype="datetime64[us]"))
    own = inside & ~facts["last_day"].isin(whole).to_numpy()
    more = facts.loc[own, "last_day"].groupby(codes[own]).nunique().reindex(range(size)).fillna(0)
    return np.asarray(lost + more.to_numpy(dtype=float), dtype=float)


def _weighted(values: pd.Series, weights: pd.Series, codes: NDArray[np.intp], size: int) -> Floats:
    known = values.notna() & (weights > 0)
    w = weights.where(known, 0).to_numpy(dtype=float)
    total = np.bincount(codes, values.where(known, 0).to_numpy(dtype=float) * w, size).astype(float)
    return ratio(total, np.bincount(codes, w, size).astype(float))
