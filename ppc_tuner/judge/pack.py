"""A rule pack, ready to run: settings, gates, rules and texts, its own and inherited, compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ppc_tuner.columns import COLUMNS, COMPETING, DECIDED, ESTIMATES, FRAGMENT_ROWS, GROUP_ROWS, TARGETS
from ppc_tuner.declarations import BothLanguages
from ppc_tuner.errors import ConfigError
from ppc_tuner.judge.conditions import Condition, read_condition
from ppc_tuner.judge.expressions import Broken, Node
from ppc_tuner.judge.lexer import ConditionError
from ppc_tuner.judge.merging import Clauses, Origin, Parts, merged
from ppc_tuner.judge.outcomes import Declaration, EngineOutcome, Sentence, withheld_from
from ppc_tuner.judge.packfile import LEVELS, USUAL_LEVELS, BehindReasons, Gate, Otherwise, Rule
from ppc_tuner.judge.reasons import Template, read_reason
from ppc_tuner.judge.settings import Setting, as_share, override
from ppc_tuner.text import Lang, Text
from ppc_tuner.yaml_positions import Fault

LANGS: Final[tuple[Lang, ...]] = ("zh", "en")
# For packs without `otherwise`: a word that no rule decides stays as it is.
STAYS: Final = Otherwise(
    action="keep",
    reason=BothLanguages(zh="没有规则说到它：保持", en="no rule speaks of it: stays"),
    why=BothLanguages(zh="规则包没有写 otherwise", en="the pack has no otherwise"),
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A compiled gate or rule: its declaration, condition, reason by language, and origin.

    `beside`: what a gate says behind the reason of the action that it leaves. `max_step`: the largest change
    a rule allows, as a share of the bid (infinite if it sets no limit).
    """

    declared: Gate | Rule
    condition: Condition
    reason: dict[Lang, Template]
    max_step: float = float("inf")
    origin: Origin | None = None
    beside: dict[Lang, Template] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The id that the list names as `rule` or `gated_by`."""
        return self.declared.id

    @property
    def advice(self) -> str:
        """The point of advice it carries out; empty if none."""
        return self.declared.advice or ""

    @property
    def action(self) -> str:
        """The rule's action; empty for a gate."""
        return self.declared.action if isinstance(self.declared, Rule) else ""

    @property
    def level(self) -> Sequence[str]:
        """The levels of row that a rule applies to (declared, else those of its action); none for a gate."""
        return levels_of(self.declared) if isinstance(self.declared, Rule) else ()

    @property
    def learns(self) -> bool:
        """Whether words that the rule watches may be raised a little, only to learn."""
        return isinstance(self.declared, Rule) and self.declared.learn

    @property
    def alone(self) -> bool:
        """Whether it is a gate that holds back a word moved by itself, and not one moved with its group."""
        return isinstance(self.declared, Gate) and self.declared.alone

    def forbids(self, action: str) -> bool:
        """Whether it is a gate that forbids this action."""
        return isinstance(self.declared, Gate) and action in self.declared.forbids


@dataclass(frozen=True, slots=True)
class Pack:
    """A complete pack: `settings` by name, `declared` their declarations, `gates` and `rules` in order.

    `outcomes`: what the engine decides or adds by itself, by id (OUTCOME_IDS). `details`: texts
    about the figures behind a reason, in order. `what_would_change`: what would change a verdict, by action
    (CHANGE_IDS). `outcomes` and `what_would_change` hold every id, or nothing in a pack that neither
    declares nor inherits the section. `parts`: what it was compiled from.
    """

    name: str
    settings: Mapping[str, Any]
    declared: Mapping[str, Setting]
    gates: Sequence[Clause] = field(default_factory=tuple)
    rules: Sequence[Clause] = field(default_factory=tuple)
    outcomes: Mapping[str, EngineOutcome] = field(default_factory=dict)
    details: Mapping[str, Sentence] = field(default_factory=dict)
    what_would_change: Mapping[str, Sentence] = field(default_factory=dict)
    parts: Parts | None = field(default=None, repr=False)

    def settled(self, values: Mapping[str, Any]) -> Pack:
        """The same pack with the settings that an account's own figures settle: rules see what bids see."""
        if self.parts is None or all(self.settings[name] == value for name, value in values.items()):
            return self
        return _compiled(self.parts, {**self.settings, **values})

    def rules_without(self, section: BehindReasons) -> frozenset[str]:
        """Ids of the rules to whose reason the texts of a section are not added."""
        return frozenset(rule.id for rule in self._declared_rules() if section in rule.leaves_out)

    def _declared_rules(self) -> Iterator[Rule]:
        return (rule.declared for rule in self.rules if isinstance(rule.declared, Rule))


