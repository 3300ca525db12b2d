"""Bids of lists, joined to the words of reports by id, else by text within the ad group."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner import tune
from ppc_tuner.cli.inspection import describe
from ppc_tuner.errors import ConfigError, InputError, NoRowsError
from ppc_tuner.reports import Reading, read_reports

HEADER = "platform,date,campaign,ad_group,keyword_id,keyword,match_type,impressions,clicks,cost"
ROWS = (
    "x,2026-07-01,c,g,1,[a b],exact,10,1,1.50",
    "x,2026-07-02,c,g,1,[a b],exact,10,1,1.50",
    "x,2026-07-02,c,h,2,a b,broad,10,1,1.50",
    "x,2026-07-02,d,g,,z,exact,10,1,1.50",
)
LIST = "platform,campaign,ad_group,keyword_id,keyword,match_type,bid"


def read(folder: Path, *bids: str, header: str = LIST, more: tuple[str, ...] = ()) -> Reading:
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


@pytest.mark.parametrize(
    ("facts", "bids", "counts"),
    [
        ("facts", "bids", 2.5),
        ("facts", "bids_20260701", 2.5),
        ("facts", "bids_20260630", 7.0),
        ("facts_20260705", "bids_20260704", 7.0),
        ("facts_20260705", "bids_20260705", 2.5),
    ],
)
def test_the_newest_known_day_of_a_bid_wins(tmp_path: Path, facts: str, bids: str, counts: float) -> None:
    # The day of the report is that of its download, else its last day: 2026-07-01.
    (tmp_path / f"{facts}.csv").write_text(f"{HEADER},bid\n{ROWS[0]},7.00\n", "utf-8")
    (tmp_path / f"{bids}.csv").write_text(f"{LIST}\nx,c,g,1,a b,exact,2.50\n", "utf-8")
    reading = read_reports(tmp_path)
    assert reading.facts["bid"].tolist() == [counts]
    # It is told at the top of the list and by `inspect`, which counts what is used.
    (told,) = reading.doubts
    assert "7.00 in the report, 2.50 in the list" in told.en
    assert ("the list is not the older one" in told.en) == (counts == 2.5)
    assert any(told.en in line for line in describe(reading, "en"))
    assert reading.bids[0].by_id == (counts == 2.5)


def test_bids_that_agree_are_not_told(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text(f"{HEADER},bid\n{ROWS[0]},2.50\n", "utf-8")
    (tmp_path / "bids.csv").write_text(f"{LIST}\nx,c,g,1,a b,exact,2.5\n", "utf-8")
    assert read_reports(tmp_path).doubts == ()


@pytest.mark.parametrize("turned", [False, True])
def test_two_bids_of_one_day_are_told_and_their_order_changes_nothing(tmp_path: Path, turned: bool) -> None:
    rows = [
        "x,2026-07-01,c,g,1,a b,exact,10,1,1.50,1,mobile,5.00",
        "x,2026-07-02,c,g,1,a b,exact,90,9,9.00,1,mobile,2.00",
        "x,2026-07-02,c,g,1,a b,exact,10,1,1.50,1,computer,1.00",
    ]
    header = f"{HEADER},conversions,device,bid"
    (tmp_path / "facts.csv").write_text("\n".join([header, *(rows[::-1] if turned else rows)]), "utf-8")
    result = tune(tmp_path / "facts.csv", as_of="2026-07-05")
    # (9 × 2.00 + 1 × 1.00) / 10: of the last day, weighted by clicks.
    assert result.actions["bid"].tolist() == [1.9]
    (told,) = read_reports(tmp_path / "facts.csv").doubts
    assert "1 word has several bids on one day" in told.en
    assert "1.00 and 2.00" in told.en


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


Z = f"{HEADER}\n{ROWS[3]}"


def z(bid: str) -> str:
    return f"{LIST}\nx,d,g,,z,exact,{bid}"


@pytest.mark.parametrize("names", [("one", "other"), ("one_20260705", "other_20260705")])
@pytest.mark.parametrize("turned", [False, True])
def test_equally_new_lists_that_disagree_are_refused(
    tmp_path: Path, names: tuple[str, str], turned: bool
) -> None:
    one, other = reversed(names) if turned else names
    with pytest.raises(InputError, match="equally new") as caught:
        read_files(tmp_path, "facts", one, other, facts=Z, **{one: z("2.00"), other: z("1.00")})
    for lang, bid in (("zh", "出价"), ("en", "Bid")):
        message = caught.value.render(lang)
        assert all(f"{name}.csv:2" in message for name in names)
        assert all(said in message for said in ("d / g / z", f"{bid} 2", f"{bid} 1", "_20260710"))


def test_equally_new_lists_that_agree_are_fine(tmp_path: Path) -> None:
    reading = read_files(tmp_path, facts=Z, one=z("2.00"), other=z("2.0"))
    assert bids_of(reading) == [2.0]
    assert [join.by_text for join in reading.bids] == [1, 0]


def test_an_older_list_is_not_asked_where_the_newest_has_several_bids(tmp_path: Path) -> None:
    newest = f"{z('2.00')}\nx,d,g,,z,exact,3.00"
    reading = read_files(tmp_path, facts=Z, a_20260703=z("1.00"), b_20260705=newest)
    assert bids_of(reading) == [-1.0]
    assert [(join.several, join.by_text) for join in reading.bids] == [(1, 0), (0, 0)]


def test_an_older_list_fills_what_the_newest_does_not_give(tmp_path: Path) -> None:
    older = f"{LIST},quality_score\nx,d,g,,z,exact,1.00,7"
    reading = read_files(tmp_path, facts=Z, a_20260703=older, b_20260705=z("2.00"))
    assert (bids_of(reading), reading.facts["quality_score"].tolist()) == ([2.0], [7.0])


@pytest.mark.parametrize(
    ("rows", "bid", "status", "several"),
    [
        (("0.5,paused", "0.5,live"), 0.5, "live", 0),
        (("0.7,paused", "0.5,live"), 0.5, "live", 0),
        (("0.5,paused", "0.5,paused"), 0.5, "paused", 0),
        ((",", "0.5,live"), 0.5, "live", 0),
        ((",live", "0.5,live"), 0.5, "live", 0),
        ((",live", "0.5,paused"), -1, "live", 0),
        (("0.5,live", "0.7,live"), -1, None, 1),
    ],
)
def test_repeated_rows_of_one_word(
    tmp_path: Path, rows: tuple[str, ...], bid: float, status: str | None, several: int
) -> None:
    lines = "\n".join(f"x,d,g,z,exact,{row}" for row in rows)
    reading = read_files(
        tmp_path, facts=Z, bids=f"platform,campaign,ad_group,keyword,match_type,bid,status\n{lines}"
    )
    facts, (join,) = reading.facts, reading.bids
    assert bids_of(reading) == [bid]
    assert (facts["status"].tolist() if "status" in facts else [None]) == [status]
    # A word is counted as joined where a bid came of it.
    assert (join.by_text, join.several, join.unused) == (int(bid > 0), several, 0)


def test_several_is_judged_over_every_column(tmp_path: Path) -> None:
    two = f"{LIST},quality_score\nx,d,g,,z,exact,2.00,7\nx,d,g,,z,exact,2.00,5"
    reading = read_files(tmp_path, facts=Z, bids=two)
    assert (bids_of(reading), reading.bids[0].several) == ([-1.0], 1)


SHARED_ID = (
    f"{HEADER}\nx,2026-07-02,c,g,77,a,exact,10,1,1.50\nx,2026-07-02,c,h,77,a,exact,10,1,1.50"
    "\nx,2026-07-02,d,g,77,a,exact,10,1,1.50"
)


@pytest.mark.parametrize(
    ("row", "bids"),
    [
        ("x,c,g,77,a,exact,2.50", [2.5, -1, -1]),
        ("x,c,h,77,,,2.50", [-1, 2.5, -1]),
        # A campaign that no report knows may be a renamed one, but it cannot be told which of two.
        ("x,other,h,77,,,2.50", [-1, 2.5, -1]),
        ("x,other,g,77,,,2.50", [-1, -1, -1]),
        ("x,,,77,a,exact,2.50", [-1, -1, -1]),
    ],
)
def test_an_id_counts_within_its_ad_group(tmp_path: Path, row: str, bids: list[float]) -> None:
    assert bids_of(read_files(tmp_path, facts=SHARED_ID, bids=f"{LIST}\n{row}")) == bids


def test_a_campaign_that_the_list_knows_is_not_renamed(tmp_path: Path) -> None:
    facts = "\n".join(SHARED_ID.splitlines()[:2])
    bids = f"{LIST}\nx,c,g,5,b,exact,1.00\nx,other,g,77,a,exact,2.50"
    assert bids_of(read_files(tmp_path, facts=facts, bids=bids)) == [-1]


def test_a_blank_ad_group_id_is_no_ad_group(tmp_path: Path) -> None:
    header = HEADER.replace("ad_group,", "ad_group_id,ad_group,")
    facts = f"{header}\nx,2026-07-02,c,,g,,a,exact,10,1,1.50\nx,2026-07-02,c,5,k,,a,exact,10,1,1.50"
    bids = f"{LIST},ad_group_id\nx,c,h,,a,exact,2.50,\nx,c,k,,a,exact,3.50,5\nx,c,k,,b,exact,1.50,6"
    reading = read_files(tmp_path, facts=facts, bids=bids)
    assert (bids_of(reading), reading.bids[0].unused) == ([-1, 3.5], 2)


def test_ad_groups_of_one_name_and_different_ids_are_two(tmp_path: Path) -> None:
    header = HEADER.replace("ad_group,", "ad_group_id,ad_group,")
    facts = f"{header}\nx,2026-07-02,c,5,g,,a,exact,10,1,1.50"
    assert bids_of(read_files(tmp_path, facts=facts, bids=f"{LIST},ad_group_id\nx,c,g,,a,exact,2,6")) == [-1]


ACCOUNTS = "\n".join(
    [
        f"account,{HEADER}",
        "A,x,2026-07-02,c,g,,a,exact,10,1,1.50",
        "B,x,2026-07-02,c,g,,a,exact,10,1,1.50",
        "A,x,2026-07-02,d,g,,a,exact,10,1,1.50",
    ]
)


def test_a_list_without_account_reaches_campaigns_of_one_account_only(tmp_path: Path) -> None:
    reading = read_files(tmp_path, facts=ACCOUNTS, bids=f"{LIST}\nx,c,g,,a,exact,2\nx,d,g,,a,exact,3")
    assert bids_of(reading) == [-1, -1, 3]
    assert (reading.bids[0].unclear, reading.bids[0].unused) == (2, 0)
    assert any("2 words" in line and "which account" in line for line in describe(reading, "en"))
    assert any("2 个词" in line and "账户" in line for line in describe(reading, "zh"))


def test_a_list_with_accounts_reaches_each(tmp_path: Path) -> None:
    bids = f"account,{LIST}\nA,x,c,g,,a,exact,2\nB,x,c,g,,a,exact,3"
    assert bids_of(read_files(tmp_path, facts=ACCOUNTS, bids=bids)) == [2, 3, -1]


def test_a_list_of_two_platforms_is_two_lists(tmp_path: Path) -> None:
    facts = f"{Z}\n{ROWS[3].replace('x', 'y', 1)}"
    bids = f"{z('2.00')}\ny,d,g,,z,exact,3.00\ny,d,g,,q,exact,1.00"
    reading = read_files(tmp_path, facts=facts, bids_20260703=bids)
    assert dict(zip(reading.facts["platform"], bids_of(reading), strict=True)) == {"x": 2.0, "y": 3.0}
    assert [(join.platform, join.rows, join.by_text, join.unused) for join in reading.bids] == [
        ("x", 1, 1, 0), ("y", 2, 1, 1),
    ]  # fmt: skip


def test_words_in_no_report_are_counted_once(tmp_path: Path) -> None:
    rows = ("x,d,g,,z,exact,2", "x,d,g,,Z,exact,3", "x,d,g,,new,exact,1", "x,d,g,,New ,exact,1")
    join = read_files(tmp_path, facts=Z, bids="\n".join([LIST, *rows])).bids[0]
    assert (join.rows, join.several, join.unused) == (4, 1, 1)


def test_campaigns_are_compared_by_id(tmp_path: Path) -> None:
    facts = f"{HEADER},campaign_id\n{ROWS[0]},4\n{ROWS[3]},5"
    bids = "platform,campaign_id,keyword_id,keyword,bid\nx,4,1,a b,2.5\nx,9,8,q,1"
    join = read_files(tmp_path, facts=facts, bids=bids).bids[0]
    assert (join.campaigns, join.shared_campaigns, join.by_id) == (2, 1, 1)


def test_ids_that_a_spreadsheet_has_rounded_are_none(tmp_path: Path) -> None:
    # Excel keeps 15 digits: two ids that differ in their last ones become one.
    facts = (
        f"{HEADER}\nx,2026-07-02,c,g,123456789012345000,a,exact,9,1,1\nx,2026-07-02,c,g,123456789012345000,b,"
        "exact,9,1,1"
    )
    reading = read_files(tmp_path, facts=facts, bids=f"{LIST}\nx,c,g,123456789012345000,b,exact,2")
    assert (bids_of(reading), reading.bids[0].by_id, reading.bids[0].by_text) == ([-1, 2], 0, 1)


def test_bids_of_another_currency_are_none(tmp_path: Path) -> None:
    facts = f"{HEADER},currency\n{ROWS[3]},USD"
    for currency, bid in (("CNY", -1), ("USD", 2), ("", 2)):
        reading = read_files(tmp_path, facts=facts, bids=f"{LIST},currency\nx,d,g,,z,exact,2,{currency}")
        assert bids_of(reading) == [bid]


def test_a_list_without_match_types_reaches_texts_of_one_match_type(tmp_path: Path) -> None:
    facts = "\n".join(
        [HEADER, *(f"x,2026-07-02,c,g,,{word},10,1,1" for word in ("a,exact", "a,broad", "b,exact"))]
    )
    bids = "platform,campaign,ad_group,keyword,bid\nx,c,g,a,2\nx,c,g,b,3"
    reading = read_files(tmp_path, facts=facts, bids=bids)
    assert (bids_of(reading), reading.bids[0].unclear) == ([-1, -1, 3], 2)


def test_signs_of_the_match_type_count_where_nothing_else_tells_it(tmp_path: Path) -> None:
    facts = (
        f"{HEADER.replace('match_type,', '')}\nx,2026-07-02,c,g,,[a b],10,1,1\nx,2026-07-02,c,g,,a b,10,1,1"
    )
    assert bids_of(read_files(tmp_path, facts=facts, bids=f"{LIST}\nx,c,g,,a b,broad,2")) == [-1, 2]


def test_negatives_of_an_editor_export_have_no_bid(tmp_path: Path) -> None:
    facts = "Keyword,Campaign,Ad group,Impr.,Clicks,Cost,Conversions\nfree,c,g,10,1,1.00,0"
    bids = (
        "Campaign,Ad Group,Keyword,Criterion Type,Max CPC,Status\nc,g,free,Negative Exact,0.01,Paused\nc,g,"
        "cam,Exact,2,Enabled"
    )
    reading = read_files(tmp_path, facts=facts, bids=bids)
    assert (bids_of(reading), reading.bids[0].negatives) == ([-1], 1)


def test_a_list_may_say_itself_what_cannot_be_bid_on(tmp_path: Path) -> None:
    reading = read_files(tmp_path, facts=Z, bids=f"{LIST},biddable\nx,d,g,,z,exact,2,false")
    assert (bids_of(reading), reading.bids[0].negatives) == ([-1], 1)


def test_a_list_may_say_itself_when_it_was_downloaded(tmp_path: Path) -> None:
    one, other = (f"{LIST},exported_on\nx,d,g,,z,exact,{said}" for said in ("1,2026-07-03", "2,2026-07-05"))
    assert bids_of(read_files(tmp_path, facts=Z, one=one, other=other)) == [2]


BULK = [
    "Record ID",
    "Record Type",
    "Campaign ID",
    "Campaign",
    "Ad Group",
    "Max Bid",
    "Keyword or Product Targeting",
    "Match Type",
    "Campaign Status",
    "Ad Group Status",
    "Status",
]
TARGETING = (
    "Date,Currency,Campaign Name,Ad Group Name,Targeting,Match Type,Impressions,Clicks,Spend,7 Day Total "
    "Orders (#),7 Day Total Sales"
)


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
        ("id: shop\nextends: pinduodou\n", "did you mean 'pinduoduo'"),
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


def test_a_word_list_without_plan_and_unit_says_what_it_lacks(
    wanxiangtai: Callable[..., Path], tmp_path: Path
) -> None:
    words = tmp_path / "words.csv"
    words.write_text("关键词,出价,质量分\n羽绒服男,1.20,9\n", "utf-8")
    reading = read_reports([wanxiangtai({}), words])
    assert "bid" not in reading.facts or reading.facts["bid"].isna().all()
    assert any("计划名称" in note.zh and "cannot be placed" in note.en for note in reading.notes)
