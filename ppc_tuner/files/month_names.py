"""Months in the languages of ad platforms, replaced by the English abbreviations that dates are read with.

Names and abbreviations come from Unicode CLDR through babel, which is loaded only where a name is not
English.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import pandas as pd

ENGLISH: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
IN_FULL: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
ENGLISH_NAMES: Final = {
    name.lower(): number for names in (ENGLISH, IN_FULL) for number, name in enumerate(names, 1)
} | {"sept": 9}
# What a name means where two languages disagree and the column does not tell: `listopada` is November in
# Polish and October in Croatian. These are the languages of the marketplaces that export the most.
USUAL: Final = ("en", "es", "pt", "fr", "it", "de", "de_AT", "nl", "sv", "pl", "tr", "ru")
# Further languages of Google Ads and Amazon whose calendar is the Gregorian and whose months are words.
FURTHER: Final = (
    "ar", "bg", "ca", "cs", "da", "el", "et", "fi", "fil", "hr", "hu", "id", "lt", "lv", "ms", "nb", "ro",
    "sk",
    "sl", "sr", "sr_Latn", "uk",
)  # fmt: skip
# Spellings that exports use and CLDR does not have.
ALSO: Final = {
    "en": {"sept": 9}, "es": {"setiembre": 9}, "fr": {"fév": 2}, "it": {"sett": 9},
    "de": {"maerz": 3, "mrz": 3},
    "ru": {"сен": 9, "ноя": 11},
}  # fmt: skip
# Chinese, Japanese and Korean months are numbers: their words need no looking up.
WORDS: Final = r"[^\W\d_\u2e80-\uffff]{3,}"
# The shortest names have three letters. A word that merely begins like a month is another word.
NOT_IN_A_WORD: Final = r"(?<![^\W\d_])({})(?![^\W\d_])\.?"
# `1. Sept. 2026`, `1 de mayo de 2026`, `1 d’abril`, `1 мая 2026 г.`, `1 липня 2026 р.`
POINT_AFTER_NUMBER: Final = r"(\d)\.(?=\s|$)"
BETWEEN: Final = r"\s(?:de|del|[гр]\.?)(?=\s|$)|(?<=\s)d['’](?=\w)"


def with_english_months(text: pd.Series[str]) -> pd.Series[str]:
    """Dates (texts) with their months in English: `1. Sept. 2026` as `1 Sep 2026`, `1 мая 2026 г.` too.

    Same index. The languages that know every month of the column decide what each means, else all languages
    do. A name that then still stands for two months is left as it is, unless the usual languages agree on it.
    """
    words = set(text.str.findall(WORDS).explode().dropna().str.lower())
    if not words:
        return text
    months = ENGLISH_NAMES if words <= ENGLISH_NAMES.keys() else _months_of(text)
    plain = text.str.lower().str.replace(POINT_AFTER_NUMBER, r"\1", regex=True)
    plain = plain.str.replace(BETWEEN, "", regex=True)
    if months:
        plain = plain.str.replace(_any_of(months), lambda hit: ENGLISH[months[hit[1]] - 1], regex=True)
    return plain.astype("str")


def _months_of(text: pd.Series[str]) -> dict[str, int]:
    """The number (1 to 12) of each month named in a column; without names that stand for two."""
    names = _known_names()
    found = sorted(set(text.str.lower().str.findall(_any_of(names)).explode().dropna()))
    languages = [one for one in (*USUAL, *FURTHER) if all(one in names[name] for name in found)]
    meant = {name: _meaning(names[name], languages) for name in found}
    return {name: number for name, number in meant.items() if number}


def _meaning(by_language: dict[str, int], languages: list[str]) -> int:
    """The month of a name in these languages (none: in all); 0 where they and the usual ones disagree."""
    numbers = {language: by_language[language] for language in languages or by_language}
    usual = {number for language, number in numbers.items() if language in USUAL}
    possible = set(numbers.values())
    return next(iter(possible)) if len(possible) == 1 else next(iter(usual)) if len(usual) == 1 else 0


def _any_of(names: dict[str, int] | dict[str, dict[str, int]]) -> str:
    return NOT_IN_A_WORD.format("|".join(sorted(names, key=len, reverse=True)))


@cache
def _known_names() -> dict[str, dict[str, int]]:
    """Lower-case name or abbreviation of a month → language → its number; also as written without accents."""
    from babel import Locale

    names: dict[str, dict[str, int]] = {}
    for language in (*USUAL, *FURTHER):
        months = Locale.parse(language).months
        written = [
            (str(name).lower().rstrip(".").replace("’", " ").split(" ")[-1], number)
            for context in ("format", "stand-alone")
            for width in ("wide", "abbreviated")
            for number, name in months[context][width].items()
        ]
        for name, number in (*written, *ALSO.get(language, {}).items()):
            for spelling in (name, _without_accents(name)):
                names.setdefault(spelling, {})[language] = number
    return names


def _without_accents(name: str) -> str:
    letters = unicodedata.normalize("NFD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
