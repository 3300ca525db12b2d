"""What the rules permit of each row, handed from the judge to bids, which know no rules and no reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Permission:
    """The permitted action of n rows, and how far it may go.

    `action`: of columns.ACTIONS. `cap`: the largest change that the rule allows (share; infinite: no cap).
    `learns`: whether the rule lets a watched word be raised to learn.
    """

    action: Texts
    cap: Floats
    learns: Flags


@dataclass(frozen=True, slots=True)
class Permissions:
    """`first`: what rules permit; `without_removal`: what they permit if nothing may be removed; n each.

    `shut`: action → where gates forbid it (n,) even if the row moves with others of its group.
    """

    first: Permission
    without_removal: Permission
    shut: Mapping[str, Flags] = field(default_factory=dict)

    def settled(self, refused: Flags) -> Permission:
        """What is permitted once the removals marked in `refused` (n,) are not to be made."""
        first, other = self.first, self.without_removal
        return Permission(
            np.where(refused, other.action, first.action),
            np.where(refused, other.cap, first.cap),
            np.where(refused, other.learns, first.learns),
        )
