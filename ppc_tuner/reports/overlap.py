"""Several exports of the same days: each day and word counts once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.identity import NAME_OF, ROW, comparable
from ppc_tuner.reports.likeness import exports_apart, held_against_newest, renamed_campaigns
from ppc_tuner.reports.summing import SUMS
from ppc_tuner.text import Text

# What tells rows of one platform apart, beside their days.
KEY: Final = tuple(name for name in ROW if name != "platform")
TO_DO: Final = Text(
    "只留一份，或下载按天的报表（按天的报表重叠时自动取最新）",
    "give only one of them, or download daily reports: of those the newest counts by itself",
)

# Of exports that do not tell their day of download so many words and days show whether one restates the other.
ENOUGH: Final = 3
WHICH_IS_NEWER: Final = Text(
    "若是同一报表的新旧两份，在文件名里写上下载日期，如 _20260710，或只留一份；若是不同店铺、设备的报表，下载时勾上那一列",
    "if one is a newer download of the other, put the day of download into the file names, such as _20260710, or give one of "
    "them; if they are of different accounts or devices, add that column to the downloads",
)


@dataclass(frozen=True)
class Part:
    """The facts of one table, platform, level and day of download. label: its file and sheet; dated rows have `date` or a
    period; assumed: whether the day of download is only taken to be the day after the last."""

    label: str
    facts: pd.DataFrame
    daily: bool
    exported_on: pd.Timestamp | None
    assumed: bool = False

    @cached_property
    def span(self) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First and last day; an undated part may be of any day."""
        first, last = ("date", "date") if self.daily else ("period_start", "period_end")
        if first not in self.facts.columns or self.facts[first].isna().all():
            return pd.Timestamp.min, pd.Timestamp.max
        return self.facts[first].min(), self.facts[last].max()

    def meets(self, other: Part) -> bool:
        """True where both hold rows and a day of one may be a day of the other."""
        if self.facts.empty or other.facts.empty:
            return False
        (first, last), (start, end) = self.span, other.span
        return bool(first <= end and start <= last)


@dataclass(frozen=True, slots=True)
class Settled:
    """facts and superseded: frames in the order of the parts; notes: what was settled and how."""

    facts: list[pd.DataFrame]
    superseded: list[pd.DataFrame]
    notes: list[Text]


def settle(parts: Sequence[Part]) -> Settled:
    """Parts of one platform and level, with no day and word counted twice.

    Daily rows: the newest export wins by day and key. Summaries: equal ones count once. Raises InputError where
    summaries overlap without being equal, and where two equally new daily exports disagree.
    """
    notes: list[Text] = []
    summaries = _summaries([part for part in parts if not part.daily], notes)
    daily = [part for part in parts if part.daily]
    for part in summaries:
        for other in daily:
            if part.meets(other) and _shared_keys(part.facts, other.facts):
                raise _overlap(part, other)
    facts, superseded = _newest(daily, notes)
    return Settled(facts + [part.facts for part in summaries], superseded, notes)


def _summaries(parts: list[Part], notes: list[Text]) -> list[Part]:
    kept: list[Part] = []
    # Of equal ones that with most columns stays: one may hold the bids that the other was downloaded without.
    for part in sorted(parts, key=lambda one: -_filled(one.facts)):
        twin = next((one for one in kept if one.meets(part) and _shared_keys(one.facts, part.facts)), None)
        if twin is None:
            kept.append(part)
        elif _equal(twin.facts, part.facts):
            notes.append(
                Text(
                    f"{part.label} 与 {twin.label} 内容相同，只算一次",
                    f"{part.label} holds the same figures as {twin.label}: counted once",
                )
            )
        else:
            raise _overlap(twin, part)
    return kept


