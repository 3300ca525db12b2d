"""Tests of rule packs: rows in, verdict and reason out; every rule has a case that fires and a near miss.

The cases of rules/NAME.yaml stand in rules/tests/NAME.yaml, those of my.yaml in tests/my.yaml beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from pydantic import Field

from ppc_tuner.columns import COLUMNS, TEXT_KINDS
from ppc_tuner.declarations import Declared, faults_in, read_source
from ppc_tuner.errors import ConfigError, FailedError
from ppc_tuner.judge import Pack, permit, write
from ppc_tuner.judge.merging import pack_path
from ppc_tuner.judge.names import column_named, unknown, value_named
from ppc_tuner.judge.pack import Clause, read_pack
from ppc_tuner.judge.settings import as_share
from ppc_tuner.rulebook.checks import UNPROPOSED
from ppc_tuner.rulebook.verdict_path import gate_steps, rule_steps
from ppc_tuner.text import Text
from ppc_tuner.yaml_positions import Fault, Loc, Source

# What holds of a row unless a case says otherwise: nothing is proposed, and steps either way are possible.
USUAL: Final[Mapping[str, Any]] = {
    "level": "keyword", "currency": "CNY", "proposal": "none", "step_up": 0.2, "step_down": -0.2,
}  # fmt: skip


class NearMiss(Declared):
    """The case's row with a figure or two changed: the rule must not match, and `speaks` decides."""

    but: dict[str, Any] = Field(min_length=1)
    speaks: str
    action: str | None = None


class Case(Declared):
    """A row on which a rule or gate applies, the verdict, and rows on which it just does not apply."""

    fires: str
    row: dict[str, Any]
    # The clause that decides, if it is another one (a gate leaves the word to the next rule); "" if none does
    # (a gate leaves an item without action and reason).
    speaks: str | None = None
    action: str
    zh: str
    en: str
    near_miss: list[NearMiss] = Field(default_factory=list)


class CasesFile(Declared):
    """The tests of one pack, with settings and figures that hold for all of its cases."""

    pack: str
    # What `extends: platform` stands for.
    platform: str = "common"
    settings: dict[str, Any] = Field(default_factory=dict)
    defaults: dict[str, Any] = Field(default_factory=dict)
    cases: list[Case] = Field(default_factory=list)


@dataclass(slots=True)
class TestRun:
    """The result of one pack's tests: number of rows tried, and what failed."""

    __test__ = False

    pack: str
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Expected:
    """One row and the verdict expected of it; `loc`: its position in the tests' file."""

    case: Case
    figures: Mapping[str, Any]
    loc: Loc
    near_miss: NearMiss | None = None

    @property
    def speaks(self) -> str:
        if self.near_miss:
            return self.near_miss.speaks
        return self.case.fires if self.case.speaks is None else self.case.speaks


def run_cases(pack: str | Path, folder: Path) -> TestRun:
    """Runs the tests of a pack. ConfigError: a pack or tests' file that cannot be read."""
    path = pack_path(pack, folder)
    tests = path.parent / "tests" / path.name
    own = path.stem
    if not tests.is_file():
        built, _ = _built(path, folder, CasesFile(pack=own))
        return TestRun(own, 0, _untested(built, path, [], tests))
    source = read_source(tests)
    faults = faults_in(source.content, source, CasesFile)
    if faults:
        return TestRun(own, 0, faults)
    declared = CasesFile.model_validate(source.content)
    built, wrong = _built(path, folder, declared)
    if wrong:
        return TestRun(own, 0, wrong)
    expected, faults = _rows(declared, source, built)
    if not faults:
        faults = _failures(expected, built, source) + _untested(built, path, declared.cases, tests)
    return TestRun(own, len(expected), faults)


def _built(path: Path, folder: Path, declared: CasesFile) -> tuple[Pack, list[Fault]]:
    built, faults, _ = read_pack(path, folder, declared.settings, declared.platform)
    return built, faults


def _rows(declared: CasesFile, source: Source, pack: Pack) -> tuple[list[_Expected], list[Fault]]:
    known = {clause.id for clause in (*pack.gates, *pack.rules)}
    expected: list[_Expected] = []
    faults = _named(declared.defaults, source, ("defaults",))[1]
    usual = {**USUAL, **_named(declared.defaults, source, ("defaults",))[0]}
    for number, case in enumerate(declared.cases):
        loc = ("cases", number)
        if case.fires not in known:
            problem = Text(f"规则包里没有“{case.fires}”", f"the pack has no '{case.fires}'")
            faults.append(Fault(source.place((*loc, "fires")), ConfigError(problem)))
        figures, wrong = _named(case.row, source, (*loc, "row"))
        faults += wrong
        row = {**usual, **figures}
        expected.append(_Expected(case, row, loc))
        for miss_number, miss in enumerate(case.near_miss):
            at = (*loc, "near_miss", miss_number)
            changed, wrong = _named(miss.but, source, (*at, "but"))
            faults += wrong
            expected.append(_Expected(case, {**row, **changed}, at, miss))
    return expected, faults


