"""Unkeyed tables: events, targets, budgets and creatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ppc_tuner.context import cells as read
from ppc_tuner.context.cells import Place, fault, refuse_repeated
from ppc_tuner.context.layout import BUDGETS, COUNTS, CREATIVE_KINDS, TARGETS, WHOLE_SHOP, column
from ppc_tuner.context.reading import RawTable
from ppc_tuner.errors import ConfigError
from ppc_tuner.text import Text

LONGEST_EVENT_DAYS: Final = 60
MONTH: Final = r"(20\d\d)\s*[-/.年]\s*(\d{1,2})月?"
EVENTS: Final = ("day", "item_id", "event")
TARGETS_BY_DAY: Final = ("date", *TARGETS)
BUDGETS_OF: Final = ("campaign", *BUDGETS, "limited")
CREATIVES: Final = ("campaign", "ad_group", "item_id", "creative_kind", "creative", "date", *COUNTS)


def empty(columns: Sequence[str]) -> pd.DataFrame:
    """An empty table of these columns."""
    return pd.DataFrame(columns=list(columns))


def together(kind: str, raw: Sequence[RawTable], columns: Sequence[str]) -> pd.DataFrame:
    """All tables of one kind (events, targets, budgets or creatives) as one frame of `columns`.

    ConfigError for a missing column, an empty or unreadable cell, and two rows of the same keys.
    """
    readers = {"events": _events, "targets": _targets, "budgets": _budgets, "creatives": _creatives}
    parts = [readers[kind](one) for one in raw if one.kind == kind]
    return pd.concat(parts, ignore_index=True)[list(columns)] if parts else empty(columns)


def _missing(raw: RawTable, names: Sequence[str]) -> None:
    """ConfigError where the table lacks one of these columns."""
    for name in names:
        if name not in raw.frame:
            label = column(name).label
            raise ConfigError(
                Text(f"表里缺少“{label.zh}”（{name}）列", f"the table lacks the column '{name}'"),
                where=f"{raw.place}:1",
                found=", ".join(map(str, raw.frame.columns)),
                to_do=Text("补上这一列", "add it"),
            )


def _filled(raw: RawTable, values: pd.Series, name: str) -> pd.Series:
    """The values, none of which may be empty."""
    blank = values.index[values.isna()]
    if len(blank):
        raise fault(raw.place, blank[0], name, Text("空", "nothing"), Text("填写", "a value"))
    return values


def _events(raw: RawTable) -> pd.DataFrame:
    _missing(raw, ["from", "to"])
    frame, place = raw.frame, raw.place
    first = _filled(raw, read.dates(frame["from"], "from", place), "from")
    last = _filled(raw, read.dates(frame["to"], "to", place), "to")
    read.refuse(last < first, frame["to"], "to", place, Text("不早于开始日期", "not before the first day"))
    long = (last - first).dt.days >= LONGEST_EVENT_DAYS
    expected = Text(f"一次活动不超过 {LONGEST_EVENT_DAYS} 天", f"at most {LONGEST_EVENT_DAYS} days an event")
    read.refuse(long, frame["to"], "to", place, expected)
    events = pd.DataFrame({"first": first, "days": (last - first).dt.days + 1}, index=frame.index)
    events["item_id"] = read.ids(frame["item_id"], "item_id", place) if "item_id" in frame else float("nan")
    events["item_id"] = events["item_id"].astype("str").mask(events["item_id"].isin(WHOLE_SHOP))
    events["event"] = read.texts(frame["event"], "event", place) if "event" in frame else ""
    spread = events.loc[events.index.repeat(events["days"].astype(int))]
    spread["day"] = spread["first"] + pd.to_timedelta(spread.groupby(level=0).cumcount(), unit="D")
    return spread.drop_duplicates(["day", "item_id"])[["day", "item_id", "event"]].reset_index(drop=True)


def _targets(raw: RawTable) -> pd.DataFrame:
    """Targets by day: a month's is spread evenly over its days, and a day's own takes its place."""
    frame, place = raw.frame, raw.place
    if "month" not in frame and "date" not in frame:
        _missing(raw, ["month"])
    amounts = {
        name: read.numbers(frame[name], name, place, span, share=False)
        for name, span in TARGETS.items()
        if name in frame
    }
    wanted = pd.DataFrame(amounts, index=frame.index).reindex(columns=list(TARGETS))
    day = (
        read.dates(frame["date"], "date", place) if "date" in frame else pd.Series(pd.NaT, index=frame.index)
    )
    month = _months(frame["month"], place) if "month" in frame else pd.Series(pd.NaT, index=frame.index)
    both = day.notna() & month.notna()
    read.refuse(
        both, frame.get("date", day), "date", place, Text("月份和日期只填一个", "a month or a date, not both")
    )
    _filled(raw, day.fillna(month), "month" if "month" in frame else "date")
    monthly = wanted.assign(first=month, days=month.dt.days_in_month).dropna(subset=["first"])
    refuse_repeated(monthly.assign(month=monthly["first"]), ["month"], place)
    spread = monthly.loc[monthly.index.repeat(monthly["days"].astype(int))]
    each = spread[list(TARGETS)].div(spread["days"], axis=0)
    each["date"] = spread["first"] + pd.to_timedelta(spread.groupby(level=0).cumcount(), unit="D")
    daily = wanted.assign(date=day).dropna(subset=["date"])
    refuse_repeated(daily, ["date"], place)
    own_last = pd.concat([part for part in (each, daily) if len(part)] or [each])
    return own_last.groupby("date", as_index=False)[list(TARGETS)].last()


def _months(cells: pd.Series, place: Place) -> pd.Series:
    text = read.texts(cells, "month", place).str.normalize("NFKC")
    parts = text.str.extract(rf"^{MONTH}(?:[-/]\d{{1,2}}.*)?$")
    month = pd.to_datetime(parts[0] + "-" + parts[1].str.zfill(2) + "-01", format="%Y-%m-%d", errors="coerce")
    read.refuse(
        text.notna() & month.isna(),
        cells,
        "month",
        place,
        Text("月份，如 2026-10", "a month such as 2026-10"),
    )
    return month


def _budgets(raw: RawTable) -> pd.DataFrame:
    _missing(raw, ["campaign"])
    frame, place = raw.frame, raw.place
    budgets = pd.DataFrame(
        {"campaign": _filled(raw, read.texts(frame["campaign"], "campaign", place), "campaign")}
    )
    for name, span in BUDGETS.items():
        cells = frame.get(name, pd.Series(float("nan"), index=frame.index, dtype="str"))
        budgets[name] = read.numbers(cells, name, place, span, share=False)
    limited = frame.get("limited", pd.Series(float("nan"), index=frame.index, dtype="str"))
    budgets["limited"] = read.flags(limited, "limited", place)
    refuse_repeated(budgets, ["campaign"], place)
    return budgets


def _creatives(raw: RawTable) -> pd.DataFrame:
    _missing(raw, ["creative", *COUNTS])
    frame, place = raw.frame, raw.place
    where = [name for name in ("campaign", "ad_group", "item_id") if name in frame]
    made = pd.DataFrame(
        {name: (read.ids if name == "item_id" else read.texts)(frame[name], name, place) for name in where},
        index=frame.index,
    )
    made = made.reindex(columns=["campaign", "ad_group", "item_id"]).astype("str")
    made["creative"] = _filled(raw, read.texts(frame["creative"], "creative", place), "creative")
    kind = frame.get("creative_kind", pd.Series("picture", index=frame.index, dtype="str"))
    made["creative_kind"] = read.choices(kind, "creative_kind", place, CREATIVE_KINDS).fillna("picture")
    made["date"] = read.dates(frame["date"], "date", place) if "date" in frame else pd.NaT
    for name, span in COUNTS.items():
        made[name] = _filled(raw, read.numbers(frame[name], name, place, span, share=False), name)
    more = made["clicks"] > made["impressions"]
    read.refuse(more, frame["clicks"], "clicks", place, Text("不多于展现", "no more clicks than impressions"))
    refuse_repeated(made, ["campaign", "ad_group", "item_id", "creative_kind", "creative", "date"], place)
    return made
