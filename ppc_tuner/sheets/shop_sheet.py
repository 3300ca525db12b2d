"""店铺诊断 / Shop: what single words do not show. A table without figures is left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import Kind
from ppc_tuner.identity import ACCOUNT
from ppc_tuner.sheets.fields import Field, field_of, says_something
from ppc_tuner.sheets.labels import money_in, with_platform_names
from ppc_tuner.sheets.list_sheet import Book
from ppc_tuner.sheets.page_sheet import Page, Table
from ppc_tuner.text import Lang, Text

TAB: Final = "#2C7A7B"
GRID: Final = (30, *(12.5,) * 10)
MOST_SOURCES: Final = 12
SUMS: Final = (
    "revenue_before", "revenue_now", "change",
    "by_visitors", "by_reporting", "by_conversion", "by_order_value",
)  # fmt: skip
WRAPPED: Final = ("item", "creative", "source", "keyword", "verdict")
TITLE: Final = Text("店铺诊断", "Shop")
TOTAL: Final = Text("合计", "Total")
OTHERS: Final = Text("其他", "Others")
UNNAMED: Final = Text("（没写）", "(not given)")

LABELS: Final[dict[str, tuple[Text, Kind]]] = {
    "source": (Text("来源", "Source"), "text"),
    "measure": (Text("目标", "Target"), "text"),
    "days": (Text("天数", "Days"), "count"),
    "target": (Text("目标", "Wanted"), "count"),
    "actual": (Text("实际", "Actual"), "count"),
    "done": (Text("完成", "Reached"), "share"),
    "missing": (Text("差额", "Difference"), "count"),
    "revenue_before": (Text("上期成交金额", "Revenue before"), "money"),
    "revenue_now": (Text("本期成交金额", "Revenue now"), "money"),
    "change": (Text("变化", "Change"), "money"),
    "by_visitors": (Text("因访客", "By visitors"), "money"),
    "by_reporting": (Text("因成交未回传", "By orders still to come"), "money"),
    "by_conversion": (Text("因转化", "By conversion"), "money"),
    "by_order_value": (Text("因客单价", "By order value"), "money"),
    "new_customer_cost": (Text("每个新客花费", "Cost per new customer"), "money"),
    "cvr_mature": (Text("转化率（含未回传）", "CVR, orders to come included"), "share"),
    "creative": (Text("创意", "Creative"), "text"),
    "creative_kind": (Text("类型", "Kind"), "text"),
    "ctr_ratio": (Text("相当于领先者", "Of the leader's"), "share"),
    "p_value": (Text("偶然的可能", "Chance of luck"), "share"),
    "verdict": (Text("结论", "Verdict"), "text"),
}
SHOWN: Final = {
    "measure": {"target_revenue": Text("成交金额", "revenue"), "target_orders": Text("成交笔数", "orders")},
    "creative_kind": {"title": Text("标题", "title"), "picture": Text("图", "picture")},
    "verdict": {
        "keep": Text("留下", "keep"),
        "drop": Text("换掉", "replace"),
        "wait": Text("再等，可能是偶然", "wait: may be luck"),
        "alone": Text("没有对照", "nothing to compare"),
    },
}
# Frame, heading, what to read from it, columns.
SECTIONS: Final[tuple[tuple[str, Text, Text, tuple[str, ...]], ...]] = (
    ("shop_target", Text("目标达成了没有", "Target met or not"),
     Text("只算报表里的流量，按本期有目标的天数比。",
          "For the traffic in the report only, over the days of this period that have a target."),
     ("measure", "days", "target", "actual", "missing", "done")),
    ("shop_change",
     Text("成交为什么变：访客 × 转化 × 客单价", "Why revenue changed: visitors × conversion × order value"),
     Text("本期对比上期。每一行、每一列都加得起来，没有剩余；"
          "“因成交未回传”是最近的点击还没回传的成交，不是变差；"
          "有多少按平台通常的快慢估，有了重叠报表就按账户自己的（若回传得更快，转化会显得变好）。"
          "先看访客，再看来源。",
          "This period against the one before. Rows and columns add up without a rest; “orders still to "
          "come” is what recent clicks will still bring, no loss; how much that is comes from the platform's "
          "usual curve until overlapping exports show the account's own (if orders come in faster, "
          "conversion seems to rise). Look at visitors first, then at the sources."),
     ("source", *SUMS)),
    ("shop_sources", Text("各来源的访客值多少", "What a visitor of each source is worth"),
     Text("转化好、访客值钱的来源多给流量；经验上，新客的成本是回头客的 6 倍左右。",
          "More for the sources that convert better; a new customer is said to cost some six times a "
          "returning one."),
     ("source", "clicks", "cost", "conversions", "cvr_mature", "revenue", "rpc_raw", "roas", "new_customers",
      "new_customer_cost")),
    ("shop_pages", Text("页面", "Pages"),
     Text("先调没及格的页面，再加流量。", "Pages that fail come before any more traffic."),
     ("item", "weekly_cost", "page_grade", "bounce_rate", "visit_depth", "page_aov", "shop_aov",
      "returning_share")),
    ("shop_check",
     Text("付费流量最多的宝贝：查差评和盗图",
          "Items with the most paid traffic: check for bad reviews and copies"),
     Text("空着的是没有填的，去店铺里看一眼。", "What is empty was not told: have a look."),
     ("item", "weekly_cost", "weekly_clicks", "bad_review", "copycat", "stock_days", "role", "season")),
    ("shop_creatives", Text("标题和图的对比", "Titles and pictures compared"),
     Text("随时看都作数的检验：偶然的可能低于设定才换（每天都看也不会看错得更多）。",
          "A test that holds whenever one looks: replaced only where luck is unlikely, however often it was "
          "looked at."),
     ("creative", "creative_kind", "impressions", "clicks", "ctr", "ctr_ratio", "p_value", "verdict")),
    ("shop_competing",
     Text("同一个词在几处投：自己和自己抢", "The same word bought in several places: it bids against itself"),
     Text("每个词里排在最前的一处，预计每次展现赚得最多，该由它投；"
          "“不如它处的把握”够高的，不提价，偏贵就降。",
          "Within a word the place named first earns most per impression and should have it; where a place "
          "is surely beaten it is not raised, and lowered where too dear."),
     ("keyword", "campaign", "ad_group", "clicks", "cost", "ctr", "cvr", "impression_profit", "p_beaten",
      "action")),
)  # fmt: skip


def write_shop(book: Book, summary: dict[str, pd.DataFrame]) -> None:
    """Write the sheet, unless all of its frames are empty."""
    frames = {name: summary[name] for name, *_ in SECTIONS if name in summary and len(summary[name])}
    if not frames:
        return
    page = Page(book, book.sheet("shop", tab=TAB), GRID)
    page.title(TITLE[book.lang])
    for key in _keys(frames):
        shop = pd.DataFrame([dict(zip(ACCOUNT, key, strict=True))])
        named = with_platform_names(shop, summary.get("platforms"), book.lang).iloc[0]
        page.bar(
            "    ".join(part for part in (named["platform"], key[1], money_in(key[2])[book.lang]) if part)
        )
        for name, heading, said, columns in SECTIONS:
            if name in frames:
                _section(page, _of(frames[name], key), name, heading, said, columns, book.lang)
    page.close()


def _keys(frames: dict[str, pd.DataFrame]) -> list[tuple[str, ...]]:
    found = pd.concat([frame[list(ACCOUNT)] for frame in frames.values()]).drop_duplicates()
    return [tuple(map(str, row)) for row in found.itertuples(index=False, name=None)]


def _of(frame: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    return frame[(frame[list(ACCOUNT)] == list(key)).all(axis=1)].reset_index(drop=True)


def _section(
    page: Page, frame: pd.DataFrame, name: str, heading: Text, said: Text, columns: Sequence[str], lang: Lang
) -> None:
    if frame.empty:
        return
    page.section(heading[lang])
    page.paragraph(said[lang], "note")
    prepare = PREPARED.get(name, _plain)
    shown, tones = prepare(frame, lang)
    page.table(Table(_fields(shown, columns, lang), _in_words(shown, lang), tones))


def _plain(frame: pd.DataFrame, _: Lang) -> tuple[pd.DataFrame, tuple[str, ...]]:
    if "item" in frame and "item_id" in frame:
        frame = frame.assign(item=frame["item"].fillna(frame["item_id"]))
    elif "item_id" in frame:
        frame = frame.assign(item=frame["item_id"])
    tones = np.full(len(frame), "", dtype=object)
    if "page_grade" in frame:
        tones = np.where(frame["page_grade"] == "fail", "bad", "")
    return frame, tuple(tones)


def _targets(frame: pd.DataFrame, _: Lang) -> tuple[pd.DataFrame, tuple[str, ...]]:
    return frame, tuple(np.where(frame["actual"] >= frame["target"], "good", "bad"))


def _changes(frame: pd.DataFrame, lang: Lang) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The sources that changed most, the others in one row, and the total."""
    frame = frame.assign(source=frame["source"].replace("", UNNAMED[lang]))
    top, rest = frame.head(MOST_SOURCES), frame.iloc[MOST_SOURCES:]
    parts, tones = [top], [""] * len(top)
    if len(rest):
        parts.append(pd.DataFrame([{"source": OTHERS[lang], **rest[list(SUMS)].sum()}]))
        tones.append("others")
    parts.append(pd.DataFrame([{"source": TOTAL[lang], **frame[list(SUMS)].sum()}]))
    return pd.concat(parts, ignore_index=True), (*tones, "total")


