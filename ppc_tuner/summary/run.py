"""One account in one currency, decided."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ppc_tuner.bids import Budget
from ppc_tuner.context import Context
from ppc_tuner.evidence import Completeness, Response
from ppc_tuner.judge import Pack
from ppc_tuner.reports import Platform
from ppc_tuner.text import Text

ACCOUNT = ["platform", "account", "currency"]


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
