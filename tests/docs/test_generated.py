"""Every page that a script makes is what the script would make now."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GENERATORS = [
    path.relative_to(ROOT).as_posix()
    for path in (
        *sorted((ROOT / "docs").glob("make_*.py")),
        *sorted((ROOT / "tests").rglob("gallery.py")),
        *sorted((ROOT / "tests").rglob("check_cases.py")),
    )
]


@pytest.mark.parametrize("script", GENERATORS)
def test_its_pages_are_current(script: str) -> None:
    done = subprocess.run(
        [sys.executable, script, "--check"],
        capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, f"run python {script}\n{done.stdout}{done.stderr}"


def test_there_are_generators() -> None:
    assert len(GENERATORS) >= 5
