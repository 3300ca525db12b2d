"""The cases of bad files: a folder for each, with the file (or the name of what makes it) and the whole
message.

case.yaml: title in both languages, `run` (the arguments of ppc-tuner), `exit`, and `make` where the file is
not text: a function below. expected.txt: the message in Chinese, a blank line, the message in English. To see
what cases say now:

    python tests/errors/files/bad_files.py CASE...   # writes their expected.txt: read it before you commit
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter
from ruamel.yaml import YAML
from typer.testing import CliRunner

from ppc_tuner.cli import app
from ppc_tuner.errors import TunerError

HERE = Path(__file__).resolve().parent
HEADER = "日期,计划名字,单元名字,词名字/词包名字,展现量,点击量,花费,总成交笔数,总成交金额"
ROW = "2026-07-04,计划,单元,羽绒服男,1000,40,50.00,2,399.00"
REPORT = f"{HEADER}\n{ROW}\n".encode()


def picture() -> dict[str, bytes]:
    return {"report.csv": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"}


def binary() -> dict[str, bytes]:
    return {"report.csv": bytes(range(256)) * 4}


def unknown_encoding() -> dict[str, bytes]:
    return {"report.csv": REPORT + b"2026-07-05,\xff\xff,b,c,1,1,1,1,1\n"}


def workbook(far: bool = False) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER.split(","))
    sheet.write_row(1, 0, ROW.split(","))
    if far:
        sheet.write(1_000_000, 9_000, "x")
    book.close()
    return out.getvalue()


def truncated_workbook() -> dict[str, bytes]:
    data = workbook()
    return {"report.xlsx": data[: len(data) // 2]}


def cells_far_apart() -> dict[str, bytes]:
    return {"report.xlsx": workbook(far=True)}


def locked_workbook() -> dict[str, bytes]:
    mark = "EncryptedPackage".encode("utf-16-le")
    return {"report.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + mark + bytes(500)}


def damaged_xls() -> dict[str, bytes]:
    return {"report.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000)}


def damaged_parquet() -> dict[str, bytes]:
    return {"report.parquet": b"PAR1" + b"not a table" + b"PAR1"}


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def truncated_zip() -> dict[str, bytes]:
    return {"reports.zip": zipped({"report.csv": REPORT * 20})[:80]}


def zip_with_password() -> dict[str, bytes]:
    data = bytearray(zipped({"report.csv": REPORT}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return {"reports.zip": bytes(data)}


def zip_bomb() -> dict[str, bytes]:
    return {"reports.zip": zipped({"report.csv": b"0" * (11 * 1024**2)})}


def zips_in_zips() -> dict[str, bytes]:
    data = zipped({"report.csv": REPORT})
    for _ in range(3):
        data = zipped({"inner.zip": data})
    return {"reports.zip": data}


def too_many_members() -> dict[str, bytes]:
    return {"reports.zip": zipped({f"{number}.csv": b"" for number in range(2_001)})}


def truncated_gz() -> dict[str, bytes]:
    return {"report.csv.gz": gzip.compress(REPORT * 20, mtime=0)[:60]}


def gz_bomb() -> dict[str, bytes]:
    return {"report.csv.gz": gzip.compress(b"0" * (40 * 1024**2), mtime=0)}


def too_many_columns() -> dict[str, bytes]:
    extra = [f"c{number}" for number in range(1_000)]
    return {"report.csv": (",".join([HEADER, *extra]) + "\n" + ",".join([ROW, *extra]) + "\n").encode()}


def cell_too_long() -> dict[str, bytes]:
    return {"report.csv": REPORT + ROW.replace("羽绒服男", "词" * 40_000).encode() + b"\n"}


def row_too_long() -> dict[str, bytes]:
    return {"report.csv": REPORT + b"2026-07-05,a,b," + b"c" * (9 * 1024**2) + b",1,1,1,1,1\n"}


def no_text_after_all() -> dict[str, bytes]:
    return {"report.csv": REPORT + (ROW + "\n").encode() * 60_000 + b"2026-07-05,a,b,c\x00d,9,1,1,0,0\n"}


def pipe() -> dict[str, bytes]:
    os.mkfifo("report.csv")
    return {}


def link_in_a_folder() -> dict[str, bytes]:
    Path("reports").mkdir()
    Path("reports/report.csv").symlink_to("../elsewhere.csv")
    return {"elsewhere.csv": REPORT}


def too_many_cells_in_a_page() -> dict[str, bytes]:
    return {"report.xls": b"<table>" + b"<tr><td colspan=900>a<td>b</tr>" * 12_000 + b"</table>"}


MAKERS: dict[str, Callable[[], dict[str, bytes]]] = {
    made.__name__: made
    for made in (
        picture,
        binary,
        unknown_encoding,
        truncated_workbook,
        cells_far_apart,
        locked_workbook,
        damaged_xls,
        damaged_parquet,
        truncated_zip,
        zip_with_password,
        zip_bomb,
        zips_in_zips,
        too_many_members,
        truncated_gz,
        gz_bomb,
        too_many_columns,
        cell_too_long,
        row_too_long,
        no_text_after_all,
        pipe,
        link_in_a_folder,
        too_many_cells_in_a_page,
    )
}


def names() -> list[str]:
    """The cases, by name."""
    return sorted(path.parent.name for path in HERE.glob("*/case.yaml"))


def given(name: str) -> dict[str, object]:
    """What case.yaml says."""
    content: dict[str, object] = YAML(typ="safe").load(HERE / name / "case.yaml")
    return content


def said(name: str) -> tuple[int, str]:
    """Exit code and whole message, Chinese and then English, of the case run in a folder of its own."""
    case, parts, code = given(name), [], 0
    with in_a_copy(HERE / name):
        if "make" in case:
            for file, content in MAKERS[str(case["make"])]().items():
                Path(file).write_bytes(content)
        for lang in ("zh", "en"):
            done = CliRunner().invoke(app, [*map(str, case["run"]), "--lang", lang])  # type: ignore[call-overload]
            if not isinstance(done.exception, TunerError):
                raise AssertionError(f"no message, but: {done.output}") from done.exception
            code = done.exception.exit_code
            parts.append(done.exception.render(lang))
    return code, "\n\n".join(parts) + "\n"


@contextmanager
def in_a_copy(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        os.chdir(copy)
        try:
            yield
        finally:
            os.chdir(before)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        exit_code, message = said(wanted)
        (HERE / wanted / "expected.txt").write_text(message, "utf-8")
        print(f"== {wanted}: exit {exit_code}\n{message}")
