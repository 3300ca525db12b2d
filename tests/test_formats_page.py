"""docs/formats.md is up to date, names every key that a format may have, and its example works."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ppc_tuner.reports.recognise.formats import (
    Conventions,
    Format,
    Layout,
    RowKinds,
    StatusRule,
    TotalRows,
    load_format,
)

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = (DOCS / "formats.md").read_text("utf-8")


def test_the_page_is_up_to_date() -> None:
    command = [sys.executable, str(DOCS / "make_formats.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0, "run python docs/make_formats.py"


def test_every_key_is_explained() -> None:
    models = (Format, Layout, Conventions, RowKinds, StatusRule, TotalRows)
    keys = {name for model in models for name in model.model_fields}
    assert {name for name in keys if f"`{name}`" not in PAGE} == set()


def test_the_example_loads_and_stands_in_the_page() -> None:
    example = DOCS / "examples" / "air_france.yaml"
    assert load_format(example).layouts[0].id == "doubleclick"
    assert example.read_text("utf-8").split("\n", 1)[1].strip() in PAGE
