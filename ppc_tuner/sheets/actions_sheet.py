"""操作清单 / Actions: the rows to act on, most important first, each with a decision to fill in."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
from xlsxwriter.worksheet import Worksheet

from ppc_tuner.columns import FILLED_IN
from ppc_tuner.identity import ACCOUNT, PLACE_NAMES, SPLIT
from ppc_tuner.run_rows import ROW_KEY
from ppc_tuner.sheets import at_a_glance as glance
from ppc_tuner.sheets.fields import Field, characters, field_of, figures_width, pixels, says_something, varies
from ppc_tuner.sheets.labels import DECISIONS
from ppc_tuner.sheets.list_sheet import (
    A3,
    HEAD_ROWS,
    Band,
    Book,
    colour_scores,
    fold,
    row_pixels,
    row_room,
    write_list,
)
from ppc_tuner.text import Lang, Text

TAB: Final = "#2F855A"
IF_EMPTY: Final = Text(
    "没有需要调整的词：出价都合适，或数据还不够",
    "nothing to change: all is on target, or the evidence is still thin",
)
# Shown only where they differ between rows.
SAME_FOR_ALL: Final = (*ACCOUNT, *SPLIT)
WRAPPED: Final = (
    "keyword", "moved_with", "search_term", "campaign", "ad_group", "item",
    "reason_zh", "reason_en",
)  # fmt: skip
# From here on money is shown without its hundredth parts.
WHOLE_MONEY: Final = 1_000
COMPARED: Final = ("impressions", "ctr", "cost", "roas")
# Bid increments make a change differ a little from what was intended.
ROUNDING: Final = 0.02
VS_BEFORE: Final = Text("环比", "vs before")

DECIDE: Final = Text("请填写", "Decide")
WHAT: Final = Text("操作", "What to do")
SCORES: Final = Text("得分（0–100）", "Scores (0–100)")
WHY: Final = Text("收益与理由", "What it is worth, and why")
FIGURES_SAID: Final = Text("数据", "Figures")
MORE: Final = Text("展开：明细", "Open for more")
KEYS: Final = Text("行标识（勿删）", "Row key (keep)")

# What is seen without opening anything, and how wide it is on the screen.
MOST_COLUMNS: Final = 18
MOST_PIXELS: Final = 1_480
PIXELS: Final[dict[str, int]] = {
    "decision": 58, "final_bid": 62, "action": 56, glance.WORD: 156, "match_type": 54, glance.PLACE: 128,
    glance.BID: 124, "clicks": 50, "conversions": 46, "cost": 66, glance.RETURN: 82,
    "ctr_score": 42, "cpc_score": 42, "cvr_score": 42, "roi_score": 42, glance.GAIN: 104,
}  # fmt: skip
LEAST_REASON: Final = 300
# Where large figures need more room, names give it up, down to this.
LEAST_NAME: Final = 100
SCORED: Final = ("ctr_score", "cpc_score", "cvr_score", "roi_score")


def rows_to_act_on(actions: pd.DataFrame) -> pd.DataFrame:
    """The rows whose action is not keep, and those watched whose bid is moved; order as given."""
    moved = actions["bid_change"].fillna(0).ne(0) if "bid_change" in actions else False
    acted = actions["action"].notna() & actions["action"].ne("keep")
    # Copied: columns are added later, which is slow on a frame of many small blocks.
    return actions.loc[acted & (actions["action"].ne("watch") | moved)].reset_index(drop=True).copy()


def with_group(act: pd.DataFrame) -> pd.Series:
    """Where a row is a word that moves with its group (flags)."""
    if "moved_with" not in act:
        return pd.Series(False, index=act.index)
    return act["moved_with"].notna() & act["level"].ne("group")


def target_is_further(act: pd.DataFrame) -> bool:
    """Whether in any row this week's change stops short of the target."""
    if not {"target_change", "bid_change"} <= set(act):
        return False
    return bool((act["target_change"].abs() > act["bid_change"].abs() + ROUNDING).any())


