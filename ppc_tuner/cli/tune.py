"""tune, demo and inspect: read exports, decide, write."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ppc_tuner.cli.messages import complain, progress_shown, say, shown_language
from ppc_tuner.cli.options import (
    AsOf,
    Candidates,
    ContextFiles,
    DecimalSign,
    ExportedOn,
    Formats,
    Language,
    LedgerFolder,
    NoLedger,
    OrderOfDate,
    Outputs,
    Overwrite,
    Period,
    Quiet,
    Reports,
    Rules,
    Settings,
    UnitOfMoney,
    day_given,
    language_given,
    ledger_given,
    period_given,
    settings_given,
    written_as,
)
from ppc_tuner.cli.streams import write_data
from ppc_tuner.errors import OutputError, UsageError
from ppc_tuner.text import Text, visible_json

if TYPE_CHECKING:
    from ppc_tuner.listing import Result


def tune_command(
    reports: Reports,
    output: Outputs = None,
    rules: Rules = None,
    context: ContextFiles = None,
    candidates: Candidates = None,
    settings: Settings = None,
    formats: Formats = None,
    period: Period = None,
    as_of: AsOf = None,
    exported_on: ExportedOn = None,
    decimal: DecimalSign = None,
    date_order: OrderOfDate = None,
    money_unit: UnitOfMoney = None,
    ledger: LedgerFolder = None,
    no_ledger: NoLedger = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    lang: Language = None,
) -> None:
    """读报表，给出每个词的动作和理由 · read exports, write the action list."""
    wanted = language_given(lang)
    outputs = output or [Path("actions.xlsx")]
    given = [*reports, *(context or ()), *(candidates or ()), *(formats or ())]
    _refuse_inputs(outputs, [*given, *([Path(rules)] if rules else [])])
    book = ledger_given(ledger, none=no_ledger)
    _decide(
        outputs,
        lambda progress: _tune()(
            reports,
            rules,
            context,
            settings_given(settings or []),
            day_given(as_of, "--as-of"),
            formats=formats or (),
            period=period_given(period),
            exported_on=day_given(exported_on, "--exported-on"),
            **written_as(decimal, date_order, money_unit),
            candidates=candidates,
            ledger=book,
            lang=wanted,
            progress=progress,
        ),
        ledger=book,
        overwrite=overwrite,
        quiet=quiet,
    )


def demo(
    output: Outputs = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
    lang: Language = None,
) -> None:
    """用自带的示例数据跑一遍 · run the main job on the synthetic sample."""
    from ppc_tuner.locations import sample_folder

    folder = sample_folder() / "zhitongche"
    reports = [path for path in sorted(folder.glob("*.csv")) if path.name != "items.csv"]
    wanted = language_given(lang)
    _decide(
        output or [Path("actions.xlsx")],
        lambda progress: _tune()(reports, context=[folder / "context.xlsx"], lang=wanted, progress=progress),
        overwrite=overwrite,
        quiet=quiet,
    )


def inspect(
    reports: Reports,
    formats: Formats = None,
    period: Period = None,
    as_of: AsOf = None,
    exported_on: ExportedOn = None,
    decimal: DecimalSign = None,
    date_order: OrderOfDate = None,
    money_unit: UnitOfMoney = None,
    json: Annotated[bool, typer.Option("--json", help="以 JSON 输出 · as JSON, for programs")] = False,
    lang: Language = None,
) -> None:
    """说明报表是怎样读懂的 · show how exports were understood."""
    from ppc_tuner.cli.inspection import accounting, describe
    from ppc_tuner.reports import read_reports

    wanted = language_given(lang)
    reading = read_reports(
        reports,
        formats=formats or (),
        period=period_given(period),
        exported_on=day_given(exported_on, "--exported-on"),
        as_of=day_given(as_of, "--as-of"),
        **written_as(decimal, date_order, money_unit),
    )
    if json:
        write_data(visible_json(dumps(accounting(reading), ensure_ascii=False, indent=2)) + "\n")
        return
    for line in describe(reading, shown_language(wanted or reading.lang)):
        say(line)


def _tune() -> Callable[..., Result]:
    from ppc_tuner.listing import tune

    return tune


def _refuse_inputs(outputs: list[Path], inputs: list[Path]) -> None:
    """UsageError if writing a result would replace one of the input files, whatever path it is named by."""
    for output in outputs:
        for written in (output, output.with_suffix(".all.csv")):
            place = _file_at(written)
            if place is not None and any(_reads(place, given) for given in inputs):
                raise UsageError(
                    Text("结果会覆盖读入的文件", "the result would replace a file that is read"),
                    where=str(written),
                    expected=Text("另一个文件名", "another file name"),
                    to_do=_another(output, inputs),
                )


def _another(output: Path, inputs: list[Path]) -> Text:
    """A name for the result that is neither the one given nor that of a file that is read."""
    taken = {output.name.casefold(), *(path.name.casefold() for path in inputs)}
    numbers = ("", *range(2, len(taken) + 3))
    zh, en = (
        next(name for name in (f"{base}{number}.xlsx" for number in numbers) if name not in taken)
        for base in ("操作清单", "actions")
    )
    return Text(f"换一个输出文件，如 -o {zh}", f"choose another output, such as -o {en}")


def _file_at(path: Path) -> Path | None:
    """Where the file is that the path leads to; None where it leads to none, such as a loop of links."""
    try:
        place = path.resolve()
        return place if place.is_file() else None
    except (OSError, RuntimeError):
        return None


def _reads(place: Path, given: Path) -> bool:
    """Whether the file at `place` is read; an action list in an input folder is not."""
    if _file_at(given) is not None:
        return given.samefile(place)
    with suppress(OSError, RuntimeError):
        if given.is_dir() and place.is_relative_to(given.resolve()):
            from ppc_tuner.reports import is_own_list

            return not is_own_list(place)
    return False


def _decide(
    outputs: list[Path],
    run: Callable[[Callable[[Text], None]], Result],
    *,
    ledger: Path | None = None,
    overwrite: bool,
    quiet: bool,
) -> None:
    from ppc_tuner.sheets import check_output

    for output in outputs:
        check_output(output, overwrite=overwrite)
    with progress_shown() as progress:
        result = run(progress)
        progress(Text("写文件", "writing"))
        written = [path for output in outputs for path in result.save(output, overwrite=overwrite)]
        not_kept = _remembered(result, ledger)
    if not quiet:
        _show(result, written)
    if not_kept:
        complain(not_kept.render)


def _remembered(result: Result, ledger: Path | None) -> OutputError | None:
    """Put the list into the ledger; why it could not be: the list itself has been written all the same."""
    if ledger is not None:
        try:
            result.remember(ledger)
        except OutputError as fault:
            return fault
    return None


def _show(result: Result, written: list[Path]) -> None:
    """Print what to know first, what is worth most, and the files written."""
    from ppc_tuner.cli.first_look import first_look

    for line in first_look(result, written, shown_language(result.lang)):
        say(line)
