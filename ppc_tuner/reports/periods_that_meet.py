"""Rows of one word whose periods overlap, so that their days would count twice."""

from __future__ import annotations

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.reports.overlap import KEY
from ppc_tuner.text import Text


def refuse_periods_that_meet(facts: pd.DataFrame, where: str) -> None:
    """InputError where a word has rows of two periods, not the same, that share days. facts: index = source row."""
    if "period_start" not in facts.columns:
        return
    starts, ends = facts["period_start"], facts["period_end"]
    if "date" in facts.columns:
        starts, ends = starts.fillna(facts["date"]), ends.fillna(facts["date"])
    if (starts == starts.iloc[:1].min()).all() and (ends == ends.iloc[:1].min()).all():
        return
    names = [name for name in ("level", "platform", *KEY) if name in facts.columns]
    word = facts.groupby(names, dropna=False, sort=False).ngroup()
    spans = pd.DataFrame({"word": word, "start": starts, "end": ends}).drop_duplicates()
    spans = spans.sort_values(["word", "start", "end"])
    latest = spans.groupby("word")["end"].cummax().shift()
    meets = spans["word"].eq(spans["word"].shift()) & (spans["start"] <= latest)
    if not meets.any():
        return
    row = spans.index[meets.to_numpy()][0]
    raise InputError(
        Text("同一个词的几行时间重叠，会算两遍", "rows of one word overlap in time and would count twice"),
        where=f"{where}:{row}",
        found=f"{spans.loc[row, 'start']:%Y-%m-%d}..{spans.loc[row, 'end']:%Y-%m-%d}",
        expected=Text("时间不重叠的行", "rows of different days"),
        to_do=Text(
            "只留按天的行或只留汇总行，再读一次",
            "keep either the rows by day or those of the period, and read again",
        ),
    )
