"""Files appear whole or not at all: they are written aside in the same folder, then renamed into place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from secrets import token_hex

from ppc_tuner.errors import OutputError
from ppc_tuner.text import Text

TO_DO = Text(
    "如果文件正在 Excel 或 WPS 里打开，请先关闭；否则请换一个能写入的文件夹",
    "close the file if it is open in another program, or choose a folder that can be written",
)


def check_place(path: Path) -> None:
    """Raise OutputError unless a file can be written at `path`; the check changes nothing."""
    if path.is_dir():
        problem = Text("这是一个文件夹，不是文件", "this is a folder, not a file")
        raise OutputError(problem, where=str(path), to_do=Text("请给出文件名", "name a file"))
    if not path.parent.is_dir():
        raise OutputError(
            Text("输出文件夹不存在", "the output folder does not exist"),
            where=str(path),
            found=str(path.parent),
            to_do=Text("请先建好文件夹，或换一个位置", "make the folder first, or choose another place"),
        )
    if path.exists():
        try:
            # Fails if the file is read-only, or held open by another program on Windows.
            with path.open("r+b"):
                pass
        except OSError as fault:
            raise _cannot_write(path, fault) from fault


def refuse_replacing(path: Path) -> None:
    """Raise OutputError if the file exists: somebody may have filled it in."""
    if path.exists():
        raise OutputError(
            Text("文件已经存在，不覆盖", "the file is there already and is not replaced"),
            where=str(path),
            to_do=Text("换一个文件名，或先移走它", "choose another name, or move it away first"),
        )


@contextlib.contextmanager
def written_whole(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Yield a temporary path for each of `paths`; on leaving without an exception all are renamed into place.

    Raises OutputError if a file cannot be written or replaced. Temporary files never stay behind.
    """
    for path in paths:
        check_place(path)
    # A link stays a link: the file it points to is replaced.
    places = [path.resolve() for path in paths]
    asides = [place.with_name(f".{token_hex(6)}{place.suffix}") for place in places]
    try:
        yield asides
        for aside, place in zip(asides, places, strict=True):
            aside.replace(place)
    except OSError as fault:
        raise _cannot_write(paths[0], fault) from fault
    finally:
        for aside in asides:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)


def _cannot_write(path: Path, fault: OSError) -> OutputError:
    problem = Text("写不进去", "cannot be written")
    return OutputError(problem, where=str(path), found=fault.strerror or str(fault), to_do=TO_DO)
