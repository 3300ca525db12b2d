"""upload: what was accepted in a list → files that platforms take, and those that restore today's values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ppc_tuner.cli.messages import print_table, progress_shown, say, shown_language, spoken_language
from ppc_tuner.cli.options import Formats, Language, Overwrite, language_given
from ppc_tuner.columns import ACTIONS
from ppc_tuner.declarations import did_you_mean
from ppc_tuner.errors import NoRowsError, UsageError
from ppc_tuner.text import Lang, Text

if TYPE_CHECKING:
    from ppc_tuner.uploads import LeftOut, Prepared

# A week: lists are made once a week.
MAX_AGE: Final = 7
# Of each reason; all of them stand in left_out.csv.
NAMED: Final = 20
ADD: Final = Text("加词", "Add")
HOW_TO_MARK: Final = Text(
    "在“操作清单”的“决定”一栏选 采纳、拒绝 或 改价（改价要填最终出价），保存后再运行；"
    "全部采纳就加 --accept-all",
    "on the sheet Actions choose accept, reject or change (with a final bid) in the column Decision, save, "
    "and run this again; --accept-all takes every row that is not rejected",
)


def upload(
    actions: Annotated[
        Path,
        typer.Argument(
            metavar="ACTIONS",
            help="填好决定的清单（.xlsx .csv .parquet），或页面存下的 decisions.json · "
            "the action list with your decisions in it, or the decisions.json saved from the page",
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="输出文件夹，默认是清单旁边的 清单名-upload · "
            "where to write; default: NAME-upload beside the list",
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            metavar="raise,lower,…",
            help="只要这些动作 · only these actions: raise, lower, delete, …",
        ),
    ] = None,
    accept_all: Annotated[
        bool,
        typer.Option(
            "--accept-all",
            help="没标的行也算采纳（拒绝的、从清单里删掉的除外；筛选隐藏的行算在内） · "
            "rows without a mark count as accepted; those rejected or deleted from the list do not, "
            "those that a filter hides do",
        ),
    ] = False,
    undo: Annotated[
        bool,
        typer.Option(
            "--undo", help="只写还原今天数值的文件 · write only the files that restore today's values"
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看合计和剔除的行，不写文件 · show totals, write nothing")
    ] = False,
    max_age: Annotated[
        int,
        typer.Option(
            "--max-age",
            metavar="DAYS",
            min=0,
            help="清单数据最多几天前的 · how old the list's figures may be",
        ),
    ] = MAX_AGE,
    formats: Formats = None,
    overwrite: Overwrite = False,
    lang: Language = None,
) -> None:
    """把标了采纳、改价的行写成平台能导入的文件，各附一个还原文件；一组的决定管它的每个词 ·
    write rows marked accept or change as files that platforms take, each with one that restores what is now;
    the decision on a group counts for each of its words.
    """
    from ppc_tuner.decisions import read_decisions
    from ppc_tuner.reports import all_formats
    from ppc_tuner.uploads import prepare, write_files

    language = language_given(lang)
    wanted = _actions_given(only)
    with progress_shown() as progress:
        progress(Text("读清单", "reading the list"))
        decided = read_decisions(actions)
        if not decided.is_marked and not accept_all:
            raise nothing_decided(actions, HOW_TO_MARK)
        prepared = prepare(
            decided,
            all_formats(formats or ()),
            today=date.today(),
            max_age=max_age,
            accept_all=accept_all,
            only=wanted,
        )
    spoken = shown_language(language or decided.lang or spoken_language())
    _show(prepared, spoken)
    if not prepared.files:
        raise NoRowsError(
            Text("没有可以上传的行", "no row is left to upload"),
            where=str(actions),
            to_do=Text(
                "被剔除的行，原因见上；其余的行没标采纳、不在 --only 之内，或出价本来就不变",
                "rows left out are named above with the reason; the others are not accepted, "
                "not among --only, or would leave the bid as it is",
            ),
        )
    if dry_run:
        return
    folder = output or actions.with_name(f"{actions.stem}-upload")
    for path in write_files(prepared, folder, spoken, undo_only=undo, overwrite=overwrite):
        say(str(path))


def nothing_decided(actions: Path, to_do: Text) -> NoRowsError:
    """A list in which nobody has marked a row yet."""
    problem = Text("清单里还没有决定", "nothing is decided in the list yet")
    return NoRowsError(problem, where=str(actions), to_do=to_do)


def _actions_given(only: str | None) -> tuple[str, ...]:
    known = tuple(ACTIONS)
    names = tuple(name.strip() for name in (only or "").split(",") if name.strip())
    for name in names:
        if name not in known:
            raise UsageError(
                Text("--only 没有这个动作", "--only does not know this action"),
                found=name,
                expected=", ".join(known),
                to_do=did_you_mean(name, known),
            )
    return names


def _show(prepared: Prepared, lang: Lang) -> None:
    """Print what changes in all, where each file is uploaded, and why rows are left out."""
    from ppc_tuner.uploads.totals import largest_step

    if len(prepared.changes):
        _show_totals(prepared, lang)
    step = largest_step(prepared.changes)
    if step:
        name, now, bid, change = step
        bids = f"{now:,.2f} → {bid:,.2f}, " if now == now and bid == bid else ""
        say(
            Text(f"改动最大的词：{name}，{bids}{change:+.1%}", f"largest step: {name}, {bids}{change:+.1%}")[
                lang
            ]
        )
    for file in prepared.files:
        say(f"{file.name}: {file.upload.where.as_text()[lang]}")
        if not file.upload.confirmed and file.upload.file != "work_sheet":
            say(Text("  格式未经平台确认，先用几行试", "  unconfirmed format: try a few rows first")[lang])
    _show_rows(prepared.left_out, Text("未上传", "left out"), lang)
    _show_rows(prepared.not_undone, Text("还原文件之外", "not in the restoring file"), lang)
    if prepared.by_hand:
        say(
            Text(
                f"另有 {prepared.by_hand:,} 行要人去做（换图、改页面等），不上传",
                f"{prepared.by_hand:,} more to be done by people (pictures, pages and so on), not uploaded",
            )[lang]
        )
    if prepared.unmarked:
        say(
            Text(
                f"{prepared.unmarked:,} 行没有标，不上传",
                f"{prepared.unmarked:,} rows are not marked and stay",
            )[lang]
        )


def _show_totals(prepared: Prepared, lang: Lang) -> None:
    from ppc_tuner.uploads.totals import totals_of

    totals = totals_of(prepared.changes)
    head = Text(
        "平台 账户 货币 动作 词数 每周涉及花费 最大调幅",
        "platform account currency action words spend/week largest",
    )
    lines = [
        [
            row["platform"], row["account"], row["currency"],
            ACTIONS.get(row["doing"], ADD)[lang], f"{row['words']:,}", f"{row['moved']:,.2f}",
            f"{row['largest_step']:.1%}" if row["largest_step"] == row["largest_step"] else "",
        ]
        for row in totals.to_dict("records")
    ]  # fmt: skip
    print_table(Text("将要改动", "what changes")[lang], head[lang].split(), lines)


def _show_rows(rows: Sequence[LeftOut], title: Text, lang: Lang) -> None:
    reasons: dict[Text, list[LeftOut]] = {}
    for row in rows:
        reasons.setdefault(row.reason, []).append(row)
    for reason, listed in reasons.items():
        say(f"{title[lang]} {len(listed):,}: {reason[lang]}")
        for row in listed[:NAMED]:
            say(f"  {row.where} {row.name}" + (f" ({row.found})" if row.found else ""))
        if len(listed) > NAMED:
            more = len(listed) - NAMED
            say(Text(f"  …另有 {more:,} 行，见 left_out.csv", f"  … {more:,} more, in left_out.csv")[lang])
