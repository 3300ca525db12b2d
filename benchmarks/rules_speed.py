"""Seconds to judge 1,000,000 rows by 40 rules and their gates, without and with the reasons.

    python benchmarks/rules_speed.py [ROWS] [RULES]

The pack is that of 直通车, filled up with further rules; the figures are random. Goal: 40 rules over
1,000,000 rows in at most 3 seconds on 2 cores, for conditions and verdicts. A reason is rendered once for
each row, by the rule that decides.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from ppc_tuner.columns import COLUMNS
from ppc_tuner.judge import Pack, load_pack, permit, write
from ppc_tuner.locations import rules_folder

GOAL = 3.0
RULE = """  - id: extra-{n}
    when: {when}
    action: {action}
    reason: {{zh: "点击 {{clicks}}，花费 {{cost}}", en: "clicks {{clicks}}, cost {{cost}}"}}
"""
CONDITIONS = (
    "clicks >= {n} and cost / clicks > 1.{n} and conversions == 0",
    'kind in ["core", "long_tail"] and ctr_score < {n} and cvr_score < 50',
    'contains(keyword, "男") and roas > {n} * break_even_roas',
    "margin < 0.{n} and (roas < break_even_roas or p_not_worth > 0.9) and weekly_cost > least_gain * {n}",
)
TEXTS = {
    "level": ["keyword"],
    "currency": ["CNY"],
    "platform": ["zhitongche"],
    "kind": ["head", "core", "long_tail", "brand", "other"],
    "proposal": ["none", "none", "none", "raise", "lower", "delete"],
    "bid_basis": ["cpc", "given"],
    "status": ["live"],
    "keyword": ["羽绒服男", "羽绒服", "连衣裙", "短款羽绒服男"],
    "main_word": ["羽绒服男"],
}


def made_pack(rules: int) -> Pack:
    """The pack of 直通车, filled up to this many rules for keywords."""
    folder = rules_folder()
    own = sum("keyword" in rule.level for rule in load_pack("zhitongche", folder).rules)
    actions = ("watch", "raise", "lower", "delete")
    extra = [
        RULE.format(n=n, when=CONDITIONS[n % 4].format(n=n + 1), action=actions[n // 4 % 4])
        for n in range(max(0, rules - own))
    ]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "many.yaml"
        path.write_text("pack: many\nextends: zhitongche\nrules:\n" + "".join(extra), encoding="utf-8")
        return load_pack(path, folder)


def made_rows(count: int, pack: Pack) -> pd.DataFrame:
    """Random figures for every column that a gate or rule uses; one in ten is unknown."""
    random = np.random.default_rng(7)
    clauses = (*pack.gates, *pack.rules)
    wanted = set().union(*(clause.condition.columns for clause in clauses))
    wanted |= set().union(*(text.columns for clause in clauses for text in clause.reason.values()))
    rows = {name: pd.Series(random.choice(choice, count), dtype="str") for name, choice in TEXTS.items()}
    for name in sorted(wanted - set(TEXTS)):
        kind = COLUMNS[name].kind
        if kind == "flag":
            rows[name] = pd.Series(random.random(count) < 0.9, dtype="boolean")
        elif kind != "text":
            scale = {"share": 1.0, "change": 1.0, "score": 100.0, "ratio": 6.0}.get(kind, 500.0)
            figures = random.random(count) * scale
            rows[name] = pd.Series(np.where(random.random(count) < 0.1, np.nan, figures))
    return pd.DataFrame(rows).assign(step_down=-0.2, step_up=0.2)


def clocks() -> tuple[float, float]:
    """Seconds of the clock and of the processor; on a busy machine the latter is the one to go by."""
    return time.perf_counter(), time.process_time()


def since(begin: tuple[float, float]) -> str:
    wall, cpu = (now - then for now, then in zip(clocks(), begin, strict=True))
    return f"{wall:.2f} s, {cpu:.2f} s of processor time"


def main() -> None:
    count, rules = (int(given) for given in (*sys.argv[1:], *("1000000", "40")[len(sys.argv) - 1 :]))
    pack = made_pack(rules)
    rows = made_rows(count, pack)
    permit(rows.head(1000), pack)
    begin = clocks()
    judgement = permit(rows, pack)
    print(
        f"{count:,} rows, {len(judgement.rules)} rules, {len(judgement.gates)} gates: "
        f"{since(begin)} (goal {GOAL:g} s)"
    )
    begin = clocks()
    write(rows, judgement, pack)
    print(f"the verdict columns and both reasons of every row: {since(begin)}")


if __name__ == "__main__":
    main()
