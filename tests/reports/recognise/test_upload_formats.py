"""What `uploads:` of a format file may say, and the message where it says something else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ppc_tuner.errors import ConfigError
from ppc_tuner.reports.recognise.formats import built_in, load_format

OWN = """id: sogou
extends: sogou
uploads:
  - id: own
    name: {zh: 自己的, en: own}
    file: csv
    confirmed: false
    where: {zh: 后台, en: back office}
    columns: [Word, Price]
    rows:
      bid:
        cells: {Word: "{keyword}", Price: "{bid}"}
"""


def own(tmp_path: Path, old: str = "", new: str = "") -> Path:
    assert old in OWN
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace(old, new) if old else OWN, "utf-8")
    return path


def test_a_platform_is_one_file_in_both_directions(tmp_path: Path) -> None:
    form = load_format(own(tmp_path))
    assert form.uploads[0].line("bid").needed == ("keyword",)
    assert form.layouts


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{keyword}", "{keywrd}", "did you mean 'keyword'"),
        ("Price: ", "Cost: ", "none of the columns"),
        ("file: csv", "file: pdf", "csv | xlsx | work_sheet"),
        ("      bid:", "      bod:", "bod"),
        ("    columns:", "    colums:", "did you mean 'columns'"),
    ],
)
def test_a_wrong_declaration_is_told_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_format(own(tmp_path, old, new))
    message = caught.value.render("en")
    assert re.search(r"own\.yaml:\d+:\d+: ", message)
    assert said in message


def test_no_line_of_any_platform_archives_or_deletes_and_negatives_bear_no_bid() -> None:
    uploads = [upload for form in built_in() for upload in form.uploads]
    assert len(uploads) >= 7
    for upload in uploads:
        for kind, row in upload.rows.items():
            cells = " ".join((row.cells | row.undo).values()).lower()
            assert "archive" not in cells
            assert "delete" not in cells
            if "negative" in kind and upload.file != "work_sheet":
                assert "{bid" not in cells
