"""A shop's truth: what each item earns, what each word is worth, and how dear its rivals make it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Floats, floats
from ppc_tuner.lab.auction import Auction, best_bid
from ppc_tuner.lab.catalogue import Stock
from ppc_tuner.lab.wordlists import Catalogue

Traffic = Literal["sparse", "usual", "dense"]
# Clicks a week of the average word at its best bid.
CLICKS_PER_WORD: Final[dict[Traffic, float]] = {"sparse": 3.0, "usual": 16.0, "dense": 80.0}


@dataclass(frozen=True, slots=True)
class Kind:
    """demand: share of an item's searches; ctr, cvr: times the item's own; spread: how far its words differ
    from that, against a long-tail word (a broad word is a mean over many searches)."""

    demand: float
    ctr: float
    cvr: float
    spread: float = 1.0


# Head words and the main word carry most traffic (A8); broad words and foreign brands sell less (A4, A6).
KINDS: Final = {
    "head": Kind(0.46, 0.70, 0.60, 0.5),
    "core": Kind(0.33, 1.00, 1.00, 0.5),
    "long_tail": Kind(0.14, 1.05, 1.20),
    "brand": Kind(0.02, 0.60, 0.70),
    "other": Kind(0.05, 0.70, 0.65),
}
TAIL = 1.15  # demand of the r-th word of a kind ~ r^−TAIL
CTR_SPREAD, CVR_SPREAD, AOV_SPREAD = 0.22, 0.42, 0.08  # standard deviations of logs, long-tail words
MARKET_SEES = 0.7  # how far rivals' prices follow a word's own conversion (power)
MARKET_NOISE = 0.15
QUALITY_SCALE, QUALITY_MIDDLE = 4.0, 7.0  # the score shown: middle + scale × log quality, 1 to 10


@dataclass(frozen=True, slots=True)
class Shop:
    """items (items × [item_id, item, main_word, price, margin, refund_rate, cvr, ctr, demand, peak,
    swing]).

    words (words × [campaign_id … biddable as in `Stock`, item_number, searches, ctr, cvr, aov, rival,
    quality, quality_score, carts_per_order]): searches a day in the yearly middle; ctr in the first slot;
    cvr orders per click; aov revenue per order before refunds; rival the median rival's price in terms of
    this word's bid.
    """

    items: pd.DataFrame
    words: pd.DataFrame
    platform: str
    account: str
    currency: str

    def net_margin(self) -> Floats:
        """Share of a word's reported revenue that is left after refunds and goods, (words,)."""
        return self.of_item(floats(self.items["margin"]) * (1 - floats(self.items["refund_rate"])))

    def of_item(self, figures: Floats) -> Floats:
        """What each word's item has of figures (items,), (words,)."""
        mine: Floats = figures[self.words["item_number"].to_numpy()]
        return mine

    def column(self, name: str) -> Floats:
        """A number of every word, (words,)."""
        return floats(self.words[name])

    def with_cvr(self, times: Floats) -> Shop:
        """The same shop with conversion multiplied per word while rivals and traffic stay (planted winners,
        losers)."""
        return replace(self, words=self.words.assign(cvr=self.column("cvr") * times))


def draw_shop(
    catalogue: Catalogue, laid_out: Stock, auction: Auction, *, clicks_per_word: float, seed: int = 0
) -> Shop:
    """Draw the truth of every word; traffic is scaled so that the average word gets `clicks_per_word` a week.

    The same word for the same item, bought in two places, is equally good in both; its demand is split.
    """
    rng = np.random.default_rng([seed, 202])
    words = laid_out.words.reset_index(drop=True)
    numbers = pd.Index(laid_out.items["item_id"]).get_indexer(pd.Index(words["item_id"]))
    words = words.assign(item_number=numbers)
    words = words.assign(**_rates(words, laid_out.items, rng))
    shop = Shop(laid_out.items, words, catalogue.platform, catalogue.account, catalogue.currency)
    shop = replace(shop, words=words.assign(**_competition(shop, auction, rng)))
    return _with_traffic(shop, auction, clicks_per_word, rng)


def _rates(words: pd.DataFrame, items: pd.DataFrame, rng: np.random.Generator) -> dict[str, Floats]:
    """Per word: ctr, cvr, aov, the usual ctr and cvr of its kind, and carts per order."""
    same = words.groupby(["item_id", "keyword"], sort=False).ngroup().to_numpy()
    count = int(same.max()) + 1

    def spread(deviation: float) -> Floats:
        """Log-normal with mean 1, one draw per distinct word."""
        of_word = deviation * _by_kind(words, "spread")
        return np.exp(of_word * rng.normal(size=count)[same] - of_word**2 / 2)

    number = words["item_number"].to_numpy()
    usual_ctr = floats(items["ctr"])[number] * _by_kind(words, "ctr")
    usual_cvr = floats(items["cvr"])[number] * _by_kind(words, "cvr")
    price = floats(items["price"])[number]
    return {
        "usual_ctr": usual_ctr,
        "usual_cvr": usual_cvr,
        "ctr": usual_ctr * spread(CTR_SPREAD),
        "cvr": usual_cvr * spread(CVR_SPREAD),
        "aov": price * spread(AOV_SPREAD),
        "carts_per_order": 3.0 * spread(0.25),
    }


def _competition(shop: Shop, auction: Auction, rng: np.random.Generator) -> dict[str, Floats]:
    """Quality from the click-through rate, and rivals who price a word by roughly what it is worth."""
    count = len(shop.words)
    quality = np.sqrt(shop.column("ctr") / shop.column("usual_ctr")) * np.exp(rng.normal(0, 0.08, count))
    seen_cvr = shop.column("usual_cvr") * (shop.column("cvr") / shop.column("usual_cvr")) ** MARKET_SEES
    noise = np.exp(rng.normal(0, MARKET_NOISE, count))
    market_value = shop.net_margin() * shop.column("aov") * seen_cvr * noise
    score = np.clip(np.round(QUALITY_MIDDLE + QUALITY_SCALE * np.log(quality)), 1, 10)
    rival = market_value / auction.value_to_rival / quality
    return {"quality": quality, "quality_score": score, "rival": rival}


def _with_traffic(shop: Shop, auction: Auction, clicks_per_word: float, rng: np.random.Generator) -> Shop:
    """Searches a day: item × kind × rank within the kind, scaled to the clicks wanted at the best bids."""
    words = shop.words
    rank = words.groupby(["item_number", "kind"], sort=False).cumcount().to_numpy() + 1.0
    within = rank**-TAIL * np.exp(rng.normal(0, 0.35, len(words)))
    peers = pd.Series(within).groupby([words["item_number"], words["kind"]], sort=False)
    share = within / floats(peers.transform("sum"))
    demand = shop.of_item(floats(shop.items["demand"]))
    searches = demand * _by_kind(words, "demand") * share
    value = shop.net_margin() * shop.column("aov") * shop.column("cvr")
    bid = best_bid(auction, shop.column("rival"), value)
    weekly = 7 * searches * shop.column("ctr") * auction.outcome(bid, shop.column("rival")).clicks
    searches = searches * clicks_per_word * len(words) / weekly.sum()
    return replace(shop, words=words.assign(searches=searches).drop(columns=["usual_ctr", "usual_cvr"]))


def _by_kind(words: pd.DataFrame, figure: str) -> Floats:
    """A figure of each word's kind, (words,)."""
    figures = {name: getattr(kind, figure) for name, kind in KINDS.items()}
    return floats(words["kind"].map(figures))
