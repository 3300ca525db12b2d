"""The picture of the list (docs/list.svg, list.zh.svg) and the transcript in both READMEs, from the demo.

    python docs/make_demo.py [--check]

The demo is run once in each language; the picture is drawn from the sheet of actions that it writes, with the
sheet's own words and colours.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, Final

from generated import write_or_check
from openpyxl import load_workbook

from ppc_tuner.columns import COLUMNS
from ppc_tuner.text import Lang, Text

DOCS = Path(__file__).resolve().parent
READMES: Final[dict[Lang, Path]] = {"en": DOCS.parent / "README.md", "zh": DOCS.parent / "README.zh.md"}
PICTURES: Final[dict[Lang, Path]] = {"en": DOCS / "list.svg", "zh": DOCS / "list.zh.svg"}
BEGIN, END = "<!-- transcript: python docs/make_demo.py -->", "<!-- end of transcript -->"
COMMAND: Final = "ppc-tuner demo --lang {lang}"
# Columns of the terminal, and the lines of the transcript that the README shows.
WIDE, SHOWN = 100, 14
# Columns drawn, with their width in pixels; rows drawn, lines of text in each.
DRAWN: Final = {
    "action": 74,
    "keyword": 118,
    "campaign": 104,
    "bid_change": 62,
    "reason": 448,
    "confidence": 88,
}
ROWS, LINES = 8, 2
LINE, HEAD, SIZE = 17, 30, 12
NEVER_FIRST: Final = "，。、；：）”"
TITLE: Final = Text(
    "操作清单：示例店铺（部分列）", "The action list of the sample shop (some of its columns)"
)
SANS: Final = (
    "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)


def demo(lang: Lang) -> tuple[str, list[list[Any]]]:
    """What the demo says in a terminal, and the cells of its sheet of actions, headers first."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "ppc_tuner", "demo", "--lang", lang],
            capture_output=True, check=True, cwd=folder, encoding="utf-8",
            env=os.environ | {"COLUMNS": str(WIDE), "PYTHONUTF8": "1", "NO_COLOR": "1"},
        )  # fmt: skip
        sheet = load_workbook(Path(folder, "actions.xlsx")).worksheets[1]
        return done.stdout, [list(row) for row in sheet.iter_rows(min_row=2)]


def transcript(said: str, lang: Lang) -> str:
    """The command and the first lines of its answer, as a block of markdown."""
    lines = [line.rstrip() for line in said.splitlines()]
    kept = [*lines[:SHOWN], "…", *(line for line in lines[-1:] if line.endswith(".xlsx"))]
    return "\n".join(["```console", f"$ {COMMAND.format(lang=lang)}", *kept, "```"])


def with_transcript(readme: str, block: str) -> str:
    """The README with this transcript between its marks."""
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"README without {BEGIN} … {END}")
    return f"{before}{BEGIN}\n{block}\n{END}{after}"


def picture(cells: list[list[Any]], lang: Lang) -> str:
    """The first rows of the sheet as SVG."""
    head, *rows = cells
    at = {cell.value: number for number, cell in enumerate(head)}
    labels = {name: COLUMNS[f"{name}_{lang}" if name == "reason" else name].label[lang] for name in DRAWN}
    width, height = sum(DRAWN.values()), HEAD + ROWS * (LINES * LINE + 8)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="{SANS}" font-size="{SIZE}" role="img">',
        f"<title>{escape(TITLE[lang])}</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    parts += _row(0, HEAD, [head[at[labels[name]]] for name in DRAWN], list(labels.values()))
    for number, row in enumerate(rows[:ROWS]):
        # An item to mend has no keyword.
        named = at[labels["keyword"]] if row[at[labels["keyword"]]].value else at[COLUMNS["item"].label[lang]]
        chosen = [row[named if name == "keyword" else at[labels[name]]] for name in DRAWN]
        top = HEAD + number * (LINES * LINE + 8)
        parts += _row(top, LINES * LINE + 8, chosen, [_shown(cell) for cell in chosen])
    return "\n".join([*parts, "</svg>"]) + "\n"


def _row(top: int, height: int, cells: list[Any], texts: list[str]) -> Iterator[str]:
    left = 0
    for wide, cell, text in zip(DRAWN.values(), cells, texts, strict=True):
        fill, ink = (f"#{colour.rgb[2:]}" for colour in (cell.fill.fgColor, cell.font.color))
        yield f'<rect x="{left}" y="{top}" width="{wide}" height="{height}" fill="{fill}" stroke="#fff"/>'
        weight = ' font-weight="bold"' if cell.font.b else ""
        for number, line in enumerate(_wrapped(text, wide - 14)):
            y = top + LINE + number * LINE
            yield f'<text x="{left + 7}" y="{y}" fill="{ink}"{weight}>{escape(line)}</text>'
        left += wide


def _shown(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    sign = "+" if "+" in cell.number_format else ""
    return f"{value:{sign}.1%}" if "%" in cell.number_format else f"{value:,.2f}"


def _wrapped(text: str, pixels: int) -> list[str]:
    """The text in lines of this width, the last one cut where more would follow."""
    lines, line = [], ""
    for word in _words(text):
        if line and _width(line + word) > pixels:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    lines.append(line)
    if len(lines) <= LINES:
        return lines
    kept = lines[LINES - 1]
    while _width(kept + "…") > pixels:
        kept = kept[:-1]
    return [*lines[: LINES - 1], kept + "…"]


def _words(text: str) -> Iterator[str]:
    """Pieces between which a line may break: words with the space before them, wide characters one by one."""
    word = ""
    for sign in text:
        begins = sign == " " or _is_wide(sign) or (word and _is_wide(word[-1]))
        if word and begins and sign not in NEVER_FIRST:
            yield word
            word = ""
        word += sign
    yield word


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _width(text: str) -> float:
    return sum(SIZE if _is_wide(sign) else SIZE * 0.56 for sign in text)


def main() -> int:
    pages = {}
    for lang, readme in READMES.items():
        said, cells = demo(lang)
        pages[PICTURES[lang]] = picture(cells, lang)
        pages[readme] = with_transcript(readme.read_text("utf-8"), transcript(said, lang))
    return write_or_check(pages)


if __name__ == "__main__":
    sys.exit(main())
