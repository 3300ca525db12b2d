"""A rule pack: settings, gates and rules read from YAML, checked, and put together with the packs it extends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal
from unicodedata import east_asian_width

from pydantic import BeforeValidator, Field

from ppc_tuner.columns import ITEM_ACTIONS
from ppc_tuner.declarations import (
    BothLanguages,
    Declared,
    checked,
    position,
    read_yaml,
)
from ppc_tuner.errors import ConfigError
from ppc_tuner.judge.conditions import Condition, ConditionError, compile_condition
from ppc_tuner.judge.reasons import ReasonError, Template, compile_reason
from ppc_tuner.judge.settings import Setting, as_share, checked_value, inherited_setting, override
from ppc_tuner.text import Text

Action = Literal[
    "raise", "lower", "delete", "exclude", "watch", "keep", "fix_picture", "fix_page", "fix_data"
]
Level = Literal["keyword", "search_term", "item"]
WORDS: tuple[Level, ...] = ("keyword", "search_term")
_Inherited = Mapping[str, tuple[Any, Path, str]]
# `when: true` reads as a truth value in YAML.
When = Annotated[str, BeforeValidator(lambda given: str(given).lower() if isinstance(given, bool) else given)]


class Gate(Declared):
    id: str
    when: When
    forbids: list[Action] = Field(min_length=1)
    reason: BothLanguages
    advice: str | None = None
    why: BothLanguages | None = None


class Rule(Declared):
    id: str
    when: When
    action: Action
    reason: BothLanguages
    level: list[Level] = Field(default_factory=lambda: list(WORDS))
    max_step: str | float | None = None
    # Rules about whether there is anything to tune stay ahead of those of the packs that extend theirs.
    first: bool = False
    advice: str | None = None
    why: BothLanguages | None = None


class PackFile(Declared):
    pack: str
    extends: str | None = None
    name: BothLanguages | None = None
    settings: dict[str, Setting | float | str | None] = Field(default_factory=dict)
    gates: list[Gate] = Field(default_factory=list)
    rules: list[Rule] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Clause:
    """A gate or rule, ready to run: its declaration, condition and reason in both languages."""

    declared: Gate | Rule
    condition: Condition
    reason: dict[str, Template]
    max_step: float = float("inf")

    @property
    def id(self) -> str:
        return self.declared.id

    @property
    def advice(self) -> str:
        return self.declared.advice or ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A complete pack: `settings` name → value, `declared` their declarations, `gates` and `rules` in order."""

    name: str
    settings: Mapping[str, Any]
    declared: Mapping[str, Setting]
    gates: Sequence[Clause] = field(default_factory=tuple)
    rules: Sequence[Clause] = field(default_factory=tuple)


@dataclass(slots=True)
class _Parts:
    """A pack file and what it extends, merged; each part remembers the file and place it came from."""

    name: str
    settings: dict[str, tuple[Setting, str]]
    gates: dict[str, tuple[Gate, Path, str]]
    rules: dict[str, tuple[Rule, Path, str]]


def load_pack(pack: str | Path, folder: Path, overrides: Mapping[str, Any] | None = None) -> Pack:
    """The pack of that name in `folder`, or the pack file at that path, with `overrides` of its settings.

    ConfigError: a file that is missing, not in the language, or out of its own ranges (file:line:column).
    UsageError: an override of an unknown setting or with a value outside its range.
    """
    parts = _merged(_pack_path(pack, folder), folder, ())
    declared = {name: setting for name, (setting, _) in parts.settings.items()}
    values = {
        name: checked_value(name, setting, setting.value, where)
        for name, (setting, where) in parts.settings.items()
    }
    values |= {name: override(name, value, declared) for name, value in (overrides or {}).items()}
    gates = [_clause(gate, path, at, values) for gate, path, at in parts.gates.values()]
    ordered = sorted(parts.rules.values(), key=lambda part: not part[0].first)
    rules = [_clause(rule, path, at, values) for rule, path, at in ordered]
    return Pack(parts.name, values, declared, tuple(gates), tuple(rules))


def _pack_path(pack: str | Path, folder: Path) -> Path:
    path = Path(pack)
    if path.suffix in (".yaml", ".yml"):
        return path
    named = folder / f"{pack}.yaml"
    if named.is_file():
        return named
    names = sorted(found.stem for found in folder.glob("*.yaml"))
    raise ConfigError(
        Text(f"没有名为“{pack}”的规则包", f"there is no rule pack '{pack}'"),
        expected=", ".join(names),
        to_do=Text("给出其中一个名字，或一个 .yaml 文件", "give one of these names, or a .yaml file"),
    )


