"""What makes two rows the same account, campaign, ad group, item or word, and how their texts are
compared."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

# The columns that name each thing, its id before its name. A row is the same thing where all that it tells
# agree.
ACCOUNT: Final = ("platform", "account", "currency")
CAMPAIGN: Final = ("campaign_id", "campaign")
AD_GROUP: Final = ("ad_group_id", "ad_group")
PLACE: Final = (*CAMPAIGN, *AD_GROUP)
ITEM: Final = ("item_id",)
# Within one export an item without an id goes by its title.
NAMED_ITEM: Final = (*ITEM, "item")
# What is bought, and what was typed.
KEYWORD: Final = ("keyword_id", "keyword", "match_type")
SEARCH_TERM: Final = ("search_term",)
# A platform may bid on these apart: the same word then has a row for each.
SPLIT: Final = ("channel", "device")
# All that tells two rows of one day and level apart.
ROW: Final = (*ACCOUNT, *SPLIT, *PLACE, *ITEM, *KEYWORD, *SEARCH_TERM)
# A word that bears a bid, whatever it was shown on.
BID_ON: Final = ("platform", "account", *PLACE, *ITEM, *KEYWORD)
# The columns that hold a word or stand for it. The match type says how it is bought, not what it is.
WORD: Final = ("keyword_id", "keyword", *SEARCH_TERM)
# Campaign and ad group as people call them.
PLACE_NAMES: Final = ("campaign", "ad_group")
# Where both sides of a comparison carry an id it replaces the name: names are changed, ids are not.
NAME_OF: Final = {"campaign_id": "campaign", "ad_group_id": "ad_group"}

# What a word and its place are called. Ids are left out: a new id makes no other word.
CALLED: Final = (*SPLIT, *PLACE_NAMES, "item", "keyword", "match_type", *SEARCH_TERM)
IDS: Final = ("campaign_id", "ad_group_id", "item_id", "keyword_id")
# Days that a row may carry, and columns that say where it stood and not what it says.
DAYS: Final = ("date", "period_start", "period_end")
WHERE_IT_STOOD: Final = ("source_row",)
# Odd, so that no bit of a hash is lost when it is multiplied.
SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)

# Around a word (`"a b"`, `[a b]`) or before each of its parts (`+a +b`).
MATCH_SYNTAX: Final = r'^["\[]+|["\]]+$|(?:^|(?<=\s))\+(?=\S)'
SPACES: Final = r"[\s\u00a0\u3000]+"
# No one sees these: soft hyphen, joiners and spaces of no width, direction marks, the mark of byte order.
NO_WIDTH: Final = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF)
# Full-width letters and half-width kana mean what the usual ones mean.
WIDTHS: Final = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF00, 0xFFEF)}
SEEN_ALIKE: Final = WIDTHS | dict.fromkeys(NO_WIDTH, "")
# Texts that are folded already: nearly all that platforms export. Small letters, digits, signs of ASCII and
# Chinese characters, single spaces.
FOLDED: Final = r"[!-@\[-~\u4e00-\u9fff]+(?: [!-@\[-~\u4e00-\u9fff]+)*"
# Names and typed words keep their letters: only spaces may differ.
SPACED: Final = ("account", "campaign", "ad_group", "search_term")


def same_spaces(text: pd.Series[str]) -> pd.Series[str]:
    """Single spaces, none around."""
    return text.str.replace(SPACES, " ", regex=True).str.strip()


def as_seen(text: pd.Series[str]) -> pd.Series[str]:
    """Texts without what nobody sees: signs of no width, kinds of spaces, full-width letters and half-width
    kana, and accents written as signs of their own; missing stays missing."""
    return same_spaces(text.str.translate(SEEN_ALIKE).str.normalize("NFC"))


def row_numbers(frame: pd.DataFrame, names: Iterable[str]) -> NDArray[np.int64]:
    """A number for what each row says in these columns (n,), from 0 in order of appearance; a missing text is
    one like others. Only for rows of one frame: another's have numbers of their own."""
    number = np.zeros(len(frame), dtype=np.int64)
    for name in names:
        code, different = pd.factorize(frame[name], use_na_sentinel=False)
        # Numbered anew each time, so that products stay small.
        number = pd.factorize(number * (len(different) + 1) + code)[0].astype(np.int64)
    return number


def any_told(frame: pd.DataFrame, names: Iterable[str]) -> NDArray[np.bool_]:
    """Where any of these columns has a text (n,); a column that is not there has none."""
    told = np.zeros(len(frame), dtype=bool)
    for name in names:
        if name in frame:
            told |= frame[name].fillna("").ne("").to_numpy(dtype=bool)
    return told


def one_spelling(texts: pd.Series[str]) -> pd.Series[str]:
    """Spelling → the one to write instead, for those that look the same as a commoner one.

    `texts`: a column, or several below each other. Only spellings that change are in the result.
    """
    counts = texts.dropna().value_counts()
    spellings = pd.DataFrame({"text": counts.index.astype("str"), "rows": counts.to_numpy()})
    seen = as_seen(spellings["text"])
    # The commonest one stands for all; of equals the one that needs no cleaning, then the first by letters.
    order = spellings.assign(seen=seen, plain=seen == spellings["text"])
    order = order.sort_values(["rows", "plain", "text"], ascending=[False, False, True], kind="stable")
    first = order.groupby("seen", sort=False)["text"].transform("first")
    changed = first != order["text"]
    return pd.Series(first[changed].to_numpy(), index=order["text"][changed].to_numpy(), dtype="str")


