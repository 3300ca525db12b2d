"""Reports of a platform that hold no words (campaigns, placements, audiences): which one a table is, and what
to download instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ppc_tuner.errors import InputError
from ppc_tuner.files import HeadRow, Table
from ppc_tuner.reports.recognise.formats import Format, conventions
from ppc_tuner.reports.recognise.header import has_columns, positions
from ppc_tuner.text import Text

FIGURES: Final = ("impressions", "clicks", "cost", "conversions", "revenue")
WORDS: Final = ("keyword", "search_term", "keyword_id", "match_type")
# With fewer any table of two numbers would be a report.
LEAST_FIGURES: Final = 2
SHOWN_CELLS: Final = 14


@dataclass(frozen=True, slots=True)
class WithoutWords:
    """A report without words: its name and where to find one with words, for each platform that it may be of;
    its file and header."""

    kinds: Sequence[tuple[Format, Text]]
    label: str
    header: HeadRow

    def error(self) -> InputError:
        """The message for such a report given by name."""
        cells = [cell.strip()[:30] for cell in self.header.cells]
        return InputError(
            Text(f"{self._name.zh}，里面没有关键词", f"a report without keywords: {self._name.en}"),
            where=f"{self.label}:{self.header.row}",
            found=",".join(cells[:SHOWN_CELLS]) + (" …" if len(cells) > SHOWN_CELLS else ""),
            expected=Text("关键词报表或搜索词报表", "a report of keywords or of search terms"),
            to_do=self._instead,
        )

    @property
    def skipped(self) -> Text:
        """Why it is passed over where it lay in a folder."""
        return Text(
            f"{self._name.zh}，没有关键词；{self._instead.zh}",
            f"{self._name.en}, without keywords; {self._instead.en}",
        )

    @property
    def _name(self) -> Text:
        return Text(
            "或".join(f"{form.name.zh}的{name.zh}" for form, name in self.kinds),
            " or ".join(f"{form.name.en} {name.en}" for form, name in self.kinds),
        )

    @property
    def _instead(self) -> Text:
        places = [(form.name, form.found_at) for form, _ in self.kinds if form.found_at]
        return Text(
            "；".join(["改下载关键词报表", *(f"{name.zh}：{place.zh}" for name, place in places)]),
            "; ".join(
                ["download the keyword report instead", *(f"{name.en}: {place.en}" for name, place in places)]
            ),
        )


def without_words(tables: Sequence[Table], formats: Sequence[Format]) -> WithoutWords | None:
    """What report without words the first such table is; None where none is."""
    rows = ((table, row) for table in tables for row in table.head)
    return next((found for table, row in rows if (found := _found(table, row, formats))), None)


def _found(table: Table, row: HeadRow, formats: Sequence[Format]) -> WithoutWords | None:
    """The report that a row is the header of, of the platforms that know most of its figures."""
    if any(_has(row.cells, form, name) for form in formats for name in WORDS):
        return None
    figures = {form.id: _count(row.cells, form) for form in formats if form.others}
    # Of one platform the kind named first: a placement has its campaign beside it.
    kinds = [(form, kind) for form in formats if (kind := _kind(row.cells, form, figures.get(form.id, 0)))]
    if not kinds:
        return None
    most = max(figures[form.id] for form, _ in kinds)
    likely = [(form, kind) for form, kind in kinds if figures[form.id] == most]
    first = min(_place(form, kind) for form, kind in likely)
    return WithoutWords([one for one in likely if _place(*one) == first], table.label, row)


def _kind(cells: Sequence[str], form: Format, figures: int) -> Text | None:
    for other in form.others:
        if figures >= (0 if other.without_figures else LEAST_FIGURES) and positions(cells, other.by):
            return other.name
    return None


def _place(form: Format, kind: Text) -> int:
    """0 for a kind that its own columns tell, 1 for the last of a platform, which any figures may be."""
    return int(kind == form.others[-1].name)


def _count(cells: Sequence[str], form: Format) -> int:
    """How many figures of the platform a header has."""
    return sum(_has(cells, form, name) for name in FIGURES)


def _has(cells: Sequence[str], form: Format, name: str) -> bool:
    """True where the header has the column under a name that it goes by in a layout of the platform."""
    ways = [conventions(form, layout).columns for layout in form.layouts]
    return any(name in columns and has_columns(cells, columns, (name,)) for columns in ways)