def load_pack(
    pack: str | Path, folder: Path, overrides: Mapping[str, Any] | None = None, platform: str = "common"
) -> Pack:
    """The pack of that name in `folder`, or the pack file at that path, with `overrides` of its settings.

    `platform`: the pack that `extends: platform` stands for. ConfigError (file:line:column): a file that is
    missing, has faults, or sets a value outside its range. UsageError: an override of an unknown setting,
    or with a value outside its range.
    """
    built, faults, _ = read_pack(pack, folder, overrides, platform)
    if faults:
        raise faults[0].as_error(len(faults) - 1)
    return built


def read_pack(
    pack: str | Path, folder: Path, overrides: Mapping[str, Any] | None = None, platform: str = "common"
) -> tuple[Pack, list[Fault], Parts]:
    """The pack as far as it is valid, all faults in the order of its files, and its merged parts.

    Errors as `load_pack`, but for faults of the files' content, which are returned.
    """
    parts = merged(pack, folder, platform)
    declared = {name: setting for name, (setting, _) in parts.settings.items()}
    values = {name: setting.value for name, setting in declared.items()}
    values |= {name: override(name, value, declared) for name, value in (overrides or {}).items()}
    built = _compiled(parts, values)
    files = [str(source.path) for source in parts.files]
    faults = sorted(
        parts.faults, key=lambda one: (files.index(one.place.file), one.place.line, one.place.column)
    )
    return built, faults, parts


def _compiled(parts: Parts, values: Mapping[str, Any]) -> Pack:
    """The pack of these parts under these values of its settings; what is wrong goes to the parts' faults."""
    builder = _Builder(parts, values)
    gates = builder.clauses(parts.gates)
    ordered = sorted(parts.rules.items(), key=lambda part: not part[1][0].first)
    rules = [*builder.clauses(dict(ordered)), builder.otherwise()]
    outcomes = {
        name: EngineOutcome(one, builder.reasons(one, origin), origin)
        for name, (one, origin) in parts.outcomes.items()
    }
    details, what_would_change = (
        builder.sentences(part) for part in (parts.details, parts.what_would_change)
    )
    builder.groups.compile_all()
    declared = {name: setting for name, (setting, _) in parts.settings.items()}
    texts = outcomes, details, what_would_change
    return Pack(parts.name, values, declared, tuple(gates), tuple(rules), *texts, parts)


class _Groups(Mapping[str, Node]):
    """The pack's named conditions, each compiled on first use; a circular reference is a fault."""

    def __init__(self, parts: Parts, settings: Mapping[str, Any]) -> None:
        self._parts, self._settings = parts, settings
        self._compiled: dict[str, Node] = {}
        self._open: list[str] = []

    def __getitem__(self, name: str) -> Node:
        if name not in self._compiled:
            self._compiled[name] = self._compile(name)
        return self._compiled[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts.groups)

    def __contains__(self, name: object) -> bool:
        return name in self._parts.groups

    def __len__(self) -> int:
        return len(self._parts.groups)

    def compile_all(self) -> None:
        for name in self:
            self[name]

    def _compile(self, name: str) -> Node:
        source, origin = self._parts.groups[name]
        if name in self._open:
            circle = " → ".join([*self._open[self._open.index(name) :], name])
            problem = Text(f"组互相引用，成了环：{circle}", f"groups name each other in a circle: {circle}")
            self._parts.blame(origin.place(), problem)
            return Broken()
        self._open.append(name)
        condition, faults = read_condition(source, self._settings, self)
        self._open.pop()
        self._parts.faults += [_condition_fault(fault, origin, ()) for fault in faults]
        return condition.tree if condition else Broken()


def _condition_fault(fault: ConditionError, origin: Origin, loc: tuple[int | str, ...] = ("when",)) -> Fault:
    return Fault(
        origin.inside(loc, fault.offset, fault.length), ConfigError(fault.problem, to_do=fault.to_do)
    )


