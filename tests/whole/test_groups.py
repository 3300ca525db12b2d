"""Small words that are too dear or too cheap together move as one decision; each alone stays as it is."""

from __future__ import annotations

import numpy as np
import openpyxl
import pandas as pd
import pytest
from accounts import account, at_once, words
from test_honesty import account as on_target

from ppc_tuner import tune

# Words that carry the account: half their bid is paid, one click in twenty sells, none is moved.
OTHERS = {"clicks": 20.0, "cost": 20.0, "conversions": 1.0, "revenue": 100.0}
DAYS = 28
MARGIN = {"margin": 0.35}


def small(count, bid=4.0, orders=0.04, name="small", clicks=3.0, **more):
    """`count` words, each with so many clicks at ¾ of its bid and orders of 100 in four weeks."""
    given = {"clicks": clicks / DAYS, "cost": 0.75 * bid * clicks / DAYS, "conversions": orders / DAYS,
             "revenue": 100 * orders / DAYS, "impressions": 100.0 / DAYS, "bid": bid,
             "ad_group": "small"}  # fmt: skip
    return words(count, name, **(given | more))


def actions_of(*parts, rules=None, context=None, **settings):
    return tune(account(words(12, **OTHERS), *parts), rules, context, MARGIN | settings).actions


def groups_in(actions):
    return actions[actions["level"] == "group"]


def small_in(actions, name="small"):
    words = actions[(actions["level"] == "keyword") & actions["keyword"].str.startswith(name)]
    return words.set_index("keyword")


@pytest.fixture(scope="module")
def result():
    return tune(account(words(12, **OTHERS), small(50)), settings=MARGIN)


class TestAUnitTooDearAsAWhole:
    def test_it_is_one_decision_of_all_its_words(self, result):
        [group] = groups_in(result.actions).to_dict("records")
        assert (group["action"], group["rule"], group["group_level"]) == (
            "lower",
            "group-too-dear",
            "ad_group",
        )
        assert (group["group_words"], group["ad_group"], group["campaign"]) == (50, "small", "plan")
        assert group["reason_en"].startswith("50 small words, together 150 clicks, ")
        assert group["reason_en"].endswith(f"; cut {-group['bid_change']:.0%} together")
        assert group["reason_zh"].startswith("50 个小词共 150 个点击 2 单")
        assert group["reason_zh"].endswith(f"，一起降 {-group['bid_change']:.0%}")

    def test_every_word_moves_by_the_same_percentage_and_says_with_whom(self, result):
        moved = small_in(result.actions)
        [change] = groups_in(result.actions)["bid_change"]
        assert moved["action"].eq("lower").all()
        assert moved["rule"].eq("moved-with-group").all()
        assert moved["bid_change"].to_numpy() == pytest.approx(np.full(50, change))
        assert moved["new_bid"].to_numpy() == pytest.approx(np.full(50, 4 * (1 + change)))
        assert moved["moved_with"].eq(f"plan / small {change:+.0%}").all()
        assert moved["reason_en"].str.contains("too few to judge alone: -").all()

    def test_chance_money_and_gain_stand_in_the_groups_row_alone(self, result):
        alone = ["confidence", "money_at_stake", "expected_gain", "gain_low", "gain_high"]
        assert small_in(result.actions)[alone].isna().all(axis=None)
        [group] = groups_in(result.actions).to_dict("records")
        assert group["gain_low"] < group["expected_gain"] < group["gain_high"]
        assert group["expected_gain"] > 0
        assert 0.9 < group["confidence"] < 1
        # 150 clicks at 3 in four weeks.
        assert group["money_at_stake"] == pytest.approx(150 * 3 / 4 * abs(group["bid_change"]))

    def test_its_words_add_up_to_it(self, result):
        [group] = groups_in(result.actions).to_dict("records")
        for name in ("clicks_change", "cost_change"):
            assert small_in(result.actions)[name].sum() == pytest.approx(group[name])

    def test_nothing_is_counted_twice(self, result):
        summary, words_of_list = result.summary, result.actions[result.actions["level"] == "keyword"]
        by_action = summary["by_action"].set_index("action")
        assert by_action["words"].sum() == 62
        assert by_action["cost"].sum() == pytest.approx(words_of_list["cost"].sum())
        assert by_action["weekly_cost"].sum() == pytest.approx(words_of_list["weekly_cost"].sum())
        [gain] = groups_in(result.actions)["expected_gain"]
        assert by_action.loc["lower", "expected_gain"] == pytest.approx(gain)
        assert summary["by_campaign"]["expected_gain"].sum() == pytest.approx(gain)
        assert summary["by_campaign"]["acted"].sum() == 50
        assert set(summary["totals"]["level"]) == {"keyword"}
        cost = summary["forecast"].set_index("measure").loc["cost"]
        assert cost["expected"] - cost["now"] == pytest.approx(words_of_list["cost_change"].sum())

    def test_the_first_line_tells_of_it(self, result):
        first = result.summary["headline"]["text_en"].iloc[0]
        assert "50 to act on (50 small words among them as 1 group)" in first
        [gain] = groups_in(result.actions)["expected_gain"]
        assert f"{gain:+,.0f} CNY of profit" in first

    def test_actions_shows_the_group_and_by_plan_its_words(self, result, tmp_path):
        result.save(tmp_path / "actions.xlsx")
        book = openpyxl.load_workbook(tmp_path / "actions.xlsx")
        cells = {sheet.title: [cell.value for row in sheet.rows for cell in row] for sheet in book}
        [name] = groups_in(result.actions)["moved_with"]
        assert cells["Actions"].count(name) == 1
        assert "small0" not in cells["Actions"]
        assert cells["By plan"].count("small0") == 1
        assert name not in cells["By plan"]
        assert cells["All keywords"].count(name) == 50


