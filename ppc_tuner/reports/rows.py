"""Which rows of a report are facts: totals, repeated headers and lines without figures are dropped and told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from ppc_tuner.columns import FACTS
from ppc_tuner.reports.cells import is_blank, where_text
from ppc_tuner.reports.formats import TotalRows
from ppc_tuner.reports.header import same_name
from ppc_tuner.reports.results import Dropped
from ppc_tuner.text import Text

TOTAL: Final = Text("合计行", "total row")
UNLABELLED: Final = Text(
    "没有计划、单元和词的行（合计）", "row without campaign, ad group and keyword (a total)"
)
REPEATED: Final = Text("重复的表头", "header repeated")
NO_FIGURES: Final = Text("没有数字的行（空行或脚注）", "row without figures (blank line or footnote)")
IDENTITY: Final = (
    "campaign_id",
    "campaign",
    "ad_group_id",
    "ad_group",
    "item_id",
    "item",
    "keyword_id",
    "keyword",
    "search_term",
)
PLACES: Final = ("campaign", "ad_group")
NUMBER_KINDS: Final = ("count", "money", "number", "share")


def drop_rows(
    body: pd.DataFrame, header: Sequence[str], columns: dict[str, int], totals: TotalRows | None
) -> tuple[pd.DataFrame, tuple[Dropped, ...]]:
    """The rows that are facts, and what was left out. `columns`: canonical → position in `body`."""
    dropped: list[Dropped] = []
    for reason, mask in (
        (REPEATED, _repeated(body, header, columns)),
        (TOTAL, _labelled(body, header, columns, totals)),
        (NO_FIGURES, _without_figures(body, columns)),
        (UNLABELLED, _unlabelled(body, columns)),
    ):
        mask = mask.reindex(body.index, fill_value=False)
        if mask.any():
            dropped.append(Dropped(reason, int(mask.sum()), int(body.index[mask.to_numpy()][0])))
            body = body[~mask]
    return body, tuple(dropped)


def _repeated(body: pd.DataFrame, header: Sequence[str], columns: dict[str, int]) -> pd.Series[bool]:
    mask = pd.Series(True, index=body.index)
    for name in ("impressions", "clicks"):
        if name not in columns:
            return pd.Series(False, index=body.index)
        at = columns[name]
        mask &= where_text(body[at], lambda text, name=header[at].strip(): text == name)
    return mask


def _labelled(
    body: pd.DataFrame, header: Sequence[str], columns: dict[str, int], totals: TotalRows | None
) -> pd.Series[bool]:
    mask = pd.Series(False, index=body.index)
    if totals is None:
        return mask
    exact = {same_name(label) for label in totals.labels}
    prefixes = tuple(label for label in exact if label.endswith(":"))

    def is_label(text: pd.Series[str]) -> pd.Series[bool]:
        plain = text.str.casefold()
        return plain.isin(exact) | plain.str.startswith(prefixes) if prefixes else plain.isin(exact)

    for position in range(min(totals.within, len(header))):
        label = where_text(body[position], is_label)
        if label.any():
            mask |= label & _placeless(body, columns, position)
    return mask


def _placeless(body: pd.DataFrame, columns: dict[str, int], label: int) -> pd.Series[bool]:
    """True where campaign and ad group are blank: a keyword that merely reads `Total: x` has both."""
    blank = pd.Series(True, index=body.index)
    for name in PLACES:
        if name in columns and columns[name] != label:
            blank &= where_text(body[columns[name]], is_blank)
    return blank


def _without_figures(body: pd.DataFrame, columns: dict[str, int]) -> pd.Series[bool]:
    return _all_blank(
        body, [at for name, at in columns.items() if name in FACTS and FACTS[name].kind in NUMBER_KINDS]
    )


def _unlabelled(body: pd.DataFrame, columns: dict[str, int]) -> pd.Series[bool]:
    return _all_blank(body, [columns[name] for name in IDENTITY if name in columns])


def _all_blank(body: pd.DataFrame, positions: list[int]) -> pd.Series[bool]:
    blank = pd.Series(bool(positions), index=body.index)
    for at in positions:
        left = body.loc[blank, at]
        if left.empty:
            break
        blank.loc[left.index] = _blank(left).to_numpy()
    return blank


def _blank(cells: pd.Series[str]) -> pd.Series[bool]:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.isna()
    return where_text(cells, is_blank)
