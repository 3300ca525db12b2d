"""All keywords: what a person looks up, in at most 25 columns; those that say nothing are left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd

from ppc_tuner.sheets import save

Build = Callable[..., pd.DataFrame]


def everything(path: Path, actions: pd.DataFrame) -> Any:
    save(actions, {}, path, "en")
    return openpyxl.load_workbook(path)["All keywords"]


def heads(sheet: Any) -> list[Any]:
    return [cell.value for cell in sheet[2]]


def test_columns_that_say_nothing_are_left_out(tmp_path: Path, build_actions: Build) -> None:
    last = [""] * 8
    actions = build_actions().assign(account=" ", match_type="", device=[*last, "mobile"], bid=np.nan)
    told = heads(everything(tmp_path / "a.xlsx", actions))
    assert not {"Account", "Match type", "Bid"} & set(told)
    assert {"Device", "Clicks", "New bid"} <= set(told)


def test_places_are_told_apart_where_there_are_several_and_25_columns_are_kept(
    tmp_path: Path, build_actions: Build
) -> None:
    full = dict.fromkeys(("ctr_raw", "cvr_raw", "cpc_raw", "roas", "bar_roas", "revenue", "impressions"), 1.5)
    named = {"search_term": "词", "match_type": "exact", "moved_with": "plan", "device": list("ab" * 4 + "a")}
    apart = {"currency": ["CNY"] * 5 + ["USD"] * 4, "account": ["one", "two", *["one"] * 7]}
    told = heads(everything(tmp_path / "a.xlsx", build_actions().assign(**full, **named, **apart)))
    assert len(told) == 25
    assert {"Account", "Currency", "Device", "Action", "Keyword", "Reason", "CTR score", "Cost"} <= set(told)


def test_a_value_far_down_counts(tmp_path: Path, build_actions: Build) -> None:
    actions = build_actions().iloc[[1] * 150].assign(device=[""] * 149 + ["mobile"])
    assert "Device" in heads(everything(tmp_path / "a.xlsx", actions))


def test_a_list_without_rows_keeps_its_first_columns(tmp_path: Path, build_actions: Build) -> None:
    assert heads(everything(tmp_path / "a.xlsx", build_actions().head(0))) == ["Action", "Keyword"]


def test_the_name_of_a_band_stands_in_its_first_column(tmp_path: Path, build_actions: Build) -> None:
    sheet = everything(tmp_path / "a.xlsx", build_actions())
    assert sheet["A1"].value == "Word"
    assert not sheet.merged_cells.ranges
    fills = {cell.fill.fgColor.rgb for cell in sheet[1]}
    assert len(fills) == 1
