from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, Skipped, excel, first_table, limits, tables_of, walk
from ppc_tuner.files.archives import member_name
from ppc_tuner.files.content import OLE, content_kind
from ppc_tuner.files.text_stream import BLOCK
from ppc_tuner.files.text_tables import text_table

CELL = st.text(
    st.characters(
        codec="gb18030", exclude_characters="\x00\r\n\ufeff", exclude_categories=["Cc", "Cs", "Cn"]
    ),
    max_size=12,
)


def body(text: str, header_row: int = 0) -> pd.DataFrame:
    table = text_table("f.csv", "utf-8", lambda: io.BytesIO(text.encode()), text)
    assert table is not None
    return table.body(table.head[header_row])


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_separator_is_told_by_content(separator: str) -> None:
    frame = body(separator.join("abc") + "\n" + separator.join("123"))
    assert frame.loc[2].tolist() == ["1", "2", "3"]


def test_quotes_newlines_and_line_numbers() -> None:
    frame = body('a,b\n"x, ""y""","two\nlines"\nlast,1\n')
    assert frame.loc[2].tolist() == ['x, "y"', "two\nlines"]
    assert frame.index.tolist() == [2, 4]


def test_uneven_rows_keep_their_line_numbers() -> None:
    frame = body("title\n\na,b,c\n1,2,3\n\n4,5,6\n©footer\n", header_row=2)
    assert frame.index.tolist() == [4, 5, 6, 7]
    assert frame.loc[6].tolist() == ["4", "5", "6"]
    assert frame.loc[7].fillna("").tolist() == ["©footer", "", ""]


