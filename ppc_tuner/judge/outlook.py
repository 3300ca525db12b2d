"""What would change a verdict, in one sentence a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ppc_tuner.judge.pack import LANGS
from ppc_tuner.judge.reasons import compile_reason
from ppc_tuner.text import Text

# `cvr_even`: the conversion rate at which a click is worth just what it costs now.
SENTENCES = {
    "raise": Text("转化率若在 {cvr_even:percent2} 以下就不该提", "a conversion rate below {cvr_even:percent2} would turn it"),
    "lower": Text("转化率若在 {cvr_even:percent2} 以上就不该降", "a conversion rate above {cvr_even:percent2} would turn it"),
    "delete": Text("转化率若到 {cvr_lowest:percent2}，低价还能留", "at a conversion rate of {cvr_lowest:percent2} a low bid would still pay"),
    "exclude": Text("转化率若到 {cvr_lowest:percent2} 就值得留", "at a conversion rate of {cvr_lowest:percent2} it would be worth keeping"),
    "watch_price": Text("单靠更多点击看不出来：先小幅试调一周再比", "more clicks alone will not tell: try a small change for a week and compare"),
    "watch": Text(
        "再有约 {clicks_needed} 次点击，结论有一半机会改变[；出价保持 {watch_bid}][；约 {look_again} 再看]",
        "some {clicks_needed} more clicks give it an even chance to change[; runs on at {watch_bid}][; look again about {look_again}]",
    ),
    "keep": Text("转化率离开 {cvr_even:percent2} 足够远且有把握时才动", "moves once the conversion rate is surely off {cvr_even:percent2}"),
}  # fmt: skip
UNTOUCHABLE = ("not-live", "not-biddable", "no-figures", "term")


def with_outlook(rows: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """Rows plus would_change_zh and would_change_en; empty where no figure could change it (paused, no bid)."""
    needed = rows["cvr"] * rows["price_now"] / rows["worth"]
    shown = rows.assign(
        cvr_even=needed.replace([np.inf, -np.inf], np.nan), cvr_lowest=needed * rows["lowest_share"]
    )
    outlook = {f"would_change_{lang}": pd.Series("", index=rows.index, dtype="str") for lang in LANGS}
    stuck = shown["action"].eq("watch") & shown["clicks_needed"].isna()
    shown["action"] = shown["action"].mask(stuck, "watch_price")
    movable = shown[~shown["rule"].isin(UNTOUCHABLE) & shown["cvr_even"].notna()]
    for action, group in movable.groupby("action"):
        if action not in SENTENCES:
            continue
        for lang in LANGS:
            outlook[f"would_change_{lang}"][group.index] = compile_reason(
                SENTENCES[str(action)][lang], settings
            ).render(group, lang)
    return rows.assign(**outlook)
