"""Months as the platforms' languages write them, told to the one way that dates are read in."""

from __future__ import annotations

from typing import Final

import pandas as pd

ENGLISH: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Names as they stand alone and within a date, and abbreviations, in lower case, in English, Spanish, Portuguese, French,
# Italian, German, Dutch, Swedish, Polish, Turkish and Russian (Unicode CLDR, month names, wide and abbreviated).
NAMES: Final = (
    "jan january januar jänner januari janeiro janvier janv ene enero gen gennaio sty styczeń stycznia oca ocak янв январь января",
    "feb february februar februari febrero febbraio fev fevereiro fév févr février fevrier lut luty lutego şub şubat фев февр февраль февраля",
    "mar march mars marzo março marco mär märz maerz mrz maart mrt marzec marca mart мар март марта",
    "apr april abr abril avr avril aprile kwi kwiecień kwietnia nis nisan апр апрель апреля",
    "may mayo mai maio mag maggio mei maj maja mayıs май мая",
    "jun june juni junio junho juin giu giugno cze czerwiec czerwca haz haziran июн июнь июня",
    "jul july juli julio julho juil juillet lug luglio lip lipiec lipca tem temmuz июл июль июля",
    "aug august augustus augusti ago agosto août aout sie sierpień sierpnia ağu ağustos авг август августа",
    "sep sept september septiembre setiembre set setembro sett settembre septembre wrz wrzesień września eyl eylül сен сент сентябрь сентября",
    "oct october okt oktober octubre out outubro ott ottobre octobre paź październik października eki ekim окт октябрь октября",
    "nov november noviembre novembro novembre lis listopad listopada kas kasım ноя нояб ноябрь ноября",
    "dec december dez dezember dezembro dic diciembre dicembre déc décembre decembre gru grudzień grudnia ara aralık дек декабрь декабря",
)
MONTH_OF: Final = {name: ENGLISH[i] for i, names in enumerate(NAMES) for name in names.split()}
# A word that merely begins like a month may be another month elsewhere: Finnish marraskuu is November.
WORD: Final = r"(?<![^\W\d_])(" + "|".join(sorted(MONTH_OF, key=len, reverse=True)) + r")(?![^\W\d_])\.?"


def with_english_months(text: pd.Series[str]) -> pd.Series[str]:
    """Dates (texts) with `1. Sept. 2026`, `1 de mayo de 2026`, `1 мая 2026 г.` written as `1 Sep 2026`."""
    if not text.str.contains(r"[^\W\d_]{3}").fillna(False).any():
        return text
    plain = text.str.lower().str.replace(r"(\d)\.(?=\s)", r"\1", regex=True)
    plain = plain.str.replace(r"\s(?:de|del|г\.?)(?=\s|$)", "", regex=True)
    return plain.str.replace(WORD, lambda hit: MONTH_OF[hit.group(1)], regex=True).astype("str")
