from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from toy import PROFIT, ToyWorld
from typer.testing import CliRunner

from ppc_tuner.cli import app
from ppc_tuner.errors import OutputError, UsageError
from ppc_tuner.lab.bench import Figures, bench_decisions
from ppc_tuner.lab.decisions import all_cases, decisions
from ppc_tuner.lab.goals import goals_table
from ppc_tuner.lab.menswear import make_market
from ppc_tuner.lab.players import PLAYERS, TOLD, Perfect, Seen, Untouched
from ppc_tuner.lab.result_tables import tables
from ppc_tuner.lab.rollout_tables import profit_table, sales_table, told_table
from ppc_tuner.lab.worlds import TABLE_SEEDS, TUNING_SEEDS, Case, market_cases

CASES = {case.name: case for case in all_cases()}


def same(one: Figures, two: Figures) -> None:
    for field in fields(Figures):
        pd.testing.assert_frame_equal(getattr(one, field.name), getattr(two, field.name))


class Halver:
    def __call__(self, seen: Seen) -> pd.Series:
        return seen.bids / 2


def test_anyone_can_bench_a_world_and_a_player_of_their_own() -> None:
    players = {"untouched": Untouched, "halver": Halver, "ours": PLAYERS["ours"], "perfect": Perfect}
    figures = bench_decisions([Case("toy", ToyWorld, PROFIT)], players, [1], processes=1)
    share = figures.profit.groupby("player")["share_all"].mean()
    assert share["untouched"] == pytest.approx(0.5)
    # 10 b for the good word less 5 b² for each, over weeks of b = 1/2, 1/4, …
    bids = 0.5 ** np.arange(1, 13)
    assert share["halver"] == pytest.approx(sum(20 * bids - 10 * bids**2) / (12 * 20))
    assert share["perfect"] == pytest.approx(1.0)
    assert share["ours"] <= 1.0
    assert set(figures.coverage["kind"]) <= {"word", "never"}
    assert {table.name for table in tables(figures)} >= {"profit", "coverage", "promises"}


def test_ceilings_are_upper_bounds() -> None:
    case = CASES["next_price_usual"]
    players = {name: PLAYERS[name] for name in ("untouched", "one_pool_0_30", "perfect_capped", "perfect")}
    profit = bench_decisions([case], players, [3], processes=1).profit.set_index("player")["share_all"]
    assert profit["perfect"] == pytest.approx(1.0)
    assert profit["perfect_capped"] <= 1.0
    # Nobody who does not know the truth beats the one who does.
    assert profit[["untouched", "one_pool_0_30"]].max() < profit["perfect_capped"]


def test_the_same_seed_gives_the_same_figures_in_any_number_of_processes() -> None:
    cases = [CASES["second_price_sparse"], CASES["planted"]]
    players = {name: PLAYERS[name] for name in ("thresholds", "raw_ratio_10")}
    one = bench_decisions(cases, players, [7], processes=1)
    same(one, bench_decisions(cases, players, [7], processes=2))
    other = bench_decisions(cases[:1], players, [8], processes=1).profit
    assert not other["share_all"].equals(one.profit["share_all"])


def test_a_short_bench_of_ours_answers_every_goal() -> None:
    heard: list[tuple[int, int]] = []
    done = decisions(
        ["next_price_sparse", "on_target", "planted"],
        ["ours,untouched"],
        1,
        tuning=True,
        progress=lambda ready, every: heard.append((ready, every)),
    )
    assert heard == [(ready, 3) for ready in range(1, 4)]
    assert done.seeds == tuple(TUNING_SEEDS[:1])
    by_name = {table.name: table.frame for table in done.tables}
    assert list(by_name) == [
        "profit", "honesty", "found", "coverage", "coverage_by_kind", "reliability", "own_weight", "groups",
        "held_out", "promises", "goals",
    ]  # fmt: skip
    held = by_name["profit"].set_index("player").loc["untouched"]
    assert (held["deleted"], held["changed"], held["waste_left"] > 0.5) == (0, 0, True)
    honest = by_name["honesty"].set_index(["world", "player"])
    assert honest.loc[("on_target", "untouched"), "words"] == 400
    assert honest.loc[("planted", "ours"), "words"] == 240
    assert (honest.xs("untouched", level="player")["acted"] == 0).all()
    shares = by_name["coverage"][["cvr80", "cvr90", "value80", "value90"]]
    assert shares.to_numpy().min() >= 0
    assert shares.to_numpy().max() <= 1
    assert by_name["coverage"].query("decision == 'all'")["cases"].sum() > 2000
    reliability = by_name["reliability"].set_index(["figure", "decile"])
    tenths = reliability.index.get_level_values("decile")
    assert (reliability["promised"].to_numpy() >= tenths / 10 - 1e-9).all()
    assert (reliability["promised"].to_numpy() <= (tenths + 1) / 10 + 1e-9).all()
    assert {"on_target: deleted", "next_price_sparse: share of profit, last half (aim)"} <= set(
        by_name["goals"]["figure_en"]
    )
    held_out = by_name["held_out"].set_index("estimate")["reduction"]
    assert set(held_out.index) == {"raw", "shrunk", "boosting", "ppc_tuner"}
    assert held_out.max() < 1
    for table in done.tables:
        for lang in ("zh", "en"):
            lines = table.lines(lang)
            assert all(len(line) == len(table.head(lang)) for line in lines)
            assert not any("nan" in cell for line in lines for cell in line)


