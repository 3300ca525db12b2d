"""The error gallery: a folder for each mistake that people make, with the whole message that answers it.

A case is a folder with `case.yaml` (title in both languages, arguments of ppc-tuner, exit code), the faulty
files, and `expected.txt`: the message in Chinese and English. Run this file to write docs/errors.md:

    python tests/errors/gallery.py            # docs/errors.md, from what the cases expect
    python tests/errors/gallery.py CASE...    # also expected.txt of these cases: read it before committing
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML
from typer.testing import CliRunner

from ppc_tuner.cli import app
from ppc_tuner.errors import TunerError
from ppc_tuner.text import Lang, Text

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs"))
from generated import write_or_check

HERE = Path(__file__).resolve().parent
DOCS = HERE.parents[1] / "docs"
PAGES: Final[dict[Lang, Path]] = {"en": DOCS / "errors.md", "zh": DOCS / "errors.zh.md"}
HEAD: Final = Text(
    """# 出错信息和怎么办

<!-- 由 tests/errors/gallery.py 根据 tests/errors/ 里的例子生成，勿手改 -->

[English](errors.md)

规则包、资料表和报表里常见的错，以及程序给出的完整提示。测试逐字核对。
""",
    """# Messages and what to do

<!-- Made by tests/errors/gallery.py from the cases in tests/errors/; do not edit. -->

[中文](errors.zh.md)

What people get wrong in rule packs, context tables and reports, and the whole message that ppc_tuner answers
with. Each is tested word for word.
""",
)
EXIT: Final = Text("退出码", "exit")


@dataclass(frozen=True)
class Case:
    folder: Path
    title: dict[str, str]
    run: list[str]
    exit_code: int

    @property
    def name(self) -> str:
        return self.folder.relative_to(HERE).as_posix()

    @property
    def expected(self) -> Path:
        return self.folder / "expected.txt"

    def expected_in(self, lang: Lang) -> str:
        """The expected message in one language: the first half of the lines is Chinese, the other English."""
        lines = self.expected.read_text(encoding="utf-8").rstrip("\n").split("\n")
        middle = len(lines) // 2
        assert len(lines) % 2, f"{self.name}: the languages differ in their number of lines"
        assert not lines[middle], f"{self.name}: the languages differ in their number of lines"
        return "\n".join(lines[:middle] if lang == "zh" else lines[middle + 1 :])

    def said(self) -> tuple[int, str]:
        """The exit code and the message, Chinese then English, said from inside the case's folder."""
        parts, code = [], 0
        for lang in ("zh", "en"):
            with inside(self.folder):
                done = CliRunner().invoke(app, [*self.run, "--lang", lang])
            code = done.exit_code
            fault = done.exception if isinstance(done.exception, TunerError) else None
            if fault is not None:
                code = fault.exit_code
            elif done.exception is not None and not isinstance(done.exception, SystemExit):
                raise done.exception
            parts.append((fault.render(lang) if fault else done.output).strip())
        return code, "\n\n".join(parts) + "\n"


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def cases() -> list[Case]:
    """All cases, by name."""
    found = (*HERE.glob("*/case.yaml"), *HERE.glob("contexts/*/case.yaml"))
    folders = sorted(path.parent for path in found)
    return [_case(folder) for folder in folders]


def _case(folder: Path) -> Case:
    given = YAML(typ="safe").load(folder / "case.yaml")
    return Case(folder, given["title"], [str(part) for part in given["run"]], given.get("exit", 4))


def page(lang: Lang) -> str:
    """The page of errors in one language."""
    parts = [HEAD[lang]]
    for case in cases():
        parts.append(f"\n## {case.title[lang]}\n")
        parts += [
            f"`{path.name}`\n\n```{path.suffix[1:]}\n{_shown(path)}\n```\n"
            for path in sorted(case.folder.iterdir())
            if path.name not in ("case.yaml", "expected.txt") and path.suffix in (".yaml", ".csv")
        ]
        parts.append(f"`ppc-tuner {' '.join(case.run)}` → {EXIT[lang]} {case.exit_code}\n")
        parts.append(f"```text\n{case.expected_in(lang)}\n```\n")
    return "\n".join(parts)


def _shown(path: Path) -> str:
    lines = path.read_bytes().decode("utf-8", errors="replace").rstrip().split("\n")
    short = lines if len(lines) <= 20 else [*lines[:20], "…"]
    return "\n".join(line if len(line) <= 120 else line[:120] + " …" for line in short)


def main() -> int:
    for case in cases():
        if case.name in sys.argv[1:]:
            code, said = case.said()
            case.expected.write_text(said, encoding="utf-8")
            print(f"{case.name}: exit {code}\n{said}")
    return write_or_check({path: page(lang) for lang, path in PAGES.items()})


if __name__ == "__main__":
    sys.exit(main())
