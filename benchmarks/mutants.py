"""Which changes of the code no test notices: mutation tests over windows, evidence, bids and judge.

    python benchmarks/mutants.py central
    python benchmarks/mutants.py all [--module bids/price] [--sample 40] [--seconds 600] [--seed 1]

`central` turns round the lines of central_mutations.yaml, one by one, and runs the tests named there. Exit
code 6: a mutant survives; 4: a line is not found once in its file (the list must move with the code); 3: the
tests fail without any mutant.

`all` hands the modules to mutmut, which makes every small change it knows of, runs those tests of the
module's folder that reach the changed function, and prints what survives. mutmut (3.8) was taken, not
cosmic-ray (8.7): it imports pandas once and forks for every mutant, where cosmic-ray starts Python anew, four
seconds each time; and it knows which tests reach a function. All happens in temporary copies of the tree.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parents[1]
LIST: Final = Path(__file__).with_name("central_mutations.yaml")
COPIED: Final = ("ppc_tuner", "tests", "rules", "sample_data", "docs", "pyproject.toml")
# A module or package of ppc_tuner, and where its tests are.
AREAS: Final = {
    "windows": ("tests/windows",),
    "evidence": ("tests/evidence",),
    "bids": ("tests/bids",),
    "judge": ("tests/judge",),
}
# -B: byte code of the line before would be taken for a mutant of the same size written in the same second.
TEST: Final = (sys.executable, "-B", "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider")
BROKEN_TESTS, LOST_LINE, SURVIVED = 3, 4, 6
# What mutmut notes of a mutant that no test failed for, and of one that no test reaches.
NOT_NOTICED, NOT_REACHED = 0, 33


def copied(folder: Path) -> Path:
    """The tree in a folder of its own, without caches."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*_cache")
            )
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    return folder


def passes(tree: Path, tests: list[str]) -> bool:
    """Whether these tests pass in a tree, whose own package comes before the installed one."""
    return subprocess.run([*TEST, *tests], cwd=tree, capture_output=True, check=False).returncode == 0


def mutated(text: str, mutation: Mapping[str, Any]) -> str | None:
    """The file's text with the line turned round; None where the line is not found exactly once."""
    if text.count(mutation["line"]) != 1:
        return None
    return text.replace(mutation["line"], mutation["becomes"])


def lost(mutations: list[dict[str, Any]]) -> list[str]:
    """The lines of the list that are not in the code any more once, and the tests that are gone."""
    found = []
    for one in mutations:
        path = ROOT / one["file"]
        if not path.exists() or mutated(path.read_text("utf-8"), one) is None:
            found.append(f"{one['file']}: not found once: {one['line']}   ({one['purpose']})")
        found += [
            f"{test}: no such test   ({one['purpose']})"
            for test in one["tests"]
            if not (ROOT / test).exists()
        ]
    return found


def central(mutations: list[dict[str, Any]]) -> int:
    if missing := lost(mutations):
        print(*missing, f"Put the new place into {LIST.name}, turned round in the same sense", sep="\n")
        return LOST_LINE
    survivors = 0
    with tempfile.TemporaryDirectory() as place:
        tree = copied(Path(place))
        if not passes(tree, sorted({test for one in mutations for test in one["tests"]})):
            print("the tests fail as it is: mend them first")
            return BROKEN_TESTS
        for one in mutations:
            path = tree / one["file"]
            whole = path.read_text("utf-8")
            path.write_text(str(mutated(whole, one)), "utf-8")
            survived = passes(tree, one["tests"])
            path.write_text(whole, "utf-8")
            survivors += survived
            print(f"{'SURVIVED' if survived else 'caught  '}  {one['file']}: {one['purpose']}", flush=True)
    print(f"{len(mutations) - survivors} of {len(mutations)} caught")
    return SURVIVED if survivors else 0


def all_of(area: str, chosen: str, sample: int | None, seconds: float | None, seed: int) -> list[str]:
    """Survivors among the mutants of an area's modules (those of path `chosen` alone, if given), as diffs."""
    with tempfile.TemporaryDirectory() as place:
        tree = copied(Path(place))
        tests = [test for test in AREAS[area] if (tree / test).exists()]
        with (tree / "pyproject.toml").open("a", encoding="utf-8") as settings:
            settings.write(_mutmut_settings(f"ppc_tuner/{chosen}*", tests))
        command = [sys.executable, "-m", "mutmut"]
        # No mutant is called "none": mutants are made and tests traced, and nothing is run yet.
        made = subprocess.run(
            [*command, "run", "none"], cwd=tree, capture_output=True, text=True, check=False
        )
        names = sorted(_results(tree))
        if not names:
            raise SystemExit(
                f"mutmut made no mutants of {chosen}:\n{made.stdout[-2000:]}{made.stderr[-2000:]}"
            )
        wanted = names if sample is None else random.Random(seed).sample(names, min(sample, len(names)))
        try:
            subprocess.run(
                [*command, "run", *wanted], cwd=tree, capture_output=True, check=False, timeout=seconds
            )
        except subprocess.TimeoutExpired:
            print(f"{area}: stopped after {seconds:.0f} s")
        results = {name: code for name, code in _results(tree).items() if code is not None and name in wanted}
        alive = [name for name, code in results.items() if code in (NOT_NOTICED, NOT_REACHED)]
        print(f"{chosen}: {len(names)} mutants, {len(results)} tried, {len(alive)} survived")
        return [_shown(tree, [*command, "show", name], results[name]) for name in alive]


def _mutmut_settings(modules: str, tests: list[str]) -> str:
    given = {
        "source_paths": ["ppc_tuner"],
        "only_mutate": [modules],
        "also_copy": ["rules", "sample_data", "docs"],
        "pytest_add_cli_args": ["-n", "0", "-p", "no:cacheprovider"],
        "pytest_add_cli_args_test_selection": tests,
    }
    return "\n[tool.mutmut]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in given.items())


def _results(tree: Path) -> dict[str, int | None]:
    """Mutant → exit code of its tests, None where it was not tried."""
    found: dict[str, int | None] = {}
    for path in (tree / "mutants").rglob("*.meta"):
        found |= json.loads(path.read_text("utf-8"))["exit_code_by_key"]
    return found


def _shown(tree: Path, command: list[str], code: int | None) -> str:
    diff = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False).stdout
    changed = [
        line for line in diff.splitlines() if line[:1] in "+-@" and not line.startswith(("+++", "---"))
    ]
    return "\n".join([f"# {command[-1]}{'  (no test reaches it)' if code == NOT_REACHED else ''}", *changed])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("mode", choices=["central", "all"])
    parser.add_argument("--module", help="e.g. bids or bids/price; default: all four areas")
    parser.add_argument("--sample", type=int, help="so many mutants of each area, drawn at random")
    parser.add_argument("--seconds", type=float, help="stop trying mutants of an area after this time")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.mode == "central":
        return central(YAML(typ="safe").load(LIST))
    survivors: list[str] = []
    for chosen in [given.module] if given.module else AREAS:
        area = chosen.split("/")[0]
        survivors += all_of(area, chosen.removesuffix(".py"), given.sample, given.seconds, given.seed)
    print(*survivors, sep="\n\n")
    return SURVIVED if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
