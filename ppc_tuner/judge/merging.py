"""Pack files → one merged declaration: bases first, each file once, own parts over inherited ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ppc_tuner.declarations import did_you_mean, faults_in, read_source
from ppc_tuner.errors import ConfigError
from ppc_tuner.judge.names import column_named
from ppc_tuner.judge.packfile import CLOSED_IDS, Otherwise, PackFile
from ppc_tuner.judge.partial_parse import STAND_IN, what_is_sound
from ppc_tuner.judge.settings import Setting, checked_value, inherited_setting
from ppc_tuner.text import Text
from ppc_tuner.yaml_positions import Fault, Loc, Place, Source

# `extends: platform` stands for the pack of the report's platform.
PLATFORM: Final = "platform"
MOST_CLAUSES = 500
# Sections in which a part replaces the inherited one of the same id.
BY_ID: Final = ("gates", "rules", "outcomes", "details", "what_would_change")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part is declared: the files that say something about it, the most specific first."""

    layers: tuple[tuple[Source, tuple[int | str, ...]], ...]

    def over(self, older: Origin | None) -> Origin:
        """This origin ahead of that of the part it changes."""
        return Origin(self.layers + (older.layers if older else ()))

    @property
    def file(self) -> Path:
        """The most specific file that declares the part."""
        return self.layers[0][0].path

    def place(self, *loc: int | str) -> Place:
        """The position of the member at `loc` in the most specific file that has it, else of the part."""
        source, base = self._layer(loc)
        return source.place((*base, *loc))

    def inside(self, loc: Loc, offset: int, length: int) -> Place:
        """The position of `length` characters at `offset` of the part's text at `loc`."""
        source, base = self._layer(loc)
        return source.inside((*base, *loc), offset, length)

    def _layer(self, loc: Loc) -> tuple[Source, tuple[int | str, ...]]:
        return next((layer for layer in self.layers if _holds(layer, loc)), self.layers[0])


def _holds(layer: tuple[Source, tuple[int | str, ...]], loc: Loc) -> bool:
    source, base = layer
    content: Any = source.content
    for part in (*base, *loc):
        try:
            content = content[part]
        except (KeyError, IndexError, TypeError):
            return False
    return True


Clauses = dict[str, tuple[Any, Origin]]


@dataclass(slots=True)
class Parts:
    """A pack merged with what it extends; each part carries its origin. `faults`: those found so far."""

    name: str = ""
    settings: dict[str, tuple[Setting, Origin]] = field(default_factory=dict)
    groups: dict[str, tuple[str, Origin]] = field(default_factory=dict)
    gates: Clauses = field(default_factory=dict)
    rules: Clauses = field(default_factory=dict)
    outcomes: Clauses = field(default_factory=dict)
    details: Clauses = field(default_factory=dict)
    what_would_change: Clauses = field(default_factory=dict)
    otherwise: tuple[Otherwise, Origin] | None = None
    faults: list[Fault] = field(default_factory=list)
    files: list[Source] = field(default_factory=list)

    def blame(self, place: Place, problem: Text, to_do: Text | str = "", expected: Text | str = "") -> None:
        """Adds a fault at a position."""
        self.faults.append(Fault(place, ConfigError(problem, to_do=to_do, expected=expected)))


def merged(pack: str | Path, folder: Path, platform: str) -> Parts:
    """The pack of that name in `folder`, or the pack file at that path, over what it extends.

    `platform`: the name of the pack that `extends: platform` stands for. ConfigError: a file that is
    missing or not YAML. All other faults are collected in `Parts.faults`.
    """
    parts = Parts()
    parts.files = _lined_up(pack_path(pack, folder), folder, platform, (), [], parts)
    for source in parts.files:
        _lay_over(parts, source)
    _blame_missing(parts)
    return parts


def _blame_missing(parts: Parts) -> None:
    """Faults for ids that a section lacks although the engine needs them."""
    for section, ids in CLOSED_IDS.items():
        with_it = (one for one in parts.files if isinstance(one.content, dict) and section in one.content)
        source = next(with_it, None)
        missing = [name for name in ids if name not in getattr(parts, section)]
        if source is not None and missing:
            names = ", ".join(missing)
            problem = Text(f"“{section}”里缺少：{names}", f"'{section}' lacks: {names}")
            to_do = Text(
                "补上它们的 id 和 reason，或继承 common", "add them with id and reason, or extend common"
            )
            parts.blame(source.place((section,), key=True), problem, to_do)


def pack_path(pack: str | Path, folder: Path, beside: Path | None = None) -> Path:
    """The file of a pack: a shipped one by name, else a file in the folder `beside` the pack that names it.

    ConfigError: there is no such pack.
    """
    path = Path(pack)
    named = path.suffix in (".yaml", ".yml")
    if named and beside is None:
        return path
    inside = path.name == str(pack)
    tried = [] if not inside else [(folder / path.name) if named else (folder / f"{pack}.yaml")]
    if beside is not None and inside:
        tried.append(beside / (path.name if named else f"{pack}.yaml"))
    found = next((file for file in tried if file.is_file()), None)
    if found is not None:
        return found
    names = sorted(file.stem for file in folder.glob("*.yaml"))
    raise ConfigError(
        Text(f"没有名为“{pack}”的规则包", f"there is no rule pack '{pack}'"),
        expected=", ".join(names),
        to_do=did_you_mean(str(pack), names)
        or Text("给出其中一个名字，或一个 .yaml 文件", "give one of these names, or a .yaml file"),
    )


