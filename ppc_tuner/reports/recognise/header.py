"""Header cells to canonical columns: by name, in any order, whatever the width or case of the letters; and
the currency that a sign or unit of money stands for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final, NamedTuple

from babel.core import Locale, get_global

from ppc_tuner.columns import FACTS, NUMBER_KINDS

HAN: Final = re.compile(r"[\u3400-\u9fff]")
# Stands for a number of days in a declared name.
DAYS: Final = "{days}"
# The name of a column of money may carry a unit, such as (₹), (USD) or (元).
MONEY: Final = frozenset(name for name, column in FACTS.items() if column.kind == "money")


# Counted over a window of days after the click, which their names may tell.
WINDOWED: Final = ("conversions", "revenue")
# Signs of one currency only, as platforms write them: `$`, `¥` and `kr` are those of several.
SIGNS: Final = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "S$": "SGD",
    "HK$": "HKD", "NT$": "TWD", "MX$": "MXN", "R$": "BRL", "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW",
    "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS", "฿": "THB", "₫": "VND", "₱": "PHP", "元": "CNY",
    "円": "JPY", "zł": "PLN", "TL": "TRY", "руб.": "RUB", "руб": "RUB", "Rs": "INR", "Rs.": "INR",
    "RMB": "CNY", "港币": "HKD",
}  # fmt: skip
DOLLARS: Final = "$"
DOLLAR_CODES: Final = frozenset(code for sign, code in SIGNS.items() if sign.endswith(DOLLARS))
# Units that say it is money, but not of which currency.
SHARED_SIGNS: Final = frozenset(("$", "¥", "kr", "р."))
# Currencies that were replaced since this year may still stand in an export of older days.
SINCE: Final = 2020
UNIT: Final = re.compile(r"[(（]\s*([^()（）]{1,6}?)\s*[)）]\s*$")


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """columns: canonical → position. days: the attribution window that the names of orders and revenue tell,
    if any. ambiguous: canonical → positions of cells that could be it equally well."""

    columns: dict[str, int]
    days: dict[str, int]
    ambiguous: dict[str, list[int]] = field(default_factory=dict)


class Hit(NamedTuple):
    """A cell that may be a column: how early its name is declared, the window of days it tells, its
    position."""

    order: int
    days: int
    at: int


@lru_cache(maxsize=20_000)
def same_name(text: str) -> str:
    """The form in which names are compared: NFKC, no byte-order mark, single spaces, lower case.

    Names with Chinese in them lose their spaces: `词 ID` and `词ID` are one name.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("\ufeff", "").split()).casefold()
    return plain.replace(" ", "") if HAN.search(plain) else plain


def match_header(cells: Sequence[str], declared: Mapping[str, Sequence[str]]) -> HeaderMatch:
    """Which cell is which canonical column.

    Where several cells carry names of one column, the name declared first wins, then the shorter window of
    days, then the cell further left; the others stay unused. Orders and revenue are taken of the shortest
    window that both have.
    """
    found = {
        canonical: _hits(tuple(cells), canonical, tuple(wanted)) for canonical, wanted in declared.items()
    }
    windows = [{hit.days for hit in found.get(canonical, ()) if hit.days} for canonical in WINDOWED]
    shared = min(set.intersection(*windows), default=None)
    if shared is not None:
        found |= {name: [hit for hit in found[name] if hit.days == shared] for name in WINDOWED}
    best = {canonical: min(hits) for canonical, hits in found.items() if hits}
    # Of several columns of currencies each stands before its money.
    before = [hit for hit in found.get("currency", ()) if "cost" in best and hit.at < best["cost"].at]
    best |= {"currency": max(before, key=lambda hit: hit.at)} if before else {}
    return HeaderMatch(
        {canonical: hit.at for canonical, hit in best.items()},
        {
            canonical: best[canonical].days
            for canonical in WINDOWED
            if canonical in best and best[canonical].days
        },
        {canonical: equal for canonical, hits in found.items() if (equal := _equal(hits))},
    )


def by_first_names(
    cells: Sequence[str], declared: Mapping[str, Sequence[str]], required: Iterable[str]
) -> bool:
    """True where every one of the `required` columns goes by the name that is declared first for it."""
    return has_columns(cells, {name: declared[name][:1] for name in required}, required)


def has_columns(cells: Sequence[str], declared: Mapping[str, Sequence[str]], required: Iterable[str]) -> bool:
    """True where every one of the `required` canonical columns is among the cells."""
    row = tuple(cells)
    return all(
        _is_there(_names(row, name in MONEY), tuple(declared[name]), name in MONEY) for name in required
    )


def names_of(cells: Sequence[str]) -> Collection[str]:
    """The names in a row, without units of money."""
    return _names(tuple(cells), True)


