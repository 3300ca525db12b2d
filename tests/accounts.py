"""Small accounts as frames of canonical facts for `tune`, with figures simple enough to reckon with by hand.

Nothing of the tuner is rebuilt here. A figure is one number for all days, or one number a day, oldest first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ppc_tuner import tune
from ppc_tuner.account import Account
from ppc_tuner.columns import FACTS
from ppc_tuner.context import Context
from ppc_tuner.judge import load_pack
from ppc_tuner.locations import rules_folder
from ppc_tuner.reports import facts_from_frame
from ppc_tuner.tuning import tune_account

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

COUNTED = ("impressions", "clicks", "cost", "conversions", "revenue", "orders_placed")

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
    """The words of the list that `tune` makes of these facts, by keyword; sales leave 35 % unless told."""
    actions = tune(facts, rules, context, {"margin": 0.35} | settings).actions
    return actions[actions["level"] == "keyword"].set_index("keyword")


def settled(facts: pd.DataFrame, **settings: Any) -> Account:
    """What `tune` settles of these facts for the whole account."""
    reading = facts_from_frame(facts)
    pack = load_pack("zhitongche", rules_folder(), {"margin": 0.35} | settings)
    return tune_account(reading.facts, reading.platforms["zhitongche"], pack, Context()).settled


def evenly(given: Sequence[Mapping[str, Any]], days: int = DAYS) -> pd.DataFrame:
    """Facts of words given by their sums, of which each day has an equal part (or by one number a day).

    The order in which they are given stands in keyword_id. What no report tells is left to `told`.
    """
    parts = []
    for number, one in enumerate(given):
        figures = {name: one[name] for name in one if name in FACTS and name != "keyword"}
        for name in COUNTED:
            if isinstance(figures.get(name), float):
                figures[name] = figures[name] / days
        parts.append(word(one["keyword"], days, keyword_id=f"{number:06d}", **figures))
    return account(*parts)


def at_once(given: Sequence[Mapping[str, Any]], days: int = DAYS) -> pd.DataFrame:
    """The same words in one row each for all days, as in an export without dates inside."""
    rows = evenly(given, 1).drop(columns="date")
    first = LAST_DAY - pd.Timedelta(days=days - 1)
    return rows.assign(period_start=first, period_end=LAST_DAY)


def told(given: Sequence[Mapping[str, Any]], folder: Path) -> list[Path]:
    """Context tables, written to a folder, with what these words have beside the figures of a report."""
    table = pd.DataFrame(given)
    paths = []
    values = [name for name in table if name not in FACTS and name != "never_shown"]
    if values:
        paths.append(folder / "told.csv")
        yes = table[values].replace({True: "yes", False: "no"})
        table[["item_id", "keyword"]].join(yes).to_csv(paths[-1], index=False)
    if "never_shown" in table:
        paths.append(folder / "words.csv")
        listed = table[table["never_shown"].eq(True)]
        listed[["item_id", "keyword", "bid"]].to_csv(paths[-1], index=False)
    return paths
