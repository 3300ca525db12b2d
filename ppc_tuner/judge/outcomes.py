"""Outcomes of the engine, declared in packs like rules: the ids are fixed here, the texts belong to the pack.

After the rules have decided, the engine rounds changes to whole increments, keeps the budget, bounds wrong
deletes and moves some words to learn. Each of these is an outcome with an id of its own, so that `rules
explain`, the Guide sheet and the docs can list every way in which a word may come to its verdict.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from ppc_tuner.columns import VERDICTS
from ppc_tuner.judge.merging import Origin
from ppc_tuner.judge.packfile import ContextReason, Outcome, WhatWouldChange
from ppc_tuner.judge.reasons import Template

# replaces: takes the place of the deciding rule and its reason; beside: is added to that reason.
Kind = Literal["replaces", "beside"]
Declaration = Outcome | ContextReason | WhatWouldChange

# Kind of each outcome, and what a raise or cut becomes under it (None: the action does not change).
ENGINE: Final[Mapping[str, tuple[Kind, str | None]]] = {
    "below-increment": ("replaces", "keep"),
    "budget-spent": ("replaces", "keep"),
    "wrong-deletes": ("beside", None),
    "learning": ("beside", None),
}
# Columns of the verdict that are known by the time a section's texts are rendered; no others may be named.
KNOWN_BY_THEN: Final[Mapping[type, frozenset[str]]] = {
    Outcome: frozenset({"clicks_needed", "learn_cost"}),
    ContextReason: frozenset(),
    WhatWouldChange: frozenset({"cvr_even", "cvr_lowest", "clicks_needed", "watch_bid", "look_again"}),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text of the pack, compiled: `reason` by language, `origin`: where it is declared."""

    declared: Declaration
    reason: Mapping[str, Template]
    origin: Origin

    @property
    def id(self) -> str:
        return self.declared.id


@dataclass(frozen=True, slots=True)
class EngineOutcome(Sentence):
    """An outcome of the engine.

    `kind`: whether it replaces the verdict's rule and reason or is added to the reason. `action`: what a
    raise or cut becomes, None if the action does not change; a watched word stays watched under any
    outcome.
    """

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
    """Columns of the verdict that are not known yet when a text of this section is rendered."""
    return frozenset(VERDICTS) - KNOWN_BY_THEN[type(declared)]


def concerned(name: str, actions: pd.DataFrame, learning_rules: Container[str]) -> pd.Series:
    """The rows of a list that an outcome concerns (bool, index of the list).

    Either it is their rule or it is among the gates that held them back; learning concerns watched words of
    `learning_rules` (ids) whose bid was moved.
    """
    if name == "learning":
        learns = actions["rule"].map(lambda rule: rule in learning_rules).astype(bool)
        return learns & actions["action"].eq("watch") & actions["bid_change"].fillna(0).ne(0)
    held = actions["gated_by"].fillna("").str.split().map(lambda gates: name in gates)
    return actions["rule"].eq(name).fillna(False) | held.astype(bool)
