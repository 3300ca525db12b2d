"""Totals: of files and list, by action, by campaign and by item; words that spent without an order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ppc_tuner.columns import ACTIONS, ITEM_ACTIONS
from ppc_tuner.identity import ACCOUNT
from ppc_tuner.live import is_live
from ppc_tuner.periods import first_and_last_day
from ppc_tuner.summary.run import Run, rows_where

SUMS = ["impressions", "clicks", "cost", "conversions", "revenue"]
RATIOS = {
    "ctr_raw": ("clicks", "impressions"),
    "cpc_raw": ("cost", "clicks"),
    "cvr_raw": ("conversions", "clicks"),
    "roas": ("revenue", "cost"),
}
PERIOD_MEASURES = [
    "impressions",
    "clicks",
    "ctr_raw",
    "cost",
    "cpc_raw",
    "conversions",
    "cvr_raw",
    "revenue",
    "roas",
]
BURNERS = 20
LEAKS = 8
BURNER_COLUMNS = (
    "currency", "campaign", "ad_group", "item", "keyword", "match_type", "search_term",
    "clicks", "cost", "p_profitable", "action", "status",
)  # fmt: skip


def one_level(words: pd.DataFrame) -> pd.DataFrame:
    """The decision rows that add up: each account's keywords, else its search terms, which are the clicks and
    the money of keywords once more."""
    if not (words["level"].eq("keyword").any() and words["level"].eq("search_term").any()):
        return words
    accounts = [words[key].fillna("") for key in ACCOUNT if key in words]
    keywords = words["level"].eq("keyword")
    # Without any name there is one account.
    names = accounts or [pd.Series("", index=words.index)]
    return words[keywords | ~keywords.groupby(names).transform("any")]


def acted_on(rows: pd.DataFrame) -> pd.Series:
    """Flag per row: it changes something. A watched word does so where its bid is moved to learn."""
    moved = rows["bid_change"].fillna(0).ne(0) if "bid_change" in rows else False
    return ~rows["action"].isin(["keep", "watch"]) | moved


def words_of(actions: pd.DataFrame) -> pd.DataFrame:
    """The decision rows of a list, without groups, fragments, candidates and items; what a group gains is
    split over its words by their weekly cost, so that the parts of any subtotal add up to the whole."""
    groups, fragments = actions["level"].eq("group"), actions["level"].eq("fragment")
    listed = actions["candidate_from"].notna() if "candidate_from" in actions else False
    words = rows_where(actions, ~actions["action"].isin(ITEM_ACTIONS) & ~groups & ~fragments & ~listed)
    if not groups.any():
        return words
    keys = [name for name in (*ACCOUNT, "moved_with") if name in actions]
    moved = words.loc[words["moved_with"].notna(), keys]
    share = words.loc[moved.index, "weekly_cost"].fillna(0.0) + 1e-9
    gain = moved.merge(actions.loc[groups, [*keys, "expected_gain"]], on=keys, how="left")["expected_gain"]
    part = share / share.groupby([moved[name].fillna("") for name in keys]).transform("sum")
    return words.assign(expected_gain=words["expected_gain"].fillna(part * gain.to_numpy()))


def with_ratios(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame plus the ratios of its sums (RATIOS); unknown where the divisor is 0."""
    out = frame.copy(deep=False)
    for name, (top, bottom) in RATIOS.items():
        if top in out and bottom in out:
            out[name] = out[top] / out[bottom].where(out[bottom] > 0)
    return out