def test_the_pooled_figures_by_hand():
    """One row for all days, so that every click counts as one."""
    usual = [{"keyword": f"other{n}", **{name: 28 * figure for name, figure in OTHERS.items()},
              "impressions": 28000.0, "bid": 2.0, "ad_group": "unit"} for n in range(12)]  # fmt: skip
    few = [{"keyword": f"small{n}", "clicks": 3.0, "cost": 9.0, "conversions": 0.04, "revenue": 4.0,
            "impressions": 100.0, "bid": 4.0, "ad_group": "small"} for n in range(50)]  # fmt: skip
    [group] = groups_in(tune(at_once([*usual, *few]), settings=MARGIN).actions).to_dict("records")
    # W = (10 × 35 + 2 × 35) / (10 × 35 / 5 + 150). An order of 100 leaves 35.
    # One more click costs bid / (1 − shade) = 4 / .8; today's bids weigh ten orders.
    assert group["price_now"] == pytest.approx(5.0)
    assert group["worth"] == pytest.approx(420 / 220, rel=1e-3)
    assert group["target_change"] == pytest.approx(420 / 220 / 5 - 1, rel=1e-3)
    # 338 orders on 6,870 clicks: 150 clicks are worth 7.4 orders.
    assert group["orders_usual"] == pytest.approx(150 * 338 / 6870, rel=1e-3)
    assert group["roas"] == pytest.approx(200 / 450)


class TestWhoStays:
    def test_a_unit_with_too_little_evidence_even_together(self):
        assert groups_in(actions_of(small(30))).empty
        assert len(groups_in(actions_of(small(30), group_least=4))) == 1

    def test_a_unit_whose_bids_are_right(self):
        assert groups_in(actions_of(small(50, bid=1.3, orders=0.15))).empty

    def test_a_word_whose_own_evidence_points_the_other_way(self):
        actions = actions_of(small(50), small(1, bid=0.1, name="cheap"))
        assert small_in(actions)["moved_with"].notna().all()
        [cheap] = small_in(actions, "cheap").to_dict("records")
        assert cheap["p_raise"] >= 0.8
        assert cheap["bid_change"] == 0
        assert pd.isna(cheap["moved_with"])

    def test_a_word_whose_raise_is_gated(self, tmp_path):
        stock = tmp_path / "items.csv"
        stock.write_text("item_id,stock_days\n2,3\n", encoding="utf-8")
        cheap = {"bid": 0.2, "orders": 0.3}
        actions = actions_of(small(50, **cheap), small(3, name="scarce", item_id="2", **cheap), context=stock)
        [group] = groups_in(actions).to_dict("records")
        assert (group["action"], group["rule"], group["group_words"]) == ("raise", "group-worth-more", 50)
        scarce = small_in(actions, "scarce")
        assert scarce["moved_with"].isna().all()
        assert scarce["bid_change"].eq(0).all()

    def test_a_word_that_sold_by_luck_stays_but_counts(self):
        """Its own figures gate holds it back; a pool without it would look dearer than it is."""
        lucky = small(2, orders=1.0, name="lucky")
        [without] = groups_in(actions_of(small(50, orders=0.0))).to_dict("records")
        actions = actions_of(small(50, orders=0.0), lucky)
        [group] = groups_in(actions).to_dict("records")
        assert small_in(actions, "lucky")["moved_with"].isna().all()
        assert (group["group_words"], group["conversions"]) == (50, pytest.approx(2))
        assert group["worth"] > 1.1 * without["worth"]

    def test_paused_words_and_those_without_a_bid_of_their_own(self):
        actions = actions_of(
            small(50),
            small(1, name="paused", status="paused"),
            small(1, name="package", biddable=False, unbiddable_as="package"),
        )
        assert groups_in(actions)["group_words"].tolist() == [50]
        assert small_in(actions, "pa")["moved_with"].isna().all()

    def test_a_single_word_is_no_group(self):
        assert groups_in(actions_of(small(1, bid=12.0, clicks=18.0, orders=0.0), group_least=1)).empty
        assert len(groups_in(actions_of(small(2, bid=12.0, clicks=18.0, orders=0.0), group_least=1))) == 1


