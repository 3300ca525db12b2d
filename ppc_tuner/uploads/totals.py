"""What an upload changes in all: words, the spend that is moved, the largest step."""

from __future__ import annotations

from typing import Final

import pandas as pd

from ppc_tuner.decisions.decided import names_of

KEYS: Final = ("platform", "account", "currency", "doing")


def totals_of(changes: pd.DataFrame) -> pd.DataFrame:
    """One row for each platform, account, currency and action (KEYS): words, moved (money a week: spend × the
    change, all of it for what is paused or blocked), largest_step (a share; NaN where no bid is set)."""
    named = changes.assign(**{name: changes[name].fillna("") for name in KEYS})
    share = named["step"].abs().where(named["op"].isin(["bid", "percent"]), 1.0)
    named = named.assign(moved=named["weekly_cost"] * share, largest_step=named["step"].abs())
    sums = named.groupby(list(KEYS), sort=True)
    return sums.agg(
        words=("row_key", "size"), moved=("moved", "sum"), largest_step=("largest_step", "max")
    ).reset_index()


def largest_step(changes: pd.DataFrame) -> tuple[str, float, float, float] | None:
    """The word whose bid changes most: its name, the bid now and the one to set (NaN where not known),
    and the change (a share); None where no bid changes."""
    steps = changes.loc[changes["op"].isin(["bid", "percent"]), "step"].dropna()
    if steps.empty:
        return None
    row = changes.loc[[steps.abs().idxmax()]]
    return (
        str(names_of(row).iloc[0]), float(row["bid_now"].iloc[0]), float(row["set_bid"].iloc[0]),
        float(row["step"].iloc[0]),
    )  # fmt: skip
