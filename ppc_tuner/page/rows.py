"""The rows of the page's table: all that is to be done, then the dearest of the other words."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.identity import ACCOUNT
from ppc_tuner.page.packing import columns_of
from ppc_tuner.run_rows import ROW_KEY, WITHOUT_BID, with_row_keys
from ppc_tuner.sheets import at_a_glance as glance
from ppc_tuner.sheets.actions_sheet import rows_to_act_on, with_group

# More would make the page slow to open; what is left out stands in the workbook and the csv.
MOST_ROWS: Final = 20_000
ROW: Final = "_row"
# In the table, to be searched, sorted and filtered.
SHOWN: Final = (
    "level", "campaign", "ad_group", "item", "match_type", "kind", "action", "bid", "new_bid", "bid_change",
    "clicks", "conversions", "cost", "roas", "bar_roas", "bar_cpa",
    "ctr_score", "cpc_score", "cvr_score", "roi_score", "expected_gain", "gain_low", "gain_high", "gain_unit",
    "moved_with", "group_words", "reason_zh", "reason_en",
)  # fmt: skip
# In the panel of a row.
TOLD_BESIDE: Final = (
    "details_zh", "details_en", "would_change_zh", "would_change_en", "rule", "matched", "gated_by",
    "keyword", "search_term", "fragment", "item_id", "channel", "device", "first_day", "last_day", "days",
    "impressions", "revenue", "ctr_raw", "ctr", "ctr_low80", "ctr_high80", "cvr_raw", "cvr", "cvr_low80",
    "cvr_high80", "aov_raw", "aov", "aov_low80", "aov_high80", "rpc_raw", "rpc", "rpc_low80", "rpc_high80",
    "cpc_raw", "cpc", "market_ctr", "market_cvr", "market_cpc", "own_weight",
    "bid_basis", "cpc_now", "cpc_target", "target_bid", "value_per_click", "value_low80", "value_high80",
    "worth", "price_now", "margin", "refund_rate", "confidence", "money_at_stake", "clicks_needed",
    "look_again", "step_up", "p_step_up", "gain_up", "step_down", "p_step_down", "gain_down", "gain_delete",
    "p_not_worth", "p_raise", "p_lower", "p_in_band", "sold_at_margin", "proposal", "new_match", "new_place",
    "clicks_change", "cost_change", "conversions_change", "revenue_change", "quality_score", "position",
    "impression_share", "period_clicks", "before_clicks", "period_cost", "before_cost", "period_roas",
    "before_roas", "terms_blocked", "orders_due",
)  # fmt: skip


def rows_of_page(actions: pd.DataFrame) -> pd.DataFrame:
    """The rows of the page (n, in list order, those to act on first), with `row_key` where there is a
    decision to make, word_zh and word_en (what each is called), `acts` and `bears_bid` (flags).

    A word that moves with its group has no decision of its own: it follows that of the group.
    """
    act = rows_to_act_on(actions.assign(**{ROW: np.arange(len(actions))}))
    others = actions.drop(index=actions.index[act[ROW].to_numpy(dtype=int)])
    kept = others.head(max(MOST_ROWS - len(act), 0))
    keyed = (
        with_row_keys(act.drop(columns=ROW)) if len(act) else act.assign(**{ROW_KEY: pd.Series(dtype="str")})
    )
    follows = with_group(keyed)
    bears = ~keyed["action"].isin(WITHOUT_BID) & keyed["level"].ne("group")
    keyed = keyed.assign(acts=~follows, bears_bid=bears & ~follows)
    rows = pd.concat([keyed, kept.assign(acts=False, bears_bid=False)], ignore_index=True)
    return rows.assign(
        word_zh=glance.words_of(rows, "zh"),
        word_en=glance.words_of(rows, "en"),
    )


def shown_columns(rows: pd.DataFrame, accounts: pd.Series) -> dict[str, Any]:
    """The columns that the table needs at once; `accounts`: the number of each row's account (n,)."""
    told = ["word_zh", *(["word_en"] if rows["word_en"].ne(rows["word_zh"]).any() else [])]
    known = rows.assign(account_number=accounts)
    return columns_of(known, (*told, *SHOWN, "acts", "bears_bid", "account_number"))


def columns_beside(rows: pd.DataFrame) -> dict[str, Any]:
    """The columns that are needed once a row is opened or decisions are saved."""
    return columns_of(rows, (*TOLD_BESIDE, ROW_KEY))


def account_numbers(rows: pd.DataFrame, keys: list[tuple[str, ...]]) -> pd.Series:
    """The place of each row's account in `keys` (platform, account, currency), (n,)."""
    named = pd.MultiIndex.from_frame(rows.reindex(columns=list(ACCOUNT)).astype("str").fillna(""))
    place = {key: number for number, key in enumerate(keys)}
    return pd.Series([place.get(key, 0) for key in named], index=rows.index, dtype="int64")
