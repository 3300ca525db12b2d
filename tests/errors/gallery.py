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

from ruamel.yaml import YAML
from typer.testing import CliRunner

from ppc_tuner.cli import app
from ppc_tuner.errors import TunerError

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "errors.md"
HEAD = """# Messages and what to do · 出错信息和怎么办

What people get wrong in rule packs and context tables, and the whole message that ppc_tuner answers with.
规则包和资料表里常见的错，以及程序给出的完整提示。

Made from the cases in `tests/errors/` by `python tests/errors/gallery.py`; a test holds both together.
"""


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


def page() -> str:
    """docs/errors.md."""
    parts = [HEAD]
    for case in cases():
        parts.append(f"\n## {case.title['en']} · {case.title['zh']}\n")
        parts += [
            f"`{path.name}`\n\n```{path.suffix[1:]}\n{_shown(path)}\n```\n"
            for path in sorted(case.folder.iterdir())
            if path.name not in ("case.yaml", "expected.txt") and path.suffix in (".yaml", ".csv")
        ]
        parts.append(f"`ppc-tuner {' '.join(case.run)}` → exit {case.exit_code}\n")
        parts.append(f"```text\n{case.expected.read_text(encoding='utf-8').rstrip()}\n```\n")
    return "\n".join(parts)


def _shown(path: Path) -> str:
    lines = path.read_bytes().decode("utf-8", errors="replace").rstrip().split("\n")
    short = lines if len(lines) <= 20 else [*lines[:20], "…"]
    return "\n".join(line if len(line) <= 120 else line[:120] + " …" for line in short)


def main() -> None:
    wanted = sys.argv[1:]
    for case in cases():
        if case.name in wanted:
            code, said = case.said()
            case.expected.write_text(said, encoding="utf-8")
            print(f"{case.name}: exit {code}\n{said}")
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
