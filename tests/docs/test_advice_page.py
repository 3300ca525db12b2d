"""docs/advice.md: every point carried out and named by a test."""

from __future__ import annotations

import re
from pathlib import Path

import make_advice as made
import pytest

from ppc_tuner.columns import COLUMNS

ROOT = Path(__file__).resolve().parents[2]
POINTS = [f"A{number}" for number in range(1, 30) if number != 14]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_point_stands_there_and_none_is_empty(lang):
    lines = [line for line in made.page(lang).splitlines() if line.startswith("| A")]
    rows = [line.strip("| ").split(" | ") for line in lines]
    assert [row[0] for row in rows] == POINTS
    assert all(len(row) == 4 and all(cell.strip() for cell in row) for row in rows)
    assert not any(row[2] == "–" for row in rows)


def test_figures_named_on_the_page_are_columns():
    named = re.findall(r"figures? ([a-z_, ]+?)(?: and ([a-z_]+))?(?=[,|])", made.page("en"))
    names = {name.strip() for pair in named for part in pair for name in part.split(",") if name.strip()}
    assert names
    assert {name for name in names if "_" in name} <= set(COLUMNS)


def test_every_advice_of_a_pack_is_a_point():
    for pack in made.packs():
        told = [clause.advice for clause in (*pack.gates, *pack.rules)] + [
            setting.advice for setting in pack.declared.values()
        ]
        assert {point for point in told if point} <= set(POINTS)


def test_every_point_is_named_by_a_test():
    tests = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.name != Path(__file__).name
    )
    named = set(re.findall(r"(?<![A-Za-z0-9])A\d\d?(?!\d)|(?<=Test)A\d\d?|(?<=test_)a\d\d?", tests))
    # A25 arrives with the word finder.
    assert set(POINTS) - {name.upper() for name in named} <= {"A25"}


# The sources' own figures: whoever turns a default away from them should do so in a pack of their own.
BOLD = {
    "young_words": 10, "bounce_pass": 0.70, "depth_pass": 2.5, "bounce_good": 0.60, "depth_good": 3.5,
    "basket_ratio": 1.3, "returning_bounce": 0.50, "returning_depth": 4.0, "check_items": 5,
}  # fmt: skip


def test_the_figures_of_the_sources_are_the_defaults():
    settings = next(pack for pack in made.packs() if pack.name == "zhitongche").settings
    assert {name: settings[name] for name in BOLD} == BOLD