def _merged(path: Path, folder: Path, seen: tuple[Path, ...]) -> _Parts:
    if path in seen:
        raise ConfigError(
            Text("规则包互相继承，成了环", "packs extend each other in a circle"), where=str(path)
        )
    content = read_yaml(path)
    extends = content.get("extends") if isinstance(content, dict) else None
    parts = _Parts("", {}, {}, {})
    if isinstance(extends, str):
        parts = _merged(_pack_path(extends, folder), folder, (*seen, path))
    declared = checked(content, path, PackFile, _completed(content, parts))
    parts.name = declared.pack
    for name, setting in declared.settings.items():
        where = f"{path}:{position(content, ('settings', name))}"
        parts.settings[name] = (inherited_setting(name, setting, parts.settings, where), where)
    own_gates = _by_id(declared.gates, path, content, "gates")
    own_rules = _by_id(declared.rules, path, content, "rules")
    # Where several gates hold the first gives the reason: what is true everywhere comes before a pack's own.
    parts.gates = parts.gates | own_gates
    parts.rules = _own_first(own_rules, parts.rules)
    return parts


def _completed(content: Any, inherited: _Parts) -> Any:
    """The content with every gate and rule of an inherited id given the keys that it leaves out."""
    if not isinstance(content, dict):
        return content
    known: dict[str, _Inherited] = {"gates": inherited.gates, "rules": inherited.rules}
    full = {
        section: [_filled(clause, clauses) for clause in content[section]]
        for section, clauses in known.items()
        if isinstance(content.get(section), list)
    }
    return {**content, **full}


def _filled(clause: Any, inherited: _Inherited) -> Any:
    name = clause.get("id") if isinstance(clause, dict) else None
    if not isinstance(name, str) or name not in inherited:
        return clause
    return {**inherited[name][0].model_dump(exclude_unset=True), **clause}


def _by_id(
    clauses: Sequence[Any], path: Path, content: Any, section: str
) -> dict[str, tuple[Any, Path, str]]:
    named: dict[str, tuple[Any, Path, str]] = {}
    for number, clause in enumerate(clauses):
        if clause.id in named:
            where = f"{path}:{position(content, (section, number, 'id'))}"
            raise ConfigError(Text(f"id“{clause.id}”重复", f"the id '{clause.id}' stands twice"), where=where)
        named[clause.id] = (clause, path, position(content, (section, number, "when")))
    return named


def _own_first(own: dict[str, Any], inherited: dict[str, Any]) -> dict[str, Any]:
    """Own clauses before inherited ones; one with an inherited id takes its place."""
    new = {name: clause for name, clause in own.items() if name not in inherited}
    return new | {name: own.get(name, clause) for name, clause in inherited.items()}


def caret(line: str, offset: int) -> str:
    """A caret under the offset-th character of a line; Chinese characters are two columns wide."""
    wide = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line[:offset])
    return " " * wide + "^"


def _clause(declared: Gate | Rule, path: Path, at: str, settings: Mapping[str, Any]) -> Clause:
    try:
        condition = compile_condition(declared.when, settings)
        reason = {lang: compile_reason(getattr(declared.reason, lang), settings) for lang in ("zh", "en")}
    except ConditionError as fault:
        excerpt = f"{declared.when}\n{caret(declared.when, fault.offset)}"
        raise ConfigError(
            fault.problem, where=f"{path}:{at} ({declared.id})", found=excerpt, to_do=fault.to_do
        ) from None
    except ReasonError as fault:
        raise ConfigError(
            fault.problem, where=f"{path}:{at} ({declared.id})", found=fault.found, to_do=fault.to_do
        ) from None
    limit = declared.max_step if isinstance(declared, Rule) else None
    if isinstance(declared, Rule):
        _check_level(declared, f"{path}:{at} ({declared.id})")
    return Clause(declared, condition, reason, _step_limit(limit, settings, f"{path}:{at} ({declared.id})"))


def _check_level(rule: Rule, where: str) -> None:
    """Items are mended, words are bid on: a rule for both kinds, or of the wrong one, is a fault."""
    mends = rule.action in ITEM_ACTIONS
    if any((level == "item") != mends for level in rule.level):
        problem = Text(
            f"动作“{rule.action}”不能用于 {rule.level}",
            f"the action '{rule.action}' does not go with level {rule.level}",
        )
        expected = "level: [item]" if mends else "level: [keyword, search_term]"
        raise ConfigError(problem, where=where, expected=expected)


def _step_limit(limit: str | float | None, settings: Mapping[str, Any], where: str) -> float:
    if limit is None:
        return float("inf")
    limit = as_share(limit, "share")
    value = settings.get(limit.removeprefix("settings.")) if isinstance(limit, str) else limit
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        problem = Text(
            "max_step 应是 0 到 1 之间的数（如 0.1 或 10%）或 settings.NAME",
            "max_step must lie between 0 and 1 (such as 0.1 or 10%), or be settings.NAME",
        )
        raise ConfigError(problem, where=where, found=str(limit), expected="0 < max_step <= 1")
    return float(value)
