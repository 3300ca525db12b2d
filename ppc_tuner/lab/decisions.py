"""`ppc-tuner bench decisions`: from names of worlds and players and a number of seeds to tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from ppc_tuner.errors import UsageError
from ppc_tuner.fingerprint import UNSEALED
from ppc_tuner.lab.bench import PROCESSES, Progress, bench_decisions
from ppc_tuner.lab.goals import goals_table
from ppc_tuner.lab.players import OURS, PLAYERS
from ppc_tuner.lab.result_tables import tables
from ppc_tuner.lab.table_of import TableOf
from ppc_tuner.lab.worlds import TABLE_SEEDS, TUNING_SEEDS, Case, honesty_cases, market_cases, sales_cases
from ppc_tuner.text import Text
from ppc_tuner.writing import written_whole

SEEDS: Final = 10
Named = TypeVar("Named")


@dataclass(frozen=True, slots=True)
class Bench:
    """What was run, and the resulting tables."""

    worlds: tuple[str, ...]
    players: tuple[str, ...]
    seeds: tuple[int, ...]
    tables: tuple[TableOf, ...]

    def save(self, path: Path, *, overwrite: bool = False) -> None:
        """Write worlds, players, seeds and the tables' figures as JSON, unknown as null.

        OutputError if it fails, or without `overwrite` would replace a file that is not one of these.
        """
        content = {
            "fingerprint": UNSEALED,
            "worlds": self.worlds,
            "players": self.players,
            "seeds": self.seeds,
            "tables": {table.name: _records(table) for table in self.tables},
        }
        with written_whole([path], overwrite=overwrite) as (aside,):
            aside.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def decisions(
    worlds: Sequence[str] = (),
    players: Sequence[str] = (),
    seeds: int = SEEDS,
    *,
    tuning: bool = False,
    processes: int = PROCESSES,
    progress: Progress = lambda _done, _all: None,
) -> Bench:
    """Run the named worlds and players (none: all) with the first `seeds` of the seeds for tables, or for
    tuning.

    Raises UsageError for an unknown name and for a number of seeds that is out of range.
    """
    cases = _chosen(worlds, {case.name: case for case in all_cases()}, "--worlds")
    chosen = _chosen(players, PLAYERS, "--players")
    numbers = _seeds(seeds, TUNING_SEEDS if tuning else TABLE_SEEDS)
    figures = bench_decisions(list(cases.values()), chosen, numbers, processes=processes, progress=progress)
    shown = tables(figures)
    if OURS in chosen:
        shown.append(goals_table(shown))
    return Bench(tuple(cases), tuple(chosen), tuple(numbers), tuple(shown))


def all_cases() -> list[Case]:
    """Every world that has a name."""
    return [*market_cases(), *sales_cases(), *honesty_cases()]


def _chosen(names: Sequence[str], known: Mapping[str, Named], option: str) -> dict[str, Named]:
    asked = [name.strip() for given in names for name in given.split(",") if name.strip()]
    unknown = [name for name in asked if name not in known]
    if unknown:
        problem = Text(f"{option} 里有不认识的名字", f"{option} holds a name that is not known")
        raise UsageError(problem, found=", ".join(unknown), expected=", ".join(known))
    return {name: known[name] for name in known if not asked or name in asked}


def _seeds(count: int, series: Sequence[int]) -> list[int]:
    if not 1 <= count <= len(series):
        problem = Text("没有这么多种子", "there are not so many seeds")
        raise UsageError(problem, found=str(count), expected=f"1 … {len(series)}", to_do="--seeds 10")
    return list(series[:count])


def _records(table: TableOf) -> list[dict[str, Any]]:
    """The frame's rows, unknown as null."""
    rows: list[dict[str, Any]] = json.loads(
        table.frame.to_json(orient="records", double_precision=6, force_ascii=False)
    )
    return rows
