"""The rule language: a condition is read into Python's syntax tree, checked against a whitelist, run over columns.

Allowed: and, or, not, comparisons, in, + - * /, numbers, texts, lists, true/false, columns, settings.NAME, item.NAME,
and the functions below. Everything else is refused with its position; nothing a pack says is ever run as code.
Unknown figures make a comparison unknown: neither true nor false (Kleene's three-valued logic).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import COLUMNS, ITEMS, TEXT_KINDS
from ppc_tuner.text import Text

LONGEST, DEEPEST = 1000, 40
FULL_WIDTH: Final = str.maketrans("＜＞＝（）＋－＊／，．！“”‘’【】", "<>=()+-*/,.!\"\"''[]")
OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide,
}  # fmt: skip
COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater, ast.GtE: np.greater_equal,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Truth:
    """Where a condition holds and where it surely does not; in neither it is unknown."""

    yes: Any
    no: Any


class ConditionError(Exception):
    """A condition that is not in the language: at which character (0-based), what is wrong, what is meant."""

    def __init__(self, offset: int, problem: Text, to_do: Text | str = "") -> None:
        super().__init__(problem.en)
        self.offset, self.problem, self.to_do = offset, problem, to_do


Evaluate = Callable[[pd.DataFrame], Any]


@dataclass(frozen=True, slots=True)
class Node:
    """A checked piece of a condition: its kind (number, text, list or truth) and how to run it over a frame."""

    kind: str
    run: Evaluate


@dataclass(frozen=True, slots=True)
class Condition:
    source: str
    columns: frozenset[str]
    run: Callable[[pd.DataFrame], Truth]


def compile_condition(source: str, settings: Mapping[str, Any]) -> Condition:
    """The condition, checked (names, kinds, allowed syntax) and ready to run; ConditionError names what is not."""
    if len(source) > LONGEST:
        raise ConditionError(
            0, Text(f"条件超过 {LONGEST} 个字符", f"the condition has more than {LONGEST} characters")
        )
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise _syntax_error(source, fault) from None
    compiler = _Compiler(source, settings)
    node = compiler.compiled(tree.body, 0)
    if node.kind != "truth":
        raise ConditionError(
            0, Text("条件的结果应是真或假", "a condition must come out true or false"), "clicks >= 10"
        )
    return Condition(source, frozenset(compiler.columns), node.run)


def _syntax_error(source: str, fault: BaseException) -> ConditionError:
    offset = max((getattr(fault, "offset", None) or 1) - 1, 0)
    if source.translate(FULL_WIDTH) != source:
        wide = next(i for i, letter in enumerate(source) if letter.translate(FULL_WIDTH) != letter)
        hint = Text(
            f"请改用半角：{source.translate(FULL_WIDTH)}",
            f"use half-width characters: {source.translate(FULL_WIDTH)}",
        )
        return ConditionError(
            wide, Text(f"“{source[wide]}”是全角字符", f"'{source[wide]}' is a full-width character"), hint
        )
    return ConditionError(
        offset, Text("条件写法不对", "the condition cannot be read"), 'clicks >= 10 and kind == "head"'
    )


def _known(series: Any) -> Truth:
    known = np.asarray(pd.notna(series))
    return Truth(known, ~known)


def _holds(texts: Any, part: str) -> Truth:
    texts = pd.Series([texts], dtype="str") if isinstance(texts, str) else texts
    found = texts.str.contains(part, regex=False, na=False).to_numpy(dtype=bool)
    return Truth(found, np.asarray(texts.notna()) & ~found)


@dataclass(frozen=True, slots=True)
class Function:
    arguments: tuple[str, ...]
    result: str
    run: Callable[..., Any]


FUNCTIONS: Final[dict[str, Function]] = {
    "known": Function(("any",), "truth", _known),
    "contains": Function(("text", "text"), "truth", _holds),
    "abs": Function(("number",), "number", np.abs),
    "min": Function(("number", "number"), "number", np.minimum),
    "max": Function(("number", "number"), "number", np.maximum),
}


class _Compiler:
    """One walk over the syntax tree of one condition."""

    def __init__(self, source: str, settings: Mapping[str, Any]) -> None:
        self.source, self.settings = source, settings
        self.columns: set[str] = set()

    def fault(self, node: ast.AST, problem: Text, to_do: Text | str = "") -> ConditionError:
        # ast counts UTF-8 bytes; people count characters.
        offset = len(self.source.encode()[: getattr(node, "col_offset", 0)].decode(errors="ignore"))
        return ConditionError(offset, problem, to_do)

    def compiled(self, node: ast.AST, depth: int) -> Node:
        if depth > DEEPEST:
            raise self.fault(node, Text("条件嵌套太深", "the condition is nested too deeply"))
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            piece = ast.get_source_segment(self.source, node) or type(node).__name__
            raise self.fault(node, Text(f"条件里不能用“{piece}”", f"'{piece}' is not allowed in a condition"))
        result: Node = method(node, depth + 1)
        return result

    def wanted(self, node: ast.AST, depth: int, kind: str) -> Node:
        result = self.compiled(node, depth)
        if kind not in (result.kind, "any"):
            names = {
                "number": Text("数字", "a number"),
                "text": Text("文字", "text"),
                "truth": Text("真假", "true or false"),
                "list": Text("列表", "a list"),
            }
            problem = Text(
                f"这里要{names[kind].zh}，却是{names[result.kind].zh}",
                f"{names[kind].en} is needed here, this is {names[result.kind].en}",
            )
            raise self.fault(node, problem)
        return result

    def _constant(self, node: ast.Constant, _: int) -> Node:
        value = node.value
        if isinstance(value, bool):
            truth = Truth(np.bool_(value), np.bool_(not value))
            return Node("truth", lambda _frame: truth)
        if isinstance(value, int | float):
            try:
                number = float(value)
            except OverflowError:
                raise self.fault(node, Text("数字太大", "the number is too large")) from None
            return Node("number", lambda _frame: number)
        if isinstance(value, str):
            return Node("text", lambda _frame: value)
        raise self.fault(
            node, Text("只能写数字、文字或 true/false", "only numbers, texts and true/false can stand here")
        )

    def _name(self, node: ast.Name, _: int) -> Node:
        if node.id in ("true", "false"):
            truth = Truth(np.bool_(node.id == "true"), np.bool_(node.id == "false"))
            return Node("truth", lambda _frame: truth)
        return self.column(node, node.id)

    def column(self, node: ast.AST, name: str) -> Node:
        if name not in COLUMNS:
            raise self.fault(node, *_unknown(name, list(COLUMNS)))
        self.columns.add(name)
        kind = COLUMNS[name].kind
        if kind == "flag":
            return Node("truth", lambda frame: _flags(frame, name))
        if kind in TEXT_KINDS:
            return Node("text", lambda frame: _texts(frame, name))
        if kind == "date":
            raise self.fault(node, Text("条件里不能用日期", "dates cannot be used in conditions"))
        return Node("number", lambda frame: _numbers(frame, name))

    def _attribute(self, node: ast.Attribute, _: int) -> Node:
        table = node.value.id if isinstance(node.value, ast.Name) else ""
        if table == "item":
            if f"item_{node.attr}" not in ITEMS:
                raise self.fault(node, *_unknown(f"item.{node.attr}", [f"item.{name[5:]}" for name in ITEMS]))
            return self.column(node, f"item_{node.attr}")
        if table != "settings":
            raise self.fault(
                node, Text("点号只能用于 settings. 和 item.", "a dot can only follow settings or item")
            )
        if node.attr not in self.settings:
            raise self.fault(
                node, *_unknown(f"settings.{node.attr}", [f"settings.{name}" for name in self.settings])
            )
        value = self.settings[node.attr]
        if isinstance(value, str):
            return Node("text", lambda _frame: value)
        number = float("nan") if value is None else float(value)
        return Node("number", lambda _frame: number)

    def _boolop(self, node: ast.BoolOp, depth: int) -> Node:
        parts = [self.wanted(value, depth, "truth").run for value in node.values]
        both = isinstance(node.op, ast.And)

        def run(frame: pd.DataFrame) -> Truth:
            truths = [part(frame) for part in parts]
            every, some = np.logical_and.reduce, np.logical_or.reduce
            yes, no = [truth.yes for truth in truths], [truth.no for truth in truths]
            yes, no = list(np.broadcast_arrays(*yes)), list(np.broadcast_arrays(*no))
            return Truth(every(yes), some(no)) if both else Truth(some(yes), every(no))

        return Node("truth", run)

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Node:
        if isinstance(node.op, ast.Not):
            inner = self.wanted(node.operand, depth, "truth").run

            def negated(frame: pd.DataFrame) -> Truth:
                truth = inner(frame)
                return Truth(truth.no, truth.yes)

            return Node("truth", negated)
        if isinstance(node.op, ast.USub):
            number = self.wanted(node.operand, depth, "number").run
            return Node("number", lambda frame: -number(frame))
        raise self.fault(node, Text("不认识的符号", "this sign is not allowed"))

    def _binop(self, node: ast.BinOp, depth: int) -> Node:
        operator = OPERATORS.get(type(node.op))
        if operator is None:
            raise self.fault(node, Text("只能用 + - * /", "only + - * / are allowed"))
        left, right = (
            self.wanted(node.left, depth, "number").run,
            self.wanted(node.right, depth, "number").run,
        )

        def run(frame: pd.DataFrame) -> Any:
            with np.errstate(divide="ignore", invalid="ignore"):
                result = operator(left(frame), right(frame))
            return np.where(np.isfinite(result), result, np.nan)

        return Node("number", run)

    def _compare(self, node: ast.Compare, depth: int) -> Node:
        operands = [node.left, *node.comparators]
        pairs = [
            self.comparison(op, left, right, depth)
            for op, left, right in zip(node.ops, operands, operands[1:], strict=False)
        ]

        def run(frame: pd.DataFrame) -> Truth:
            truths = [pair(frame) for pair in pairs]
            return Truth(
                np.logical_and.reduce([truth.yes for truth in truths]),
                np.logical_or.reduce([truth.no for truth in truths]),
            )

        return Node("truth", run)

    def comparison(self, op: ast.cmpop, left: ast.AST, right: ast.AST, depth: int) -> Evaluate:
        if isinstance(op, ast.In | ast.NotIn):
            return self.membership(left, right, isinstance(op, ast.NotIn), depth)
        first = self.compiled(left, depth)
        second = self.wanted(right, depth, first.kind)
        if isinstance(op, ast.Eq | ast.NotEq):
            return _equality(first, second, isinstance(op, ast.NotEq))
        if first.kind != "number" or type(op) not in COMPARISONS:
            raise self.fault(left, Text("只有数字能比大小", "only numbers can be compared by size"))
        compare = COMPARISONS[type(op)]

        def run(frame: pd.DataFrame) -> Truth:
            a, b = first.run(frame), second.run(frame)
            known = ~(np.isnan(a) | np.isnan(b))
            yes = compare(a, b) & known
            return Truth(yes, known & ~yes)

        return run

    def membership(self, left: ast.AST, right: ast.AST, negated: bool, depth: int) -> Evaluate:
        if not isinstance(right, ast.List | ast.Tuple):
            raise self.fault(
                right, Text("in 后面要一个列表", "a list must follow in"), 'kind in ["core", "long_tail"]'
            )
        first = self.compiled(left, depth)
        options = [_equality(first, self.wanted(option, depth, first.kind), False) for option in right.elts]

        def run(frame: pd.DataFrame) -> Truth:
            truths = [option(frame) for option in options]
            yes = np.logical_or.reduce([truth.yes for truth in truths])
            no = np.logical_and.reduce([truth.no for truth in truths])
            return Truth(no, yes) if negated else Truth(yes, no)

        return run

    def _call(self, node: ast.Call, depth: int) -> Node:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS:
            called = ast.get_source_segment(self.source, node.func) or name
            raise self.fault(node, *_unknown(called, list(FUNCTIONS)))
        if node.keywords:
            raise self.fault(node, Text(f"{name} 的参数不带名字", f"the arguments of {name} have no names"))
        function = FUNCTIONS[name]
        if len(node.args) != len(function.arguments):
            count = len(function.arguments)
            raise self.fault(node, Text(f"{name} 要 {count} 个参数", f"{name} takes {count} arguments"))
        if name == "known":
            return self.known(node.args[0], depth)
        if name == "contains" and not isinstance(node.args[1], ast.Constant):
            raise self.fault(
                node.args[1], Text("第二个参数要写出文字", "the second argument must be a text in quotes")
            )
        inner = [
            self.wanted(argument, depth, kind).run
            for argument, kind in zip(node.args, function.arguments, strict=True)
        ]
        return Node(function.result, lambda frame: function.run(*(part(frame) for part in inner)))

    def known(self, argument: ast.AST, depth: int) -> Node:
        inner = self.compiled(argument, depth)
        if inner.kind == "truth":

            def decided(frame: pd.DataFrame) -> Truth:
                truth = inner.run(frame)
                known = truth.yes | truth.no
                return Truth(known, ~known)

            return Node("truth", decided)
        return Node("truth", lambda frame: _known(inner.run(frame)))


def _unknown(name: str, names: list[str]) -> tuple[Text, Text | str]:
    close = get_close_matches(name, names, n=1)
    hint = Text(f"是不是“{close[0]}”？", f"did you mean '{close[0]}'?") if close else ""
    return Text(f"没有“{name}”这个名字", f"there is no '{name}'"), hint


def _numbers(frame: pd.DataFrame, name: str) -> Any:
    return (
        frame[name].to_numpy(dtype=float, na_value=np.nan) if name in frame else np.full(len(frame), np.nan)
    )


def _texts(frame: pd.DataFrame, name: str) -> Any:
    return frame[name].astype("str") if name in frame else pd.Series(np.nan, index=frame.index, dtype="str")


def _flags(frame: pd.DataFrame, name: str) -> Truth:
    if name not in frame:
        return Truth(np.zeros(len(frame), dtype=bool), np.zeros(len(frame), dtype=bool))
    flags = frame[name].astype("boolean")
    return Truth(flags.fillna(False).to_numpy(dtype=bool), (~flags).fillna(False).to_numpy(dtype=bool))


def _equality(first: Node, second: Node, negated: bool) -> Evaluate:
    def run(frame: pd.DataFrame) -> Truth:
        a, b = first.run(frame), second.run(frame)
        if first.kind == "truth":
            yes, no = (a.yes & b.yes) | (a.no & b.no), (a.yes & b.no) | (a.no & b.yes)
        else:
            known = np.asarray(pd.notna(a)) & np.asarray(pd.notna(b))
            yes = np.asarray(a == b) & known
            no = known & ~yes
        return Truth(no, yes) if negated else Truth(yes, no)

    return run
