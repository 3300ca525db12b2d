"""bench: test the decisions in markets whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ppc_tuner.cli.messages import print_table, progress_shown, shown_language, spoken_language
from ppc_tuner.cli.options import Language, Overwrite, language_given
from ppc_tuner.text import Text

bench = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@bench.command()
def decisions(
    worlds: Annotated[
        list[str] | None,
        typer.Option("--worlds", metavar="NAME,...", help="哪些市场，默认全部 · which worlds; default: all"),
    ] = None,
    players: Annotated[
        list[str] | None,
        typer.Option(
            "--players", metavar="NAME,...", help="哪些做法，默认全部 · which players; default: all"
        ),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="种子个数 · number of seeds")] = 10,
    tuning: Annotated[
        bool,
        typer.Option("--tuning", help="用调参的种子 · the seeds kept for tuning, not those of the tables"),
    ] = False,
    json: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="数字另存为 JSON · write the figures here too"),
    ] = None,
    overwrite: Overwrite = False,
    lang: Language = None,
) -> None:
    """和常见做法、完全知情者比：利润、误动、区间、承诺 · profit, false alarms, intervals, promises."""
    from ppc_tuner.lab.decisions import decisions as run_bench
    from ppc_tuner.writing import check_place, refuse_others

    if json:
        check_place(json)
        if not overwrite:
            refuse_others(json)

    spoken = shown_language(language_given(lang) or spoken_language())
    with progress_shown() as progress:
        done = run_bench(
            worlds or (),
            players or (),
            seeds,
            tuning=tuning,
            progress=lambda ready, every: progress(Text(f"{ready} / {every}", f"{ready} / {every}")),
        )
    if json:
        done.save(json, overwrite=overwrite)
    for table in done.tables:
        print_table(table.title[spoken], table.head(spoken), table.lines(spoken))
