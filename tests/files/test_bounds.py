"""Files made to take more room than they have, and folders that cannot be walked to the end."""

from __future__ import annotations

import gzip
import os
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ppc_tuner.errors import InputError
from ppc_tuner.files import Document, Skipped, limits, tables_of, to_days, walk
from ppc_tuner.files.archives import unzipped


def read(path: Path) -> None:
    for found in walk([path]):
        if isinstance(found, Document):
            tables_of(found, ())


def test_equal_rows_are_counted_before_they_are_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"keyword": pa.array(["羽绒服"] * 1_000), "clicks": [1] * 1_000}), path)
    read(path)
    monkeypatch.setattr(limits, "PARQUET_CELLS", 1_999)
    monkeypatch.setattr(pq.ParquetFile, "read", lambda _: pytest.fail("it was decoded"))
    with pytest.raises(InputError, match="too large") as fault:
        read(path)
    assert "1,000 rows × 2 columns" in fault.value.render("en")


def test_columns_of_no_plain_values_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    columns = {"keyword": ["a"], "place": [{"x": 1}], "days": [[1, 2]], "raw": [b"\x01"], "cost": [1.0]}
    pq.write_table(pa.table(columns), path)
    with pytest.raises(InputError) as fault:
        read(path)
    said = fault.value.render("en")
    assert all(name in said for name in ("place (struct", "days (list", "raw (binary"))
    assert "cost" not in said


def test_what_a_gz_claims_is_counted_before_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PACK_RATIO_FROM_BYTES", 0)
    with pytest.raises(InputError, match="too large"):
        unzipped("a.gz", gzip.compress(b"a,b\n" * 1_000_000))
    monkeypatch.setattr(limits, "FILE_BYTES", 3_000_000)
    monkeypatch.setattr(limits, "PACK_RATIO", 1e9)
    assert len(unzipped("a.gz", gzip.compress(b"a,b\n" * 700_000) + gzip.compress(b"x"))) == 2_800_001
    with pytest.raises(InputError, match="too large"):
        unzipped("a.gz", gzip.compress(b"a,b\n" * 700_000) * 2)


def test_a_zip_that_lies_about_how_well_it_packs_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PACK_RATIO_FROM_BYTES", 1_000_000)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("a.csv", b"a,b\n" * 1_000_000)
        package.writestr("b.csv", b"a,b\n")
        true = package.getinfo("b.csv").compress_size
        # The directory at the end of the zip is written from this.
        package.getinfo("b.csv").compress_size = 3_000_000
    assert true < 100
    with pytest.raises(InputError, match="too large"):
        read(path)


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_folders_that_cannot_be_read_are_listed_and_loops_are_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "a.csv").write_text("a,b\n1,2\n")
    (tmp_path / "b.csv").write_text("a,b\n1,2\n")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "again").symlink_to(tmp_path)
    scandir = os.scandir

    def refusing(path: str) -> object:
        # Root may read everything, so that modes of folders would test nothing.
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = list(walk([tmp_path]))
    assert [one.label for one in found if isinstance(one, Document)] == [(tmp_path / "b.csv").as_posix()]
    (skipped,) = (one for one in found if isinstance(one, Skipped))
    assert skipped.label.endswith("closed")
    assert skipped.reason.en == "no permission to read it"
    with pytest.raises(InputError, match="cannot be opened"):
        list(walk([tmp_path / "closed"]))
    with pytest.raises(InputError, match="cannot be read"):
        list(walk([tmp_path / "loop"]))


@pytest.mark.parametrize("day", ["9999-12-31", "2999/1/1", "1492-10-12"])
def test_days_of_no_report_are_no_days(day: str) -> None:
    text = to_days(pd.Series([day, "2026-07-04"]))
    assert text.wrong.tolist() == [True, False]
    dated = to_days(pd.Series([pd.Timestamp(day), pd.NaT], dtype="datetime64[us]"))
    assert dated.wrong.tolist() == [True, False]
