"""What makes two rows the same word or place, and the form in which texts are compared."""

from __future__ import annotations

import pandas as pd
import pytest

from ppc_tuner import identity
from ppc_tuner.columns import FACTS


def one(text: str) -> pd.Series:
    return pd.Series([text], dtype="str")


@pytest.mark.parametrize("name", ["ACCOUNT", "PLACE", "ITEM", "KEYWORD", "ROW", "BID_ON", "WORD", "SPACED"])
def test_keys_are_columns_of_facts_each_once(name: str) -> None:
    columns = getattr(identity, name)
    assert set(columns) <= set(FACTS)
    assert len(set(columns)) == len(columns)


def test_a_row_is_told_apart_by_all_that_names_it() -> None:
    assert set(identity.ROW) == {
        *identity.ACCOUNT, *identity.SPLIT, *identity.PLACE, *identity.ITEM, *identity.WORD, "match_type",
    }  # fmt: skip
    assert set(identity.ROW) - set(identity.BID_ON) == {"currency", "search_term", *identity.SPLIT}


def test_folding() -> None:
    assert identity.folded(one(" ＡＢＣ\u3000 Down\u00a0Jacket ")).iloc[0] == "abc down jacket"
    assert identity.folded(one(" ＡＢＣ  Ab "), width=False).iloc[0] == "ａｂｃ ab"
    assert identity.folded(pd.Series([None], dtype="str")).isna().all()


@pytest.mark.parametrize("written", ["[a b]", '"a b"', "+a +b", "a b"])
def test_signs_of_match_types(written: str) -> None:
    assert identity.without_match_syntax(one(written)).iloc[0] == "a b"


def test_a_plus_within_a_word_is_part_of_it() -> None:
    assert identity.without_match_syntax(one("c++ a+b")).iloc[0] == "c++ a+b"


def test_signs_stay_where_they_alone_tell_the_match_type() -> None:
    bare = pd.DataFrame({"keyword": ["[A  b]"], "campaign": [" Winter  Sale"]}, dtype="str")
    told = bare.assign(match_type="exact")
    assert identity.comparable(bare)["keyword"].tolist() == ["[a b]"]
    assert identity.comparable(told)["keyword"].tolist() == ["a b"]
    assert identity.comparable(told)["campaign"].tolist() == ["Winter Sale"]
    assert bare["keyword"].tolist() == ["[A  b]"]


def test_rows_stand_in_an_order_of_their_own() -> None:
    """However they are sorted and whatever their ids are, as long as names and figures tell them apart."""
    rows = pd.DataFrame(
        {
            "level": ["keyword"] * 6,
            "keyword": ["a", "b", "a", "c", "b", "a"],
            "keyword_id": list("123456"),
            "date": pd.to_datetime(["2026-07-01"] * 3 + ["2026-07-02"] * 3),
            "clicks": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            "source_row": [2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
        }
    )
    usual = identity.in_own_order(rows, rows["date"])
    assert usual["date"].is_monotonic_increasing
    for seed in range(5):
        other = rows.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(identity.in_own_order(other, other["date"]), usual)
        renamed = other.assign(keyword_id=list("zyxwvu"), source_row=1.0)[::-1]
        assert identity.in_own_order(renamed, renamed["date"])["clicks"].tolist() == usual["clicks"].tolist()


def test_a_fingerprint_is_of_names_alone() -> None:
    one = pd.DataFrame({"keyword": ["a", "b"], "campaign": ["c", "c"]})
    other = pd.DataFrame({"item": ["", ""], "campaign": ["c", "c"], "keyword": ["b", "a"], "clicks": [1, 2]})
    assert identity.fingerprints(one).tolist() == identity.fingerprints(other)[::-1].tolist()
    assert len(set(identity.fingerprints(one))) == 2
