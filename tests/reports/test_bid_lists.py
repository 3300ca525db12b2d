"""Bids of lists, joined to the words of reports by id, else by text within the ad group."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.errors import ConfigError, InputError, NoRowsError
from ppc_tuner.reports import Reading, describe, read_reports

HEADER = "platform,date,campaign,ad_group,keyword_id,keyword,match_type,impressions,clicks,cost"
ROWS = (
    "x,2026-07-01,c,g,1,[a b],exact,10,1,1.50",
    "x,2026-07-02,c,g,1,[a b],exact,10,1,1.50",
    "x,2026-07-02,c,h,2,a b,broad,10,1,1.50",
    "x,2026-07-02,d,g,,z,exact,10,1,1.50",
)
LIST = "platform,campaign,ad_group,keyword_id,keyword,match_type,bid"


def read(folder: Path, *bids: str, header: str = LIST, more: tuple[str, ...] = ()):
    (folder / "facts.csv").write_text("\n".join([HEADER, *ROWS, *more]), "utf-8")
    (folder / "bids_20260703.csv").write_text("\n".join([header, *bids]), "utf-8")
    return read_reports([folder / "facts.csv", folder / "bids_20260703.csv"])


def test_by_id_then_by_text_on_the_last_day_only(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "x,old name,g,1,whatever,exact,2.50", "x,d,g,,Z,exact,0.90", "x,d,g,9,y,exact,0.10"
    )
    bids = reading.facts["bid"].fillna(-1).tolist()
    # The first word's bid is that of the day of the list, so its day before has none.
    assert bids == [-1, 2.5, -1, 0.9]
    (join,) = reading.bids
    assert (join.rows, join.words, join.by_id, join.by_text, join.unused) == (3, 3, 1, 1, 1)


def test_a_text_counts_within_its_ad_group_and_match_type_only(tmp_path: Path) -> None:
    reading = read(tmp_path, "x,c,g,,a b,broad,1.00", "x,c,z,,a b,exact,2.00", "x,c,g,,a b,exact,3.00")
    assert reading.facts["bid"].dropna().tolist() == [3.0]


def test_several_bids_for_a_word_are_none(tmp_path: Path) -> None:
    reading = read(tmp_path, "x,c,h,,a b,broad,1.00", "x,c,h,,a b,broad,2.00")
    assert "bid" not in reading.facts or reading.facts["bid"].isna().all()
    assert reading.bids[0].several == 1
    assert any("several bids in the list" in line for line in describe(reading, "en"))


def test_a_list_that_names_no_ad_group_joins_by_id_only(tmp_path: Path) -> None:
    reading = read(tmp_path, "x,1,a b,2.50", "x,,z,1.00", header="platform,keyword_id,keyword,bid")
    assert (reading.bids[0].by_id, reading.bids[0].by_text) == (1, 0)


def test_what_the_report_says_stays(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text(f"{HEADER},bid\n{ROWS[0]},7.00\n", "utf-8")
    (tmp_path / "bids.csv").write_text(f"{LIST}\nx,c,g,1,a b,exact,2.50\n", "utf-8")
    assert read_reports(tmp_path).facts["bid"].tolist() == [7.0]


def test_the_newest_list_is_asked_first(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text(f"{HEADER}\n{ROWS[3]}\n", "utf-8")
    for day, bid in (("20260705", "2.00"), ("20260703", "1.00")):
        (tmp_path / f"bids_{day}.csv").write_text(f"{LIST}\nx,d,g,,z,exact,{bid}\n", "utf-8")
    assert read_reports(tmp_path).facts["bid"].tolist() == [2.0]


def test_another_platform_is_another_list(tmp_path: Path) -> None:
    reading = read(tmp_path, "y,d,g,,z,exact,0.90")
    assert reading.bids[0].words == 0
    assert "bid" not in reading.facts


def test_bids_alone_decide_nothing(tmp_path: Path) -> None:
    (tmp_path / "bids.csv").write_text(f"{LIST}\nx,d,g,,z,exact,0.90\n", "utf-8")
    with pytest.raises(NoRowsError, match="bids, but no figures") as caught:
        read_reports(tmp_path / "bids.csv")
    assert "together with this file" in caught.value.render("en")


def read_files(folder: Path, *names: str, **files: str) -> Reading:
    """The reading of files given as name=text; names: those to read, in this order (default: all)."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text + "\n", "utf-8")
    return read_reports([folder / f"{name}.csv" for name in names or files])


def bids_of(reading: Reading) -> list[float]:
    """Bids in the order of the rows; -1 where there is none."""
    facts = reading.facts
    return facts["bid"].fillna(-1).tolist() if "bid" in facts else [-1.0] * len(facts)