@dataclass(slots=True)
class _Builder:
    """Compiles merged parts; faults are added to `parts.faults`."""

    parts: Parts
    settings: Mapping[str, Any]
    groups: _Groups = field(init=False)

    def __post_init__(self) -> None:
        self.groups = _Groups(self.parts, self.settings)

    def clauses(self, declared: Clauses) -> list[Clause]:
        built = [self.clause(one, origin) for one, origin in declared.values() if one.enabled]
        return [clause for clause in built if clause is not None]

    def sentences(self, declared: Clauses) -> dict[str, Sentence]:
        return {
            name: Sentence(one, self.reasons(one, origin), origin) for name, (one, origin) in declared.items()
        }

    def otherwise(self) -> Clause:
        declared, origin = self.parts.otherwise or (STAYS, None)
        given = declared.model_dump(exclude_unset=True) | {"id": declared.id, "when": "true"}
        condition, _ = read_condition("true", {}, {})
        assert condition is not None
        if origin is None:
            return Clause(Rule(**given), condition, self.reasons(declared, None))
        return self.clause(Rule(**given), origin) or Clause(Rule(**given), condition, {})

    def clause(self, declared: Gate | Rule, origin: Origin) -> Clause | None:
        condition, faults = read_condition(declared.when, self.settings, self.groups)
        self.parts.faults += [_condition_fault(fault, origin) for fault in faults]
        reason = self.reasons(declared, origin)
        beside = reason
        if isinstance(declared, Gate) and declared.beside:
            beside = self.reasons(declared, origin, "beside")
        limit = self.step_limit(declared, origin) if isinstance(declared, Rule) else float("inf")
        if isinstance(declared, Rule):
            self.check_level(declared, origin, condition)
        return Clause(declared, condition, reason, limit, origin, beside) if condition else None

    def reasons(
        self, declared: Gate | Rule | Otherwise | Declaration, origin: Origin | None, part: str = "reason"
    ) -> dict[Lang, Template]:
        withheld = _withheld(declared)
        # Reasons are written when the step is known; conditions of rules are not.
        withheld -= {"bid_change"} if isinstance(declared, Gate | Rule | Otherwise) else set()
        reason: dict[Lang, Template] = {}
        for lang in LANGS:
            source = getattr(getattr(declared, part), lang)
            reason[lang], faults = read_reason(source, self.settings, withheld, self.groups)
            for fault in faults if origin else ():
                assert origin is not None
                place = origin.inside((part, lang), fault.offset, fault.length)
                self.parts.faults.append(Fault(place, ConfigError(fault.problem, to_do=fault.to_do)))
        return reason

    def check_level(self, rule: Rule, origin: Origin, condition: Condition | None) -> None:
        """Faults of a rule for levels that its action does not allow, or naming columns those levels lack."""
        wrong = [level for level in rule.level or () if level not in LEVELS[rule.action]]
        if wrong:
            problem = Text(
                f"动作“{rule.action}”不能用于 {', '.join(wrong)}",
                f"the action '{rule.action}' does not go with level {', '.join(wrong)}",
            )
            expected = f"level: [{', '.join(LEVELS[rule.action])}]"
            self.parts.blame(origin.place("level"), problem, expected=expected)
        absent = condition.columns & _withheld(rule) if condition else frozenset()
        for name in sorted(absent):
            problem = Text(f"宝贝没有“{name}”", f"items have no '{name}'")
            pooled = _pooled(rule)
            if pooled:
                problem = Text(f"{pooled.name.zh}没有“{name}”", f"{pooled.name.en} have no '{name}'")
                self.parts.blame(origin.place("when"), problem, expected=", ".join(pooled.columns))
                continue
            self.parts.blame(origin.place("when"), problem, Text("用 item. 的数字", "use figures of item."))

    def step_limit(self, rule: Rule, origin: Origin) -> float:
        if rule.max_step is None:
            return float("inf")
        limit = as_share(rule.max_step, "share")
        value = self.settings.get(limit.removeprefix("settings.")) if isinstance(limit, str) else limit
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
            problem = Text(
                "max_step 应是 0 到 1 之间的数（如 0.1 或 10%）或 settings.NAME",
                "max_step must lie between 0 and 1 (such as 0.1 or 10%), or be settings.NAME",
            )
            self.parts.blame(origin.place("max_step"), problem, expected="0 < max_step <= 1")
            return float("inf")
        return float(value)


def _withheld(declared: Gate | Rule | Otherwise | Declaration) -> frozenset[str]:
    """Columns that do not exist yet when the text is rendered and, for items, those that only words have."""
    if isinstance(declared, Declaration):
        return withheld_from(declared)
    pooled = _pooled(declared) if isinstance(declared, Rule) else None
    if pooled:
        return frozenset(COLUMNS) - frozenset(pooled.columns)
    of_items = isinstance(declared, Rule) and list(levels_of(declared)) == ["item"]
    return frozenset({*DECIDED, *((*ESTIMATES, *COMPETING, *TARGETS) if of_items else ())})


@dataclass(frozen=True, slots=True)
class _Pooled:
    """Rows that stand for many others: what they are called, and the columns that they have."""

    name: Text
    columns: Sequence[str]


def _pooled(rule: Rule) -> _Pooled | None:
    """The rows that a rule for groups or fragments is for; None for rules of words and items."""
    levels = levels_of(rule)
    if "group" in levels:
        return _Pooled(Text("一组词", "groups"), GROUP_ROWS)
    return _Pooled(Text("词根", "fragments"), FRAGMENT_ROWS) if "fragment" in levels else None


def levels_of(rule: Rule) -> Sequence[str]:
    """The levels of row that a rule applies to; groups and fragments are only meant where they are named."""
    return rule.level or USUAL_LEVELS[rule.action]
