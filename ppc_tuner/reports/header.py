"""Header cells to canonical columns: by name, in any order, whatever the width or case of the letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from ppc_tuner.columns import FACTS
from ppc_tuner.reports.currency import MONEY_UNIT

HAN: Final = re.compile(r"[\u3400-\u9fff]")
# Stands for a number of days in a declared name.
DAYS: Final = "{days}"
# The name of a column of money may carry a unit, such as (₹), (USD) or (元).
MONEY: Final = frozenset(name for name, column in FACTS.items() if column.kind == "money")


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """columns: canonical → position. days: the attribution window that the names of orders and revenue tell, if any."""

    columns: dict[str, int]
    days: dict[str, int]


@lru_cache(maxsize=20_000)
def same_name(text: str) -> str:
    """The form in which names are compared: NFKC, no byte-order mark, single spaces, lower case.

    Names with Chinese in them lose their spaces: `词 ID` and `词ID` are one name.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("\ufeff", "").split()).casefold()
    return plain.replace(" ", "") if HAN.search(plain) else plain


def match_header(cells: Sequence[str], declared: Mapping[str, Sequence[str]]) -> HeaderMatch:
    """Which cell is which canonical column.

    Where several cells carry names of one column, the name declared first wins, then the shorter window of days,
    then the cell further left; the others stay unused.
    """
    found = {
        canonical: _best(tuple(cells), canonical, tuple(wanted)) for canonical, wanted in declared.items()
    }
    columns = {canonical: hit[2] for canonical, hit in found.items() if hit}
    days = {
        canonical: hit[1]
        for canonical, hit in found.items()
        if hit and hit[1] and canonical in ("conversions", "revenue")
    }
    return HeaderMatch(columns, days)


def by_first_names(
    cells: Sequence[str], declared: Mapping[str, Sequence[str]], required: Iterable[str]
) -> bool:
    """True where every one of the `required` columns goes by the name that is declared first for it."""
    return has_columns(cells, {name: declared[name][:1] for name in required}, required)


def has_columns(cells: Sequence[str], declared: Mapping[str, Sequence[str]], required: Iterable[str]) -> bool:
    """True where every one of the `required` canonical columns is among the cells."""
    return all(_best(tuple(cells), name, tuple(declared[name])) for name in required)


def positions(cells: Sequence[str], wanted: Iterable[str]) -> list[int]:
    """Positions of all cells whose name is one of `wanted`."""
    names = {same_name(name) for name in wanted}
    return [at for at, cell in enumerate(cells) if same_name(cell) in names]


@lru_cache(maxsize=4_000)
def _names(cells: tuple[str, ...], money: bool) -> tuple[tuple[str, ...], dict[str, int]]:
    """The names in cells, without units of money if `money`, and the first place of each."""
    names = tuple(_name(cell, money) for cell in cells)
    return names, {name: at for at, name in reversed(list(enumerate(names))) if name}


def _name(text: str, money: bool) -> str:
    return MONEY_UNIT.sub("", same_name(text)) if money else same_name(text)


def _best(cells: tuple[str, ...], canonical: str, wanted: tuple[str, ...]) -> tuple[int, int, int] | None:
    """(order of the name among those wanted, its days, position) of the cell that is the column."""
    names, places = _names(cells, canonical in MONEY)
    hits = []
    for order, (name, pattern) in enumerate(_declared(wanted, canonical in MONEY)):
        if pattern is None:
            hits += [(order, 0, places[name])] if name in places else []
            continue
        for at, cell in enumerate(names):
            hit = pattern.fullmatch(cell)
            if hit:
                hits.append((order, int(hit["days"]), at))
    return min(hits, default=None)


@cache
def _declared(wanted: tuple[str, ...], money: bool) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    names = [_name(name, money) for name in wanted]
    return tuple((name, _pattern(name) if DAYS in name else None) for name in names)


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(r"(?P<days>\d{1,3})".join(re.escape(piece) for piece in name.split(DAYS)))
