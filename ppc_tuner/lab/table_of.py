"""A table of the bench: a frame, and how it is shown in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from ppc_tuner.columns import KINDS
from ppc_tuner.text import Lang, Text

# Values in the tables that are shown as words.
WORDS: Final = KINDS | {
    "winners": Text("好词", "winners"),
    "losers": Text("差词", "losers"),
    "never": Text("从不成交", "never sell"),
    "first": Text("首次", "first"),
    "all": Text("全部", "all"),
    "confidence": Text("把握", "confidence"),
    "raw": Text("原始比例", "raw ratio"),
    "shrunk": Text("单池收缩", "one pool, shrunk"),
    "boosting": Text("梯度提升", "gradient boosting"),
    "p_profitable": Text("盈利把握", "P(profitable)"),
    "direction": Text("方向", "direction"),
    "step": Text("这一步", "step made"),
    "not worth": Text("不值得投", "not worth running"),
    "True": Text("是", "yes"),
    "False": Text("否", "no"),
}


@dataclass(frozen=True, slots=True)
class TableOf:
    """A frame and how it is shown.

    `columns`: for each column shown its label and a format template over the frame's columns, in which
    `_lang` stands for _zh or _en.
    """

    name: str
    title: Text
    frame: pd.DataFrame
    columns: tuple[tuple[Text, str], ...]

    def head(self, lang: Lang) -> list[str]:
        """The labels of the columns."""
        return [label[lang] for label, _ in self.columns]

    def lines(self, lang: Lang) -> list[list[str]]:
        """Rows of cells as text; unknown figures are a dash."""
        rows = self.frame.to_dict("records")
        return [
            [_cell(template.replace("_lang", f"_{lang}"), row, lang) for _, template in self.columns]
            for row in rows
        ]


def _cell(template: str, row: Mapping[Any, Any], lang: Lang) -> str:
    written = template.format_map(row).replace("nan%", "nan").replace(" ± nan", "").replace("nan", "–")
    return WORDS[written][lang] if written in WORDS else written
