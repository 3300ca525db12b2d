"""Whether a row is live: none of its status columns says that it is paused."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.reports.cells import contains_any, is_blank, plain_text, where_text
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.header import positions
from ppc_tuner.reports.kinds import TEXT
from ppc_tuner.text import Text

SHOWN: Final = 5


def add_status(facts: pd.DataFrame, body: pd.DataFrame, found: Recognised) -> dict[str, str]:
    """Sets `status` (live, paused; missing where nothing is told). The headers it was read from, with "status"."""
    rule, places = found.ways.status, _places(found)
    if rule is None or not places:
        return {}
    paused = pd.Series(False, index=body.index)
    known = pd.Series(False, index=body.index)
    for at in places:
        known |= ~where_text(body[at], is_blank)
        paused |= contains_any(body[at], rule.paused)
    status = pd.Series("live", index=body.index, dtype=TEXT).mask(paused, "paused")
    facts["status"] = status.where(known)
    return {found.header.cells[at]: "status" for at in places}


def unknown_status(body: pd.DataFrame, found: Recognised) -> tuple[Text, ...]:
    """A note on words of status columns that the format knows neither as paused nor as live."""
    rule = found.ways.status
    if rule is None or not rule.live:
        return ()
    words: list[str] = []
    for at in _places(found):
        strange = ~where_text(body[at], is_blank) & ~contains_any(body[at], (*rule.paused, *rule.live))
        words += plain_text(body.loc[strange, at]).unique().tolist()
    if not words:
        return ()
    shown = [*dict.fromkeys(words)][:SHOWN]
    where = found.table.label
    return (
        Text(
            f"{where}：不认识的状态 {'、'.join(f'“{one}”' for one in shown)}，按在投处理；若是暂停，请在格式文件的 status 里写上",
            f"{where}: status {', '.join(f'“{one}”' for one in shown)} is not known and taken as live; "
            "if it means paused, say so under `status` in a format file",
        ),
    )


def _places(found: Recognised) -> list[int]:
    rule = found.ways.status
    return positions(found.header.cells, rule.columns) if rule else []
