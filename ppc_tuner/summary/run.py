"""One account in one currency, decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ppc_tuner.account import Account
from ppc_tuner.bids import Budget
from ppc_tuner.columns import ITEM_ACTIONS, OF_THE_ACCOUNT
from ppc_tuner.context import Context
from ppc_tuner.judge import Pack
from ppc_tuner.periods import first_and_last_day, in_event, period_bounds, whole_event_days
from ppc_tuner.reports import Platform
from ppc_tuner.text import Text


def rows_where(rows: pd.DataFrame, wanted: pd.Series) -> pd.DataFrame:
    """The wanted rows (flags, n). Rows that follow one another are not copied."""
    places = np.flatnonzero(wanted.to_numpy(dtype=bool))
    if len(places) and places[-1] - places[0] + 1 == len(places):
        return rows.iloc[places[0] : places[-1] + 1]
    return rows.iloc[places]


class Periods(NamedTuple):
    """The days of a run: start of the data, this period's first and last day, start of the one before.

    All are NaT if the report has no dates. `skipped`: days left out of both periods because every fact is in
    an event.
    """

    start: Any
    first: Any
    last: Any
    before: Any
    skipped: pd.Series


@dataclass(frozen=True)
class Run:
    """One account in one currency, decided.

    `facts`: canonical facts, without what they tell of words. `rows`: one per decision row with its verdict,
    then one per group of words that move together, one per fragment of search terms to exclude, one per
    candidate to add, one per item to mend. `warnings` must be known before the list is read; `assumptions`
    are what had to be assumed. `accounts`: what holds for the whole account, by level; `pack`: as settled by
    the first of them; `known`: the context tables; `budget`: money a week; `under_other_margins`: makes
    `what_if`.
    """

    platform: Platform
    account: str
    currency: str
    pack: Pack
    facts: pd.DataFrame
    rows: pd.DataFrame
    warnings: tuple[Text, ...]
    assumptions: tuple[Text, ...]
    accounts: Mapping[str, Account]
    known: Context
    budget: Budget = field(default_factory=Budget)
    under_other_margins: Callable[[], pd.DataFrame] = pd.DataFrame

    @property
    def settled(self) -> Account:
        """What holds for the account, of its first level: its keywords, else its search terms."""
        return next(iter(self.accounts.values()))

    def seen_by_rules(self, actions: pd.DataFrame) -> pd.DataFrame:
        """The rows of a list that are this run's, each with what holds for its account (OF_THE_ACCOUNT)."""
        own = pd.Series(True, index=actions.index)
        for name, key in self.key.items():
            own &= (actions[name].fillna("") if name in actions else "") == key
        seen: pd.DataFrame = actions[own]
        figures = {level: account.in_rules() for level, account in self.accounts.items()}
        known = {
            name: seen["level"].map({level: of_level[name] for level, of_level in figures.items()})
            for name in OF_THE_ACCOUNT
        }
        return seen.assign(**{name: column.astype("float64") for name, column in known.items()})

    @property
    def key(self) -> dict[str, str]:
        """Platform, account and currency, as columns."""
        return {"platform": self.platform.id, "account": self.account, "currency": self.currency}

    @cached_property
    def what_if(self) -> pd.DataFrame:
        """The list under other margins (columns of summary.spend); made when first asked for, as it costs
        as much as the list."""
        return self.under_other_margins()

    @cached_property
    def words(self) -> pd.DataFrame:
        """The decision rows of every level, without groups and fragments, which repeat them, candidates,
        which have no figures, and items to mend."""
        others = self.rows["action"].isin(ITEM_ACTIONS) | self.rows["level"].isin(["group", "fragment"])
        return rows_where(self.rows, ~others & ~self._candidate)

    @property
    def _candidate(self) -> pd.Series:
        """Flag per row: a word that a list proposes; it has no figures."""
        if "candidate_from" not in self.rows:
            return pd.Series(False, index=self.rows.index)
        return self.rows["candidate_from"].notna()

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """The words of lists to add."""
        candidates: pd.DataFrame = self.rows[self._candidate]
        return candidates

    @cached_property
    def groups(self) -> pd.DataFrame:
        """The groups of small words that move together."""
        groups: pd.DataFrame = self.rows[self.rows["level"].eq("group")]
        return groups

    @cached_property
    def fragments(self) -> pd.DataFrame:
        """What many search terms have in common and is to be excluded."""
        fragments: pd.DataFrame = self.rows[self.rows["level"].eq("fragment")]
        return fragments

    @cached_property
    def items(self) -> pd.DataFrame:
        """The items to mend."""
        items: pd.DataFrame = self.rows[self.rows["action"].isin(ITEM_ACTIONS)]
        return items

    @cached_property
    def spending(self) -> pd.DataFrame:
        """The decision rows of the first level; one level adds up, search terms repeat their keywords."""
        words = self.words
        return rows_where(words, words["level"] == words["level"].iloc[0])

    @property
    def about(self) -> dict[str, Any]:
        """What the ledger keeps of the run beside its rows."""
        gain = self.words["expected_gain"].sum() + self.groups["expected_gain"].sum()
        return self.key | {
            "pack": self.pack.name, "objective": self.settled.goal.objective, "words": len(self.words),
            "expected_gain": round(float(gain), 2),
        }  # fmt: skip

    @property
    def events(self) -> pd.Series:
        """Flag per fact: it is in an event."""
        return in_event(self.facts, self.known.events)

    @property
    def periods(self) -> Periods:
        """This period and the one before."""
        start, end = first_and_last_day(self.facts)
        skipped = whole_event_days(end, self.events)
        bounds = period_bounds(start, end, int(self.pack.settings["period_days"]), skipped)
        return Periods(start.min(), *bounds, skipped)
