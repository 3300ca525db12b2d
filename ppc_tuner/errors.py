"""What can go wrong, said once: where, what was found, what was expected, what to do; and the exit code.

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
    """A fault the user can mend.

    `where` is a file, or file:line[:column]; `problem` one sentence; `found` and `expected` what stood there and
    what should; `to_do` the next step for the person. `render(lang)` gives the whole message, in which nothing that was
    found can hide or be obeyed by a terminal.
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
        first = f"{self.where}: {self.problem[lang]}" if self.where else self.problem[lang]
        return visible("\n".join([first, *self.details(lang)]))

    def details(self, lang: Lang) -> list[str]:
        """What was found, what was expected and what to do, a labelled line each, as far as they are known."""
        parts = ((FOUND, self.found), (EXPECTED, self.expected), (TO_DO, self.to_do))
        return [_labelled(label[lang], part, lang) for label, part in parts if part]


def _labelled(label: str, part: Text | str, lang: Lang) -> str:
    """One line; several lines (an excerpt with a caret under it) go below their label, so that the caret stays right."""
    said = part[lang] if isinstance(part, Text) else part
    return f"  {label}: {said}" if "\n" not in said else f"  {label}:\n    " + said.replace("\n", "\n    ")


class NoRowsError(TunerError):
    """The file was read and understood, but holds no rows to decide on."""

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
    """Tests of rule packs that did not come out as they say."""

    exit_code = 6
