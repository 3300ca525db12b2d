"""Search terms of which the truth is known: what wastes, what earns, and how players find either.

An account sells some products, each an ad group with a broad keyword. A term is the product with one or two
words before or behind it. With r the conversion rate of the ad group, its own rate is

    r × Π multipliers of its words × its own luck of birth

Most words sell much as any other (lognormal, WORDS_DIFFER); planted ones (WASTE) say that nothing is to be
bought and sell DUD_RATE of it, spread over hundreds of terms of a click or two; planted terms (WINNERS) sell
WINNER_RATE times as much and nobody buys them as exact yet. Some terms are keywords already, some name the
own brand. Clicks and orders are Poisson; the period that is judged has the same terms, and as many clicks
again on terms that nobody has seen yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ppc_tuner.listing import tune

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

AD_GROUPS, CAMPAIGNS = 24, 4
WORDS, WASTE, WINNERS, OWN_WORDS = 400, 6, 15, 40
TERMS, CLICKS = 8_000, 24_000
MARGIN, ORDER_VALUE, RATE = 0.35, 60.0, 0.05
# Spread of the logs: ad groups, words, terms.
GROUPS_DIFFER, WORDS_DIFFER, TERMS_DIFFER = 0.3, 0.2, 0.3
DUD_RATE, WINNER_RATE, BRAND_RATE = 0.03, 3.0, 2.0
WINNER_CLICKS: Final = (30.0, 150.0)
# What a click costs beside what it is worth in its ad group.
PRICE: Final = (0.6, 1.1)
BRAND: Final = "acme"
FIRST_DAY, LAST_DAY = pd.Timestamp("2026-03-02"), pd.Timestamp("2026-03-29")


@dataclass(frozen=True, slots=True)
class TermWorld:
    """One account. `terms`: a row for each term that is ever typed: search_term, ad_group, campaign, rate
    (true orders a click), cpc and worth of a click (money), expected clicks in the period reported (`before`)
    and in the one judged (`after`), wasted, winner, own_word, brand (flags). `report`: canonical facts of
    those that were clicked, and of the keywords."""

    terms: pd.DataFrame
    report: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Decided:
    """What a player does. `adds`: texts and ad groups. `excludes`: text, match (exact or phrase), and
    ad_group and campaign, blank where it holds everywhere."""

    adds: pd.DataFrame
    excludes: pd.DataFrame


Player = Callable[[TermWorld], Decided]


def made_world(seed: int) -> TermWorld:
    """An account, the same for the same seed."""
    rng = np.random.default_rng([17, seed])
    words = np.array([f"word{number:03d}" for number in range(WORDS)], dtype=object)
    sells = np.exp(rng.normal(0, WORDS_DIFFER, WORDS))
    # Neither the commonest, of which everybody knows, nor words that hardly anybody types.
    planted = rng.choice(np.arange(8, 60), WASTE, replace=False)
    sells[planted] = DUD_RATE
    group_rate = RATE * np.exp(rng.normal(0, GROUPS_DIFFER, AD_GROUPS))
    cpc = group_rate * ORDER_VALUE * MARGIN * rng.uniform(*PRICE, AD_GROUPS)
    share = 1 / (np.arange(WORDS) + 10)
    first, second = (rng.choice(WORDS, 2 * TERMS, p=share / share.sum()) for _ in range(2))
    group = rng.integers(0, AD_GROUPS, 2 * TERMS)
    single = rng.random(2 * TERMS) < 0.3
    own_brand = rng.random(2 * TERMS) < 0.01
    noun = np.array([f"product{number:02d}" for number in range(AD_GROUPS)], dtype=object)[group]
    text = words[first] + " " + noun + np.where(single, "", " " + words[second])
    text = np.where(own_brand, BRAND + " " + text, text)
    rate = group_rate[group] * sells[first] * np.where(single, 1.0, sells[second])
    rate = rate * np.exp(rng.normal(0, TERMS_DIFFER, 2 * TERMS)) * np.where(own_brand, BRAND_RATE, 1.0)
    wasted = np.isin(first, planted) | (~single & np.isin(second, planted))
    clicks = rng.lognormal(0, 1.2, 2 * TERMS)
    terms = pd.DataFrame(
        {
            "search_term": text, "group": group, "rate": rate, "wasted": wasted & ~own_brand,
            "brand": own_brand, "typed": clicks, "known": np.arange(2 * TERMS) < TERMS,
        }
    ).drop_duplicates("search_term")  # fmt: skip
    plain = np.flatnonzero(~terms["wasted"] & ~terms["brand"] & terms["known"])
    chosen = rng.choice(plain, WINNERS + OWN_WORDS, replace=False)
    terms = terms.assign(winner=False, own_word=False).reset_index(drop=True)
    terms.loc[chosen[:WINNERS], "winner"] = True
    terms.loc[chosen[WINNERS:], "own_word"] = True
    terms["rate"] = np.where(terms["winner"], group_rate[terms["group"]] * WINNER_RATE, terms["rate"])
    usual = terms["typed"] * CLICKS / terms.loc[terms["known"], "typed"].sum()
    lot = np.where(terms["winner"], rng.uniform(*WINNER_CLICKS, len(terms)), usual)
    terms = terms.assign(
        ad_group="group " + terms["group"].astype(str),
        campaign="campaign " + (terms["group"] % CAMPAIGNS).astype(str),
        cpc=cpc[terms["group"]],
        worth=terms["rate"] * ORDER_VALUE * MARGIN,
        before=np.where(terms["known"], lot, 0.0),
        after=np.where(terms["known"], lot / 2, lot / 2),
    )
    return TermWorld(terms, _report(terms, rng))


def _report(terms: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    clicks = rng.poisson(terms["before"]).astype(float)
    orders = rng.poisson(clicks * terms["rate"]).astype(float)
    revenue = np.array([rng.gamma(4.0, ORDER_VALUE / 4, int(count)).sum() for count in orders])
    told = terms.assign(
        level="search_term", clicks=clicks, impressions=clicks * 20 + 1, conversions=orders,
        revenue=revenue, cost=clicks * terms["cpc"],
        keyword=np.where(
            terms["own_word"], terms["search_term"], "product" + terms["group"].map("{:02d}".format)
        ),
        match_type=np.where(terms["own_word"], "exact", "broad"),
    )[clicks > 0]  # fmt: skip
    sums = ["clicks", "impressions", "conversions", "revenue", "cost"]
    place = ["campaign", "ad_group", "keyword", "match_type"]
    bids = 1.5 * told.groupby(place)["cpc"].first()
    keywords = told.groupby(place)[sums].sum().assign(level="keyword", bid=bids).reset_index()
    # Lists of keywords name those without a click, too.
    unclicked = terms[terms["own_word"] & (clicks == 0)].assign(
        level="keyword", keyword=terms["search_term"], match_type="exact", bid=1.5 * terms["cpc"],
        **dict.fromkeys(sums, 0.0),
    )[["level", *place, *sums, "bid"]]  # fmt: skip
    kept = ["level", "search_term", *place, *sums, "bid"]
    report = pd.concat([keywords, unclicked, told], ignore_index=True).reindex(columns=kept)
    every: pd.DataFrame = report.assign(
        platform="google_ads", account="shop", currency="USD", period_start=FIRST_DAY,
        period_end=LAST_DAY, attribution_days=14.0, exported_on=LAST_DAY + pd.Timedelta(days=60),
    )  # fmt: skip
    return every


def product(world: TermWorld) -> Decided:
    """What the list of `tune` says, all of it accepted."""
    with TemporaryDirectory() as folder:
        own = Path(folder) / "own.csv"
        own.write_text(f"own_brand_word\n{BRAND}\n", encoding="utf-8")
        rows = tune(world.report, context=[own], settings={"margin": MARGIN}).actions
    text = rows["search_term"].fillna(rows.get("fragment"))
    done = rows.assign(text=text, match=rows["new_match"])
    removed = done[done["action"].eq("exclude")]
    place = {"ad_group": removed["new_place"].eq("ad_group"), "campaign": removed["new_place"].ne("account")}
    removed = removed.assign(**{name: removed[name].where(here, "") for name, here in place.items()})
    return Decided(
        done.loc[done["action"].eq("add"), ["text", "ad_group"]],
        removed[["text", "match", "ad_group", "campaign"]],
    )


def by_clicks(clicks: float, orders: float = 2.0) -> Player:
    """Excludes as exact what has so many clicks and no order, adds what has so many orders."""

    def play(world: TermWorld) -> Decided:
        rows = _terms(world)
        lost = rows[(rows["clicks"] >= clicks) & rows["conversions"].eq(0)]
        sold = rows[rows["conversions"].ge(orders) & rows["match_type"].ne("exact")]
        return Decided(
            sold.rename(columns={"search_term": "text"})[["text", "ad_group"]],
            lost.rename(columns={"search_term": "text"}).assign(match="exact")[
                ["text", "match", "ad_group", "campaign"]
            ],
        )

    return play


def by_words(orders_due: float) -> Player:
    """The table of single words as people use it: what cost so many times the account's cost per order and
    sold nothing becomes a negative phrase of the whole account."""

    def play(world: TermWorld) -> Decided:
        rows = _terms(world)
        usual = rows["cost"].sum() / rows["conversions"].sum()
        each = rows.assign(text=rows["search_term"].str.split()).explode("text")
        sums = each.groupby("text")[["cost", "conversions"]].sum()
        lost = sums[(sums["cost"] >= orders_due * usual) & sums["conversions"].eq(0)]
        negatives = pd.DataFrame({"text": lost.index, "match": "phrase", "ad_group": "", "campaign": ""})
        return Decided(pd.DataFrame({"text": [], "ad_group": []}), negatives)

    return play


def _terms(world: TermWorld) -> pd.DataFrame:
    rows = world.report[world.report["level"].eq("search_term")]
    # What people do by hand, too: nobody excludes the own brand.
    return rows[~rows["search_term"].str.contains(BRAND)]


PLAYERS: Final[Mapping[str, Player]] = {
    "product": product,
    "10 clicks, 2 orders": by_clicks(10),
    "20 clicks, 3 orders": by_clicks(20, 3),
    "40 clicks, 4 orders": by_clicks(40, 4),
    "word table, 1 order due": by_words(1),
    "word table, 3 orders due": by_words(3),
}


def measures(world: TermWorld, done: Decided) -> dict[str, float]:
    """What came of it, in the period judged, clicks and orders being those to be expected.

    adds, excludes: how many. adds_earn: share of the adds whose clicks are worth more than they cost.
    excludes_lose: share of the negatives whose terms lose money together. waste_found: share of the money
    that planted waste loses which is stopped. winners_found: share of the planted winners that are added.
    orders_blocked: share of all orders that is stopped, which even next to nothing of all waste is;
    earning_blocked: of terms that earn. saved: money saved by negatives. own_blocked: terms
    of the own brand that the report shows, and keywords, that a negative stops.
    """
    terms = world.terms
    gain = (terms["after"] * (terms["cpc"] - terms["worth"])).to_numpy()
    orders = (terms["after"] * terms["rate"]).to_numpy()
    held = [blocked_by(terms, one) for one in done.excludes.to_dict("records")]
    lose = [float(gain[hit].sum()) > 0 for hit in held if hit.any()]
    stopped = np.any(held, axis=0) if held else np.zeros(len(terms), dtype=bool)
    wasted = (terms["wasted"] & (gain > 0)).to_numpy()
    by_text = terms.set_index("search_term")
    earn = (by_text["worth"] > by_text["cpc"]).reindex(done.adds["text"])
    seen = terms["search_term"].isin(world.report["search_term"])
    found = terms.loc[terms["winner"], "search_term"].isin(done.adds["text"])
    return {
        "adds": float(len(done.adds)),
        "adds_earn": float(earn.mean()),
        "excludes": float(len(held)),
        "excludes_lose": float(np.mean(lose)) if lose else np.nan,
        "waste_found": float(gain[stopped & wasted].sum() / gain[wasted].sum()),
        "winners_found": float(found.mean()),
        "orders_blocked": float(orders[stopped].sum() / orders.sum()),
        "earning_blocked": float(orders[stopped & (gain < 0)].sum() / orders.sum()),
        "saved": float(gain[stopped].sum()),
        "own_blocked": float((stopped & (seen & terms["brand"] | terms["own_word"])).sum()),
    }


def blocked_by(terms: pd.DataFrame, negative: Mapping[Any, Any]) -> Flags:
    """Which terms (n,) a negative stops: exact the same words, phrase the same words in a row."""
    text = " " + terms["search_term"] + " "
    wanted = f" {negative['text']} "
    hit = text.eq(wanted) if negative["match"] == "exact" else text.str.contains(wanted, regex=False)
    for name in ("ad_group", "campaign"):
        if negative[name]:
            hit &= terms[name].eq(negative[name])
    return np.asarray(hit.to_numpy(dtype=bool))
