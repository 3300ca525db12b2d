"""Whether the total that a report states is that of its rows: a download that was cut off has too few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ppc_tuner.files import to_numbers
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.rows import TOTAL, UNLABELLED
from ppc_tuner.text import Text

FIGURES: Final = {
    "cost": Text("花费", "cost"),
    "clicks": Text("点击", "clicks"),
    "impressions": Text("展现", "impressions"),
}
# Every cell of a row may be rounded by half a cent; and platforms add up before they round.
ROUNDED, NEAR_ENOUGH = 0.005, 0.005


def totals_that_differ(
    left_out: Sequence[tuple[Text, pd.DataFrame]], facts: pd.DataFrame, found: Recognised
) -> tuple[Text, ...]:
    """A note on the first figure of which neither a total row nor all of them together say what the rows add up to.

    left_out: rows of the source by why they are no facts.
    """
    rows = [rows for reason, rows in left_out if reason in (TOTAL, UNLABELLED)]
    if not rows or facts.empty or (facts["currency"] != facts["currency"].iloc[0]).any():
        return ()
    totals = pd.concat(rows)
    for name, shown in FIGURES.items():
        at = found.match.columns.get(name)
        if at is None:
            continue
        stated = to_numbers(totals[at], decimal=found.ways.decimal or ".").values.dropna()
        added = float(facts[name].sum())
        near = max(NEAR_ENOUGH * abs(added), ROUNDED * len(facts))
        every = [*stated, stated.sum()]
        if len(stated) and all(abs(one - added) > near for one in every):
            nearest = min(stated, key=lambda one: abs(one - added))
            where = f"{found.table.label}:{stated.index[stated.eq(nearest)][0]}"
            return (
                Text(
                    f"{where}：合计行写{shown.zh} {nearest:,.2f}，各行相加是 {added:,.2f}；下载可能不完整，或合计含别的词，请核对",
                    f"{where}: the total row says {shown.en} {nearest:,.2f}, the rows add up to {added:,.2f}; "
                    "the download may be cut off, or the total counts other words: compare with the platform",
                ),
            )
    return ()
