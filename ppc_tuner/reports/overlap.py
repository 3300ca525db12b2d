"""Several exports of the same days: each day and word counts once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from ppc_tuner.identity import NAME_OF, ROW, comparable
from ppc_tuner.reports.results import SUMS, FileReading

# What tells rows of one platform apart, beside their days.
KEY: Final = tuple(name for name in ROW if name != "platform")
# Of the last days before a download the figures are still being counted.
SETTLED_DAYS: Final = 3
# So many words and days must be in both, and at least half of them so far apart, before it cannot be one
# account.
LEAST_SHARED, APART = 20, 0.2
# One word may have the figures of another by chance, five rows of the same words and days do not.
LEAST_RENAMED: Final = 5
FIGURES: Final = ("impressions", "clicks", "cost")


@dataclass(frozen=True)
class Part:
    """The facts of one table, platform, level and day of download. label: its file and sheet; dated rows have
    `date` or a period; assumed: whether the day of download is only taken to be the day after the last."""

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
class DailyExports:
    """Daily exports of which some share days, the oldest download first.

    every: all their rows below each other (rows × facts columns, fresh index); of each row: part, the number
    of its export; word, a number for its day and word; newest, the number of the newest export that holds
    that day and word. keys: the columns that name a word in all of them, without the day.
    """

    order: list[Part]
    every: pd.DataFrame
    part: npt.NDArray[np.int64]
    word: npt.NDArray[np.int64]
    newest: npt.NDArray[np.int64]
    keys: list[str]

    @property
    def counts(self) -> npt.NDArray[np.bool_]:
        """Which rows count: those of the newest export of their day and word."""
        return np.asarray(self.part == self.newest, dtype=bool)

    def figures_of(self, part: int, among: npt.NDArray[np.bool_]) -> pd.DataFrame:
        """Sums by day and word of the rows of one export among some."""
        rows = among & (self.part == part)
        return _sums(self.every[rows], self.word[rows])


@dataclass(frozen=True, slots=True)
class Overlaps:
    """What the exports of one platform and level share. repeated: a summary and the equal one that counts
    instead; clashes: two exports that share days and words but are not equal; daily: daily exports that share
    days, if any do."""

    repeated: list[tuple[Part, Part]] = field(default_factory=list)
    clashes: list[tuple[Part, Part]] = field(default_factory=list)
    daily: DailyExports | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """facts and superseded: frames in the order of the parts; overlaps: what they shared, for the checks."""

    facts: list[pd.DataFrame]
    superseded: list[pd.DataFrame]
    overlaps: Overlaps


def settle(parts: Sequence[Part]) -> Settled:
    """Parts of one platform and level, with no day and word counted twice.

    Daily rows: the newest export wins by day and word. Summaries: equal ones count once.
    """
    overlaps = Overlaps()
    summaries = _summaries([part for part in parts if not part.daily], overlaps)
    days = [part for part in parts if part.daily]
    overlaps.clashes.extend(
        (part, other)
        for part in summaries
        for other in days
        if part.meets(other) and _shared_keys(part.facts, other.facts)
    )
    whole = [part.facts for part in summaries]
    if not any(_meeting(days)):
        return Settled([part.facts for part in days] + whole, [], overlaps)
    daily = _compared(days)
    facts, superseded = _newest(daily)
    return Settled(facts + whole, superseded, replace(overlaps, daily=daily))


def parts_of(files: Sequence[tuple[FileReading, pd.DataFrame]]) -> dict[tuple[str, str], list[Part]]:
    """The facts of files by platform and level: only these can overlap. A file with days and summaries gives
    two parts."""
    parts: dict[tuple[str, str], list[Part]] = {}
    sheets = Counter(file.path for file, _ in files)
    for file, every in files:
        label = file.path.as_posix()
        if sheets[file.path] > 1 and file.sheet:
            label += f" [{file.sheet}]"
        for facts in _alike(every):
            platform, level = facts[["platform", "level"]].iloc[0]
            daily = facts["date"].notna() if "date" in facts.columns else pd.Series(False, index=facts.index)
            part = Part(label, facts, False, _downloaded(facts), file.assumed_download)
            if daily.all():
                both = [replace(part, daily=True)]
            else:
                summary = _where(facts, ~daily).drop(columns="date", errors="ignore")
                both = [replace(part, facts=_where(facts, daily), daily=True), replace(part, facts=summary)]
            parts.setdefault((platform, level), []).extend(one for one in both if len(one.facts))
    return parts


def days_of_one_export(exports: Sequence[tuple[pd.Timestamp, pd.DataFrame]]) -> list[pd.Timestamp]:
    """The day of download to assume for each export (its own assumed day, its facts).

    Exports of which no two hold a day of one word are parts of one and have its newest day. One that shares
    days and words with a newer one is an older download, and keeps the day of those it continues.
    """
    words = _words_and_days([facts for _, facts in exports])
    days = [day for day, _ in exports]
    found = list(days)
    newest_first = sorted(range(len(exports)), key=lambda at: days[at], reverse=True)
    # Of each download its day, and which of all words it holds.
    together: list[tuple[pd.Timestamp, npt.NDArray[np.bool_]]] = []
    every = 1 + max(int(held.max(initial=-1)) for held in words)
    for at in newest_first:
        for day, held in together:
            if not held[words[at]].any():
                found[at] = day
                held[words[at]] = True
                break
        else:
            held = np.zeros(every, dtype=bool)
            held[words[at]] = True
            together.append((days[at], held))
    return found


def _words_and_days(frames: Sequence[pd.DataFrame]) -> list[npt.NDArray[np.int64]]:
    """For each frame a number for each word and day in it, the same number for the same ones."""
    keys = ["platform", "level", *_key(frames)]
    days = [name for name in ("date", "period_start", "period_end") if any(name in one for one in frames)]
    every = pd.concat([frame.reindex(columns=[*keys, *days]) for frame in frames], ignore_index=True)
    ends = np.cumsum([len(frame) for frame in frames])
    return [np.unique(codes) for codes in np.split(_codes(every, [*keys, *days]), ends[:-1])]


def same_figures(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """True where sums of the same words are equal, but for the last bits of a float."""
    return one.index.equals(other.index) and bool(
        np.allclose(one.to_numpy(), other.to_numpy(), atol=1e-6, rtol=0)
    )


def held_against_newest(daily: DailyExports) -> pd.DataFrame:
    """Words and days that several exports show, beside the newest that does: rows × (older, newer, age,
    apart).

    age: days up to the last that both exports hold; apart: whether the impressions differ.
    """
    rows = daily.every[["date", "impressions"]].assign(part=daily.part, word=daily.word)
    sums = rows.groupby(["word", "part"], as_index=False).agg({"date": "first", "impressions": "sum"})
    words = sums.groupby("word")
    sums["newer"] = words["part"].transform("last")
    sums["beside"] = words["impressions"].transform("last")
    last = rows.groupby("part")["date"].max()
    sums["age"] = (np.minimum(sums["part"].map(last), sums["newer"].map(last)) - sums["date"]).dt.days
    shown = (sums["impressions"] > 0) & (sums["beside"] > 0)
    both = sums[shown & (sums["part"] < sums["newer"])].rename(columns={"part": "older"})
    figures = both[["impressions", "beside"]]
    apart = (figures["impressions"] - figures["beside"]).abs() > APART * figures.max(axis=1)
    return both[["older", "newer", "age"]].assign(apart=apart)


def exports_apart(
    daily: DailyExports, settled: int = SETTLED_DAYS, least: int = LEAST_SHARED
) -> pd.DataFrame:
    """Pairs of exports in which most words of days long settled differ: rows × (older, newer, shared).

    settled: how many last days are left out; least: how many words and days both must hold.
    """
    held = held_against_newest(daily)
    groups = held[held["age"] >= settled].groupby(["older", "newer"])
    pairs: pd.DataFrame = groups.agg(shared=("apart", "size"), apart=("apart", "mean")).reset_index()
    return pairs[(pairs["shared"] >= least) & (pairs["apart"] > 0.5)]


def renamed_campaigns(daily: DailyExports) -> pd.DataFrame:
    """Campaigns of one export beside those of another, neither in both, with the very same figures of the
    same words and days: rows × (campaign, campaign_other, part, part_other, shared)."""
    words = ["date", *(name for name in daily.keys if name != "campaign"), *FIGURES]
    counts = daily.counts
    rows = daily.every[counts].assign(part=daily.part[counts])[["campaign", "part", *words]]
    lone = rows.groupby("campaign")["part"].transform("nunique") < rows["part"].nunique()
    clicked = rows[lone & (rows["clicks"] > 0)]
    clicked = clicked[clicked.duplicated(words, keep=False)]
    same = clicked.merge(clicked, on=words, suffixes=("", "_other"))
    same = same[(same["part"] < same["part_other"]) & (same["campaign"] != same["campaign_other"])]
    holds = pd.MultiIndex.from_frame(rows[["campaign", "part"]].drop_duplicates())
    for campaign, other in (("campaign", "part_other"), ("campaign_other", "part")):
        same = same[~pd.MultiIndex.from_frame(same[[campaign, other]]).isin(holds)]
    pairs = same.groupby(["campaign", "campaign_other"]).agg(
        part=("part", "first"), part_other=("part_other", "first"), shared=("part", "size")
    )
    return pairs[pairs["shared"] >= LEAST_RENAMED].reset_index()


def _alike(facts: pd.DataFrame) -> list[pd.DataFrame]:
    """The rows of each platform, level and day of download: a canonical table may hold several."""
    if facts.empty:
        return []
    names = [name for name in ("platform", "level", "exported_on") if name in facts.columns]
    if len(facts[names].drop_duplicates()) == 1:
        return [facts]
    group = facts.groupby(names, dropna=False, sort=True).ngroup()
    return [_where(facts, group == number) for number in range(group.max() + 1)]


def _downloaded(facts: pd.DataFrame) -> pd.Timestamp | None:
    """The day of download that all rows share."""
    day = facts["exported_on"].iloc[0] if "exported_on" in facts.columns else None
    return None if day is None or pd.isna(day) else pd.Timestamp(day)


def _where(facts: pd.DataFrame, mask: pd.Series[bool]) -> pd.DataFrame:
    """The rows where `mask`; the frame itself, uncopied, where that is all of them."""
    return facts if mask.all() else facts[mask]


def _summaries(parts: list[Part], overlaps: Overlaps) -> list[Part]:
    """The summaries that count; what they share goes to `overlaps`."""
    kept: list[Part] = []
    # Of equal ones that with most columns stays: one may hold the bids that the other was downloaded without.
    for part in sorted(parts, key=lambda one: -_filled(one.facts)):
        twin = next((one for one in kept if one.meets(part) and _shared_keys(one.facts, part.facts)), None)
        if twin is None:
            kept.append(part)
        elif _equal(twin.facts, part.facts):
            overlaps.repeated.append((part, twin))
        else:
            overlaps.clashes.append((twin, part))
    return kept


def _compared(parts: list[Part]) -> DailyExports:
    order = sorted(parts, key=lambda part: part.exported_on or pd.Timestamp.min)
    every = pd.concat([part.facts for part in order], ignore_index=True)
    number = np.repeat(np.arange(len(order)), [len(part.facts) for part in order])
    keys = _key([part.facts for part in order])
    word = _codes(every, ["date", *keys])
    newest = pd.Series(number).groupby(word).transform("max").to_numpy()
    return DailyExports(order, every, number, word, newest, keys)


def _newest(daily: DailyExports) -> tuple[list[pd.DataFrame], list[pd.DataFrame]]:
    won = daily.counts
    facts = [part.facts[won[daily.part == i]] for i, part in enumerate(daily.order)]
    older = ~won & _last_of_its_day(daily)
    lost = [part.facts[older[daily.part == i]] for i, part in enumerate(daily.order)]
    return facts, [rows for rows in lost if len(rows)]


def _last_of_its_day(daily: DailyExports) -> npt.NDArray[np.bool_]:
    """Which rows are of the last export of their day of download that holds their day and word: a copy of a
    file says nothing more of how orders arrive."""
    downloads = pd.factorize(pd.Series([part.exported_on for part in daily.order]), use_na_sentinel=False)[0]
    rows = pd.DataFrame({"word": daily.word, "download": downloads[daily.part], "part": daily.part})
    last = rows.groupby(["word", "download"], sort=False)["part"].transform("max")
    return np.asarray(rows["part"] == last, dtype=bool)


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
    return same_figures(_sums(every.iloc[:split], code[:split]), _sums(every.iloc[split:], code[split:]))


def _sums(frame: pd.DataFrame, code: npt.NDArray[np.int64]) -> pd.DataFrame:
    return frame[[name for name in SUMS if name in frame.columns]].groupby(code).sum()
