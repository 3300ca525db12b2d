"""Seconds and peak memory of one weekly run, beside the floor: 100,000 keyword-days (20,000 words) from a GB18030 csv.

    python benchmarks/weekly_run.py [WORDS] [DAYS]

The floor reads the same file as text with the fastest reader and writes the same cells with the same library: what no
program that does this job can go below. Runs on Linux and macOS.
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

import fastexcel
import pandas as pd
import xlsxwriter

from ppc_tuner.lab.exports import write_wanxiangtai
from ppc_tuner.lab.market import make_market

SHOP_WORDS = 400
MEGABYTE = 1024**2 if sys.platform == "darwin" else 1024


def made_report(folder: Path, words: int, days: int) -> Path:
    """A 万相台 keyword report of many simulated shops put into one, every word on every day."""
    shops = [one_shop(number, days) for number in range(max(1, words // SHOP_WORDS))]
    facts, items, pages = (pd.concat(parts, ignore_index=True) for parts in zip(*shops, strict=True))
    report = folder / "关键词报表_20261102_091500.csv"
    write_wanxiangtai(facts, items, pages, report)
    print(
        f"{len(facts):,} rows, {facts['keyword_id'].nunique():,} words, {report.stat().st_size / 1e6:.0f} MB of GB18030 csv"
    )
    return report


def one_shop(number: int, days: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Facts of the last `days` days, items and pages of one shop, with ids of its own."""
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
    """The cells of every sheet, as they were written."""
    reader = fastexcel.read_excel(workbook)
    sheets = [reader.load_sheet(name, header_row=None).to_pandas() for name in reader.sheet_names]
    rows = [frame.astype(object).where(frame.notna(), None).values.tolist() for frame in sheets]
    cells.write_bytes(pickle.dumps(rows))


def floor(report: Path, cells: Path, out: Path) -> None:
    """Read the report as text, write the cells: nothing else."""
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


def main() -> None:
    if sys.argv[1:2] == ["--floor"]:
        floor(*(Path(name) for name in sys.argv[2:5]))
        return
    words, days = (int(given) for given in (sys.argv[1:] + ["20000", "5"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = made_report(folder, words, days)
        for ending, title in (("xlsx", "ppc-tuner tune, to the workbook"), ("csv", "ppc-tuner tune, to csv")):
            command = [
                sys.executable,
                "-m",
                "ppc_tuner",
                "tune",
                str(report),
                "-o",
                str(folder / f"a.{ending}"),
            ]
            seconds, memory, _ = measured(command)
            print(f"{title:34s} {seconds:6.1f} s, peak {memory:5,.0f} MB")
        keep_cells(folder / "a.xlsx", folder / "cells")
        command = [
            sys.executable,
            __file__,
            "--floor",
            str(report),
            str(folder / "cells"),
            str(folder / "floor.xlsx"),
        ]
        _, memory, alone = measured(command)
        print(
            f"{'floor: reading and writing alone':34s} {alone} s, peak {memory:5,.0f} MB (it holds all cells to be written)"
        )


if __name__ == "__main__":
    main()
