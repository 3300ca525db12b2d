"""What keyed tables say of each row: the most specific table that covers it wins."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ppc_tuner.context.context import Context
from ppc_tuner.context.keyed import keys_of
from ppc_tuner.context.layout import FLAGS, GROUPS, NUMBERS, VALUES


def given_values(rows: pd.DataFrame, context: Context, wanted: Sequence[str] = VALUES) -> pd.DataFrame:
    """A column for each wanted value that some table gives, n rows; empty where no table covers the row.

    `rows`: n rows with some of the key columns campaign, item_id, ad_group, keyword. Category and page group
    are looked up by item first, as other tables may be keyed by them.
    """
    if not context.gives(*wanted):
        return pd.DataFrame(index=rows.index)
    groups = _looked_up(rows, [table for table in context.tables if "item_id" in table], GROUPS)
    keyed = rows.assign(**{name: groups[name] for name in map(str, groups)})
    others = _looked_up(keyed, context.tables, [name for name in wanted if name not in GROUPS])
    return pd.concat([groups[[name for name in groups if name in wanted]], others], axis=1)


def _looked_up(rows: pd.DataFrame, tables: Sequence[pd.DataFrame], wanted: Sequence[str]) -> pd.DataFrame:
    found: dict[str, pd.Series] = {}
    for table in tables:
        keys = keys_of(table)
        values = [name for name in wanted if name in table and name not in keys]
        if not values or any(key not in rows for key in keys):
            continue
        if keys:
            matched = rows[keys].merge(table[[*keys, *values]], on=keys, how="left").set_axis(rows.index)
        else:
            matched = pd.DataFrame(
                {name: pd.Series(table[name].iloc[0], index=rows.index) for name in values}
            )
        for name in values:
            found[name] = matched[name].fillna(found[name]) if name in found else matched[name]
    return pd.DataFrame({name: _typed(name, column) for name, column in found.items()}, index=rows.index)


def _typed(name: str, column: pd.Series) -> pd.Series:
    if name in FLAGS:
        return column.astype("boolean")
    return column.astype("float64") if name in NUMBERS else column
