"""The goals the product sets itself in the bench, beside what it reached."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.lab.players import CEILINGS, OURS
from ppc_tuner.lab.table_of import TableOf
from ppc_tuner.lab.worlds import MARGINS_APART
from ppc_tuner.text import Text

# Share of perfect profit in the last half: never below what an earlier version reached, and the aim.
LAST_HALF: Final = {
    "second_price_sparse": (0.909, 0.925), "second_price_usual": (0.951, 0.96),
    "second_price_dense": (0.965, 0.975), "next_price_sparse": (0.933, 0.945),
    "next_price_usual": (0.961, 0.97), "next_price_dense": (0.972, 0.98),
}  # fmt: skip
FOUND: Final = {"≥30": 0.97, "12–30": 0.85}
WRONG_DELETES: Final = 0.05  # what the rule packs promise
BELOW_BOUND: Final = 0.03
# How far behind a player may be that is told what we must find out, in shares of perfect profit.
BEHIND_LAST, BEHIND_ALL = -0.005, -0.02
# Chances of 80 % and more may be too high by so much, where there are enough cases to tell.
OVERSURE, ENOUGH = 0.05, 100
SAID: Final = {
    "direction": Text("方向的把握", "sure of the direction"),
    "step": Text("这一步的把握", "sure of the step"),
    "not worth": Text("不值得投的把握", "sure that it is not worth running"),
}
SOLD: Final = {"sparse": 0.93, "usual": 0.96}
SPEND_WITHIN: Final = 0.05
Goal = tuple[Text, str, str, bool]
GROUPS: Final = {
    "winners": Text("好词", "winners"),
    "losers": Text("差词", "losers"),
    "never": Text("从不成交的词", "never"),
}


def goals_table(shown: list[TableOf]) -> TableOf:
    """One row per goal that these tables can answer: figure_zh, figure_en, wanted, measured, met (flag)."""
    frames = {table.name: table.frame for table in shown}
    goals: list[Goal] = []
    for name, of_table in GOALS_OF.items():
        if name in frames:
            goals += of_table(frames[name])
    rows = [(figure.zh, figure.en, wanted, measured, bool(met)) for figure, wanted, measured, met in goals]
    return TableOf(
        "goals",
        Text("目标", "goals"),
        pd.DataFrame(rows, columns=["figure_zh", "figure_en", "wanted", "measured", "met"]),
        (
            (Text("指标", "figure"), "{figure_lang}"),
            (Text("要求", "wanted"), "{wanted}"),
            (Text("结果", "measured"), "{measured}"),
            (Text("达到", "met"), "{met}"),
        ),
    )


def _honesty(frame: pd.DataFrame) -> list[Goal]:
    goals: list[Goal] = []
    for row in frame[frame["player"] == OURS].to_dict("records"):
        world, planted = row["world"], row["world"] == "planted"
        most = 0.08 if planted else 0.03
        acted = Text(f"{world}：动了不该动的词", f"{world}: words on target acted on")
        goals.append((acted, f"≤ {most:.0%}", f"{row['acted']:.1%}", row["acted"] <= most))
        if row["grouped"] == row["grouped"]:
            figure = Text(f"{world}：随整组动的词", f"{world}: words moved with a group")
            goals.append((figure, "≤ 3%", f"{row['grouped']:.1%}", row["grouped"] <= 0.03))
        if not planted:
            deleted = Text(f"{world}：删词", f"{world}: deleted")
            goals.append((deleted, "0", f"{row['deleted']}", row["deleted"] == 0))
    return goals


def _found(frame: pd.DataFrame) -> list[Goal]:
    goals: list[Goal] = []
    mine = frame[frame["player"] == OURS]
    for row in mine[mine["words"] > 0].to_dict("records"):
        least = min(FOUND[row["bucket"]], row["bound"] - BELOW_BOUND)
        group, bucket = GROUPS[row["group"]], row["bucket"]
        figure = Text(
            f"planted：找到{group.zh}，应有成交 {bucket}",
            f"planted: {group.en} found, {bucket} orders at target",
        )
        goals.append((figure, f"≥ {least:.1%}", f"{row['found']:.1%}", row["found"] >= least))
    wrong = (mine["wrong_way"] * mine["words"]).sum() / max(mine["words"].sum(), 1)
    figure = Text("planted：方向反了", "planted: wrong direction")
    return [*goals, (figure, "≤ 1%", f"{wrong:.1%}", wrong <= 0.01)]


def _profit(frame: pd.DataFrame) -> list[Goal]:
    goals: list[Goal] = []
    for world, rows in frame.groupby("world", sort=False):
        mine = rows.loc[rows["player"] == OURS, "last"]
        if mine.empty:
            continue
        share = float(mine.iloc[0])
        if str(world) in LAST_HALF:
            least, aim = LAST_HALF[str(world)]
            figure = Text(f"{world}：后6周利润占比（目标）", f"{world}: share of profit, last half (aim)")
            goals.append((figure, f"≥ {least:.3f} ({aim:.3f})", f"{share:.3f}", share >= least))
        others = rows[~rows["player"].isin([OURS, *CEILINGS])]
        if len(others):
            best = others.sort_values("last").iloc[-1]
            figure = Text(f"{world}：胜过其他做法", f"{world}: ahead of every other player")
            goals.append(
                (figure, f"> {best['last']:.3f} ({best['player']})", f"{share:.3f}", share > best["last"])
            )
    return goals


def _told(frame: pd.DataFrame) -> list[Goal]:
    """Level with one-pool shrinkage that is told the best shade and cap of each world (mean + 1 SE)."""
    goals: list[Goal] = []
    for row in frame.to_dict("records"):
        for part, least, name in (
            ("last", BEHIND_LAST, Text("后6周", "last half")),
            ("all", BEHIND_ALL, Text("全部12周", "all weeks")),
        ):
            ahead, error = float(row[part]), float(np.nan_to_num(row[f"{part}_se"]))
            figure = Text(
                f"{row['world']}：与被告知的单池收缩相比，{name.zh}",
                f"{row['world']}: against one pool that is told, {name.en}",
            )
            met = ahead + error >= least
            goals.append((figure, f"≥ {least:+.3f}", f"{ahead:+.3f} ± {error:.3f}", met))
    return goals


def _sales(frame: pd.DataFrame) -> list[Goal]:
    goals: list[Goal] = []
    for row in frame[frame["player"] == OURS].to_dict("records"):
        goals += _of_one_sales_world(row)
    mine = frame[frame["player"] == OURS]
    deleted = float(mine["deleted"].sum())
    if deleted > 0:
        wrong = float((mine["wrong"].fillna(0) * mine["deleted"]).sum()) / deleted
        figure = Text(
            "不告诉毛利率：20%–60%的任一毛利率下删错",
            "no margin told: wrong deletes at any margin of 20–60 %",
        )
        goals.append((figure, f"≤ {WRONG_DELETES:.0%}", f"{wrong:.1%}", wrong <= WRONG_DELETES))
    return goals


def _of_one_sales_world(row: dict[Hashable, Any]) -> list[Goal]:
    world = str(row["world"])
    if world.startswith(MARGINS_APART):
        figure = Text(f"{world}：每个种子都不比不动差", f"{world}: no seed earns less than untouched")
        worst = float(row["profit_worst"])
        return [(figure, "≥ 1.00", f"{worst:.2f}", worst >= 1)]
    least, share = SOLD[world.rsplit("_", 1)[-1]], float(row["last"])
    low, high = float(row["spend_least"]), float(row["spend_most"])
    sold = Text(f"{world}：后6周成交额占比", f"{world}: share of what could be sold, last half")
    spend = Text(f"{world}：花费÷首周，各种子", f"{world}: spend ÷ first week's, of the seeds")
    held = low >= 1 - SPEND_WITHIN and high <= 1 + SPEND_WITHIN
    return [
        (sold, f"≥ {least:.2f}", f"{share:.3f}", share >= least),
        (spend, f"± {SPEND_WITHIN:.0%}", f"{low:.2f}–{high:.2f}", held),
    ]


def _own_weight(frame: pd.DataFrame) -> list[Goal]:
    """What is said to be sure comes true about as often, whatever a word's own data carry."""
    goals: list[Goal] = []
    for row in frame[frame["cases"] >= ENOUGH].to_dict("records"):
        said, true = float(row["promised"]), float(row["came_true"])
        name = SAID[str(row["figure"])]
        figure = Text(f"{name.zh}：自身数据占比 {row['weight']}", f"{name.en}: own weight {row['weight']}")
        goals.append((figure, f"≥ {said - OVERSURE:.1%}", f"{true:.1%}", true >= said - OVERSURE))
    return goals


