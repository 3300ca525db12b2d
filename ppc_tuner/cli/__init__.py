"""The command line: arguments in, a library call, words out; it decides nothing."""

from __future__ import annotations

import os

import typer

from ppc_tuner.cli.bench import bench
from ppc_tuner.cli.context import context
from ppc_tuner.cli.messages import complain, message_languages
from ppc_tuner.cli.rules import rules
from ppc_tuner.cli.tune import demo, inspect, tune_command
from ppc_tuner.errors import TunerError
from ppc_tuner.text import Text

__all__ = ["app", "message_languages", "run"]

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)


@app.callback()
def main() -> None:
    """关键词每周调价：提价、降价、删词、观察、保持 · weekly keyword decisions, honest about chance."""


app.command("tune")(tune_command)
app.command()(demo)
app.command()(inspect)
app.add_typer(context, name="context", help="报表里没有的信息 · what no report tells")
app.add_typer(
    rules, name="rules", help="检查、测试、解释、导出规则包 · check, test, explain and tune rule packs"
)
app.add_typer(
    bench, name="bench", help="在已知真相的市场里检验 · prove the decisions where the truth is known"
)


def run() -> None:
    """Entry point: every fault the user can mend is one message and an exit code; no traceback."""
    try:
        app()
    except TunerError as fault:
        complain(fault.render)
        raise SystemExit(fault.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as fault:
        if os.environ.get("PPC_TUNER_DEBUG"):
            raise
        said = Text(
            f"程序内部出错（{type(fault).__name__}: {fault}）。"
            "设 PPC_TUNER_DEBUG=1 再运行可看详情，请把它报给我们",
            f"internal fault ({type(fault).__name__}: {fault}). "
            "Run again with PPC_TUNER_DEBUG=1 for details, and report it",
        )
        complain(said.__getitem__)
        raise SystemExit(70) from None
