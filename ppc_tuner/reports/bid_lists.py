"""Bids that stand in a file of their own (bulk files, word lists), joined to the words of the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.reports.cells import read_column
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.header import HeaderMatch, positions
from ppc_tuner.reports.kinds import with_kinds
from ppc_tuner.reports.results import BidJoin
from ppc_tuner.reports.rows import is_kind
from ppc_tuner.text import Text

GIVEN: Final = ("bid", "status", "quality_score", "market_cpc", "market_ctr", "market_cvr")
PLACES: Final = (
    "platform", "account", "campaign_id", "campaign", "ad_group_id", "ad_group", "item_id", "keyword_id", "keyword",
    "match_type",
)  # fmt: skip
# What names an ad group, the surest first.
AD_GROUP_KEYS: Final = (["ad_group_id"], ["campaign_id", "ad_group"], ["campaign", "ad_group"])
# Signs that a match type is written with, around the words (`"a b"`, `[a b]`) or before each (`+a +b`).
MATCH_SYNTAX: Final = r'^["\[]+|["\]]+$|(?:^|(?<=\s))\+(?=\S)'


@dataclass(frozen=True, slots=True)
class BidList:
    """rows: PLACES and GIVEN of every word of the list that can be bid on."""

    path: Path
    name: Text
    platform: str
    exported_on: pd.Timestamp | None
    rows: pd.DataFrame
    negatives: int = 0


def only_bids(found: Recognised) -> Recognised:
    """The list with its columns of figures left unused: they are of some other time than the bids."""
    columns = {name: at for name, at in found.match.columns.items() if name in (*PLACES, *GIVEN, "currency")}
    return replace(found, match=HeaderMatch(columns, {}))


def with_parent_bids(facts: pd.DataFrame, raw: pd.DataFrame, found: Recognised) -> pd.DataFrame:
    """Words without a bid of their own take that of their ad group, where the list (raw: all its rows) holds one."""
    kinds = found.ways.rows
    if kinds is None or not kinds.parents:
        return facts
    header, columns = found.header.cells, dict(found.match.columns)
    own = positions(header, kinds.parent_bid)
    columns |= {"bid": own[0]} if own else {}
    parents = raw[is_kind(raw, header, kinds, kinds.parents)]
    read = {
        name: read_column(name, parents[columns[name]], header[columns[name]], found.table.label, found.ways)
        for name in ("campaign_id", "campaign", "ad_group_id", "ad_group", "bid") if name in columns
    }  # fmt: skip
    return _lent(facts, pd.DataFrame(read))


def _lent(facts: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    keys = next((keys for keys in AD_GROUP_KEYS if _given(facts, keys) and _given(groups, keys)), None)
    if keys is None:
        return facts
    known = groups.dropna(subset=[*keys, "bid"]).drop_duplicates([*keys, "bid"])
    # An ad group with several bids lends none.
    known = known.drop_duplicates(keys, keep=False)
    lent = facts[keys].merge(known[[*keys, "bid"]], on=keys, how="left")["bid"].to_numpy()
    return facts.assign(bid=facts["bid"].where(facts["bid"].notna(), lent))


def _given(frame: pd.DataFrame, names: list[str]) -> bool:
    return all(name in frame and frame[name].notna().any() for name in names)


def join_bids(facts: pd.DataFrame, lists: Sequence[BidList]) -> tuple[pd.DataFrame, tuple[BidJoin, ...]]:
    """Facts (canonical) with the bids of the lists, and how far each reached; the newest list is asked first.

    A word is found by its id, else by its text and match type within its ad group. A bid holds on the day its list was
    downloaded, so it is given to each word's latest rows only; what the report itself says stays.
    """
    joins = []
    for one in sorted(lists, key=lambda one: one.exported_on or pd.Timestamp.min, reverse=True):
        facts, join = _joined(facts, one)
        joins.append(join)
    return facts, tuple(joins)


def _joined(facts: pd.DataFrame, one: BidList) -> tuple[pd.DataFrame, BidJoin]:
    mine = facts[(facts["platform"] == one.platform) & (facts["level"] == "keyword")]
    keys = [name for name in (*PLACES, "channel") if name in mine.columns]
    code = mine.groupby(keys, dropna=False, sort=False).ngroup()
    words = mine.loc[~code.duplicated(), keys].reset_index(drop=True)
    by_id, several_ids = _by(
        words, one.rows, [name for name in ("keyword_id",) if _both(words, one.rows, name)]
    )
    by_text, several = _by(words, one.rows, _text_keys(words, one.rows))
    by_text = by_text.where(by_id.isna())
    place = by_id.fillna(by_text).reindex(code.to_numpy()).to_numpy()
    at = mine.index[_latest_rows(mine, code)]
    wanted = pd.Series(place, index=mine.index).loc[at].dropna().astype(int)
    filled = _filled(facts, one.rows, wanted)
    campaigns = set(words["campaign"])
    return filled, BidJoin(
        path=one.path,
        name=one.name,
        rows=len(one.rows),
        words=len(words),
        by_id=int(by_id.notna().sum()),
        by_text=int(by_text.notna().sum()),
        targets=_targets(words["match_type"], by_id.notna() | by_text.notna()),
        several=int((several | several_ids)[by_id.isna().to_numpy() & by_text.isna().to_numpy()].sum()),
        negatives=one.negatives,
        unused=len(one.rows) - int(pd.Series(place).nunique()),
        campaigns=len(campaigns),
        shared_campaigns=len(campaigns & set(one.rows["campaign"])),
    )


def _targets(match_types: pd.Series[str], joined: pd.Series[bool]) -> int:
    """Words with a bid but without a match type, where there are others that have one."""
    bare = match_types.isin(["", "-"])
    return 0 if bare.all() else int((bare & joined.to_numpy()).sum())


def _both(words: pd.DataFrame, rows: pd.DataFrame, name: str) -> bool:
    return all(name in frame and (frame[name].fillna("") != "").any() for frame in (words, rows))


def _text_keys(words: pd.DataFrame, rows: pd.DataFrame) -> list[str]:
    """The columns by which a text is found within its ad group; none where the list does not tell the ad group."""
    group = ["ad_group_id"] if _both(words, rows, "ad_group_id") else ["campaign", "ad_group"]
    if not all(_both(words, rows, name) for name in (*group, "keyword")):
        return []
    more = [name for name in ("account", "item_id", "match_type") if _both(words, rows, name)]
    return [*group, *more, "keyword"]


def _by(words: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> tuple[pd.Series, pd.Series[bool]]:
    """For each word the position of its row in the list, NaN where it has none; True where rows with several bids fit."""
    if not keys:
        return pd.Series(np.nan, index=words.index), pd.Series(False, index=words.index)
    left, right = (_keyed(frame, keys) for frame in (words, rows))
    right["position"], right["bid"] = np.arange(len(rows)), rows["bid"].to_numpy()
    right = right[(right[keys[-1]] != "").to_numpy()]
    found = right.groupby(keys, sort=False).agg(position=("position", "first"), bids=("bid", _differing))
    hit = left.merge(found, left_on=keys, right_index=True, how="left").reindex(left.index)
    several = (hit["bids"] > 1).fillna(False)
    return hit["position"].where(~several), several


def _differing(bids: pd.Series[float]) -> int:
    return int(bids.nunique())


def _keyed(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    keyed = frame[keys].fillna("").astype("str").reset_index(drop=True)
    if "keyword" in keys:
        bare = keyed["keyword"].str.replace(MATCH_SYNTAX, "", regex=True)
        keyed["keyword"] = bare.str.split().str.join(" ").str.casefold()
    return keyed


def _latest_rows(facts: pd.DataFrame, code: pd.Series[int]) -> np.ndarray:
    """True for the rows of each word's last day, or last period; for all of them where they are undated."""
    names = [name for name in ("date", "period_end") if name in facts]
    if not names:
        return np.ones(len(facts), dtype=bool)
    end = facts[names].max(axis=1)
    return np.asarray((end == end.groupby(code).transform("max")) | end.isna(), dtype=bool)


def _filled(facts: pd.DataFrame, rows: pd.DataFrame, wanted: pd.Series[int]) -> pd.DataFrame:
    """Facts in which the rows `wanted` (index of facts → position in the list) have what the list gives."""
    if wanted.empty:
        return facts
    facts = facts.copy(deep=False)
    for name in GIVEN:
        if name not in rows or rows[name].isna().all():
            continue
        given = pd.Series(rows[name].to_numpy()[wanted.to_numpy()], index=wanted.index)
        before = (
            facts[name] if name in facts else pd.Series(np.nan, index=facts.index, dtype=rows[name].dtype)
        )
        facts[name] = before.fillna(given.reindex(facts.index))
    return with_kinds(facts)
