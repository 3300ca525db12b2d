"""What context knows of each decision row: the values its tables give, and what follows from them.

given, assumed = given_context(rows, context, settings)     # context's own columns only
rows, assumed = with_context(rows, context, settings)       # rows with these joined to them
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.context.assumptions import assumptions
from ppc_tuner.context.context import Context
from ppc_tuner.context.lookup import values_given
from ppc_tuner.context.presale import PLACED
from ppc_tuner.context.word_lists import never_shown, with_missing_words
from ppc_tuner.text import Text

REVENUES: Final = ("revenue", "counted_revenue", "period_revenue", "before_revenue")
# Each of these columns has another maker too, so what the tables give of it goes by the name NAME_given.
# The given figure stands only where the report has none:
WHERE_THE_REPORT_IS_SILENT: Final = ("bid", "quality_score", "status")
# The given column takes the place of the report's:
OVER_THE_REPORT: Final = ("market_ctr", "market_cvr", "market_cpc")
# What is not given is worked out from the words (ppc_tuner.kinds):
BEFORE_A_GUESS: Final = ("main_word", "kind")
SHARED: Final = (*OVER_THE_REPORT, *BEFORE_A_GUESS, *WHERE_THE_REPORT_IS_SILENT)
# Given, else the default of the settings; always there, since every run needs them.
WITH_DEFAULT: Final = ("margin", "refund_rate", "value_per_conversion")


def given_context(
    rows: pd.DataFrame, context: Context, settings: Mapping[str, Any]
) -> tuple[pd.DataFrame, list[Text]]:
    """What context adds to each decision row, and what had to be assumed.

    `rows`: decision rows, the words that only a word list holds among them (with_missing_words). `settings`:
    those of the pack, with margin, refund_rate, value_per_conversion and the marks of page_grade.

    The frame has the index of `rows`, one row for each of them, and none of their columns. Always there:
    - margin (share of net revenue), given, from price, unit cost and fees, or the setting; break_even_roas =
      1 / margin
    - refund_rate (share of revenue), value_per_conversion (money): given or the setting, which may be unknown
    - net_share: share of the row's revenue columns that is left after refunds; 1 where they are net already
    - main_word_given, kind_given (text), empty where no table gives them

    Only where a table gives them: the other values of columns.CONTEXT under their own names, with age (days),
    season and page_grade; bid_given, quality_score_given and status_given (from a word list, where the report
    has none); market_ctr_given, market_cvr_given (share), market_cpc_given (money); margin_given,
    refund_given, order_value_given and placed_given, for the reasons; never_shown.
    """
    listed = never_shown(rows, context)
    values = values_given(rows, context)
    # The order of columns in the list is that of this frame.
    values = values[sorted(map(str, values), key=WHERE_THE_REPORT_IS_SILENT.__contains__)]
    given = pd.DataFrame(index=rows.index) if listed is None else listed.to_frame("never_shown")
    given = given.assign(**{_own_name(name): values[name] for name in map(str, values)})
    given = given.assign(**_where_the_report_is_silent(rows, given))
    given = _with_needed(given)
    given["margin"] = given["margin"].fillna(_margin_from_costs(given))
    given = given.assign(**_that_decide(rows, given))
    assumed = assumptions(rows, given, context, settings)
    for name in WITH_DEFAULT:
        default = settings[name]
        given[name] = given[name].fillna(np.nan if default is None else float(default))
    given["net_share"] = (1 - given["refund_rate"]).where(~rows["net_basis"], 1.0)
    given["break_even_roas"] = 1 / given["margin"]
    given = given.assign(**_on_the_last_day(rows, given))
    return given.assign(**_page_grade(given, settings)), assumed


def with_context(
    rows: pd.DataFrame, context: Context, settings: Mapping[str, Any]
) -> tuple[pd.DataFrame, list[Text]]:
    """Decision rows, and rows of zeros for words that only a word list holds, with their context.

    As given_context, but joined to the rows under the names that both share: revenue columns net of refunds;
    bid, quality_score, status and market figures given or reported; rows of campaigns on smart bidding not
    biddable.
    """
    rows = with_missing_words(rows, context)
    given, assumed = given_context(rows, context, settings)
    return _joined(rows, given), assumed


def _joined(rows: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    shared = {f"{name}_given": name for name in SHARED}
    joined: dict[str, pd.Series] = {}
    for own in (name for name in map(str, given) if name != "net_share"):
        name = shared.get(own, own)
        if own == "bid_given":
            joined[own] = given[own]
        is_silent = name in WHERE_THE_REPORT_IS_SILENT and name in rows
        joined[name] = rows[name].fillna(given[own]) if is_silent else given[own]
    if "smart_bidding" in given:
        joined |= _not_biddable(rows, given["smart_bidding"].fillna(False).astype(bool))
    joined |= {name: rows[name] * given["net_share"] for name in REVENUES if name in rows}
    return rows.assign(**joined)


def _not_biddable(rows: pd.DataFrame, smart: pd.Series) -> dict[str, pd.Series]:
    """Campaigns that bid by themselves take no bid."""
    unknown = pd.Series(pd.NA, index=rows.index, dtype="boolean")
    biddable = rows["biddable"].astype("boolean") if "biddable" in rows else unknown
    as_what = rows.get("unbiddable_as", pd.Series(np.nan, index=rows.index, dtype="str"))
    return {"biddable": biddable.mask(smart, False), "unbiddable_as": as_what.mask(smart, "smart_bidding")}


def _own_name(name: str) -> str:
    return f"{name}_given" if name in SHARED else name


def _where_the_report_is_silent(rows: pd.DataFrame, given: pd.DataFrame) -> dict[str, pd.Series]:
    names = {name: f"{name}_given" for name in WHERE_THE_REPORT_IS_SILENT if name in rows}
    return {own: given[own].where(rows[name].isna()) for name, own in names.items() if own in given}


def _with_needed(given: pd.DataFrame) -> pd.DataFrame:
    for name in WITH_DEFAULT:
        if name not in given:
            given[name] = np.nan
    for name in map(_own_name, BEFORE_A_GUESS):
        if name not in given:
            given[name] = pd.Series(np.nan, index=given.index, dtype="str")
    return given


def _margin_from_costs(given: pd.DataFrame) -> pd.Series | float:
    """1 − fees − cost / price, where all of an item's costs are given."""
    if "unit_cost" not in given:
        return np.nan
    fees = given["fee_rate"].fillna(0.0) if "fee_rate" in given else 0.0
    return 1 - fees - given["unit_cost"] / given["price"]