def _lined_up(
    path: Path, folder: Path, platform: str, above: tuple[Path, ...], done: list[Source], parts: Parts
) -> list[Source]:
    """The files from the most general to the most specific, each once."""
    source = _source(path)
    content = source.content if isinstance(source.content, dict) else {}
    given = content.get("extends")
    bases = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    for number, base in enumerate(bases):
        loc: Loc = ("extends",) if isinstance(given, str) else ("extends", number)
        if not isinstance(base, str):
            continue
        try:
            next_path = pack_path(platform if base == PLATFORM else base, folder, path.parent)
        except ConfigError as fault:
            parts.faults.append(Fault(source.place(loc), fault))
            continue
        if next_path in (*above, path):
            parts.blame(
                source.place(loc), Text("规则包互相继承，成了环", "packs extend each other in a circle")
            )
        elif next_path not in [one.path for one in done]:
            _lined_up(next_path, folder, platform, (*above, path), done, parts)
    done.append(source)
    return done


def _source(path: Path) -> Source:
    try:
        stamp = path.stat()
    except OSError:
        return read_source(path)
    return _read_once(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=64)
def _read_once(path: Path, _changed: int, _size: int) -> Source:
    return read_source(path)


def _lay_over(parts: Parts, source: Source) -> None:
    content = source.content
    full = _completed(content, parts)
    parts.faults += faults_in(full, source, PackFile)
    declared = what_is_sound(full)
    if declared is None:
        return
    parts.name = declared.pack
    for name, setting in declared.settings.items():
        _lay_setting(parts, source, name, setting)
    for name, group in declared.groups.items():
        loc: tuple[int | str, ...] = ("groups", name)
        if column_named(name) or not name.isidentifier():
            parts.blame(
                source.place(loc, key=True),
                Text(f"“{name}”不能作组名", f"'{name}' cannot name a group"),
                Text("用字母和下划线另起一个名字", "choose another name of letters and underscores"),
            )
        written = (*loc, "when") if isinstance(content["groups"][name], dict) else loc
        parts.groups[name] = (group.when, Origin(((source, written),)))
    for section in BY_ID:
        inherited = getattr(parts, section)
        own = _by_id(parts, getattr(declared, section), source, section, inherited)
        # If several gates hold, the first gives the reason: inherited ones come before a pack's own.
        setattr(parts, section, _own_first(own, inherited) if section == "rules" else inherited | own)
    if declared.otherwise is not None:
        parts.otherwise = (declared.otherwise, Origin(((source, ("otherwise",)),)))


def _lay_setting(parts: Parts, source: Source, name: str, given: Any) -> None:
    known = {key: setting for key, (setting, _) in parts.settings.items()}
    held = Origin(((source, ("settings", name)),))
    try:
        setting = inherited_setting(name, given, known)
        checked_value(name, setting, setting.value)
    except ConfigError as fault:
        bare = not isinstance(source.content["settings"][name], dict)
        place = held.place() if bare else held.place("value")
        on_key = name not in known
        parts.faults.append(Fault(source.place(("settings", name), key=True) if on_key else place, fault))
        # Conditions may name it; one message is enough.
        parts.settings.setdefault(name, (given, held))
        return
    parts.settings[name] = (setting, held)


def _completed(content: Any, inherited: Parts) -> Any:
    """The content, with the missing keys of every part filled in from the inherited part of the same id."""
    if not isinstance(content, dict):
        return content
    full = {
        section: [_filled(clause, getattr(inherited, section)) for clause in content[section]]
        for section in BY_ID
        if isinstance(content.get(section), list)
    }
    return {**content, **full}


def _filled(clause: Any, inherited: Clauses) -> Any:
    name = clause.get("id") if isinstance(clause, dict) else None
    if not isinstance(name, str) or name not in inherited:
        return clause
    return {**inherited[name][0].model_dump(exclude_unset=True), **clause}


def _by_id(
    parts: Parts, clauses: Sequence[Any], source: Source, section: str, inherited: Mapping[str, Any]
) -> Clauses:
    named: Clauses = {}
    if len(clauses) > MOST_CLAUSES:
        parts.blame(
            source.place((section,), key=True), Text(f"超过 {MOST_CLAUSES} 条", f"more than {MOST_CLAUSES}")
        )
        return named
    for number, clause in enumerate(clauses):
        if clause.id in named:
            twice = Text(f"id“{clause.id}”重复", f"the id '{clause.id}' stands twice")
            parts.blame(source.place((section, number, "id")), twice)
            continue
        if section in CLOSED_IDS and clause.id not in CLOSED_IDS[section]:
            _blame_unknown(parts, source, (section, number, "id"), clause.id)
            continue
        older = inherited[clause.id][1] if clause.id in inherited else None
        named[clause.id] = (clause, Origin(((source, (section, number)),)).over(older))
    return named


def _blame_unknown(parts: Parts, source: Source, loc: tuple[int | str, ...], given: str) -> None:
    """A fault for an id that the engine does not have, unless it stands in for a missing one."""
    if given.startswith(STAND_IN):
        return
    ids = CLOSED_IDS[str(loc[0])]
    problem = Text(f"引擎没有“{given}”", f"the engine has no '{given}'")
    parts.blame(source.place(loc), problem, did_you_mean(given, ids), " | ".join(ids))


def _own_first(own: Clauses, inherited: Clauses) -> Clauses:
    """Own rules before inherited ones; a rule with an inherited id takes the place of that rule."""
    new = {name: clause for name, clause in own.items() if name not in inherited}
    return new | {name: own.get(name, clause) for name, clause in inherited.items()}
