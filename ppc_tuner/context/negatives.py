"""Negatives that stand already: which words and search terms they block, as platforms match them.

exact: the same words, no others. phrase: its words in a row. broad: all its words in any order. None of them
matches close variants, so neither plural nor spelling is guessed at (Google has blocked misspellings of a
negative since 2024: less is found here than is blocked there). Where no match type is told its signs do, [a]
or "a"; without any it is broad, as on the platforms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from ppc_tuner.context.cells import texts
from ppc_tuner.context.reading import RawTable
from ppc_tuner.identity import PLACE_NAMES, folded
from ppc_tuner.phrases import units_of
from ppc_tuner.text import Text

NEGATIVES: Final = ("text", "match", *PLACE_NAMES)
# How exports write match types: Exact match, negativePhrase, 精确.
MATCHES: Final = {"exact": "exact|精确", "phrase": "phrase|短语|词组"}
# So many conflicts are named.
SHOWN: Final = 5
EXACT_SIGN: Final = r"^\s*\[(.*)\]\s*$"
PHRASE_SIGN: Final = r'^\s*"+(.*?)"+\s*$'


def negatives_of(tables: list[RawTable]) -> pd.DataFrame:
    """The negatives of all lists: NEGATIVES, each once; places as compared, blank where they hold for all."""
    parts = [_read(table) for table in tables if table.kind == "negatives"]
    if not parts:
        return pd.DataFrame({name: pd.Series(dtype="str") for name in NEGATIVES})
    return pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)


def with_reported(negatives: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """The negatives of the tables and those that exports list (reports.NEGATIVES, of one account), each
    once."""
    if reported.empty:
        return negatives
    read = _as_compared({name: reported[name] for name in map(str, reported)})
    return pd.concat([negatives, read], ignore_index=True).drop_duplicates(ignore_index=True)


def _read(table: RawTable) -> pd.DataFrame:
    return _as_compared({name: texts(table.frame[name], name, table.place) for name in map(str, table.frame)})


def _as_compared(cells: Mapping[str, pd.Series]) -> pd.DataFrame:
    word = cells["negative_keyword"]
    blank = pd.Series(np.nan, index=word.index, dtype="str")
    exact, phrase = word.str.extract(EXACT_SIGN)[0], word.str.extract(PHRASE_SIGN)[0]
    said = folded(cells.get("negative_match", blank))
    match = pd.Series("broad", index=word.index, dtype="str")
    match = match.mask(phrase.notna(), "phrase").mask(exact.notna(), "exact")
    match = match.mask(said.str.contains("broad|广泛").fillna(False).astype(bool), "broad")
    for name, written in MATCHES.items():
        match = match.mask(said.str.contains(written).fillna(False).astype(bool), name)
    read = pd.DataFrame(
        {"text": folded(exact.fillna(phrase).fillna(word)), "match": match}
        | {name: folded(cells.get(name, blank)).fillna("") for name in PLACE_NAMES}
    )
    return read[read["text"].notna()]


def blocked_now(figures: pd.DataFrame, negatives: pd.DataFrame) -> pd.Series:
    """The negative that blocks each row as it is typed in, [a], "a" or a; missing where none does (n,).

    `figures`: n keywords or search terms; of keywords what they are is looked at, and the searches that a
    phrase or broad keyword buys beside may be blocked or not.
    """
    blocked = pd.Series(np.nan, index=figures.index, dtype="str")
    of_terms = "search_term" in figures and figures["level"].eq("search_term").any()
    said = folded(figures["search_term" if of_terms else "keyword"].astype("str")).fillna("")
    text, different = pd.factorize(said)
    pairs = _matching(pd.Series(different, dtype="str"), negatives)
    here = pd.DataFrame({"row": np.arange(len(figures)), "text": text})
    for name in PLACE_NAMES:
        here[name] = folded(figures[name].astype("str")).fillna("").to_numpy() if name in figures else ""
    here = here[here["text"].isin(pairs["text"])].merge(pairs, on="text")
    for name in PLACE_NAMES:
        here = here[here[f"negative_{name}"].eq("") | here[f"negative_{name}"].eq(here[name])]
    first = here.sort_values(["row", "negative"]).drop_duplicates("row")
    blocked.iloc[first["row"].to_numpy()] = _typed(negatives).to_numpy()[first["negative"].to_numpy()]
    return blocked


def conflicts_said(rows: pd.DataFrame) -> list[Text]:
    """Which keywords or search terms sold although a negative blocks them now; nothing where none did.

    `rows`: n decision rows of one level with figures and what is given.
    """
    if "blocked_now" not in rows:
        return []
    sold = rows[rows["blocked_now"].notna() & rows["conversions"].gt(0)]
    if sold.empty:
        return []
    of_terms = sold["level"].eq("search_term").all()
    most = sold.sort_values("conversions", ascending=False, kind="stable").head(SHOWN)
    named = zip(most["search_term" if of_terms else "keyword"], most["blocked_now"], strict=True)
    pairs = [Text(f"{negative} 挡住 {word}", f"{negative} blocks {word}") for word, negative in named]
    more = len(sold) > len(pairs)
    zh, en = "；".join(pair.zh for pair in pairs), "; ".join(pair.en for pair in pairs)
    what = Text("搜索词", "search terms") if of_terms else Text("关键词", "keywords")
    count, orders = len(sold), sold["conversions"].sum()
    return [
        Text(
            f"{count:,} 个成交过的{what.zh}被已有的否词挡住，报表里成交 {orders:,.0f} 笔："
            f"{zh}{'……' if more else ''}",
            f"negatives block {what.en} that sold: {count:,}, with {orders:,.0f} orders in the report: "
            f"{en}{' …' if more else ''}",
        )
    ]


def _matching(texts_typed: pd.Series, negatives: pd.DataFrame) -> pd.DataFrame:
    """Pairs of a text (position) and a negative (row) that matches it, with the place of the negative."""
    where, unit, words = units_of(pd.concat([texts_typed, negatives["text"]], ignore_index=True))
    count = len(texts_typed)
    # Signs are no words to the platforms.
    plain = ~words.str.fullmatch(r"[^\w]").to_numpy(dtype=bool)[unit]
    order = np.flatnonzero(plain)[np.argsort(where[plain], kind="stable")]
    where, unit = where[order], unit[order]
    at = np.arange(len(where)) - np.searchsorted(where, where)
    units = pd.DataFrame({"of": where, "unit": unit, "at": at})
    typed, named = units[where < count], units[where >= count]
    named = named.assign(of=named["of"] - count)
    size = np.bincount(named["of"], minlength=len(negatives))
    # By its rarest word each negative finds the few texts that it can match.
    often = np.bincount(typed["unit"], minlength=len(words))
    rarest = named.assign(often=often[named["unit"]]).sort_values(["of", "often"]).drop_duplicates("of")
    may = typed[["of", "unit"]].merge(rarest[["of", "unit"]], on="unit", suffixes=("", "_named"))
    may = may[["of", "of_named"]].drop_duplicates()
    both = may.merge(typed, on="of").merge(
        named.rename(columns={"of": "of_named", "at": "at_named"}), on=["of_named", "unit"]
    )
    key = ["of", "of_named"]
    words_held = both.drop_duplicates([*key, "at_named"]).groupby(key).size()
    in_a_row = both.assign(shift=both["at"] - both["at_named"]).groupby([*key, "shift"]).size()
    in_a_row = in_a_row.groupby(level=key).max().reindex(words_held.index)
    found = words_held.index.to_frame(index=False)
    wanted = size[found["of_named"]]
    match = negatives["match"].to_numpy()[found["of_named"]]
    alone = np.bincount(typed["of"], minlength=count)[found["of"]] == wanted
    row = in_a_row.to_numpy() == wanted
    hit = np.where(match == "broad", words_held.to_numpy() == wanted, row & (alone | (match == "phrase")))
    found = found[hit].set_axis(["text", "negative"], axis=1)
    places = negatives[list(PLACE_NAMES)].add_prefix("negative_")
    matching: pd.DataFrame = found.join(places, on="negative")
    return matching


def _typed(negatives: pd.DataFrame) -> pd.Series:
    """The negatives with the signs of their match types."""
    text, match = negatives["text"], negatives["match"]
    return text.mask(match.eq("exact"), "[" + text + "]").mask(match.eq("phrase"), '"' + text + '"')
