"""A fingerprint of a file, written into the file: whoever finds it true knows that nobody has touched the
file since. A program that opens and saves the file drops it, and an edit in place makes it false.

A zip (.xlsx) holds it as its comment, Parquet and JSON as a text put there by their writers. A csv has no
place for a remark: there the header spells it. Of the first two names one stands in quotes, of the next two
one, and so on, which is the same to every reader; which of the two it is, is a bit.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

MARK: Final = "ppc-tuner sha256 "
DIGITS: Final = 64
# What a writer puts into the file in the place of the fingerprint.
UNSEALED: Final = MARK + "0" * DIGITS
WRITTEN: Final = re.compile(MARK.encode() + rb"([0-9a-f]{64})")
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
# With fewer bits a csv would match by chance.
LEAST_NAMES: Final = 40
HEADER_BYTES: Final = 64 * 1024
PLAIN_NAME: Final = re.compile(rb'"?([^",\r\n]+)"?')


def seal(path: Path) -> None:
    """Write its fingerprint into a file that has a place for it; every other file stays as it is.

    Raises OSError.
    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path, "a") as package:
            package.comment = UNSEALED.encode()
    at = _place(path)
    if at is not None:
        digest = _digest(path, at)
        with path.open("r+b") as file:
            file.seek(at)
            file.write(digest)
        return
    header = _sealed_header(path)
    if header is not None:
        with path.open("r+b") as file:
            file.write(header)


def is_untouched(path: Path) -> bool:
    """True where the file holds its own fingerprint. Raises OSError."""
    if not path.stat().st_size:
        return False
    at = _place(path)
    if at is not None:
        with path.open("rb") as file:
            file.seek(at)
            written = file.read(DIGITS)
        return written == _digest(path, at)
    with path.open("rb") as file:
        return file.readline(HEADER_BYTES) == _sealed_header(path)


def _place(path: Path) -> int | None:
    """Where the digits of the fingerprint begin: the last place that looks like one, in JSON the first."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        begins = held.find(MARK.encode()) if held[:1] == b"{" else held.rfind(MARK.encode())
        found = WRITTEN.match(held, begins) if begins >= 0 else None
        return found.start(1) if found else None


def _digest(path: Path, at: int) -> bytes:
    """Of all bytes but those of the fingerprint."""
    seen = hashlib.sha256()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        whole = memoryview(held)
        seen.update(whole[:at])
        seen.update(whole[at + DIGITS :])
        whole.release()
    return seen.hexdigest().encode()


def csv_header(names: Sequence[str]) -> bytes:
    """The first line of a csv, which has room for a fingerprint where the names are plain and many."""
    plain = [name.encode() for name in names]
    return _quoted(plain, 0)


def _sealed_header(path: Path) -> bytes | None:
    """The header that fits the lines below it; None where the file begins with no such header."""
    with path.open("rb") as file:
        header = file.readline(HEADER_BYTES)
        cells = header.removeprefix(BYTE_ORDER_MARK).removesuffix(b"\r\n").split(b",")
        names = [found[1] for cell in cells if (found := PLAIN_NAME.fullmatch(cell))]
        if not len(names) == len(cells) >= LEAST_NAMES or len(header) != len(_quoted(names, 0)):
            return None
        seen = hashlib.file_digest(file, "sha256")
    seen.update(b",".join(names))
    return _quoted(names, int(seen.hexdigest(), 16))


def _quoted(names: Sequence[bytes], bits: int) -> bytes:
    """The names as a line: of each two the first in quotes where the bit is 0, the second where it is 1.

    A last one without a partner has none, so that every line of these names is of one length.
    """
    pairs = len(names) // 2 * 2
    cells = [
        b'"%s"' % name if at < pairs and bits >> at // 2 & 1 == at % 2 else name
        for at, name in enumerate(names)
    ]
    return BYTE_ORDER_MARK + b",".join(cells) + b"\r\n"
