"""Decision rows with what the context tables tell of them, and what follows from that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.context.assumptions import assumptions
from ppc_tuner.context.layout import FLAGS, GROUPS, NUMBERS, VALUES
from ppc_tuner.context.tables import Context, keys_of
from ppc_tuner.context.words import with_missing_words
from ppc_tuner.text import Text

REVENUES: Final = ("revenue", "counted_revenue", "period_revenue", "before_revenue")
# Always there, since every run needs them; the others only where some table gives them.
NEEDED: Final = ("margin", "refund_rate", "value_per_conversion", "main_word", "kind")
DEFAULTS: Final = ("margin", "refund_rate", "value_per_conversion")
# Orders of a presale, paid or not.
PLACED: Final = ("orders_placed", "presale_conversions")
# What a word list may tell only where the report says nothing.
OF_THE_REPORT: Final = ("bid", "quality_score", "status")


def with_context(
    rows: pd.DataFrame, context: Context, settings: Mapping[str, Any]
) -> tuple[pd.DataFrame, list[Text]]:
    """Rows plus the columns of columns.CONTEXT that tables give, and margin, refund_rate, break_even_roas,
    value_per_conversion, main_word and kind; and what had to be assumed.

    Words of a word list that the report does not hold are added as rows of zeros. Revenue that is not net yet is
    reduced by the refund rate. The most specific table wins.
    """
    rows = with_missing_words(rows, context)
    given = given_values(rows, context)
    rows = rows.assign(**{name: given[name] for name in map(str, given) if name not in OF_THE_REPORT})
    rows = _from_word_list(rows, given)
    for name in NEEDED:
        if name not in rows:
            rows[name] = np.nan if name in NUMBERS else pd.Series(np.nan, index=rows.index, dtype="str")
    rows["margin"] = rows["margin"].fillna(_margin_from_costs(rows))
    rows = _as_given(rows)
    assumed = assumptions(rows, context, settings)
    for name in DEFAULTS:
        default = settings[name]
        rows[name] = rows[name].fillna(np.nan if default is None else float(default))
    keep = (1 - rows["refund_rate"]).where(~rows["net_basis"], 1.0)
    for name in (name for name in REVENUES if name in rows):
        rows[name] = rows[name] * keep
    rows["break_even_roas"] = 1 / rows["margin"]
    return _graded(_dated(rows), settings), assumed


def given_values(rows: pd.DataFrame, context: Context) -> pd.DataFrame:
    """What the tables give each row: its index and a column for each value that some table has."""
    groups = _looked_up(rows, [table for table in context.tables if "item_id" in table], GROUPS)
    keyed = rows.assign(**{name: groups[name] for name in map(str, groups)})
    return pd.concat(
        [groups, _looked_up(keyed, context.tables, [v for v in VALUES if v not in GROUPS])], axis=1
    )


def _looked_up(rows: pd.DataFrame, tables: Any, wanted: Any) -> pd.DataFrame:
    found: dict[str, pd.Series] = {}
    for table in tables:
        keys, values = (
            keys_of(table),
            [name for name in wanted if name in table and name not in keys_of(table)],
        )
        if not values or any(key not in rows for key in keys):
            continue
        if keys:
            told = rows[keys].merge(table[[*keys, *values]], on=keys, how="left").set_axis(rows.index)
        else:
            told = pd.DataFrame({name: pd.Series(table[name].iloc[0], index=rows.index) for name in values})
        for name in values:
            found[name] = told[name].fillna(found[name]) if name in found else told[name]
    return pd.DataFrame({name: _typed(name, column) for name, column in found.items()}, index=rows.index)


def _typed(name: str, column: pd.Series) -> pd.Series:
    if name in FLAGS:
        return column.astype("boolean")
    return column.astype("float64") if name in NUMBERS else column


def _from_word_list(rows: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Bids, quality scores and status where the report has none; plans that bid by themselves take no bid."""
    for name in (name for name in OF_THE_REPORT if name in given):
        own = rows[name] if name in rows else pd.Series(np.nan, index=rows.index, dtype=given[name].dtype)
        if name == "bid":
            rows = rows.assign(bid_given=given[name].where(own.isna()))
        rows = rows.assign(**{name: own.fillna(given[name])})
    if "smart_bidding" in rows:
        smart = rows["smart_bidding"].fillna(False).astype(bool)
        biddable = (
            rows["biddable"].astype("boolean")
            if "biddable" in rows
            else pd.Series(pd.NA, rows.index, "boolean")
        )
        as_what = rows.get("unbiddable_as", pd.Series(np.nan, index=rows.index, dtype="str"))
        rows = rows.assign(
            biddable=biddable.mask(smart, False), unbiddable_as=as_what.mask(smart, "smart_bidding")
        )
    return rows


