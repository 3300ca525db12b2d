"""What the list was made from: the files read, the platforms, the rules and the settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ppc_tuner.judge.outcomes import EngineOutcome, concerned
from ppc_tuner.judge.pack import Clause
from ppc_tuner.reports import FileReading
from ppc_tuner.summary.run import Run
from ppc_tuner.text import Text


def rules(runs: Sequence[Run], actions: pd.DataFrame) -> pd.DataFrame:
    """One row per gate, rule and outcome of the packs used.

    Columns rule, advice, action, text_zh, text_en, words, condition. `words`: how many rows of `actions` it
    decided; for an outcome said beside another reason, how many it concerns.
    """
    decided = actions["rule"].value_counts()
    listed: dict[str, dict[str, Any]] = {}
    for run in runs:
        for clause in (*run.pack.gates, *run.pack.rules):
            action, count = getattr(clause.declared, "action", "gate"), float(decided.get(clause.id, 0))
            listed.setdefault(clause.id, _rule_row(clause, action, count, clause.condition.source))
        for name, outcome in run.pack.outcomes.items():
            count = float(concerned(name, actions).sum())
            listed.setdefault(name, _rule_row(outcome, outcome.action or outcome.kind, count, ""))
    return pd.DataFrame(list(listed.values()))


def _rule_row(clause: Clause | EngineOutcome, action: str, words: float, condition: str) -> dict[str, Any]:
    why = clause.declared.why
    return {
        "rule": clause.id,
        "advice": clause.advice,
        "action": action,
        "text_zh": why.zh if why else "",
        "text_en": why.en if why else "",
        "words": words,
        "condition": condition,
    }


def platforms(runs: Sequence[Run]) -> pd.DataFrame:
    """One row per platform: platform (its id), name_zh, name_en."""
    names = {run.platform.id: run.platform.name for run in runs}
    return pd.DataFrame(
        [{"platform": key, "name_zh": name.zh, "name_en": name.en} for key, name in names.items()]
    )


def settings(runs: Sequence[Run]) -> pd.DataFrame:
    """One row per setting of the packs used: name, value (as typed), unit, text_zh, text_en, advice.

    With several packs, the value is that of the last run that has the setting.
    """
    listed: dict[str, dict[str, Any]] = {}
    for run in runs:
        for name, setting in run.pack.declared.items():
            why = setting.why
            value = run.pack.settings[name]
            listed[name] = {
                "name": name,
                "value": _typed(value),
                "unit": setting.unit or " | ".join(setting.choices or []),
                "text_zh": why.zh if why else "",
                "text_en": why.en if why else "",
                "advice": setting.advice or "",
            }
    return pd.DataFrame(list(listed.values()))


def _typed(value: Any) -> str:
    """A setting's value as a person would type it; empty if not given."""
    if isinstance(value, int | float):
        return f"{value:.10g}"
    return "" if value is None else str(value)


def file_row(file: FileReading) -> dict[str, object]:
    """What is told of one file: its name, layout, encoding, rows, days, and rows dropped or implausible."""
    note = Text("", "") if file.confirmed else Text("版式未经真实文件确认", "unconfirmed layout")
    return {
        "source_file": file.path.name,
        "platform": file.platform,
        "layout_zh": file.name.zh,
        "layout_en": file.name.en,
        "encoding": file.encoding,
        "rows": float(file.rows),
        "first_day": file.first_day,
        "last_day": file.last_day,
        "dropped": float(sum(part.rows for part in file.dropped)),
        "implausible": float(len(file.implausible)),
        "note_zh": note.zh,
        "note_en": note.en,
    }
