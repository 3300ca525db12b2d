"""按计划操作 / By plan: the rows to act on in the order of the ad platform, to tick off one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import ITEM_ACTIONS
from ppc_tuner.sheets.actions_sheet import IF_EMPTY, bid_fields, fields_with_values
from ppc_tuner.sheets.fields import Field, field_of
from ppc_tuner.sheets.labels import DONE
from ppc_tuner.sheets.list_sheet import HEAD_ROWS, Band, Book, row_pixels, row_room, write_list
from ppc_tuner.text import Text

TAB: Final = "#B7791F"
TICK: Final = "✓"
WHERE: Final = Text("所在计划与单元", "Where it stands")
ACTION: Final = Text("出价调整", "The change")
WHY: Final = Text("理由", "Why")
TICKED: Final = Text("勾选", "Tick")
SHOPS: Final = ("platform", "account")


def in_plan_order(act: pd.DataFrame) -> pd.DataFrame:
    """The rows by campaign, ad group and word; actions on a whole item come first in their campaign."""
    act = act.assign(done=np.nan, _of_words=~act["action"].isin(ITEM_ACTIONS))
    names = (*SHOPS, "campaign", "_of_words", "ad_group", "keyword", "search_term", "match_type")
    keys = [name for name in names if name in act]
    act = act.sort_values(keys, kind="stable", na_position="first", ignore_index=True)
    return act.drop(columns="_of_words")


def write_by_plan(book: Book, act: pd.DataFrame) -> None:
    """Write the sheet. `act`: rows to act on, in any order."""
    sheet = book.sheet("plan", tab=TAB)
    act = in_plan_order(act)
    bands = _bands(act, book)
    fields = [field for band in bands for field in band.fields]
    frozen = [field.name for field in fields].index("action")
    write_list(
        book,
        sheet,
        act,
        bands,
        freeze=min(frozen, 4),
        looks=list(zip(act["action"].tolist(), _plan_starts(act), strict=True)),
        pixels=row_pixels(act, fields),
        if_empty=IF_EMPTY,
    )
    sheet.hide_gridlines(2)
    if len(act):
        ticks = {"validate": "list", "source": [TICK], "ignore_blank": True}
        sheet.data_validation(HEAD_ROWS, 0, HEAD_ROWS + min(len(act), row_room()) - 1, 0, ticks)


def _bands(act: pd.DataFrame, book: Book) -> list[Band]:
    lang = book.lang
    tick = replace(field_of(act, "done", lang, label=DONE[lang]), kind="text", fill_in=True, width=8)
    shops: tuple[Field, ...] = fields_with_values(act, SHOPS, lang)
    words = fields_with_values(
        act,
        ("campaign", "ad_group", "item", "keyword", "search_term", "fragment", "match_type", "device"),
        lang,
    )
    new = fields_with_values(act, ("new_match", "new_place"), lang)
    return [
        Band(TICKED, (tick,)),
        Band(WHERE, (*shops, *words)),
        Band(ACTION, (field_of(act, "action", lang), *bid_fields(act, lang), *new)),
        Band(WHY, fields_with_values(act, (f"reason_{lang}",), lang)),
    ]


def _plan_starts(act: pd.DataFrame) -> list[bool]:
    keys = act[[name for name in (*SHOPS, "campaign") if name in act]].astype("str").fillna("")
    return [bool(start) for start in (keys != keys.shift()).any(axis=1)]
