"""Every bad file gets one message: what was found, where, what to do; each is checked whole."""

from __future__ import annotations

import os

import bad_files
import pytest

NAMES = bad_files.names()


@pytest.mark.parametrize("name", NAMES)
def test_the_whole_message(name: str) -> None:
    case = bad_files.given(name)
    if "pipe" in str(case.get("make")) and not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    code, message = bad_files.said(name)
    assert message == (bad_files.HERE / name / "expected.txt").read_text("utf-8")
    assert code == case["exit"]


@pytest.mark.parametrize("name", NAMES)
def test_a_message_says_where_and_what_to_do(name: str) -> None:
    zh, en = (bad_files.HERE / name / "expected.txt").read_text("utf-8").split("\n\n")
    assert "怎么办:" in zh
    assert "what to do:" in en
    # A wrong option stands in no file.
    assert bad_files.given(name)["exit"] == 2 or zh.split(": ")[0] == en.split(": ")[0]
    assert "Traceback" not in en


def test_there_are_enough_of_them() -> None:
    assert len(NAMES) >= 40
