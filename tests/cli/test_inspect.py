"""`inspect` accounts for the file in words and as JSON; options settle what a file does not prove."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from ppc_tuner import tune
from ppc_tuner.cli import app
from ppc_tuner.errors import InputError, NoRowsError, UsageError

HEADER = (
    "Date,Campaign Name,Ad Group Name,Targeting,Match Type,Impressions,Clicks,Spend,"
    "7 Day Total Sales,7 Day Total Orders (#)"
)


@pytest.fixture
def open_report(tmp_path: Path) -> Path:
    """A report that proves neither its decimal sign nor the order of its dates."""
    path = tmp_path / "open.csv"
    path.write_text(f'{HEADER}\n3/4/2026,c,g,w,EXACT,900,10,"1,234",0,0\n', "utf-8")
    return path


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.output


def test_json_holds_what_the_words_hold(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text(
        "t\n1 May 2026 - 8 May 2026\nSearch term,Campaign,Ad group,Impr.,Clicks,Cost,Max. CPC\n"
        "x,c,g,470,9,3.20,1\ny,c,g,30,1,.80,1\n"
        "Total: Search,,,500,10,4.00,\n",
        "utf-8",
    )
    said = json.loads(run("inspect", path, "--json"))
    (file,) = said["files"]
    assert (file["rows_below_header"], file["rows"], file["confirmed"], file["decimal"]) == (3, 2, True, ".")
    assert file["dropped"] == [
        {"reason": {"zh": "合计行", "en": "total row"}, "rows": 1, "first_row": 6,
         "sums": {"impressions": 500, "clicks": 10, "cost": 4}}
    ]  # fmt: skip
    assert file["sums_before"] == {"impressions": 1000, "clicks": 20, "cost": 8}
    assert file["totals"][0]["sums"] == {"impressions": 500, "clicks": 10, "cost": 4}
    assert {"header": "Cost", "column": "cost", "samples": ["3.20", ".80"]} in file["used"]
    assert file["ignored"] == ["Max. CPC"]
    assert said["counted"] == [
        {"platform": "google_ads", "level": "search_term", "currency": "", "rows": 2,
         "sums": {"impressions": 500, "clicks": 10, "cost": 4}}
    ]  # fmt: skip
    words = run("inspect", path, "--lang", "zh")
    assert "去掉：1 行合计行，从第 6 行起 (展现 500, 点击 10, 花费 4.00)" in words
    assert "Cost → 花费：3.20 | .80" in words


def test_the_options_settle_what_the_file_leaves_open(open_report: Path) -> None:
    for arguments in ([], ["--decimal", "."], ["--date-order", "dmy"]):
        with pytest.raises(InputError, match="cannot be told apart"):
            run("inspect", open_report, *arguments)
    said = json.loads(run("inspect", open_report, "--decimal", ",", "--date-order", "mdy", "--json"))
    assert said["files"][0]["totals"][0]["sums"]["cost"] == 1.234
    assert said["files"][0]["first_day"] == "2026-03-04"
    result = tune(open_report, decimal=".", date_order="dmy")
    assert result.reading.facts["cost"].tolist() == [1234]
    assert result.reading.facts["date"].tolist() == [pd.Timestamp("2026-04-03")]


@pytest.mark.parametrize("option", [("--decimal", ";"), ("--date-order", "ymd")])
@pytest.mark.parametrize("command", ["tune", "inspect"])
def test_an_option_that_is_none_is_told(open_report: Path, option: tuple[str, str], command: str) -> None:
    with pytest.raises(UsageError, match=option[0]):
        run(command, open_report, *option)


def test_the_setting_tells_the_window_that_a_report_does_not(tmp_path: Path) -> None:
    path = tmp_path / "jd.csv"
    path.write_text(
        "日期,推广计划,推广单元,关键词,展现数,点击数,花费,总订单行,总订单金额\n2026-07-04,甲,乙,手机壳,1000,50,25.00,2,80.00\n",
        "utf-8",
    )
    rows = tune(path, settings={"attribution_days": 15}).actions
    assert rows.loc[rows["level"] == "keyword", "attribution_days"].tolist() == [15]
    assert "attribution_days" not in tune(path).actions


def test_the_setting_and_a_report_of_another_window_are_refused(tmp_path: Path) -> None:
    for name, header in (("a", HEADER), ("b", HEADER.replace("7 Day", "14 Day"))):
        (tmp_path / f"{name}.csv").write_text(
            f"{header}\n2026-07-04,c,{name},w,EXACT,900,10,7.50,0,0\n", "utf-8"
        )
    with pytest.raises(InputError, match="different windows"):
        tune(tmp_path)


def test_items_alone_decide_nothing(tmp_path: Path) -> None:
    path = tmp_path / "item.csv"
    path.write_text(
        "日期,计划ID,计划名字,主体ID,主体名称,展现量,点击量,花费,总成交笔数,总成交金额\n2026-07-04,1,甲,9,短袖,100,5,2.50,0,0\n",
        "utf-8",
    )
    with pytest.raises(NoRowsError, match="holds no keywords") as caught:
        tune(path)
    assert caught.value.exit_code == 1
    assert "宝贝" in run("inspect", path, "--lang", "zh")


def test_json_is_exact_and_hides_nothing(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    word = "coat\u202e\u200b\x1b[2J"
    path.write_text(f"Search term,Campaign,Ad group,Impr.,Clicks,Cost\n{word},c,g,470,9,3.20\n", "utf-8")
    said = run("inspect", path, "--json")
    samples = {one["column"]: one["samples"] for one in json.loads(said)["files"][0]["used"]}
    assert samples["search_term"] == [word]
    assert not set(said) & {"\u202e", "\u200b", "\x1b"}
