"""Bids that stand in a file of their own (bulk files, word lists), joined to the words of the reports: by
their ids, else by their texts within the ad group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.files.table import TEXT
from ppc_tuner.identity import BID_ON, folded, without_match_syntax
from ppc_tuner.reports.cells import read_column
from ppc_tuner.reports.recognise import HeaderMatch, Recognised, positions
from ppc_tuner.reports.results import BidJoin, with_kinds
from ppc_tuner.reports.rows import is_kind
from ppc_tuner.text import Text

GIVEN: Final = ("bid", "status", "quality_score", "market_cpc", "market_ctr", "market_cvr")
# What a list may tell of its rows beside the bids.
ABOUT: Final = ("currency", "biddable", "exported_on")
# What names an ad group, the surest first.
AD_GROUP_KEYS: Final = (["ad_group_id"], ["campaign_id", "ad_group"], ["campaign", "ad_group"])
# A spreadsheet keeps fifteen digits of a number and writes noughts for the rest: several ids become one.
ROUNDED_ID: Final = r"\d{15}0+"
IDS: Final = ("campaign_id", "ad_group_id", "keyword_id")
# Blank is a value of its own here; a blank id, name or text names nothing.
BLANK_COUNTS: Final = ("account", "item_id", "match_type")
# What a word and the list must not say differently, however they were found.
AGREED: Final = ("campaign_id", "ad_group_id", "currency")
SAID: Final = [*GIVEN, "source_row"]
JUDGED: Final = ("several", "unclear", "by_id")


@dataclass(frozen=True, slots=True)
class BidList:
    """rows: BID_ON and GIVEN of every word of the list that can be bid on, all of one platform."""

    path: Path
    name: Text
    platform: str
    exported_on: pd.Timestamp | None
    rows: pd.DataFrame
    negatives: int = 0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What two equally new lists say differently of a word: the column, the word with its place, each list's
    file:row and value; words: how many they disagree about."""

    column: str
    word: str
    where: str
    value: str
    there: str
    other: str
    words: int


@dataclass(frozen=True, slots=True)
class Outdated:
    """What reports and a list of bids say differently of words: the list, the first such word with its place,
    the bid of its report and that of the list; words: how many; by_list: whether the list is the newer."""

    path: Path
    word: str
    reported: float
    listed: float
    words: int
    by_list: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """facts: with the bids of the lists; joins: how far each list reached; contradictions: of equally new
    lists; outdated: bids of reports or lists that a newer one replaces."""

    facts: pd.DataFrame
    joins: tuple[BidJoin, ...]
    contradictions: list[Contradiction]
    outdated: list[Outdated]


