"""Each word stands in docs/glossary.md once; every action, kind and column is explained."""

from __future__ import annotations

from collections import Counter

import make_glossary as made
import pytest

from ppc_tuner import columns
from ppc_tuner.columns import ACTIONS, COLUMNS, KINDS


def terms(lang: str) -> list[str]:
    return [word["term"][lang].casefold() for section in made.words() for word in section["words"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_word_stands_once(lang: str) -> None:
    twice = [term for term, times in Counter(terms(lang)).items() if times > 1]
    assert twice == []
    labels = {column.label[lang].casefold() for column in COLUMNS.values()}
    in_columns_too = set(terms(lang)) & labels
    # The kind of word called main word has the name of the column that holds it.
    assert in_columns_too <= {"main word"}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("values", [ACTIONS, KINDS], ids=["actions", "kinds"])
def test_every_action_and_kind_is_explained(lang: str, values: dict[str, columns.Text]) -> None:
    assert {text[lang].casefold() for text in values.values()} <= set(terms(lang))


def test_every_column_has_its_line() -> None:
    page = made.page()
    missing = [name for name in COLUMNS if f"| `{name}` |" not in page and not made.INTERVAL.search(name)]
    assert missing == []
    assert "`_low80`, `_high80`, `_low90`, `_high90`" in page
