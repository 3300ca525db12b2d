"""Tries hostile conditions and packs for as long as you like.

    python benchmarks/fuzz_packs.py [SECONDS, default 600]

The same checks as tests/judge/test_hostile_packs.py, with new random cases each time. Stops at the first that
does harm.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import hypothesis

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "judge"))

from hostile_packs import (  # noqa: E402
    FRAME,
    conditions,
    decided_by,
    harmless_condition,
    harmless_pack,
    packs,
)

from ppc_tuner.judge import load_pack  # noqa: E402
from ppc_tuner.judge.conditions import compile_condition  # noqa: E402
from ppc_tuner.locations import rules_folder  # noqa: E402
from ppc_tuner.rulebook import check_pack  # noqa: E402

AT_ONCE = {"conditions": 2000, "packs": 200}
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(hypothesis.HealthCheck)}


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 600.0
    # Lazy imports happen now, before anything is watched.
    compile_condition('contains(keyword, "x") and clicks / cost > 1', {}).run(FRAME)
    check_pack("zhitongche", rules_folder())
    decided_by(load_pack("zhitongche", rules_folder()))
    begin, seed = time.perf_counter(), time.time_ns() % 2**32
    tried = dict.fromkeys(AT_ONCE, 0)

    def each_pack(text: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            harmless_pack(text, Path(folder), rules_folder())

    while time.perf_counter() - begin < seconds:
        for name, strategy, check in (
            ("conditions", conditions, harmless_condition),
            ("packs", packs, each_pack),
        ):
            run = hypothesis.given(strategy)(check)
            run = hypothesis.settings(max_examples=AT_ONCE[name], **QUIET)(run)
            hypothesis.seed(seed)(run)()
            tried[name] += AT_ONCE[name]
        seed += 1
        print(
            f"{time.perf_counter() - begin:6.0f} s: "
            + ", ".join(f"{count:,} {name}" for name, count in tried.items())
        )


if __name__ == "__main__":
    main()
