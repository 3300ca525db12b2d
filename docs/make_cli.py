"""docs/cli.md and docs/cli.zh.md: every command, its arguments and options, from what `--help` says.

    python docs/make_cli.py [--check]

Help is written Chinese, ` · `, English in one string; each page takes its own half.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer
from generated import write_or_check

from ppc_tuner.cli import app
from ppc_tuner.text import Lang, Text

DOCS = Path(__file__).resolve().parent
PROGRAM: Final = "ppc-tuner"
HEAD: Final = Text(
    "# 命令行\n\n<!-- 由 docs/make_cli.py 根据各命令的 --help 生成，勿手改 -->\n\n[English](cli.md)\n\n"
    "每个命令都有 `--help`。`REPORT` 可以是文件、文件夹或 zip，可以给多个。\n",
    "# Command line\n\n<!-- Made by docs/make_cli.py from each command's --help; do not edit. -->\n\n"
    "[中文](cli.zh.md)\n\n"
    "Every command has `--help`. `REPORT` may be a file, a folder or a zip; several may be given.\n",
)
TAIL: Final = Text(
    "## 退出码\n\n0 完成 · 1 没有数据行 · 2 用法 · 3 报表 · 4 规则包、资料表或格式文件 · 5 写不出 · "
    "6 规则测试没通过 · 70 内部错误。[出错信息和怎么办](errors.md)\n",
    "## Exit codes\n\n0 done · 1 no rows · 2 usage · 3 input · 4 pack, context or format file · "
    "5 cannot write · 6 rule tests failed · 70 internal fault. [Messages and what to do](errors.md)\n",
)
WHAT: Final = Text("| 参数 | 作用 |", "| argument or option | what it is |")
REQUIRED: Final = Text("必填", "required")
REPEATED: Final = Text("可重复", "may be repeated")
DEFAULT: Final = Text("默认", "default")


def commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """The commands that do something, by their full name."""
    inside = getattr(command, "commands", {})
    if not inside:
        yield name, command
    for part, child in inside.items():
        yield from commands(child, f"{name} {part}")


def half(help_text: str, lang: Lang) -> str:
    """The language's half of a help text."""
    zh, sign, en = " ".join(help_text.split()).partition(" · ")
    if not sign:
        raise ValueError(f"not in both languages: {help_text!r}")
    return {"zh": zh, "en": en}[lang]


def parameter(one: Any, lang: Lang) -> str:
    """The row of an argument or option."""
    if one.param_type_name == "argument":
        name = one.metavar
    else:
        name = ", ".join(one.opts) + (f" {one.metavar}" if one.metavar else "")
    said = half(one.help, lang)
    more = []
    if one.required:
        more.append(REQUIRED[lang])
    elif isinstance(one.default, str | int) and not isinstance(one.default, bool):
        more.append(f"{DEFAULT[lang]} `{one.default}`")
    if getattr(one, "multiple", False) and REPEATED[lang] not in said:
        more.append(REPEATED[lang])
    mark = {"zh": "（{}）", "en": " ({})"}[lang]
    joined = {"zh": "，", "en": ", "}[lang].join(more)
    cell = f"<code>{name}</code>".replace("|", "&#124;")
    return f"| {cell} | {said.replace('|', '&#124;')}{mark.format(joined) if more else ''} |"


def usage(name: str, command: Any) -> str:
    arguments = [f"[{one.metavar}]" if not one.required else one.metavar for one in _arguments(command)]
    options = [] if len(command.params) == len(arguments) else ["[OPTIONS]"]
    return " ".join([name, *options, *arguments]).replace("[[", "[").replace("]...]", "]...")


def _arguments(command: Any) -> list[Any]:
    return [one for one in command.params if one.param_type_name == "argument"]


def page(lang: Lang) -> str:
    """The whole page."""
    parts = [HEAD[lang]]
    for name, command in commands(typer.main.get_command(app), PROGRAM):
        parts.append(f"## {name.removeprefix(PROGRAM + ' ')}\n\n{half(command.help, lang).rstrip('.。')}\n")
        parts.append(f"```sh\n{usage(name, command)}\n```\n")
        if command.params:
            rows = [parameter(one, lang) for one in command.params]
            parts.append("\n".join([WHAT[lang], "|---|---|", *rows]) + "\n")
    return "\n".join([*parts, TAIL[lang]])


if __name__ == "__main__":
    sys.exit(write_or_check({DOCS / "cli.md": page("en"), DOCS / "cli.zh.md": page("zh")}))
