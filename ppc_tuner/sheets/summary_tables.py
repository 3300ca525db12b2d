"""The summary's frames as small tables: columns on the page's grid, with rows for others and totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import ACTIONS, ITEM_ACTIONS, Kind
from ppc_tuner.identity import ACCOUNT
from ppc_tuner.sheets.fields import Field, field_of
from ppc_tuner.sheets.labels import money_in
from ppc_tuner.sheets.page_sheet import Table
from ppc_tuner.text import Lang, Text

MOST_ROWS: Final = 30
MEASURES: Final = (
    "impressions", "clicks", "cost", "conversions", "revenue", "ctr_raw", "cpc_raw", "cvr_raw", "roas",
)  # fmt: skip
SUMS: Final = (
    "words", "acted", "impressions", "clicks", "cost", "conversions", "revenue",
    "weekly_cost", "money_at_stake", "expected_gain",
)  # fmt: skip
RATIOS: Final = {
    "ctr_raw": ("clicks", "impressions"),
    "cpc_raw": ("cost", "clicks"),
    "cvr_raw": ("conversions", "clicks"),
    "roas": ("revenue", "cost"),
}
COMPARED: Final = ("words", "impressions", "clicks", "cost", "conversions", "revenue")
MEASURES_AT: Final = 3

LABELS: Final[dict[str, tuple[Text, Kind]]] = {
    "words": (Text("词数", "Words"), "count"),
    "acted": (Text("要调整的词", "To act on"), "count"),
    "rows": (Text("行数", "Rows"), "count"),
    "dropped": (Text("剔除行", "Rows dropped"), "count"),
    "implausible": (Text("异常行", "Odd rows"), "count"),
    "first_day": (Text("起始日期", "From"), "date"),
    "last_day": (Text("截止日期", "To"), "date"),
    "encoding": (Text("编码", "Encoding"), "text"),
    "layout": (Text("报表", "Report"), "text"),
    "note": (Text("备注", "Note"), "text"),
    "lost": (Text("亏掉", "Lost"), "money"),
    "whose": (Text("账户", "Account"), "text"),
    "source": (Text("来源", "Source"), "text"),
    "mark": (Text("核对", "Check"), "text"),
    "row": (Text("", ""), "text"),
    "spender": (Text("预算归属", "Budget of"), "text"),
    "budget": (Text("预算（每周）", "Budget a week"), "money"),
    "now": (Text("现在约花", "Spent now"), "money"),
    "expected": (Text("采纳后约花", "If all accepted"), "money"),
    "multiplier": (Text("目标倍数", "Targets ×"), "ratio"),
    "last_earns": (Text("最后一元赚回", "Last 1 spent earns"), "ratio"),
    "cpa": (Text("每单花费", "Cost per order"), "money"),
    "break_even_cpa": (Text("保本每单花费", "Break-even cost per order"), "money"),
    "target_roas": (Text("目标投产比", "Target ROAS"), "ratio"),
    "target_roas_low": (Text("目标下限", "Target, low"), "ratio"),
    "target_roas_high": (Text("目标上限", "Target, high"), "ratio"),
    "target_cpa": (Text("目标每单花费", "Target cost per order"), "money"),
    "target_cpa_low": (Text("目标下限", "Target, low"), "money"),
    "target_cpa_high": (Text("目标上限", "Target, high"), "money"),
    "bids": (Text("出价一起", "All bids"), "change"),
    "pays_from": (Text("从多少毛利率起不亏", "Pays from a margin of"), "share"),
    "order_costs": (Text("这部分每单花费", "An order of it costs"), "money"),
    "order_worth": (Text("一单若值", "If an order is worth"), "money"),
    "margin": (Text("毛利率若为", "If the margin is"), "share"),
    "if_margin": (Text("毛利率若为", "If the margin is"), "share"),
    "raised": (Text("提价", "Raised"), "count"),
    "lowered": (Text("降价", "Lowered"), "count"),
    "removed": (Text("删词、否词", "Deleted or excluded"), "count"),
    "cost_change": (Text("周花费变化", "Cost change"), "money"),
    "conversions_change": (Text("周成交笔数变化", "Orders change"), "count"),
    "revenue_change": (Text("周成交额变化", "Revenue change"), "money"),
    "wasted": (Text("花费", "Cost"), "money"),
}
SOURCES: Final = {
    "files": Text("报表文件", "the files"),
    "older": Text("其中：超出统计天数", "of that: before the days looked back on"),
    "settled": Text("其中：退款等扣减", "of that: refunds and the like"),
    "list": Text("操作清单", "the list"),
}
SIGN: Final = {"files": 1, "older": -1, "settled": -1, "list": 0}
WHOLE_ACCOUNT: Final = Text("整个账户", "the whole account")
TOTAL: Final = Text("合计", "Total")
TOTAL_SHOWN: Final = Text("所列合计", "Total of those shown")
AGREES: Final = Text("✓ 与报表一致", "✓ agrees with the files")
PERIOD_ROWS: Final = {
    "this": Text("本期", "This period"),
    "before": Text("上期", "Period before"),
    "change": Text("变化", "Change"),
}
SPEND_ROWS: Final = {
    "less": Text("少花一成", "10 % less"),
    "now": Text("现在", "Today's spend"),
    "more": Text("多花一成", "10 % more"),
}
FORECAST_ROWS: Final = {
    "now": Text("现在（估计，含未回传的成交）", "Now (estimated, orders still to come included)"),
    "expected": Text("全部采纳后", "All accepted"),
    "low": Text("至少（80% 区间）", "From (80 % range)"),
    "high": Text("至多（80% 区间）", "To (80 % range)"),
    "change": Text("变化", "Change"),
}


def columns_at(
    frame: pd.DataFrame, names: Sequence[str], lang: Lang, *, start: int, spans: dict[str, int] | None = None
) -> tuple[Field, ...]:
    """Fields for those of `names` that the frame has, side by side from grid column `start`."""
    fields, at = [], start
    for name in names:
        if name not in frame:
            continue
        span = (spans or {}).get(name, 1)
        fields.append(replace(named_field(frame, name, lang), at=at, span=span))
        at += span
    return tuple(fields)


def named_field(frame: pd.DataFrame, name: str, lang: Lang) -> Field:
    """The field of a column of the summary; its text wraps."""
    label, kind = LABELS.get(name, (None, None))
    field = field_of(frame, name, lang, label=label[lang] if label else None)
    if kind and (kind in ("count", "money", "share", "change") or frame[name].isna().all()):
        field = replace(field, kind=kind, show=kind)
    return replace(field, wrap=field.is_text and name != "action")


def sums(frame: pd.DataFrame) -> pd.DataFrame:
    """One row with the sums of `frame` and the ratios of those sums; unknown if any part is unknown."""
    row = {name: frame[name].sum(min_count=1) for name in SUMS if name in frame}
    for name, (over, under) in RATIOS.items():
        if {name, over, under} <= set(frame):
            below = frame[under].sum(skipna=False)
            row[name] = frame[over].sum(skipna=False) / below if below else np.nan
    return pd.DataFrame([row]).astype("float64")


def largest_and_others(
    frame: pd.DataFrame, label: str, lang: Lang, *, total: Text = TOTAL
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows with the largest cost, the rest in one row and the total; with a tone for each row."""
    if "cost" in frame:
        frame = frame.sort_values("cost", ascending=False, kind="stable", na_position="last")
    top, rest = frame.head(MOST_ROWS), frame.iloc[MOST_ROWS:]
    parts, tones = [top], [""] * len(top)
    if len(rest):
        others = Text(f"其余 {len(rest):,} 个", f"{len(rest):,} others")
        parts.append(sums(rest).assign(**{label: others[lang]}))
        tones.append("others")
    if len(frame) > 1:
        parts.append(sums(frame).assign(**{label: total[lang]}))
        tones.append("total")
    return pd.concat(parts, ignore_index=True), tuple(tones)


