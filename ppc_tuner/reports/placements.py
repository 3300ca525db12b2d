"""By how much a campaign raises its bids on a placement: rows of a bulk file that are no facts, as their
clicks are counted with the words."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.files import to_numbers
from ppc_tuner.files.table import TEXT
from ppc_tuner.reports.cells import plain_text, read_column
from ppc_tuner.reports.recognise import Recognised, positions
from ppc_tuner.reports.rows import is_kind

CAMPAIGN: Final = ("campaign_id", "campaign")
COLUMNS: Final = ("platform", *CAMPAIGN, "placement", "increase")


def placement_increases(raw: pd.DataFrame, found: Recognised) -> pd.DataFrame:
    """platform, campaign_id, campaign, placement (as the file names it) and increase (share),
    a row for each of the table's rows (raw: all of them) that states one."""
    kinds, header = found.ways.rows, found.header.cells
    empty = pd.DataFrame({name: pd.Series(dtype=float if name == "increase" else TEXT) for name in COLUMNS})
    if kinds is None or not kinds.placements:
        return empty
    names, shares = positions(header, kinds.placement), positions(header, kinds.increase)
    rows = raw[is_kind(raw, header, kinds, kinds.placements)]
    if rows.empty or not names or not shares:
        return empty
    columns = {name: at for name, at in found.match.columns.items() if name in CAMPAIGN}
    read = {
        name: read_column(name, rows[at], header[at], found.table.label, found.ways)
        for name, at in columns.items()
    }
    increase = to_numbers(rows[shares[0]], share=True, percent="percent").values
    told = pd.DataFrame(read, index=rows.index).assign(
        platform=found.form.id, placement=plain_text(rows[names[0]]), increase=increase
    )
    stated = told["increase"].notna() & (told["placement"] != "")
    return told[stated].reindex(columns=list(COLUMNS)).reset_index(drop=True)
