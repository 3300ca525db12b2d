"""What a run says on the terminal: what was found, what is worth most, what to open and what to give.

At most MOST_LINES lines of MOST_COLUMNS columns, whatever the account; all else is in the files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ppc_tuner.cli.messages import out, plain
from ppc_tuner.text import Lang, Text

if TYPE_CHECKING:
    import pandas as pd

    from ppc_tuner.listing import Result

MOST_COLUMNS: Final = 80
MOST_LINES: Final = 40
# How much of each is said: accounts and remarks, with the lines that one may take, and files.
ACCOUNTS, LAST, REMARKS, FILES = (2, 2), (1, 2), (2, 3), 4
ACTIONS, REASON_LINES = 5, 2
NAME, PLACE = 30, 26
CUT: Final = "…"


def first_look(result: Result, written: Sequence[Path], lang: Lang) -> list[str]:
    """The lines to print."""
    lines: list[str] = []
    for name, (most, each) in (("found", ACCOUNTS), ("last_time", LAST), ("warnings", REMARKS)):
        said = result.summary[name][f"text_{lang}"].tolist()
        for text in said[:most]:
            lines += _wrapped(text, each)
        # Of the last list the rest stands on the first sheet.
        if len(said) > most and name != "last_time":
            lines.append(_more(name, len(said) - most)[lang])
    actions = _actions(result, lang)
    lines += actions
    for text in result.summary["to_give"][f"text_{lang}"].tolist()[:1]:
        lines += ["", *_wrapped(text, 2)]
    lines += ["", *_next(written, lang, something=bool(len(actions)))]
    return lines[:MOST_LINES]


def _more(name: str, count: int) -> Text:
    if name == "found":
        return Text(f"另有 {count:,} 个账户", f"{count:,} more {'account' if count == 1 else 'accounts'}")
    return Text(
        f"另有 {count:,} 条提醒，见总览",
        f"{count:,} more {'remark' if count == 1 else 'remarks'}: see Summary",
    )


def _actions(result: Result, lang: Lang) -> list[str]:
    """The actions that are expected to bring most, each with its place and reason."""
    from ppc_tuner.columns import ACTIONS as NAMES
    from ppc_tuner.summary.totals import acted_on

    rows = result.actions
    alone = rows["level"].eq("group") | rows["moved_with"].isna()
    acted = rows[acted_on(rows) & alone]
    # Items to mend have no gain of their own; they follow, the dearest first, as in the list.
    best = acted.loc[acted["expected_gain"].fillna(-1).sort_values(ascending=False, kind="stable").index]
    lines = []
    for number, (_, row) in enumerate(best.head(ACTIONS).iterrows(), start=1):
        change = f" {row['bid_change']:+.0%}" if -1 < row["bid_change"] < 0 or row["bid_change"] > 0 else ""
        gain = Text(f"周增利 {row['expected_gain']:+,.0f}", f"{row['expected_gain']:+,.0f} a week")[lang]
        named = [
            f"{number}. {NAMES[row['action']][lang]}{change}",
            _short(
                _first(row, ("group_name", "fragment", "search_term", "keyword", "item", "ad_group")), NAME
            ),
            _short(_first(row, ("campaign", "ad_group")), PLACE),
            gain if row["expected_gain"] == row["expected_gain"] else "",
        ]
        lines += [*_wrapped(" · ".join(part for part in named if part), 1)]
        lines += [f"   {line}" for line in _wrapped(row[f"reason_{lang}"], REASON_LINES, MOST_COLUMNS - 3)]
    return ["", *lines] if lines else []


def _next(written: Sequence[Path], lang: Lang, *, something: bool) -> list[str]:
    """Where to read on, and what to do with what is decided there."""
    lines = []
    # Paths are whole, to be copied.
    lines += [str(path) for path in written[:FILES]]
    if len(written) > FILES:
        lines.append(f"{CUT} {len(written) - FILES:,}")
    books = [path for path in written if path.suffix.lower() == ".xlsx"]
    if books:
        said = Text(
            "打开它的“操作清单”，选采纳、拒绝或改价，再运行 ppc-tuner upload",
            "Open its sheet Actions, accept, reject or change, then run ppc-tuner upload",
        )
        if not something:
            said = Text("打开看“总览”和“全部关键词”", "Open it at Summary and All keywords")
        lines += _wrapped(said[lang], 2)
    return lines


def _first(row: pd.Series, names: Sequence[str]) -> str:
    texts = [str(row[name]) for name in names if name in row and row[name] == row[name] and row[name] != ""]
    return texts[0] if texts else ""


def _short(text: str, room: int) -> str:
    shown = plain(" ".join(text.split()))
    shown.truncate(room, overflow="ellipsis")
    return str(shown)


def _wrapped(text: str, most: int, width: int = MOST_COLUMNS) -> list[str]:
    """The text in lines of at most `width` columns; beyond `most` lines it is cut."""
    lines = [line.plain.rstrip() for line in plain(text).wrap(out, width)]
    if len(lines) <= most:
        return lines
    last = plain(lines[most - 1] + CUT)
    last.truncate(width, overflow="ellipsis")
    return [*lines[: most - 1], str(last)]
