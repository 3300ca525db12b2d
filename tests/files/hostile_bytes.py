"""Damaged reports of every kind of file: each is read, or refused with a message, and nothing else happens.

    python tests/files/hostile_bytes.py KIND SECONDS SEED one kind, in this process; says how many were read

Hypothesis draws the damage and, where something goes wrong, reduces it to the least that does it.
"""

from __future__ import annotations

import gzip
import io
import re
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import hypothesis
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ppc_tuner.errors import TunerError
from ppc_tuner.reports import read_reports

SECONDS_ALLOWED = 10.0
BYTES_ALLOWED = 1024**3
BATCH = 40
LINES = [
    ["日期", "计划名字", "单元名字", "宝贝ID", "词类型", "词名字/词包名字", "展现量", "点击量", "花费",
     "总成交笔数", "总成交金额"],
    ["2026-07-04", "羽绒服主推", "男短款", "1045221343950", "关键词", "羽绒服男", "1,000", "40", "￥50.00",
     "2", "399.00"],
    ["2026-07-04", "羽绒服主推", "女 \"长\" 款", "1045221343951", "关键词", "羽绒服, 女", "3000", "90",
     "150.50", "5", "1,999.00"],
    ["合计", "", "", "", "", "", "4000", "130", "200.50", "7", "2398.00"],
]  # fmt: skip
# What readers trip over: quotes, ends, marks, mark-up, entities, numbers without end, formulas, turned text.
PAYLOADS = [
    b'"', b'""', b"\n", b"\r", b"\r\n\r\n", b"\x00", b"\x1a", b"\xff\xfe", b"\xef\xbb\xbf", b"\xff" * 8,
    b"\x00" * 8, b",", b",,,,", b"\t",
    b";", b"<", b"</", b"<tr>", b"<td colspan=9999>", b"<table", b"<script", b"<!--", b"]]>", b"&",
    b"&amp;#x0;", b"&lt;",
    b'<!DOCTYPE a [<!ENTITY b "c">]>', b"&b;", b"1e999", b"-1", b"9" * 400, b"NaN", b"inf", "０１".encode(),
    "−".encode(),
    b"=cmd|' /C calc'!A0", "\u202e".encode(), b"A1048576", b"XFD1048576", b"4294967295", b"../../",
    b"PK\x03\x04", b"PAR1",
]  # fmt: skip


def text(encoding: str, separator: str) -> bytes:
    """The report as separated text."""
    quoted = [
        [f'"{cell.replace(chr(34), chr(34) * 2)}"' if {separator, '"'} & set(cell) else cell for cell in line]
        for line in LINES
    ]
    return "\r\n".join(separator.join(line) for line in quoted).encode(encoding)


def page() -> bytes:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in LINES)
    return f"<html><meta charset=utf-8><table border=1>{rows}</table></html>".encode()


