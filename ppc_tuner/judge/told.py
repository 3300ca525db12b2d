"""What a context table changed is said in the reasons of the rows that it changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from ppc_tuner.judge.pack import LANGS
from ppc_tuner.judge.reasons import compile_reason
from ppc_tuner.text import Text

# Each part is left out where its figure was not given.
TOLD: Final = Text(
    "[；不计活动日 {event_days} 天][；按词表出价 {bid_given}][；预售中，成交按拍下的 {placed_given} 笔算]"
    "[；同行点击率 {market_ctr:percent2}][；同行转化率 {market_cvr:percent2}][；同行点击花费 {market_cpc}]"
    "[；毛利率 {margin_given}（给定）][；退款率 {refund_given}（给定）][；一单值 {order_value_given}（给定）]",
    "[; {event_days} event days left out][; bid {bid_given} from the word list][; on presale: the {placed_given} orders placed count]"
    "[; peers' CTR {market_ctr:percent2}][; peers' CVR {market_cvr:percent2}][; peers' CPC {market_cpc}]"
    "[; margin {margin_given} as given][; refund rate {refund_given} as given][; an order is worth {order_value_given} as given]",
)
# Of these no figure told is behind the verdict.
UNMOVED: Final = ("not-live", "not-biddable", "no-figures")


def with_told(rows: pd.DataFrame, settings: Mapping[str, Any]) -> pd.DataFrame:
    """Rows whose reasons end with the context figures behind them; not where none could change the verdict."""
    at = rows.index[~rows["rule"].isin(UNMOVED)]
    touched = rows.loc[at]
    said = {
        f"reason_{lang}": touched[f"reason_{lang}"].str.cat(
            compile_reason(TOLD[lang], settings).render(touched, lang)
        )
        for lang in LANGS
    }
    told = rows.assign(**{name: text.reindex(rows.index).fillna(rows[name]) for name, text in said.items()})
    # Verdicts come column by column; what follows adds many more, which is slow on a frame in so many pieces.
    return told.copy()
