"""Which encodings a text may be in: byte-order mark, strict UTF-8, then those that the formats declare."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import chardet

from ppc_tuner.files import limits
from ppc_tuner.files.text_stream import BLOCK, Open

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A detector may answer with an older member of a family; the newest member reads them all.
FAMILIES: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "iso8859-1": "cp1252",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "euc_kr": "cp949",
    "ascii": "utf-8",
}
DETECTOR_BYTES: Final = 200_000
FOREIGN: Final = re.compile(rb"[\x80-\xff]")
# No encoding takes more bytes for a character.
HEAD_BYTES: Final = 4 * limits.HEAD_CHARACTERS


def decodings(source: Open, declared: Iterable[str]) -> Iterator[tuple[str, str, bool]]:
    """Triples (encoding, head, is whole) of the encodings that read the head of a text, likeliest first.

    A byte-order mark or valid UTF-8 throughout settles it: then there is one. Else every declared encoding
    that reads the head is handed on, and the caller takes the one under which it recognises a header; a head
    may not be whole. None: damaged, or of no encoding declared.
    """
    with source() as file:
        head = file.read(HEAD_BYTES + 1)
    marked = [encoding for mark, encoding in MARKS if head.startswith(mark)]
    if marked or first_fault(source) is None:
        candidates = marked or ["utf-8"]
    elif _nearly_utf8(head):
        # A few damaged bytes: read in some other encoding every word would be garbled.
        candidates = []
    else:
        families = dict.fromkeys(family(name) for name in declared)
        candidates = [name for name in families if name not in ("utf-8", "utf-16")]
    whole = len(head) <= HEAD_BYTES
    for encoding in candidates:
        text = whole_text(head, encoding, whole=whole)
        if text is not None:
            yield encoding, text, whole


@lru_cache(maxsize=100)
def family(encoding: str) -> str:
    """Canonical name of the widest encoding of the same family: GBK and GB2312 → gb18030."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return encoding.lower()
    return FAMILIES.get(name, name)


def likeliest(data: bytes, among: list[str]) -> str:
    """The encoding of `among` that the detector finds likeliest for the foreign words, else the first."""
    # Plain figures and English names say nothing of the encoding and would drown the few words that do.
    words = (word for word in re.split(rb'[,;|"\t\r\n]', data[: 10 * DETECTOR_BYTES]) if FOREIGN.search(word))
    sample = b"\n".join(dict.fromkeys(words))[:DETECTOR_BYTES]
    named = chardet.detect(sample, include_encodings=among, no_match_encoding=among[0])["encoding"]
    guess = family(named) if named else ""
    return guess if guess in among else among[0]


def first_fault(source: Open) -> int | None:
    """The 1-based line that holds the first byte which is not UTF-8; None where all of it is."""
    decoder, lines = codecs.getincrementaldecoder("utf-8")(), 0
    with source() as file:
        block = None
        while block != b"":
            block = file.read(BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as fault:
                return lines + block.count(b"\n", 0, max(fault.start, 0)) + 1
            lines += block.count(b"\n")
    return None


def _nearly_utf8(head: bytes) -> bool:
    text = head.decode("utf-8", "replace")
    foreign, damaged = len(text) - len(text.encode("ascii", "ignore")), text.count("\ufffd")
    return foreign > 10 * damaged


def whole_text(data: bytes, encoding: str, *, whole: bool = True) -> str | None:
    """The text, or None where a byte does not fit the encoding.

    whole: False where the data may end within a character.
    """
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data, final=whole)
    except (UnicodeDecodeError, LookupError):
        return None
    return text.removeprefix("\ufeff")
