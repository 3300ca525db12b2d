"""Decisions → what is to be changed: a bid, a pause, a word to add or to block."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import ITEM_ACTIONS
from ppc_tuner.decisions import ACCEPTED, CHANGED
from ppc_tuner.targeting import is_target

# By hand, as no upload reaches them.
BY_HAND: Final = (*ITEM_ACTIONS, "set_target")
PAUSED: Final = ("delete",)
BLOCKED: Final = ("exclude",)
ADDED: Final = ("add",)
# A list holds floats; half of the smallest money is no change.
NO_CHANGE: Final = 1e-9
ASIN: Final = r"(?i)^b0[0-9a-z]{8}$"
# Square brackets for exact, quotes for phrase; what is left may begin with +, which is part of a broad word.
EXACT: Final = r"^\s*\[(.*)\]\s*$"
PHRASE: Final = r'^\s*"+(.*?)"+\s*$'


def accepted(rows: pd.DataFrame, *, accept_all: bool) -> pd.DataFrame:
    """The rows (of Decided, without those of groups, whose words stand for them) that are to be done."""
    said = rows["decision"].isin([ACCEPTED, CHANGED]) | (accept_all & rows["decision"].eq(""))
    return rows[said & rows["level"].ne("group")]


def by_hand(rows: pd.DataFrame) -> pd.Series[bool]:
    """Where a row is to be done by hand: an item to mend, a target of smart bidding."""
    return rows["action"].isin(BY_HAND)


def changes_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that change something (n), with what becomes of each.

    op: bid, percent (no bid is known: by how much), pause, add or exclude. set_bid: money, NaN where none is
    set. bid_now. step: change of the bid as a share. doing: the action that it comes to. text, match: the
    word without signs of its match type, what is to be added or blocked as the row says, else exact, and a
    fragment as phrase. target: it is an automatic or product target.
    """
    action, changed = rows["action"], rows["decision"].eq(CHANGED)
    created = action.isin([*ADDED, *BLOCKED])
    set_bid = rows["new_bid"].mask(changed, rows["final_bid"])
    op = pd.Series("bid", index=rows.index, dtype="str")
    op = op.mask(set_bid.isna(), "percent").mask(action.isin(PAUSED) & ~changed, "pause")
    op = op.mask(action.isin(ADDED), "add").mask(action.isin(BLOCKED), "exclude")
    set_bid = set_bid.mask(op.isin(["pause", "exclude", "percent"]))
    bid_now = rows["bid"].mask(created)
    step = (set_bid / bid_now - 1).where(op.ne("percent"), rows["bid_change"])
    doing = action.where(~(changed & op.eq("bid")), np.where(step.ge(0) | step.isna(), "raise", "lower"))
    still = op.isin(["bid", "percent"]) & (
        step.abs().lt(NO_CHANGE) | (step.isna() & op.eq("percent")) | (action.eq("keep") & ~changed)
    )
    # Else taking it back would start a word that nobody had running.
    still |= op.eq("pause") & rows["status"].eq("paused")
    done = rows.assign(
        op=op,
        set_bid=set_bid,
        bid_now=bid_now,
        step=step,
        doing=doing,
        target=is_target(rows),
        **_words(rows, created),
    )
    return done[~still]


def _words(rows: pd.DataFrame, created: pd.Series[bool]) -> dict[str, pd.Series]:
    """Text and match type of each row."""
    bought = rows["keyword"].where(~created)
    new = rows["search_term"].fillna(rows["fragment"]).fillna(rows["keyword"])
    asin = new.str.contains(ASIN, regex=True).fillna(False).astype(bool)
    usual = pd.Series(np.where(rows["level"].eq("fragment"), "phrase", "exact"), index=rows.index)
    return {
        "text": bought.where(~created, new.mask(asin, new.str.upper())).astype("str"),
        "match": rows["match_type"].where(~created, rows["new_match"].fillna(usual)).astype("str"),
    }


def without_syntax(changes: pd.DataFrame) -> pd.DataFrame:
    """The changes, words without the signs of their match type, which tell it where no column does.

    `+` before the parts of a broad word is part of it: without it another word would be meant.
    """
    bought = ~changes["op"].isin(["add", "exclude"])
    text, match = changes["text"], changes["match"]
    exact, phrase = text.str.extract(EXACT)[0], text.str.extract(PHRASE)[0]
    is_exact = exact.notna() & bought & (match.isna() | match.eq("exact"))
    is_phrase = phrase.notna() & bought & (match.isna() | match.eq("phrase"))
    told = match.mask(match.isna() & is_exact, "exact").mask(match.isna() & is_phrase, "phrase")
    return changes.assign(
        text=text.mask(is_exact, exact).mask(is_phrase, phrase).str.strip(),
        match=told.mask(told.isna() & bought & text.notna(), "broad"),
    )


def kinds_of(changes: pd.DataFrame) -> pd.Series[str]:
    """The kind of line that each change takes (n,), as `uploads:` of the format files name them; "" where the
    place of a negative, or of a word to add, is one that no file has."""
    place = changes["new_place"].fillna("ad_group").str.lower()
    asin = changes["text"].str.contains(ASIN, regex=True).fillna(False).astype(bool)
    op, target = changes["op"], changes["target"]
    kind = op.where(~(target & op.isin(["bid", "pause"])), "target_" + op)
    negative = pd.Series(
        np.select(
            [asin, place.str.contains("campaign|计划"), place.str.contains("ad.?group|单元")],
            ["negative_target", "campaign_negative", "negative"],
            "",
        ),
        index=changes.index,
    )
    kind = kind.mask(op.eq("exclude"), negative).mask(op.eq("add") & asin, "add_target")
    # Where it goes is for a person to choose.
    return kind.mask(op.eq("add") & place.str.contains("other|另选"), "").astype("str")


def only_doing(changes: pd.DataFrame, wanted: Collection[str]) -> pd.DataFrame:
    """The changes that come to one of these actions; all where none is named."""
    return changes[changes["doing"].isin(wanted)] if wanted else changes
