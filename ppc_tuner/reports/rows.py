"""The rows of a report: which are facts (totals, repeated headers, lines without figures are left out and
told), which of them are live, whose orders cannot be true, and what rows of placements say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.files import to_numbers
from ppc_tuner.files.formulas import DIVIDED_BY_ZERO, where_shown
from ppc_tuner.files.table import TEXT
from ppc_tuner.identity import ITEM, NAMED_ITEM, PLACE, PLACE_NAMES, WORD
from ppc_tuner.reports.cells import contains_any, is_blank, plain_text, read_column, where_text
from ppc_tuner.reports.recognise import (
    Conventions,
    Layout,
    Recognised,
    RowKinds,
    TotalRows,
    positions,
    same_name,
)
from ppc_tuner.reports.results import COST_ROUNDED, SUMS
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
# Two columns whose names no row of data holds: of a report, of a list of bids.
HEADERS: Final = (("impressions", "clicks"), ("keyword", "bid"))
# From a letter of ASCII to the same letter in full width.
FULL_WIDTH: Final = 0xFEE0
WORDS: Final = {"keyword": ("keyword", "keyword_id"), "search_term": ("search_term",)}
# Robust standard deviations from the usual, past which orders and revenue are not believed; the least such
# deviation.
FAR, LEAST_SCALE = 8.0, 0.5
# Fewer rows do not show what is usual: of the account, of an item or word.
ENOUGH_ROWS, ENOUGH_OF_A_KIND = 10, 5
RATIOS: Final = (("revenue", "conversions"), ("conversions", "clicks"))
# What is not known of a row whose orders or revenue are not believed.
UNKNOWN: Final = ("conversions", "revenue")
CAMPAIGN: Final = ("campaign_id", "campaign")
PLACEMENTS: Final = ("platform", *CAMPAIGN, "placement", "increase")


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


def with_merged(raw: pd.DataFrame, found: Recognised) -> pd.DataFrame:
    """The rows of a sheet; a text that was merged over several rows stands in each of them. Same index and
    columns.

    A figure that was merged stays in its first row: it is that of all of them together.
    """
    if not found.table.merged:
        return raw
    texts = {at for name, at in found.match.columns.items() if _kind(name) not in NUMBER_KINDS}
    raw = raw.copy(deep=False)
    for at in sorted({merged.at for merged in found.table.merged} & texts):
        source = np.arange(len(raw))
        for merged in found.table.merged:
            first = raw.index.searchsorted(merged.first)
            if merged.at == at and merged.first > found.header.end:
                source[first : raw.index.searchsorted(merged.last, "right")] = first
        raw[at] = raw[at].iloc[source].set_axis(raw.index)
    return raw


def with_filled(raw: pd.DataFrame, found: Recognised) -> pd.DataFrame:
    """The rows of a sheet; a blank cell of a column that the format fills from others holds what the first of
    these that is filled does. Same index and columns."""
    header, columns, raw = found.header.cells, found.match.columns, raw.copy(deep=False)
    for name in (name for name in found.ways.filled_from if name in columns):
        own, others = columns[name], found.ways.filled_from[name]
        for at in (at for other in others for at in positions(header, (other,)) if at != own):
            blank = _blank(raw[own])
            if blank.any():
                raw[own] = raw[own].astype(object).mask(blank, raw[at].astype(object)).infer_objects()
    return raw


def without_divisions(cells: dict[str, pd.Series]) -> dict[str, pd.Series]:
    """The columns of a table; what was divided by no clicks at all is blank."""
    divided = {
        name: where_shown(column, [DIVIDED_BY_ZERO])
        for name, column in cells.items()
        if _kind(name) in NUMBER_KINDS
    }
    names = [name for name, where in divided.items() if where.any()]
    if not names or "clicks" not in cells:
        return cells
    idle = to_numbers(cells["clicks"]).values.fillna(0).eq(0)
    return cells | {name: cells[name].astype(object).mask(divided[name] & idle, "") for name in names}


def placeless_totals(
    cells: Mapping[str, pd.Series[str]],
    facts: pd.DataFrame,
    day: pd.Series[pd.Timestamp] | None,
    layout: Layout,
) -> tuple[pd.Series[bool], list[int]]:
    """Rows in no campaign and ad group, of a layout that wants both: True for those that hold the sum of the
    others, or of those of their day; and the rows that do not (a merged cell, a line cut in two).

    cells: the columns as written, by canonical name; facts: what was read of them; index of both = row of the
    file.
    """
    if layout.role != "report" or not {"campaign", "ad_group"} <= set(layout.required):
        return pd.Series(False, index=facts.index), []
    placeless = pd.Series(True, index=facts.index)
    for name in PLACE:
        if name in cells:
            placeless &= where_text(cells[name], is_blank)
    if not placeless.any():
        return placeless, []
    sums = _is_sum(facts[placeless], facts[~placeless], None)
    if day is not None:
        sums |= _is_sum(facts[placeless], facts[~placeless], day)
    strange = sums.index[~sums.to_numpy(dtype=bool)].tolist()
    placeless.loc[strange] = False
    return placeless, strange


def is_kind(
    body: pd.DataFrame, header: Sequence[str], kinds: RowKinds, names: Sequence[str]
) -> pd.Series[bool]:
    """True where a column that tells the kind of a row holds one of `names`."""
    mask = pd.Series(False, index=body.index)
    for at in positions(header, kinds.columns):
        mask |= where_text(body[at], lambda text: _among(text, names))
    return mask


def add_status(facts: pd.DataFrame, body: pd.DataFrame, found: Recognised) -> dict[str, str]:
    """Sets `status` (live, paused; missing where nothing is told). Returns the headers it was read from, with
    "status"."""
    rule, places = found.ways.status, status_columns(found)
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


def status_columns(found: Recognised) -> list[int]:
    """Positions of the columns that tell whether a row is live."""
    rule = found.ways.status
    return positions(found.header.cells, rule.columns) if rule else []


def _other_kind(body: pd.DataFrame, header: Sequence[str], ways: Conventions) -> pd.Series[bool]:
    if ways.rows is None:
        return pd.Series(False, index=body.index)
    other = ~is_kind(body, header, ways.rows, ways.rows.keep)
    for name, wanted in ways.rows.only.items():
        for at in positions(header, (name,)):
            other |= ~where_text(body[at], partial(_among, wanted=wanted))
    return other


def _among(text: pd.Series[str], wanted: Sequence[str]) -> pd.Series[bool]:
    return text.map(same_name).isin({same_name(one) for one in wanted})


def _wordless(body: pd.DataFrame, columns: dict[str, int], level: str) -> pd.Series[bool]:
    """Of a report of keywords the rows that name neither keyword nor id, of search terms those without one:
    sums of plans or units."""
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

    texts = {at for name, at in columns.items() if name in ("date", "period_start", *NAMED)}
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
    """True where campaign and ad group are blank: a keyword that merely reads `Total: x` has both. Where the
    table has neither, the match type tells, which no total has."""
    blank = pd.Series(True, index=body.index)
    places = tuple(name for name in PLACE_NAMES if name in columns)
    for name in places or ("match_type",):
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


def _is_sum(rows: pd.DataFrame, others: pd.DataFrame, day: pd.Series[pd.Timestamp] | None) -> pd.Series[bool]:
    """True where each of the figures is the sum of the others', or of the others of the same day."""
    equal = pd.Series(len(others) > 0, index=rows.index)
    for name in SUMS:
        if name not in rows.columns:
            continue
        if day is None:
            wanted = pd.Series(others[name].sum(), index=rows.index)
        else:
            wanted = day[rows.index].map(others[name].groupby(day[others.index]).sum())
        close = np.isclose(rows[name].fillna(0), wanted, rtol=COST_ROUNDED if name == "cost" else 1e-9)
        equal &= close | rows[name].isna()
    return equal


