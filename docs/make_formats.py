"""docs/formats.md and docs/formats.zh.md: formats.in.md and formats.zh.in.md with all formats and columns.

python docs/make_formats.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from babel import Locale
from generated import write_or_check

from ppc_tuner.columns import FACTS
from ppc_tuner.reports import all_formats
from ppc_tuner.reports.recognise.formats import CANONICAL
from ppc_tuner.text import Lang, Text

DOCS = Path(__file__).resolve().parent
TEMPLATES: Final[dict[Lang, str]] = {"en": "formats.in.md", "zh": "formats.zh.in.md"}
PAGES: Final[dict[Lang, Path]] = {"en": DOCS / "formats.md", "zh": DOCS / "formats.zh.md"}
EXAMPLE = DOCS / "examples" / "air_france.yaml"
UNITS: Final = {
    "text": Text("文字", "text"),
    "id": Text("编号，照抄", "text, digit by digit"),
    "date": Text("日期", "day"),
    "flag": Text("是否（true、false）", "true or false"),
    "count": Text("个数", "count"),
    "money": Text("金额", "money"),
    "share": Text("0.05 表示 5%", "0.05 = 5 %"),
    "number": Text("数", "number"),
}
LAYOUTS: Final = Text("| 平台 | 报表 | 格式/报表 | 状态 |", "| platform | report | format/layout | state |")
COLUMNS: Final = Text("| 列 | 单位 | 名称 | 意思 |", "| column | unit | name | meaning |")
COLON, COMMA = Text("：", ": "), Text("、", ", ")
CONFIRMED: Final = Text("已核对", "confirmed")
UNCONFIRMED: Final = Text("未确认", "unconfirmed")
ASKS: Final = Text("需补列名", "name your columns")


def page(lang: Lang) -> str:
    """The page's text."""
    text = (DOCS / TEMPLATES[lang]).read_text("utf-8")
    parts = {
        "layouts": layouts(lang),
        "languages": languages(lang),
        "columns": columns(lang),
        "example": EXAMPLE.read_text("utf-8").split("\n", 1)[1].strip(),
    }
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return text


def layouts(lang: Lang) -> str:
    """A row for each layout of each platform."""
    lines = [LAYOUTS[lang], "|---|---|---|---|"]
    for form in all_formats():
        if form.id == CANONICAL:
            continue
        for layout in (*form.layouts, *form.candidates):
            state = ASKS if layout.asks else CONFIRMED if layout.confirmed else UNCONFIRMED
            lines.append(
                f"| {form.name[lang]} | {layout.name[lang]} | `{form.id}/{layout.id}` | {state[lang]} |"
            )
    return "\n".join(lines)


def languages(lang: Lang) -> str:
    """A line for each platform whose reports are known in further languages."""
    colon, comma = COLON[lang], COMMA[lang]
    return "\n".join(
        f"- {form.name[lang]}{colon}{comma.join(language_name(code, lang) for code in form.languages)}"
        for form in all_formats()
        if form.languages
    )


def language_name(code: str, lang: Lang) -> str:
    return str(Locale.parse(code).get_display_name(lang))


def columns(lang: Lang) -> str:
    """A row for each column that a report may give."""
    lines = [COLUMNS[lang], "|---|---|---|---|"]
    lines += [
        f"| `{name}` | {UNITS[column.kind][lang]} | {column.label[lang]} | {column.meaning[lang]} |"
        for name, column in FACTS.items()
        if name not in ("source_file", "source_row")
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(write_or_check({path: page(lang) for lang, path in PAGES.items()}))
