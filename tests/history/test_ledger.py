"""A folder of the ledger is there whole or not at all, once, and what cannot be read is passed over."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.errors import OutputError
from ppc_tuner.history import Ledger, keep_run, ledger_folder
from tests.lists import a_list

LIST = a_list({"keyword": "a"}, {"keyword": "b", "new_bid": 1.1})


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def test_a_list_is_kept_once(ledger: Ledger) -> None:
    assert keep_run(ledger, LIST, {"accounts": []})
    (kept,) = ledger.kept("runs")
    before = sorted((path.name, path.stat().st_mtime_ns) for path in kept.folder.iterdir())
    assert not keep_run(ledger, LIST, {"accounts": []})
    assert not keep_run(ledger, LIST.iloc[:], {})
    assert sorted((path.name, path.stat().st_mtime_ns) for path in kept.folder.iterdir()) == before
    assert kept.name.startswith("2026-11-01_r")
    assert kept.about["rows"] == 2
    rows = kept.rows()
    assert rows["keyword"].tolist() == ["a", "b"]
    assert rows["new_bid"].tolist() == [1.2, 1.1]
    assert rows["key"].nunique() == 2


def test_another_list_of_the_same_day_is_another_run(ledger: Ledger) -> None:
    keep_run(ledger, LIST, {})
    assert keep_run(ledger, LIST.assign(new_bid=1.3), {})
    assert len(ledger.kept("runs")) == 2
    assert {path.name for path in (ledger.folder / "runs").iterdir()} == {
        one.name for one in ledger.kept("runs")
    }


@pytest.mark.parametrize("harm", ["no file", "half", "no rows", "newer", "no object", "a file", "aside"])
def test_what_is_no_run_is_passed_over(ledger: Ledger, harm: str) -> None:
    keep_run(ledger, LIST, {})
    keep_run(ledger, LIST.assign(new_bid=1.3), {})
    whole, other = ledger.kept("runs")
    about = other.folder / "run.json"
    if harm == "no file":
        about.unlink()
    elif harm == "half":
        about.write_text(about.read_text(encoding="utf-8")[:20], encoding="utf-8")
    elif harm == "no rows":
        (other.folder / "rows.parquet").unlink()
    elif harm == "newer":
        about.write_text(json.dumps({**other.about, "version": 99}), encoding="utf-8")
    elif harm == "no object":
        about.write_text("[1]", encoding="utf-8")
    elif harm == "a file":
        (ledger.folder / "runs" / "2026-01-01_note.txt").write_text("hello", encoding="utf-8")
    else:
        other.folder.rename(ledger.folder / "runs" / ".new-abc")
    names = [one.name for one in ledger.kept("runs")]
    assert whole.name in names
    assert (other.name in names) == (harm == "a file")
    assert len(ledger.unreadable()) == (harm not in ("a file", "aside"))


def test_what_a_killed_program_left_is_removed_after_a_day(ledger: Ledger) -> None:
    keep_run(ledger, LIST, {})
    old, new = (ledger.folder / "runs" / f".new-{name}" for name in ("old", "new"))
    for place in (old, new):
        place.mkdir()
    yesterday = time.time() - 90_000
    os.utime(old, (yesterday, yesterday))
    keep_run(ledger, LIST.assign(new_bid=1.3), {})
    assert not old.exists()
    assert new.exists()


def test_a_ledger_that_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="not put into the ledger") as told:
        keep_run(Ledger(tmp_path / "taken"), LIST, {})
    assert "--no-ledger" in str(told.value.to_do)


def test_a_full_disk_leaves_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_parquet", full)
    with pytest.raises(OutputError) as told:
        keep_run(ledger, LIST, {})
    assert "No space left" in str(told.value.found)
    assert list((ledger.folder / "runs").iterdir()) == []


WRITER = """
import sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from lists import a_list
from ppc_tuner.history import Ledger, keep_run
print("ready", flush=True)
for number in range(200):
    keep_run(Ledger(Path({folder!r})), a_list({{"new_bid": 1 + number / 1000}}), {{}})
"""


def test_a_kill_and_a_second_writer_leave_no_half_run(ledger: Ledger) -> None:
    tests = str(Path(__file__).resolve().parents[1])
    code = WRITER.format(tests=tests, folder=str(ledger.folder))
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for one in both:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    time.sleep(0.4)
    both[0].send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    time.sleep(0.2)
    both[1].kill()
    for one in both:
        one.communicate()
    kept = ledger.kept("runs")
    assert kept
    assert ledger.unreadable() == []
    assert all(len(one.rows()) == 1 for one in kept)
    assert len({one.about["id"] for one in kept}) == len(kept)


def test_where_it_is_kept() -> None:
    assert ledger_folder({"PPC_TUNER_LEDGER": "none"}) is None
    assert ledger_folder({"PPC_TUNER_LEDGER": "/srv/team"}) == Path("/srv/team")
    folder = ledger_folder({})
    assert folder is not None
    assert folder.parts[-2:] == ("ppc_tuner", "ledger")
