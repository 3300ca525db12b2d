"""Nothing that a pack says can run code, open files or exhaust the machine.

Tried at random; longer: benchmarks/fuzz_packs.py.
"""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import hypothesis
import pytest
from hostile_packs import FRAME, conditions, decided_by, harmless_condition, harmless_pack, packs

from ppc_tuner.judge import load_pack
from ppc_tuner.judge.conditions import compile_condition
from ppc_tuner.rulebook import check_pack

# A slow machine is no fault; what hangs is.
CHECKED = hypothesis.settings(
    deadline=timedelta(seconds=20), suppress_health_check=list(hypothesis.HealthCheck), database=None
)


@pytest.fixture(scope="module", autouse=True)
def _warm(rules_folder):
    """What is imported when first needed is imported before anything is watched."""
    compile_condition('contains(keyword, "x") and kind in ["head"] and clicks / cost > 1', {}).run(FRAME)
    check_pack("zhitongche", rules_folder)
    decided_by(load_pack("zhitongche", rules_folder))


@hypothesis.settings(CHECKED, max_examples=1500)
@hypothesis.given(conditions)
@hypothesis.example("Àࢠ/01")  # the parser's place of the fault lies beyond its end
def test_conditions(source):
    harmless_condition(source)


@hypothesis.settings(CHECKED, max_examples=150)
@hypothesis.given(text=packs)
def test_packs(text, rules_folder):
    with tempfile.TemporaryDirectory() as folder:
        harmless_pack(text, Path(folder), rules_folder)


def test_a_group_of_groups_cannot_grow_without_end(tmp_path, rules_folder):
    groups = "".join(f"  g{n}: g{n - 1} and g{n - 1} and g{n - 1}\n" for n in range(1, 40))
    path = tmp_path / "given.yaml"
    path.write_text(f"pack: mine\ngroups:\n  g0: clicks > 1\n{groups}", encoding="utf-8")
    [fault, *_] = check_pack(path, rules_folder)
    assert "too large" in str(fault.parts)


@pytest.mark.parametrize("text", ["x: " + "y" * 300_000, "a: [" * 30, "a: 1\n" * 60_000])
def test_a_file_too_large_or_too_deep_is_refused(tmp_path, rules_folder, text):
    path = tmp_path / "given.yaml"
    path.write_text(text, encoding="utf-8")
    [fault] = check_pack(path, rules_folder)
    assert "too" in str(fault.parts)
