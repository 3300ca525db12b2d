"""ppc-tuner upload as a user meets it: totals first, files whole or not at all, every row left out named."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lists import Sheet, a_list, saved
from typer.testing import CliRunner

from ppc_tuner import tune
from ppc_tuner.cli import app
from ppc_tuner.errors import TunerError
from ppc_tuner.locations import sample_folder
from ppc_tuner.reports import read_reports

NOW = pd.Timestamp.now().normalize()


def run(*arguments: Any, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["upload", *map(str, arguments), "--lang", "en"])
    if isinstance(done.exception, TunerError):
        assert done.exception.exit_code == code
        return done.output + str(done.exception)
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    actions = a_list(
        {"keyword": "up", "weekly_cost": 50.0},
        {"keyword": "down", "bid": 2.0, "new_bid": 1.0, "bid_change": -0.5, "action": "lower",
         "weekly_cost": 30.0},
        {"keyword": "=cmd|' /C calc'!A0", "new_bid": 0.001},
        {"keyword": "blank"},
        last_day=NOW,
    )  # fmt: skip
    return saved(tmp_path / "list.csv", actions.assign(decision=["accept"] * 3 + [None]))


def test_totals_are_told_and_files_stand_beside_the_list(listed: Path) -> None:
    said = run(listed)
    folder = listed.with_name("list-upload")
    written = {"google_ads_editor.csv", "google_ads_editor.undo.csv", "left_out.csv"}
    assert {path.name for path in folder.iterdir()} == written
    # 50 × 20 % and 30 × 50 %.
    assert [line.split()[-4:] for line in said.splitlines() if line.startswith("google_ads ")] == [
        ["Lower", "1", "15.00", "50.0%"], ["Raise", "1", "10.00", "20.0%"]
    ]  # fmt: skip
    assert "largest step: down, 2.00 → 1.00, -50.0%" in said
    assert "below the platform's lowest" in said
    assert "1 rows are not marked" in said


def test_the_list_of_rows_left_out_is_harmless_in_a_spreadsheet(listed: Path) -> None:
    run(listed)
    rows = list(csv.DictReader((listed.with_name("list-upload") / "left_out.csv").open(encoding="utf-8-sig")))
    assert [(row["word"], row["found"]) for row in rows] == [("'=cmd|' /C calc'!A0", "0.001")]


def test_a_dry_run_writes_nothing(listed: Path) -> None:
    assert "largest step" in run(listed, "--dry-run")
    assert not listed.with_name("list-upload").exists()


def test_undo_writes_only_what_restores(listed: Path, tmp_path: Path) -> None:
    run(listed, "--undo", "-o", tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "google_ads_editor.undo.csv",
        "left_out.csv",
    }


def test_among_reports_the_files_are_passed_over(listed: Path, tmp_path: Path) -> None:
    run(listed, "-o", tmp_path / "out")
    report = "Campaign,Ad group,Search keyword,Match type,Day,Impr.,Clicks,Cost,Conversions,Currency code\n"
    row = "c,g,tent,Exact match,2026-06-01,900,30,60.00,2,EUR\n"
    (tmp_path / "out" / "report.csv").write_text(report + row, "utf-8")
    reading = read_reports(tmp_path / "out")
    assert [file.path.name for file in reading.files] == ["report.csv"]
    passed_over = {Path(one.label).name for one in reading.skipped if "upload" in one.reason.en}
    assert passed_over == {"google_ads_editor.csv", "google_ads_editor.undo.csv", "left_out.csv"}


def test_a_file_of_somebody_else_is_never_replaced_unasked(listed: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    foreign = tmp_path / "out" / "google_ads_editor.undo.csv"
    foreign.write_text("mine", "utf-8")
    run(listed, "-o", tmp_path / "out", code=5)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [foreign.name]
    assert foreign.read_text("utf-8") == "mine"
    run(listed, "-o", tmp_path / "out", "--overwrite")
    assert foreign.read_bytes()[:2] == b"\xff\xfe"


def test_a_list_without_decisions_says_how_to_decide(tmp_path: Path) -> None:
    path = saved(tmp_path / "list.csv", a_list({}, last_day=NOW))
    said = run(path, code=1)
    assert "accept, reject or change" in said
    assert "--accept-all" in said
    run(path, "--accept-all", "--dry-run")


def test_where_nothing_is_left_every_row_is_named_and_the_exit_code_tells(tmp_path: Path) -> None:
    path = saved(tmp_path / "list.csv", a_list({}, last_day=NOW - pd.Timedelta(days=8), decision="accept"))
    said = run(path, code=1)
    assert "older than 7 days" in said
    assert "camping tent" in said
    assert run(path, "--max-age", "8", "--dry-run")


def test_only_names_actions_that_there_are(listed: Path) -> None:
    assert "raise" in run(listed, "--only", "rase", code=2)
    said = run(listed, "--only", "raise", "--dry-run")
    assert "Raise" in said
    assert "Lower" not in said


def test_what_is_no_list_is_exit_3(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Keyword,Clicks\ntent,1\n", "utf-8")
    run(tmp_path / "a.csv", code=3)
    run(tmp_path / "absent.xlsx", code=3)


def test_from_the_report_to_the_files_and_no_further_than_accepted(tmp_path: Path) -> None:
    result = tune(
        [sample_folder() / "google" / "Search keyword report.csv"], settings={"margin": 0.35}, lang="en"
    )
    result.save(tmp_path / "list.xlsx")
    sheet = Sheet(tmp_path / "list.xlsx")
    chosen = next(row for row in sheet.rows if sheet.cell(row, "New bid").value)
    word, new_bid, bid = (sheet.cell(chosen, name).value for name in ("Keyword", "New bid", "Bid"))
    filled = sheet.mark(chosen, "accept").save()
    run(filled, "-o", tmp_path / "out", "--max-age", 4000)
    for name, value in (("google_ads_editor.csv", new_bid), ("google_ads_editor.undo.csv", bid)):
        text = (tmp_path / "out" / name).read_bytes().decode("utf-16")
        [row] = csv.DictReader(text.splitlines(), delimiter="\t")
        assert (row["Keyword"], float(row["Max CPC"])) == (word.strip('[]"'), value)
