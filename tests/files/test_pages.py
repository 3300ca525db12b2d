"""Tables of web pages: cells that span columns and rows, and bytes of no encoding."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, limits, opening, pages, tables_of
from ppc_tuner.files.pages import page_tables
from ppc_tuner.files.table import FrameTable

WORDS = "<tr><th>计划</th><th>词</th><th>展现</th></tr><tr><td>甲</td><td>羽绒服</td><td>9</td></tr>"


def rows(page: str) -> list[list[str]]:
    (table,) = page_tables("f.xls", "utf-8", page).values()
    frame: pd.DataFrame = table.frame
    return frame.to_numpy().tolist()


def test_a_cell_of_several_rows_stands_in_each() -> None:
    page = (
        "<table><tr><td rowspan=2>计划<td>羽绒服<td>100</tr><tr><td>棉服<td>900</tr>"
        "<tr><td>乙<td>鞋<td>90</table>"
    )
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
        "<table><!-- <tr><td>旧<td>旧</tr> --><tr><td>a<td>b</table>",
        "<table><tr><td>a<!-- <td>旧 --><td>b</table>",
        "<table><script>if (a<b) '<tr><td>1<td>2'</script><tr><td>a<td>b<style>td > a {}</style></table>",
        """<table><tr><td title="x > y">a<td title='<td>z'>b</table>""",
        "<table><td>a<td>b</table>",
        "<table><tr><td>a<td>b",
        "<TABLE><TR><TH>a</TH><TD>b</TD></TR></TABLE></table></table>",
        "<tr><td>a<td>b</tr>",
    ],
)
def test_what_a_browser_would_not_show_is_not_read(page: str) -> None:
    assert rows(page) == [["a", "b"]]


def test_marks_within_a_cell_are_no_text() -> None:
    page = "<table><tr><td>5 &lt; <b>6</b>&nbsp;元<td>第一行<br>第二行<td>&amp;lt; &#x4e2d;<td>1<2</table>"
    assert rows(page) == [["5 < 6 元", "第一行 第二行", "&lt; 中", "1<2"]]


def test_a_table_within_a_cell_is_a_table_of_its_own() -> None:
    inner = "<table><tr><td>x<td>y</table>"
    page = f"<table><tr><td>a<td>b</tr><tr><td>c {inner} d<td>e</tr><tr><td>f<td>g</table>"
    outer, within = page_tables("f.xls", "utf-8", page).values()
    assert outer.frame.to_numpy().tolist() == [["a", "b"], ["c d", "e"], ["f", "g"]]
    assert within.frame.to_numpy().tolist() == [["x", "y"]]


def test_the_pieces_in_which_a_page_is_fed_cut_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<!doctype html><table>{WORDS}<tr><td colspan=2>合计&nbsp;<td>9</table>"
    whole = rows(page)
    monkeypatch.setattr(pages, "PIECE", 3)
    assert rows(page) == whole == [["计划", "词", "展现"], ["甲", "羽绒服", "9"], ["合计", "", "9"]]


@pytest.mark.parametrize("opened", ["<div>", "<b>", "<table><tr><td>x", "<font>", "<ul><li>"])
def test_what_is_never_closed_takes_nothing_of_what_follows(opened: str) -> None:
    page = f"<table><tr><td>{opened * 5_000}</table><table><tr><td>a<td>b</table>"
    assert list(page_tables("f.xls", "utf-8", page).values())[-1].frame.to_numpy().tolist() == [["a", "b"]]


def test_a_page_cannot_call_for_texts_of_its_own_making(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("geheim", encoding="utf-8")
    entities = f'<!ENTITY a SYSTEM "{(tmp_path / "secret").as_uri()}"><!ENTITY b "bbbbbbbb">'
    page = f"<!DOCTYPE x [{entities}]><table><tr><td>&a;<td>&b;</table>"
    assert rows(page) == [["&a;", "&b;"]]


@pytest.mark.parametrize("page", ["", "   ", "<!-- never closed", "no table", "<tr>"])
def test_a_page_without_cells_holds_no_table(page: str) -> None:
    assert page_tables("f.xls", "utf-8", page) == {}


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
