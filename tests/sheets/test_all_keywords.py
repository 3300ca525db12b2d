"""All keywords: columns that say nothing are left out, the ends of intervals are put away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter

from ppc_tuner.sheets import save

Build = Callable[..., pd.DataFrame]


def everything(path: Path, actions: pd.DataFrame) -> Any:
    save(actions, {}, path, "en")
    return openpyxl.load_workbook(path)["All keywords"]


def heads(sheet: Any) -> list[Any]:
    return [cell.value for cell in sheet[2]]


def test_columns_that_say_nothing_are_left_out(tmp_path: Path, build_actions: Build) -> None:
    last = [""] * 8
    actions = build_actions().assign(
        account=" ", main_word=np.nan, match_type="", device=[*last, "mobile"],
        net_basis=pd.array([pd.NA] * 9, dtype="boolean"), item_ctr_low=pd.array([False] * 9, dtype="boolean"),
        first_day=pd.NaT, position=0.0,
    )  # fmt: skip
    told = heads(everything(tmp_path / "a.xlsx", actions))
    assert not {"Account", "Main word", "Match type", "Net basis", "From", "First day"} & set(told)
    assert {"Device", "Item CTR low", "Position", "Last day"} <= set(told)


def test_yes_and_no_beside_nothing_are_said_in_words(tmp_path: Path, build_actions: Build) -> None:
    flags = pd.Series([np.nan, True, *[False] * 7], dtype="object")
    sheet = everything(tmp_path / "a.xlsx", build_actions().assign(net_basis=flags))
    at = heads(sheet).index("Net basis") + 1
    assert [sheet.cell(row, at).value for row in (3, 4)] == ["yes", "no"]


def test_a_value_far_down_counts(tmp_path: Path, build_actions: Build) -> None:
    actions = build_actions().iloc[[1] * 150].assign(device=[""] * 149 + ["mobile"])
    assert "Device" in heads(everything(tmp_path / "a.xlsx", actions))


def test_a_list_without_rows_keeps_its_first_columns(tmp_path: Path, build_actions: Build) -> None:
    assert heads(everything(tmp_path / "a.xlsx", build_actions().head(0))) == ["Action", "Keyword"]


def test_ends_of_intervals_are_put_away_behind_a_plus(tmp_path: Path, build_actions: Build) -> None:
    ends = {f"ctr_{end}": 0.1 for end in ("low80", "high80", "low90", "high90")}
    actions = build_actions().assign(ctr=0.1, cvr=0.2, counted_clicks=5.0, **ends)
    sheet = everything(tmp_path / "a.xlsx", actions)
    told = heads(sheet)
    grouped = [
        told[at]
        for at in range(len(told))
        for column in sheet.column_dimensions.values()
        if column.min <= at + 1 <= column.max and column.outlineLevel == 1 and column.hidden
    ]
    assert grouped == [
        "Clicks counted", "CTR, low 80%", "CTR, high 80%", "CTR, low 90%", "CTR, high 90%",
    ]  # fmt: skip
    after = sheet.column_dimensions[get_column_letter(told.index("CVR, estimated") + 1)]
    assert after.collapsed
    assert not after.hidden


def test_a_run_at_the_end_can_be_opened_too(tmp_path: Path, build_actions: Build) -> None:
    actions = build_actions()[["action", "keyword"]].assign(zzz_low80=0.5)
    sheet = everything(tmp_path / "a.xlsx", actions)
    assert sheet.column_dimensions["C"].outlineLevel == 1
    assert sheet.column_dimensions["D"].collapsed


def test_the_name_of_a_band_stands_in_its_first_column(tmp_path: Path, build_actions: Build) -> None:
    sheet = everything(tmp_path / "a.xlsx", build_actions())
    assert sheet["A1"].value == "Word"
    assert not sheet.merged_cells.ranges
    fills = {cell.fill.fgColor.rgb for cell in sheet[1]}
    assert len(fills) == 1
