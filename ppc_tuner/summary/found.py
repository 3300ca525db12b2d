"""What to know first of a run: what was found in one sentence, and the one thing to give."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ppc_tuner.summary.run import Run
from ppc_tuner.summary.sentences import gain_said, gaining, name_of, to_mend
from ppc_tuner.summary.totals import acted_on
from ppc_tuner.text import Text

COUNTED = (
    ("raise", Text("提价 {}", "{} up")),
    ("lower", Text("降价 {}", "{} down")),
    ("delete", Text("删词 {}", "{} deleted")),
    ("exclude", Text("加否词 {}", "{} excluded")),
    ("add", Text("加词 {}", "{} added")),
)


def found(run: Run) -> Text:
    """How many words there are, what is to be done with how many of them, and what that is expected to
    bring. A decision for a group counts its words; a fragment is one negative. Search terms beside keywords
    are no more words; what is done with them counts."""
    words = run.spending
    acted = pd.concat([run.words[acted_on(run.words)], run.fragments, run.candidates])
    counts = acted["action"].value_counts()
    parts = [(text, int(counts[action])) for action, text in COUNTED if counts.get(action)]
    done = Text(
        "、".join(text.zh.format(f"{count:,}") for text, count in parts) or "都不用动",
        ", ".join(text.en.format(f"{count:,}") for text, count in parts) or "nothing to change",
    )
    watched = int((words["action"].eq("watch") & ~acted_on(words) & words["bid_basis"].ne("none")).sum())
    watch = Text(f"、观察 {watched:,}", f", {watched:,} to watch") if watched else Text("", "")
    who, mend, gain = name_of(run), to_mend(run), gain_said(gaining(run), run)
    one, many = ("word", "words") if words["level"].eq("keyword").all() else ("search term", "search terms")
    noun = Text("个词" if one == "word" else "个搜索词", one if len(words) == 1 else many)
    return Text(
        f"{who.zh}：{len(words):,} {noun.zh}，{done.zh}{watch.zh}{mend.zh}{gain.zh}",
        f"{who.en}: {len(words):,} {noun.en}, {done.en}{watch.en}{mend.en}{gain.en}",
    )


def to_give(runs: Sequence[Run]) -> list[Text]:
    """The one thing to give that would change the list most: what a sale leaves, where nobody told."""
    unknown = [run for run in runs if len(run.what_if)]
    if not unknown:
        return []
    if any("margin" in run.what_if for run in unknown):
        return [
            Text(
                "给出毛利率，就按利润调价：--set margin=0.4，或 --context items.csv",
                "Give the margins, and bids are tuned for profit: --set margin=0.4, or --context items.csv",
            )
        ]
    return [
        Text(
            "给出一单的价值，就按利润调价：--set value_per_conversion=50",
            "Give the value of an order, and bids are tuned for profit: --set value_per_conversion=50",
        )
    ]
