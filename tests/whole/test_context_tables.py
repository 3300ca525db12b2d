"""Each context table alone decides about the words it speaks of, and their reasons say so.

Every item has the same five words (conftest.py) and a table of its own: what changes against the shop without
tables is the work of that table.
"""

from __future__ import annotations

import pandas as pd
import pytest

from ppc_tuner import tune

# Name: header and cells of the table (# stands for the item's number), the word, what happens to it without
# and with the table, and what its reason or its details then say.
TABLES = {
    "margin": ("item_id,margin", "#,0.95", "寻常二", "lower", "keep", "毛利率 95.0%（给定）",
               "margin 95.0% as given"),
    "low margin": ("item_id,margin", "#,0.29", "好词", "raise", "keep", "毛利率只有 29.0%",
                   "margin is only 29.0%"),
    "costs": ("item_id,price,unit_cost,fee_rate", "#,100,3,2%", "寻常二", "keep", "watch",
              "毛利率 95.0%（给定）", "margin 95.0%"),
    "refunds": ("item_id,refund_rate", "#,90%", "好词", "raise", "lower", "退款率 90.0%（给定）",
                "refund rate 90.0% as given"),
    "stock": ("item_id,stock_days", "#,5", "好词", "raise", "keep", "库存只够卖 5 天", "stock lasts 5 days"),
    "review": ("item_id,bad_review", "#,是", "好词", "raise", "keep", "差评", "a bad review"),
    "copy": ("item_id,copycat", "#,是", "好词", "raise", "keep", "被盗图", "a copy of the item"),
    "season": ("item_id,season_from,season_to", "#,11-20,02-20", "无望", "delete", "watch",
               "11-20 才到季", "season (from 11-20)"),
    "launch": ("campaign,launch_date", "计划#,2026-10-20", "好词", "raise", "keep", "培养期",
               "young campaign"),
    "presale": ("item_id,presale", "#,是", "无望", "delete", "keep", "预售中", "on presale"),
    "pages": ("item_id,bounce_rate,visit_depth", "#,85%,1.2", "好词", "raise", "keep", "跳失率 85%",
              "bounce rate 85%"),
    "protected": ("item_id,keyword,protected", "#,无望#,是", "无望", "delete", "lower", "保护词，所以不删",
                  "protected, so not deleted"),
    "main word": ("item_id,main_word", "#,无望#", "无望", "delete", "lower", "主词，所以不删",
                  "main word, so not deleted"),
    "kind": ("item_id,keyword,kind", "#,无望#,品牌词", "无望", "delete", "delete", "别家品牌词",
             "another firm's brand word"),
    "budget": ("campaign,daily_budget,limited", "计划#,1000,是", "好词", "raise", "keep", "限额",
               "daily limit"),
    "smart bidding": ("campaign,smart_bidding", "计划#,是", "好词", "raise", "keep", "智能出价",
                      "smart bidding"),
    "status": ("item_id,keyword,status", "#,好词#,paused", "好词", "raise", "keep", "已暂停", "paused"),
    "bids": ("item_id,keyword,bid", "#,贵词#,2.5", "贵词", "lower", "lower", "按词表出价 ¥2.50",
             "bid ¥2.50 from the word list"),
    "targeting": ("campaign,targeting,quality_score", "计划#,是,6", "好词", "raise", "keep", "先关定向",
                  "switch targeting off"),
    "benchmarks": ("item_id,market_ctr,market_cvr,market_cpc", "#,9%,20%,1", "好词", "raise", "raise",
                   "同行点击率 9.00%", "peers' CTR 9.00%"),
    "events": ("from,to,item_id,event", "2026-10-05,2026-10-25,#,聚划算", "好词", "raise", "raise",
               "不计活动日 21 天", "21 event days left out"),
}  # fmt: skip
NUMBER = {name: str(number) for number, name in enumerate(TABLES, 1)}


@pytest.fixture(scope="module")
def report(shop_of):
    return shop_of(NUMBER.values())


@pytest.fixture(scope="module")
def decided(report, tmp_path_factory):
    """The words without any table but their main word, and with all tables; a young campaign pushes one word,
    and .3 is a low margin.
    """
    folder = tmp_path_factory.mktemp("told")
    main = "item_id,main_word\n" + "".join(f"{number},寻常一{number}\n" for number in NUMBER.values())
    (folder / "main.csv").write_text(main, encoding="utf-8")
    chosen = {"young_words": 1, "low_margin": 0.3, "margin": 0.35}
    before = tune(report, context=folder / "main.csv", settings=chosen)
    without = f"{NUMBER['main word']},寻常一{NUMBER['main word']}"
    others = "\n".join(line for line in main.splitlines() if line != without)
    (folder / "main.csv").write_text(others, encoding="utf-8")
    for name, (header, cells, *_) in TABLES.items():
        table = f"{header}\n{cells.replace('#', NUMBER[name])}\n"
        (folder / f"{name}.csv").write_text(table, encoding="utf-8")
    after = tune(report, context=folder, settings=chosen)
    return [result.actions.set_index("keyword") for result in (before, after)]


@pytest.mark.parametrize("name", TABLES)
def test_the_word_that_a_table_decides_about_says_so(decided, name):
    _, _, word, without, action, zh, en = TABLES[name]
    before, after = (rows.loc[word + NUMBER[name]] for rows in decided)
    assert [before["action"], after["action"]] == [without, action], after["reason_en"]
    for lang, said in (("zh", zh), ("en", en)):
        # What decided stands in the reason, figures that merely count in the details.
        texts = [f"{row[f'reason_{lang}']} {row[f'details_{lang}']}".lower() for row in (before, after)]
        assert [said.lower() in text for text in texts] == [False, True]


def test_a_bid_or_an_event_moves_the_figures_behind_the_verdict(decided):
    before, after = decided
    bid, event = f"贵词{NUMBER['bids']}", f"好词{NUMBER['events']}"
    assert after.loc[bid, "new_bid"] < 2.5
    assert pd.isna(before.loc[bid, "new_bid"])
    assert after.loc[event, "exposure"] < 0.3 * before.loc[event, "exposure"]
    scored = f"好词{NUMBER['benchmarks']}"
    assert before.loc[scored, "cvr_score"] > 70 > 50 > after.loc[scored, "cvr_score"]


def test_orders_placed_in_a_presale_and_the_worth_of_an_order(report, tmp_path):
    """Without revenue an order is worth what the table says; for an item on presale orders placed count."""
    path = tmp_path / "items.csv"
    path.write_text("item_id,presale,value_per_conversion\n1,是,42\n", encoding="utf-8")
    some = report[report["item_id"].isin(["1", "2", "3"])].drop(columns="revenue")
    placed = some.assign(orders_placed=some["conversions"] + 1)
    row = tune(placed, context=path).actions.set_index("keyword").loc["好词1"]
    assert "预售中，成交按拍下的" in row["details_zh"]
    assert "orders placed count" in row["details_en"]
    assert "一单值 ¥42.00（给定）" in row["details_zh"]
    assert "an order is worth ¥42.00 as given" in row["details_en"]