def _kind(name: str) -> str:
    return FACTS[name].kind if name in FACTS else "text"


def rows_beyond_belief(facts: pd.DataFrame) -> pd.Series[str]:
    """Row of the file → what is said of it, for the rows whose orders and revenue are not to be believed.

    `facts`: canonical facts of one report. Not believed is a row that outweighs all others and lies far from
    its kind. x = log of revenue per order, or of orders per click, of each row that has both. A row is far
    from its kind where x lies more than FAR robust standard deviations above the median of the account, and
    above those of its own item and of its own word where they have enough rows. The scale is 1.4826 × the
    median absolute deviation, at least LEAST_SCALE. Such rows are held only where together they outweigh all
    the other rows of the file: less than that moves no list by much, and a large order may be true. Hampel
    1974 (median and MAD).
    """
    told: dict[int, Text] = {}
    for top, bottom in RATIOS:
        if top in facts and bottom in facts:
            far = _far(facts, top, bottom)
            if far.any() and facts.loc[far, top].sum() > facts.loc[~far, top].clip(lower=0).sum():
                told |= {int(row): _said(facts, int(row), top, bottom) for row in facts.index[far]}
    return pd.Series(told, dtype=object)


def held_back(facts: pd.DataFrame, rows: pd.Index) -> pd.DataFrame:
    """The facts with the orders and revenue of these rows unknown."""
    hit = facts.index.isin(rows)
    return facts.assign(**{name: facts[name].mask(hit) for name in UNKNOWN if name in facts})


