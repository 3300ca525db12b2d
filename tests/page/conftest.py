"""Pages of small accounts, and a browser to open them in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import accounts
import pytest
from pages import HOSTILE, SAMPLE, Page, written

from ppc_tuner import tune

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The sample shop, in Chinese."""
    reports = [path for path in SAMPLE.glob("*.csv") if path.name != "items.csv"]
    result = tune(reports, context=SAMPLE / "context.xlsx")
    return written(tmp_path_factory.mktemp("sample") / "report.html", result)


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """Words full of mark-up, half of them losing money, half of them worth more."""
    poor = {"conversions": 0.0, "revenue": 0.0, "cost": 60.0, "clicks": 60.0}
    good = {"conversions": 3.0, "revenue": 300.0, "cost": 20.0}
    words = [
        accounts.word(
            text,
            campaign=f"plan {text[:40]}",
            ad_group=text[:60],
            item=text[:50],
            **(good if at % 2 else poor),
        )
        for at, text in enumerate(HOSTILE)
    ]
    usual = accounts.words(12, "plain")
    result = tune(accounts.account(*words, usual), settings={"margin": 0.35}, lang="en")
    return written(tmp_path_factory.mktemp("hostile") / "report.html", result)


@pytest.fixture(scope="session")
def two_shops(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """Two shops in different currencies; in the first 50 small words are too dear together."""
    day = {"clicks": 3 / 28, "cost": 9 / 28, "conversions": 0.04 / 28, "revenue": 4 / 28, "impressions": 4.0}
    facts = accounts.account(
        accounts.words(12, "usual", account="east"),
        accounts.words(50, "small", bid=4.0, ad_group="small", account="east", **day),
        accounts.words(12, "usual", account="west", currency="USD"),
        accounts.word("west dear", account="west", currency="USD", clicks=60.0, cost=60.0, conversions=0.0,
                      revenue=0.0),
    )  # fmt: skip
    result = tune(facts, settings={"margin": 0.35}, lang="en")
    return written(tmp_path_factory.mktemp("two") / "report.html", result)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser; tests that need one are skipped where none is installed."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
