"""The rows of a list with what was decided on each, and the rows whose decision cannot be followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from ppc_tuner.decisions.marks import ACCEPTED, CHANGED, REJECTED, UNCLEAR, bids_of, marks_of
from ppc_tuner.identity import ACCOUNT
from ppc_tuner.run_rows import WITHOUT_BID
from ppc_tuner.text import Lang, Text

__all__ = ["ACCEPTED", "CHANGED", "REJECTED", "UNCLEAR", "Decided", "Unread", "decided", "names_of"]

CALLED: Final = ("fragment", "search_term", "keyword", "moved_with", "item", "ad_group", "campaign")
# The names of a group's words are found by.
OF_GROUP: Final = (*ACCOUNT, "moved_with")

UNKNOWN_MARK: Final = Text(
    "决定一栏写的不认识：请选 采纳、拒绝 或 改价",
    "the decision is not known: choose accept, reject or change",
)
NO_BID: Final = Text(
    "最终出价不是数字：请填一个价格，如 1.25", "the final bid is no number: enter a price such as 1.25"
)
BID_MISSING: Final = Text(
    "决定是改价，但没有最终出价：请填上", "the decision is change but there is no final bid: enter it"
)
REJECTED_BID: Final = Text(
    "既拒绝又填了最终出价：请只留一个", "rejected, yet with a final bid: take one of the two away"
)
BEARS_NO_BID: Final = Text(
    "这一行没有自己的出价，填的最终出价用不上：请清空，再选 采纳 或 拒绝",
    "this row has no bid of its own to change: clear the final bid and choose accept or reject",
)
DECIDED_TWICE: Final = Text(
    "同一行出现多次，决定不一样：请只留一行",
    "the row stands there more than once with different decisions: keep one",
)
TWO_GROUPS: Final = Text(
    "两组同名，决定不一样，分不清它的词属于哪一组：请给两组同样的决定",
    "two groups of one name were decided differently, so their words cannot be told apart: decide alike",
)


class Unread(NamedTuple):
    """A row whose decision is not followed: `where` it stands, what it is called, and why."""

    where: str
    name: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Decided:
    """A list as a person left it.

    `rows` (n): a row for each row of the list that is still there and each word that moves with its group, in
    the order of the list: CARRIED of run_rows, row_key, decision (ACCEPTED, REJECTED, CHANGED, UNCLEAR or
    ""), final_bid (money; NaN where none was given), note, where (sheet and row). `unread`: marks that cannot
    be followed, each row named. `written_on`: the day the list was written, for an undated one the day its
    figures are from at the latest; None where that is not known. `lang`: that of the workbook.
    """

    path: Path
    rows: pd.DataFrame
    unread: tuple[Unread, ...]
    written_on: date | None
    lang: Lang | None = None

    @property
    def is_marked(self) -> bool:
        """Whether anybody has marked any row."""
        return bool(self.rows["decision"].ne("").any()) or bool(self.unread)


def names_of(rows: pd.DataFrame) -> pd.Series[str]:
    """What each row is called (n,): its word or term, else its group, item or place."""
    name = pd.Series("", index=rows.index, dtype="str")
    # A back-fill over columns takes a step for each row.
    for one in CALLED:
        if one in rows:
            name = name.where(name.ne(""), rows[one].astype("str").fillna(""))
    return name


def decided(rows: pd.DataFrame, marks: pd.DataFrame) -> tuple[pd.DataFrame, list[Unread]]:
    """The rows with their decisions, and the marks that cannot be followed.

    `rows` (n): rows of the list with `row_key`; `marks` (m): row_key and where of the rows still there, and
    what was written into decision, final_bid and note.
    """
    told, unread = _each_once(_read(marks, rows))
    joined = rows.merge(told, on="row_key", how="left", sort=False)
    joined.index = rows.index
    with_group, more = _with_groups(joined)
    return with_group[with_group["decision"].notna()].reset_index(drop=True), [*unread, *more]


def _read(marks: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The marks as decisions, with `reason`: why one cannot be followed, None where it can."""
    about = marks[["row_key"]].merge(rows.drop_duplicates("row_key"), on="row_key", how="left")
    about.index = marks.index
    mark = marks_of(marks["decision"])
    bid, wrong = bids_of(marks["final_bid"])
    given = bid.notna()
    without = about["action"].isin(WITHOUT_BID) | about["level"].eq("group")
    reason = pd.Series(None, index=marks.index, dtype=object)
    for why, found in (
        (UNKNOWN_MARK, mark.eq(UNCLEAR)),
        (NO_BID, wrong),
        (REJECTED_BID, mark.eq(REJECTED) & given),
        (BEARS_NO_BID, given & without),
        (BID_MISSING, mark.eq(CHANGED) & ~given),
    ):
        reason[found & reason.isna()] = why
    # A price that was filled in counts, whatever was chosen beside it.
    decision = mark.mask(given, CHANGED).mask(reason.notna(), UNCLEAR)
    return pd.DataFrame(
        {
            "row_key": marks["row_key"], "where": marks["where"], "name": names_of(about),
            "decision": decision, "final_bid": bid.mask(reason.notna()),
            "note": marks["note"].fillna("").str.strip(), "reason": reason,
        }
    )  # fmt: skip


def _each_once(told: pd.DataFrame) -> tuple[pd.DataFrame, list[Unread]]:
    """One decision for each row of the list; a row that stands there twice must say the same."""
    said = told["decision"] + " " + told["final_bid"].astype("str").fillna("")
    differs = said.groupby(told["row_key"]).transform("nunique").gt(1)
    told = told.assign(
        reason=told["reason"].mask(differs & told["reason"].isna(), DECIDED_TWICE),
        decision=told["decision"].mask(differs, UNCLEAR),
        final_bid=told["final_bid"].mask(differs),
    )
    unread = told[told["reason"].notna()]
    listed = [Unread(*one) for one in unread[["where", "name", "reason"]].itertuples(index=False, name=None)]
    return told.drop(columns=["reason", "name"]).drop_duplicates("row_key"), listed


def _with_groups(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Unread]]:
    """The rows, each word that moves with its group under the group's decision; a mark of its own goes first.

    In a workbook such words stand on no sheet of decisions: where their group has been deleted, so have they.
    """
    keys = pd.MultiIndex.from_frame(rows[list(OF_GROUP)].fillna(""))
    group = rows["level"].eq("group")
    told = rows.assign(key=keys)[group & rows["decision"].notna()]
    unlike = told.groupby("key")["decision"].transform("nunique").gt(1)
    unread = [
        Unread(where, name, TWO_GROUPS)
        for where, name in told.loc[unlike, ["where", "moved_with"]].itertuples(index=False, name=None)
    ]
    told = (
        told.assign(decision=told["decision"].mask(unlike, UNCLEAR)).drop_duplicates("key").set_index("key")
    )
    follows = (
        rows["moved_with"].notna() & ~group & (rows["decision"].isna() | rows["decision"].eq(""))
        & keys.isin(told.index)
    )  # fmt: skip
    theirs = {
        name: rows[name].astype(object).mask(follows, told[name].astype(object).reindex(keys).to_numpy())
        for name in ("decision", "note", "where")
    }
    return rows.assign(**theirs), unread
