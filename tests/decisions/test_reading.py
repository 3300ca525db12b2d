"""Lists come back with every decision, whatever a spreadsheet has made of them, or the row is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from lists import Sheet, a_list, marked, rearranged, saved

from ppc_tuner.decisions import ACCEPTED, CHANGED, REJECTED, UNCLEAR, Decided, read_decisions
from ppc_tuner.errors import InputError
from ppc_tuner.run_rows import carried, carried_rows

WORDS = (
    "camping tent",
    "=1+1",
    "+tent +light",
    "帐篷",
    "⛺ tent",
    "_x0041_",
    "a\u202eb",
    "'quoted",
    " tent ",
)
LONG_ID = "12345678901234567891"


def words(*texts: str) -> pd.DataFrame:
    return a_list(
        *(
            {"keyword": text, "keyword_id": f"{LONG_ID}{number}", "bid": 1.0 + number}
            for number, text in enumerate(texts)
        )
    )


def by_word(decided: Decided) -> dict[str, tuple[str, float | None]]:
    rows = decided.rows
    bids = rows["final_bid"].astype(object).where(rows["final_bid"].notna(), None)
    return dict(zip(rows["keyword"], zip(rows["decision"], bids, strict=True), strict=True))


def test_accepted_rejected_and_changed_with_bid_and_note(tmp_path: Path) -> None:
    sheet = Sheet(saved(tmp_path / "a.xlsx", words("a", "b", "c", "d", "e")))
    sheet.mark(3, "accept", note=" seasonal ").mark(4, "reject").mark(5, "change", 1.35).mark(6, None, 0.8)
    decided = read_decisions(sheet.save())
    assert by_word(decided) == {
        "a": (ACCEPTED, None), "b": (REJECTED, None), "c": (CHANGED, 1.35), "d": (CHANGED, 0.8),
        "e": ("", None),
    }  # fmt: skip
    assert decided.rows["note"].tolist() == ["seasonal", "", "", "", ""]
    assert decided.rows["where"].tolist()[:2] == ["Actions:3", "Actions:4"]
    assert decided.unread == ()
    assert decided.is_marked


def test_a_list_as_it_was_written_holds_no_decision(tmp_path: Path) -> None:
    decided = read_decisions(saved(tmp_path / "a.xlsx", words("a")))
    assert not decided.is_marked
    assert decided.rows["decision"].tolist() == [""]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("采纳", ACCEPTED),
        ("Accept ", ACCEPTED),
        ("YES", ACCEPTED),
        ("√", ACCEPTED),
        ("拒绝", REJECTED),
        ("No", REJECTED),
    ],
)
def test_what_people_type_is_understood(tmp_path: Path, written: str, meant: str) -> None:
    assert by_word(read_decisions(marked(tmp_path / "a.xlsx", words("a"), [written]))) == {"a": (meant, None)}


@pytest.mark.parametrize(
    ("decision", "bid", "said"),
    [
        ("maybe", None, "not known"),
        ("x", None, "not known"),
        ("change", None, "no final bid"),
        ("reject", 1.5, "rejected, yet"),
        ("accept", "+10%", "no number"),
        (None, "cheaper", "no number"),
        (None, -1, "no number"),
        (None, pd.Timestamp("2026-01-05").to_pydatetime(), "no number"),
    ],
)
def test_marks_that_cannot_be_followed_are_named(tmp_path: Path, decision: Any, bid: Any, said: str) -> None:
    sheet = Sheet(saved(tmp_path / "a.xlsx", words("a", "b"))).mark(3, decision, bid).mark(4, "accept")
    decided = read_decisions(sheet.save())
    [unread] = decided.unread
    assert (unread.where, unread.name) == ("Actions:3", "a")
    assert said in unread.reason.en
    # Not free to be accepted with all the others either.
    assert by_word(decided) == {"a": (UNCLEAR, None), "b": (ACCEPTED, None)}


def test_columns_moved_rows_sorted_and_deleted_sheets_renamed(tmp_path: Path) -> None:
    sheet = Sheet(saved(tmp_path / "a.xlsx", words(*WORDS)))
    for number, row in enumerate(sheet.rows):
        sheet.mark(row, ["accept", "reject", None][number % 3], 2.5 if number % 3 == 2 else None)
    before = read_decisions(sheet.save())
    out = rearranged(sheet.path.with_name("filled.xlsx"), lambda rows: rows[:0:-1], tmp_path / "moved.xlsx")
    after = read_decisions(out)
    assert after.unread == ()
    # The first row has been deleted; texts, ids and bids are those of the hidden sheet, to the letter.
    assert after.rows["keyword"].tolist() == list(WORDS[1:])
    assert by_word(after) == {word: by_word(before)[word] for word in WORDS[1:]}
    assert after.rows["keyword_id"].tolist() == [f"{LONG_ID}{number}" for number in range(1, len(WORDS))]


def test_rows_hidden_by_a_filter_are_there(tmp_path: Path) -> None:
    sheet = Sheet(saved(tmp_path / "a.xlsx", words("a", "b"))).mark(3, "accept").mark(4, "reject")
    sheet.sheet.row_dimensions[4].hidden = True
    assert by_word(read_decisions(sheet.save()))["b"] == (REJECTED, None)


def test_without_the_hidden_column_a_row_is_known_by_what_it_shows(tmp_path: Path) -> None:
    actions = a_list(
        {"keyword": "a", "ad_group": "one"}, {"keyword": "a", "ad_group": "two"}, {"keyword": "a\u202eb"},
    )  # fmt: skip
    sheet = Sheet(saved(tmp_path / "a.xlsx", actions)).mark(3, "accept").mark(4, "reject").mark(5, "reject")
    sheet.sheet.delete_cols(sheet.sheet.max_column)
    decided = read_decisions(sheet.save())
    assert decided.rows["decision"].tolist() == [ACCEPTED, REJECTED, REJECTED]
    assert decided.unread == ()
    sheet.sheet.delete_cols(sheet.place["Ad group"])
    named = read_decisions(sheet.save())
    assert [one.where for one in named.unread] == ["Actions:3", "Actions:4"]
    assert by_word(named) == {"a\u202eb": (REJECTED, None)}


def test_a_row_of_another_list_is_named_and_not_taken_for_one_of_this(tmp_path: Path) -> None:
    other = Sheet(saved(tmp_path / "other.xlsx", words("a").assign(new_bid=3.0)))
    sheet = Sheet(saved(tmp_path / "a.xlsx", words("a", "b"))).mark(3, "accept").mark(4, "accept")
    key = sheet.sheet.max_column
    sheet.sheet.cell(3, key).value = other.sheet.cell(3, key).value
    decided = read_decisions(sheet.save())
    [unread] = decided.unread
    assert "another list" in unread.reason.en
    assert by_word(decided) == {"b": (ACCEPTED, None)}


@pytest.mark.parametrize(("second", "count"), [("accept", 0), ("reject", 2)])
def test_a_row_that_stands_there_twice_must_say_the_same(tmp_path: Path, second: str, count: int) -> None:
    sheet = Sheet(saved(tmp_path / "a.xlsx", words("a", "b"))).mark(3, "accept").mark(4, "accept")
    for cell in list(sheet.sheet[3]):
        sheet.sheet.cell(5, cell.column).value = cell.value
    decided = read_decisions(sheet.mark(5, second).save())
    assert len(decided.unread) == count
    assert by_word(decided)["a"] == (UNCLEAR if count else ACCEPTED, None)
    assert len(decided.rows) == 2


GROUP = {
    "level": "group",
    "keyword": "nan",
    "bid": None,
    "new_bid": None,
    "bid_change": -0.1,
    "action": "lower",
}


def grouped() -> pd.DataFrame:
    group = GROUP | {"moved_with": "Tents -10%"}
    members = (
        {"keyword": word, "moved_with": "Tents -10%", "new_bid": 0.9, "action": "lower"} for word in "ab"
    )
    return a_list(group, *members, {"keyword": "c", "moved_with": None}).replace({"keyword": {"nan": None}})


@pytest.mark.parametrize(("written", "meant"), [("accept", ACCEPTED), ("reject", REJECTED), (None, "")])
def test_the_decision_on_a_group_is_that_on_its_words(tmp_path: Path, written: Any, meant: str) -> None:
    decided = read_decisions(marked(tmp_path / "a.xlsx", grouped(), [written, "accept"]))
    rows = decided.rows[decided.rows["level"].eq("keyword")]
    assert dict(zip(rows["keyword"], rows["decision"], strict=True)) == {
        "a": meant,
        "b": meant,
        "c": ACCEPTED,
    }
    assert rows["where"].tolist() == ["Actions:3", "Actions:3", "Actions:4"]


def test_words_of_a_group_that_was_deleted_are_deleted_with_it(tmp_path: Path) -> None:
    sheet = Sheet(saved(tmp_path / "a.xlsx", grouped())).mark(4, "accept")
    sheet.sheet.delete_rows(3)
    assert by_word(read_decisions(sheet.save())) == {"c": (ACCEPTED, None)}


def test_a_group_has_no_bid_to_change(tmp_path: Path) -> None:
    decided = read_decisions(marked(tmp_path / "a.xlsx", grouped(), [("change", 1.1), "accept"]))
    assert ["no bid of its own" in one.reason.en for one in decided.unread] == [True]
    assert set(decided.rows["decision"]) == {UNCLEAR, ACCEPTED}


def test_two_groups_of_one_name_decided_differently_are_named(tmp_path: Path) -> None:
    group = GROUP | {"moved_with": "Tents -10%"}
    word = {"moved_with": "Tents -10%", "action": "lower"}
    actions = a_list(group | {"campaign_id": "1"}, group | {"campaign_id": "2"}, word)
    decided = read_decisions(marked(tmp_path / "a.xlsx", actions, ["accept", "reject"]))
    assert len(decided.unread) == 2
    assert by_word(decided)["camping tent"] == (UNCLEAR, None)


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_list_in_csv_or_parquet_carries_what_is_needed(tmp_path: Path, ending: str) -> None:
    kept = {"keyword": "kept", "action": "keep", "new_bid": 1.0, "bid_change": 0.0}
    actions = pd.concat([words(*WORDS), a_list(kept, kept | {"keyword": "moved"})], ignore_index=True)
    actions = actions.assign(
        decision=["accept"] * len(WORDS) + ["", "change"], final_bid=[None] * (len(WORDS) + 1) + [1.1]
    )
    decided = read_decisions(saved(tmp_path / f"a{ending}", actions))
    assert by_word(decided) == dict.fromkeys(WORDS, (ACCEPTED, None)) | {"moved": (CHANGED, 1.1)}
    rows = decided.rows.head(len(WORDS))
    assert rows["bid"].tolist() == [1.0 + number for number in range(len(WORDS))]
    assert rows["keyword_id"].tolist() == [f"{LONG_ID}{number}" for number in range(len(WORDS))]
    assert str(decided.written_on) == "2026-11-01"


def test_a_csv_saved_again_with_decimal_commas_has_the_same_bids(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", words("a", "b").assign(bid=1.25, new_bid=1.5, decision="accept"))
    frame = pd.read_csv(path)
    frame.to_csv(path, sep=";", decimal=",", index=False, encoding="gb18030")
    assert read_decisions(path).rows["bid"].tolist() == [1.25, 1.25]


def test_a_sheet_copied_out_is_told_from_the_list(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(saved(tmp_path / "a.xlsx", words("a")))
    del book["ppc_tuner"]
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(InputError, match="not the whole of it"):
        read_decisions(tmp_path / "b.xlsx")


def test_another_table_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Keyword,Clicks\ntent,1\n", "utf-8")
    with pytest.raises(InputError, match="no action list"):
        read_decisions(tmp_path / "a.csv")


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    saved(tmp_path / "a.xlsx", words("a"))
    with pytest.raises(InputError, match="a folder"):
        read_decisions(tmp_path)


def test_rows_are_carried_in_signs_that_no_program_takes_for_others() -> None:
    lines = carried(words(*WORDS))
    assert all(line.isascii() and line.isprintable() and "_x" not in line for line in lines)
    assert carried_rows(lines)["keyword"].tolist() == list(WORDS)
    assert carried(words("a").iloc[:0]) == []


@pytest.mark.parametrize("line", ["{", "[1]", '{"bid": "x"}', '{"last_day": "soon"}'])
def test_a_damaged_hidden_sheet_is_told(tmp_path: Path, line: str) -> None:
    book = openpyxl.load_workbook(saved(tmp_path / "a.xlsx", words("a")))
    book["ppc_tuner"]["B2"] = line
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(InputError, match="damaged"):
        read_decisions(tmp_path / "b.xlsx")
