"""The checks that are too long for every commit, one after the other.

    python benchmarks/long_checks.py                     # all of them, about an hour and a half on two cores
    python benchmarks/long_checks.py properties packs    # only these

properties  every property test with 2,000 examples instead of 200
relations   2,000 drawn reports, each written, cut and changed in ways that must not change its list
readers     damaged files of every kind and whole runs on them, with new damage each time
packs       rule packs made to do harm, with new ones each time
decisions   two simulated markets played through, a seed each
mutants     central lines turned round one by one: some test must notice

Ends with exit code 1 and their names where some fail.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PYTHON: Final = sys.executable
WORLDS: Final = "second_price_sparse,planted"


def property_tests() -> list[str]:
    """The files of tests that draw their examples."""
    tests = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path.relative_to(ROOT)) for path in tests if "hypothesis" in path.read_text("utf-8")]


def checks() -> dict[str, list[str]]:
    """The command of each check, by name."""
    bench = ["bench", "decisions", "--seeds", "1", "--tuning", "--worlds", WORLDS, "--players", "ours"]
    return {
        "properties": [PYTHON, "-m", "pytest", *property_tests()],
        "relations": [PYTHON, "tests/whole/test_metamorphic.py", "2000"],
        "readers": [PYTHON, "benchmarks/fuzz_readers.py", "300"],
        "packs": [PYTHON, "benchmarks/fuzz_packs.py", "600"],
        "decisions": [PYTHON, "-m", "ppc_tuner", *bench],
        "mutants": [PYTHON, "benchmarks/mutants.py", "central"],
    }


def main() -> int:
    known = checks()
    chosen = sys.argv[1:] or list(known)
    if unknown := [name for name in chosen if name not in known]:
        print(f"no such check: {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    failed = []
    for name in chosen:
        print(f"== {name}: {' '.join(known[name][1:])}", flush=True)
        begin = time.monotonic()
        done = subprocess.run(
            known[name], check=False, cwd=ROOT, env=os.environ | {"HYPOTHESIS_PROFILE": "long"}
        )
        print(f"== {name}: {time.monotonic() - begin:.0f} s, exit code {done.returncode}", flush=True)
        failed += [name] if done.returncode else []
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
