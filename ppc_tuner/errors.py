"""Errors that a user can fix: where, what was found, what was expected, what to do, and the exit code.

Exit codes: 1 readable but no rows · 2 usage · 3 input · 4 pack, context or format file · 5 cannot write ·
6 checks or tests failed · 70 internal fault.
"""

from __future__ import annotations

from typing import ClassVar

from ppc_tuner.text import Lang, Text, visible

FOUND = Text("实际内容", "found")
EXPECTED = Text("应为", "expected")
TO_DO = Text("怎么办", "what to do")


class TunerError(Exception):
    """An error that the user can fix.

    `problem`: one sentence; `where`: a file, or file:line[:column]; `found`, `expected`: what is there and
    what should be; `to_do`: the next step for the user. `render(lang)` gives the whole message, in which
    invisible and control characters of what was found are spelt out.
    """

    exit_code: ClassVar[int] = 70

    def __init__(
        self,
        problem: Text,
        *,
        where: str = "",
        found: Text | str = "",
        expected: Text | str = "",
        to_do: Text | str = "",
    ) -> None:
        self.problem, self.where = problem, where
        self.found, self.expected, self.to_do = found, expected, to_do
        super().__init__(self.render("en"))

    def render(self, lang: Lang) -> str:
        """The whole message: where and what, then a line each for found, expected and what to do."""
        first = f"{self.where}: {self.problem[lang]}" if self.where else self.problem[lang]
        return visible("\n".join([first, *self.details(lang)]))

    def details(self, lang: Lang) -> list[str]:
        """What was found, what was expected and what to do: one labelled line for each that is known."""
        parts = ((FOUND, self.found), (EXPECTED, self.expected), (TO_DO, self.to_do))
        return [_labelled(label[lang], part, lang) for label, part in parts if part]


def _labelled(label: str, part: Text | str, lang: Lang) -> str:
    """One line. An excerpt of several goes below its label, so that its caret stays in place."""
    said = part[lang] if isinstance(part, Text) else part
    return f"  {label}: {said}" if "\n" not in said else f"  {label}:\n    " + said.replace("\n", "\n    ")


class NoRowsError(TunerError):
    """The report was read, but it has no rows to decide on."""

    exit_code = 1


class UsageError(TunerError):
    """A wrong option, setting name or setting value on the command line."""

    exit_code = 2


class InputError(TunerError):
    """A report that cannot be read or understood."""

    exit_code = 3


class ConfigError(TunerError):
    """A rule pack, context table or format file that cannot be used."""

    exit_code = 4


class OutputError(TunerError):
    """The result cannot be written."""

    exit_code = 5


class FailedError(TunerError):
    """Tests of rule packs that failed."""

    exit_code = 6
