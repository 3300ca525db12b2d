"""Value per click, the chance of profit and the scores, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ppc_tuner.columns import ESTIMATES
from ppc_tuner.evidence.estimates import hierarchy

WORDS = [
    {"keyword": f"w{n}", "clicks": 100.0 + n, "conversions": 2.0 + n % 4, "revenue": 400.0 + 210.0 * (n % 4),
     "cost": 150.0 + 10 * n} for n in range(30)
]  # fmt: skip
SOLD_UNKNOWN = [word | {"revenue": None} for word in WORDS]


@pytest.fixture
def estimated(rows, weighed):
    def run(*given, traffic_worth=0.0, **shared):
        return weighed(rows(*given, **shared), traffic_worth=traffic_worth)

    return run


def test_raw_figures_are_the_sums_divided(estimated):
    row = estimated(
        {"impressions": 2000.0, "clicks": 50.0, "cost": 80.0, "conversions": 4.0, "revenue": 1000.0}
    ).iloc[0]
    figures = [row[name] for name in ("ctr_raw", "cpc_raw", "cvr_raw", "aov_raw", "rpc_raw", "roas", "roi")]
    assert figures == pytest.approx([0.025, 1.6, 0.08, 250.0, 20.0, 12.5, 0.35 * 12.5 - 1])


def test_raw_figures_are_empty_where_nothing_can_be_divided(estimated):
    row = estimated(
        {"impressions": 0.0, "clicks": 0.0, "cost": 0.0, "conversions": 0.0, "revenue": 0.0}, *WORDS
    ).iloc[0]
    assert row[["ctr_raw", "cpc_raw", "cvr_raw", "aov_raw", "rpc_raw", "roas", "roi"]].isna().all()


def test_every_promised_column_is_there(estimated):
    assert set(estimated(*WORDS)) == set(estimated({"revenue": None})) == set(ESTIMATES)


def test_value_per_click_is_margin_times_rate_times_order_value(estimated):
    rows = estimated(*WORDS, margin=0.4, traffic_worth=0.25)
    assert rows["rpc"].to_numpy() == pytest.approx((rows["cvr"] * rows["aov"]).to_numpy())
    assert rows["value_per_click"].to_numpy() == pytest.approx((0.4 * rows["rpc"] + 0.25).to_numpy())


def test_the_chance_of_profit_is_a_gamma_tail(estimated):
    rows = estimated(*WORDS)
    value = stats.gamma(rows["value_shape"], scale=rows["value_per_click"] / rows["value_shape"])
    assert rows["p_profitable"].to_numpy() == pytest.approx(value.sf(rows["cpc"]))
    assert rows["value_low80"].to_numpy() == pytest.approx(value.ppf(0.1))
    assert rows["value_high90"].to_numpy() == pytest.approx(value.ppf(0.95))


def test_traffic_worth_lowers_what_a_sale_must_earn(estimated):
    rows = estimated(*WORDS, traffic_worth=0.5)
    plain = estimated(*WORDS)
    value = stats.gamma(plain["value_shape"], scale=plain["value_per_click"] / plain["value_shape"])
    assert rows["p_profitable"].to_numpy() == pytest.approx(value.sf(rows["cpc"] - 0.5))


def test_traffic_worth_is_certain_and_adds_no_spread(estimated):
    def spread(rows):
        return (rows["value_per_click"] / np.sqrt(rows["value_shape"])).to_numpy()

    assert spread(estimated(*WORDS, traffic_worth=0.5)) == pytest.approx(spread(estimated(*WORDS)))


def test_the_chance_of_profit_agrees_with_drawing_rate_and_order_value(estimated):
    row = estimated(*WORDS).iloc[3]
    random = np.random.default_rng(0)
    cvr_sd = (row["cvr_high80"] - row["cvr_low80"]) / 2 / 1.2816
    shape = (row["cvr"] / cvr_sd) ** 2
    aov_sd = (row["aov_high80"] - row["aov_low80"]) / 2 / 1.2816
    drawn = random.gamma(shape, row["cvr"] / shape, 400_000) * random.normal(row["aov"], aov_sd, 400_000)
    assert row["p_profitable"] == pytest.approx((0.35 * drawn > row["cpc"]).mean(), abs=0.02)


class TestWithoutRevenue:
    def test_nothing_is_said_of_profit(self, estimated):
        rows = estimated(*SOLD_UNKNOWN)
        assert rows[["value_per_click", "p_profitable", "aov", "roas"]].isna().all(axis=None)
        assert rows[["cvr", "ctr_score", "cvr_score", "cpc_score"]].notna().all(axis=None)

    def test_a_value_per_conversion_stands_in(self, estimated):
        rows = estimated(*SOLD_UNKNOWN, value_per_conversion=80.0)
        assert rows["value_per_click"].to_numpy() == pytest.approx((rows["cvr"] * 80).to_numpy())
        assert rows["p_profitable"].between(0, 1).all()

    def test_revenue_wins_over_a_value_per_conversion(self, estimated):
        assert estimated(*WORDS, value_per_conversion=80.0)["value_per_click"].to_numpy() == pytest.approx(
            estimated(*WORDS)["value_per_click"].to_numpy()
        )


class TestScores:
    def test_a_word_without_data_scores_50(self, estimated):
        nothing = dict.fromkeys(("impressions", "clicks", "cost", "conversions", "revenue"), 0.0)
        row = estimated({"keyword": "new", **nothing}, *WORDS).iloc[0]
        assert row[["ctr_score", "cvr_score", "cpc_score"]].tolist() == pytest.approx([50.0, 50.0, 50.0])

    def test_they_are_chances_in_percent(self, estimated):
        rows = estimated(*WORDS)
        scores = rows[["ctr_score", "cpc_score", "cvr_score"]].to_numpy()
        assert ((scores >= 0) & (scores <= 100)).all()

    def test_dear_clicks_score_low_and_cheap_ones_high(self, estimated):
        rows = estimated(
            {"keyword": "dear", "clicks": 500.0, "cost": 2000.0},
            {"keyword": "cheap", "clicks": 500.0, "cost": 250.0},
            *WORDS,
        )
        assert rows["cpc_score"].iloc[0] < 10
        assert rows["cpc_score"].iloc[1] > 90

    def test_against_the_markets_figures_where_given(self, estimated):
        low = estimated(*WORDS, market_ctr=0.01, market_cvr=0.001, market_cpc=9.0)
        high = estimated(*WORDS, market_ctr=0.9, market_cvr=0.9, market_cpc=0.01)
        for name, better in (("ctr_score", low), ("cvr_score", low), ("cpc_score", low)):
            worse = high
            assert (better[name] > 95).all()
            assert (worse[name] < 5).all()

    def test_a_market_figure_for_one_word_leaves_the_others_with_their_peers(self, estimated):
        first, *others = WORDS
        marked = estimated(first | {"market_ctr": 0.9}, *others)
        plain = estimated(*WORDS)
        assert marked["ctr_score"].iloc[0] < 5
        assert marked["ctr_score"].iloc[1:].tolist() == pytest.approx(plain["ctr_score"].iloc[1:].tolist())

    def test_another_unit_of_money_changes_no_score(self, estimated):
        names = ("ctr_score", "cpc_score", "cvr_score")
        cents = [word | {"cost": word["cost"] * 100, "revenue": word["revenue"] * 100} for word in WORDS]
        assert estimated(*cents, bid=500.0)[[*names]].to_numpy() == pytest.approx(
            estimated(*WORDS, bid=5.0)[[*names]].to_numpy(), abs=1e-4
        )


class TestOddAccounts:
    def test_one_row(self, estimated):
        row = estimated({}).iloc[0]
        assert np.isfinite(row[["ctr", "cvr", "cpc", "value_per_click", "p_profitable"]].astype(float)).all()

    def test_no_orders_at_all_still_has_rates(self, estimated):
        rows = estimated(
            {"conversions": 0.0, "revenue": 0.0}, {"keyword": "b", "conversions": 0.0, "revenue": 0.0}
        )
        assert (rows["cvr"] > 0).all()

    def test_no_rows(self, rows, weighed):
        assert len(weighed(rows({}).iloc[:0])) == 0


def test_a_level_that_splits_nothing_is_left_out():
    rows = pd.DataFrame(
        {
            "channel": "x",
            "campaign": ["a", "a", "b", "b", "b"],
            "ad_group": ["1", "1", "2", "3", "3"],
            "keyword": list("vwxyz"),
        }
    )
    assert [codes.tolist() for codes in hierarchy(rows)] == [[0, 0, 1, 1, 1], [0, 0, 1, 2, 2]]
    assert hierarchy(rows.assign(campaign="a", ad_group="1")) == []
