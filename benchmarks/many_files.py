"""300 daily files of one shop against the same rows in one file, and a workbook of 100 small sheets: seconds
and memory, each in a fresh process.

    python benchmarks/many_files.py [FILES, default 300]

Goal: 300 files within 10 s and 600 MB, the workbook within 5 s, on two quiet cores.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl
import pandas as pd

WORDS = 55
SHEETS = 100
HEADER = "日期,计划名字,单元名字,宝贝ID,词类型,词名字/词包名字,展现量,点击量,花费,总成交笔数,总成交金额"


def write_files(folder: Path, files: int) -> None:
    """One file a day in daily/, and all their rows in whole/."""
    every = []
    for day in pd.date_range(end="2026-06-30", periods=files):
        rows = [
            f"{day:%Y-%m-%d},计划,单元,1045221,关键词,词{word},{50 + 3 * word + day.day},{5 + word % 9},"
            f"{4.5 + word / 7:.2f},{word % 3},{60 * (word % 3)}"
            for word in range(WORDS)
        ]
        every += rows
        (folder / "daily" / f"{day:%Y%m%d}.csv").write_text("\n".join([HEADER, *rows]) + "\n", "gb18030")
    (folder / "whole" / "all.csv").write_text("\n".join([HEADER, *every]) + "\n", "gb18030")


def write_workbook(path: Path) -> None:
    """A small workbook of many sheets, a day on each."""
    book = openpyxl.Workbook(write_only=True)
    for day in pd.date_range(end="2026-06-30", periods=SHEETS):
        sheet = book.create_sheet(f"{day:%Y%m%d}")
        sheet.append(HEADER.split(","))
        sheet.append([f"{day:%Y-%m-%d}", "计划", "单元", "1045221", "关键词", "词", 50, 5, 4.5, 1, 60])
    book.save(path)


def read(folder: str) -> None:
    """Read the folder in this process, and say what it took."""
    from ppc_tuner.reports import read_reports

    begun = time.perf_counter()
    rows = len(read_reports(folder).facts)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{Path(folder).name}: {rows:,} rows, {time.perf_counter() - begun:.1f} s, {memory:,.0f} MB")


def main() -> None:
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with tempfile.TemporaryDirectory() as name:
        for part in ("daily", "whole", "sheets"):
            (Path(name) / part).mkdir()
        write_files(Path(name), files)
        write_workbook(Path(name) / "sheets" / "sheets.xlsx")
        for part in ("whole", "sheets", "daily"):
            subprocess.run([sys.executable, __file__, "read", str(Path(name) / part)], check=True)


if __name__ == "__main__":
    read(sys.argv[2]) if sys.argv[1:2] == ["read"] else main()
