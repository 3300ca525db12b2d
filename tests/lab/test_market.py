from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.columns import FACTS
from ppc_tuner.errors import UsageError
from ppc_tuner.lab.auction import Family
from ppc_tuner.lab.market import Market
from ppc_tuner.lab.menswear import make_market

SUMS = ["impressions", "clicks", "cost", "conversions", "revenue"]


def week_of(market: Market, week: int) -> pd.DataFrame:
    facts = market.facts()
    return facts[(facts["date"] - market.conditions.start).dt.days // 7 == week]


def test_the_same_seed_gives_the_same_facts() -> None:
    one, two = make_market(5, words=80), make_market(5, words=80)
    bids = one.truth().set_index("keyword_id")["best_bid"]
    one.apply(bids)
    two.apply(bids)
    pd.testing.assert_frame_equal(one.facts(), two.facts())
    pd.testing.assert_frame_equal(one.truth(), two.truth())
    assert not make_market(6, words=80).facts()[SUMS].sum().equals(one.facts()[SUMS].sum())


def test_facts_are_canonical() -> None:
    facts = make_market(1, words=80).facts()
    assert set(facts.columns) - set(FACTS) == {"level"}
    assert not facts.duplicated(["date", "keyword_id"]).any()
    for name in facts.columns:
        kind = FACTS[name].kind if name in FACTS else "text"
        wanted = {"text": "str", "id": "str", "flag": "boolean", "date": "datetime64[us]"}.get(
            kind, "float64"
        )
        assert str(facts[name].dtype) == wanted, name
    assert (facts["clicks"] <= facts["impressions"]).all()
    assert (facts["cost"] <= facts["bid"] * facts["clicks"] + 0.005).all()
    assert (facts["conversions"] <= facts["clicks"]).all()
    assert (facts["orders_placed"] >= facts["conversions"]).all()
    assert facts["revenue"].sum() == pytest.approx(
        (facts["direct_revenue"] + facts["indirect_revenue"]).sum()
    )


def test_an_export_on_day_7_shows_fewer_orders_of_the_same_days_than_one_on_day_28() -> None:
    market = make_market(2)
    start = market.conditions.start
    early = market.facts(start + pd.Timedelta(days=7))
    late = market.facts(start + pd.Timedelta(days=28))
    same_days = late[late["date"] < start + pd.Timedelta(days=7)]
    assert early["date"].max() == start + pd.Timedelta(days=6)
    assert early["clicks"].sum() == same_days["clicks"].sum()
    assert early["cost"].sum() == pytest.approx(same_days["cost"].sum())
    known = market.conditions.delay.known(np.arange(1.0, 8.0)).mean()
    seen_later = market.conditions.delay.known(np.arange(22.0, 29.0)).mean()
    share = early["conversions"].sum() / same_days["conversions"].sum()
    assert share == pytest.approx(known / seen_later, abs=0.12)
    assert early["revenue"].sum() < same_days["revenue"].sum()


def test_orders_go_on_arriving_after_the_last_day_played() -> None:
    market = make_market(2, words=80)
    end = market.conditions.start + pd.Timedelta(weeks=4)
    later = market.facts(end + pd.Timedelta(days=60))
    assert later["conversions"].sum() > market.facts(end)["conversions"].sum()
    assert later["date"].max() == end - pd.Timedelta(days=1)


def test_an_export_before_the_first_day_is_empty() -> None:
    market = make_market(2, words=80)
    assert market.facts(market.conditions.start).empty


@pytest.mark.parametrize("family", ["second_price", "next_price"])
def test_what_happens_is_on_average_what_was_expected(family: Family) -> None:
    market = make_market(11, family=family, traffic="dense")
    now = market.truth()
    expected = now[["clicks", "cost", "revenue"]].sum()
    assert now["profit"].sum() == pytest.approx((now["value_per_click"] * now["clicks"] - now["cost"]).sum())
    for _ in range(6):
        market.apply(pd.Series(dtype="float64"))
    facts = market.facts(market.conditions.start + pd.Timedelta(weeks=40))
    played = facts[facts["date"] >= market.conditions.start + pd.Timedelta(weeks=4)]
    happened = played[["clicks", "cost", "revenue"]].sum() / 6
    assert happened["clicks"] == pytest.approx(expected["clicks"], rel=0.04)
    assert happened["cost"] == pytest.approx(expected["cost"], rel=0.04)
    assert happened["revenue"] == pytest.approx(expected["revenue"], rel=0.06)
    ctr = (
        played.groupby("keyword_id")[["clicks", "impressions"]]
        .sum()
        .loc[now.nlargest(5, "clicks")["keyword_id"]]
    )
    assert (ctr["clicks"] / ctr["impressions"]).to_numpy() == pytest.approx(
        now.nlargest(5, "clicks")["ctr"].to_numpy(), rel=0.1
    )


@pytest.mark.parametrize("family", ["second_price", "next_price"])
def test_truth_knows_the_best_bid_of_every_word(family: Family) -> None:
    market = make_market(12, family=family, words=60)
    truth = market.truth().set_index("keyword_id")
    assert (truth["best_profit"] >= truth["profit"] - 1e-9).all()
    for share in np.linspace(0.1, 1.4, 27):
        tried = market.expected(share * truth["value_per_click"])["profit"]
        assert (tried <= truth["best_profit"] * (1 + 1e-6)).all()


def test_history_bids_lie_between_a_third_and_three_times_the_best_and_do_not_move() -> None:
    market = make_market(13)
    truth = market.truth()
    times = truth["bid"] / truth["best_bid"]
    assert times.between(0.28, 3.05).all()
    assert np.log(times).std() == pytest.approx(0.55, abs=0.08)
    seen = market.facts().groupby("keyword_id")["bid"].agg(["min", "max"])
    assert (seen["min"] == seen["max"]).all()


def test_head_and_main_words_carry_most_traffic() -> None:
    market = make_market(13)
    clicks = market.truth().groupby("kind")["best_clicks"].sum()
    assert clicks[["head", "core"]].sum() / clicks.sum() > 0.7


@pytest.mark.parametrize(("traffic", "clicks"), [("sparse", 3.0), ("usual", 16.0), ("dense", 80.0)])
def test_traffic_is_as_asked(traffic: str, clicks: float) -> None:
    truth = make_market(1, traffic=traffic).truth()  # type: ignore[arg-type]
    assert truth["best_clicks"].mean() == pytest.approx(clicks)


def test_a_paused_word_stops_and_starts_again() -> None:
    market = make_market(14, words=80)
    best = market.truth().nlargest(1, "clicks")["keyword_id"].iloc[0]
    before = market.bids()
    market.apply(pd.Series({best: np.nan}))
    assert best not in set(week_of(market, 4)["keyword_id"])
    rows = market.facts().query("keyword_id == @best")
    assert set(rows["status"]) == {"paused"}
    listed = market.word_list().set_index("keyword_id").loc[best]
    assert listed["status"] == "paused"
    assert listed["bid"] == before[best]
    assert market.truth().set_index("keyword_id").loc[best, "clicks"] == 0.0
    market.apply(pd.Series({best: 1.23}))
    assert set(week_of(market, 5).query("keyword_id == @best")["bid"]) == {1.23}
    others = market.bids().drop(best)
    assert others.equals(before.drop(best))


def test_bids_that_make_no_sense_are_refused() -> None:
    market = make_market(14, words=80)
    known = market.bids().index[0]
    with pytest.raises(UsageError, match="unknown keyword ids"):
        market.apply(pd.Series({"nobody": 1.0}))
    with pytest.raises(UsageError, match="two bids"):
        market.apply(pd.Series([1.0, 2.0], index=[known, known]))
    with pytest.raises(UsageError, match="negative"):
        market.apply(pd.Series({known: -0.1}))
    assert market.week == 4


def test_too_many_items_or_words_are_refused() -> None:
    with pytest.raises(UsageError, match="number of items"):
        make_market(1, items=9)
    with pytest.raises(UsageError, match="too few words"):
        make_market(1, words=50_000)


def test_an_event_week_moves_every_figure_and_ends() -> None:
    quiet, event = make_market(15), make_market(15, event_week=4)
    now, busy = quiet.truth(), event.truth()
    assert busy["best_clicks"].sum() > 1.8 * now["best_clicks"].sum()
    assert (busy["cvr"] / now["cvr"]).round(6).eq(1.5).all()
    for market in (quiet, event):
        market.apply(pd.Series(dtype="float64"))
    pd.testing.assert_frame_equal(quiet.truth(), event.truth())


def test_drift_is_slow_and_the_same_whatever_is_bid() -> None:
    still, one, two = make_market(16), make_market(16, drift=0.03), make_market(16, drift=0.03)
    one.apply(one.bids() * 1.3)
    two.apply(two.bids() * 0.7)
    assert one.truth()["cvr"].equals(two.truth()["cvr"])
    moved = np.log(one.truth()["cvr"] / still.truth()["cvr"])
    assert moved.std() == pytest.approx(0.03 * np.sqrt(5), rel=0.15)


def test_a_failing_page_takes_conversion_and_shows_in_the_page_figures() -> None:
    market, sound = make_market(17, failing_page=True), make_market(17)
    item = market.conditions.failing_item
    share = market.truth()["cvr"] / sound.truth()["cvr"]
    assert share[market.truth()["item_id"] == item].round(9).eq(0.25).all()
    assert share[market.truth()["item_id"] != item].eq(1.0).all()
    bad = market.pages().query("item_id == @item")
    assert len(bad) == 4
    assert (bad["bounce_rate"] > 0.7).all()
    assert (bad["depth"] < 2.5).all()
    assert (market.pages().query("item_id != @item")["bounce_rate"] < 0.7).all()


def test_add_to_carts_foretell_orders() -> None:
    market = make_market(18, traffic="dense")
    clicks = market.facts().groupby("keyword_id")[["clicks", "add_to_carts"]].sum().query("clicks > 400")
    cvr = market.truth().set_index("keyword_id")["cvr"].loc[clicks.index]
    assert np.corrcoef(clicks["add_to_carts"] / clicks["clicks"], cvr)[0, 1] > 0.7
