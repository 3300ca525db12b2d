"""Which rows of a report are facts: totals, repeated headers and lines without figures are dropped and told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.identity import ITEM, PLACE, PLACE_NAMES, WORD
from ppc_tuner.reports.cells import is_blank, where_text
from ppc_tuner.reports.formats import Conventions, Layout, RowKinds, TotalRows
from ppc_tuner.reports.header import positions, same_name
from ppc_tuner.text import Text

TOTAL: Final = Text("合计行", "total row")
UNLABELLED: Final = Text(
    "没有计划、单元和词的行（合计）", "row without campaign, ad group and keyword (a total)"
)
REPEATED: Final = Text("重复的表头", "header repeated")
OTHER_KIND: Final = Text("别的种类的行（计划、广告等）", "row of another kind (campaign, ad and so on)")
SUBTOTAL: Final = Text("没有词的行（小计）", "row without a word (a subtotal)")
PLANLESS: Final = Text("没有计划的行（合计）", "row without a campaign (a total)")
NO_FIGURES: Final = Text("没有数字的行（空行或脚注）", "row without figures (blank line or footnote)")
NAMED: Final = (*PLACE, *ITEM, "item", *WORD)
DATES: Final = ("date", "period_start")
# Two columns whose names no row of data holds: of a report, of a list of bids.
HEADERS: Final = (("impressions", "clicks"), ("keyword", "bid"))
# From a letter of ASCII to the same letter in full width.
FULL_WIDTH: Final = 0xFEE0
WORDS: Final = {"keyword": ("keyword", "keyword_id"), "search_term": ("search_term",)}


def drop_rows(
    body: pd.DataFrame, header: Sequence[str], columns: dict[str, int], ways: Conventions, layout: Layout
) -> tuple[pd.DataFrame, list[tuple[Text, pd.DataFrame]]]:
    """The rows that are facts, and those left out, by reason. `columns`: canonical → position in `body`."""
    checks: tuple[tuple[Text, Callable[[pd.DataFrame], pd.Series[bool]]], ...] = (
        (REPEATED, lambda left: _repeated(left, header, columns)),
        (OTHER_KIND, lambda left: _other_kind(left, header, ways)),
        (TOTAL, lambda left: _labelled(left, header, columns, ways.totals)),
        (NO_FIGURES, lambda left: _without_figures(left, columns, layout)),
        (UNLABELLED, lambda left: _unlabelled(left, columns)),
        (SUBTOTAL, lambda left: _wordless(left, columns, layout.level)),
        (PLANLESS, lambda left: _planless(left, columns, layout.level)),
    )
    dropped: list[tuple[Text, pd.DataFrame]] = []
    for reason, of in checks:
        mask = of(body)
        if mask.any():
            dropped.append((reason, body[mask]))
            body = body[~mask]
    return body, dropped


def is_kind(
    body: pd.DataFrame, header: Sequence[str], kinds: RowKinds, names: Sequence[str]
) -> pd.Series[bool]:
    """True where a column that tells the kind of a row holds one of `names`."""
    wanted = {same_name(name) for name in names}
    mask = pd.Series(False, index=body.index)
    for at in positions(header, kinds.columns):
        mask |= where_text(body[at], lambda text: text.map(same_name).isin(wanted))
    return mask


def _other_kind(body: pd.DataFrame, header: Sequence[str], ways: Conventions) -> pd.Series[bool]:
    if ways.rows is None:
        return pd.Series(False, index=body.index)
    return ~is_kind(body, header, ways.rows, ways.rows.keep)


def _wordless(body: pd.DataFrame, columns: dict[str, int], level: str) -> pd.Series[bool]:
    """Of a report of keywords the rows that name neither keyword nor id, of search terms those without one: sums of plans or units."""
    told = () if "level" in columns else WORDS.get(level, ())
    return _all_blank(body, [columns[name] for name in told if name in columns])


def _planless(body: pd.DataFrame, columns: dict[str, int], level: str) -> pd.Series[bool]:
    """Of a report of items the rows that name no plan: sums under any label."""
    plans = [columns[name] for name in ("campaign", "campaign_id") if name in columns]
    return _all_blank(body, plans if level == "item" else [])


def _repeated(body: pd.DataFrame, header: Sequence[str], columns: dict[str, int]) -> pd.Series[bool]:
    mask = pd.Series(True, index=body.index)
    wanted = next((pair for pair in HEADERS if set(pair) <= set(columns)), ())
    if not wanted:
        return pd.Series(False, index=body.index)
    for name in wanted:
        mask &= _is(body[columns[name]], header[columns[name]].strip())
    return mask


def _is(cells: pd.Series[str], wanted: str) -> pd.Series[bool]:
    return where_text(cells, lambda text: text == wanted)


def _labelled(
    body: pd.DataFrame, header: Sequence[str], columns: dict[str, int], totals: TotalRows | None
) -> pd.Series[bool]:
    mask = pd.Series(False, index=body.index)
    if totals is None:
        return mask
    names = {same_name(label) for label in totals.labels}
    exact = {name.removesuffix(":") for name in names} | names
    prefixes = tuple(name for name in names if name.endswith(":"))
    beginning = _beginning(names)

    def is_label(text: pd.Series[str]) -> pd.Series[bool]:
        # Few texts begin as a label does: only these are compared whatever their width, case and spaces.
        likely = text.str.contains(beginning)
        if not likely.any():
            return likely
        plain = text[likely].map(same_name)
        found = plain.isin(exact) | plain.str.startswith(prefixes) if prefixes else plain.isin(exact)
        return found.reindex(text.index, fill_value=False)

    texts = {at for name, at in columns.items() if name in (*DATES, *NAMED)}
    for position in sorted(texts | set(range(min(totals.within, len(header))))):
        label = where_text(body[position], is_label)
        if label.any():
            mask |= label & _placeless(body, columns, position)
    return mask


def _beginning(names: set[str]) -> str:
    """A pattern of texts that begin with the first letter of one of the names, in any case and width."""
    letters = {letter for name in names for letter in (name[0], name[0].upper())}
    wide = {chr(ord(letter) + FULL_WIDTH) for letter in letters if letter.isascii()}
    return rf"^[\s\ufeff]*[{''.join(sorted(letters | wide))}]"


def _placeless(body: pd.DataFrame, columns: dict[str, int], label: int) -> pd.Series[bool]:
    """True where campaign and ad group are blank: a keyword that merely reads `Total: x` has both."""
    blank = pd.Series(True, index=body.index)
    for name in PLACE_NAMES:
        if name in columns and columns[name] != label:
            blank &= where_text(body[columns[name]], is_blank)
    return blank


def _without_figures(body: pd.DataFrame, columns: dict[str, int], layout: Layout) -> pd.Series[bool]:
    # In a list of bids a word without one takes that of its ad group.
    figures = [at for name, at in columns.items() if name in FACTS and FACTS[name].kind in NUMBER_KINDS]
    return _all_blank(body, figures if layout.role == "report" else [])


def _unlabelled(body: pd.DataFrame, columns: dict[str, int]) -> pd.Series[bool]:
    return _all_blank(body, [columns[name] for name in NAMED if name in columns])


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
