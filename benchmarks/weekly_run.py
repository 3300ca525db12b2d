"""Seconds and peak memory of one weekly run: 100,000 keyword-days (20,000 words) from a GB18030 csv.

    python benchmarks/weekly_run.py [WORDS] [DAYS]

Beside it the floor below which no program can do this job: it reads the same file as text with the fastest
reader and writes the same cells with the same library. Runs on Linux and macOS.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

SHOP_WORDS = 400
MEGABYTE = 1024**2 if sys.platform == "darwin" else 1024


def made_report(folder: Path, words: int, days: int) -> Path:
    """A 万相台 keyword report of many simulated shops merged into one, every word on every day."""
    import pandas as pd

    from ppc_tuner.lab.exports import write_wanxiangtai

    shops = [one_shop(number, days) for number in range(max(1, words // SHOP_WORDS))]
    facts, items, pages = (pd.concat(parts, ignore_index=True) for parts in zip(*shops, strict=True))
    report = folder / "关键词报表_20261102_091500.csv"
    write_wanxiangtai(facts, items, pages, report)
    print(
        f"{len(facts):,} rows, {facts['keyword_id'].nunique():,} words, "
        f"{report.stat().st_size / 1e6:.0f} MB of GB18030 csv"
    )
    return report


def one_shop(number: int, days: int) -> tuple[Any, Any, Any]:
    """Facts of the last `days` days, items and pages of one shop, with ids of its own."""
    import pandas as pd

    from ppc_tuner.lab.menswear import make_market

    market = make_market(number, words=SHOP_WORDS, history_weeks=max(1, -(-days // 7)))
    facts = market.facts()
    facts = facts[facts["date"] > facts["date"].max() - pd.Timedelta(days=days)]
    frames = []
    for frame in (facts, market.shop.items, market.pages()):
        ids = [name for name in ("campaign_id", "ad_group_id", "item_id", "keyword_id") if name in frame]
        frames.append(frame.assign(**{name: frame[name] + f"{number:04d}" for name in ids}))
    return frames[0], frames[1], frames[2]


def measured(command: list[str]) -> tuple[float, float, str]:
    """Seconds, peak megabytes and output of a command."""
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        if status:
            raise SystemExit(f"failed: {' '.join(command)}")
        output.seek(0)
        return seconds, usage.ru_maxrss / MEGABYTE, output.read().strip()


def keep_cells(workbook: Path, cells: Path) -> None:
    """Pickle the cells of every sheet as they were written."""
    import fastexcel

    reader = fastexcel.read_excel(workbook)
    sheets = [reader.load_sheet(name, header_row=None).to_pandas() for name in reader.sheet_names]
    rows = [frame.astype(object).where(frame.notna(), None).values.tolist() for frame in sheets]
    cells.write_bytes(pickle.dumps(rows))


def floor(report: Path, cells: Path, out: Path) -> None:
    """Read the report as text and write the cells, nothing else; prints the seconds."""
    import pandas as pd
    import xlsxwriter

    rows = pickle.loads(cells.read_bytes())
    begin = time.perf_counter()
    text = report.read_bytes().decode("gb18030")
    pd.read_csv(BytesIO(text.encode()), engine="pyarrow", dtype=str)
    book = xlsxwriter.Workbook(
        out, {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    )
    for sheet_rows in rows:
        sheet = book.add_worksheet()
        for number, row in enumerate(sheet_rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell)
    book.close()
    print(f"{time.perf_counter() - begin:6.1f}")


def itself(*arguments: object) -> list[str]:
    """The command that runs one part of this benchmark in a process of its own.

    A child's peak memory starts at its parent's, so the measuring process must stay small.
    """
    return [sys.executable, __file__, *map(str, arguments)]


def main() -> None:
    parts = {"--make": made_report, "--cells": keep_cells, "--floor": floor}
    if sys.argv[1:2] and sys.argv[1] in parts:
        paths_and_numbers = [int(given) if given.isdigit() else Path(given) for given in sys.argv[2:]]
        parts[sys.argv[1]](*paths_and_numbers)
        return
    words, days = (int(given) for given in (*sys.argv[1:], *("20000", "5")[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(measured(itself("--make", folder, words, days))[2])
        report = next(folder.glob("*.csv"))
        for ending, title in (("xlsx", "ppc-tuner tune, to the workbook"), ("csv", "ppc-tuner tune, to csv")):
            command = [
                sys.executable,
                "-m",
                "ppc_tuner",
                "tune",
                "--no-ledger",
                str(report),
                "-o",
                str(folder / f"a.{ending}"),
            ]
            seconds, memory, _ = measured(command)
            print(f"{title:34s} {seconds:6.1f} s, peak {memory:5,.0f} MB")
        measured(itself("--cells", folder / "a.xlsx", folder / "cells"))
        _, memory, alone = measured(itself("--floor", report, folder / "cells", folder / "floor.xlsx"))
        print(
            f"{'floor: reading and writing alone':34s} {alone:>6} s, peak {memory:5,.0f} MB "
            "(it holds all cells to be written)"
        )


if __name__ == "__main__":
    main()
