"""Rows × pack → judgement: the first rule that matches and that no gate holds back decides.

Rules stop, cap or slow what the evidence proposes and never reverse it: a rule that raises matches only where
the evidence proposes a raise, one that deletes only where it proposes that, one that lowers where it proposes
either cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.columns import REMOVALS
from ppc_tuner.judge.pack import Clause, Pack
from ppc_tuner.judge.packfile import POOLED
from ppc_tuner.permission import Permission, Permissions

Mask = NDArray[np.bool_]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What each rule and gate of a level says of each row, before any word is written.

    `rules`, `gates`: in the order of the pack. `decided`: number of the deciding rule (n,), −1 for none;
    `following`: likewise where nothing may be removed. `matched`, `unjudged` (n, rules): where a rule
    matched, and where it could not be judged before the decision. `held` (n, gates): where a gate kept a
    matching rule from deciding. `shut`: action → where a gate forbids it also to a word that moves with its
    group (n,).
    """

    rules: Sequence[Clause]
    gates: Sequence[Clause]
    decided: Numbers
    following: Numbers
    matched: Mask
    unjudged: Mask
    held: Mask
    shut: Mapping[str, Mask] = field(default_factory=dict)

    def permissions(self) -> Permissions:
        """What bids may do with each row, as first decided and where nothing may be removed."""
        return Permissions(self._permission(self.decided), self._permission(self.following), self.shut)

    def _permission(self, number: Numbers) -> Permission:
        # −1 picks the last: where gates leave nothing, not even watching, the word stays as it is.
        actions = np.array([*(rule.action for rule in self.rules), "keep"], dtype=object)
        caps = np.array([*(rule.max_step for rule in self.rules), np.inf])
        learns = np.array([*(rule.learns for rule in self.rules), False])
        return Permission(actions[number], caps[number], learns[number])


def permit(rows: pd.DataFrame, pack: Pack) -> Judgement:
    """What the pack says of n decision rows of one level with targets, of n groups or fragments, or of n item
    rows.

    Gates hold back words and terms: they have left out those that may not move with their group or be stopped
    with others, and are not asked of the group or the fragment itself.

    `rows`: the columns that the pack's conditions name, `level` and, for decision rows, proposal and
    step_down.
    """
    level = str(rows["level"].iloc[0]) if len(rows) else "keyword"
    rules = [rule for rule in pack.rules if level in rule.level]
    gates = () if level in POOLED else pack.gates
    size = len(rows)
    decided, following = np.full(size, -1, dtype=np.intp), np.full(size, -1, dtype=np.intp)
    # Fortran order: each rule and gate fills a column of its own.
    matched, unjudged = (np.zeros((size, len(rules)), dtype=bool, order="F") for _ in range(2))
    held = np.zeros((size, len(gates)), dtype=bool, order="F")
    closed = [_everywhere(gate.condition.run(rows).yes, size) for gate in gates]
    proposed = {action: proposed_for(action, rows) for action in {rule.action for rule in rules}}
    for number, rule in enumerate(rules):
        truth, possible = rule.condition.run(rows), proposed[rule.action]
        match, undecided = _everywhere(truth.yes, size) & possible, decided < 0
        unjudged[:, number] = possible & undecided & ~_everywhere(truth.yes | truth.no, size)
        # The last rule holds whenever nothing else does: that alone is no match.
        matched[:, number] = match & undecided if rule is pack.rules[-1] else match
        open_way = match
        for column, gate in enumerate(gates):
            if gate.forbids(rule.action):
                held[:, column] |= match & closed[column] & undecided
                open_way = open_way & ~closed[column]
        decided[open_way & undecided] = number
        if rule.action not in REMOVALS:
            following[open_way & (following < 0)] = number
    shut = {action: _shut(action, gates, closed, size) for action in ("raise", "lower")}
    return Judgement(rules, gates, decided, following, matched, unjudged, held, shut)


def kept_by_gates(rows: pd.DataFrame, pack: Pack, action: str) -> Mask:
    """Where a gate forbids an action to n decision rows even if they are judged together with others (n,)."""
    gates = [gate for gate in pack.gates if gate.forbids(action) and not gate.alone]
    return _shut(
        action, gates, [_everywhere(gate.condition.run(rows).yes, len(rows)) for gate in gates], len(rows)
    )


def _shut(action: str, gates: Sequence[Clause], closed: Sequence[Mask], size: int) -> Mask:
    """Where a gate forbids the action also to a word that moves with its group (n,)."""
    shut = np.zeros(size, dtype=bool)
    for gate, here in zip(gates, closed, strict=True):
        if gate.forbids(action) and not gate.alone:
            shut |= here
    return shut


def _everywhere(truth: Any, size: int) -> Mask:
    return np.broadcast_to(np.asarray(truth, dtype=bool), size)


def proposed_for(action: str, rows: pd.DataFrame) -> Mask:
    """Where the evidence proposes this action, or where the action needs no proposal (n,)."""
    if action in ("raise", "add"):
        return np.asarray(rows["proposal"] == action)
    if action == "lower":
        return np.asarray(rows["proposal"].isin(["lower", "delete"]) & (rows["step_down"] < 0))
    if action in REMOVALS:
        return np.asarray(rows["proposal"] == "delete")
    return np.ones(len(rows), dtype=bool)
