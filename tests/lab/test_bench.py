from __future__ import annotations

import json
from dataclasses import fields
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
from ppc_tuner.lab.market import make_market
from ppc_tuner.lab.players import PLAYERS, Perfect, Seen, Untouched
from ppc_tuner.lab.result_tables import profit_table, tables
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
    players = {name: PLAYERS[name] for name in ("untouched", "one_pool", "perfect_capped", "perfect")}
    profit = bench_decisions([case], players, [3], processes=1).profit.set_index("player")["share_all"]
    assert profit["perfect"] == pytest.approx(1.0)
    assert profit["perfect_capped"] <= 1.0
    # Nobody who does not know the truth beats the one who does.
    assert profit[["untouched", "one_pool"]].max() < profit["perfect_capped"]


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
        "profit", "honesty", "found", "coverage", "coverage_by_kind", "reliability", "held_out", "promises",
        "goals",
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
    assert {"on_target: deleted", "next_price_sparse: share of profit, last half"} <= set(
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
        {"world": "w_usual", "player": player, "seed": seed, "share_all": share, "share_last": share,
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
    assert goals["wanted"].to_list() == ["≥ 0.95", "> 0.905 (one_pool)"]


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


def test_market_worlds_hold_what_they_promise() -> None:
    assert len(market_cases()) == 6
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


def test_truth_can_be_asked_about_bids_before_they_are_played() -> None:
    market = make_market(2, words=60)
    bids = market.bids() * 1.1
    asked = market.truth(bids).set_index("keyword_id")
    expected = market.expected(bids)
    pd.testing.assert_frame_equal(asked[list(expected)], expected)
    assert asked["bid"].to_numpy() == pytest.approx(bids.to_numpy())
    assert market.week == 4
    assert market.truth()["bid"].to_numpy() == pytest.approx(bids.to_numpy() / 1.1)
