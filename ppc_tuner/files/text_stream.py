"""A text of any encoding as UTF-8 with one kind of line end, a block at a time: no file is held whole."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Callable
from typing import BinaryIO, Final

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.content import refusal
from ppc_tuner.text import Text

Open = Callable[[], BinaryIO]

BLOCK: Final = 4 * 1024**2


class Utf8Stream(io.RawIOBase):
    """What Arrow reads from. Blank lines at the end are left out, as they are no rows.

    lines: lines handed out so far, quotes: quotation marks in them. Raises InputError at the line of a byte
    that the encoding does not know, and where binary content begins.
    """

    def __init__(self, source: BinaryIO, encoding: str, label: str) -> None:
        self._source, self._encoding, self._label = source, encoding, label
        self._decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
        self._ready, self._blank_lines, self._starts, self._ended = b"", 0, True, False
        self.lines, self.quotes = 0, 0

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._source.close()
        super().close()

    def read(self, size: int = -1, /) -> bytes:
        """`size` bytes, fewer only at the end: Arrow takes a piece without a whole row for an endless row."""
        wanted = size if size >= 0 else sys.maxsize
        while len(self._ready) < wanted and not self._ended:
            self._ready += self._next()
        taken, self._ready = self._ready[:wanted], self._ready[wanted:]
        return taken

    def _next(self) -> bytes:
        block = self._source.read(BLOCK)
        self._ended = not block
        try:
            text = self._decoder.decode(block, final=self._ended)
        except UnicodeDecodeError as fault:
            line = self.lines + self._blank_lines + block.count(b"\n", 0, max(fault.start, 0)) + 1
            raise undecodable(self._label, line, self._encoding) from None
        if "\x00" in text:
            line = self.lines + self._blank_lines + text[: text.index("\x00")].count("\n") + 1
            raise refusal("binary", f"{self._label}:{line}")
        if self._starts:
            text, self._starts = text.removeprefix("\ufeff"), False
        filled = text.rstrip("\n")
        if not filled:
            self._blank_lines += len(text)
            return b""
        handed = "\n" * self._blank_lines + filled
        self._blank_lines = len(text) - len(filled)
        self.lines += handed.count("\n")
        self.quotes += handed.count('"')
        if self.lines > limits.ROWS:
            raise _too_many_rows(self._label)
        return handed.encode("utf-8")


def check_whole(source: Open, encoding: str, label: str) -> InputError | None:
    """The fault for which a text cannot be read whole in this encoding; None where it can."""
    try:
        with Utf8Stream(source(), encoding, label) as stream:
            while stream.read(BLOCK):
                pass
    except InputError as fault:
        return fault
    return None


def _too_many_rows(label: str) -> InputError:
    return InputError(
        Text("行数太多", "too many rows"),
        where=label,
        found=f"> {limits.ROWS:,}",
        expected=Text(f"不超过 {limits.ROWS:,} 行", f"at most {limits.ROWS:,} rows"),
        to_do=limits.IN_PARTS,
    )


def undecodable(label: str, line: int, tried: str) -> InputError:
    """The message for bytes that fit no encoding tried."""
    return InputError(
        Text("文字编码认不出", "the text is in no known encoding"),
        where=f"{label}:{line}",
        found=Text("有不合编码的字节", "bytes that fit no encoding"),
        expected=tried,
        to_do=Text(
            "在 Excel 里打开，另存为 .xlsx 或“CSV UTF-8”",
            "open it in Excel and save it as .xlsx or as CSV UTF-8",
        ),
    )
