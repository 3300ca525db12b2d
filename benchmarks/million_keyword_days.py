"""Seconds and peak memory from a csv of 1,000,000 keyword-days to the decided list; nothing is written.

    python benchmarks/million_keyword_days.py [--rows ROWS] [--runs RUNS] [--against CHECKOUT]

The report is made once, with 28 days of every word, and read by a process of its own for every run. --against
measures another checkout (with its own .venv) in turns with this one, so that a change can be seen to cost
nothing even where the machine's speed drifts. Linux and macOS.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from weekly_run import made_report, measured

DAYS = 28
# The summary is made when it is first asked for, and belongs to the list.
DECIDE = (
    "import sys; from ppc_tuner import tune; made = tune(sys.argv[1]); made.summary; print(len(made.actions))"
)


def times(python: Path | str, report: Path, runs: int) -> list[tuple[float, float, str]]:
    """Seconds, peak megabytes and rows decided of each run."""
    return [measured([str(python), "-P", "-c", DECIDE, str(report)]) for _ in range(runs)]


def say(title: str, found: list[tuple[float, float, str]]) -> None:
    """One line: the median of the runs with the fastest and the slowest, peak memory, rows decided."""
    seconds, megabytes, rows = zip(*found, strict=True)
    print(
        f"{title:12s} {statistics.median(seconds):6.1f} s ({min(seconds):.1f}–{max(seconds):.1f}), "
        f"peak {statistics.median(megabytes):5,.0f} MB, {int(rows[0]):,} rows decided"
    )


def main() -> None:
    if sys.argv[1:2] == ["--make"]:
        made_report(Path(sys.argv[2]), int(sys.argv[3]), DAYS)
        return
    parser = argparse.ArgumentParser(description="A million keyword-days, from csv to the decided list.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--against", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = [sys.executable, __file__, "--make", str(folder), str(given.rows // DAYS)]
        print(measured(made)[2])
        report = next(folder.glob("*.csv"))
        here, there = [], []
        for _ in range(given.runs):
            here += times(sys.executable, report, 1)
            if given.against:
                there += times(given.against / ".venv" / "bin" / "python", report, 1)
        say("this checkout", here)
        if there:
            say("the other", there)


if __name__ == "__main__":
    main()
