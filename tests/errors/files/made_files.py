"""Files of bad-file cases that are no plain text: each function makes those of one case, in the folder
it runs in."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

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


def parquet_of_nested_columns() -> dict[str, bytes]:
    out = io.BytesIO()
    columns = {
        "keyword": ["a"],
        "clicks": [4],
        "tags": [["x", "y"]],
        "place": [{"campaign": "A", "ad_group": "B"}],
        "picture": [b"\x89PNG"],
    }
    pq.write_table(pa.table(columns), out)
    return {"report.parquet": out.getvalue()}


def koi8_r() -> dict[str, bytes]:
    text = "Дата,Кампания,Группа,Условие показа,Показы,Клики,Расход\n04.07.2026,Лето,Обувь,сапоги,900,30,45\n"
    return {"report.csv": text.encode("koi8-r")}


def saved_garbled() -> dict[str, bytes]:
    return {"report.csv": REPORT.decode().encode("gb18030").decode("latin-1").encode()}


def letters_lost() -> dict[str, bytes]:
    return {"report.csv": REPORT.decode().encode("ascii", "replace")}


def utf_16_without_mark() -> dict[str, bytes]:
    return {"report.csv": (REPORT * 20).decode().encode("utf-16-le")}


def bids_without_figures() -> dict[str, bytes]:
    header = (
        "Product,Entity,Campaign ID,Ad Group ID,Keyword ID,Campaign name (Informational only),"
        "Ad group name (Informational only),State,Bid,Keyword text,Match type,Impressions,"
        "Clicks,Spend,Sales,Orders"
    )
    row = [
        "Sponsored Products",
        "Keyword",
        "1",
        "2",
        "3",
        "Kettles",
        "All",
        "enabled",
        0.9,
        "kettle",
        "Exact",
    ]
    rows = {"Sponsored Products Campaigns": [header.split(","), row]}
    return {"bulk-a1b2-20260601-20260628-1.xlsx": sheets(rows)}


def sheets(content: dict[str, list[list[object]]]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name, rows in content.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def list_filled_in() -> dict[str, bytes]:
    rows: list[list[object]] = [["决定", "最终出价", "关键词", "动作"], ["采纳", 1.25, "羽绒服男", "加价"]]
    return {"report.csv": REPORT, "actions.xlsx": sheets({"操作清单": rows})}


def device_as_output() -> dict[str, bytes]:
    Path("actions.csv").symlink_to("/dev/null")
    return {"report.csv": REPORT}


def pipe_as_output() -> dict[str, bytes]:
    os.mkfifo("actions.csv")
    return {"report.csv": REPORT}


def pipe_as_pack() -> dict[str, bytes]:
    os.mkfifo("pack.yaml")
    return {"report.csv": REPORT}


# What case.yaml names after `make`.
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
        parquet_of_nested_columns,
        koi8_r,
        saved_garbled,
        letters_lost,
        utf_16_without_mark,
        bids_without_figures,
        list_filled_in,
        device_as_output,
        pipe_as_output,
        pipe_as_pack,
    )
}
