"""The three invented accounts behind sample_data/: a menswear shop, and an outdoor shop on two platforms."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Floats, floats
from ppc_tuner.lab.auction import FAMILIES, best_bid
from ppc_tuner.lab.catalogue import Stock, ad_group_id, campaign_id, number_words, stock
from ppc_tuner.lab.delay import Delay
from ppc_tuner.lab.market import Market
from ppc_tuner.lab.shop import Shop, draw_shop
from ppc_tuner.lab.week import Conditions, week_truth
from ppc_tuner.lab.wordlists import MENSWEAR, OUTDOOR

START: Final = pd.Timestamp("2026-10-05")
WEEKS: Final = 4
SEED: Final = 20261102

# Plan of each menswear item, in the order of the catalogue.
PLANS: Final = (
    "羽绒服-主推", "内搭上装-日常", "裤装-日常", "秋冬外套-日常",
    "秋冬外套-日常", "内搭上装-日常", "内搭上装-日常", "裤装-日常",
)  # fmt: skip
SECOND_PLAN: Final = "全店-拉新"
FAILING: Final = "衬衫男"
# Words that sell far better or worse than their price says (times their usual conversion).
PLANTED: Final = {
    "羽绒服男短款": 2.4, "毛衣男秋冬": 2.5, "棉服男加厚": 2.6, "牛仔裤男": 2.0,
    "羽绒服男冬季": 0.2, "夹克": 0.25, "牛仔裤": 0.3, "休闲裤男加绒": 0.1, "外套男": 0.0, "裤子男": 0.1,
    "棉袄男": 0.0,
}  # fmt: skip
OVERPAID: Final = {"毛衣男": 1.9, "卫衣": 1.8, "棉服男冬季": 2.2}  # times the best bid


def menswear() -> Market:
    """A 直通车 account: some 380 words, eight items, five plans; season rising, one page failing from the
    second week on."""
    laid_out = _in_plans(stock(MENSWEAR, words=352, seed=SEED))
    shop = draw_shop(MENSWEAR, laid_out, FAMILIES["next_price"], clicks_per_word=15.0, seed=SEED)
    failing_item = shop.items.loc[shop.items["main_word"] == FAILING, "item_id"].iloc[0]
    conditions = Conditions(
        start=START, seasonal=True, failing_item=failing_item, fails_from=1, delay=Delay(0.72, 4.0, 15)
    )
    overpaid = floats(shop.words["keyword"].map(OVERPAID).fillna(1.0))
    bids = np.round(_usual_bids(shop, conditions, 0.08) * overpaid, 2)
    planted = shop.with_cvr(floats(shop.words["keyword"].map(PLANTED).fillna(1.0)))
    return Market(planted, conditions, bids, seed=SEED)


def google() -> Market:
    """A Google Ads account of 150 keywords: five have always been paused, five more since mid-period."""
    laid_out = _by_match_type(stock(OUTDOOR, words=138, seed=SEED))
    shop = draw_shop(OUTDOOR, laid_out, FAMILIES["next_price"], clicks_per_word=22.0, seed=SEED)
    conditions = Conditions(start=START, seasonal=True, history_weeks=2, delay=Delay(0.6, 5.0, 30))
    tail = np.flatnonzero(shop.words["kind"] == "long_tail")
    paused = np.isin(np.arange(len(shop.words)), tail[3::20])
    market = Market(shop, conditions, _usual_bids(shop, conditions, 0.6), seed=SEED, paused=paused)
    stopped = shop.words["keyword_id"].iloc[tail[7::14]]
    market.apply(pd.Series(np.nan, index=pd.Index(stopped)))
    market.apply(pd.Series(dtype="float64"))
    return market


def amazon() -> Market:
    """A Sponsored Products account of 82 targets on four items, some of them automatic or products."""
    catalogue = replace(OUTDOOR, platform="amazon_ads", lines=OUTDOOR.lines[:4])
    laid_out = _with_automatic(stock(catalogue, words=72, seed=SEED))
    shop = draw_shop(catalogue, laid_out, FAMILIES["next_price"], clicks_per_word=20.0, seed=SEED)
    conditions = Conditions(start=START, seasonal=True, delay=Delay(0.7, 2.5, 7))
    return Market(shop, conditions, _usual_bids(shop, conditions, 0.7), seed=SEED)


def _usual_bids(shop: Shop, conditions: Conditions, spread: float) -> Floats:
    """Bids in cents around the best ones of the history's middle; spread: standard deviation of their log."""
    state = week_truth(
        shop, replace(conditions, failing_item=None), WEEKS // 2, np.zeros((2, len(shop.words)))
    )
    best = best_bid(FAMILIES[conditions.family], state.rival, state.value)
    wobble = np.exp(np.random.default_rng([SEED, 606]).normal(0, spread, len(best)))
    return np.maximum(np.round(best * wobble, 2), 0.05)


