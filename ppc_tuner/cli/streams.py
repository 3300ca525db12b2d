"""Standard output and error as they come: of any encoding, a pipe that is closed early, a full disk."""

from __future__ import annotations

import codecs
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Final, TextIO

from ppc_tuner.errors import OutputError
from ppc_tuner.text import Lang, Text

SPELT: Final = "ppc_tuner.spelt"
# The nearest signs that every encoding has.
PLAIN: Final = {
    "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "·": "-", "–": "-", "—": "-", "−": "-", "×": "x",
    "≤": "<=", "≥": ">=", "≠": "!=", "±": "+/-", "→": "->", "¥": "CNY ", "€": "EUR ", "\u00a0": " ",
}  # fmt: skip
STOPPED: Final = 128


def _spelt(fault: UnicodeError) -> tuple[str, int]:
    assert isinstance(fault, UnicodeEncodeError)
    signs = fault.object[fault.start : fault.end]
    return "".join(PLAIN.get(sign, ascii(sign)[1:-1]) for sign in signs), fault.end


codecs.register_error(SPELT, _spelt)


def take_any_text() -> None:
    """What the encoding of a stream lacks is spelt out from now on, instead of being a fault."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=SPELT)


def takes(lang: Lang, stream: TextIO | None) -> bool:
    """Whether the stream's encoding has the letters of the language."""
    if lang == "en" or stream is None:
        return True
    try:
        "关键词".encode(getattr(stream, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def write_data(text: str) -> None:
    """Write what programs read, in UTF-8 wherever it is not shown on a terminal."""
    if sys.stdout is None:
        # Closed by who started the program: nobody is there to read.
        return
    bytes_of = getattr(sys.stdout, "buffer", None)
    if bytes_of is None or sys.stdout.isatty():
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    bytes_of.write(text.encode("utf-8", "backslashreplace"))
    bytes_of.flush()


def last_of(stream: TextIO | None, more: str = "") -> OSError | None:
    """Why what was written, and `more`, cannot leave; None where it has. What cannot leave is dropped."""
    if stream is None or stream.closed:
        return None
    try:
        stream.write(more)
        stream.flush()
    except OSError as fault:
        # Else the interpreter tries once more when it ends.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return fault
    return None


def no_room_for_output(fault: OSError) -> OutputError:
    """The message where standard output takes no more."""
    return OutputError(
        Text("屏幕输出（标准输出）写不进去", "standard output cannot be written to"),
        found=fault.strerror or str(fault),
        to_do=Text(
            "检查输出重定向到的文件和磁盘空间", "check where the output is redirected to, and its disk"
        ),
    )


@contextlib.contextmanager
def ended_in_order() -> Iterator[None]:
    """A request to end, or a terminal that is closed, unwinds the run as Ctrl-C does: it leaves nothing."""
    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
            number = getattr(signal, name, None)
            # What somebody has chosen to ignore (nohup) stays ignored.
            if number is not None and signal.getsignal(number) == signal.SIG_DFL:
                before[number] = signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _: FrameType | None) -> None:
    raise SystemExit(STOPPED + number)
