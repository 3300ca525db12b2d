"""The command line: arguments in, a library call, words out; it decides nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final

import typer

from ppc_tuner.cli.bench import bench
from ppc_tuner.cli.context import context
from ppc_tuner.cli.history import history, review
from ppc_tuner.cli.messages import complain, message_languages, say, spoken_language
from ppc_tuner.cli.rules import rules
from ppc_tuner.cli.streams import ended_in_order, last_of, no_room_for_output, take_any_text
from ppc_tuner.cli.tune import demo, inspect, tune_command
from ppc_tuner.cli.upload import upload
from ppc_tuner.errors import TunerError
from ppc_tuner.temporary import remove_abandoned
from ppc_tuner.text import Text

__all__ = ["app", "message_languages", "run"]

INTERRUPTED: Final = 130
INTERNAL: Final = 70

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


WELCOME: Final = Text(
    "关键词每周调价。先看示例：ppc-tuner demo\n"
    "再用自己的报表：ppc-tuner tune 报表.csv（全部命令：ppc-tuner --help）",
    "Weekly keyword decisions. To see it work: ppc-tuner demo\n"
    "With your own report: ppc-tuner tune report.csv (all commands: ppc-tuner --help)",
)


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """关键词每周调价：提价、降价、删词、观察、保持 · weekly keyword decisions, honest about chance."""
    if context.invoked_subcommand is None:
        say(WELCOME[spoken_language()])


app.command("tune")(tune_command)
app.command()(demo)
app.command()(inspect)
app.command()(upload)
app.command()(review)
app.add_typer(
    history, name="history", help="台账：每周的清单和决定 · the ledger: each week's list and what was decided"
)
app.add_typer(context, name="context", help="报表里没有的信息 · what no report tells")
app.add_typer(
    rules, name="rules", help="检查、测试、解释、导出规则包 · check, test, explain and tune rule packs"
)
app.add_typer(
    bench, name="bench", help="在已知真相的市场里检验 · prove the decisions where the truth is known"
)


def run() -> None:
    """Entry point: every fault the user can mend is one message and an exit code; no traceback."""
    take_any_text()
    with ended_in_order():
        remove_abandoned()
        code = _exit_code()
    unsaid = last_of(sys.stdout)
    if unsaid is not None and not isinstance(unsaid, BrokenPipeError):
        code = _complained(no_room_for_output(unsaid))
    last_of(sys.stderr)
    raise SystemExit(code)


def _exit_code() -> int | str | None:
    try:
        app()
    except TunerError as fault:
        return _complained(fault)
    except (KeyboardInterrupt, SystemExit, BrokenPipeError) as ended:
        causes = set(map(type, _causes(ended)))
        if KeyboardInterrupt in causes:
            return INTERRUPTED
        # Who reads the output has seen enough of it; what was asked for has been done.
        return 0 if BrokenPipeError in causes else getattr(ended, "code", 0)
    except Exception as fault:
        # A fault of standard output comes again with the next line.
        unsaid = last_of(sys.stdout, more="\n") if isinstance(fault, OSError) else None
        if unsaid is not None:
            return _complained(no_room_for_output(unsaid))
        if os.environ.get("PPC_TUNER_DEBUG"):
            raise
        said = Text(
            f"程序内部出错（{type(fault).__name__}: {fault}）。"
            "设 PPC_TUNER_DEBUG=1 再运行可看详情，请把它报给我们",
            f"internal fault ({type(fault).__name__}: {fault}). "
            "Run again with PPC_TUNER_DEBUG=1 for details, and report it",
        )
        complain(said.__getitem__)
        return INTERNAL
    return 0


def _complained(fault: TunerError) -> int:
    complain(fault.render)
    return fault.exit_code


def _causes(fault: BaseException) -> Iterator[BaseException]:
    """The fault, and those in whose handling it came about: click makes exit codes of some."""
    cause: BaseException | None = fault
    while cause is not None:
        yield cause
        cause = cause.__context__