@pytest.mark.parametrize("foreign", [1, 172])
def test_a_block_that_grows_when_decoded_leaves_no_piece_without_a_row(foreign: int) -> None:
    # In UTF-8 each Chinese character takes a byte more than in GB18030, so a block of the file fills a little
    # over one.
    head, row = "词" * foreign + ",b\n", "x" * 400 + ",y\n"
    content = (head + row * (BLOCK // len(row) + 50)).encode("gb18030")
    table = text_table("f.csv", "gb18030", lambda: io.BytesIO(content), head + row * 9, whole=False)
    assert table is not None
    frame = table.body(table.head[0])
    assert len(frame) == BLOCK // len(row) + 50
    assert frame[1].unique().tolist() == ["y"]


def test_words_that_look_like_missing_values_stay() -> None:
    frame = body("a,b\nNA,nan\nNULL,None\n")
    assert frame.to_numpy().tolist() == [["NA", "nan"], ["NULL", "None"]]


def test_trailing_separators_are_no_columns_but_extra_cells_are_refused() -> None:
    assert body("a,b\n1,2,\n3,4,\n").loc[3].tolist() == ["3", "4"]
    with pytest.raises(InputError, match=r"f\.csv:3: this row has more cells"):
        body("a,b\n1,2\n3,4,5\n")


def test_unclosed_quote_is_told() -> None:
    with pytest.raises(InputError, match="never closed"):
        body('a,b\n"1,2\n3,4\n')


@settings(deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    separator=st.sampled_from([",", "\t"]),
)
def test_every_encoding_gives_back_what_was_written(
    rows: list[list[str]], encoding: str, separator: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # 词 in the header keeps the content from being valid UTF-8 by chance.
    written = pd.DataFrame([["词名字", "点击量", "花费"], *rows])
    path = tmp_path_factory.mktemp("round") / "f.csv"
    path.write_bytes(written.to_csv(index=False, header=False, sep=separator).encode(encoding))
    (document,) = walk([path])
    assert isinstance(document, Document)
    readings = tables_of(document, ["gb18030"])[0]
    assert any(
        reading.body(reading.head[0]).fillna("").to_numpy().tolist() == rows
        for reading in readings
        if reading.head[0].cells == ("词名字", "点击量", "花费")
    )


def workbook(hidden: bool = False) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    sheet.write_row(2, 0, ["id", "word", "n"])
    sheet.write_string(3, 0, "0012345678901234567")
    sheet.write_string(3, 1, "=1+1")
    sheet.write_number(3, 2, 1.25)
    other = book.add_worksheet("Other")
    other.write(0, 0, "x")
    if hidden:
        other.hide()
    book.close()
    return out.getvalue()


def document(data: bytes, name: str = "f.xlsx") -> Document:
    return Document(name, content_kind(data), data, True)


def test_sheets_have_excels_row_numbers_and_exact_text() -> None:
    (table,) = (readings[0] for readings in tables_of(document(workbook(hidden=True)), []))
    assert table.sheet == "Data"
    assert table.head[2].cells == ("id", "word", "n")
    assert table.body(table.head[2]).loc[4].tolist() == ["0012345678901234567", "=1+1", "1.25"]


def test_hidden_sheets_are_named_beside_the_others() -> None:
    ((table,),) = tables_of(document(workbook(hidden=True)), [])
    assert table.hidden == ("Other",)


def test_a_workbook_of_hidden_sheets_is_refused() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for name in ("Empty", "Report"):
        book.add_worksheet(name)
    book.worksheets()[1].write(0, 0, "词")
    book.worksheets()[1].hide()
    book.close()
    with pytest.raises(InputError, match="every sheet is hidden") as caught:
        tables_of(document(out.getvalue()), [])
    assert caught.value.found == "Report"


def test_visible_sheets_are_tables_of_their_own() -> None:
    assert len(tables_of(document(workbook()), [])) == 2


def test_old_excel() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    for at, value in enumerate(["词", "点击"]):
        sheet.write(0, at, value)
    sheet.write(1, 0, "羽绒服男")
    sheet.write(1, 1, 3)
    out = io.BytesIO()
    book.save(out)
    ((table,),) = tables_of(document(out.getvalue(), "f.xls"), [])
    assert table.body(table.head[0]).loc[2].tolist() == ["羽绒服男", "3"]


@pytest.mark.parametrize("keep", [0.3, 0.7, 0.95])
def test_truncated_workbooks_are_refused(keep: float) -> None:
    data = workbook()
    with pytest.raises(InputError, match="damaged or incomplete"):
        tables_of(document(data[: int(len(data) * keep)]), [])


def test_cells_far_apart_are_refused_before_memory_is_asked_for() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_000_000, 800, "b")
    book.close()
    with pytest.raises(InputError, match="too large"):
        tables_of(document(out.getvalue()), [])


def test_only_the_time_of_the_processor_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("resource")
    reader = tmp_path / "reader.py"
    monkeypatch.setattr(excel, "BASE_SECONDS", 2)
    monkeypatch.setattr(excel, "PATIENCE", 100)
    first = "import runpy, sys, time\n"
    run = f"runpy.run_path({str(excel.READER)!r}, run_name='__main__')\n"
    monkeypatch.setattr(excel, "READER", reader)
    # A machine that is busy with other work.
    reader.write_text(f"{first}time.sleep(2.2)\n{run}", "utf-8")
    assert len(tables_of(document(workbook()), [])) == 2
    # A workbook that is read for ever.
    reader.write_text(
        f"{first}import fastexcel\ndef read_excel(_):\n    while True: pass\n"
        f"fastexcel.read_excel = read_excel\n{run}",
        "utf-8",
    )
    with pytest.raises(InputError, match="more time"):
        tables_of(document(workbook()), [])


def packed(members: dict[str, bytes], name_encoding: str | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, content)
    data = out.getvalue()
    if name_encoding:
        for name in members:
            raw = name.encode(name_encoding)
            utf8 = name.encode()
            assert len(raw) == len(utf8)
            data = data.replace(utf8, raw)
    return data


def test_zip_names_in_gbk_are_put_right() -> None:
    info = zipfile.ZipInfo("x")
    info.filename = "关键词报表.csv".encode("gbk").decode("cp437")
    assert member_name(info) == "关键词报表.csv"


@pytest.mark.parametrize("name", ["../../etc/a.csv", "/etc/a.csv", "C:\\etc\\a.csv"])
def test_member_names_never_leave_the_zip(name: str, tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    path.write_bytes(packed({name: b"a,b\n1,2\n"}))
    (found,) = walk([path])
    assert isinstance(found, Document)
    assert found.label == f"{path.as_posix()}/etc/a.csv"


def test_zips_are_walked_and_what_is_no_table_is_skipped(tmp_path: Path) -> None:
    inner = packed({"b.csv": b"a,b\n1,2\n"})
    path = tmp_path / "z.zip"
    path.write_bytes(
        packed(
            {
                "a.csv": b"a,b\n1,2\n",
                "p.png": b"\x89PNG\0\0",
                "in.zip": inner,
                "__MACOSX/a.csv": b"x",
                "e.csv": b"",
            }
        )
    )
    found = list(walk([path]))
    assert [one.label.rpartition("z.zip/")[2] for one in found if isinstance(one, Document)] == [
        "a.csv",
        "in.zip/b.csv",
    ]
    assert sorted(one.label.rpartition("z.zip/")[2] for one in found if isinstance(one, Skipped)) == [
        "__MACOSX/a.csv",
        "e.csv",
        "p.png",
    ]


def test_zips_too_deep_are_refused(tmp_path: Path) -> None:
    data = b"a,b\n1,2\n"
    for _ in range(4):
        data = packed({"z.zip" if data[:2] == b"PK" else "a.csv": data})
    path = tmp_path / "deep.zip"
    path.write_bytes(data)
    with pytest.raises(InputError, match="too deep"):
        list(walk([path]))


def test_a_bomb_is_refused_without_being_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    path.write_bytes(packed({"a.csv": b"0" * (limits.PACK_RATIO_FROM_BYTES + 1)}))
    with pytest.raises(InputError, match="too large to be unpacked"):
        list(walk([path]))


def test_a_truncated_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    path.write_bytes(packed({"a.csv": b"a,b\n1,2\n" * 100})[:60])
    with pytest.raises(InputError, match="damaged or incomplete"):
        list(walk([path]))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
        (b"%PDF-1.7 text only", "a picture or a PDF"),
        (bytes(range(256)) * 4, "this file is no table"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"<html><body><table>", "a web page"),
    ],
)  # fmt: skip
def test_files_that_are_no_tables(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message) as caught:
        list(walk([path]))
    assert caught.value.where == path.as_posix()
    assert caught.value.to_do


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        list(walk([tmp_path / "none.csv"]))


def test_text_in_no_known_encoding_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"a,b\n1,2\n\xff\xff,3\n")
    (found,) = walk([path])
    assert isinstance(found, Document)
    with pytest.raises(InputError, match=r"f\.csv:3: the text is in no known encoding"):
        tables_of(found, ["gb18030"])


def test_first_table_reads_small_tables_of_people(tmp_path: Path) -> None:
    path = tmp_path / "brands.csv"
    path.write_text("brand_word\n波司登\n", "gb18030")
    assert first_table(path)["brand_word"].to_dict() == {2: "波司登"}
