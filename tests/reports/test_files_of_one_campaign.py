"""Downloads from inside one campaign or ad group, which have no column for it; lists that see a part
only."""

from __future__ import annotations

from pathlib import Path

import pytest

from ppc_tuner import tune
from ppc_tuner.errors import InputError
from ppc_tuner.reports import Reading, read_reports

TOP = 'Search keyword report\n"June 1, 2026 - June 28, 2026"\n'
FIGURES = "Currency code,Max. CPC,Impr.,Clicks,Cost,Conversions,Conv. value"


def read(folder: Path, header: str, *rows: str, figures: str = FIGURES) -> Reading:
    path = folder / "Search keyword report.csv"
    path.write_text(TOP + "\n".join([f"{header},{figures}", *rows]), "utf-8")
    return read_reports(path, as_of="2026-12-31")


@pytest.mark.parametrize(
    ("header", "place", "missing"),
    [
        ("Keyword,Match type,Ad group", "Broad match,g", "campaign,"),
        ("Keyword,Match type", "Broad match", "campaign and ad group,"),
        ("关键字,匹配类型,广告组", "广泛匹配,g", "campaign,"),
    ],
)
def test_it_is_read_and_told(tmp_path: Path, header: str, place: str, missing: str) -> None:
    reading = read(tmp_path, header, f"kettle,{place},USD,1,100,10,9,2,40", f"pot,{place},USD,1,100,10,9,0,0")
    assert reading.facts["clicks"].tolist() == [10, 10]
    (told,) = reading.doubts
    assert f"there is no column for the {missing}" in told.en
    assert "repeat" not in told.en


def test_a_word_that_stands_in_two_rows_is_told(tmp_path: Path) -> None:
    row = "kettle,Broad match,g,USD,1,100,{},9,2,40"
    reading = read(tmp_path, "Keyword,Match type,Ad group", row.format(10), row.format(12))
    assert "1 rows repeat a word" in reading.doubts[0].en


def test_a_campaign_without_its_ad_group_is_not_taken_for_such_a_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read(tmp_path, "Keyword,Match type,Campaign", "kettle,Broad match,c,USD,1,100,10,9,2,40")


def test_an_id_of_the_campaign_is_enough(tmp_path: Path) -> None:
    header, row = "Keyword,Match type,Campaign ID,Ad group", "kettle,Broad match,7,g,USD,1,100,10,9,2,40"
    reading = read(tmp_path, header, row)
    assert (reading.facts["campaign_id"].tolist(), reading.doubts) == (["7"], ())


def test_a_term_called_total_is_no_total(tmp_path: Path) -> None:
    rows = "total,Performance Max,9,1,2,0\nTotal: Campaign,,9,1,2,0"
    reading = read(tmp_path, "Search term,Match type", rows, figures="Impr.,Clicks,Cost,Conversions")
    assert reading.facts["search_term"].tolist() == ["total"]


class TestHiddenShare:
    HEADER = "Search term,Match type,Campaign,Ad group"

    def list_of(self, folder: Path, *totals: str) -> Reading:
        rows = [f"kettle {i},Broad match,c,g,USD,40,4,8,0" for i in range(50)]
        return read(
            folder, self.HEADER, *rows, *totals, figures="Currency code,Impr.,Clicks,Cost,Conversions"
        )

    OTHER = "Total: Other search terms,,,,USD,8000,800,1600,36"

    @pytest.mark.parametrize(
        "totals", [(OTHER,), (OTHER, "Total: Account,,,,USD,10000,1000,2000,36")], ids=["other", "account"]
    )
    def test_what_share_is_listed_is_said_first(self, tmp_path: Path, totals: tuple[str, ...]) -> None:
        reading = self.list_of(tmp_path, "Total: Search terms,,,,USD,2000,200,400,0", *totals)
        assert "20% of the cost (400.00 of 2,000.00)" in reading.doubts[0].en
        assert "0% of the orders (0.00 of 36.00)" in reading.doubts[0].en
        result = tune(tmp_path / "Search keyword report.csv", as_of="2026-12-31")
        assert set(result.actions["action"]) <= {"keep", "watch"}

    def test_a_list_that_holds_all_says_nothing(self, tmp_path: Path) -> None:
        assert self.list_of(tmp_path, "Total: Account,,,,USD,2000,200,400,0").doubts == ()


@pytest.mark.parametrize(("currency", "whole"), [("JPY", True), ("KRW", True), ("USD", False)])
def test_bids_move_by_what_the_currency_allows(tmp_path: Path, currency: str, whole: bool) -> None:
    rows = (f"kettle {i},Broad match,g,{currency},45.26,20000,1000,45000,2,400" for i in range(5))
    read(tmp_path, "Keyword,Match type,Ad group", *rows)
    actions = tune(tmp_path / "Search keyword report.csv", as_of="2026-12-31").actions
    new = actions.loc[actions["bid_change"].between(-0.99, 0.99) & (actions["bid_change"] != 0), "new_bid"]
    assert len(new)
    assert bool((new % 1 == 0).all()) == whole


def test_a_layout_that_finds_all_of_its_columns_goes_before_one_that_misses_the_campaign(
    tmp_path: Path,
) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: own\nname: own\ncolumns:\n  keyword: [Keyword]\n  ad_group: [Ad group]\n  impressions: [Impr.]\n"
        "  clicks: [Clicks]\n  cost: [Cost]\nlayouts:\n  - id: words\n    name: words\n    confirmed: false\n"
        "    level: keyword\n    required: [keyword, ad_group, impressions, clicks, cost]\n",
        "utf-8",
    )
    path = tmp_path / "x.csv"
    path.write_text("Keyword,Ad group,Impr.,Clicks,Cost\nkettle,g,9,1,2\n", "utf-8")
    assert read_reports(path).files[0].platform == "google_ads"
    assert read_reports(path, formats=[own]).files[0].platform == "own"
