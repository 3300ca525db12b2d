"""Do the product's figures hold? What `tune_account` promised of each word, beside the truth.

The functions take the list of one decision, matched by word with the truth of the coming week (`matched`),
and return small frames of counts that can be added up over decisions, worlds and seeds.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Flags, Floats, floats
from ppc_tuner.lab.market import World
from ppc_tuner.lab.players import decide, own_pack
from ppc_tuner.lab.rollout import Step, worth_running
from ppc_tuner.lab.worlds import Terms

BUCKETS: Final = ("0", "1–9", "10–99", "100–399", "≥400")
BUCKET_FROM: Final = np.array([1.0, 10.0, 100.0, 400.0])
TRUTH: Final = ["kind", "cvr", "value_per_click", "best_bid", "best_clicks", "clicks", "cost", "profit"]
NEVER: Final = "never"
# Own weight, the share of a conversion estimate that a word's own clicks carry.
WEIGHTS: Final = ("0–20%", "20–50%", "50–80%", "80–100%")
WEIGHT_FROM: Final = np.array([0.2, 0.5, 0.8])
# From here on something is said to be sure.
SURE: Final = 0.8
# Chances are compared with what came true in tenths.
DECILES: Final = 10


def matched(decided: pd.DataFrame, step: Step) -> pd.DataFrame:
    """The list's live, biddable words by keyword_id, with the truth.

    Columns true_* hold it under the bids in force, then_profit (money a week) under the new ones.
    """
    truth = step.now.assign(kind=step.now.get("kind", "word"))[TRUTH].add_prefix("true_")
    truth["then_profit"] = step.then["profit"]
    rows = decided[decided["keyword_id"].isin(truth.index)]
    rows = rows[step.before.reindex(rows["keyword_id"]).notna().to_numpy()]
    return pd.concat([rows.set_index("keyword_id"), truth.reindex(rows["keyword_id"])], axis=1)


def coverage(words: pd.DataFrame, first: bool) -> pd.DataFrame:
    """How many true values lie inside their intervals, by clicks (bucket) and true kind.

    Columns: first, bucket, kind, cases (words), and how many of these are inside the 80 % and 90 % intervals:
    cvr80, cvr90, value80, value90. `first`: whether this is the first decision. Words that never sell have a
    kind of their own, `NEVER`, because no interval of a rate above zero can hold them.
    """
    kind = np.where(floats(words["true_cvr"]) > 0, words["true_kind"].astype("object"), NEVER)
    bucket = np.array(BUCKETS, dtype=object)[
        np.searchsorted(BUCKET_FROM, floats(words["clicks"]), side="right")
    ]
    inside = {
        f"{short}{level}": _inside(words, name, truth, level)
        for short, name, truth in (("cvr", "cvr", "true_cvr"), ("value", "value", "true_value_per_click"))
        for level in (80, 90)
    }
    counted = pd.DataFrame({"bucket": bucket, "kind": kind, "cases": 1, **inside})
    sums = counted.groupby(["bucket", "kind"], sort=False).sum().reset_index()
    return sums.assign(first=first)


def _inside(words: pd.DataFrame, name: str, truth: str, level: int) -> Flags:
    true, low, high = (
        floats(words[truth]),
        floats(words[f"{name}_low{level}"]),
        floats(words[f"{name}_high{level}"]),
    )
    return np.asarray((true >= low) & (true <= high))


def reliability(words: pd.DataFrame, floor: float, band: float) -> pd.DataFrame:
    """Promised chances beside how often they come true, by tenths: figure, decile, cases, promised, came_true
    (sums).

    p_profitable holds if a click is worth more than it costs; confidence in raise, lower and watch if the
    best bid lies on that side, in delete if the word is not worth running, in keep if the best bid is within
    `band` (a share) of today's.
    """
    price = floats(words["true_cost"]) / np.where(words["true_clicks"] > 0, words["true_clicks"], np.nan)
    profitable = _by_tenth(
        "p_profitable", words["p_profitable"], floats(words["true_value_per_click"]) > price
    )
    sure = _by_tenth("confidence", words["confidence"], _verdict_holds(words, floor, band))
    return pd.concat([profitable, sure], ignore_index=True)


def _verdict_holds(words: pd.DataFrame, floor: float, band: float) -> Flags:
    times = floats(words["true_best_bid"]) / floats(words["bid"])
    action = words["action"]
    watched_up = (action == "watch") & (words["p_raise"] >= words["p_lower"])
    return np.select(
        [(action == "raise") | watched_up, action.isin(["lower", "watch"]), action == "delete"],
        [times > 1, times < 1, ~worth_running(_best_of(words), floor)],
        default=(times >= 1 / (1 + band)) & (times <= 1 + band),
    )


def _best_of(words: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"best_bid": words["true_best_bid"], "best_clicks": words["true_best_clicks"]})


def _by_tenth(figure: str, chance: pd.Series, true: Flags) -> pd.DataFrame:
    promised = floats(chance)
    known = ~np.isnan(promised)
    tenth = np.minimum((promised[known] * DECILES).astype(np.int64), DECILES - 1)
    counted = pd.DataFrame(
        {
            "decile": tenth,
            "cases": 1,
            "promised": promised[known],
            "came_true": true[known].astype(np.float64),
        }
    )
    return counted.groupby("decile").sum().reset_index().assign(figure=figure)


def by_own_weight(words: pd.DataFrame, floor: float) -> pd.DataFrame:
    """Do chances hold whatever a word's own data carry? Of those said to be SURE or surer, by own weight.

    Columns: figure, weight (bucket), cases, promised, came_true (sums). direction: the best bid lies on the
    side said (p_raise, p_lower); step: the move that was made earns more in the coming week (p_step_up,
    p_step_down); not worth: no bid that the platform takes is worth running (p_not_worth).
    """
    up, down = floats(words["p_raise"]), floats(words["p_lower"])
    above = floats(words["true_best_bid"]) > floats(words["bid"])
    change = floats(words["bid_change"])
    alone = (change != 0) & (change > -1) & _with_group(words).isna().to_numpy()
    stepped = np.where(change > 0, floats(words["p_step_up"]), floats(words["p_step_down"]))
    gained = floats(words["then_profit"]) > floats(words["true_profit"])
    parts = (
        ("direction", np.fmax(up, down), np.where(up >= down, above, ~above)),
        ("step", np.where(alone, stepped, np.nan), gained),
        ("not worth", floats(words["p_not_worth"]), ~worth_running(_best_of(words), floor)),
    )
    weight = np.searchsorted(WEIGHT_FROM, floats(words["own_weight"]), side="right")
    frames = [
        pd.DataFrame(
            {
                "figure": figure,
                "weight": np.array(WEIGHTS, dtype=object)[weight],
                "cases": 1,
                "promised": promised,
                "came_true": np.asarray(true, dtype=np.float64),
            }
        )[promised >= SURE]
        for figure, promised, true in parts
    ]
    return pd.concat(frames).groupby(["figure", "weight"], sort=False).sum().reset_index()


def of_groups(words: pd.DataFrame, step: Step, groups: pd.DataFrame) -> dict[str, float]:
    """What moved together at one decision, beside all that moved.

    groups, words: how many; promised: sum of the groups' chances; right: how many groups earn more in the
    coming week; of SURE or surer: sure, sure_right; gained, gained_all: true gains (money a week) of groups
    and of all moves; live: words with a bid.
    """
    moved = words[words.index.isin(step.before.index[step.moved])]
    gained = floats(moved["then_profit"]) - floats(moved["true_profit"])
    together = group_gains(moved.assign(gained=gained), groups)
    right = floats(together["gained"]) > 0
    chance = floats(together["confidence"]) if len(together) else np.empty(0)
    return {
        "groups": float(len(together)),
        "words": float(_with_group(moved).notna().sum()),
        "promised": float(chance.sum()),
        "right": float(right.sum()),
        "sure": float((chance >= SURE).sum()),
        "sure_right": float(right[chance >= SURE].sum()),
        "gained": float(together["gained"].sum()),
        "gained_all": float(gained.sum()),
        "live": float(len(words)),
    }


def gains(words: pd.DataFrame, step: Step, groups: pd.DataFrame | None = None) -> dict[str, float]:
    """Promised and true gains (money a week) of the words whose bid changed, and of the groups that moved.

    acted: how many words and groups; expected, true: sums of their gains; inside: how many true gains lie in
    the 80 % interval. `groups`: their rows of the list; what their words gain counts in these alone.
    """
    moved = words[words.index.isin(step.before.index[step.moved])]
    promised = moved.assign(gained=floats(moved["then_profit"]) - floats(moved["true_profit"]))
    acted = pd.concat([promised[_with_group(promised).isna()], group_gains(promised, groups)])
    true = floats(acted["gained"])
    inside = (true >= floats(acted["gain_low"])) & (true <= floats(acted["gain_high"]))
    return {
        "acted": float(len(acted)),
        "expected": float(acted["expected_gain"].sum()),
        "true": float(true.sum()),
        "inside": float(inside.sum()),
    }


def group_gains(words: pd.DataFrame, groups: pd.DataFrame | None) -> pd.DataFrame:
    """The groups with what their words truly gain together (`gained`, money a week); no rows without groups.

    `words`: those whose bid changed, with `gained` of each.
    """
    if groups is None or groups.empty:
        return pd.DataFrame(columns=["gained", "expected_gain", "gain_low", "gain_high"], dtype=float)
    true = words["gained"].groupby(_with_group(words)).sum()
    return groups.assign(gained=groups["moved_with"].map(true).fillna(0.0))


def _with_group(words: pd.DataFrame) -> pd.Series:
    return words["moved_with"] if "moved_with" in words else pd.Series(np.nan, index=words.index, dtype="str")


def deletes(words: pd.DataFrame, floor: float) -> dict[str, float]:
    """deleted: how many words; promised: how many of them the list itself expects to be wrong; wrong: how
    many are.
    """
    gone = words[words["action"] == "delete"]
    wrong = worth_running(_best_of(gone), floor)
    return {
        "deleted": float(len(gone)),
        "promised": float((1 - gone["confidence"]).sum()),
        "wrong": float(wrong.sum()),
    }


def late_orders(world: World, terms: Terms) -> dict[str, float]:
    """Orders expected of a world's first seven days (Σ CVR × clicks), with CVR estimated early and late.

    early: from the export of day 7; late: from that of day 28, cut to the same days.
    """
    start = world.facts()["date"].min()
    sums: dict[str, float] = {}
    weights: Floats | None = None
    pack = own_pack(terms)
    for name, day in (("early", 7), ("late", 28)):
        seen = world.facts(start + pd.Timedelta(days=day))
        rows = decide(seen[seen["date"] < start + pd.Timedelta(days=7)], terms, pack).sort_values(
            "keyword_id"
        )
        weights = floats(rows["clicks"]) if weights is None else weights
        sums[name] = float((floats(rows["cvr"]) * weights).sum())
    return sums
