"""The kind of a keyword, relative to the main word of its item (advice A5).

head: broader than the main word, which contains it · core: the main word · long_tail: the main word plus
attributes · brand: contains a word of the brand list · other: none of these. Containment is by characters in
Chinese, Japanese and Korean and by words elsewhere, in any order, so 男短款羽绒服 is a long-tail word of
羽绒服男.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ppc_tuner.identity import AD_GROUP, CAMPAIGN, NAMED_ITEM
from ppc_tuner.live import was_shown
from ppc_tuner.settings import Settings
from ppc_tuner.targeting import is_target
from ppc_tuner.text import TOKEN


def kinds_of(
    figures: pd.DataFrame,
    given: pd.DataFrame,
    brand_words: Sequence[str],
    settings: Settings,
    own_brands: Sequence[str] = (),
) -> pd.DataFrame:
    """The columns of columns.WORD_KINDS, n rows; word_rank only where ages are known, own_brand only where
    words of the own brand are.

    `figures`, `given`: n rows each; `brand_words`, of other firms, and `own_brands`: texts in any case and
    width. A word of the own brand is none of another's. Whose brand a search term names is looked for in what
    was typed, all else in its keyword. A main word that is not given is guessed. Candidates have at least
    main_word_share of the item's clicks, and the item's title, if known, holds all their tokens. The main
    word is the most specific candidate that at least half of the item's words contain, else the most clicked.
    """
    group = ad_keys(figures)
    clicks = figures["clicks"].fillna(0)
    total = clicks.groupby(group).transform("sum")
    share = pd.Series(np.where(total > 0, clicks / total.where(total > 0), np.nan), index=figures.index)
    # A target is no word, and what is like it is no reason to call a word long-tail or head.
    target = is_target(figures)
    words = _tokens(figures["keyword"].mask(target, ""))
    main_word = _guessed_main_words(figures, group, words, share >= settings.main_word_share)
    if "main_word_given" in given:
        main_word = given["main_word_given"].fillna(main_word)
    kind = _kind_by_main_word(words, main_word)
    typed = _of_terms(figures)
    said = figures["search_term"] if typed else figures["keyword"].mask(target)
    own = contains_any(said, own_brands)
    others = contains_any(said, brand_words) & ~own
    kind = kind.mask(others, "brand")
    if "kind_given" in given:
        kind = given["kind_given"].fillna(kind)
    kind, main_word = kind.mask(target), main_word.mask(target)
    if typed:
        kind = kind.mask(others, "brand")
    kinds = pd.DataFrame({"ad_key": group, "main_word": main_word, "kind": kind, "traffic_share": share})
    if own_brands:
        kinds["own_brand"] = own.astype("boolean")
    if "age" in given:
        kinds["word_rank"] = _rank_in_campaign(figures, kind)
    return kinds


def _of_terms(figures: pd.DataFrame) -> bool:
    """Whether these rows are of search terms."""
    return "level" in figures and bool(figures["level"].eq("search_term").any())


def _rank_in_campaign(rows: pd.DataFrame, kind: pd.Series) -> pd.Series:
    """Rank 1, 2, 3 … within each campaign (advice A7): main words first, then by clicks."""
    campaign = _first_known(rows, CAMPAIGN).fillna("")
    order = pd.DataFrame(
        {"campaign": campaign, "later": kind.ne("core"), "clicks": -rows["clicks"].fillna(0)}
    )
    places = order.sort_values(["later", "clicks"], kind="stable").groupby("campaign").cumcount() + 1.0
    return places.reindex(rows.index)


def ad_keys(rows: pd.DataFrame) -> pd.Series:
    """The ad each word belongs to (n,): its item if known, else its ad group; each channel by itself
    (A12)."""
    empty = pd.Series("", index=rows.index, dtype="str")
    item = _first_known(rows, NAMED_ITEM)
    campaign, ad_group = (_first_known(rows, names).fillna("") for names in (CAMPAIGN, AD_GROUP))
    name = item.fillna(campaign.str.cat(ad_group, sep=" / "))
    channel = rows["channel"].fillna("").astype("str") if "channel" in rows else empty
    keys: pd.Series = name.str.cat(channel, sep=" · ")
    return keys


def _first_known(rows: pd.DataFrame, names: Sequence[str]) -> Any:
    known: Any = pd.Series(np.nan, index=rows.index, dtype="str")
    for name in (name for name in names if name in rows):
        known = known.where(known.notna(), rows[name].astype("str").mask(rows[name] == ""))
    return known


def contains_any(texts: pd.Series, words: Sequence[str]) -> pd.Series:
    """Whether each text holds one of the words, in any case and width; Latin words only as whole words."""
    wanted = [
        word for word in (unicodedata.normalize("NFKC", word).casefold().strip() for word in words) if word
    ]
    if not wanted:
        return pd.Series(False, index=texts.index)
    unique = pd.Series(texts.dropna().unique(), dtype="str")
    # Letters or digits next to a Latin word make it another word; Chinese characters do not.
    pattern = "|".join(
        f"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if word.isascii() else re.escape(word)
        for word in wanted
    )
    hit = unique.str.normalize("NFKC").str.casefold().str.contains(pattern, regex=True)
    return texts.isin(unique[hit])


def _tokens(texts: pd.Series) -> pd.DataFrame:
    """The distinct tokens of each text: row (position of the text, from 0), token."""
    folded = texts.reset_index(drop=True).astype("str").str.normalize("NFKC").str.casefold()
    codes, unique = pd.factorize(folded)
    exploded = pd.Series(unique, dtype="str").str.findall(TOKEN).explode().dropna()
    tokens = pd.DataFrame(
        {"text": exploded.index, "token": exploded.astype("str").to_numpy()}
    ).drop_duplicates()
    return pd.DataFrame({"text": codes, "row": np.arange(len(codes))}).merge(tokens, on="text")[
        ["row", "token"]
    ]


def _sizes(words: pd.DataFrame, rows: int) -> pd.Series:
    return words["row"].value_counts().reindex(range(rows), fill_value=0).sort_index()


def _shared(words: pd.DataFrame, others: pd.DataFrame, rows: int) -> pd.Series:
    """How many tokens of each row's word its other text also has."""
    return _sizes(words.merge(others, on=["row", "token"]), rows)


