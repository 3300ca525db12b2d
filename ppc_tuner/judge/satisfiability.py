"""Satisfiability: whether a condition can ever hold, and whether one holds wherever another does.

Dead rules are found before a run. A condition is brought into disjunctive normal form: alternatives, each a
set of demands on figures. An alternative is impossible if its demands contradict each other or the range of
a figure (a score lies within 0 and 100). Numbers are compared as linear terms with intervals, texts as sets
of values, the rest by name. What cannot be decided counts as possible, and so does every value of a
setting, since users may change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from math import inf, isnan
from typing import Final

from ppc_tuner.columns import COLUMNS
from ppc_tuner.judge.expressions import (
    Always,
    Arithmetic,
    Compare,
    Contains,
    Field,
    Known,
    Logic,
    Node,
    Not,
    Number,
    SettingValue,
    Words,
    columns_of,
)
from ppc_tuner.values import CLOSED

BOUNDS: Final = {"score": (0.0, 100.0), "share": (0.0, inf), "days": (0.0, inf), "ratio": (0.0, inf)}
OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}

# More alternatives than this are not followed up.
MOST = 256

# A demand: the piece, and whether it must hold or surely not hold.
Demand = tuple[Node, bool]
Alternative = tuple[Demand, ...]


def can_hold(tree: Node) -> bool:
    """False only if no row can ever make the condition true."""
    alternatives = _alternatives(tree, True)
    return alternatives is None or any(possible(demands) for demands in alternatives)


def covers(wider: Node, narrower: Node) -> bool:
    """True only if `wider` certainly holds on every row on which `narrower` holds."""
    inside, outside = _alternatives(narrower, True), _alternatives(wider, False)
    if inside is None or outside is None or len(inside) * len(outside) > MOST:
        return False
    if not outside:
        return True
    needed = columns_of(wider)
    for demands in inside:
        if not possible(demands):
            continue
        # An unknown figure would make the wider condition unknown, not true.
        if not needed <= surely_known(demands):
            return False
        if any(possible((*demands, *against)) for against in outside):
            return False
    return True


def _alternatives(tree: Node, wanted: bool) -> list[Alternative] | None:
    """The alternatives in which the condition comes out as wanted; None if there are too many."""
    if isinstance(tree, Always):
        return [()] if tree.value == wanted else []
    if isinstance(tree, Not):
        return _alternatives(tree.inner, not wanted)
    if not isinstance(tree, Logic):
        return [((tree, wanted),)]
    parts = [_alternatives(part, wanted) for part in tree.parts]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if tree.every != wanted:
        joined = [alternative for part in known for alternative in part]
        return joined if len(joined) <= MOST else None
    size = 1
    for part in known:
        size *= len(part)
        if size > MOST:
            return None
    return [tuple(demand for part in chosen for demand in part) for chosen in product(*known)]


def surely_known(demands: Iterable[Demand]) -> frozenset[str]:
    """The columns that must be known for all these demands to be met."""
    known: set[str] = set()
    for node, wanted in demands:
        if isinstance(node, Known):
            known |= columns_of(node.inner) if wanted and not isinstance(node.inner, Logic) else set()
        else:
            known |= columns_of(node)
    return frozenset(known)


@dataclass(slots=True)
class _Span:
    """The interval of values that a number may still take."""

    low: float = -inf
    high: float = inf
    low_open: bool = False
    high_open: bool = False
    never: set[float] = field(default_factory=set)

    def narrow(self, sign: str, value: float) -> None:
        if sign in (">", ">=", "==") and (value, sign == ">") > (self.low, self.low_open):
            self.low, self.low_open = value, sign == ">"
        if sign in ("<", "<=", "==") and (-value, sign == "<") > (-self.high, self.high_open):
            self.high, self.high_open = value, sign == "<"
        if sign == "!=":
            self.never.add(value)

    @property
    def empty(self) -> bool:
        if self.low != self.high:
            return self.low > self.high
        return self.low_open or self.high_open or self.low in self.never


@dataclass(slots=True)
class _Choice:
    """The values that a text may still take."""

    among: set[str] | None
    never: set[str] = field(default_factory=set)

    def narrow(self, sign: str, value: str) -> None:
        if sign == "==":
            self.among = {value} if self.among is None else self.among & {value}
        else:
            self.never.add(value)

    @property
    def empty(self) -> bool:
        return self.among is not None and not self.among - self.never


def possible(demands: Alternative) -> bool:
    """Whether all demands can be met by one row; True if it cannot be told."""
    spans: dict[str, _Span] = {}
    choices: dict[str, _Choice] = {}
    marks: dict[str, bool] = {}
    unknown: set[str] = set()
    for node, wanted in demands:
        if isinstance(node, Known) and not wanted and isinstance(node.inner, Field):
            unknown.add(node.inner.name)
        elif not _meets(node, wanted, spans, choices, marks):
            return False
    if unknown & surely_known(demand for demand in demands if not isinstance(demand[0], Known)):
        return False
    known = {
        name for node, wanted in demands if isinstance(node, Known) and wanted for name in columns_of(node)
    }
    emptied = any(span.empty for span in spans.values()) or any(one.empty for one in choices.values())
    return not (unknown & known or emptied)


def _meets(
    node: Node, wanted: bool, spans: dict[str, _Span], choices: dict[str, _Choice], marks: dict[str, bool]
) -> bool:
    """Adds a demand to the earlier ones; False if it contradicts them at once."""
    if isinstance(node, Compare) and node.left.kind == "number":
        return _meets_number(node, wanted, spans)
    if isinstance(node, Compare) and node.left.kind == "text":
        return _meets_text(node, wanted, choices)
    key = repr(node)
    if isinstance(node, Compare) and isinstance(node.right, Always):
        # `biddable == false` is `biddable` negated.
        wanted = wanted == ((node.sign == "==") == node.right.value)
        key = repr(node.left)
    if isinstance(node, Contains) and isinstance(node.inner, Words):
        return wanted == (node.part in node.inner.value)
    return marks.setdefault(key, wanted) == wanted


def _meets_number(node: Compare, wanted: bool, spans: dict[str, _Span]) -> bool:
    sign = node.sign if wanted else OPPOSITE[node.sign]
    terms, constant = _difference(node)
    if isnan(constant):
        return True
    if not terms:
        return _true(sign, constant)
    # terms + constant SIGN 0, divided by the first factor: one name for a > b, 2a > 2b and b < a.
    first = min(terms)
    factor = terms[first]
    if factor < 0:
        sign = MIRRORED[sign]
    scaled = {name: round(value / factor, 12) for name, value in terms.items()}
    key = repr(sorted(scaled.items()))
    if key not in spans:
        low, high = _bounds(first) if len(scaled) == 1 else (-inf, inf)
        spans[key] = _Span(low, high)
    spans[key].narrow(sign, -constant / factor)
    return True


def _bounds(term: str) -> tuple[float, float]:
    column = COLUMNS.get(term)
    if column is None:
        return -inf, inf
    return (0.0, 1.0) if term.startswith("p_") else BOUNDS.get(column.kind, (-inf, inf))


def _true(sign: str, value: float) -> bool:
    return {
        "<": value < 0,
        "<=": value <= 0,
        ">": value > 0,
        ">=": value >= 0,
        "==": value == 0,
        "!=": value != 0,
    }[sign]


def _meets_text(node: Compare, wanted: bool, choices: dict[str, _Choice]) -> bool:
    sign = node.sign if wanted else OPPOSITE[node.sign]
    left, right = _text(node.left), _text(node.right)
    if left is not None and right is not None:
        return (left == right) == (sign == "==")
    column, value = (node.right, left) if left is not None else (node.left, right)
    if value is not None and isinstance(column, Field):
        values = CLOSED.get(column.name)
        choices.setdefault(column.name, _Choice(set(values) if values else None)).narrow(sign, value)
    return True


def _text(node: Node) -> str | None:
    """The quoted text; None for a setting, whose value users may change."""
    return node.value if isinstance(node, Words) else None


def _difference(node: Compare) -> tuple[dict[str, float], float]:
    """left − right as factors of named terms and a constant (NaN if a setting is empty)."""
    (left, start), (right, end) = _linear(node.left), _linear(node.right)
    terms = dict(left)
    for name, factor in right.items():
        terms[name] = terms.get(name, 0.0) - factor
    return {name: factor for name, factor in terms.items() if factor != 0}, start - end


def _linear(node: Node) -> tuple[dict[str, float], float]:
    """A number as factors of named terms and a constant; a nonlinear part is a term of its own."""
    if isinstance(node, Number):
        return {}, float(node.value)
    if isinstance(node, SettingValue):
        # Users may change settings: all that is assumed is that a setting has one value throughout.
        number = float(node.value)
        return ({}, number) if isnan(number) else ({f"settings.{node.name}": 1.0}, 0.0)
    if isinstance(node, Field):
        return {node.name: 1.0}, 0.0
    if isinstance(node, Arithmetic):
        (left, start), (right, end) = _linear(node.left), _linear(node.right)
        if node.sign in "+-":
            turn = 1.0 if node.sign == "+" else -1.0
            names = {**left, **right}
            return {
                name: left.get(name, 0.0) + turn * right.get(name, 0.0) for name in names
            }, start + turn * end
        if node.sign == "*" and not (left and right):
            terms, by = (right, start) if not left else (left, end)
            return {name: factor * by for name, factor in terms.items()}, start * end
        if node.sign == "/" and not right and end:
            return {name: factor / end for name, factor in left.items()}, start / end
    return {repr(node): 1.0}, 0.0
