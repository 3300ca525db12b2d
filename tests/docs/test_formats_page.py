"""docs/formats.md and docs/formats.zh.md name every key that a format may have, and their example works."""

from __future__ import annotations

from pathlib import Path

import pytest

from ppc_tuner.reports.recognise.formats import (
    Conventions,
    Format,
    Layout,
    OtherReport,
    RowKinds,
    StatusRule,
    TotalRows,
    load_format,
)
from ppc_tuner.reports.recognise.upload_formats import Upload, UploadRow

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [(DOCS / name).read_text("utf-8") for name in ("formats.md", "formats.zh.md")]


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_every_key_is_explained(page: str) -> None:
    models = (
        Format, Layout, OtherReport, Conventions, RowKinds, StatusRule, TotalRows, Upload, UploadRow
    )  # fmt: skip
    keys = {name for model in models for name in model.model_fields}
    assert {name for name in keys if f"`{name}`" not in page} == set()


@pytest.mark.parametrize("page", PAGES, ids=["en", "zh"])
def test_the_example_loads_and_stands_in_the_page(page: str) -> None:
    example = DOCS / "examples" / "air_france.yaml"
    assert load_format(example).layouts[0].id == "doubleclick"
    assert example.read_text("utf-8").split("\n", 1)[1].strip() in page
