"""说明 / Guide: how far to trust the figures; what actions, rules, settings and columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from ppc_tuner.columns import ACTIONS, COLUMNS
from ppc_tuner.sheets.fields import field_of
from ppc_tuner.sheets.labels import UNITS, per_period
from ppc_tuner.sheets.list_sheet import Book
from ppc_tuner.sheets.page_sheet import Page, Table
from ppc_tuner.text import Lang, Text

TAB: Final = "#A0AEC0"
GRID: Final = (26, 26, 26, 56, 44, 11)

TITLE: Final = Text("说明", "Guide")
ALWAYS: Final = ("watch", "keep")
TRUST: Final = Text("数字能信到什么程度", "How far to trust a figure")
WHAT_ACTIONS_MEAN: Final = Text("动作的含义", "What the actions mean")
RULES: Final = Text("规则", "Rules")
SETTINGS: Final = Text("设置", "Settings")
OTHER_COLUMNS: Final = Text("“全部关键词”里的其他各列", "The other columns, on All keywords")
COLUMN_LIST: Final = Text("前几张表的各列", "The columns of the first sheets")

TRUST_LINES: Final = (
    Text(
        "展现、点击、花费、成交是报表原数，只相加，不改动；总览里的“数据核对”说明清单与报表是否一致。",
        "Impressions, clicks, cost and orders are the report's own, added up and never altered; the "
        "check of totals on the Summary says whether list and files agree.",
    ),
    Text(
        "点击率、转化率等比率一律由合计重新计算，不用报表里的比率列。",
        "Ratios such as CTR and CVR are always computed anew from sums, never taken from the "
        "report's ratio columns.",
    ),
    Text(
        "“估计”列把一个词自己的数据和同类词放在一起看：数据越少，越靠近同类；数据越多，越接近自己的原"
        "数。点击只有几十次的词，原数本身说明不了什么。",
        "Estimated columns weigh a word's own figures against its peers': with little data they stay "
        "near the peers, with much they follow the word. A few dozen clicks say little by themselves.",
    ),
    Text(
        "区间是“从–到”：80% 区间，十次里约有八次真值落在里面。区间跨过 0 的收益，可能是亏的。",
        "An interval runs from–to: the truth lies inside an 80 % interval about eight times in ten. "
        "A gain whose interval crosses 0 may be a loss.",
    ),
    Text(
        "四个得分是概率乘以 100，不是打分：50 表示与同类不相上下，没有数据的词就是 50。把握也是概率："
        "把握 80% 的动作，十个里约有两个是错的。",
        "The four scores are chances times 100, not marks: 50 means level with its peers, which is "
        "also where a word without data stands. Confidence is a chance too: of ten actions at 80 %, "
        "about two are wrong.",
    ),
    Text(
        "预计周增利是照建议做之后一周利润的预计变化，按现在的流量和市场推算；季节、活动和对手的变化不"
        "在其中。",
        "The expected gain is the expected change of profit in a week if the advice is followed, at "
        "present traffic and market; season, events and rivals' moves are not in it.",
    ),
    Text(
        "太小的词不单独动。同一个单元、宝贝、计划或账户里的小词合起来证据够了，就整组一起调：操作清单里一组一行，"
        "把握和收益只写在那一行，不重复相加；要改的词在“按计划操作”，也可在“全部关键词”按“同组调整”筛出来。",
        "Words too small to be judged are not moved by themselves. Where the small words of an ad group, "
        "item, campaign or account show enough together they move as one: one row on Actions, which alone "
        "holds chance and gain, so that nothing adds up twice. Its words stand on By plan, and on All "
        "keywords under Moved with.",
    ),
    Text(
        "最近几天的成交还没回传完，已按成交完整度折算；毛利率不对，盈利把握、目标出价和收益都会跟着错"
        "，请先核对总览里的假设。",
        "Orders of the newest days are still coming in and are allowed for by their completeness. A "
        "wrong margin makes chance of profit, target bid and gain wrong as well: check the "
        "assumptions on the Summary first.",
    ),
    Text(
        "出价指溢价和时段折扣之前的关键词出价。报表里没有出价时，不编造新出价，只给调整百分比，请套用"
        "到后台的出价上。",
        "Bids are keyword bids before adjustments. Where the report has no bids none is invented: "
        "apply the percentage to the bid in the back office.",
    ),
    Text(
        "不同货币、不同账户的金额从不相加，也不放在一起比较。",
        "Money of different currencies or accounts is never added or compared.",
    ),
)

ACTION_MEANINGS: Final[dict[str, Text]] = {
    "fix_picture": Text(
        "宝贝的大部分词点击率一起偏低：先换主图，再谈出价。",
        "Most of the item's words are low in CTR together: change the picture before the bids.",
    ),
    "fix_page": Text(
        "问题在详情页：先改页面，暂不给它加流量。",
        "The page is the trouble: mend it before buying it more traffic.",
    ),
    "fix_data": Text(
        "数字对不上或不可信：先查清楚，再做决定。",
        "Figures do not fit or cannot be trusted: find out why before deciding.",
    ),
    "raise": Text(
        "再多拿一些点击仍然划算：把出价提到“新出价”（或按“调幅”提）。",
        "More clicks would still pay: raise the bid to the new bid (or by the change shown).",
    ),
    "lower": Text(
        "点击花费偏高，不划算：把出价降到“新出价”（或按“调幅”降）。",
        "Clicks cost more than they are worth: lower the bid to the new bid (or by the change shown).",
    ),
    "delete": Text(
        "无论出价多少，大概率都不赚钱：删掉；平台能暂停的就暂停。",
        "Most likely no bid worth running pays: pause it, or remove it where the platform cannot pause.",
    ),
    "add": Text(
        "出单的搜索词，还没有精确买它：加为关键词，用“新出价”起步；“加后需否处”说要在几个单元里再把它精确否掉。",
        "A search term that sells and is not bought as exact: add it at the new bid; where 'Places to block "
        "it' says so, block it as exact in the other ad groups.",
    ),
    "exclude": Text(
        "这个搜索词不该触发广告：加为否定词。",
        "This search term should not trigger the ad: add it as a negative.",
    ),
    "watch": Text(
        "数据还不够：等点击多一些再看；有时小幅调价，好早点看出结果。",
        "The evidence is still thin: wait for more clicks; sometimes a small change of bid helps to "
        "learn sooner.",
    ),
    "keep": Text(
        "出价合适、调了不划算，或不能调：保持不变。",
        "On target, not worth a change, or out of reach: leave it as it is.",
    ),
}

COLUMN_PLACES: Final = {"label": (0, 1), "column": (1, 1), "unit": (2, 1), "meaning": (3, 3)}
LABELS: Final[dict[str, Text]] = {
    "meaning": Text("含义", "Meaning"),
    "rule": Text("规则", "Rule"),
    "action": Text("动作", "Action"),
    "advice": Text("依据", "Advice"),
    "text": Text("说明", "In plain words"),
    "condition": Text("条件", "Condition"),
    "words": Text("命中词数", "Words"),
    "name": Text("名称", "Name"),
    "value": Text("值", "Value"),
    "unit": Text("单位", "Unit"),
    "label": Text("列名", "Column"),
    "column": Text("字段名（csv 等）", "Name in csv, parquet, json"),
}


def write_guide(
    book: Book, summary: dict[str, pd.DataFrame], in_list: pd.Series, read_first: Sequence[str]
) -> None:
    """Write the last sheet. It explains the columns of the others, so they must be written before.

    `in_list`: the action of every row of the list. `read_first`: names of the columns on the sheets read
    every week.
    """
    page = Page(book, book.sheet("guide", tab=TAB), GRID)
    lang = book.lang
    first, others = _columns(book, set(read_first))
    rules = _in_language(summary.get("rules"), lang)
    page.title(TITLE[lang])
    _table(
        page, WHAT_ACTIONS_MEAN, _actions(rules, in_list, lang), {"action": (0, 1), "meaning": (1, 5)}, lang
    )
    _table(page, COLUMN_LIST, first, COLUMN_PLACES, lang)
    page.gap(16)
    page.section(TRUST[lang])
    for line in TRUST_LINES:
        page.paragraph(f"• {line[lang] if book.dated else per_period(line[lang], lang)}")
    places = {
        "rule": (0, 1),
        "action": (1, 1),
        "advice": (2, 1),
        "text": (3, 1),
        "condition": (4, 1),
        "words": (5, 1),
    }
    _table(page, RULES, rules, places, lang)
    settings = _settings(_in_language(summary.get("settings"), lang), lang)
    places = {"name": (0, 1), "value": (1, 1), "unit": (2, 1), "text": (3, 2), "advice": (5, 1)}
    _table(page, SETTINGS, settings, places, lang)
    _table(page, OTHER_COLUMNS, others, COLUMN_PLACES, lang)
    page.close()


def _table(
    page: Page, heading: Text, frame: pd.DataFrame, places: dict[str, tuple[int, int]], lang: Lang
) -> None:
    """A section that shows `frame`; `places`: grid column and span of each of its columns."""
    if frame.empty:
        return
    page.gap(16)
    page.section(heading[lang])
    fields = []
    for name, (at, span) in places.items():
        if name in frame:
            field = field_of(frame, name, lang, label=LABELS[name][lang])
            fields.append(replace(field, at=at, span=span, wrap=field.is_text and name != "action"))
    page.table(Table(tuple(fields), frame, ("",) * len(frame)))


def _actions(rules: pd.DataFrame, in_list: pd.Series, lang: Lang) -> pd.DataFrame:
    """The actions that can occur: those of the rules and of the list, and the two always possible."""
    can_occur = {*ALWAYS, *in_list.dropna().unique(), *rules.get("action", pd.Series(dtype="str")).unique()}
    names = [name for name in ACTIONS if name in can_occur]
    return pd.DataFrame({"action": names, "meaning": [ACTION_MEANINGS[name][lang] for name in names]})


def _in_language(frame: pd.DataFrame | None, lang: Lang) -> pd.DataFrame:
    return pd.DataFrame() if frame is None else frame.rename(columns={f"text_{lang}": "text"})


def _settings(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    if "value" not in frame:
        return frame
    units = {kind: unit[lang] for kind, unit in UNITS.items()}
    told = frame.assign(value=frame["value"].astype("str").fillna(""))
    return told.assign(unit=told["unit"].astype("str").replace(units)) if "unit" in told else told


def _columns(book: Book, read_first: set[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Label, name, unit and meaning of each column shown: those read every week, and the others."""
    told = pd.DataFrame(
        [_column(book, name, label) for name, label in book.shown.items()],
        columns=list(COLUMN_PLACES),
        dtype="str",
    )
    # The change against the period before has one meaning, whatever the measure.
    told = told.drop_duplicates(["label", "meaning"])
    first = told["column"].isin(read_first)
    return told[first].reset_index(drop=True), told[~first].reset_index(drop=True)


def _column(book: Book, name: str, label: str) -> dict[str, str]:
    column, lang = COLUMNS.get(name), book.lang
    meaning = column.meaning[lang] if column else _unknown(name)[lang]
    return {
        "label": label,
        "column": name,
        "unit": UNITS[column.kind][lang] if column else "",
        "meaning": meaning if book.dated else per_period(meaning, lang),
    }


def _unknown(name: str) -> Text:
    if name.startswith("vs_before_"):
        return Text("本期 ÷ 上期 − 1", "this period / the one before - 1")
    if name == "done":
        return Text("完成一条，勾一条", "tick each row once it has been carried out")
    return Text("报表或规则附加的列", "a further column, from the report or the rules")
