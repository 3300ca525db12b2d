"""Packs of one's own in a folder, with their tests beside them."""

from __future__ import annotations

import pytest


@pytest.fixture
def written(tmp_path):
    """written(text, tests): the path of a pack of that text, with that text as its tests."""

    def run(text, tests=None):
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        if tests is not None:
            (tmp_path / "tests").mkdir(exist_ok=True)
            (tmp_path / "tests" / "mine.yaml").write_text(tests, encoding="utf-8")
        return path

    return run
