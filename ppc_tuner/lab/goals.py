"""The goals the product sets itself in the bench, beside what it reached."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pandas as pd

from ppc_tuner.lab.players import CEILINGS, OURS
from ppc_tuner.lab.result_tables import TableOf
from ppc_tuner.text import Text

LAST_HALF: Final = {"sparse": 0.90, "usual": 0.95, "dense": 0.95}
FOUND: Final = {"≥30": 0.97, "12–30": 0.85}
WRONG_DELETES: Final = 0.05  # what the rule packs promise
BELOW_BOUND: Final = 0.03
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
        least = LAST_HALF.get(str(world).rsplit("_", 1)[-1])
        if mine.empty or least is None:
            continue
        share = float(mine.iloc[0])
        figure = Text(f"{world}：后6周利润占比", f"{world}: share of profit, last half")
        goals.append((figure, f"≥ {least:.2f}", f"{share:.3f}", share >= least))
        others = rows[~rows["player"].isin([OURS, *CEILINGS])]
        if len(others):
            best = others.sort_values("last").iloc[-1]
            figure = Text(f"{world}：胜过其他做法", f"{world}: ahead of every other player")
            goals.append(
                (figure, f"> {best['last']:.3f} ({best['player']})", f"{share:.3f}", share > best["last"])
            )
    return goals


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
    "coverage": _coverage,
    "promises": _promises,
}
