from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.cli.inspection import describe
from ppc_tuner.errors import InputError
from ppc_tuner.reports import facts_from_frame, read_reports

Write = Callable[..., Path]
ELD = ("eld", "c", "g", "Eligible", "2.80", "1,470", "30", "63.20", "1.50")


def test_the_newest_export_of_a_day_wins(amazon: Write) -> None:
    old = amazon(
        ("2019-12-01", "a", "100", "10", "5", "20", "1"),
        ("2019-12-02", "a", "100", "3", "1", "0", "0"),
        ("2019-12-02", "gone", "9", "1", "1", "0", "0"),
        name="old.csv",
    )
    new = amazon(
        ("2019-12-02", "a", "100", "11", "5", "40", "2"),
        ("2019-12-03", "a", "100", "9", "5", "0", "0"),
        name="new.csv",
    )
    for order in ([old, new], [new, old]):
        reading = read_reports(order)
        assert reading.facts["clicks"].sum() == 10 + 1 + 11 + 9
        assert reading.superseded[["keyword", "clicks", "exported_on"]].to_numpy().tolist() == [
            ["a", 3, pd.Timestamp("2019-12-03")]
        ]
        assert list(reading.superseded.columns) == list(reading.facts.columns)
        assert (reading.superseded.dtypes == reading.facts.dtypes).all()
        assert any("newer export" in note.en for note in reading.notes)


def test_the_same_days_twice_count_once(amazon: Write, tmp_path: Path) -> None:
    one = amazon(("2019-12-01", "a", "100", "10", "5", "20", "1"), name="a.csv")
    shutil.copy(one, tmp_path / "copy.csv")
    assert read_reports([one, tmp_path / "copy.csv"]).facts["clicks"].tolist() == [10]


def test_rows_that_share_a_key_within_one_file_are_all_kept(amazon: Write) -> None:
    rows = [("2019-12-01", "a", "100", "10", "5", "20", "1"), ("2019-12-01", "a", "50", "1", "1", "0", "0")]
    first, second = (
        amazon(*rows, name="a.csv"),
        amazon(("2019-12-01", "b", "1", "1", "1", "0", "0"), name="b.csv"),
    )
    assert read_reports([first, second]).facts["clicks"].sum() == 12


def test_equal_summaries_count_once(google: Write, tmp_path: Path) -> None:
    one = google(ELD, ("b", *ELD[1:]), name="a.csv")
    text = one.read_text("utf-8").splitlines()
    (tmp_path / "b.csv").write_text("\n".join([*text[:3], text[4], text[3]]), "utf-8")
    reading = read_reports([one, tmp_path / "b.csv"])
    assert len(reading.facts) == 2
    assert any("counted once" in note.en for note in reading.notes)


def test_of_equal_summaries_that_with_more_columns_counts(google: Write, tmp_path: Path) -> None:
    whole = google(ELD, name="z.csv")
    text = whole.read_text("utf-8").replace("Max. CPC", "Other")
    (tmp_path / "a.csv").write_text(text, "utf-8")
    assert read_reports([tmp_path / "a.csv", whole]).facts["bid"].tolist() == [2.8]


@pytest.mark.parametrize("column", ["Currency", "Match Type", "Portfolio name"])
def test_a_column_that_one_export_lacks_does_not_make_two_of_a_day(amazon: Write, column: str) -> None:
    rows = [(day, "a", "100", "10", "5", "20", "1") for day in ("2019-12-01", "2019-12-02")]
    old, new = amazon(*rows, name="old.csv"), amazon(*rows[1:], ("2019-12-03", *rows[0][1:]), name="new.csv")
    pd.read_csv(old, dtype=str).drop(columns=column).to_csv(old, index=False)
    if column == "Match Type":
        # The layout wants the column, though all of it may be blank.
        pd.read_csv(old, dtype=str).assign(**{column: ""}).to_csv(old, index=False)
    reading = read_reports([old, new])
    assert (reading.facts["clicks"].sum(), reading.superseded["clicks"].sum()) == (30, 10)


