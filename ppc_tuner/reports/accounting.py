"""Every number of the files accounted for: what stood in them, what was left out, what counts. As plain data for `--json`."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from ppc_tuner.reports.results import BidJoin, FileReading, Reading
from ppc_tuner.reports.summing import SMALLEST, SUMS
from ppc_tuner.text import Text

GROUPS: Final = ("platform", "level", "currency")
MONEY: Final = ("cost", "revenue")


def accounting(reading: Reading) -> dict[str, Any]:
    """The reading as plain data: files, what counts, what a newer export covers, lists of bids, notes, what was skipped.

    Sums are in the currency beside them; those of several currencies are left out. Texts are {zh, en}, days ISO dates.
    """
    return {
        "files": [file_accounting(file) for file in reading.files],
        "counted": sums_by_level(pd.concat([reading.facts, reading.items], ignore_index=True)),
        "superseded": sums_by_level(reading.superseded),
        "bids": [_join(join) for join in reading.bids],
        "notes": [_both(note) for note in reading.notes],
        "skipped": [{"label": one.label, "reason": _both(one.reason)} for one in reading.skipped],
    }


def file_accounting(file: FileReading) -> dict[str, Any]:
    """One table: rows below its header = rows kept + rows dropped; sums before = totals + sums of what was dropped."""
    return {
        "path": file.path.as_posix(),
        "sheet": file.sheet,
        "encoding": file.encoding,
        "platform": file.platform,
        "layout": file.layout,
        "name": _both(file.name),
        "confirmed": file.confirmed,
        "role": file.role,
        "level": file.level,
        "header_row": file.header_row,
        "first_day": _day(file.first_day),
        "last_day": _day(file.last_day),
        "time_unit": file.time_unit,
        "exported_on": _day(file.exported_on),
        "exported_on_assumed": file.assumed_download,
        "attribution_days": list(file.attribution_days),
        "decimal": file.style["decimal"],
        "date_order": file.style["date_order"],
        "rows_below_header": rows_below_header(file),
        "rows": file.rows,
        "dropped": [
            {
                "reason": _both(one.reason),
                "rows": one.rows,
                "first_row": one.first_row,
                "sums": _plain(one.sums),
            }
            for one in file.dropped
        ],
        "sums_before": sums_before(file),
        "totals": [
            {"currency": str(row["currency"]), "rows": int(row["rows"]), "sums": _plain({name: row[name] for name in SUMS})}
            for row in file.totals.to_dict("records")
        ],
        "used": [
            {"header": header, "column": column, "samples": list(file.samples.get(header, ()))}
            for header, column in file.used.items()
        ],
        "ignored": list(file.ignored),
        "implausible": [{"row": one.source_row, "reason": _both(one.reason)} for one in file.implausible],
    }  # fmt: skip


def rows_below_header(file: FileReading) -> int:
    return file.rows + sum(one.rows for one in file.dropped)


def sums_before(file: FileReading) -> dict[str, float]:
    """What all rows below the header add up to, total rows among them; no money where there are several currencies."""
    kept = file.totals[list(SUMS)].sum(min_count=1)
    several = len(file.totals) > 1
    names = [name for name in SUMS if pd.notna(kept[name]) and not (several and name in MONEY)]
    return {
        name: round(float(kept[name]) + sum(_known(one.sums.get(name)) for one in file.dropped), SMALLEST)
        for name in names
    }


def sums_by_level(facts: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows and sums of facts by platform, level and currency."""
    if facts.empty:
        return []
    grouped = facts.groupby(list(GROUPS), sort=True)
    sums = grouped[[name for name in SUMS if name in facts]].sum(min_count=1).round(SMALLEST)
    rows = grouped.size()
    return [
        dict(zip(GROUPS, map(str, key), strict=True)) | {"rows": int(rows[key]), "sums": _plain(sums.loc[key].to_dict())}
        for key in rows.index
    ]  # fmt: skip


def _join(join: BidJoin) -> dict[str, Any]:
    return {
        "path": join.path.as_posix(), "name": _both(join.name), "platform": join.platform, "rows": join.rows, "words": join.words,
        "joined_by_id": join.by_id, "joined_by_text": join.by_text, "joined_targets": join.targets,
        "several_bids": join.several, "unclear": join.unclear, "negatives": join.negatives,
        "not_in_reports": join.unused, "campaigns": join.campaigns, "campaigns_in_list": join.shared_campaigns,
    }  # fmt: skip


def _plain(sums: dict[Any, Any]) -> dict[str, float]:
    return {str(name): float(value) for name, value in sums.items() if pd.notna(value)}


def _known(value: float | None) -> float:
    return 0.0 if value is None or pd.isna(value) else value


def _day(day: pd.Timestamp | None) -> str | None:
    return None if day is None else f"{day:%Y-%m-%d}"


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
