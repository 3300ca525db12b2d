"""The command line: arguments in, a library call, words out. Nothing is decided here."""

from __future__ import annotations

import contextlib
import locale
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from ppc_tuner.errors import TunerError, UsageError
from ppc_tuner.text import Lang, Text

if TYPE_CHECKING:
    from ppc_tuner.tuning import Result

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
)
bench = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(
    bench, name="bench", help="在已知真相的市场里检验 · prove the decisions where the truth is known"
)
context_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
app.add_typer(context_app, name="context", help="报表里没有的信息 · what no report tells")
out = Console()
err = Console(stderr=True)
TOP = 10

Reports = Annotated[
    list[Path],
    typer.Argument(metavar="REPORT...", help="报表：文件、文件夹或 zip · exports: files, folders or zips"),
]
Outputs = Annotated[
    list[Path] | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="结果文件，.xlsx .csv .parquet .json，可重复 · where to write; may be repeated",
    ),
]
Rules = Annotated[
    str | None,
    typer.Option("--rules", metavar="NAME|FILE", help="规则包的名字或文件 · name or file of a rule pack"),
]
ContextFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--context",
        metavar="FILE|DIR",
        help="毛利、库存、页面等：填好的 context.xlsx、csv 或文件夹 · a filled-in context.xlsx, csv files or a folder",
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="改一个设置 · change one setting of the pack"),
]
Formats = Annotated[
    list[Path] | None,
    typer.Option("--format", metavar="FILE", help="自己的格式文件 · a format file of your own"),
]
Period = Annotated[
    str | None,
    typer.Option(
        "--period", metavar="START..END", help="报表没有日期时的起止日 · dates of an undated export"
    ),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="当作今天的日期 · the date taken as today")
]
ExportedOn = Annotated[
    str | None,
    typer.Option(
        "--exported-on", metavar="DATE", help="报表下载的日期 · the day the exports were downloaded"
    ),
]
DecimalSign = Annotated[
    str | None,
    typer.Option(
        "--decimal",
        metavar=".|,",
        help="小数点的符号，报表自己看不出时 · the decimal sign, where files do not prove it",
    ),
]
OrderOfDate = Annotated[
    str | None,
    typer.Option(
        "--date-order", metavar="dmy|mdy", help="3/4/2026 是日在前还是月在前 · day or month first in 3/4/2026"
    ),
]
Language = Annotated[
    str | None, typer.Option("--lang", metavar="zh|en", help="输出语言，默认随报表 · language of the output")
]


@app.callback()
def main() -> None:
    """关键词每周调价：提价、降价、删词、观察、保持 · weekly keyword decisions, honest about chance."""


@app.command("tune")
def tune_command(
    reports: Reports,
    output: Outputs = None,
    rules: Rules = None,
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
    """读报表，给出每个词的动作和理由 · read exports, write the action list."""
    wanted = _language(lang)
    outputs = output or [Path("actions.xlsx")]
    _refuse_inputs(outputs, [*reports, *(context or ()), *(formats or ()), *([Path(rules)] if rules else [])])
    _decide(
        outputs,
        lambda progress: _tune()(
            reports, rules, context, _settings(settings or []), _day(as_of, "--as-of"),
            formats=formats or (), period=_period(period), exported_on=_day(exported_on, "--exported-on"),
            **_written_as(decimal, date_order), lang=wanted, progress=progress,
        ),
    )  # fmt: skip


@app.command()
def demo(
    output: Outputs = None,
    lang: Language = None,
) -> None:
    """用自带的示例数据跑一遍 · run the main job on the synthetic sample."""
    from ppc_tuner.locations import sample_folder

    folder = sample_folder() / "zhitongche"
    reports = [path for path in sorted(folder.glob("*.csv")) if path.name != "items.csv"]
    wanted = _language(lang)
    _decide(
        output or [Path("actions.xlsx")],
        lambda progress: _tune()(reports, context=[folder / "context.xlsx"], lang=wanted, progress=progress),
    )


@app.command()
def inspect(
    reports: Reports,
    formats: Formats = None,
    period: Period = None,
    as_of: AsOf = None,
    exported_on: ExportedOn = None,
    decimal: DecimalSign = None,
    date_order: OrderOfDate = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出 · as JSON, for programs")] = False,
    lang: Language = None,
) -> None:
    """说明报表是怎样读懂的 · show how exports were understood."""
    from ppc_tuner.reports import accounting, describe, read_reports

    wanted = _language(lang)
    reading = read_reports(
        reports, formats=formats or (), period=_period(period), exported_on=_day(exported_on, "--exported-on"),
        as_of=_day(as_of, "--as-of"), **_written_as(decimal, date_order),
    )  # fmt: skip
    if json:
        typer.echo(dumps(accounting(reading), ensure_ascii=False, indent=2))
        return
    for line in describe(reading, wanted or reading.lang):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


@context_app.command("template")
def context_template(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="写到哪里 · where to write")
    ] = Path("context.xlsx"),
) -> None:
    """写一份可填的表：毛利、库存、页面、活动、目标…… · write the workbook to fill in."""
    from ppc_tuner.context import write_template

    out.print(str(write_template(output)), markup=False, highlight=False, soft_wrap=True)


