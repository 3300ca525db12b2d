"""From exports to the list: one verdict and reason per row, and no figure of a report lost or altered."""

from __future__ import annotations

import numpy as np
import openpyxl
import pandas as pd
import pytest

from ppc_tuner import tune
from ppc_tuner.columns import ACTIONS, COLUMNS, ITEM_ACTIONS, LIST_FIRST
from ppc_tuner.errors import UsageError
from ppc_tuner.locations import sample_folder

SAMPLES = {
    "zhitongche": (sample_folder() / "zhitongche" / "关键词报表_20261102_091500.csv",
                   sample_folder() / "zhitongche" / "items.csv"),
    "google": (sample_folder() / "google" / "Search keyword report.csv", None),
    "amazon": (sample_folder() / "amazon" / "Sponsored Products Targeting report.xlsx", None),
}  # fmt: skip
HOSTILE = (
    "=1+1",
    "+鞋 +女",
    "-10an",
    "@x",
    '=HYPERLINK("http://x","y")',
    "http://example.com",
    "<b>&amp;",
    "'0012",
    "a\tb",
)


# For items without one of their own.
MARGIN = {"margin": 0.35}


@pytest.fixture(scope="module", params=list(SAMPLES))
def sample(request):
    report, context = SAMPLES[request.param]
    return tune([report], context=context, settings=MARGIN)


def facts(keywords, days=28, **given):
    """Daily facts: every keyword with ten clicks and (nearly) every third day an order."""
    day = pd.date_range("2026-10-05", periods=days)
    frame = pd.DataFrame({"keyword": keywords}).merge(pd.DataFrame({"date": day}), how="cross")
    figures = {"platform": "zhitongche", "campaign": "p", "ad_group": "u", "currency": "CNY",
               "impressions": 300.0, "clicks": 10.0,
               "cost": 10.0, "conversions": np.where(frame.index % 3 == 0, 1.0, 0.0)}  # fmt: skip
    frame = frame.assign(**figures)
    return frame.assign(revenue=frame["conversions"] * 100.0).assign(**given)


def test_every_row_to_act_on_has_its_reason_and_its_change(sample):
    actions = sample.actions
    assert set(actions["action"]) <= set(ACTIONS)
    assert actions["rule"].notna().all()
    acted = actions[~actions["action"].isin(["keep", "watch"])]
    words = acted[~acted["action"].isin(ITEM_ACTIONS)]
    assert len(words) > 0
    for column in ("advice", "reason_zh", "reason_en"):
        assert (acted[column].str.len() > 0).all()
    assert words["reason_zh"].str.contains(r"\d").all()
    assert (
        not words[["reason_zh", "reason_en"]]
        .apply(lambda reasons: reasons.str.contains("[{}]|nan", regex=True))
        .any(axis=None)
    )
    assert (words["bid_change"].abs() > 0).all()
    given = words[(words["bid_basis"] == "given") & words["action"].isin(["raise", "lower"])]
    if len(given):
        assert np.allclose(given["new_bid"] / given["bid"] - 1, given["bid_change"], atol=1e-6)
        assert np.allclose((given["new_bid"] * 100).round(), given["new_bid"] * 100, atol=1e-6)


def test_the_list_has_its_promised_columns_all_of_them_explained(sample):
    actions = sample.actions
    assert [name for name in LIST_FIRST if name in actions] == list(actions.columns)[
        : sum(n in actions for n in LIST_FIRST)
    ]
    assert set(actions.columns) <= set(COLUMNS)


def test_totals_of_the_list_are_those_of_the_files(sample):
    totals = sample.summary["totals"].set_index("source")
    parts = totals.loc["files", ["impressions", "clicks", "cost", "conversions", "revenue"]].astype(float)
    for taken in ("older", "settled"):
        parts = parts - totals.loc[taken, parts.index].astype(float) if taken in totals.index else parts
    assert np.allclose(parts, totals.loc["list", parts.index].astype(float), atol=0.005)


