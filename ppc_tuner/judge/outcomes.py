"""Outcomes of the engine, declared in packs like rules: the ids are fixed here, the texts belong to the pack.

After the rules have decided, the engine rounds changes to whole increments, keeps the budget, moves small
words together, bounds wrong deletes and moves some words to learn. Each of these is an outcome with an id of
its own, so that `rules explain`, the Guide sheet and the docs can list every way in which a word may come to
its verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from ppc_tuner.columns import DECIDED
from ppc_tuner.judge.merging import Origin
from ppc_tuner.judge.packfile import Detail, Outcome, WhatWouldChange
from ppc_tuner.judge.reasons import Template
from ppc_tuner.text import Lang

# replaces: takes the place of the deciding rule and its reason; beside: is added to that reason.
Kind = Literal["replaces", "beside"]
Declaration = Outcome | Detail | WhatWouldChange

# Kind of each outcome, and what a raise or cut becomes under it (None: the action does not change).
ENGINE: Final[Mapping[str, tuple[Kind, str | None]]] = {
    "below-increment": ("replaces", "keep"),
    "budget-spent": ("replaces", "keep"),
    "spend-held": ("replaces", "keep"),
    "moved-with-group": ("replaces", None),
    "same-money": ("beside", None),
    "wrong-deletes": ("beside", None),
    "learning": ("beside", None),
}
# Columns of the verdict that are known by the time a section's texts are rendered; no others may be named.
KNOWN_BY_THEN: Final[Mapping[type, frozenset[str]]] = {
    Outcome: frozenset({"bid_change", "clicks_needed", "clicks_change", "learn_cost", "moved_with"}),
    Detail: frozenset(),
    WhatWouldChange: frozenset({"clicks_needed", "watch_bid", "look_again"}),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text of the pack, compiled: `reason` by language, `origin`: where it is declared."""

    declared: Declaration
    reason: Mapping[Lang, Template]
    origin: Origin

    @property
    def id(self) -> str:
        """The id in its section."""
        return self.declared.id


@dataclass(frozen=True, slots=True)
class EngineOutcome(Sentence):
    """An outcome of the engine; a watched word stays watched unless it moves with its group."""

    declared: Outcome

    @property
    def kind(self) -> Kind:
        """Whether it replaces the verdict's rule and reason, or is added to the reason."""
        return ENGINE[self.id][0]

    @property
    def action(self) -> str | None:
        """What a raise or cut becomes under it; None if the action does not change."""
        return ENGINE[self.id][1]

    @property
    def advice(self) -> str:
        """The point of advice it carries out; empty if none."""
        return self.declared.advice or ""


def withheld_from(declared: Declaration) -> frozenset[str]:
    """Columns of the verdict that are not known yet when a text of this section is rendered."""
    return frozenset(DECIDED) - KNOWN_BY_THEN[type(declared)]


def concerned(name: str, actions: pd.DataFrame) -> pd.Series:
    """The rows of a list that an outcome concerns (bool, index of the list).

    Either it is their rule or it is among the gates that held them back; learning concerns the words that it
    costs something.
    """
    if name == "learning":
        return actions["learn_cost"].notna()
    # Few patterns of gates stand in many rows.
    number, patterns = pd.factorize(actions["gated_by"].fillna(""))
    held = np.array([name in pattern.split() for pattern in patterns], dtype=bool)[number]
    return actions["rule"].eq(name).fillna(False).astype(bool) | held
