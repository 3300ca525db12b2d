"""history and review: what the ledger holds, and what a person decided put into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ppc_tuner.cli.messages import print_table, say, shown_language, spoken_language
from ppc_tuner.cli.options import Language, LedgerFolder, language_given, ledger_given
from ppc_tuner.cli.streams import write_data
from ppc_tuner.cli.upload import nothing_decided
from ppc_tuner.errors import UsageError
from ppc_tuner.text import Lang, Text, visible_json

if TYPE_CHECKING:
    from ppc_tuner.decisions import Unread
    from ppc_tuner.history import Kept, Ledger

history = typer.Typer(no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="以 JSON 输出 · as JSON, for programs")]
NOT_REVIEWED: Final = Text("没有决定", "not reviewed")
DECIDED: Final = {
    "accepted": Text("采纳", "accepted"),
    "changed": Text("改价", "changed"),
    "rejected": Text("拒绝", "rejected"),
}
HEADS: Final = (
    Text("编号", "id"), Text("数据到", "figures to"), Text("账户", "account"), Text("行数", "rows"),
    Text("预计周增利", "gain a week"), Text("决定", "decided"),
)  # fmt: skip
# Of the rows of a list; the rest is in --json.
SHOWN: Final = 20
OF_ACTIONS: Final = (
    "level", "campaign", "keyword", "search_term", "fragment", "action", "bid", "new_bid", "expected_gain",
)  # fmt: skip


def review(
    actions: Annotated[
        Path,
        typer.Argument(
            metavar="ACTIONS",
            help="填好决定的清单（.xlsx .csv .parquet），或页面存下的 decisions.json · "
            "the action list with your decisions in it, or the decisions.json saved from the page",
        ),
    ],
    ledger: LedgerFolder = None,
    lang: Language = None,
) -> None:
    """把清单里的决定记进台账：拒绝的，几周内不再提 ·
    put the decisions of a list into the ledger: what was rejected is not proposed again for some weeks.
    """
    from ppc_tuner.decisions import read_decisions
    from ppc_tuner.history import keep_review

    place = _ledger(ledger)
    decided = read_decisions(actions)
    spoken = shown_language(language_given(lang) or decided.lang or spoken_language())
    if not decided.is_marked:
        raise nothing_decided(
            actions,
            Text(
                "在“操作清单”的“决定”一栏选 采纳、拒绝 或 改价，保存后再运行",
                "on the sheet Actions choose accept, reject or change in the column Decision, save, "
                "and run this again",
            ),
        )
    new = keep_review(place, decided)
    counts = _decided({name: int(decided.rows["decision"].eq(name).sum()) for name in DECIDED})
    told = Text(f"{counts.zh}，已记进台账", f"{counts.en}: put into the ledger")
    if not new:
        told = Text("这些决定台账里已经有了", "the ledger has these decisions already")
    say(told[spoken])
    _say_unread(decided.unread, spoken)


@history.command("list")
def list_runs(ledger: LedgerFolder = None, json: AsJson = False, lang: Language = None) -> None:
    """台账里有哪些清单，做了哪些决定 · the lists in the ledger, and what was decided in them."""
    place = _ledger(ledger)
    spoken = shown_language(language_given(lang) or spoken_language())
    reviews = _reviews(place)
    runs = [
        {**one.about, "reviewed": next((reviews[name] for name in _lists(one) if name in reviews), {})}
        for one in place.kept("runs")
    ]
    damaged = [str(path) for path in place.unreadable()]
    if json:
        _write_json({"runs": runs, "unreadable": damaged})
        return
    if runs:
        title = Text(f"台账 {place.folder}", f"Ledger {place.folder}")
        print_table(title[spoken], [head[spoken] for head in HEADS], [_line(run, spoken) for run in runs])
    else:
        say(Text(f"台账是空的：{place.folder}", f"the ledger is empty: {place.folder}")[spoken])
    for path in damaged:
        say(Text(f"读不了，已跳过：{path}", f"cannot be read, passed over: {path}")[spoken])


@history.command("show")
def show_run(
    run: Annotated[str, typer.Argument(metavar="RUN", help="清单编号，见 history list · the id of a list")],
    ledger: LedgerFolder = None,
    json: AsJson = False,
    lang: Language = None,
) -> None:
    """一份清单的动作和决定 · the actions of one list, and what was decided on each."""
    from ppc_tuner.columns import COLUMNS

    place = _ledger(ledger)
    spoken = shown_language(language_given(lang) or spoken_language())
    found = [one for one in place.kept("runs") if run in (one.about.get("id"), one.name)]
    if not found:
        raise UsageError(
            Text("台账里没有这份清单", "the ledger has no such list"),
            found=run,
            expected=", ".join(str(one.about.get("id")) for one in place.kept("runs")[-5:]),
            to_do="ppc-tuner history list",
        )
    rows = found[0].rows()
    acted = rows[~rows["action"].isin(["keep", "watch"])]
    names = [name for name in OF_ACTIONS if name in acted and acted[name].notna().any()]
    lines = acted[names].astype(object).where(acted[names].notna(), None).to_dict("records")
    if json:
        _write_json({**found[0].about, "actions": lines})
        return
    heads = [COLUMNS[name].label[spoken] for name in names]
    print_table(run, heads, [[_cell(one[name], spoken) for name in names] for one in lines[:SHOWN]])
    if len(lines) > SHOWN:
        more = len(lines) - SHOWN
        say(Text(f"另有 {more:,} 行，见 --json", f"{more:,} more: see --json")[spoken])


def _lists(run: Kept) -> list[str]:
    """The ids of the files that hold a list: a workbook shows fewer rows than a csv, and has its own."""
    return [str(name) for name in run.about.get("lists", ())]


def _reviews(place: Ledger) -> dict[str, dict[str, int]]:
    """What was decided in each list, by its id; of several reviews the last."""
    return {
        str(one.about.get("list")): {name: int(one.about[name]) for name in DECIDED if name in one.about}
        for one in place.kept("reviews")
    }


def _line(run: Mapping[str, Any], lang: Lang) -> list[str]:
    accounts = run.get("accounts", [])
    named = ", ".join(one.get("account") or one.get("platform") or "" for one in accounts)
    gain = sum(float(one.get("expected_gain") or 0) for one in accounts)
    said = _decided(run["reviewed"]) if run["reviewed"] else NOT_REVIEWED
    last_day, rows = str(run.get("last_day") or "-"), f"{run.get('rows', 0):,}"
    return [str(run.get("id")), last_day, named, rows, f"{gain:+,.0f}", said[lang]]


def _decided(counts: Mapping[str, int]) -> Text:
    """How many rows were decided in which way."""
    return Text(
        "、".join(f"{DECIDED[name].zh} {count:,}" for name, count in counts.items() if count),
        ", ".join(f"{count:,} {DECIDED[name].en}" for name, count in counts.items() if count),
    )


def _cell(value: object, lang: Lang) -> str:
    from ppc_tuner.columns import ACTIONS

    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}"
    return ACTIONS[str(value)][lang] if value in ACTIONS else str(value)


def _write_json(data: Mapping[str, Any]) -> None:
    write_data(visible_json(dumps(data, ensure_ascii=False, indent=2)) + "\n")


def _say_unread(unread: Sequence[Unread], lang: Lang) -> None:
    for one in unread[:SHOWN]:
        said = Text(
            f"没照办：{one.where} {one.name}：{one.reason.zh}",
            f"not followed: {one.where} {one.name}: {one.reason.en}",
        )
        say(said[lang])


def _ledger(given: Path | None) -> Ledger:
    from ppc_tuner.history import Ledger

    folder = ledger_given(given)
    if folder is None:
        raise UsageError(
            Text("没有台账：PPC_TUNER_LEDGER=none", "there is no ledger: PPC_TUNER_LEDGER=none"),
            to_do="--ledger DIR",
        )
    return Ledger(folder)
