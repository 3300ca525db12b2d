"""context: what no report tells (margins, stock, pages, events and so on)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ppc_tuner.cli.messages import say

context = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@context.callback()
def what_no_report_tells() -> None:
    """报表里没有的信息 · what no report tells."""


@context.command()
def template(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="写到哪里 · where to write")
    ] = Path("context.xlsx"),
) -> None:
    """写一份可填的表：毛利、库存、页面、活动、目标…… · write the workbook to fill in."""
    from ppc_tuner.context import write_template

    say(str(write_template(output)))
