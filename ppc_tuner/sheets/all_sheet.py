"""全部关键词 / All keywords: every decision row with its figures, action and reason, to look things up."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.sheets.fields import field_of, says_something, varies
from ppc_tuner.sheets.list_sheet import (
    A3,
    Band,
    Book,
    colour_actions,
    colour_scores,
    row_room,
    write_list,
)
from ppc_tuner.text import Lang, Text

TAB: Final = "#4A5568"
IF_EMPTY: Final = Text("没有关键词", "no keywords")
# Rows are one line high here, so a reason may be this wide.
WIDEST: Final = 60
ALWAYS: Final = ("action", "keyword")
# csv and Parquet hold all the others.
MOST_COLUMNS: Final = 25
GROUPS: Final = (
    (Text("词", "Word"), ("action", "keyword", "match_type", "search_term", "campaign", "ad_group")),
    (Text("出价", "Bid"), ("bid", "new_bid", "bid_change", "moved_with")),
    (
        Text("数据", "Figures"),
        ("impressions", "clicks", "conversions", "cost", "revenue", "ctr_raw", "cvr_raw", "cpc_raw"),
    ),
    (Text("投产", "Return"), ("roas", "bar_roas")),
    (Text("得分（0–100）", "Scores (0–100)"), ("ctr_score", "cpc_score", "cvr_score", "roi_score")),
    (Text("结论", "Verdict"), ("expected_gain", "reason_zh", "reason_en")),
)
# Where several are told apart, in place of the columns that matter least.
TOLD_APART: Final = ("currency", "platform", "account", "device", "item")
GIVES_WAY: Final = ("revenue", "impressions", "cvr_raw", "ctr_raw")


def write_all(book: Book, actions: pd.DataFrame) -> None:
    """Write the sheet of all decision rows. Groups and fragments, which repeat their words and terms, and
    items are left out."""
    sheet = book.sheet("all", tab=TAB, paper=A3)
    words = (
        actions.loc[~actions["level"].isin(["item", "group", "fragment"])] if "level" in actions else actions
    )
    rows = top_by_money(words, row_room())
    bands = _bands(rows, book.lang)
    frozen = sum(name in rows for name in ALWAYS)
    fields = write_list(
        book, sheet, rows, bands, freeze=frozen, if_empty=IF_EMPTY, left_out=len(words) - len(rows)
    )
    colour_scores(sheet, fields, len(rows))
    colour_actions(book, sheet, fields, len(rows))


def top_by_money(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """All rows, or the `most` with the highest cost if there are more; order as given."""
    if len(rows) <= most or "cost" not in rows:
        return rows
    dearest = rows["cost"].fillna(0).argsort(kind="stable").to_numpy()[-most:]
    return rows.iloc[sorted(dearest)]


def _bands(rows: pd.DataFrame, lang: Lang) -> list[Band]:
    other = "_en" if lang == "zh" else "_zh"
    told = [name for name in TOLD_APART if name in rows and varies(rows[name])]
    named = [(label, list(names)) for label, names in GROUPS]
    named[0][1].extend(told)
    shown = [name for _, names in named for name in names if name in rows and not name.endswith(other)]
    shown = [name for name in shown if name in ALWAYS or says_something(rows[name])]
    spare = [name for name in (*GIVES_WAY, *told[::-1]) if name in shown]
    kept = set(shown) - set(spare[: max(len(shown) - MOST_COLUMNS, 0)])
    return [
        Band(label, tuple(field_of(rows, name, lang, most=_most(name)) for name in names if name in kept))
        for label, names in named
    ]


def _most(name: str) -> float | None:
    return WIDEST if name.startswith("reason") else None