@bench.command()
def decisions(
    worlds: Annotated[
        list[str] | None,
        typer.Option("--worlds", metavar="NAME,...", help="哪些市场，默认全部 · which worlds; default: all"),
    ] = None,
    players: Annotated[
        list[str] | None,
        typer.Option(
            "--players", metavar="NAME,...", help="哪些做法，默认全部 · which players; default: all"
        ),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="种子个数 · number of seeds")] = 10,
    tuning: Annotated[
        bool,
        typer.Option("--tuning", help="用调参的种子 · the seeds kept for tuning, not those of the tables"),
    ] = False,
    json: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help="数字另存为 JSON · write the figures here too"),
    ] = None,
    lang: Language = None,
) -> None:
    """和常见做法、完全知情者比：利润、误动、区间、承诺 · profit, false alarms, intervals, promises."""
    from ppc_tuner.lab.decisions import decisions as run_bench

    spoken = _language(lang) or spoken_language()
    with _progress() as progress:
        done = run_bench(
            worlds or (), players or (), seeds, tuning=tuning,
            progress=lambda ready, every: progress(Text(f"{ready} / {every}", f"{ready} / {every}")),
        )  # fmt: skip
    if json:
        done.save(json)
    for table in done.tables:
        _print_table(table.title[spoken], table.head(spoken), table.lines(spoken))


def _print_table(title: str, head: list[str], lines: list[list[str]]) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for label in head:
        table.add_column(label, overflow="fold")
    for line in lines:
        table.add_row(*(_plain(cell) for cell in line))
    out.print(table)
    out.print()


def _tune() -> Callable[..., Result]:
    from ppc_tuner.tuning import tune

    return tune


def _refuse_inputs(outputs: list[Path], inputs: list[Path]) -> None:
    """UsageError where writing a result would replace a file that is read (under whatever name)."""
    for output in outputs:
        for written in (output, output.with_suffix(".all.csv")):
            place = written.resolve()
            if written.is_file() and any(_reads(place, given) for given in inputs):
                raise UsageError(
                    Text("结果会覆盖读入的文件", "the result would replace a file that is read"),
                    where=str(written),
                    expected=Text("另一个文件名", "another file name"),
                    to_do=Text(
                        "换一个输出文件，如 -o 操作清单.xlsx",
                        "choose another output, such as -o actions.xlsx",
                    ),
                )


def _reads(place: Path, given: Path) -> bool:
    """True where the file at `place` is, or lies in, what was given; a list of last week's in a folder is not read."""
    if given.is_dir():
        from ppc_tuner.reports import is_own_list

        inside = [path for path in given.rglob("*") if path.is_file() and path.samefile(place)]
        return bool(inside) and not is_own_list(place)
    return given.is_file() and given.samefile(place)


def _decide(outputs: list[Path], run: Callable[[Callable[[Text], None]], Result]) -> None:
    from ppc_tuner.sheets import check_output

    for output in outputs:
        check_output(output)
    with _progress() as progress:
        result = run(progress)
        progress(Text("写文件", "writing"))
        written = [path for output in outputs for path in result.save(output)]
    _show(result, written)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[Text], None]]:
    """Says what is being done, on a terminal only."""
    if not err.is_terminal:
        yield lambda _: None
        return
    with err.status("…") as status:
        yield lambda stage: status.update(stage[spoken_language()])


def _show(result: Result, written: list[Path]) -> None:
    """The first lines of the summary, the ten most valuable actions, and where the files are."""
    lang = result.lang
    for line in result.summary["headline"][f"text_{lang}"]:
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    if not result.actions["action"].isin(["keep", "watch"]).all():
        out.print(_top_table(result))
    for path in written:
        out.print(str(path), markup=False, highlight=False, soft_wrap=True)


