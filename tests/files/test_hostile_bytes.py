"""Damaged files: no traceback, no wait over 10 s, no more than 1 GB. Longer: benchmarks/fuzz_readers.py."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import hostile_bytes
import hypothesis
import pytest

pytest.importorskip("resource")
# As many times as long for the long profile as its examples are more.
SECONDS = hypothesis.settings.default.max_examples / 25


@pytest.mark.parametrize("kind", hostile_bytes.KINDS)
def test_damaged_files_are_read_or_refused(kind: str) -> None:
    # A process of its own, whose memory can be measured.
    command = [sys.executable, hostile_bytes.__file__, kind, str(SECONDS / len(hostile_bytes.KINDS)), "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "panicked" not in done.stderr