def dearest(burners: pd.DataFrame) -> pd.DataFrame:
    """The words with the highest cost, at most as many as a table shows."""
    return burners.sort_values("cost", ascending=False, kind="stable").head(MOST_ROWS)


def is_whole(words: pd.DataFrame, total: pd.DataFrame) -> bool:
    """Whether the words shown are all those that `total` counts (words, cost; empty when not known)."""
    return bool(len(total)) and float(total["words"].sum()) <= len(words)


def burners_said(words: pd.DataFrame, total: pd.DataFrame, currency: str) -> Text:
    """How much was spent without an order: by all words if `total` is known, else by those shown."""
    money, shown = money_in(currency), len(words)
    if total.empty:
        spent = words["cost"].sum()
        return Text(
            f"所列 {shown:,} 个词共花费 {spent:,.2f}，没有成交（{money.zh}）。",
            f"The {shown:,} {'word' if shown == 1 else 'words'} shown spent {spent:,.2f} without an order "
            f"({money.en}).",
        )
    count, spent = int(total["words"].sum()), total["cost"].sum()
    whole = is_whole(words, total)
    return Text(
        f"{count:,} 个词共花费 {spent:,.2f}，没有成交（{money.zh}）"
        + ("：" if whole else f"；其中花费最高的 {shown:,} 个："),
        f"{count:,} {'word' if count == 1 else 'words'} spent {spent:,.2f} without an order ({money.en})"
        + (":" if whole else f"; the {shown:,} dearest:"),
    )