def test_figures_over_seeds_are_means_with_standard_errors() -> None:
    rows = [
        {"world": "next_price_usual", "player": player, "seed": seed, "share_all": share, "share_last": share,
         "deleted": 2,
         "wrongly_deleted": 1, "waste_left": 0.5, "changed": 0.1, "changes": 10, "flips": 1}
        for player, shares in (("ours", (0.96, 0.98)), ("one_pool", (0.90, 0.91)))
        for seed, share in enumerate(shares)
    ]  # fmt: skip
    empty = pd.DataFrame()
    table = profit_table(Figures(pd.DataFrame(rows), *[empty] * (len(fields(Figures)) - 1)))
    ours = table.frame.iloc[0]
    assert (ours["last"], ours["worst"], ours["wrong"], ours["flips"]) == pytest.approx(
        (0.97, 0.96, 0.5, 0.1)
    )
    assert ours["last_se"] == pytest.approx(0.01)
    assert table.lines("en")[0][2:5] == ["0.970 ± 0.010", "0.970 ± 0.010", "0.960"]
    goals = goals_table([table]).frame
    assert goals["met"].to_list() == [True, True]
    assert goals["wanted"].to_list() == ["≥ 0.961 (0.970)", "> 0.905 (one_pool)"]


def test_names_and_numbers_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        decisions(["nowhere"])
    with pytest.raises(UsageError, match="nobody"):
        decisions(["planted"], ["ours,nobody"])
    with pytest.raises(UsageError, match=f"… {len(TUNING_SEEDS)}"):
        decisions(["planted"], seeds=len(TUNING_SEEDS) + 1, tuning=True)
    with pytest.raises(OutputError):
        decisions(["planted"], ["untouched"], 1, processes=1).save(tmp_path / "no" / "x.json")


