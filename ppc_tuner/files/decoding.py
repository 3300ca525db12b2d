"""Bytes to text: byte-order mark, then strict UTF-8, then the encodings that the formats declare."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Final

import chardet

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


def decodings(data: bytes, declared: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs (encoding, text) in which the whole of `data` can be read strictly, likeliest first.

    A byte-order mark or valid UTF-8 settles it: then there is one pair. Else every declared encoding that reads
    all bytes is handed on, and the caller takes the one under which it recognises a header.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            text = _strict(data[len(mark) :], "utf-8" if encoding == "utf-8-sig" else encoding)
            if text is not None:
                yield encoding, text
            return
    text = _strict(data, "utf-8")
    if text is not None:
        yield "utf-8", text
        return
    for encoding in dict.fromkeys(family(name) for name in declared):
        text = None if encoding in ("utf-8", "utf-16") else _strict(data, encoding)
        if text is not None:
            yield encoding, text


def family(encoding: str) -> str:
    """Canonical name of the widest encoding of the same family: GBK and GB2312 → gb18030."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return encoding.lower()
    return FAMILIES.get(name, name)


def likeliest(data: bytes, among: list[str]) -> str:
    """The encoding of `among` that the detector finds likeliest for the foreign words; the first if it cannot tell."""
    # Plain figures and English names say nothing of the encoding and would drown the few words that do.
    words = (word for word in re.split(rb'[,;|"\t\r\n]', data[: 10 * DETECTOR_BYTES]) if FOREIGN.search(word))
    sample = b"\n".join(dict.fromkeys(words))[:DETECTOR_BYTES]
    named = chardet.detect(sample, include_encodings=among, no_match_encoding=among[0])["encoding"]
    guess = family(named) if named else ""
    return guess if guess in among else among[0]


def broken_line(data: bytes) -> int:
    """The 1-based line that holds the first byte which is not UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        return data.count(b"\n", 0, fault.start) + 1
    return 1


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
