"""Standard output of any encoding, closed early or full; files, pipes and devices where YAML is expected."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ppc_tuner.locations import sample_folder

GOOGLE = sample_folder() / "google" / "Search keyword report.csv"
CHINESE = next(path for path in (sample_folder() / "zhitongche").glob("*.csv") if path.name != "items.csv")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")


def run(*arguments: str | Path, **changes: Any) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | changes.pop("env", {})
    command = [sys.executable, "-m", "ppc_tuner", *map(str, arguments)]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 120, "check": False} | changes
    return subprocess.run(command, env=environment, **options)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437"])
def test_a_terminal_without_chinese_gets_english_and_signs_spelt_out(encoding: str) -> None:
    done = run("inspect", CHINESE, env={"PYTHONIOENCODING": encoding})
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode(encoding)
    assert "\\u" in said
    assert "report:" in said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_is_written_whatever_the_terminal_shows(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "操作清单.csv"
    done = run("demo", "-o", path, "--lang", lang, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert b"words" in done.stdout
    assert path.stat().st_size > 1000


def test_a_message_is_said_in_english_where_nothing_else_can_be_shown(tmp_path: Path) -> None:
    done = run("inspect", tmp_path / "没有.csv", "--lang", "zh", env={"PYTHONIOENCODING": "cp437"})
    assert done.returncode == 3
    assert b"no such file" in done.stderr


def test_what_programs_read_is_utf_8_whatever_the_terminal_is() -> None:
    done = run("inspect", CHINESE, "--json", env={"PYTHONIOENCODING": "cp1252"})
    assert done.returncode == 0, done.stderr
    assert "直通车" in json.dumps(json.loads(done.stdout.decode("utf-8")), ensure_ascii=False)


@POSIX
def test_a_closed_pipe_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    for arguments in (("inspect", GOOGLE), ("rules", "schema")):
        done = run(*arguments, stdout=writing)
        assert (done.returncode, done.stderr) == (0, b"")
    os.close(writing)


@POSIX
@pytest.mark.parametrize(
    "arguments", [("inspect", GOOGLE, "--json"), ("rules", "schema"), ("inspect", GOOGLE)]
)
def test_standard_output_closed_from_the_start_is_no_fault(arguments: tuple[str | Path, ...]) -> None:
    command = [sys.executable, "-m", "ppc_tuner", *map(str, arguments)]
    done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize("arguments", [("inspect", GOOGLE), ("rules", "schema")])
def test_full_standard_output_is_exit_5(arguments: tuple[str | Path, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(*arguments, stdout=full)
    assert done.returncode == 5
    assert b"standard output cannot be written to" in done.stderr
    assert b"ignored" not in done.stderr


def test_no_columns_is_no_width() -> None:
    done = run("inspect", GOOGLE, env={"COLUMNS": "0"})
    assert done.returncode == 0
    assert len(done.stdout) > 500


@POSIX
@pytest.mark.parametrize("option", ["--format", "--rules", "--context"])
def test_pipes_and_devices_are_not_waited_for(tmp_path: Path, option: str) -> None:
    pipe, device = tmp_path / "pipe.yaml", tmp_path / "device.yaml"
    os.mkfifo(pipe)
    device.symlink_to("/dev/zero")
    for given in (pipe, device):
        done = run("tune", GOOGLE, "-o", tmp_path / "a.csv", option, given, timeout=60)
        assert done.returncode == 4
        assert b"no ordinary file" in done.stderr


def test_a_schema_that_somebody_changed_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text("mine")
    assert run("rules", "schema", "-o", path).returncode == 5
    assert path.read_text() == "mine"
    for overwrite in (["--overwrite"], []):
        assert run("rules", "schema", "-o", path, *overwrite).returncode == 0
    assert json.loads(path.read_text("utf-8"))["title"]
    path.write_text(path.read_text("utf-8").replace("act", "Act", 1), "utf-8")
    assert run("rules", "schema", "-o", path).returncode == 5


def test_an_untouched_table_of_settings_changes_no_pack(tmp_path: Path) -> None:
    pack, table = tmp_path / "mine.yaml", tmp_path / "settings.xlsx"
    pack.write_text("pack: mine\nextends: zhitongche\nsettings:\n  act: 0.8\n", "utf-8")
    pack.chmod(0o640)
    assert run("rules", "export", "zhitongche", "-o", table).returncode == 0
    assert run("rules", "import", table, "-o", pack).returncode == 0
    assert "act: 0.8" in pack.read_text("utf-8")
    assert pack.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("option", ["--as-of", "--exported-on"])
def test_the_last_day_of_all_is_no_fault(option: str) -> None:
    done = run("inspect", GOOGLE, option, "9999-12-31")
    assert done.returncode == 2
    assert b"internal fault" not in done.stderr
