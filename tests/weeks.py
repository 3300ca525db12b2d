"""A shop in one week and the next, and a list that a person went through in between."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from accounts import account, word, words
from lists import Sheet

from ppc_tuner import tune
from ppc_tuner.decisions import read_decisions
from ppc_tuner.history import Ledger, keep_review
from ppc_tuner.listing import Result

WEEK = pd.Timedelta(weeks=1)
MARGIN = {"margin": 0.35}


def shop(weeks: int = 0, clicks: float = 20.0, **bids: float) -> pd.DataFrame:
    """A word to raise, one to lower and eight that stay, `weeks` later; bids are 2 unless given."""
    facts = account(
        word("good", clicks=clicks, conversions=3.0, revenue=1500.0, bid=bids.get("good", 2.0)),
        word("poor", conversions=0.25, revenue=20.0, cost=30.0, bid=bids.get("poor", 2.0)),
        words(8),
    )
    days = {name: facts[name] + weeks * WEEK for name in ("date", "exported_on")}
    return facts.assign(**days)


def listed(facts: pd.DataFrame, ledger: Path | None, **settings: float) -> Result:
    return tune(facts, settings=MARGIN | settings, ledger=ledger, lang="en")


def row(result: Result, keyword: str) -> pd.Series:
    return result.actions.set_index("keyword").loc[keyword]


def reviewed(result: Result, ledger: Path, folder: Path, **marks: str) -> None:
    """The list with these marks by word, put into the ledger."""
    result.remember(ledger)
    (path, *_) = result.save(folder / "list.xlsx", overwrite=True)
    sheet = Sheet(path)
    words_of = {sheet.cell(number, "Keyword").value: number for number in sheet.rows}
    for keyword, mark in marks.items():
        sheet.mark(words_of[keyword], mark)
    assert keep_review(Ledger(ledger), read_decisions(sheet.save()))
