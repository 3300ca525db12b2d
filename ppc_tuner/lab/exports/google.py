"""Facts as Google Ads' `Search keyword report.csv`: UTF-8, title and dates above the header, totals below
the rows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.lab.arrays import Floats, floats
from ppc_tuner.lab.exports.cells import printed, share_of, thousands

HEADER: Final = (
    "Keyword status", "Keyword", "Match type", "Campaign", "Ad group", "Currency code", "Status", "Max. CPC",
    "Impr.", "Clicks", "CTR", "Avg. CPC", "Cost", "Conversions", "Conv. value", "Conv. rate", "Cost / conv.",
    "Quality Score",
)  # fmt: skip
SUMS: Final = ("impressions", "clicks", "cost", "conversions", "revenue")
MISSING: Final = " --"
# What the account spent outside the search keywords, so that `Total: Account` counts more than the rows.
ELSEWHERE: Final = (5_214.0, 37.0, 21.46, 0.0, 0.0)
TOTALS: Final = ("Total: Filtered keywords", "Total: Search", "Total: Account")


def write_google_keywords(
    facts: pd.DataFrame, words: pd.DataFrame, path: Path, *, first_day: pd.Timestamp, last_day: pd.Timestamp
) -> None:
    """Write facts of `first_day` … `last_day` to `path`, one row per keyword for the whole period.

    words (words × [keyword_id, keyword, match_type ("exact"|"phrase"|"broad"), campaign, ad_group, bid,
    quality_score, status ("live"|"paused")]) are listed all, in this order, with zeros where they had no
    impressions.
    """
    sums = (
        facts.groupby("keyword_id")[list(SUMS)]
        .sum()
        .reindex(words["keyword_id"])
        .fillna(0.0)
        .reset_index(drop=True)
    )
    names = words.reset_index(drop=True)
    body = pd.concat([_rows(sums, names), _totals(sums)], ignore_index=True)[list(HEADER)].fillna("")
    period = (
        f"{first_day:%B} {first_day.day}, {first_day.year} - {last_day:%B} {last_day.day}, {last_day.year}"
    )
    preamble = f'Search keyword report\n"{period}"\n'
    path.write_bytes((preamble + body.to_csv(index=False, lineterminator="\n")).encode("utf-8"))


def _rows(sums: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {
        "Keyword status": names["status"].map({"live": "Enabled", "paused": "Paused"}),
        "Keyword": _with_syntax(names),
        "Match type": names["match_type"].str.capitalize() + " match",
        "Campaign": names["campaign"],
        "Ad group": names["ad_group"],
        "Currency code": pd.Series("USD", index=names.index),
        "Status": names["status"].map({"live": "Eligible", "paused": "Paused"}),
        "Max. CPC": printed(floats(names["bid"]), "%.2f"),
        "Quality Score": printed(floats(names["quality_score"]), "%.0f", MISSING),
    }
    return pd.concat([pd.DataFrame(columns), _figures(sums)], axis=1)


def _with_syntax(words: pd.DataFrame) -> pd.Series:
    """[exact], "phrase", broad."""
    text, match = words["keyword"], words["match_type"]
    return text.mask(match == "exact", "[" + text + "]").mask(match == "phrase", '"' + text + '"')


def _figures(sums: pd.DataFrame) -> pd.DataFrame:
    shown, clicks, cost, orders, revenue = (floats(sums[name]) for name in SUMS)
    return pd.DataFrame(
        {
            "Impr.": thousands(shown),
            "Clicks": thousands(clicks),
            "CTR": _percent(share_of(clicks, shown)),
            "Avg. CPC": printed(share_of(cost, clicks), "%.2f", MISSING),
            "Cost": printed(cost, "%.2f"),
            "Conversions": printed(orders, "%.2f"),
            "Conv. value": printed(revenue, "%.2f"),
            "Conv. rate": _percent(share_of(orders, clicks)),
            "Cost / conv.": printed(np.nan_to_num(share_of(cost, orders)), "%.2f"),
        }
    )


def _percent(shares: Floats) -> pd.Series:
    return printed(100 * shares, "%.2f%%", MISSING)


def _totals(sums: pd.DataFrame) -> pd.DataFrame:
    listed = sums.sum().to_numpy(dtype=np.float64)
    rows = pd.DataFrame([listed, listed, listed + np.array(ELSEWHERE)], columns=list(SUMS))
    return _figures(rows).assign(
        **{"Keyword status": list(TOTALS), "Currency code": "USD", "Quality Score": MISSING}
    )