def xlsx() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": True})
    sheet = book.add_worksheet()
    for at, line in enumerate(LINES):
        sheet.write_row(at, 0, line)
    book.close()
    return out.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for at, line in enumerate(LINES):
        for column, cell in enumerate(line):
            sheet.write(at, column, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    import pandas as pd

    out = io.BytesIO()
    pd.DataFrame(
        {
            "platform": ["x", "x"],
            "keyword": ["a", "b"],
            "impressions": [9, 8],
            "clicks": [2.0, 1.0],
            "cost": [1.5, 0.5],
        }
    ).to_parquet(out)
    return out.getvalue()


def packed(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


SAMPLES: dict[str, Callable[[], bytes]] = {
    "csv": lambda: text("gb18030", ","),
    "tsv": lambda: text("utf-16", "\t"),
    "html": page,
    "xlsx": xlsx,
    "xls": xls,
    "parquet": parquet,
    "zip": lambda: packed({"关键词.csv": text("utf-8", ","), "b/page.xls": page()}),
    "gz": lambda: gzip.compress(text("utf-8", ";"), mtime=0),
}
KINDS = tuple(SAMPLES)

Damage = tuple[str, float, int, bytes]


def damages() -> st.SearchStrategy[list[Damage]]:
    """Some places, what is done there, over how many bytes, and with what."""
    what = st.sampled_from(["change", "insert", "remove", "repeat", "cut", "many"])
    payload = st.sampled_from(PAYLOADS) | st.binary(min_size=1, max_size=12)
    return st.lists(st.tuples(what, st.floats(0, 1), st.integers(1, 40), payload), min_size=1, max_size=6)


def damaged(data: bytes, done: list[Damage]) -> bytes:
    for what, place, many, payload in done:
        at = int(place * len(data))
        if what == "change":
            data = data[:at] + payload + data[at + len(payload) :]
        elif what == "insert":
            data = data[:at] + payload + data[at:]
        elif what == "remove":
            data = data[:at] + data[at + many :]
        elif what == "repeat":
            data = data[:at] + data[at : at + many] * many + data[at:]
        elif what == "cut":
            data = data[:at]
        else:
            data = data[:at] + payload * (many * 500) + data[at:]
    return data


@st.composite
def hostile(draw: st.DrawFn, kind: str) -> bytes:
    """A damaged file; of packed ones the packing is damaged, or what is inside, packed soundly again."""
    data, done = SAMPLES[kind](), draw(damages())
    if kind in ("xlsx", "zip") and draw(st.booleans()):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = {name: package.read(name) for name in package.namelist()}
        chosen = draw(
            st.sampled_from([name for name in members if "sheet" in name or "tring" in name or "." in name])
        )
        return packed(members | {chosen: damaged(members[chosen], done)})
    if kind == "gz" and draw(st.booleans()):
        return gzip.compress(damaged(gzip.decompress(data), done), mtime=0)
    return damaged(data, done)


def attempt(path: Path, content: bytes, seen: Counter[str]) -> None:
    """Read the content; a fault of any other kind than a message, or a long wait, is raised."""
    path.write_bytes(content)
    begin = time.perf_counter()
    try:
        read_reports(path)
        seen["read"] += 1
    except TunerError as fault:
        if not fault.to_do or not fault.render("zh"):
            raise
        seen[str(fault.problem)] += 1
    spent = time.perf_counter() - begin
    assert spent < SECONDS_ALLOWED, f"{spent:.1f} s"


def fuzz(kind: str, seconds: float, seed: int) -> Counter[str]:
    """Damaged files of a kind for so many seconds: what was read and what was said, with how often."""
    seen: Counter[str] = Counter()
    end = time.monotonic() + seconds
    quiet = settings(
        max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"report.{kind}")
        path.write_bytes(SAMPLES[kind]())
        read_reports(path)

        while time.monotonic() < end:

            @hypothesis.seed(seed)
            @quiet
            @given(hostile(kind))
            def holds(content: bytes) -> None:
                if time.monotonic() < end:
                    attempt(path, content, seen)

            holds()
            seed += 1
    return seen


def peak_bytes() -> int:
    """The most memory this process or one of its children has held."""
    unit = 1 if sys.platform == "darwin" else 1024
    own, children = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    status = Path("/proc/self/status")
    if status.exists():
        # On Linux ru_maxrss of a new process starts with what its parent held.
        own = int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text()).group(1))
    return max(own, children) * unit


def main() -> None:
    kind, seconds, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    seen = fuzz(kind, seconds, seed)
    assert peak_bytes() < BYTES_ALLOWED, f"{peak_bytes():,} bytes"
    print(
        f"{kind}: {sum(seen.values()):,} files, {seen['read']:,} read, peak {peak_bytes() / 1024**2:,.0f} MB"
    )
    for said, many in seen.most_common():
        print(f"  {many:7,}  {said}")


if __name__ == "__main__":
    main()
