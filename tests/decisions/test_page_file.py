"""Decisions saved from the page are read like those of a workbook, and damaged or foreign ones are named."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lists import TODAY, a_list, marked, saved
from typer.testing import CliRunner

from ppc_tuner.cli import app
from ppc_tuner.decisions import ACCEPTED, CHANGED, REJECTED, UNCLEAR, read_decisions
from ppc_tuner.errors import InputError
from ppc_tuner.run_rows import about_run, carried, with_row_keys
from ppc_tuner.sheets.actions_sheet import rows_to_act_on

Told = dict[str, Any]


def page_file(path: Path, actions: pd.DataFrame, marks: dict[str, tuple[str, str, str]]) -> Path:
    """What the page saves of a list: decision, bid and note by word."""
    rows = with_row_keys(rows_to_act_on(actions))
    keys = rows["row_key"].tolist()
    made = [
        {"row_key": key, "decision": decision, "final_bid": bid, "note": note}
        for key, word in zip(keys, rows["keyword"], strict=True)
        if word in marks
        for decision, bid, note in [marks[word]]
    ]
    told = {
        "ppc_tuner_decisions": 1,
        "run": json.loads(about_run({"written_on": TODAY.isoformat(), "lang": "en"})),
        "decisions": made,
        "rows": list(map(list, zip(keys, carried(rows), strict=True))),
    }
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return path


def words(*texts: str) -> pd.DataFrame:
    return a_list(*({"keyword": text, "keyword_id": f"7{at}"} for at, text in enumerate(texts)))


def test_accepted_rejected_and_changed_with_bid_and_note(tmp_path: Path) -> None:
    marks = {
        "a": ("accept", "", "seasonal"), "b": ("reject", "", ""), "c": ("change", "1.35", ""),
        "d": ("change", "", ""), "e": ("", "", "ask first"),
    }  # fmt: skip
    decided = read_decisions(page_file(tmp_path / "decisions.json", words(*"abcdefg"), marks))
    rows = decided.rows.set_index("keyword")
    assert rows["decision"].tolist() == [ACCEPTED, REJECTED, CHANGED, UNCLEAR, "", "", ""]
    assert rows["final_bid"].tolist()[2] == 1.35
    assert rows["note"].tolist() == ["seasonal", "", "", "", "ask first", "", ""]
    assert [(one.where, one.name) for one in decided.unread] == [("decisions:4", "d")]
    assert (decided.written_on, decided.lang) == (TODAY, "en")
    assert decided.is_marked


def test_it_says_the_same_as_the_workbook_of_the_run(tmp_path: Path) -> None:
    actions = words("a", "=1+1", "\u202eb", "很" * 300)
    book = read_decisions(saved(tmp_path / "a.xlsx", actions)).rows
    page = read_decisions(page_file(tmp_path / "a.json", actions, {})).rows
    beside = ["where", "final_bid"]
    pd.testing.assert_frame_equal(page.drop(columns=beside), book.drop(columns=beside))


def test_words_follow_the_decision_of_their_group(tmp_path: Path) -> None:
    group = {"level": "group", "moved_with": "Tents", "keyword": "", "keyword_id": ""}
    actions = a_list(
        group,
        {"keyword": "a", "moved_with": "Tents"},
        {"keyword": "b", "moved_with": "Tents"},
        {"keyword": "c"},
    )
    rows = read_decisions(page_file(tmp_path / "a.json", actions, {"": ("accept", "", "")})).rows
    assert rows["decision"].tolist() == [ACCEPTED, ACCEPTED, ACCEPTED, ""]


def test_a_decision_about_another_run_is_named_and_not_followed(tmp_path: Path) -> None:
    mine = page_file(tmp_path / "mine.json", words("a", "b"), {})
    other = page_file(tmp_path / "other.json", words("c"), {"c": ("accept", "", "")})
    told = json.loads(mine.read_text(encoding="utf-8"))
    told["decisions"] = json.loads(other.read_text(encoding="utf-8"))["decisions"]
    unknown = told["rows"][0][0].partition(".")[0] + ".0123456789abcdef"
    told["decisions"] += [{"row_key": unknown, "decision": "accept"}, {"row_key": "", "decision": "accept"}]
    mine.write_text(json.dumps(told), encoding="utf-8")
    decided = read_decisions(mine)
    assert not decided.rows["decision"].any()
    assert [one.reason.en.partition(",")[0] for one in decided.unread] == [
        "the row was copied from another list", "its hidden key is gone and what it shows fits no row",
        "its hidden key is gone and what it shows fits no row",
    ]  # fmt: skip


def test_a_decision_without_a_key_is_about_no_row_be_there_only_one(tmp_path: Path) -> None:
    path = page_file(tmp_path / "a.json", words("a"), {"a": ("accept", "", "")})
    told = json.loads(path.read_text(encoding="utf-8"))
    told["decisions"][0]["row_key"] = ""
    path.write_text(json.dumps(told), encoding="utf-8")
    decided = read_decisions(path)
    assert decided.rows["decision"].tolist() == [""]
    assert len(decided.unread) == 1


def test_upload_takes_it(tmp_path: Path) -> None:
    actions = words("a", "b", "c").assign(last_day=pd.Timestamp.now().normalize())
    marks = {"a": ("accept", "", ""), "b": ("change", "0.9", "")}
    path = page_file(tmp_path / "decisions.json", actions, marks)
    done = CliRunner().invoke(app, ["upload", str(path), "--lang", "en", "--max-age", "9999"])
    assert done.exit_code == 0, done.output
    with (tmp_path / "decisions-upload" / "google_ads_editor.csv").open(encoding="utf-16") as file:
        bids = {row["Keyword"]: row["Max CPC"] for row in csv.DictReader(file, delimiter="\t")}
    assert bids == {"a": "1.20", "b": "0.90"}
    assert "1 rows are not marked and stay" in done.output


def _without(name: str) -> Callable[[Told], Any]:
    return lambda told: told.pop(name)


DAMAGES: dict[str, Callable[[Told], Any]] = {
    "no rows": _without("rows"),
    "no run": _without("run"),
    "no decisions": _without("decisions"),
    "a later version": lambda told: told.update(ppc_tuner_decisions=2),
    "rows are no lines": lambda told: told["rows"][0].__setitem__(1, "[1, 2]"),
    "a bid is a word": lambda told: told["rows"][0].__setitem__(1, '{"bid": "cheap"}'),
    "a day is none": lambda told: told["run"].update(written_on="soon"),
    "a decision is a list": lambda told: told["decisions"][0].update(decision=["accept"]),
    "a key is true": lambda told: told["decisions"][0].update(row_key=True),
    "run is a text": lambda told: told.update(run="x"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_says_what_to_do(tmp_path: Path, damage: str) -> None:
    path = page_file(tmp_path / "decisions.json", words("a"), {"a": ("accept", "", "")})
    told = json.loads(path.read_text(encoding="utf-8"))
    DAMAGES[damage](told)
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(InputError, match="the file of decisions has been damaged") as fault:
        read_decisions(path)
    assert "save the decisions again" in str(fault.value)


@pytest.mark.parametrize("text", ['{"ppc_tuner_decisions": 1', '{"ppc_tuner_decisions": ' + "[" * 100_000])
def test_a_file_cut_short_or_nested_without_end_is_damaged(tmp_path: Path, text: str) -> None:
    path = tmp_path / "decisions.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="the file of decisions has been damaged"):
        read_decisions(path)


def test_other_json_is_no_list(tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    path.write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(InputError, match="this is no action list"):
        read_decisions(path)


def test_the_ledger_takes_them_as_it_takes_a_workbook(tmp_path: Path) -> None:
    saved_page = page_file(tmp_path / "decisions.json", words("a", "b"), {"a": ("reject", "", "")})
    options = ["--ledger", str(tmp_path / "ledger"), "--lang", "en"]
    done = CliRunner().invoke(app, ["review", str(saved_page), *options])
    assert done.output == "1 rejected: put into the ledger\n"
    book = marked(tmp_path / "a.xlsx", words("a", "b"), ["reject", None])
    again = CliRunner().invoke(app, ["review", str(book), *options])
    assert again.output == "the ledger has these decisions already\n"
