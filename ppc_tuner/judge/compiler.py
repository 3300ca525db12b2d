"""Compiles a condition's syntax tree: whatever is on the whitelist becomes a typed node, all else is refused.

Allowed: and, or, not, comparisons, in, + - * /, numbers, percentages, texts, lists, true/false, columns
(also by their Chinese terms), settings.NAME, item.NAME, the pack's groups, and FUNCTIONS. Nothing is ever
run as code.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final

from ppc_tuner.columns import COLUMNS, DECIDED, TEXT_KINDS
from ppc_tuner.declarations import did_you_mean
from ppc_tuner.judge.expressions import (
    Absolute,
    Always,
    Arithmetic,
    Broken,
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
)
from ppc_tuner.judge.lexer import ConditionError, Normalised
from ppc_tuner.judge.names import column_named, undecided, unknown, value_named
from ppc_tuner.text import Text
from ppc_tuner.values import CLOSED

DEEPEST = 40
SIGNS: Final[dict[type[ast.AST], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
FUNCTIONS: Final = {"known": 1, "contains": 2, "abs": 1, "min": 2, "max": 2}
KIND_NAMES: Final = {
    "number": Text("数字", "a number"),
    "text": Text("文字", "text"),
    "truth": Text("真假", "true or false"),
}


class Compiler:
    """Compiles one condition; `faults` collects everything wrong with it, in the order of the text.

    `clean`: the text that the parser read; `source`: what the person wrote; `settings` and `groups`: the
    names that the condition may use besides columns.
    """

    def __init__(
        self, source: str, clean: Normalised, settings: Mapping[str, Any], groups: Mapping[str, Node]
    ) -> None:
        self.source, self.clean, self.settings, self.groups = source, clean, settings, groups
        self.faults: list[ConditionError] = []

    def broken(self, node: ast.AST, problem: Text, to_do: Text | str = "") -> Node:
        """Adds a fault at the node and stands in for it."""
        self.faults.append(self.fault(node, problem, to_do))
        return Broken()

    def fault(self, node: ast.AST, problem: Text, to_do: Text | str = "") -> ConditionError:
        """A fault at the node, in characters of the original."""
        start, end = (self.clean.offset(self._character(node, name)) for name in ("", "end_"))
        return ConditionError(start, problem, to_do, max(1, end - start))

    def _character(self, node: ast.AST, which: str) -> int:
        # ast counts UTF-8 bytes; positions are in characters.
        bytes_before = getattr(node, f"{which}col_offset", 0) or 0
        return len(self.clean.text.encode()[:bytes_before].decode(errors="ignore"))

    def said(self, node: ast.AST) -> str:
        """The node's source, as the person wrote it."""
        fault = self.fault(node, Text("", ""))
        return self.source[fault.offset : fault.offset + fault.length].strip()

    def compiled(self, node: ast.AST, depth: int) -> Node:
        """The typed node of a syntax node; a fault if it is not on the whitelist or nested too deeply."""
        if depth > DEEPEST:
            return self.broken(node, Text("条件嵌套太深", "the condition is nested too deeply"))
        method: Callable[[Any, int], Node] | None = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is None:
            piece = self.said(node)
            return self.broken(
                node, Text(f"条件里不能用“{piece}”", f"'{piece}' is not allowed in a condition")
            )
        return method(node, depth + 1)

    def wanted(self, node: ast.AST, depth: int, kind: str) -> Node:
        """The compiled node; a fault unless it is of that kind."""
        result = self.compiled(node, depth)
        if result.kind in (kind, "broken") or kind == "broken":
            return result
        needed, given = KIND_NAMES[kind], KIND_NAMES[result.kind]
        problem = Text(
            f"这里要{needed.zh}，“{self.said(node)}”却是{given.zh}",
            f"{needed.en} is needed here, {self.said(node)} is {given.en}",
        )
        hint: Text | str = ""
        if kind == "number" and isinstance(result, Words) and _is_number(result.value):
            hint = Text(f"去掉引号：{result.value}", f"without the quotes: {result.value}")
        return self.broken(node, problem, hint)

    def _constant(self, node: ast.Constant, _: int) -> Node:
        value = node.value
        if isinstance(value, str):
            return Words(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            try:
                return Number(float(value))
            except OverflowError:
                return self.broken(node, Text("数字太大", "the number is too large"))
        only = Text("只能写数字、文字或 true/false", "only numbers, texts and true/false can stand here")
        return self.broken(node, only)

    def _name(self, node: ast.Name, _: int) -> Node:
        if node.id in ("true", "false"):
            return Always(node.id == "true")
        if node.id in self.groups:
            return self.groups[node.id]
        return self.column(node, node.id)

    def column(self, node: ast.AST, name: str) -> Node:
        """The column of that name; a fault for an unknown name, a date, or a column of the verdict."""
        column = column_named(name)
        if column is None:
            return self.broken(node, *unknown(name, self.settings, self.groups))
        kind = COLUMNS[column].kind
        if column in DECIDED:
            return self.broken(node, undecided(name))
        if kind == "date":
            return self.broken(node, Text("条件里不能用日期", "dates cannot be used in conditions"))
        return Field(column, "truth" if kind == "flag" else "text" if kind in TEXT_KINDS else "number")

    def _attribute(self, node: ast.Attribute, _: int) -> Node:
        table = node.value.id if isinstance(node.value, ast.Name) else ""
        if table == "item":
            return self.column(node, f"item.{node.attr}")
        if table != "settings":
            only = Text("点号只能用于 settings. 和 item.", "a dot can only follow settings or item")
            return self.broken(node, only)
        if node.attr not in self.settings:
            return self.broken(node, *unknown(f"settings.{node.attr}", self.settings))
        value = self.settings[node.attr]
        if isinstance(value, str):
            return SettingValue(node.attr, value, "text")
        return SettingValue(node.attr, float("nan") if value is None else float(value), "number")

    def _boolop(self, node: ast.BoolOp, depth: int) -> Node:
        parts = tuple(self.wanted(value, depth, "truth") for value in node.values)
        return Logic(isinstance(node.op, ast.And), parts)

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Node:
        if isinstance(node.op, ast.Not):
            return Not(self.wanted(node.operand, depth, "truth"))
        if isinstance(node.op, ast.USub):
            inner = self.wanted(node.operand, depth, "number")
            return Number(-inner.value) if isinstance(inner, Number) else Arithmetic("-", Number(0.0), inner)
        return self.broken(node, Text("不认识的符号", "this sign is not allowed"))

    def _binop(self, node: ast.BinOp, depth: int) -> Node:
        sign = SIGNS.get(type(node.op))
        if sign is None:
            return self.broken(node, Text("只能用 + - * /", "only + - * / are allowed"))
        return Arithmetic(
            sign, self.wanted(node.left, depth, "number"), self.wanted(node.right, depth, "number")
        )

    def _compare(self, node: ast.Compare, depth: int) -> Node:
        operands = [node.left, *node.comparators]
        pairs = zip(node.ops, operands, operands[1:], strict=False)
        parts = tuple(self.comparison(op, left, right, depth) for op, left, right in pairs)
        return parts[0] if len(parts) == 1 else Logic(True, parts)

    def comparison(self, op: ast.cmpop, left: ast.AST, right: ast.AST, depth: int) -> Node:
        """left OP right; faults for kinds that do not match and values that the column cannot hold."""
        if isinstance(op, ast.In | ast.NotIn):
            return self.membership(left, right, isinstance(op, ast.NotIn), depth)
        sign = SIGNS.get(type(op))
        first = self.compiled(left, depth)
        if sign is None:
            return self.broken(right, Text("这样不能比较", "this is no comparison"), "< <= > >= == != in")
        if sign not in ("==", "!=") and first.kind in ("text", "truth"):
            return self.broken(left, Text("只有数字能比大小", "only numbers can be compared by size"))
        if self.bare_word(first, right):
            return Broken()
        second = self.wanted(right, depth, first.kind)
        self.doubtful_share(first, right, second)
        self.doubtful_share(second, left, first)
        return Compare(sign, self.as_held(second, left, first), self.as_held(first, right, second))

    def bare_word(self, column: Node, at: ast.AST) -> bool:
        """Whether a text that the column can hold is given without quotes (kind == 大词); a fault if so."""
        if not (isinstance(column, Field) and column.kind == "text" and isinstance(at, ast.Name)):
            return False
        if at.id in self.groups or column_named(at.id) or value_named(column.name, at.id) is None:
            return False
        problem = Text(f"文字要加引号：{at.id}", f"a text needs quotes: {at.id}")
        self.broken(at, problem, Text(f'写成 "{at.id}"', f'write "{at.id}"'))
        return True

    def doubtful_share(self, column: Node, at: ast.AST, number: Node) -> None:
        """A fault for a share above 1, which is most likely meant as a percentage."""
        percent = self.fault(at, Text("", "")).offset in self.clean.percents
        if not (isinstance(column, Field) and isinstance(number, Number)) or percent or number.value <= 1:
            return
        if COLUMNS[column.name].kind == "share":
            much = f"{number.value:g}"
            self.broken(
                at,
                Text(f"“{column.name}”是比例，{much} 表示 {number.value * 100:g}%",
                     f"'{column.name}' is a share: {much} means {number.value * 100:g} %"),
                Text(f"写成 {much}%", f"write {much}%"),
            )  # fmt: skip

    def as_held(self, column: Node, at: ast.AST, value: Node) -> Node:
        """A text as the column on the other side stores it: kind == "大词" means head."""
        if not (isinstance(column, Field) and isinstance(value, Words)):
            return value
        held = value_named(column.name, value.value)
        if held is not None:
            return Words(held)
        values = CLOSED[column.name]
        problem = Text(f"“{column.name}”不会是“{value.value}”", f"'{column.name}' is never '{value.value}'")
        known = [*values, *(label.zh for label in values.values())]
        return self.broken(at, problem, did_you_mean(value.value, known) or " | ".join(values))

    def membership(self, left: ast.AST, right: ast.AST, negated: bool, depth: int) -> Node:
        """left in [...], as a disjunction of equalities."""
        first = self.compiled(left, depth)
        if not isinstance(right, ast.List | ast.Tuple) or not right.elts:
            wanted = Text("in 后面要一个列表", "a list must follow in")
            return self.broken(right, wanted, 'kind in ["core", "long_tail"]')
        options = tuple(
            Broken()
            if self.bare_word(first, option)
            else Compare("==", first, self.as_held(first, option, self.wanted(option, depth, first.kind)))
            for option in right.elts
        )
        return Not(Logic(False, options)) if negated else Logic(False, options)

    def _call(self, node: ast.Call, depth: int) -> Node:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS:
            problem = Text(
                f"没有函数“{self.said(node.func)}”", f"there is no function '{self.said(node.func)}'"
            )
            return self.broken(node, problem, did_you_mean(name, FUNCTIONS) or ", ".join(FUNCTIONS))
        count = FUNCTIONS[name]
        starred = any(isinstance(argument, ast.Starred) for argument in node.args)
        if node.keywords or starred or len(node.args) != count:
            return self.broken(node, Text(f"{name} 要 {count} 个参数", f"{name} takes {count} arguments"))
        if name == "known":
            return Known(self.compiled(node.args[0], depth))
        if name == "contains":
            return self.contains(node, depth)
        parts = [self.wanted(argument, depth, "number") for argument in node.args]
        return Absolute(parts[0]) if name == "abs" else Arithmetic(name, parts[0], parts[1])

    def contains(self, node: ast.Call, depth: int) -> Node:
        """contains(text, "part"), where the part must be quoted."""
        where, part = (self.wanted(argument, depth, "text") for argument in node.args)
        if isinstance(part, Words):
            return Contains(where, part.value)
        quoted = Text("第二个参数要写出文字", "the second argument must be a text in quotes")
        return part if isinstance(part, Broken) else self.broken(node.args[1], quoted)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