def _newest(parts: list[Part], notes: list[Text]) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:
    groups = [part.facts for part in parts]
    if not any(_meeting(parts)):
        return groups, []
    order = sorted(parts, key=lambda part: part.exported_on or pd.Timestamp.min)
    every = pd.concat([part.facts for part in order], ignore_index=True)
    number = np.repeat(np.arange(len(order)), [len(part.facts) for part in order])
    keys = _key([part.facts for part in order])
    code = _codes(every, ["date", *keys])
    newest = pd.Series(number).groupby(code).transform("max").to_numpy()
    won = number == newest
    held = held_against_newest(every[["date", "impressions"]].assign(part=number, word=code))
    _refuse_unlike(order, held)
    notes += _apart(order, held)
    if "campaign" in keys:
        _refuse_renamed(order, every[won], number[won], keys)
    _refuse_equally_new(order, every, number, code, newest)
    facts = [part.facts[won[number == i]] for i, part in enumerate(order)]
    lost = [part.facts[~won[number == i]] for i, part in enumerate(order)]
    for part, rows in zip(order, lost, strict=True):
        if len(rows):
            notes.append(
                Text(
                    f"{part.label}：{len(rows):,} 行的日期和词在更新的报表里也有，以新的为准",
                    f"{part.label}: {len(rows):,} rows are covered by a newer export, which counts instead",
                )
            )
    return facts, [rows for rows in lost if len(rows)]


def _refuse_equally_new(
    order: list[Part],
    every: pd.DataFrame,
    number: npt.NDArray[np.int64],
    code: npt.NDArray[np.int64],
    newest: npt.NDArray[np.int64],
) -> None:
    """Two exports of one day of download may repeat each other, but not contradict each other where none is newer."""
    for j, one in enumerate(order):
        for i in range(j - 1, -1, -1):
            if order[i].exported_on != one.exported_on:
                break
            if not order[i].meets(one):
                continue
            shared = np.intersect1d(code[number == i], code[(number == j) & (newest == j)])
            in_shared = np.isin(code, shared)
            sums = [_sums(every[in_shared & (number == n)], code[in_shared & (number == n)]) for n in (i, j)]
            if not _same_figures(*sums):
                raise _overlap(order[i], one, WHICH_IS_NEWER)


def _refuse_unlike(order: list[Part], held: pd.DataFrame) -> None:
    """InputError where exports of which it is not told which is newer look like different things: devices, shops."""
    for older, newer in exports_apart(held, settled=1, least=ENOUGH)[["older", "newer"]].to_numpy():
        if order[older].assumed or order[newer].assumed:
            raise _overlap(order[older], order[newer], WHICH_IS_NEWER)


def _apart(order: list[Part], held: pd.DataFrame) -> list[Text]:
    """A note where exports look like those of two accounts: on the pair that shares most."""
    pairs = exports_apart(held)
    if pairs.empty:
        return []
    older, newer = (order[i].label for i in pairs.nlargest(1, "shared")[["older", "newer"]].to_numpy()[0])
    more = len(pairs) - 1
    return [
        Text(
            f"{older} 与 {newer}{f'（另有 {more} 对报表）' if more else ''}：早就结束的日子里多数词的展现都不同，像是两个账户；现在只计新的一份。若是两个账户，下载时勾上账户（店铺）列",
            f"{older} and {newer}{f' (and {more} more pairs)' if more else ''}: most words have other impressions on days long past, "
            "as of two accounts; only the newer counts. If they are two, add the account to the downloads",
        )
    ]


def _refuse_renamed(
    order: list[Part], facts: pd.DataFrame, number: npt.NDArray[np.int64], keys: list[str]
) -> None:
    renamed = renamed_campaigns(facts, number, keys)
    if len(renamed):
        pair = renamed.iloc[0]
        raise _renamed(order[pair["part"]], order[pair["part_other"]], pair)


