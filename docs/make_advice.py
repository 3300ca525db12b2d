"""Writes docs/advice.md: each point of tuning advice, what carries it out, and its default numbers.

    python docs/make_advice.py

Rules, gates, outcomes and settings name their point themselves; whatever else carries one out (windows,
sheets, figures, context) is listed in docs/advice.yaml.
"""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from ppc_tuner.judge import Pack, load_pack

DOCS = Path(__file__).resolve().parent
RULES = DOCS.parent / "rules"
PAGE = DOCS / "advice.md"
HEAD = """# Advice points · 经验编号

The points of tuning advice that rules, gates, outcomes and settings name (`advice: A4`), in our words, with
what carries each out and its default numbers. A14 is not used. Made by `python docs/make_advice.py` from the
packs and `docs/advice.yaml`.
规则、关卡和设置里写的经验编号：各由什么来执行，默认数字是多少。由 `python docs/make_advice.py` 生成。

| | advice | 经验 | carried out by · 由什么执行 | default numbers · 默认数字 |
|---|---|---|---|---|
"""


def packs() -> list[Pack]:
    """The packs that ship, those that others extend first."""
    names = sorted(
        (path.stem for path in RULES.glob("*.yaml") if "test" not in path.stem),
        key=lambda name: name != "common",
    )
    return [load_pack(name, RULES) for name in names]


def carried_out(point: str, declared: dict[str, object], known: list[Pack]) -> list[str]:
    """What carries out a point: rules, gates and outcomes by their id, then what is no rule."""
    spoken = [clause for pack in known for clause in (*pack.gates, *pack.rules, *pack.outcomes.values())]
    clauses = [clause.id for clause in spoken if clause.advice == point]
    return [f"`{name}`" for name in dict.fromkeys(clauses)] + [str(one) for one in declared["by"]]  # type: ignore[attr-defined]


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


def page() -> str:
    """The whole page."""
    points, known = YAML(typ="safe").load(DOCS / "advice.yaml"), packs()
    rows = []
    for point, said in points.items():
        by, defaults = ", ".join(carried_out(point, said, known)), ", ".join(numbers(point, known))
        rows.append(f"| {point} | {said['en']} | {said['zh']} | {by} | {defaults or '–'} |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
