"""Small accounts as frames of canonical facts for `tune`, with figures simple enough to reckon with by hand.

Nothing of the tuner is rebuilt here. A figure is one number for all days, or one number a day, oldest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ppc_tuner import tune

LAST_DAY = pd.Timestamp("2026-03-29")
# So long after the last day that every order has come in: completeness is 1 and clicks count in full.
ALL_IN = LAST_DAY + pd.Timedelta(days=100)
DAYS = 28
# A word that is bought at half its bid and sells one click in twenty.
USUAL = {
    "level": "keyword", "platform": "zhitongche", "currency": "CNY", "campaign": "plan", "ad_group": "unit",
    "item_id": "1", "impressions": 1000.0, "clicks": 20.0, "cost": 20.0, "conversions": 1.0, "revenue": 100.0,
    "bid": 2.0,
}  # fmt: skip

Figure = float | str | bool | None | Sequence[float]


def word(keyword: str, days: int = DAYS, **figures: Figure) -> pd.DataFrame:
    """Daily facts of one word up to LAST_DAY; a figure None leaves its column out."""
    given: dict[str, Any] = USUAL | figures
    dates = pd.date_range(end=LAST_DAY, periods=days)
    columns = {name: value for name, value in given.items() if value is not None}
    return pd.DataFrame({"keyword": keyword, "date": dates, "exported_on": ALL_IN} | columns)


def words(count: int, name: str = "other", **figures: Figure) -> pd.DataFrame:
    """`count` words alike, called name0, name1 …"""
    return account(*(word(f"{name}{number}", **figures) for number in range(count)))


def account(*parts: pd.DataFrame) -> pd.DataFrame:
    """All these words in one account."""
    return pd.concat(parts, ignore_index=True)


def by_week(*figures: float) -> list[float]:
    """A figure a day from one for each week, oldest first."""
    return np.repeat(figures, 7).tolist()


def decided(
    facts: pd.DataFrame,
    rules: str | Path | None = None,
    context: Sequence[Path] | None = None,
    **settings: Any,
) -> pd.DataFrame:
    """The words of the list that `tune` makes of these facts, by keyword."""
    actions = tune(facts, rules, context, settings).actions
    return actions[actions["level"] == "keyword"].set_index("keyword")