def _in_plans(laid_out: Stock) -> Stock:
    """Plans by season and use, three packages, and a second plan that buys the main items' best words
    again."""
    words, items = laid_out.words, laid_out.items
    number = pd.Index(items["item_id"]).get_indexer(pd.Index(words["item_id"]))
    plans = list(dict.fromkeys(PLANS))
    plan = pd.Series(PLANS).iloc[number].reset_index(drop=True)
    main = items["main_word"].iloc[number].reset_index(drop=True)
    words = words.assign(
        campaign=plan,
        campaign_id=plan.map({name: campaign_id(place) for place, name in enumerate(plans)}),
        ad_group=main + "_搜索",
    )
    again = words[words["item_id"].isin(items["item_id"].iloc[[0, 1, 4]])]
    rank = again.groupby(["item_id", "kind"], sort=False).cumcount()
    tail = (again["kind"] == "long_tail") & (rank % 5 == 0)
    again = again[again["kind"].isin(["head", "core"]) | tail]
    again = again.assign(
        campaign=SECOND_PLAN,
        campaign_id=campaign_id(len(plans)),
        ad_group=again["ad_group"].str.replace("_搜索", "_拉新"),
        ad_group_id=again["ad_group_id"].map(
            dict(zip(again["ad_group_id"].unique(), _more_groups(3), strict=True))
        ),
    )
    packages = (
        words.drop_duplicates("item_id").iloc[:3].assign(keyword="智选流量包", kind="other", biddable=False)
    )
    everything = pd.concat([packages, words, again], ignore_index=True)
    order = everything["campaign_id"].rank(method="dense") * 100 + everything["ad_group_id"].rank(
        method="dense"
    )
    everything = everything.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)
    return Stock(items, number_words(everything))


def _by_match_type(laid_out: Stock) -> Stock:
    """Main words in all three match types, head words broad, long-tail words in turn; ad groups by kind."""
    words = laid_out.words
    turn = np.array(["phrase", "exact", "broad"], dtype=object)[np.arange(len(words)) % 3]
    fixed = words["kind"].map({"head": "broad", "core": "exact", "brand": "phrase", "other": "broad"})
    words = words.assign(match_type=fixed.fillna(pd.Series(turn, dtype="str")))
    core = words[words["kind"] == "core"]
    more = [core.assign(match_type=match) for match in ("phrase", "broad")]
    words = _english_names(pd.concat([words, *more], ignore_index=True), laid_out.items, "Search")
    groups = {
        "head": "Generic",
        "core": "Core",
        "long_tail": "Long tail",
        "brand": "Competitors",
        "other": "Generic",
    }
    return Stock(laid_out.items, _with_ids(words.assign(ad_group=words["kind"].map(groups))))


def _with_automatic(laid_out: Stock) -> Stock:
    """Match types as on Amazon; two automatic campaigns with four targets each, and two product targets."""
    words = laid_out.words
    match = np.array(["exact", "phrase", "broad"], dtype=object)[np.arange(len(words)) % 3]
    words = _english_names(
        words.assign(match_type=pd.Series(match, dtype="str")), laid_out.items, "SP manual"
    )
    first = words.drop_duplicates("item_id").iloc[:2]
    automatic = [
        first.assign(keyword=name) for name in ("close-match", "loose-match", "substitutes", "complements")
    ]
    extra = pd.concat(automatic, ignore_index=True)
    extra = extra.assign(campaign=extra["campaign"].str.replace("manual", "auto"), ad_group="All products")
    products = first.assign(keyword=['asin="B0SAMPLE01"', 'asin="B0SAMPLE02"'], ad_group="Product targets")
    extra = pd.concat([extra, products], ignore_index=True).assign(kind="other", match_type="-")
    return Stock(laid_out.items, _with_ids(pd.concat([extra, words], ignore_index=True)))


def _english_names(words: pd.DataFrame, items: pd.DataFrame, how: str) -> pd.DataFrame:
    main = words["item_id"].map(dict(zip(items["item_id"], items["main_word"], strict=True)))
    return words.assign(campaign=how + " | " + main.str.title(), ad_group=main)


def _with_ids(words: pd.DataFrame) -> pd.DataFrame:
    """Ids of campaigns, ad groups and words by name, in the order in which they come."""
    campaigns = pd.Series(words["campaign"].factorize()[0], index=words.index)
    groups = words.groupby(["campaign", "ad_group"], sort=False).ngroup()
    return number_words(
        words.assign(campaign_id=campaigns.map(campaign_id), ad_group_id=groups.map(ad_group_id))
    )


def _more_groups(count: int) -> list[str]:
    """Ad group ids that the catalogue has not given away."""
    return [ad_group_id(100 + number) for number in range(count)]
