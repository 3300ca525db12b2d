"""Bulk files hold bids and figures: reports where they stand alone, lists of bids beside another report."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ppc_tuner import tune
from ppc_tuner.cli.inspection import describe
from ppc_tuner.errors import NoRowsError, UsageError
from ppc_tuner.reports import read_reports

HEADER = [
    "Product", "Entity", "Campaign ID", "Ad Group ID", "Keyword ID", "Product Targeting ID",
    "Campaign name (Informational only)", "Ad group name (Informational only)", "State",
    "Ad Group Default Bid",
    "Bid", "Keyword text", "Match type", "Product targeting expression", "Placement", "Percentage",
    "Impressions", "Clicks", "Spend", "Sales", "Orders",
]  # fmt: skip
TERMS = [
    "Product", "Campaign ID", "Ad Group ID", "Keyword ID", "Product Targeting ID",
    "Campaign Name (Informational only)", "Ad Group Name (Informational only)", "State", "Keyword Text",
    "Match Type", "Product Targeting Expression", "Customer Search Term", "Impressions", "Clicks", "Spend",
    "Sales", "Orders",
]  # fmt: skip
SP = "Sponsored Products"
NO_FIGURES = (None,) * 5
PLACEMENT = [SP, "Bidding adjustment", "1", "", "", "", "Kettles", "", "", "", "", "", "", "", "Top", 50]
KETTLE, CLOSE = (1000, 50, 40.0, 200.0, 5), (500, 30, 18.0, 60.0, 2)
TARGETING = (
    "Start Date,End Date,Portfolio name,Currency,Campaign Name,Ad Group Name,Targeting,Match Type,"
    "Impressions,Clicks,Spend,7 Day Total Sales ,7 Day Total Orders (#)\n"
    "2026-05-01,2026-05-28,-,USD,Kettles,All,kettle,EXACT,900,45,36.00,180,4\n"
    "2026-05-01,2026-05-28,-,USD,Kettles,All,close-match,-,400,25,15.00,60,2\n"
)
TERM_REPORT = TARGETING.replace("Match Type,", "Match Type,Customer Search Term,").replace(
    "EXACT,", "EXACT,red kettle,"
)
DATED = "bulk-a1b2-20260601-20260628-1.xlsx"


def keyword(figures: tuple[float | None, ...], entity: str = "Keyword", bid: float | None = 0.9) -> list:
    place = ["1", "2", "3", "", "Kettles", "All", "enabled", ""]
    return [SP, entity, *place, bid, "kettle", "Exact", "", "", None, *figures]


def target(figures: tuple[float | None, ...], entity: str = "Product targeting") -> list:
    place = ["1", "2", "", "4", "Kettles", "All", "enabled", ""]
    return [SP, entity, *place, 0.7, "", "", "close-match", "", None, *figures]


def bulk(folder: Path, *rows: list, name: str = DATED, terms: bool = False, product: str = SP) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = f"{product} Campaigns"
    for row in [HEADER, *rows]:
        sheet.append([product if cell == SP else cell for cell in row])
    if terms:
        other = book.create_sheet("SP Search Term Report")
        other.append(TERMS)
        other.append(
            [SP, "1", "2", "3", "", "Kettles", "All", "enabled", "kettle", "Exact", "", "red kettle", *KETTLE]
        )
    book.save(folder / name)
    return folder / name


def test_it_is_a_report_of_the_days_in_its_name(tmp_path: Path) -> None:
    group = [SP, "AD GROUP", "1", "2", "", "", "Kettles", "All", "enabled", 0.55, "", "", "", "", "", None]
    rows = ([*PLACEMENT, *KETTLE], [*group, *KETTLE], keyword(KETTLE, "KEYWORD", None), target(CLOSE))
    reading = read_reports(bulk(tmp_path, *rows), as_of="2026-12-31")
    (file,) = reading.files
    assert (f"{file.first_day:%Y-%m-%d}", f"{file.last_day:%Y-%m-%d}") == ("2026-06-01", "2026-06-28")
    facts = reading.facts
    # The placement and the ad group hold the same clicks, and count once.
    assert facts[["clicks", "conversions", "revenue"]].sum().tolist() == [80, 7, 260]
    assert facts[["keyword", "keyword_id"]].to_numpy().tolist() == [["kettle", "3"], ["close-match", "4"]]
    assert facts["bid"].tolist() == [0.55, 0.7]
    assert reading.placements.to_numpy().tolist() == [["amazon_ads", "1", "Kettles", "Top", 0.5]]


def test_without_days_in_its_name_it_is_undated_or_of_the_period_said(tmp_path: Path) -> None:
    path = bulk(tmp_path, keyword(KETTLE), name="bulk.xlsx")
    assert read_reports(path).files[0].time_unit == "undated"
    said = read_reports(path, period=("2026-06-01", "2026-06-28"), as_of="2026-12-31")
    assert said.files[0].time_unit == "summary"
    dated = bulk(tmp_path, keyword(KETTLE))
    with pytest.raises(UsageError):
        read_reports(dated, period=("2026-06-01", "2026-06-28"), as_of="2026-12-31")


def test_beside_a_targeting_report_it_gives_bids_to_words_and_targets(tmp_path: Path) -> None:
    bulk(tmp_path, keyword(KETTLE), target(CLOSE), terms=True)
    (tmp_path / "targeting.csv").write_text(TARGETING, "utf-8")
    reading = read_reports(tmp_path, as_of="2026-12-31")
    words = reading.facts[reading.facts["level"] == "keyword"]
    assert words["clicks"].sum() == 70
    assert f"{words['period_end'].max():%Y-%m-%d}" == "2026-05-28"
    assert words.set_index("keyword")["bid"].to_dict() == {"kettle": 0.9, "close-match": 0.7}
    # Nothing else tells of search terms, so those of the workbook count.
    assert (reading.facts["level"] == "search_term").sum() == 1


def test_beside_a_search_term_report_its_own_search_terms_do_not_count(tmp_path: Path) -> None:
    bulk(tmp_path, keyword(KETTLE), terms=True)
    (tmp_path / "terms.csv").write_text("".join(TERM_REPORT.splitlines(keepends=True)[:2]), "utf-8")
    reading = read_reports(tmp_path, as_of="2026-12-31")
    assert reading.facts.groupby("level")["clicks"].sum().to_dict() == {"keyword": 50, "search_term": 45}
    assert any("search term report beside it counts" in line for line in describe(reading, "en"))


def test_without_figures_it_is_a_list_of_bids_and_says_what_to_download(tmp_path: Path) -> None:
    path = bulk(tmp_path, keyword(NO_FIGURES), target(NO_FIGURES))
    with pytest.raises(NoRowsError, match="bids, but no figures") as caught:
        read_reports(path)
    assert "type Targeting" in caught.value.render("en")
    assert "投放" in caught.value.render("zh")


def test_other_kinds_of_advertising_in_the_workbook_are_not_counted(tmp_path: Path) -> None:
    path = bulk(tmp_path, keyword(KETTLE))
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("Sponsored Brands campaigns")
    for row in [HEADER, keyword(CLOSE)]:
        sheet.append(["Sponsored Brands" if cell == SP else cell for cell in row])
    book.save(path)
    reading = read_reports(path, as_of="2026-12-31")
    assert reading.facts["clicks"].sum() == 50
    assert [file.sheet for file in reading.files] == ["Sponsored Products Campaigns"]
    assert "Sponsored Brands campaigns" in reading.skipped[0].label


def test_its_words_and_targets_get_new_bids_in_money(tmp_path: Path) -> None:
    dear = (40_000, 2_000, 1_200.0, 1_000.0, 40)
    actions = tune(bulk(tmp_path, keyword(dear), target(dear)), as_of="2026-12-31").actions
    assert (actions["bid_basis"] == "given").all()
    assert actions.set_index("keyword")["bid"].to_dict() == {"kettle": 0.9, "close-match": 0.7}
    assert (actions["new_bid"] < actions["bid"]).all()
