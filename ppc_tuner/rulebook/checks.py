"""Checks of a rule pack without a report: faults of its files, and rules that can never decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ppc_tuner.columns import ITEM_ACTIONS
from ppc_tuner.errors import ConfigError
from ppc_tuner.judge.merging import PLATFORM, pack_path
from ppc_tuner.judge.pack import Clause, Pack, read_pack
from ppc_tuner.judge.satisfiability import can_hold, covers
from ppc_tuner.reports import all_formats
from ppc_tuner.text import Text
from ppc_tuner.yaml_positions import Fault, Place

WHERE = re.compile(r"(?P<file>.*?)(?::(?P<line>\d+):(?P<column>\d+))?")
# Actions for which no proposal of the evidence is needed: a rule with one of these decides wherever it
# matches.
UNPROPOSED = ("keep", "watch", *ITEM_ACTIONS)


def shipped_packs(folder: Path) -> list[str]:
    """The names of the packs that ship with the product, sorted."""
    return sorted(file.stem for file in folder.glob("*.yaml"))


def check_pack(pack: str | Path, folder: Path) -> list[Fault]:
    """All faults of a pack and of those it extends, in the order of the files; empty if there are none.

    A pack that extends `platform` is checked over the pack of every platform.
    """
    faults: dict[str, Fault] = {}
    for platform in _platforms(pack, folder):
        for fault in _checked_over(pack, folder, platform):
            faults.setdefault(f"{fault.place.where} {fault.parts.problem}", fault)
    return list(faults.values())


def _platforms(pack: str | Path, folder: Path) -> Sequence[str]:
    try:
        _, _, parts = read_pack(pack, folder)
    except ConfigError:
        return ["common"]
    own = parts.files[-1].content
    extends = own.get("extends") if isinstance(own, dict) else None
    named = extends if isinstance(extends, list) else [extends]
    if PLATFORM not in named:
        return ["common"]
    packs = sorted({form.pack for form in all_formats()})
    return [name for name in packs if (folder / f"{name}.yaml").is_file()]


def _checked_over(pack: str | Path, folder: Path, platform: str) -> list[Fault]:
    try:
        built, faults, _ = read_pack(pack, folder, platform=platform)
        return faults or dead_clauses(built, pack_path(pack, folder))
    except ConfigError as fault:
        return [Fault(_place(fault), fault)]


def _place(fault: ConfigError) -> Place:
    """The position that an error names; line 1 of a file that cannot be read at all."""
    named = WHERE.fullmatch(fault.where)
    file = named["file"] if named else fault.where
    if named is None or not named["line"]:
        return Place(file, 1, 1)
    lines = Path(file).read_text("utf-8-sig", errors="replace").split("\n")
    line, column = int(named["line"]), int(named["column"])
    return Place(file, line, column, lines[line - 1] if line <= len(lines) else "")


def dead_clauses(pack: Pack, own: Path) -> list[Fault]:
    """Faults of the file `own`: clauses that can never apply, and rules that shadow inherited ones."""
    faults = [
        _never(clause)
        for clause in _of(own, (*pack.gates, *pack.rules))
        if not can_hold(clause.condition.tree)
    ]
    silenced: dict[str, list[Clause]] = {}
    for number, later in enumerate(pack.rules):
        earlier = next((rule for rule in pack.rules[:number] if _shadows(rule, later, pack)), None)
        if earlier is None or not can_hold(later.condition.tree):
            continue
        if later.origin and later.origin.file == own:
            faults.append(_shadowed(later, earlier))
        else:
            silenced.setdefault(earlier.id, []).append(later)
    faults += [_silences(rule, silenced[rule.id]) for rule in _of(own, pack.rules) if rule.id in silenced]
    return sorted(faults, key=lambda fault: (fault.place.line, fault.place.column))


def _of(own: Path, clauses: Iterable[Clause]) -> list[Clause]:
    return [clause for clause in clauses if clause.origin and clause.origin.file == own]


def _shadows(earlier: Clause, later: Clause, pack: Pack) -> bool:
    """Whether the later rule can never decide: the earlier one matches all its rows and no gate stops it."""
    if not set(later.level) <= set(earlier.level):
        return False
    free = earlier.action in UNPROPOSED and not any(gate.forbids(earlier.action) for gate in pack.gates)
    same = earlier.action == later.action
    return (free or same) and covers(earlier.condition.tree, later.condition.tree)


def _fault(clause: Clause, problem: Text, to_do: Text) -> Fault:
    assert clause.origin is not None
    return Fault(clause.origin.place("when"), ConfigError(problem, to_do=to_do))


def _never(clause: Clause) -> Fault:
    return _fault(
        clause,
        Text(f"“{clause.id}”的条件永远不会成立", f"the condition of '{clause.id}' can never hold"),
        Text(
            "改条件；只想关掉就写 enabled: false", "mend the condition; to switch it off write enabled: false"
        ),
    )


def _shadowed(later: Clause, earlier: Clause) -> Fault:
    line = f" ({_where(earlier)})" if earlier.origin else ""
    return _fault(
        later,
        Text(
            f"“{later.id}”永远轮不到：前面的“{earlier.id}”已经管了它的每一行{line}",
            f"'{later.id}' never decides: '{earlier.id}' before it speaks of every row of it{line}",
        ),
        Text(
            f"移到“{earlier.id}”前面，或收窄“{earlier.id}”的条件",
            f"move it ahead of '{earlier.id}', or narrow the condition of '{earlier.id}'",
        ),
    )


def _silences(rule: Clause, silenced: Sequence[Clause]) -> Fault:
    names = ", ".join(clause.id for clause in silenced)
    return _fault(
        rule,
        Text(
            f"有了“{rule.id}”，继承来的这些永远轮不到：{names}",
            f"'{rule.id}' leaves nothing to inherited rules: {names}",
        ),
        Text(
            "收窄条件；确实要这样，就给它们写 enabled: false",
            "narrow its condition; if it is meant, give them enabled: false",
        ),
    )


def _where(clause: Clause) -> str:
    assert clause.origin is not None
    place = clause.origin.place("when")
    return f"{Path(place.file).name}:{place.line}"
