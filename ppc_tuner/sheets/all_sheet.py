"""全部关键词 / All keywords: every decision row and every column with values, for looking things up."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from ppc_tuner.columns import (
    COMPETING,
    CONTEXT,
    DECIDED,
    ESTIMATES,
    FIGURES,
    ITEMS,
    STANDING,
    TARGETS,
    WORD_KINDS,
)
from ppc_tuner.run_rows import ROW_KEY
from ppc_tuner.sheets.fields import field_of, says_something
from ppc_tuner.sheets.list_sheet import (
    A3,
    Band,
    Book,
    colour_actions,
    colour_scores,
    fold,
    row_room,
    write_list,
)
from ppc_tuner.text import Lang, Text

TAB: Final = "#4A5568"
IF_EMPTY: Final = Text("没有关键词", "no keywords")
WORD: Final = (
    "action", "keyword", "match_type", "search_term", "campaign", "ad_group", "item", "kind",
    "bid_change", "bid", "new_bid", "moved_with", "level",
    "platform", "account", "currency", "channel", "device",
    "campaign_id", "ad_group_id", "item_id", "keyword_id",
)  # fmt: skip
# Rows are one line high here, so text columns may be this wide.
WIDEST: Final = 110
FOR_A_PERSON: Final = ("decision", "final_bid", "note", ROW_KEY)
ALWAYS: Final = ("action", "keyword")
# Folded away: ends of intervals, and the sums that the estimates were made from.
PUT_AWAY: Final = re.compile(r"_(low|high)(80|90)$|^counted_")

GROUPS: Final = (
    (Text("报表数据", "Facts"), FIGURES | STANDING | WORD_KINDS),
    (Text("表里给的", "From context tables"), CONTEXT),
    (Text("估计与区间", "Estimates and intervals"), ESTIMATES),
    (Text("同词多处投", "Bought in several places"), COMPETING),
    (Text("宝贝整体", "The item as a whole"), ITEMS),
    (Text("目标出价与依据", "Targets and evidence"), TARGETS),
    (Text("结论", "Verdict"), DECIDED),
)
WORD_BAND: Final = Text("词", "Word")
OTHER_BAND: Final = Text("其他", "Other")


def write_all(book: Book, actions: pd.DataFrame) -> None:
    """Write the sheet of all decision rows. Groups and fragments, which repeat their words and terms, and
    items are left out."""
    sheet = book.sheet("all", tab=TAB, paper=A3)
    words = (
        actions.loc[~actions["level"].isin(["item", "group", "fragment"])] if "level" in actions else actions
    )
    rows = top_by_money(words, row_room())
    bands = _bands(rows, book.lang)
    frozen = sum(name in rows for name in ("action", "keyword"))
    fields = write_list(
        book, sheet, rows, bands, freeze=frozen, if_empty=IF_EMPTY, left_out=len(words) - len(rows)
    )
    # Too many columns for one page: pages print side by side, each repeating the words.
    sheet.fit_to_pages(0, 0)
    sheet.set_print_scale(70)
    sheet.repeat_columns(0, max(frozen - 1, 0))
    fold(sheet, fields, {field.name for field in fields if PUT_AWAY.search(field.name)})
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
    names = [str(name) for name in rows.columns if name not in FOR_A_PERSON and not str(name).endswith(other)]
    names = [name for name in names if name in ALWAYS or says_something(rows[name])]
    grouped: list[tuple[Text, list[str]]] = [(WORD_BAND, [name for name in WORD if name in names])]
    for label, group in GROUPS:
        grouped.append((label, [name for name in group if name in names and name not in WORD]))
    told = {name for _, group in grouped for name in group}
    grouped.append((OTHER_BAND, [name for name in names if name not in told]))
    return [
        Band(label, tuple(field_of(rows, name, lang, most=WIDEST) for name in group))
        for label, group in grouped
    ]
