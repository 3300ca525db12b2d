"""Options that several commands share, and how their values are read."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from ppc_tuner.errors import UsageError
from ppc_tuner.text import Lang, Text

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
        help="结果文件，.xlsx .html .csv .parquet .json，可重复 · where to write; may be repeated",
    ),
]
Overwrite = Annotated[
    bool,
    typer.Option(
        "--overwrite",
        help="已有的文件即使有人改过、或不是本程序写的，也替换 · "
        "replace a file even if somebody has changed it or another program wrote it",
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="只写文件，不显示结果 · write the files, say nothing")
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
        help="毛利、库存、页面等：填好的 context.xlsx、csv 或文件夹 · "
        "a filled-in context.xlsx, csv files or a folder",
    ),
]
Candidates = Annotated[
    list[Path] | None,
    typer.Option(
        "--candidates",
        metavar="FILE",
        help="可加的词：流量解析、生意参谋、关键字规划师的词表，或一行一个词，可重复 · "
        "words that could be added: a list of a word tool, or one word a line; may be repeated",
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
UnitOfMoney = Annotated[
    str | None,
    typer.Option(
        "--money-unit",
        metavar="millionths|whole",
        help="金额像百万分之一时：是，或就这么贵 · what money that looks like millionths is in",
    ),
]
LedgerFolder = Annotated[
    Path | None,
    typer.Option(
        "--ledger",
        metavar="DIR",
        help="台账文件夹，默认在用户数据目录，或由 PPC_TUNER_LEDGER 指定 · "
        "folder of the ledger; default: in your data directory, or PPC_TUNER_LEDGER",
    ),
]
NoLedger = Annotated[
    bool,
    typer.Option("--no-ledger", help="不读也不写台账 · neither read nor write the ledger"),
]
Language = Annotated[
    str | None, typer.Option("--lang", metavar="zh|en", help="输出语言，默认随报表 · language of the output")
]


def settings_given(given: list[str]) -> dict[str, str]:
    """Settings by name from NAME=VALUE pairs. UsageError if one has no `=`."""
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


def ledger_given(given: Path | None, *, none: bool = False) -> Path | None:
    """The folder of the ledger; None where there is to be none."""
    from ppc_tuner.history import ledger_folder

    if none and given is not None:
        raise UsageError(
            Text("--ledger 和 --no-ledger 只能选一个", "--ledger and --no-ledger exclude each other"),
            to_do="--ledger DIR",
        )
    return None if none else given or ledger_folder()


def day_given(given: str | None, option: str) -> date | None:
    """The day given as YYYY-MM-DD, None if none is. UsageError, naming `option`, if it is not a date."""
    if given is None:
        return None
    try:
        return datetime.strptime(given.strip(), "%Y-%m-%d").date()
    except ValueError:
        problem = Text(f"{option} 不是日期", f"{option} is not a date")
        raise UsageError(problem, found=given, expected="YYYY-MM-DD", to_do=f"{option} 2026-11-02") from None


def period_given(given: str | None) -> tuple[date, date] | None:
    """First and last day from START..END. UsageError if it is no such range or ends before it starts."""
    if given is None:
        return None
    start, sign, end = given.partition("..")
    if not sign:
        raise UsageError(
            Text("--period 要写成 START..END", "--period takes START..END"),
            found=given,
            to_do="--period 2026-10-05..2026-11-01",
        )
    first, last = day_given(start, "--period"), day_given(end, "--period")
    if first is None or last is None or first > last:
        raise UsageError(
            Text("--period 的开始晚于结束", "--period starts after it ends"),
            found=given,
            to_do=Text("把两个日期对调", "swap the two dates"),
        )
    return first, last


def written_as(decimal: str | None, date_order: str | None, money_unit: str | None) -> dict[str, Any]:
    """Keyword arguments from --decimal, --date-order and --money-unit. UsageError for other values than the
    known ones."""
    for option, given, known in (
        ("--decimal", decimal, (".", ",")),
        ("--date-order", date_order, ("dmy", "mdy")),
        ("--money-unit", money_unit, ("millionths", "whole")),
    ):
        if given is not None and given not in known:
            raise _other_than(option, given, known)
    return {"decimal": decimal, "date_order": date_order, "money_unit": money_unit}


def language_given(given: str | None) -> Lang | None:
    """The language of --lang, None if not given. UsageError if it is neither zh nor en."""
    if given in ("zh", "en", None):
        return given  # type: ignore[return-value]
    raise _other_than("--lang", str(given), ("zh", "en"))


def _other_than(option: str, given: str, known: tuple[str, str]) -> UsageError:
    one, other = known
    return UsageError(
        Text(f"{option} 没有这个值", f"{option} does not take this value"),
        found=given,
        expected=Text(f"{one} 或 {other}", f"{one} or {other}"),
        to_do=f"{option} {one}",
    )
