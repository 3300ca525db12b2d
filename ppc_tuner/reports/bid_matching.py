"""Where a list of bids speaks of the words of the reports: by their ids, else by their texts, within the ad group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from ppc_tuner.identity import BID_ON, folded, without_match_syntax
from ppc_tuner.reports.bid_lists import AD_GROUP_KEYS, GIVEN
from ppc_tuner.reports.kinds import TEXT

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
class Match:
    """What a list says of each word (same index as the words).

    given: GIVEN and source_row (the list's row), blank where nothing is taken. by_id: found by id, not by text.
    several: the list says several things. unclear: it may speak of another word.
    campaigns: how many the words are of, and how many of these the list holds. unused: its words in no report.
    """

    given: pd.DataFrame
    by_id: pd.Series[bool]
    several: pd.Series[bool]
    unclear: pd.Series[bool]
    campaigns: tuple[int, int]
    unused: int


@dataclass(frozen=True, slots=True)
class Way:
    """One way to find words: equal in `keys`. Words equal in them that differ in `one` cannot be told apart by it."""

    keys: list[str]
    one: str
    by_id: bool


def matched(words: pd.DataFrame, rows: pd.DataFrame) -> Match:
    """words: a row per word of the reports; rows: those of the list. Both have BID_ON and currency as far as known.

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
    table["keyword"] = folded(table["keyword"], width=False)
    return table


def _campaigns(words: pd.DataFrame, rows: pd.DataFrame, shared: set[str]) -> tuple[int, int]:
    """How many campaigns the words are of, and how many of these the list holds: by id where both have it."""
    name = "campaign_id" if "campaign_id" in shared else "campaign"
    known = pd.Series(words[name].dropna().unique())
    return len(known), int(known.isin(rows[name].dropna().unique()).sum())


def _with_texts(table: pd.DataFrame, shared: set[str]) -> pd.DataFrame:
    """The table with bare texts, where the match type is told beside them, and with columns in which blank is a value."""
    bare = without_match_syntax(table["keyword"])
    text = bare if "match_type" in shared else table["keyword"]
    return table.assign(keyword=text, **{name: table[name].fillna("") for name in BLANK_COUNTS})


def _with_loose_ids(table: pd.DataFrame, others: pd.DataFrame, shared: set[str]) -> pd.DataFrame:
    """The table with the ids that count without a place that agrees; the same id elsewhere may be another word.

    renamed_id: where the others do not know the campaign's name; lone_id: where no ad group is told that could differ.
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
    """What the list says of the words that are found this way, by their index; the rows of the list that say it."""
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
