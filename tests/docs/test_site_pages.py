"""Documents for people: both languages alike, every link leads somewhere, the READMEs short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAIRS = {
    path.with_name(f"{path.name.removesuffix('.zh.md')}.md"): path
    for path in (*ROOT.glob("*.zh.md"), *(ROOT / "docs").glob("*.zh.md"))
}
# One page for both languages, by CONTRIBUTING.md.
SIDE_BY_SIDE = {"glossary.md", "checks.md"}
PAGES = sorted(
    path for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")) if not path.name.endswith(".in.md")
)
README_BYTES = 6 * 1024
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def outline(path: Path) -> list[int]:
    """The depth of each heading, in order."""
    return [
        len(marks) for marks in re.findall(r"^(#+) ", FENCED.sub("", path.read_text("utf-8")), re.MULTILINE)
    ]


def blocks(path: Path) -> list[str]:
    """The kind of each block of code, in order."""
    return [block.split("\n")[0] for block in FENCED.findall(path.read_text("utf-8"))]


def test_every_page_of_the_site_is_there_in_both_languages() -> None:
    english = {path.name for path in (ROOT / "docs").glob("*.md") if ".zh." not in path.name}
    alone = {name for name in english if not name.endswith(".in.md")} - {path.name for path in PAIRS}
    assert alone <= SIDE_BY_SIDE


@pytest.mark.parametrize("english", PAIRS, ids=names(list(PAIRS)))
def test_both_languages_have_the_same_headings_and_examples(english: Path) -> None:
    assert outline(english) == outline(PAIRS[english])
    assert blocks(english) == blocks(PAIRS[english])


@pytest.mark.parametrize("english", PAIRS, ids=names(list(PAIRS)))
def test_each_language_links_to_the_other_at_the_top(english: Path) -> None:
    chinese = PAIRS[english]
    for page, other in ((english, chinese), (chinese, english)):
        assert f"]({other.name})" in "\n".join(page.read_text("utf-8").split("\n")[:6])


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    text = FENCED.sub("", page.read_text("utf-8"))
    links = re.findall(r"(?<!`)\[[^]\n]*\]\(([^)#\s]+)", text)
    assert [link for link in links if ":" not in link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_readme_is_short(name: str) -> None:
    assert len((ROOT / name).read_bytes()) <= README_BYTES


@pytest.mark.parametrize("name", ["demo", "tests"])
def test_the_readme_has_the_commands_that_ci_runs(name: str) -> None:
    _, mark, after = (ROOT / "README.md").read_text("utf-8").partition(f"<!-- {name} -->\n```sh\n")
    assert mark
    assert after.partition("```")[0].count("\n") == 2
