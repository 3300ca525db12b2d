"""Distinct cells of a column, and what was read of them spread back over its rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.files.distinct import distinct, is_blank

TEXTS = ["b", "a", None, "b"]


@pytest.mark.parametrize("dtype", ["str", "object", "category"])
def test_what_is_read_once_stands_in_every_row(dtype: str) -> None:
    column = pd.Series(TEXTS, index=[2, 3, 5, 8], name="c", dtype=dtype)
    found = distinct(column)
    assert sorted(found.cells) == ["a", "b"]
    spread = found.spread(found.cells.str.upper())
    assert spread.fillna("?").to_dict() == {2: "B", 3: "A", 5: "?", 8: "B"}
    assert spread.name == "c"
    assert found.spread(found.cells == "a", missing=True).tolist() == [False, True, True, False]


def test_texts_of_rows_left_out_are_not_asked_about() -> None:
    column = pd.Series(["x", "b", None, "a", "b"], dtype="category").iloc[1:]
    found = distinct(column)
    assert found.cells.tolist() == ["a", "b"]
    assert found.spread(found.cells).fillna("?").tolist() == ["b", "?", "a", "b"]


def test_a_column_without_a_cell() -> None:
    found = distinct(pd.Series([np.nan, np.nan], dtype="str"))
    assert found.spread(found.cells.str.len()).isna().tolist() == [True, True]


@pytest.mark.parametrize("cell", ["", "-", "--", "—", "–", "n/a", "N/A"])
def test_blanks(cell: str) -> None:
    assert is_blank(pd.Series([cell, "a-b", "0"])).tolist() == [True, False, False]
