"""The files to write, what they change in all, and every row that is left out with the reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import pandas as pd

from ppc_tuner.decisions import Decided
from ppc_tuner.reports.recognise.formats import CANONICAL, BidRules, Format
from ppc_tuner.reports.recognise.upload_formats import Upload
from ppc_tuner.text import Text
from ppc_tuner.uploads.changes import accepted, by_hand, changes_of, kinds_of, only_doing, without_syntax
from ppc_tuner.uploads.lines import addressing, lines_of, undoable
from ppc_tuner.uploads.refusals import (
    LeftOut,
    left_out,
    of_bids,
    of_line,
    of_the_list,
    ruined_ids,
    sorted_out,
)
from ppc_tuner.writing import UNDO

# As the pages of a back office are: campaign, ad group, word.
PAGES: Final = ("campaign", "ad_group", "item", "text", "match")
UNSAFE: Final = re.compile(r"[^\w.-]+")
NAME_LENGTH: Final = 40
ENDINGS: Final = {"csv": ".csv", "xlsx": ".xlsx", "work_sheet": ".xlsx"}

NO_FORMAT: Final = Text(
    "不认识这个平台：请用 --format 给出它的格式文件",
    "the platform is not known: name its format file with --format",
)
NO_LINE: Final = Text(
    "导入文件里没有这种改动，请到后台手工处理", "no file of the platform takes this change: do it by hand"
)
CLASH: Final = Text(
    "同一个词在清单里有两行，改法不一样：请只采纳一行",
    "two rows of the list change the same word in different ways: accept one of them",
)
NOT_UNDONE: Final = Text(
    "还原文件管不到这一行：新建的要等下次导出有了编号再暂停或归档；原出价未知的请手工改回",
    "not in the file that restores: what was created is paused or archived once an export tells its id; "
    "where today's bid is unknown, set it back by hand",
)


@dataclass(frozen=True, slots=True)
class UploadFile:
    """A file for one account of one platform. `lines` and `undo`: rows × the file's columns, as texts; `undo`
    restores today's values. `changes`: the rows they come from, in the same order as `lines`."""

    name: str
    upload: Upload
    platform: Text
    account: str
    lines: pd.DataFrame
    undo: pd.DataFrame
    changes: pd.DataFrame

    @property
    def undo_name(self) -> str:
        """The name of the file that restores."""
        stem, dot, ending = self.name.rpartition(".")
        return f"{stem}{UNDO}{dot}{ending}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be written. `changes`: all rows that go into a file; `left_out`: rows that do not, and why;
    `by_hand`: rows that no upload is for; `not_undone`: rows that no file takes back; `unmarked`: rows nobody
    decided on."""

    files: tuple[UploadFile, ...]
    changes: pd.DataFrame
    left_out: tuple[LeftOut, ...]
    by_hand: int
    not_undone: tuple[LeftOut, ...]
    unmarked: int


@dataclass(slots=True)
class _Made:
    files: list[UploadFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    not_undone: list[LeftOut] = field(default_factory=list)


def prepare(
    decided: Decided,
    formats: Sequence[Format],
    *,
    today: date,
    max_age: int,
    accept_all: bool = False,
    only: Collection[str] = (),
) -> Prepared:
    """Sort the decisions of a list into files.

    `formats`: of all platforms; `max_age`: days from the last day of the figures to `today` after which the
    bids of a list count as stale; `accept_all`: rows that nobody has marked count as accepted; `only`: the
    actions to carry out.
    """
    rows = accepted(decided.rows, accept_all=accept_all)
    unmarked = 0 if accept_all else int(decided.rows["decision"].eq("").sum())
    made = _Made([], [LeftOut(*one) for one in decided.unread])
    hand = by_hand(rows)
    changes = only_doing(changes_of(rows[~hand]), only)
    changes, out = sorted_out(changes, of_the_list(changes, today, max_age, decided.written_on))
    made.left_out += out
    known = {form.id: form for form in formats}
    parts = []
    keys = [changes[name].fillna("").astype("str") for name in ("platform", "account", "currency")]
    for key, part in changes.groupby(keys, sort=True):
        platform, account, currency = map(str, key)
        form = known.get(platform)
        if form is None:
            made.left_out += left_out(part, NO_FORMAT, str(platform))
            continue
        alone = keys[1][keys[0] == platform].nunique() < 2
        parts.append(
            _of_account(part, form, known, form.bid.in_currency(currency), "" if alone else account, made)
        )
    done = pd.concat(parts, ignore_index=True) if parts else changes.iloc[:0]
    return Prepared(
        tuple(made.files), done, tuple(made.left_out), int(hand.sum()), tuple(made.not_undone), unmarked
    )


def _of_account(
    changes: pd.DataFrame,
    form: Format,
    known: Mapping[str, Format],
    rules: BidRules,
    account: str,
    made: _Made,
) -> pd.DataFrame:
    """The files of one account, added to `made`; the changes that are in them."""
    changes, out = sorted_out(changes, of_bids(changes, rules))
    made.left_out += out
    ruined = ruined_ids(changes)
    general = known[CANONICAL].uploads if CANONICAL in known else ()
    uploads = (*form.uploads, *(one for one in general if one.id not in {own.id for own in form.uploads}))
    left = changes.assign(kind=kinds_of(changes))
    done = []
    for upload in uploads:
        takes = left["kind"].isin(list(upload.rows))
        if upload.file == "work_sheet":
            # A person finds a target as well as a word.
            left = left.assign(
                kind=left["kind"].str.removeprefix("target_").replace("negative_target", "negative")
            )
            takes = left["kind"].isin(list(upload.rows))
        mine, left = left[takes], left[~takes]
        if len(mine):
            done.append(_of_upload(mine, form, upload, rules, ruined, account, made))
    made.left_out += left_out(left, NO_LINE)
    return pd.concat(done) if done else changes.iloc[:0]


def _of_upload(
    changes: pd.DataFrame,
    form: Format,
    upload: Upload,
    rules: BidRules,
    ruined: Mapping[str, pd.Series],
    account: str,
    made: _Made,
) -> pd.DataFrame:
    """One file, added to `made` where anything is left to write; the changes that are in it."""
    if upload.match_syntax:
        changes = without_syntax(changes)
    kept = []
    for kind, part in changes.groupby("kind", sort=False):
        fine, out = sorted_out(part, of_line(part, upload, upload.line(str(kind)), ruined))
        made.left_out += out
        kept.append(fine)
    changes = pd.concat(kept).sort_values(list(PAGES), kind="stable", na_position="first")
    changes, lines = _without_clashes(changes, upload, rules, made)
    if changes.empty:
        return changes
    restored = pd.concat([undoable(part, upload, str(kind)) for kind, part in changes.groupby("kind")])
    restored = restored.reindex(changes.index)
    undo = _lines(changes[restored], upload, rules, undo=True)
    made.not_undone += left_out(changes[~restored], NOT_UNDONE)
    name = "_".join(part for part in (form.id, UNSAFE.sub("_", account)[:NAME_LENGTH], upload.id) if part)
    taken = {one.name for one in made.files}
    ending = ENDINGS[upload.file]
    name = next(
        one for number in range(1, len(taken) + 2)
        if (one := f"{name}{'' if number == 1 else f'_{number}'}{ending}") not in taken
    )  # fmt: skip
    made.files.append(UploadFile(name, upload, form.name, account, lines, undo, changes))
    return changes


def _without_clashes(
    changes: pd.DataFrame, upload: Upload, rules: BidRules, made: _Made
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes and their lines; of several on one word the first, where they are alike, else none."""
    lines = _lines(changes, upload, rules, undo=False)
    if upload.file == "work_sheet" or lines.empty:
        return changes, lines
    again = lines.duplicated()
    changes, lines = changes[~again], lines[~again]
    clash = lines.duplicated(addressing(upload), keep=False)
    made.left_out += left_out(changes[clash], CLASH)
    return changes[~clash], lines[~clash]


def _lines(changes: pd.DataFrame, upload: Upload, rules: BidRules, *, undo: bool) -> pd.DataFrame:
    parts = [
        lines_of(part, upload, str(kind), rules, undo=undo)
        for kind, part in changes.groupby("kind", sort=False)
    ]
    if not parts:
        return pd.DataFrame(columns=list(upload.columns), dtype="str")
    return pd.concat(parts).reindex(changes.index)
