"""The list of the next week knows what was proposed, rejected and done in this one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from accounts import account, word
from lists import Sheet
from typer.testing import CliRunner
from weeks import listed, reviewed, row, shop

from ppc_tuner.cli import app
from ppc_tuner.decisions import read_decisions
from ppc_tuner.history import Ledger, keep_review


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


def test_the_first_week_proposes(ledger: Path) -> None:
    first = listed(shop(), ledger)
    assert (row(first, "good")["action"], row(first, "poor")["action"]) == ("raise", "lower")
    assert "last_done" not in first.actions


def test_a_run_that_nobody_followed_changes_no_decision(ledger: Path) -> None:
    alone = listed(shop(1), None)
    listed(shop(), ledger).remember(ledger)
    after = listed(shop(1), ledger)
    same = ["action", "new_bid", "reason_en", "expected_gain"]
    pd.testing.assert_frame_equal(after.actions[same], alone.actions[same])
    assert row(after, "good")["last_done"] == "not_applied"
    assert pd.isna(row(after, "other0").get("last_done"))


def test_what_was_rejected_stays_quiet_and_says_so(ledger: Path, tmp_path: Path) -> None:
    reviewed(listed(shop(), ledger), ledger, tmp_path, good="reject", poor="accept")
    for weeks, said in ((0, "keep"), (1, "keep"), (3, "keep"), (5, "raise")):
        good = row(listed(shop(weeks), ledger), "good")
        assert good["action"] == said, weeks
    quiet = row(listed(shop(1), ledger), "good")
    assert quiet["rule"] == "rejected-raise"
    assert "You rejected a raise on" in quiet["reason_en"]
    assert "你拒绝过提价" in quiet["reason_zh"]
    # Only what was rejected: the word that was accepted is decided anew.
    assert row(listed(shop(1), ledger), "poor")["action"] == "lower"


def test_twice_the_clicks_are_new_evidence(ledger: Path, tmp_path: Path) -> None:
    reviewed(listed(shop(), ledger), ledger, tmp_path, good="reject")
    assert row(listed(shop(1, clicks=39.0), ledger), "good")["action"] == "keep"
    assert row(listed(shop(1, clicks=41.0), ledger), "good")["action"] == "raise"


def test_quiet_weeks_are_a_setting(ledger: Path, tmp_path: Path) -> None:
    reviewed(listed(shop(), ledger), ledger, tmp_path, good="reject")
    assert row(listed(shop(1), ledger, quiet_weeks=1), "good")["action"] == "raise"


def test_whoever_changes_his_mind_is_heard(ledger: Path, tmp_path: Path) -> None:
    first = listed(shop(), ledger)
    for mark, action in (("reject", "keep"), ("accept", "raise"), ("reject", "keep")):
        reviewed(first, ledger, tmp_path, good=mark)
        assert row(listed(shop(1), ledger), "good")["action"] == action


def test_a_decision_on_an_older_list_is_none_on_the_last(ledger: Path, tmp_path: Path) -> None:
    reviewed(listed(shop(), ledger), ledger, tmp_path, good="reject")
    listed(shop(1), ledger).remember(ledger)
    assert row(listed(shop(1), ledger), "good")["last_done"] == "rejected"
    assert pd.isna(row(listed(shop(2), ledger), "good")["last_done"])


def test_what_became_of_each_change(ledger: Path) -> None:
    first = listed(shop(), ledger)
    first.remember(ledger)
    wanted = float(row(first, "good")["new_bid"])
    for bids, good, poor in (
        ({"good": wanted}, "applied", "not_applied"),
        ({"good": wanted * 1.1, "poor": 1.0}, "differently", "differently"),
        ({}, "not_applied", "not_applied"),
    ):
        after = listed(shop(1, **bids), ledger)
        assert (row(after, "good")["last_done"], row(after, "poor")["last_done"]) == (good, poor)
    applied = row(listed(shop(1, good=wanted), ledger), "good")
    assert applied["bid_changed"] == pytest.approx(wanted / 2 - 1)
    assert applied["days_since_change"] == 7
    assert applied["promised_gain"] == pytest.approx(row(first, "good")["expected_gain"])


def test_a_bid_changed_without_a_proposal_is_told(ledger: Path) -> None:
    listed(shop(), ledger).remember(ledger)
    facts = shop(1)
    facts.loc[facts["keyword"].eq("other0"), "bid"] = 2.5
    after = listed(facts, ledger)
    assert row(after, "other0")["last_done"] == "elsewhere"
    (said, more) = after.summary["last_time"]["text_en"]
    assert said == "Changes of the last list (2026-03-30): 2 not applied"
    assert more == "1 bid has changed without a proposal"


def test_a_bid_that_has_just_changed_is_left_alone(ledger: Path) -> None:
    first = listed(shop(), ledger)
    first.remember(ledger)
    wanted = float(row(first, "good")["new_bid"])
    three_days = shop(good=wanted)
    three_days = three_days.assign(date=three_days["date"] + pd.Timedelta(days=3))
    held = row(listed(three_days, ledger), "good")
    assert (held["action"], held["rule"]) == ("keep", "changed-lately")
    assert row(listed(shop(1, good=wanted), ledger), "good")["rule"] != "changed-lately"


def test_what_was_made_is_told_with_what_it_promised(ledger: Path) -> None:
    first = listed(shop(), ledger)
    first.remember(ledger)
    after = listed(shop(1, good=float(row(first, "good")["new_bid"])), ledger)
    gain = row(first, "good")["expected_gain"]
    (said,) = after.summary["last_time"]["text_en"]
    assert said == (
        "Changes of the last list (2026-03-30): 1 applied, 1 not applied; what was made was "
        f"expected to bring {gain:+,.0f} a week, which is not checked yet"
    )
    assert said in after.summary["headline"]["text_en"].tolist()


def test_a_renamed_campaign_with_an_id_is_the_same(ledger: Path, tmp_path: Path) -> None:
    named = {"campaign_id": "77", "ad_group_id": "88"}
    reviewed(listed(shop().assign(**named), ledger), ledger, tmp_path, good="reject")
    renamed = shop(1).assign(**named, campaign="new name")
    assert row(listed(renamed, ledger), "good")["rule"] == "rejected-raise"
    other = shop(1).assign(**named | {"campaign_id": "78"})
    assert row(listed(other, ledger), "good")["action"] == "raise"


def test_an_older_export_knows_nothing_of_later_lists(ledger: Path) -> None:
    listed(shop(2), ledger).remember(ledger)
    assert "last_done" not in listed(shop(1, good=2.4), ledger).actions


def test_a_report_without_dates_is_remembered_too(ledger: Path, tmp_path: Path) -> None:
    undated = (
        shop()
        .drop(columns=["date", "exported_on"])
        .groupby("keyword", as_index=False)
        .agg(
            dict.fromkeys(("impressions", "clicks", "cost", "conversions", "revenue"), "sum")
            | dict.fromkeys(
                ("level", "platform", "currency", "campaign", "ad_group", "item_id", "bid"), "first"
            )
        )
    )
    first = listed(undated, ledger)
    assert row(first, "good")["action"] == "raise"
    reviewed(first, ledger, tmp_path, good="reject")
    assert row(listed(undated, ledger), "good")["rule"] == "rejected-raise"


def test_the_commands_remember_review_and_tell(tmp_path: Path) -> None:
    ledger, run = tmp_path / "ledger", CliRunner().invoke
    for weeks in (0, 1):
        shop(weeks).to_csv(tmp_path / f"week{weeks}.csv", index=False)
    options = ["--ledger", str(ledger), "--lang", "en"]
    tuned = ["--set", "margin=0.35", *options]
    first, second = tmp_path / "first.xlsx", tmp_path / "second.csv"
    done = run(app, ["tune", str(tmp_path / "week0.csv"), "-o", str(first), *tuned])
    assert done.exit_code == 0, done.output
    assert "not reviewed" in run(app, ["history", "list", *options]).output
    sheet = Sheet(first)
    at = {sheet.cell(number, "Keyword").value: number for number in sheet.rows}
    sheet.mark(at["good"], "reject").mark(at["poor"], "accept").save()
    told = run(app, ["review", str(tmp_path / "filled.xlsx"), *options])
    assert told.output == "1 accepted, 1 rejected: put into the ledger\n"
    again = run(app, ["review", str(tmp_path / "filled.xlsx"), *options])
    assert again.output == "the ledger has these decisions already\n"
    assert "1 accepted, 1 rejected" in run(app, ["history", "list", *options]).output
    done = run(app, ["tune", str(tmp_path / "week1.csv"), "-o", str(second), *tuned])
    assert "Changes of the last list (2026-03-30): 1 not applied, 1 rejected" in " ".join(done.output.split())
    rows = pd.read_csv(second).set_index("keyword")
    assert rows.loc["good", "rule"] == "rejected-raise"
    again = ["tune", str(tmp_path / "week1.csv"), "-o", str(second), "--set", "margin=0.35"]
    assert run(app, [*again, "--no-ledger"]).exit_code == 0
    assert pd.read_csv(second).set_index("keyword").loc["good", "action"] == "raise"


@pytest.mark.parametrize("column", ["key", "bid", "level", "clicks"])
def test_rows_that_somebody_has_spoilt_are_passed_over(ledger: Path, column: str) -> None:
    listed(shop(), ledger).remember(ledger)
    (kept,) = Ledger(ledger).kept("runs")
    rows = kept.rows()
    spoilt = rows.assign(**{column: "x"}) if column != "level" else rows.drop(columns=column)
    spoilt.to_parquet(kept.folder / "rows.parquet")
    assert "last_done" not in listed(shop(1), ledger).actions


def test_a_rejected_fragment_stays_quiet_as_its_terms_do(ledger: Path, tmp_path: Path) -> None:
    size = {"level": "search_term", "bid": None, "match_type": "broad", "item_id": None, "days": 1}
    sizes = ("red", "blue", "small", "large", "steel", "glass", "travel", "old", "new", "round")
    sold = [word(noun, search_term=f"{one} {noun}", **size) for noun in ("kettle", "mug") for one in sizes]
    nothing = size | {"clicks": 5.0, "cost": 5.0, "conversions": 0.0, "revenue": 0.0}
    free = [word("kettle", search_term=f"free kettle n{number}", **nothing) for number in range(30)]
    facts = account(*sold, *free)
    first = listed(facts, ledger)
    found = first.actions.set_index("fragment").loc["free"]
    assert found["action"] == "exclude"
    first.remember(ledger)
    (path, *_) = first.save(tmp_path / "list.xlsx", overwrite=True)
    sheet = Sheet(path).turn_to("Exclude")
    sheet.mark(sheet.rows[0], "reject")
    assert keep_review(Ledger(ledger), read_decisions(sheet.save()))
    assert not listed(facts, ledger).actions["level"].eq("fragment").any()
    assert listed(facts, ledger, quiet_weeks=0).actions["level"].eq("fragment").any()
