"""What `rules explain` shows: how often each rule decided, one word's path, how two packs differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from ppc_tuner.cli.messages import print_table, say
from ppc_tuner.columns import ACTIONS
from ppc_tuner.rulebook import difference, explain
from ppc_tuner.rulebook.explaining import in_short, path_of, word_rows
from ppc_tuner.text import Lang, Text

if TYPE_CHECKING:
    from ppc_tuner.judge import Pack
    from ppc_tuner.listing import Result

MOST_WORDS: Final = 30
COST: Final = {"weekly_cost": Text("每周花费", "Cost a week")}
# Kind of row → labels of its first two columns, and its figures with their labels.
ACCOUNT: Final[dict[str, tuple[Text, Text, dict[str, Text]]]] = {
    "gate": (
        Text("关卡", "Gate"),
        Text("不许", "Forbids"),
        {
            "gated": Text("拦下", "Held back"),
            "decided": Text("成了理由", "Was the reason"),
            "unjudged": Text("无法判断", "Not judged"),
            **COST,
        },
    ),
    "rule": (
        Text("规则", "Rule"),
        Text("动作", "Action"),
        {
            "matched": Text("命中", "Matched"),
            "decided": Text("决定", "Decided"),
            "shadowed": Text("被盖过", "Shadowed"),
            "gated": Text("被拦下", "Gated"),
            "unjudged": Text("无法判断", "Not judged"),
            **COST,
        },
    ),
    "outcome": (
        Text("规则之后", "After the rules"),
        Text("为什么", "Why"),
        {"matched": Text("涉及", "Words"), "decided": Text("成了理由", "Was the reason"), **COST},
    ),
}


def say_account(result: Result, lang: Lang) -> None:
    """Print how often each gate and rule matched and decided, and the money behind it, by platform."""
    for platform in result.reading.platforms:
        runs = [run for run in result.runs if run.platform.id == platform]
        if not runs:
            continue
        built = runs[0].pack
        account = explain(pd.concat([run.seen_by_rules(result.actions) for run in runs]), built)
        for kind, (name, what, figures) in ACCOUNT.items():
            lines = [
                [str(row["clause"]), _what(row, built, lang), *(f"{row[figure]:,.0f}" for figure in figures)]
                for _, row in account[account["kind"] == kind].iterrows()
            ]
            head = [label[lang] for label in (name, what, *figures.values())]
            print_table(platform if kind == "gate" else "", head, lines, whole_first=True)


def say_paths(result: Result, keyword: str, lang: Lang) -> None:
    """Print a word's whole path to its verdict, for every place where it is bought."""
    found = word_rows(result.actions, keyword)
    for run in result.runs:
        for _, row in run.seen_by_rules(found).groupby(level=0):
            for line in path_of(row, run.pack, lang):
                say(line)


def say_difference(before: Result, after: Result, lang: Lang) -> None:
    """Print which words get another verdict, and the money behind them."""
    found = difference(before.actions, after.actions)
    head = (
        Text("原来", "Before"),
        Text("现在", "Now"),
        Text("词数", "Words"),
        COST["weekly_cost"],
        Text("预计周增利变化", "Change of expected gain"),
    )
    moves = [
        [
            _actions(row["before_action"], lang),
            _actions(row["after_action"], lang),
            f"{row['words']:,.0f}",
            f"{row['weekly_cost']:,.0f}",
            f"{row['gain']:+,.0f}",
        ]
        for _, row in found.moves.iterrows()
    ]
    count = len(found.words)
    title = Text(f"{count:,} 行的结论变了", f"{count:,} rows change")
    print_table(title[lang], [label[lang] for label in head], moves)
    if count:
        _say_words(found.words.head(MOST_WORDS), lang)


def _say_words(words: pd.DataFrame, lang: Lang) -> None:
    head = (
        Text("词", "Word"),
        Text("原来", "Before"),
        Text("现在", "Now"),
        COST["weekly_cost"],
        Text("规则", "Rule"),
    )
    lines = [
        [
            _word(row),
            _verdict(row, "before", lang),
            _verdict(row, "after", lang),
            f"{row['weekly_cost']:,.0f}",
            str(row["after_rule"]),
        ]
        for _, row in words.iterrows()
    ]
    title = Text(f"花费最多的 {len(words)} 行", f"the {len(words)} that cost most")
    print_table(title[lang], [label[lang] for label in head], lines)


def _what(row: pd.Series, pack: Pack, lang: Lang) -> str:
    """What a rule does, a gate forbids, or the first sentence of why the engine decides as it does."""
    outcome = pack.outcomes.get(str(row["clause"]))
    return in_short(outcome, lang) if outcome else _actions(str(row["action"]), lang)


def _actions(names: str, lang: Lang) -> str:
    """The named actions in the reader's language; a dash if there is none."""
    said = [ACTIONS[name][lang] for name in names.split(", ") if name in ACTIONS]
    return Text("、", ", ")[lang].join(said) or "–"


def _verdict(row: pd.Series, side: str, lang: Lang) -> str:
    action, change = _actions(str(row[f"{side}_action"]), lang), row[f"{side}_bid_change"]
    return f"{action} {change:+.0%}" if pd.notna(change) and change else action


def _word(row: pd.Series) -> str:
    named = (row.get(name) for name in ("search_term", "keyword", "item"))
    return next((str(one) for one in named if pd.notna(one) and one), "")
