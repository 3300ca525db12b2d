"""How one row came to its verdict, in words: every gate and rule in order, with the figures it read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import ACTIONS, COLUMNS
from ppc_tuner.judge.judgement import proposed_for
from ppc_tuner.judge.pack import Clause, Pack
from ppc_tuner.judge.reasons import compile_reason
from ppc_tuner.text import Lang, Text

HOLDS: Final = Text("成立", "holds")
FAILS: Final = Text("不成立", "does not hold")
UNKNOWN: Final = Text("无法判断，缺少数据", "cannot be judged, a figure is unknown")


@dataclass(frozen=True, slots=True)
class Step:
    """What one clause said of one row: `truth` holds, fails or is unknown; `proposed`: the evidence
    proposes its action; `held`: the gates that keep it from deciding; `row`: the frame of that row."""

    clause: Clause
    truth: Text
    proposed: bool
    held: tuple[str, ...]
    row: pd.DataFrame

    @property
    def decides(self) -> bool:
        """Whether the clause gives the verdict: it holds, its action is proposed, and no gate stops it."""
        return self.truth is HOLDS and self.proposed and not self.held

    def figures(self, lang: Lang) -> dict[str, str]:
        """The figures that the condition reads, formatted as in reasons."""
        return {
            name: str(compile_reason("{" + name + "}", {}).render(self.row, lang).iloc[0])
            for name in sorted(self.clause.condition.columns)
        }

    def said(self, lang: Lang) -> str:
        """One line: the clause, whether its condition holds, its figures, and what stopped it."""
        figures = "，".join if lang == "zh" else ", ".join
        shown = figures(f"{COLUMNS[name].label[lang]} {value}" for name, value in self.figures(lang).items())
        parts = [f"{self.clause.id}: {self.clause.condition.source} → {self.truth[lang]}"]
        parts += [f"({shown})"] if shown else []
        if self.truth is HOLDS and not self.proposed:
            action = ACTIONS[self.clause.action][lang]
            parts.append(
                Text(f"；但数据没有建议“{action}”", f"; but the evidence does not propose '{action}'")[lang]
            )
        if self.held:
            names = ", ".join(self.held)
            parts.append(Text(f"；被关卡拦下：{names}", f"; held back by {names}")[lang])
        return " ".join(parts)


def gate_steps(row: pd.DataFrame, pack: Pack) -> list[Step]:
    """A step per gate, for a frame of one row."""
    return [Step(gate, _truth(gate, row), True, (), row) for gate in pack.gates]


def rule_steps(row: pd.DataFrame, pack: Pack) -> list[Step]:
    """A step per rule for a frame of one row, up to and including the one that decides."""
    closed = [step.clause for step in gate_steps(row, pack) if step.truth is HOLDS]
    level, steps = str(row["level"].iloc[0]), []
    for rule in pack.rules:
        if level not in rule.level:
            continue
        truth, proposed = _truth(rule, row), bool(proposed_for(rule.action, row)[0])
        held = (
            tuple(gate.id for gate in closed if gate.forbids(rule.action))
            if truth is HOLDS and proposed
            else ()
        )
        steps.append(Step(rule, truth, proposed, held, row))
        if steps[-1].decides:
            break
    return steps


def _truth(clause: Clause, row: pd.DataFrame) -> Text:
    truth = clause.condition.run(row)
    yes, no = (bool(np.broadcast_to(part, 1)[0]) for part in (truth.yes, truth.no))
    return HOLDS if yes else FAILS if no else UNKNOWN