def test_chances_and_intervals_are_in_order(sample):
    words = sample.actions[sample.actions["level"] == "keyword"]
    for name in ("ctr_score", "cpc_score", "cvr_score", "roi_score"):
        assert words[name].dropna().between(0, 100).all()
    assert words["confidence"].dropna().between(0, 1).all()
    for name in ("ctr", "cvr", "aov", "rpc", "value"):
        ends = [f"{name}_{end}" for end in ("low90", "low80", "high80", "high90")]
        assert (words[ends].dropna().diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_the_expected_share_of_wrong_deletes_is_bounded():
    # A shop in which most words are hopeless, so that there is much to delete.
    words = [f"词{number}" for number in range(60)]
    lost = facts(words, conversions=0.0, revenue=0.0, clicks=30.0, cost=60.0)
    good = facts([f"好{number}" for number in range(60)])
    result = tune(pd.concat([lost, good], ignore_index=True))
    deleted = result.actions[result.actions["action"] == "delete"]
    assert len(deleted) > 20
    assert deleted["keyword"].str.startswith("词").all()
    assert (1 - deleted["p_not_worth"]).mean() <= 0.05
    assert deleted["new_bid"].isna().all() if "new_bid" in deleted else True


@pytest.mark.parametrize("ending", ["xlsx", "csv", "parquet", "json"])
def test_keywords_come_out_exactly_as_they_went_in(tmp_path, ending):
    source, out = tmp_path / "facts.csv", tmp_path / f"a.{ending}"
    facts(list(HOSTILE)).to_csv(source, index=False)
    tune([source]).save(out)
    if ending == "xlsx":
        book = openpyxl.load_workbook(out)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
        found = {cell.value for cell in cells}
    else:
        frame = {"csv": pd.read_csv, "parquet": pd.read_parquet}.get(
            ending, lambda path: pd.DataFrame(pd.read_json(path, typ="series")["actions"])
        )(out)
        found = set(frame["keyword"])
    # What a spreadsheet would take for a formula has an apostrophe in front in csv.
    marked = [f"'{word}" if ending == "csv" and word[0] in "=+-@" else word for word in HOSTILE]
    assert set(marked) <= found


def test_paused_words_and_packages_stay_and_say_why():
    frame = facts(["停", "包", "词"])
    frame["status"] = np.where(frame["keyword"] == "停", "paused", "live")
    frame["biddable"] = pd.array(frame["keyword"] != "包", dtype="boolean")
    frame["unbiddable_as"] = np.where(frame["keyword"] == "包", "package", None)
    rows = tune(frame).actions.set_index("keyword")
    assert rows.loc[["停", "包"], "action"].tolist() == ["keep", "keep"]
    assert rows.loc[["停", "包"], "rule"].tolist() == ["not-live", "not-biddable"]
    assert (rows.loc[["停", "包"], "bid_change"] == 0).all()


def test_accounts_are_decided_apart_and_currencies_never_added():
    both = pd.concat(
        [facts(["a", "b"], account="x"), facts(["a", "b"], account="y", currency="USD", cost=1.0)],
        ignore_index=True,
    )
    together = tune(both)
    alone = tune(both[both["account"] == "x"].reset_index(drop=True))
    columns = ["keyword", "action", "bid_change", "cvr", "confidence"]
    of_x = (
        together.actions[together.actions["account"] == "x"][columns]
        .sort_values("keyword")
        .reset_index(drop=True)
    )
    pd.testing.assert_frame_equal(of_x, alone.actions[columns].sort_values("keyword").reset_index(drop=True))
    assert sorted(together.summary["totals"]["currency"].unique()) == ["CNY", "USD"]


def test_without_revenue_the_run_says_so_first_and_leaves_profit_empty():
    result = tune(facts(["a", "b", "c"]).drop(columns="revenue"))
    assert "No value of an order is given" in result.summary["headline"]["text_en"].iloc[0]
    assert result.actions[["p_profitable", "break_even_roas"]].isna().all(axis=None)
    assert set(result.actions["gain_unit"]) == {"orders"}
    valued = tune(facts(["a", "b", "c"]).drop(columns="revenue"), settings={"value_per_conversion": 35})
    assert valued.actions["p_profitable"].notna().all()


def test_margin_moves_the_decision():
    low, high = (
        tune(facts(["a", "b", "c"]), settings={"margin": margin}).actions["target_change"]
        for margin in (0.1, 0.8)
    )
    assert (low < high).all()


def test_no_bid_and_no_click_is_watched():
    frame = pd.concat(
        [facts(["a", "b"]), facts(["c"], clicks=0.0, cost=0.0, conversions=0.0, revenue=0.0)],
        ignore_index=True,
    )
    row = tune(frame).actions.set_index("keyword").loc["c"]
    assert (row["action"], row["rule"], row["bid_basis"], row["bid_change"]) == (
        "watch",
        "no-figures",
        "none",
        0,
    )


def test_search_terms_alone_make_rows_of_their_own():
    frame = facts(["k"] * 1).drop(columns="keyword")
    terms = pd.concat(
        [frame.assign(keyword="k", search_term=term, level="search_term") for term in ("a", "b")],
        ignore_index=True,
    )
    rows = tune(terms).actions
    assert rows["level"].tolist() == ["search_term", "search_term"]
    assert set(rows["action"]) <= {"keep", "exclude", "add"}


def test_a_wrong_setting_in_the_library():
    with pytest.raises(UsageError, match="did you mean 'margin'"):
        tune(facts(["a"]), settings={"margni": 0.4})


def test_rules_and_guide_are_told_the_objective_that_decides():
    """Without revenue or the value of an order the spend is held and brings more orders."""
    result = tune(
        facts(["a", "b"]).drop(columns=["revenue"], errors="ignore"), settings={"objective": "profit"}
    )
    [run] = result.runs
    said = result.summary["settings"].set_index("name")["value"]["objective"]
    assert run.settled.goal.objective == run.pack.settings["objective"] == said == "sales"
