"""The top of 总览 / Summary, one screen: what was found, four tiles, what to give, five moves, leaks.

The moves lead to their rows on 操作清单 / Actions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import ACTIONS, COLUMNS
from ppc_tuner.sheets import at_a_glance as glance
from ppc_tuner.sheets import summary_tables as tables
from ppc_tuner.sheets.fields import says_something
from ppc_tuner.sheets.labels import SHEET_NAMES
from ppc_tuner.sheets.list_sheet import HEAD_ROWS, Book
from ppc_tuner.sheets.page_sheet import Page, Table, Tile
from ppc_tuner.text import Lang, Text

MOVES: Final = Text(
    "最值得做的五件事（点击跳到操作清单）", "The five moves worth most (each leads to its row)"
)
LEAKS: Final = Text("钱漏在哪里：投产没到保本的词", "Where money leaks: words below break-even")
BEFORE: Final = Text("上期 {}", "{} before")
MOST_MOVES: Final = 5
TILES: Final = ("cost", "revenue", "roas", "conversions")
MOVED: Final = (glance.WORD, glance.PLACE, glance.BID, glance.GAIN)
LEAKED: Final = ("match_type", "campaign", "cost", "roas", "bar_roas", "lost", "action")


def five_moves(act: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The rows of Actions (n, in its order) that bring most: `line` on the sheet from 0, texts, reason."""
    if act.empty or "expected_gain" not in act:
        return pd.DataFrame()
    shown = glance.with_glances(act.reset_index(drop=True), lang)
    best = shown["expected_gain"].fillna(-1).sort_values(ascending=False, kind="stable").index[:MOST_MOVES]
    return shown.loc[best].assign(line=best + HEAD_ROWS)


def write_front(book: Book, page: Page, summary: dict[str, pd.DataFrame], moves: pd.DataFrame | None) -> None:
    """Write what a person should see first; parts whose frames are missing or empty are left out."""
    lang = book.lang
    for name, look in (("found", "lead"), ("to_give", "alarm")):
        for text in lines_said(summary, name, lang):
            page.paragraph(text, look)
    periods = summary.get("periods")
    if periods is not None and len(periods):
        page.gap(8)
        page.tiles(_tiles(periods, lang))
    if moves is not None and len(moves):
        page.section(MOVES[lang])
        for row in moves.to_dict("records"):
            target = f"internal:'{SHEET_NAMES['actions'][lang]}'!D{row['line'] + 1}"
            action = ACTIONS[row["action"]][lang] if row["action"] in ACTIONS else str(row["action"])
            said = " · ".join(part for part in (action, *(row[name] for name in MOVED)) if part)
            page.link(said, target, str(row.get(f"reason_{lang}", "")))
    leaks = summary.get("leaks")
    if leaks is not None and len(leaks):
        page.section(LEAKS[lang])
        page.table(_leaks(leaks, lang))


def lines_said(summary: dict[str, pd.DataFrame], name: str, lang: Lang) -> list[str]:
    """The sentences of a frame of the summary; none where it is missing or empty."""
    frame = summary.get(name)
    if frame is None or frame.empty:
        return []
    return [str(text) for text in frame[f"text_{lang}"].dropna()]


def _tiles(periods: pd.DataFrame, lang: Lang) -> list[Tile]:
    """Spend, revenue, ROAS and orders of this period, with the one before; of the first account."""
    names = [name for name in ("platform", "account", "currency") if name in periods]
    first = periods[names].astype("str").fillna("").eq(periods[names].astype("str").fillna("").iloc[0])
    known = periods[first.all(axis=1)].set_index("measure")
    tiles = []
    for name in (one for one in TILES if one in known.index):
        now, before, change = (
            float(known.loc[[name], side].iloc[0]) for side in ("this", "before", "change")
        )
        shown: Callable[[float], str] = ("{:,.2f}" if name == "roas" else "{:,.0f}").format
        said = [
            *([BEFORE[lang].format(shown(before))] if np.isfinite(before) else []),
            *([f"{change:+.0%}"] if np.isfinite(change) else []),
        ]
        if np.isfinite(now):
            tiles.append(Tile(COLUMNS[name].label[lang], shown(now), " · ".join(said)))
    return tiles


def _leaks(leaks: pd.DataFrame, lang: Lang) -> Table:
    """Words that brought less than break-even, the largest loss first; why each is or is not touched."""
    terms = "search_term" in leaks and says_something(leaks["search_term"])
    name = "search_term" if terms else "keyword"
    reason = f"reason_{lang}"
    names = [name, *(one for one in LEAKED if one in leaks and says_something(leaks[one])), reason]
    spans = {"campaign": 2, reason: 14 - len(names) - 1}
    shown = leaks.reset_index(drop=True)
    return Table(tables.columns_at(shown, names, lang, start=0, spans=spans), shown, ("",) * len(shown))
