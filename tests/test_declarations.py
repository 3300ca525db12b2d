"""YAML that people write: a fault says file, line, column and what was meant."""

from __future__ import annotations

import pytest

from ppc_tuner.declarations import Declared, checked, read_source, typing_hint
from ppc_tuner.errors import ConfigError


class Inner(Declared):
    word: str
    count: int = 1


class Outer(Declared):
    name: str
    parts: tuple[Inner, ...] = ()


@pytest.fixture
def reading(tmp_path):
    def run(content):
        path = tmp_path / "given.yaml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return checked(read_source(path), Outer)

    return run


def fault_of(reading, content):
    with pytest.raises(ConfigError) as caught:
        reading(content)
    return caught.value


def test_a_good_file_is_read_with_or_without_a_byte_order_mark(reading):
    expected = Outer(name="甲", parts=(Inner(word="no", count=2),))
    text = "name: 甲\nparts:\n  - {word: no, count: 2}\n"
    assert reading(text) == expected
    assert reading(b"\xef\xbb\xbf" + text.encode()) == expected


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        ("name: a\npartz: []\n", "2:1", "did you mean 'parts'?"),
        ("name: a\nparts:\n  - word: b\n    cuont: 2\n", "4:5", "did you mean 'count'?"),
        ("name: a\nparts:\n  - word: b\n    name: c\n", "4:5", "take it out"),
        ("name: a\nparts:\n  - word: b\n  - word: c\n    count: many\n", "5:5", "many"),
        ("name: a\nparts:\n  - count: 2\n", "3:5", "'word' is missing in 'parts.0'"),
        ("name: a\n\tparts: []\n", "", "spaces, not with tabs"),
        ("name：a\nparts: []\n", "", "half-width ':'"),
        ("name: a\nparts: 无\n", "2:1", "a list"),
        ("name: a\n  parts: []\n", "", "indentation"),
        ("name: [a\nparts: b\n", "", "not valid YAML"),
        ("name: &x a\nparts: *x\n", "1:7", "anchors"),
        ("name: a\nparts: *x\n", "2:8", "aliases"),
        ("name: a\nname: b\n", "2:1", "not valid YAML"),
        ("", "1:1", "lines of `name: value`"),
        ("name: 服装".encode("gb18030"), "", "UTF-8"),
    ],
)
def test_a_fault_says_where_and_what(reading, content, place, said):
    fault = fault_of(reading, content)
    assert "given.yaml" in fault.where
    assert fault.where.endswith(place)
    assert said in str(fault)


def test_a_misspelt_key_is_named_rather_than_the_one_it_leaves_missing(reading):
    assert "'nmae' is not known" in str(fault_of(reading, "nmae: a\n"))


def test_a_missing_file(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        read_source(tmp_path / "nowhere.yaml")


def test_chinese_punctuation_inside_chinese_text_is_right():
    assert typing_hint("先换图，再谈出价：不删词") == ""


def test_a_folder_is_told_from_a_device(tmp_path):
    with pytest.raises(ConfigError) as fault:
        read_source(tmp_path)
    assert "a folder" in str(fault.value)
    assert "name the file in it" in str(fault.value)
