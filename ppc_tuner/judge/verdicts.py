"""Rows × pack → verdicts: the first rule that matches and is not held back by a gate decides.

Rules stop, cap or slow what the evidence proposes; they never reverse it: a rule that raises matches only where the
evidence proposes a raise, one that deletes only where it proposes that, one that lowers where it proposes either cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.columns import REMOVALS
from ppc_tuner.judge.pack import LANGS, Clause, Pack
from ppc_tuner.text import Lang

Mask = NDArray[np.bool_]
Numbers = NDArray[np.intp]
# What a gate says of an action that it stopped, behind the reason of what is done instead.
BESIDE: Final[dict[Lang, str]] = {"zh": "；", "en": "; "}
VERDICT = ("action", "rule", "advice", "reason_zh", "reason_en", "rule_cap")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What each rule and gate of a level said of each row.

    `decided`: number of the deciding rule (−1: none); `following`: the deciding one if nothing may be removed;
    `matched`, `unjudged` (rows, rules): where a rule matched, and where it could not be judged before the decision;
    `held` (rows, gates): where a gate kept a matching rule from deciding.
    """

    rules: Sequence[Clause]
    gates: Sequence[Clause]
    decided: Numbers
    following: Numbers
    matched: Mask
    unjudged: Mask
    held: Mask


