"""The cases of bad files: a folder for each, with the file (or the name of what makes it) and the whole
message.

case.yaml: title in both languages, `run` (the arguments of ppc-tuner), `exit`, and `make` where the file is
not text: a function of made_files.py. expected.txt: the message in Chinese, a blank line, the message in
English. To see what cases say now:

    python tests/errors/files/bad_files.py CASE...   # writes their expected.txt: read it before you commit
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from made_files import MAKERS
from ruamel.yaml import YAML
from typer.testing import CliRunner

from ppc_tuner.cli import app
from ppc_tuner.errors import TunerError

HERE = Path(__file__).resolve().parent


def names() -> list[str]:
    """The cases, by name."""
    return sorted(path.parent.name for path in HERE.glob("*/case.yaml"))


def given(name: str) -> dict[str, object]:
    """What case.yaml says."""
    content: dict[str, object] = YAML(typ="safe", pure=True).load(HERE / name / "case.yaml")
    return content


def said(name: str) -> tuple[int, str]:
    """Exit code and whole message, Chinese and then English, of the case run in a folder of its own."""
    case, parts, code = given(name), [], 0
    with in_a_copy(HERE / name):
        if "make" in case:
            for file, content in MAKERS[str(case["make"])]().items():
                Path(file).write_bytes(content)
        for lang in ("zh", "en"):
            done = CliRunner().invoke(app, [*map(str, case["run"]), "--lang", lang])  # type: ignore[call-overload]
            if not isinstance(done.exception, TunerError):
                raise AssertionError(f"no message, but: {done.output}") from done.exception
            code = done.exception.exit_code
            # Where temporary files lie differs from machine to machine.
            parts.append(done.exception.render(lang).replace(str(Path.cwd()), "/somewhere"))
    return code, "\n\n".join(parts) + "\n"


@contextmanager
def in_a_copy(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        os.chdir(copy)
        try:
            yield
        finally:
            os.chdir(before)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        exit_code, message = said(wanted)
        (HERE / wanted / "expected.txt").write_text(message, "utf-8")
        print(f"== {wanted}: exit {exit_code}\n{message}")
