"""One account in one currency, decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from ppc_tuner.bids import Budget
from ppc_tuner.columns import ITEM_ACTIONS
from ppc_tuner.context import Context
from ppc_tuner.evidence import Completeness, Response
from ppc_tuner.judge import Pack
from ppc_tuner.periods import first_and_last_day, in_event, period_bounds, whole_event_days
from ppc_tuner.reports import Platform
from ppc_tuner.text import Text

ACCOUNT = ["platform", "account", "currency"]


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


class Prior(NamedTuple):
    """The prior chosen for the account.

    `source`: none, price or features; `lean`: the power to which it enters; `gain`: in log likelihood per
    word.
    """

    source: str
    lean: float
    gain: float


@dataclass(frozen=True, slots=True)
class Run:
    """One account in one currency, decided.

    `facts`: canonical facts. `rows`: one per decision row with its verdict, then one per item to mend.
    `warnings` must be known before the list is read; `assumptions` are what had to be assumed. `delay`: how
    complete orders are by age; `response`: what one more click costs; `known`: the context tables; `budget`:
    money a week.
    """

    platform: Platform
    account: str
    currency: str
    pack: Pack
    facts: pd.DataFrame
    rows: pd.DataFrame
    warnings: tuple[Text, ...]
    assumptions: tuple[Text, ...]
    delay: Completeness
    response: Response
    known: Context
    budget: Budget = field(default_factory=Budget)

    @property
    def key(self) -> dict[str, str]:
        """Platform, account and currency, as columns."""
        return {"platform": self.platform.id, "account": self.account, "currency": self.currency}

    @property
    def words(self) -> pd.DataFrame:
        """The decision rows of every level, without the items to mend."""
        words: pd.DataFrame = self.rows[~self.rows["action"].isin(ITEM_ACTIONS)]
        return words

    @property
    def items(self) -> pd.DataFrame:
        """The items to mend."""
        items: pd.DataFrame = self.rows[self.rows["action"].isin(ITEM_ACTIONS)]
        return items

    @property
    def spending(self) -> pd.DataFrame:
        """The decision rows of the first level; one level adds up, search terms repeat their keywords."""
        words = self.words
        one_level: pd.DataFrame = words[words["level"] == words["level"].iloc[0]]
        return one_level

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

    @property
    def prior(self) -> Prior:
        """The prior that the account's own data chose."""
        first = self.rows.iloc[0]
        return Prior(str(first["prior_source"]), float(first["prior_lean"]), float(first["prior_gain"]))
