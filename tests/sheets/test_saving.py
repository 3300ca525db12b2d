"""Where a result goes: endings, every row in every format, all or nothing."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from ppc_tuner.errors import OutputError, UsageError
from ppc_tuner.sheets import ENDINGS, check_output, save, saving
from ppc_tuner.sheets.data_files import FORMULA
from ppc_tuner.temporary import temporary_file

Build = Callable[..., pd.DataFrame]


def test_csv_holds_every_row_and_every_text_and_no_formula(
    tmp_path: Path, build_actions: Build, hostile: tuple[str, ...]
) -> None:
    actions = build_actions().iloc[[1] * len(hostile)].assign(keyword=list(hostile))
    path = tmp_path / "actions.csv"
    assert save(actions, {}, path, "zh") == [path]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert list(back.columns) == list(actions.columns)
    begins_formula = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
    assert not back["keyword"].str.startswith(begins_formula).any()
    escaped = back["keyword"].str.contains(FORMULA)
    assert back["keyword"].where(~escaped, back["keyword"].str[1:]).tolist() == list(hostile)
    assert back["keyword"][~escaped].tolist() == [
        word for word in hostile if not word.lstrip("'").startswith(begins_formula)
    ]
    assert back["item_id"].unique().tolist() == ["0012345678901234567"]
    assert back["last_day"].unique().tolist() == ["2026-07-05"]


def test_csv_has_as_many_rows_as_the_list(tmp_path: Path, build_actions: Build) -> None:
    actions = build_actions(currencies=("CNY", "USD"))
    save(actions, {}, tmp_path / "a.csv", "en")
    assert len(pd.read_csv(tmp_path / "a.csv")) == 18


def test_parquet_gives_the_same_frame_back(tmp_path: Path, build_actions: Build) -> None:
    actions = build_actions()
    save(actions, {}, tmp_path / "a.parquet", "zh")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), actions)


def test_json_holds_summary_and_every_row(tmp_path: Path, build_actions: Build, build_summary: Any) -> None:
    actions = build_actions()
    save(actions, build_summary(actions), tmp_path / "a.json", "zh")
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "男士羽绒服" in text
    told = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no json"))
    assert set(told) == {"summary", "actions"}
    assert len(told["actions"]) == 9
    first = told["actions"][0]
    assert first["keyword"] is None
    assert first["biddable"] is None
    assert told["actions"][1]["biddable"] is True
    assert told["actions"][1]["roas"] is None
    assert first["last_day"] == "2026-07-05"
    assert told["summary"]["files"][0]["rows"] == 8
    assert len(told["summary"]["totals"]) == 2


def test_json_texts_are_exact_and_pieces_join(
    tmp_path: Path, build_actions: Build, hostile: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ppc_tuner.sheets.data_files.CHUNK", 5)
    actions = build_actions().iloc[[1] * len(hostile)].assign(keyword=list(hostile), cost=math.pi)
    save(actions, {}, tmp_path / "a.json", "zh")
    rows = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["actions"]
    assert [row["keyword"] for row in rows] == list(hostile)
    assert rows[0]["cost"] == pytest.approx(math.pi, abs=1e-14)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_empty_list_is_written_too(tmp_path: Path, ending: str, build_actions: Build) -> None:
    path = tmp_path / f"a{ending}"
    assert save(build_actions().head(0), {}, path, "en") == [path]
    assert path.stat().st_size > 0


@pytest.mark.parametrize("name", ["a.xls", "a.txt", "actions", "a.xlsx.bak"])
def test_an_unknown_ending_names_the_five(tmp_path: Path, name: str, build_actions: Build) -> None:
    with pytest.raises(UsageError) as fault:
        save(build_actions(), {}, tmp_path / name, "zh")
    assert fault.value.exit_code == 2
    assert ".xlsx .html .csv .parquet .json" in fault.value.render("zh")
    assert list(tmp_path.iterdir()) == []


def test_the_ending_may_be_in_capitals(tmp_path: Path, build_actions: Build) -> None:
    save(build_actions(), {}, tmp_path / "A.CSV", "zh")
    assert len(pd.read_csv(tmp_path / "A.CSV")) == 9


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_absent_folder_is_named_and_not_made(tmp_path: Path, ending: str, build_actions: Build) -> None:
    with pytest.raises(OutputError) as fault:
        save(build_actions(), {}, tmp_path / "nowhere" / f"a{ending}", "zh")
    assert fault.value.exit_code == 5
    assert str(tmp_path / "nowhere") in fault.value.render("en")
    assert "输出文件夹不存在" in fault.value.render("zh")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OutputError, match="folder, not a file"):
        check_output(tmp_path / "a.csv")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_folder_that_cannot_be_written_leaves_nothing_behind(
    tmp_path: Path, ending: str, build_actions: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / f"a{ending}"
    save(build_actions(), {}, path, "zh")
    last_week = path.read_bytes()
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError) as fault:
        save(build_actions(), {}, path, "zh")
    assert "Permission denied" in fault.value.render("zh")
    assert "关闭" in fault.value.render("zh")
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == last_week


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".xlsx"])
def test_a_fault_half_way_leaves_nothing_behind(
    tmp_path: Path, ending: str, build_actions: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_actions: object, *rest: object) -> None:
        path = next(part for part in rest if isinstance(part, Path))
        path.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(saving, "write_csv", full)
    monkeypatch.setattr(saving, "write_parquet", full)
    monkeypatch.setattr("ppc_tuner.sheets.workbook.write_workbook", full)
    with pytest.raises(OutputError, match="No space left on device"):
        save(build_actions(), {}, tmp_path / f"a{ending}", "en")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_workbook_leaves_nothing_behind(
    tmp_path: Path, build_actions: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    monkeypatch.setattr("ppc_tuner.sheets.workbook.write_all", stop)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(KeyboardInterrupt):
        save(build_actions(), {}, out / "a.xlsx", "zh")
    assert list(out.iterdir()) == []
    assert list(scratch.iterdir()) == []


def test_a_locked_file_is_told_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("open in Excel")
    real = Path.open

    def locked(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if self == path and "+" in mode:
            raise PermissionError(13, "Permission denied")
        return real(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", locked)
    with pytest.raises(OutputError) as fault:
        check_output(path)
    assert str(path) in fault.value.render("en")
    assert "close the file" in fault.value.render("en")


def test_an_older_file_is_replaced_whole_and_a_link_stays_a_link(
    tmp_path: Path, build_actions: Build
) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    save(build_actions().head(2), {}, real, "zh")
    real.chmod(0o640)
    link.symlink_to(real)
    save(build_actions(), {}, link, "zh")
    assert link.is_symlink()
    assert len(pd.read_csv(real)) == 9
    assert sorted(tmp_path.iterdir()) == [link, real]
    assert real.stat().st_mode & 0o777 == 0o640


def test_only_files_are_written_to(tmp_path: Path, build_actions: Build) -> None:
    pipe, link, loop = tmp_path / "pipe.csv", tmp_path / "null.csv", tmp_path / "loop.csv"
    os.mkfifo(pipe)
    link.symlink_to("/dev/null")
    loop.symlink_to(loop)
    for path, said in ((pipe, "no ordinary file"), (link, "no ordinary file"), (loop, "cannot be written")):
        for overwrite in (False, True):
            with pytest.raises(OutputError, match=said):
                save(build_actions(), {}, path, "zh", overwrite=overwrite)
    assert pipe.is_fifo()
    assert link.is_char_device()
    assert sorted(tmp_path.iterdir()) == [loop, link, pipe]


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path, build_actions: Build) -> None:
    longest = tmp_path / f"{'a' * 251}.csv"
    assert save(build_actions(), {}, longest, "zh") == [longest]
    with pytest.raises(OutputError, match="too long"):
        save(build_actions(), {}, tmp_path / f"{'a' * 252}.csv", "zh")


def test_what_a_killed_run_left_is_gone_after_the_next(tmp_path: Path, build_actions: Build) -> None:
    ours, of_others = tmp_path / ".ppc-tuner-0123456789ab.xlsx", tmp_path / ".ppc-tuner-notes.txt"
    ours.write_text("half")
    of_others.write_text("kept")
    with temporary_file(tmp_path, ".csv") as of_a_run:
        save(build_actions(), {}, tmp_path / "a.csv", "zh")
        assert of_a_run.exists()
    assert sorted(tmp_path.iterdir()) == [of_others, tmp_path / "a.csv"]


def test_a_new_file_has_the_usual_rights(tmp_path: Path, build_actions: Build) -> None:
    plain = tmp_path / "plain"
    plain.write_text("")
    save(build_actions(), {}, tmp_path / "a.csv", "zh")
    assert (tmp_path / "a.csv").stat().st_mode == plain.stat().st_mode


def test_more_rows_than_a_sheet_holds_go_to_a_csv_beside_it(
    tmp_path: Path, build_actions: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ppc_tuner.sheets.list_sheet.ROW_LIMIT", 8)
    actions = build_actions()
    paths = save(actions, {}, tmp_path / "a.xlsx", "en")
    assert paths == [tmp_path / "a.xlsx", tmp_path / "a.all.csv"]
    assert len(pd.read_csv(paths[1])) == 9
    sheet = openpyxl.load_workbook(paths[0])["All keywords"]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    cost = rows[0].index("Cost")
    # Words cost 1 to 8; five fit, so the three that cost least are only in the csv.
    assert [row[cost] for row in rows[1:6]] == [4, 5, 6, 7, 8]
    assert sheet.max_row == 8
    assert "3 more rows" in sheet.cell(8, 1).value
    assert ".all.csv" in sheet.cell(8, 1).value


def test_unknown_numbers_stay_unknown_in_parquet(tmp_path: Path, build_actions: Build) -> None:
    save(build_actions(), {}, tmp_path / "a.parquet", "zh")
    assert np.isnan(pd.read_parquet(tmp_path / "a.parquet")["bid"].iloc[0])