def test_the_command_prints_the_tables_and_writes_the_figures(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    ask = [
        "bench",
        "decisions",
        "--worlds",
        "on_target",
        "--players",
        "thresholds,perfect",
        "--seeds",
        "1",
        "--json",
        str(file),
    ]
    answer = CliRunner().invoke(app, [*ask, "--lang", "zh"])
    assert answer.exit_code == 0, answer.output
    assert "thresholds" in answer.output
    assert "本不该动的词" in answer.output
    written = json.loads(file.read_text("utf-8"))
    assert written["seeds"] == [TABLE_SEEDS[0]]
    row = written["tables"]["honesty"][0]
    assert (row["player"], row["words"], row["acted_se"]) == ("thresholds", 400, None)
    assert 0.2 < row["acted"] < 0.6
    assert [path.name for path in tmp_path.iterdir()] == ["figures.json"]


def test_who_is_told_and_who_is_not_are_compared_seed_by_seed() -> None:
    ours, told = {1: 0.90, 2: 0.96}, {1: 0.91, 2: 0.93}
    rows = [
        {"world": "next_price_usual", "player": player, "seed": seed, "share_all": share - 0.1,
         "share_last": share}
        for player, shares in (("ours", ours), (TOLD["next_price_usual"], told), ("thresholds", told))
        for seed, share in shares.items()
    ]  # fmt: skip
    empty = pd.DataFrame()
    table = told_table(Figures(pd.DataFrame(rows), *[empty] * (len(fields(Figures)) - 1)))
    assert table.frame["world"].to_list() == ["next_price_usual"]
    assert table.frame[["all", "last"]].to_numpy() == pytest.approx(0.01)
    assert table.frame["last_se"].to_numpy() == pytest.approx(0.02)
    assert goals_table([table]).frame["met"].to_list() == [True, True]
    behind = replace(table, frame=table.frame.assign(last=-0.03))
    assert goals_table([behind]).frame["met"].to_list() == [False, True]


def test_sales_goals_look_at_the_worst_seed_of_spend_and_profit() -> None:
    def of(world: str, **measured: float) -> dict[str, object]:
        usual = {"sold_all": 0.95, "sold_last": 0.97, "spend_last": 1.0, "deleted": 10, "wrongly_deleted": 0,
                 "to_untouched": 1.1}  # fmt: skip
        return {"world": world, "player": "ours"} | usual | measured

    rows = [
        of("sales_x_usual"), of("sales_x_usual", spend_last=1.07),
        of("sales_margins_apart_usual"),
        of("sales_margins_apart_usual", to_untouched=0.98, wrongly_deleted=3),
    ]  # fmt: skip
    empty = {field.name: pd.DataFrame() for field in fields(Figures)}
    table = sales_table(Figures(**empty | {"sales": pd.DataFrame(rows)}))
    goals = goals_table([table]).frame
    assert goals["figure_en"].str.extract(r": ?(.*)")[0].to_list() == [
        "share of what could be sold, last half", "spend ÷ first week's, of the seeds",
        "no seed earns less than untouched", "wrong deletes at any margin of 20–60 %",
    ]  # fmt: skip
    assert goals["met"].to_list() == [True, False, False, False]
    assert goals["measured"].to_list() == ["0.970", "1.00–1.07", "0.98", "7.5%"]


def test_nobody_plays_for_profit_where_nobody_is_told_a_margin() -> None:
    players = {name: PLAYERS[name] for name in ("untouched", "one_pool_0_30", "one_pool_20_30", "perfect")}
    figures = bench_decisions([CASES["sales_second_price_sparse"]], players, [3], processes=1)
    assert figures.profit.empty
    sales = figures.sales.set_index("player")
    assert sales.index.to_list() == ["untouched", "one_pool_0_30"]
    held = sales.loc["untouched"]
    assert held[["to_untouched", "deleted"]].to_list() == [1.0, 0]
    assert held["spend_last"] == pytest.approx(1.0, abs=0.03)
    assert (sales[["sold_all", "sold_last"]] < 1).all(axis=None)
    assert "margin" not in CASES["sales_second_price_sparse"].terms.items


def test_market_worlds_hold_what_they_promise() -> None:
    assert len(market_cases()) == 9
    case = CASES["second_price_usual"]
    world = case.make(1)
    truth = world.truth()
    never = truth["cvr"] == 0
    assert 0.03 < never.mean() < 0.09
    assert not never[truth["kind"].isin(["head", "core"])].any()
    assert (truth.loc[never, "best_bid"] == 0).all()
    assert truth.loc[never, "clicks"].sum() > 0
    assert (len(truth), truth["item_id"].nunique()) == (400, 8)
    assert world.facts()["attribution_days"].eq(15).all()
    calm = make_market(1, family="second_price", traffic="usual", never_sell=0.06).truth()
    for week in range(4):
        busy = world.truth()["best_clicks"].sum() > 1.5 * calm["best_clicks"].sum()
        assert busy == (week == max(case.unusual))
        world.apply(pd.Series(dtype="float64"))


def test_the_third_family_begins_at_the_markets_price_and_pays_more_than_its_bids() -> None:
    case = CASES["market_price_dense"]
    world = case.make(1)
    shop = world.shop
    assert case.terms.items["margin"].to_list() == shop.items["margin"].to_list()
    assert shop.items["margin"].agg(["min", "max"]).to_list() == [0.2, 0.5]
    facts = world.facts()
    campaign = facts.assign(at_bid=facts["clicks"] * facts["bid"]).groupby("campaign")
    times = campaign["cost"].sum() / campaign["at_bid"].sum()
    assert times.max() > 2
    assert times.min() < 1
    # What the auction sees is the rivals' price, give or take 30 %.
    off = np.log(world.bids().to_numpy() * world._times / shop.column("rival"))
    assert off.mean() == pytest.approx(0, abs=0.05)
    assert off.std() == pytest.approx(0.3, abs=0.05)
    truth = world.truth().set_index("keyword_id")
    for share in (0.5, 0.8, 1.25, 2.0):
        tried = world.expected(truth["best_bid"] * share)["profit"]
        assert (tried <= truth["best_profit"] * (1 + 1e-6) + 1e-9).all()


def test_truth_can_be_asked_about_bids_before_they_are_played() -> None:
    market = make_market(2, words=60)
    bids = market.bids() * 1.1
    asked = market.truth(bids).set_index("keyword_id")
    expected = market.expected(bids)
    pd.testing.assert_frame_equal(asked[list(expected)], expected)
    assert asked["bid"].to_numpy() == pytest.approx(bids.to_numpy())
    assert market.week == 4
    assert market.truth()["bid"].to_numpy() == pytest.approx(bids.to_numpy() / 1.1)
