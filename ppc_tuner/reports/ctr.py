"""The click-through rate that a report states, checked against its own clicks and impressions.

The rate itself is never used (it is recomputed from its sums); what it is good for is to show swapped columns.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.files import to_numbers
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.header import positions
from ppc_tuner.text import Text

# Rates rounded to five decimals are off by less, of rows with this many clicks.
TOLERANCE: Final = 0.05
ENOUGH_CLICKS: Final = 5


def ctr_that_differs(found: Recognised, body: pd.DataFrame, facts: pd.DataFrame) -> tuple[Text, ...]:
    """A note where most rows' stated rate is not clicks / impressions, neither as a fraction nor in per cent."""
    places = positions(found.header.cells, found.ways.ctr)
    if not places or not {"clicks", "impressions"} <= set(facts.columns):
        return ()
    stated = to_numbers(body[body.columns[places[0]]], share=True, decimal=found.ways.decimal or ".").values
    known = (facts["clicks"] >= ENOUGH_CLICKS) & (facts["impressions"] > 0) & (stated > 0)
    if not known.any():
        return ()
    times = (stated * facts["impressions"] / facts["clicks"])[known].to_numpy(dtype=float)
    agree = [np.abs(times / unit - 1) < TOLERANCE for unit in (1.0, 100.0)]
    rows = int(max(part.sum() for part in agree))
    if rows * 2 >= len(times):
        return ()
    header = found.header.cells[places[0]].strip()
    return (
        Text(
            f"{found.table.label}：“{header}”与 点击 ÷ 展现 对不上（{len(times):,} 行中只有 {rows:,} 行一致），核对各列是否错位",
            f"{found.table.label}: “{header}” is not clicks / impressions (it agrees in {rows:,} of {len(times):,} rows only): "
            "check that no columns are swapped",
        ),
    )
