"""Runs of the command on folders of damaged exports and odd Parquet files, with odd outputs and environments.

    python tests/cli/hostile_runs.py SECONDS [SEED]

Nothing is read or written outside a temporary folder. A fault is exit code 70, a traceback, "Exception
ignored", more than a minute, a file that is not whole, a change to anybody's file, or litter. It is shown
with its number: `python tests/cli/hostile_runs.py 0 NUMBER` tries that one run again.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "files"))
from hostile_bytes import PAYLOADS, SAMPLES, damaged

from ppc_tuner.fingerprint import is_untouched

LONGEST_SECONDS: Final = 60
FOREIGN: Final = b"mine\n"
ROWS: Final = 6
DAMAGES: Final = ("change", "insert", "remove", "repeat", "cut", "many")
# As the canonical layout has them, and cells of a type that it does not expect.
COLUMNS: Final[dict[str, Any]] = {
    "platform": "shop", "keyword": "shoes", "campaign": "A", "ad_group": "B", "item_id": "7",
    "impressions": 900,
    "clicks": 30, "cost": 12.5, "conversions": 2, "revenue": 80.0, "bid": 0.6, "date": date(2026, 7, 4),
}  # fmt: skip
ODD_CELLS: Final[tuple[Any, ...]] = (
    None, "", "x", True, -1, 2**62, 1.5, float("nan"), float("inf"), Decimal("12.50"), date(1, 1, 1),
    date(9999, 12, 31), datetime(2026, 7, 4, 23, 30, tzinfo=UTC), b"\xff\x00", ["a"], {"a": 1}, [None],
    {"a": [1]},
    "=1+1", "1e999", "\u202e\ud7ff",
)  # fmt: skip
ENVIRONMENTS: Final = (
    {"COLUMNS": "0"}, {"COLUMNS": "-3"}, {"COLUMNS": "wide"},
    {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"},
    {"LANG": "C", "LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "utf-16"},
    {"TZ": "Pacific/Kiritimati"}, {"TZ": ":/no"}, {"TMPDIR": "/no/such/folder"}, {"HOME": "/no/such/folder"},
)  # fmt: skip
STREAMS: Final = (*["captured"] * 4, "no stdout", "no stderr", "none at all", "full", "closed pipe")


def odd_parquet(chance: random.Random) -> bytes:
    """A table with some columns left out, added, twice, or of another type than is expected."""
    columns: list[tuple[str, pa.Array]] = []
    odd = chance.choice([0.0, 0.03, 0.15])
    for name, cell in COLUMNS.items():
        kind = chance.random()
        if kind < odd / 3:
            continue
        usual = chance.choice(ODD_CELLS) if kind < odd else cell
        cells = [usual if chance.random() > odd / 3 else None for _ in range(ROWS)]
        array = pa.array(cells)
        if kind > 0.95 and not pa.types.is_nested(array.type):
            array = array.dictionary_encode()
        columns.append((name, array))
    if chance.random() < 0.2:
        columns.append(
            (chance.choice(["", "clicks", "extra", "x" * 300]), pa.array([chance.choice(ODD_CELLS)] * ROWS))
        )
    rows = chance.choice([0, 1, ROWS, ROWS, ROWS])
    table = pa.table([array for _, array in columns], names=[name for name, _ in columns]).slice(0, rows)
    out = pa.BufferOutputStream()
    pq.write_table(table, out, compression=chance.choice(["none", "snappy", "zstd"]))
    return bytes(out.getvalue())


def export(chance: random.Random, kind: str) -> bytes:
    """An export of a kind, damaged more often than not."""
    data = odd_parquet(chance) if kind == "parquet" and chance.random() < 0.8 else SAMPLES[kind]()
    if chance.random() < 0.6:
        return data
    many = chance.randint(1, 3)
    return damaged(
        data,
        [
            (chance.choice(DAMAGES), chance.random(), chance.randint(1, 40), chance.choice(PAYLOADS))
            for _ in range(many)
        ],
    )


def _folder(path: Path) -> None:
    path.mkdir()


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _foreign(path: Path) -> None:
    path.write_bytes(FOREIGN)


def _empty(path: Path) -> None:
    path.touch()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere" + path.suffix)


def _linked(path: Path) -> None:
    _foreign(path.with_name("linked" + path.suffix))
    path.symlink_to("linked" + path.suffix)


def _nothing(path: Path) -> None:
    """A new file."""


THERE: Final[tuple[Callable[[Path], None], ...]] = (
    *[_nothing] * 9, _folder, _loop, _foreign, _empty, _pipe, _dangling, _linked,
)  # fmt: skip
# Names of files may be 255 bytes long.
NAMES: Final = (
    "list", "list", "操作清单", "a" * 245, "词" * 82, "a" * 252, "a b\nc", "-o", ".list", "none/list", "",
)  # fmt: skip
ENDINGS: Final = (".csv", ".csv", ".csv", ".xlsx", ".parquet", ".json", ".CSV", ".txt", "")


@dataclass(frozen=True)
class Run:
    """What is drawn for one run; `number` draws the same again."""

    number: int
    arguments: list[str]
    environment: dict[str, str]
    streams: str
    outputs: list[Path]


def drawn(number: int, folder: Path) -> Run:
    chance = random.Random(number)
    reports = folder / "reports"
    reports.mkdir()
    for at in range(chance.choice([1, 1, 2, 3, 5])):
        kind = chance.choice(["parquet", "parquet", *SAMPLES])
        (reports / f"{at}.{kind}").write_bytes(export(chance, kind))
    named = chance.random() < 0.3
    given = [str(path) for path in sorted(reports.iterdir())] if named else [str(reports)]
    outputs: list[Path] = []
    if chance.random() < 0.25:
        arguments = ["inspect", *given, *chance.choice([[], ["--json"]])]
    else:
        for _ in range(chance.choice([1, 1, 2])):
            output = folder / (chance.choice(NAMES) + chance.choice(ENDINGS))
            outputs.append(output)
            try:
                chance.choice(THERE)(output)
            except OSError:
                continue
        arguments = ["tune", *given, *(f"--output={output}" for output in outputs)]
    if chance.random() < 0.5:
        arguments += ["--lang", chance.choice(["zh", "en"])]
    environment: dict[str, str] = {}
    for _ in range(chance.choice([0, 1, 1, 2])):
        environment |= chance.choice(ENVIRONMENTS)
    return Run(number, arguments, environment, chance.choice(STREAMS), outputs)


def contents(folder: Path) -> dict[Path, bytes | str]:
    """Everything in the folder: files by content, all else by what it is."""
    return {
        path: path.read_bytes() if path.is_file() and not path.is_symlink() else f"{path.lstat().st_mode}"
        for path in sorted(folder.rglob("*"))
    }


def started(run: Run, temporary: Path) -> tuple[int | None, bytes]:
    """The exit code, None after too long, and what was said on standard error."""
    command = [sys.executable, "-m", "ppc_tuner", *run.arguments]
    shell = {"no stdout": " >&-", "no stderr": " 2>&-", "none at all": " <&- >&- 2>&-", "full": " >/dev/full"}
    if run.streams in shell:
        command = ["sh", "-c", f'exec "$@"{shell[run.streams]}', "sh", *command]
    reading, writing = os.pipe()
    os.close(reading)
    out = writing if run.streams == "closed pipe" else subprocess.PIPE
    environment = os.environ | {"TMPDIR": str(temporary)} | run.environment
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE,
            timeout=LONGEST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        return None, late.stderr or b""
    finally:
        os.close(writing)
    return done.returncode, done.stderr


def faults_of(number: int) -> tuple[str, str]:
    """How the run of that number ended, and what is wrong with it; "" if nothing is."""
    with tempfile.TemporaryDirectory() as place:
        folder, temporary = Path(place, "folder"), Path(place, "temporary")
        folder.mkdir()
        temporary.mkdir()
        run = drawn(number, folder)
        before = contents(folder)
        code, said = started(run, temporary)
        faults = [f"exit code {code}"] if code is None or code not in range(7) else []
        faults += [
            f"says {mark.decode()}"
            for mark in (b"Traceback", b"Exception ignored", b"internal")
            if mark in said
        ]
        faults += [f"litter: {path.name}" for path in temporary.iterdir()]
        faults += _changed(before, contents(folder), run.outputs)
        if not faults:
            return f"exit {code}", ""
        told = f"{run.arguments} {run.environment} {run.streams}\n    {said.decode(errors='replace')[-1500:]}"
        return f"exit {code}", f"{number}: {'; '.join(faults)}\n    {told}"


def _changed(
    before: dict[Path, bytes | str], after: dict[Path, bytes | str], outputs: list[Path]
) -> list[str]:
    """What was changed, lost or left: only empty outputs are replaced, what is new is a whole list."""
    places = {
        path for one in outputs for path in (one, one.with_suffix(".all.csv"), _end_of(one)) if one.name
    }
    faults = [f"gone: {path.name}" for path in before if path not in after]
    for path, content in after.items():
        if before.get(path) == content:
            continue
        if path in before and before[path] != b"":
            faults.append(f"changed: {path.name}")
        elif path not in places:
            faults.append(f"litter: {path.name}")
        elif not is_untouched(path):
            faults.append(f"not whole: {path.name}")
    return faults


def _end_of(path: Path) -> Path:
    """Where a link leads."""
    return path.parent / path.readlink() if os.path.islink(path) else path  # noqa: PTH114


def main() -> int:
    seconds, seed = float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else int(time.time())
    end, ends, number, failed = time.monotonic() + seconds, Counter[str](), seed, 0
    print(f"seed {seed}", flush=True)
    while True:
        ended, fault = faults_of(number)
        ends[ended] += 1
        number += 1
        if fault:
            failed += 1
            print(fault, flush=True)
        if time.monotonic() >= end:
            break
    print(f"{sum(ends.values()):,} runs, {failed:,} with faults: {dict(ends.most_common())}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
