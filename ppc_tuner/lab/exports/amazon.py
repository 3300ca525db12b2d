"""Facts as an Amazon Sponsored Products targeting report: xlsx, a row a day, true dates, shares as
fractions."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xlsxwriter

from ppc_tuner.lab.arrays import floats
from ppc_tuner.lab.exports.cells import share_of

# Some headers end in a space: so does Amazon's.
HEADER: Final = (
    "Date", "Portfolio name", "Currency", "Campaign Name", "Ad Group Name", "Targeting", "Match Type",
    "Impressions", "Clicks", "Click-Thru Rate (CTR)", "Cost Per Click (CPC)", "Spend",
    "Total Advertising Cost of Sales (ACoS) ",
    "Total Return on Advertising Spend (RoAS)", "7 Day Total Sales ", "7 Day Total Orders (#)",
    "7 Day Total Units (#)", "7 Day Conversion Rate", "7 Day Advertised SKU Units (#)",
    "7 Day Other SKU Units (#)", "7 Day Advertised SKU Sales ", "7 Day Other SKU Sales ",
)  # fmt: skip
SHEET: Final = "Sponsored Product Keyword Repor"
MONEY, SHARE, COUNT, DATE = "$ #,##0.00", "0.0000%", "0", "MMM dd, yyyy"
FORMATS: Final = {
    "Date": DATE,
    "Click-Thru Rate (CTR)": SHARE,
    "Total Advertising Cost of Sales (ACoS) ": SHARE,
    "Total Return on Advertising Spend (RoAS)": "0.00",
    "7 Day Conversion Rate": SHARE,
    **dict.fromkeys(("Cost Per Click (CPC)", "Spend", "7 Day Total Sales "), MONEY),
    **dict.fromkeys(("7 Day Advertised SKU Sales ", "7 Day Other SKU Sales "), MONEY),
    **dict.fromkeys(("Impressions", "Clicks", "7 Day Total Orders (#)", "7 Day Total Units (#)"), COUNT),
    **dict.fromkeys(("7 Day Advertised SKU Units (#)", "7 Day Other SKU Units (#)"), COUNT),
}


def write_amazon_targeting(facts: pd.DataFrame, path: Path, *, created: datetime) -> None:
    """Write facts (a row per day and target) to `path`, by campaign and target, then day.

    match_type "exact", "phrase", "broad" or "-" (automatic and product targets). Units equal orders.
    `created` goes into the file's properties, so that the same facts give the same bytes.
    """
    ordered = facts.sort_values(["campaign", "ad_group", "keyword_id", "date"], kind="stable").reset_index(
        drop=True
    )
    table = _table(ordered)
    book = xlsxwriter.Workbook(
        path, {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": created, "author": ""})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, HEADER)
    for place, name in enumerate(HEADER):
        form = book.add_format({"num_format": FORMATS[name]}) if name in FORMATS else None
        values = table[name].astype(object)
        sheet.write_column(1, place, values.where(table[name].notna(), None).tolist(), form)
    book.close()


def _table(facts: pd.DataFrame) -> pd.DataFrame:
    shown, clicks, cost = (floats(facts[name]) for name in ("impressions", "clicks", "cost"))
    orders, revenue = floats(facts["conversions"]), floats(facts["revenue"])
    texts = pd.DataFrame(
        {
            "Date": facts["date"].dt.to_pydatetime(),
            "Portfolio name": "Not grouped",
            "Currency": facts["currency"],
            "Campaign Name": facts["campaign"],
            "Ad Group Name": facts["ad_group"],
            "Targeting": facts["keyword"],
            "Match Type": facts["match_type"].str.upper(),
        }
    )
    return texts.assign(
        **{
            "Impressions": shown,
            "Clicks": clicks,
            "Click-Thru Rate (CTR)": share_of(clicks, shown),
            "Cost Per Click (CPC)": np.round(share_of(cost, clicks), 6),
            "Spend": cost,
            "Total Advertising Cost of Sales (ACoS) ": np.round(share_of(cost, revenue), 6),
            "Total Return on Advertising Spend (RoAS)": np.round(share_of(revenue, cost), 6),
            "7 Day Total Sales ": revenue,
            "7 Day Total Orders (#)": orders,
            "7 Day Total Units (#)": orders,
            "7 Day Conversion Rate": share_of(orders, clicks),
            "7 Day Advertised SKU Units (#)": floats(facts["direct_conversions"]),
            "7 Day Other SKU Units (#)": floats(facts["indirect_conversions"]),
            "7 Day Advertised SKU Sales ": floats(facts["direct_revenue"]),
            "7 Day Other SKU Sales ": floats(facts["indirect_revenue"]),
        }
    )
