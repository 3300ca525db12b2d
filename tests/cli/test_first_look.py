"""The terminal after a run: at most 40 lines of 80 columns, whatever the account."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from rich.cells import cell_len

from ppc_tuner.cli.first_look import first_look
from tests.cli.test_command_line import run

LONG = "羽绒服男短款 very long name " * 400


def texts(*lines: str) -> pd.DataFrame:
    return pd.DataFrame({"text_zh": lines, "text_en": lines}, dtype="str")


def result_of(actions: pd.DataFrame, found: int = 1, warnings: int = 0, give: int = 0, last: int = 0) -> Any:
    summary = {
        "found": texts(*["385 words, 9 down"] * found),
        "last_time": texts(*[LONG] * last),
        "warnings": texts(*[LONG] * warnings),
        "to_give": texts(*["Give the margins"] * give),
    }
    return SimpleNamespace(actions=actions, summary=summary)


def rows(count: int, **given: Any) -> pd.DataFrame:
    usual = {
        "level": "keyword", "action": "lower", "bid_change": -0.2, "moved_with": np.nan, "group_name": np.nan,
        "keyword": [f"word {number}" for number in range(count)], "campaign": "plan", "ad_group": "group",
        "expected_gain": np.arange(count, dtype=float), "reason_en": "1 click", "reason_zh": "1 个点击",
    }  # fmt: skip
    return pd.DataFrame(usual | given)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_is_never_longer_than_forty_lines_of_eighty_columns(lang):
    names = {"keyword": LONG, "campaign": LONG, "reason_en": LONG, "reason_zh": LONG}
    result = result_of(rows(50, **names), found=30, warnings=30, give=3, last=3)
    files = [Path("/" + "folder/" * 10 + f"{number}.xlsx") for number in range(9)]
    lines = first_look(result, files, lang)
    assert len(lines) <= 40
    # Paths are whole, to be copied.
    assert max(cell_len(line) for line in lines if not line.startswith("/folder/")) <= 80
    # What comes last is still there: what to give and where to read on.
    assert "Give the margins" in lines
    assert any("upload" in line for line in lines)


def test_the_five_that_bring_most_come_first_with_campaign_and_gain():
    lines = first_look(result_of(rows(9)), [Path("a.xlsx")], "en")
    numbered = [line for line in lines if line[:2] in {f"{number}." for number in range(1, 7)}]
    assert numbered[0] == "1. Lower -20% · word 8 · plan · +8 a week"
    assert [line.split(" · ")[1] for line in numbered] == [f"word {n}" for n in (8, 7, 6, 5, 4)]
    assert lines[lines.index(numbered[0]) + 1] == "   1 click"


def test_words_that_move_with_a_group_are_not_told_beside_it():
    moved = rows(3, moved_with=[np.nan, "plan -20%", "plan -20%"], level=["group", "keyword", "keyword"])
    moved = moved.assign(group_name=["the plan", np.nan, np.nan], keyword=[np.nan, "a", "b"])
    numbered = [line for line in first_look(result_of(moved), [], "en") if " · " in line]
    assert numbered == ["1. Lower -20% · the plan · plan · +0 a week"]


def test_an_item_without_a_name_goes_by_its_ad_group_and_follows_what_has_a_gain():
    item = rows(1, level="item", action="fix_page", bid_change=np.nan, keyword=[np.nan], expected_gain=np.nan)
    item = item.assign(item=np.nan, ad_group="camping tent")
    actions = pd.concat([item, rows(1)], ignore_index=True)
    numbered = [line for line in first_look(result_of(actions), [], "en") if " · " in line]
    assert numbered == ["1. Lower -20% · word 0 · plan · +0 a week", "2. Fix page · camping tent · plan"]


def test_nothing_to_do_points_at_the_sheets_to_read():
    lines = first_look(result_of(rows(2, action="keep", bid_change=0.0)), [Path("a.xlsx")], "en")
    assert lines[-1] == "Open it at Summary and All keywords"


def test_quiet_writes_the_files_and_says_nothing(tmp_path):
    done = run("demo", "-o", tmp_path / "a.csv", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "a.csv").stat().st_size > 1_000


@pytest.mark.parametrize(("lang", "said"), [("zh", "先看示例"), ("en", "To see it work")])
def test_without_arguments_it_names_the_two_commands(lang, said):
    done = run(lang=lang)
    assert done.returncode == 0
    assert said in done.stdout
    assert "ppc-tuner demo" in done.stdout
    assert "ppc-tuner tune" in done.stdout


def test_a_result_that_would_replace_its_report_is_told_a_name_that_is_free(tmp_path):
    report = tmp_path / "actions.xlsx"
    report.write_bytes(b"PK")
    done = run("tune", report, "-o", report)
    assert done.returncode == 2
    assert "-o actions2.xlsx" in done.stderr
