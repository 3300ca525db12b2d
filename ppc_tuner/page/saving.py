"""Writes the page: one file with its styles, scripts and data inside, and a policy that lets in no others."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import pandas as pd

from ppc_tuner.columns import ACTIONS, COLUMNS
from ppc_tuner.fingerprint import UNSEALED
from ppc_tuner.page.front import about_accounts, sentences
from ppc_tuner.page.labels import TEXTS, TITLE
from ppc_tuner.page.packing import as_json, packed, pair
from ppc_tuner.page.rows import (
    SHOWN,
    TOLD_BESIDE,
    account_numbers,
    columns_beside,
    rows_of_page,
    shown_columns,
)
from ppc_tuner.page.timeline import by_day, by_week
from ppc_tuner.run_rows import about_run, carried, run_of
from ppc_tuner.sheets import check_output
from ppc_tuner.sheets.labels import PER_PERIOD, VALUES
from ppc_tuner.summary import Run
from ppc_tuner.text import Lang, Text
from ppc_tuner.writing import written_whole

SCRIPTS: Final = ("store.js", "table.js", "charts.js", "row_parts.js", "panel.js", "report.js")
STYLES: Final = ("grid.css", "report.css")
# A file holds its fingerprint after everything else, where the data cannot imitate it.
SEAL: Final = f"<!-- {UNSEALED} -->\n"


def save_page(
    actions: pd.DataFrame,
    summary: dict[str, pd.DataFrame],
    runs: Sequence[tuple[Run, pd.DataFrame]],
    path: Path,
    lang: Lang,
    *,
    overwrite: bool = False,
) -> list[Path]:
    """Write the page to `path` and return the files written.

    `actions`: the ranked list; `summary`: frames by name as made by `summary_of`; `runs`: each account as
    decided, with its facts whose orders and revenue are those that count. The file appears whole or not at
    all. Raises UsageError for an unknown ending, OutputError where the file cannot be written or replaced.
    """
    check_output(path, overwrite=overwrite)
    with written_whole([path], overwrite=overwrite) as (aside,):
        aside.write_text(page(actions, summary, runs, lang), encoding="utf-8", newline="\n")
    return [path]


def page(
    actions: pd.DataFrame,
    summary: dict[str, pd.DataFrame],
    runs: Sequence[tuple[Run, pd.DataFrame]],
    lang: Lang,
) -> str:
    """The text of the file; arguments as for `save_page`."""
    rows = rows_of_page(actions)
    keys = [tuple(run.key.values()) for run, _ in runs]
    numbers = account_numbers(rows, keys)
    data = {
        "lang": lang,
        "written_on": date.today().isoformat(),
        "undated": _is_undated(summary),
        "run": run_of(str(keyed.iloc[0])) if len(keyed := rows["row_key"].dropna()) else "",
        "texts": {name: pair(text) for name, text in TEXTS.items()},
        "columns": _columns(summary),
        "values": _values(),
        "said": sentences(summary),
        "accounts": [
            told | {"days": by_day(run, facts)}
            for told, (run, facts) in zip(
                about_accounts(tuple(run for run, _ in runs), summary, rows, numbers), runs, strict=True
            )
        ],
        "rules": _rules(summary),
        "whole": len(actions),
        "rows": len(rows),
        "table": shown_columns(rows, numbers),
    }
    beside = {
        "columns": columns_beside(rows),
        "weeks": by_week(runs, rows),
        "run": about_run({"written_on": date.today().isoformat(), "lang": lang}),
        "carried": carried(rows[rows["row_key"].notna()]),
    }
    return _filled(lang, as_json(data), packed(beside))


def _columns(summary: dict[str, pd.DataFrame]) -> dict[str, list[Any]]:
    """Kind and label of the columns that the page shows; labels as on the sheets of an undated list."""
    names = [name for name in (*SHOWN, *TOLD_BESIDE) if name in COLUMNS]
    labels = {name: COLUMNS[name].label for name in names} | (PER_PERIOD if _is_undated(summary) else {})
    return {name: [COLUMNS[name].kind, *pair(labels[name])] for name in names}


def _is_undated(summary: dict[str, pd.DataFrame]) -> bool:
    unit = summary.get("period_unit")
    return unit is not None and bool(unit["unit"].eq("period").any())


def _values() -> dict[str, dict[str, list[str]]]:
    """What the values of columns are called."""
    named = {name: words for name, words in VALUES.items() if name in (*SHOWN, *TOLD_BESIDE)}
    told = {name: {value: pair(text) for value, text in words.items()} for name, words in named.items()}
    return told | {"action": {value: pair(text) for value, text in ACTIONS.items()}}


def _rules(summary: dict[str, pd.DataFrame]) -> dict[str, list[str]]:
    """What each rule and gate of the packs used is for, by its name."""
    rules = summary.get("rules", pd.DataFrame())
    if rules.empty:
        return {}
    texts = rules[["rule", "text_zh", "text_en"]].astype("str").itertuples(index=False, name=None)
    return {name: pair(Text(zh, en)) for name, zh, en in texts}


@cache
def asset(name: str) -> str:
    """A file of the page's own, as it stands in the package."""
    return (files("ppc_tuner.page") / "assets" / name).read_text(encoding="utf-8")


def _filled(lang: Lang, data: str, beside: str) -> str:
    style = "\n".join(asset(name) for name in STYLES)
    libraries, script = asset("libraries.js"), "\n".join(asset(name) for name in SCRIPTS)
    parts = {
        "lang": "zh-CN" if lang == "zh" else "en",
        "policy": policy([libraries, script], [style]),
        "title": html.escape(TITLE[lang]),
        "style": style,
        "libraries": libraries,
        "script": script,
        "data": data,
        "beside": beside,
    }
    # Split first: what is put in is never searched for places to fill.
    pieces = asset("page.html").split("@@")
    filled = [parts[piece] if number % 2 else piece for number, piece in enumerate(pieces)]
    return "".join(filled) + SEAL


def policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """What the browser may do with the page: run these scripts, apply these styles, and load nothing."""
    return (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hashes(texts: Sequence[str]) -> str:
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts]
    return " ".join(f"'sha256-{digest}'" for digest in digests)
