"""Words and names as they are compared: the same word may be written with other spaces, letters or signs of its match type."""

from __future__ import annotations

from typing import Final

import pandas as pd

# Signs that a match type is written with, around the words (`"a b"`, `[a b]`) or before each (`+a +b`).
MATCH_SYNTAX: Final = r'^["\[]+|["\]]+$|(?:^|(?<=\s))\+(?=\S)'
SPACES: Final = r"[\s\u00a0\u3000]+"
NAMES: Final = ("account", "campaign", "ad_group", "search_term")


def same_spaces(text: pd.Series[str]) -> pd.Series[str]:
    """Single spaces, none around."""
    return text.str.replace(SPACES, " ", regex=True).str.strip()


def without_match_syntax(text: pd.Series[str]) -> pd.Series[str]:
    return text.str.replace(MATCH_SYNTAX, "", regex=True).str.strip()


def as_compared(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with names and words in the form in which two exports are compared. Signs of the match type say nothing
    where a column tells it."""
    plain = frame.copy(deep=False)
    for name in NAMES:
        if name in plain:
            plain[name] = same_spaces(plain[name])
    if "keyword" in plain:
        words = same_spaces(plain["keyword"]).str.casefold()
        plain["keyword"] = without_match_syntax(words) if "match_type" in plain else words
    return plain
