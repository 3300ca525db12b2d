"""Campaigns with smart bidding: no bid is moved there, and a table says which target would pay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from accounts import account, word, words

from ppc_tuner import tune
from ppc_tuner.listing import Result

MANUAL = ("Manual CPC", "CPC (enhanced)", "Enhanced CPC", "人工每次点击费用出价", "CPC manual", " --")
SMART = (
    "Maximize conversions",
    "Target ROAS",
    "Target CPA",
    "Maximize clicks",
    "目标广告支出回报率",
    "Autumn tROAS",
)


def google(folder: Path, strategy: str, header: str = "Bid strategy", margin: float | None = 0.4) -> Result:
    lines = [
        f"Enabled,tent {n},Phrase match,Tents,G,EUR,--,{strategy},3000,100,50.00,10.00,600.00"
        for n in range(6)
    ]
    head = (
        'Search keyword report\n"June 1, 2026 - June 28, 2026"\nKeyword status,Keyword,Match type,Campaign,'
        f"Ad group,Currency code,Max. CPC,{header},Impr.,Clicks,Cost,Conversions,Conv. value\n"
    )
    path = folder / "Search keyword report.csv"
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    return tune(path, settings={"margin": margin})


@pytest.mark.parametrize(
    ("strategy", "movable"), [*((one, True) for one in MANUAL), *((one, False) for one in SMART)]
)
def test_the_column_alone_tells(tmp_path: Path, strategy: str, movable: bool) -> None:
    result = google(tmp_path, strategy)
    assert result.actions["rule"].eq("not-biddable").any() != movable
    assert result.summary["smart_campaigns"].empty == movable


def test_microsoft_names_it_too(tmp_path: Path) -> None:
    path = tmp_path / "Keyword report.csv"
    path.write_text(
        "Day,Campaign name,Ad group,Keyword,Bid strategy type,Current maximum CPC,Impressions,Clicks,Spend,"
        "Conversions,Revenue\n"
        "2026-06-01,C,G,tent,TargetRoas,1.00,900,30,20.00,3,200.00\n"
        "2026-06-01,C,G,stove,EnhancedCpc,1.00,900,30,20.00,3,200.00\n",
        encoding="utf-8",
    )
    facts = tune(path).reading.facts.set_index("keyword")
    assert facts["biddable"].to_dict() == {"tent": False, "stove": True}


class TestTheTable:
    def test_break_even_and_target_by_hand(self, tmp_path: Path) -> None:
        """6 words: cost 300, 60 orders, 3,600. The next click costs 1 + η / ε of the average one."""
        result = google(tmp_path, "Target ROAS")
        [row] = result.summary["smart_campaigns"].to_dict("records")
        response = result.runs[0].settled.response
        dearer = 1 + response.cpc_elasticity / response.click_elasticity
        assert (row["campaign"], row["cost"], row["conversions"]) == ("Tents", 300, 60)
        assert (row["roas"], row["cpa"], row["break_even_roas"]) == pytest.approx((12, 5, 2.5))
        assert row["break_even_cpa"] == pytest.approx(24)
        assert row["target_roas"] == pytest.approx(2.5 * dearer)
        assert row["target_cpa"] == pytest.approx(24 / dearer)
        assert row["break_even_roas"] < row["target_roas_low"] < row["target_roas"] < row["target_roas_high"]
        assert row["target_cpa_low"] < row["target_cpa"] < row["target_cpa_high"] < row["break_even_cpa"]

    def test_without_revenue_it_needs_what_an_order_is_worth(self) -> None:
        smart = {"biddable": False, "unbiddable_as": "smart_bidding", "revenue": None, "bid": None}
        unknown = tune(words(6, **smart)).summary["smart_campaigns"].iloc[0]
        assert np.isnan(unknown["break_even_cpa"])
        assert np.isnan(unknown["target_cpa"])
        told = (
            tune(words(6, **smart), settings={"value_per_conversion": 40}).summary["smart_campaigns"].iloc[0]
        )
        assert told["break_even_cpa"] == pytest.approx(40)
        assert told["cpa"] == pytest.approx(20)
        assert told["target_cpa"] < 40

    def test_where_no_margin_is_known_there_is_a_target_for_each_of_several(self, tmp_path: Path) -> None:
        bare = google(tmp_path, "Target ROAS", margin=None)
        frame = bare.summary["smart_campaigns"].set_index("if_margin")
        assert list(frame.index) == [0.2, 0.35, 0.5]
        for margin, row in frame.iterrows():
            [told] = (
                google(tmp_path, "Target ROAS", margin=margin).summary["smart_campaigns"].to_dict("records")
            )
            for name in ("cost", "target_roas", "target_roas_low", "target_cpa", "break_even_cpa"):
                assert row[name] == pytest.approx(told[name])
            assert np.isnan(told["if_margin"])
        [line] = [text for text in bare.summary["headline"]["text_en"] if "bid on by the platform" in text]
        assert line.startswith("1 campaign is bid on")
        said = " ".join(bare.summary["headline"]["text_en"])
        assert "no word here has a bid that can be moved. To tune for profit, give the margin" in said
        assert "spend is held" not in said
        assert "(cost 300.00)" in line

    def test_only_smart_bidding_stands_in_it(self) -> None:
        package = word("p", campaign="other", biddable=False, unbiddable_as="package")
        smart = word("s", campaign="clever", biddable=False, unbiddable_as="smart_bidding")
        frame = tune(account(words(6, biddable=True), package, smart)).summary["smart_campaigns"]
        assert set(frame["campaign"]) == {"clever"}


def test_the_headline_speaks_only_of_bids_that_can_be_moved(tmp_path: Path) -> None:
    said = " ".join(google(tmp_path, "Target ROAS").summary["headline"]["text_en"])
    assert "6 words (6 without a bid of their own, which cannot be moved), 0 to act on" in said
    assert "as a whole" not in said
    assert "(cost 300.00)" in said


def test_the_sheet_shows_the_target(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    google(tmp_path, "Target ROAS").save(tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert {"Smart bidding", "Target ROAS", "Target, low", "Target, high"} <= texts