def _top_table(result: Result) -> Table:
    from ppc_tuner.columns import ACTIONS, COLUMNS

    lang = result.lang
    acted = result.actions[~result.actions["action"].isin(["keep", "watch"])].head(TOP)
    names = ["action", "keyword", "bid_change", "expected_gain", f"reason_{lang}"]
    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(COLUMNS[name].label[lang], overflow="fold")
    acted = acted.reindex(columns=[*names, "item"])
    word = acted["keyword"].fillna(acted["item"]).fillna("")
    cells = zip(
        acted["action"].map(lambda action: ACTIONS[action][lang]),
        word,
        acted["bid_change"].map(lambda change: _written(change, "+.0%")),
        acted["expected_gain"].map(lambda gain: _written(gain, ",.0f")),
        acted[names[-1]],
        strict=True,
    )
    for row in cells:
        table.add_row(*(_plain(cell) for cell in row))
    return table


def _plain(cell: str) -> Any:
    from rich.text import Text as Plain

    return Plain(str(cell))


def _written(value: float, style: str) -> str:
    return format(value, style) if value == value else ""


def _settings(given: list[str]) -> dict[str, str]:
    settings = {}
    for pair in given:
        name, sign, value = pair.partition("=")
        if not sign:
            raise UsageError(
                Text("--set 要写成 NAME=VALUE", "--set takes NAME=VALUE"),
                found=pair,
                to_do="--set margin=0.4",
            )
        settings[name.strip()] = value.strip()
    return settings


def _day(given: str | None, option: str) -> date | None:
    if given is None:
        return None
    try:
        return datetime.strptime(given.strip(), "%Y-%m-%d").date()
    except ValueError:
        problem = Text(f"{option} 不是日期", f"{option} is not a date")
        raise UsageError(problem, found=given, expected="YYYY-MM-DD", to_do=f"{option} 2026-11-02") from None


def _period(given: str | None) -> tuple[date, date] | None:
    if given is None:
        return None
    start, sign, end = given.partition("..")
    if not sign:
        raise UsageError(
            Text("--period 要写成 START..END", "--period takes START..END"),
            found=given,
            to_do="--period 2026-10-05..2026-11-01",
        )
    first, last = _day(start, "--period"), _day(end, "--period")
    if first is None or last is None or first > last:
        raise UsageError(Text("--period 的开始晚于结束", "--period starts after it ends"), found=given)
    return first, last


def _written_as(decimal: str | None, date_order: str | None) -> dict[str, Any]:
    """Checked --decimal and --date-order."""
    for option, given, known in (
        ("--decimal", decimal, (".", ",")),
        ("--date-order", date_order, ("dmy", "mdy")),
    ):
        if given is not None and given not in known:
            choices = " | ".join(known)
            raise UsageError(Text(f"{option} 只有 {choices}", f"{option} is one of {choices}"), found=given)
    return {"decimal": decimal, "date_order": date_order}


def _language(given: str | None) -> Lang | None:
    if given in ("zh", "en", None):
        return given  # type: ignore[return-value]
    raise UsageError(Text("--lang 只有 zh 或 en", "--lang is zh or en"), found=str(given))


def spoken_language() -> Lang:
    """The language of the one line that says what is being done: --lang where given, else that of the machine."""
    return message_languages("")[0]


def message_languages(message: str) -> tuple[Lang, ...]:
    """The languages a message is said in: --lang where given, else the machine's.

    Many a Chinese shop works on an English machine: there a message is said twice where a file, a column or an argument
    is Chinese, and where the machine names no language.
    """
    for before, after in zip(sys.argv, sys.argv[1:], strict=False):
        if before == "--lang" and after in ("zh", "en"):
            return (after,)  # type: ignore[return-value]
    for argument in sys.argv[1:]:
        if argument in ("--lang=zh", "--lang=en"):
            return (argument[-2:],)  # type: ignore[return-value]
    machine = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    if machine.lower().startswith(("zh", "chinese")):
        return ("zh",)
    named = machine[:2].isalpha() and not machine.upper().startswith(("C.", "POSIX"))
    chinese = any("\u3400" <= letter <= "\u9fff" for letter in " ".join([message, *sys.argv[1:]]))
    return ("en",) if named and not chinese else ("en", "zh")


def _complain(said: Callable[[Lang], str]) -> None:
    for lang in message_languages(said("en")):
        err.print(said(lang), markup=False, highlight=False, soft_wrap=True)


def run() -> None:
    """Entry point: every fault the user can mend is one message and an exit code; no traceback."""
    try:
        app()
    except TunerError as fault:
        _complain(fault.render)
        raise SystemExit(fault.exit_code) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as fault:
        if os.environ.get("PPC_TUNER_DEBUG"):
            raise
        said = Text(
            f"程序内部出错（{type(fault).__name__}: {fault}）。设 PPC_TUNER_DEBUG=1 再运行可看详情，请把它报给我们",
            f"internal fault ({type(fault).__name__}: {fault}). Run again with PPC_TUNER_DEBUG=1 for details, and report it",
        )
        _complain(said.__getitem__)
        raise SystemExit(70) from None
