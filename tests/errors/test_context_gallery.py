"""The gallery's contexts: a folder for each, with what is wrong and the whole message. See `case.yaml` in each.

Written anew, to be read before it is committed:  python tests/errors/test_context_gallery.py
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from ppc_tuner.errors import ConfigError
from ppc_tuner.tuning import tune

CASES = sorted(Path(__file__).resolve().parent.glob("contexts/*/case.yaml"))


def message(case: Path) -> str:
    """What is said in Chinese and English; raises where nothing is wrong."""
    _, report, _, context = YAML(typ="safe").load(case)["run"]
    before = Path.cwd()
    os.chdir(case.parent)
    try:
        tune(report, context=context)
    except ConfigError as fault:
        return f"{fault.render('zh')}\n\n{fault.render('en')}\n"
    finally:
        os.chdir(before)
    raise AssertionError(f"{case.parent.name} is taken without a word")


def test_there_are_enough():
    assert len(CASES) >= 12


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.parent.name)
def test_the_whole_message(case):
    assert message(case) == (case.parent / "expected.txt").read_text(encoding="utf-8")


if __name__ == "__main__":
    for one in CASES:
        (one.parent / "expected.txt").write_text(message(one), encoding="utf-8")