def test_equally_new_days_may_differ_where_a_newer_export_covers_them(amazon: Write) -> None:
    first, second = (
        amazon(("2019-12-01", "a", "100", clicks, "5", "20", "1"), name=f"{clicks}_20191202.csv")
        for clicks in ("3", "4")
    )
    newest = amazon(("2019-12-01", "a", "100", "7", "5", "20", "1"), name="new_20191209.csv")
    assert read_reports([first, second, newest]).facts["clicks"].tolist() == [7]


def test_rows_of_one_table_go_by_their_own_day_of_download() -> None:
    frame = pd.concat(
        [FRAME[:1].assign(exported_on=f"2026-07-{day}", clicks=day, impressions=99) for day in (6, 20)]
    )
    reading = facts_from_frame(frame)
    assert (reading.facts["clicks"].tolist(), reading.superseded["clicks"].tolist()) == ([20], [6])


def test_the_range_of_days_in_a_name_is_no_day_of_download(amazon: Write) -> None:
    rows = [(day, "a", "100", "10", "5", "20", "1") for day in ("2019-12-01", "2019-12-07")]
    for name, day in (
        ("kw_20191201_20191207.csv", "2019-12-08"),
        ("kw_20191201_20191207_20191209.csv", "2019-12-09"),
        ("kw_20191207.csv", "2019-12-07"),
    ):
        assert read_reports(amazon(*rows, name=name)).files[0].exported_on == pd.Timestamp(day)


def _days_of_words(clicks: int, seed: int) -> list[tuple[str, ...]]:
    """A week of ten words; impressions differ by the seed."""
    return [
        (
            f"2019-12-0{day}",
            f"w{word}",
            str(100 + seed * 7 * (word + day) % 900),
            str(clicks + word),
            "5",
            "20",
            "1",
        )
        for day in range(1, 8)
        for word in range(10)
    ]


def test_exports_of_two_accounts_are_not_one_and_its_restatement(amazon: Write) -> None:
    first = amazon(*_days_of_words(1, seed=1), name="a_20191208.csv")
    restated = amazon(*_days_of_words(2, seed=1), name="b_20191209.csv")
    assert read_reports([first, restated]).facts["clicks"].sum() == 7 * sum(range(2, 12))
    other = amazon(*_days_of_words(1, seed=11), name="c_20191209.csv")
    assert not any("two accounts" in note.en for note in read_reports([first, restated]).notes)
    assert any("two accounts" in note.en for note in read_reports([first, other]).notes)


def test_many_exports_of_two_accounts_are_told_once(amazon: Write) -> None:
    exports = [
        amazon(*_days_of_words(1, seed=1 + 10 * (day % 2)), name=f"r_201912{day:02}.csv")
        for day in range(8, 14)
    ]
    told = [note.en for note in read_reports(exports).notes if "two accounts" in note.en]
    assert len(told) == 1
    assert "(and 2 more pairs)" in told[0]


def test_a_campaign_renamed_between_exports_does_not_count_twice(amazon: Write) -> None:
    first = amazon(*_days_of_words(1, seed=1), name="a_20191208.csv")
    second = amazon(*_days_of_words(1, seed=1), name="b_20191209.csv")
    pd.read_csv(second, dtype=str).assign(**{"Campaign Name": "new name"}).to_csv(second, index=False)
    with pytest.raises(InputError, match="campaigns of different names") as caught:
        read_reports([first, second])
    assert "new name" in caught.value.render("en")


def test_summaries_one_after_the_other_add_up(google: Write) -> None:
    first = google(ELD, name="a.csv", dates="1 May 2026 - 7 May 2026")
    second = google(ELD, name="b.csv", dates="8 May 2026 - 14 May 2026")
    assert read_reports([first, second]).facts["clicks"].sum() == 60


def test_summaries_of_other_campaigns_do_not_overlap(google: Write) -> None:
    first, second = google(ELD, name="a.csv"), google(("eld", "other", *ELD[2:]), name="b.csv")
    assert read_reports([first, second]).facts["clicks"].sum() == 60


