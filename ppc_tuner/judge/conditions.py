"""The rule language: a condition is read into a syntax tree, checked against a whitelist, run over columns.

Python's own parser (`ast`) builds the tree. A lark grammar (LALR) was tried and not adopted: it took as
many lines (548 against 551), was slower (0.78 s against 0.59 s per 1,000 conditions), and its messages were
less specific about Python constructs that this language refuses (`**`, comprehensions, f-strings).
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ppc_tuner.judge.compiler import Compiler
from ppc_tuner.judge.expressions import Node, Truth, columns_of, inside
from ppc_tuner.judge.lexer import ConditionError, Normalised, normalised
from ppc_tuner.text import Text

LONGEST = 1000
# Largest number of nodes with all groups expanded, so that groups of groups cannot grow without bound.
LARGEST = 2000


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition: `source` as written, `columns` it reads, `tree` checked and typed."""

    source: str
    columns: frozenset[str]
    tree: Node

    def run(self, frame: pd.DataFrame) -> Truth:
        """Where it holds and where it certainly does not, per row of the frame or once for all rows."""
        truth: Truth = self.tree.run(frame)
        return truth


def compile_condition(
    source: str, settings: Mapping[str, Any], groups: Mapping[str, Node] | None = None
) -> Condition:
    """The condition, checked (syntax, names, kinds) and ready to run. `groups`: the pack's named conditions.

    ConditionError: the first fault; `read_condition` returns all of them.
    """
    condition, faults = read_condition(source, settings, groups or {})
    if condition is None:
        raise faults[0]
    return condition


def read_condition(
    source: str, settings: Mapping[str, Any], groups: Mapping[str, Node]
) -> tuple[Condition | None, list[ConditionError]]:
    """The condition and no faults, or None and every fault found."""
    try:
        body, clean = _parsed(source)
    except ConditionError as fault:
        return None, [fault]
    compiler = Compiler(source, clean, settings, groups)
    tree = compiler.compiled(body, 0)
    faults = compiler.faults
    if tree.kind not in ("truth", "broken"):
        yields = Text("条件的结果应是真或假", "a condition must come out true or false")
        faults.append(ConditionError(0, yields, "clicks >= 10", len(source)))
    if not faults and size_of(tree) > LARGEST:
        faults.append(ConditionError(0, Text("条件太大", "the condition is too large")))
    return (None, faults) if faults else (Condition(source, columns_of(tree), tree), [])


def size_of(tree: Node) -> int:
    """The number of nodes of a condition."""
    return 1 + sum(size_of(part) for part in inside(tree))


def _parsed(source: str) -> tuple[ast.expr, Normalised]:
    if len(source) > LONGEST:
        problem = Text(f"条件超过 {LONGEST} 个字符", f"the condition has more than {LONGEST} characters")
        to_do = Text("拆成 groups 里的几条", "split it into groups")
        raise ConditionError(0, problem, to_do)
    clean = normalised(source)
    try:
        return ast.parse(clean.text.strip(" "), mode="eval").body, _without_margin(clean)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise _syntax_error(source, _without_margin(clean), fault) from None


def _without_margin(clean: Normalised) -> Normalised:
    margin = len(clean.text) - len(clean.text.lstrip(" "))
    return Normalised(clean.text.strip(" "), clean.places[margin:], clean.percents)


def _syntax_error(source: str, clean: Normalised, fault: BaseException) -> ConditionError:
    # The parser counts bytes in some messages, and may point behind the end.
    offset = min(clean.offset(max((getattr(fault, "offset", None) or 1) - 1, 0)), len(source))
    if not source.strip():
        return ConditionError(0, Text("条件是空的", "the condition is empty"), "clicks >= 10")
    unclosed = _unpaired(clean.text)
    if unclosed is not None:
        place = clean.offset(unclosed)
        problem = Text(f"“{source[place]}”不成对", f"'{source[place]}' has no partner")
        return ConditionError(place, problem, Text("左右括号要一样多", "each bracket needs its partner"))
    if clean.text.endswith((" and", " or", " not", ">", "<", "=", "+", "-", "*", "/", " in")):
        problem = Text("条件没有写完", "the condition is not finished")
        return ConditionError(len(source.rstrip()) - 1, problem, 'clicks >= 10 and kind == "head"')
    return ConditionError(
        offset, Text("条件写法不对", "the condition cannot be read"), 'clicks >= 10 and kind == "head"'
    )


def _unpaired(text: str) -> int | None:
    """The index of the first unpaired bracket outside quotes; None if all are paired."""
    opened: list[int] = []
    quote = ""
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([":
            opened.append(at)
        elif letter in ")]":
            if not opened:
                return at
            opened.pop()
    return opened[0] if opened else None
