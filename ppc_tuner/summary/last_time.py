"""What became of the last list: how much of it was done, and what that had been expected to bring."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.summary.run import Run
from ppc_tuner.text import Text

DONE: Final = {
    "applied": Text("照改 {0}", "{0} applied"),
    "accepted": Text("采纳 {0}（报表没有出价，看不出改没改）", "{0} accepted (the report shows no bids)"),
    "differently": Text("改成别的 {0}", "{0} set to another bid"),
    "not_applied": Text("没改 {0}", "{0} not applied"),
    "rejected": Text("拒绝 {0}", "{0} rejected"),
}


def last_time_said(run: Run) -> list[Text]:
    """How the changes of the last list ended, of words still in the report; nothing without a ledger,
    and nothing of words for which no change was proposed and whose bid stayed."""
    words = run.words
    if "last_done" not in words:
        return []
    told = words[words["last_done"].isin(list(DONE))]
    return [*_changes(told), *_elsewhere(int(words["last_done"].eq("elsewhere").sum()))]


def _changes(told: pd.DataFrame) -> list[Text]:
    if told.empty:
        return []
    counts = told["last_done"].value_counts()
    ways = [(text, f"{counts[name]:,}") for name, text in DONE.items() if name in counts]
    done = Text(
        "、".join(text.zh.format(count) for text, count in ways),
        ", ".join(text.en.format(count) for text, count in ways),
    )
    day, gain = told["last_list_on"].max().date(), _promised(told)
    return [
        Text(
            f"上一份清单（{day}）里的改动：{done.zh}{gain.zh}",
            f"Changes of the last list ({day}): {done.en}{gain.en}",
        )
    ]


def _promised(told: pd.DataFrame) -> Text:
    """What was expected of the changes made; whether it came is not measured."""
    made = told[told["last_done"].isin(["applied", "accepted"])]
    gain = float(made["promised_gain"].sum())
    if not gain > 0:
        return Text("", "")
    return Text(
        f"；已改的当时预计每周 {gain:+,.0f}，做到没有还没评",
        f"; what was made was expected to bring {gain:+,.0f} a week, which is not checked yet",
    )


def _elsewhere(count: int) -> list[Text]:
    if not count:
        return []
    return [
        Text(
            f"另有 {count:,} 个词的出价变了，不是清单建议的",
            f"{count:,} {'bid has' if count == 1 else 'bids have'} changed without a proposal",
        )
    ]
