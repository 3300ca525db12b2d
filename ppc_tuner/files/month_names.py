"""Months as the platforms' languages write them, told to the one way that dates are read in."""

from __future__ import annotations

from typing import Final

import pandas as pd

ENGLISH: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The letters that a month's name or abbreviation begins with, in lower case, in Spanish, Portuguese, French, Italian,
# German, Dutch, Swedish, Polish, Turkish and Russian (Unicode CLDR, month names, wide and abbreviated).
BEGINNINGS: Final = (
    ("jan", "ene", "gen", "sty", "oca", "янв"),
    ("feb", "fev", "fév", "lut", "şub", "фев"),
    ("mar", "mär", "mrz", "maa", "mrt", "мар"),
    ("apr", "abr", "avr", "kwi", "nis", "апр"),
    ("may", "mai", "mag", "mei", "maj", "мая", "май"),
    ("jun", "juin", "giu", "cze", "haz", "июн"),
    ("jul", "juil", "lug", "lip", "tem", "июл"),
    ("aug", "ago", "aoû", "sie", "ağu", "авг"),
    ("sep", "set", "wrz", "eyl", "сен"),
    ("oct", "okt", "ott", "out", "paź", "eki", "окт"),
    ("nov", "lis", "kas", "ноя"),
    ("dec", "dez", "dic", "déc", "gru", "ara", "дек"),
)
MONTH_OF: Final = {name: ENGLISH[i] for i, names in enumerate(BEGINNINGS) for name in names}
WORD: Final = r"(?<![^\W\d_])(" + "|".join(sorted(MONTH_OF, key=len, reverse=True)) + r")[^\W\d_]*\.?"


def with_english_months(text: pd.Series[str]) -> pd.Series[str]:
    """Dates (texts) with `1. Sept. 2026`, `1 de mayo de 2026`, `1 мая 2026 г.` written as `1 Sep 2026`."""
    if not text.str.contains(r"[^\W\d_]{3}").fillna(False).any():
        return text
    plain = text.str.lower().str.replace(r"(\d)\.(?=\s)", r"\1", regex=True)
    plain = plain.str.replace(r"\s(?:de|del|г\.?)(?=\s|$)", "", regex=True)
    return plain.str.replace(WORD, lambda hit: MONTH_OF[hit.group(1)], regex=True).astype("str")
