"""Which orders and which revenue count, settled on the facts: basis, refunds, presale (advice A19)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ppc_tuner.context import Context, orders_that_count
from ppc_tuner.windows import look_back


@pytest.fixture
def settled(settings):
    def run(facts, context=None, **changed):
        return orders_that_count(facts, context or Context(), replace(settings, **changed))

    return run


def items(**given):
    return Context((pd.DataFrame({"item_id": ["1"], **given}),))


class TestBasis:
    def test_net_revenue_where_reported(self, facts, settled):
        counted = settled(facts({"net_revenue": 150.0}, {"net_revenue": np.nan}))
        assert counted["revenue"].tolist() == [150.0, 200.0]
        assert counted["net_basis"].tolist() == [True, False]

    def test_net_revenue_alone_is_enough(self, facts, settled):
        assert settled(facts({"net_revenue": 150.0}, revenue=None))["revenue"].tolist() == [150.0]

    def test_direct_sales_only(self, facts, settled):
        sale = {"direct_revenue": 120.0, "direct_conversions": 0.5}
        counted = settled(facts(sale), revenue_basis="direct")
        assert counted[["revenue", "conversions"]].values.tolist() == [[120.0, 0.5]]

    def test_direct_sales_alone_are_enough(self, facts, settled):
        sale = facts({"direct_revenue": 120.0, "direct_conversions": 0.5}, revenue=None, conversions=None)
        counted = settled(sale, revenue_basis="direct")
        assert counted[["revenue", "conversions"]].values.tolist() == [[120.0, 0.5]]

    @pytest.mark.parametrize(
        ("presale", "revenue", "orders"), [("exclude", 200.0, 1.0), ("include", 500.0, 3.0)]
    )
    def test_presale_counts_only_when_asked_for(self, facts, settled, presale, revenue, orders):
        sold = facts({"presale_revenue": 300.0, "presale_conversions": 2.0})
        counted = settled(sold, presale=presale)
        assert counted[["revenue", "conversions"]].values.tolist() == [[revenue, orders]]

    def test_the_given_facts_are_not_changed(self, facts, settled):
        given = facts({"net_revenue": 150.0})
        settled(given, refund_rate=0.1)
        assert given["revenue"].tolist() == [200.0]
        assert "net_basis" not in given

    def test_a_report_without_revenue_gets_none(self, facts, settled):
        counted = settled(facts({}, revenue=None), items(refund_rate=0.25))
        assert "revenue" not in counted
        assert counted["net_basis"].tolist() == [False]


class TestRefunds:
    """Refunds are taken off once, before anything is summed: every revenue after that is without them."""

    def test_they_are_taken_off_each_fact_by_its_own_rate(self, facts, settled):
        sold = facts({"item_id": "1"}, {"item_id": "2"})
        assert settled(sold, items(refund_rate=0.25), refund_rate=0.1)["revenue"].tolist() == pytest.approx(
            [150.0, 180.0]
        )

    def test_every_sum_of_revenue_is_without_them(self, facts, settled, settings):
        days = facts({"date": "2026-01-14"}, {"date": "2026-01-07"}, {"date": "2026-01-01", "revenue": 40.0})
        found = look_back(settled(days, refund_rate=0.25), [], 0, False, settings).figures.iloc[0]
        names = ["revenue", "counted_revenue", "period_revenue", "before_revenue"]
        assert found[names].tolist() == [330.0, 330.0, 150.0, 180.0]

    def test_net_revenue_is_left_alone(self, facts, settled):
        sold = facts({"item_id": "1", "net_revenue": 120.0}, {"item_id": "1", "net_revenue": np.nan})
        counted = settled(sold, items(refund_rate=0.25))
        assert counted["revenue"].tolist() == [120.0, 150.0]

    def test_orders_stay_as_they_are(self, facts, settled):
        assert settled(facts({}), refund_rate=0.5)["conversions"].tolist() == [1.0]


class TestPresale:
    CONTEXT = items(presale=pd.array([True], dtype="boolean"))

    def test_orders_placed_stand_for_paid_ones(self, facts, settled):
        given = facts(
            {"item_id": "1", "conversions": 1.0, "revenue": 200.0, "orders_placed": 5.0},
            {"item_id": "1", "conversions": 0.0, "revenue": 0.0, "orders_placed": 4.0},
            {"item_id": "2", "conversions": 1.0, "revenue": 200.0, "orders_placed": 5.0},
            {"item_id": "1", "conversions": 5.0, "revenue": 50.0, "orders_placed": 2.0},
        )
        counted = settled(given, self.CONTEXT)
        # Two placed are fewer than the five paid; item 2 is on no presale.
        assert counted["conversions"].tolist() == [5.0, 4.0, 1.0, 5.0]
        # Five orders at the paid one's 200; of the four unpaid ones nobody knows what they will bring.
        assert counted["revenue"].fillna(-1).tolist() == [1000.0, -1.0, 200.0, 50.0]

    def test_facts_keep_their_index(self, facts, settled):
        given = facts({"item_id": "1", "orders_placed": 5.0}, {"item_id": "2"}).set_index(pd.Index([4, 2]))
        counted = settled(given, self.CONTEXT)
        assert counted["conversions"].to_dict() == {4: 5.0, 2: 1.0}

    def test_without_presale_items_orders_and_revenue_stay(self, facts, settled):
        given = facts({"item_id": "2", "orders_placed": 5.0})
        counted = settled(given)
        pd.testing.assert_frame_equal(counted.drop(columns="net_basis"), given)

    def test_refunds_are_taken_off_presale_revenue_too(self, facts, settled):
        told = items(presale=pd.array([True], dtype="boolean"), refund_rate=0.5)
        given = facts({"item_id": "1", "conversions": 1.0, "revenue": 200.0, "orders_placed": 5.0})
        assert settled(given, told)["revenue"].tolist() == [500.0]


class TestPresaleOrdersCountOnce:
    """28 orders placed in a presale are 28 orders, whatever else is set to count."""

    @pytest.mark.parametrize("basis", ["total", "direct"])
    @pytest.mark.parametrize("presale", ["exclude", "include"])
    @pytest.mark.parametrize("paid", [0.0, 5.0])
    def test_under_every_setting(self, facts, settled, basis, presale, paid):
        placed = {
            "item_id": "1", "conversions": paid, "revenue": 100 * paid, "direct_conversions": 0.0,
            "direct_revenue": 0.0, "presale_conversions": 28.0 - paid, "presale_revenue": 100 * (28 - paid),
            "orders_placed": 28.0,
        }  # fmt: skip
        counted = settled(facts(placed), items(presale=True), revenue_basis=basis, presale=presale)
        assert counted["conversions"].tolist() == [28.0]

    def test_their_revenue_counts_once_too(self, facts, settled):
        placed = {
            "item_id": "1", "conversions": 0.0, "revenue": 0.0, "presale_conversions": 28.0,
            "presale_revenue": 2800.0,
        }  # fmt: skip
        for presale in ("exclude", "include"):
            counted = settled(facts(placed), items(presale=True), presale=presale)
            assert counted["revenue"].tolist() == [2800.0]

    def test_unpaid_orders_are_not_net_of_refunds(self, facts, settled):
        placed = {
            "item_id": "1", "conversions": 0.0, "revenue": 0.0, "net_revenue": 0.0,
            "presale_conversions": 28.0, "presale_revenue": 2800.0,
        }  # fmt: skip
        counted = settled(facts(placed), items(presale=True, refund_rate=0.25))
        assert counted["revenue"].tolist() == [2100.0]
