"""Positions in YAML files: the line and column of a key, of a value, or of a character inside a value.

The one mechanism for rule packs, their tests and platform formats alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ppc_tuner.errors import ConfigError, FailedError, TunerError
from ppc_tuner.text import Lang, Text

ERROR: Final = Text("错误", "error")
# Longest excerpt of a line, in characters around the position.
WIDEST: Final = 100

Loc = Sequence[int | str]


def width(text: str) -> int:
    """Display width on a terminal: Chinese characters and full-width signs take two columns."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


@dataclass(frozen=True, slots=True)
class Place:
    """`length` characters of the line `text` of a file; `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    text: str = ""
    length: int = 1

    @property
    def where(self) -> str:
        """FILE:LINE:COLUMN."""
        return f"{self.file}:{self.line}:{self.column}"

    def excerpt(self) -> str:
        """The line, and under it carets that stand right under double-width characters too."""
        start = max(0, self.column - WIDEST // 2)
        shown = self.text[start : start + WIDEST].replace("\t", " ")
        shown = "…" + shown[1:] if start else shown
        before = shown[: self.column - 1 - start]
        marked = shown[len(before) : len(before) + self.length]
        number = f"{self.line:>4} | "
        return f"{number}{shown}\n{' ' * 4} | {' ' * width(before)}{'^' * max(1, width(marked))}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault at one position; `parts`: what is wrong, what was expected and what to do."""

    place: Place
    parts: TunerError

    def render(self, lang: Lang) -> str:
        """FILE:LINE:COL: error: …, the excerpt with its caret, and what to do."""
        first = f"{self.place.where}: {ERROR[lang]}: {self.parts.problem[lang]}"
        # Of a file the excerpt shows what was found.
        found = self.parts.found if isinstance(self.parts, FailedError) else ""
        parts = ConfigError(
            self.parts.problem, found=found, expected=self.parts.expected, to_do=self.parts.to_do
        )
        return "\n".join([first, self.place.excerpt(), *parts.details(lang)])

    def as_error(self, others: int = 0) -> ConfigError:
        """The fault as an error that stops a run; `others`: how many more faults the file has."""
        parts, to_do = self.parts, self.parts.to_do
        excerpt = "\n".join(line[7:] for line in self.place.excerpt().splitlines())
        if others:
            more = Text(
                f"还有 {others} 处，用 ppc-tuner rules check 一次看全",
                f"{others} more: ppc-tuner rules check shows all",
            )
            said = to_do if isinstance(to_do, Text) else Text(to_do, to_do)
            to_do = Text(f"{said.zh}；{more.zh}", f"{said.en}; {more.en}") if to_do else more
        return ConfigError(
            parts.problem, where=self.place.where, found=excerpt, expected=parts.expected, to_do=to_do
        )


@dataclass(slots=True)
class Source:
    """A YAML file: its text, its content (mappings and lists), and the position of each part."""

    path: Path
    text: str
    content: Any
    _root: Node | None = field(default=None)

    def place(self, loc: Loc, *, key: bool = False) -> Place:
        """Where the value at `loc`, or its key, stands; else the nearest enclosing part."""
        found, on_key = self._found(loc)
        empty = found is not None and found.start_mark.index == found.end_mark.index
        node = on_key if (key or empty) and on_key is not None else found
        return self._at(node.start_mark.index, node.end_mark.index) if node else self._at(0, 0)

    def inside(self, loc: Loc, offset: int, length: int = 1) -> Place:
        """The position of `length` characters at `offset` of the text at `loc`."""
        node, _ = self._found(loc)
        if not isinstance(node, ScalarNode):
            return self.place(loc)
        start = self._index(node, offset)
        return self._at(start, start + length)

    def _found(self, loc: Loc) -> tuple[Node | None, Node | None]:
        if self._root is None:
            self._root = _composed(self.text)
        node, key = self._root, None
        for part in loc:
            inner = _member(node, part)
            if inner is None:
                break
            key, node = inner
        return node, key

    def _index(self, node: ScalarNode, offset: int) -> int:
        """The index in the file of the value's offset-th character, past folding, quotes and escapes."""
        at: int = node.start_mark.index
        end: int = node.end_mark.index
        if node.style in ("|", ">"):
            at = self.text.find("\n", at) + 1
        elif node.style in ("'", '"'):
            at += 1
        value = str(node.value).replace("\a", "")
        for letter in value[:offset]:
            at = self._past(letter, at, end)
        if offset < len(value) and not value[offset].isspace():
            at = self._past(value[offset], at, end) - 1
        return min(at, max(end - 1, 0))

    def _past(self, letter: str, at: int, end: int) -> int:
        if letter.isspace():
            while at < end and self.text[at].isspace():
                at += 1
            return at
        found = self.text.find(letter, at, end)
        return at if found < 0 else found + 1

    def _at(self, start: int, end: int) -> Place:
        # ruamel counts from after a byte order mark, and the text was read without one.
        line = self.text.count("\n", 0, start)
        begin = self.text.rfind("\n", 0, start) + 1
        text = self.text[begin:].split("\n", 1)[0].rstrip("\r")
        length = max(1, min(end - start, len(text.rstrip()) - (start - begin)))
        return Place(str(self.path), line + 1, start - begin + 1, text, length)


def _composed(text: str) -> Node | None:
    # In the order in which read_source tries them: the one that read the content knows where it stands.
    try:
        root: Node | None = YAML(typ="safe").compose(text)
    except YAMLError:
        root = YAML().compose(text)
    return root


def _member(node: Node | None, part: int | str) -> tuple[Node | None, Node] | None:
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if str(key.value) == str(part)), None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return None, node.value[part]
    return None