def _groups(frame: pd.DataFrame) -> list[Goal]:
    row = frame[frame["world"] == "all"].iloc[0]
    if not row["sure"] > 0:
        return []
    figure = Text("整组调价，说有80%以上把握的对了", "group moves said to be 80 % sure or surer: right")
    return [(figure, "≥ 80%", f"{row['sure_right']:.0%} ({row['sure']:,.0f})", row["sure_right"] >= 0.8)]


def _coverage(frame: pd.DataFrame) -> list[Goal]:
    goals: list[Goal] = []
    for row in frame[frame["decision"] == "all"].to_dict("records"):
        for name, low, high in (("80", 0.78, 0.82), ("90", 0.88, 0.92)):
            cvr, value = row[f"cvr{name}"], row[f"value{name}"]
            met = low <= cvr <= high and low <= value <= high
            figure = Text(
                f"{name}% 区间覆盖，{row['bucket']} 次点击（转化率、点击价值）",
                f"{name} % intervals, {row['bucket']} clicks (CVR, value per click)",
            )
            goals.append((figure, f"{low:.0%}–{high:.0%}", f"{cvr:.1%}, {value:.1%}", met))
    return goals


def _promises(frame: pd.DataFrame) -> list[Goal]:
    row = frame[frame["world"] == "all"].iloc[0]
    ratio, late, wrong = row["gain_ratio"], row["late"], row["wrong"]
    gain = Text("预计 ÷ 实际收益", "expected ÷ true gain")
    early = Text("转化率，第7天导出比第28天", "CVR of an export on day 7 against day 28")
    goals: list[Goal] = [
        (gain, "0.85–1.15", f"{ratio:.2f}", 0.85 <= ratio <= 1.15),
        (early, "± 3%", f"{late:+.1%}", abs(late) < 0.03),
    ]
    if row["deleted"] > 0:
        goals.append(
            (
                Text("删错的词", "wrong deletes"),
                f"≤ {WRONG_DELETES:.0%}",
                f"{wrong:.1%}",
                wrong <= WRONG_DELETES,
            )
        )
    return goals


GOALS_OF: Final[dict[str, Callable[[pd.DataFrame], list[Goal]]]] = {
    "honesty": _honesty,
    "found": _found,
    "profit": _profit,
    "told": _told,
    "sales": _sales,
    "own_weight": _own_weight,
    "groups": _groups,
    "coverage": _coverage,
    "promises": _promises,
}
