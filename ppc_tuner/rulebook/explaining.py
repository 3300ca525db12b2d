"""What a pack does to a report: how often each clause decided, the money behind it, one word's whole path."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

import pandas as pd

from ppc_tuner.columns import ACTIONS, KINDS
from ppc_tuner.errors import UsageError
from ppc_tuner.judge import Pack
from ppc_tuner.judge.outcomes import EngineOutcome, concerned
from ppc_tuner.judge.pack import Clause
from ppc_tuner.rulebook.verdict_path import HOLDS, Step, gate_steps, rule_steps
from ppc_tuner.text import Lang, Text

COUNTS: Final = ("matched", "decided", "shadowed", "gated", "unjudged")


def explain(actions: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """How often each gate, rule and outcome of the engine spoke in a list (`Result.actions`) made with this
    pack.

    One row per clause: clause, kind (gate, rule, outcome), action, the COUNTS (rows of the list),
    weekly_cost (money a week of the rows that it decided, that the gate held back, or that the outcome
    concerns). Every row of the list is decided exactly once, so `decided` sums to the length of the list.

    matched: its condition held and the evidence proposed its action; of an outcome, the rows it concerns.
    decided: it gave the verdict. gated: it matched, but a gate held it back. shadowed: it matched, but an
    earlier rule decided. unjudged: a figure that it needs is unknown.
    """
    cost = actions["weekly_cost"].fillna(0.0)
    matched, held, unjudged = (_marks(actions[name]) for name in ("matched", "gated_by", "unjudged"))
    decided = actions["rule"].fillna("")
    nowhere = pd.Series(False, index=actions.index)
    rows = []
    for gate in pack.gates:
        stopped = _marked(held, gate.id, actions)
        counted = (stopped, decided.eq(gate.id), nowhere, stopped, _unknown(gate, actions))
        rows.append(_row(gate, "gate", counted, cost[stopped]))
    for rule in pack.rules:
        hits, by_it = _marked(matched, rule.id, actions), decided.eq(rule.id)
        stopped = nowhere
        for gate in pack.gates:
            if gate.forbids(rule.action):
                stopped = stopped | _marked(held, gate.id, actions)
        stopped = stopped & hits & ~by_it
        shadowed = hits & ~by_it & ~stopped
        counted = (hits, by_it, shadowed, stopped, _marked(unjudged, rule.id, actions))
        rows.append(_row(rule, "rule", counted, cost[by_it]))
    for name, outcome in pack.outcomes.items():
        hits = concerned(name, actions)
        rows.append(
            {
                "clause": name,
                "kind": "outcome",
                "action": outcome.action or "",
                **dict.fromkeys(COUNTS, 0),
                "matched": int(hits.sum()),
                "decided": int(decided.eq(name).sum()),
                "weekly_cost": cost[hits].sum(),
            }
        )
    return pd.DataFrame(rows)


def _row(clause: Clause, kind: str, counted: Sequence[pd.Series], money: pd.Series) -> dict[str, object]:
    """One row of the account; `counted`: the rows of the list for each of COUNTS."""
    action = clause.action or ", ".join(getattr(clause.declared, "forbids", ()))
    figures = {name: int(marks.sum()) for name, marks in zip(COUNTS, counted, strict=True)}
    return {"clause": clause.id, "kind": kind, "action": action, **figures, "weekly_cost": money.sum()}


def _marks(written: pd.Series) -> pd.DataFrame:
    return written.fillna("").str.get_dummies(" ").astype(bool)


def _marked(marks: pd.DataFrame, name: str, actions: pd.DataFrame) -> pd.Series:
    return marks[name] if name in marks else pd.Series(False, index=actions.index)


def _unknown(gate: Clause, actions: pd.DataFrame) -> pd.Series:
    truth = gate.condition.run(actions)
    return pd.Series(~(truth.yes | truth.no), index=actions.index)


def word_rows(actions: pd.DataFrame, keyword: str) -> pd.DataFrame:
    """The rows of one keyword or search term. UsageError, with the nearest words: there are none."""
    words = actions["keyword"] if "keyword" in actions else pd.Series(index=actions.index, dtype="str")
    if "search_term" in actions:
        words = words.where(actions["search_term"].isna(), actions["search_term"])
    found = actions[words == keyword]
    if found.empty:
        known = words.dropna().unique().tolist()
        near = get_close_matches(keyword, known, n=3) or known[:3]
        raise UsageError(
            Text(f"报表里没有关键词“{keyword}”", f"the report has no keyword '{keyword}'"),
            to_do=Text(f"例如 {'、'.join(near)}", f"such as {', '.join(near)}"),
        )
    return found


def path_of(row: pd.DataFrame, pack: Pack, lang: Lang) -> list[str]:
    """The path of one row to its verdict, a line a step.

    Evidence, gates that hold, rules up to the one that decides, outcomes of the engine, verdict.
    """
    gates = [step for step in gate_steps(row, pack) if step.truth is HOLDS]
    rules = rule_steps(row, pack)
    lines = [_evidence(row, lang)]
    lines += [
        f"{'关卡' if lang == 'zh' else 'gate'} {step.said(lang)}{_forbidden(step, lang)}" for step in gates
    ]
    lines += [f"{number}. {step.said(lang)}" for number, step in enumerate(rules, 1)]
    after = Text("规则之后", "after the rules")[lang]
    lines += [
        f"{after} {name}: {in_short(outcome, lang)}"
        for name, outcome in pack.outcomes.items()
        if concerned(name, row).iloc[0]
    ]
    return [*lines, _verdict(row, lang)]


def in_short(outcome: EngineOutcome, lang: Lang) -> str:
    """Why the engine decides so: the first sentence of its `why`; a dash if the pack gives none."""
    why = outcome.declared.why
    return why.as_text()[lang].split(Text("。", ". ")[lang])[0] if why else "–"


def _forbidden(step: Step, lang: Lang) -> str:
    forbids = getattr(step.clause.declared, "forbids", ())
    names = ("、" if lang == "zh" else ", ").join(ACTIONS[action][lang] for action in forbids)
    return Text(f"：不许{names}", f": forbids {names}")[lang]


def _evidence(row: pd.DataFrame, lang: Lang) -> str:
    one = row.iloc[0]
    proposal = str(one.get("proposal", "none"))
    action = ACTIONS[proposal][lang] if proposal in ACTIONS else Text("不动", "no change")[lang]
    kind = KINDS[one["kind"]][lang] if one.get("kind") in KINDS else "–"
    where = " / ".join(str(one[name]) for name in ("campaign", "ad_group", "item") if pd.notna(one.get(name)))
    up, down, not_worth = (f"{one[name]:.0%}" for name in ("p_raise", "p_lower", "p_not_worth"))
    said = Text(
        f"{where}（{kind}）：数据建议{action}（应提把握 {up}、应降 {down}、不值得投 {not_worth}）",
        f"{where} ({kind}): the evidence proposes {action} "
        f"(raise {up} sure, lower {down}, not worth running {not_worth})",
    )
    return said[lang]


def _verdict(row: pd.DataFrame, lang: Lang) -> str:
    one = row.iloc[0]
    action, change = ACTIONS[str(one["action"])][lang], one["bid_change"]
    moved = f" {change:+.0%}" if change == change and change else ""
    return f"→ {action}{moved} [{one['rule']}] {one[f'reason_{lang}']}"
