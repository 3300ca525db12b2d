"""The bench's figures as tables for people, in both languages and averaged over seeds."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.lab.bench import Figures
from ppc_tuner.lab.calibration import BUCKETS, NEVER
from ppc_tuner.lab.detection import found
from ppc_tuner.lab.players import CEILINGS
from ppc_tuner.lab.rollout_tables import paired, profit_table, sales_table, told_table
from ppc_tuner.lab.table_of import TableOf
from ppc_tuner.text import Text


def tables(figures: Figures) -> list[TableOf]:
    """All tables for which there are figures."""
    makers = (
        (figures.profit, profit_table),
        (paired(figures), told_table),
        (figures.sales, sales_table),
        (figures.first, honesty_table),
        (_planted(figures), found_table),
        (figures.coverage, coverage_table),
        (figures.coverage, kinds_table),
        (figures.reliability, reliability_table),
        (figures.own_weight, own_weight_table),
        (figures.groups, groups_table),
        (figures.held_out, held_out_table),
        (figures.gains, promises_table),
    )
    return [make(figures) for frame, make in makers if not frame.empty]


def honesty_table(figures: Figures) -> TableOf:
    """One row per world and player: how many of the words that should be left alone were not.

    acted: mean share moved; acted_se: its standard error over seeds; worst: the worst seed's share; grouped:
    mean share moved with a group (ours alone); deleted: words in all seeds; words: how many. In the planted
    account only words on target count. Ceilings know no target and are left out.
    """
    first = figures.first[~figures.first["player"].isin(CEILINGS)]
    alone = first[first["times"].isna() | first["times"].eq(1.0)] if "times" in first else first
    grouped = alone["grouped"].astype("float64") if "grouped" in alone else np.nan
    alone = alone.assign(grouped=grouped)
    groups = alone.groupby(["world", "player"], sort=False)
    by_seed = alone.groupby(["world", "player", "seed"], sort=False)["moved"].mean()
    frame = pd.DataFrame(
        {
            "acted": groups["moved"].mean(),
            "acted_se": by_seed.groupby(["world", "player"], sort=False).sem(),
            "worst": by_seed.groupby(["world", "player"], sort=False).max(),
            "grouped": groups["grouped"].mean(),
            "deleted": groups["deleted"].sum(),
            "words": groups.size(),
        }
    ).reset_index()
    return TableOf(
        "honesty",
        Text(
            "本不该动的词里动了多少（第一次决定）",
            "words that should be left alone and were not (first decision)",
        ),
        frame,
        (
            (Text("账户", "account"), "{world}"),
            (Text("做法", "player"), "{player}"),
            (Text("动了", "acted on"), "{acted:.1%} ± {acted_se:.1%}"),
            (Text("最差种子", "worst seed"), "{worst:.1%}"),
            (Text("随整组动", "with a group"), "{grouped:.1%}"),
            (Text("删了", "deleted"), "{deleted}"),
            (Text("词数", "words"), "{words:,}"),
        ),
    )


def found_table(figures: Figures) -> TableOf:
    """One row per player and row of `detection.found`, with its columns."""
    planted = _planted(figures)
    parts = [found(words).assign(player=player) for player, words in planted.groupby("player", sort=False)]
    return TableOf(
        "found",
        Text("埋下的好词、差词、不成交的词找到多少（第一次决定）", "planted words found (first decision)"),
        pd.concat(parts, ignore_index=True),
        (
            (Text("做法", "player"), "{player}"),
            (Text("达标时应有成交", "orders at target"), "{bucket}"),
            (Text("种类", "planted as"), "{group}"),
            (Text("词数", "words"), "{words:,}"),
            (Text("找到", "found"), "{found:.1%}"),
            (Text("同误报率的上限", "bound at its false alarms"), "{bound:.1%}"),
            (Text("方向反了", "wrong direction"), "{wrong_way:.1%}"),
        ),
    )


COVERED: Final = ["cvr80", "cvr90", "value80", "value90"]


def coverage_table(figures: Figures) -> TableOf:
    """One row per decision ("first" or "all") and bucket of clicks: cases, and coverage of the intervals
    (shares).

    Words that never sell are left out.
    """
    sold = figures.coverage[figures.coverage["kind"] != NEVER]
    parts = [
        _covered(part, "bucket").reindex(BUCKETS).dropna().reset_index().assign(decision=decision)
        for decision, part in (("first", sold[sold["first"]]), ("all", sold))
    ]
    return _coverage(
        "coverage",
        Text("区间覆盖，按点击数", "interval coverage by clicks"),
        pd.concat(parts, ignore_index=True),
        "bucket",
    )


def kinds_table(figures: Figures) -> TableOf:
    """Like coverage_table, by true kind (NEVER: words that never sell) instead of bucket."""
    parts = [
        _covered(part, "kind").reset_index().assign(decision=decision)
        for decision, part in (
            ("first", figures.coverage[figures.coverage["first"]]),
            ("all", figures.coverage),
        )
    ]
    return _coverage(
        "coverage_by_kind",
        Text("区间覆盖，按词类", "interval coverage by kind"),
        pd.concat(parts, ignore_index=True),
        "kind",
    )


def _covered(counts: pd.DataFrame, by: str) -> pd.DataFrame:
    sums = counts.groupby(by, sort=False)[["cases", *COVERED]].sum()
    return sums.assign(**{name: sums[name] / sums["cases"] for name in COVERED})


def _coverage(name: str, title: Text, frame: pd.DataFrame, by: str) -> TableOf:
    return TableOf(
        name,
        title,
        frame,
        (
            (Text("决定", "decisions"), "{decision}"),
            (Text("点击", "clicks") if by == "bucket" else Text("词类", "kind"), f"{{{by}}}"),
            (Text("例数", "cases"), "{cases:,.0f}"),
            (Text("转化率80%", "CVR 80 %"), "{cvr80:.1%}"),
            (Text("转化率90%", "CVR 90 %"), "{cvr90:.1%}"),
            (Text("点击价值80%", "value 80 %"), "{value80:.1%}"),
            (Text("点击价值90%", "value 90 %"), "{value90:.1%}"),
        ),
    )


def reliability_table(figures: Figures) -> TableOf:
    """One row per figure and decile: cases; promised, came_true: mean shares."""
    sums = figures.reliability.groupby(["figure", "decile"])[["cases", "promised", "came_true"]].sum()
    shares = sums[["promised", "came_true"]].div(sums["cases"], axis=0)
    return TableOf(
        "reliability",
        Text("说的把握与实际", "promised chances and what came true"),
        pd.concat([sums["cases"], shares], axis=1).reset_index(),
        (
            (Text("数字", "figure"), "{figure}"),
            (Text("档", "tenth"), "{decile}"),
            (Text("例数", "cases"), "{cases:,.0f}"),
            (Text("说的", "promised"), "{promised:.1%}"),
            (Text("实际", "came true"), "{came_true:.1%}"),
        ),
    )


def own_weight_table(figures: Figures) -> TableOf:
    """One row per figure and own weight, of what is said to be 80 % sure or surer: cases; promised,
    came_true: mean shares."""
    sums = figures.own_weight.groupby(["figure", "weight"])[["cases", "promised", "came_true"]].sum()
    shares = sums[["promised", "came_true"]].div(sums["cases"], axis=0)
    return TableOf(
        "own_weight",
        Text("说有80%以上把握的，按自身数据占比", "what is said to be 80 % sure or surer, by own weight"),
        pd.concat([sums["cases"], shares], axis=1).reset_index(),
        (
            (Text("数字", "figure"), "{figure}"),
            (Text("自身数据占比", "own weight"), "{weight}"),
            (Text("例数", "cases"), "{cases:,.0f}"),
            (Text("说的", "promised"), "{promised:.1%}"),
            (Text("实际", "came true"), "{came_true:.1%}"),
        ),
    )


def groups_table(figures: Figures) -> TableOf:
    """One row per world, and one for all together ("all"): what small words moved together bring.

    groups: moves; moved: share of words moved with a group a week; promised, right: mean chance, and share
    of groups that earned more in the coming week; sure: groups said to be 80 % sure or surer; sure_right:
    share of these that did; part: share of the true gain of all moves.
    """
    of_world = figures.groups.groupby("world", sort=False).sum(numeric_only=True)
    sums = pd.concat([of_world, of_world.sum().to_frame("all").T])
    frame = pd.DataFrame(
        {
            "groups": sums["groups"],
            "moved": sums["words"] / sums["live"],
            "promised": sums["promised"] / sums["groups"],
            "right": sums["right"] / sums["groups"],
            "sure": sums["sure"],
            "sure_right": sums["sure_right"] / sums["sure"],
            "part": sums["gained"] / sums["gained_all"],
        }
    )
    return TableOf(
        "groups",
        Text("小词整组动", "small words moved together"),
        frame.rename_axis("world").reset_index(),
        (
            (Text("市场", "world"), "{world}"),
            (Text("整组调价次数", "group moves"), "{groups:,.0f}"),
            (Text("每周随组动的词", "words moved a week"), "{moved:.1%}"),
            (Text("说的把握", "promised"), "{promised:.0%}"),
            (Text("实际对了", "right"), "{right:.0%}"),
            (Text("把握≥80%的次数", "80 % sure or surer"), "{sure:,.0f}"),
            (Text("其中对了", "of these right"), "{sure_right:.0%}"),
            (Text("占全部收益", "share of the gain"), "{part:.0%}"),
        ),
    )


def held_out_table(figures: Figures) -> TableOf:
    """One row per world and estimate: reduction (mean over seeds), reduction_se (its standard error)."""
    groups = figures.held_out.groupby(["world", "estimate"], sort=False)["reduction"]
    frame = pd.DataFrame({"reduction": groups.mean(), "reduction_se": groups.sem()}).reset_index()
    return TableOf(
        "held_out",
        Text("没见过的那半点击，偏差减少多少", "reduction of deviance on the half of the clicks not seen"),
        frame,
        (
            (Text("市场", "world"), "{world}"),
            (Text("估计方法", "estimate"), "{estimate}"),
            (Text("减少", "reduction"), "{reduction:.3f} ± {reduction_se:.3f}"),
        ),
    )


def promises_table(figures: Figures) -> TableOf:
    """One row per world, and one for all together ("all"): the list's promises beside the truth.

    acted: changes; gain_ratio: Σ expected ÷ Σ true gain of the next week; inside: share of true gains inside
    the 80 % interval; deleted: words; promised, wrong: shares of them; late: Σ clicks × CVR estimated on day
    7 ÷ the same on day 28, − 1; late_se: its standard error over seeds.
    """
    parts = [_promises(figures, world) for world in figures.gains["world"].unique()]
    frame = pd.DataFrame([*parts, _promises(figures, None)])
    return TableOf(
        "promises",
        Text("预计收益、删词和早导出的准头", "expected gains, deletes and early exports beside the truth"),
        frame,
        (
            (Text("市场", "world"), "{world}"),
            (Text("改动词次", "changes"), "{acted:,.0f}"),
            (Text("预计÷实际收益", "expected ÷ true gain"), "{gain_ratio:.2f}"),
            (Text("实际落在80%区间", "true gain in 80 %"), "{inside:.0%}"),
            (Text("删词", "deletes"), "{deleted:,.0f}"),
            (Text("自报删错", "wrong, promised"), "{promised:.1%}"),
            (Text("实际删错", "wrong, true"), "{wrong:.1%}"),
            (Text("转化率，第7天比第28天", "CVR, day 7 vs 28"), "{late:+.1%} ± {late_se:.1%}"),
        ),
    )


def _promises(figures: Figures, world: str | None) -> dict[str, float | str]:
    def of(frame: pd.DataFrame) -> pd.DataFrame:
        return frame if world is None else frame[frame["world"] == world]

    gain = of(figures.gains)[["acted", "expected", "true", "inside"]].sum()
    gone = of(figures.deletes)[["deleted", "promised", "wrong"]].sum()
    late = of(figures.late_orders)
    ratio = _over(late["early"].sum(), late["late"].sum())
    apart = late["early"] - ratio * late["late"]
    return {
        "world": world or "all",
        "acted": gain["acted"],
        "gain_ratio": _over(gain["expected"], gain["true"]),
        "inside": _over(gain["inside"], gain["acted"]),
        "deleted": gone["deleted"],
        "promised": _over(gone["promised"], gone["deleted"]),
        "wrong": _over(gone["wrong"], gone["deleted"]),
        "late": ratio - 1,
        "late_se": _over(apart.std() * np.sqrt(len(late)), late["late"].sum()),
    }


def _planted(figures: Figures) -> pd.DataFrame:
    first = figures.first
    if "times" not in first:
        return pd.DataFrame()
    return first[first["times"].notna() & ~first["player"].isin(CEILINGS)]


def _over(part: float, whole: float) -> float:
    return part / whole if whole else np.nan