def write_actions(book: Book, act: pd.DataFrame) -> None:
    """Write the sheet. `act`: rows to act on, in list order."""
    sheet = book.sheet("actions", tab=TAB, paper=A3)
    # The key goes with its row when rows are sorted, and is found whatever becomes of the columns.
    act = with_changes(act).assign(**{name: act.get(name, np.nan) for name in (*FILLED_IN, ROW_KEY)})
    act = glance.with_glances(act, book.lang)
    seen, folded = _seen(act, book.lang), _folded(act, book.lang)
    fields = [field for band in seen for field in band.fields]
    looks = [(tone, False) for tone in act["action"].tolist()]
    placed = write_list(
        book,
        sheet,
        act,
        [*seen, *folded],
        freeze=[field.name for field in fields].index(glance.WORD) + 1,
        looks=looks,
        pixels=row_pixels(act, fields),
        if_empty=IF_EMPTY,
    )
    sheet.hide_gridlines(2)
    fold(sheet, placed, {field.name for field in placed[len(fields) : -1]})
    rows = min(len(act), row_room())
    sheet.print_area(0, 0, HEAD_ROWS + max(rows, 1) - 1, len(fields) - 1)
    colour_scores(sheet, placed, rows)
    ask_for_decisions(sheet, placed, rows, book.lang)


def fields_with_values(act: pd.DataFrame, names: tuple[str, ...], lang: Lang) -> tuple[Field, ...]:
    """Fields for those of `names` that the frame has with any value."""
    told = [name for name in names if name in act and says_something(act[name])]
    told = [name for name in told if name not in SAME_FOR_ALL or varies(act[name])]
    return tuple(field_of(act, name, lang, wrap=name in WRAPPED) for name in told)


def bid_columns(act: pd.DataFrame) -> tuple[str, ...]:
    """From bid to new bid; if no bid is known at all the percentage comes first."""
    if "bid" in act and act["bid"].notna().any():
        return ("bid", "new_bid", "bid_change", "cpc_now", "cpc_target")
    return ("bid_change", "cpc_now", "cpc_target")


def bid_fields(act: pd.DataFrame, lang: Lang) -> tuple[Field, ...]:
    """The fields of the change; without bids the label of the percentage says what to apply it to."""
    names = bid_columns(act)
    fields = fields_with_values(act, names, lang)
    if "bid" in names:
        return fields
    change = (
        field_of(act, "bid_change", lang, label=glance.APPLY_TO_BID[lang]) if "bid_change" in act else None
    )
    return tuple(change if change and one.name == change.name else one for one in fields)


def _seen(act: pd.DataFrame, lang: Lang) -> list[Band]:
    """The columns that are seen at once: decision first, reason last."""

    def fields(*names: str) -> tuple[Field, ...]:
        return tuple(_narrow(act, name, lang) for name in names if name in act and _is_told(act, name))

    bands = [
        Band(
            DECIDE,
            tuple(replace(_narrow(act, name, lang), fill_in=True) for name in ("decision", "final_bid")),
        ),
        Band(WHAT, fields("action", glance.WORD, "match_type", glance.PLACE, glance.BID)),
        Band(FIGURES_SAID, fields("clicks", "conversions", "cost", glance.RETURN)),
        Band(SCORES, fields(*SCORED)),
        Band(WHY, (*fields(glance.GAIN), field_of(act, f"reason_{lang}", lang, wrap=True))),
    ]
    return _fitted(bands)


def _is_told(act: pd.DataFrame, name: str) -> bool:
    return name in ("action", glance.WORD) or says_something(act[name].mask(act[name].eq("")))


def _narrow(act: pd.DataFrame, name: str, lang: Lang) -> Field:
    """The field as narrow as its figures allow; texts are wrapped."""
    label = glance.label_of(name, act)[lang] if name in glance.LABELS else None
    wrap = name in (glance.WORD, glance.PLACE, glance.GAIN)
    field = field_of(act, name, lang, label=label, wrap=wrap)
    if name == "cost" and act[name].max() >= WHOLE_MONEY:
        field = replace(field, show="count")
    least = figures_width(act[name], field) if not field.is_text else 0.0
    return replace(field, width=max(characters(PIXELS[name]), least))


