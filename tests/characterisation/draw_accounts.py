"""Draws the small accounts beside this file from the simulated market.

    python tests/characterisation/draw_accounts.py

What is drawn is stored, so that the accounts stay the same when the market changes: drawing again replaces
the inputs, and characterise.py must then write the results anew. Each account sets the tuner another task. A
folder holds the reports (canonical facts, one file an export), the context tables, and run.yaml with the
arguments of `tune`.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from ppc_tuner.lab.delay import Delay
from ppc_tuner.lab.market import Market
from ppc_tuner.lab.menswear import make_market
from ppc_tuner.lab.wordlists import MENSWEAR

ACCOUNTS = Path(__file__).with_name("accounts")
FIRST_SEED = 20260302
DELAY = Delay(window_days=15)
# What can be worked out from the rest, or is of no use to the account, is not stored.
LEFT_OUT = ("indirect_conversions", "indirect_revenue", "new_customers", "position", "ad_group_id")


def market(number: int, **given: Any) -> Market:
    """A market of some 60 words on four items; `number` makes its seed."""
    return make_market(FIRST_SEED + number, **({"words": 60, "items": 4, "delay": DELAY} | given))


def without(facts: pd.DataFrame, *names: str) -> pd.DataFrame:
    return facts.drop(columns=[name for name in (*LEFT_OUT, *names) if name in facts])


def margins(drawn: Market) -> pd.DataFrame:
    return drawn.shop.items[["item_id", "margin", "refund_rate", "main_word"]].round(4)


def store(
    name: str,
    reports: Mapping[str, pd.DataFrame],
    context: Mapping[str, pd.DataFrame] | None = None,
    settings: Mapping[str, Any] | None = None,
    rules: str | None = None,
) -> None:
    """Write reports (gzip without a time: the same facts give the same bytes), context and run.yaml."""
    folder = ACCOUNTS / name
    folder.mkdir(parents=True, exist_ok=True)
    for report, facts in reports.items():
        text = facts.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
        (folder / f"{report}.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    for table, frame in (context or {}).items():
        frame.to_csv(folder / f"{table}.csv", index=False, lineterminator="\n")
    run = {
        "reports": [f"{report}.csv.gz" for report in reports],
        "context": [f"{table}.csv" for table in context or {}],
        "settings": dict(settings or {}),
        "rules": rules,
    }
    YAML().dump({key: value for key, value in run.items() if value}, folder / "run.yaml")


def bid_changes() -> None:
    """Bids by day, half of them changed twice: these changes tell the price of a click. Some words paused."""
    drawn = market(1, traffic="dense", words=64, never_sell=0.1, history_weeks=3)
    random = np.random.default_rng(FIRST_SEED)
    for _ in range(2):
        bids = drawn.bids()
        changed = bids[random.random(len(bids)) < 0.5]
        drawn.apply((changed * random.choice([0.75, 1.3], len(changed))).round(2))
    stopped = drawn.bids().index[5::17]
    drawn.apply(pd.Series(np.nan, index=stopped))
    store("bid_changes", {"facts": without(drawn.facts())}, {"items": margins(drawn)})


def no_bids() -> None:
    """No bid in the export: the price of a click stands in for it. Many words never sell."""
    drawn = market(2, traffic="dense", failing_page=True, event_week=2, never_sell=0.5)
    store("no_bids", {"facts": without(drawn.facts(), "bid")}, settings={"margin": 0.3, "refund_rate": 0.1})


def sparse() -> None:
    """Few clicks, bids known, nothing else told; moves to learn are allowed; another pack."""
    drawn = market(3, traffic="sparse", words=70)
    store("sparse", {"facts": without(drawn.facts())}, settings={"learn_budget": 0.05}, rules="growth")


def budgets() -> None:
    """A weekly budget for the account, a smaller one for a campaign, and a daily limit that another hits."""
    drawn = market(4, traffic="dense", items=6)
    facts = without(drawn.facts())
    week = facts[facts["date"] > facts["date"].max() - pd.Timedelta(days=7)]
    spent = week.groupby("campaign")["cost"].sum().sort_values(ascending=False)
    table = pd.DataFrame(
        {
            "campaign": spent.index[:2],
            "weekly_budget": [round(spent.iloc[0] * 0.7), None],
            "limited": [None, "yes"],
        }
    )
    given = {"items": margins(drawn), "budgets": table}
    store("budgets", {"facts": facts}, given, {"weekly_budget": float(round(spent.sum() * 0.85))})


def context() -> None:
    """All that no report tells: margins, stock, pages, presale, events, brands, unseen words, pictures …"""
    drawn = market(5, failing_page=True)
    facts = without(drawn.facts())
    items, words = drawn.shop.items, drawn.shop.words
    ids = items["item_id"].tolist()
    known = margins(drawn).assign(
        stock_days=[75, 4, 40, 30],
        role=["main", "normal", "new", "normal"],
        presale=["no", "no", "no", "yes"],
        bad_review=["no", "no", "yes", "no"],
        category=["a", "a", "b", "b"],
    )
    pages = pd.DataFrame(
        {"item_id": ids, "bounce_rate": [0.5, 0.55, 0.86, 0.5], "visit_depth": [3.6, 3.1, 1.4, 3.5]}
    )
    events = pd.DataFrame(
        [{"from": "2026-03-20", "to": "2026-03-21", "item_id": ids[0], "event": "flash sale"}]
    )
    first = words.iloc[0]
    unseen = pd.DataFrame(
        {
            "campaign": first["campaign"],
            "ad_group": first["ad_group"],
            "keyword": ["羽绒服男士零下三十度", "羽绒服男羊羔毛拼接"],
            "bid": [0.4, 4.5],
            "quality_score": [7, 4],
            "status": "live",
        }
    )
    weeks = ["2026-03-08", "2026-03-15", "2026-03-22", "2026-03-29"]
    made = pd.DataFrame({"date": weeks}).merge(pd.DataFrame({"creative": ["A", "B"]}), how="cross")
    made = made.assign(item_id=ids[0], creative_kind="picture", impressions=13000)
    made["clicks"] = [820, 655, 815, 640, 840, 671, 830, 660]
    brands = pd.DataFrame({"brand_word": list(MENSWEAR.brands)})
    protected = pd.DataFrame({"protected_word": [words["keyword"].iloc[20]]})
    targets = pd.DataFrame({"month": ["2026-03"], "target_revenue": [60000]})
    peers = pd.DataFrame({"category": ["b"], "market_ctr": [0.042], "market_cvr": [0.027]})
    given = {"items": known, "pages": pages, "events": events, "words": unseen, "creatives": made}
    store(
        "context",
        {"facts": facts},
        given | {"brands": brands, "protected": protected, "targets": targets, "peers": peers},
        {"traffic_worth": 0.05},
    )


def target_roas() -> None:
    """Every word is to be brought to a return on ad spend."""
    drawn = market(6, traffic="dense", never_sell=0.1)
    wanted = {"objective": "target_roas", "target_roas": 3.0}
    store("target_roas", {"facts": without(drawn.facts())}, {"items": margins(drawn)}, wanted)


def no_revenue() -> None:
    """Orders without revenue, in two currencies: words are brought to the account's own cost per order."""
    parts = []
    for number, currency in ((7, "USD"), (8, "EUR")):
        drawn = market(number, words=36, items=3)
        facts = without(drawn.facts(), "revenue", "direct_revenue", "direct_conversions", "orders_placed")
        # A platform without 推广单元 and items of its own, as an export in the canonical form may have any.
        parts.append(facts.assign(platform="google_ads", currency=currency, account=f"shop {currency}"))
    store("no_revenue", {"facts": pd.concat(parts, ignore_index=True)})


