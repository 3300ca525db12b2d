"""Every layout has a sample that is read as it was read before, and whose figures are all accounted for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import golden_samples
import pytest

from ppc_tuner.cli.inspection import accounting
from ppc_tuner.reports import all_formats

NAMES = golden_samples.names()


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_as_before(name: str) -> None:
    assert golden_samples.difference(name) == ""


def test_every_layout_has_a_sample() -> None:
    layouts = {f"{form.id}.{layout.id}" for form in all_formats() for layout in form.layouts}
    assert {".".join(name.split(".")[:2]) for name in NAMES} == layouts


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_recognised_as_its_layout(name: str) -> None:
    platform, layout = name.split(".")[:2]
    found = {
        (file.platform if platform != "canonical" else "canonical", file.layout)
        for file in golden_samples.read_sample(name).files
    }
    assert (platform, layout) in found


@pytest.mark.parametrize("name", NAMES)
def test_every_row_and_sum_is_accounted_for(name: str) -> None:
    said = accounting(golden_samples.read_sample(name))
    for file in said["files"]:
        assert file["rows_below_header"] == file["rows"] + sum(one["rows"] for one in file["dropped"])
        for figure, before in file["sums_before"].items():
            kept = sum(one["sums"].get(figure, 0) for one in file["totals"])
            left_out = sum(one["sums"].get(figure, 0) for one in file["dropped"])
            assert before == pytest.approx(kept + left_out, abs=0.005)
    rows = sum(file["rows"] for file in said["files"] if file["role"] == "report")
    assert rows == sum(one["rows"] for one in said["counted"]) + sum(
        one["rows"] for one in said["superseded"]
    )


@pytest.mark.parametrize("name", NAMES)
def test_total_rows_agree_with_the_rows_they_sum_up(name: str) -> None:
    """The samples' own totals, written by hand, are a second source for what the rows must add up to."""
    for file in accounting(golden_samples.read_sample(name))["files"]:
        totals = [one for one in file["dropped"] if one["reason"]["en"] == "total row"]
        if len(totals) == 1 and totals[0]["rows"] == 1 and len(file["totals"]) == 1:
            assert totals[0]["sums"] == file["totals"][0]["sums"]


def test_the_command_refuses_to_overwrite(tmp_path: Path) -> None:
    shutil.copy(golden_samples.__file__, tmp_path)
    shutil.copytree(
        golden_samples.SAMPLES / "canonical.keywords", tmp_path / "samples" / "canonical.keywords"
    )
    changed = tmp_path / "samples" / "canonical.keywords" / golden_samples.CANONICAL
    right = changed.read_text("utf-8")
    changed.write_text("something else\n", "utf-8")
    command = [sys.executable, str(tmp_path / "golden_samples.py")]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "canonical.keywords/canonical.csv differs and is kept" in refused.stdout
    assert changed.read_text("utf-8") == "something else\n"
    assert subprocess.run([*command, "--overwrite"], check=False).returncode == 0
    assert changed.read_text("utf-8") == right
