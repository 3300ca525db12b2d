"""A file tells whether somebody has touched it since it was sealed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ppc_tuner.fingerprint import LEAST_NAMES, csv_header, is_untouched, seal

LINES = b"1,2\r\n3,4\r\n"


def sealed_csv(path: Path, names: int, lines: bytes = LINES) -> Path:
    path.write_bytes(csv_header([f"name_{at}" for at in range(names)]) + lines)
    seal(path)
    return path


@pytest.mark.parametrize("names", range(LEAST_NAMES, LEAST_NAMES + 4))
@pytest.mark.parametrize("lines", [LINES, b"", b"5,6\r\n", b"7,8\r\n"])
def test_a_csv_of_any_number_of_names_is_known_again(tmp_path: Path, names: int, lines: bytes) -> None:
    assert is_untouched(sealed_csv(tmp_path / "list.csv", names, lines))


def test_a_csv_is_touched_once_a_figure_a_name_or_its_quotes_change(tmp_path: Path) -> None:
    path = sealed_csv(tmp_path / "list.csv", LEAST_NAMES + 1)
    whole = path.read_bytes()
    for old, new in ((b"3,4", b"3,5"), (b"name_7", b"name_x"), (b'"', b"")):
        assert old in whole
        path.write_bytes(whole.replace(old, new))
        assert not is_untouched(path), old


def test_a_csv_of_few_names_is_nobodys(tmp_path: Path) -> None:
    assert not is_untouched(sealed_csv(tmp_path / "list.csv", LEAST_NAMES - 1))
