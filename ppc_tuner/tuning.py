"""The one pass, in the order a specialist would tell it: read, look back, weigh, decide, write."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ppc_tuner import sheets
from ppc_tuner.bids import Budget, budget_of, with_limits, with_steps, with_targets, with_unseen
from ppc_tuner.columns import ITEM_ACTIONS, LIST_FIRST
from ppc_tuner.context import (
    Context,
    read_context,
    unmatched,
    with_context,
    with_item_context,
    with_presale_orders,
)
from ppc_tuner.evidence import (
    Response,
    completeness_curve,
    item_rows,
    learned_response,
    present_worth,
    with_competition,
    with_estimates,
    with_item_figures,
    with_trends,
)
from ppc_tuner.files import DateOrder, Decimal
from ppc_tuner.judge import Pack, load_pack, with_outlook, with_told, with_verdicts
from ppc_tuner.kinds import with_kinds
from ppc_tuner.locations import rules_folder
from ppc_tuner.reports import (
    Platform,
    Reading,
    facts_from_frame,
    no_words,
    read_reports,
    refuse_without_orders,
    with_window,
)
from ppc_tuner.summary import Run, acted_on, summary_of
from ppc_tuner.text import Lang, Text
from ppc_tuner.windows import decision_rows

ACCOUNT = ("platform", "account", "currency")
Progress = Callable[[Text], None]


@dataclass(frozen=True, slots=True)
class Result:
    """The list and its summary.

    `actions`: one row for every decision row and one for every item to mend, the most valuable first.
    `summary`: name → frame, as the sheet 总览/Summary shows it. `reading`: how the files were understood.
    """

    actions: pd.DataFrame
    summary: dict[str, pd.DataFrame]
    reading: Reading
    lang: Lang

    def save(self, path: str | Path) -> list[Path]:
        """Write the list; the ending decides: .xlsx, .csv, .parquet or .json. OutputError where it cannot be."""
        return sheets.save(self.actions, self.summary, Path(path), self.lang)


def tune(
    reports: Sequence[str | Path] | str | Path | pd.DataFrame,
    rules: str | Path | None = None,
    context: Sequence[str | Path] | str | Path | None = None,
    settings: Mapping[str, Any] | None = None,
    as_of: date | None = None,
    *,
    formats: Sequence[str | Path] = (),
    period: tuple[date, date] | None = None,
    exported_on: date | None = None,
    decimal: Decimal | None = None,
    date_order: DateOrder | None = None,
    lang: Lang | None = None,
    progress: Progress = lambda _: None,
) -> Result:
    """The weekly decisions for the keywords of these reports.

    reports: paths of exports (files, folders, zips), or a frame of canonical facts. rules: name or file of a rule pack,
    default the one of the platform. context: a workbook, csv files or folders of them (items, pages, events …). settings:
    values over those of the pack. period dates exports that hold no date; exported_on is the day of download where the file
    does not tell; decimal ("." or ",") and date_order ("dmy" or "mdy") say how files are written that do not prove it themselves.
    Raises InputError, ConfigError, UsageError or NoRowsError, each saying what to do.
    """
    progress(Text("读取报表", "reading the reports"))
    reading = _read(reports, formats, period, exported_on, as_of, decimal, date_order)
    known = read_context(_as_paths(context))
    runs = []
    older = dict(_accounts(reading.superseded))
    for (platform, account, currency), facts in _accounts(reading.facts):
        progress(Text(f"计算 {account or platform}", f"deciding for {account or platform}"))
        pack = pack_for(rules, reading, platform, settings)
        superseded = older.get((platform, account, currency))
        facts = with_window(facts, pack.settings["attribution_days"])
        runs.append(
            tune_account(facts, reading.platforms[platform], pack, known, account, currency, superseded)
        )
    language = lang or reading.lang
    progress(Text("汇总", "summing up"))
    actions = ranked(pd.concat([run.rows for run in runs], ignore_index=True))
    warnings = [*unmatched(known, reading.facts), *odd_rows(reading), *reading.doubts]
    return Result(actions, summary_of(runs, reading, actions, warnings), reading, language)


def pack_for(
    rules: str | Path | None, reading: Reading, platform: str, settings: Mapping[str, Any] | None = None
) -> Pack:
    """The pack that decides for a platform of these reports: `rules`, else the platform's own.

    A pack that extends `platform` stands on the platform's own. Errors as load_pack.
    """
    own = reading.platforms[platform].pack
    return load_pack(rules or own, rules_folder(), settings, platform=own)


def tune_account(
    facts: pd.DataFrame,
    platform: Platform,
    pack: Pack,
    context: Context,
    account: str = "",
    currency: str = "",
    superseded: pd.DataFrame | None = None,
) -> Run:
    """The decisions for one account in one currency; depends on no other account.

    `facts`: canonical facts of that account; `superseded`: older exports of the same days, which tell how orders come
    in. The run's rows hold every decision row with its verdict, and the items to mend.
    """
    parts: list[pd.DataFrame] = []
    # Search terms spend the money of their keywords: one level tells what is spent.
    one_level = facts[facts["level"] == facts["level"].iloc[0]]
    budget, warnings = budget_of(context.budgets, one_level, pack.settings)
    assumptions: list[Text] = []
    delay = completeness_curve(
        facts, facts.iloc[:0] if superseded is None else superseded, platform.delay.curve
    )
    # Search terms bear the bid of their keyword: only keywords' own bids tell what a bid does.
    response = learned_response(facts[facts["level"] == "keyword"], pack.settings)
    for _, level_facts in facts.groupby("level", sort=False):
        decided, warned, assumed = _decided(
            level_facts, platform, pack, context, delay.curve, response, budget
        )
        parts += decided
        warnings += [text for text in warned if text not in warnings]
        assumptions += [text for text in assumed if text not in assumptions]
    rows = pd.concat(parts, ignore_index=True)
    told = tuple(warnings), tuple(assumptions)
    return Run(platform, account, currency, pack, facts, rows, *told, delay, response, context, budget)


def _decided(
    facts: pd.DataFrame,
    platform: Platform,
    pack: Pack,
    context: Context,
    curve: Sequence[float],
    response: Response,
    budget: Budget,
) -> tuple[list[pd.DataFrame], list[Text], list[Text]]:
    """Frames of rows, what the reader must know first, what was assumed."""
    settings = dict(pack.settings) | response.settings()
    bid = platform.bid
    facts = with_presale_orders(facts, context)
    rows = decision_rows(
        facts, curve, platform.delay.drop_days, bid.by_device, settings, present_worth, context.events
    )
    rows, assumed = with_context(rows, context, settings)
    rows = with_kinds(rows, context.brand_words, settings)
    rows = with_competition(with_estimates(rows, settings))
    settings, warned = objective_that_works(rows, settings)
    rows = with_targets(with_limits(rows, budget), bid.floor, settings, budget)
    rows = with_unseen(rows, settings)
    items = with_item_context(with_trends(item_rows(rows, settings), rows, settings), rows)
    rows = with_told(with_verdicts(with_item_figures(rows, items), pack), settings)
    rows = with_outlook(with_steps(rows, bid.floor, bid.increment, settings, budget), settings)
    parts = [rows]
    if facts["level"].iloc[0] == "keyword":
        mended = with_verdicts(items, pack)
        parts.append(
            mended[mended["action"].isin(ITEM_ACTIONS)]
            .drop(columns=["rule_cap"])
            .filter(regex="^(?!otherwise_)")
        )
    return parts, warned, assumed


def objective_that_works(rows: pd.DataFrame, settings: dict[str, Any]) -> tuple[dict[str, Any], list[Text]]:
    """Settings with an objective that these figures can serve, and what the reader must know of it first.

    Without revenue and without a value per conversion a click has no known worth: the run brings each word to the
    target cost per conversion, by default the account's own.
    """
    orders, cost = rows["counted_conversions"].sum(), rows["counted_cost"].sum()
    if not orders > 0:
        said = [
            Text(
                "整份报表没有一笔成交：没有依据判断好坏",
                "there is not one order in this report: nothing tells good words from bad",
            )
        ]
    else:
        said = []
    # Orders that are still to come count too: clicks are taken at the rate of the clicks whose orders are known.
    expected = orders * rows["counted_clicks"].sum() / max(rows["exposure"].sum(), 1e-9)
    own_cpa = cost / max(expected, 0.5)
    if settings["objective"] == "target_cpa":
        return settings | {"target_cpa": settings["target_cpa"] or own_cpa}, said
    has_revenue = "revenue" in rows and rows["revenue"].notna().any()
    if has_revenue or rows["value_per_conversion"].notna().any():
        return settings, said
    target = settings["target_cpa"] or own_cpa
    reported = cost / max(orders, 0.5)
    said.append(
        Text(
            f"报表没有成交金额，也没有给每单价值：按成交成本 {target:,.2f} 调价（已计未回传的成交；目前回传口径为 {reported:,.2f}），"
            "回报分和盈利把握为空。用 --set value_per_conversion=… 给出一单的价值",
            f"The report has no revenue and no value per conversion was given: words are brought to a cost of {target:,.2f} per conversion"
            f" (orders still to come included; {reported:,.2f} by those reported so far); ROI score and P(profitable) stay empty."
            " Give --set value_per_conversion=… to decide by profit",
        )
    )
    return settings | {"objective": "target_cpa", "target_cpa": target}, said


def odd_rows(reading: Reading) -> list[Text]:
    """One warning where rows contradict themselves: they are counted, but somebody should look at them."""
    count = sum(len(file.implausible) for file in reading.files)
    if not count:
        return []
    first = next(file for file in reading.files if file.implausible)
    row = first.implausible[0]
    where = f"{first.path.name}:{row.source_row}"
    return [
        Text(
            f"有 {count:,} 行数据自相矛盾，仍计入，请核对（{where}：{row.reason.zh}）；用 inspect 查看",
            f"{count:,} {'row contradicts itself' if count == 1 else 'rows contradict themselves'}; counted all the same, please check "
            f"({where}: {row.reason.en}); inspect lists them",
        )
    ]


def ranked(actions: pd.DataFrame) -> pd.DataFrame:
    """The list in its order: what is to be done first (items to mend, then by money at stake), then the rest by cost.

    Currencies are never ranked against each other: their blocks follow one another.
    """
    moved = acted_on(actions)
    order = pd.DataFrame(
        {
            "currency": actions["currency"].fillna("") if "currency" in actions else "",
            "later": ~moved,
            "word": ~actions["action"].isin(ITEM_ACTIONS),
            "stake": -actions["money_at_stake"].fillna(0),
            "cost": -actions["cost"].fillna(0),
        },
        index=actions.index,
    )
    first = [name for name in LIST_FIRST if name in actions]
    columns = first + [name for name in map(str, actions) if name not in first]
    sequence = order.sort_values(list(map(str, order)), kind="stable").index
    return actions.loc[sequence, columns].reset_index(drop=True)


def _accounts(facts: pd.DataFrame) -> list[tuple[tuple[str, str, str], pd.DataFrame]]:
    keys = [name for name in ACCOUNT if name in facts]
    filled = [facts[name].fillna("") for name in keys]
    groups = facts.groupby(filled, sort=False)
    named = [(dict(zip(keys, key, strict=True)), group) for key, group in groups]
    return [
        ((str(key["platform"]), str(key.get("account", "")), str(key.get("currency", ""))), group)
        for key, group in named
    ]


def _as_paths(given: Sequence[str | Path] | str | Path | None) -> list[Path]:
    if given is None:
        return []
    return [Path(given)] if isinstance(given, str | Path) else [Path(path) for path in given]


def _read(
    reports: Sequence[str | Path] | str | Path | pd.DataFrame,
    formats: Sequence[str | Path],
    period: tuple[date, date] | None,
    exported_on: date | None,
    as_of: date | None,
    decimal: Decimal | None,
    date_order: DateOrder | None,
) -> Reading:
    if isinstance(reports, pd.DataFrame):
        reading = facts_from_frame(reports, as_of=as_of)
    else:
        reading = read_reports(
            _as_paths(reports),
            formats=_as_paths(formats),
            period=period,
            exported_on=exported_on,
            as_of=as_of,
            decimal=decimal,
            date_order=date_order,
        )
    if reading.facts.empty:
        raise no_words(reading.files)
    refuse_without_orders(reading)
    return reading
