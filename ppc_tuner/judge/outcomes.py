"""What the engine itself decides or says, declared in the pack like rules: its ids are fixed here, its texts are the pack's.

After the rules have spoken the engine rounds changes to whole increments, keeps the budget, bounds wrong deletes and moves
some words to learn. Each of these is an outcome with an id; none stands in the code alone, so that accounts, the Guide
sheet and the docs can list them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ppc_tuner.columns import VERDICTS
from ppc_tuner.judge.merging import Origin
from ppc_tuner.judge.packfile import ContextReason, Outcome, WhatWouldChange
from ppc_tuner.judge.reasons import Template

# replaces: it takes the place of the rule and its reason; beside: it is said behind the reason of what is done.
Kind = Literal["replaces", "beside"]
Declaration = Outcome | ContextReason | WhatWouldChange

# What each outcome does: its kind, and what a raise or cut becomes (None: the action stays as it is).
ENGINE: Final[Mapping[str, tuple[Kind, str | None]]] = {
    "below-increment": ("replaces", "keep"),
    "budget-spent": ("replaces", "keep"),
    "wrong-deletes": ("beside", None),
    "learning": ("beside", None),
}
# Columns of the verdict that are known by the time a section is written; the others cannot stand in its texts.
KNOWN_BY_THEN: Final[Mapping[type, frozenset[str]]] = {
    Outcome: frozenset({"clicks_needed", "learn_cost"}),
    ContextReason: frozenset(),
    WhatWouldChange: frozenset({"cvr_even", "cvr_lowest", "clicks_needed", "watch_bid", "look_again"}),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text of the pack in both languages, ready to be filled in; `origin`: where it stands."""

    declared: Declaration
    reason: Mapping[str, Template]
    origin: Origin

    @property
    def id(self) -> str:
        return self.declared.id


@dataclass(frozen=True, slots=True)
class EngineOutcome(Sentence):
    """An outcome of the engine. `kind`: whether it replaces the verdict's reason or stands beside it; `action`: what a
    raise or cut becomes under it, None where the action stays (a watched word stays watched under any of them)."""

    declared: Outcome

    @property
    def kind(self) -> Kind:
        return ENGINE[self.id][0]

    @property
    def action(self) -> str | None:
        return ENGINE[self.id][1]

    @property
    def advice(self) -> str:
        return self.declared.advice or ""


def withheld_from(declared: Declaration) -> frozenset[str]:
    """Columns that are not there yet when a text of this section is written."""
    return frozenset(VERDICTS) - KNOWN_BY_THEN[type(declared)]
