"""Orders counted over different windows of days after the click are not added: they are not the same figure."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.text import Text

WINDOW_OF: Final = ("platform", "account", "level")


def windows_of(facts: pd.DataFrame) -> tuple[float, ...]:
    """The attribution windows (days) that the facts state, shortest first."""
    if "attribution_days" not in facts:
        return ()
    return tuple(float(days) for days in sorted(facts["attribution_days"].dropna().unique()))


def with_window(facts: pd.DataFrame, days: float | None) -> pd.DataFrame:
    """Facts whose window the report does not state are taken to be of `days`, the setting attribution_days.

    Raises InputError where the facts of one level are then of several windows.
    """
    if days is None:
        return facts
    stated = (
        facts["attribution_days"] if "attribution_days" in facts else pd.Series(float("nan"), facts.index)
    )
    filled = facts.assign(attribution_days=stated.fillna(float(days)))
    refuse_mixed_windows(filled)
    return filled


def refuse_mixed_windows(facts: pd.DataFrame) -> None:
    """InputError where facts of one platform, account and level count orders over several windows."""
    if "attribution_days" not in facts:
        return
    names = [*WINDOW_OF, "attribution_days", *(["source_file"] if "source_file" in facts else [])]
    known = facts.loc[facts["attribution_days"].notna(), names]
    windows = known.groupby([*WINDOW_OF], sort=True)["attribution_days"].nunique()
    if not (windows > 1).any():
        return
    platform, account, level = windows.index[(windows > 1).to_numpy()][0]
    mixed = known[(known["platform"] == platform) & (known["account"] == account) & (known["level"] == level)]
    firsts = mixed.drop_duplicates("attribution_days").sort_values("attribution_days")
    told = [
        (f"{days:g}", str(file))
        for days, file in zip(firsts["attribution_days"], firsts.get("source_file", firsts["platform"]), strict=True)
    ]  # fmt: skip
    raise InputError(
        Text("报表的归因天数不同，成交不能放在一起算", "reports count orders over different windows of days, so they cannot be put together"),
        where=told[-1][1],
        found=Text("；".join(f"{file}：{days} 天" for days, file in told), "; ".join(f"{file}: {days} days" for days, file in told)),
        expected=Text("同一个归因天数", "one window for all"),
        to_do=Text(
            "按同一归因天数重新下载，或分开运行；报表没写天数的，用设置 attribution_days 说明",
            "download them with one window, or run them apart; where a report does not state it, the setting attribution_days does",
        ),
    )  # fmt: skip
