"""Header cells to canonical columns: by name, in any order, whatever the width or case of the letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

HAN: Final = re.compile(r"[\u3400-\u9fff]")
# In a declared name: a number of days, and an optional unit in brackets such as (₹), (USD) or (元).
PLACEHOLDERS: Final = {"{days}": r"(?P<days>\d{1,3})", "{unit}": r"(?: ?\([^()]{1,8}\))?"}


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
    names, places = _names(tuple(cells))
    found = {canonical: _best(names, places, tuple(wanted)) for canonical, wanted in declared.items()}
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
    names, places = _names(tuple(cells))
    return all(_best(names, places, tuple(declared[name])) for name in required)


def positions(cells: Sequence[str], wanted: Iterable[str]) -> list[int]:
    """Positions of all cells whose name is one of `wanted`."""
    names = {same_name(name) for name in wanted}
    return [at for at, cell in enumerate(cells) if same_name(cell) in names]


@lru_cache(maxsize=2_000)
def _names(cells: tuple[str, ...]) -> tuple[tuple[str, ...], dict[str, int]]:
    """The names in cells, and the first place of each."""
    names = tuple(same_name(cell) for cell in cells)
    return names, {name: at for at, name in reversed(list(enumerate(names))) if name}


def _best(
    names: Sequence[str], places: Mapping[str, int], wanted: tuple[str, ...]
) -> tuple[int, int, int] | None:
    hits = []
    for order, (name, pattern) in enumerate(_declared(wanted)):
        if pattern is None:
            hits += [(order, 0, places[name])] if name in places else []
            continue
        for at, cell in enumerate(names):
            hit = pattern.fullmatch(cell)
            if hit:
                hits.append((order, int(hit.groupdict().get("days") or 0), at))
    return min(hits, default=None)


@cache
def _declared(wanted: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    return tuple((same_name(name), _pattern(name) if "{" in name else None) for name in wanted)


def _pattern(name: str) -> re.Pattern[str]:
    pieces = re.split(r"(\{days\}|\{unit\})", name)
    han = HAN.search(name) is not None
    return re.compile("".join(PLACEHOLDERS.get(piece) or re.escape(_piece(piece, han)) for piece in pieces))


def _piece(piece: str, han: bool) -> str:
    # Spaces next to a placeholder belong to the name, so only runs of them are collapsed here.
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", piece)).casefold()
    return plain.replace(" ", "") if han else plain