def sums(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Sums and number of rows (`words`) by `keys`; a key that is no column of the frame is empty text."""
    named = frame.assign(**{key: frame[key].fillna("") if key in frame else "" for key in keys})
    known = [name for name in SUMS if name in frame]
    grouped = named.groupby(list(keys), sort=False)
    return grouped[known].sum(min_count=1).join(grouped.size().rename("words")).reset_index()


def totals(runs: Sequence[Run]) -> pd.DataFrame:
    """Rows that reconcile the files with the list, by account and level: source, words, sums and ratios.

    `source`: files − older − settled = list. "older": days before those looked back on. "settled": revenue
    taken off as refunds, or because only net, direct or paid orders count.
    """
    keys = [*ACCOUNT, "level"]
    parts = []
    for run in runs:
        listed, files = sums(run.words, keys).set_index(keys), sums(run.facts, keys).set_index(keys)
        files["words"] = listed["words"]
        older = sums(run.facts[~looked_at(run)], keys).set_index(keys).reindex(files.index, fill_value=0.0)
        # Sums of cents are off in the last binary digits.
        settled = files.sub(older).sub(listed).reindex(columns=files.columns).round(6).assign(words=0)
        older["words"] = 0
        named = {"files": files, "older": older, "settled": settled, "list": listed}
        kept = [
            name for name in named if name in ("files", "list") or named[name].abs().gt(0.004).any(axis=None)
        ]
        parts += [named[name].assign(source=name).reset_index() for name in kept]
    return with_ratios(pd.concat(parts, ignore_index=True))


def looked_at(run: Run) -> pd.Series:
    """Flag per fact: its last day is within the days looked back on, or it has no date."""
    _, end = first_and_last_day(run.facts)
    last = end.groupby(run.facts["level"]).transform("max")
    return end.isna() | (end > last - pd.Timedelta(days=int(run.pack.settings["lookback_days"])))


def periods(run: Run) -> pd.DataFrame:
    """This period against the one before: measure, this, before, change (a share); one row per measure."""
    words = run.spending
    sides = {}
    for side, prefix in (("this", "period_"), ("before", "before_")):
        known = {
            name: words[f"{prefix}{name}"].sum(min_count=1) for name in SUMS if f"{prefix}{name}" in words
        }
        sides[side] = with_ratios(pd.DataFrame([known])).iloc[0]
    frame = pd.DataFrame(sides).reindex(PERIOD_MEASURES)
    frame["change"] = frame["this"] / frame["before"].where(frame["before"] > 0) - 1
    return frame.rename_axis("measure").reset_index().assign(**run.key)


def by_action(actions: pd.DataFrame) -> pd.DataFrame:
    """One row per account and action: sums, ratios, weekly_cost, money_at_stake, expected_gain.

    `apart`: whether the row stands beside the others and is never added to them: items, and beside keywords
    the search terms to exclude, whose money is that of keywords already. Of groups only money at stake and
    gain count, of fragments also that they are there: all else repeats their words and terms.
    """
    keys = [*ACCOUNT, "apart", "action"]
    groups = actions["level"].eq("group")
    adds_up = actions.index.isin(one_level(actions[~actions["action"].isin(ITEM_ACTIONS) & ~groups]).index)
    listed = actions.assign(apart=~(adds_up | groups))[adds_up | acted_on(actions)]
    named = listed.assign(**{key: listed[key].fillna("") if key in listed else "" for key in ACCOUNT})
    groups, fragments = named["level"].eq("group"), named["level"].eq("fragment")
    named["weekly_cost"] = named["weekly_cost"].mask(groups | fragments)
    sums_of = [name for name in SUMS if name in named]
    named[sums_of] = named[sums_of].mask(fragments)
    money = [name for name in ("weekly_cost", "money_at_stake", "expected_gain") if name in actions]
    frame = (
        with_ratios(sums(named[~groups], keys))
        .set_index(keys)
        .join(named.groupby(keys)[money].sum(min_count=1))
        .reset_index()
    )
    return frame.sort_values("action", key=lambda names: names.map(list(ACTIONS).index), kind="stable")


def subtotals(words: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Sums, ratios, rows acted on and expected gain by account and `names`.

    Sorted by currency, then cost. Empty if the report has none of `names`.
    """
    names = [name for name in names if name in words and words[name].notna().any()]
    if not names:
        return pd.DataFrame()
    keys = [*ACCOUNT, *names]
    words = one_level(words)
    named = words.assign(
        **{key: words[key].fillna("") if key in words else "" for key in keys},
        acted=acted_on(words),
        moved_gain=words["expected_gain"].where(words["bid_change"] != 0),
    )
    frame = with_ratios(sums(named, keys)).set_index(keys)
    grouped = named.groupby(keys)
    frame["acted"] = grouped["acted"].sum().astype(float)
    frame["expected_gain"] = grouped["moved_gain"].sum(min_count=1)
    if "revenue" in frame and frame["revenue"].notna().any():
        frame["break_even_roas"] = 1 / grouped["margin"].mean()
    return frame.reset_index().sort_values(["currency", "cost"], ascending=[True, False], kind="stable")


def _burning(words: pd.DataFrame) -> pd.DataFrame:
    """Live words that spent money without a single order; search terms only where there are no keywords."""
    words = one_level(words)
    burning = words[(words["conversions"] == 0) & (words["cost"] > 0) & is_live(words)]
    currency = burning["currency"].fillna("") if "currency" in burning else ""
    return burning.assign(currency=pd.Series(currency, index=burning.index, dtype="str"))


def leaks(words: pd.DataFrame) -> pd.DataFrame:
    """Live words whose ROAS is below break-even, at most LEAKS per currency, by what they lost.

    lost = cost − revenue ÷ break-even ROAS; where no margin is known a word leaks if it sold for less than it
    cost (break-even 1).
    """
    names = (*BURNER_COLUMNS, "roas", "bar_roas", "lost", "reason_zh", "reason_en")
    # Few columns are shown, and a list is wide.
    used = {*names, *ACCOUNT, "level", "gain_unit", "revenue"}
    words = one_level(words[[name for name in words if name in used]])
    words = words[is_live(words) & (words["cost"] > 0)]
    known = words["gain_unit"].eq("profit").fillna(False) & words["bar_roas"].notna()
    bar = words["bar_roas"].where(known, 1.0)
    revenue = words["revenue"] if "revenue" in words else pd.Series(np.nan, index=words.index)
    leaking = words.assign(bar_roas=bar, lost=words["cost"] - revenue / bar)
    leaking = leaking[leaking["lost"] > 0].sort_values("lost", ascending=False, kind="stable")
    currency = leaking["currency"].fillna("") if "currency" in leaking else ""
    leaking = leaking.assign(currency=pd.Series(currency, index=leaking.index, dtype="str"))
    return leaking.groupby("currency").head(LEAKS)[[name for name in names if name in leaking]]


def burners(words: pd.DataFrame) -> pd.DataFrame:
    """Words that spent most without an order, at most `BURNERS` per currency, the dearest first."""
    burning = _burning(words).sort_values("cost", ascending=False, kind="stable")
    return burning.groupby("currency").head(BURNERS)[[name for name in BURNER_COLUMNS if name in burning]]


def burners_total(words: pd.DataFrame) -> pd.DataFrame:
    """All words that spent without an order, per currency: words (how many), cost."""
    return _burning(words).groupby("currency")["cost"].agg(words="size", cost="sum").reset_index()
