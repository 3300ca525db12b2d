"""Reports → the list: every account through the pass, then ranked and summed up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ppc_tuner import sheets
from ppc_tuner.context import orders_that_count, read_context, unmatched, with_reported
from ppc_tuner.files import DateOrder, Decimal
from ppc_tuner.history import Ledger, keep_run, memory_of
from ppc_tuner.identity import ACCOUNT
from ppc_tuner.judge import Pack, load_pack
from ppc_tuner.locations import rules_folder
from ppc_tuner.reports import (
    MoneyUnit,
    Reading,
    facts_from_frame,
    no_words,
    read_candidates,
    read_reports,
    refuse_without_orders,
    with_window,
)
from ppc_tuner.settings import Settings
from ppc_tuner.summary import Run, odd_rows, ranked, summary_of
from ppc_tuner.text import Lang, Text
from ppc_tuner.tuning import tune_account

Progress = Callable[[Text], None]


@dataclass(frozen=True)
class Result:
    """The list and its summary.

    `actions`: a row for every decision row and for every item to mend, the most valuable first. `reading`:
    how the files were understood. `lang`: the language of the list. `runs`: each account as it was decided,
    with its pack. `warnings`: what is to be known before the list is read.
    """

    actions: pd.DataFrame
    reading: Reading
    lang: Lang
    runs: tuple[Run, ...]
    warnings: tuple[Text, ...]

    @cached_property
    def summary(self) -> dict[str, pd.DataFrame]:
        """Name → frame, as the sheet 总览/Summary shows it; summed up when first asked for."""
        return summary_of(self.runs, self.reading, self.actions, self.warnings)

    def save(self, path: str | Path, *, overwrite: bool = False) -> list[Path]:
        """Write the list and return the files written; the ending decides: .xlsx, .html, .csv, .parquet or
        .json.

        Raises OutputError where it cannot be written, and where a file is there that somebody has touched or
        that this program did not write, unless `overwrite`.
        """
        path = Path(path)
        if path.suffix.lower() == sheets.PAGE:
            # Only a page needs its assets and the days of the report.
            from ppc_tuner.page import save_page

            runs = self._with_facts()
            return save_page(self.actions, self.summary, runs, path, self.lang, overwrite=overwrite)
        return sheets.save(self.actions, self.summary, path, self.lang, overwrite=overwrite)

    def _with_facts(self) -> list[tuple[Run, pd.DataFrame]]:
        """Each account with its facts, whose orders and revenue are those that count."""
        facts = dict(_accounts(self.reading.facts))
        return [
            (
                run,
                orders_that_count(
                    facts[run.platform.id, run.account, run.currency],
                    run.known,
                    Settings.of(run.pack.settings),
                ),
            )
            for run in self.runs
        ]

    def remember(self, ledger: str | Path) -> bool:
        """Put the list into the ledger in this folder; False where it is there. Raises OutputError."""
        about = {"accounts": [run.about for run in self.runs]}
        return keep_run(Ledger(Path(ledger)), self.actions, about, sheets.rows_to_act_on(self.actions))


def tune(
    reports: Sequence[str | Path] | str | Path | pd.DataFrame,
    rules: str | Path | None = None,
    context: Sequence[str | Path] | str | Path | None = None,
    settings: Mapping[str, Any] | None = None,
    as_of: date | None = None,
    *,
    formats: Sequence[str | Path] = (),
    period: tuple[date, date] | None = None,
    exported_on: date | None = None,
    decimal: Decimal | None = None,
    date_order: DateOrder | None = None,
    money_unit: MoneyUnit | None = None,
    candidates: Sequence[str | Path] | str | Path | None = None,
    ledger: str | Path | None = None,
    lang: Lang | None = None,
    progress: Progress = lambda _: None,
) -> Result:
    """The weekly decisions for the keywords of these reports.

    `reports`: paths of exports (files, folders, zips), or a frame of canonical facts. `rules`: name or file
    of a rule pack, by default the platform's. `context`: a workbook, csv files or folders of them (items,
    pages, events …). `settings`: values that replace those of the pack. `as_of`: the latest day that is not
    in the future, by default tomorrow. `formats`: further format files. `period`: dates exports that hold no
    date; `exported_on`: the day of download where the file does not tell. `decimal` ("." or ",") and
    `date_order` ("dmy" or "mdy"): how files are written that do not show it themselves. `money_unit`
    ("millionths" or "whole"): what money is in that looks like millionths. `candidates`: lists of words that
    could be added, from word tools or one word a line. `ledger`: the folder of earlier lists and decisions,
    which is only read; Result.remember writes into it. `lang`: of the list, by default
    that of the reports. `progress`: told what is being done. Raises InputError, ConfigError, UsageError or
    NoRowsError, each saying what to do.
    """
    progress(Text("读取报表", "reading the reports"))
    if isinstance(reports, pd.DataFrame):
        reading = facts_from_frame(reports, as_of=as_of)
    else:
        reading = read_reports(
            _as_paths(reports),
            formats=_as_paths(formats),
            period=period,
            exported_on=exported_on,
            as_of=as_of,
            decimal=decimal,
            date_order=date_order,
            money_unit=money_unit,
        )
    if reading.facts.empty:
        raise no_words(reading.files)
    refuse_without_orders(reading)
    known = read_context(_as_paths(context))
    if ledger is not None:
        known = replace(known, memory=memory_of(Ledger(Path(ledger))))
    words = read_candidates(_as_paths(candidates), _as_paths(formats))
    runs = []
    older = dict(_accounts(reading.superseded))
    for (platform, account, currency), facts in _accounts(reading.facts):
        progress(Text(f"计算 {account or platform}", f"deciding for {account or platform}"))
        pack = pack_for(rules, reading, platform, settings)
        superseded = older.get((platform, account, currency))
        facts = with_window(facts, Settings.of(pack.settings).attribution_days)
        standing = with_reported(known.negatives, _of_account(reading.negatives, platform, account))
        runs.append(
            tune_account(
                facts,
                reading.platforms[platform],
                pack,
                replace(known, negatives=standing),
                account,
                currency,
                superseded,
                words,
            )
        )
    language = lang or reading.lang
    progress(Text("汇总", "summing up"))
    rows = runs[0].rows if len(runs) == 1 else pd.concat([run.rows for run in runs], ignore_index=True)
    actions = ranked(rows)
    warnings = (*unmatched(known, reading.facts), *odd_rows(reading), *reading.doubts)
    return Result(actions, reading, language, tuple(runs), warnings)


def pack_for(
    rules: str | Path | None, reading: Reading, platform: str, settings: Mapping[str, Any] | None = None
) -> Pack:
    """The pack that decides for a platform of these reports: `rules`, else the platform's own.

    A pack that extends `platform` builds on the platform's own. Raises what load_pack raises.
    """
    own = reading.platforms[platform].pack
    return load_pack(rules or own, rules_folder(), settings, platform=own)


def _accounts(facts: pd.DataFrame) -> list[tuple[tuple[str, str, str], pd.DataFrame]]:
    """(platform, account, currency) and the facts of each; a name that the report lacks is empty."""
    keys = [name for name in ACCOUNT if name in facts]
    filled = [facts[name].fillna("") for name in keys]
    groups = facts.groupby(filled, sort=False)
    # Most files hold one account, and its group would be a copy of the frame.
    only = [(tuple(column.iloc[0] for column in filled), facts)] if groups.ngroups == 1 else None
    parts = only or list(groups)
    named = [(dict(zip(keys, key, strict=True)), group) for key, group in parts]
    return [
        ((str(key["platform"]), str(key.get("account", "")), str(key.get("currency", ""))), group)
        for key, group in named
    ]


def _of_account(negatives: pd.DataFrame, platform: str, account: str) -> pd.DataFrame:
    """The negatives of a platform that are this account's, or of none by name."""
    if negatives.empty:
        return negatives
    whose = negatives["account"].fillna("")
    return negatives[
        negatives["platform"].eq(platform) & (whose.eq("") | whose.eq(account) | (account == ""))
    ]


def _as_paths(given: Sequence[str | Path] | str | Path | None) -> list[Path]:
    if given is None:
        return []
    return [Path(given)] if isinstance(given, str | Path) else [Path(path) for path in given]
