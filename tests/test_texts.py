"""Every text is complete in both languages: in the code, in rule packs, format files and the advice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from ppc_tuner.text import Text

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "ppc_tuner").rglob("*.py"))
COMMANDS = [path for path in MODULES if path.parent.name == "cli"]
DECLARATIONS = sorted(
    [
        *(ROOT / "rules").glob("*.yaml"),
        *(ROOT / "ppc_tuner").rglob("*.yaml"),
        *(ROOT / "docs").glob("*.yaml"),
    ]
)
HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")
LETTER = re.compile(r"[A-Za-z]")
# {name}, {table.column:format}: what reasons of rules and other templates are filled in with.
PLACEHOLDER = re.compile(r"\{([A-Za-z_][\w.]*(?::[^{}]*)?)\}")
# [roas < bar_roas ? …]: in which rows a part is said; {clicks:click|clicks}: a figure with its noun.
ASKED = re.compile(r"\[[^\[\]?]* \? ")
NOUNS = re.compile(r":[^{}]*\|[^{}]*$")
# A sample of a report's own cells is no prose.
SAMPLES = ("20260701至20260707",)
# In Chinese alone: a column's Chinese name (English gives its field name), and how many words an item has.
CHINESE_ALONE = {"label", "column", "item_words"}


class Side(NamedTuple):
    """One language of a text: its words without the figures, and the figures that go into it."""

    words: str
    figures: frozenset[str]


def template(words: str) -> Side:
    """A side that is filled in later, as reasons of rules are."""
    words = ASKED.sub("[", words)
    figures = frozenset(NOUNS.sub("", figure) for figure in PLACEHOLDER.findall(words))
    return Side(PLACEHOLDER.sub("", words), figures)


def side_of(node: ast.expr) -> Side | None:
    """What a literal says; None for a name or a call, whose own texts are checked where they are written."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return template(node.value)
    if isinstance(node, ast.BinOp):
        return joined(side_of(node.left), side_of(node.right))
    if isinstance(node, ast.IfExp):
        return joined(side_of(node.body), side_of(node.orelse))
    if not isinstance(node, ast.JoinedStr):
        return None
    words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    fields = [part for part in node.values if isinstance(part, ast.FormattedValue)]
    plural = [field for field in fields if is_plural(field.value)]
    spoken = [word for field in plural for word in spoken_in(field.value)]
    figures = {figure for field in fields if field not in plural for figure in figures_of(field)}
    return Side(words + " ".join(spoken), frozenset(figures))


def joined(one: Side | None, other: Side | None) -> Side | None:
    return Side(one.words + other.words, one.figures | other.figures) if one and other else None


def is_plural(field: ast.expr) -> bool:
    """Whether a field only picks between two words, as in {'row' if count == 1 else 'rows'}."""
    return isinstance(field, ast.IfExp) and all(
        isinstance(choice, ast.Constant) for choice in (field.body, field.orelse)
    )


def spoken_in(field: ast.expr) -> list[str]:
    return [str(part.value) for part in ast.walk(field) if isinstance(part, ast.Constant)]


def figures_of(field: ast.FormattedValue) -> set[str]:
    """The names in a field with its format; one language of a Text, such as `.zh`, counts as the Text."""
    style = f":{ast.unparse(field.format_spec)[2:-1]}" if field.format_spec else ""
    names = [part.id for part in ast.walk(field.value) if isinstance(part, ast.Name)]
    names += [part.attr for part in ast.walk(field.value) if isinstance(part, ast.Attribute)]
    return {f"{re.sub('_(zh|en)$', '', name)}{style}" for name in names if name not in ("zh", "en")}


def faults_of(zh: Side, en: Side) -> list[str]:
    """What is wrong with a text, in words."""
    faults = []
    english = en.words
    for sample in SAMPLES:
        english = english.replace(sample, "")
    if bool(zh.words.strip() or zh.figures) != bool(en.words.strip() or en.figures):
        faults.append("one language is empty")
    if HAN.search(english):
        faults.append("Chinese in the English")
    if LETTER.search(zh.words) and not HAN.search(zh.words) and zh.words != en.words:
        faults.append("no Chinese in the Chinese, and it is no name that both share")
    alone = (zh.figures - CHINESE_ALONE) ^ (en.figures - CHINESE_ALONE)
    if alone:
        faults.append(f"figures in one language only: {sorted(alone)}")
    return faults


