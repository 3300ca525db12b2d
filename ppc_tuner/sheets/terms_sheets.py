"""加词 / Add and 否词 / Exclude: search terms to buy by themselves, and what to block, each to be decided.
冲突 / Conflicts: where words get into each other's way."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import FILLED_IN
from ppc_tuner.identity import ACCOUNT, PLACE_NAMES
from ppc_tuner.run_rows import ROW_KEY
from ppc_tuner.sheets.actions_sheet import (
    DECIDE,
    KEYS,
    WHAT,
    WHY,
    ask_for_decisions,
    fields_with_values,
    input_fields,
)
from ppc_tuner.sheets.fields import Field, field_of
from ppc_tuner.sheets.labels import with_platform_names
from ppc_tuner.sheets.list_sheet import A3, Band, Book, row_pixels, row_room, write_list
from ppc_tuner.text import Lang, Text

LEVELS: Final = ("search_term", "fragment")
TABS: Final = {"add": "#2F855A", "exclude": "#9B1C1C", "conflicts": "#6B46C1"}
SHEETS: Final = {"add": "adds", "exclude": "excludes"}
IF_EMPTY: Final = Text("没有", "none")
FIGURES: Final = Text("报表里", "In the report")
OF_CONFLICTS: Final = ("clicks", "cost", "conversions", "revenue", "cpc", "worth")
BLOCKS: Final = Text("会挡掉", "What it would have blocked")


def of_terms(act: pd.DataFrame) -> pd.Series:
    """Where a row stands on one of these sheets and not on 操作清单 / Actions (flags)."""
    if "level" not in act:
        return pd.Series(False, index=act.index)
    return act["level"].isin(LEVELS) & act["action"].isin(list(SHEETS))


def write_terms(book: Book, act: pd.DataFrame) -> None:
    """Write the sheets that have rows. `act`: rows to act on, in list order; fragments come before terms."""
    for action in SHEETS:
        rows = act.loc[of_terms(act) & act["action"].eq(action)]
        if len(rows):
            first = rows["level"].eq("fragment")
            _write(book, pd.concat([rows[first], rows[~first]]).reset_index(drop=True), action)


def write_conflicts(book: Book, summary: dict[str, pd.DataFrame]) -> None:
    """Write 冲突 / Conflicts where there are any: a list to look through, without decisions."""
    rows = summary.get("conflicts")
    if rows is None or rows.empty:
        return
    rows = with_platform_names(rows, summary.get("platforms"), book.lang)
    lang = book.lang
    where = fields_with_values(rows, (*ACCOUNT, *PLACE_NAMES, "item", "match_type"), lang)
    words = fields_with_values(rows, ("keyword", "search_term"), lang)
    figures = (
        "blocked_now",
        "best_place",
        "p_beaten",
        "clicks",
        "cost",
        "conversions",
        "revenue",
        "cpc",
        "worth",
    )
    bands = [
        Band(WHAT, (*words, *where)),
        Band(WHY, fields_with_values(rows, (f"reason_{lang}",), lang)),
        Band(FIGURES, fields_with_values(rows, figures, lang)),
    ]
    sheet = book.sheet("conflicts", tab=TABS["conflicts"], paper=A3)
    pixels = row_pixels(rows, [field for band in bands for field in band.fields])
    write_list(book, sheet, rows, bands, freeze=1, pixels=pixels, if_empty=IF_EMPTY)
    sheet.hide_gridlines(2)


def _write(book: Book, act: pd.DataFrame, action: str) -> None:
    sheet = book.sheet(SHEETS[action], tab=TABS[action], paper=A3)
    act = act.assign(**{name: act.get(name, np.nan) for name in (*FILLED_IN, ROW_KEY)})
    bands = _bands(act, book.lang)
    fields = [field for band in bands for field in band.fields]
    looks = [(tone, False) for tone in act["action"].tolist()]
    pixels = row_pixels(act, fields)
    placed = write_list(book, sheet, act, bands, freeze=2, looks=looks, pixels=pixels, if_empty=IF_EMPTY)
    sheet.hide_gridlines(2)
    ask_for_decisions(sheet, placed, min(len(act), row_room()), book.lang)


def _bands(act: pd.DataFrame, lang: Lang) -> list[Band]:
    def fields(*names: str) -> tuple[Field, ...]:
        return fields_with_values(act, names, lang)

    where = (*ACCOUNT, *PLACE_NAMES, "item", "keyword")
    return [
        Band(
            WHAT,
            (
                field_of(act, "action", lang),
                *fields("fragment", "search_term", "new_match", "new_place", "new_bid", "block_places"),
                *fields("candidate_from", *where),
            ),
        ),
        Band(BLOCKS, fields("terms_blocked", "orders_blocked", "orders_due")),
        Band(WHY, fields(f"reason_{lang}", "confidence", "expected_gain", "gain_low", "gain_high")),
        Band(DECIDE, input_fields(act, lang)),
        Band(
            FIGURES,
            (
                *fields("clicks", "cost", "conversions", "revenue", "roas", "weekly_cost"),
                *fields("worth", "price_now", "searches"),
            ),
        ),
        Band(KEYS, (replace(field_of(act, ROW_KEY, lang, label=KEYS[lang]), hidden=True),)),
    ]
