"""Bids that stand in a file of their own (bulk files, word lists), joined to the words of the reports."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, groupby
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import COLUMNS
from ppc_tuner.errors import InputError
from ppc_tuner.identity import BID_ON
from ppc_tuner.reports.bid_lists import GIVEN, BidList
from ppc_tuner.reports.bid_matching import Match, matched
from ppc_tuner.reports.kinds import with_kinds
from ppc_tuner.reports.results import BidJoin
from ppc_tuner.text import Text

STAMP: Final = Text(
    "分不出哪份更新；在文件名里写上各自的下载日期，如 _20260710（--exported-on 对所有文件都一样，分不开，要去掉），或只给一份",
    "which is newer cannot be told: put the day of download into each file's name, such as _20260710 (--exported-on is "
    "one day for all files, so leave it out), or give one of them",
)


def join_bids(facts: pd.DataFrame, lists: Sequence[BidList]) -> tuple[pd.DataFrame, tuple[BidJoin, ...]]:
    """Facts (canonical) with the bids of the lists, and how far each reached; the newest list is asked first.

    A bid holds on the day its list was downloaded, so it is given to each word's latest rows only; what the report
    itself says stays. Raises InputError where equally new lists disagree about a word.
    """
    joins: list[BidJoin] = []
    for platform in dict.fromkeys(one.platform for one in lists):
        newest_first = sorted((one for one in lists if one.platform == platform), key=_day, reverse=True)
        facts, new = _joined(facts, platform, newest_first)
        joins += new
    return facts, tuple(joins)


def _day(one: BidList) -> pd.Timestamp:
    return one.exported_on or pd.Timestamp.min


def _joined(facts: pd.DataFrame, platform: str, lists: list[BidList]) -> tuple[pd.DataFrame, list[BidJoin]]:
    mine = facts[(facts["platform"] == platform) & (facts["level"] == "keyword")]
    keys = [name for name in (*BID_ON, "channel") if name in mine.columns]
    code = mine.groupby(keys, dropna=False, sort=False).ngroup()
    words = mine.loc[~code.duplicated(), [*keys, "currency"]].reset_index(drop=True)
    given, joins = _taken(words, lists)
    at = mine.index[_latest_rows(mine, code)]
    return _filled(facts, given.reindex(code.loc[at]).set_axis(at)), joins


def _taken(words: pd.DataFrame, lists: list[BidList]) -> tuple[pd.DataFrame, list[BidJoin]]:
    """For each word what the newest list that speaks of it gives, by column."""
    taken = pd.DataFrame(index=words.index)
    closed = pd.Series(False, index=words.index)
    joins = []
    for _, equals in groupby(lists, key=_day):
        asked = [(one, matched(words, one.rows)) for one in equals]
        _refuse_contradictions(words, asked)
        # Where a list is in doubt about a word, an older one is no better.
        for _, match in asked:
            closed |= match.several | match.unclear
        for one, match in asked:
            given = match.given[list(GIVEN)].mask(closed)
            before = taken["bid"].notna() if "bid" in taken else closed
            joins.append(_join(words, one, match, given["bid"].notna() & ~before))
            taken = taken.combine_first(given)
    return taken, joins


def _refuse_contradictions(words: pd.DataFrame, asked: list[tuple[BidList, Match]]) -> None:
    """Lists of one day of download may repeat each other, but not contradict each other."""
    for (one, its), (other, others) in combinations(asked, 2):
        for name in GIVEN:
            this, that = its.given[name], others.given[name]
            differs = this.notna() & that.notna() & (this != that)
            if differs.any():
                raise _contradiction(words[differs], name, (one, its.given), (other, others.given))


def _contradiction(
    words: pd.DataFrame, name: str, one: tuple[BidList, pd.DataFrame], other: tuple[BidList, pd.DataFrame]
) -> InputError:
    at, word, label = words.index[0], words.iloc[0], COLUMNS[name].label
    place = " / ".join(str(word[part]) for part in ("campaign", "ad_group", "keyword") if word[part])
    (where, this), (there, that) = (
        (f"{source.path.as_posix()}:{given.loc[at, 'source_row']:.0f}", f"{given.loc[at, name]}")
        for source, given in (one, other)
    )
    return InputError(
        Text("两份出价表一样新，同一个词却写得不同", "two lists of bids are equally new, but disagree about a word"),
        where=where,
        found=Text(f"“{place}”：{where} {label.zh} {this}，{there} {label.zh} {that}（这样的词共 {len(words):,} 个）",
                   f"“{place}”: {where} {label.en} {this}, {there} {label.en} {that} ({len(words):,} words like this)"),
        expected=Text("同一天的出价表，对同一个词写得相同", "lists of one day that say the same of a word"),
        to_do=STAMP,
    )  # fmt: skip


def _join(words: pd.DataFrame, one: BidList, match: Match, got: pd.Series[bool]) -> BidJoin:
    every, shared = match.campaigns
    return BidJoin(
        path=one.path,
        name=one.name,
        platform=one.platform,
        rows=len(one.rows),
        words=len(words),
        by_id=int((got & match.by_id).sum()),
        by_text=int((got & ~match.by_id).sum()),
        targets=_targets(words["match_type"], got),
        several=int(match.several.sum()),
        unclear=int(match.unclear.sum()),
        negatives=one.negatives,
        unused=match.unused,
        campaigns=every,
        shared_campaigns=shared,
    )


def _targets(match_types: pd.Series[str], joined: pd.Series[bool]) -> int:
    """Words with a bid but without a match type, where there are others that have one."""
    bare = match_types.isin(["", "-"])
    return 0 if bare.all() else int((bare & joined).sum())


def _latest_rows(facts: pd.DataFrame, code: pd.Series[int]) -> np.ndarray:
    """True for the rows of each word's last day, or last period; for all of them where they are undated."""
    names = [name for name in ("date", "period_end") if name in facts]
    if not names:
        return np.ones(len(facts), dtype=bool)
    end = facts[names].max(axis=1)
    return np.asarray((end == end.groupby(code).transform("max")) | end.isna(), dtype=bool)


def _filled(facts: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Facts in which the rows of `given` (some of the index of facts × GIVEN) have what the list gives."""
    known = [name for name in given if given[name].notna().any()]
    if not known:
        return facts
    facts = facts.copy(deep=False)
    for name in known:
        new = given[name].reindex(facts.index)
        facts[name] = facts[name].fillna(new) if name in facts else new
    return with_kinds(facts)
