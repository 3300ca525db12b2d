"""A report in an encoding that is not read, or with letters garbled or lost, is told as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.reports import read_reports

CHINESE = (
    "日期,计划名字,单元名字,宝贝ID,词类型,词名字/词包名字,展现量,点击量,花费,总成交笔数,总成交金额\n"
    "2026-07-04,羽绒服主推,男短款,1045221343950,关键词,羽绒服男,100,40,50.00,2,399.00\n"
)


def saved_as(opened: str, true: str) -> bytes:
    """What is left of a file in one encoding that was opened in another and saved as UTF-8."""
    return CHINESE.encode(true).decode(opened, "replace").encode("utf-8")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (saved_as("latin-1", "gb18030"), "a file in gb18030 was opened as"),
        (saved_as("cp1252", "gb18030"), "a file in gb18030 was opened as"),
        (saved_as("latin-1", "utf-8"), "a file in utf-8 was opened as"),
        (saved_as("gb18030", "utf-8"), "a file in utf-8 was opened as gb18030"),
        (CHINESE.encode("ascii", "replace"), "letters are lost"),
        (CHINESE.encode("gb18030").decode("utf-8", "replace").encode("utf-8"), "letters are lost"),
        (CHINESE.encode("utf-16-le"), "UTF-16 without a mark"),
        (CHINESE.encode("utf-16-be"), "UTF-16 without a mark"),
        (CHINESE.encode("utf-32"), "UTF-32"),
        (CHINESE.encode("utf-7"), "the text is in utf-7"),
        (CHINESE.encode("hz", "replace"), "the text is in hz"),
        (CHINESE.encode("gb18030").replace("短".encode("gb18030"), b"\xff\xff"), "no known encoding"),
    ],
)
def test_a_wrong_encoding_is_named(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said):
        read_reports(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_an_encoding_that_is_read_is_no_wrong_one(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(CHINESE.encode(encoding))
    assert read_reports(path).facts["keyword"].tolist() == ["羽绒服男"]


def test_another_table_is_not_said_to_be_garbled(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("Größe,Straße,Name,Menge\n1,2,3,4\n", "utf-8")
    with pytest.raises(InputError, match="no known header"):
        read_reports(path)