def subtotals(frame: pd.DataFrame, label: str, lang: Lang) -> Table:
    """Subtotals by campaign or item (`label`): at most MOST_ROWS rows, the others and the total."""
    shown, tones = largest_and_others(frame, label, lang)
    first = columns_at(shown, (label, "words", "acted"), lang, start=0)
    measures = columns_at(shown, MEASURES, lang, start=MEASURES_AT)
    last = columns_at(shown, ("expected_gain", "break_even_roas"), lang, start=MEASURES_AT + len(measures))
    return Table((*first, *measures, *last), shown, tones)


def by_action(frame: pd.DataFrame, lang: Lang) -> tuple[Table, int]:
    """Words and money by action with their total, then what stands apart; how many rows to chart."""
    order = {action: place for place, action in enumerate(ACTIONS)}
    frame = frame.sort_values("action", key=lambda actions: actions.map(order), kind="stable")
    apart = frame["action"].isin(ITEM_ACTIONS) | frame.get("apart", False)
    words, others = frame.loc[~apart], frame.loc[apart]
    total = sums(words).assign(action=TOTAL[lang])
    shown = pd.concat([words, total, others], ignore_index=True)
    names = ("action", "words", "cost", "revenue", "roas", "weekly_cost", "money_at_stake", "expected_gain")
    tones = (*words["action"], "total", *others["action"])
    return Table(columns_at(shown, names, lang, start=0), shown, tones), len(words)


def budgets(frame: pd.DataFrame, lang: Lang) -> Table:
    """The budgets, the account's first: spent now, expected if all is accepted, what the last money earns."""
    shown = frame.assign(spender=frame["campaign"].mask(frame["campaign"].eq(""), WHOLE_ACCOUNT[lang]))
    over = frame["expected"] > frame["budget"] + 0.005
    names = ("spender", "budget", "now", "expected", "multiplier", "last_earns")
    return Table(columns_at(shown, names, lang, start=0), shown, tuple(np.where(over, "bad", "").tolist()))


def spend(frame: pd.DataFrame, lang: Lang) -> Table:
    """A tenth less of the spend, today's, a tenth more: what each sells and the margin from which it pays."""
    shown = frame[frame["bids"].notna()]
    shown = shown.assign(row=shown["spend"].map({name: text[lang] for name, text in SPEND_ROWS.items()}))
    wanted = ("row", "bids", "cost", "conversions", "revenue", "roas", "cpa", "pays_from", "order_costs")
    names = [name for name in wanted if shown[name].notna().any()]
    return Table(columns_at(shown, names, lang, start=0), shown, ("",) * len(shown))


def what_if(frame: pd.DataFrame, lang: Lang) -> Table:
    """The list under each margin: how many words it would raise, lower and delete, and the money."""
    wanted = (
        "margin", "order_worth", "raised", "lowered", "removed",
        "cost_change", "conversions_change", "revenue_change", "expected_gain",
    )  # fmt: skip
    names = [name for name in wanted if name in frame and frame[name].notna().any()]
    shown = frame.assign(conversions_change=frame["conversions_change"].round(1))
    return Table(columns_at(shown, names, lang, start=0), shown, ("",) * len(shown))


def smart_campaigns(frame: pd.DataFrame, lang: Lang) -> Table:
    """Campaigns whose bids the platform sets: cost, orders, return, and the target worth setting."""
    roas = "roas" in frame and frame["target_roas"].notna().any()
    kind = "roas" if roas else "cpa"
    ends = (f"target_{kind}", f"target_{kind}_low", f"target_{kind}_high")
    wanted = ("campaign", "if_margin", "cost", "conversions", "revenue", kind, f"break_even_{kind}", *ends)
    shown = frame.assign(campaign=frame["campaign"].mask(frame["campaign"].eq(""), WHOLE_ACCOUNT[lang]))
    names = [name for name in wanted if name in shown and shown[name].notna().any()]
    return Table(columns_at(shown, names, lang, start=0, spans={"campaign": 3}), shown, ("",) * len(shown))


