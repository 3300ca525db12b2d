"""Seconds and peak memory from 1,000,000 search terms to the decided list; nothing is written.

    python benchmarks/million_terms.py [--rows ROWS] [--runs RUNS] [--profile]

Terms of three to five words, nearly all of them different, as Zipf has words come up; one in fifty says
"free" and sells nothing. Beside the whole the seconds of what only search terms need (what becomes of each,
fragments, terms to add), and the peak memory before and after it: the rest is what every list needs.
--profile tells where the time goes. Linux and macOS.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from million_keyword_days import say
from weekly_run import MEGABYTE, measured

WORDS, AD_GROUPS, SEED = 20_000, 500, 0
# What only search terms need, by its name in ppc_tuner.tuning.
OF_TERMS = ("phrases_of_terms", "propose_terms", "kept_by_gates", "propose_fragments", "with_places")


def made_terms(path: Path, rows: int) -> None:
    """A canonical Parquet file of four weeks of search terms in one account."""
    import numpy as np
    import pandas as pd

    rng = np.random.default_rng(SEED)
    vocabulary = np.array([f"{'aeiou'[at % 5]}w{at}" for at in range(WORDS)], dtype=object)
    drawn = np.minimum(rng.zipf(1.3, (rows, 5)) - 1, WORDS - 1)
    length = rng.integers(3, 6, rows)
    text = vocabulary[drawn[:, 0]]
    for at in range(1, 5):
        text = np.where(at < length, text + " " + vocabulary[drawn[:, at]], text)
    text = text + " " + np.array([f"q{at}" for at in rng.integers(0, 2 * rows, rows)], dtype=object)
    wasted = rng.random(rows) < 0.02
    clicks = rng.poisson(0.8, rows).astype(float)
    orders = np.where(wasted, 0.0, rng.poisson(clicks * 0.05))
    group = rng.integers(0, AD_GROUPS, rows)
    pd.DataFrame(
        {
            "level": "search_term", "platform": "amazon_ads", "account": "shop", "currency": "USD",
            "campaign": np.char.add("campaign ", (group // 20).astype(str)),
            "ad_group": np.char.add("group ", group.astype(str)),
            "keyword": np.char.add("keyword ", group.astype(str)), "match_type": "broad",
            "search_term": np.where(wasted, "free " + text, text),
            "period_start": pd.Timestamp("2026-03-02"), "period_end": pd.Timestamp("2026-03-29"),
            "attribution_days": 14.0, "impressions": clicks * 20 + 1, "clicks": clicks,
            "cost": clicks * 1.2, "conversions": orders, "revenue": orders * 100,
        }
    ).to_parquet(path)  # fmt: skip


def decided(path: str) -> tuple[int, float, float, float]:
    """Rows of the list, and of what only search terms need the seconds, and the peak megabytes of the process
    before and after it."""
    from ppc_tuner import tune, tuning

    spent, peaks = [0.0], []

    def timed(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            begin = time.perf_counter()
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE)
            try:
                return function(*given)
            finally:
                spent[0] += time.perf_counter() - begin
                peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE)

        return run

    for name in OF_TERMS:
        setattr(tuning, name, timed(getattr(tuning, name)))
    made = tune(path, settings={"margin": 0.35})
    # The summary is made when it is first asked for, and belongs to the list.
    assert made.summary is not None
    return len(made.actions), spent[0], peaks[0], peaks[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description="A million search terms, from facts to the decided list.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--decide", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.decide:
        profile = cProfile.Profile()
        figures = profile.runcall(decided, given.decide) if given.profile else decided(given.decide)
        if given.profile:
            pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(90)
        print(*figures)
        return
    with tempfile.TemporaryDirectory() as name:
        report = Path(name) / "terms.parquet"
        made_terms(report, given.rows)
        command = [sys.executable, __file__, "--decide", str(report), *["--profile"] * given.profile]
        found, terms = [], []
        for _ in range(given.runs):
            seconds, megabytes, output = measured(command)
            rows, *figures = output.split()
            found.append((seconds, megabytes, rows))
            terms.append([float(figure) for figure in figures])
        say("whole", found)
        spent, before, after = (statistics.median(column) for column in zip(*terms, strict=True))
        print(
            f"only search terms need {spent:.1f} s of it; peak before {before:,.0f} MB, after {after:,.0f} MB"
        )


if __name__ == "__main__":
    main()
