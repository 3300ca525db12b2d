"""What is remembered of each row from earlier lists: what a person rejected, and what became of its bid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.identity import remembered_by

# Bids that differ by less are the same: platforms round them.
SAME_BID: Final = 0.005
DAYS_A_WEEK: Final = 7.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What the ledger tells, by the key of a row (identity.remembered_by).

    `decisions`: what a person decided last, a row for each key: day (the first that the figures of that list
    did not cover), decided_on, action, decision, final_bid (money), clicks. `bids`: a row for each key and
    list: day, action, bid, new_bid (money), expected_gain (money a week). `today`: the day on which
    reports without dates are read.
    """

    decisions: pd.DataFrame
    bids: pd.DataFrame
    today: pd.Timestamp | None

    @staticmethod
    def nothing() -> Memory:
        """The memory of a first week."""
        decisions = ("day", "decided_on", "key", "action", "decision", "final_bid", "clicks")
        bids = ("day", "key", "action", "bid", "new_bid", "expected_gain")
        return Memory(pd.DataFrame(columns=decisions), pd.DataFrame(columns=bids), None)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to remember."""
        return self.decisions.empty and self.bids.empty


def remembered(rows: pd.DataFrame, standing: pd.DataFrame, memory: Memory) -> dict[str, pd.Series]:
    """The columns of columns.REMEMBERED of n rows; nothing where nothing is remembered of any.

    `rows` (n): figures with the names of each row; `standing` (n): its bid and status of today.
    """
    if memory.is_empty:
        return {}
    last_day = rows["last_day"].max() if "last_day" in rows else pd.NaT
    today = memory.today if pd.isna(last_day) else last_day + pd.Timedelta(days=1)
    if today is None:
        return {}
    key = pd.Series(remembered_by(rows), index=rows.index)
    found = _rejections(key, memory.decisions, today) | _bids(key, standing, memory, today)
    return {name: column for name, column in found.items() if column.notna().any()}


def _rejections(key: pd.Series, decisions: pd.DataFrame, today: pd.Timestamp) -> dict[str, pd.Series]:
    """What was rejected of each row, unless something else was decided since."""
    rejected = decisions[decisions["decision"].eq("rejected")].set_index("key")
    if rejected.empty:
        return {}
    weeks = (today - _of(key, pd.to_datetime(rejected["day"]))).dt.days.clip(lower=0) / DAYS_A_WEEK
    return {
        "rejected_action": _of(key, rejected["action"]).astype("str"),
        "rejected_on": _of(key, pd.to_datetime(rejected["decided_on"]).dt.strftime("%Y-%m-%d")).astype("str"),
        "rejected_weeks": weeks.astype("float64"),
        "rejected_clicks": _of(key, rejected["clicks"]).astype("float64"),
    }


def _bids(
    key: pd.Series, standing: pd.DataFrame, memory: Memory, today: pd.Timestamp
) -> dict[str, pd.Series]:
    """What became of each row's bid since earlier lists."""
    bids = memory.bids
    before = bids[pd.to_datetime(bids["day"]) < today].sort_values("day", kind="stable")
    if before.empty:
        return {}
    nothing = pd.Series(np.nan, index=key.index)
    now = standing["bid"].astype("float64") if "bid" in standing else nothing
    then = before.drop_duplicates("key", keep="last").set_index("key")
    changed = _changed(key, now, before)
    days = (today - changed["day"]).dt.days.astype("float64")
    return {
        "bid_changed": changed["by"],
        "days_since_change": days,
        "last_done": _done(key, now, standing, then, memory.decisions),
        "last_list_on": _of(key, pd.to_datetime(then["day"])),
        "promised_gain": _of(key, pd.to_numeric(then["expected_gain"])).astype("float64"),
    }  # fmt: skip


def _changed(key: pd.Series, now: pd.Series, before: pd.DataFrame) -> pd.DataFrame:
    """By how much (share) the bid of today differs from the last one that it differs from, and the `day` of
    the list that still showed that one."""
    told = before[before["bid"].notna()]
    joined = told.assign(now=told["key"].map(now.groupby(key.to_numpy()).last()))
    other = joined[(joined["now"] / joined["bid"] - 1).abs() > SAME_BID]
    last = other.drop_duplicates("key", keep="last").set_index("key")
    by = now / _of(key, pd.to_numeric(last["bid"])) - 1
    return pd.DataFrame({"by": by, "day": _of(key, pd.to_datetime(last["day"]))})


def _done(
    key: pd.Series, now: pd.Series, standing: pd.DataFrame, then: pd.DataFrame, decisions: pd.DataFrame
) -> pd.Series:
    """What became of the last list's proposal: applied, differently, not_applied, rejected, accepted (no bid
    tells), elsewhere (changed without a proposal); missing where there was none and nothing changed."""
    action = _of(key, then["action"]).astype("str").fillna("")
    bid, wanted = (_of(key, pd.to_numeric(then[name])) for name in ("bid", "new_bid"))
    decided = decisions.set_index("key")
    # A decision on an older list says nothing of the last one.
    current = _of(key, pd.to_datetime(decided["day"])).ge(_of(key, pd.to_datetime(then["day"])))
    decision = _of(key, decided["decision"]).astype("str").where(current, "").fillna("")
    own = _of(key, pd.to_numeric(decided["final_bid"])).where(decision.eq("changed"))
    wanted = own.fillna(wanted)
    moves = action.isin(["raise", "lower"]) & wanted.notna()
    known = now.notna() & bid.notna()
    changed = known & ((now / bid - 1).abs() > SAME_BID)
    as_wanted = changed & ((now / wanted - 1).abs() <= SAME_BID)
    status = standing["status"].astype("str").fillna("") if "status" in standing else pd.Series("", key.index)
    stopped, live = status.eq("paused"), status.eq("live")
    done: Any = np.select(
        [
            moves & as_wanted, moves & changed, action.eq("delete") & stopped,
            changed, decision.eq("rejected"), moves & known, action.eq("delete") & live,
            decision.isin(["accepted", "changed"]),
        ],
        [
            "applied", "differently", "applied",
            "elsewhere", "rejected", "not_applied", "not_applied",
            "accepted",
        ],
        "",
    )  # fmt: skip
    text = pd.Series(done, index=key.index, dtype="str")
    return text.mask(text.eq(""))


def _of(key: pd.Series, told: pd.Series) -> pd.Series:
    """What is told of each key (n,), by an index of keys; missing where nothing is."""
    return told.reindex(key.to_numpy()).set_axis(key.index)
