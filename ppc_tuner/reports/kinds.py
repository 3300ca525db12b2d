"""The dtypes of canonical columns, kept through every concatenation."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ppc_tuner.columns import FACTS
from ppc_tuner.files.table import TEXT as TEXT

# Text that tells rows and accounts apart is never missing, or grouping by it would lose rows.
NEVER_MISSING = ("account", "campaign", "ad_group", "keyword", "match_type", "currency")
ORDER = ("level", *FACTS)


def with_kinds(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame (rows × facts columns) in canonical order and dtypes: str, float64, datetime64[us], boolean."""
    columns = {name: _of_kind(name, frame[name]) for name in ORDER if name in frame.columns}
    for name in NEVER_MISSING:
        if name in columns:
            columns[name] = columns[name].fillna("")
        else:
            columns[name] = pd.Series("", index=frame.index, dtype=TEXT)
    # Shared, not copied: a frame of millions of rows is put together once.
    return pd.DataFrame(
        {name: columns[name] for name in ORDER if name in columns}, index=frame.index, copy=False
    )


def together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Frames of facts below each other, columns of all of them, a fresh index."""
    if len(frames) == 1:
        return with_kinds(frames[0].reset_index(drop=True))
    return with_kinds(pd.concat(frames, ignore_index=True) if frames else pd.DataFrame())


def _of_kind(name: str, column: pd.Series) -> pd.Series:
    kind = "text" if name == "level" else FACTS[name].kind
    if kind in ("text", "id"):
        return column.astype(TEXT)
    if kind == "date":
        return pd.to_datetime(column).astype("datetime64[us]")
    if kind == "flag":
        return column.astype("boolean")
    return column.astype("float64")
