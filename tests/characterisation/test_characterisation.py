"""The stored accounts are decided as they were before: a figure that moves by a cent has to be explained."""

from __future__ import annotations

import characterise
import pandas as pd
import pytest


@pytest.mark.parametrize("name", characterise.names())
def test_the_list_and_its_summary_are_as_before(name: str) -> None:
    found = characterise.difference(name)
    assert not found, f"\n{found}"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """kept(before, now): the differences between an account's stored list and what the tuner says now."""
    monkeypatch.setattr(characterise, "ACCOUNTS", tmp_path)
    (tmp_path / "one").mkdir()

    def build(before: pd.DataFrame, now: pd.DataFrame) -> list[str]:
        (tmp_path / "one" / characterise.ACTIONS).write_text(characterise._csv(before), "utf-8")
        monkeypatch.setattr(characterise, "results", lambda _: {characterise.ACTIONS: characterise._csv(now)})
        return characterise.difference("one").splitlines()

    return build


def words(*bids: float) -> pd.DataFrame:
    return pd.DataFrame({"keyword": [f"w{at}" for at in range(len(bids))], "action": "keep", "bid": bids})


def test_a_cent_is_named_with_row_and_column_and_rounding_is_not(kept) -> None:
    assert kept(words(1.0, 2.0), words(1.0, 2.0014)) == []
    assert kept(words(1.0, 2.0), words(1.0, 2.01)) == ["one/actions.csv:  row w1, bid: '2' → '2.01'"]


def test_a_text_must_be_the_same(kept) -> None:
    [line] = kept(words(1.0), words(1.0).assign(action="watch"))
    assert line.endswith("row w0, action: 'keep' → 'watch'")


def test_rows_and_columns_that_are_gone_and_another_order_are_named(kept) -> None:
    assert kept(words(1.0, 2.0), words(1.0)) == ["one/actions.csv:  row w1 is gone"]
    assert kept(words(1.0), words(1.0).drop(columns="bid")) == ["one/actions.csv:  column bid is gone"]
    [line] = kept(words(1.0, 2.0), words(1.0, 2.0).iloc[::-1])
    assert line.endswith("the order differs from row 1: w0 → w1")
    assert kept(words(1.0), words(1.0).assign(more=1.0)) == []


def test_ten_differences_are_shown_and_the_rest_counted(kept) -> None:
    found = kept(words(*range(14)), words(*range(1, 15)))
    assert len(found) == 11
    assert found[-1] == "… and 4 more"


def test_the_command_refuses_to_overwrite(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(characterise, "ACCOUNTS", tmp_path)
    monkeypatch.setattr(characterise, "results", lambda _: {characterise.ACTIONS: "keyword,bid\na,2\n"})
    path = tmp_path / "one" / characterise.ACTIONS
    path.parent.mkdir()
    path.write_text("keyword,bid\na,1\n", "utf-8")
    monkeypatch.setattr("sys.argv", ["characterise.py", "one"])
    assert characterise.main() == 1
    assert "row a, bid: '1' → '2'" in capsys.readouterr().out
    assert path.read_text("utf-8") == "keyword,bid\na,1\n"
    monkeypatch.setattr("sys.argv", ["characterise.py", "--overwrite", "one"])
    assert characterise.main() == 0
    assert path.read_text("utf-8") == "keyword,bid\na,2\n"
