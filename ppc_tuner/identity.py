"""What makes two rows the same account, campaign, ad group, item or word, and how their texts are
compared."""

from __future__ import annotations

from typing import Final

import pandas as pd

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

# Around a word (`"a b"`, `[a b]`) or before each of its parts (`+a +b`).
MATCH_SYNTAX: Final = r'^["\[]+|["\]]+$|(?:^|(?<=\s))\+(?=\S)'
SPACES: Final = r"[\s\u00a0\u3000]+"
# Names and typed words keep their letters: only spaces may differ.
SPACED: Final = ("account", "campaign", "ad_group", "search_term")


def same_spaces(text: pd.Series[str]) -> pd.Series[str]:
    """Single spaces, none around."""
    return text.str.replace(SPACES, " ", regex=True).str.strip()


def folded(text: pd.Series[str], *, width: bool = True) -> pd.Series[str]:
    """Words as they are compared: lower case, single spaces, none around; missing stays missing.

    width: one width for all letters too (Unicode NFKC: ＡＢＣ is abc), which makes words equal that mean the
    same to a buyer. Two exports of one account are compared without it: what the platform lists as two words
    stays two.
    """
    plain = text.str.normalize("NFKC") if width else text
    return same_spaces(plain).str.casefold()


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
