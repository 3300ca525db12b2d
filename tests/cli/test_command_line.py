"""The command line as a user meets it: output, messages, exit codes; no half-written file, no traceback."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.cli import message_languages
from ppc_tuner.cli import run as run_command_line
from ppc_tuner.locations import sample_folder

GOOGLE = sample_folder() / "google" / "Search keyword report.csv"
HEADER = (
    "日期,计划ID,计划名字,单元ID,单元名字,宝贝ID,宝贝名称,词类型,词ID/词包ID,词名字/词包名字,"
    "展现量,点击量,花费,总成交金额,总成交笔数"
)
ROW = "2026-10-31,1,计划,2,单元,3,男装羽绒服男,关键词,4,羽绒服男,100,10,12.50,199.00,1"


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str | Path, lang: str = "en", cwd: Path | None = None) -> Done:
    """Run the command in this process; starting a new one takes longer than most commands do."""
    out, err = io.StringIO(), io.StringIO()
    locale = {"LC_ALL": "zh_CN.UTF-8" if lang == "zh" else "C.UTF-8"}
    with (
        mock.patch.dict(os.environ, locale),
        mock.patch.object(sys, "argv", ["ppc-tuner", *map(str, arguments)]),
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        return Done(exit_code(), out.getvalue(), err.getvalue())


def exit_code() -> int:
    try:
        run_command_line()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def in_its_own_process(*arguments: str | Path) -> Done:
    command = [sys.executable, "-m", "ppc_tuner", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def report(folder: Path, text: str, name: str = "关键词报表.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("gb18030"))
    return path


def refused(done: Done, code: int, *parts: str) -> None:
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    for part in parts:
        assert part in done.stderr, done.stderr


def test_help_names_every_command_and_loads_no_frames():
    done = run("--help")
    assert done.returncode == 0
    assert all(command in done.stdout for command in ("tune", "demo", "inspect"))
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "ppc_tuner", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert "| typer" in loaded
    assert not [name for name in ("pandas", "sklearn", "scipy", "numpy") if f" {name}\n" in loaded]


def test_demo_writes_every_format_and_shows_the_first_actions(tmp_path):
    outputs = [tmp_path / f"a.{ending}" for ending in ("xlsx", "csv", "parquet", "json")]
    done = in_its_own_process("demo", *(part for path in outputs for part in ("-o", path)))
    assert done.returncode == 0, done.stderr
    assert all(path.stat().st_size > 1000 for path in outputs)
    assert all(str(path) in done.stdout for path in outputs)
    assert "提价" in done.stdout
    assert done.stderr == ""
    assert len(pd.read_csv(outputs[1])) == len(pd.read_parquet(outputs[2]))


def test_the_language_of_the_output_can_be_chosen(tmp_path):
    done = run("demo", "-o", tmp_path / "a.csv", "--lang", "en")
    assert "Raise" in done.stdout


def test_inspect_says_how_a_file_was_understood(tmp_path):
    done = run("inspect", report(tmp_path, f"{HEADER}\n{ROW}\n"), "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert all(part in done.stdout for part in ("gb18030", "12.5", "199", "展现量"))


def test_settings_rules_and_context_change_the_list(tmp_path):
    pack = tmp_path / "mine.yaml"
    pack.write_text(
        "pack: mine\nextends: common\nsettings:\n  max_step: 0.05\n  max_cut: 0.05\n", encoding="utf-8"
    )
    done = run("tune", GOOGLE, "--rules", pack, "--set", "margin=0.5", "-o", tmp_path / "a.csv")
    assert done.returncode == 0, done.stderr
    changes = pd.read_csv(tmp_path / "a.csv").query("action in ['raise', 'lower']")["bid_change"]
    assert len(changes) > 0
    assert changes.abs().max() <= 0.05 + 1e-9


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"", ("empty",)),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 400, ("picture",)),
        (b"PK\x03\x04" + b"\0" * 60, ("a.csv",)),
        ("甲,乙\n1,2\n".encode("gb18030"), ("甲", "what to do")),
        ((HEADER.replace("词名字/词包名字", "备注") + "\n" + ROW + "\n").encode("gb18030"), ("词名字",)),
    ],
    ids=["empty", "picture", "truncated archive", "no known header", "no keyword column"],
)
def test_a_file_that_is_no_report(tmp_path, content, parts):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    done = run("tune", path, "-o", tmp_path / "out.xlsx")
    refused(done, 3, "a.csv", *parts)
    assert not (tmp_path / "out.xlsx").exists()


def test_a_truncated_workbook(tmp_path):
    whole = (sample_folder() / "amazon" / "Sponsored Products Targeting report.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    refused(run("tune", path, "-o", tmp_path / "out.xlsx"), 3, "cut.xlsx")


def test_a_report_without_rows_is_exit_1(tmp_path):
    refused(run("tune", report(tmp_path, HEADER + "\n"), "-o", tmp_path / "out.xlsx"), 1, "关键词报表.csv")


def test_swapped_columns_and_future_dates(tmp_path):
    swapped = report(tmp_path, f"{HEADER}\n" + ROW.replace("100,10,", "10,100,") + "\n")
    refused(run("tune", swapped, "-o", tmp_path / "out.xlsx"), 3, "关键词报表.csv")
    future = report(tmp_path, f"{HEADER}\n" + ROW.replace("2026-10-31", "2126-10-31") + "\n")
    refused(run("tune", future, "-o", tmp_path / "out.xlsx"), 3, "2126-10-31")
    old = report(tmp_path, f"{HEADER}\n{ROW}\n")
    refused(run("tune", old, "-o", tmp_path / "out.xlsx", "--as-of", "2026-10-01"), 3, "2026-10-31")


def test_overlapping_summaries_name_both_files(tmp_path):
    first = report(tmp_path, f"{HEADER}\n" + ROW.replace("2026-10-31", "20261001至20261007") + "\n", "a.csv")
    second = report(tmp_path, f"{HEADER}\n" + ROW.replace("2026-10-31", "20261005至20261011") + "\n", "b.csv")
    refused(run("tune", first, second, "-o", tmp_path / "out.xlsx"), 3, "a.csv", "b.csv")


@pytest.mark.parametrize(
    ("arguments", "code", "parts"),
    [
        (["--set", "margni=0.4"], 2, ("margni", "did you mean 'margin'")),
        (["--set", "margin=4"], 2, ("margin", "found: 4", "0.01")),
        (["--set", "margin"], 2, ("NAME=VALUE",)),
        (["--set", "objective=profti"], 2, ("objective", "target_roas")),
        (["--lang", "de"], 2, ("zh", "en")),
        (["--period", "yesterday"], 2, ("START..END",)),
        (["--as-of", "1.11.2026"], 2, ("YYYY-MM-DD",)),
        (["--rulse", "x"], 2, ("--rulse",)),
        (["--rules", "zhitongchee"], 4, ("zhitongche", "common")),
        (["--rules", "absent.yaml"], 4, ("absent.yaml",)),
        (["--context", "absent.csv"], 4, ("absent.csv",)),
        (["--format", "absent.yaml"], 4, ("absent.yaml",)),
        (["-o", "out.doc"], 2, (".xlsx",)),
        (["-o", "absent/out.xlsx"], 5, ("absent",)),
    ],
)
def test_a_wrong_option_is_one_message(tmp_path, arguments, code, parts):
    given = arguments if "-o" in arguments else [*arguments, "-o", "out.xlsx"]
    refused(run("tune", GOOGLE, *given, cwd=tmp_path), code, *parts)
    assert list(tmp_path.iterdir()) == []


def test_a_typo_in_a_pack_is_said_with_its_place(tmp_path):
    pack = tmp_path / "mine.yaml"
    pack.write_text(
        "pack: mine\nextends: common\nrules:\n"
        "  - id: x\n    when: clickz > 3\n    action: keep\n    reason: {zh: a, en: a}\n",
        encoding="utf-8",
    )
    refused(
        run("tune", GOOGLE, "--rules", pack, "-o", tmp_path / "a.csv"),
        4,
        "mine.yaml:5:11",
        "clickz",
        "did you mean 'clicks'",
    )


def test_a_missing_report_and_chinese_messages(tmp_path):
    refused(in_its_own_process("tune", tmp_path / "没有.csv"), 3, "没有.csv")
    refused(run("tune", tmp_path / "没有.csv", lang="zh"), 3, "怎么办")


def test_no_overwrite_by_a_failed_run(tmp_path):
    kept = tmp_path / "actions.csv"
    kept.write_text("last week's", encoding="utf-8")
    wrong = report(tmp_path, "甲,乙\n1,2\n", "x.csv")
    refused(run("tune", GOOGLE, wrong, "-o", kept), 5)
    refused(run("tune", GOOGLE, wrong, "-o", kept, "--overwrite"), 3)
    assert kept.read_text(encoding="utf-8") == "last week's"


def test_without_bids_no_bid_is_invented(tmp_path):
    done = run("demo", "-o", tmp_path / "a.csv")
    assert done.returncode == 0
    words = pd.read_csv(tmp_path / "a.csv")
    # Bids known are those of the word list in the context.
    words = words[words["bid_given"].isna()]
    assert set(words["bid_basis"].dropna()) <= {"cpc", "none"}
    assert "new_bid" not in words or words["new_bid"].isna().all()
    moved = words[words["action"].isin(["raise", "lower"])]
    assert (moved["bid_change"].abs() >= 0.01).all()
    assert np.allclose(np.sign(moved["bid_change"]), np.where(moved["action"] == "raise", 1, -1))


class TestInputsAreNeverWrittenOver:
    @pytest.fixture
    def week(self, tmp_path):
        folder = tmp_path / "week"
        folder.mkdir()
        (folder / "items.csv").write_text("item_id,margin\n3,0.4\n", encoding="utf-8")
        report(folder, f"{HEADER}\n{ROW}\n", "report.csv")
        return folder

    def unharmed(self, folder, *arguments):
        before = {path: path.read_bytes() for path in folder.iterdir()}
        refused(run("tune", *arguments, cwd=folder.parent), 2, "replace a file that is read", "what to do")
        assert before == {path: path.read_bytes() for path in folder.iterdir()}

    def test_a_report_or_context_table(self, week):
        self.unharmed(week, week / "report.csv", "-o", "week/report.csv")
        self.unharmed(
            week, week / "report.csv", "--context", week / "items.csv", "-o", "week/../week/items.csv"
        )
        self.unharmed(week, week / "report.csv", "--context", week, "-o", "week/items.csv")

    def test_a_file_of_a_given_folder(self, week):
        self.unharmed(week, week, "-o", week / "report.csv")

    def test_a_link_to_a_report(self, week, tmp_path):
        (tmp_path / "link.csv").symlink_to(week / "report.csv")
        self.unharmed(week, week / "report.csv", "-o", tmp_path / "link.csv")
        self.unharmed(week, tmp_path / "link.csv", "-o", week / "report.csv")

    def test_the_list_of_last_week_in_the_same_folder_is_replaced(self, week):
        for _ in range(2):
            done = run("tune", week, "-o", week / "list.csv")
            assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("machine", "arguments", "said"),
    [
        ("C.UTF-8", ["a.csv"], ("what to do", "怎么办")),
        ("en_US.UTF-8", ["a.csv"], ("what to do",)),
        ("en_US.UTF-8", ["报表.csv"], ("what to do", "怎么办")),
        ("zh_CN.UTF-8", ["a.csv"], ("怎么办",)),
        ("zh_CN.UTF-8", ["a.csv", "--lang", "en"], ("what to do",)),
        ("en_US.UTF-8", ["a.csv", "--lang=zh"], ("怎么办",)),
    ],
)
def test_the_language_of_a_message(monkeypatch, machine, arguments, said):
    monkeypatch.setenv("LC_ALL", machine)
    monkeypatch.setattr("sys.argv", ["ppc-tuner", "tune", *arguments])
    label = {"zh": "怎么办", "en": "what to do"}
    assert tuple(label[lang] for lang in message_languages("")) == said


def test_what_makes_the_figures_doubtful_is_said_before_any_action(tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    rows = [
        "2026-07-01,店,P,U,鞋,1000,50,100,5",
        "2026-07-01,店,P,U,靴,800,40,80,4",
        "合计,,,,,1800,90,999,9",
    ]
    report.write_text("\n".join(["日期,账户,推广计划,推广单元,关键词,展现,点击,消费,转化", *rows]), "utf-8")
    done = run(
        "tune", report, "-o", tmp_path / "list.csv", "--set", "value_per_conversion=100", "--lang", "en"
    )
    before_actions = " ".join(done.stdout.partition("\n\n")[0].split())
    assert "the total row says cost 999.00, the rows add up to 180.00" in before_actions
