"""What weeks of bidding brought, as tables for people: profit, beside players who are told, and sales."""

from __future__ import annotations

import pandas as pd

from ppc_tuner.lab.bench import Figures
from ppc_tuner.lab.players import OURS, TOLD
from ppc_tuner.lab.table_of import TableOf
from ppc_tuner.text import Text


def profit_table(figures: Figures) -> TableOf:
    """One row per world and player: share of the perfect player's expected profit, and what was done for it.

    all, last: mean share over all weeks and over the last half; all_se, last_se: their standard errors over
    seeds; worst: the worst seed's share of the last half; deleted: words per run; wrong: share of deletes;
    waste_left; changed; flips: share of changes.
    """
    groups = figures.profit.groupby(["world", "player"], sort=False)
    sums = groups[["deleted", "wrongly_deleted", "changes", "flips"]].sum()
    frame = pd.DataFrame(
        {
            "all": groups["share_all"].mean(),
            "all_se": groups["share_all"].sem(),
            "last": groups["share_last"].mean(),
            "last_se": groups["share_last"].sem(),
            "worst": groups["share_last"].min(),
            "deleted": groups["deleted"].mean(),
            "wrong": sums["wrongly_deleted"] / sums["deleted"].where(sums["deleted"] > 0),
            "waste_left": groups["waste_left"].mean(),
            "changed": groups["changed"].mean(),
            "flips": sums["flips"] / sums["changes"].where(sums["changes"] > 0),
        }
    ).reset_index()
    return TableOf(
        "profit",
        Text("占完全知情者期望利润的比例", "share of the perfect player's expected profit"),
        frame,
        (
            (Text("市场", "world"), "{world}"),
            (Text("做法", "player"), "{player}"),
            (Text("全部12周", "all weeks"), "{all:.3f} ± {all_se:.3f}"),
            (Text("后6周", "last half"), "{last:.3f} ± {last_se:.3f}"),
            (Text("最差种子", "worst seed"), "{worst:.3f}"),
            (Text("删词数", "deleted"), "{deleted:.1f}"),
            (Text("其中删错", "wrong deletes"), "{wrong:.0%}"),
            (Text("剩余浪费", "waste left"), "{waste_left:.0%}"),
            (Text("每周改动", "changed a week"), "{changed:.1%}"),
            (Text("来回改", "flips"), "{flips:.0%}"),
        ),
    )


def told_table(figures: Figures) -> TableOf:
    """One row per world: ours − one-pool shrinkage that somebody told the best shade and cap of that world
    (`told`, chosen on the tuning seeds), in shares of the perfect player's profit, paired by seed.

    all, last: mean difference over all weeks and over the last half; all_se, last_se: their standard errors.
    """
    pairs = paired(figures).groupby(["world", "told"], sort=False)[["share_all", "share_last"]]
    mean, error = pairs.mean(), pairs.sem()
    frame = pd.DataFrame(
        {
            "all": mean["share_all"],
            "all_se": error["share_all"],
            "last": mean["share_last"],
            "last_se": error["share_last"],
        }
    ).reset_index()
    return TableOf(
        "told",
        Text(
            "比“有人告诉它最合适的让价和步子”的单池收缩多多少",
            "ahead of one-pool shrinkage that is told the best shade and cap",
        ),
        frame,
        (
            (Text("市场", "world"), "{world}"),
            (Text("告诉它的", "told"), "{told}"),
            (Text("全部12周", "all weeks"), "{all:+.3f} ± {all_se:.3f}"),
            (Text("后6周", "last half"), "{last:+.3f} ± {last_se:.3f}"),
        ),
    )


def paired(figures: Figures) -> pd.DataFrame:
    """world, told, seed, share_all, share_last: ours − the told player, where both played."""
    if figures.profit.empty:
        return pd.DataFrame()
    shares = figures.profit.set_index(["world", "seed", "player"])[["share_all", "share_last"]]
    told = pd.DataFrame(list(TOLD.items()), columns=["world", "player"])
    every = shares.reset_index()
    theirs = every.merge(told, on=["world", "player"]).rename(columns={"player": "told"})
    mine = every[every["player"] == OURS].drop(columns="player")
    both = theirs.merge(mine, on=["world", "seed"], suffixes=("_told", ""))
    for name in ("share_all", "share_last"):
        both[name] -= both[f"{name}_told"]
    return both[["world", "told", "seed", "share_all", "share_last"]]


def sales_table(figures: Figures) -> TableOf:
    """One row per world without margins and player: means over seeds of `SalesLedger.measures`.

    all, last: revenue ÷ the most that the same spend could sell; last_se: standard error; spend: of the last
    half ÷ that of the first week; spend_least, spend_most: of the seeds; deleted: words a run; wrong: share
    of them under the margin at which most are; profit: at the true margins ÷ that of bids never changed;
    profit_worst: the worst seed's.
    """
    groups = figures.sales.groupby(["world", "player"], sort=False)
    sums = groups[["deleted", "wrongly_deleted"]].sum()
    frame = pd.DataFrame(
        {
            "all": groups["sold_all"].mean(),
            "last": groups["sold_last"].mean(),
            "last_se": groups["sold_last"].sem(),
            "spend": groups["spend_last"].mean(),
            "spend_least": groups["spend_last"].min(),
            "spend_most": groups["spend_last"].max(),
            "deleted": groups["deleted"].mean(),
            "wrong": sums["wrongly_deleted"] / sums["deleted"].where(sums["deleted"] > 0),
            "profit": groups["to_untouched"].mean(),
            "profit_worst": groups["to_untouched"].min(),
        }
    ).reset_index()
    return TableOf(
        "sales",
        Text(
            "不告诉毛利率：成交额占同样花费最多能卖出的比例",
            "no margin told: revenue as a share of the most that the same spend could sell",
        ),
        frame,
        (
            (Text("市场", "world"), "{world}"),
            (Text("做法", "player"), "{player}"),
            (Text("全部12周", "all weeks"), "{all:.3f}"),
            (Text("后6周", "last half"), "{last:.3f} ± {last_se:.3f}"),
            (Text("后6周花费÷首周", "spend ÷ first week's"), "{spend:.2f}"),
            (Text("各种子", "of the seeds"), "{spend_least:.2f}–{spend_most:.2f}"),
            (Text("删词数", "deleted"), "{deleted:.1f}"),
            (Text("毛利率20%–60%下最多删错", "wrong at any margin of 20–60 %"), "{wrong:.0%}"),
            (Text("利润÷不动", "profit ÷ untouched"), "{profit:.2f}"),
            (Text("最差种子", "worst seed"), "{profit_worst:.2f}"),
        ),
    )
