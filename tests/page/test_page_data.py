"""What the page holds: every figure of the list, and no text that is more than text."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import accounts
import numpy as np
import pandas as pd
import pytest
from pages import HOSTILE, SAMPLE, Page, rows_of, unpacked, written

from ppc_tuner import tune
from ppc_tuner.errors import OutputError, UsageError
from ppc_tuner.page import rows
from ppc_tuner.page.rows import SHOWN, TOLD_BESIDE
from ppc_tuner.page.saving import SCRIPTS, STYLES, asset, policy
from ppc_tuner.reports import is_own_list, read_reports
from ppc_tuner.sheets import save
from ppc_tuner.text import visible


def same(shown: list[Any], listed: pd.Series) -> bool:
    """Whether the page has what the list has, to six decimals; nothing known is null."""
    if pd.api.types.is_bool_dtype(listed.dtype) or pd.api.types.infer_dtype(listed) == "boolean":
        return [one is True for one in shown] == [one is True or one is np.True_ for one in listed.tolist()]
    if pd.api.types.is_datetime64_any_dtype(listed.dtype):
        listed = listed.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_numeric_dtype(listed.dtype):
        known = pd.to_numeric(pd.Series(shown, dtype="float64"))
        finite = listed.astype("float64").replace([np.inf, -np.inf], np.nan)
        return bool(np.allclose(known, finite, rtol=0, atol=5.1e-7, equal_nan=True))
    texts = [None if one is pd.NA or one != one else visible(str(one)) for one in listed.tolist()]
    return shown == texts


@pytest.mark.parametrize("name", [*SHOWN, *TOLD_BESIDE])
def test_every_figure_of_the_page_is_the_lists(sample: Page, name: str) -> None:
    listed = rows_of(sample.result.actions)
    if name not in listed or listed[name].isna().all():
        assert name not in sample.data["table"] | sample.beside["columns"]
    else:
        assert same(sample.column(name), listed[name]), name


def test_the_front_says_what_the_summary_says(sample: Page) -> None:
    summary, account = sample.result.summary, sample.data["accounts"][0]
    assert sample.data["said"]["found"] == summary["found"][["text_zh", "text_en"]].to_numpy().tolist()
    periods = summary["periods"].set_index("measure")
    tiles = {name: unpacked(column) for name, column in account["tiles"].items()}
    assert tiles["measure"] == ["cost", "revenue", "roas", "conversions"]
    for side in ("this", "before", "change"):
        assert np.allclose(tiles[side], periods.loc[tiles["measure"], side], atol=1e-6)
    for name in ("forecast", "leaks", "campaigns"):
        frame = summary["by_campaign" if name == "campaigns" else name]
        for column, values in account[name].items():
            assert same(unpacked(values), frame[column]), (name, column)
    gains = [sample.column("expected_gain")[row] for row in account["moves"]]
    listed = sample.result.actions
    acted = listed[listed["bid_change"].fillna(0).ne(0)]["expected_gain"]
    assert np.allclose(gains, acted.nlargest(5), atol=1e-6)


def test_days_and_weeks_add_up_to_the_list(sample: Page) -> None:
    listed = rows_of(sample.result.actions)
    words = listed["level"].eq("keyword")
    days = sample.data["accounts"][0]["days"]
    assert len(unpacked(days["day"])) == 28
    for name in ("clicks", "cost", "conversions", "revenue"):
        assert sum(days[name]) == pytest.approx(listed.loc[words, name].sum(), abs=0.01)
        weeks = np.array(sample.beside["weeks"][name], dtype=float).reshape(len(listed), -1)
        assert np.allclose(np.nansum(weeks, axis=1)[words], listed.loc[words, name], atol=0.03), name
    assert sample.beside["weeks"]["ends"] == [["2026-10-11", "2026-10-18", "2026-10-25", "2026-11-01"]]


def test_words_that_differ_in_their_id_or_match_type_have_weeks_of_their_own(tmp_path: Path) -> None:
    facts = accounts.account(
        accounts.word("a", cost=10.0, match_type="exact"), accounts.word("a", cost=30.0, match_type="broad")
    )
    page = written(tmp_path / "a.html", tune(facts, settings={"margin": 0.35}))
    weeks = np.array(page.beside["weeks"]["cost"], dtype=float).reshape(2, -1)
    told = dict(zip(page.column("match_type"), np.nansum(weeks, axis=1), strict=True))
    assert told == {"exact": 280.0, "broad": 840.0}


def test_what_was_read_without_days_has_no_chart_of_days(tmp_path: Path) -> None:
    undated = accounts.account(*(accounts.word(f"w{n}", days=1) for n in range(4))).drop(columns="date")
    page = written(tmp_path / "a.html", tune(undated, settings={"margin": 0.35}))
    assert page.data["accounts"][0]["days"] is None
    assert page.data["undated"] is True
    assert page.data["columns"]["expected_gain"][2] == "Expected gain per reported period"


def test_the_dearest_words_that_stay_are_kept_and_the_rest_counted(
    tmp_path: Path, sample: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 50)
    page = written(tmp_path / "a.html", sample.result)
    listed = rows_of(sample.result.actions).head(50)
    assert (page.data["rows"], page.data["whole"]) == (50, len(sample.result.actions))
    assert same(page.column("keyword"), listed["keyword"])


class Elements(HTMLParser):
    """The elements of a page, and what the policy says."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.policy = ""
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.links += [str(given[name]) for name in ("src", "href") if name in given]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(given["content"])