def with_verdicts(rows: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Rows plus action, rule, advice, reason_zh, reason_en, rule_cap, matched, unjudged, gated_by, and otherwise_*.

    `rows`: decision rows of one level with targets, or item rows. otherwise_* is the verdict where no removal is allowed
    (filled for removals only). An item row that no rule decides has no action; words always have one.
    """
    said = judged(rows, pack)
    verdict = _rendered(rows, said.rules, said.decided)
    if len(rows) and not rows["level"].eq("item").any():
        # Where gates leave nothing at all, not even watching, the word stays.
        verdict["action"] = verdict["action"].fillna("keep")
    removal = np.isin(said.decided, [i for i, rule in enumerate(said.rules) if rule.action in REMOVALS])
    alternative = _rendered(rows, said.rules, np.where(removal, said.following, -1)).add_prefix("otherwise_")
    verdict = _with_gate_reasons(rows, verdict, said)
    return pd.concat([rows, verdict, alternative, _marks(rows, said)], axis=1)


def judged(rows: pd.DataFrame, pack: Pack) -> Judgement:
    """What the pack says of decision rows of one level (or of item rows), before any word is written."""
    level = str(rows["level"].iloc[0]) if len(rows) else "keyword"
    rules = [rule for rule in pack.rules if level in rule.level]
    size = len(rows)
    decided, following = np.full(size, -1, dtype=np.intp), np.full(size, -1, dtype=np.intp)
    # Column by column in memory: each rule and gate fills a column of its own.
    matched, unjudged = (np.zeros((size, len(rules)), dtype=bool, order="F") for _ in range(2))
    held = np.zeros((size, len(pack.gates)), dtype=bool, order="F")
    closed = [_everywhere(gate.condition.run(rows).yes, size) for gate in pack.gates]
    proposed = {action: proposed_for(action, rows) for action in {rule.action for rule in rules}}
    for number, rule in enumerate(rules):
        truth, possible = rule.condition.run(rows), proposed[rule.action]
        match, undecided = _everywhere(truth.yes, size) & possible, decided < 0
        unjudged[:, number] = possible & undecided & ~_everywhere(truth.yes | truth.no, size)
        # What holds otherwise is no match of its own.
        matched[:, number] = match & undecided if rule is pack.rules[-1] else match
        open_way = match
        for column, gate in enumerate(pack.gates):
            if gate.forbids(rule.action):
                held[:, column] |= match & closed[column] & undecided
                open_way = open_way & ~closed[column]
        decided[open_way & undecided] = number
        if rule.action not in REMOVALS:
            following[open_way & (following < 0)] = number
    return Judgement(rules, pack.gates, decided, following, matched, unjudged, held)


def _everywhere(truth: Any, size: int) -> Mask:
    return np.broadcast_to(np.asarray(truth, dtype=bool), size)


def proposed_for(action: str, rows: pd.DataFrame) -> Mask:
    """Where the evidence proposes this action, or where it needs no proposal."""
    if action == "raise":
        return np.asarray(rows["proposal"] == "raise")
    if action == "lower":
        return np.asarray(rows["proposal"].isin(["lower", "delete"]) & (rows["step_down"] < 0))
    if action in REMOVALS:
        return np.asarray(rows["proposal"] == "delete")
    return np.ones(len(rows), dtype=bool)


def _rendered(rows: pd.DataFrame, rules: Sequence[Clause], decided: Numbers) -> pd.DataFrame:
    names = {
        "action": [rule.action for rule in rules],
        "rule": [rule.id for rule in rules],
        "advice": [rule.advice for rule in rules],
    }
    verdict = pd.DataFrame(
        {
            name: pd.Series(_picked(of_rule, decided), rows.index, dtype="str")
            for name, of_rule in names.items()
        }
    )
    said = {lang: np.full(len(rows), np.nan, dtype=object) for lang in LANGS}
    for number in np.unique(decided[decided >= 0]):
        at = decided == number
        for lang, sentences in _sentences(rules[number], rows, at).items():
            said[lang][at] = sentences.to_numpy(dtype=object)
    verdict = verdict.assign(
        **{f"reason_{lang}": pd.Series(text, rows.index, dtype="str") for lang, text in said.items()}
    )
    caps = np.array([*(rule.max_step for rule in rules), np.inf])
    return verdict.assign(rule_cap=caps[decided])


def _sentences(clause: Clause, rows: pd.DataFrame, at: Mask) -> dict[Lang, pd.Series]:
    """What the clause says of the rows marked, in both languages. Only the columns that it names are looked at."""
    named = {"currency"}.union(*(reason.columns for reason in clause.reason.values()))
    some = rows.loc[at, [name for name in rows if name in named]]
    return {lang: clause.reason[lang].render(some, lang) for lang in LANGS}


def _picked(of_rule: Sequence[str], decided: Numbers) -> NDArray[Any]:
    return np.array([*of_rule, np.nan], dtype=object)[decided]


def _with_gate_reasons(rows: pd.DataFrame, verdict: pd.DataFrame, said: Judgement) -> pd.DataFrame:
    """Where a gate stopped an action and the word just stays, the gate is the reason; else it stands behind the reason."""
    held = said.held
    first = np.where(held.any(axis=1), held.argmax(axis=1), -1) if held.size else np.full(len(rows), -1)
    stays = (verdict["action"] == "keep").to_numpy()
    spoken = verdict["action"].notna().to_numpy()
    # Columns of text are slow to change piece by piece.
    columns = ["rule", "advice", *(f"reason_{lang}" for lang in LANGS)]
    texts = {name: verdict[name].to_numpy(dtype=object, copy=True) for name in columns}
    for number, gate in enumerate(said.gates):
        here = (first == number) & spoken
        if not here.any():
            continue
        texts["rule"][here & stays], texts["advice"][here & stays] = gate.id, gate.advice
        for lang, sentences in _sentences(gate, rows, here).items():
            reasons, told = texts[f"reason_{lang}"], sentences.to_numpy(dtype=object)
            reasons[here & stays] = told[stays[here]]
            reasons[here & ~stays] += BESIDE[lang] + told[~stays[here]]
    return verdict.assign(**{name: pd.Series(text, rows.index, dtype="str") for name, text in texts.items()})


def _marks(rows: pd.DataFrame, said: Judgement) -> pd.DataFrame:
    rules, gates = ([clause.id for clause in clauses] for clauses in (said.rules, said.gates))
    marks = {
        "matched": _joined(said.matched, rules),
        "unjudged": _joined(said.unjudged, rules),
        "gated_by": _joined(said.held, gates),
    }
    return pd.DataFrame(marks, index=rows.index, dtype="str")


def _joined(marks: Mask, names: Sequence[str]) -> NDArray[Any]:
    """For each row the marked names, separated by blanks; each distinct pattern of marks is written once."""
    if not len(names) or not len(marks):
        return np.full(len(marks), "", dtype=object)
    codes = np.zeros(len(marks), dtype=np.int64)
    for column in range(len(names)):
        # Patterns are numbered anew after each column: there are never more of them than rows.
        codes, _ = pd.factorize(codes * 2 + marks[:, column])
    _, first = np.unique(codes, return_index=True)
    written = np.array([" ".join(np.asarray(names)[marks[row]]) for row in first], dtype=object)
    return written[codes]