def _as_given(rows: pd.DataFrame) -> pd.DataFrame:
    """Plus the figures that tables gave and that decide, for the reasons: columns only where some row has one."""
    has_revenue = rows["revenue"].notna() if "revenue" in rows else pd.Series(False, index=rows.index)
    given = {
        "margin_given": rows["margin"],
        "refund_given": rows["refund_rate"].where(~rows["net_basis"] & (rows["refund_rate"] > 0)),
        "order_value_given": rows["value_per_conversion"].where(~has_revenue),
    }
    placed = [name for name in PLACED if name in rows]
    if "presale" in rows and placed:
        given["placed_given"] = rows[placed].max(axis=1).where(rows["presale"].fillna(False).astype(bool))
    return rows.assign(**{name: figures for name, figures in given.items() if figures.notna().any()})


def _margin_from_costs(rows: pd.DataFrame) -> pd.Series | float:
    """1 − fees − cost / price, where all of an item's costs are given."""
    if "unit_cost" not in rows:
        return np.nan
    fees = rows["fee_rate"].fillna(0.0) if "fee_rate" in rows else 0.0
    return 1 - fees - rows["unit_cost"] / rows["price"]


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """Plus age and season on the last day of the figures; unknown where the report holds no dates."""
    today = rows["last_day"].max() if "last_day" in rows else pd.NaT
    if pd.isna(today):
        return rows
    if "launch_date" in rows:
        rows = rows.assign(age=(today - rows["launch_date"]).dt.days.astype("float64"))
    if {"season_from", "season_to"} <= set(rows):
        rows = rows.assign(season=_season(rows["season_from"], rows["season_to"], today))
    return rows


def _season(first: pd.Series, last: pd.Series, today: pd.Timestamp) -> pd.Series:
    """early, in or over: a season comes every year and may run over New Year; out of it, the nearer end decides."""
    start, end = _day_number(first), _day_number(last)
    now = pd.Timestamp(f"2000-{today:%m-%d}").day_of_year
    inside = np.where(start <= end, (start <= now) & (now <= end), (now >= start) | (now <= end))
    early = (start - now) % 366 <= (now - end) % 366
    named = np.select([inside.astype(bool), early], ["in", "early"], default="over")
    return pd.Series(named, index=first.index, dtype="str").where(first.notna() & last.notna())


def _day_number(days: pd.Series) -> pd.Series:
    return pd.to_datetime("2000-" + days, format="%Y-%m-%d").dt.day_of_year.astype("float64")


def _graded(rows: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """Plus page_grade (A15): fail where a pass mark is missed, good where all good marks given are met, else pass."""
    known = [name for name in ("bounce_rate", "visit_depth") if name in rows]
    if not known or "bounce_pass" not in settings:
        return rows
    bounce = rows.get("bounce_rate", pd.Series(np.nan, index=rows.index))
    depth = rows.get("visit_depth", pd.Series(np.nan, index=rows.index))
    fails = (bounce >= settings["bounce_pass"]) | (depth < settings["depth_pass"])
    good = ~(bounce >= settings["bounce_good"]) & ~(depth <= settings["depth_good"])
    grade = pd.Series(
        np.select([fails, good], ["fail", "good"], default="pass"), index=rows.index, dtype="str"
    )
    return rows.assign(page_grade=grade.where(rows[known].notna().any(axis=1)))
