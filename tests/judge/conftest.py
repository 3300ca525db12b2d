"""Rule packs written to a folder beside the real common.yaml."""

from __future__ import annotations

import shutil

import pytest

from ppc_tuner.judge import load_pack


@pytest.fixture
def packed(tmp_path, rules_folder):
    """packed(text, **options): the pack of that text, saved as given.yaml beside common.yaml."""
    shutil.copy(rules_folder / "common.yaml", tmp_path)

    def run(text, overrides=None, **others):
        for name, content in others.items():
            (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
        (tmp_path / "given.yaml").write_text(text, encoding="utf-8")
        return load_pack("given", tmp_path, overrides)

    return run
