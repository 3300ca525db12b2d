"""A rule pack: settings, gates and rules read from YAML, checked, and put together with the packs it extends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from unicodedata import east_asian_width

from pydantic import BeforeValidator, Field

from ppc_tuner.columns import ITEM_ACTIONS
from ppc_tuner.declarations import BothLanguages, Declared, position, read_declaration
from ppc_tuner.errors import ConfigError, UsageError
from ppc_tuner.judge.conditions import Condition, ConditionError, compile_condition
from ppc_tuner.judge.reasons import ReasonError, Template, compile_reason
from ppc_tuner.text import Text

Action = Literal[
    "raise", "lower", "delete", "exclude", "watch", "keep", "fix_picture", "fix_page", "fix_data"
]
Level = Literal["keyword", "search_term", "item"]
SettingValue = float | str | None
WORDS: tuple[Level, ...] = ("keyword", "search_term")
# `when: true` reads as a truth value in YAML.
When = Annotated[str, BeforeValidator(lambda given: str(given).lower() if isinstance(given, bool) else given)]


class Setting(Declared):
    value: SettingValue
    unit: str | None = None
    range: tuple[float, float] | None = None
    choices: list[str] | None = None
    # Whether the setting may be left empty.
    optional: bool = False
    advice: str | None = None
    why: BothLanguages | None = None


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
        name: _checked_value(name, setting, setting.value, where)
        for name, (setting, where) in parts.settings.items()
    }
    values |= {name: _override(name, value, declared) for name, value in (overrides or {}).items()}
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
    declared, content = read_declaration(path, PackFile)
    parts = _Parts(declared.pack, {}, {}, {})
    if declared.extends:
        parts = _merged(_pack_path(declared.extends, folder), folder, (*seen, path))
        parts.name = declared.pack
    for name, setting in declared.settings.items():
        where = f"{path}:{position(content, ('settings', name))}"
        parts.settings[name] = (_inherited(name, setting, parts.settings, where), where)
    own_gates = _by_id(declared.gates, path, content, "gates")
    own_rules = _by_id(declared.rules, path, content, "rules")
    # Where several gates hold the first gives the reason: what is true everywhere comes before a pack's own.
    parts.gates = parts.gates | own_gates
    parts.rules = _own_first(own_rules, parts.rules)
    return parts


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


def _inherited(name: str, setting: Any, known: Mapping[str, tuple[Setting, str]], where: str) -> Setting:
    """A setting given as a bare value, or without its unit and range, keeps those of the pack it extends."""
    given = setting if isinstance(setting, Setting) else Setting(value=setting)
    if name not in known:
        if given.unit is None and given.choices is None:
            problem = Text(f"新设置“{name}”没有单位", f"the new setting '{name}' has no unit")
            raise ConfigError(problem, where=where, expected="value, unit, range, why")
        return given
    return known[name][0].model_copy(
        update=given.model_dump(exclude_unset=True) | ({"why": given.why} if given.why else {})
    )


def _checked_value(name: str, setting: Setting, value: SettingValue, where: str) -> SettingValue:
    fault = _value_fault(setting, value)
    if fault:
        problem = Text(f"设置“{name}”的值不行", f"the value of setting '{name}' will not do")
        raise ConfigError(problem, where=where, found=str(value), expected=fault)
    return value


def _value_fault(setting: Setting, value: SettingValue) -> str:
    if setting.choices is not None:
        return "" if value in setting.choices else " | ".join(setting.choices)
    if value is None:
        return "" if setting.optional else f"a number ({setting.unit})"
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return f"a number ({setting.unit})"
    if setting.range and not setting.range[0] <= value <= setting.range[1]:
        return f"{setting.range[0]:g} … {setting.range[1]:g} ({setting.unit})"
    return ""


def _override(name: str, value: Any, declared: Mapping[str, Setting]) -> SettingValue:
    if name not in declared:
        close = get_close_matches(name, list(declared), n=1)
        hint = Text(f"是不是“{close[0]}”？", f"did you mean '{close[0]}'?") if close else ""
        expected = "" if close else ", ".join(sorted(declared))
        raise UsageError(
            Text(f"没有设置“{name}”", f"there is no setting '{name}'"), expected=expected, to_do=hint
        )
    setting = declared[name]
    given = _as_number(value) if setting.choices is None else str(value)
    fault = _value_fault(setting, given)
    if fault:
        problem = Text(f"设置“{name}”的值不行", f"the value of setting '{name}' will not do")
        raise UsageError(problem, found=str(value), expected=fault)
    return given


def _as_number(value: Any) -> Any:
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


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
    value = settings.get(limit.removeprefix("settings.")) if isinstance(limit, str) else limit
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        problem = Text(
            "max_step 应是 0 到 1 之间的数或 settings.NAME", "max_step must be a share or settings.NAME"
        )
        raise ConfigError(problem, where=where, found=str(limit), expected="0 < max_step <= 1")
    return float(value)
