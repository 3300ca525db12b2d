"""Reads damaged files of every kind for as long as you like: no traceback, no wait over 10 s, at most 1 GB.

    python benchmarks/fuzz_readers.py [SECONDS a kind, default 300] [SEED, default the clock's] [KIND...]

A fault is shown with the least damage that causes it. The kind `runs` starts the command anew each time, on
folders of damaged exports and odd Parquet files, with odd outputs, streams and environments: see
tests/cli/hostile_runs.py. Runs on Linux and macOS.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
KINDS = ("csv", "tsv", "html", "xlsx", "xls", "parquet", "zip", "gz", "runs")


def _script(kind: str) -> list[str]:
    if kind == "runs":
        return [str(HERE / "tests" / "cli" / "hostile_runs.py")]
    return [str(HERE / "tests" / "files" / "hostile_bytes.py"), kind]


def main() -> None:
    seconds, seed = (*sys.argv[1:3], *("300", str(int(time.time())))[len(sys.argv[:3]) - 1 :])
    failed = []
    for kind in sys.argv[3:] or KINDS:
        print(f"seed {seed}", flush=True)
        command = [sys.executable, *_script(kind), seconds, seed]
        failed += [kind] if subprocess.run(command, check=False, cwd=HERE).returncode else []
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
