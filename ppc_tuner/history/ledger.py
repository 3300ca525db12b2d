"""A folder of folders, each written once: one for every list, one for every review.

    LEDGER/runs/2026-11-02_r0123456789/      run.json, rows.parquet
    LEDGER/reviews/2026-11-03_0123456789_1/  review.json, rows.parquet

A folder is written aside and renamed into place, so that nobody sees half of one: two programs may write at
once, on a shared folder too, and nothing is locked. What cannot be read is left out and named.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import pandas as pd
import pyarrow.parquet as pq

from ppc_tuner.errors import OutputError
from ppc_tuner.text import Text

Kind = Literal["runs", "reviews"]
VERSION: Final = 1
ABOUT: Final[Mapping[Kind, str]] = {"runs": "run.json", "reviews": "review.json"}
ROWS: Final = "rows.parquet"
ASIDE: Final = ".new-"
# A folder aside that nobody has finished in a day was left by a program that was killed.
ABANDONED_SECONDS: Final = 86_400
FAULTS: Final = (OSError, ValueError, KeyError, TypeError, AttributeError)


class Kept(NamedTuple):
    """One folder of the ledger: its `name`, what is said `about` it, and where it lies."""

    name: str
    about: Mapping[str, Any]
    folder: Path

    def rows(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Its rows, with those of `columns` that it has; OSError or ValueError where they cannot be read."""
        path = self.folder / ROWS
        there = pq.read_schema(path).names
        return pd.read_parquet(path, columns=[name for name in there if columns is None or name in columns])


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger in `folder`, which need not be there yet."""

    folder: Path

    def keep(self, kind: Kind, name: str, about: Mapping[str, Any], rows: pd.DataFrame) -> bool:
        """Write a folder; False where one of that name is there already.

        Raises OutputError where it cannot be written; then nothing of it is left.
        """
        place = self.folder / kind / name
        if place.exists():
            return False
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            _remove_abandoned(place.parent)
            return _written(place, ABOUT[kind], {"version": VERSION, **about}, rows)
        except OSError as fault:
            raise OutputError(
                Text("没记进台账", "it was not put into the ledger"),
                where=str(self.folder),
                found=fault.strerror or str(fault),
                to_do=Text(
                    "请给一个能写的文件夹：--ledger DIR；不要台账就加 --no-ledger",
                    "name a folder that can be written with --ledger DIR, or keep none with --no-ledger",
                ),
            ) from fault

    def kept(self, kind: Kind) -> list[Kept]:
        """All folders of a kind that can be read, the oldest first."""
        return [one for one in self._all(kind) if one.about]

    def unreadable(self) -> list[Path]:
        """Folders that are no run or review, or were written by a newer version of this program."""
        return [one.folder for kind in ABOUT for one in self._all(kind) if not one.about]

    def _all(self, kind: Kind) -> Iterator[Kept]:
        folder = self.folder / kind
        with contextlib.suppress(OSError):
            for place in sorted(folder.iterdir()):
                if place.is_dir() and not place.name.startswith("."):
                    yield Kept(place.name, _about(place / ABOUT[kind]), place)


def ledger_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where the ledger is kept unless an option says so: PPC_TUNER_LEDGER, else the user's folder for data;
    None where PPC_TUNER_LEDGER is `none`."""
    given = environment.get("PPC_TUNER_LEDGER", "")
    if given == "none":
        return None
    if given:
        return Path(given)
    import platformdirs

    return Path(platformdirs.user_data_dir("ppc_tuner", appauthor=False)) / "ledger"


def _about(path: Path) -> dict[str, Any]:
    """What the file says; nothing where it cannot be read, or holds what this version does not know."""
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
        return about if int(about["version"]) <= VERSION and (path.parent / ROWS).is_file() else {}
    except FAULTS:
        return {}


def _written(place: Path, name: str, about: Mapping[str, Any], rows: pd.DataFrame) -> bool:
    aside = Path(tempfile.mkdtemp(prefix=ASIDE, dir=place.parent))
    try:
        rows.to_parquet(aside / ROWS, index=False, compression="zstd")
        text = json.dumps(about, ensure_ascii=False, indent=1)
        (aside / name).write_text(text + "\n", encoding="utf-8")
        for path in (aside / ROWS, aside / name):
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        aside.chmod(0o755)
        return _renamed(aside, place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _renamed(aside: Path, place: Path) -> bool:
    """False where another program was quicker."""
    try:
        aside.rename(place)
    except OSError:
        if place.is_dir():
            return False
        raise
    return True


def _remove_abandoned(folder: Path) -> None:
    for aside in folder.glob(f"{ASIDE}*"):
        with contextlib.suppress(OSError):
            if time.time() - aside.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(aside, ignore_errors=True)
