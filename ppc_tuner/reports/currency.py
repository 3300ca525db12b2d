"""The currency of a report that has no column for it: from signs in the header or in the cells of its cost."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.files import money_signs
from ppc_tuner.text import Text

# Signs that stand for one currency only: `$` and `¥` do not, and `kr` neither (ISO 4217).
CODES: Final = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "S$": "SGD", "HK$": "HKD",
    "NT$": "TWD", "MX$": "MXN", "R$": "BRL", "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY",
    "₴": "UAH", "₪": "ILS", "฿": "THB", "₫": "VND", "元": "CNY", "円": "JPY", "zł": "PLN", "TL": "TRY", "руб.": "RUB",
    "руб": "RUB", "Rs": "INR", "Rs.": "INR", "RMB": "CNY", "人民币": "CNY", "美元": "USD", "欧元": "EUR", "日元": "JPY",
    "港元": "HKD", "港币": "HKD",
}  # fmt: skip
DOLLARS: Final = "$"
DOLLAR_CODES: Final = frozenset(code for sign, code in CODES.items() if sign.endswith(DOLLARS))
# Active codes of ISO 4217.
ISO_CODES: Final = frozenset(re.findall(
    r"[A-Z]{3}",
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE "
    "CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES "
    "KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR "
    "NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP "
    "TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW",
))  # fmt: skip
UNIT: Final = re.compile(r"[(（]\s*([^()（）]{1,6}?)\s*[)）]\s*$")
# A unit of money behind a header's name, which is NFKC and in lower case: (₹), (USD), (元), but not (万元).
_UNITS: Final = sorted(
    {unit.casefold() for unit in (*CODES, *ISO_CODES, "$", "¥", "kr", "р.")}, key=len, reverse=True
)
MONEY_UNIT: Final = re.compile(rf" ?\( ?(?:{'|'.join(map(re.escape, _UNITS))}) ?\)$")


def currency_told(header: str, cells: pd.Series[str], where: str) -> pd.Series[str] | str | None:
    """One currency of all rows, or one of each, or None where no sign tells; `$` where it is some dollar.

    header, cells: those of the cost. Raises InputError where cells carry different signs and one of them is not known.
    """
    unit = UNIT.search(header)
    in_header = _told(unit.group(1)) if unit else None
    if in_header or pd.api.types.is_numeric_dtype(cells.dtype):
        return in_header
    signs = money_signs(cells)
    distinct = [str(sign) for sign in signs.dropna().unique()]
    if len(distinct) < 2:
        return _told(distinct[0]) if distinct else None
    unknown = [sign for sign in distinct if _code(sign) is None]
    if not unknown:
        return signs.map({sign: _code(sign) for sign in distinct})
    row = signs.index[(signs == unknown[0]).to_numpy()][0]
    raise InputError(
        Text("一列金额里有几种货币", "a column holds money of several currencies"),
        where=f"{where}:{row}",
        found="、".join(distinct),
        expected=Text("一种货币，或一个货币列", "one currency, or a column that names it"),
        to_do=Text("下载报表时勾上货币代码列", "add the column with the currency code to the download"),
    )


def with_those_of_accounts(told: pd.Series[str], account: pd.Series[str]) -> pd.Series[str]:
    """The currency of each row; a cost without a sign, such as 0, is in that of its account where all others are."""
    of_account = told.groupby(account, dropna=False)
    return told.fillna(of_account.transform("first").where(of_account.transform("nunique") == 1))


def refuse_other_currency(named: pd.Series[str], told: pd.Series[str] | str, where: str) -> None:
    """InputError at file:row where a row names one currency and its cost carries the sign of another."""
    signs = pd.Series(told, index=named.index) if isinstance(told, str) else told
    codes = named.map(lambda name: CODES.get(name, name.upper()), na_action="ignore")
    other = named.notna() & (named != "") & signs.notna() & (signs != "") & (codes != signs)
    if not other.any():
        return
    row = named.index[other.to_numpy()][0]
    raise InputError(
        Text("货币列和金额上的符号不一致", "the column of currencies contradicts the sign on the money"),
        where=f"{where}:{row}",
        found=f"{named.loc[row]}, {signs.loc[row]}",
        expected=Text("同一种货币", "the same currency"),
        to_do=Text("核对货币，再下载一次", "check which it is, and download again"),
    )


def _code(sign: str) -> str | None:
    return CODES.get(sign) or (sign if sign in ISO_CODES else None)


def _told(sign: str) -> str | None:
    return DOLLARS if sign == DOLLARS else _code(sign)
