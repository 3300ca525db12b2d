"""rules: check, test, explain and tune rule packs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ppc_tuner.cli.messages import message_languages, progress_shown, say, shown_language
from ppc_tuner.cli.options import (
    AsOf,
    ContextFiles,
    DecimalSign,
    ExportedOn,
    Formats,
    Language,
    OrderOfDate,
    Overwrite,
    Period,
    Reports,
    Settings,
    UnitOfMoney,
    day_given,
    language_given,
    period_given,
    settings_given,
    written_as,
)
from ppc_tuner.cli.streams import write_data
from ppc_tuner.errors import UsageError
from ppc_tuner.fingerprint import UNSEALED
from ppc_tuner.locations import rules_folder
from ppc_tuner.text import Lang, Text

if TYPE_CHECKING:
    from ppc_tuner.yaml_positions import Fault

rules = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
FAULTY, FAILED = 4, 6

Packs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PACK|FILE]...",
        help="规则包的名字或文件，默认全部自带的 · names or files; default: all shipped",
    ),
]
OnePack = Annotated[
    str, typer.Argument(metavar="PACK|FILE", help="规则包的名字或文件 · name or file of a pack")
]
Workbook = Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="导出的设置表 · the exported table")]


@rules.command()
def check(packs: Packs = None, lang: Language = None) -> None:
    """找出规则包里所有的错 · find all that is wrong with packs: FILE:LINE:COL: error: …"""
    from ppc_tuner.rulebook import check_pack, shipped_packs

    folder = rules_folder()
    names = packs or shipped_packs(folder)
    faults = [fault for name in names for fault in check_pack(name, folder)]
    _say_faults(list({fault.render("en"): fault for fault in faults}.values()), lang)
    if faults:
        raise typer.Exit(FAULTY)
    _say(Text(f"规则包没有错：{'、'.join(names)}", f"no fault in {', '.join(names)}"), lang)


@rules.command("test")
def run_tests(packs: Packs = None, lang: Language = None) -> None:
    """运行规则包旁边的测试 · run the tests beside packs: rows in, verdict and reason out."""
    from ppc_tuner.rulebook import run_cases, shipped_packs

    folder = rules_folder()
    runs = [run_cases(name, folder) for name in packs or shipped_packs(folder)]
    for run in runs:
        _say_faults(run.faults, lang)
        wrong = len(run.faults)
        _say(
            Text(f"{run.pack}：{run.rows} 行，{wrong} 处不对", f"{run.pack}: {run.rows} rows, {wrong} wrong"),
            lang,
        )
    if any(run.faults for run in runs):
        raise typer.Exit(FAILED)


@rules.command()
def explain(
    pack: OnePack,
    reports: Reports,
    keyword: Annotated[
        str | None,
        typer.Option(
            "--keyword",
            metavar="WORD",
            help="一个词的全部判断过程，可同时给 --against · "
            "one word's whole path to its verdict; with --against under both packs",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against", metavar="PACK|FILE", help="和另一个规则包比 · what changes from this other pack"
        ),
    ] = None,
    context: ContextFiles = None,
    settings: Settings = None,
    formats: Formats = None,
    period: Period = None,
    as_of: AsOf = None,
    exported_on: ExportedOn = None,
    decimal: DecimalSign = None,
    date_order: OrderOfDate = None,
    money_unit: UnitOfMoney = None,
    lang: Language = None,
) -> None:
    """每条规则命中、决定、被盖过、被拦下多少，涉及多少钱 ·
    how often each rule spoke, and the money behind it.
    """
    from ppc_tuner.cli.rules_explain import say_account, say_difference, say_paths
    from ppc_tuner.listing import tune

    wanted = language_given(lang)
    chosen = settings_given(settings or [])

    def decided(name: str, overrides: dict[str, str]) -> Any:
        with progress_shown() as progress:
            return tune(
                reports,
                name,
                context,
                overrides,
                day_given(as_of, "--as-of"),
                formats=formats or (),
                period=period_given(period),
                exported_on=day_given(exported_on, "--exported-on"),
                **written_as(decimal, date_order, money_unit),
                lang=wanted,
                progress=progress,
            )

    now, before = decided(pack, chosen), decided(against, {}) if against else None
    spoken = shown_language(wanted or now.lang)
    if keyword is not None:
        if before is not None and against is not None:
            say(Text(f"== 原来：{against}", f"== before: {against}")[spoken])
            say_paths(before, keyword, spoken)
            say(Text(f"== 现在：{pack}", f"== now: {pack}")[spoken])
        say_paths(now, keyword, spoken)
    elif before is not None:
        say_difference(before, now, spoken)
    else:
        say_account(now, spoken)


@rules.command()
def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="写到文件 · write it to a file")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """规则包的 JSON Schema，编辑器据此补全 · the JSON Schema from which editors complete."""
    from ppc_tuner.rulebook import pack_schema

    schema = pack_schema(rules_folder())
    if output is None:
        write_data(_indented(schema) + "\n")
        return
    _write(output, _indented({"$comment": UNSEALED, **schema}) + "\n", overwrite=overwrite)


@rules.command("export")
def export_table(
    pack: OnePack,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.xlsx", help="写到哪里 · where to write")
    ] = Path("settings.xlsx"),
) -> None:
    """把设置导出成 Excel 表 · the settings as an Excel table."""
    from ppc_tuner.judge import load_pack
    from ppc_tuner.rulebook import export_settings

    if output.suffix != ".xlsx":
        raise UsageError(
            Text("只能导出 .xlsx", "only .xlsx can be exported"), found=str(output), to_do="-o settings.xlsx"
        )
    export_settings(load_pack(pack, rules_folder()), pack, output)
    say(str(output))


@rules.command("import")
def import_table(
    table: Workbook,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.yaml",
            help="写进哪个规则包，已有的保留注释 · the pack to write; an existing one keeps its comments",
        ),
    ] = None,
) -> None:
    """把改过的 Excel 设置写成规则包 · the changed settings as a YAML pack."""
    from ppc_tuner.rulebook import import_settings

    text = import_settings(table, rules_folder(), output)
    if output is None:
        write_data(text)
        return
    # Where the pack exists this is that pack with some values changed.
    _write(output, text, overwrite=True)
    say(str(output))


def _indented(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)


def _write(path: Path, text: str, *, overwrite: bool) -> None:
    from ppc_tuner.writing import written_whole

    with written_whole([path], overwrite=overwrite) as (aside,):
        aside.write_text(text, encoding="utf-8")


def _say_faults(faults: list[Fault], lang: str | None) -> None:
    for fault in faults:
        for spoken in _languages(lang, fault.render("en")):
            say(fault.render(spoken))
        say("")


def _say(text: Text, lang: str | None) -> None:
    for spoken in _languages(lang, ""):
        say(text[spoken])


def _languages(lang: str | None, said: str) -> tuple[Lang, ...]:
    wanted = language_given(lang)
    if wanted:
        return (shown_language(wanted),)
    return message_languages(said)[:1] if not said else message_languages(said)
