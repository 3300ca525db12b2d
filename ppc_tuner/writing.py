"""Files appear whole or not at all: they are written aside in the same folder, then renamed into place. What
somebody else has written there, or has changed since, is never replaced unasked.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from ppc_tuner.errors import OutputError
from ppc_tuner.fingerprint import is_untouched, seal
from ppc_tuner.temporary import remove_abandoned, temporary_file
from ppc_tuner.text import Text

# NAME.undo.csv beside NAME.csv: files for a platform and what takes them back; rows that none is for.
UNDO: Final = ".undo"
LEFT_OUT_NAME: Final = "left_out.csv"
TO_DO: Final = Text(
    "如果文件正在 Excel 或 WPS 里打开，请先关闭；否则请换一个能写入的文件夹",
    "close the file if it is open in another program, or choose a folder that can be written",
)
ANOTHER_NAME: Final = Text(
    "请换一个文件名，或先把原文件移走、改名；确定不要它了，就加 --overwrite",
    "choose another name, or move or rename that file first; --overwrite replaces it",
)


def check_place(path: Path) -> None:
    """Raise OutputError unless a file can be written at `path`; the check changes no file of anybody's."""
    try:
        _check(path)
    # A loop of links is a RuntimeError before Python 3.13.
    except (OSError, RuntimeError) as fault:
        raise _cannot_write(path, fault) from fault


def _check(path: Path) -> None:
    # A link stays a link: what counts is the file it points to.
    place = path.resolve()
    kind = _kind(place)
    if stat.S_ISDIR(kind):
        problem = Text("这是一个文件夹，不是文件", "this is a folder, not a file")
        raise OutputError(problem, where=str(path), to_do=Text("请给出文件名", "name a file"))
    if not stat.S_ISDIR(_kind(place.parent)):
        raise OutputError(
            Text("输出文件夹不存在", "the output folder does not exist"),
            where=str(path),
            found=str(place.parent),
            to_do=Text("请先建好文件夹，或换一个位置", "make the folder first, or choose another place"),
        )
    if kind and not stat.S_ISREG(kind):
        raise OutputError(
            Text("这不是普通文件，不往里写", "this is no ordinary file and is not written to"),
            where=str(path),
            found=Text("设备、管道或套接字", "a device, a pipe or a socket"),
            expected=Text("磁盘上的文件", "a file on disk"),
            to_do=Text("换一个文件名", "name another file"),
        )
    if kind:
        # Fails if the file is read-only, or held open by another program on Windows.
        with path.open("r+b"):
            pass


def _kind(path: Path) -> int:
    """What is there, as in stat; 0 where nothing is."""
    try:
        return path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return 0


def refuse_replacing(path: Path) -> None:
    """Raise OutputError if the file exists: somebody may have filled it in."""
    check_place(path)
    if path.exists():
        raise OutputError(
            Text("文件已经存在，不覆盖", "the file is there already and is not replaced"),
            where=str(path),
            to_do=Text("换一个文件名，或先移走它", "choose another name, or move it away first"),
        )


def is_replaceable(path: Path) -> bool:
    """True where nothing is lost by replacing: no file, an empty one, or one of ours that nobody touched.

    Raises OutputError for a file that cannot be read.
    """
    try:
        return not path.exists() or not path.stat().st_size or is_untouched(path)
    except OSError as fault:
        raise _cannot_write(path, fault) from fault


def refuse_others(path: Path) -> None:
    """Raise OutputError where a file is there that this program did not write, or that was changed since."""
    if not is_replaceable(path):
        raise OutputError(
            Text("同名文件不是本程序写的，或写好后有人改过，不覆盖",
                 "the file was not written by this program, or was changed since; it is not replaced"),
            where=str(path),
            to_do=ANOTHER_NAME,
        )  # fmt: skip


@contextlib.contextmanager
def written_whole(paths: Sequence[Path], *, overwrite: bool = False) -> Iterator[list[Path]]:
    """Yield a temporary path for each of `paths`; on leaving without an exception all are renamed into place.

    A file that is replaced hands on its permissions. Raises OutputError if a file cannot be written or
    replaced, or is there and, without `overwrite`, is not an untouched one of this program's. Temporary files
    stay behind only where the program was killed, and then until the next run writes into the folder.
    """
    for path in paths:
        check_place(path)
        if not overwrite:
            refuse_others(path)
    places = [path.resolve() for path in paths]
    for folder in {place.parent for place in places}:
        remove_abandoned(folder)
    try:
        with contextlib.ExitStack() as stack:
            asides = [stack.enter_context(temporary_file(place.parent, place.suffix)) for place in places]
            yield asides
            for aside, place in zip(asides, places, strict=True):
                seal(aside)
                _hand_on_rights(place, aside)
                # Writing takes a while, in which somebody may have filled the file in.
                check_place(place)
                if not overwrite:
                    refuse_others(place)
            for aside, place in zip(asides, places, strict=True):
                aside.replace(place)
    except OSError as fault:
        raise _cannot_write(paths[0], fault) from fault


def _hand_on_rights(old: Path, new: Path) -> None:
    """The owner, the group and the mode of the file that is replaced."""
    if not old.exists():
        return
    known = old.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(new, known.st_uid, known.st_gid)
    new.chmod(stat.S_IMODE(known.st_mode))


def _cannot_write(path: Path, fault: Exception) -> OutputError:
    problem = Text("写不进去", "cannot be written")
    said = getattr(fault, "strerror", None) or str(fault)
    return OutputError(problem, where=str(path), found=said, to_do=TO_DO)
