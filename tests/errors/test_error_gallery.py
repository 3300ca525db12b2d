"""What people get wrong, and every word that they are told about it."""

from __future__ import annotations

import pytest
from gallery import cases

CASES = {case.name: case for case in cases()}


@pytest.mark.parametrize("name", CASES)
def test_the_whole_message(name):
    case = CASES[name]
    code, said = case.said()
    assert said == case.expected.read_text(encoding="utf-8")
    assert code == case.exit_code


def test_there_are_enough_of_them():
    assert sum(case.run[0] == "rules" for case in CASES.values()) >= 20
    assert sum(case.run[0] == "tune" for case in CASES.values()) >= 12