def _named(figures: Mapping[str, Any], source: Source, loc: Loc) -> tuple[dict[str, Any], list[Fault]]:
    """The figures by canonical column, percentages as shares; faults for unknown names and wrong kinds."""
    named: dict[str, Any] = {}
    faults: list[Fault] = []
    for given, value in figures.items():
        name = column_named(str(given))
        if name is None:
            problem, meant = unknown(str(given))
            fault = ConfigError(problem, to_do=meant)
            faults.append(Fault(source.place((*loc, given), key=True), fault))
            continue
        named[name] = value_named(name, value) if isinstance(value, str) else value
        named[name] = as_share(named[name], "share")
        kind = COLUMNS[name].kind
        right = str if kind in TEXT_KINDS else bool if kind == "flag" else (int, float)
        if value is not None and not isinstance(named[name], right):
            problem = Text(f"“{given}”的值不对", f"the value of '{given}' is not right")
            wanted = (
                Text("文字", "text") if right is str else Text("true/false 或数字", "true/false or a number")
            )
            faults.append(Fault(source.place((*loc, given)), ConfigError(problem, expected=wanted)))
    return named, faults


def rows_of(figures: list[Mapping[str, Any]]) -> pd.DataFrame:
    """One decision row for each set of figures, columns typed by kind; missing figures are unknown."""
    frame = pd.DataFrame(figures)
    for name in map(str, frame.columns):
        kind = COLUMNS[name].kind
        dtype = "str" if kind in TEXT_KINDS else "boolean" if kind == "flag" else "float64"
        filled = frame[name].astype(object).where(frame[name].notna(), np.nan)
        frame[name] = filled.astype(pd.api.types.pandas_dtype(dtype))
    return frame


def _failures(expected: list[_Expected], pack: Pack, source: Source) -> list[Fault]:
    if not expected:
        return []
    rows = rows_of([one.figures for one in expected])
    parts = [write(part, permit(part, pack), pack) for _, part in rows.groupby("level", sort=False)]
    verdicts = pd.concat(parts).sort_index()
    faults = []
    for number, one in enumerate(expected):
        problem = _problem(one, verdicts.iloc[number])
        if problem is not None:
            why = _why(one, rows.iloc[[number]], pack)
            faults.append(Fault(source.place(one.loc), FailedError(problem, found=why)))
    return faults


def _problem(one: _Expected, verdict: pd.Series) -> Text | None:
    """How the verdict differs from what was expected; None if it does not."""
    spoke, action = (verdict[part] if pd.notna(verdict[part]) else "" for part in ("rule", "action"))
    name = one.case.fires
    heard = name in f"{verdict['matched']} {verdict['gated_by']} {spoke}".split()
    said_by = Text(f"说话的是“{spoke}”（{action}）", f"'{spoke}' spoke ({action})")
    if one.near_miss and heard:
        return Text(
            f"“{name}”不该说话，却说了；{said_by.zh}", f"'{name}' should be silent, but matched; {said_by.en}"
        )
    if not one.near_miss and not heard:
        return Text(
            f"“{name}”该说话，却没有；{said_by.zh}", f"'{name}' should speak, but did not; {said_by.en}"
        )
    if spoke != one.speaks:
        return Text(
            f"该由“{one.speaks}”决定，{said_by.zh}", f"'{one.speaks}' should decide, but {said_by.en}"
        )
    wanted = one.near_miss.action if one.near_miss else one.case.action
    if wanted is not None and action != wanted:
        return Text(f"动作应为 {wanted}，实为 {action}", f"the action should be {wanted}, it is {action}")
    return None if one.near_miss else _reason_problem(one.case, verdict)


def _reason_problem(case: Case, verdict: pd.Series) -> Text | None:
    for wanted, said in ((case.zh, verdict["reason_zh"]), (case.en, verdict["reason_en"])):
        if wanted != (said if pd.notna(said) else ""):
            return Text(
                f"理由应为“{wanted}”，实为“{said}”", f"the reason should be '{wanted}', it is '{said}'"
            )
    return None


def _why(one: _Expected, row: pd.DataFrame, pack: Pack) -> Text:
    """What the clause tested, and the one that should have decided, found of the row."""
    steps = [*gate_steps(row, pack), *rule_steps(row, pack)]
    told = [step for step in steps if step.clause.id in (one.case.fires, one.speaks)] or steps[-1:]
    return Text("\n".join(step.said("zh") for step in told), "\n".join(step.said("en") for step in told))


def _untested(pack: Pack, path: Path, cases: list[Case], tests: Path) -> list[Fault]:
    """Faults for the file's own clauses that lack a case that fires or a near miss."""
    faults = []
    firing = {case.fires for case in cases}
    missing = {case.fires for case in cases if case.near_miss}
    for clause in _own(pack, path):
        lacking = []
        if clause.id not in firing:
            lacking.append(Text("触发的用例", "a case that fires"))
        if clause.id not in missing and _missable(clause):
            lacking.append(Text("差一点的用例（near_miss）", "a near miss"))
        if lacking and clause.origin:
            zh, en = "和".join(part.zh for part in lacking), " and ".join(part.en for part in lacking)
            problem = Text(f"“{clause.id}”缺{zh}", f"'{clause.id}' lacks {en}")
            to_do = Text(
                f"写进 {tests.parent.name}/{tests.name}", f"add it to {tests.parent.name}/{tests.name}"
            )
            faults.append(Fault(clause.origin.place("id"), FailedError(problem, to_do=to_do)))
    return faults


def _missable(clause: Clause) -> bool:
    """Whether a near miss is possible: not for a rule that always holds, whatever the evidence proposes."""
    return bool(clause.condition.columns) or clause.action not in UNPROPOSED


def _own(pack: Pack, path: Path) -> list[Clause]:
    """The clauses that the file itself declares or changes."""
    return [clause for clause in (*pack.gates, *pack.rules) if clause.origin and clause.origin.file == path]