def test_without_known_bids_the_percentage_is_given():
    facts = account(words(12, **OTHERS | {"bid": None}), small(50, bid=8.0).drop(columns="bid"))
    actions = tune(facts, settings=MARGIN).actions
    [group] = groups_in(actions).to_dict("records")
    moved = small_in(actions)
    assert moved["bid_change"].to_numpy() == pytest.approx(np.full(50, group["bid_change"]))
    assert moved["new_bid"].isna().all()


def test_a_word_with_evidence_of_its_own_is_not_moved_with_the_small_ones():
    actions = actions_of(small(50), small(1, clicks=400.0, orders=10.0, bid=1.6, name="large"))
    assert len(groups_in(actions)) == 1
    assert small_in(actions, "large")["moved_with"].isna().all()


class TestGates:
    GATE = (
        "pack: mine\nextends: common\ngates:\n  - {{id: mine, advice: A2, when: 'bid > 3',"
        " forbids: [lower],{} reason: {{zh: 不降, en: not cut}}}}\n"
    )

    @pytest.mark.parametrize(("alone", "groups"), [("", 0), (" alone: true,", 1)])
    def test_a_gate_holds_back_groups_unless_it_says_that_it_is_for_words_alone(
        self, tmp_path, alone, groups
    ):
        path = tmp_path / "mine.yaml"
        path.write_text(self.GATE.format(alone), encoding="utf-8")
        assert len(groups_in(actions_of(small(50), rules=path))) == groups

    def test_a_pack_may_switch_the_moves_of_groups_off(self, tmp_path):
        path = tmp_path / "mine.yaml"
        path.write_text(
            "pack: mine\nextends: common\nrules:\n  - {id: group-too-dear, enabled: false}\n", "utf-8"
        )
        actions = actions_of(small(50), rules=path)
        assert groups_in(actions).empty
        assert small_in(actions)["bid_change"].eq(0).all()

    def test_the_account_with_too_few_orders_is_not_cut(self):
        assert groups_in(tune(small(50), settings=MARGIN | {"group_least": 1}).actions).empty


def test_a_budget_that_binds_lets_no_group_be_raised():
    cheap = small(50, bid=0.2, orders=0.3)
    spent = float(actions_of(cheap)["weekly_cost"][lambda cost: cost.notna()].sum())
    assert groups_in(actions_of(cheap))["action"].tolist() == ["raise"]
    assert groups_in(actions_of(cheap, weekly_budget=0.9 * spent)).empty


def test_the_smallest_group_that_shows_enough_moves():
    """Two units of 25 words show too little each; their item shows enough."""
    units = [small(25, name=f"small{unit}", ad_group=unit, item_id="2") for unit in ("a", "b")]
    [group] = groups_in(actions_of(*units)).to_dict("records")
    assert (group["group_level"], group["group_name"], group["group_words"]) == ("item", "2", 50)
    assert pd.isna(group.get("ad_group"))


def test_the_group_of_an_account_without_a_name_goes_by_its_platform():
    """Four units, items and campaigns show too little each; the account as a whole shows enough."""
    units = [
        small(13, name=f"small{unit}", ad_group=unit, campaign=unit, item_id=unit)
        for unit in ("a", "b", "c", "d")
    ]
    facts = account(words(12, **OTHERS), *units).assign(account="")
    [group] = groups_in(tune(facts, settings=MARGIN).actions).to_dict("records")
    assert (group["group_level"], group["group_name"]) == ("account", "zhitongche")
    assert group["moved_with"].startswith("zhitongche -")
    assert group["reason_en"].startswith("52 small words, together ")


def test_an_account_on_target_sees_few_words_moved_by_groups(decide):
    moved = []
    for seed in range(4):
        given, _ = on_target(seed)
        decided, _ = decide(given)
        moved.append(decided["moved_with"].notna().mean())
    assert np.mean(moved) <= 0.03
