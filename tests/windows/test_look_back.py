"""Facts → decision rows, against sums made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.columns import FIGURES
from ppc_tuner.windows import REPORTED, completeness_of, look_back, with_unshown

CURVE = (0.5, 0.7, 0.9)


@pytest.fixture
def found_in(settings):
    """What look_back finds in facts whose orders and revenue are those that count, before any refund."""

    def run(facts, curve=(), drop_days=0, by_device=False, **changed):
        counted = facts.assign(net_basis=False)
        return look_back(counted, list(curve), drop_days, by_device, replace(settings, **changed))

    return run


@pytest.fixture
def rows_of(found_in):
    def run(*given, **changed):
        return found_in(*given, **changed).figures

    return run


def by_keyword(rows):
    return rows.set_index("keyword")


class TestWhatIsOneRow:
    def test_days_of_a_word_are_summed(self, facts, rows_of):
        days = facts(
            {"date": "2026-01-09", "clicks": 7.0}, {"date": "2026-01-10", "clicks": 5.0, "cost": 1.25}
        )
        row = rows_of(days).iloc[0]
        assert [row[name] for name in ("impressions", "clicks", "cost", "conversions", "revenue")] == [
            200.0, 12.0, 21.25, 2.0, 400.0,
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "name",
        ["campaign", "ad_group", "item_id", "match_type", "channel", "keyword_id", "account", "currency"],
    )
    def test_the_same_word_elsewhere_stays_apart(self, facts, rows_of, name):
        rows = rows_of(
            facts({name: "1", "clicks": 3.0}, {name: "2", "clicks": 4.0}, {name: "1", "clicks": 5.0})
        )
        assert rows[[name, "clicks"]].values.tolist() == [["1", 8.0], ["2", 4.0]]

    def test_an_id_is_the_row_though_its_names_change(self, facts, rows_of):
        renamed = facts(
            {"campaign_id": "c", "campaign": "旧名", "keyword_id": "k", "date": "2026-01-08"},
            {"campaign_id": "c", "campaign": "新名", "keyword_id": "k", "date": "2026-01-09"},
        )
        assert rows_of(renamed)[["campaign", "clicks"]].values.tolist() == [["新名", 20.0]]

    def test_words_without_an_id_are_told_apart_by_text(self, facts, rows_of):
        mixed = facts({"keyword_id": "1", "keyword": "a"}, {"keyword": "a"}, {"keyword": "b"})
        assert len(rows_of(mixed)) == 3

    def test_devices_are_summed_where_the_bid_is_one(self, facts, rows_of):
        phone_and_pc = facts({"device": "mobile", "clicks": 3.0}, {"device": "desktop", "clicks": 4.0})
        assert rows_of(phone_and_pc)["clicks"].tolist() == [7.0]
        assert rows_of(phone_and_pc, by_device=True)[["device", "clicks"]].values.tolist() == [
            ["mobile", 3.0],
            ["desktop", 4.0],
        ]

    def test_a_row_summed_over_devices_bears_the_name_of_none(self, facts, rows_of):
        rows = rows_of(facts({"device": "mobile"}, {"device": "desktop"}))
        assert "device" not in rows or rows["device"].isna().all()

    def test_totals_are_those_of_the_facts(self, rows_of):
        random = np.random.default_rng(1)
        size = 500
        many = pd.DataFrame(
            {
                "level": "keyword", "campaign": random.choice(["a", "b"], size),
                "keyword": random.choice(list("wxyz"), size), "device": random.choice(["m", "d"], size),
                "date": pd.Timestamp("2026-01-01") + pd.to_timedelta(random.integers(0, 20, size), unit="D"),
                "exported_on": pd.Timestamp("2026-02-01"), "impressions": 10.0,
                "clicks": random.poisson(3, size).astype(float),
                "cost": random.uniform(0, 9, size).round(2),
                "conversions": random.poisson(1, size).astype(float),
                "revenue": random.uniform(0, 99, size).round(2),
            }
        )  # fmt: skip
        rows = rows_of(many, CURVE, 3)
        assert len(rows) == 8
        for name in ("impressions", "clicks", "cost", "conversions", "revenue"):
            assert rows[name].sum() == pytest.approx(many[name].sum())


class TestHowItStands:
    def test_the_latest_bid_status_and_quality_hold_whatever_the_order_of_rows(self, facts, found_in):
        days = facts(
            {"date": "2026-01-10", "status": "paused", "bid": 1.5, "quality_score": 9.0},
            {"date": "2026-01-08", "status": "live", "bid": 1.1, "quality_score": 6.0},
        )
        row = found_in(days).reported.iloc[0]
        assert (row["status"], row["bid"], row["quality_score"]) == ("paused", 1.5, 9.0)

    def test_an_empty_newest_cell_leaves_what_was_known(self, facts, found_in):
        days = facts({"date": "2026-01-09", "bid": 1.1}, {"date": "2026-01-10", "bid": np.nan})
        assert found_in(days).reported["bid"].tolist() == [1.1]

    def test_what_holds_today_stands_apart_from_the_figures_row_by_row(self, facts, found_in):
        days = facts({"keyword": "a", "bid": 1.0, "market_ctr": 0.02}, {"keyword": "b", "bid": 2.0})
        found = found_in(days)
        assert set(found.figures) <= set(FIGURES) | {"level"}
        assert sorted(found.reported) == ["bid", "market_ctr"]
        assert found.reported["bid"].tolist() == [1.0, 2.0]
        assert found.reported.index.equals(found.figures.index)
        assert not set(found.figures) & set(REPORTED)

    def test_the_position_is_weighted_by_impressions(self, facts, rows_of):
        row = rows_of(
            facts(
                {"impressions": 300.0, "position": 2.0},
                {"impressions": 100.0, "position": 6.0},
                {"impressions": 900.0, "position": np.nan},
            )
        ).iloc[0]
        assert row["position"] == pytest.approx(3.0)


class TestCompleteness:
    def test_daily_rows_follow_the_curve_by_age(self, facts, rows_of):
        # Exported on the 11th: the 10th is one day old (.5), the 9th two (.7), the 1st ten (all there).
        days = facts(
            {"date": "2026-01-10"}, {"date": "2026-01-09"}, {"date": "2026-01-01"}, exported_on="2026-01-11"
        )
        row = rows_of(days, CURVE).iloc[0]
        assert row["exposure"] == pytest.approx(10 * (0.5 + 0.7 + 1.0))
        assert row["completeness"] == pytest.approx(2.2 / 3)

    def test_a_summary_has_the_mean_of_its_days(self, facts, rows_of):
        # Five days, one to five days old: .5, .7, .9, 1, 1.
        summary = facts(
            {"period_start": "2026-01-06", "period_end": "2026-01-10"}, date=None, exported_on="2026-01-11"
        )
        row = rows_of(summary, CURVE).iloc[0]
        assert row["completeness"] == pytest.approx(4.1 / 5)

    def test_a_day_exported_on_itself_counts_as_one_day_old(self):
        day = pd.Series(pd.to_datetime(["2026-01-10"]))
        share, age = completeness_of(day, day, day, CURVE)
        assert (share[0], age[0]) == (0.5, 1.0)

    def test_dropped_days_stay_in_the_totals_but_are_no_evidence(self, facts, rows_of):
        days = facts(
            {"date": "2026-01-10", "clicks": 100.0, "conversions": 0.0},
            {"date": "2026-01-09", "clicks": 30.0},
            {"date": "2026-01-08", "clicks": 7.0},
            exported_on="2026-01-11",
        )
        row = rows_of(days, CURVE, drop_days=2).iloc[0]
        assert (row["clicks"], row["counted_clicks"], row["counted_conversions"]) == (137.0, 7.0, 1.0)
        assert row["exposure"] == pytest.approx(7 * 0.9)
        assert row["cost"] == 60.0
        assert row["counted_cost"] == 20.0

    def test_a_word_with_dropped_days_only_has_no_evidence_yet(self, facts, rows_of):
        days = facts({"date": "2026-01-10"}, {"date": "2026-01-01", "keyword": "b"}, exported_on="2026-01-11")
        row = by_keyword(rows_of(days, CURVE, drop_days=1)).loc["羽绒服男"]
        assert (row["exposure"], row["counted_clicks"], row["clicks"]) == (0.0, 0.0, 10.0)
        assert np.isnan(row["completeness"])


class TestPeriods:
    def test_seven_days_and_the_seven_before(self, facts, rows_of):
        days = facts(
            {"date": "2026-01-14", "clicks": 1.0}, {"date": "2026-01-08", "clicks": 2.0},
            {"date": "2026-01-07", "clicks": 4.0}, {"date": "2026-01-01", "clicks": 8.0},
            {"date": "2025-12-31", "clicks": 16.0},
        )  # fmt: skip
        row = rows_of(days).iloc[0]
        assert (row["period_clicks"], row["before_clicks"]) == (3.0, 12.0)
        assert row["period_ctr"] == pytest.approx(3 / 200)
        assert row["before_roas"] == pytest.approx(400 / 40)

    def test_two_summaries_are_this_period_and_the_one_before(self, facts, rows_of):
        two = facts(
            {"period_start": "2026-01-01", "period_end": "2026-01-10", "clicks": 4.0},
            {"period_start": "2026-01-11", "period_end": "2026-01-20", "clicks": 9.0},
            date=None,
        )
        row = rows_of(two).iloc[0]
        assert (row["period_clicks"], row["before_clicks"], row["clicks"]) == (9.0, 4.0, 13.0)

    def test_undated_facts_make_one_period(self, facts, rows_of):
        row = rows_of(facts({"clicks": 4.0}, {"clicks": 9.0}, date=None, exported_on="2026-01-20")).iloc[0]
        assert row["period_clicks"] == 13.0
        assert row["weekly_clicks"] == 13.0
        assert row["completeness"] == 1.0
        assert np.isnan(row["days"])
        assert np.isnan(row["before_clicks"]) or row["before_clicks"] == 0.0


class TestPace:
    def test_four_weeks_to_a_week(self, facts, rows_of):
        days = facts(
            {"date": "2026-01-28", "clicks": 6.0, "cost": 8.0},
            {"date": "2026-01-01", "clicks": 10.0, "cost": 20.0},
            {"date": "2025-12-31", "clicks": 500.0},
        )
        row = rows_of(days).iloc[0]
        assert row["weekly_clicks"] == pytest.approx(16 / 4)
        assert row["weekly_cost"] == pytest.approx(28 / 4)

    def test_a_young_word_counts_from_its_first_day_but_never_less_than_a_week(self, facts, rows_of):
        days = facts(
            {"keyword": "old", "date": "2026-01-01"}, {"keyword": "old", "date": "2026-01-28"},
            {"keyword": "two weeks", "date": "2026-01-15", "clicks": 30.0},
            {"keyword": "two days", "date": "2026-01-27", "clicks": 30.0},
        )  # fmt: skip
        weekly = by_keyword(rows_of(days))["weekly_clicks"]
        assert weekly["old"] == pytest.approx(20 / 4)
        assert weekly["two weeks"] == pytest.approx(30 / 2)
        assert weekly["two days"] == pytest.approx(30.0)

    def test_a_summary_longer_than_the_pace_is_spread_over_its_own_days(self, facts, rows_of):
        summary = facts(
            {"period_start": "2026-01-01", "period_end": "2026-02-11", "clicks": 60.0},
            date=None,
            exported_on="2026-03-01",
        )  # six weeks
        assert rows_of(summary).iloc[0]["weekly_clicks"] == pytest.approx(10.0)

    def test_a_report_of_three_days_is_not_blown_up_beyond_what_its_days_say(self, facts, rows_of):
        days = facts({"date": "2026-01-08", "clicks": 3.0}, {"date": "2026-01-10", "clicks": 3.0})
        assert rows_of(days).iloc[0]["weekly_clicks"] == pytest.approx(6 * 7 / 3)


class TestLookback:
    def test_older_days_are_left_out_and_their_words_keep_a_row_of_zeros(self, facts, found_in):
        days = facts(
            {"keyword": "new", "date": "2026-01-30"},
            {"keyword": "new", "date": "2026-01-20"},
            {"keyword": "old", "date": "2026-01-20", "bid": 3.0},
        )
        found = found_in(days, lookback_days=10)
        rows = by_keyword(found.figures)
        assert rows["clicks"].to_dict() == {"new": 10.0, "old": 0.0}
        assert rows.loc["old", ["cost", "exposure", "counted_clicks"]].tolist() == [0.0, 0.0, 0.0]
        assert found.reported["bid"].iloc[rows.index.get_loc("old")] == 3.0


class TestUnknownFigures:
    @pytest.mark.parametrize("name", ["revenue", "conversions"])
    def test_what_no_fact_of_a_word_knows_stays_unknown(self, facts, rows_of, name):
        rows = by_keyword(rows_of(facts({"keyword": "a", name: np.nan}, {"keyword": "b"})))
        assert np.isnan(rows.loc["a", name])
        assert np.isnan(rows.loc["a", f"counted_{name}"])

    def test_clicks_whose_orders_are_unknown_are_no_exposure(self, facts, rows_of):
        rows = by_keyword(rows_of(facts({"keyword": "a", "conversions": np.nan}, {"keyword": "b"})))
        assert rows["exposure"].to_dict() == {"a": 0.0, "b": 10.0}

    def test_a_report_without_revenue_gets_no_revenue(self, facts, rows_of):
        assert "revenue" not in rows_of(facts({}, revenue=None))


class TestEvidence:
    """What each fact tells of its row: the clicks whose orders are known, and those orders."""

    def test_it_sums_to_what_is_counted_of_each_row(self, facts, found_in):
        days = facts(
            {"keyword": "b", "date": "2026-01-10", "clicks": 100.0, "conversions": 9.0},
            {"keyword": "b", "date": "2026-01-08", "clicks": 30.0},
            {"keyword": "a", "date": "2026-01-08", "clicks": 7.0, "conversions": np.nan},
            exported_on="2026-01-11",
        )
        found = found_in(days, CURVE, drop_days=1)
        sums = found.evidence.groupby("row")[["exposure", "orders"]].sum()
        # The newest day is too young to count; of the word without orders no click has any that are known.
        told = dict(zip(found.figures["keyword"], sums.to_numpy().tolist(), strict=True))
        assert told == {"b": pytest.approx([30 * 0.9, 1.0]), "a": [0.0, 0.0]}
        assert found.figures["exposure"].tolist() == pytest.approx(sums["exposure"].tolist())
        assert len(found.evidence) == len(days)

    def test_it_bears_the_date_where_the_report_has_one(self, facts, found_in):
        dated = found_in(facts({"date": "2026-01-10"}, {"date": "2026-01-09"})).evidence
        assert sorted(dated["date"]) == [pd.Timestamp("2026-01-09"), pd.Timestamp("2026-01-10")]
        assert "date" not in found_in(facts({}, date=None)).evidence


class TestUnshown:
    """Words that are bid on and that no report holds."""

    def test_they_follow_as_rows_of_zeros(self, facts, found_in):
        found = found_in(facts({"keyword": "a", "bid": 1.0, "position": 2.0, "revenue": np.nan}))
        words = pd.DataFrame({"level": ["keyword"], "campaign": ["计划"], "keyword": ["新"]})
        both = with_unshown(found, words)
        assert both.figures["keyword"].tolist() == ["a", "新"]
        assert list(both.figures) == list(found.figures)
        new = both.figures.iloc[1]
        names = [
            "impressions",
            "clicks",
            "cost",
            "conversions",
            "exposure",
            "counted_clicks",
            "weekly_clicks",
        ]
        assert new[names].tolist() == [0.0] * len(names)
        # What no click told is unknown rather than nought, and so is what the report does not hold at all.
        assert new[["position", "days", "completeness", "revenue"]].isna().all()
        assert both.reported["bid"].fillna(-1).tolist() == [1.0, -1]
        assert both.evidence is found.evidence

    def test_without_such_words_nothing_changes(self, facts, found_in):
        found = found_in(facts({}))
        assert with_unshown(found, found.figures.iloc[:0]) is found
