"""Writes docs/glossary.md: words of the trade and of the program, in both languages, each once.

    python docs/make_glossary.py [--check]

Columns come from ppc_tuner/columns.py with their label and meaning, other words from docs/glossary.yaml.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from generated import write_or_check
from ruamel.yaml import YAML

from ppc_tuner import columns
from ppc_tuner.columns import Column
from ppc_tuner.text import Text

DOCS = Path(__file__).resolve().parent
WORDS = DOCS / "glossary.yaml"
PAGE = DOCS / "glossary.md"
HEAD = """# Glossary · 词汇表

Each word once: first words of the trade and of the program, then the columns of the list with the name they
have in csv, parquet, json and rule packs.
Made by `python docs/make_glossary.py` from `docs/glossary.yaml` and `ppc_tuner/columns.py`.
每个词只出现一次：先是行业和程序的用词，再是清单的各列，
以及它们在 csv、parquet、json、规则包里的名字。
由 `python docs/make_glossary.py` 生成。
"""
GROUPS: Final[dict[str, Text]] = {
    "FACTS": Text("报表数据", "What a report says"),
    "FIGURES": Text("看的时间里的合计", "Sums over the days looked back on"),
    "STANDING": Text("词现在的状态", "How a word stands today"),
    "CONTEXT": Text("补充信息", "What no report tells"),
    "REMEMBERED": Text("台账记得的", "What the ledger remembers"),
    "WORD_KINDS": Text("词类", "What kind of word it is"),
    "ESTIMATES": Text("估计", "What the figures are worth"),
    "COMPETING": Text("同词多处投", "The same word bought in several places"),
    "ITEMS": Text("宝贝整体", "The item as a whole"),
    "TARGETS": Text("目标与证据", "What a bid should be"),
    "OF_THE_ACCOUNT": Text("整个账户", "What holds for the whole account"),
    "OF_GROUPS": Text("整组调整的一行", "The row of a group that moves together"),
    "OF_CANDIDATES": Text("选词表里一个词的一行", "The row of a word from a list"),
    "OF_FRAGMENTS": Text("词根否词的一行", "The row of a fragment of search terms"),
    "MOVES": Text("调整与预计", "What is done, and what it should bring"),
    "VERDICTS": Text("结论", "The verdict"),
    "FILLED_IN": Text("由人填写", "What a person fills in"),
}
# The ends of intervals differ in their percentage only: one line stands for them.
INTERVAL = re.compile(r"_(low|high)(80|90)$")


def words() -> list[dict[str, Any]]:
    """The hand-written sections: section and words, each with term and means in zh and en."""
    sections: list[dict[str, Any]] = YAML(typ="safe").load(WORDS)
    return sections


def table(rows: list[tuple[str, ...]], head: tuple[str, ...]) -> str:
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in rows]
    return "\n".join(
        [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {line} |" for line in lines)]
    )


def of_words(section: Mapping[str, Any]) -> str:
    rows = [
        (word["term"]["zh"], word["term"]["en"], word["means"]["zh"], word["means"]["en"])
        for word in section["words"]
    ]
    return table(rows, ("中文", "English", "含义", "meaning"))


def of_columns(group: Mapping[str, Column]) -> str:
    rows = [
        (f"`{name}`", column.label.zh, column.label.en, column.meaning.zh, column.meaning.en)
        for name, column in group.items()
        if not INTERVAL.search(name)
    ]
    ends = sorted({f"`{INTERVAL.sub('', name)}`" for name in group if INTERVAL.search(name)})
    if ends:
        said = Text("80% 或 90% 区间的两端", "the ends of the 80 % and 90 % intervals")
        names = "`_low80`, `_high80`, `_low90`, `_high90`"
        rows.append(
            (
                names,
                "下限、上限",
                "low, high",
                f"{said.zh}：{'、'.join(ends)}",
                f"{said.en}: {', '.join(ends)}",
            )
        )
    return table(rows, ("name", "中文", "English", "含义", "meaning"))


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    parts += [
        f"## {part['section']['en']} · {part['section']['zh']}\n\n{of_words(part)}\n" for part in words()
    ]
    listed: set[tuple[str, Text]] = set()
    for name, title in GROUPS.items():
        group = getattr(columns, name)
        new = {one: column for one, column in group.items() if (one, column.meaning) not in listed}
        listed |= {(one, column.meaning) for one, column in new.items()}
        parts.append(f"## Columns: {title.en} · {title.zh}\n\n{of_columns(new)}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(write_or_check({PAGE: page()}))
