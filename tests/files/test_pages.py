"""Tables of web pages: cells that span columns and rows, and bytes of no encoding."""

from __future__ import annotations

import pandas as pd
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, limits, opening, tables_of
from ppc_tuner.files.pages import page_tables
from ppc_tuner.files.tables import FrameTable

WORDS = "<tr><th>计划</th><th>词</th><th>展现</th></tr><tr><td>甲</td><td>羽绒服</td><td>9</td></tr>"


def rows(page: str) -> list[list[str]]:
    (table,) = page_tables("f.xls", "utf-8", page).values()
    frame: pd.DataFrame = table.frame
    return frame.to_numpy().tolist()


def test_a_cell_of_several_rows_stands_in_each() -> None:
    page = "<table><tr><td rowspan=2>计划<td>羽绒服<td>100</tr><tr><td>棉服<td>900</tr><tr><td>乙<td>鞋<td>90</table>"
    assert rows(page) == [["计划", "羽绒服", "100"], ["计划", "棉服", "900"], ["乙", "鞋", "90"]]


def test_a_cell_of_several_rows_and_columns() -> None:
    page = "<table><tr><td>a<td colspan=2 rowspan='2'>b<td>c</tr><tr><td>d<td>e</table>"
    assert rows(page) == [["a", "b", "", "c"], ["d", "b", "", "e"]]


def test_no_cell_reaches_out_of_its_part_of_the_table() -> None:
    page = "<table><thead><tr><th rowspan=9>a<th>b</tr></thead><tbody><tr><td>1<td>2</tr></tbody></table>"
    assert rows(page) == [["a", "b"], ["1", "2"]]


def test_other_attributes_are_no_spans() -> None:
    assert rows("<table><tr><td data-rowspan=2>a<td>b</tr><tr><td>c<td>d</table>") == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td rowspan=999999 colspan=999999>a</td></tr>" + "<tr></tr>" * 50_000,
        "<table><tr>" + "<td rowspan=999999>a" * 900 + "</tr>" + "<tr></tr>" * 50_000,
    ],
)
def test_hostile_spans_stay_within_the_limits(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE_CELLS", 100_000)
    with pytest.raises(InputError, match="too large"):
        page_tables("f.xls", "utf-8", page)


def document(page: bytes) -> Document:
    return Document("f.xls", "page", page, True)


def test_bytes_of_no_encoding_far_down_are_refused() -> None:
    page = (
        f"<table>{WORDS}".encode("gb18030")
        + b"<!--"
        + b" " * 1_700_000
        + b"--><tr><td>\xff\xff</td></tr></table>"
    )
    with pytest.raises(InputError, match="no known encoding"):
        tables_of(document(page), ["gb18030"])


def test_an_encoding_that_shows_fewer_tables_takes_none_away(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<table>{WORDS}</table><table>{WORDS}</table>".encode("gb18030")

    def shown(label: str, encoding: str, text: str) -> dict[int, FrameTable]:
        tables = page_tables(label, encoding, text)
        return tables if encoding == "gb18030" else {2: tables[2]}

    monkeypatch.setattr(opening, "page_tables", shown)
    readings = tables_of(document(page), ["cp1251", "gb18030"])
    assert [[table.encoding for table in tables] for tables in readings] == [
        ["gb18030"],
        ["cp1251", "gb18030"],
    ]
