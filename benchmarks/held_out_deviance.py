"""How well conversion rates are predicted on held-out clicks: reduction of Poisson deviance.

    python benchmarks/held_out_deviance.py REPORT [--format FORMAT.yaml] [--splits 6]

ppc_tuner/lab/held_out.py says what is split and how it is judged; `ppc-tuner bench decisions` prints the same
figure for its markets.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from ppc_tuner.context import Context
from ppc_tuner.judge import load_pack
from ppc_tuner.lab.held_out import reductions, word_rows
from ppc_tuner.locations import rules_folder
from ppc_tuner.reports import read_reports
from ppc_tuner.settings import Settings


def main(
    report: Path,
    format_file: Annotated[Path | None, typer.Option("--format")] = None,
    splits: int = 6,
) -> None:
    """Print the reduction of held-out deviance of each way to estimate a rate, mean over the splits."""
    reading = read_reports([report], formats=[format_file] if format_file else [])
    platform = reading.platforms[reading.facts["platform"].iloc[0]]
    settings = Settings.of(load_pack(platform.pack, rules_folder()).settings)
    facts = reading.facts[reading.facts["level"] == reading.facts["level"].iloc[0]]
    rows = word_rows(facts, platform, Context(), settings)
    results: dict[str, list[float]] = {}
    for split in range(splits):
        for name, reduction in reductions(rows, settings, split).items():
            results.setdefault(name, []).append(reduction)
    table = Table("estimate", "reduction of held-out deviance", "± standard error")
    for name, values in results.items():
        table.add_row(name, f"{np.mean(values):.3f}", f"{np.std(values, ddof=1) / np.sqrt(len(values)):.3f}")
    Console().print(f"{report.name}: {len(rows):,} words, {splits} splits", table)


if __name__ == "__main__":
    typer.run(main)