def telling_names(declared: Mapping[str, Sequence[str]], required: Sequence[str]) -> frozenset[str] | None:
    """The names of one of the `required` columns, at best one of figures: words of the others stand in rows
    of data too. None where each may be called by a name that holds a number of days."""
    figures_first = sorted(
        required, key=lambda name: name not in FACTS or FACTS[name].kind not in NUMBER_KINDS
    )
    for column in figures_first:
        plain, patterns = _wanted(tuple(declared[column]), True)
        if not patterns:
            return plain
    return None


def chinese_header(cells: Iterable[str]) -> bool:
    """True where most used header cells are Chinese."""
    flags = [HAN.search(cell) is not None for cell in cells]
    return sum(flags) * 2 > len(flags)


def positions(cells: Sequence[str], wanted: Iterable[str]) -> list[int]:
    """Positions of all cells whose name is one of `wanted`."""
    names = {same_name(name) for name in wanted}
    return [at for at, cell in enumerate(cells) if same_name(cell) in names]


@lru_cache(maxsize=4_000)
def _names(cells: tuple[str, ...], money: bool) -> dict[str, list[int]]:
    """The names in cells, without units of money if `money`, and their places."""
    places: dict[str, list[int]] = {}
    for at, cell in enumerate(cells):
        places.setdefault(_name(cell, money), []).append(at)
    places.pop("", None)
    return places


@lru_cache(maxsize=50_000)
def _name(text: str, money: bool) -> str:
    """The name as it is compared; of money without a unit behind it: (₹), (USD), (元), but not (万元)."""
    name = same_name(text)
    unit = UNIT.search(name) if money else None
    return name[: unit.start()].rstrip() if unit and is_money_unit(unit.group(1)) else name


def _hits(cells: tuple[str, ...], canonical: str, wanted: tuple[str, ...]) -> list[Hit]:
    """All cells that go by one of the names wanted."""
    names = _names(cells, canonical in MONEY)
    hits = []
    for order, (name, pattern) in enumerate(_declared(wanted, canonical in MONEY)):
        if pattern is None:
            hits += [Hit(order, 0, at) for at in names.get(name, ())]
            continue
        for cell, places in names.items():
            hit = pattern.fullmatch(cell)
            if hit:
                hits += [Hit(order, int(hit["days"]), at) for at in places]
    return hits


def _is_there(names: Mapping[str, list[int]], wanted: tuple[str, ...], money: bool) -> bool:
    """Whether one of the names wanted is among those of a row. Most rows are no header: it is told fast."""
    plain, patterns = _wanted(wanted, money)
    if not plain.isdisjoint(names):
        return True
    return any(pattern.fullmatch(name) for pattern in patterns for name in names)


def _equal(hits: Sequence[Hit]) -> list[int]:
    best = min(hits, default=None)
    if best is None:
        return []
    equal = [hit.at for hit in hits if hit[:2] == best[:2]]
    return equal if len(equal) > 1 else []


@cache
def _declared(wanted: tuple[str, ...], money: bool) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    names = [_name(name, money) for name in wanted]
    return tuple((name, _pattern(name) if DAYS in name else None) for name in names)


@cache
def _wanted(wanted: tuple[str, ...], money: bool) -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """The names wanted, and those of them that hold a number of days."""
    declared = _declared(wanted, money)
    return (
        frozenset(name for name, pattern in declared if pattern is None),
        tuple(pattern for _, pattern in declared if pattern is not None),
    )


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(r"(?P<days>\d{1,3})".join(re.escape(piece) for piece in name.split(DAYS)))


def currency_code(sign: str) -> str | None:
    """The ISO 4217 code of a sign, a code, or a Chinese name of a currency (美元); None where it is none, or
    of several."""
    return SIGNS.get(sign) or (
        sign if sign in iso_codes() else _chinese_names().get(sign) if HAN.search(sign) else None
    )


def currency_of_unit(header: str) -> str | None:
    """The currency behind a header's name; `$` where it is some dollar, None where no unit tells one."""
    unit = UNIT.search(header)
    return currency_told_by(unit.group(1)) if unit else None


def currency_told_by(sign: str) -> str | None:
    """The same of a sign on a figure."""
    return DOLLARS if sign == DOLLARS else currency_code(sign)


@cache
def is_money_unit(unit: str) -> bool:
    """True for a unit of money, whatever its case: the currency need not be known."""
    return unit in SHARED_SIGNS or unit in _folded_signs() or currency_code(unit.upper()) is not None


@cache
def iso_codes() -> frozenset[str]:
    """Codes of currencies that are or lately were legal tender (Unicode CLDR)."""
    return frozenset(
        code
        for used in get_global("territory_currencies").values()
        for code, _, end, tender in used
        if tender and (end is None or end[0] >= SINCE)
    )


@cache
def _folded_signs() -> frozenset[str]:
    return frozenset(sign.casefold() for sign in SIGNS)


@cache
def _chinese_names() -> dict[str, str]:
    """Names of the currencies in use, such as 人民币 and 新台币 (Unicode CLDR)."""
    names: dict[str, str] = dict(Locale("zh").currencies)
    return {name: code for code, name in names.items() if code in iso_codes()}
