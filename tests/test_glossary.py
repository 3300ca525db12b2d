"""docs/glossary.md is current; each word stands in it once; every action, kind and column is explained."""

from __future__ import annotations

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from ppc_tuner import columns
from ppc_tuner.columns import ACTIONS, COLUMNS, KINDS

DOCS = Path(__file__).resolve().parents[1] / "docs"


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_glossary", DOCS / "make_glossary.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def terms(made: ModuleType, lang: str) -> list[str]:
    return [word["term"][lang].casefold() for section in made.words() for word in section["words"]]


def test_the_page_is_up_to_date(made: ModuleType) -> None:
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run python docs/make_glossary.py"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_word_stands_once(made: ModuleType, lang: str) -> None:
    twice = [term for term, times in Counter(terms(made, lang)).items() if times > 1]
    assert twice == []
    labels = {column.label[lang].casefold() for column in COLUMNS.values()}
    in_columns_too = set(terms(made, lang)) & labels
    # The kind of word called main word has the name of the column that holds it.
    assert in_columns_too <= {"main word"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("values", [ACTIONS, KINDS], ids=["actions", "kinds"])
def test_every_action_and_kind_is_explained(
    made: ModuleType, lang: str, values: dict[str, columns.Text]
) -> None:
    assert {text[lang].casefold() for text in values.values()} <= set(terms(made, lang))


def test_every_column_has_its_line(made: ModuleType) -> None:
    page = made.page()
    missing = [name for name in COLUMNS if f"| `{name}` |" not in page and not made.INTERVAL.search(name)]
    assert missing == []
    assert "`_low80`, `_high80`, `_low90`, `_high90`" in page
