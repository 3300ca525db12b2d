"""Kills, ends and interrupts runs at 200 random moments: old lists stay whole, no litter stays.

    python benchmarks/interrupted_runs.py [MOMENTS, default 200] [SEED, default the clock's]

Runs on Linux and macOS. CI tries 20 moments.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]

if __name__ == "__main__":
    moments = sys.argv[1:] or ["200"]
    command = [sys.executable, str(HERE / "tests" / "cli" / "interrupted_runs.py"), *moments]
    raise SystemExit(subprocess.run(command, check=False, cwd=HERE).returncode)