def texts_in(source: str) -> Iterator[tuple[int, Side, Side]]:
    """Line and both sides of each `Text(zh, en)` of a module that is written out."""
    for call in ast.walk(ast.parse(source)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Text":
            given = dict(zip(("zh", "en"), call.args, strict=False))
            given |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            assert set(given) == {"zh", "en"}, f"line {call.lineno}: Text takes zh and en"
            zh, en = side_of(given["zh"]), side_of(given["en"])
            if zh and en:
                yield call.lineno, zh, en


def pairs_in(declared: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each mapping with zh or en in a yaml file, with where it stands."""
    if isinstance(declared, dict):
        if {"zh", "en"} & set(declared):
            yield path, declared
        for key, value in declared.items():
            yield from pairs_in(value, f"{path}.{key}")
    elif isinstance(declared, list):
        for number, value in enumerate(declared):
            yield from pairs_in(value, f"{path}[{number}]")


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_texts_in_the_code_say_the_same_in_both_languages(module: Path) -> None:
    found = [
        f"{module.relative_to(ROOT)}:{line}: {fault}"
        for line, zh, en in texts_in(module.read_text(encoding="utf-8"))
        for fault in faults_of(zh, en)
    ]
    assert found == []


@pytest.mark.parametrize("path", DECLARATIONS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_texts_in_yaml_say_the_same_in_both_languages(path: Path) -> None:
    found = []
    for where, pair in pairs_in(YAML(typ="safe").load(path.read_text(encoding="utf-8"))):
        zh, en = pair.get("zh"), pair.get("en")
        if isinstance(zh, str) and isinstance(en, str):
            found += [f"{path.name}{where}: {fault}" for fault in faults_of(template(zh), template(en))]
        else:
            found.append(f"{path.name}{where}: one language is missing")
    assert found == []


@pytest.mark.parametrize("module", COMMANDS, ids=lambda path: path.name)
def test_help_of_the_command_line_stands_in_both_languages(module: Path) -> None:
    """Chinese, a dot, English: a terminal shows both, for nobody has chosen a language yet."""
    calls = [node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Call)]
    helps = [keyword.value for call in calls for keyword in call.keywords if keyword.arg == "help"]
    for said in helps:
        assert isinstance(said, ast.Constant)
        zh, dot, en = str(said.value).partition(" · ")
        complete = dot and HAN.search(zh) and en.strip() and not HAN.search(en)
        assert complete, f"line {said.lineno}: {said.value}"


@pytest.mark.parametrize(
    ("zh", "en", "said"),
    [
        ('"没有行"', '"no rows"', []),
        ('""', '""', []),
        ('"✓"', '"✓"', []),
        ('"CPC"', '"CPC"', []),
        ('f"{n:,} 行"', """f"{n:,} {'row' if n == 1 else 'rows'}\"""", []),
        ('f"{span.zh}内"', 'f"within {span.en}"', []),
        ('"没有行"', '""', ["one language is empty"]),
        ('"没有行"', '"no 行"', ["Chinese in the English"]),
        ('"no rows"', '"no row"', ["no Chinese in the Chinese, and it is no name that both share"]),
        ('f"{n:,} 行"', 'f"{m:,} rows"', ["figures in one language only: ['m:,', 'n:,']"]),
        ('f"{n:,} 行"', 'f"{n:.2f} rows"', ["figures in one language only: ['n:,', 'n:.2f']"]),
        ('"{n} 行"', '"rows"', ["figures in one language only: ['n']"]),
    ],
)
def test_an_incomplete_text_is_told(zh: str, en: str, said: list[str]) -> None:
    [(_, *sides)] = texts_in(f"Text({zh}, {en})")
    assert faults_of(*sides) == said


def test_a_text_is_not_taken_apart_by_chance() -> None:
    with pytest.raises(TypeError, match="not iterable"):
        list(Text("没有行", "no rows"))  # type: ignore[call-overload]