def folded(text: pd.Series[str], *, width: bool = True) -> pd.Series[str]:
    """Words as they are compared: lower case, single spaces, none around; missing stays missing.

    width: one width for all letters too (Unicode NFKC: ＡＢＣ is abc), which makes words equal that mean the
    same to a buyer. Two exports of one account are compared without it: what the platform lists as two words
    stays two.
    """
    kept = text.str.fullmatch(FOLDED).fillna(False).to_numpy(dtype=bool) | text.isna().to_numpy()
    if kept.all():
        return text
    number, different = pd.factorize(text[~kept])
    plain = pd.Series(different, dtype="str")
    plain = same_spaces(plain.str.normalize("NFKC") if width else plain).str.casefold()
    found = text.copy()
    found[~kept] = plain.to_numpy(dtype=object)[number]
    return found


def without_match_syntax(text: pd.Series[str]) -> pd.Series[str]:
    """Words without the signs of their match type: `[a b]`, `"a b"` and `+a +b` become `a b`."""
    return text.str.replace(MATCH_SYNTAX, "", regex=True).str.strip()


def comparable(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the names and words of two exports in the form in which they are compared; no other
    column changes.

    Signs of the match type are dropped only where the column `match_type` tells it: else they are all that
    does.
    """
    plain = frame.copy(deep=False)
    for name in SPACED:
        if name in plain:
            plain[name] = same_spaces(plain[name])
    if "keyword" in plain:
        words = folded(plain["keyword"], width=False)
        plain["keyword"] = without_match_syntax(words) if "match_type" in plain else words
    return plain


def fingerprints(frame: pd.DataFrame) -> Hashes:
    """A number for what each row's word and place are called (n,), the same in every run and file.

    It does not depend on other rows, on the order of rows and columns, or on ids. A blank text and a column
    that is not there are the same.
    """
    return row_hashes(frame, CALLED)


def what_is_sold(rows: pd.DataFrame) -> pd.Series:
    """What each row sells (n,): its item; where that is not known its campaign, as other campaigns may sell
    other things."""
    sold = pd.Series("", index=rows.index, dtype="str")
    for mark, names in (("campaign", CAMPAIGN), ("item", NAMED_ITEM)):
        for name in reversed([name for name in names if name in rows]):
            known = rows[name].notna() & rows[name].ne("")
            sold = sold.mask(known, f"{mark} " + rows[name].astype("str"))
    return sold


def in_own_order(facts: pd.DataFrame, last_day: pd.Series) -> pd.DataFrame:
    """The rows in an order that follows from what they say: by level, by the last day they cover (`last_day`,
    n dates, undated first), word by word, then by figures.

    Sums of floats depend on the order of their parts, and so does whoever comes first; a list must not depend
    on how the rows of a file happened to be sorted. The index is kept.
    """
    level = pd.factorize(facts["level"], sort=True)[0] if "level" in facts else np.zeros(len(facts))
    figures = [name for name in sorted(map(str, facts.select_dtypes("number"))) if name not in WHERE_IT_STOOD]
    day = row_hashes(facts, [name for name in DAYS if name in facts])
    ids = row_hashes(facts, IDS)
    # Ids come last: they tell only rows apart that are otherwise alike.
    last = last_day.to_numpy(dtype="datetime64[us]").astype("int64")
    return facts.iloc[np.lexsort((ids, row_hashes(facts, figures), day, fingerprints(facts), last, level))]


def row_hashes(frame: pd.DataFrame, names: Iterable[str]) -> Hashes:
    """A number for what each row says in these columns (n,), the same in every run and file; a column that is
    not there and a blank are the same."""
    mixed = np.zeros(len(frame), dtype=np.uint64)
    for name in names:
        mixed *= SPREAD
        if name in frame:
            mixed += _hashes(frame[name])
    return mixed


def _hashes(values: pd.Series) -> Hashes:
    if pd.api.types.is_string_dtype(values) or values.dtype == object:
        texts = values.astype("str").fillna("")
        codes, unique = pd.factorize(texts)
        hashed = pd.util.hash_array(np.asarray(unique, dtype=object), categorize=False)
        return np.where(np.asarray(unique, dtype=object) == "", np.uint64(0), hashed)[codes]
    known = values.notna().to_numpy()
    if pd.api.types.is_datetime64_any_dtype(values):
        values = values.astype("datetime64[us]").astype("int64")
    # Minus zero and zero are one figure.
    numbers = values.to_numpy(dtype=float, na_value=0.0) + 0.0
    return np.where(known, pd.util.hash_array(numbers), np.uint64(0))


def remembered_by(rows: pd.DataFrame) -> Hashes:
    """A number for each row (n,) by which it is known again in the lists of other weeks: its level, account,
    place, item and word. A campaign or ad group with an id may be renamed; a word goes by its text."""
    places = {
        identifier: _id_or_name(rows, identifier, name)
        for identifier, name in NAME_OF.items()
        if identifier in rows or name in rows
    }
    names = ("level", *ACCOUNT, *SPLIT, *NAME_OF, *ITEM, "keyword", "match_type", *SEARCH_TERM, "fragment")
    return row_hashes(rows.assign(**places), names)


def _id_or_name(rows: pd.DataFrame, identifier: str, name: str) -> pd.Series[str]:
    nothing = pd.Series("", index=rows.index, dtype="str")
    given = rows[identifier].astype("str").fillna("") if identifier in rows else nothing
    named = rows[name].astype("str").fillna("") if name in rows else nothing
    return given.mask(given.eq(""), named)
