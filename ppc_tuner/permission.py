"""What the rules permit of each row, handed from the judge to bids, which know no rules and no reasons."""

from __future__ import annotations

from dataclasses import dataclass

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
    """`first`: what rules permit; `without_removal`: what they permit if nothing may be removed; n each."""

    first: Permission
    without_removal: Permission

    def settled(self, refused: Flags) -> Permission:
        """What is permitted once the removals marked in `refused` (n,) are not to be made."""
        first, other = self.first, self.without_removal
        return Permission(
            np.where(refused, other.action, first.action),
            np.where(refused, other.cap, first.cap),
            np.where(refused, other.learns, first.learns),
        )
