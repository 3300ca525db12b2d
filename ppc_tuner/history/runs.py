"""What the ledger keeps of a list, and of what a person decided in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import pandas as pd

from ppc_tuner.columns import ITEM_ACTIONS
from ppc_tuner.decisions import Decided
from ppc_tuner.history.ledger import Ledger
from ppc_tuner.identity import ACCOUNT, ROW, remembered_by
from ppc_tuner.run_rows import RUN_DIGITS, run_of, with_row_keys

# Of each row of a list; one that a list lacks is not kept.
OF_ROWS: Final = (
    "row_key", "key", "level", *ROW, "fragment", "group_name", "moved_with", "action", "rule", "advice",
    "status", "bid", "new_bid", "bid_change", "new_match", "new_place", "clicks", "cost", "conversions",
    "revenue", "weekly_clicks", "weekly_cost", "worth", "confidence", "expected_gain", "gain_low",
    "gain_high", "gain_unit", "last_day",
)  # fmt: skip
DECIDED: Final = (
    "row_key", "key", "level", *ACCOUNT, "action", "bid", "new_bid", "decision", "final_bid", "note",
    "last_day",
)  # fmt: skip
UNDATED: Final = "undated"


def keep_run(
    ledger: Ledger, rows: pd.DataFrame, about: Mapping[str, Any], shown: pd.DataFrame | None = None
) -> bool:
    """Put a list into the ledger; False where the same list is there already.

    `rows` (n): of the list, all levels; `about`: what else is to be known of the run; `shown`: the rows on
    which a workbook lets a person decide, by which its review finds the run. Raises OutputError.
    """
    if rows.empty:
        return False
    keyed = with_row_keys(rows)
    kept = keyed.assign(key=remembered_by(keyed))[[n for n in OF_ROWS if n in keyed or n == "key"]]
    run, last = _id_of(keyed), _last_day(rows)
    lists = [run, *([] if shown is None or shown.empty else [_id_of(with_row_keys(shown))])]
    said = {"id": run, "lists": lists, "kept_at": _now(), "last_day": last, "rows": len(rows), **about}
    return ledger.keep("runs", f"{last or UNDATED}_{run}", said, kept)


def keep_review(ledger: Ledger, decided: Decided) -> bool:
    """Put what a person decided in a list into the ledger; False where it is what was decided last, or
    nothing is decided. Raises OutputError."""
    marked = decided.rows[decided.rows["decision"].ne("") & ~decided.rows["action"].isin(ITEM_ACTIONS)]
    if marked.empty:
        return False
    kept = marked.assign(key=remembered_by(marked))[list(DECIDED)]
    told = kept[["row_key", "decision", "final_bid", "note"]].to_csv(index=False)
    name = hashlib.sha256(told.encode()).hexdigest()[:RUN_DIGITS]
    day, of_list = decided.written_on or date.today(), _id_of(kept)
    before = [one.about for one in ledger.kept("reviews") if one.about.get("list") == of_list]
    before.sort(key=lambda about: str(about.get("kept_at")))
    if before and before[-1].get("id") == name:
        return False
    said = {
        "id": name, "kept_at": _now(), "list": of_list,
        "last_day": _last_day(kept), "written_on": day.isoformat(), **_counted(kept["decision"]),
    }  # fmt: skip
    # Whoever goes back to what he decided first has decided anew.
    return ledger.keep("reviews", f"{day.isoformat()}_{name}_{len(before) + 1}", said, kept)


def _id_of(keyed: pd.DataFrame) -> str:
    return f"r{run_of(keyed['row_key'].iloc[0])}"


def _counted(decisions: pd.Series) -> dict[str, int]:
    return {str(name): int(count) for name, count in decisions.value_counts().items()}


def _last_day(rows: pd.DataFrame) -> str:
    """The last day with figures, as text; empty where the report has no dates."""
    last = pd.to_datetime(rows["last_day"]).max() if "last_day" in rows else pd.NaT
    return "" if pd.isna(last) else last.date().isoformat()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
