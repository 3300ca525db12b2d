"""What is known of each decision row beside its figures: tables first, then the report, then defaults."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.context.assumptions import assumptions
from ppc_tuner.context.context import Context
from ppc_tuner.context.lookup import given_values
from ppc_tuner.context.negatives import blocked_now
from ppc_tuner.context.orders import PLACED
from ppc_tuner.context.remembered import remembered
from ppc_tuner.context.word_lists import listed_words, protected_words
from ppc_tuner.identity import folded
from ppc_tuner.settings import Settings
from ppc_tuner.text import Text

# Here the report goes before a word list.
REPORT_FIRST: Final = ("bid", "quality_score", "status")
# kinds settles a word's kind and its item's main word, and takes these where they are given.
BY_ANOTHER_NAME: Final = {"main_word": "main_word_given", "kind": "kind_given"}
NEEDED: Final = ("margin", "refund_rate", "value_per_conversion")


def given_context(
    figures: pd.DataFrame, reported: pd.DataFrame, context: Context, settings: Settings
) -> tuple[pd.DataFrame, list[Text]]:
    """The columns of columns.GIVEN, n rows, and what had to be assumed.

    `figures`, `reported`: of windows.LookBack, n rows each. margin, refund_rate (shares),
    value_per_conversion (money) and break_even_roas are always there; the others where a table or the report
    has them.
    """
    told = given_values(figures, context)
    given = reported.drop(columns=[name for name in reported if name in told and name not in REPORT_FIRST])
    others = {name: told[name] for name in map(str, told) if name not in REPORT_FIRST}
    given = given.assign(**{BY_ANOTHER_NAME.get(name, name): values for name, values in others.items()})
    given = _with_standing(given, told)
    for name in NEEDED:
        if name not in given:
            given[name] = np.nan
    given["margin"] = given["margin"].fillna(_margin_from_costs(given))
    given = given.assign(**_that_decides(figures, given), **_protected_terms(figures, given, context))
    assumed = assumptions(figures, given, context, settings)
    for name in NEEDED:
        default = getattr(settings, name)
        given[name] = given[name].fillna(np.nan if default is None else float(default))
    given["break_even_roas"] = 1 / given["margin"]
    listed = listed_words(figures, context)
    if listed is not None:
        unseen = listed & figures["impressions"].fillna(0).eq(0).to_numpy()
        given["never_shown"] = pd.array(unseen, dtype="boolean")
    if len(context.negatives):
        given["blocked_now"] = blocked_now(figures, context.negatives)
    given = given.assign(**remembered(figures, given, context.memory))
    return given.assign(**_dated(figures, given), **_graded(given, settings)), assumed


def _with_standing(given: pd.DataFrame, told: pd.DataFrame) -> pd.DataFrame:
    """Bid, quality score and status where the report has none; plans that bid by themselves take no bid."""
    for name in (name for name in REPORT_FIRST if name in told):
        own = given.get(name, pd.Series(np.nan, index=given.index, dtype=told[name].dtype))
        if name == "bid":
            given = given.assign(bid_given=told[name].where(own.isna()))
        given = given.assign(**{name: own.fillna(told[name])})
    if "smart_bidding" not in given:
        return given
    smart = given["smart_bidding"].fillna(False).astype(bool)
    biddable = given.get("biddable", pd.Series(pd.NA, given.index, "boolean")).astype("boolean")
    as_what = given.get("unbiddable_as", pd.Series(np.nan, index=given.index, dtype="str"))
    return given.assign(
        biddable=biddable.mask(smart, False), unbiddable_as=as_what.mask(smart, "smart_bidding")
    )


def _protected_terms(figures: pd.DataFrame, given: pd.DataFrame, context: Context) -> dict[str, pd.Series]:
    """Search terms that are a protected word, whatever they were bought by; nothing without any."""
    words = pd.Series(protected_words(context), dtype="str")
    if words.empty or "search_term" not in figures:
        return {}
    same = folded(figures["search_term"].astype("str")).isin(folded(words))
    told = given.get("protected", pd.Series(pd.NA, given.index)).astype("boolean")
    return {"protected": told.mask(same.to_numpy(dtype=bool), True)}


def _that_decides(figures: pd.DataFrame, given: pd.DataFrame) -> dict[str, pd.Series]:
    """The figures given in tables that decide, for the reasons; only those that are known of some row."""
    has_revenue = figures["revenue"].notna() if "revenue" in figures else pd.Series(False, figures.index)
    gross = ~figures["net_basis"]
    decides = {
        "margin_given": given["margin"],
        "refund_given": given["refund_rate"].where(gross & (given["refund_rate"] > 0)),
        "order_value_given": given["value_per_conversion"].where(~has_revenue),
    }
    placed = [name for name in PLACED if name in figures]
    if "presale" in given and placed:
        on_presale = given["presale"].fillna(False).astype(bool)
        decides["placed_given"] = figures[placed].max(axis=1).where(on_presale)
    return {name: column for name, column in decides.items() if column.notna().any()}


def _margin_from_costs(given: pd.DataFrame) -> pd.Series | float:
    """1 − fees − cost / price, where an item's costs are given."""
    if "unit_cost" not in given:
        return np.nan
    fees = given["fee_rate"].fillna(0.0) if "fee_rate" in given else 0.0
    return 1 - fees - given["unit_cost"] / given["price"]


def _dated(figures: pd.DataFrame, given: pd.DataFrame) -> dict[str, pd.Series]:
    """age (days) and season on the last day of the figures; nothing where the report has no dates."""
    today = figures["last_day"].max()
    if pd.isna(today):
        return {}
    dated: dict[str, Any] = {}
    if "launch_date" in given:
        dated["age"] = (today - given["launch_date"]).dt.days.astype("float64")
    if {"season_from", "season_to"} <= set(given):
        dated["season"] = _season(given["season_from"], given["season_to"], today)
    return dated


def _season(first: pd.Series, last: pd.Series, today: pd.Timestamp) -> pd.Series:
    """early, in or over. A season comes every year and may span New Year; outside it the nearer end
    decides."""
    start, end = _day_number(first), _day_number(last)
    now = pd.Timestamp(f"2000-{today:%m-%d}").day_of_year
    inside = np.where(start <= end, (start <= now) & (now <= end), (now >= start) | (now <= end))
    early = (start - now) % 366 <= (now - end) % 366
    named = np.select([inside.astype(bool), early], ["in", "early"], default="over")
    return pd.Series(named, index=first.index, dtype="str").where(first.notna() & last.notna())


def _day_number(days: pd.Series) -> pd.Series:
    return pd.to_datetime("2000-" + days, format="%Y-%m-%d").dt.day_of_year.astype("float64")


def _graded(given: pd.DataFrame, settings: Settings) -> dict[str, pd.Series]:
    """page_grade (A15): fail if a pass mark is missed, good if all known figures are good, else pass."""
    known = [name for name in ("bounce_rate", "visit_depth") if name in given]
    if not known:
        return {}
    bounce = given.get("bounce_rate", pd.Series(np.nan, index=given.index))
    depth = given.get("visit_depth", pd.Series(np.nan, index=given.index))
    fails = (bounce >= settings.bounce_pass) | (depth < settings.depth_pass)
    good = ~(bounce >= settings.bounce_good) & ~(depth <= settings.depth_good)
    grade = np.select([fails, good], ["fail", "good"], default="pass")
    marked = pd.Series(grade, index=given.index, dtype="str")
    return {"page_grade": marked.where(given[known].notna().any(axis=1))}