def test_platforms_and_levels_stay_apart(google: Write, wanxiangtai: Write, tmp_path: Path) -> None:
    google(ELD)
    wanxiangtai({})
    (tmp_path / "terms.csv").write_text(
        "t\n1 May 2026 - 8 May 2026\nSearch term,Keyword,Campaign,Ad group,Match type,Impr.,Clicks,Cost\n"
        "x,eld,c,g,Broad match,1470,30,63.20\n",
        "utf-8",
    )
    reading = read_reports(tmp_path)
    assert sorted(reading.platforms) == ["google_ads", "zhitongche"]
    assert reading.facts.groupby(["platform", "level"])["clicks"].sum().to_dict() == {
        ("google_ads", "keyword"): 30, ("google_ads", "search_term"): 30, ("zhitongche", "keyword"): 40,
    }  # fmt: skip


def test_a_zip_with_gbk_names_and_pictures(wanxiangtai: Write, tmp_path: Path) -> None:
    inside = wanxiangtai({}).read_bytes()
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("直通车/关键词报表_20260706_010203.csv", inside)
        package.writestr("shop.png", b"\x89PNG\0")
        package.writestr("读我.txt", "这是说明，\n请看，这里\n")
    reading = read_reports(path)
    assert reading.facts["exported_on"].tolist() == [pd.Timestamp("2026-07-06")]
    assert reading.facts["source_file"].tolist() == [
        f"{path.as_posix()}/直通车/关键词报表_20260706_010203.csv"
    ]
    assert sorted(Path(one.label).name for one in reading.skipped) == ["shop.png", "读我.txt"]
    assert any("shop.png" in line for line in describe(reading, "zh"))


def test_a_file_without_rows_beside_others_is_noted(google: Write) -> None:
    reading = read_reports([google(ELD, name="a.csv"), google(name="b.csv")])
    assert len(reading.facts) == 1
    assert any("b.csv: no rows" in note.en for note in reading.notes)


FRAME = pd.DataFrame(
    {
        "platform": ["google_ads", "myads"],
        "keyword": [" a ", "b"],
        "impressions": [10, 20],
        "clicks": [1, 2],
        "cost": [1.5, 2.5],
        "date": ["2026-07-01", "2026-07-02"],
        "keyword_id": ["007", "8"],
        "biddable": [True, False],
        "mine": [1, 2],
    }
)


def test_a_frame_of_facts() -> None:
    reading = facts_from_frame(FRAME)
    facts = reading.facts
    assert facts["keyword"].tolist() == ["a", "b"]
    assert facts["level"].tolist() == ["keyword"] * 2
    assert facts["date"].dtype == "datetime64[us]"
    assert facts["clicks"].dtype == "float64"
    assert facts["keyword_id"].tolist() == ["007", "8"]
    assert facts["biddable"].dtype == "boolean"
    assert reading.files[0].ignored == ["mine"]
    assert reading.platforms["google_ads"].name.en == "Google Ads"
    assert (reading.platforms["myads"].id, reading.platforms["myads"].bid.increment) == ("myads", 0.01)
    assert FRAME["keyword"].tolist() == [" a ", "b"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_canonical_files_are_read_as_they_are(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"facts.{ending}"
    if ending == "csv":
        FRAME.to_csv(path, index=False)
    else:
        FRAME.to_parquet(path)
    from_file, from_frame = read_reports(path).facts, facts_from_frame(FRAME).facts
    same = [name for name in from_frame.columns if not name.startswith("source")]
    pd.testing.assert_frame_equal(from_file[same], from_frame[same])


def test_facts_read_from_a_report_can_be_handed_in_again(wanxiangtai: Write) -> None:
    facts = read_reports(wanxiangtai({}, {"词类型": "关键词包"})).facts
    again = facts_from_frame(facts).facts
    same = [name for name in facts.columns if not name.startswith("source")]
    pd.testing.assert_frame_equal(again[same], facts[same])


def test_facts_that_state_their_day_of_download_go_by_it(tmp_path: Path) -> None:
    for name, day, clicks in (("a", "2026-07-20", 5), ("b", "2026-07-10", 4)):
        FRAME.assign(exported_on=day, clicks=clicks).to_csv(tmp_path / f"{name}.csv", index=False)
    reading = read_reports([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert reading.facts["clicks"].tolist() == [5, 5]
    assert reading.superseded["clicks"].tolist() == [4, 4]
    assert reading.files[0].exported_on == pd.Timestamp("2026-07-20")
