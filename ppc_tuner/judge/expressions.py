"""Typed expressions: the nodes of a compiled condition, each evaluated over the columns of a frame.

A comparison with an unknown figure is unknown, neither true nor false (Kleene's three-valued logic).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "min": np.minimum, "max": np.maximum,
}  # fmt: skip
COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """Bool arrays: `yes` where a condition holds, `no` where it certainly does not; else it is unknown."""

    yes: Any
    no: Any


class Node:
    """A checked node of a condition; `kind`: number, text, truth, or broken (already reported as a fault)."""

    __slots__ = ()
    kind: str

    def run(self, frame: pd.DataFrame) -> Any:
        """Numbers (float, NaN unknown), texts, or a Truth, per row of the frame or once for all rows."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Broken(Node):
    """Stands for a node that was already reported as a fault."""

    kind: str = "broken"


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A literal number."""

    value: float
    kind: str = "number"

    def run(self, frame: pd.DataFrame) -> Any:  # noqa: ARG002
        return self.value


@dataclass(frozen=True, slots=True)
class Words(Node):
    """A quoted text."""

    value: str
    kind: str = "text"

    def run(self, frame: pd.DataFrame) -> Any:  # noqa: ARG002
        return self.value


@dataclass(frozen=True, slots=True)
class Always(Node):
    """The literal true or false."""

    value: bool
    kind: str = "truth"

    def run(self, frame: pd.DataFrame) -> Any:  # noqa: ARG002
        return Truth(np.bool_(self.value), np.bool_(not self.value))


@dataclass(frozen=True, slots=True)
class Field(Node):
    """A column; unknown in every row if the frame lacks it."""

    name: str
    kind: str

    def run(self, frame: pd.DataFrame) -> Any:
        if self.kind == "truth":
            return self._flags(frame)
        if self.name not in frame:
            empty = pd.Series(np.nan, index=frame.index, dtype="str")
            return empty if self.kind == "text" else np.full(len(frame), np.nan)
        if self.kind == "text":
            return frame[self.name].astype("str")
        return frame[self.name].to_numpy(dtype=float, na_value=np.nan)

    def _flags(self, frame: pd.DataFrame) -> Truth:
        if self.name not in frame:
            nowhere = np.zeros(len(frame), dtype=bool)
            return Truth(nowhere, nowhere)
        flags = frame[self.name].astype("boolean")
        return Truth(flags.fillna(False).to_numpy(dtype=bool), (~flags).fillna(False).to_numpy(dtype=bool))


@dataclass(frozen=True, slots=True)
class SettingValue(Node):
    """A setting; unknown if left empty."""

    name: str
    value: float | str
    kind: str

    def run(self, frame: pd.DataFrame) -> Any:  # noqa: ARG002
        return self.value


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """left SIGN right, where the sign is one of ARITHMETIC; results that are not finite are unknown."""

    sign: str
    left: Node
    right: Node
    kind: str = "number"

    def run(self, frame: pd.DataFrame) -> Any:
        with np.errstate(all="ignore"):
            result = ARITHMETIC[self.sign](self.left.run(frame), self.right.run(frame))
        return np.where(np.isfinite(result), result, np.nan)


@dataclass(frozen=True, slots=True)
class Absolute(Node):
    """The absolute value of a number."""

    inner: Node
    kind: str = "number"

    def run(self, frame: pd.DataFrame) -> Any:
        return np.abs(self.inner.run(frame))


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """left SIGN right; unknown if either side is unknown. Truths and texts only by == and !=."""

    sign: str
    left: Node
    right: Node
    kind: str = "truth"

    def run(self, frame: pd.DataFrame) -> Truth:
        left, right = self.left.run(frame), self.right.run(frame)
        if self.left.kind == "truth":
            same = Truth(
                (left.yes & right.yes) | (left.no & right.no), (left.yes & right.no) | (left.no & right.yes)
            )
            return same if self.sign == "==" else Truth(same.no, same.yes)
        known = _known(left) & _known(right)
        compare = COMPARISONS.get(self.sign)
        yes = np.asarray(compare(left, right) if compare else left == right) & known
        no = known & ~yes
        return Truth(no, yes) if self.sign == "!=" else Truth(yes, no)


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """and (`every`) or or over two or more parts."""

    every: bool
    parts: tuple[Node, ...]
    kind: str = "truth"

    def run(self, frame: pd.DataFrame) -> Truth:
        first = self.parts[0].run(frame)
        yes, no = first.yes, first.no
        for part in self.parts[1:]:
            other = part.run(frame)
            yes, no = (yes & other.yes, no | other.no) if self.every else (yes | other.yes, no & other.no)
        return Truth(yes, no)


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The negation of a truth; unknown stays unknown."""

    inner: Node
    kind: str = "truth"

    def run(self, frame: pd.DataFrame) -> Truth:
        truth = self.inner.run(frame)
        return Truth(truth.no, truth.yes)


@dataclass(frozen=True, slots=True)
class Known(Node):
    """Whether a figure is known; never unknown itself."""

    inner: Node
    kind: str = "truth"

    def run(self, frame: pd.DataFrame) -> Truth:
        value = self.inner.run(frame)
        known = value.yes | value.no if isinstance(value, Truth) else _known(value)
        return Truth(known, ~known)


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """Whether a text contains `part`, taken literally."""

    inner: Node
    part: str
    kind: str = "truth"

    def run(self, frame: pd.DataFrame) -> Truth:
        value = self.inner.run(frame)
        texts = pd.Series([value], dtype="str") if isinstance(value, str) else value
        found = texts.str.contains(self.part, regex=False, na=False).to_numpy(dtype=bool)
        return Truth(found, np.asarray(texts.notna()) & ~found)


def _known(values: Any) -> Any:
    return ~np.isnan(values) if isinstance(values, np.ndarray | float) else np.asarray(pd.notna(values))


def inside(node: Node) -> tuple[Node, ...]:
    """The direct children of a node."""
    if isinstance(node, Logic):
        return node.parts
    if isinstance(node, Arithmetic | Compare):
        return node.left, node.right
    if isinstance(node, Not | Known | Contains | Absolute):
        return (node.inner,)
    return ()


def columns_of(node: Node) -> frozenset[str]:
    """The columns that a condition reads."""
    if isinstance(node, Field):
        return frozenset([node.name])
    return frozenset().union(*(columns_of(part) for part in inside(node)))