def _that_decide(rows: pd.DataFrame, given: pd.DataFrame) -> dict[str, pd.Series]:
    """Figures given, not assumed, that decide something, for the reasons; without those that no row has."""
    has_revenue = rows["revenue"].notna() if "revenue" in rows else pd.Series(False, index=rows.index)
    figures = {
        "margin_given": given["margin"],
        "refund_given": given["refund_rate"].where(~rows["net_basis"] & (given["refund_rate"] > 0)),
        "order_value_given": given["value_per_conversion"].where(~has_revenue),
    }
    placed = [name for name in PLACED if name in rows]
    if "presale" in given and placed:
        figures["placed_given"] = rows[placed].max(axis=1).where(given["presale"].fillna(False).astype(bool))
    return {name: column for name, column in figures.items() if column.notna().any()}


def _on_the_last_day(rows: pd.DataFrame, given: pd.DataFrame) -> dict[str, pd.Series]:
    """Age and season on the last day of the figures; neither where the report holds no dates."""
    today = rows["last_day"].max() if "last_day" in rows else pd.NaT
    found: dict[str, pd.Series] = {}
    if pd.isna(today):
        return found
    if "launch_date" in given:
        found["age"] = (today - given["launch_date"]).dt.days.astype("float64")
    if {"season_from", "season_to"} <= set(given):
        found["season"] = _season(given["season_from"], given["season_to"], today)
    return found


def _season(first: pd.Series, last: pd.Series, today: pd.Timestamp) -> pd.Series:
    """early, in or over. A season may run over New Year; out of season the nearer end decides."""
    start, end = _day_number(first), _day_number(last)
    now = pd.Timestamp(f"2000-{today:%m-%d}").day_of_year
    inside = np.where(start <= end, (start <= now) & (now <= end), (now >= start) | (now <= end))
    early = (start - now) % 366 <= (now - end) % 366
    named = np.select([inside.astype(bool), early], ["in", "early"], default="over")
    return pd.Series(named, index=first.index, dtype="str").where(first.notna() & last.notna())


def _day_number(days: pd.Series) -> pd.Series:
    return pd.to_datetime("2000-" + days, format="%Y-%m-%d").dt.day_of_year.astype("float64")


def _page_grade(given: pd.DataFrame, settings: Mapping[str, Any]) -> dict[str, pd.Series]:
    """page_grade (advice A15): fail where a pass mark is missed, good where no good mark is, else pass."""
    known = [name for name in ("bounce_rate", "visit_depth") if name in given]
    if not known or "bounce_pass" not in settings:
        return {}
    bounce = given.get("bounce_rate", pd.Series(np.nan, index=given.index))
    depth = given.get("visit_depth", pd.Series(np.nan, index=given.index))
    fails = (bounce >= settings["bounce_pass"]) | (depth < settings["depth_pass"])
    good = ~(bounce >= settings["bounce_good"]) & ~(depth <= settings["depth_good"])
    grade = pd.Series(
        np.select([fails, good], ["fail", "good"], default="pass"), index=given.index, dtype="str"
    )
    return {"page_grade": grade.where(given[known].notna().any(axis=1))}