@dataclass(frozen=True, slots=True)
class Match:
    """What a list says of each word (same index as the words).

    given: GIVEN and source_row (the list's row), blank where nothing is taken. by_id: found by id, not by
    text. several: the list says several things. unclear: it may speak of another word. campaigns: how many
    the words are of, and how many of these the list holds. unused: its words in no report.
    """

    given: pd.DataFrame
    by_id: pd.Series[bool]
    several: pd.Series[bool]
    unclear: pd.Series[bool]
    campaigns: tuple[int, int]
    unused: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find words: equal in `keys`. Words equal in them that differ in `one` cannot be told apart
    by it."""

    keys: list[str]
    one: str
    by_id: bool


def join_bids(facts: pd.DataFrame, lists: Sequence[BidList], assumed: frozenset[str] = frozenset()) -> Joined:
    """Facts (canonical) with the bids of the lists; the newest list is asked first.

    A bid holds on the day its list was downloaded, so it is given to each word's latest rows only. A bid that
    the report itself states holds on the day of its own download, and stays where the list is known to be
    older. assumed: the source files whose day of download nothing tells: their bids hold on the last day of
    the row. Where equally new lists disagree about a word, the first of them counts until that is refused.
    """
    joined = Joined(facts, (), [], [])
    for platform in dict.fromkeys(one.platform for one in lists):
        newest_first = sorted((one for one in lists if one.platform == platform), key=_day, reverse=True)
        joined = _joined(joined, platform, newest_first, assumed)
    return joined


def only_bids(found: Recognised) -> Recognised:
    """The list with its columns of figures left unused: they are of some other time than the bids."""
    wanted = (*BID_ON, *GIVEN, *ABOUT)
    columns = {name: at for name, at in found.match.columns.items() if name in wanted}
    return replace(found, match=HeaderMatch(columns, {}))


def with_parent_bids(facts: pd.DataFrame, raw: pd.DataFrame, found: Recognised) -> pd.DataFrame:
    """Words without a bid of their own take that of their ad group, where the list (raw: all its rows) holds
    one."""
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


def matched(words: pd.DataFrame, rows: pd.DataFrame) -> Match:
    """words: a row per word of the reports; rows: those of the list. Both have BID_ON and currency as far as
    known.

    Of the ways to find a word the first that finds it in the list decides.
    """
    one, other = _compared(words), _compared(rows)
    shared = {str(name) for name in one if bool(one[name].notna().any() and other[name].notna().any())}
    one, other = (_with_texts(frame, shared) for frame in (one, other))
    one, other = _with_loose_ids(one, other, shared), _with_loose_ids(other, one, shared)
    one["lone_id"] = one["keyword_id"]
    given = rows.reindex(columns=SAID).reset_index(drop=True)
    other = pd.concat([other, given.assign(status=given["status"].astype(TEXT))], axis=1)
    used = pd.Series(False, index=other.index)
    answers = []
    for way in _ways(shared):
        answer, reached = _answer(one, other, way)
        answers.append(answer)
        used |= reached
    every = pd.concat(answers) if answers else pd.DataFrame(columns=[*SAID, *JUDGED])
    first = every[~every.index.duplicated()].reindex(one.index)
    several, unclear, by_id = (first[name].eq(True) for name in JUDGED)
    return Match(
        given=first[SAID].mask(several | unclear),
        by_id=by_id,
        several=several & ~unclear,
        unclear=unclear,
        campaigns=_campaigns(one, other, shared),
        unused=len(other.loc[~used, list(BID_ON)].drop_duplicates()),
    )


def _compared(frame: pd.DataFrame) -> pd.DataFrame:
    """BID_ON and currency in the form in which they are compared, blank as NaN."""
    table = frame.reindex(columns=[*BID_ON, "currency"]).reset_index(drop=True).astype(TEXT)
    table = table.mask(table == "")
    for name in IDS:
        table[name] = table[name].mask(table[name].str.fullmatch(ROUNDED_ID).eq(True))
    table["currency"] = table["currency"].str.upper()
    # A target has none, whichever way a file says so.
    table["match_type"] = table["match_type"].mask(table["match_type"] == "-")
    table["keyword"] = folded(table["keyword"], width=False)
    return table


def _campaigns(words: pd.DataFrame, rows: pd.DataFrame, shared: set[str]) -> tuple[int, int]:
    """How many campaigns the words are of, and how many of these the list holds: by id where both have it."""
    name = "campaign_id" if "campaign_id" in shared else "campaign"
    known = pd.Series(words[name].dropna().unique())
    return len(known), int(known.isin(rows[name].dropna().unique()).sum())


def _with_texts(table: pd.DataFrame, shared: set[str]) -> pd.DataFrame:
    """The table with bare texts, where the match type is told beside them, and with columns in which blank is
    a value."""
    bare = without_match_syntax(table["keyword"])
    text = bare if "match_type" in shared else table["keyword"]
    return table.assign(keyword=text, **{name: table[name].fillna("") for name in BLANK_COUNTS})


def _with_loose_ids(table: pd.DataFrame, others: pd.DataFrame, shared: set[str]) -> pd.DataFrame:
    """The table with the ids that count without a place that agrees; the same id elsewhere may be another
    word.

    renamed_id: where the others do not know the campaign's name; lone_id: where no ad group is told that
    could differ.
    """
    known = table["campaign"].isin(others["campaign"].dropna().unique())
    groups = [name for name in ("ad_group_id", "ad_group") if name in shared]
    grouped = table[groups].notna().any(axis=1)
    ids = table["keyword_id"]
    return table.assign(renamed_id=ids.mask(known), lone_id=ids.mask(grouped))


def _ways(shared: set[str]) -> list[Way]:
    """All ways for which both sides have the columns, the surest first."""
    account, item, match_type = (
        [name] if name in shared else [] for name in ("account", "item_id", "match_type")
    )
    groups = [[*(account if "campaign" in keys else []), *keys] for keys in AD_GROUP_KEYS]
    ways = [
        *(Way([*group, "keyword_id"], "", True) for group in groups),
        Way([*account, "ad_group", "renamed_id"], "place", True),
        Way([*account, "lone_id"], "place", True),
        *(Way([*group, *item, *match_type, "keyword"], "match_type", False) for group in groups),
    ]
    known = shared | ({"renamed_id", "lone_id"} if "keyword_id" in shared else set())
    return [way for way in ways if known.issuperset(way.keys)]


def _answer(words: pd.DataFrame, rows: pd.DataFrame, way: Way) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """What the list says of the words that are found this way, by their index; the rows of the list that say
    it."""
    code = pd.concat([words[way.keys], rows[way.keys]], ignore_index=True).groupby(way.keys).ngroup()
    code = code.fillna(-1).astype(int)
    of_words, of_rows = code.iloc[: len(words)], code.iloc[len(words) :].set_axis(rows.index)
    said = _said(rows[of_rows >= 0], of_rows[of_rows >= 0])
    found = of_words[of_words.isin(said.index)]
    hit = said.reindex(found).set_axis(found.index)
    hit = hit[~_contradicted(words.loc[hit.index], hit)]
    unclear = _unclear(words, of_words, way).loc[hit.index]
    answer = hit[[*SAID, "several"]].assign(unclear=unclear, by_id=way.by_id)
    return answer, of_rows.isin(found.loc[hit.index])


def _said(rows: pd.DataFrame, code: pd.Series[int]) -> pd.DataFrame:
    """By code what its rows say: the first of each column, and whether they say several things."""
    live = rows["status"] == "live"
    # A word that was paused and put in again is live.
    kept = live | ~live.groupby(code).transform("any")
    groups = rows[kept].groupby(code[kept])
    said = groups[[*AGREED, *SAID]].first()
    return said.assign(several=groups[list(GIVEN)].nunique().gt(1).any(axis=1))


def _contradicted(words: pd.DataFrame, hit: pd.DataFrame) -> pd.Series[bool]:
    wrong = pd.Series(False, index=hit.index)
    for name in AGREED:
        wrong |= words[name].notna() & hit[name].notna() & (words[name] != hit[name])
    return wrong


def _unclear(words: pd.DataFrame, code: pd.Series[int], way: Way) -> pd.Series[bool]:
    """True for words that the keys do not tell from other words."""
    unclear = pd.Series(False, index=words.index)
    if way.one:
        unclear |= _differ(_place(words) if way.one == "place" else words[way.one], code)
    if "campaign" in way.keys and "account" not in way.keys:
        unclear |= _differ(words["account"], words["campaign"])
    return unclear


def _differ(values: pd.Series[str], by: pd.Series) -> pd.Series[bool]:
    return values.groupby(by).transform("nunique") > 1


def _place(words: pd.DataFrame) -> pd.Series[str]:
    names = words[["account", "campaign", "ad_group"]].fillna("")
    return words["ad_group_id"].fillna(names["account"].str.cat(names[["campaign", "ad_group"]], sep="\n"))


def _day(one: BidList) -> pd.Timestamp:
    return one.exported_on or pd.Timestamp.min


def _joined(before: Joined, platform: str, lists: list[BidList], assumed: frozenset[str]) -> Joined:
    """The facts with the bids of one platform's lists too, and how each was joined."""
    facts = before.facts
    mine = facts[(facts["platform"] == platform) & (facts["level"] == "keyword")]
    keys = [name for name in (*BID_ON, "channel") if name in mine.columns]
    code = mine.groupby(keys, dropna=False, sort=False).ngroup()
    words = mine.loc[~code.duplicated(), [*keys, "currency"]].reset_index(drop=True)
    at = mine.index[latest_rows(mine, code)]
    own = _own_bids(mine.loc[at], assumed)
    latest = own.groupby(code.loc[at]).last().reindex(words.index)
    contradictions: list[Contradiction] = []
    given, joins = _taken(words, latest, lists, contradictions)
    rows = given.reindex(code.loc[at]).set_axis(at)
    return Joined(
        _filled(facts, rows),
        (*before.joins, *joins),
        [*before.contradictions, *contradictions],
        [*before.outdated, *_outdated(words, latest, given, lists)],
    )


