"""Words that could be added, from the lists of word tools (`candidates:` of the formats) or from a plain list
of words, one a line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, HeadRow, Skipped, Table, tables_of, walk
from ppc_tuner.files.table import TEXT
from ppc_tuner.identity import folded, without_match_syntax
from ppc_tuner.reports.cells import plain_text, read_column
from ppc_tuner.reports.recognise import (
    CANONICAL,
    Format,
    Recognised,
    all_formats,
    holds_own_list,
    list_of_candidates,
)
from ppc_tuner.text import Text

CANDIDATES: Final = (
    "search_term",
    "platform",
    "currency",
    "searches",
    "market_cpc",
    "market_ctr",
    "market_cvr",
    "candidate_from",
)
FIGURES: Final = ("searches", "market_cpc", "market_ctr", "market_cvr")
# No platform takes longer keywords, and no word tool proposes them.
LONGEST: Final = 80
LONGEST_LIST: Final = 200_000
# `5000 ~ 1万`, `1% ~ 2.5%`, `1K – 10K`: a figure, a sign, another figure.
RANGE: Final = r"^\s*([^~～–—至]*?\d[^~～–—至-]*?)\s*(?:[~～–—至]|(?<=[\d%KkMm万])\s*-)\s*[^-]*\d.*$"
UNIT: Final = r"^([\d.,]+)\s*([KkMm万千亿])$"
TIMES: Final = {"k": 1e3, "m": 1e6, "千": 1e3, "万": 1e4, "亿": 1e8}
# Codes of currencies before a price.
CODED: Final = r"^[A-Z]{3}\s*(?=[\d.,])"
# How word tools say that they do not know.
BLANK: Final = r"^(?:-+|—+|n/?a|无|暂无(?:数据)?)$"
KNOWN: Final = Text(
    "选词表：有“关键词”一列的表（流量解析、生意参谋、关键字规划师、建议关键词……），或一行一个词的文本",
    "a list with a column of keywords (Keyword Planner, suggested keywords, …), or one word a line",
)


def read_candidates(paths: Iterable[str | Path], formats: Iterable[str | Path | Format] = ()) -> pd.DataFrame:
    """The words of these lists: CANDIDATES, each text once for a platform, the first list that names it going
    before the others.

    `platform` is missing for plain lists, which hold for all. Money in `currency`, where the list tells it;
    of ranges the lower end of searches and the rates, of prices the dearer. Raises InputError (file, row)
    for a file that is no such list, and one without words.
    """
    declared = all_formats(formats)
    parts = []
    for found in walk(list(paths)):
        if isinstance(found, Skipped):
            continue
        part = _of_document(found, declared)
        if part.empty:
            raise _no_words(found.label)
        parts.append(part)
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in CANDIDATES})
    words = pd.concat(parts, ignore_index=True).reindex(columns=list(CANDIDATES))
    same = words["platform"].astype("str").fillna("") + "\n" + folded(words["search_term"])
    return words[~same.duplicated()].reset_index(drop=True)


def _of_document(document: Document, formats: Sequence[Format]) -> pd.DataFrame:
    encodings = list(dict.fromkeys(name for form in formats for name in form.encodings))
    tables = tables_of(document, encodings, one_column=True)
    if holds_own_list(document, [readings[0] for readings in tables]):
        raise _no_list(document.label, None)
    read = [part for readings in tables if (part := _of_table(readings, formats)) is not None]
    if not read:
        first = next((row for each in tables for row in each[0].head if any(row.cells)), None)
        raise _no_list(document.label, first)
    return pd.concat(read, ignore_index=True)


def _of_table(readings: Sequence[Table], formats: Sequence[Format]) -> pd.DataFrame | None:
    """The words of a table under the first encoding in which it is a list; None where it is none."""
    for table in readings:
        found = list_of_candidates(table, formats)
        if found is not None:
            return _listed(found)
    plain = readings[0]
    if plain.head and max(len(row.cells) for row in plain.head) == 1:
        words = plain.body(HeadRow(0, 0, ("",)))[0]
        return _cleaned(pd.DataFrame({"search_term": plain_text(words)}), plain.label)
    return None


def _listed(found: Recognised) -> pd.DataFrame:
    columns = found.match.columns
    names = [name for name in ("search_term", "currency", *FIGURES) if name in columns]
    body = found.table.body(found.header, sorted({columns[name] for name in names}))
    read = {}
    for name in names:
        cells = body[columns[name]]
        if name in FIGURES:
            cells = _plain_figures(cells, price=name == "market_cpc")
        header = found.header.cells[columns[name]]
        read[name] = read_column(name, cells, header, found.table.label, found.ways)
    frame = pd.DataFrame(read)
    constants = found.ways.constants
    if "currency" in frame or "currency" in constants:
        usual = constants.get("currency", np.nan)
        frame["currency"] = frame.get("currency", pd.Series(np.nan, frame.index, dtype="str")).fillna(usual)
    if found.form.id != CANONICAL:
        frame["platform"] = found.form.id
    return _cleaned(frame, found.table.label)


def _cleaned(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    """The rows that hold a word, without the signs of match types."""
    if len(frame) > LONGEST_LIST:
        raise InputError(
            Text("选词表太长", "the list of words is too long"),
            where=label,
            found=f"{len(frame):,}",
            expected=f"<= {LONGEST_LIST:,}",
            to_do=Text("先在选词工具里筛选，再导出", "filter in the word tool, then export"),
        )
    word = without_match_syntax(plain_text(frame["search_term"]).fillna(""))
    kept = word.str.len().between(1, LONGEST)
    named = frame.assign(search_term=word, candidate_from=Path(label).name)[kept.to_numpy(dtype=bool)]
    # A header that no format knows stands above a plain list.
    first = folded(named["search_term"].iloc[:1]).isin(["keyword", "keywords", "关键词", "搜索词", "词"])
    return named[~first.reindex(named.index, fill_value=False)]


def _plain_figures(cells: pd.Series, *, price: bool) -> pd.Series:
    """Figures without units and ranges: of a range the lower end, of prices the dearer; blank where not
    known."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells
    text = plain_text(cells).fillna("")
    text = text.mask(text.str.fullmatch(BLANK, case=False).fillna(False).astype(bool), "")
    if price:
        text = text.str.replace(r"^.*\d\s*(?:[~～–—至]|-)\s*(?=\S*\d)", "", regex=True)
        text = text.str.replace(CODED, "", regex=True)
    else:
        text = text.str.replace(RANGE, r"\1", regex=True)
    parts = text.str.extract(UNIT)
    known = parts[0].notna()
    if known.any():
        times = parts[1].str.lower().map(TIMES)
        figure = pd.to_numeric(parts[0].str.replace(",", ""), errors="coerce") * times
        text = text.mask(known, figure.astype("float64").map("{:.0f}".format))
    return text.astype(TEXT)


def _no_list(label: str, first: HeadRow | None) -> InputError:
    cells = [cell.strip()[:30] for cell in first.cells] if first else []
    return InputError(
        Text("不是选词表", "this is no list of words to add"),
        where=f"{label}:{first.row}" if first else label,
        found=",".join(cells[:14]) if cells else Text("没有词", "no words"),
        expected=KNOWN,
        to_do=Text(
            "给选词工具导出的文件，或一行写一个词；报表不用 --candidates，直接给出",
            "give a file of the word tool, or write one word a line; reports are given without --candidates",
        ),
    )


def _no_words(label: str) -> InputError:
    return InputError(
        Text("选词表里没有词", "the list of words holds none"),
        where=label,
        found=Text("0 个词", "0 words"),
        expected=KNOWN,
        to_do=Text("放宽筛选条件，重新导出", "widen the filter and export again"),
    )
