"""docs/advice.md and docs/advice.zh.md: each point of advice, what carries it out, its default numbers.

    python docs/make_advice.py [--check]

Rules, gates, outcomes and settings name their point themselves; whatever else carries one out (windows,
sheets, figures, context) is listed in docs/advice.yaml.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from generated import write_or_check
from ruamel.yaml import YAML

from ppc_tuner.judge import Pack, load_pack
from ppc_tuner.text import Lang, Text

DOCS = Path(__file__).resolve().parent
RULES = DOCS.parent / "rules"
HEAD: Final = Text(
    """# 经验编号

<!-- 由 docs/make_advice.py 根据规则包和 docs/advice.yaml 生成，勿手改 -->

[English](advice.md)

规则、关卡和设置里写的经验编号（`advice: A4`）：各由什么来执行，默认数字是多少。没有 A14。

| | 经验 | 由什么执行 | 默认数字 |
|---|---|---|---|
""",
    """# Advice points

<!-- Made by docs/make_advice.py from the packs and docs/advice.yaml; do not edit. -->

[中文](advice.zh.md)

The points of tuning advice that rules, gates and settings name (`advice: A4`), in our words: what carries
each out, and its default numbers. A14 is not used.

| | advice | carried out by | default numbers |
|---|---|---|---|
""",
)


def packs() -> list[Pack]:
    """The packs that ship, those that others extend first."""
    names = sorted(
        (path.stem for path in RULES.glob("*.yaml") if "test" not in path.stem),
        key=lambda name: name != "common",
    )
    return [load_pack(name, RULES) for name in names]


def carried_out(point: str, declared: Mapping[str, Any], known: list[Pack], lang: Lang) -> list[str]:
    """What carries out a point: rules, gates and outcomes by their id, then what is no rule."""
    spoken = [clause for pack in known for clause in (*pack.gates, *pack.rules, *pack.outcomes.values())]
    clauses = [clause.id for clause in spoken if clause.advice == point]
    return [f"`{name}`" for name in dict.fromkeys(clauses)] + [str(one[lang]) for one in declared["by"]]


def numbers(point: str, known: list[Pack]) -> list[str]:
    """The settings that follow a point, with their value in each pack that changes it."""
    listed: dict[str, list[str]] = {}
    for pack in known:
        for name, setting in pack.declared.items():
            value = pack.settings[name]
            if setting.advice == point and value is not None:
                said = f"{value:g}" if isinstance(value, int | float) else str(value)
                own = listed.setdefault(name, [said])
                if said != own[0]:
                    own.append(f"{pack.name}: {said}")
    return [f"`{name}` {', '.join(values)}" for name, values in listed.items()]


def page(lang: Lang) -> str:
    """The whole page."""
    points, known = YAML(typ="safe").load(DOCS / "advice.yaml"), packs()
    comma = {"zh": "，", "en": ", "}[lang]
    rows = [
        f"| {point} | {said[lang]} | {comma.join(carried_out(point, said, known, lang))} "
        f"| {comma.join(numbers(point, known)) or '–'} |"
        for point, said in points.items()
    ]
    return HEAD[lang] + "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(write_or_check({DOCS / "advice.md": page("en"), DOCS / "advice.zh.md": page("zh")}))