def measures_across(
    frame: pd.DataFrame, rows: dict[str, Text], lang: Lang, *, start: int, order: Sequence[str]
) -> Table:
    """A frame with one line per measure, turned: a column per measure, a row for each of `rows` it has."""
    told = [name for name in rows if name in frame and frame[name].notna().any()]
    turned = frame.set_index("measure")[told].astype("float64").T
    measures = [name for name in order if name in turned and turned[name].notna().any()]
    turned = turned[measures].reset_index(drop=True)
    turned.columns.name = None
    turned = turned.assign(row=pd.Series([rows[name][lang] for name in told], dtype="str"))
    levels = turned.drop(index=[told.index("change")] if "change" in told else [])
    fields = columns_at(levels, measures, lang, start=start)
    label = replace(named_field(turned, "row", lang), span=start)
    return Table((label, *fields), turned, tuple("change" if name == "change" else "" for name in told))


def reconciled(totals: pd.DataFrame, lang: Lang) -> Table:
    """Totals of the files, of what is left out and of the list, marked as agreeing or with what differs."""
    keys = [key for key in (*ACCOUNT, "level") if key in totals]
    totals = totals.assign(**{key: totals[key].astype("str").fillna("") for key in keys})
    order = totals["source"].map(list(SOURCES).index)
    totals = totals.assign(_order=order).sort_values([*keys, "_order"], kind="stable", ignore_index=True)
    mark, agrees = _differences(totals, _expected(totals, keys), lang)
    in_list = totals["source"].eq("list").to_numpy()
    shown = totals.assign(
        whose=whose(totals, keys),
        mark=np.where(in_list, mark, ""),
        source=totals["source"].map({name: text[lang] for name, text in SOURCES.items()}),
    )
    first = columns_at(shown, ("whose", "source", "words"), lang, start=0)
    measures = columns_at(shown, MEASURES, lang, start=MEASURES_AT)
    check = columns_at(shown, ("mark",), lang, start=MEASURES_AT + len(measures), spans={"mark": 2})
    tones = np.where(in_list, np.where(agrees, "good", "bad"), "")
    return Table((*first, *measures, *check), shown, tuple(tones.tolist()))


def _expected(totals: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """For each row, what the list should add up to: the files' sums less what was left out."""
    measures = [name for name in COMPARED if name in totals]
    signed = totals[measures].astype("float64").mul(totals["source"].map(SIGN), axis=0)
    part_of_list = totals["source"].ne("list")
    groups = [totals[key] for key in keys] or [pd.Series(0, index=totals.index)]
    return signed.where(part_of_list).groupby(groups).transform("sum", min_count=1)


def _differences(totals: pd.DataFrame, beside: pd.DataFrame, lang: Lang) -> tuple[np.ndarray, np.ndarray]:
    """For each row, which measures differ from `beside` and by how much; and whether all agree."""
    text = np.full(len(totals), "", dtype=object)
    agrees = np.ones(len(totals), dtype=bool)
    for name in (name for name in COMPARED if name in totals):
        mine = totals[name].to_numpy("float64", na_value=np.nan)
        theirs = beside[name].to_numpy("float64", na_value=np.nan)
        gap = np.where(np.isnan(mine) & np.isnan(theirs), 0.0, np.nan_to_num(mine) - np.nan_to_num(theirs))
        differs = np.abs(gap) >= 0.005
        label = columns_at(totals, (name,), lang, start=0)[0].label
        said = [f"{label} {amount:+,.2f}" for amount in gap]
        before = np.where(text == "", "✗ ", text + ("，" if lang == "zh" else ", "))
        text = np.where(differs, before + said, text)
        agrees &= ~differs
    return np.where(agrees, AGREES[lang], text), agrees


def whose(frame: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Platform, account and currency as one text; also the level, if there are several."""
    named = pd.Series("", index=frame.index, dtype="str")
    for key in keys:
        if key == "level" and frame[key].nunique() < 2:
            continue
        part = frame[key].astype("str").fillna("")
        joined = named.str.cat(part, sep=" · ")
        named = part.where(named == "", named.where(part == "", joined))
    return named