def _own_bids(latest: pd.DataFrame, assumed: frozenset[str]) -> pd.DataFrame:
    """The bid that the report itself states in each row, and the day it holds on."""
    names = [name for name in ("date", "period_end") if name in latest]
    last = latest[names].max(axis=1) if names else pd.Series(pd.NaT, index=latest.index)
    day = latest.get("exported_on", last)
    only_assumed = latest["source_file"].isin(assumed) if "source_file" in latest else day.isna()
    bid = latest["bid"] if "bid" in latest else pd.Series(np.nan, index=latest.index)
    day = pd.to_datetime(last.where(only_assumed, day)).where(bid.notna())
    return pd.DataFrame({"bid": bid, "day": day})


def _outdated(
    words: pd.DataFrame, own: pd.DataFrame, given: pd.DataFrame, lists: list[BidList]
) -> list[Outdated]:
    """Of each list the words of which the reports say another bid, apart by which of them is the newer."""
    if "listed" not in given:
        return []
    reported, listed = own["bid"].astype(float), given["listed"].astype(float)
    differ = reported.notna() & listed.notna() & ~np.isclose(reported, listed)
    found = []
    for number, one in enumerate(lists):
        for by_list in (True, False):
            mine = given[differ & (given["list"] == number) & (given["bid"].notna() == by_list)]
            if len(mine):
                at = mine.index[0]
                bids = float(reported.loc[at]), float(listed.loc[at])
                found.append(Outdated(one.path, named_word(words.loc[at]), *bids, len(mine), by_list))
    return found


