"""Each station hands on the columns of its group alone; the registries of columns and settings are true."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pandas as pd
import pytest
from accounts import account, by_week, word, words
from weeks import listed, reviewed, shop

from ppc_tuner import tune, tuning
from ppc_tuner.columns import (
    COLUMNS,
    FACTS,
    FILLED_IN,
    GROUP_ROWS,
    LIST_GROUPS,
    OF_CANDIDATES,
    OF_FRAGMENTS,
    OF_GROUPS,
    OF_THE_ACCOUNT,
)
from ppc_tuner.judge import Pack, load_pack
from ppc_tuner.settings import Settings

# All that an export may say of a word beside the usual figures.
TOLD_BY_EXPORT = {
    "account": "shop", "channel": "search", "campaign_id": "11", "ad_group_id": "22", "item": "coat",
    "keyword_id": "33", "match_type": "broad", "device": "mobile", "attribution_days": 15.0,
    "favourites": 2.0, "add_to_carts": 1.0, "orders_placed": 1.0, "direct_conversions": 0.5,
    "indirect_conversions": 0.5, "direct_revenue": 50.0, "indirect_revenue": 50.0,
    "presale_conversions": 0.1, "presale_revenue": 10.0, "new_customers": 0.5, "position": 3.0,
    "quality_score": 7.0, "status": "live", "biddable": True, "market_cpc": 1.1, "market_ctr": 0.02,
    "market_cvr": 0.04, "term_status": "none", "impression_share": 0.5,
}  # fmt: skip
TOLD_BY_TABLES = {
    "items.csv": (
        "item_id,margin,price,unit_cost,fee_rate,refund_rate,stock_days,role,launch_date,presale,bad_review,"
        "copycat,season_from,season_to,category,page_group\n"
        "1,,100,40,5%,10%,30,main,2026-01-01,yes,no,no,10-01,03-31,coats,p\n"
        "2,30%,,,,,,new,2026-03-01,,yes,yes,04-01,09-30,shirts,\n"
    ),
    "pages.csv": "item_id,bounce_rate,visit_depth,page_aov,shop_aov,returning_share\n1,50%,3,120,150,20%\n",
    "events.csv": "from,to,item_id,event\n2026-03-10,2026-03-11,,sale\n",
    "budgets.csv": "campaign,weekly_budget,daily_budget,limited\nplan,600,,yes\n",
    "protected.csv": "protected_word\nwinner\n",
    "brands.csv": "brand_word\nrival\n",
    "own.csv": "own_brand_word\nmine\n",
    "negatives.csv": "negative_keyword\n[other1]\n",
    "main.csv": "item_id,main_word\n1,winner\n",
    "words.csv": (
        "item_id,keyword,bid,quality_score,status,kind\n"
        "1,never seen,1.5,6,live,core\n1,no bid,1.2,,,\n1,other0,,,,head\n"
    ),
    "plans.csv": "campaign,smart_bidding,targeting\nclever,yes,yes\n",
    "worth.csv": "item_id,value_per_conversion\n9,35\n",
}


@pytest.fixture(scope="module")
def levels(tmp_path_factory: pytest.TempPathFactory) -> list[tuning.Level]:
    """Some accounts decided level by level, with all that exports and tables may tell."""
    folder = tmp_path_factory.mktemp("context")
    for name, text in TOLD_BY_TABLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    dear = {"conversions": 0.1, "revenue": 10.0, "cost": 60.0}
    told = account(
        words(12, **TOLD_BY_EXPORT),
        word("winner", conversions=4.0, revenue=400.0, **TOLD_BY_EXPORT),
        word("rival coat", bid=by_week(1, 2, 2, 3), **TOLD_BY_EXPORT | dear),
        word("no bid", **TOLD_BY_EXPORT | {"bid": float("nan")}),
        word("in two places", **TOLD_BY_EXPORT | {"ad_group": "unit b", "ad_group_id": "23"}),
        word("in two places", **TOLD_BY_EXPORT | {"item_id": "2", "campaign": "clever", "campaign_id": "12"}),
        word("package", **TOLD_BY_EXPORT | {"biddable": False, "unbiddable_as": "package"}),
        word(
            "other0",
            search_term="other0 red",
            **TOLD_BY_EXPORT | {"level": "search_term", "bid": float("nan")},
        ),
    )
    found: list[tuning.Level] = []
    with pytest.MonkeyPatch.context() as patch:
        decide = tuning.decide

        def noted(*given: Any) -> tuning.Level:
            found.append(decide(*given))
            return found[-1]

        patch.setattr(tuning, "decide", noted)
        tune(told, context=folder, settings={"learn_budget": 0.02, "presale": "include"})
        # Without revenue and without a bid; without a day.
        tune(words(8, revenue=None, bid=None, item_id="9"), context=folder / "worth.csv")
        undated = words(8).groupby("keyword", as_index=False).last().drop(columns=["date"])
        tune(undated)
        # A unit of small words that are too dear together.
        tune(
            account(
                words(12),
                words(50, "small", ad_group="small", clicks=0.1, cost=0.3, conversions=0, revenue=0, bid=4.0),
            )
        )
        # A second week, with a bid that was changed and a proposal that was rejected in the first.
        reviewed(listed(shop(), folder / "ledger"), folder / "ledger", folder, poor="reject")
        listed(shop(1, good=2.2), folder / "ledger")
        # A budget that is a little short, where evidence alone is not sure enough to cut.
        spent = float(tune(words(8)).actions["weekly_cost"].sum())
        tune(words(8), settings={"weekly_budget": 0.9 * spent, "act": 0.99})
    return found


class TestEveryStation:
    def test_the_accounts_are_of_both_levels(self, levels: list[tuning.Level]) -> None:
        said = [level.frames["figures"]["level"].iloc[0] for level in levels]
        assert Counter(said) == {"keyword": 8, "search_term": 1}

    def test_it_hands_on_columns_of_its_own_group_alone(self, levels: list[tuning.Level]) -> None:
        for level in levels:
            assert list(level.frames) == list(LIST_GROUPS)
            for name, frame in level.frames.items():
                assert set(frame) <= set(LIST_GROUPS[name]), name

    def test_no_column_is_handed_on_twice_and_rows_stay_in_their_order(
        self, levels: list[tuning.Level]
    ) -> None:
        for level in levels:
            every = Counter(name for frame in level.frames.values() for name in frame)
            assert max(every.values()) == 1
            index = level.frames["figures"].index
            assert index.is_unique
            for frame in level.frames.values():
                pd.testing.assert_index_equal(frame.index, index)
            assert list(level.rows) == list(every)

    def test_every_column_of_its_group_is_made_somewhere(self, levels: list[tuning.Level]) -> None:
        for name, group in LIST_GROUPS.items():
            made = {column for level in levels for column in level.frames[name]}
            assert set(group) - made == set(), name

    def test_the_row_of_a_group_has_what_rules_may_name_and_what_is_decided(
        self, levels: list[tuning.Level]
    ) -> None:
        [groups] = [level.groups for level in levels if len(level.groups)]
        decided = {*LIST_GROUPS["moves"], *LIST_GROUPS["verdicts"]}
        assert set(groups) <= {*GROUP_ROWS, *decided}
        assert set(OF_GROUPS) <= set(groups)

    def test_what_holds_for_the_account_stands_in_no_row(self, levels: list[tuning.Level]) -> None:
        for level in levels:
            assert set(level.account.in_rules()) == set(OF_THE_ACCOUNT)
            assert not set(level.rows) & set(OF_THE_ACCOUNT)


class TestColumns:
    def test_a_column_belongs_to_one_group(self) -> None:
        groups = [*LIST_GROUPS.values(), OF_THE_ACCOUNT, OF_GROUPS, OF_FRAGMENTS, OF_CANDIDATES, FILLED_IN]
        times = Counter(name for group in groups for name in group)
        assert [name for name, number in times.items() if number > 1] == []
        assert set(times) | set(FACTS) == set(COLUMNS)

    def test_a_column_has_one_meaning_on_its_way_from_the_report(self) -> None:
        """revenue alone becomes another thing: net of refunds."""
        handed_on = {name: column for group in LIST_GROUPS.values() for name, column in group.items()}
        same = [name for name in handed_on if name in FACTS]
        changed = [
            name
            for name in same
            if (handed_on[name].kind, handed_on[name].meaning) != (FACTS[name].kind, FACTS[name].meaning)
        ]
        assert changed == ["revenue"]

    @pytest.mark.parametrize("name", COLUMNS)
    def test_it_is_declared_whole(self, name: str) -> None:
        column = COLUMNS[name]
        assert column.name == name
        assert not name.startswith("_")
        assert column.station
        assert column.source.strip()
        for text in (column.label, column.meaning):
            assert text.zh.strip()
            assert text.en.strip()

    def test_a_group_is_made_by_one_station(self) -> None:
        for name, group in LIST_GROUPS.items():
            assert len({column.station for column in group.values()}) == 1, name


class TestSettings:
    """ppc_tuner/settings.py and rules/common.yaml say the same of each setting that the engine reads."""

    @pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
    def test_it_is_typed_as_it_is_declared(self, common: Pack, name: str) -> None:
        declared = common.declared[name]
        unit, choices, optional = typed(get_type_hints(Settings, include_extras=True)[name])
        assert unit == declared.unit
        assert choices == declared.choices
        assert optional == declared.optional

    def test_a_pack_of_the_product_gives_them_all(self, common: Pack) -> None:
        given = Settings.of(common.settings)
        assert all(getattr(given, field.name) == common.settings[field.name] for field in fields(Settings))


@pytest.fixture(scope="module")
def common(rules_folder: Path) -> Pack:
    return load_pack("common", rules_folder)


def typed(hint: Any) -> tuple[str | None, list[str] | None, bool]:
    """Unit, choices and optionality of a type such as Share, Literal["a", "b"] or Money | None."""
    parts = (
        [part for part in get_args(hint) if part is not type(None)] if type(None) in get_args(hint) else []
    )
    optional, [one] = bool(parts), parts or [hint]
    if get_origin(one) is Literal:
        return None, list(get_args(one)), optional
    [unit] = one.__metadata__
    assert one.__origin__ is float
    return unit, None, optional