def _renamed(older: Part, newer: Part, pair: pd.Series) -> InputError:
    return InputError(
        Text("同一天的同样数字在两份报表里属于不同名字的计划，会算两遍", "two reports hold the same figures of the same days under campaigns of different names: they would count twice"),
        where=newer.label,
        found=Text(f"{older.label} 的“{pair['campaign']}”和 {newer.label} 的“{pair['campaign_other']}”，{pair['shared']:,} 行相同",
                   f"“{pair['campaign']}” in {older.label} and “{pair['campaign_other']}” in {newer.label}: {pair['shared']:,} equal rows"),
        expected=Text("时间不重叠，或带计划ID", "days that do not overlap, or a column of campaign ids"),
        to_do=Text("若是改了名：只给新的一份，或下载时勾上计划ID", "if it was renamed, give the newer report only, or add the campaign id to the download"),
    )  # fmt: skip


def _meeting(parts: Sequence[Part]) -> Iterator[bool]:
    """Of the parts in the order of their days, whether each meets one before it."""
    last = pd.Timestamp.min
    for part in sorted((part for part in parts if len(part.facts)), key=lambda part: part.span[0]):
        yield part.span[0] <= last
        last = max(last, part.span[1])


def _key(frames: Sequence[pd.DataFrame]) -> list[str]:
    """Key columns that all frames tell; a name gives way to its id where no frame lacks one."""
    names = [name for name in KEY if all(_told(frame, name).any() for frame in frames)]
    full = {name for name in NAME_OF if name in names and all(_told(frame, name).all() for frame in frames)}
    unneeded = {NAME_OF[name] for name in full} | (set(NAME_OF) - full)
    return [name for name in names if name not in unneeded]


def _told(frame: pd.DataFrame, name: str) -> npt.NDArray[np.bool_]:
    """Where a column says something: some texts that a report lacks are filled with blanks."""
    if name not in frame.columns:
        return np.zeros(1, dtype=bool)
    return np.asarray(frame[name].notna() & (frame[name] != ""), dtype=bool)


def _filled(facts: pd.DataFrame) -> int:
    return sum(bool(_told(facts, name).any()) for name in facts.columns)


def _codes(frame: pd.DataFrame, names: list[str]) -> npt.NDArray[np.int64]:
    return np.asarray(
        comparable(frame[names]).groupby(names, dropna=False, sort=False).ngroup(), dtype=np.int64
    )


def _shared_keys(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    names = _key([one, other])
    code = _codes(pd.concat([one[names], other[names]], ignore_index=True), names)
    return len(np.intersect1d(code[: len(one)], code[len(one) :])) > 0


def _equal(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    if len(one) != len(other):
        return False
    names = [
        *_key([one, other]),
        *(n for n in ("period_start", "period_end") if n in one.columns and n in other.columns),
    ]
    every = pd.concat([one, other], ignore_index=True)
    code = _codes(every, names)
    split = len(one)
    return _same_figures(_sums(every.iloc[:split], code[:split]), _sums(every.iloc[split:], code[split:]))


def _sums(frame: pd.DataFrame, code: npt.NDArray[np.int64]) -> pd.DataFrame:
    return frame[[name for name in SUMS if name in frame.columns]].groupby(code).sum()


def _same_figures(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    return one.index.equals(other.index) and bool(
        np.allclose(one.to_numpy(), other.to_numpy(), atol=1e-6, rtol=0)
    )


def _overlap(one: Part, other: Part, to_do: Text = TO_DO) -> InputError:
    return InputError(
        Text("两份报表的时间和词重叠，数字却不同，不能相加", "two reports overlap in time and words but differ, so they cannot be added"),
        where=one.label,
        found=Text(f"{one.label}（{_shown(one)}）和 {other.label}（{_shown(other)}）",
                   f"{one.label} ({_shown(one)}) and {other.label} ({_shown(other)})"),
        expected=Text("时间不重叠的报表", "reports of different days"),
        to_do=to_do,
    )  # fmt: skip


def _shown(part: Part) -> str:
    first, last = part.span
    return "undated" if first == pd.Timestamp.min else f"{first:%Y-%m-%d}..{last:%Y-%m-%d}"