def _sources(frame: pd.DataFrame, lang: Lang) -> tuple[pd.DataFrame, tuple[str, ...]]:
    return _plain(frame.assign(source=frame["source"].replace("", UNNAMED[lang])).head(MOST_SOURCES), lang)


def _creatives(frame: pd.DataFrame, _: Lang) -> tuple[pd.DataFrame, tuple[str, ...]]:
    place = frame["item_id"].where(frame["item_id"].ne(""), frame["campaign"])
    named = frame.assign(creative=place.str.cat(frame["creative"], sep=" · ").str.removeprefix(" · "))
    return named, tuple(frame["verdict"].map({"keep": "good", "drop": "bad"}).fillna(""))


def _competing(frame: pd.DataFrame, _: Lang) -> tuple[pd.DataFrame, tuple[str, ...]]:
    first = ~frame["keyword"].duplicated()
    return frame, tuple(np.where(first, "good", ""))


Prepare = Callable[[pd.DataFrame, Lang], tuple[pd.DataFrame, tuple[str, ...]]]
PREPARED: Final[dict[str, Prepare]] = {
    "shop_target": _targets,
    "shop_change": _changes,
    "shop_sources": _sources,
    "shop_creatives": _creatives,
    "shop_competing": _competing,
}


def _fields(frame: pd.DataFrame, columns: Sequence[str], lang: Lang) -> tuple[Field, ...]:
    """Fields for those of `columns` that have values, side by side."""
    names = [name for name in columns if name in frame and says_something(frame[name])]
    return tuple(replace(_field(frame, name, lang), at=at) for at, name in enumerate(names))


def _field(frame: pd.DataFrame, name: str, lang: Lang) -> Field:
    label, kind = LABELS.get(name, (None, None))
    field = field_of(frame, name, lang, label=label[lang] if label else None)
    if kind is not None and kind != "text":
        field = replace(field, kind=kind, show=kind)
    return replace(field, wrap=name in WRAPPED)


def _in_words(frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    return frame.assign(
        **{
            name: frame[name].map({key: text[lang] for key, text in words.items()}).astype("str")
            for name, words in SHOWN.items()
            if name in frame
        }
    )