def _guessed_main_words(
    rows: pd.DataFrame, group: pd.Series, words: pd.DataFrame, frequent: pd.Series
) -> pd.Series:
    count = len(rows)
    size = _sizes(words, count).to_numpy()
    fits = (size > 0) & (rows["clicks"] > 0).to_numpy()
    # A word that was never shown has no say in what the item is about.
    titled = was_shown(rows)
    if "item" in rows:
        in_title = _shared(words, _tokens(rows["item"]), count).to_numpy() == size
        titled = titled & (in_title | rows["item"].isna().to_numpy())
    candidate = fits & titled & frequent.to_numpy()
    held = candidate & (_held_by(words, group, candidate, titled) >= 0.5)
    score = pd.DataFrame(
        {
            "group": group.to_numpy(),
            "keyword": rows["keyword"].to_numpy(),
            "candidate": candidate,
            "size": np.where(held, size, 0),
            "clicks": rows["clicks"].to_numpy(),
        }
    )[fits]
    best = score.sort_values(["candidate", "size", "clicks"], ascending=False, kind="stable").drop_duplicates(
        "group"
    )
    return group.map(best.set_index("group")["keyword"]).astype("str")


def _held_by(words: pd.DataFrame, group: pd.Series, candidate: Any, counted: Any) -> Any:
    """Share of the item's counted words that hold all tokens of the row's word; 0 for rows not candidates."""
    codes = pd.factorize(group)[0]
    tokens = words.assign(group=codes[words["row"]])[counted[words["row"]]]
    chosen = tokens[candidate[tokens["row"]]].rename(columns={"row": "chosen"})
    met = chosen.merge(tokens, on=["group", "token"])
    shared = met.groupby(["chosen", "row"], sort=False).size()
    whole = shared == _sizes(words, len(group)).reindex(shared.index.get_level_values("chosen")).to_numpy()
    holders = whole.groupby(level="chosen").sum().reindex(range(len(group)), fill_value=0)
    return holders.to_numpy() / np.maximum(np.bincount(codes, counted)[codes], 1)


def _kind_by_main_word(words: pd.DataFrame, main_word: pd.Series) -> pd.Series:
    count = len(main_word)
    main = _tokens(main_word)
    main = main[main["row"].isin(np.flatnonzero(main_word.notna()))]
    size, main_size = _sizes(words, count).to_numpy(), _sizes(main, count).to_numpy()
    shared = _shared(words, main, count).to_numpy()
    holds_main, in_main = shared == main_size, shared == size
    choices = [(main_size == 0) | (size == 0), holds_main & in_main, in_main, holds_main]
    kind = np.select(choices, ["other", "core", "head", "long_tail"], default="other")
    return pd.Series(kind, index=main_word.index, dtype="str")
