"""One account in one currency, decided."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ppc_tuner.context import Context
from ppc_tuner.evidence import Completeness, Response
from ppc_tuner.judge import Pack
from ppc_tuner.reports import Platform
from ppc_tuner.text import Text

ACCOUNT = ["platform", "account", "currency"]


@dataclass(frozen=True, slots=True)
class Run:
    """One account in one currency, decided: its rows with their verdicts and what had to be assumed."""

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

    @property
    def key(self) -> dict[str, str]:
        """Platform, account and currency, as columns."""
        return {"platform": self.platform.id, "account": self.account, "currency": self.currency}
