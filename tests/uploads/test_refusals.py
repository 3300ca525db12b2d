"""What a platform would refuse is left out and named; all else goes through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lists import TODAY, a_list, saved

from ppc_tuner.decisions import read_decisions
from ppc_tuner.reports import all_formats
from ppc_tuner.uploads import Prepared, prepare

FINE = {"keyword": "fine", "keyword_id": "5"}
IDS = {
    "campaign_id": "1234567890123456",
    "ad_group_id": "2234567890123457",
    "keyword_id": "12345678901234567891",
}


def prepared(tmp_path: Path, actions: pd.DataFrame, decisions: Any = None, **options: Any) -> Prepared:
    marks = [one if isinstance(one, tuple) else (one, None) for one in decisions or ["accept"] * len(actions)]
    # Quicker than a workbook; words of a group have no mark of their own there.
    marks += [(None, None)] * (len(actions) - len(marks))
    filled = actions.assign(decision=[mark for mark, _ in marks], final_bid=[bid for _, bid in marks])
    path = saved(tmp_path / "a.csv", filled)
    return prepare(read_decisions(path), all_formats(), **{"today": TODAY, "max_age": 7} | options)


def gone(done: Prepared) -> list[tuple[str, str]]:
    return [(row.name, row.reason.en) for row in done.left_out]


def uploaded(done: Prepared) -> set[str]:
    return set(done.changes["keyword"])


@pytest.mark.parametrize(
    ("bid", "said"),
    [(0.005, "lowest"), (0.0, "lowest"), (1.234, "move by 0.01"), (0.01, None), (1.23, None), (1000, None)],
)
def test_bids_below_the_lowest_or_between_two_steps(tmp_path: Path, bid: float, said: str | None) -> None:
    done = prepared(tmp_path, a_list({}, FINE), [("change", bid), "accept"])
    assert uploaded(done) == ({"fine"} if said else {"fine", "camping tent"})
    assert [said in reason for _, reason in gone(done)] == ([True] if said else [])


def test_yen_are_whole(tmp_path: Path) -> None:
    done = prepared(
        tmp_path,
        a_list({"bid": 50.0, "new_bid": 60.5}, FINE | {"bid": 50.0, "new_bid": 60.0}, currency="JPY"),
    )
    assert uploaded(done) == {"fine"}
    assert done.files[0].lines["Max CPC"].tolist() == ["60"]


@pytest.mark.parametrize("name", list(IDS))
def test_amazon_rows_without_an_id_are_listed_with_what_to_give(tmp_path: Path, name: str) -> None:
    done = prepared(tmp_path, a_list(IDS | {name: None}, IDS | FINE, platform="amazon_ads"))
    [(word, reason)] = gone(done)
    assert word == "camping tent"
    assert "bulk operations file 2.0" in reason
    assert uploaded(done) == {"fine"}


@pytest.mark.parametrize("ruined", ["1.23457E+15", "1234567890123450000", "12.5"])
def test_ids_ruined_by_a_spreadsheet_are_refused(tmp_path: Path, ruined: str) -> None:
    good = IDS | {"keyword_id": "5"}
    done = prepared(tmp_path, a_list(good | {"campaign_id": ruined}, platform="amazon_ads"))
    assert ["ruined" in reason for _, reason in gone(done)] == [True]
    assert done.files == ()


def test_ids_that_end_in_a_nought_by_themselves_are_ids(tmp_path: Path) -> None:
    ids = IDS | {"campaign_id": "1234567890123450", "ad_group_id": "22345678901234570"}
    more = ids | FINE | {"ad_group_id": "22345678901234577"}
    assert gone(prepared(tmp_path, a_list(ids, more, platform="amazon_ads"))) == []


def test_a_protected_word_is_never_deleted(tmp_path: Path) -> None:
    delete = {"action": "delete", "new_bid": None}
    done = prepared(tmp_path, a_list(delete | {"protected": True}, delete | FINE | {"protected": False},
                                     {"keyword": "lower", "protected": True, "action": "lower"}))  # fmt: skip
    assert [(word, "protected" in reason) for word, reason in gone(done)] == [("camping tent", True)]
    assert uploaded(done) == {"fine", "lower"}


@pytest.mark.parametrize(
    ("day", "fine"),
    [("2026-10-27", True), ("2026-10-26", False), ("2026-11-03", True), ("2026-11-06", False)],
)
def test_a_list_of_long_ago_is_refused_with_its_last_day(tmp_path: Path, day: str, fine: bool) -> None:
    done = prepared(tmp_path, a_list({"last_day": pd.Timestamp(day)}))
    assert bool(done.files) is fine
    assert [row.found for row in done.left_out] == ([] if fine else [day])


def test_max_age_is_the_users(tmp_path: Path) -> None:
    assert prepared(tmp_path, a_list({"last_day": pd.Timestamp("2026-10-01")}), max_age=33).files
    assert not prepared(tmp_path, a_list({"last_day": pd.Timestamp("2026-10-01")}), max_age=32).files


def test_an_undated_list_is_as_old_as_the_day_it_was_written(tmp_path: Path) -> None:
    actions = a_list({"last_day": pd.NaT})
    written = read_decisions(saved(tmp_path / "b.xlsx", actions)).written_on
    assert written is not None
    for days, fine in ((7, True), (8, False)):
        today = (pd.Timestamp(written) + pd.Timedelta(days=days)).date()
        assert bool(prepared(tmp_path, actions, today=today).files) is fine


def test_accounts_have_files_of_their_own(tmp_path: Path) -> None:
    done = prepared(tmp_path, a_list({"account": "one/../x"}, FINE | {"account": "two"}))
    assert [file.name for file in done.files] == [
        "google_ads_one_.._x_editor.csv",
        "google_ads_two_editor.csv",
    ]
    assert [set(file.lines["Account"]) for file in done.files] == [{"one/../x"}, {"two"}]


def test_currencies_of_one_account_and_rows_of_no_account_are_not_guessed(tmp_path: Path) -> None:
    done = prepared(tmp_path, a_list({"currency": "USD"}, FINE | {"currency": "EUR"}))
    assert ["several currencies" in reason for _, reason in gone(done)] == [True, True]
    done = prepared(tmp_path, a_list({"account": ""}, FINE))
    assert [(word, "names no account" in reason) for word, reason in gone(done)] == [("camping tent", True)]
    assert uploaded(done) == {"fine"}


def test_one_word_changed_in_two_ways_is_left_to_the_person(tmp_path: Path) -> None:
    twice = a_list({"device": "mobile"}, {"device": "computer", "new_bid": 1.3}, FINE)
    assert [word for word, _ in gone(prepared(tmp_path, twice))] == ["camping tent"] * 2
    alike = a_list({"device": "mobile"}, {"device": "computer"}, FINE)
    done = prepared(tmp_path, alike)
    assert gone(done) == []
    assert len(done.files[0].lines) == 2


@pytest.mark.parametrize(
    ("platform", "term", "match", "said"),
    [
        ("google_ads", "=1+1", "exact", "signs"),
        ("google_ads", "a b c d e f g h i j k", "exact", "more words"),
        ("google_ads", "x" * 81, "exact", "longer"),
        ("google_ads", "free tent", "broad", "exact or phrase"),
        ("amazon_ads", "+tent", "exact", "signs"),
        ("amazon_ads", "one two three four five", "phrase", "more words"),
        ("amazon_ads", "one two three four five", "exact", None),
        ("amazon_ads", "tent-light", "phrase", None),
        ("google_ads", "帐篷 😀", "exact", None),
    ],
)
def test_negatives_that_the_platform_does_not_take(
    tmp_path: Path, platform: str, term: str, match: str, said: str | None
) -> None:
    row = {"level": "search_term", "search_term": term, "action": "exclude", "bid": None, "new_bid": None}
    done = prepared(tmp_path, a_list(IDS | row | {"new_match": match}, platform=platform))
    assert [said in reason for _, reason in gone(done)] == ([True] if said else [])
    assert bool(done.files) is (said is None)


def test_a_place_that_no_file_has_is_left_to_the_person(tmp_path: Path) -> None:
    row = {"level": "search_term", "search_term": "x", "action": "exclude", "bid": None, "new_bid": None}
    done = prepared(tmp_path, a_list(row | {"new_place": "shared list"}, FINE))
    assert ["by hand" in reason for _, reason in gone(done)] == [True]


def test_a_platform_without_format_file_is_named(tmp_path: Path) -> None:
    done = prepared(tmp_path, a_list({"platform": "unheard_of"}, FINE))
    assert [(row.found, "--format" in row.reason.en) for row in done.left_out] == [("unheard_of", True)]
    assert uploaded(done) == {"fine"}


def test_only_what_was_accepted_goes_and_only_the_actions_wanted(tmp_path: Path) -> None:
    actions = a_list(
        {"keyword": "up"}, {"keyword": "down", "action": "lower", "new_bid": 0.8, "bid_change": -0.2},
        {"keyword": "out", "action": "delete", "new_bid": None}, {"keyword": "no"}, {"keyword": "blank"},
        {"keyword": "same", "new_bid": 1.0, "action": "watch", "bid_change": 0.001},
    )  # fmt: skip
    marks = ["accept", "accept", "accept", "reject", None, "accept"]
    assert uploaded(prepared(tmp_path, actions, marks)) == {"up", "down", "out"}
    assert uploaded(prepared(tmp_path, actions, marks, accept_all=True)) == {"up", "down", "out", "blank"}
    assert uploaded(prepared(tmp_path, actions, marks, only=("lower", "delete"))) == {"down", "out"}


def test_a_bid_given_for_a_word_to_delete_keeps_it(tmp_path: Path) -> None:
    done = prepared(tmp_path, a_list({"action": "delete", "new_bid": None}), [("change", 0.4)])
    [line] = done.files[0].lines.to_dict("records")
    assert (line["Max CPC"], line["Status"]) == ("0.40", "")
    assert done.changes["doing"].tolist() == ["lower"]


def test_what_people_must_do_is_counted_and_not_uploaded(tmp_path: Path) -> None:
    done = prepared(tmp_path, a_list({"level": "item", "action": "fix_page", "item": "tent"}, FINE))
    assert done.by_hand == 1
    assert gone(done) == []


def test_words_of_an_accepted_group_are_uploaded_and_the_group_is_not(tmp_path: Path) -> None:
    group = {"level": "group", "moved_with": "Tents -10%", "bid": None, "new_bid": None, "bid_change": -0.1}
    word = {"moved_with": "Tents -10%", "new_bid": 0.9, "bid_change": -0.1}
    actions = a_list(group, word | {"keyword": "a"}, word | {"keyword": "b"}, action="lower")
    done = prepared(tmp_path, actions, ["accept"])
    assert uploaded(done) == {"a", "b"}
    assert len(done.files[0].lines) == 2
    assert not prepared(tmp_path, actions, ["reject"]).files


def test_without_a_bid_a_platform_gets_a_sheet_and_a_person_may_give_one(tmp_path: Path) -> None:
    unknown = {"bid": None, "new_bid": None, "bid_basis": "cpc", "bid_change": -0.3, "action": "lower"}
    done = prepared(tmp_path, a_list(unknown, FINE | unknown), ["accept", ("change", 0.55)])
    assert [(file.upload.file, len(file.lines)) for file in done.files] == [("csv", 1), ("work_sheet", 1)]
    assert done.files[0].lines["Max CPC"].tolist() == ["0.55"]
    # Nobody knows what to restore.
    assert len(done.not_undone) == 2


def test_a_word_that_is_paused_already_is_not_paused_lest_undo_start_it(tmp_path: Path) -> None:
    delete = {"action": "delete", "new_bid": None}
    assert uploaded(
        prepared(tmp_path, a_list(delete | {"status": "paused"}, FINE | delete | {"status": "live"}))
    ) == {"fine"}


def test_a_search_term_has_no_bid_to_set(tmp_path: Path) -> None:
    done = prepared(tmp_path, a_list({"level": "search_term", "search_term": "tent"}, FINE))
    assert ["no bid of its own" in reason for _, reason in gone(done)] == [True]
    assert uploaded(done) == {"fine"}
