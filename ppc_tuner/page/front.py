"""The top of the page: what was found, tiles, the moves worth most, leaks, and the charts' figures.

All of it by account, as currencies are never summed; every figure is one of the list or its summary.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.identity import ACCOUNT
from ppc_tuner.live import takes_bids
from ppc_tuner.page.packing import columns_of, pair
from ppc_tuner.page.rows import ROW
from ppc_tuner.sheets.front import five_moves
from ppc_tuner.sheets.terms_sheets import of_terms
from ppc_tuner.summary import Run
from ppc_tuner.text import Text

SAID: Final = ("found", "to_give", "headline", "assumptions")
TILES: Final = ("cost", "revenue", "roas", "conversions")
PERIOD: Final = ("measure", "this", "before", "change")
LAST_MONEY: Final = ("word", "campaign", "now_cost", "sold_at_margin", "bar_roas")
FORECAST: Final = ("measure", "now", "expected", "low", "high")
LEAKED: Final = (
    "keyword", "search_term", "match_type", "campaign", "cost", "roas", "bar_roas", "lost", "action",
    "reason_zh", "reason_en",
)  # fmt: skip
CAMPAIGNS: Final = (
    "campaign", "cost", "revenue", "roas", "break_even_roas", "conversions", "words", "acted",
    "expected_gain",
)  # fmt: skip
MOST_CAMPAIGNS: Final = 60
# The words with the most money in them: what their last money sells is worth a look.
MOST_WORDS: Final = 14

Summary = dict[str, pd.DataFrame]
Key = tuple[str, ...]


def sentences(summary: Summary) -> dict[str, list[list[str]]]:
    """The sentences of the summary, by frame."""
    return {
        name: [
            pair(Text(str(zh), str(en)))
            for zh, en in summary[name][["text_zh", "text_en"]].itertuples(index=False, name=None)
        ]
        for name in SAID
        if name in summary and len(summary[name])
    }


def about_accounts(
    runs: tuple[Run, ...], summary: Summary, rows: pd.DataFrame, numbers: pd.Series
) -> list[dict[str, Any]]:
    """For each account its names, tiles, best moves, leaks and the figures of its charts.

    `rows`, `numbers`: the rows of the page and the account of each.
    """
    told = []
    for number, run in enumerate(runs):
        key, own = tuple(run.key.values()), rows[numbers.eq(number)]
        told.append(
            {
                "platform": pair(run.platform.name),
                "account": run.account,
                "currency": run.currency,
                "tiles": columns_of(_tiles(_of(summary, "periods", key)), PERIOD),
                "forecast": columns_of(_of(summary, "forecast", key), FORECAST),
                "moves": best_moves(own),
                "leaks": columns_of(_leaks(summary, run.currency), LEAKED),
                "campaigns": columns_of(
                    _of(summary, "by_campaign", key).head(MOST_CAMPAIGNS), CAMPAIGNS
                ),
                "last_money": columns_of(_last_money(own), LAST_MONEY),
                "break_even": _break_even(own),
            }
        )  # fmt: skip
    return told


def best_moves(own: pd.DataFrame) -> list[int]:
    """The numbers of the rows that bring most, the best first: those that the workbook names first."""
    listed = own[own["acts"].astype(bool) & ~of_terms(own)]
    best = five_moves(listed.assign(**{ROW: listed.index}), "en")
    return [int(one) for one in best[ROW]] if len(best) else []


def _of(summary: Summary, name: str, key: Key) -> pd.DataFrame:
    """The rows of one account."""
    frame = summary.get(name, pd.DataFrame())
    if frame.empty:
        return frame
    names = frame.reindex(columns=list(ACCOUNT)).astype("str").fillna("")
    return frame[(names == list(key)).all(axis=1)].reset_index(drop=True)


def _tiles(periods: pd.DataFrame) -> pd.DataFrame:
    if periods.empty:
        return periods
    known = periods[periods["measure"].isin(TILES) & periods["this"].notna()]
    return known.sort_values("measure", key=lambda names: names.map(list(TILES).index))


def _leaks(summary: Summary, currency: str) -> pd.DataFrame:
    leaks = summary.get("leaks", pd.DataFrame())
    if leaks.empty or "currency" not in leaks:
        return leaks
    return leaks[leaks["currency"].fillna("").eq(currency)]


def _last_money(own: pd.DataFrame) -> pd.DataFrame:
    """The words with the most spend a week whose bid can be moved, and what one more unit of money sells."""
    if "sold_at_margin" not in own or "now_cost" not in own:
        return pd.DataFrame()
    words = own[own["level"].isin(["keyword", "search_term"]) & takes_bids(own)]
    words = words[words["level"].eq(words["level"].iloc[0])] if len(words) else words
    known = words[np.isfinite(words["sold_at_margin"].astype("float64")) & words["now_cost"].gt(0)]
    dearest = known.sort_values("now_cost", ascending=False, kind="stable").head(MOST_WORDS)
    named = dearest.assign(word=dearest["word_zh"])
    return named.sort_values("sold_at_margin", ascending=False, kind="stable")


def _break_even(own: pd.DataFrame) -> list[float] | None:
    """The lowest and the highest break-even ROAS of the account's words; None where no margin is known."""
    if "break_even_roas" not in own:
        return None
    known = own.loc[own["level"].isin(["keyword", "search_term"]), "break_even_roas"].dropna()
    return [round(float(known.min()), 6), round(float(known.max()), 6)] if len(known) else None
