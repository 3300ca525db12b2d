"""Runs players in worlds with known truth, over many seeds and in several processes.

`bench_decisions(cases, players, seeds)` works with any class that follows the protocol `World`
(lab/market.py), not only the worlds of lab/worlds.py. The same cases, players and seeds give the same figures
with any number of processes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from multiprocessing import get_context
from typing import Final, cast

import pandas as pd

from ppc_tuner.context import Context
from ppc_tuner.lab import calibration
from ppc_tuner.lab.detection import first_decision, planted_words
from ppc_tuner.lab.held_out import reductions, word_rows
from ppc_tuner.lab.players import PLAYERS, WITHOUT_MARGINS, Ours, Player, own_pack
from ppc_tuner.lab.rollout import Ledger, Step, play
from ppc_tuner.lab.sold import SalesLedger, Sold
from ppc_tuner.lab.worlds import Case
from ppc_tuner.settings import Settings

PROCESSES: Final = 2
Players = Mapping[str, Callable[[], Player]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured. Each frame has the columns world, seed and player; frames may be empty.

    `profit`: one row per player (`Ledger.measures`). `sales`: the same for worlds in which nobody is told a
    margin (`SalesLedger.measures`). `first`: one per player and word of the honesty accounts
    (`first_decision`, in the planted account also `planted_words`). The others are measured for the product
    alone. `coverage`: one row per bucket and kind (`calibration.coverage`); `reliability`: per figure and
    decile; `own_weight`: per figure and own weight (`calibration.by_own_weight`); `groups`: per decision
    (`calibration.of_groups`); `gains`, `deletes`: per decision; `late_orders`: one; `held_out`: per way of
    estimating conversion (`held_out.reductions`).
    """

    profit: pd.DataFrame
    sales: pd.DataFrame
    first: pd.DataFrame
    coverage: pd.DataFrame
    reliability: pd.DataFrame
    own_weight: pd.DataFrame
    groups: pd.DataFrame
    gains: pd.DataFrame
    deletes: pd.DataFrame
    late_orders: pd.DataFrame
    held_out: pd.DataFrame


Parts = dict[str, list[pd.DataFrame]]


def bench_decisions(
    cases: Sequence[Case],
    players: Players,
    seeds: Sequence[int],
    *,
    processes: int = PROCESSES,
    progress: Progress = lambda _done, _all: None,
) -> Figures:
    """Let every player decide in every case with every seed.

    With more than one process, cases and players must be picklable, and a script must call this under `if
    __name__ == "__main__"`. `progress` is called with how many (case, seed) pairs are done, and how many
    there are.
    """
    jobs = [(case, players, seed) for case in cases for seed in seeds]
    gathered: Parts = {field.name: [] for field in fields(Figures)}
    with _mapping(processes) as run:
        for done, part in enumerate(run(_one, jobs), start=1):
            for name, frames in part.items():
                gathered[name] += frames
            progress(done, len(jobs))
    return Figures(**{name: _together(frames) for name, frames in gathered.items()})


@contextmanager
def _mapping(processes: int) -> Iterator[Callable[..., Iterator[Parts]]]:
    """`map`, in this process or over several, which then use one thread each.

    Two processes of two threads each would wait for one another on two cores.
    """
    if processes == 1:
        yield map
        return
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            yield pool.map
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


def _together(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _one(job: tuple[Case, Players, int]) -> Parts:
    """All players, one after the other, in one world with one seed."""
    case, players, seed = job
    parts: Parts = {field.name: [] for field in fields(Figures)}
    for name, make_player in players.items():
        if case.sales and name in PLAYERS and name not in WITHOUT_MARGINS:
            continue
        player = make_player()
        part = _measured(case)(case, player, seed)
        for figure, frames in part.items():
            parts[figure] += [frame.assign(world=case.name, seed=seed, player=name) for frame in frames]
    return parts


def _measured(case: Case) -> Callable[[Case, Player, int], Parts]:
    if case.honest:
        return _honest
    return _sold if case.sales else _rolled_out


def _sold(case: Case, player: Player, seed: int) -> Parts:
    world = case.make(seed)
    ledger = SalesLedger(cast(Sold, world), case.terms.platform.bid.floor)
    for step in play(world, player, case.terms):
        ledger.add(step)
    return {"sales": [pd.DataFrame([ledger.measures()])]}


def _honest(case: Case, player: Player, seed: int) -> Parts:
    world = case.make(seed)
    step = next(play(world, player, case.terms, weeks=1))
    words = first_decision(step)
    if isinstance(player, Ours):
        words["grouped"] = words.index.isin(_in_groups(player))
    if case.name == "planted":
        words = pd.concat([words, planted_words(case.make(seed), step)], axis=1)
    return {"first": [words.reset_index(drop=True)]}


def _in_groups(player: Ours) -> pd.Series:
    """The ids of the words that the last list moves with a group."""
    decided = player.decided
    together = decided["moved_with"].notna() if "moved_with" in decided else pd.Series(False, decided.index)
    return decided.loc[together, "keyword_id"]


def _rolled_out(case: Case, player: Player, seed: int) -> Parts:
    ledger = Ledger(case.terms.platform.bid.floor)
    parts: Parts = {field.name: [] for field in fields(Figures)}
    for step in play(case.make(seed), player, case.terms):
        ledger.add(step)
        if isinstance(player, Ours):
            for name, frame in _checked(case, player, step).items():
                parts[name].append(frame)
    parts["profit"].append(pd.DataFrame([ledger.measures()]))
    if isinstance(player, Ours):
        parts["late_orders"].append(pd.DataFrame([calibration.late_orders(case.make(seed), case.terms)]))
        parts["held_out"].append(_held_out(case, seed))
    return parts


def _held_out(case: Case, seed: int) -> pd.DataFrame:
    """[estimate, reduction]: how well each estimate predicts a held-out half of the clicks; empty without
    orders.
    """
    known = Context((case.terms.items,))
    settings = Settings.of(own_pack(case.terms).settings)
    rows = word_rows(case.make(seed).facts(), case.terms.platform, known, settings)
    return pd.DataFrame(reductions(rows, settings, seed).items(), columns=["estimate", "reduction"])


def _checked(case: Case, player: Ours, step: Step) -> dict[str, pd.DataFrame]:
    """What one list promised, beside the truth; nothing before unusual weeks."""
    if step.week in case.unusual or player.pack is None:
        return {}
    words = calibration.matched(player.decided, step)
    floor, band = case.terms.platform.bid.floor, float(player.pack.settings["band"])
    week = {"week": step.week}
    return {
        "coverage": calibration.coverage(words, step.week == 0),
        "reliability": calibration.reliability(words, floor, band),
        "own_weight": calibration.by_own_weight(words, floor),
        "groups": pd.DataFrame([calibration.of_groups(words, step, player.groups) | week]),
        "gains": pd.DataFrame([calibration.gains(words, step, player.groups) | week]),
        "deletes": pd.DataFrame([calibration.deletes(words, floor) | week]),
    }