def _fitted(bands: list[Band]) -> list[Band]:
    """The reason takes what the others leave of the screen; names give way to large figures."""
    fields = [field for band in bands for field in band.fields]
    left = MOST_PIXELS - sum(pixels(field.width) for field in fields[:-1])
    widths = {field.name: pixels(field.width) for field in fields[:-1]}
    for name in (glance.PLACE, glance.WORD):
        given = min(max(LEAST_REASON - left, 0), widths.get(name, LEAST_NAME) - LEAST_NAME)
        widths[name], left = widths.get(name, LEAST_NAME) - given, left + given
    widths[fields[-1].name] = left
    return [
        Band(band.label, tuple(replace(one, width=characters(widths[one.name])) for one in band.fields))
        for band in bands
    ]


def _folded(act: pd.DataFrame, lang: Lang) -> list[Band]:
    """The columns behind the +, and the key at the end."""

    def fields(*names: str) -> tuple[Field, ...]:
        return fields_with_values(act, names, lang)

    note = replace(field_of(act, "note", lang), fill_in=True, width=20.0)
    where = (*ACCOUNT, *PLACE_NAMES, "item", *SPLIT, "kind")
    worth = ("confidence", "expected_gain", "gain_low", "gain_high", "money_at_stake")
    arithmetic = (
        "target_bid",
        "bar_roas",
        "bar_cpa",
        "sold_at_margin",
        "worth",
        "next_click_cost",
        "own_weight",
    )
    names = (
        *fields("moved_with", "keyword", "search_term", *where),
        *bid_fields(act, lang),
        *fields(*worth, f"details_{lang}", f"would_change_{lang}", *arithmetic),
        *_compared(act, lang),
        *fields("rule", "advice"),
    )
    return [
        Band(MORE, (note, *names)),
        Band(KEYS, (replace(field_of(act, ROW_KEY, lang, label=KEYS[lang]), hidden=True),)),
    ]


def with_changes(act: pd.DataFrame) -> pd.DataFrame:
    """The frame plus `vs_before_NAME` = this period ÷ the one before − 1 for each measure in COMPARED."""
    changes = {}
    for name in COMPARED:
        now, before = f"period_{name}", f"before_{name}"
        if now in act and before in act:
            changes[f"vs_before_{name}"] = act[now] / act[before].where(act[before].ne(0)) - 1
    return act.assign(**changes)


def _compared(act: pd.DataFrame, lang: Lang) -> tuple[Field, ...]:
    fields: list[Field] = []
    for name in COMPARED:
        fields += fields_with_values(act, (f"period_{name}", f"before_{name}"), lang)
        fields += [
            change_field(act, one.name, lang) for one in fields_with_values(act, (f"vs_before_{name}",), lang)
        ]
    return (*fields, *fields_with_values(act, ("position", "quality_score"), lang))


def change_field(act: pd.DataFrame, name: str, lang: Lang) -> Field:
    """The field for a change against the period before."""
    field = field_of(act, name, lang, label=VS_BEFORE[lang])
    percents = act[name].abs().max() * 100
    return replace(field, kind="change", show="change", width=max(field.width, len(f"{percents:+,.1f}%") + 2))


def input_fields(act: pd.DataFrame, lang: Lang) -> tuple[Field, ...]:
    """The fields for a person to fill in."""
    return tuple(
        replace(field_of(act, name, lang), fill_in=True, width=width)
        for name, width in (("decision", 10.0), ("final_bid", 12.0), ("note", 20.0))
    )


def ask_for_decisions(sheet: Worksheet, fields: list[Field], rows: int, lang: Lang) -> None:
    """Data validation: a drop-down of decisions, and a final bid that must be a number."""
    if not rows:
        return
    place = {field.name: field.at for field in fields}
    last = HEAD_ROWS + rows - 1
    sheet.data_validation(
        HEAD_ROWS,
        place["decision"],
        last,
        place["decision"],
        {
            "validate": "list",
            "source": [decision[lang] for decision in DECISIONS],
            "error_title": Text("请从列表中选", "choose from the list")[lang],
            "error_message": Text("采纳、拒绝或改价", "accept, reject or change")[lang],
        },
    )
    sheet.data_validation(
        HEAD_ROWS,
        place["final_bid"],
        last,
        place["final_bid"],
        {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_title": Text("请填数字", "a number, please")[lang],
            "error_message": Text("最终出价是不小于 0 的数字", "the final bid is a number, 0 or more")[lang],
        },
    )
