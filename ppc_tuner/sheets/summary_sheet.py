"""总览 / Summary: what was found, where money leaks, what the list would do and what that is worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from ppc_tuner.identity import ACCOUNT
from ppc_tuner.sheets import summary_tables as tables
from ppc_tuner.sheets.chart import Place, Source, insert_cost_and_roas
from ppc_tuner.sheets.fields import says_something
from ppc_tuner.sheets.front import lines_said, write_front
from ppc_tuner.sheets.labels import money_in, with_platform_names
from ppc_tuner.sheets.list_sheet import Book
from ppc_tuner.sheets.page_sheet import Page, Table
from ppc_tuner.text import Lang, Text

TAB: Final = "#2F3E4E"
GRID: Final = (34, *(11.5,) * 13)
IN_BLOCKS: Final = (
    "periods",
    "by_action",
    "forecast",
    "spend",
    "what_if",
    "budgets",
    "smart_campaigns",
    "by_campaign",
    "by_item",
)
BURNER_COLUMNS: Final = (
    "match_type", "status", "campaign", "ad_group", "item",
    "clicks", "cost", "p_profitable", "action",
)  # fmt: skip
CHART_AT: Final = 8
CHART_PIXELS: Final = 330

TITLE: Final = Text("关键词操作 · 总览", "Keyword actions: summary")
KNOW: Final = Text("先要知道的", "Know first")
PERIODS: Final = Text("本期对比上期", "This period against the one before")
BY_ACTION: Final = Text("各动作的词数与金额", "Words and money by action")
FORECAST: Final = Text("如果全部采纳：下周", "If you accept all: next week")
FORECAST_OF_PERIOD: Final = Text("如果全部采纳：一个报表期", "If you accept all: per reported period")
BUDGETS: Final = Text("预算", "Budgets")
BUDGETS_SAID: Final = Text(
    "目标倍数：为守住预算，所有目标价乘它；最后一元赚回：最后花出去的一元广告费带来的毛利（目标为利润时）。",
    "Targets ×: what all targets are multiplied by to keep the budget. Last 1 spent earns: the margin that "
    "the last money spent on ads brings (objective profit).",
)
SPEND: Final = Text("花得多一点、少一点", "A little more or less spend")
SPEND_SAID: Final = Text(
    "所有出价一起动，花费变一成；“从多少毛利率起不亏”：现在一行是全部花费的平均，"
    "另两行只算最后或再多的那一成。到日限额的计划不算在内。",
    "All bids moved alike until the spend changes by a tenth. Pays from: for today's spend the average of "
    "all the money, in the other rows of the last tenth, or of the tenth beyond. Campaigns at their daily "
    "limit are left out.",
)
WHAT_IF: Final = Text(
    "如果知道毛利率（或一单的价值），这张清单会是",
    "What the list would be if margins (or the worth of an order) were known",
)
WHAT_IF_SAID: Final = Text(
    "按利润调：提、降、删各多少个词，花费、成交和利润一周变多少。给出毛利率，清单就按它做。",
    "Tuned for profit: words raised, lowered and deleted, and by how much cost, sales and profit change a "
    "week. Once margins are given the list is made by them.",
)
SMART: Final = Text("智能出价的计划", "Smart bidding")
SMART_SAID: Final = Text(
    "目标：最后花出去的一元刚好回本，不是保本；按保本设，最后一部分钱是亏的。"
    "区间为 80%；离现在远时分几周挪，每次不超过两成。没有给毛利率的计划，按几个毛利率各给一行。",
    "The target: where the last money spent just pays. At break-even itself the last of it is lost. "
    "80 % interval; where it is far from today's figure move there over some weeks, by a fifth at most. "
    "Campaigns of unknown margin have a row for each of several margins.",
)
BY_PLAN: Final = Text("按计划小计", "By campaign")
BY_ITEM: Final = Text("按宝贝小计", "By item")
BURNERS: Final = Text("花了钱没有成交的词", "Money spent without an order")
ASSUMPTIONS: Final = Text("本次用到的假设", "Assumptions made")
UNNAMED: Final = Text("（报表未写明）", "(not in the report)")
APART: Final = Text(
    "合计以下不再相加：换图、改页面、查数据针对整个宝贝，加否词针对搜索词，花的都是上面那些词的钱。",
    "Below the total nothing is added again: picture, page and data fixes concern whole items and excludes "
    "search terms, whose money is that of the words above.",
)

Key = tuple[str, ...]
Summary = dict[str, pd.DataFrame]


def write_summary(book: Book, summary: Summary, moves: pd.DataFrame | None = None) -> None:
    """Write the first sheet. A section whose frame is empty or missing is left out. `moves`: see front.py."""
    platforms = summary.get("platforms")
    summary = {name: with_platform_names(frame, platforms, book.lang) for name, frame in summary.items()}
    sheet = book.sheet("summary", tab=TAB)
    page = Page(book, sheet, GRID)
    page.title(TITLE[book.lang])
    write_front(book, page, summary, moves)
    _headline(page, summary, book.lang)
    for key in _keys(summary):
        _block(book, sheet, page, {name: _of(summary, name, key) for name in IN_BLOCKS}, key)
    _burners(page, summary, book.lang)
    _assumptions(page, summary, book.lang)
    page.close()
    sheet.activate()


def _frame(summary: Summary, name: str) -> pd.DataFrame:
    frame = summary.get(name)
    return pd.DataFrame() if frame is None else frame


def _headline(page: Page, summary: Summary, lang: Lang) -> None:
    texts = lines_said(summary, "headline", lang)
    if texts:
        page.section(KNOW[lang])
    for text in texts:
        page.paragraph(text)


def _keys(summary: Summary) -> Iterator[Key]:
    """Platform, account and currency of each block, in order of first occurrence."""
    seen: dict[Key, None] = {}
    for name in IN_BLOCKS:
        frame = _frame(summary, name)
        if not frame.empty:
            names = frame.reindex(columns=list(ACCOUNT)).astype("str").fillna("").drop_duplicates()
            seen |= dict.fromkeys(names.itertuples(index=False, name=None))
    return iter(seen)


def _of(summary: Summary, name: str, key: Key) -> pd.DataFrame:
    """The rows of one block, that is of one account in one currency."""
    frame = _frame(summary, name)
    if frame.empty:
        return frame
    names = frame.reindex(columns=list(ACCOUNT)).astype("str").fillna("")
    return frame.loc[(names == list(key)).all(axis=1)].reset_index(drop=True)


def _block(book: Book, sheet: Worksheet, page: Page, frames: Summary, key: Key) -> None:
    lang = book.lang
    page.gap(16)
    shop = " · ".join(part for part in key[:2] if part)
    page.bar("    ".join(part for part in (shop, money_in(key[2])[lang]) if part))
    if not frames["periods"].empty:
        page.section(PERIODS[lang])
        page.table(
            tables.measures_across(
                frames["periods"], tables.PERIOD_ROWS, lang, start=tables.MEASURES_AT, order=tables.MEASURES
            )
        )
    _actions_and_forecast(book, sheet, page, frames)
    _spend(page, frames, lang)
    if not frames["budgets"].empty:
        page.section(BUDGETS[lang])
        page.table(tables.budgets(frames["budgets"], lang))
        page.paragraph(BUDGETS_SAID[lang], "note")
    if not frames["smart_campaigns"].empty:
        page.section(SMART[lang])
        page.table(tables.smart_campaigns(frames["smart_campaigns"], lang))
        page.paragraph(SMART_SAID[lang], "note")
    for name, label, heading in (("by_campaign", "campaign", BY_PLAN), ("by_item", "item", BY_ITEM)):
        if not frames[name].empty:
            page.section(heading[lang])
            page.table(tables.subtotals(_named(frames[name], label, lang), label, lang))


def _spend(page: Page, frames: Summary, lang: Lang) -> None:
    parts = (
        ("spend", SPEND, SPEND_SAID, tables.spend),
        ("what_if", WHAT_IF, WHAT_IF_SAID, tables.what_if),
    )
    for name, heading, said, made in parts:
        if not frames[name].empty:
            page.section(heading[lang])
            page.table(made(frames[name], lang))
            page.paragraph(said[lang], "note")


def _named(frame: pd.DataFrame, label: str, lang: Lang) -> pd.DataFrame:
    """The frame with a name in every row; an item without a title goes by its id."""
    names = frame.reindex(columns=[label, f"{label}_id"]).astype("str")
    return frame.assign(**{label: names[label].fillna(names[f"{label}_id"]).fillna(UNNAMED[lang])})


def _actions_and_forecast(book: Book, sheet: Worksheet, page: Page, frames: Summary) -> None:
    """Two tables below each other on the left, the chart to their right."""
    top = page.row
    source = None
    if not frames["by_action"].empty:
        page.section(BY_ACTION[book.lang], columns=CHART_AT)
        table, charted = tables.by_action(frames["by_action"], book.lang)
        first = page.table(table)
        if charted + 1 < len(table.frame):
            page.paragraph(APART[book.lang], "note", columns=CHART_AT)
        source = _source(table, first, charted)
    if not frames["forecast"].empty:
        page.section((FORECAST if book.dated else FORECAST_OF_PERIOD)[book.lang], columns=CHART_AT)
        page.table(_forecast(frames["forecast"], book.lang))
    if source:
        page.reach(top, CHART_PIXELS + 20)
        place = Place(top, CHART_AT, page.width_pixels(CHART_AT) - 24, CHART_PIXELS)
        insert_cost_and_roas(book, sheet, source, place)


def _source(table: Table, first: int, charted: int) -> Source | None:
    place = {field.name: field.at for field in table.fields}
    if not charted or "cost" not in place:
        return None
    known = "roas" in place and bool(table.frame["roas"].head(charted).notna().any())
    return Source(
        first, first + charted - 1, place["action"], place["cost"], place["roas"] if known else None
    )


def _forecast(frame: pd.DataFrame, lang: Lang) -> Table:
    if {"now", "expected"} <= set(frame):
        now = frame["now"].astype("float64")
        frame = frame.assign(change=frame["expected"] / now.where(now.ne(0)) - 1)
    # Expected clicks are estimates; tenths of a click would suggest precision.
    levels = [name for name in ("now", "expected", "low", "high") if name in frame]
    frame = frame.assign(**frame[levels].where(frame["measure"] != "clicks", frame[levels].round()))
    return tables.measures_across(frame, tables.FORECAST_ROWS, lang, start=1, order=tables.MEASURES)


def _burners(page: Page, summary: Summary, lang: Lang) -> None:
    burners = _frame(summary, "burners")
    if burners.empty:
        return
    page.gap(16)
    page.section(BURNERS[lang])
    currencies = _currencies(burners)
    whole = _frame(summary, "burners_total")
    for currency in currencies.unique().tolist():
        words = tables.dearest(burners.loc[currencies == currency])
        total = whole.loc[_currencies(whole) == currency]
        page.paragraph(tables.burners_said(words, total, currency)[lang])
        label = tables.TOTAL if tables.is_whole(words, total) else tables.TOTAL_SHOWN
        # A search term says where the money went; the keyword that bought it may be no more than `*`.
        terms = "search_term" in words and says_something(words["search_term"])
        name = "search_term" if terms else "keyword"
        shown, tones = tables.largest_and_others(words, name, lang, total=label)
        told = [name, *(one for one in BURNER_COLUMNS if one in words and says_something(words[one]))]
        spans = {"campaign": 3, "ad_group": 2, "item": 2 if {"status", "match_type"} <= set(told) else 3}
        page.table(Table(tables.columns_at(shown, told, lang, start=0, spans=spans), shown, tones))


def _currencies(frame: pd.DataFrame) -> pd.Series:
    return frame.get("currency", pd.Series("", index=frame.index)).astype("str").fillna("")


def _assumptions(page: Page, summary: Summary, lang: Lang) -> None:
    lines = _frame(summary, "assumptions").get(f"text_{lang}", pd.Series(dtype="str")).dropna()
    if len(lines):
        page.gap(16)
        page.section(ASSUMPTIONS[lang])
        for text in lines.tolist():
            page.paragraph(f"• {text}")