def test_the_policy_lets_in_what_is_in_the_file_and_nothing_else(hostile: Page) -> None:
    page = Elements()
    page.feed(hostile.text)
    assert page.policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in page.policy
    assert "http" not in page.policy
    assert page.links == ["#actions"]
    inline = re.findall(r"<script>(.*?)</script>", hostile.text, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", hostile.text, re.DOTALL)
    assert len(inline) == 2
    assert len(styles) == 1
    for text in (*inline, *styles):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in page.policy
    assert policy(inline, styles) == page.policy


def test_texts_of_a_report_open_no_element(hostile: Page, sample: Page) -> None:
    def elements(page: Page) -> list[str]:
        read = Elements()
        read.feed(page.text)
        return read.tags

    assert elements(hostile) == elements(sample)
    words = hostile.column("keyword")
    assert {visible(text) for text in HOSTILE} <= set(words)


def test_assets_end_no_element_they_stand_in() -> None:
    for name in ("libraries.js", *SCRIPTS):
        assert "</script" not in asset(name).lower()
        assert "innerHTML" not in asset(name) or name == "libraries.js"
    for name in STYLES:
        assert "</style" not in asset(name).lower()
        assert "url(" not in asset(name)


def test_the_page_uses_only_words_that_there_are(sample: Page) -> None:
    scripts, html = "".join(map(asset, SCRIPTS)), asset("page.html")
    used = set(re.findall(r'\bsay\(\s*"(\w+)"', scripts)) | set(re.findall(r'data-text="(\w+)"', html))
    assert used <= set(sample.data["texts"])
    assert len(used) > 60
    for zh, en in sample.data["texts"].values():
        assert sorted(re.findall(r"\{\d?\}", zh)) == sorted(re.findall(r"\{\d?\}", en))


def test_a_page_that_somebody_has_touched_is_not_replaced(tmp_path: Path, sample: Page) -> None:
    path = tmp_path / "report.html"
    sample.result.save(path)
    sample.result.save(path)
    path.write_text(path.read_text(encoding="utf-8") + " ", encoding="utf-8")
    kept = path.read_bytes()
    with pytest.raises(OutputError, match="was not written by this program"):
        sample.result.save(path)
    assert path.read_bytes() == kept
    sample.result.save(path, overwrite=True)
    assert path.read_bytes() != kept


def test_a_run_that_is_stopped_leaves_the_page_as_it_was(
    tmp_path: Path, sample: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    sample.result.save(path)
    before = path.read_bytes()

    def stopped(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ppc_tuner.page.saving.page", stopped)
    with pytest.raises(KeyboardInterrupt):
        sample.result.save(path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_the_sheets_leave_the_page_to_the_page(tmp_path: Path, sample: Page) -> None:
    with pytest.raises(UsageError, match=r"\.xlsx \.csv \.parquet \.json"):
        save(sample.result.actions, {}, tmp_path / "a.html", "en")
    with pytest.raises(UsageError, match=r"\.xlsx \.html \.csv \.parquet \.json"):
        sample.result.save(tmp_path / "a.htm")


def test_a_page_in_the_folder_of_reports_is_known_and_passed_over(tmp_path: Path, sample: Page) -> None:
    page = written(tmp_path / "report.html", sample.result)
    shutil.copy(next(SAMPLE.glob("关键词*.csv")), tmp_path)
    assert is_own_list(page.path)
    reading = read_reports(tmp_path)
    assert [Path(one.label).name for one in reading.skipped] == ["report.html"]


def test_a_list_without_anything_to_do_is_a_page_all_the_same(tmp_path: Path) -> None:
    facts = accounts.account(*(accounts.word(f"w{n}", days=2) for n in range(3)))
    page = written(tmp_path / "a.html", tune(facts))
    assert not any(page.column("acts"))
    assert page.data["accounts"][0]["moves"] == []
    assert page.beside["carried"] == []
