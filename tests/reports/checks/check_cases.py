"""The cases of the checks: for each a small file that it finds fault with, and a near miss that it does not.

check_cases.yaml: check id → `files` (name: text, or sheet: text for a workbook), `near` (what is replaced in
them to make the near miss) and, where it needs one, `options` of read_reports or another `encoding` than
UTF-8. `{1..20}` in a line stands for as many lines. In a workbook a cell that begins with `=` is a formula
that was never calculated.

    python tests/reports/checks/check_cases.py     # writes docs/checks.md from the checks and their cases
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl
from ruamel.yaml import YAML

from ppc_tuner.errors import InputError
from ppc_tuner.reports import CHECKS, checks, read_reports, refuse_without_orders
from ppc_tuner.reports.checks.check import AnyCheck, Finding
from ppc_tuner.text import Text

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[2] / "docs" / "checks.md"
AS_OF = "2026-07-20"
SEVERITY = {"refuse": "refused · 拒读", "tell": "told · 提示"}
HEAD = """# What is checked in a report · 读报表时查什么

Every doubt that ppc_tuner may have about a file: why it matters, a small file that raises it, what is said.
A file that would make the list wrong is refused; any other doubt is told, and the file is read.

每一项对报表的检查：为什么要查、触发它的小文件、程序的提示。
会让清单出错的文件一律拒读，其余的提示后照读。

Made from the checks and their cases by `python tests/reports/checks/check_cases.py`; a test keeps it so.
"""

Found = tuple[str, Finding]


@dataclass(frozen=True)
class Case:
    check: AnyCheck
    files: dict[str, Any]
    near: dict[str, str]
    options: dict[str, Any]
    encoding: str

    def found(self, near: bool = False) -> tuple[list[Found], InputError | None]:
        """What all checks find in the files, or in the near miss, and the error that was raised."""
        with in_a_folder(self, self.near if near else {}), recorded() as found:
            try:
                reading = read_reports(".", **{"as_of": AS_OF, **self.options})
                if self.check.id == "orders-unknown":
                    refuse_without_orders(reading)
            except InputError as error:
                return found, error
        return found, None

    def said(self) -> Text:
        found, error = self.found()
        of_this = [finding for name, finding in found if name == self.check.id]
        if not of_this:
            others = sorted({name for name, _ in found}) or ["nothing"]
            raise SystemExit(f"case {self.check.id}: its check is silent, {', '.join(others)} spoke: {error}")
        if self.check.severity == "refuse" and error is not None:
            return Text(error.render("zh"), error.render("en"))
        one = of_this[0]
        if one.row is None:
            return one.note()
        return Text(f"{one.row}: {one.problem.zh}", f"{one.row}: {one.problem.en}")


def cases() -> dict[str, Case]:
    """The cases by the id of their check."""
    given = YAML(typ="safe").load(HERE / "check_cases.yaml")
    known = {check.id: check for check in CHECKS}
    return {
        name: Case(
            known[name], one["files"], one["near"], one.get("options", {}), one.get("encoding", "utf-8")
        )
        for name, one in given.items()
    }


@contextmanager
def recorded() -> Iterator[list[Found]]:
    """What the checks find while this holds, each with the check's id."""
    found: list[Found] = []
    run = checks.run

    def watched(some: Sequence[AnyCheck], seen: Any) -> checks.Told:
        return run([replace(check, run=_noting(check, found)) for check in some], seen)

    checks.run = watched  # type: ignore[assignment]
    try:
        yield found
    finally:
        checks.run = run


def _noting(check: AnyCheck, found: list[Found]) -> Callable[[Any], Iterator[Finding]]:
    def run(seen: Any) -> Iterator[Finding]:
        for finding in check.run(seen):
            found.append((check.id, finding))
            yield finding

    return run


@contextmanager
def in_a_folder(case: Case, near: dict[str, str]) -> Iterator[None]:
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        for name, content in case.files.items():
            _write(Path(folder, name), content, near, case.encoding)
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


def _write(path: Path, content: Any, near: dict[str, str], encoding: str) -> None:
    if isinstance(content, str):
        path.write_bytes(_edited(content, near).encode(encoding))
        return
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in content.items():
        sheet = book.create_sheet(name)
        for line in _edited(text, near).splitlines():
            sheet.append([_cell(cell) for cell in line.split(",")])
    book.save(path)


def _cell(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def _edited(text: str, near: dict[str, str]) -> str:
    for old, new in near.items():
        text = text.replace(old, new)
    return "".join(f"{line}\n" for written in text.splitlines() for line in _expanded(written))


def _expanded(line: str) -> list[str]:
    several = re.search(r"\{(\d+)\.\.(\d+)\}", line)
    if not several:
        return [line]
    numbers = range(int(several[1]), int(several[2]) + 1)
    return [line.replace(several[0], f"{number:0{len(several[1])}}") for number in numbers]


def page() -> str:
    """docs/checks.md."""
    known = cases()
    lines = [HEAD, "| check · 检查 | | what would go wrong | 会出什么错 |", "|---|---|---|---|"]
    lines += [
        f"| [`{check.id}`](#{check.id}) | {SEVERITY[check.severity]} | {check.why.en} | {check.why.zh} |"
        for check in CHECKS
    ]
    for check in CHECKS:
        case = known[check.id]
        lines += ["", f"## {check.id}", "", f"{check.why.en}", "", f"{check.why.zh}", ""]
        lines += [line for name, content in case.files.items() for line in _shown(name, content)]
        if case.encoding != "utf-8":
            lines += [f"in · 编码 {case.encoding}", ""]
        if case.options:
            lines += [
                f"with · 选项 {', '.join(f'{name}={value}' for name, value in case.options.items())}",
                "",
            ]
        said = case.said()
        lines += ["```text", said.zh, "", said.en, "```"]
    return "\n".join(lines) + "\n"


def _shown(name: str, content: Any) -> Iterator[str]:
    sheets = {"": content} if isinstance(content, str) else content
    for sheet, text in sheets.items():
        yield f"`{name}`{f' [{sheet}]' if sheet else ''}"
        yield from ("", "```csv", text.rstrip(), "```", "")


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        sys.exit(PAGE.read_text("utf-8") != page())
    PAGE.write_text(page(), "utf-8", newline="\n")
