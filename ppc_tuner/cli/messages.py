"""Output on the terminal, and the language it is in."""

from __future__ import annotations

import contextlib
import locale
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from ppc_tuner.cli.streams import takes
from ppc_tuner.text import Lang, Text, visible

WIDEST = 240
WIDTH_UNKNOWN = 80


def _console(**options: Any) -> Console:
    """A console that shows something even where the environment says that it has no columns."""
    columns = os.environ.get("COLUMNS", "")
    none = columns.isdigit() and int(columns) == 0
    return Console(width=WIDTH_UNKNOWN if none else None, **options)


out = _console()
err = _console(stderr=True)


def shown_language(lang: Lang) -> Lang:
    """The language, or English where standard output cannot show it."""
    return lang if takes(lang, sys.stdout) else "en"


def spoken_language() -> Lang:
    """The language of progress messages and tables: --lang if given, else that of the machine."""
    return shown_language(message_languages("")[0])


def message_languages(message: str) -> tuple[Lang, ...]:
    """The languages to say a message in: --lang if given, else the machine's, of those that can be shown.

    Many Chinese shops work on English machines, so an English machine says it in both languages if the
    message or an argument holds Chinese, as does a machine that names no language.
    """
    wanted = _wanted_languages(message)
    return tuple(lang for lang in wanted if takes(lang, sys.stderr)) or ("en",)


def _wanted_languages(message: str) -> tuple[Lang, ...]:
    for before, after in zip(sys.argv, sys.argv[1:], strict=False):
        if before == "--lang" and after in ("zh", "en"):
            return (after,)  # type: ignore[return-value]
    for argument in sys.argv[1:]:
        if argument in ("--lang=zh", "--lang=en"):
            return (argument[-2:],)  # type: ignore[return-value]
    machine = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    if machine.lower().startswith(("zh", "chinese")):
        return ("zh",)
    named = machine[:2].isalpha() and not machine.upper().startswith(("C.", "POSIX"))
    chinese = any("\u3400" <= letter <= "\u9fff" for letter in " ".join([message, *sys.argv[1:]]))
    return ("en",) if named and not chinese else ("en", "zh")


def complain(said: Callable[[Lang], str]) -> None:
    """Print an error message to stderr in every language it should be said in."""
    with contextlib.suppress(OSError):
        for lang in message_languages(said("en")):
            err.print(visible(said(lang)), markup=False, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def progress_shown() -> Iterator[Callable[[Text], None]]:
    """Yields a function that shows what is being done, if stderr is a terminal."""
    if not err.is_terminal:
        yield lambda _: None
        return
    with err.status("…") as status:
        yield lambda stage: status.update(stage[spoken_language()])


def say(line: str) -> None:
    """Print one line; control characters from a report are made visible, not obeyed."""
    out.print(visible(line), markup=False, highlight=False, soft_wrap=True)


def print_table(
    title: str, head: Sequence[str], lines: Sequence[Sequence[str]], whole_first: bool = False
) -> None:
    """Print a table; `whole_first`: names in the first column are not wrapped.

    In a file or pipe no cell is wrapped. On a terminal that is too narrow lines run on, so that no column is
    lost.
    """
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for number, label in enumerate(head):
        longest = max((len(line[number]) for line in lines), default=0)
        least = longest if whole_first and number == 0 else None
        table.add_column(label, overflow="fold", min_width=least)
    for line in lines:
        table.add_row(*(plain(cell) for cell in line))
    least, most = out.measure(table, options=out.options.update(width=WIDEST, max_width=WIDEST))
    wide = Console(width=max(out.width, least if out.is_terminal else most))
    wide.print(table)
    wide.print()


def plain(cell: str) -> Any:
    """The cell as text in which nothing is taken for markup."""
    from rich.text import Text as Plain

    return Plain(visible(str(cell)))
