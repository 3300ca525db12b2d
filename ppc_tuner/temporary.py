"""Temporary files and folders. What a killed run leaves of them, the next run removes.

Each is locked for as long as its run lives. The system gives up the lock of a process that is gone, however
it ended, so what can be locked anew has been abandoned.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Final

from ppc_tuner.errors import OutputError
from ppc_tuner.text import Text

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # Windows, where a file that is in use cannot be removed anyhow
    flock = None  # type: ignore[assignment]

OURS: Final = re.compile(r"\.ppc-tuner-[0-9a-f]{12}(\.\w{1,10})?")
# Where nothing can be locked, age tells: no run takes so long.
ABANDONED_SECONDS: Final = 24 * 3600
# Names of files may be 255 bytes long, endings among them.
LONGEST_ENDING: Final = 10

_in_use: dict[Path, int | None] = {}


@contextlib.contextmanager
def temporary_file(folder: Path, ending: str = "") -> Iterator[Path]:
    """An empty file in `folder`, removed on leaving unless it has been renamed. Raises OSError."""
    path = folder / _new_name(ending if len(ending) <= LONGEST_ENDING else "")
    with _kept(path):
        yield path


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """An empty folder for temporary files, removed on leaving with all in it.

    Raises OutputError where none can be made.
    """
    try:
        parent = Path(tempfile.gettempdir())
        path = parent / _new_name()
        path.mkdir(mode=0o700)
    except OSError as fault:
        raise no_room(fault) from None
    with _kept(path):
        yield path


def no_room(fault: OSError) -> OutputError:
    """The message where the system's folder for temporary files cannot be written to."""
    return OutputError(
        Text("临时文件夹写不进去", "temporary files cannot be written"),
        where=os.environ.get("TMPDIR") or tempfile.tempdir or "",
        found=fault.strerror or str(fault),
        to_do=Text(
            "腾出磁盘空间，或用环境变量 TMPDIR 换一个能写的文件夹",
            "free some disk space, or name another folder in the environment variable TMPDIR",
        ),
    )


def remove_abandoned(folder: Path | None = None) -> None:
    """Remove what killed runs have left in `folder` (default: the system's for temporary files)."""
    with contextlib.suppress(OSError):
        place = Path(tempfile.gettempdir()) if folder is None else folder
        left = [Path(entry.path) for entry in os.scandir(place) if OURS.fullmatch(entry.name)]
        for path in left:
            if path not in _in_use and _is_abandoned(path):
                _remove(path)


def _new_name(ending: str = "") -> str:
    return f".ppc-tuner-{token_hex(6)}{ending}"


@contextlib.contextmanager
def _kept(path: Path) -> Iterator[None]:
    _in_use[path] = None
    try:
        _in_use[path] = _locked(path)
        yield
    finally:
        _give_up(path)


def _locked(path: Path) -> int | None:
    """The open file or folder, locked; None where that cannot be. A file is made."""
    if not path.is_dir():
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        if flock is None:
            os.close(made)
            return None
    else:
        if flock is None:
            return None
        made = os.open(path, os.O_RDONLY)
    with contextlib.suppress(OSError):
        flock(made, LOCK_EX | LOCK_NB)
    return made


def _is_abandoned(path: Path) -> bool:
    known = path.lstat()
    if not (stat.S_ISREG(known.st_mode) or stat.S_ISDIR(known.st_mode)):
        return False
    if flock is None:
        return time.time() - known.st_mtime > ABANDONED_SECONDS
    held = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        flock(held, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # This file system has no locks.
        return time.time() - known.st_mtime > ABANDONED_SECONDS
    finally:
        os.close(held)
    return True


def _give_up(path: Path) -> None:
    held = _in_use.get(path)
    if held is not None and flock is None:
        os.close(held)
    _remove(path)
    if held is not None and flock is not None:
        os.close(held)
    _in_use.pop(path, None)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


@atexit.register
def _give_up_all() -> None:
    """What an interrupt in the middle of cleaning up has left."""
    for path in list(_in_use):
        _give_up(path)