def test_negatives_of_an_editor_export_have_no_bid(tmp_path: Path) -> None:
    facts = "Keyword,Campaign,Ad group,Impr.,Clicks,Cost,Conversions\nfree,c,g,10,1,1.00,0"
    bids = "Campaign,Ad Group,Keyword,Criterion Type,Max CPC,Status\nc,g,free,Negative Exact,0.01,Paused\nc,g,cam,Exact,2,Enabled"
    reading = read_files(tmp_path, facts=facts, bids=bids)
    assert (bids_of(reading), reading.bids[0].negatives) == ([-1], 1)


BULK = ["Record ID", "Record Type", "Campaign ID", "Campaign", "Ad Group", "Max Bid",
        "Keyword or Product Targeting", "Match Type", "Campaign Status", "Ad Group Status", "Status"]  # fmt: skip
TARGETING = "Date,Currency,Campaign Name,Ad Group Name,Targeting,Match Type,Impressions,Clicks,Spend,7 Day Total Orders (#),7 Day Total Sales"


def bulk(folder: Path, campaign_id: str, *groups: str) -> Reading:
    on = ["enabled"] * 3
    rows = [
        *(["11", "Ad Group", campaign_id, "Mats", "Bath", bid, "", "", *on] for bid in groups),
        ["111", "Keyword", campaign_id, "Mats", "Bath", "", "mat", "exact", *on],
        ["112", "Keyword", campaign_id, "Mats", "Bath", "0.90", "rug", "exact", *on],
    ]
    pd.DataFrame(rows, columns=BULK).to_excel(folder / "bulk.xlsx", index=False)
    lines = [f'"Jul 05, 2026",USD,Mats,Bath,{word},EXACT,10,1,0.50,0,0' for word in ("mat", "rug")]
    (folder / "report.csv").write_text("\n".join([TARGETING, *lines]), "utf-8")
    return read_reports([folder / "report.csv", folder / "bulk.xlsx"])


@pytest.mark.parametrize(
    ("campaign_id", "groups", "lent"),
    [
        ("818000000000", ("0.75",), 0.75),
        # Ruined ids: names do.
        ("8.18E+11", ("0.75",), 0.75),
        ("818000000000", ("0.75", "0.60"), -1),
        ("818000000000", (), -1),
    ],
)
def test_an_ad_group_lends_its_bid(
    tmp_path: Path, campaign_id: str, groups: tuple[str, ...], lent: float
) -> None:
    assert bids_of(bulk(tmp_path, campaign_id, *groups)) == [lent, 0.9]


FAMILY = (
    "推广计划,搜索关键词,曝光量,点击量,花费(元),交易额(元),成交笔数\n水果,苹果,20000,500,150.00,900.00,30\n"
)


def test_a_report_whose_keyword_column_nobody_knows_asks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(FAMILY, "utf-8")
    with pytest.raises(InputError, match="nobody has seen yet") as caught:
        read_reports(path)
    message = caught.value.render("en")
    assert "推广计划, 搜索关键词" in message
    # The format file that the message spells out works once the names are filled in.
    lines = message.split("what to do:")[1].splitlines()
    start = next(at for at, line in enumerate(lines) if line.strip() == "id: pinduoduo")
    text = (
        "\n".join(line[4:] for line in lines[start:])
        .replace("keyword: [?]", "keyword: [搜索关键词]")
        .replace("campaign: [?]", "campaign: [推广计划]")
    )
    (tmp_path / "pinduoduo.yaml").write_text(text, "utf-8")
    facts = read_reports(path, formats=[tmp_path / "pinduoduo.yaml"]).facts
    assert facts[["platform", "campaign", "keyword", "cost", "currency"]].to_numpy().tolist() == [
        ["pinduoduo", "水果", "苹果", 150.0, "CNY"]
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: shop\nextends: pinduodou\n", "did you mean pinduoduo"),
        ("id: shop\nextends: jd\nlayuots: []\n", "layouts"),
    ],
)
def test_a_format_that_extends_another_is_checked(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "f.yaml").write_text(text, "utf-8")
    (tmp_path / "p.csv").write_text(FAMILY, "utf-8")
    with pytest.raises(ConfigError) as caught:
        read_reports(tmp_path / "p.csv", formats=[tmp_path / "f.yaml"])
    assert said in caught.value.render("en")


def test_a_format_may_extend_a_platform_by_a_name(tmp_path: Path) -> None:
    (tmp_path / "jd.yaml").write_text("id: jd\nextends: jd\ncolumns: {impressions: [曝光次数]}\n", "utf-8")
    path = tmp_path / "j.csv"
    path.write_text("推广计划,推广单元,关键词,曝光次数,点击数,花费\n甲,乙,手机壳,100,5,2.50\n", "utf-8")
    facts = read_reports(path, formats=[tmp_path / "jd.yaml"], period=("2026-07-01", "2026-07-07")).facts
    assert facts["impressions"].tolist() == [100]
    assert facts["period_end"].tolist() == [pd.Timestamp("2026-07-07")]
