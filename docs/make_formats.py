"""docs/formats.md from docs/formats.in.md, the formats and the columns themselves.

python docs/make_formats.py          # writes it
python docs/make_formats.py --check  # exit 1 where it is not up to date
"""

from __future__ import annotations

import sys
from pathlib import Path

from ppc_tuner.columns import FACTS
from ppc_tuner.reports import all_formats
from ppc_tuner.reports.recognise.formats import CANONICAL

DOCS = Path(__file__).parent
TEMPLATE, PAGE = DOCS / "formats.in.md", DOCS / "formats.md"
EXAMPLE = DOCS / "examples" / "air_france.yaml"
UNITS = {
    "text": "text · 文字",
    "id": "text, digit by digit · 编号，照抄",
    "date": "day · 日期",
    "flag": "true/false · 是否",
    "count": "count · 个数",
    "money": "money · 金额",
    "share": "0.05 = 5 %",
    "number": "number · 数",
}


def page() -> str:
    """The page's text."""
    text = TEMPLATE.read_text("utf-8")
    parts = {
        "layouts": layouts(),
        "columns": columns(),
        "example": EXAMPLE.read_text("utf-8").split("\n", 1)[1].strip(),
    }
    for name, part in parts.items():
        text = text.replace("{" + name + "}", part)
    return text


def layouts() -> str:
    """A row for each layout of each platform."""
    lines = ["| platform · 平台 | report · 报表 | format/layout | |", "|---|---|---|---|"]
    for form in all_formats():
        if form.id == CANONICAL:
            continue
        for layout in form.layouts:
            state = "confirmed · 已核对" if layout.confirmed else "unconfirmed · 未确认"
            if layout.asks:
                state = "name your columns · 需补列名"
            lines.append(
                f"| {form.name.en} · {form.name.zh} | {layout.name.en} · {layout.name.zh} | `{form.id}/{layout.id}` | {state} |"
            )
    return "\n".join(lines)


def columns() -> str:
    """A row for each column that a report may give."""
    lines = ["| column | unit · 单位 | English | 中文 |", "|---|---|---|---|"]
    lines += [
        f"| `{name}` | {UNITS[column.kind]} | {column.meaning.en} | {column.label.zh}：{column.meaning.zh} |"
        for name, column in FACTS.items()
        if name not in ("source_file", "source_row")
    ]
    return "\n".join(lines)


def main() -> int:
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
