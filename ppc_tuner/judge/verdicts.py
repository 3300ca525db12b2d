"""Rows × pack → verdicts: the first rule that matches and is not held back by a gate decides.

Rules stop, cap or slow what the evidence proposes; they never reverse it: a rule that raises matches only where the
evidence proposes a raise, one that deletes only where it proposes that, one that lowers where it proposes either cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.columns import REMOVALS
from ppc_tuner.judge.pack import Clause, Gate, Pack, Rule
from ppc_tuner.text import Lang

Mask = NDArray[np.bool_]
VERDICT = ("action", "rule", "advice", "reason_zh", "reason_en", "rule_cap")
LANGS: tuple[Lang, ...] = ("zh", "en")


def with_verdicts(rows: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Rows plus action, rule, advice, reason_zh, reason_en, rule_cap, also_matched, gated_by, and otherwise_*.

    `rows`: decision rows of one level with targets, or item rows. otherwise_* is the verdict where no removal is allowed
    (filled for removals only). A row that no rule decides has no action (item rows), which a pack prevents for words
    with a last rule that always matches.
    """
    level = str(rows["level"].iloc[0]) if len(rows) else "keyword"
    rules = [rule for rule in pack.rules if isinstance(rule.declared, Rule) and level in rule.declared.level]
    gates = [(gate, _holds(gate, rows)) for gate in pack.gates]
    decided, following, matched, held = _decisions(rows, rules, gates)
    verdict = _rendered(rows, rules, decided)
    removal = np.isin(decided, [i for i, rule in enumerate(rules) if _action(rule) in REMOVALS])
    alternative = _rendered(rows, rules, np.where(removal, following, -1)).add_prefix("otherwise_")
    verdict = _with_gate_reasons(rows, verdict, gates, held)
    matched[np.flatnonzero(decided >= 0), decided[decided >= 0]] = False
    marks = {
        "also_matched": _joined(matched, [rule.id for rule in rules]),
        "gated_by": _joined(held, [gate.id for gate, _ in gates]),
    }
    return pd.concat([rows, verdict, alternative, pd.DataFrame(marks, index=rows.index, dtype="str")], axis=1)


def _action(rule: Clause) -> str:
    return rule.declared.action if isinstance(rule.declared, Rule) else ""


def _holds(clause: Clause, rows: pd.DataFrame) -> Mask:
    return np.broadcast_to(np.asarray(clause.condition.run(rows).yes, dtype=bool), len(rows))


def _proposed(action: str, rows: pd.DataFrame) -> Mask:
    """Where the evidence proposes this action, or where it needs no proposal."""
    if action == "raise":
        return np.asarray(rows["proposal"] == "raise")
    if action == "lower":
        return np.asarray(rows["proposal"].isin(["lower", "delete"]) & (rows["step_down"] < 0))
    if action in REMOVALS:
        return np.asarray(rows["proposal"] == "delete")
    return np.ones(len(rows), dtype=bool)


def _decisions(
    rows: pd.DataFrame, rules: Sequence[Clause], gates: Sequence[tuple[Clause, Mask]]
) -> tuple[NDArray[np.intp], NDArray[np.intp], Mask, Mask]:
    """Number of the deciding rule (−1: none), of the deciding one if nothing may be removed, all matches, all gates."""
    size = len(rows)
    decided, following = np.full(size, -1, dtype=np.intp), np.full(size, -1, dtype=np.intp)
    matched, held = np.zeros((size, len(rules)), dtype=bool), np.zeros((size, len(gates)), dtype=bool)
    for number, rule in enumerate(rules):
        action = _action(rule)
        match = _holds(rule, rows) & _proposed(action, rows)
        open_way = match.copy()
        for column, (gate, closed) in enumerate(gates):
            if isinstance(gate.declared, Gate) and action in gate.declared.forbids:
                held[:, column] |= match & closed & (decided < 0)
                open_way &= ~closed
        # Rules that always match say nothing about a row they did not decide.
        matched[:, number] = match & bool(rule.condition.columns)
        decided[open_way & (decided < 0)] = number
        if action not in REMOVALS:
            following[open_way & (following < 0)] = number
    return decided, following, matched, held


def _rendered(rows: pd.DataFrame, rules: Sequence[Clause], decided: NDArray[np.intp]) -> pd.DataFrame:
    verdict = pd.DataFrame({name: pd.Series(np.nan, index=rows.index, dtype="str") for name in VERDICT[:-1]})
    verdict["rule_cap"] = np.inf
    for number, rule in enumerate(rules):
        at = rows.index[decided == number]
        if not len(at):
            continue
        verdict.loc[at, ["action", "rule", "advice"]] = [_action(rule), rule.id, rule.advice]
        verdict.loc[at, "rule_cap"] = rule.max_step
        for lang in LANGS:
            verdict.loc[at, f"reason_{lang}"] = rule.reason[lang].render(rows.loc[at], lang)
    return verdict


def _with_gate_reasons(
    rows: pd.DataFrame, verdict: pd.DataFrame, gates: Sequence[tuple[Clause, Mask]], held: Mask
) -> pd.DataFrame:
    """Where a gate stopped the action and the word just stays, the gate is the reason."""
    stays = (verdict["action"] == "keep").to_numpy() & held.any(axis=1)
    first = np.where(stays, held.argmax(axis=1), -1) if held.size else np.full(len(rows), -1)
    for number, (gate, _) in enumerate(gates):
        at = rows.index[first == number]
        if len(at):
            verdict.loc[at, ["rule", "advice"]] = [gate.id, gate.advice]
            for lang in LANGS:
                verdict.loc[at, f"reason_{lang}"] = gate.reason[lang].render(rows.loc[at], lang)
    return verdict


def _joined(marks: Mask, names: Sequence[str]) -> NDArray[Any]:
    """For each row the marked names, separated by blanks; each distinct pattern of marks is written once."""
    if not len(names) or not len(marks):
        return np.full(len(marks), "", dtype=object)
    codes = (
        pd.DataFrame(np.packbits(marks, axis=1))
        .pipe(lambda bits: bits.groupby(list(bits.columns), sort=False))
        .ngroup()
    )
    patterns = marks[codes.drop_duplicates().index]
    written = np.array([" ".join(np.asarray(names)[pattern]) for pattern in patterns], dtype=object)
    return written[codes.to_numpy()]
