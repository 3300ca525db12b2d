"""benchmarks/mutants.py says which changes no test notices, and refuses a list that has lost its lines."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture
def script():
    """benchmarks/mutants.py as it stands."""
    path = Path(__file__).resolve().parents[1] / "benchmarks" / "mutants.py"
    spec = importlib.util.spec_from_file_location("mutants", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def mutants(script, tmp_path, monkeypatch):
    """The script, over a product of one line and one test of it."""
    monkeypatch.setattr(script, "ROOT", tmp_path)
    for name in ("ppc_tuner", "tests"):
        (tmp_path / name).mkdir()
    (tmp_path / "ppc_tuner" / "__init__.py").write_text("def twice(x):\n    return 2 * x\n")
    (tmp_path / "tests" / "test_it.py").write_text(
        "from ppc_tuner import twice\n\n\ndef test_twice():\n    assert twice(1) == 2\n"
    )
    return script


def mutation(line: str, becomes: str) -> dict[str, object]:
    return {
        "file": "ppc_tuner/__init__.py",
        "line": line,
        "becomes": becomes,
        "purpose": "doubles",
        "tests": ["tests"],
    }


def test_what_no_test_misses_survives_and_the_tree_stays_as_it_is(mutants, capsys, tmp_path):
    source = tmp_path / "ppc_tuner" / "__init__.py"
    before = source.read_text()
    # One more is as much as twice, at 1.
    found = mutants.central([mutation("2 * x", "3 * x"), mutation("2 * x", "1 + x")])
    assert found == mutants.SURVIVED == 6
    caught, survived, sum_of_them = capsys.readouterr().out.splitlines()
    assert caught.split() == ["caught", "ppc_tuner/__init__.py:", "doubles"]
    assert survived.split()[0] == "SURVIVED"
    assert sum_of_them == "1 of 2 caught"
    assert source.read_text() == before


@pytest.mark.parametrize("line", ["2 * y", "x"])
def test_a_line_that_is_not_found_once_is_refused(mutants, capsys, line):
    assert mutants.central([mutation(line, "0")]) == mutants.LOST_LINE == 4
    assert f"not found once: {line}" in capsys.readouterr().out


def test_tests_that_fail_by_themselves_are_refused(mutants, tmp_path):
    (tmp_path / "tests" / "test_it.py").write_text("def test_it():\n    assert False\n")
    assert mutants.central([mutation("2 * x", "3 * x")]) == mutants.BROKEN_TESTS == 3


def test_a_test_that_is_gone_is_refused(mutants, capsys):
    moved = mutation("2 * x", "3 * x") | {"tests": ["tests", "tests/test_that.py"]}
    assert mutants.central([moved]) == mutants.LOST_LINE
    assert "tests/test_that.py: no such test   (doubles)" in capsys.readouterr().out


def test_the_list_names_lines_and_tests_that_are_there(script):
    assert script.lost(script.YAML(typ="safe").load(script.LIST.read_text("utf-8"))) == []
