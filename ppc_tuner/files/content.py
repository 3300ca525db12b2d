"""What a file is, told from its bytes; the ending of its name is not trusted."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Final, Literal

from ppc_tuner.errors import InputError
from ppc_tuner.files.archives import FAULTS
from ppc_tuner.text import Text

ContentKind = Literal[
    "empty",
    "xlsx",
    "xls",
    "locked",
    "zip",
    "gzip",
    "parquet",
    "picture",
    "page",
    "binary",
    "unmarked",
    "text",
]
TABLE_KINDS: Final = ("xlsx", "xls", "parquet", "text", "page")

OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"RIFF")
PAGES: Final = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"mime-version")
FILLED: Final = re.compile(rb"[^\x00 \t\r\n\xef\xbb\xbf\xff\xfe]")
UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
UTF32_MARKS: Final = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
# A comma or tab between a digit and whatever comes next, in both orders of bytes.
WIDE_SIGNS: Final = (b"0\x00,\x00", b"0\x00\t\x00", b"\x000\x00,", b"\x000\x00\t")
SAVE_AGAIN: Final = Text(
    "重新下载一份，或在 Excel 里另存为 .xlsx 或 .csv 再试", "download it again, or save it as .xlsx or .csv"
)


def content_kind(data: bytes) -> ContentKind:
    """Kind of the content, by its first bytes and, for text, by the absence of control characters."""
    if not FILLED.search(data):
        return "empty"
    if data[:4] == b"PK\x03\x04" or data[:4] == b"PK\x05\x06":
        return "xlsx" if _is_workbook(data) else "zip"
    if data[:8] == OLE:
        return "locked" if "EncryptedPackage".encode("utf-16-le") in data else "xls"
    if data[:3] == b"\x1f\x8b\x08":
        return "gzip"
    if data[:4] == b"PAR1":
        return "parquet"
    return _kind_without_magic(data)


def _kind_without_magic(data: bytes) -> ContentKind:
    if data.startswith(b"%PDF"):
        return "picture"
    if _is_wide_text(data):
        return "unmarked"
    if data[:2] not in UTF16_MARKS and _is_binary(data):
        return "picture" if data.startswith(PICTURES) else "binary"
    head = data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "page" if head.startswith(PAGES) else "text"


def _is_workbook(data: bytes) -> bool:
    # A truncated workbook has lost its directory at the end, but its first entries still carry their names.
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except FAULTS:
        return b"[Content_Types].xml" in data[:4096] or b"xl/" in data[:65536]
    return any(name.replace("\\", "/").startswith("xl/") for name in names)


def _is_wide_text(data: bytes) -> bool:
    """True for UTF-32, and for UTF-16 without a mark: signs that every table has, zeros on one side."""
    if data[:4] in UTF32_MARKS:
        return True
    head = data[:4096]
    unmarked = data[:2] not in UTF16_MARKS
    return unmarked and any(head.count(one) >= 4 for one in WIDE_SIGNS) and b"\x00" in head


def _is_binary(data: bytes) -> bool:
    if b"\x00" in data:
        return True
    head = data[:65536]
    return len(re.findall(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", head)) > len(head) / 100


def refusal(kind: ContentKind, where: str) -> InputError:
    """The message for content that is no table."""
    problem, found, to_do = _REFUSALS[kind]
    return InputError(problem, where=where, found=found, expected=REPORT, to_do=to_do)


REPORT: Final = Text(
    "关键词报表（csv、tsv、xlsx、xls、parquet、zip 或 gz）",
    "a keyword report (csv, tsv, xlsx, xls, parquet, zip or gz)",
)
_DOWNLOAD: Final = Text(
    "在广告后台下载关键词报表，把那个文件交给程序",
    "download the keyword report from the ad platform and give that file",
)
_REFUSALS: Final[dict[str, tuple[Text, Text, Text]]] = {
    "empty": (
        Text("文件是空的", "the file is empty"),
        Text("没有内容", "no content"),
        Text("重新下载报表；下载中断时常得到空文件",
             "download the report again; an interrupted download often leaves "
             "an empty file"),
    ),
    "locked": (
        Text("工作簿有密码，打不开", "the workbook is protected by a password"),
        Text("加密的 Excel 文件", "an encrypted Excel file"),
        Text("在 Excel 里打开，去掉打开密码后另存", "open it in Excel, remove the password and save it"),
    ),
    "picture": (
        Text("这是图片或 PDF，不是表格", "this is a picture or a PDF, not a table"),
        Text("图片或 PDF", "a picture or a PDF"),
        _DOWNLOAD,
    ),
    "page": (
        Text("这是网页，不是表格", "this is a web page, not a table"),
        Text("网页（HTML 或 XML）", "a page (HTML or XML)"),
        Text("在 Excel 里打开，另存为 .xlsx 再试；若是登录页，重新登录后下载",
             "open it in Excel and save it as .xlsx; if it is a login page, sign in "
             "and download again"),
    ),
    "unmarked": (
        Text("文字编码是没有标记的 UTF-16 或 UTF-32", "the text is in UTF-32, or in UTF-16 without a mark"),
        Text("每个字符两到四个字节，没有字节序标记",
             "two or four bytes for each character, no byte-order mark"),
        Text("另存为 .xlsx 或 CSV UTF-8", "save it as .xlsx or as CSV UTF-8"),
    ),
    "binary": (
        Text("认不出这个文件，不是表格", "this file is no table"),
        Text("不是文字，也不是 Excel", "neither text nor Excel"),
        _DOWNLOAD,
    ),
}  # fmt: skip
