"""Where words get into each other's way: said with figures, and with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from accounts import account, word, words

from ppc_tuner import tune
from ppc_tuner.listing import Result

TERM: dict[str, Any] = {"level": "search_term", "bid": None, "item_id": None, "match_type": "broad"}


def found(facts: pd.DataFrame, context: Path | None = None) -> tuple[Result, pd.DataFrame]:
    result = tune(facts, context=context, settings={"margin": 0.35}, lang="en")
    return result, result.summary["conflicts"]


class TestNegatives:
    @pytest.mark.parametrize(
        ("orders", "said"), [(2.0, "take the negative away or narrow it"), (0.2, "the negative may stay")]
    )
    def test_one_that_blocks_a_word_that_sold(self, tmp_path: Path, orders: float, said: str) -> None:
        table = tmp_path / "negatives.csv"
        table.write_text("negative_keyword\n[kettle]\n[other1]\n")
        kettle = word("kettle", conversions=orders, revenue=100.0 * orders)
        _, rows = found(account(words(12, conversions=0.0, revenue=0.0), kettle), table)
        assert rows["keyword"].tolist() == ["kettle"]
        reason = rows["reason_en"].iloc[0]
        assert reason.startswith(f"The negative [kettle] blocks it: orders {28 * orders:,.0f},")
        assert reason.endswith(said)


class TestWordsBoughtTwice:
    def test_the_place_where_a_click_leaves_most_should_have_it(self) -> None:
        good = word("kettle", ad_group="a", match_type="exact", conversions=3.0, revenue=300.0)
        poor = word("Kettle", ad_group="b", match_type="broad", conversions=1.0, revenue=100.0)
        result, rows = found(account(words(12), good, poor))
        rows = rows.set_index("ad_group")
        assert list(rows.index) == ["a", "b"]
        listed = result.actions[result.actions["level"] == "keyword"].set_index("ad_group")
        worth, cpc = listed.loc["b", ["worth", "cpc"]]
        assert rows.loc["b", "best_place"] == "plan / a (exact)"
        assert rows.loc["b", "p_beaten"] > 0.95
        assert f"worth {worth:,.2f} and costs {cpc:,.2f} here" in rows.loc["b", "reason_en"]
        assert "best here" in rows.loc["a", "reason_en"]
        assert np.isnan(rows.loc["a", "p_beaten"])

    def test_too_few_clicks_tell_nothing(self) -> None:
        good = word("kettle", ad_group="a", conversions=3.0, revenue=300.0)
        rare = word("kettle", days=1, ad_group="b", clicks=2.0, cost=2.0, conversions=1.0)
        _, rows = found(account(words(12), good, rare))
        assert rows["reason_en"].str.contains("too little to tell").all()
        assert rows["best_place"].isna().all() if "best_place" in rows else True

    @pytest.mark.parametrize(
        "apart", [{"item_id": "2"}, {"channel": "x"}, {"status": "paused"}, {"clicks": 0.0}]
    )
    def test_other_items_channels_and_what_does_not_run_are_no_conflict(self, apart: dict[str, Any]) -> None:
        usual = {"item_id": "1", "channel": "s", "status": "live"}
        one = word("kettle", ad_group="a", **usual)
        other = word("kettle", ad_group="b", **usual | apart | ({"cost": 0.0} if "clicks" in apart else {}))
        _, rows = found(account(words(12, **usual), one, other))
        assert rows.empty


class TestNewWords:
    def terms(self) -> pd.DataFrame:
        poor = {"conversions": 0.5, "revenue": 50.0}
        usual = [word("kettle", search_term=f"kettle {number}", **TERM | poor) for number in range(12)]
        good = {"conversions": 2.0, "revenue": 200.0}
        more = {"clicks": 60.0, "cost": 60.0, "conversions": 6.0, "revenue": 600.0}
        new = word("kettle", search_term="steel kettle", ad_group="b", **TERM | more)
        here = word("kettle", search_term="steel kettle", ad_group="a", **TERM | good)
        return account(*usual, new, here)

    def test_the_places_to_block_it_in_are_named(self) -> None:
        result, rows = found(self.terms())
        added = result.actions[result.actions["action"] == "add"]
        assert added["ad_group"].tolist() == ["b"]
        assert rows[["search_term", "ad_group"]].to_numpy().tolist() == [["steel kettle", "a"]]
        assert (
            rows["reason_en"].iloc[0].startswith("Once 'steel kettle' is added in plan / b, exclude it here")
        )
        assert len(rows) == added["block_places"].sum()

    def test_no_ad_group_is_told_to_exclude_its_own_keyword(self) -> None:
        own = word("Steel Kettle", ad_group="a", match_type="broad", item_id=None)
        result, rows = found(account(self.terms(), own, word("kettle", match_type="broad", item_id=None)))
        assert result.actions.loc[result.actions["action"] == "add", "ad_group"].tolist() == ["b"]
        assert rows["level"].tolist() == ["keyword"]
        assert "competes with this word: a click is worth" in rows["reason_en"].iloc[0]
        assert "exclude it" not in rows["reason_en"].iloc[0]

    def test_they_have_a_sheet_only_where_there_are_any(self, tmp_path: Path) -> None:
        for facts, expected in ((self.terms(), True), (words(12), False)):
            result, _ = found(facts)
            result.save(tmp_path / "list.xlsx", overwrite=True)
            book = openpyxl.load_workbook(tmp_path / "list.xlsx")
            assert ("Conflicts" in book.sheetnames) is expected
        result, _ = found(self.terms())
        result.save(tmp_path / "new.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "new.xlsx")["Conflicts"]
        at = {cell.value: cell.column for cell in sheet[2]}
        assert sheet.cell(3, at["Search term"]).value == "steel kettle"
        assert "exclude it here" in sheet.cell(3, at["Reason"]).value
