"""rules: check, test, explain and tune rule packs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ppc_tuner.cli.messages import message_languages, print_table, progress_shown, say
from ppc_tuner.cli.options import (
    AsOf,
    ContextFiles,
    DecimalSign,
    ExportedOn,
    Formats,
    Language,
    OrderOfDate,
    Period,
    Reports,
    Settings,
    day_given,
    language_given,
    period_given,
    settings_given,
    written_as,
)
from ppc_tuner.errors import OutputError, UsageError
from ppc_tuner.locations import rules_folder
from ppc_tuner.text import Lang, Text

if TYPE_CHECKING:
    import pandas as pd

    from ppc_tuner.places import Fault
    from ppc_tuner.rulebook import Difference

rules = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
FAULTY, FAILED = 4, 6
MOST_WORDS = 30

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
            "--keyword", metavar="WORD", help="一个词的全部判断过程 · one word's whole path to its verdict"
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
    lang: Language = None,
) -> None:
    """每条规则命中、决定、被盖过、被拦下多少，涉及多少钱 · how often each rule spoke, and the money behind it."""
    from ppc_tuner.rulebook import difference
    from ppc_tuner.rulebook.explaining import explain as account_of
    from ppc_tuner.rulebook.explaining import path_of, word_rows
    from ppc_tuner.tuning import pack_for, tune

    wanted = language_given(lang)
    chosen = settings_given(settings or [])

    def decided(name: str, overrides: dict[str, str]) -> Any:
        with progress_shown() as progress:
            return tune(
                reports, name, context, overrides, day_given(as_of, "--as-of"), formats=formats or (),
                period=period_given(period), exported_on=day_given(exported_on, "--exported-on"),
                **written_as(decimal, date_order), lang=wanted, progress=progress,
            )  # fmt: skip

    result = decided(pack, chosen)
    spoken = wanted or result.lang
    if keyword is not None:
        for _, row in word_rows(result.actions, keyword).groupby(level=0):
            built = pack_for(pack, result.reading, str(row["platform"].iloc[0]), chosen)
            for line in path_of(row, built, spoken):
                say(line)
        return
    if against is not None:
        _say_difference(difference(decided(against, {}).actions, result.actions), spoken)
        return
    for platform in result.reading.platforms:
        rows = result.actions[result.actions["platform"] == platform]
        _say_explanation(account_of(rows, pack_for(pack, result.reading, platform, chosen)), platform, spoken)


@rules.command()
def schema(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="写到文件 · write it to a file")
    ] = None,
) -> None:
    """规则包的 JSON Schema，编辑器据此补全 · the JSON Schema from which editors complete."""
    from ppc_tuner.rulebook import pack_schema

    text = json.dumps(pack_schema(rules_folder()), ensure_ascii=False, indent=2)
    _write(output, text + "\n") if output else typer.echo(text)


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
        typer.echo(text, nl=False)
        return
    _write(output, text)
    say(str(output))


def _write(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as fault:
        problem = Text("文件写不出", "the file cannot be written")
        raise OutputError(problem, where=str(path), found=fault.strerror or str(fault)) from None


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
    return (wanted,) if wanted else message_languages(said)[:1] if not said else message_languages(said)


def _say_explanation(table: pd.DataFrame, platform: str, lang: Lang) -> None:
    head = {
        "clause": Text("规则或关卡", "Rule or gate"), "action": Text("动作", "Action"), "matched": Text("命中", "Matched"),
        "decided": Text("决定", "Decided"), "shadowed": Text("被盖过", "Shadowed"), "gated": Text("被拦下", "Gated"),
        "unjudged": Text("无法判断", "Not judged"), "weekly_cost": Text("每周花费", "Cost a week"),
    }  # fmt: skip
    lines = [
        [str(row["clause"]), str(row["action"]), *(f"{row[name]:,.0f}" for name in list(head)[2:])]
        for _, row in table.iterrows()
    ]
    print_table(platform, [label[lang] for label in head.values()], lines, whole_first=True)


def _say_difference(found: Difference, lang: Lang) -> None:
    from ppc_tuner.columns import ACTIONS

    def action(name: str) -> str:
        return ACTIONS[name][lang] if name in ACTIONS else "–"

    head = [Text("原来", "Before"), Text("现在", "Now"), Text("词数", "Words"), Text("每周花费", "Cost a week"), Text("预计周增利变化", "Change of expected gain")]  # fmt: skip
    moves = [
        [action(row["before_action"]), action(row["after_action"]), f"{row['words']:,.0f}", f"{row['weekly_cost']:,.0f}", f"{row['gain']:+,.0f}"]
        for _, row in found.moves.iterrows()
    ]  # fmt: skip
    count = len(found.words)
    print_table(
        Text(f"{count:,} 行的结论变了", f"{count:,} rows change")[lang],
        [label[lang] for label in head],
        moves,
    )
    words = [
        [_word(row), f"{action(row['before_action'])} {_percent(row['before_bid_change'])}", f"{action(row['after_action'])} {_percent(row['after_bid_change'])}", f"{row['weekly_cost']:,.0f}", str(row["after_rule"])]
        for _, row in found.words.head(MOST_WORDS).iterrows()
    ]  # fmt: skip
    names = [
        Text("词", "Word"),
        Text("原来", "Before"),
        Text("现在", "Now"),
        Text("每周花费", "Cost a week"),
        Text("规则", "Rule"),
    ]
    if words:
        print_table(
            Text(f"花费最多的 {len(words)} 行", f"the {len(words)} that cost most")[lang],
            [label[lang] for label in names],
            words,
        )


def _word(row: pd.Series) -> str:
    return str(row.get("search_term") or row.get("keyword") or row.get("item") or "")


def _percent(change: float) -> str:
    return f"{change:+.0%}" if change == change and change else ""