def _far(facts: pd.DataFrame, top: str, bottom: str) -> pd.Series[bool]:
    both = (facts[top] > 0) & (facts[bottom] > 0)
    logs: pd.Series[float] = (facts[top] / facts[bottom]).where(both).map(np.log, na_action="ignore")
    if both.sum() < ENOUGH_ROWS:
        return both & False
    middle = logs.median()
    scale = max(1.4826 * float((logs - middle).abs().median()), LEAST_SCALE)
    far: pd.Series[bool] = (logs - middle) > FAR * scale
    for names in (NAMED_ITEM, WORD):
        known = [name for name in names if name in facts]
        if known and far.any():
            groups = logs.groupby([facts[name] for name in known], dropna=False)
            near = (logs - groups.transform("median")) <= FAR * scale
            far &= ~(near & (groups.transform("count") >= ENOUGH_OF_A_KIND))
    return far


def _said(facts: pd.DataFrame, row: int, top: str, bottom: str) -> Text:
    figure, of = float(facts[top].loc[row]), float(facts[bottom].loc[row])
    usual = float((facts[top] / facts[bottom])[(facts[top] > 0) & (facts[bottom] > 0)].median())
    said = {
        "revenue": Text(
            f"成交金额 {figure:,.2f}（{of:,.4g} 笔），平时每笔约 {usual:,.2f}",
            f"revenue {figure:,.2f} of {of:,.4g} orders, where an order usually brings {usual:,.2f}",
        ),
        "conversions": Text(
            f"{of:,.4g} 次点击成交 {figure:,.4g} 笔，平时每次点击约 {usual:,.3f} 笔",
            f"{figure:,.4g} orders of {of:,.4g} clicks, where a click usually brings {usual:,.3f}",
        ),
    }[top]
    return Text(
        f"{said.zh}：不可信，这一行的成交不计入；请核对并改正后再运行",
        f"{said.en}: beyond belief, so the orders of this row do not count; check it, mend it and run again",
    )


def placement_increases(raw: pd.DataFrame, found: Recognised) -> pd.DataFrame:
    """By how much a campaign raises its bids on a placement: platform, campaign_id, campaign, placement (as
    the file names it) and increase (share), a row for each of the table's rows (raw: all of them) that states
    one.

    Such rows are no facts, as their clicks are counted with the words.
    """
    kinds, header = found.ways.rows, found.header.cells
    empty = pd.DataFrame(
        {name: pd.Series(dtype=float if name == "increase" else TEXT) for name in PLACEMENTS}
    )
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
    return told[stated].reindex(columns=list(PLACEMENTS)).reset_index(drop=True)