def _taken(
    words: pd.DataFrame, own: pd.DataFrame, lists: list[BidList], contradictions: list[Contradiction]
) -> tuple[pd.DataFrame, list[BidJoin]]:
    """For each word what the newest list that speaks of it gives, by column; and of the bid, whether it is
    taken or not: the list (its number) and what it says.

    own: of each word the bid that its report states and the day that bid holds on.
    """
    taken = pd.DataFrame(index=words.index)
    closed = pd.Series(False, index=words.index)
    joins = []
    for _, equals in groupby(enumerate(lists), key=lambda numbered: _day(numbered[1])):
        asked = [(number, one, matched(words, one.rows)) for number, one in equals]
        contradictions += _contradictions(words, [(one, match) for _, one, match in asked])
        # Where a list is in doubt about a word, an older one is no better.
        for _, _, match in asked:
            closed |= match.several | match.unclear
        for number, one, match in asked:
            given = match.given[list(GIVEN)].mask(closed)
            said = given["bid"].notna()
            # Nobody gives a list of bids without a day to have it taken for older than the report.
            outdated = own["day"] > one.exported_on if one.exported_on is not None else ~said & said
            given = given.assign(
                bid=given["bid"].mask(outdated), listed=given["bid"], list=np.where(said, number, np.nan)
            )
            before = taken["listed"].notna() if "listed" in taken else closed
            joins.append(_join(words, one, match, given["bid"].notna() & ~before))
            taken = taken.combine_first(given)
    return taken, joins


def _contradictions(words: pd.DataFrame, asked: list[tuple[BidList, Match]]) -> list[Contradiction]:
    """Lists of one day of download may repeat each other, but not contradict each other."""
    found = []
    for (one, its), (other, others) in combinations(asked, 2):
        for name in GIVEN:
            this, that = its.given[name], others.given[name]
            differs = this.notna() & that.notna() & (this != that)
            if differs.any():
                sides = (one, its.given), (other, others.given)
                found.append(_contradiction(words[differs], name, sides))
    return found


def _contradiction(
    words: pd.DataFrame, name: str, sides: tuple[tuple[BidList, pd.DataFrame], ...]
) -> Contradiction:
    at, place = words.index[0], named_word(words.iloc[0])
    (where, this), (there, that) = (
        (f"{source.path.as_posix()}:{given.loc[at, 'source_row']:.0f}", f"{given.loc[at, name]}")
        for source, given in sides
    )
    return Contradiction(name, place, where, this, there, that, len(words))


def named_word(word: pd.Series) -> str:
    """A word with its place, for people."""
    parts = (word.get(part) for part in ("campaign", "ad_group", "keyword"))
    return " / ".join(str(part) for part in parts if part and pd.notna(part))


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


def latest_rows(facts: pd.DataFrame, code: pd.Series[int]) -> np.ndarray:
    """True for the rows of each word's last day, or last period; for all of them where they are undated."""
    names = [name for name in ("date", "period_end") if name in facts]
    if not names:
        return np.ones(len(facts), dtype=bool)
    end = facts[names].max(axis=1)
    return np.asarray((end == end.groupby(code).transform("max")) | end.isna(), dtype=bool)


def _filled(facts: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Facts in which the rows of `given` (some of the index of facts × GIVEN) have what the list gives: its
    bid, which is only given where it is newer than the report's, and else what the report leaves out."""
    known = [name for name in GIVEN if name in given and given[name].notna().any()]
    if not known:
        return facts
    facts = facts.copy(deep=False)
    for name in known:
        new = given[name].reindex(facts.index)
        if name not in facts:
            facts[name] = new
        else:
            facts[name] = new.fillna(facts[name]) if name == "bid" else facts[name].fillna(new)
    return with_kinds(facts)


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
