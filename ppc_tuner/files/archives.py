"""Zip files, read in memory: nothing is ever written to disk, and what unpacks too large is refused."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.text import Text

UTF8_NAME: Final = 0x800
PIECE: Final = 4 * 1024**2
ENCRYPTED: Final = 0x1
NOT_A_ZIP: Final = "not a zip file"
BROKEN_OFF: Final = Text("开头是压缩格式，后面残缺", "it begins as a packed file and breaks off")
# All that a damaged zip makes the standard library raise.
FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


def members(label: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Pairs (name, content) of the files in a zip, in the order of their names.

    Names of old Chinese zips (GBK) are put right; a name is only ever shown, never used as a path.
    Raises InputError for a damaged, encrypted or oversized zip.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = [info for info in package.infolist() if not info.is_dir() and not _is_link(info)]
            check_unpacked(infos, label, len(data))
            for info in sorted(infos, key=member_name):
                yield member_name(info), _content(package, info, label)
    except FAULTS as fault:
        raise _damaged(
            Text("zip 文件损坏或不完整", "the zip file is damaged or incomplete"), label, fault
        ) from None


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name without drive, root or `..`; UTF-8, or else GBK, where the zip does not say."""
    name = info.filename
    if not info.flag_bits & UTF8_NAME:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return "/".join(part for part in parts if part not in ("/", "..", ".") and not part.endswith(":"))


def unzipped(label: str, data: bytes) -> bytes:
    """The content of a gzip file. InputError where it is damaged or unpacks too large."""
    try:
        # Counted first and kept afterwards: what is refused never takes the room that it claims.
        size = sum(len(piece) for piece in _counted(label, data))
        content = bytearray(size)
        at = 0
        for piece in _pieces(data):
            content[at : at + len(piece)] = piece
            at += len(piece)
    except FAULTS as fault:
        raise _damaged(
            Text("gz 文件损坏或不完整", "the gz file is damaged or incomplete"), label, fault
        ) from None
    return bytes(memoryview(content))


def _counted(label: str, data: bytes) -> Iterator[bytes]:
    """The pieces. InputError once they are too large, or too large for so little that is packed."""
    size = 0
    for piece in _pieces(data):
        size += len(piece)
        dense = size > limits.PACK_RATIO_FROM_BYTES and size > limits.PACK_RATIO * len(data)
        if dense or size > limits.FILE_BYTES:
            raise _too_large(label, f"> {(size - 1) // 1024**2:,} MB")
        yield piece


def _pieces(data: bytes) -> Iterator[bytes]:
    """The content, a piece at a time."""
    while data:
        unpacking = zlib.decompressobj(wbits=31)
        rest = data
        while not unpacking.eof:
            piece = unpacking.decompress(rest, PIECE)
            rest = unpacking.unconsumed_tail
            if not piece and not rest and not unpacking.eof:
                raise EOFError("it ends too early")
            yield piece
        # Several packings may follow each other; zeros after the last fill up a block.
        data = unpacking.unused_data.lstrip(b"\x00")


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def check_unpacked(infos: list[zipfile.ZipInfo], label: str, size: int) -> None:
    """InputError where the directory announces too many members, too much content or too dense a packing.

    size: of the whole zip, above which no sum of packed members can truly lie.
    """
    unpacked = sum(info.file_size for info in infos)
    packed = max(1, min(size, sum(info.compress_size for info in infos)))
    dense = unpacked > limits.PACK_RATIO_FROM_BYTES and unpacked / packed > limits.PACK_RATIO
    if len(infos) > limits.ZIP_MEMBERS or unpacked > limits.UNPACKED_BYTES or dense:
        raise _too_large(
            label,
            Text(
                f"{len(infos):,} 个文件，解压后 {unpacked:,} 字节，压缩后 {packed:,} 字节",
                f"{len(infos):,} files, {unpacked:,} bytes unpacked, {packed:,} packed",
            ),
        )


def _content(package: zipfile.ZipFile, info: zipfile.ZipInfo, label: str) -> bytes:
    if info.flag_bits & ENCRYPTED:
        raise InputError(
            Text("zip 有密码", "the zip is protected by a password"),
            where=f"{label}/{member_name(info)}",
            found=Text("加密的文件", "an encrypted file"),
            expected=Text("没有密码的 zip", "a zip without a password"),
            to_do=Text("解压后把里面的报表交给程序", "unpack it and give the reports"),
        )
    with package.open(info) as member:
        # The announced size may lie: never take in more than one byte above the limit.
        content = member.read(limits.FILE_BYTES + 1)
    if len(content) > limits.FILE_BYTES:
        raise _too_large(f"{label}/{member_name(info)}", f"> {limits.FILE_BYTES // 1024**2:,} MB")
    return content


def _damaged(problem: Text, label: str, fault: Exception) -> InputError:
    return InputError(
        problem,
        where=label,
        found=BROKEN_OFF if NOT_A_ZIP in str(fault) else str(fault)[:200],
        expected=Text("完整的压缩包", "a complete packed file"),
        to_do=Text(
            "重新下载，或解压后把里面的报表交给程序",
            "download it again, or unpack it and give the reports",
        ),
    )


def _too_large(label: str, found: Text | str) -> InputError:
    return InputError(
        Text("压缩包太大，不予解压", "the packed file is too large to be unpacked"),
        where=label,
        found=found,
        expected=Text(
            f"不超过 {limits.ZIP_MEMBERS} 个文件、{limits.UNPACKED_BYTES // 1024**2} MB、"
            f"压缩比 {limits.PACK_RATIO}",
            f"at most {limits.ZIP_MEMBERS} files, {limits.UNPACKED_BYTES // 1024**2} MB, "
            f"packed {limits.PACK_RATIO} to 1",
        ),
        to_do=Text("解压后只把需要的报表交给程序", "unpack it and give only the reports needed"),
    )
