"""The page in a browser: searched, sorted, filtered, opened, decided in, printed, and nothing loaded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pages import HOSTILE, Page, rows_of

from ppc_tuner.decisions import ACCEPTED, CHANGED, REJECTED, read_decisions
from ppc_tuner.reports import all_formats
from ppc_tuner.sheets import at_a_glance as glance
from ppc_tuner.text import visible
from ppc_tuner.uploads import prepare

FIGURES = ".tile, .lead, h1, h2, h3, #filters *, th, .tabulator-col-title, .tabulator-cell.figure > span"
CLIPPED = (
    "(one) => !one.matches('.visually-hidden') && one.clientWidth && one.scrollWidth > one.clientWidth + 1"
)
TEXT = "(one) => one.textContent"
WORDS = "#table .tabulator-row button.word"
Open = Callable[..., Any]


@pytest.fixture
def opened(chromium: Any) -> Iterator[Open]:
    """opened(page, …): the page in a window of its own, `faults` and `requests` noted on it as they come."""
    windows = []

    def open_(page: Page, **options: Any) -> Any:
        window = chromium.new_context(**({"viewport": {"width": 1400, "height": 900}} | options))
        windows.append(window)
        tab = window.new_page()
        tab.faults, tab.requests = [], []
        tab.on("pageerror", lambda fault: tab.faults.append(str(fault)))
        tab.on("console", lambda said: tab.faults.append(said.text) if said.type == "error" else None)
        tab.on("request", lambda asked: tab.requests.append(asked.url))
        tab.goto(page.path.as_uri())
        tab.wait_for_selector("#table .tabulator-row")
        return tab

    yield open_
    for window in windows:
        for tab in window.pages:
            assert tab.faults == []
            assert [url for url in tab.requests if not url.startswith(("file:", "blob:"))] == []
        window.close()


def shown(tab: Any) -> list[str]:
    return [text.strip() for text in tab.locator(f"{WORDS} bdi").all_text_contents()]


def test_the_table_is_searched_filtered_and_sorted(sample: Page, opened: Open) -> None:
    tab, listed = opened(sample), rows_of(sample.result.actions)
    acts = listed.loc[sample.column("acts")]
    assert shown(tab) == list(glance.with_glances(acts, "zh")[glance.WORD])
    tab.fill("#search", "羽绒服男")
    expected = acts[acts["keyword"].fillna("").str.contains("羽绒服男")]
    assert {"羽绒服男短款", "羽绒服男冬季"} < set(expected["keyword"])
    found = shown(tab)
    assert set(expected["keyword"]) <= set(found)
    assert tab.text_content("#count") == f"{len(found)} / {len(listed)} 行"
    tab.select_option("#action", "raise")
    assert shown(tab) == list(acts[acts["action"].eq("raise") & acts["keyword"].isin(found)]["keyword"])
    tab.fill("#search", "")
    tab.select_option("#action", "")
    tab.select_option("#view", "all")
    assert tab.text_content("#count") == f"{len(listed)} / {len(listed)} 行"
    assert tab.locator("#table .tabulator-row").count() < len(listed) / 2
    tab.click(".tabulator-col[tabulator-field=cost]")
    dearest = listed.sort_values("cost", ascending=False, kind="stable")["cost"].head(8)
    costs = tab.locator(".tabulator-row .tabulator-cell[tabulator-field=cost]").all_text_contents()
    assert costs[:8] == [f"{one:,.2f}" for one in dearest]
    assert tab.get_attribute(".tabulator-col[tabulator-field=cost]", "aria-sort") == "descending"
    tab.locator(".tabulator-col[tabulator-field=cost]").press("Enter")
    assert tab.get_attribute(".tabulator-col[tabulator-field=cost]", "aria-sort") == "ascending"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_cells_that_say_several_figures_are_those_of_the_sheets(
    sample: Page, opened: Open, lang: Any
) -> None:
    tab, listed = opened(sample), rows_of(sample.result.actions)
    if lang == "en":
        tab.click("#language")
        assert tab.evaluate("document.documentElement.lang") == "en"
        assert tab.title() == "Keyword actions"
    told = glance.with_glances(listed, lang)
    for name, script in ((glance.BID, "bidText"), (glance.GAIN, "gainText"), (glance.RETURN, "returnText")):
        texts = tab.evaluate(f"Array.from({{ length: {len(listed)} }}, (_, row) => {script}(row))")
        pairs = zip(sample.column("acts"), texts, told[name].str.strip(), strict=True)
        assert [(one, other) for acts, one, other in pairs if acts and one != other] == [], name
    reasons = tab.locator(".tabulator-row .tabulator-cell[tabulator-field=reason]").all_text_contents()
    assert reasons == list(told.loc[sample.column("acts"), f"reason_{lang}"])


def test_a_row_opens_with_its_reason_its_arithmetic_its_weeks_and_its_rules(
    sample: Page, opened: Open
) -> None:
    tab, listed = opened(sample), rows_of(sample.result.actions)
    row = listed[listed["keyword"].eq("夹克") & listed["action"].eq("lower")].iloc[0]
    tab.locator(WORDS, has_text="夹克").nth(1).press("Enter")
    panel = tab.get_by_role("dialog")
    panel.wait_for()
    text = panel.inner_text()
    for part in (row["reason_zh"], *row["details_zh"].split("；"), row["would_change_zh"]):
        assert part in text
    rules = sample.result.summary["rules"].set_index("rule")["text_zh"]
    assert f"由它决定 · {rules[row['rule']]}" in text
    worth, price = row["value_per_click"], row["price_now"]
    assert f"一次点击估计值 {worth:.2f}" in text
    assert f"现价 {price:.2f}" in text
    weeks = tab.wait_for_selector("#panel .chart[aria-label]").get_attribute("aria-label")
    assert "截至 2026-11-01 的一周: 273.20" in weeks
    tab.keyboard.press("Escape")
    assert not panel.is_visible()
    assert tab.evaluate("document.activeElement.textContent") == "夹克"


def test_decisions_made_on_the_page_are_uploaded(sample: Page, opened: Open, tmp_path: Path) -> None:
    tab = opened(sample, accept_downloads=True)
    tab.get_by_role("button", name="采纳: 羽绒服男短款").click()
    tab.get_by_role("button", name="拒绝: 牛仔裤男").click()
    tab.get_by_role("button", name="改价: 羽绒服男士加厚中老年").click()
    tab.fill("#final-bid", "很多")
    tab.keyboard.press("Tab")
    assert "不小于 0" in tab.text_content("#bid-fault")
    tab.fill("#final-bid", "0.88")
    tab.keyboard.press("Tab")
    tab.fill("#note", "先试一周")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Escape")
    assert tab.text_content("#save") == "保存决定（3）"
    tab.select_option("#view", "decided")
    assert len(shown(tab)) == 3
    with tab.expect_download() as waiting:
        tab.click("#save")
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name == "decisions.json"
    decided = read_decisions(file)
    told = decided.rows.set_index("keyword")[["decision", "final_bid", "note"]]
    assert decided.unread == ()
    assert decided.written_on == date.today()
    assert told.loc["羽绒服男短款", "decision"] == ACCEPTED
    assert told.loc["牛仔裤男", "decision"] == REJECTED
    assert told.loc["羽绒服男士加厚中老年"].tolist() == [CHANGED, 0.88, "先试一周"]
    assert told["decision"].ne("").sum() == 3
    prepared = prepare(decided, all_formats(()), today=date(2026, 11, 3), max_age=7)
    assert len(prepared.changes) == 2
    # Opened again in the same browser they are still there.
    tab.reload()
    tab.wait_for_selector("#table .tabulator-row")
    assert tab.text_content("#save") == "保存决定（3）"


def test_a_group_is_decided_as_one_and_names_its_words(two_shops: Page, opened: Open, tmp_path: Path) -> None:
    tab = opened(two_shops, accept_downloads=True)
    assert shown(tab) == ["50 small words · plan / small"]
    tab.locator(WORDS).first.click()
    panel = tab.get_by_role("dialog").inner_text()
    assert "The words that move together (50)" in panel
    assert "small49" in panel
    tab.locator("#panel .wide-mark.accept").click()
    tab.keyboard.press("Escape")
    tab.select_option("#view", "all")
    tab.fill("#search", "small7")
    assert tab.locator(".tabulator-row .mark").count() == 0
    assert "with group" in tab.locator(".tabulator-row").inner_text()
    file = tmp_path / "decisions.json"
    file.write_text(tab.evaluate("decisionsFile()"), encoding="utf-8")
    rows = read_decisions(file).rows
    moved = rows["moved_with"].notna()
    assert (moved.sum(), rows["decision"].eq(ACCEPTED).sum()) == (51, 51)


def test_accounts_are_never_mixed(two_shops: Page, opened: Open) -> None:
    tab = opened(two_shops)
    assert tab.locator("#account option").all_text_contents() == [
        "Zhitongche · east · CNY",
        "Zhitongche · west · USD",
    ]
    periods = two_shops.result.summary["periods"]
    for number, (account, words) in enumerate(
        [("east", ["50 small words · plan / small"]), ("west", ["west dear"])]
    ):
        tab.select_option("#account", str(number))
        assert shown(tab) == words
        cost = periods[periods["account"].eq(account) & periods["measure"].eq("cost")]["this"].iloc[0]
        assert tab.locator(".tile strong").first.text_content() == f"{cost:,.0f}"
        moves = tab.locator("#moves .move-word").all_text_contents()
        assert moves == words


def test_the_theme_follows_the_system_until_somebody_chooses(sample: Page, opened: Open) -> None:
    tab = opened(sample, color_scheme="dark")
    theme = "document.documentElement.dataset.theme"
    assert tab.evaluate(theme) == "dark"
    tab.emulate_media(color_scheme="light")
    tab.wait_for_selector("html[data-theme=light]")
    tab.click("#theme")
    assert tab.evaluate(theme) == "dark"
    assert tab.text_content("#theme") == "浅色"
    tab.emulate_media(color_scheme="dark")
    tab.emulate_media(color_scheme="light")
    assert tab.evaluate(theme) == "dark"


def test_texts_of_a_report_are_shown_as_text(hostile: Page, opened: Open) -> None:
    tab = opened(hostile)
    tab.select_option("#view", "all")
    found = set(shown(tab))
    assert {visible(text).strip() for text in HOSTILE} <= found
    for row in range(hostile.data["rows"]):
        tab.evaluate(f"openPanel({row})")
        assert tab.locator("#panel-title bdi").text_content() == hostile.column("word_zh")[row]
    assert tab.evaluate("window.hit") is None
    assert tab.locator("img, #table script, #panel script, #table b").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", [1400, 390])
def test_nothing_is_wider_than_the_screen(sample: Page, opened: Open, width: int) -> None:
    tab = opened(sample, viewport={"width": width, "height": 844})
    for _ in range(2):
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        clipped = tab.evaluate(f"[...document.querySelectorAll({FIGURES!r})].filter({CLIPPED}).map({TEXT})")
        assert clipped == []
        tab.click("#language")


def test_it_prints_as_a_report_of_a_few_pages(hostile: Page, sample: Page, opened: Open) -> None:
    for page in (sample, hostile):
        tab = opened(page)
        printed = tab.pdf(prefer_css_page_size=True)
        assert 2 <= printed.count(b"/Type /Page\n") <= 4
        assert not tab.evaluate("document.documentElement.classList.contains('printing')")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_serious_fault(sample: Page, opened: Open, theme: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    tab = opened(sample, color_scheme=theme, bypass_csp=True)

    def serious() -> list[tuple[str, list[str]]]:
        found = axe.Axe().run(tab).response["violations"]
        return [
            (one["id"], [node["html"][:160] + node["failureSummary"] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]

    assert serious() == []
    tab.evaluate("openPanel(3)")
    tab.wait_for_selector("#panel .chart[aria-label]")
    assert serious() == []


def test_the_file_of_decisions_holds_no_more_than_its_rows(sample: Page, opened: Open) -> None:
    tab = opened(sample)
    tab.click("#accept-shown")
    told = json.loads(tab.evaluate("decisionsFile()"))
    assert list(told) == ["ppc_tuner_decisions", "run", "decisions", "rows"]
    assert len(told["decisions"]) == len(told["rows"]) == sum(sample.column("acts"))
