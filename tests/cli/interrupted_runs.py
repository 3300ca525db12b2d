"""Runs that are killed, asked to end or interrupted at random moments: what was there stays whole, no litter.

A run writes one list over last week's, and the four kinds of file take turns: writing all four in each run
would take twice the time and meet no other moments.

python tests/cli/interrupted_runs.py MOMENTS [SEED, default the clock's]
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import openpyxl

from ppc_tuner.fingerprint import is_untouched

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
HEADER = (
    "日期", "计划名字", "单元名字", "宝贝ID", "词类型", "词名字/词包名字",
    "展现量", "点击量", "花费", "总成交笔数", "总成交金额",
)  # fmt: skip
OUTPUTS = ("list.xlsx", "list.csv", "list.parquet", "list.json")
LONGEST_SECONDS = 120


class Shop:
    """A folder with a report, the lists of last week, one of them filled in, and a folder of its own for
    temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.temporary = folder, folder / "temporary"
        self.temporary.mkdir()
        self.report, self.decided = folder / "report.xlsx", folder / "decided.xlsx"
        self._write_report()
        self.outputs = [folder / name for name in OUTPUTS]
        self.run(*OUTPUTS, self.decided.name)
        self.seconds = self.run("list.xlsx")
        book = openpyxl.load_workbook(self.decided)
        book.worksheets[1]["B9"] = "采纳"
        book.save(self.decided)
        self.decisions = self.decided.read_bytes()
        self.names = {path.name for path in folder.iterdir()}

    def _write_report(self) -> None:
        book = openpyxl.Workbook()
        book.active.append(HEADER)
        for day in range(1, 6):
            for word in range(6):
                row = (100 + word, 5 + word % 7, 4.5 + word, word % 3, 60.0 * (word % 3))
                book.active.append(
                    [f"2026-06-{day:02}", "计划", "单元", "10452213", "关键词", f"词{word}", *row]
                )
        book.save(self.report)

    def start(self, *outputs: str) -> subprocess.Popen[bytes]:
        """The command, writing these files."""
        wanted = [part for name in outputs for part in ("-o", str(self.folder / name))]
        return subprocess.Popen(
            [sys.executable, "-m", "ppc_tuner", "tune", str(self.report), "--no-ledger", *wanted],
            env=os.environ | {"TMPDIR": str(self.temporary)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def run(self, *outputs: str, code: int = 0) -> float:
        """The seconds of a run that nobody disturbs."""
        begun, process = time.monotonic(), self.start(*outputs)
        _, said = process.communicate(timeout=LONGEST_SECONDS)
        assert process.returncode == code, said.decode()
        return time.monotonic() - begun

    def disturb(self, output: str, moment: float, number: signal.Signals) -> str:
        """What is wrong after a run that gets the signal at that share of its usual time; "" if nothing."""
        before, process = self.litter(), self.start(output)
        time.sleep(moment * self.seconds)
        process.send_signal(number)
        _, said = process.communicate(timeout=LONGEST_SECONDS)
        faults = [f"{path.name} is not whole" for path in self.outputs if not is_untouched(path)]
        if self.decided.read_bytes() != self.decisions:
            faults.append("decisions are lost")
        if number != signal.SIGKILL:
            # A run that ends before it writes leaves what a killed one has left.
            faults += [f"litter: {path}" for path in self.litter() if path not in before]
            faults += [f"says {said.decode()}"] if b"internal fault" in said or b"ignored" in said else []
        return "; ".join(faults)

    def litter(self) -> list[Path]:
        """What does not belong into the folder, nor into that for temporary files."""
        beside = [path for path in self.folder.iterdir() if path.name not in self.names]
        return [*beside, *self.temporary.iterdir()]


def faults_after(moments: int, seed: int) -> list[str]:
    """What was wrong after runs disturbed at so many random moments, and after an undisturbed one at last."""
    chance, faults = random.Random(seed), []
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder))
        for number in range(moments):
            # Half of the moments lie where the lists are written.
            kind, moment = SIGNALS[number % len(SIGNALS)], chance.uniform(0.7 * (number // 3 % 2), 1)
            # Each kind of file meets each signal in both halves within 24 moments.
            output = OUTPUTS[(number + number // 12) % len(OUTPUTS)]
            wrong = shop.disturb(output, moment, kind)
            faults += [f"{kind.name} at {moment:.3f} of {output}: {wrong}"] if wrong else []
        shop.run(*OUTPUTS)
        faults += [f"still there after the next run: {path}" for path in shop.litter()]
        shop.run("decided.xlsx", code=5)
        faults += ["decisions are lost"] if shop.decided.read_bytes() != shop.decisions else []
    return faults


if __name__ == "__main__":
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    print(f"seed {seed}", flush=True)
    found = faults_after(int(sys.argv[1]), seed)
    print("\n".join(found) or f"{sys.argv[1]} moments: every list whole, no litter, decisions kept")
    raise SystemExit(bool(found))
