"""A run that is killed, asked to end or interrupted leaves what was there, and nothing else."""

from __future__ import annotations

import sys

import pytest
from interrupted_runs import faults_after


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_twenty_moments() -> None:
    assert faults_after(20, seed=1) == []
