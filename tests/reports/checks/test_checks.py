"""Every declared check finds fault with its case and with no near miss."""

from __future__ import annotations

import pytest
from check_cases import cases

from ppc_tuner.reports import CHECKS

CASES = cases()


def test_every_check_has_a_case_and_an_id_of_its_own() -> None:
    ids = [check.id for check in CHECKS]
    assert len(set(ids)) == len(ids)
    assert list(CASES) == [name for name in CASES if name in ids]
    assert set(CASES) == set(ids)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_it_says_in_both_languages_what_would_go_wrong(check) -> None:
    assert len(check.why.zh) > 8
    assert len(check.why.en) > 20


@pytest.mark.parametrize("name", CASES)
def test_it_finds_fault_with_its_case(name: str) -> None:
    case = CASES[name]
    found, error = case.found()
    assert name in {one for one, _ in found}
    assert (error is not None) is (case.check.severity == "refuse")
    assert error is None or found[-1][0] == name


@pytest.mark.parametrize("name", CASES)
def test_it_finds_none_with_the_near_miss(name: str) -> None:
    case = CASES[name]
    found, error = case.found(near=True)
    assert error is None
    assert name not in {one for one, _ in found}


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].check.severity == "refuse"])
def test_a_refusal_says_where_what_and_what_to_do(name: str) -> None:
    _, error = CASES[name].found()
    assert error is not None
    assert all([error.where, error.found, error.expected, error.to_do])
