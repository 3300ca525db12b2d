"""Canonical tables written in the layouts that the platforms declare: what the property tests read back.

Layouts come from `all_formats()`, so that a new platform is drawn from as soon as its file is there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import xlsxwriter
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from ppc_tuner.columns import FACTS
from ppc_tuner.reports import all_formats
from ppc_tuner.reports.recognise.formats import Conventions, Format, Layout, conventions
from ppc_tuner.reports.recognise.header import MONEY, same_name

# Kept in every table that can hold them, as rows are told apart and dated by them.
SHOWN = ("date", "keyword", "impressions", "clicks", "cost")
# Meant for other tests: days of periods, and what a report only says in ways of its own.
LEFT_OUT = (
    "period_start",
    "period_end",
    "level",
    "exported_on",
    "attribution_days",
    "status",
    "biddable",
    "unbiddable_as",
)
# The same in every row: rows of other currencies, platforms and levels are put apart.
ONE_VALUE = {"currency": "USD", "platform": "shop", "level": "keyword"}
WORDS = "羽绒服男短款加厚 abcdeXYZ 019 -+=@'&/().#"
PLAIN_WORDS = "abcde XYZ 019 -+=@'&/().#"

# Behind the names of columns of money.
UNITS = ("", "", " (USD)", "（USD）")

Row = dict[str, object]


@dataclass(frozen=True)
class Style:
    """How figures and days are written."""

    figure: str
    day: str
    sign: str


@dataclass(frozen=True)
class Drawn:
    """A table in a layout: `rows` as they must come back, the lines of cells as they stand in the file.

    native: in a workbook, figures, days and ids are cells of these types in every second row, texts in the
    others.
    """

    form: Format
    layout: Layout
    rows: list[Row]
    order: list[str]
    lines: list[list[str]]
    encoding: str
    separator: str
    native: bool

    def text(self) -> bytes:
        out = io.StringIO()
        csv.writer(out, delimiter=self.separator, lineterminator="\r\n").writerows(self.lines)
        return out.getvalue().encode(self.encoding)

    def workbook(self) -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = book.add_worksheet()
        for at, line in enumerate(self.lines):
            for column, cell in enumerate(line):
                sheet.write_string(at, column, cell)
        if self.native:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            for at, one in enumerate(self.rows, len(self.lines) - len(self.rows)):
                for column, name in enumerate(self.order):
                    # Days partly in cells and partly as text may be swapped by Excel: such files are refused.
                    if at % 2 or _kind(name) == "date":
                        _write_native(sheet, at, column, one[name], _kind(name), day)
        book.close()
        return out.getvalue()


def _write_native(sheet: Worksheet, at: int, column: int, value: object, kind: str, day: object) -> None:
    """The value as a cell of its own type; shares stay text, as their sign tells what they mean."""
    if kind == "date":
        sheet.write_datetime(at, column, value, day)
    elif kind in ("count", "money", "id"):
        sheet.write_number(at, column, float(value))  # type: ignore[arg-type]


def lakhs(value: int) -> str:
    """12,34,567: the last three digits, then pairs."""
    return re.sub(r"(?<=\d)(?=(\d\d)*\d{3}$)", ",", str(value)) if value > 999 else str(value)


FIGURES: dict[str, Callable[[float], str]] = {
    "plain": lambda value: f"{value:.2f}",
    "short": lambda value: f"{value:g}" if value < 100_000 else f"{value:.2f}",
    "comma thousands": lambda value: f"{value:,.2f}",
    "decimal comma": lambda value: f"{value:.2f}".replace(".", ","),
    "point thousands": lambda value: f"{value:,.2f}".translate(str.maketrans(",.", ".,")),
    "indian": lambda value: f"{lakhs(int(value))}.{round(value % 1 * 100) % 100:02d}",
    "space thousands": lambda value: f"{value:,.2f}".replace(",", " "),
    "full width": lambda value: f"{value:.2f}".translate(
        str.maketrans("0123456789.", "０１２３４５６７８９．")
    ),
}
COUNTS: dict[str, Callable[[int], str]] = {
    "comma thousands": lambda value: f"{value:,}",
    "indian": lambda value: lakhs(value),
    "point thousands": lambda value: f"{value:,}".replace(",", "."),
    "space thousands": lambda value: f"{value:,}".replace(",", " "),
    "full width": lambda value: str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
}
DAYS: dict[str, Callable[[date], str]] = {
    "iso": lambda day: f"{day:%Y-%m-%d}",
    "slashes": lambda day: f"{day.year}/{day.month}/{day.day}",
    "digits": lambda day: f"{day:%Y%m%d}",
    "chinese": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "day first": lambda day: f"{day:%d/%m/%Y}",
    "month first": lambda day: f"{day:%m/%d/%Y}",
    "dots": lambda day: f"{day:%d.%m.%Y}",
    "month named": lambda day: f"{day:%b} {day.day}, {day.year}",
}


def layouts(platform: str) -> list[tuple[Format, Layout]]:
    """The layouts of a platform whose rows are figures of words to be counted."""
    return [
        (form, layout)
        for form in all_formats() if form.id == platform
        for layout in form.layouts
        if layout.role == "report" and layout.level != "item" and not layout.asks
    ]  # fmt: skip


def platforms() -> list[str]:
    """All platforms that have such a layout."""
    return [form.id for form in all_formats() if layouts(form.id)]


@st.composite
def drawn_reports(draw: st.DrawFn, platform: str) -> Drawn:
    """A report of the platform: layout, columns, their order, styles, encoding, separator, lines above,
    rows."""
    form, layout = draw(st.sampled_from(layouts(platform)))
    ways = conventions(form, layout)
    random = Random(draw(st.integers(0, 2**32)))
    optional = [name for name in ways.columns if name in FACTS and name not in (*layout.forbidden, *LEFT_OUT)]
    chosen = {name for name in optional if random.random() < 0.3} | {
        name for name in SHOWN if name in optional
    }
    headers = named({*chosen, *layout.required} - {*layout.forbidden}, ways, random)
    style = Style(
        draw(st.sampled_from(list(FIGURES))),
        draw(st.sampled_from(list(DAYS))),
        draw(st.sampled_from(["", "¥", "$"])),
    )
    rows = [row(headers, ways, random) for _ in range(draw(st.integers(1, 20)))]
    order = list(headers)
    random.shuffle(order)
    above = [["report of keywords"], [], ["exported by hand", "x"]][: draw(st.integers(0, 3))]
    kind = [(ways.rows.columns[0], ways.rows.keep[0])] if ways.rows else []
    lines = [
        *above,
        [*(headers[name] for name in order), *(header for header, _ in kind)],
        *(
            [*(written(name, one[name], style, random) for name in order), *(value for _, value in kind)]
            for one in rows
        ),
    ]
    encoding = draw(st.sampled_from(encodings(form, lines)))
    separator = draw(st.sampled_from([",", "\t", ";"]))
    return Drawn(form, layout, rows, order, lines, encoding, separator, draw(st.booleans()))


def named(names: set[str], ways: Conventions, random: Random) -> dict[str, str]:
    """A header for each column: one of its declared names that no other column has."""
    taken: set[str] = set()
    headers = {}
    for name in sorted(names, key=lambda one: (one not in SHOWN, one)):
        declared = [one.replace("{days}", "7") for one in ways.columns[name]]
        free = [one for one in declared if same_name(one) not in taken]
        if free:
            # The first name wins where a report carries several, so only the one that is there counts.
            headers[name] = random.choice(free) + (random.choice(UNITS) if name in MONEY else "")
            taken |= {same_name(one) for one in declared}
    return headers


def row(headers: dict[str, str], ways: Conventions, random: Random) -> Row:
    """One row of figures that do not contradict each other."""
    impressions = random.choice([0, random.randint(1, 999), random.randint(1_000, 3_000_000)])
    clicks = random.randint(0, impressions // 2)
    cells: Row = {}
    for name in headers:
        cells[name] = _cell(name, ways, random, impressions, clicks)
    return cells


def _cell(name: str, ways: Conventions, random: Random, impressions: int, clicks: int) -> object:
    kind = _kind(name)
    if name in ("impressions", "clicks"):
        return impressions if name == "impressions" else clicks
    if kind == "date":
        return date(2025, 1, 1) + timedelta(days=random.randrange(180))
    if kind == "id":
        return str(random.randrange(10**12, 10**13))
    if kind == "text":
        return _text(name, ways, random)
    if kind == "count":
        return random.choice([random.randint(0, clicks), round(random.uniform(0, min(clicks, 999)), 2)])
    if kind == "share":
        return round(random.uniform(0, 1), 4)
    return round(random.uniform(0, 5_000), 2) if clicks else 0.0


def _kind(name: str) -> str:
    return FACTS[name].kind if name in FACTS else "text"


def _text(name: str, ways: Conventions, random: Random) -> str:
    if name in ways.values:
        return random.choice([word for words in ways.values[name].values() for word in words])
    if name in ONE_VALUE:
        return ONE_VALUE[name]
    letters = PLAIN_WORDS if ways.columns[name][0].isascii() else WORDS
    text = "".join(random.choice(letters) for _ in range(random.randint(1, 12)))
    return f"w{' '.join(text.split())}"


def written(name: str, value: object, style: Style, random: Random) -> str:
    """A value as the file writes it."""
    if isinstance(value, date):
        return DAYS[style.day](value)
    if isinstance(value, str):
        return random.choice(["", " "]) + value if name not in ("keyword", "search_term") else value
    if isinstance(value, int):
        return COUNTS.get(style.figure, str)(value)
    if FACTS[name].kind == "share":
        per_cent = f"{float(value) * 100:.2f}%"  # type: ignore[arg-type]
        return (
            per_cent.replace(".", ",") if style.figure in ("decimal comma", "point thousands") else per_cent
        )
    sign = style.sign if FACTS[name].kind == "money" else ""
    return sign + FIGURES[style.figure](float(value))  # type: ignore[arg-type]


def encodings(form: Format, lines: Sequence[Sequence[str]]) -> list[str]:
    """The encodings in which the platform may write these cells."""
    header = max(lines, key=len)
    text = "".join(cell for line in lines for cell in line)
    fit = ["utf-8", "utf-8-sig", "utf-16"]
    if not text.isascii() and "".join(header).isascii():
        # A few foreign signs in an English file do not tell its encoding, which is then a guess that is told.
        return fit
    return fit + [name for name in form.encodings if _goes_and_comes(text, name)]


def _goes_and_comes(text: str, encoding: str) -> bool:
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeError:
        return False
