"""Negatives that stand already: what each match type blocks, where, and what is said of orders blocked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from accounts import account, word

from ppc_tuner import tune
from ppc_tuner.context import read_context
from ppc_tuner.context.negatives import blocked_now
from ppc_tuner.errors import ConfigError

TERMS = ("free red kettle", "kettle free", "freed kettle", "free", "red free kettle pot", "免费水壶")


@pytest.fixture
def blocked(tmp_path: Path) -> Any:
    def run(table: str, **columns: str) -> dict[str, str]:
        path = tmp_path / "negatives.csv"
        path.write_text(table, encoding="utf-8")
        figures = pd.DataFrame({"level": "search_term", "search_term": TERMS, "keyword": "k"} | columns)
        found = blocked_now(figures, read_context([path]).negatives)
        return {TERMS[at]: text for at, text in enumerate(found) if isinstance(text, str)}

    return run


class TestWhatIsBlocked:
    @pytest.mark.parametrize(
        ("written", "shown", "stops"),
        [
            ("[Free]", "[free]", ["free"]),
            ('"free kettle"', '"free kettle"', ["red free kettle pot"]),
            ("kettle free", "kettle free", ["free red kettle", "kettle free", "red free kettle pot"]),
            ('"free"', '"free"', ["free red kettle", "kettle free", "free", "red free kettle pot"]),
            ("[kettle  free]", "[kettle free]", ["kettle free"]),
            ("[免费水壶]", "[免费水壶]", ["免费水壶"]),
            ('"免费"', '"免费"', ["免费水壶"]),
            ('"水壶免费"', '"水壶免费"', []),
        ],
    )
    def test_words_as_platforms_match_them(
        self, blocked: Any, written: str, shown: str, stops: list[str]
    ) -> None:
        cell = '"' + written.replace('"', '""') + '"'
        assert blocked(f"negative_keyword\n{cell}\n") == dict.fromkeys(stops, shown)

    @pytest.mark.parametrize(
        ("match", "stops"),
        [("Exact match", 0), ("negativePhrase", 1), ("短语", 1), ("Broad match", 3)],
    )
    def test_the_match_type_of_an_export(self, blocked: Any, match: str, stops: int) -> None:
        assert len(blocked(f"Negative keyword,Match type\nfree kettle,{match}\n")) == stops

    def test_a_list_as_google_exports_it(self, blocked: Any) -> None:
        table = (
            "Negative keyword,Keyword or list,Campaign,Ad group,Level,Match type\n"
            "free,Keyword,{},{},x,Phrase match\n"
        )
        assert len(blocked(table.format("C", "A"), campaign="C", ad_group="A")) == 4
        assert len(blocked(table.format("C", ""), campaign="c ", ad_group="B")) == 4
        assert blocked(table.format("C", "A"), campaign="C", ad_group="B") == {}
        assert blocked(table.format("D", ""), campaign="C", ad_group="A") == {}

    def test_an_unknown_column_is_named(self, blocked: Any) -> None:
        with pytest.raises(ConfigError):
            blocked("negative_keyword,colour\nfree,red\n")


class TestInTheList:
    def run(self, folder: Path, *terms: pd.DataFrame) -> Any:
        path = folder / "negatives.csv"
        path.write_text(
            "negative_keyword,match_type\nsteel kettle,\n".replace("match_type", "negative_match")
        )
        usual = [self.term(f"kettle {number}", 0.5) for number in range(12)]
        return tune(account(*usual, *terms), context=[path], settings={"margin": 0.35})

    def term(self, text: str, orders: float) -> pd.DataFrame:
        figures: dict[str, Any] = {
            "level": "search_term",
            "bid": None,
            "match_type": "broad",
            "item_id": None,
        }
        return word("kettle", search_term=text, conversions=orders, revenue=100 * orders, **figures)

    def test_what_is_blocked_is_neither_added_nor_excluded_again_and_its_orders_are_said(
        self, tmp_path: Path
    ) -> None:
        waste = self.term("steel pot kettle", 0.0)
        made = self.run(tmp_path, self.term("kettle steel", 2.0), self.term("copper kettle", 2.0), waste)
        rows = made.actions.set_index("search_term")
        assert rows.loc["copper kettle", "action"] == "add"
        for text in ("kettle steel", "steel pot kettle"):
            assert rows.loc[text, ["action", "gated_by"]].tolist() == ["keep", "blocked-already"]
        [said] = [text for text in made.summary["headline"]["text_en"] if "negatives block" in text]
        assert "search terms that sold: 1, with 56 orders" in said
        assert "steel kettle blocks kettle steel" in said
