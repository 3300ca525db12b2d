"""Real exports, where the folder with them is there: what is read equals what the files are known to add up
to."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.cli.inspection import describe
from ppc_tuner.errors import InputError
from ppc_tuner.reports import Reading, read_reports

REPO = Path(__file__).resolve().parents[2]
DATA = REPO / "../shared/data"
AIR_FRANCE = REPO / "docs/examples/air_france.yaml"
AUTUMN = "amazon_ads/targeting_daily_2019-08-24_to_11-21.xlsx"
EARLY = "amazon_ads/targeting_daily_2019-12-01_to_12-18.xlsx"
LATE = "amazon_ads/targeting_daily_2019-12-01_to_12-30.xlsx"
TERMS = "amazon_ads/search_terms_summary_2019-05.xlsx"
PADDED = "amazon_ads/search_terms_summary_2019-05_padded_headers.xlsx"
BULK = "amazon_ads/bulk_operations_v1_2019-12-06.xlsx"
KEYWORDS = "google_ads/search_keyword_report_2020-08_by_device.csv"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not here")


def read(*names: str) -> Reading:
    return read_reports(
        [DATA / name for name in names], formats=[AIR_FRANCE] if "air_france" in names[0] else ()
    )


def sums(facts: pd.DataFrame) -> dict[str, float]:
    names = [name for name in ("impressions", "clicks", "cost", "conversions", "revenue") if name in facts]
    return {name: round(float(facts[name].sum()), 2) for name in names}


@pytest.mark.parametrize(
    ("files", "rows", "known"),
    [
        ([KEYWORDS], 675, {"impressions": 43665, "clicks": 1643, "cost": 18950.07, "conversions": 62}),
        (
            ["google_ads/search_terms_report_2024-02.csv"],
            29762,
            {"clicks": 2910, "cost": 45131.01, "conversions": 194.33},
        ),
        ([AUTUMN], 15415, {"clicks": 2271, "cost": 1763.80, "conversions": 40, "revenue": 1754.58}),
        ([EARLY], 6130, {"clicks": 1474, "cost": 889.72, "conversions": 24, "revenue": 1252.62}),
        ([LATE], 9438, {"clicks": 2270, "cost": 1407.98, "conversions": 42, "revenue": 2001.37}),
        ([EARLY, LATE], 9438, {"clicks": 2270, "cost": 1407.98, "conversions": 42, "revenue": 2001.37}),
        (
            [AUTUMN, EARLY, LATE],
            24853,
            {"clicks": 4541, "cost": 3171.78, "conversions": 82, "revenue": 3755.95},
        ),
        ([TERMS], 24575, {"clicks": 35546, "cost": 6139.42, "conversions": 998, "revenue": 24650.24}),
        ([PADDED], 24575, {"clicks": 35546, "cost": 6139.42, "conversions": 998, "revenue": 24650.24}),
        ([TERMS, PADDED], 24575, {"clicks": 35546, "cost": 6139.42, "conversions": 998, "revenue": 24650.24}),
        (
            ["air_france/keywords_doubleclick.xls"],
            4510,
            {"clicks": 512849, "cost": 755315.92, "conversions": 3939, "revenue": 4661912.55},
        ),
    ],
)
def test_totals_to_the_cent(files: list[str], rows: int, known: dict[str, float]) -> None:
    facts = read(*files).facts
    assert len(facts) == rows
    assert sums(facts).items() >= known.items()


def test_google_keywords_by_device() -> None:
    reading = read(KEYWORDS)
    facts = reading.facts
    assert facts["device"].nunique() == 5
    assert len(facts[["campaign", "ad_group", "keyword", "match_type"]].drop_duplicates()) == 135
    assert "revenue" not in facts
    assert [(one.rows, one.reason.en) for one in reading.files[0].dropped] == [(34, "total row")]
    assert facts["status"].value_counts().to_dict() == {"paused": 490, "live": 185}
    assert not reading.platforms["google_ads"].bid.by_device


def test_older_days_are_handed_on() -> None:
    older = read(EARLY, LATE).superseded
    assert len(older) == 6130
    assert sums(older)["conversions"] == 24


def test_summaries_have_one_period_and_list_their_contradictions() -> None:
    reading = read(TERMS)
    file = reading.files[0]
    assert (file.time_unit, file.first_day, file.last_day) == (
        "summary",
        pd.Timestamp("2019-05-01"),
        pd.Timestamp("2019-05-31"),
    )
    reasons = pd.Series([one.reason.en for one in file.implausible]).value_counts().to_dict()
    assert reasons == {"orders without a click": 24, "more clicks than impressions": 13}


def test_air_france_by_its_own_format_file() -> None:
    reading = read("air_france/keywords_doubleclick.xls")
    facts = reading.facts
    assert facts["bid"].isna().sum() == 228
    assert (facts["status"] == "paused").sum() == 2550 + 99
    assert facts["keyword_id"].nunique() == 4510
    assert reading.files[0].time_unit == "undated"
    assert reading.platforms["air_france"].pack == "common"


def test_without_its_format_file_air_france_is_not_recognised() -> None:
    with pytest.raises(InputError, match="no known report layout") as caught:
        read_reports(DATA / "air_france/keywords_doubleclick.xls")
    assert "lacks" in caught.value.render("en")


def test_a_microsoft_report_has_its_days_above_the_header() -> None:
    reading = read("microsoft_ads/ui_keyword_report_excerpt.tsv")
    facts = reading.facts
    # 6/16/2026 in the same line proves that the month comes first.
    assert (reading.files[0].first_day, reading.files[0].last_day) == (
        pd.Timestamp("2026-06-10"),
        pd.Timestamp("2026-06-16"),
    )
    assert facts["keyword_id"].tolist() == ["82945799304067", "83014521198066"]
    assert (facts["bid"].tolist(), facts["match_type"].tolist()) == ([7.62, 11.07], ["phrase", "phrase"])
    assert sums(facts) == {"impressions": 651, "clicks": 104, "cost": 394.79, "conversions": 20}


def test_an_item_report_is_read_and_decides_nothing() -> None:
    reading = read("zhitongche/wanxiangtai_item_report_excerpt_utf8.csv")
    assert len(reading.facts) == 0
    assert sums(reading.items) == {
        "impressions": 14890, "clicks": 1036, "cost": 940.04, "conversions": 1, "revenue": 7979,
    }  # fmt: skip
    assert reading.files[0].confirmed


def test_the_bulk_file_gives_the_december_targets_their_bids() -> None:
    reading = read(EARLY, LATE, BULK)
    (join,) = reading.bids
    words = reading.facts.drop_duplicates(["campaign", "ad_group", "keyword", "match_type"])
    known = reading.facts[reading.facts["bid"].notna()].drop_duplicates(
        ["campaign", "ad_group", "keyword", "match_type"]
    )
    assert (len(words), join.words, join.by_id) == (1084, 1084, 0)
    # 342 keywords; the file also holds the bids of automatic targets, which have no match type.
    assert known["match_type"].ne("-").sum() == 342
    assert join.by_text == len(known) == 342 + 19
    assert (join.campaigns, join.shared_campaigns) == (28, 11)
    assert sums(reading.facts)["cost"] == 1407.98
    said = "\n".join(describe(reading, "en"))
    assert "342 of them are keywords, 19 automatic and product targets" in said
    assert "361 of the reports' 1,084 words got their bid from it" in said
    assert "11 of the reports' 28 campaigns" in said


def test_ad_groups_lend_their_bid_to_keywords_without_one() -> None:
    raw = pd.read_excel(DATA / BULK, sheet_name="Sponsored Products Campaigns", dtype="str")
    group = raw[raw["Record Type"] == "Ad Group"].set_index(["Campaign", "Ad Group"])["Max Bid"].astype(float)
    reading = read(LATE, BULK)
    row = reading.facts[reading.facts["bid"].notna()].iloc[0]
    own = raw[
        (raw["Campaign"] == row["campaign"])
        & (raw["Ad Group"] == row["ad_group"])
        & (raw["Keyword or Product Targeting"] == row["keyword"])
        & (raw["Match Type"] == row["match_type"])
    ]
    bid = own["Max Bid"].astype(float).iloc[0]
    assert row["bid"] == (bid if pd.notna(bid) else group[(row["campaign"], row["ad_group"])])


def test_both_summary_twins_say_the_same() -> None:
    one, other = (read(name).facts.drop(columns=["source_file", "exported_on"]) for name in (TERMS, PADDED))
    pd.testing.assert_frame_equal(one, other)


def test_three_overlapping_daily_files_give_each_day_once() -> None:
    facts = read(AUTUMN, EARLY, LATE).facts
    keys = ["date", "campaign", "ad_group", "keyword", "match_type", "currency"]
    assert (
        facts["date"].nunique() == read(AUTUMN).facts["date"].nunique() + read(LATE).facts["date"].nunique()
    )
    late = facts[facts["date"] >= pd.Timestamp("2019-12-01")]
    assert late["source_file"].str.endswith(Path(LATE).name).all()
    assert facts.groupby(keys).size().max() == read(LATE).facts.groupby(keys).size().max()