def overlapping() -> None:
    """Two exports that share a week: the later one counts, the earlier tells how late orders come in."""
    drawn = market(9, traffic="dense", words=40, items=3)
    start = drawn.conditions.start
    exports = [drawn.facts(start + pd.Timedelta(days=days)) for days in (15, 21, 28)]
    reports = {f"facts_{one['exported_on'].iloc[0]:%Y%m%d}": without(one) for one in exports}
    store("overlapping", reports, {"items": margins(drawn)})


def search_terms() -> None:
    """What buyers typed, beside the keywords that were shown for it."""
    drawn = market(10, words=24, items=2, traffic="dense", never_sell=0.4)
    facts = without(
        drawn.facts(), "direct_conversions", "direct_revenue", "orders_placed", "favourites", "add_to_carts"
    )
    words = facts.groupby("keyword_id", sort=False).head(28)
    terms = words.assign(level="search_term", search_term=words["keyword"] + "包邮")
    counts = ["impressions", "clicks", "conversions"]
    terms[counts] = np.floor(terms[counts] / 2)
    terms[["cost", "revenue"]] = (terms[["cost", "revenue"]] / 2).round(2)
    orders = terms["conversions"] > 0
    terms["revenue"] = terms["revenue"].where(orders, 0.0)
    store(
        "search_terms", {"keywords": facts.drop(columns="biddable"), "terms": terms.drop(columns="biddable")}
    )


DRAWN: Sequence[Any] = (
    bid_changes, no_bids, sparse, budgets, context, target_roas, no_revenue, overlapping, search_terms,
)  # fmt: skip


if __name__ == "__main__":
    for draw in DRAWN:
        draw()
