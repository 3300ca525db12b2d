"""Automatic and product targets are baskets of searches and pages: no words, by text or by match type."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from accounts import account, decided, word, words

from ppc_tuner.evidence.features import feature_matrix
from ppc_tuner.targeting import is_target

TARGETS = (
    "close-match", "Loose-Match", "substitutes", "complements", "*", 'asin="B0ABCDEFGH"',
    'asin-expanded="B0ABCDEFGH"', 'category="Kettles" brand="X"', "category=123",
)  # fmt: skip
WORDS = ("kettle", "close match", "category", "asin b0abc", "替代商品", "* kettle")


class TestIsTarget:
    @pytest.mark.parametrize("text", TARGETS)
    def test_an_expression_is_one(self, text: str) -> None:
        assert is_target(pd.DataFrame({"keyword": [text]})).tolist() == [True]

    @pytest.mark.parametrize("text", WORDS)
    def test_a_word_is_none(self, text: str) -> None:
        assert is_target(pd.DataFrame({"keyword": [text], "match_type": ["broad"]})).tolist() == [False]

    def test_no_match_type_makes_it_one_in_any_language(self) -> None:
        rows = pd.DataFrame({"keyword": ["紧密匹配", "kettle", None], "match_type": ["-", "exact", None]})
        assert is_target(rows).tolist() == [True, False, False]


class TestInAnAccount:
    @pytest.fixture
    def rows(self) -> pd.DataFrame:
        """Two items, each bought by words and by automatic targets of the same names; the second sells much
        less."""
        poor = {"item_id": "2", "campaign": "b", "conversions": 0.4, "revenue": 40.0}
        return decided(
            account(
                words(6, "kettle "), words(6, "glove ", **poor),
                word("close-match", clicks=60.0, cost=60.0, conversions=6.0, revenue=600.0),
                word("close-match", clicks=60.0, cost=60.0, **poor), word('asin="B0A"'),
            )
        )  # fmt: skip

    def test_it_has_no_kind_and_no_main_word(self, rows: pd.DataFrame) -> None:
        targets = rows.loc[["close-match", 'asin="B0A"']]
        assert targets[["kind", "main_word"]].isna().all(axis=None)
        assert not rows.drop(index=targets.index)["kind"].isna().any()

    def test_it_is_the_main_word_of_no_other(self, rows: pd.DataFrame) -> None:
        assert not rows["main_word"].eq("close-match").any()

    def test_it_never_competes_with_itself(self, rows: pd.DataFrame) -> None:
        assert rows["places"].isna().all()

    def test_its_name_is_no_text_that_foretells_orders(self) -> None:
        rows = pd.DataFrame({"keyword": ["close-match"] * 4 + ["steel kettle"] * 4})
        matrix = feature_matrix(rows, np.zeros((8, 1)), np.arange(8)).toarray()
        assert not matrix[:4].any()
        assert matrix[4:].any()


def test_the_same_target_of_one_campaign_never_competes() -> None:
    """Not even within one item: each shows where the other does not."""
    rows = decided(account(words(8), word("*", ad_group="a"), word("*", ad_group="b")))
    assert rows["places"].isna().all()


def test_items_not_known_compete_within_one_campaign_alone() -> None:
    same = [word("pot", item_id=None, campaign=plan, ad_group=unit) for plan, unit in ("aa", "ab", "bc")]
    rows = decided(account(*same, words(8, item_id=None)))
    assert rows.loc["pot"].set_index("ad_group")["places"].fillna(0).to_dict() == {"a": 2, "b": 2, "c": 0}
